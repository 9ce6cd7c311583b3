"""Why a step that a clerk names cannot be taken now, and when it could be.

a reason of the law (second extension, 期限已过)          as the register gives it
something that has to come first                      what is awaited, and how it is entered
else: the step does not fit where the request is      when it would: `when_{step}` in words/
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.desk.errors import WrongStep
from bot.desk.model import DisclosureRequest, Inquiry
from bot.dialogue.payload import Act
from bot.dialogue.refusals import refusal
from bot.dialogue.staff import noting
from bot.dialogue.staff.actions import Action
from bot.dialogue.staff.possible import why_not
from bot.dialogue.visit import Visit
from bot.messages import Part

_MOST_SAID = 2  # 视为放弃 is of two steps
_CONTESTED = {"remedy": "refused_remedy_against_nothing", "remedy_decided": "refused_remedy_not_begun"}
_OF_RECORDS = (
    "gidentity",
    "gcorrected",
    "gtransferred",
    "greferred",
    "gdeclined",
    "authority",
    "record_details",
)
_OF_INQUIRIES = ("answer_inquiry", "answer_send", "answer_wait", "talk_over")
# Steps that become possible together: step -> what the sentence is named after.
_TOGETHER: Mapping[str, Sequence[str]] = {
    "form_button": ("reply_edit", "reply_draft"),
    "publish": ("publish_plain", "publish_sure", "publish_look", "publish_files"),
    "extension": ("extension_yes", "extension_no"),
    "late": ("late_yes", "late_no"),
    "consult": ("third_party", "agency", "cooperation"),
    "reasons_answered": ("reasons_in", "reasons_none"),
    "payment": ("fee_withdraw",),
    "until_ended": ("identity_check", "representation"),
    "of_inquiries": _OF_INQUIRIES,
    "of_records": _OF_RECORDS,
}
_NAMED_AFTER = {step: name for name, steps in _TOGETHER.items() for step in steps}


def reasons(visit: Visit, number: str, actions: Sequence[Action]) -> list[Part]:
    """Why none of these can be done to what has this number; [] where nothing is known."""
    found = noting.found(visit.desk, number)
    if not isinstance(found, DisclosureRequest):
        return _beside_requests(visit, isinstance(found, Inquiry), actions)
    known = _by_law(visit, found, actions)
    return known or _timely(visit, [when(each) for each in actions])


def when(action: Action) -> str:
    """What the sentence is named after that says when this is possible: `when_serve`, `when_consult`."""
    if action.act is Act.SERVE:
        return "serve"
    step = _step(action)
    return _NAMED_AFTER.get(step, step)


def _step(action: Action) -> str:
    return action.argument if action.act is Act.RECORD else action.label.removeprefix("button_")


def _timely(visit: Visit, names: Sequence[str]) -> list[Part]:
    known = [f"when_{name}" for name in dict.fromkeys(names) if visit.voice.words.knows(f"when_{name}")]
    return [Part(visit.voice.word(name)) for name in known[:_MOST_SAID]]


def _beside_requests(visit: Visit, is_inquiry: bool, actions: Sequence[Action]) -> list[Part]:
    """Of an inquiry or a record correction: whose step it is, or that it has ended."""
    own = _OF_INQUIRIES if is_inquiry else _OF_RECORDS
    if any(_step(each) in own for each in actions):
        return _timely(visit, ["until_ended"])
    named = [when(each) for each in actions]
    others = [each if each in ("of_inquiries", "of_records", "publish") else "of_requests" for each in named]
    return _timely(visit, others)


def _by_law(visit: Visit, request: DisclosureRequest, actions: Sequence[Action]) -> list[Part]:
    """The reason of this very request, where there is one."""
    number = request.number
    if any(each.act is Act.LATE_YES for each in actions) and (own := _own_late_entry(visit, number)):
        return [own]
    to_inform = visit.desk.replies.third_parties_to_inform(number)
    if to_inform and any(each.act is Act.SERVE or each.argument == "serve" for each in actions):
        return [Part(visit.voice.word("refused_third_party_not_informed", parties="、".join(to_inform)))]
    awaited = visit.desk.consultations.pending(number)
    if awaited and any(each.act is Act.REPLY for each in actions):
        parties = "、".join(each.party for each in awaited)
        return [Part(visit.voice.word("reply_waits_for_opinion", parties=parties))]
    if (waits := _waits(visit, request, actions)) is not None:
        return [waits]
    errors = [error for each in actions if (error := why_not(visit, request, _step(each))) is not None]
    said = [refusal(visit.voice, error).parts[0] for error in errors if not isinstance(error, WrongStep)]
    return said[:1]


def _own_late_entry(visit: Visit, number: str) -> Part | None:
    """Why who entered something late has no button to confirm it."""
    entries = visit.desk.late_entries.waiting(number)
    if not any(entry.entered_by == visit.person for entry in entries):
        return None
    return Part(visit.voice.word("refused_late_entry_own"))


def _waits(visit: Visit, request: DisclosureRequest, actions: Sequence[Action]) -> Part | None:
    """What has to come first, of steps that the table does not have yet."""
    voice = visit.voice
    if any(each.act is Act.REPLY for each in actions):
        name = f"reply_waits_{request.status.value}"
        return Part(voice.word(name)) if voice.words.knows(name) else None
    named = next((each.argument for each in actions if each.argument in _CONTESTED), "")
    return Part(voice.word(_CONTESTED[named])) if named else None
