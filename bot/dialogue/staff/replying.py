"""Replying to a request, in 3-5 taps.

card ─ 答复 ─▶ situation ─▶ (outcome) ─▶ what it must record ─▶ text ─▶ read-back
                 ▲                                              ▲         │ 保存
                 │                                              └─ 改正文 ┤
                 └──────────────── 重新来 (before service) ───────────────┤
                                                                         ▼
     reviewed by a second person (art. 17, where the office has two) ◀─ drafted
                 │ 退回 ─▶ situation                                      │
                 ▼                                                        ▼
               serve: method ─▶ (late? said first) ─▶ served, the applicant is told at once
"""

from __future__ import annotations

from bot.desk.errors import DeskError
from bot.desk.model import DisclosureRequest, Outcome, RequiredField
from bot.dialogue.messages import Outgoing, Part, Style, Turn
from bot.dialogue.payload import Act, Payload
from bot.dialogue.refusals import refusal
from bot.dialogue.staff import card
from bot.dialogue.staff.serving import reply_card, reply_part
from bot.dialogue.staff.situations import SITUATIONS, outcome_of, outcomes_of
from bot.dialogue.visit import Press, Visit, turn

REPLY = "reply"
_FIELD, _TEXT, _READ_BACK = "reply.field", "reply.text", "reply.read_back"
_LEAST, _MOST = 4, 3000
_SEARCH = (RequiredField("places", ""), RequiredField("result", ""))  # their labels are in the words


# ---- situation and outcome -------------------------------------------------------------------------------
def press_reply(visit: Visit, payload: Payload) -> Turn:
    """Begin: what did the search find?"""
    number = payload.arguments[0]
    voice = visit.voice
    rows = [
        [voice.button(f"situation_{situation}", Act.REPLY_SITUATION, number, situation)]
        for situation in SITUATIONS
    ]
    return turn(voice.message("reply_situation", number=number, buttons=rows))


def press_situation(visit: Visit, payload: Payload) -> Turn:
    """One outcome fits, or a second list is shown."""
    number, situation = payload.arguments
    outcomes = outcomes_of(situation)
    if not outcomes:
        return turn(visit.voice.message("button_expired"))
    if len(outcomes) == 1:
        return _begin(visit, number, outcomes[0])
    rows = [
        [visit.voice.button(f"outcome_{outcome.code}", Act.REPLY_OUTCOME, number, outcome.code)]
        for outcome in outcomes
    ]
    rows.append([visit.voice.button("button_back", Act.REPLY, number)])
    return turn(visit.voice.message("reply_outcome", number=number, buttons=rows))


def press_outcome(visit: Visit, payload: Payload) -> Turn:
    """The outcome is chosen."""
    number, code = payload.arguments
    outcome = outcome_of(code)
    if outcome is None:
        return turn(visit.voice.message("button_expired"))
    return _begin(visit, number, outcome)


def _begin(visit: Visit, number: str, outcome: Outcome) -> Turn:
    visit.memory.begin(_FIELD, number=number, outcome=outcome.code)
    return again(visit)


# ---- what must be recorded, and the text -----------------------------------------------------------------
def again(visit: Visit, *before: Part) -> Turn:
    """Ask for the next thing that is missing, or show the read-back."""
    draft, voice = visit.memory.draft, visit.voice
    outcome = Outcome(draft["outcome"])
    cancel = [[voice.button("button_cancel", Act.CANCEL)]]
    missing = _missing(visit, outcome)
    if missing:
        visit.memory.step = _FIELD
        return turn(
            voice.message(
                "reply_field",
                before=before,
                outcome=outcome.label,
                field=_label(visit, missing[0]),
                buttons=cancel,
            )
        )
    if "text" not in draft:
        visit.memory.step = _TEXT
        return turn(voice.message("reply_text", before=before, outcome=outcome.label, buttons=cancel))
    visit.memory.step = _READ_BACK
    return turn(_read_back(visit, outcome, *before))


def _asked(outcome: Outcome) -> tuple[RequiredField, ...]:
    """What is asked for an outcome.  "We do not have it" must say where was searched (art. 36(4))."""
    return (*_SEARCH, *outcome.required) if outcome is Outcome.UNAVAILABLE_NOT_HELD else outcome.required


def _label(visit: Visit, field: RequiredField) -> str:
    return field.label or visit.voice.word(f"field_{field.name}")


def _missing(visit: Visit, outcome: Outcome) -> list[RequiredField]:
    return [field for field in _asked(outcome) if f"field_{field.name}" not in visit.memory.draft]


def answer(visit: Visit, text: str) -> Turn:
    """A recorded field or the text of the reply."""
    draft, text = visit.memory.draft, text.strip()
    if visit.memory.step == _READ_BACK:
        return again(visit, visit.voice.small("please_choose"))
    missing = _missing(visit, Outcome(draft["outcome"]))
    least = 1 if missing else _LEAST
    if not least <= len(text) <= _MOST:
        return again(visit, Part(visit.voice.word("staff_text_length", least=least, most=_MOST)))
    draft[f"field_{missing[0].name}" if missing else "text"] = text
    return again(visit)


def _read_back(visit: Visit, outcome: Outcome, *before: Part) -> Outgoing:
    draft, voice, number = visit.memory.draft, visit.voice, visit.memory.draft["number"]
    recorded = "\n".join(
        voice.word("recorded_line", label=_label(visit, field), value=draft[f"field_{field.name}"])
        for field in _asked(outcome)
    )
    return voice.message(
        "reply_read_back",
        *([Part(recorded)] if recorded else []),
        Part(draft["text"], Style.QUOTE),
        before=before,
        number=number,
        outcome=f"{outcome.code} {outcome.label}",
        buttons=[
            [voice.button("button_save_reply", Act.REPLY_DRAFT, number)],
            [
                voice.button("button_edit_text", Act.REPLY_EDIT, number),
                voice.button("button_undo", Act.UNDO, number),
            ],
            [voice.button("button_cancel", Act.CANCEL)],
        ],
    )


def press_edit(visit: Visit, payload: Payload) -> Turn:
    """Write the text anew, keep the rest."""
    if not _is_current(visit, payload.arguments[0]):
        return turn(visit.voice.message("form_gone"))
    visit.memory.draft.pop("text", None)
    return again(visit)


def press_draft(visit: Visit, payload: Payload) -> Turn:
    """Save the draft; a second person is asked where the office has one."""
    number, memory = payload.arguments[0], visit.memory
    if not _is_current(visit, number) or memory.step != _READ_BACK:
        return turn(visit.voice.message("form_gone"))
    outcome = Outcome(memory.draft["outcome"])
    try:
        request = _save(visit, number, outcome)
    except DeskError as error:
        return turn(refusal(visit.voice, error))
    memory.finish()
    if not visit.settings.needs_review:
        return turn(reply_card(visit, request, "staff_drafted"))
    others = [voice for voice in visit.staff_voices() if str(voice.address) != visit.person]
    asked = [
        card.request_card(visit, voice, request, "staff_review", reply_part(request)) for voice in others
    ]
    return turn(visit.voice.message("staff_sent_to_review", number=number), *asked)


def _save(visit: Visit, number: str, outcome: Outcome) -> DisclosureRequest:
    """The draft on record, and before it the search that it rests on."""
    draft, register = visit.memory.draft, visit.register
    if outcome is Outcome.UNAVAILABLE_NOT_HELD:
        register.record_search(
            visit.connection,
            visit.now,
            number,
            officer=visit.person,
            places=draft["field_places"],
            result=draft["field_result"],
        )
    return register.draft_reply(
        visit.connection,
        visit.now,
        number,
        officer=visit.person,
        outcome=outcome,
        text=draft["text"],
        fields={field.name: draft[f"field_{field.name}"] for field in outcome.required},
    )


def _is_current(visit: Visit, number: str) -> bool:
    memory = visit.memory
    return memory.step.startswith(f"{REPLY}.") and memory.draft.get("number") == number


def press_undo(visit: Visit, payload: Payload) -> Turn:
    """Begin again, before anything is served: a saved draft, its review and its signature are undone."""
    number = payload.arguments[0]
    if _is_current(visit, number):
        visit.memory.finish()
        return press_reply(visit, payload)
    try:
        visit.register.discard_draft(visit.connection, visit.now, number, officer=visit.person)
    except DeskError as error:
        return turn(refusal(visit.voice, error))
    return press_reply(visit, payload)


PRESSES: dict[Act, Press] = {
    Act.REPLY: press_reply,
    Act.REPLY_SITUATION: press_situation,
    Act.REPLY_OUTCOME: press_outcome,
    Act.REPLY_EDIT: press_edit,
    Act.REPLY_DRAFT: press_draft,
    Act.UNDO: press_undo,
}
