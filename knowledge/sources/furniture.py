"""What a web page prints around a text: where one is, font size, clicks, who uploaded it, links.

It is looked for above the first heading and below the last sentence only: inside the text nothing is taken
away.  What the page says of the document itself (索引号, 发布机构, 文号, 发布日期) is kept as facts about it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from knowledge.documents.document import Table
from knowledge.sources.issuer import is_agency
from knowledge.sources.section import opens_section

_TOP = 30  # lines at the beginning that may be furniture
_SHORT = 100  # characters of such a line
_BREADCRUMB = re.compile(
    r"^\s*(?:当前|所在|您(?:现在)?(?:的|所在)?)[^。]{0,8}位置|^\s*首\s*页\s*(?:$|[>＞»›/|·\-])"
)
_ARROWS = re.compile(r"[>＞»›→]")
_TOOLS = re.compile(
    r"字\s*(?:体|号)\s*[:：\[【大中小]|[【\[]?\s*(?:我要)?(?:打印|关闭|收藏|分享)(?:本页|窗口|页面|此页|到)?|"
    r"(?:浏览|点击|阅读|访问)\s*(?:次数|量|数)?\s*[:：]|扫一扫|分享(?:至|到)|上一[篇条]|下一[篇条]|返回顶部|"
    r"(?:责任)?编辑\s*[:：]|视力保护|无障碍"
)
_LABELS = {
    "number": r"(?:备注\s*/\s*)?(?:文\s*号|发文字号)",
    "agency": r"(?:发布|制发|公开|信息)(?:机构|机关|单位)|来源|信息来源|文章来源",
    "signed_on": r"(?:公文)?(?:成文|生成|发文|制定)日期",
    "published_on": r"(?:信息)?(?:发布|发文|公开|公布|更新)(?:日期|时间)|时间|日期",
    "title": r"(?:信息)?名\s*称|标\s*题",
    "": r"索\s*引\s*号|(?:组配|主题|体裁)?分类|主题词|有效性|废止日期|有效期|作者|作\s*者|关键词|信息索引|"
    r"公开(?:目录|方式|时限|范围|形式|类别|属性)|信息(?:分类|类别)|所属(?:主题|类别|机构)|体裁|服务对象|生命周期|"
    r"内容概述|实施日期|生效(?:日期|时间)|统一登记号|语种|效力状态|状态",
}
_LABEL = re.compile("|".join(f"(?P<{name or 'other'}>(?:{words}))" for name, words in _LABELS.items()))
_PAIR = re.compile(rf"(?:^|(?<=[\s|\-·•]))(?:{_LABEL.pattern})\s*[:：]\s*")
_INDEX_NUMBER = re.compile(r"\s*(?:监督)?索\s*引\s*号\s*[:：]?\s*[\w/\-]*\s*")
_DAY = re.compile(r"(\d{4})\s*[-年/.]\s*(\d{1,2})\s*[-月/.]\s*(\d{1,2})")
_DAY_LINE = re.compile(
    r"\s*\d{4}\s*[-年/.]\s*\d{1,2}\s*[-月/.]\s*\d{1,2}\s*日?(?:\s+\d{1,2}:\d{2}(?::\d{2})?)?\s*"
)
_LINKS = re.compile(
    r"^(?:(?:国务院|中央|省|市|区|县|地方|其他|相关|友情)\S{0,8}(?:网站|链接)|其他网站|友情链接|网站地图|联系我们|关于我们|"
    r"版权所有.*|.*ICP备.*|.*公网安备.*|网站标识码.*|主办[:：].*|承办[:：].*|[【\[]\s*(?:打印|关闭).*)$"
)


_RELATED = re.compile(
    r"(?:相关|友情|延伸|推荐|猜你)(?:链接|阅读|新闻|文章|稿件|信息|报道|推荐|喜欢)\s*(?:[:：].*)?$"
)


@dataclass
class PageFacts:
    """What the page says of the document; "" and None where it does not."""

    number: str = ""
    agency: str = ""
    title: str = ""
    signed_on: date | None = None
    published_on: date | None = None
    left_out: list[str] = field(default_factory=list)


def top_furniture(lines: Sequence[str]) -> tuple[set[int], PageFacts]:
    """The indices of the lines at the top that are no text, and what they say of the document."""
    facts, taken = PageFacts(), set()
    for at, line in enumerate(lines[:_TOP]):
        if opens_section(line) or (len(line) > _SHORT and "。" in line):
            break  # the text has begun
        if _DAY_LINE.fullmatch(line) and any(each.rstrip().endswith("。") for each in lines[:at]):
            break  # the signature of a short text
        is_last = not any(map(_is_text, lines[at + 1 :]))
        is_signed = "年" in line and at > 0 and is_agency(lines[at - 1])
        is_signed = is_signed and not any(map(_is_furniture, lines[at + 1 : at + 4]))
        if _DAY_LINE.fullmatch(line) and at and (is_last or is_signed):
            break  # the signature below a table, above an attachment
        if _is_furniture(line) or _take_facts(line, facts):
            taken.add(at)
            facts.left_out.append(line.strip())
    return taken, facts


def bottom_furniture(lines: Sequence[str]) -> set[int]:
    """The indices of the lines at the end that are links and tools of the page."""
    end = _related(lines)
    taken = {at for at in range(end, len(lines)) if lines[at].strip()}
    for at in range(end - 1, -1, -1):
        line = lines[at].strip()
        if line and not (len(line) <= _SHORT and (_LINKS.match(line) or _is_tool(line))):
            break
        if line:  # else a table, which is no furniture
            taken.add(at)
    return taken


def _related(lines: Sequence[str]) -> int:
    """Where `相关链接：` stands, with nothing below it but the titles of other pages; else the end."""
    for at in range(len(lines) - 1, max(-1, len(lines) - _TOP), -1):
        if len(lines[at]) > _SHORT or "。" in lines[at]:
            break
        if _RELATED.match(lines[at].strip()):
            return at
    return len(lines)


def _is_text(line: str) -> bool:
    return bool(line) and not _is_tool(line) and _LINKS.match(line) is None


def label_lines(table: Table) -> list[str]:
    """The lines `索引号：… 公开目录：…` of a table that says nothing but them; empty for any other table."""
    if len(table.rows) > _MOST_LABEL_ROWS:
        return []
    lines, labels = [], 0
    for row in table.rows:
        cells = [cell.strip(" \u3000:：") for cell in row if cell is not None]
        if not any(cells):
            continue
        known = [cell for cell in cells if _LABEL.fullmatch(cell) or _PAIR.match(cell)]
        if not known or not (_LABEL.fullmatch(cells[0]) or _PAIR.match(cells[0])):
            return []
        labels += len(known)
        lines.append("  ".join(_labelled(cells)))
    return lines if labels >= _LEAST_LABELS else []


_MOST_LABEL_ROWS = 12
_LEAST_LABELS = 3


def _labelled(cells: Sequence[str]) -> Iterator[str]:
    """Each label with the value in the cell behind it; a cell that holds both as it is."""
    at = 0
    while at < len(cells):
        if _LABEL.fullmatch(cells[at]):
            yield f"{cells[at]}：{cells[at + 1] if at + 1 < len(cells) else ''}"
            at += 1
        elif cells[at]:
            yield cells[at]
        at += 1


def _is_furniture(line: str) -> bool:
    if len(line) > 3 * _SHORT:
        return False
    if _BREADCRUMB.search(line) or _INDEX_NUMBER.fullmatch(line):
        return True
    return len(_ARROWS.findall(line)) >= 2 or _is_tool(line)


def _is_tool(line: str) -> bool:
    """A line of nothing but the page's tools, or one in which they stand beside dates and sources."""
    return len(line) <= _SHORT and _TOOLS.search(line) is not None and "。" not in line


def _take_facts(line: str, facts: PageFacts) -> bool:
    """Whether the line is made of labels and values; what is known is kept."""
    if len(line) <= _SHORT and _DAY_LINE.fullmatch(line):
        facts.published_on = facts.published_on or day_in(line)
        return True
    if len(line) > 3 * _SHORT:
        return False
    found = list(_PAIR.finditer(line))
    if not found or "。" in line or line[: found[0].start()].strip(" -·•|"):
        return False
    ends = [*(label.start() for label in found[1:]), len(line)]
    pairs = [
        (label.lastgroup or "", line[label.end() : end].strip(" |-\u3000"))
        for label, end in zip(found, ends, strict=True)
    ]
    if any(name.endswith("_on") and value and day_in(value) is None for name, value in pairs):
        return False  # 时间：明天上午, which is what the notice says
    if len(pairs) == 1 and pairs[0][0] == "title" and not facts.left_out:
        return False
    for name, value in pairs:
        _keep(name, value, facts)
    return True


def _keep(name: str, value: str, facts: PageFacts) -> None:
    if not value or name not in _LABELS:
        return
    if name.endswith("_on"):
        if getattr(facts, name) is None:
            setattr(facts, name, day_in(value))
    elif not getattr(facts, name) and len(value) <= _SHORT:
        setattr(facts, name, value)


def day_in(text: str) -> date | None:
    """The first date in a text, None when there is none or no such day."""
    found = _DAY.search(text)
    try:
        return date(int(found[1]), int(found[2]), int(found[3])) if found else None
    except ValueError:
        return None
