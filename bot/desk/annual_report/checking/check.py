"""What is wrong with somebody's annual report (`disclosure annual-report --lint`).  Pure.

    rows ─▶ the sections there are ─▶ Tables 2-4 out of theirs ─▶ layout, figures, sums, years

A report in a format of before 2021 is told so once, with what it lacks; what both formats have is still
checked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from rapidfuzz import fuzz

from bot.desk.annual_report.checking.figures import ReadTable, read_table_2, read_table_3, read_table_4
from bot.desk.annual_report.checking.finding import Finding
from bot.desk.annual_report.checking.prose import fees_not_told, prose_findings
from bot.desk.annual_report.checking.rows import Block, Row, rows_of, texts_of
from bot.desk.annual_report.checking.sums import (
    carried_over,
    odd_figures,
    rules_above_zero,
    sums_of_table_3,
    sums_of_table_4,
)
from bot.desk.annual_report.checking.years import title_of, year_findings, year_in_title
from bot.desk.annual_report.counts import ROWS
from bot.desk.annual_report.national_format import (
    COLUMN_LABELS,
    OLD_WORDS,
    RESULTS,
    ROWS_SINCE_2021,
    SECTIONS,
    TABLE_2,
    folded,
    leaf_of,
)
from bot.desk.annual_report.wording import TO_FILL_IN

_NUMBERED = re.compile(r"([一二三四五六七八])\s*[、.\uff0e,，]\s*(.+)")
_LONGEST_HEADING = 40
_LIKE = 60  # of 100: a heading that was meant for one of the six
_MOST_SECTIONS = 4  # a report with more of the six is meant to be in the present format
# What a township is called at its end: 洲上乡人民政府, 大市口街道办事处.  景德镇市 and 西乡县住建局 are none.
_TOWNSHIP = re.compile(r"(?:乡|镇|苏木|街道)(?:人民政府|政府|办事处|办)?(?:办公室)?")
_REPORT_WORDS = re.compile(
    r"(?:政府)?信息公开.*|年度报告.*|(?:20\d{2}|[二两][\u3007○零]\w{2})\s*年度?|[\s《》]|关于"
)
_OTHER_CLOSING = folded("其他处理")


@dataclass
class ReadReport:
    """A report as it was read.  `exact` is off where the layout was lost (PDF)."""

    rows: list[Row]
    sections: dict[str, list[Row]]
    headings: dict[str, Row]  # by the name of the section
    tables: dict[int, ReadTable] = field(default_factory=dict)
    tables_only: bool = False  # a workbook: nobody writes prose there

    @property
    def has_tables(self) -> bool:
        return any(table.is_there or table.short_rows for table in self.tables.values())

    @property
    def is_of_2019(self) -> bool:
        """The format of 2019 and 2020: other columns in Table 2, one row for 其他处理."""
        if any(word in text for _, text in texts_of(self.rows) for word in OLD_WORDS):
            return True
        found = [wrong.found for wrong in (*self.tables[3].misnamed_rows, *self.tables[3].extra_rows)]
        missing = {wrong.expected for wrong in self.tables[3].missing_rows}
        is_one_row = any(folded(words).endswith(_OTHER_CLOSING) for words in found)
        return is_one_row and leaf_of(ROWS_SINCE_2021[0]) in missing


def read_report(blocks: Sequence[Block], *, exact: bool = True, tables_only: bool = False) -> ReadReport:
    """Sections and tables of a report; whatever it is, it can be read."""
    rows = rows_of(blocks)
    headings = _headings(rows)
    report = ReadReport(rows, _sections(rows, headings), headings, tables_only=tables_only)
    for number, read in ((2, read_table_2), (3, read_table_3), (4, read_table_4)):
        report.tables[number] = read(report.sections.get(SECTIONS[number - 1], rows), exact=exact)
    return report


def check_report(
    report: ReadReport, *, year: int | None = None, previous: ReadReport | None = None, agency: str = ""
) -> list[Finding]:
    """Every finding, layout first.  `agency` is whose report it is where its title does not say."""
    findings = [*_layout(report)]
    for number, table in report.tables.items():
        findings += odd_figures(number, table)
    title = title_of(report.rows)
    if not (title or agency) or is_township(_whose(title[1]) if title else agency):
        findings += rules_above_zero(report.tables[2])
    absent = ROWS_SINCE_2021[:2] if report.is_of_2019 else ()
    findings += sums_of_table_3(report.tables[3], absent_is_zero=absent)
    findings += sums_of_table_4(report.tables[4])
    if findings == [Finding("no_report")]:
        return findings
    if not report.tables_only:
        own_year, wrong_years = year_findings(report.rows, report.sections, year)
        findings += wrong_years
        year = own_year
        findings += prose_findings(report.sections, report.tables, year)
        if report.has_tables and not report.is_of_2019:
            findings += fees_not_told(report.sections)
    if previous is not None:
        findings += _against(report, previous, year)
    findings += _unfinished(report)
    return findings


def is_township(agency: str) -> bool:
    """Whether a name is that of a township, a town or a sub-district: by its own ending, not its county's."""
    names = list(_TOWNSHIP.finditer(agency.strip()))
    return bool(names) and names[-1].end() == len(agency.strip()) and names[-1].start() > 0


def _whose(title: str) -> str:
    """The agency in a title: 洲上乡人民政府2025年政府信息公开工作年度报告."""
    return _REPORT_WORDS.sub("", title)


def _against(report: ReadReport, previous: ReadReport, year: int | None) -> list[Finding]:
    """This year's 二 is last year's 四."""
    before = year_in_title(previous.rows)
    if year is not None and before is not None and before != year - 1:
        facts = {"found": str(before), "year": str(year - 1)}
        return [Finding("previous_year", facts=facts)]
    if not previous.tables[3].is_there:
        return [Finding("previous_unread")]
    return carried_over(report.tables[3], previous.tables[3])


def _unfinished(report: ReadReport) -> Iterator[Finding]:
    """Places that our own draft left for the clerk."""
    for place, text in texts_of(report.rows):
        for found in TO_FILL_IN.finditer(text):
            yield Finding("unfinished", place, facts={"text": found[0]})


# ---- the six sections


def _headings(rows: Sequence[Row]) -> dict[str, Row]:
    """The row that opens each section: the last that looks like it, since a list of contents comes first."""
    found: dict[str, tuple[float, Row]] = {}
    for row in rows:
        best = _section_like(row.text)
        if best is not None and best[0] >= found.get(best[1], (0.0, row))[0]:
            found[best[1]] = (best[0], row)
    return {name: found[name][1] for name in SECTIONS if name in found}


def _section_like(text: str) -> tuple[float, str] | None:
    """How like the heading of a section a text is (60-100), and of which."""
    if not text or len(text) > _LONGEST_HEADING or "。" in text:
        return None
    numbered = _NUMBERED.fullmatch(text.strip())
    words = folded(numbered[2] if numbered else text)
    if not words or words in _ROW_NAMES:
        return None
    like, name = max((fuzz.ratio(words, folded(name[2:])), name) for name in SECTIONS)
    return (like, name) if like == 100 or (numbered and like >= _LIKE) else None


_ROW_NAMES = frozenset(folded(leaf_of(row)[2:]) for row in ("一", "二", "四")) | {folded(RESULTS[2:])}


def _sections(rows: Sequence[Row], headings: dict[str, Row]) -> dict[str, list[Row]]:
    """The rows of each section that was found, up to the next."""
    starts = {id(row): name for name, row in headings.items()}
    sections: dict[str, list[Row]] = {name: [] for name in headings}
    current = ""
    for row in rows:
        current = starts.get(id(row), current)
        if current and id(row) not in starts:
            sections[current].append(row)
    return sections


# ---- the layout


def _layout(report: ReadReport) -> Iterator[Finding]:
    missing = [name for name in SECTIONS if name not in report.headings]
    if not (report.has_tables or report.headings or title_of(report.rows)):
        yield Finding("no_report")
        return
    if not report.has_tables and len(report.headings) <= _MOST_SECTIONS:
        yield _old_prose(missing)
        return
    is_old = report.is_of_2019
    if is_old:
        yield _old_2019(report)
    if not report.tables_only:
        for name in missing:
            yield Finding("section_missing", facts={"expected": name})
        for name, row in report.headings.items():
            if folded(row.text) != folded(name):
                yield Finding("section_misnamed", row.place, facts={"found": row.text, "expected": name})
    for number, table in report.tables.items():
        yield from _table_layout(number, table, is_old=is_old)


def _old_prose(missing: Sequence[str]) -> Finding:
    """Before 2019: prose alone."""
    facts = {
        "sections": "、".join(name[2:] for name in missing),
        "rows_2": "、".join(row.name for row in TABLE_2),
        "rows_3": str(len(ROWS)),
    }
    return Finding("old_prose", facts=facts)


def _old_2019(report: ReadReport) -> Finding:
    words = [word for word in OLD_WORDS if any(word in text for _, text in texts_of(report.rows))]
    lacking = {wrong.expected for wrong in report.tables[3].missing_rows}
    lacking |= {wrong.expected for wrong in report.tables[3].misnamed_rows}
    rows = [leaf_of(row) for row in ROWS_SINCE_2021 if leaf_of(row) in lacking]
    return Finding("old_2019", facts={"words": "、".join(words) or "/", "rows": "；".join(rows) or "/"})


def _table_layout(number: int, table: ReadTable, *, is_old: bool) -> Iterator[Finding]:
    if not (table.is_there or table.short_rows):
        yield Finding("table_missing", table=number)
        return
    if is_old and number == 2:
        return  # the old table has other rows and columns throughout; that has been said
    since = {leaf_of(row) for row in ROWS_SINCE_2021} if is_old else set()
    for wrong in table.missing_rows:
        if wrong.expected not in since:
            yield Finding("row_missing", table=number, row=wrong.expected)
    for wrong in table.misnamed_rows:
        if wrong.expected not in since:
            facts = {"found": wrong.found, "expected": wrong.expected}
            yield Finding("row_misnamed", wrong.place, number, wrong.expected, facts=facts)
    for wrong in table.extra_rows:
        if not (is_old and folded(wrong.found).endswith(_OTHER_CLOSING)):
            yield Finding("row_extra", wrong.place, number, facts={"found": wrong.found})
    for wrong in table.short_rows:
        facts = {"count": str(wrong.count), "wanted": str(wrong.wanted)}
        facts["missing"] = str(wrong.wanted - wrong.count)
        rule = "row_short" if wrong.count < wrong.wanted else "row_long"
        yield Finding(rule, wrong.place, number, wrong.expected, facts=facts)
    if table.order:
        facts = {"found": "、".join(table.order), "expected": "、".join(COLUMN_LABELS.values())}
        yield Finding("column_order", table=number, facts=facts)
    for wrong in table.missing_columns:
        yield Finding("column_missing", table=number, column=wrong.expected)
