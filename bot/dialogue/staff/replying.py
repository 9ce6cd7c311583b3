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

from dataclasses import replace

from bot.desk.errors import DeskError, LateReply
from bot.desk.model import DisclosureRequest, Outcome, RequiredField, ServiceMethod
from bot.dialogue.documents import letter
from bot.dialogue.messages import Outgoing, Part, Style, Turn
from bot.dialogue.payload import Act, Payload
from bot.dialogue.refusals import refusal
from bot.dialogue.staff import card
from bot.dialogue.staff.receiving import tell_applicant
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
        card.request_card(visit, voice, request, "staff_review", _reply_part(request)) for voice in others
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


def _reply_part(request: DisclosureRequest) -> Part:
    return Part(request.reply.text if request.reply else "", Style.QUOTE)


def reply_card(visit: Visit, request: DisclosureRequest, event: str) -> Outgoing:
    """The card with the drafted reply on it, and the letter to print once nothing is missing.

    The letter holds the applicant's name, so it does not go into a group.
    """
    shown = card.request_card(visit, visit.voice, request, event, _reply_part(request))
    if not visit.is_private or not card.is_ready_to_serve(visit, request):
        return shown
    return replace(shown, document=letter(visit, request.number, "reply"))


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


# ---- review (art. 17) ------------------------------------------------------------------------------------
def press_review_ok(visit: Visit, payload: Payload) -> Turn:
    """The second person agrees."""
    return _review(visit, payload.arguments[0], approved=True)


def press_review_return(visit: Visit, payload: Payload) -> Turn:
    """The second person sends it back."""
    return _review(visit, payload.arguments[0], approved=False)


def _review(visit: Visit, number: str, *, approved: bool) -> Turn:
    try:
        before = visit.register.get(visit.connection, number)
        request = visit.register.review(
            visit.connection, visit.now, number, reviewer=visit.person, approved=approved
        )
    except DeskError as error:
        return turn(refusal(visit.voice, error))
    event = "staff_reviewed" if approved else "staff_returned"
    told = [reply_card(visit, request, event)]
    drafter = before.reply.drafted_by if before.reply else ""
    if drafter and drafter != visit.person:
        told.append(card.request_card(visit, visit.voice_of(drafter), request, event))
    return turn(*told)


# ---- service ---------------------------------------------------------------------------------------------
def press_serve(visit: Visit, payload: Payload) -> Turn:
    """The reply goes out today by this method."""
    return _serve(visit, *payload.arguments, late_acknowledged=False)


def press_serve_late(visit: Visit, payload: Payload) -> Turn:
    """The same, though it is late and that was said."""
    return _serve(visit, *payload.arguments, late_acknowledged=True)


def _serve(visit: Visit, number: str, method: str, *, late_acknowledged: bool) -> Turn:
    if method not in tuple(ServiceMethod):
        return turn(visit.voice.message("button_expired"))
    try:
        request = visit.register.serve(
            visit.connection,
            visit.now,
            number,
            officer=visit.person,
            method=ServiceMethod(method),
            late_acknowledged=late_acknowledged,
        )
    except LateReply as error:
        return turn(_late(visit, error, number, method))
    except DeskError as error:
        return turn(refusal(visit.voice, error))
    return turn(card.request_card(visit, visit.voice, request, "staff_served"), *_tell_reply(visit, request))


def _late(visit: Visit, error: LateReply, number: str, method: str) -> Outgoing:
    message = refusal(visit.voice, error)
    rows = (
        (visit.voice.button("button_serve_late", Act.SERVE_LATE, number, method),),
        (visit.voice.button("button_not_now", Act.CARD, number),),
    )
    return Outgoing(message.address, message.event, message.parts, rows)


def _tell_reply(visit: Visit, request: DisclosureRequest) -> list[Outgoing]:
    """The applicant reads the reply at once; how it is served in law is said below it."""
    reply = request.reply
    if not request.person or reply is None:
        return []
    voice = visit.voice_of(request.person)
    after = [Part(reply.text, Style.QUOTE)]
    if reply.method is not None and reply.method is not ServiceMethod.CHAT:
        after.append(voice.small("reply_served_otherwise", method=voice.word(f"method_{reply.method.value}")))
    after.append(voice.small("reply_remedy"))
    return tell_applicant(
        visit,
        request,
        "request_replied",
        *after,
        outcome=reply.outcome.label,
        document=letter(visit, request.number, "reply"),
    )


PRESSES: dict[Act, Press] = {
    Act.REPLY: press_reply,
    Act.REPLY_SITUATION: press_situation,
    Act.REPLY_OUTCOME: press_outcome,
    Act.REPLY_EDIT: press_edit,
    Act.REPLY_DRAFT: press_draft,
    Act.UNDO: press_undo,
    Act.REVIEW_OK: press_review_ok,
    Act.REVIEW_RETURN: press_review_return,
    Act.SERVE: press_serve,
    Act.SERVE_LATE: press_serve_late,
}
