"""What a document says of itself: whose it is, of which year, how it is called, and what an admin is asked.

Each is taken from the best place that says so; what documents.yaml says stands above all of them.  What only
the file's name says is a guess: it helps to find the document, and the admin is asked.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import PurePosixPath

from knowledge.documents.document import Document
from knowledge.sources.directions import Direction
from knowledge.sources.head import Head
from knowledge.sources.issuer import AGENCY, agency_in_title, is_name, place_in_title
from knowledge.sources.section import short_name
from knowledge.text.numerals import days_in_digits

_REPORT = re.compile(
    r"(?:政府信息|政务|信息)公开(?:工作)?(?:的)?(?:年度报告|年报|情况的?报告|工作总结)|"
    r"本(?:年度)?报告.{0,80}?(?:信息公开|《条例》)|年度(?:政府)?信息公开(?:工作)?报告|\d{4}年政府信息公开(?:工作)?报告"
)
_REPORT_SEARCHED = 800  # characters from the beginning in which a report says that it is one
_MADE_BY = re.compile(
    r"(?:本(?:年度)?报告(?:是|系)?)?由([^，。、（(；：]{2,30}?)(?:根据|按照|依据|依照|编制|负责编制|的?\d{4}年)"
)
_PERIOD = re.compile(
    r"(\d{4})年(\d{1,2})月(\d{1,2})日起?[,，]?(?:至|到|[—~\uff0d-]+)(?:(\d{4})年)?(\d{1,2})月(\d{1,2})日"
)
YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})\s?年")
_YEAR_OF_REPORT = re.compile(r"(?<!\d)((?:19|20)\d{2})年?(?:度|[^。，]{0,12}?)(?:政府信息|政务)公开")
_NUMBER_YEAR = re.compile(r"[〔\[［（(]((?:19|20)\d{2})[〕\]］）)]")
_FILE_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})(?!\d)")
_FILE_AGENCY = re.compile(
    r"[\u4e00-\u9fff]{1,20}?(?:乡|镇|街道|区|县|市|旗|州|局|厅|委|办|人民政府|政府)(?!信息)"
)


@dataclass(frozen=True)
class Ask:
    """What an admin is asked of a file: `field` is a key of documents.yaml, `guesses` the likely answers."""

    file: str
    field: str
    guesses: tuple[str, ...] = ()


def is_report(head: Head, whole: str) -> bool:
    beginning = re.sub(r"\s", "", f"{head.title}\n{whole[:_REPORT_SEARCHED]}")
    if head.title and head.kind not in ("", "报告", "年度报告", "总结", "年报", "情况"):
        return False
    return _REPORT.search(beginning[: _REPORT_SEARCHED + len(head.title)]) is not None


class Told:
    """Whose it is, of which year and how it is called, each from the best place that says so."""

    def __init__(self, document: Document, head: Head, whole: str, said: Direction, is_report: bool) -> None:
        self._document, self._head, self._whole, self._said = document, head, whole, said
        self.is_report = is_report
        self._stem = PurePosixPath(document.source).stem
        self.period = _period(whole) if is_report else None
        self._stated_agency = said.agency or self._read_agency()
        self._stated_year = said.year or self._read_year()

    @property
    def agency(self) -> str:
        """As stated; else as the file's name says, until an admin confirms it."""
        return self._stated_agency or (self._agency_guesses() or ("",))[0]

    @property
    def year(self) -> int | None:
        return self._stated_year or next((int(guess) for guess in self._year_guesses()), None)

    @property
    def publisher(self) -> str:
        """What is quoted as the source: only what is stated."""
        return self._stated_agency

    @property
    def title(self) -> str:
        stated = self._said.title or self._head.title
        if self.is_report and (
            not stated or not (agency_in_title(stated) or YEAR.search(days_in_digits(stated)))
        ):
            year = f"{self.year}年" if self.year else ""
            return f"{short_name(self.agency)}{year}{stated or '政府信息公开年度报告'}"
        return stated or self._stem

    @property
    def key(self) -> str:
        if not self.is_report or self.year is None:
            return f"document:{self._document.source}"
        return f"report-{self.year}"

    @property
    def short(self) -> str:
        """How a quoted cell names its document."""
        if self.is_report:
            return f"{short_name(self.agency)}{f'{self.year}年' if self.year else ''}年报"
        return f"《{self.title}》"

    def asks(self) -> Iterator[Ask]:
        """What nobody has said."""
        file = self._document.source
        if not self._stated_agency and self.is_report:
            yield Ask(file, "agency", self._agency_guesses())
        if self.is_report and not self._stated_year:
            yield Ask(file, "year", tuple(self._year_guesses()))
        if not (self._said.title or self._head.title) and not self.is_report:
            yield Ask(file, "title", self._title_guesses())

    def _read_agency(self) -> str:
        made = _MADE_BY.search(self._whole[: 2 * _REPORT_SEARCHED]) if self.is_report else None
        if self.is_report and made and not self._head.agency.endswith("政府"):
            return _without_office(made[1].strip())
        titled, signed = self._head.agency, self._head.signed_by
        if titled and signed.replace("、", "").startswith(titled.replace("、", "")):
            return signed  # 洲上乡, in full 洲上乡人民政府
        inside = self._signed_inside() if self.is_report else place_in_title(self._head.title, self._whole)
        return titled or signed or inside or self._labelled()

    def _labelled(self) -> str:
        """`编制单位：清水镇人民政府` above a table; `第一部分 清水镇人民政府概况` of a budget."""
        beginning = self._whole[:_REPORT_SEARCHED]
        found = _FILLED_IN_BY.search(beginning) or _FIRST_PART.search(beginning)
        return found[1] if found and is_name(found[1]) else ""

    def _signed_inside(self) -> str:
        """`建新镇根据《条例》…`, `特向社会公开朝阳乡2016年度…`, `编制了《朝阳乡2016年…年度报告》`,
        `请与朝阳乡人民政府联系`."""
        beginning = self._whole[:_REPORT_SEARCHED]
        begins, asked = _BEGINS.match(beginning[:60].lstrip()), _ASKED_AT.search(beginning)
        of_whom, titled = _OF_WHOM.search(beginning), _ITS_TITLE.search(beginning)
        named = (
            begins[1] if begins else "",
            (of_whom["a"] or of_whom["b"]) if of_whom else "",
            agency_in_title(titled[1]) if titled else "",
            _without_office(asked[1]) if asked else "",
        )
        return next((name for name in named if name and is_name(name)), "")

    def _read_year(self) -> int | None:
        if found := YEAR.search(days_in_digits(self._said.title or self._head.title)):
            return int(found[1])
        if self.is_report:
            if self.period:
                return self.period[1].year
            beginning = self._whole[:_REPORT_SEARCHED]
            found = _YEAR_OF_REPORT.search(beginning)
            return int(found[1]) if found else None
        if self._head.signed_on or self._head.published_on:
            return (self._head.signed_on or self._head.published_on or date.min).year
        found = _NUMBER_YEAR.search(self._head.number)
        if found:
            return int(found[1])
        return _year_spoken_of(self._whole[:_REPORT_SEARCHED]) if not self._head.title else None

    def _agency_guesses(self) -> tuple[str, ...]:
        folder = PurePosixPath(self._document.source).parent.name
        names = [_FILE_AGENCY.search(_FILE_YEAR.sub("", name)) for name in (self._stem, folder)]
        return tuple(dict.fromkeys(found[0] for found in names if found and is_name(found[0])))

    def _year_guesses(self) -> list[str]:
        """The file's name, then the years that the text speaks of most."""
        named = _FILE_YEAR.findall(self._document.source)
        if not self.is_report:  # a file without a title is called by its name
            return [] if self._said.title or self._head.title else YEAR.findall(self._stem)[:1]
        spoken = Counter(YEAR.findall(self._whole[: 4 * _REPORT_SEARCHED]))
        return list(dict.fromkeys([*named, *(year for year, _ in spoken.most_common(2))]))[:3]

    def _title_guesses(self) -> tuple[str, ...]:
        first = next((line for line in self._whole.split("\n") if line.strip()), "")
        clause = re.split(r"[。，；：,]", first, maxsplit=1)[0].strip()
        return tuple(dict.fromkeys(guess for guess in (self._stem, clause[:40]) if guess))


_FILLED_IN_BY = re.compile(
    r"^\s*(?:编制|填报|填表|制表|公开|预算)?(?:单位|部门|机关)(?:名称)?\s?[:：]\s?([^\s，。；：、]{3,25})",
    re.MULTILINE,
)
_FIRST_PART = re.compile(
    rf"^第一部分\s*({AGENCY.pattern}|[^\s，。：；、]{{1,18}}(?:乡|镇|街道))(?:部门|单位|基本)?概况",
    re.MULTILINE,
)
_BEGINS = re.compile(
    r"([^，。：；\s《》\d]{2,16}?(?:乡|镇|街道|区|县|市|旗|州|局|人民政府))(?:根据|按照|依据)"
)
_WHOM = r"[^，。：；\s《》\d我本]{2,16}?(?:乡|镇|街道|区|县|市|旗|州|局|人民政府)"
_OF_WHOM = re.compile(
    rf"(?:公开|公布|汇总)(?:(?P<a>{_WHOM})的?\d{{4}}年度?|\d{{4}}年度?(?P<b>{_WHOM})的?)(?:政府信息|政务|信息)公开"
)
_ITS_TITLE = re.compile(r"《([^《》]{2,30}?(?:政府信息|政务|信息)公开[^《》]{0,8}(?:年度报告|年报))》")
_ASKED_AT = re.compile(
    r"[与向]([^，。：；、\s《》\d我本]{2,20}?(?:人民政府|办事处|委员会|局)(?:[^，。：；、\s《》]{0,8}办公室)?)联系"
)


# 清水镇人民政府办公室, 清水乡党政办; but not 县政务服务管理办公室, which is an agency of its own.
_OFFICE = re.compile(
    r"(?<=人民政府)(?:党政|党政综合|综合)?(?:办公室|办公厅)$|(?<=[乡镇])(?:党政|党政综合|综合|政务公开)办(?:公室)?$|(?<=街道)(?:党政|党政综合|综合)办(?:公室)?$"
)


def _year_spoken_of(text: str) -> int | None:
    """The year that a text without a title begins with and speaks of most, other than to compare."""
    years = _YEAR_NOT_COMPARED.findall(text)
    first = years[0] if years else ""
    counted = Counter(years)
    is_first = first and all(counted[first] > count for year, count in counted.items() if year != first)
    return int(first) if is_first else None


_YEAR_NOT_COMPARED = re.compile(r"(?<![与较比同过\d])((?:19|20)\d{2})\s?年(?![^。，]{0,8}相比)")


def _without_office(agency: str) -> str:
    """The government, where its office has written the report for it."""
    return _OFFICE.sub("", agency)


def _period(whole: str) -> tuple[date, date] | None:
    """The first period in the text: `2018年1月1日至2018年12月28日` or `2018年1月1日至12月31日`."""
    found = _PERIOD.search(
        re.sub(r"(?<=\d) +(?=[年月日])|(?<=[年月日自期至到起为]) +(?=\d)", "", whole[:6000])
    )
    if found is None:
        return None
    year, month, day, end_year, end_month, end_day = (int(group or 0) for group in found.groups())
    try:
        return date(year, month, day), date(end_year or year, end_month, end_day)
    except ValueError:
        return None
