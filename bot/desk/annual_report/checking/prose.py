"""What somebody's report says in words: figures that its tables have, the sentence on fees.  Pure.

Only what is plainly the figure of a cell is compared: `新收政府信息公开申请5件`.  A part (当面申请2件),
another year, a comparison or a month says nothing about the table, and is passed over.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from bot.desk.annual_report.checking.figures import Cell, ReadTable
from bot.desk.annual_report.checking.finding import Finding
from bot.desk.annual_report.checking.numerals import CHARACTERS, number_of
from bot.desk.annual_report.checking.rows import Row, texts_of
from bot.desk.annual_report.counts import CARRIED_IN, CARRIED_OUT, DONE, NEW, REMEDY_COLUMNS, ROWS, TOTAL
from bot.desk.annual_report.national_format import RECONSIDERATION, SECTIONS, TABLE_2

_LOOKED_AT = SECTIONS[:4]  # the last two look back and ahead
_REQUESTS = r"(?:依申请公开|(?:政府)?信息公开|公开)?(?:政府信息)?(?:公开)?(?:的)?申请(?:数量|件数|总数)?"
_FIGURE = rf"(?P<figure>\d{{1,9}}|[{CHARACTERS}]{{1,14}})"
_COUNT = rf"(?:一?共计?|合计|总计|计|为|有|数)?{_FIGURE}(?:余|多)?[件宗条项份个]"


@dataclass(frozen=True)
class _Said:
    """Words before a figure, and the cells whose sum it may be: any one of the sums will do."""

    words: re.Pattern[str]
    table: int
    sums: tuple[tuple[Cell, ...], ...]


def _all(rows: Sequence[str]) -> tuple[Cell, ...]:
    return tuple((row, TOTAL) for row in rows)


def _outcomes(group: str) -> tuple[Cell, ...]:
    return _all([row for row in ROWS if row[0] == group and row[1:].isdigit()])


def _said(words: str, table: int, *sums: tuple[Cell, ...]) -> _Said:
    return _Said(re.compile(words + _COUNT), table, sums)


_NEW, _IN, _OUT, _DONE = _all([NEW]), _all([CARRIED_IN]), _all([CARRIED_OUT]), _all([DONE])
_GIVEN, _PART = _all(["A"]), _all(["B"])
_SUITS = tuple((kind, TOTAL) for kind in REMEDY_COLUMNS if kind != RECONSIDERATION)
_DECISIONS = {row.name: row.columns[0] for row in TABLE_2}
_SAYINGS = (
    _said(rf"(?:新收到?|收到|受理|接收){_REQUESTS}", 3, _NEW, (*_NEW, *_IN)),
    _said(rf"上年度?结转(?:的)?(?:{_REQUESTS})?", 3, _IN),
    _said(rf"办结(?:的)?(?:{_REQUESTS})?", 3, _DONE),
    _said(rf"结转(?:到|至)?(?:下|次)一?年度?(?:继续办理)?(?:的)?(?:{_REQUESTS})?", 3, _OUT),
    _said(r"予以公开(?:和|、|及|与|或者?)部分公开(?:的)?", 3, (*_GIVEN, *_PART)),
    _said(r"(?<!不)予以公开(?:的)?", 3, _GIVEN),
    _said(r"(?<![和、及与或者])部分公开(?:的)?", 3, _PART),
    _said(r"不予公开(?:的)?", 3, _outcomes("C")),
    _said(r"无法提供(?:的)?", 3, _outcomes("D")),
    _said(r"不予处理(?:的)?", 3, _outcomes("E")),
    _said(r"作出(?:的)?行政许可(?:处理)?(?:决定)?", 2, (("行政许可", _DECISIONS["行政许可"]),)),
    _said(r"作出(?:的)?行政处罚(?:处理)?(?:决定)?", 2, (("行政处罚", _DECISIONS["行政处罚"]),)),
    _said(r"作出(?:的)?行政强制(?:处理)?(?:决定)?", 2, (("行政强制", _DECISIONS["行政强制"]),)),
    _said(r"(?:制发|制定)(?:行政)?规范性文件", 2, (("行政规范性文件", _DECISIONS["行政规范性文件"]),)),
    _said(r"信息公开(?:类)?行政复议(?:案件|申请)?", 4, ((RECONSIDERATION, TOTAL),)),
    _said(r"信息公开(?:类)?行政诉讼(?:案件)?", 4, _SUITS),
)
_SENTENCE = re.compile(r"[^。；;！!？?\n]+")
# Of another time, of a part, of a comparison.
_ELSEWHERE = re.compile(
    r"代表|本级|各部门|各镇|各乡|当面|窗口|网络|网上|网站|在线|信函|邮寄|来信|邮件|传真|自然人|企业|"
    r"去年|同期|同比|比上年|较上年|历年|累计|以来|上半年|下半年|季度|\d{1,2}月份|[一二三四五六七八九十]{1,2}月份|月至|\d月[—–~-]\d|今后|计划"
)
_YEAR = re.compile(r"20\d{2}年")
_SPELT_YEAR = re.compile(r"二[零\u3007○][零\u3007○一二三四五六七八九]{2}(?=年)")
_FEES = re.compile(r"收费|费用|处理费|(?:收取|免收)[^。]{0,12}费")


def prose_findings(
    sections: Mapping[str, Sequence[Row]], tables: Mapping[int, ReadTable], year: int | None
) -> Iterator[Finding]:
    """Each figure in words that is not the one in its table."""
    for name in _LOOKED_AT:
        prose = [row for row in sections.get(name, ()) if not row.table]
        for place, text in texts_of(prose):
            for said, figure, words in _figures_said(text, year):
                right = _expected(tables[said.table], said)
                if right and figure not in right:
                    facts = {"text": words, "table": str(said.table), "right": f"{right[0].normalize():f}"}
                    yield Finding("prose_unequal", place, facts=facts)


def fees_not_told(sections: Mapping[str, Sequence[Row]]) -> Iterator[Finding]:
    """国办函〔2020〕109号: fees that were asked and paid are reported in the sixth section, none as well."""
    name = SECTIONS[5]
    if name not in sections:
        return
    texts = list(texts_of(sections[name]))
    if not any(_FEES.search(_folded(text)) for _, text in texts):
        yield Finding("fees_not_told", texts[0][0] if texts else None, facts={"section": name})


def _figures_said(text: str, year: int | None) -> Iterator[tuple[_Said, Decimal, str]]:
    for found in _SENTENCE.finditer(_folded(text)):
        sentence = found[0]
        for said in _SAYINGS:
            for match in said.words.finditer(sentence):
                figure = number_of(match["figure"])
                if figure is not None and _is_of_the_year(sentence, match, year):
                    yield said, Decimal(figure), match[0]


def _is_of_the_year(sentence: str, match: re.Match[str], year: int | None) -> bool:
    """Whether nothing before the figure says that it is of another time or a part of it."""
    before = sentence[: match.start()]
    named = _YEAR.findall(before)
    if named and year is not None and named[-1] != f"{year}年":
        return False
    return not (_ELSEWHERE.search(before) or "余" in match[0] or "多" in match[0])


def _expected(table: ReadTable, said: _Said) -> list[Decimal]:
    """The sums that the table has for it; those with a cell that was not read are left out."""
    found = []
    for cells in said.sums:
        numbers = [table.values[cell][0].number for cell in cells if cell in table.values]
        if len(numbers) == len(cells) and None not in numbers:
            found.append(sum((number for number in numbers if number is not None), Decimal(0)))
    return found


def _folded(text: str) -> str:
    """Without gaps and full width; 13,360 is 13360, 二〇二四年 is 2024年."""
    plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
    years = _SPELT_YEAR.sub(lambda found: str(number_of(found[0])), plain)
    return re.sub(r"(?<=\d),(?=\d{3})", "", years)
