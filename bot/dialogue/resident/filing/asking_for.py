"""What each step of the form says: the question, an example, and its buttons."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bot.desk.identity import mask_id
from bot.desk.model import ApplicantKind, DeliveryForm
from bot.dialogue.payload import Act
from bot.dialogue.resident.filing.form import (
    CAPACITIES,
    FOR_OTHER,
    TOGETHER,
    WAYS,
    contact_line,
    first_step,
    is_for_other,
    is_organisation,
    is_together,
    is_without_identity,
    memory_step,
    number_of,
    numbered,
    step_named,
)
from bot.dialogue.visit import Visit
from bot.messages import Button, Outgoing, Part, Style

_ID_NUMBERS = frozenset({"id_number", "guardian_id", "agent_id"})


def question_of(visit: Visit, name: str, *before: Part) -> Outgoing:
    """The question of a step; `before` are remarks that come first (what was wrong, what was noted)."""
    step = step_named(name)
    assert step is not None
    progress = visit.voice.small(
        "form_progress", number=number_of(visit.memory.draft, step), of=numbered(visit.memory.draft)
    )
    return _QUESTIONS[name](visit, (progress, *before))


def navigation(visit: Visit, *, keep: str = "") -> list[list[Button]]:
    """Back and cancel, everywhere; `keep` is the event of a button that leaves the answer as it is."""
    draft_id = visit.memory.draft["draft"]
    is_first = visit.memory.step == memory_step(visit.memory.draft, first_step(visit.memory.draft))
    rows = [[visit.voice.button(keep, Act.FORM_KEEP, draft_id)]] if keep else []
    return [
        *rows,
        [
            *([visit.voice.button("button_back", Act.FORM_BACK, draft_id)] if not is_first else []),
            visit.voice.button("button_cancel", Act.CANCEL),
        ],
    ]


def _choice(visit: Visit, event: str, step: str, value: str) -> Button:
    return visit.voice.button(event, Act.FORM_CHOOSE, step, value, visit.memory.draft["draft"])


def _kind(visit: Visit, before: tuple[Part, ...]) -> Outgoing:
    buttons = [_choice(visit, f"kind_{kind.name.lower()}", "kind", kind.value) for kind in ApplicantKind]
    rows = [[buttons[0]], buttons[1:3], buttons[3:5], buttons[5:]]
    first = [] if visit.memory.draft.get("kind") else [visit.voice.button("button_oral_help", Act.ORAL_HELP)]
    event = "form_kind_of_other" if is_for_other(visit.memory.draft) else "form_kind"
    return visit.voice.message(
        event, before=before, buttons=[*rows, _for_whom(visit), first, *_navigation_kept(visit, "kind")]
    )


def _for_whom(visit: Visit) -> list[Button]:
    """Who files for another, or with others, says so first; one press more takes it back."""
    draft = visit.memory.draft
    row = [
        _choice(
            visit,
            "button_for_self" if is_for_other(draft) else "button_for_other",
            FOR_OTHER,
            "no" if is_for_other(draft) else "yes",
        )
    ]
    if not is_together(draft):
        row.append(_choice(visit, "button_together", TOGETHER, "yes"))
    return row


def _capacity(visit: Visit, before: tuple[Part, ...]) -> Outgoing:
    rows = [[_choice(visit, f"capacity_{each}", "capacity", each)] for each in CAPACITIES]
    myself = [_choice(visit, "button_for_self", FOR_OTHER, "no")]
    kept = _navigation_kept(visit, "capacity")
    return visit.voice.message("form_capacity", before=before, buttons=[*rows, myself, *kept])


def _others(visit: Visit, before: tuple[Part, ...]) -> Outgoing:
    message = _typed("form_others", "others")(visit, before)
    return _with_row(message, [_choice(visit, "button_others_later", TOGETHER, "no")])


def _typed(event: str, name: str) -> Callable[[Visit, tuple[Part, ...]], Outgoing]:
    """A question that is answered by typing."""

    def ask(visit: Visit, before: tuple[Part, ...]) -> Outgoing:
        draft = visit.memory.draft
        after = [Part(_as_shown(name, draft[name]), Style.QUOTE)] if draft.get(name) else []
        return visit.voice.message(event, *after, before=before, buttons=_navigation_kept(visit, name))

    return ask


def _as_shown(name: str, given: str) -> str:
    """A number that proves identity is checked already; it is never repeated in full."""
    return mask_id(given) if name in _ID_NUMBERS else given


def _name(visit: Visit, before: tuple[Part, ...]) -> Outgoing:
    draft = visit.memory.draft
    event = "form_name_of_other" if is_for_other(draft) else "form_name"
    if is_organisation(draft):
        event = "form_name_organisation"
    return _typed(event, "name")(visit, before)


def _id_number(visit: Visit, before: tuple[Part, ...]) -> Outgoing:
    draft = visit.memory.draft
    if draft.get("id_other"):
        return _typed("form_other_document", "id_number")(visit, before)
    event = "form_id_number_of_other" if is_for_other(draft) else "form_id_number"
    if is_organisation(draft):
        event = "form_code"
    message = _typed(event, "id_number")(visit, before)
    other = _choice(visit, "button_other_document", "id_other", "yes")
    return _with_row(message, [other])


def _contact(visit: Visit, before: tuple[Part, ...]) -> Outgoing:
    given = contact_line(visit.memory.draft)
    after = [Part(given, Style.QUOTE)] if given else []
    keep = "button_enough" if given else ""
    rows = navigation(visit, keep=keep)
    draft = visit.memory.draft
    if is_without_identity(draft) and not is_for_other(draft):  # elsewhere it was asked with the name
        rows.insert(0, [_choice(visit, "button_for_other", FOR_OTHER, "yes")])
    return visit.voice.message("form_contact", *after, before=before, buttons=rows)


def _wanted(visit: Visit, before: tuple[Part, ...]) -> Outgoing:
    wanted = visit.memory.draft.get("wanted", "")
    if not wanted:
        return visit.voice.message("form_wanted", before=before, buttons=navigation(visit))
    return visit.voice.message(
        "form_wanted_prefilled",
        Part(wanted, Style.QUOTE),
        before=before,
        buttons=navigation(visit, keep="button_this_is_it"),
    )


def _form(visit: Visit, before: tuple[Part, ...]) -> Outgoing:
    rows = [[_choice(visit, f"form_{form.value}", "form", form.value)] for form in DeliveryForm]
    return visit.voice.message("form_form", before=before, buttons=[*rows, *_navigation_kept(visit, "form")])


def _way(visit: Visit, before: tuple[Part, ...]) -> Outgoing:
    ways = WAYS[DeliveryForm(visit.memory.draft["form"])]
    rows = [[_choice(visit, f"way_{way}", "way", way)] for way in ways]
    return visit.voice.message("form_way", before=before, buttons=[*rows, *_navigation_kept(visit, "way")])


def _navigation_kept(visit: Visit, name: str) -> list[list[Button]]:
    return navigation(visit, keep="button_keep" if visit.memory.draft.get(name) else "")


def _with_row(message: Outgoing, row: list[Button]) -> Outgoing:
    return replace(message, buttons=(tuple(row), *message.buttons))


_QUESTIONS: dict[str, Callable[[Visit, tuple[Part, ...]], Outgoing]] = {
    "kind": _kind,
    "name": _name,
    "id_number": _id_number,
    "guardian_name": _typed("form_guardian_name", "guardian_name"),
    "guardian_id": _typed("form_guardian_id", "guardian_id"),
    "capacity": _capacity,
    "agent_name": _typed("form_agent_name", "agent_name"),
    "agent_id": _typed("form_agent_id", "agent_id"),
    "others": _others,
    "representative": _typed("form_representative", "representative"),
    "contact": _contact,
    "wanted": _wanted,
    "form": _form,
    "way": _way,
    "post_address": _typed("form_post_address", "post_address"),
    "email_address": _typed("form_email_address", "email_address"),
    "record": _typed("form_record", "record"),
    "wrong": _typed("form_wrong", "wrong"),
    "evidence": _typed("form_evidence", "evidence"),
}
