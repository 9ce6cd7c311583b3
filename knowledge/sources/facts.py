"""The figures of a document's tables and sentences -> entries that can be asked for one by one.

A cell is quoted as one readable line, `行政许可，本年处理决定数量：9487（件）— 清水乡2024年年报 表二`; an
amount in prose as the sentence it stands in, word for word, found by what it is an amount of.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from knowledge.entry import Entry, EntryKind
from knowledge.sources import report_layout
from knowledge.sources.grid import UNIT_NOTE, Figure, TableRow
from knowledge.sources.section import short_name, without_number
from knowledge.text.numerals import days_in_digits

_UNNAMED = "表"
_FIELD = "·栏/"
_ABOUT = "文件信息"
EMPTY = "（表里这一格没有填）"
_NOTES = re.compile(r"[（(](?:区分处理|本列数据|指)[^（）()]*[)）]")
_SKIPPED = re.compile(r"第[一二三四五六七八九十]+条第[（(].[)）]项|申请人情况|信息内容")
_OF_WHICH = re.compile(r"^其中\s*[:：]")  # 其中：公务用车运行维护费 is asked for without it
_LONGEST_PATH = 80


@dataclass(frozen=True)
class Origin:
    """The document that facts are read from; `section` is the entry of the section that holds them."""

    section: Entry
    key: str  # of the document, before the `:` of its entries' ids
    short: str  # 淮安市洪泽区2024年年报
    agency: str
    year: int | None
    source: str
    is_report: bool


def table_facts(
    origin: Origin, title: str, figures: Iterable[Figure], *, is_form: bool = False
) -> Iterator[Entry]:
    """An entry for each figure of a table called `title` (表二, or what stands above it).

    A field of a form is called 电话 or 名称 like those of all forms: it is not found by its name alone.
    """
    used: dict[str, int] = {}
    for figure in figures:
        names = list(dict.fromkeys([*_names(figure.rows), *_names(figure.columns)]))
        if not names:
            continue
        place = f"{title or _UNNAMED}{_FIELD if is_form else '/'}{'/'.join(names)}"[:_LONGEST_PATH]
        used[place] = used.get(place, 0) + 1
        if used[place] > 1:
            place += f"·{used[place]}"
        text = f"{cell_line(figure)}— {origin.short} {title}".rstrip()
        fact = _fact(_of_year(origin, names), place, " ".join(_heads(names)), text, (title, *names))
        yield fact if origin.is_report else replace(fact, phrasings=_in_its_year(names))


def cell_line(figure: Figure) -> str:
    """`行政许可，本年处理决定数量：9487（件）`; "" for a cell without a name."""
    names = [*_names(figure.rows), *_names(figure.columns)]
    names = list(dict.fromkeys(names))
    return f"{'，'.join(names)}：{_value(figure)}" if names else ""


def _of_year(origin: Origin, names: Sequence[str]) -> Origin:
    """`2022年决算数` in a table of 2023 is of 2022; the annual report names other years in notes only."""
    years = {year for name in names for year in _NAMED_YEAR.findall(days_in_digits(name))}
    return replace(origin, year=int(years.pop())) if len(years) == 1 and not origin.is_report else origin


def _in_its_year(names: Sequence[str]) -> tuple[str, ...]:
    """`公务接待费，2024年预算数` is what 2024年公务接待费 asks for; how much it grew is not."""
    dated = [name for name in names if _NAMED_YEAR.search(days_in_digits(name))]
    others = [name for name in names if name not in dated]
    if len(dated) != 1 or not others or any(map(_CHANGE.search, names)):
        return ()
    found = _NAMED_YEAR.search(days_in_digits(dated[0]))
    return (f"{found[1]}年{' '.join(others)}",) if found else ()


_CHANGE = re.compile(r"增减|增加|减少|增长|下降|增幅|变动|比例|占比|完成率|同比|较|比上年|百分")
_NAMED_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})\s?年(?!\s?\d)")


def table_rows(origin: Origin, title: str, rows: Sequence[TableRow]) -> Iterator[Entry]:
    """An entry for each row of a table of words: all that it says of one thing."""
    for number, row in enumerate(rows, start=1):
        if len(row.cells) < 2:
            continue
        text = "；".join(f"{name}：{value}" if name else value for name, value in row.cells)
        name = " ".join(row.names) or row.cells[0][1]
        place = f"{title or _UNNAMED}·行/{number}"
        yield _fact(origin, place, name[:60], f"{text}— {origin.short} {title}".rstrip(), (title,))


def _fact(origin: Origin, place: str, title: str, text: str, trail: Sequence[str]) -> Entry:
    key = re.sub(r"\d{4}年度?", "", place)
    section = origin.section
    return Entry(
        entry_id=f"{origin.key}:{place}",
        path=place if origin.is_report else f"{origin.key}:{place}",
        kind=EntryKind.FACT,
        title=title,
        text=text,
        citation=section.citation,
        parent_id=section.entry_id,
        heading_trail=tuple(dict.fromkeys((*section.heading_trail, section.title, *trail))),
        year=origin.year,
        version_of=f"fact:{short_name(origin.agency)}:{key}" if origin.year else "",
        agency=origin.agency,
        source=origin.source,
    )


def _names(raw: Iterable[str]) -> list[str]:
    names: list[str] = []
    for name in raw:
        bare = UNIT_NOTE.sub("", _NOTES.sub("", _SKIPPED.sub("", name)))
        bare = _OF_WHICH.sub("", without_number(bare.strip())).strip(" ：:，,")
        if bare and bare not in names:
            names.append(bare)
    return names


def _heads(names: Sequence[str]) -> list[str]:
    """The names that a heading needs: 总计 goes without saying."""
    return [name for name in names if name != "总计"] or list(names)


def _value(figure: Figure) -> str:
    if not figure.value:
        return EMPTY
    has_unit = not re.fullmatch(r"[+-]?[\d.,]+", figure.value)
    return figure.value if has_unit or not figure.unit else f"{figure.value}（{figure.unit}）"


def about(origin: Origin, title: str, number: str, day: date | None) -> list[Entry]:
    """The 文号 of a document, with who issued it and when; nothing where it has none."""
    if not number:
        return []
    told = [
        f"文号：{number}",
        f"发文机关：{origin.agency}" if origin.agency else "",
        f"日期：{day.year}年{day.month}月{day.day}日" if day else "",
    ]
    text = f"{'；'.join(part for part in told if part)}— 《{title}》"
    fact = _fact(origin, _ABOUT, "文号和发文日期", text, ())
    return [replace(fact, parent_id="", heading_trail=(), version_of="")]


ATTACHMENTS = "附件"


def attached(origin: Origin, title: str, kind: str, names: Sequence[str]) -> list[Entry]:
    """The attachments that a document names, in one line; `kind` is 通知 …, "" where it is not known."""
    if not names:
        return []
    told = names[0] if len(names) == 1 else "；".join(f"{at}.{name}" for at, name in enumerate(names, 1))
    fact = _fact(origin, ATTACHMENTS, f"{title}的附件", f"附件：{told}— 《{title}》", ())
    asked = (f"{title}有哪些附件", *(f"{this}{kind or '文件'}有哪些附件" for this in ("这个", "这份")))
    return [replace(fact, parent_id="", heading_trail=(), version_of="", phrasings=asked)]


# ---- amounts in prose

_AMOUNT = re.compile(r"\d[\d,]*(?:\.\d+)?\s?(?:万元|亿元|元)(?!人民币)")
_SENTENCE = re.compile(r"[^。\n]+。?")
_PART = re.compile(r"[^；;]+[；;]?")
# 1,200 is one amount, 因公出国（境）费 one name.
_CLAUSE = re.compile(r"(?:[（(][^（）()\d]{1,3}[)）](?=费|支出|经费)|(?<=\d),(?=\d)|[^，,：:（()）、；;\n])+")
_TAIL = re.compile(r"(?:(?:共计|合计|总计|累计|金额|数|约|达到|达|是|为|共|了|计)\s?)+$")
_LEAD = re.compile(r"^(?:其中|经比较|经汇总|截至.{0,12}日|主要用于|同时|另外|此外|按照.{0,40})[，,：:]?")
_YEAR = re.compile(r"(?<![与较比同])((?:19|20)\d{2})年度?")  # not the one that is compared with
_GENERIC = re.compile(r"(?:支出|收入|年初|全年|实际)*(?:预算|决算|支出|收入|执行)数?")
_GENERIC_END = re.compile(r"(?:支出|收入|年初|全年)*(?:预算|决算)数?$")
_COMPARED = re.compile(r"较|比|与.{0,9}相比|相比|同比|增加|减少|增长|下降")
_LONGEST_SUBJECT = 30
_LONGEST_SENTENCE = 600
_MOST_NAMES = 12


def amount_facts(origin: Origin, section: Entry, words: str) -> list[Entry]:
    """An entry for each sentence of a section that states amounts; the section's own when it is all one.

    `words` are the section's own, without the headings below it and the figures of its tables.

    What each amount is of (预算, 公务接待费, 较上年减少) stands in the phrasings, so that it is found.
    """
    found: list[tuple[str, list[str]]] = []
    lead = ""
    for sentence in _sentences(words):
        names = amounts_named(sentence, section.year, lead)
        if names and found and _GOES_ON.match(sentence):
            whole = f"{found[-1][0]}{sentence}"
            if len(whole) <= _LONGEST_TOGETHER and whole in words:
                found[-1] = whole, [*found[-1][1], *names]
                continue
        if names:
            found.append((sentence, names))
            lead = lead if _GOES_ON.match(sentence) else names[0]
    if len(found) == 1 and len(found[0][0]) > 0.7 * len(section.text):
        return [replace(section, phrasings=(*section.phrasings, *found[0][1]))]
    facts = []
    for number, (sentence, names) in enumerate(found, start=1):
        place = f"{section.path if origin.is_report else _below(section)}/金额{number}"
        stated = _YEAR.search(days_in_digits(sentence))
        own = replace(origin, year=int(stated[1])) if stated else origin
        fact = _fact(own, place, names[0], sentence, section.heading_trail)
        facts.append(replace(fact, parent_id=section.entry_id, phrasings=tuple(names[1:])))
    return [section, *facts]


def _below(section: Entry) -> str:
    return section.entry_id.rsplit(":", 1)[-1]


def _sentences(text: str) -> Iterator[str]:
    """Whole sentences that state an amount; of a very long one, its parts between semicolons."""
    for found in _SENTENCE.finditer(text):
        whole = found[0].strip()
        parts = (
            [whole]
            if len(whole) <= _LONGEST_SENTENCE
            else [part[0].strip() for part in _PART.finditer(whole)]
        )
        yield from (part for part in parts if len(part) <= _LONGEST_SENTENCE and _AMOUNT.search(part))


# What these begin is said of the sentence before, and is quoted with it.
_GOES_ON = re.compile(r"其中|[与比较同].{0,12}(?:相比|比较|增|减|下降)|同比")
_LONGEST_TOGETHER = 300  # characters


def amounts_named(sentence: str, year: int | None = None, above: str = "") -> list[str]:
    """What the amounts of a sentence are amounts of, the leading one first: `2023年“三公”经费决算`,
    `“三公”经费决算 公务接待费`.  `above` is the leading one of the sentence that it goes on with."""
    stated = _YEAR.search(sentence)
    when = stated[0] if stated else (f"{year}年" if year else "")
    names: list[str] = []
    lead, before = (_YEAR.sub("", above) if _GOES_ON.match(sentence) else ""), ""
    for clause in _CLAUSE.finditer(sentence):
        text = without_number(_LEAD.sub("", clause[0].strip()))
        amount = _AMOUNT.search(text)
        if amount is None:
            before = _YEAR.sub("", text) if len(text) <= _LONGEST_SUBJECT else ""
            continue
        subject = _YEAR.sub("", _TAIL.sub("", text[: amount.start()].strip())).strip(" 的")
        subject = subject or before
        if not subject or len(subject) > _LONGEST_SUBJECT:
            continue
        if not lead:
            lead = subject
            names.append(f"{when}{subject}")
        elif _GENERIC.fullmatch(subject):  # 支出决算, of what stood before
            names.append(f"{when}{_GENERIC_END.sub('', lead)}{subject}")
        elif _COMPARED.match(subject):
            names.append(f"{when}{lead}{subject}")
        else:
            names += [f"{when}{subject}", f"{lead} {subject}"]
    return list(dict.fromkeys(names))[:_MOST_NAMES]


def unit_table(number: int, figures: Iterable[Figure]) -> list[Figure]:
    """The figures of Table 2, 3 or 4 with the units that the form counts in."""
    return [
        replace(figure, unit=figure.unit or report_layout.unit_of(number, figure.rows, figure.columns))
        for figure in figures
    ]
