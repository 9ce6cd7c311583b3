"""A question for one cell of a table, answered by the cell's own names.

    book = FigureBook.of(entries);  book.find("2024年行政许可多少件", today)

Likeness does not help here: 自然人 and 商业企业 stand in every row of a table.  A cell is meant when all of
its names are said, and nothing else is: what is asked beside it (交通行政处罚) does not stand in the table.

 1. The names of all cells are looked for in the question, the longest first; each place is used once.
 2. A cell is a candidate when each of its names is said; 总计 and the names of groups need not be.
 3. Of these the one with most of the question in its names; then the year asked, else the newest; then the
    agency named.  Several agencies: a choice.  Not of that year: told, with the years that there are.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from knowledge.entry import Answer, Decision, Entry, EntryKind, Hit, Passage, Suggest, Unknown
from knowledge.matching.agencies import MOST, AskedAgency, asked_agency
from knowledge.matching.years import (
    AskedYears,
    asked_years,
    without_comparison,
    without_years,
    years_to_show,
)
from knowledge.text.normalize import close_up, fold, squeeze
from knowledge.text.vocabulary import segment

_CERTAIN = 0.99
_LONGEST = 200  # characters of a question for a cell
_UNSAID = frozenset(
    squeeze(name)
    for name in (
        *(
            "总计",
            "合计",
            "本年处理决定数量",
            "处理决定数量",
            "本年收费金额",
            "采购总金额",
            "本年度办理结果",
            "不予公开",
        ),
        *("无法提供", "不予处理", "其他处理", "法人或其他组织", "行政诉讼", "数量", "金额"),
    )
)
# How the rows of the national form are said in short.
_SHORT = {
    "行政许可": ("许可",),
    "行政处罚": ("处罚", "罚的件数", "罚了多少件"),
    "行政强制": ("强制",),
    "行政事业性收费": ("事业性收费", "行政收费", "行政上的收费"),
    "行政规范性文件": ("规范性文件",),
    "本年新收政府信息公开申请数量": ("新收申请", "新收政府信息公开申请", "本年新收", "新收"),
    "上年结转政府信息公开申请数量": ("上年结转", "结转申请"),
    "结转下年度继续办理": ("结转下年度", "结转下年", "结转到下年"),
    "部分公开": ("部分公开的",),
    "属于国家秘密": ("国家秘密", "涉密"),
    "其他法律行政法规禁止公开": ("法律行政法规禁止公开", "法规禁止公开", "法律禁止公开"),
    "危及三安全一稳定": ("三安全一稳定",),
    "保护第三方合法权益": ("第三方合法权益", "第三方权益"),
    "属于三类内部事务信息": ("三类内部事务信息", "内部事务信息", "内部事务"),
    "属于四类过程性信息": ("四类过程性信息", "过程性信息"),
    "属于行政执法案卷": ("行政执法案卷", "执法案卷"),
    "属于行政查询事项": ("行政查询事项", "查询事项"),
    "本机关不掌握相关政府信息": ("本机关不掌握", "不掌握相关政府信息", "我们不掌握", "不掌握"),
    "没有现成信息需要另行制作": ("没有现成信息", "需要另行制作", "另行制作"),
    "补正后申请内容仍不明确": ("补正后仍不明确", "仍不明确"),
    "信访举报投诉类申请": ("信访举报投诉类", "信访举报投诉", "信访投诉举报"),
    "要求提供公开出版物": ("提供公开出版物", "公开出版物"),
    "无正当理由大量反复申请": ("大量反复申请", "大量反复"),
    "要求行政机关确认或重新出具已获取信息": ("重新出具已获取信息", "确认或重新出具", "重新出具"),
    "结果维持": ("维持",),
    "结果纠正": ("纠正",),
    "尚未审结": ("没审结", "未审结"),
    "未经复议直接起诉": ("直接起诉",),
    "现行有效件数": ("现行有效", "现在有效", "现在还作数", "还有效"),
    "本年制发件数": ("制发", "新制发"),
    "本年增/减": ("增减", "本年增减"),
    "本年废止件数": ("废止",),
    "预算数": ("预算",),
    "决算数": ("决算",),
}
_SHORT_SQUEEZED = {squeeze(name): tuple(map(squeeze, said)) for name, said in _SHORT.items()}
# What may stand beside the names: words of asking, of counting, and of whom one asks.
_BESIDE = """
政府信息公开 信息公开 政务公开 年度报告 年报 报告 总数 数量 件数 数字 数据 统计
处理决定 决定 本年 全年 一共 总共 拢共 合计 共计 总计 因为 办理 结果 申请 收到
受理 作出 做出 办了 办 收了 收 处理 情况 多少 好多 几 件 条 项 个 起 宗 万元
万 元 钱 是 有 的 了 在 被 给 按 呢 吗 嘛 啊 呀 吧 请问 我想知道 我想问 想问
查一下 问一下 一下 告诉我 那个 就是 这种事 这种 这类 谢谢 什么 怎么样 如何 不予公开
无法提供 不予处理 其他处理 表二 表三 表四 里 中 多还是少 多了还是少了 增加还是减少
变化 增减 比 跟 和 与 多 少 还是 分别 各 你们 我们 咱们 大家 全区 全县 全市
全镇 全乡 区里 县里 市里 镇里 乡里 区 县 镇 乡 政府 机关 各单位 单位 知道 听说
听讲 看看 帮我 到底 究竟 大概 现在 目前 具体 做了 做 搞了 搞 发了 发 定了 新 因
由于 算 用 以 类 方面 哪 嗯 哦 呃 一年 年里
"""
_FILLERS = re.compile("|".join(sorted(_BESIDE.split(), key=len, reverse=True)))
_ORDINAL = re.compile(
    r"[(][一二三四五六七八九十]{1,2}[)]|(?<!\d)\d[.、](?!\d)|(?<![\u4e00-\u9fff])[一二三四]、"
)
_COUNT = re.compile(r"多少|好多|几|数量|件数|总数|合计|总计|统计|金额|公顷")
_MONEY = re.compile(r"(?:多少|好多|几)[^,，。?？]{0,3}(?:钱|元|万|块)|罚款")
_MEASURE = re.compile(r"(?:多少|几|好多)(项|条|人|户|次|亩)")
_NUMBER = re.compile(r"(?<![\d.])(?!(?:19|20)\d\d年)\d{2,}(?:\.\d+)?")
_DIGITS = re.compile(r"\d+(?:\.\d+)?")
_SENTENCE_END = re.compile(r"[。!！?？\n]+")
_NO_CELL = re.compile(r"·[行栏]/|:文件信息$")
_LEFT = 3  # characters beside the names and what may stand beside them
_PEOPLE = re.compile(r"(?:多少|几|哪)个?人|哪些|谁|名单|为什么|怎么办|原因")


def asks_own_figures(text: str, today: date) -> bool:
    """Whether a count of a past year is asked for, which a guide to requests never states."""
    asked = asked_years(text, today)
    return bool(asked.years) and max(asked.years) < today.year and _COUNT.search(fold(text)) is not None


def is_figure(decision: Decision) -> bool:
    """Whether it quotes cells of a table that were asked for by their names, or lets choose among them."""
    return isinstance(decision, Answer | Suggest) and all(
        dict(hit.features).get("figure") for hit in decision.hits
    )


@dataclass(frozen=True)
class Cell:
    """A cell with its names, squeezed; `key` is the same for one cell of all years."""

    entry: Entry
    names: tuple[str, ...]
    key: str
    value: str
    unit: str

    @property
    def needed(self) -> tuple[str, ...]:
        """What has to be said of it: not 支出 where its row is called 农林水支出."""
        return tuple(
            name
            for name in self.names
            if name not in _UNSAID and not any(other != name and other.endswith(name) for other in self.names)
        )


class FigureBook:
    """All cells of a base."""

    def __init__(self, cells: Sequence[Cell]) -> None:
        self._cells = cells
        self._aliases: dict[str, set[str]] = defaultdict(set)
        for name in {name for cell in cells for name in cell.names}:
            for said in (name, *_SHORT_SQUEEZED.get(name, ())):
                self._aliases[said].add(name)
        self._by_length = sorted(self._aliases, key=lambda said: (-len(said), said))
        self.years = frozenset(cell.entry.year for cell in cells if cell.entry.year)
        self.agencies = tuple(dict.fromkeys(cell.entry.agency for cell in cells if cell.entry.agency))

    @classmethod
    def of(cls, entries: Iterable[Entry]) -> FigureBook:
        return cls([cell for entry in entries if (cell := _cell(entry)) is not None])

    def find(self, text: str, today: date, agency: str = "") -> Decision | None:
        """The cell or cells asked for; None where none is, or more is asked than its names.

        `agency` is the one that was chosen in the chat; one that is named stands above it.
        """
        if not self._cells or len(text) > _LONGEST or _PEOPLE.search(text):
            return None
        asked = asked_years(text, today, self.years)
        whose = asked_agency(text, self.agencies)
        *story, last = [part for part in _SENTENCE_END.split(text) if part.strip()] or [""]
        if story and not any(_COUNT.search(fold(part)) for part in story):
            text = last  # a story ends with what is asked
        plain = close_up(_ORDINAL.sub("", without_years(fold(whose.without(text)))))
        said, rest = self._said(plain)
        if asked.compares and not _is_all_said(rest):
            said, rest = self._said(without_comparison(plain))
        cells = _measured(self._meant(said), text)
        numbers = _NUMBER.findall(fold(text))
        stated = [cell for cell in cells if cell.value in numbers]
        if len(stated) == 1 and _is_all_said(_DIGITS.sub("", rest)):  # 195件是哪年的
            return _answer(stated, [], tuple(said))
        if not cells or not _is_for_a_cell(text, plain, rest, asked):
            return None
        return _decided(cells, asked, whose, agency, tuple(said))

    def _said(self, plain: str) -> tuple[Counter[str], str]:
        """How often each name is said; and what is left of the question."""
        said: Counter[str] = Counter()
        rest = plain
        for alias in self._by_length:
            times = rest.count(alias) if len(alias) > 1 else 0
            if times:
                rest = rest.replace(alias, "\n")
                for name in self._aliases[alias]:
                    said[name] += times
        return said, rest

    def _meant(self, said: Counter[str]) -> list[Cell]:
        """The cells all of whose names are said, those with most of the question in their names."""
        found: dict[int, list[Cell]] = defaultdict(list)
        for cell in self._cells:
            needed = Counter(cell.needed) or Counter(cell.names)
            if needed <= said:
                own = Counter(cell.names)
                told = sum(len(name) * times for name, times in (own & said).items())
                found[100 * told - (own - said).total()].append(cell)
        return found[max(found)] if found else []


def _cell(entry: Entry) -> Cell | None:
    names, colon, value = entry.text.partition("— ")[0].rpartition("：")
    if (
        entry.kind is not EntryKind.FACT
        or not colon
        or "— " not in entry.text
        or _NO_CELL.search(entry.entry_id)
    ):
        return None
    # `2024年预算数` is of 2024, and is asked for as 2024年的预算.
    bare = (without_years(fold(name)) for name in names.split("，"))
    squeezed = tuple(squeeze(name) for name in bare if squeeze(name))
    key = entry.version_of or entry.entry_id
    number, _, unit = value.rstrip("）").partition("（")
    return Cell(entry, squeezed, key, number if number[:1].isdigit() else "", unit)


def _measured(cells: Sequence[Cell], text: str) -> list[Cell]:
    """The cells that are counted in what is asked for: no number of cases for an amount of money."""
    asked = _MEASURE.search(fold(text))
    if asked is None and not _MONEY.search(text):
        return list(cells)
    is_money = _MONEY.search(text) is not None
    return [
        cell
        for cell in cells
        if ("元" in cell.unit) == is_money and (is_money or asked is None or asked[1] == cell.unit)
    ]


def _is_for_a_cell(text: str, plain: str, rest: str, asked: AskedYears) -> bool:
    """Whether a figure is asked for, and nothing beside what the table is called."""
    if not _is_all_said(rest):
        return False
    is_counted = _COUNT.search(fold(text)) is not None
    return is_counted or asked.compares or (bool(asked.years) and len(plain) > 2)


def _is_all_said(rest: str) -> bool:
    """Whether what is left beside the names is nothing but words of asking."""
    parts = _FILLERS.sub("\n", rest).split("\n")
    words = (word for part in parts for word in segment(part))
    return not any(_DIGITS.search(part) for part in parts) and (
        sum(map(len, parts)) <= _LEFT and not any(len(word) > 1 for word in words)
    )


def _decided(
    cells: Sequence[Cell], asked: AskedYears, whose: AskedAgency, chosen: str, said: tuple[str, ...]
) -> Decision | None:
    if whose.is_another:
        return None  # of an agency that is not here
    wanted = whose.agency or (chosen if any(cell.entry.agency == chosen for cell in cells) else "")
    elsewhere = [] if whose.agency else [cell for cell in cells if wanted and cell.entry.agency != wanted]
    if wanted:
        cells = [cell for cell in cells if cell.entry.agency == wanted]
    if not cells:
        return None
    if len({cell.entry.agency for cell in cells}) > 1:
        return _choice(cells, asked, said)
    if len({cell.key for cell in cells}) > 1:
        return None  # two different cells fit equally well
    decision = _of_years({cell.entry.year or 0: cell for cell in cells}, asked, said)
    if isinstance(decision, Answer) and elsewhere:
        return replace(decision, elsewhere=_hits(_one_of_each(elsewhere, asked), said))
    return decision


def _of_years(by_year: dict[int, Cell], asked: AskedYears, said: tuple[str, ...]) -> Answer | Unknown:
    """The cell of one agency in the years asked, else the newest; told, where it is not there."""
    newest = sorted(by_year, reverse=True)
    wanted = years_to_show(asked, newest)
    if not wanted:
        return _answer([by_year[newest[0]]], [by_year[year] for year in newest[1:]], said)
    there = [by_year[year] for year in newest if year in wanted]
    if not there:
        return Unknown(_hits([by_year[year] for year in newest], said), tuple(newest), wanted)
    others = [by_year[year] for year in newest if year not in wanted]
    absent = tuple(year for year in wanted if year not in by_year)
    return replace(_answer(there, others, said), over_years=len(wanted) > 1, absent=absent)


def _choice(cells: Sequence[Cell], asked: AskedYears, said: tuple[str, ...]) -> Decision:
    """Of each agency one, for the resident to choose by name; told, where none has it of the year asked."""
    shown = _one_of_each(cells, asked)
    if len(shown) > 1:
        return Suggest(_hits(shown, said), by_agency=True)
    if shown:
        return _answer(shown, [], said)
    near = sorted(cells, key=lambda cell: -(cell.entry.year or 0))
    years = dict.fromkeys(cell.entry.year for cell in near if cell.entry.year)
    return Unknown(_hits(near, said), tuple(years), asked.years)


def _one_of_each(cells: Sequence[Cell], asked: AskedYears) -> list[Cell]:
    """The newest cell of each agency, or that of the year asked; at most `MOST`."""
    shown: dict[str, Cell] = {}
    for cell in sorted(cells, key=lambda cell: -(cell.entry.year or 0)):
        if not asked.years or cell.entry.year in asked.years:
            shown.setdefault(cell.entry.agency, cell)
    return list(shown.values())[:MOST]


def _answer(cells: Sequence[Cell], others: Sequence[Cell], said: tuple[str, ...]) -> Answer:
    return Answer(_hits(cells, said), _hits(others[:3], said))


def _hits(cells: Iterable[Cell], said: tuple[str, ...]) -> tuple[Hit, ...]:
    return tuple(
        Hit(cell.entry, Passage(cell.entry.text, 0), _CERTAIN, (("figure", 1.0),), said) for cell in cells
    )
