"""What a button does, who may press it where, and which step takes the text that is typed.

A step is a name in the chat's memory, `filing.name` for instance: what stands before the dot finds its module
in `_STEPS`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from bot.desk.errors import DeskError
from bot.dialogue import attaching, talking
from bot.dialogue.admin import commands as admin
from bot.dialogue.admin import learning, telling
from bot.dialogue.handling import handler_of, handles
from bot.dialogue.payload import Act, Payload, Who, is_about_a_request, parse
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
from bot.dialogue.visit import Visit, turn
from bot.messages import Button, Opens, Part, Style, Turn

# Each declares what its buttons do as it is imported.
_WITH_BUTTONS = (
    *(asking, catalogue, inquiry, large, my_data, my_reasons, my_record_corrections, my_requests),
    *(request, subscriptions_chat, welcome, attaching, gathering, talking),
    *(acknowledging, demands, extending, filekeeping, forms, inquiries, late_entries, noting, proposing),
    *(publishing, queue, receiving, record_corrections, replying, reporting, serving),
    *(admin, learning, telling, roles_chat, roles_revoking),
)
_MAY_PRESS: dict[Who, Callable[[Visit], bool]] = {
    Who.ANYBODY: lambda visit: True,
    Who.STAFF: lambda visit: visit.is_staff,
    Who.OFFICE: lambda visit: visit.is_staff or visit.is_admin,
    Who.LEADERS: lambda visit: visit.is_leader,
    Who.ADMINS: lambda visit: visit.is_admin,
}


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
    if payload is None or not _MAY_PRESS[payload.act.declared.who](visit):
        return turn(visit.voice.message("button_expired", buttons=ways_out(visit)))
    if not visit.is_private and _is_said_alone(payload.act):
        return to_private(visit, link_of_act(payload))
    visit.memory.paused = bool(visit.memory.step) and not payload.act.declared.of_form
    try:
        done = handler_of(payload.act)(visit, payload)
    except DeskError as error:
        done = turn(refusal(visit.voice, error))
    return _with_ways_on(visit, payload, done)


def _is_said_alone(act: Act) -> bool:
    """In a group only what is public: browsing.  Everything else is said alone with the bot."""
    return act.declared.who is Who.ANYBODY and not act.declared.in_groups


def _with_ways_on(visit: Visit, payload: Payload, done: Turn) -> Turn:
    """A refusal about a request leads to its card: 请看最新的情况 needs a way there."""
    is_for_staff = payload.act.declared.who is Who.STAFF
    if not is_for_staff or not is_about_a_request(payload.act) or len(done.outgoing) != 1:
        return done
    said = done.outgoing[0]
    if not said.event.startswith("refused") or said.buttons or visit.memory.step:
        return done
    number = payload.arguments[0]
    row = (visit.voice.button("button_card", Act.CARD, number),)
    return replace(done, outgoing=(replace(said, buttons=(row,), subject=number),))


def staff_acts() -> Iterable[Act]:
    """Everything that only staff can press."""
    return (act for act in Act if act.declared.who is Who.STAFF)


def ways_out(visit: Visit) -> list[list[Button]]:
    """What to do instead, where something did not work."""
    if visit.is_staff:
        return [[visit.voice.button("button_queue", Act.QUEUE, 0)]]
    return welcome.main_rows(visit) if visit.is_private else []


@handles(Act.CANCEL)
def press_cancel(visit: Visit, payload: Payload) -> Turn:
    return commands.cancel(visit)


@handles(Act.RESUME)
def press_resume(visit: Visit, payload: Payload) -> Turn:
    return resume(visit)


@handles(Act.UNATTACH)
def press_unattach(visit: Visit, payload: Payload) -> Turn:
    return unattach(visit)


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
    return payload is not None and not _is_said_alone(payload.act)
