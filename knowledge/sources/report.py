"""An annual report on disclosure (政府信息公开年度报告, art. 50) -> its entries and what it states.

1. The text is cleaned, its title and signature taken off, and cut by `outline`.
2. Agency, period of the statistics and year are read from the text: they are stated, never guessed.
3. Each section becomes an Entry `report-2018:三/(二)/4`.  A leaf quotes itself in full; a section that holds
   others quotes its heading, its own lead and the headings directly below, so that nobody is answered with a
   whole chapter.  Points (一是, 一要) are entries of their own below a section that stays whole.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from knowledge.entry import Citation, Entry, EntryKind
from knowledge.errors import SourceError, SourceProblem
from knowledge.sources.documents import Document
from knowledge.sources.frame import Frame, unframed
from knowledge.sources.outline import outline
from knowledge.sources.section import Section
from knowledge.text.cleaning import clean

PREAMBLE_TITLE = "开头语"

_REPORT = re.compile(
    r"(?:政府信息|政务)公开(?:工作)?年度报告|本(?:年度)?报告[^。]{0,60}(?:信息公开|《条例》)"
)
_REPORT_SEARCHED = 600  # characters from the beginning in which a report says that it is one
_AGENCY = re.compile(r"本(?:年度)?报告(?:是|系)?由([^，。、（(]{2,30}?)(?:根据|按照|依据|依照|编制)")
_AGENCY_IN_TITLE = re.compile(
    r"^(?:\d{4}年度?)?(.{2,30}?)(?:\d{4}年度?)?(?:政府信息|政务)公开(?:工作)?年度报告"
)
_PERIOD = re.compile(
    r"(\d{4})年(\d{1,2})月(\d{1,2})日起?(?:至|到|[—~\uff0d-]+)(?:(\d{4})年)?(\d{1,2})月(\d{1,2})日"
)
_YEAR_IN_TITLE = re.compile(r"(\d{4})年")
_FIGURE = re.compile(
    r"(?<!第)(?<!\d)(\d[\d,.]*\s*[万亿]?余?)\s*(条|件|项|次|人次|人|个|份|篇|期|户|万元|元|亿元|%|场|例)(?!以)"
)


@dataclass(frozen=True)
class ReportFigure:
    """A number that the report states, as written (`70余`, `条`), with its sentence and where it stands."""

    value: str
    unit: str
    sentence: str
    path: str


@dataclass(frozen=True)
class AnnualReport:
    """A report's metadata and entries.  The period is inclusive; None where the text does not state it."""

    file: str
    title: str  # without 《》
    agency: str
    year: int
    period_from: date | None
    period_to: date | None
    figures: tuple[ReportFigure, ...]
    entries: tuple[Entry, ...]

    @property
    def key(self) -> str:
        """What the ids of its entries begin with."""
        return f"report-{self.year}"


def is_report(document: Document) -> bool:
    """Whether the text says of itself that it is an annual report on disclosure."""
    beginning = clean("\n".join(document.lines)[: 2 * _REPORT_SEARCHED])[:_REPORT_SEARCHED]
    return _REPORT.search(beginning.replace("\n", "")) is not None


def read_report(document: Document) -> AnnualReport:
    """Read a report.  Raises SourceError when it does not say whose it is or of which year."""
    frame = unframed(document.cleaned())
    whole = "\n".join(frame.lines)
    agency = _agency(frame, whole)
    period = _period(whole)
    year = _year(frame, period)
    if not agency or year is None:
        raise SourceError(_unnamed(document, agency, year))
    title = frame.title or f"{short_name(agency)}{year}年政府信息公开年度报告"
    sections = outline(frame.lines)
    citation = Citation(f"《{title}》", publisher=agency, published_on=frame.signed_on)
    return AnnualReport(
        file=document.path.name,
        title=title,
        agency=agency,
        year=year,
        period_from=period[0] if period else None,
        period_to=period[1] if period else None,
        figures=tuple(_figures(sections)),
        entries=tuple(_entry(section, year, citation) for section in sections),
    )


def short_name(agency: str) -> str:
    """`洲上乡人民政府` -> `洲上乡`, as it stands in the titles of reports."""
    return re.sub(r"(?:人民政府|政府)$", "", agency) or agency


# ---- what the text states


def _agency(frame: Frame, whole: str) -> str:
    """From `本报告由…编制`, the signature, or the title, in this order."""
    stated = _AGENCY.search(whole)
    if stated:
        return stated[1].strip()
    titled = _AGENCY_IN_TITLE.match(frame.title)
    return frame.signed_by or (titled[1] if titled else "")


def _period(whole: str) -> tuple[date, date] | None:
    """The first period in the text: `2018年1月1日至2018年12月28日` or `2018年1月1日至12月31日`."""
    found = _PERIOD.search(whole)
    if found is None:
        return None
    year, month, day, end_year, end_month, end_day = (int(group or 0) for group in found.groups())
    try:
        return date(year, month, day), date(end_year or year, end_month, end_day)
    except ValueError:
        return None


def _year(frame: Frame, period: tuple[date, date] | None) -> int | None:
    """The year in the title, else the one in which the period of the statistics ends."""
    titled = _YEAR_IN_TITLE.search(frame.title)
    if titled:
        return int(titled[1])
    return period[1].year if period else None


def _unnamed(document: Document, agency: str, year: int | None) -> list[SourceProblem]:
    problems = []
    if not agency:
        problems.append(
            SourceProblem(
                document.path.name,
                None,
                "",
                "看不出是哪个机关的年度报告",
                "开头写明“本报告由××乡人民政府根据……编制”，或有带机关名称的标题",
            )
        )
    if year is None:
        problems.append(
            SourceProblem(
                document.path.name,
                None,
                "",
                "看不出是哪一年的年度报告",
                "标题里有“2018年”，或写明统计期限“自2018年1月1日至2018年12月31日”",
            )
        )
    return problems


def _figures(sections: Sequence[Section]) -> list[ReportFigure]:
    """Numbers with a counting unit, each with its sentence; dates and document numbers are none."""
    return [
        ReportFigure(found[1], found[2], sentence, "/".join(section.path))
        for section in sections
        if not section.is_point  # its section has said it already
        for line in section.lines
        for sentence in re.findall(r"[^。；]+[。；]?", line)
        for found in _FIGURE.finditer(sentence)
    ]


# ---- entries


def _entry(section: Section, year: int, citation: Citation) -> Entry:
    path = "/".join(section.path)
    title = section.title or PREAMBLE_TITLE
    return Entry(
        entry_id=f"report-{year}:{path}",
        path=path,
        kind=EntryKind.REPORT_SECTION,
        title=title,
        text=section.text,
        citation=replace(citation, section=" ".join((*section.trail, section.heading)).strip()),
        category="" if section.is_point else f"{year}年年度报告",
        parent_id=f"report-{year}:{'/'.join(section.path[:-1])}" if len(section.path) > 1 else "",
        heading_trail=section.trail,
        year=year,
        version_of="report:" + re.sub(r"\d{4}年度?", "", title),
    )
