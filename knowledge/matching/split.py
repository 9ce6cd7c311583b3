"""Two questions in one message: where to cut.

    questions_in("预算公开了吗?另外申请要不要钱")   -> ["预算公开了吗?", "申请要不要钱"]
    questions_in("低保政策公开了吗,在哪里看")        -> the message: 在哪里看 asks of nothing by itself

Here only the wording decides, and generously; whether each part leads to something of its own in the base is
the decision's to say (`decide.together`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from knowledge.matching.asked import bare_spans, content_weight, is_question
from knowledge.text.normalize import squeeze
from knowledge.text.vocabulary import segment

# Where one question ends and another may begin.  1、…  (2)…  第一,…  一个是…: each opens a question.
_NUMBER = r"(?:\(?[1-4一二三四](?:[、)]|[.](?!\d))|第[一二三]个?(?:问题)?[是,:]|(?:另)?一[个件](?:事)?是)"
_JOIN = "另外|此外|顺便|顺带|对了|还有(?!没)|再问|还想问|还想知道"
_AND_ALSO = (
    "以及(?=.{0,12}(?:什么|怎|哪|谁|多少|几|吗|没有|如何|何时))"  # 以及 alone joins things, not questions
)
_SAID = r"(?:[,\s]*(?:再|就|还|也)?(?:请问|想问|问|说|打听|了解)(?:一?下|一句|问|一个问题)?)?"
_PREFACE = "(?:我|想|要|请)*问(?:你们)?(?:一下)?[两几2][个件](?:事情?|问题)"
_SPACE = r"(?<=[^\s,a-z0-9]) +(?=[^\sa-z0-9])"  # between Chinese characters it stands for a mark
_STRONG = re.compile(
    rf"(?:[\s,]*(?:[?!。;\n]|(?<![^\s,?!。;:\n]){_NUMBER}|(?:{_JOIN}|{_AND_ALSO}){_SAID}|{_PREFACE}|{_SPACE})"
    r"[\s,]*)+"
)
_WEAK = re.compile(r"[\s,]+")
_NO_QUESTION = re.compile("[这那多要]么|好几|几[十百千]")  # 这么大, 好几年, 几十条 ask nothing
_OR_NOT = re.compile(r"(.{1,2})[不没]\1")  # 听不听, 回应不回应
_ENOUGH = 0.37  # content (`content_weight`) of a question that stands alone after a comma or a space
_TOPIC = 0.6  # content of what is named without asking: 再问问五保户的政策
_LONGEST = 80  # a longer message is a story with one question at its end
_LONGEST_CUT = 200

# What is said before and after a question out of politeness; it is no part of what is looked for.
_GREETING = (
    "[你您]好|大家好|(?:早上|上午|中午|下午|晚上)好|哈喽|嗨|喂|hello(?![a-z])|hi(?![a-z])|"
    "打扰(?:一?下)?|在吗|在不在"
)
_THANKS = "谢谢(?:[你您]们?)?|多谢|感谢(?=[,!。\\s])|辛苦(?:[你您]们?)?"
_ASKING = (
    "请问(?:一?下)?|请教(?:一?下)?|麻烦(?:[你您]们?)?(?:问|查|看)?(?:一?下)?|帮(?:我|忙)(?:查|看|问)(?:一?下)?|"
    "我?(?:就|还)?想(?:要)?(?:请)?(?:问|了解|知道|咨询|打听)(?:一?下)?|问一?下"
)
_PERSON = "(?:老师|同志|领导|师傅|亲|朋友|工作人员|小助手|机器人)(?=[,!。\\s]|[你您]?好)"
_COURTESY = re.compile(
    rf"(?:(?:(?:{_GREETING}|{_THANKS}|{_ASKING}|{_PERSON})[了啊呀哈啦哦吧,。!?~:\s]*)+"
    rf"(?:那么?(?![里个些边年次天时种])|{_JOIN})?[,\s]*)+"
)
_CLOSING_LENGTH = 40
_CLOSING = re.compile(rf"(?:[,。!?~\s]+(?:{_THANKS}|麻烦(?:[你您]们?)?)[了啊呀哈啦哦!。~\s]*)+$")


def questions_in(folded: str) -> list[str]:
    """The two questions of a message, or the message itself when it asks one thing (or more than two).

    What is no question, or has no content of its own, goes with the question after it.
    """
    if len(folded) > _LONGEST:
        return [folded]
    clauses = list(_clauses(folded))
    if sum(begin < end for begin, end, _ in clauses) < 2:
        return [folded]
    found: list[tuple[int, int]] = []
    start = 0
    joined = False  # whether a strong mark stands before the part that begins at `start`
    for begin, end, strong in clauses:
        if begin == end:
            joined, start = joined or strong, start if folded[start:begin].strip() else end
            continue
        part = folded[start:end]
        if _stands_alone(part, strong_before=joined, strong_after=strong):
            found.append((start, end))
            start, joined = end, strong
    if found and folded[start:].strip():
        found[-1] = (found[-1][0], len(folded))
    parts = [_trimmed(folded[a:b]) for a, b in found]
    return parts if len(parts) == 2 else [folded]


def without_courtesies(folded: str) -> str:
    """A question without "你好，请问" before and "谢谢" after it; a message of nothing else stays as it is.

    To the base these are rare words that no entry holds: they make a good match look like a poor one.
    """
    opening = _COURTESY.match(folded)
    asked = folded[opening.end() :] if opening else folded
    closing = _CLOSING.search(asked, max(0, len(asked) - _CLOSING_LENGTH))
    bare = asked[: closing.start()] if closing else asked
    return bare if len(squeeze(bare)) > 1 else folded


def cuts(folded: str) -> Iterator[tuple[str, str]]:
    """Every way to part a message in two between its sentences; a long one is left whole."""
    if len(folded) > _LONGEST_CUT:
        return
    for mark in _STRONG.finditer(folded):
        before, after = folded[: mark.start()].strip(" ,\n"), folded[mark.end() :].strip(" ,\n")
        if before and after:
            yield before, after


def _clauses(folded: str) -> Iterator[tuple[int, int, bool]]:
    """(begin, end, strong): stretches between marks; `strong`: the mark after it parts sentences."""
    at = 0
    while at < len(folded):
        mark = _STRONG.search(folded, at)
        stop = mark.start() if mark else len(folded)
        yield from _between(folded, at, stop, last_is_strong=mark is not None)
        at = mark.end() if mark else len(folded)


def _between(folded: str, begin: int, stop: int, *, last_is_strong: bool) -> Iterator[tuple[int, int, bool]]:
    for mark in _WEAK.finditer(folded, begin, stop):
        yield begin, mark.start(), False
        begin = mark.end()
    yield begin, stop, last_is_strong


def _stands_alone(part: str, *, strong_before: bool, strong_after: bool) -> bool:
    """Whether a part asks, and of something."""
    plain = squeeze(part)
    weight = content_weight(plain)
    if _OR_NOT.search(plain) or is_question(_NO_QUESTION.sub("", part)):
        return weight >= _ENOUGH or ((strong_before or strong_after) and _has_content(plain))
    return strong_before and weight >= _TOPIC


def _has_content(plain: str) -> bool:
    """Whether a word of two characters remains without the question words: 问题 of 存在哪些问题."""
    return any(len(word) > 1 for a, b in bare_spans(plain) for word in segment(plain[a:b]))


def _trimmed(part: str) -> str:
    """A part without the marks around it."""
    found = _STRONG.match(part) or _WEAK.match(part)
    return (part[found.end() :] if found else part).strip(" ,\n")
