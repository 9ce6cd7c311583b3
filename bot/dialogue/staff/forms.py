"""All forms of staff by name, and how one is begun; which of them a request can take now says `possible`."""

from __future__ import annotations

from bot.desk.model import DisclosureRequest
from bot.dialogue import record_card
from bot.dialogue.handling import handles
from bot.dialogue.payload import Act, Payload
from bot.dialogue.staff import (
    demands,
    extending,
    filekeeping,
    intake,
    opinions,
    proposing,
    receiving,
    record_corrections,
    recording,
    remedies,
    reporting,
    serving,
    splitting,
)
from bot.dialogue.staff.possible import OF_REQUESTS, closed, closed_step, offered, why_not
from bot.dialogue.staff.recording import RECORD, Form
from bot.dialogue.visit import Visit, turn
from bot.messages import Button, Part, Turn

FORMS: dict[str, Form] = {
    form.name: form
    for form in (
        *receiving.FORMS,
        splitting.SPLIT,
        *opinions.FORMS,
        *extending.FORMS,
        *demands.FORMS,
        *filekeeping.FORMS,
        *remedies.FORMS,
        *serving.FORMS,
        *record_corrections.FORMS,
        *proposing.FORMS,
        intake.INTAKE,
        intake.TAKE_IDENTITY,
        intake.REPRESENTATION,
        intake.AUTHORITY,
        reporting.FIGURES,
    )
}
ABOUT_REQUESTS = (*OF_REQUESTS, *record_card.STEPS)  # the forms that begin on a card


def buttons(visit: Visit, request: DisclosureRequest) -> list[Button]:
    """A button for each form that this request can take now."""
    voice, number = visit.voice, request.number
    return [voice.button(f"step_{name}", Act.RECORD, number, name) for name in offered(visit, request)]


@handles(Act.MORE)
def press_more(visit: Visit, payload: Payload) -> Turn:
    """What else can be done with a request now."""
    number = payload.arguments[0]
    request = visit.desk.requests.get(number)
    voice = visit.voice
    rows = [[button] for button in buttons(visit, request)]
    rows.append(
        [voice.button("button_letters", Act.LETTERS, number), voice.button("button_card", Act.CARD, number)]
    )
    filed = visit.desk.requests.filed_within(number)
    remark = [voice.small("filed_within_year", count=filed)] if filed > 1 else []
    shut = closed(visit, request)
    return turn(voice.message("staff_more", *shut, *remark, number=number, buttons=rows))


@handles(Act.RECORD)
def press_record(visit: Visit, payload: Payload) -> Turn:
    """Begin a form about a request."""
    number, name = payload.arguments
    form = FORMS.get(name)
    of_record = record_corrections.is_number(number)
    if form is None or name not in (record_card.STEPS if of_record else OF_REQUESTS):
        return turn(visit.voice.message("button_expired"))
    if of_record:
        visit.desk.record_corrections.get(number)
    elif error := why_not(visit, visit.desk.requests.get(number), name):
        return turn(closed_step(visit, number, error))
    return recording.begin(visit, form, number)


def form_in_hand(visit: Visit, draft_id: str = "") -> Form | None:
    """The form that is being filled in, None when it is another or none."""
    memory = visit.memory
    if memory.step.partition(".")[0] != RECORD or draft_id not in ("", memory.draft.get("id")):
        return None
    return FORMS.get(memory.draft.get("form", ""))


def waits_for_day(visit: Visit) -> bool:
    """Whether the next answer is a day, or a number of days."""
    form = None if visit.memory.paused else form_in_hand(visit)
    return form is not None and recording.asks_for_days(visit, form)


def quotes(visit: Visit) -> bool:
    """Whether the form that waits asks for what somebody else said."""
    form = None if visit.memory.paused else form_in_hand(visit)
    return form is not None and recording.quotes(visit, form)


def takes(visit: Visit, text: str) -> bool:
    """Whether the form that waits asks for just this."""
    form = None if visit.memory.paused else form_in_hand(visit)
    return form is not None and recording.takes(visit, form, text)


def answer(visit: Visit, text: str) -> Turn:
    """A typed answer."""
    form = form_in_hand(visit)
    return recording.take(visit, form, text) if form else turn(visit.voice.message("form_gone"))


def again(visit: Visit, *before: Part) -> Turn:
    """Ask once more."""
    form = form_in_hand(visit)
    return recording.ask(visit, form, *before) if form else turn(visit.voice.message("form_gone"))


@handles(Act.RECORD_CHOOSE)
def press_choose(visit: Visit, payload: Payload) -> Turn:
    """A chosen answer; a page answers all questions at once."""
    form = form_in_hand(visit, payload.arguments[1])
    if form is None:
        return turn(visit.voice.message("form_gone"))
    if visit.incoming.filled:
        return recording.take_all(visit, form, dict(visit.incoming.filled))
    return recording.take(visit, form, payload.arguments[0])


@handles(Act.RECORD_BACK)
def press_back(visit: Visit, payload: Payload) -> Turn:
    """上一步."""
    form = form_in_hand(visit, payload.arguments[0])
    return recording.back(visit, form) if form else turn(visit.voice.message("form_gone"))


@handles(Act.RECORD_SAVE)
def press_save(visit: Visit, payload: Payload) -> Turn:
    """确认登记."""
    form = form_in_hand(visit, payload.arguments[0])
    return recording.save(visit, form) if form else turn(visit.voice.message("form_gone"))
