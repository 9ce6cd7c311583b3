"""What a question asks for, told from its question words; and what is left of it without them.

wanted("修桥花了多少钱")   -> {Wanted.NUMBER}
bare_spans("请问低保标准是多少") -> ((2, 6),)   低保标准
"""

# ruff: noqa: E501  (lists of words: their lines may be long)

from __future__ import annotations

import re
from enum import StrEnum
from functools import cache

from knowledge.text.normalize import sounding
from knowledge.text.vocabulary import rarity, segment


class Wanted(StrEnum):
    """The kind of answer that would do."""

    NUMBER = "number"
    DATE = "date"
    PHONE = "phone"
    WHO = "who"
    PLACE = "place"
    CHANNEL = "channel"
    DOCUMENT = "document"


_ASKS = {
    Wanted.NUMBER: "多少|几多|几[元块钱个条项件次户人家名台万亿]|多高|多大|数量|金额|比例|标准是|够不够",
    Wanted.DATE: "何时|什么时候|什么时间|几时|几月|几号|几点|哪天|哪一天|哪年|哪一年|哪个月|多久|多长时间|日期|时间|期限|期线|截止|啥时",
    Wanted.PHONE: "电话|热线|手机号|号码|联系方式",
    Wanted.WHO: "谁|哪位|哪一个部门|哪些部门|哪个部门|哪家|哪些单位|哪个单位|哪些机构|哪个公司|哪个老板|哪几个部门",
    Wanted.PLACE: "在哪|地址|哪里|哪儿|何处|何地|地点|场所|哪栋|哪条路|几楼",
    Wanted.CHANNEL: "平台|网站|网址|app|公众号|渠道|小程序",
    Wanted.DOCUMENT: "什么文件|哪些文件|哪个文件|哪份|文号|什么通知|什么方案|什么法|依据",
}
_GIVES = {
    Wanted.NUMBER: r"\d|[一二三四五六七八九十百千万亿两]+(?:个|家|项|人|元|名|次|倍|成|条|批|%)",
    Wanted.DATE: r"\d+(?:年|月|日|时|天|小时|个月|个工作日)|即日|之日|日起|期间|结束",
    Wanted.PHONE: r"\d{3,4}-?\d{7,8}|(?<!\d)1\d{10}(?!\d)|(?<!\d)\d{5}(?!\d)",
    Wanted.WHO: r"部|局|委|厅|公司|集团|银行|办|院|中心|协会|企业|政府|专家|媒体|群众",
    Wanted.PLACE: r"路|号|街|楼|厅|大厅|市|县|区|园|镇|乡",
    Wanted.CHANNEL: r"网|app|微信|公众号|小程序|电话|平台|www|邮|线上",
    Wanted.DOCUMENT: r"《|\u3014|通知|意见|方案|办法|条例|公告|指南",
}
_ASK_PATTERNS = {kind: re.compile(pattern) for kind, pattern in _ASKS.items()}
_GIVE_PATTERNS = {kind: re.compile(pattern) for kind, pattern in _GIVES.items()}

# Phrases that make a question of what is asked and do not occur in the answer.  Longest first where one contains another.
_PHRASE_LIST = (
    "请问一下|请问|想问一下|想问问|想问|我想问|麻烦问|请教|麻烦|告诉我|跟我说|讲一下|说一下|想知道|想了解|了解一下|"
    "你好|您好|帮我查|帮我|查一下|查询一下|发我一下|给个准话|到底|究竟|"
    "哪一些|哪一个|哪一家|哪些|那些|什么样的|什么时候|什么时间|什么东西|什么|怎么样|怎么办|怎么|怎样|咋样|咋办|咋个|咋|怎|如何|为何|为什么|"
    "查得着|查得到|看得到|看得着|看不看得到|查不查得到|给看|给人看|让看|查看|"
    "何时|何地|有何|几时|几月几号|几多|多少钱|多少|多久|多长时间|哪里|哪儿|哪个|哪家|哪种|哪天|哪|谁|啥时候|啥|"
    "有没有|没有|是不是|能不能|可不可以|给不给|要不要|够不够|在不在|是否|是指|可以|能否|"
    "进行|采取|具体|措施|规定|要求|关于|对于|方面|应该|应当|内容|包括|做出|作出|提出|一下|我们|你们|咱们"
)
_PHRASES = re.compile(_PHRASE_LIST)
_PARTICLES = frozenset("吗呢啊呀嘛么吧哦哈了的是有为将会可应几被其对在由和与及不我你您咱就都也还给")
_QUESTION = re.compile(
    "吗|呢|么|嘛|什么|怎|如何|为何|何时|何地|有何|几|多少|多久|哪|谁|啥|咋|是否|能否|有没|没有|是不是|能不能|可不可以|给不给|不$|没$|"
    "想看|想问|想知道|想了解|想查|[?？]"
)


_MEASURES = "条件个项次户人家名台亩吨篇期份场例辆座栋批只万亿元块所间张"
_MEASURED = re.compile(
    rf"(?:多少|几多|几|\d+|[一二两三四五六七八九十百千万]+|十来|几十|上百)(?:万|亿|多|余|来)?([{_MEASURES}])"
)
_ABOUT_REQUESTS = re.compile(
    "申请|答复|复议|补正|受理|回执|公开指南|依法公开|撤回|编号|隐私|投诉|信访|咨询|更正|口头|机器人|工作日|诉讼|代写|收费|免费"
)


def measures_of(text: str) -> frozenset[str]:
    """The measure words that are counted with: 多少条, 一百条 -> 条."""
    return frozenset(_MEASURED.findall(text))


def counts(text: str, measure: str) -> bool:
    """Whether a text counts something with this measure word: 70余条."""
    return (
        re.search(
            rf"(?:\d|[一二三四五六七八九十百千])(?:余|多|来)?(?:万|亿)?(?:余|多)?{re.escape(measure)}", text
        )
        is not None
    )


def about_requests(text: str) -> bool:
    """Whether a question may be about requesting disclosure at all; else the guide is not meant."""
    return _ABOUT_REQUESTS.search(text) is not None


_PAPERS = re.compile(
    "(?:证|执照|户口本|卡)(?!据|明(?!怎么|在哪|去哪|哪里)).{0,4}(?:办|补|换|续|领|丢|掉|落|过期|到期|年检|挂失|注销)"
    "|(?:办|补|换|续|领).{0,3}[^公](?:证(?!据|明|件)|执照|户口本|卡)"
    "|[上迁转落分销]户口|落户|迁户|分户"
)
_PAPER = re.compile("[一-龥]{2}(?:证|照|卡)")


def papers_asked(text: str) -> str | None:
    """The certificate, licence or card (残疾证; "" for what is called otherwise, as 户口) that a squeezed
    question wants to get, renew or replace; None for any other question.

    That is an affair of its own, whatever the guide of requests says of 身份证 or of 残疾人.
    """
    if not _PAPERS.search(text):
        return None
    named = _PAPER.search(text)
    return named[0] if named else ""


def is_phrase(text: str) -> bool:
    """Whether a word says nothing but that something is asked."""
    return not bare_spans(text)


def wanted(text: str) -> frozenset[Wanted]:
    """What kinds of answer a squeezed question asks for; none when it does not say."""
    return frozenset(kind for kind, pattern in _ASK_PATTERNS.items() if pattern.search(text))


def gives(text: str, kind: Wanted) -> bool:
    """Whether a folded passage holds something of this kind."""
    return _GIVE_PATTERNS[kind].search(text) is not None


def is_question(clause: str) -> bool:
    """Whether a clause asks something."""
    return _QUESTION.search(clause) is not None


def as_meant(text: str) -> str:
    """A squeezed question with its question phrases as they are written: 茹何征税 -> 如何征税, equal in length.

    Only what is no word by itself, and is half right, is taken for a typing error: 那里 and 汝河 stay.
    """
    heard, by_ear = sounding(text), _phrases_by_ear()
    found = [
        match
        for match in by_ear[0].finditer(heard)
        if text[match.start() : match.end()] != by_ear[1][match[0]]
    ]
    if not found:
        return text
    alone = _standing_alone(text)
    for match in found:
        start, end = match.span()
        phrase = by_ear[1][match[0]]
        right = sum(map(str.__eq__, text[start:end], phrase))
        if 2 * right >= len(phrase) and all(alone[start:end]):
            text = text[:start] + phrase + text[end:]
    return text


@cache
def _phrases_by_ear() -> tuple[re.Pattern[str], dict[str, str]]:
    """Finds the sound of a phrase of two characters and more; phrase by sound, the first listed of equals."""
    phrases = [phrase for phrase in _PHRASE_LIST.split("|") if len(phrase) > 1]
    by_sound: dict[str, str] = {}
    for phrase in phrases:
        by_sound.setdefault(sounding(phrase), phrase)
    return re.compile("|".join(map(re.escape, by_sound))), by_sound


def _standing_alone(text: str) -> list[bool]:
    """For each character whether it belongs to no longer word."""
    return [len(word) == 1 for word in segment(text) for _ in word]


def bare_spans(text: str) -> tuple[tuple[int, int], ...]:
    """The stretches of a squeezed question between its question phrases and particles."""
    spans: list[tuple[int, int]] = []
    at = 0
    for match in _PHRASES.finditer(text):
        spans += _without_particles(text, at, match.start())
        at = match.end()
    spans += _without_particles(text, at, len(text))
    return tuple(spans)


def _without_particles(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Cut a stretch at its particles; 不 in 不动产 is none."""
    spans = []
    at = start
    for word in segment(text[start:end]):
        if word in _PARTICLES:
            if at > start:
                spans.append((start, at))
            start = at + len(word)
        at += len(word)
    if end > start:
        spans.append((start, end))
    return spans


def content_weight(text: str) -> float:
    """How much a squeezed clause gives to search for: about 0.4 to 1 a content word."""
    return sum(
        rare
        for start, end in bare_spans(text)
        for word in segment(text[start:end])
        if (rare := rarity(word)) > 0.3 and len(word) > 1
    )
