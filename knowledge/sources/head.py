"""What stands around an official text: title, 文号 and agency above it, who signed it and when below it.

1. What a web page prints around it is taken off (`furniture`), and what it says of the document is kept.
2. The title is the line, or the few lines together, that end as titles of official documents do, anywhere
   near the top; else what the file declares (<h1>, <title>); else a first line that looks like nothing but
   one.  A title that is said twice, and the 文号 beside it, are no text.
3. Below: the attachments, the signature and its date in either order, with or without a remark behind.

What cannot be told stays empty: the admin is asked, and nothing is made up.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from knowledge.sources.attachments import attachments_in
from knowledge.sources.foot import Foot, foot_of, signed_line
from knowledge.sources.furniture import PageFacts, bottom_furniture, day_in, top_furniture
from knowledge.sources.issuer import agency_in_title, is_agency, is_place, red_head
from knowledge.sources.section import opens_section
from knowledge.text.normalize import squeeze
from knowledge.text.numerals import days_in_digits

_SEARCHED = 25  # lines from the top in which a title is looked for
_LONGEST_TITLE = 150  # several agencies together, as in joint notices
_PLAIN = 400  # characters of a line that can be furniture, title or signature
_TITLE_LINES = 4
KINDS = (
    *(
        "年度报告",
        "报告",
        "通知书",
        "通知",
        "公告",
        "公示",
        "通告",
        "批复",
        "意见",
        "复函",
        "函",
        "会议纪要",
        "纪要",
    ),
    *(
        "实施办法",
        "办法",
        "规定",
        "实施细则",
        "细则",
        "方案",
        "预案",
        "规划",
        "计划",
        "指南",
        "目录",
        "决定",
        "通报",
    ),
    *(
        "预算",
        "决算",
        "公开说明",
        "说明",
        "制度",
        "标准",
        "清单",
        "条例",
        "规则",
        "规程",
        "须知",
        "名单",
        "章程",
        "命令",
    ),
    *(
        "倡议书",
        "公开信",
        "公约",
        "简介",
        "总结",
        "要点",
        "答复",
        "解读",
        "情况表",
        "汇总表",
        "情况",
        "表",
        "告知书",
        "提示",
        "指引",
        "措施",
        "问答",
        "手册",
        "请示",
        "年报",
    ),
)
_BY_LENGTH = "|".join(sorted(KINDS, key=len, reverse=True))
_TITLE = re.compile(
    rf"[^。；;！!？?]{{2,146}}?(?:{_BY_LENGTH})(?:\s*[(（〔\[][^()（）]{{1,30}}[)）〕\]])*(?:的?公[开布告示])?"
)
_KIND = re.compile(rf"({_BY_LENGTH})(?:\s*[(（〔\[][^()（）]{{1,30}}[)）〕\]])*(?:的?公[开布])?$")
_NO_TITLE = re.compile(
    r"[。；;：:，,]\s*$|^(?:附件|目\s*录$|根据|为了|为|按照|各|现将)|^[(（]|现.{0,40}如下|你[单局乡镇]"
)
_NUMBER = re.compile(
    r"[^\s，。；：、（）()《》]{1,14}\s?[〔\[［（(]\s?(?:19|20)\d{2}\s?[〕\]］）)]\s?第?\s?\d{1,4}\s?号"
    r"|(?:19|20)\d{2}年第\d{1,4}[号期]|第\d{1,4}[号期]"
    r"|[〔\[［（(](?:19|20)\d{2}[〕\]］）)]\s?第?\s?\d{1,4}\s?[号期]"
)


@dataclass(frozen=True)
class Head:
    """Everything is "" or None where the text does not say it.

    `rest` are the indices of the lines between head and foot, `left_out` the lines of the page around them.
    """

    title: str
    kind: str
    number: str
    agency: str  # as above or in the title; who signed comes next
    signed_by: str
    signed_on: date | None
    published_on: date | None
    rest: tuple[int, ...]
    left_out: tuple[str, ...] = ()
    attachments: tuple[str, ...] = ()  # as the document names them, without their numbers


def head_of(lines: Sequence[str], declared: Sequence[str] = ()) -> Head:
    """Take head and foot off the lines of a document; "" is a line that is no text (a table).

    `declared` are the titles that the file itself states, the best first.
    """
    plain = [_plain(line) for line in lines]
    taken, page = top_furniture(plain)
    last = bottom_furniture(plain)
    left_out = [*page.left_out, *(plain[at] for at in sorted(last) if plain[at])]
    indices = [at for at in range(len(lines)) if at not in taken and at not in last]
    found = _title(plain, indices, declared, page)
    indices, number, beside, above = _after_title(plain, indices, found)
    indices, foot = foot_of(plain, indices)
    indices, attachments = attachments_in(plain, indices)
    kind = _KIND.search(found.title)
    return Head(
        title=found.title,
        kind=kind[1] if kind else "",
        number=number or page.number,
        agency=found.agency or agency_in_title(found.title) or beside,
        signed_by=foot.by
        or above.by
        or (page.agency if is_agency(page.agency) or is_place(page.agency) else ""),
        signed_on=foot.on or above.on or page.signed_on or _adopted_on([plain[at] for at in indices[:2]]),
        published_on=page.published_on,
        rest=tuple(indices),
        left_out=tuple(left_out),
        attachments=attachments,
    )


_ADOPTED = re.compile(
    r"[（(](\d{4}年\d{1,2}月\d{1,2}日)[^（）()]{0,60}(?:通过|发布|印发|公布|施行|实施|修订|修正)[)）]"
)


def _adopted_on(lines: Sequence[str]) -> date | None:
    """`（2022年3月15日清水乡人民政府常务会议通过）` below the title of rules."""
    found = next((found for line in lines if (found := _ADOPTED.fullmatch(days_in_digits(line)))), None)
    return day_in(found[1]) if found else None


def _plain(line: str) -> str:
    """Without the spaces of layout; those inside of Latin text stay."""
    line = line.strip(" \t\u3000\ufeff\xa0")
    return re.sub(r"(?<=\S)[ \t\u3000\xa0]+(?=[^\x00-\x7f])", " ", line) if len(line) <= _PLAIN else line


# ---- the title


@dataclass(frozen=True)
class _Found:
    title: str = ""
    agency: str = ""
    until: int = 0  # position in the indices behind the title
    is_line: bool = False
    number: str = ""  # 文号 that stood on the title's line


def _title(plain: Sequence[str], indices: Sequence[int], declared: Sequence[str], page: PageFacts) -> _Found:
    lines = [plain[at] for at in indices]
    for title in filter(_is_title, declared):  # a heading of the page that stands among its lines
        at = next((at for at, line in enumerate(lines[:_SEARCHED]) if squeeze(line) == squeeze(title)), None)
        if at is not None:
            return _Found(_tight(title), until=at + 1, is_line=True)
    for start in range(min(len(lines), _SEARCHED)):
        if not lines[start] or _number_alone(lines[start]):
            continue
        if opens_section(lines[start]):
            break
        found = _title_at(lines, start)
        if found is not None:
            return found
    for title in (*declared, page.title):
        title = _of_page(title)
        if _is_title(title) or (title and any(squeeze(title) == squeeze(line) for line in lines[:_SEARCHED])):
            at = next(
                (at for at, line in enumerate(lines[:_SEARCHED]) if squeeze(line) == squeeze(title)), None
            )
            return _Found(title, until=0 if at is None else at + 1, is_line=at is not None)
    return _bare_title(lines)


def _title_at(lines: Sequence[str], start: int) -> _Found | None:
    """The title that begins here, over at most a few lines; the agency alone above it is part of it."""
    together = ""
    if _CONTENTS.fullmatch(lines[start]):
        return None
    for at, line in enumerate(lines[start : start + _TITLE_LINES], start=start):
        if (
            not line
            or len(line) > _LONGEST_TITLE
            or (at > start and (_NO_TITLE.search(line) or opens_section(line)))
        ):
            break
        if red_head(line) or _number_alone(line):
            break  # what stands above a title is no part of it
        if at > start and squeeze(line).startswith(squeeze(together)):
            break  # said once more, and whole this time
        together += _unbracketed(line) if at == start else line
        if len(together) > _LONGEST_TITLE:
            break
        if _is_title(together) and not _goes_on(together, lines, at + 1):
            agency = lines[start] if at > start and is_agency(lines[start]) else ""
            number = _NUMBER.match(together)
            if number and _is_title(together[number.end() :].strip()):
                title = together[number.end() :].strip()
                return _Found(_tight(title), agency, at + 1, is_line=True, number=number[0])
            return _Found(_tight(together), agency, at + 1, is_line=True)
    return None


_CONTENTS = re.compile(r"目\s*[录錄]")


def _unbracketed(line: str) -> str:
    """`（关于暂停办理的公告）` as a title."""
    found = re.fullmatch(r"[（(](关于[^（）()]+)[）)]", line)
    return found[1] if found else line


def _goes_on(title: str, lines: Sequence[str], after: int) -> bool:
    """`…关于印发` / `…办法的通知`: the next line still belongs to it."""
    following = lines[after] if after < len(lines) else ""
    return bool(following) and following.startswith(("的", "（", "(")) and _is_title(title + following)


def _is_title(text: str) -> bool:
    if not 4 <= len(text) <= _LONGEST_TITLE or _NO_TITLE.search(text) or opens_section(text):
        return False
    return _TITLE.fullmatch(text) is not None and _NUMBER.fullmatch(text) is None


def _of_page(title: str) -> str:
    """The document's part of a page's title: `关于停水的通知-清水镇人民政府` is two things."""
    parts = [part.strip() for part in re.split(r"\s*[-_|–—]+\s*", title) if part.strip()]
    return next((part for part in parts if _is_title(part)), parts[0] if parts else "")


def _bare_title(lines: Sequence[str]) -> _Found:
    """A first line without an end of sentence, above text, is a title of some kind."""
    at = next((at for at, line in enumerate(lines) if line), None)
    if at is None or at + 1 >= len(lines):
        return _Found()
    line = lines[at]
    is_open = 5 <= len(line) <= 60 and not re.search(r"[。；;：:，,！!？?、]$", line)
    if not is_open or opens_section(line) or _NUMBER.fullmatch(line) or is_agency(line):
        return _Found()
    return _Found(_tight(line), until=at + 1, is_line=True)


def _tight(title: str) -> str:
    """Without the spaces of layout, and without the agencies that stand there twice."""
    return _TWICE.sub(r"\1", _close(title))


_TWICE = re.compile(r"^([^《》]{5,70}?)\1(?=\S)")


def _close(title: str) -> str:
    return re.sub(r"(?<=[^\x00-\x7f])\s+(?=\S)|\s+(?=[^\x00-\x7f])", "", title)


def _after_title(
    plain: Sequence[str], indices: Sequence[int], found: _Found
) -> tuple[list[int], str, str, Foot]:
    """What is left, without the title, its repetitions, the 文号 and the agency around it; these two; and who
    signed it when, where that stands below the title."""
    number, beside, above, kept = found.number, "", Foot(), []
    key = squeeze(found.title)
    near = True
    for place, at in enumerate(indices):
        line = plain[at]
        if found.is_line and place < found.until:
            number = number or _number_alone(line)
            beside = beside or red_head(line)
            continue  # what stands above the title is no text of the document
        if near and line:
            bare = squeeze(line)
            if alone := _number_alone(line):
                number = number or alone
                continue
            if key and (bare == key or (len(bare) > 5 and bare in key)):
                continue
            if found.title and (signed := signed_line(line)):
                above = signed
                continue
            if found.title and (is_agency(line) or red_head(line)):
                beside = beside or red_head(line) or line
                continue
            near = False
        kept.append(at)
    return kept, number, beside, above


def _number_alone(line: str) -> str:
    """The 文号 that a line is, in brackets or not."""
    bare = line.strip("（）()【】 ")
    return bare if _NUMBER.fullmatch(bare) else ""
