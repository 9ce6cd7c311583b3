"""What a button does, who may press it where, and which step takes the text that is typed.

A step is a name in the chat's memory, `filing.name` for instance: what stands before the dot finds its module
in `_STEPS`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from bot.desk.errors import DeskError
from bot.dialogue import attaching, talking
from bot.dialogue.admin import commands as admin
from bot.dialogue.admin import learning, telling
from bot.dialogue.payload import Act, Payload, is_about_a_request, parse
from bot.dialogue.refusals import refusal
from bot.dialogue.resident import (
    asking,
    catalogue,
    large,
    my_data,
    my_reasons,
    my_record_corrections,
    my_requests,
    welcome,
)
from bot.dialogue.resident.filing import form, inquiry, request
from bot.dialogue.resident.handing_over import link_of_act, to_private
from bot.dialogue.resident.subscriptions import chat as subscriptions_chat
from bot.dialogue.roles import chat as roles_chat
from bot.dialogue.roles import revoking as roles_revoking
from bot.dialogue.routing import commands, gathering
from bot.dialogue.staff import (
    acknowledging,
    demands,
    extending,
    filekeeping,
    forms,
    inquiries,
    late_entries,
    noting,
    proposing,
    publishing,
    queue,
    receiving,
    record_corrections,
    recording,
    replying,
    reporting,
    serving,
)
from bot.dialogue.step import Step
from bot.dialogue.visit import Press, Visit, turn
from bot.messages import Button, Opens, Part, Style, Turn

_RESIDENTS: dict[Act, Press] = {
    **welcome.PRESSES,
    **asking.PRESSES,
    **catalogue.PRESSES,
    **request.PRESSES,
    **inquiry.PRESSES,
    **my_requests.PRESSES,
    **gathering.PRESSES,
    **my_data.PRESSES,
    **my_reasons.PRESSES,
    **talking.RESIDENT_PRESSES,
    **my_record_corrections.PRESSES,
    **subscriptions_chat.PRESSES,
    **large.PRESSES,
    **attaching.PRESSES,
}
_STAFF: dict[Act, Press] = {
    **queue.PRESSES,
    **receiving.PRESSES,
    **replying.PRESSES,
    **serving.PRESSES,
    **inquiries.PRESSES,
    **noting.PRESSES,
    **talking.STAFF_PRESSES,
    **publishing.PRESSES,
    **forms.PRESSES,
    **extending.PRESSES,
    **late_entries.PRESSES,
    **acknowledging.PRESSES,
    **proposing.PRESSES,
    **record_corrections.PRESSES,
    **reporting.PRESSES,
    **demands.PRESSES,
    **filekeeping.PRESSES,
    **attaching.STAFF_PRESSES,
    **gathering.STAFF_PRESSES,
}
_ADMINS: dict[Act, Press] = {**admin.PRESSES, **learning.ADMIN_PRESSES, **telling.PRESSES}
_OFFICE: dict[Act, Press] = learning.OFFICE_PRESSES  # staff or admins
_LEADERS: dict[Act, Press] = {**roles_chat.PRESSES, **roles_revoking.PRESSES}
# In a group only what is public: browsing.  Everything else is said alone with the bot.
_IN_GROUPS = frozenset({Act.CATALOGUE, Act.CATALOGUE_IN_PLACE, Act.CATEGORY, Act.ENTRY})
# These belong to a form; any other button pressed in the middle of one pauses it.
_OF_FORMS = frozenset(
    {
        *request.PRESSES,
        *inquiry.PRESSES,
        *replying.PRESSES,
        *inquiries.PRESSES,
        *noting.PRESSES,
        *publishing.PRESSES,
    }
    | forms.OF_FORMS
    | proposing.PRESSES.keys()
    | {
        Act.MORE_BUTTONS,
        Act.CANCEL,
        Act.RESUME,
        Act.ORAL_HELP,
        Act.MY_CORRECT,
        Act.MY_CORRECT_SURE,
        Act.MY_CORRECT_FILES,
        Act.SUPPLEMENT,
        Act.MY_REASONS,
        Act.ASK_CORRECTION,
        Act.UNATTACH,
    }
)


def _always(visit: Visit) -> bool:
    return True


_STEPS: dict[str, Step] = {
    **dict.fromkeys(
        form.PREFIXES.values(), Step(request.answer, request.again, takes_files=request.takes_files)
    ),
    inquiry.INQUIRY: Step(inquiry.answer, inquiry.again),
    my_requests.CORRECTION: Step(my_requests.answer, my_requests.again, takes_files=_always, captions=True),
    my_reasons.REASONS: Step(my_reasons.answer, my_reasons.again),
    replying.REPLY: Step(replying.answer, replying.again, for_staff=True, takes_files=_always, captions=True),
    inquiries.ANSWER: Step(
        inquiries.answer, inquiries.again, for_staff=True, takes_files=_always, captions=True
    ),
    publishing.PUBLISH: Step(publishing.answer, publishing.again, for_staff=True),
    recording.RECORD: Step(forms.answer, forms.again, for_staff=True),
}


def press(visit: Visit, data: str) -> Turn:
    """Do what a button says; one that is gone or not for this person gets a kind sentence."""
    payload = parse(data)
    found = _press_of(visit, payload) if payload else None
    if payload is None or found is None:
        return turn(visit.voice.message("button_expired", buttons=ways_out(visit)))
    if not visit.is_private and payload.act in _RESIDENTS and payload.act not in _IN_GROUPS:
        return to_private(visit, link_of_act(payload))
    visit.memory.paused = bool(visit.memory.step) and payload.act not in _OF_FORMS
    try:
        done = found(visit, payload)
    except DeskError as error:
        done = turn(refusal(visit.voice, error))
    return _with_ways_on(visit, payload, done)


def _with_ways_on(visit: Visit, payload: Payload, done: Turn) -> Turn:
    """A refusal about a request leads to its card: 请看最新的情况 needs a way there."""
    if payload.act not in _STAFF or not is_about_a_request(payload.act) or len(done.outgoing) != 1:
        return done
    said = done.outgoing[0]
    if not said.event.startswith("refused") or said.buttons or visit.memory.step:
        return done
    number = payload.arguments[0]
    row = (visit.voice.button("button_card", Act.CARD, number),)
    return replace(done, outgoing=(replace(said, buttons=(row,), subject=number),))


def _press_of(visit: Visit, payload: Payload) -> Press | None:
    if payload.act is Act.CANCEL:
        return lambda visit, payload: commands.cancel(visit)
    if payload.act is Act.RESUME:
        return lambda visit, payload: resume(visit)
    if payload.act is Act.UNATTACH:
        return lambda visit, payload: unattach(visit)
    if payload.act in _STAFF:
        return _STAFF[payload.act] if visit.is_staff else None
    if payload.act in _OFFICE:
        return _OFFICE[payload.act] if visit.is_staff or visit.is_admin else None
    if payload.act in _ADMINS:
        return _ADMINS[payload.act] if visit.is_admin else None
    if payload.act in _LEADERS:
        return _LEADERS[payload.act] if visit.is_leader else None
    return _RESIDENTS.get(payload.act)


def staff_acts() -> Iterable[Act]:
    """Everything that only staff can press."""
    return _STAFF.keys()


def ways_out(visit: Visit) -> list[list[Button]]:
    """What to do instead, where something did not work."""
    if visit.is_staff:
        return [[visit.voice.button("button_queue", Act.QUEUE, 0)]]
    return welcome.main_rows(visit) if visit.is_private else []


def resume(visit: Visit) -> Turn:
    """继续, 继续填: the present step once more."""
    step = step_of(visit)
    if step is None:
        event = "form_gone" if visit.incoming.button else "nothing_to_resume"
        return turn(visit.voice.message(event, buttons=ways_out(visit)))
    visit.memory.paused = False
    return step.again(visit)


def unattach(visit: Visit) -> Turn:
    """去掉附件: the last one; the form asks again."""
    step = step_of(visit) if visit.memory.step and not visit.memory.paused else None
    if step is None or not step.takes_files(visit) or not attaching.remove_last(visit):
        return turn(visit.voice.message("form_gone"))
    return said_first(step.again(visit), visit.voice.small("attached_removed"))


def said_first(asked: Turn, said: Part) -> Turn:
    """What was done is said before the step asks again; 第 3 步，共 6 步 stays on top."""
    first, *rest = asked.outgoing
    begins = 1 if first.parts[0].style is Style.SMALL else 0
    parts = (*first.parts[:begins], said, *first.parts[begins:])
    return replace(asked, outgoing=(replace(first, parts=parts), *rest))


def step_of(visit: Visit) -> Step | None:
    """The step that waits; a member of staff who is none any more has none."""
    step = _STEPS.get(visit.memory.step.partition(".")[0])
    return None if step is None or (step.for_staff and not visit.is_staff) else step


def is_for_groups(button: Button) -> bool:
    """Whether a group may see it: anybody may press it there, or staff and admins alone can."""
    if button.opens is not Opens.NOTHING:
        return True
    payload = parse(button.data)
    return payload is not None and (payload.act in _IN_GROUPS or payload.act not in _RESIDENTS)
