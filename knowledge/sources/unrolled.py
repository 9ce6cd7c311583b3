"""A text that was copied as one long line -> the lines that it had.

Copying from a web page often leaves a whole notice in one paragraph: title, 文号, salutation, 一、 二、, the
signature.  Lines are cut only before numbers that stand in sequence (一、 … 二、 …), for a single `二、` may
be a mention, before a signature with its date at the very end, and behind a title at the very beginning.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from knowledge.sources.issuer import AGENCY_END, is_broken
from knowledge.sources.section import NUMERALS, value_of

_LONG = 120  # characters; a shorter paragraph is one
_FOOT = 200  # characters at the end in which a signature is looked for
_RANKS = (
    re.compile(rf"(?:(?<=[\s。：:；;）)！”])|^)([{NUMERALS}]{{1,3}})、(?=\S)"),
    re.compile(rf"(?:(?<=[\s。：:；;！”])|^)[（(]([{NUMERALS}]{{1,3}})[）)](?=[^、，和至项款])"),
    re.compile(r"(?:(?<=[\s。：:；;！”])|^)(\d{1,2})[.、．](?=[^\d\s])"),
)
_REMARK = (
    r"[【\[（(][^】\])）]{0,20}[】\])）]|扫一扫\S{0,20}|责任编辑\s?[:：]\s?\S{1,6}|抄送\s?[:：][^。]{0,150}。?|"
    r"(?:文档)?附件[:：]?|\S{2,30}\d{4}年\d{1,2}月\d{1,2}日印发"
)
_ENDING = re.compile(rf"\s(\d{{4}}年\d{{1,2}}月\d{{1,2}}日)\s*((?:(?:{_REMARK})\s*){{0,6}})$")
_HEAD = 400  # characters at the beginning in which a title is looked for
_TITLE = re.compile(
    r"([^。；;：:！？?]{2,150}?(?:关于|印发|转发)[^。；;：:！？?]{2,150}?的(?:紧急|补充)?"
    r"(?:通知|公告|通告|通报|公示|批复|函|复函|意见|决定|报告|请示|命令|通令|提示|说明)(?:[（(][^（）()]{1,12}[)）])?)"
    r"(?=\s|[\u4e00-\u9fff]{1,10}[〔\[（(](?:19|20)\d{2}[〕\])）])"
)
_NUMBER = re.compile(r"\s*([^\s，。；：、]{1,14}[〔\[（(](?:19|20)\d{2}[〕\])）]\s?第?\d{1,4}号)\s+")
_OFFICE = re.compile(
    rf"(?<=[\s。：:；;！”])([^\s。，；：、]{{2,40}}{AGENCY_END}(?:\s+[^\s。，；：、]{{2,40}}{AGENCY_END}){{0,7}})$"
)
_BEGUN = re.compile(r"(?<=[\s。])([^\s，。：；、！？\d]{2,40})\s*$")
_LAYOUT = re.compile(r"[ \u3000\xa0]{3,}")  # spaces that set a signature to the right


def unrolled(text: str, is_first: bool = False) -> list[str]:
    """The lines of a paragraph; itself alone when nothing shows that it was several.

    `is_first` says that it stands where a document's title may.
    """
    if len(text) < _LONG:
        return [text]
    if is_first and (head := _TITLE.match(text[:_HEAD])):
        number = _NUMBER.match(text, head.end())
        rest = text[number.end() if number else head.end() :].strip()
        return [head[1].strip(), *([number[1]] if number else []), *unrolled(rest)]
    body, foot = _without_foot(text)
    cuts = sorted({0, *(at for pattern in _RANKS for at in _in_sequence(body, pattern))})
    ends = [*cuts[1:], len(body)]
    lines = [body[start:end].strip() for start, end in zip(cuts, ends, strict=True)]
    return [line for line in (*lines, *foot) if line]


def _in_sequence(text: str, pattern: re.Pattern[str]) -> Iterator[int]:
    """Where a number stands that the row of 1, 2, 3 … has reached; a row begins anew with 1."""
    marks = [(found.start(), value_of(found[1])) for found in pattern.finditer(text)]
    for place, (at, number) in enumerate(marks):
        before = marks[place - 1][1] if place else 0
        after = marks[place + 1][1] if place + 1 < len(marks) else 0
        if (number == 1 and after == 2) or (number > 1 and number - 1 == before):
            yield at


def _without_foot(text: str) -> tuple[str, list[str]]:
    """The text, and the lines of signature and date at its end."""
    tight = _LAYOUT.sub("  ", text)
    head, tail = tight[:-_FOOT], tight[-_FOOT:]
    found = _ENDING.search(tail)
    if found is None:
        return text, []
    rest = tail[: found.start()].rstrip()
    office = _OFFICE.search(rest)
    signed = [office[1]] if office else []
    rest = rest[: office.start()] if office else rest
    begun = _BEGUN.search(rest)
    if begun and office and is_broken(begun[1], office[1]):  # the line end fell into the name
        signed, rest = [begun[1] + office[1]], rest[: begun.start()]
    body = head + rest
    return body, [*signed, found[1], *([found[2].strip()] if found[2].strip() else [])]
