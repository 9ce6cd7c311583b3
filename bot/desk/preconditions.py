"""What must be on record before a request may end in an outcome (LAW.md parts 5 and 9).  Pure.

`before_the_form` holds what no form can mend: it is asked before the clerk begins to write.  `in_the_form`
holds what the clerk writes.  Both raise GuardFailed, MissingFields or InvalidValue, each with its article.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.desk.errors import GuardFailed, InvalidValue, MissingFields
from bot.desk.folding import folded
from bot.desk.model import Event, EventKind, Outcome
from bot.desk.outcomes import PUBLIC_INTEREST, RequiredField, overrules
from bot.desk.standing import Standing

# A search that names nothing is none; what clerks type to get past a question.
_NOTHING = frozenset(
    (
        *(
            "无",
            "没",
            "没有",
            "没查",
            "未查",
            "没有查",
            "没找",
            "没看",
            "不知道",
            "不清楚",
            "不详",
            "略",
            "暂无",
        ),
        *("同上", "全部", "所有", "都没有", "都查了", "查了", "查过", "查过了", "未知", "待查", "零"),
        *("na", "none", "no", "nil", "null", "nothing"),
    )
)
_NOBODY = ("谁", "某人", "有人", "别人", "一个人", "somebody", "someone")
_FOUND_NOTHING = ("没有", "都没有")  # says nothing of a place, but it is a result
# What a text says that does not disclose; asked about when the outcome is 予以公开.
_REFUSING = re.compile(
    r"不(?:予以?|能|宜|便|可以?|得|应该?|该|准予?|许|再|对外|向您|同意){0,3}(?:对外|全部|完全)?(?:公开|公布|披露|提供|答复|告知)"
    r"|(?:无法|没法|难以|拒绝|暂不|暂缓|未予|免予|谢绝)(?:对外|向您)?(?:公开|公布|披露|提供|答复|告知)"
    r"|(?:不能|不可以|不便|暂时?不|恕不)给(?!予)|予以(?:保密|隐去|遮盖)|涉密|属于(?:国家秘密|工作秘密|商业秘密|个人隐私)"
    r"|隐去|遮盖|遮挡|涂黑|打码|略去|脱敏|删除后(?:公开|提供)"
    r"|(?:不(?:属于|在)|超出)[^。;,\n]{0,12}(?:公开|职责|职能|管辖)(?:范围)?|不归(?:我|本)"
    r"|(?:信息)?不存在|(?:不|未|没有?)(?:掌握|保存|制作|制定|形成|查到|找到|检索到)|查无|[查找]不到"
    r"|(?:没有|无)(?:该|这|此|相关|有关|您)[^。;,\n]{0,8}(?:信息|材料|资料|文件|记录|档案|文)"
)


@dataclass(frozen=True)
class Record:
    """What the register knows when a reply is begun."""

    standing: Standing
    events: tuple[Event, ...]
    filed_in_month: int  # by the same applicant, in the calendar month of this request
    excessive_from: int  # per month: the office's setting (art. 35)
    answered_same: tuple[str, ...]  # earlier numbers: same applicant, same information, answered


def before_the_form(chosen: Outcome, record: Record) -> None:
    """What has to have happened before this outcome can be thought of."""
    if not chosen.is_reply:
        raise GuardFailed("outcome_is_no_reply", outcome=chosen.code)
    if chosen is Outcome.WITHHELD_THIRD_PARTY_RIGHTS:
        _third_parties(record.events)
    elif chosen is Outcome.UNAVAILABLE_STILL_UNCLEAR:
        if not record.standing.happened(EventKind.CORRECTION_RECEIVED):
            raise GuardFailed("outcome_needs_correction_received", outcome=chosen.code, article="30")
    elif chosen is Outcome.NOT_PROCESSED_REPEAT:
        if not record.answered_same:
            raise GuardFailed("no_earlier_request", outcome=chosen.code, article="36(6)")
    elif chosen is Outcome.NOT_PROCESSED_EXCESSIVE:
        _excessive(record)


def in_the_form(
    chosen: Outcome, text: str, fields: Mapping[str, str], record: Record, *, refusal_acknowledged: bool
) -> None:
    """What the clerk has written: every field, one of the choices, a search, no contradiction."""
    missing = tuple(need.name for need in chosen.required if not fields.get(need.name, "").strip())
    if missing:
        raise MissingFields("outcome_fields_missing", outcome=chosen.code, fields=missing)
    for need in chosen.required:
        field(need, fields[need.name])
    if chosen is Outcome.UNAVAILABLE_NOT_HELD:
        _searched(record.events)
    if chosen is Outcome.PARTLY_DISCLOSED and "第十五条" in fields["article"] and _all_agreed(record.events):
        raise GuardFailed("third_parties_agreed", outcome=chosen.code, article="15")
    refusals = record.standing.refusals
    if refusals and overrules(chosen, fields) and not fields.get(PUBLIC_INTEREST.name, "").strip():
        raise GuardFailed("refusal_needs_public_interest", article="32", parties=refusals)
    if chosen is Outcome.DISCLOSED and not refusal_acknowledged:
        said = refusing_words(text)
        if said:
            raise GuardFailed("disclosed_text_refuses", outcome=chosen.code, words=said, article="37")


def field(need: RequiredField, value: str) -> None:
    """A value that says something, and one of the choices where there are any."""
    if need.name in ("places", "result"):
        _must_be_searched(need.name, value)
    elif need.choices:
        if not need.read(value):
            allowed = need.choices
            raise InvalidValue("outcome_field_choice", field=need.name, label=need.label, allowed=allowed)
    elif says_nothing(value):
        raise InvalidValue("outcome_field_empty", field=need.name, label=need.label)


def searched(places: str, result: str) -> None:
    """Art. 36(4): at least one place that somebody looked in, and what came of it."""
    _must_be_searched("places", places)
    _must_be_searched("result", result)


def _must_be_searched(name: str, value: str) -> None:
    is_result = name == "result" and value.strip().rstrip("。") in _FOUND_NOTHING
    if says_nothing(value) and not is_result:
        raise InvalidValue(f"search_{name}_empty", field=name, article="36(4)")


def says_nothing(text: str) -> bool:
    """Whether a text is a filler: 无, -, 没有, aaa."""
    plain = re.sub(r"[\W_]", "", folded(text))
    return plain in _NOTHING or len(set(plain)) < 2


def names_nobody(text: str) -> bool:
    """Whether a text is a filler where somebody is to be named; a name may have one character."""
    plain = re.sub(r"[\W_]", "", folded(text))
    return not plain or plain in _NOTHING or plain in _NOBODY


def refusing_words(text: str) -> str:
    """The first words of a text that refuse something, "" when there are none."""
    plain = re.sub(r"[^\S\n]", "", folded(text))
    found = _REFUSING.search(plain)
    return found[0] if found else ""


def opinions(events: Iterable[Event]) -> dict[str, str]:
    """Each third party consulted, with its last word: agrees, refuses, silent, or "" while it is awaited."""
    heard: dict[str, str] = {}
    asked = ""
    for event in events:
        if event.kind is EventKind.THIRD_PARTY_CONSULTED:
            asked = event.text("party")
            heard[asked] = ""
        elif event.kind is EventKind.THIRD_PARTY_ANSWERED:
            heard[event.text("party") or asked] = event.text("opinion")
    return heard


def _all_agreed(events: Iterable[Event]) -> bool:
    heard = opinions(events)
    return bool(heard) and all(opinion == "agrees" for opinion in heard.values())


def _third_parties(events: tuple[Event, ...]) -> None:
    """Art. 15, 32: consulted, and not every one of them agrees to disclosure."""
    if not opinions(events):
        raise GuardFailed("outcome_needs_third_party_consulted", outcome="C4", article="32")
    if _all_agreed(events):
        raise GuardFailed("third_parties_agreed", outcome="C4", article="15")


def _searched(events: Iterable[Event]) -> None:
    """A place that a person has searched, and what the program's own search found, be it nothing."""
    logs = [event for event in events if event.kind is EventKind.SEARCHED and event.data.get("trail")]
    if not logs:
        raise GuardFailed("outcome_needs_searched", outcome="D1", article="36(4)")
    searched(logs[-1].text("places"), logs[-1].text("result"))


def _excessive(record: Record) -> None:
    """Art. 35: very many requests, reasons asked, and none given or none that are good."""
    if record.filed_in_month < record.excessive_from:
        raise GuardFailed(
            "not_excessive",
            outcome="E4",
            article="35",
            count=record.filed_in_month,
            least=record.excessive_from,
        )
    about_reasons = [event for event in record.events if event.kind in _REASONS]
    if not about_reasons:
        raise GuardFailed("outcome_needs_reasons_asked", outcome="E4", article="35")
    last = about_reasons[-1]
    if last.kind is EventKind.REASONS_ASKED:
        raise GuardFailed("outcome_needs_reasons_received", outcome="E4", article="35")
    if last.kind is EventKind.REASONS_RECEIVED and last.text("reasonable") == "yes":
        raise GuardFailed("reasons_were_reasonable", outcome="E4", article="35")


_REASONS = (EventKind.REASONS_ASKED, EventKind.REASONS_RECEIVED, EventKind.REASONS_NOT_GIVEN)
