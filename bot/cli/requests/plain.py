"""Requests and their events as plain values, for `--json`: identities masked, texts left out."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.desk.late_entry import LateEntry
    from bot.desk.model import DisclosureRequest, Event


def as_plain(request: DisclosureRequest) -> dict[str, Any]:
    """A request for JSON, identities masked."""
    return {
        "number": request.number,
        "status": request.status.value,
        "status_label": request.status.label,
        "intake": request.intake.value,
        "applicant_kind": request.applicant_kind.value,
        "applicant": request.applicant_masked,
        "content": request.content,
        "submitted_at": request.submitted_at.isoformat(),
        "received_on": iso(request.received_on),
        "due_on": iso(request.due_on),
        "provisional": request.provisional,
        "assigned_to": request.assigned_to,
        "outcome": request.outcome.value if request.outcome else None,
        "ended_on": iso(request.ended_on),
        "repeat_of": list(request.repeat_of),
    }


def late_entry_as_plain(entry: LateEntry, confirmed_by: str) -> dict[str, Any]:
    """What was entered late, for JSON; `confirmed_by` "" while it waits and has no effect."""
    return {
        "kind": entry.kind.value,
        "happened_on": entry.happened_on.isoformat(),
        "entered_on": entry.entered_on.isoformat(),
        "days": entry.days,
        "entered_by": entry.entered_by,
        "confirmed_by": confirmed_by or None,
    }


def event_as_plain(event: Event) -> dict[str, Any]:
    """An event for JSON: what happened when and by whom, without the texts."""
    return {
        "ordinal": event.ordinal,
        "kind": event.kind.value,
        "on": event.on.isoformat(),
        "at": event.at.isoformat(),
        "actor": event.actor,
        "role": event.role.value,
        "article": event.article,
        "hash": event.hash,
    }


def iso(day: date | None) -> str | None:
    """A day as JSON has it, None for none."""
    return day.isoformat() if day else None
