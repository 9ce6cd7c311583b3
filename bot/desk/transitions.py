"""The table of LAW.md part 4: (status, event) -> status, who may, on which article, what must be recorded.

Pure.  `edge_from` is the only way to a new status; an act that has no edge here does not exist.  What an
edge needs beyond its own fields (a consultation before C4, ...) stands in `guards.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bot.desk.errors import MissingFields, NotAllowed, WrongStep
from bot.desk.model import Event, EventKind, Role, Status

_STAFF = frozenset({Role.OFFICER, Role.REVIEWER, Role.APPROVER})
_OFFICER = frozenset({Role.OFFICER})
_EITHER = frozenset({Role.APPLICANT, Role.OFFICER})


@dataclass(frozen=True)
class Edge:
    """One allowed step.  `status` None is the beginning."""

    status: Status | None
    event: EventKind
    to: Status
    roles: frozenset[Role]
    article: str = ""
    required: tuple[str, ...] = ()


_ALL = tuple(Status)
_OPEN = tuple(status for status in Status if status.is_open)
_ENDED = (
    Status.SERVED,
    Status.WITHDRAWN,
    Status.LAPSED_UNCORRECTED,
    Status.LAPSED_UNPAID,
    Status.CONVERTED,
)
_CONTESTABLE = (
    Status.SERVED,
    Status.ARCHIVED,
    Status.LAPSED_UNCORRECTED,
    Status.LAPSED_UNPAID,
    Status.CONVERTED,
)
_CLOCK_RUNS = (
    Status.ASSIGNED,
    Status.REASONS_ASKED,
    Status.THIRD_PARTY,
    Status.OTHER_AGENCY,
    Status.DRAFTED,
    Status.REVIEWED,
    Status.SIGNED,
)


def _stay(
    statuses: Iterable[Status],
    event: EventKind,
    roles: frozenset[Role],
    article: str = "",
    required: tuple[str, ...] = (),
) -> Iterator[Edge]:
    """An event that is recorded without moving the request."""
    for status in statuses:
        yield Edge(status, event, status, roles, article, required)


def _edges() -> Iterator[Edge]:
    kind, at = EventKind, Status
    yield Edge(None, kind.SUBMITTED, at.SUBMITTED, _EITHER, "29", ("content", "form"))
    yield Edge(at.SUBMITTED, kind.RECEIVED, at.RECEIVED, _OFFICER, "31", ("proof",))
    for status in (at.RECEIVED, at.ASSIGNED):  # a wrong tap, before anything was done on it (guards.py)
        yield Edge(status, kind.RECEIPT_UNDONE, at.SUBMITTED, _STAFF, "31", ("reason",))
    yield Edge(at.RECEIVED, kind.ASSIGNED, at.ASSIGNED, _STAFF, "45", ("assignee",))
    yield from _stay(set(_OPEN) - {at.RECEIVED}, kind.ASSIGNED, _STAFF, "45", ("assignee",))
    # 一事一申请: what remains stays here, each other thing becomes a request of its own (acts/splitting.py)
    yield from _stay((at.ASSIGNED,), kind.SPLIT, _OFFICER, "29", ("content", "parts"))
    # Correspondence with the applicant
    yield Edge(at.ASSIGNED, kind.CORRECTION_ASKED, at.CORRECTION_ASKED, _OFFICER, "30", ("what",))
    yield from _stay(
        (at.CORRECTION_ASKED,), kind.CORRECTION_NOTICE_RECEIVED, _OFFICER, "30", ("proof", "correct_by")
    )
    yield Edge(at.CORRECTION_ASKED, kind.CORRECTION_RECEIVED, at.ASSIGNED, _EITHER, "30", ("content",))
    yield Edge(at.CORRECTION_ASKED, kind.LAPSED_UNCORRECTED, at.LAPSED_UNCORRECTED, _OFFICER, "30")
    yield Edge(at.ASSIGNED, kind.REASONS_ASKED, at.REASONS_ASKED, _OFFICER, "35", ("count",))
    yield Edge(
        at.REASONS_ASKED, kind.REASONS_RECEIVED, at.ASSIGNED, _OFFICER, "35", ("reasons", "reasonable")
    )
    yield Edge(at.REASONS_ASKED, kind.REASONS_NOT_GIVEN, at.ASSIGNED, _OFFICER, "35")
    yield Edge(at.ASSIGNED, kind.DEFERRED, at.ASSIGNED, frozenset({Role.APPROVER}), "35", ("until", "reason"))
    yield Edge(at.ASSIGNED, kind.FEE_NOTICED, at.FEE_NOTICED, _OFFICER, "42", ("amount", "pay_by"))
    yield Edge(at.FEE_NOTICED, kind.FEE_PAID, at.ASSIGNED, _OFFICER, "42", ("proof",))
    yield Edge(at.FEE_NOTICED, kind.FEE_WITHDRAWN, at.ASSIGNED, _OFFICER, "42", ("reason",))
    yield Edge(at.FEE_NOTICED, kind.LAPSED_UNPAID, at.LAPSED_UNPAID, _OFFICER, "42")
    # Opinions of others: the clock stands still
    # Several may be asked at once.  `to` of an answer is where the last one leads; while others are
    # awaited the request stays with them (standing.py).
    for status in (at.ASSIGNED, at.RE_DECIDING, at.THIRD_PARTY, at.OTHER_AGENCY):
        yield Edge(status, kind.THIRD_PARTY_CONSULTED, at.THIRD_PARTY, _OFFICER, "32", ("party",))
    yield Edge(at.THIRD_PARTY, kind.THIRD_PARTY_ANSWERED, at.ASSIGNED, _OFFICER, "32", ("opinion",))
    for status in (at.ASSIGNED, at.RE_DECIDING, at.OTHER_AGENCY):
        yield Edge(status, kind.AGENCY_CONSULTED, at.OTHER_AGENCY, _OFFICER, "34", ("party",))
    yield Edge(at.THIRD_PARTY, kind.AGENCY_CONSULTED, at.THIRD_PARTY, _OFFICER, "34", ("party",))
    yield Edge(at.OTHER_AGENCY, kind.AGENCY_ANSWERED, at.ASSIGNED, _OFFICER, "34", ("opinion",))
    yield Edge(at.THIRD_PARTY, kind.AGENCY_ANSWERED, at.THIRD_PARTY, _OFFICER, "34", ("opinion",))
    # An office or a village of one's own is asked to help: internal work, the clock goes on
    for event, required in (
        (kind.COOPERATION_ASKED, ("party", "what", "answer_by")),
        (kind.COOPERATION_RECEIVED, ("party", "text")),
    ):
        yield from _stay(
            (at.ASSIGNED, at.RE_DECIDING, at.THIRD_PARTY, at.OTHER_AGENCY), event, _OFFICER, "45", required
        )
    yield from _stay(_CLOCK_RUNS, kind.EXTENDED, frozenset({Role.APPROVER}), "33", ("working_days", "reason"))
    # The reply
    yield from _stay(
        (at.ASSIGNED, at.RE_DECIDING, at.THIRD_PARTY, at.OTHER_AGENCY, at.DRAFTED),
        kind.SEARCHED,
        _OFFICER,
        "36(4)",
        ("places", "result"),
    )
    for status in (at.ASSIGNED, at.RE_DECIDING, at.DRAFTED, at.REVIEWED):
        yield Edge(status, kind.DRAFTED, at.DRAFTED, _OFFICER, "36", ("outcome", "text"))
    for status in (at.DRAFTED, at.REVIEWED, at.SIGNED):
        yield Edge(status, kind.DRAFT_RETURNED, at.ASSIGNED, _STAFF, "17")
    yield Edge(at.DRAFTED, kind.REVIEWED, at.REVIEWED, frozenset({Role.REVIEWER}), "17")
    yield from _stay(
        (at.DRAFTED, at.REVIEWED, at.SIGNED), kind.THIRD_PARTY_INFORMED, _OFFICER, "32", ("party", "reason")
    )
    for status in (at.DRAFTED, at.REVIEWED):  # from DRAFTED only where the office has no second person
        yield Edge(status, kind.SIGNED, at.SIGNED, _STAFF, "45")
    yield Edge(at.SIGNED, kind.SERVED, at.SERVED, _OFFICER, "36", ("method",))
    for status in _ENDED:
        yield Edge(status, kind.ARCHIVED, at.ARCHIVED, _OFFICER, "45")
    yield Edge(at.ASSIGNED, kind.CONVERTED, at.CONVERTED, _OFFICER, "41", ("record_correction", "reason"))
    for status in _OPEN:
        yield Edge(status, kind.WITHDRAWN, at.WITHDRAWN, _EITHER)
    # What happened in time and is entered later: no effect until a second person confirms it (late_entry.py)
    entry = ("entry", "happened_on", "proof")
    late = (*_CLOCK_RUNS, at.RE_DECIDING)
    yield from _stay(late, kind.LATE_ENTRY_PROPOSED, _STAFF, "33", entry)
    for event in (kind.LATE_ENTRY_CONFIRMED, kind.LATE_ENTRY_DECLINED):
        yield from _stay(late, event, _STAFF, "33", ("proposal",))
    # Beside the way
    yield from _stay(_ALL, kind.NOTED, _STAFF, "", ("text",))
    yield from _stay(_OPEN, kind.IDENTITY_TAKEN, _OFFICER, "29", ("applicant_kind", "document", "how"))
    yield from _stay(_OPEN, kind.REPRESENTATION_RECORDED, _OFFICER, "29")
    yield from _stay(_OPEN, kind.IDENTITY_CHECKED, _OFFICER, "29", ("document", "how"))
    yield from _stay(_ALL, kind.IDENTITY_VIEWED, _STAFF)
    yield from _stay((*_ENDED, at.ARCHIVED), kind.IDENTITY_ERASED, frozenset({Role.OFFICER, Role.PROGRAM}))
    yield from _stay(_OPEN, kind.DUE_DATE_MOVED, frozenset({Role.PROGRAM}), "", ("was", "now"))
    # Remedies: against a decision, a lapse, or silence after expiry (remedies.py)
    contested = (at.RECEIVED, *_CLOCK_RUNS, at.RE_DECIDING, *_CONTESTABLE)
    yield from _stay(contested, kind.REMEDY_STARTED, _OFFICER, "51", ("remedy",))
    # One that was begun against silence is decided even if the request has been withdrawn since (Table 4).
    decided = (*contested, at.WITHDRAWN)
    yield from _stay(decided, kind.REMEDY_DECIDED, _OFFICER, "51", ("remedy", "result"))
    for status in _CONTESTABLE:  # the only way back from an end
        yield Edge(status, kind.REDECISION_ORDERED, at.RE_DECIDING, _OFFICER, "51", ("remedy",))
    yield from _stay((*_CLOCK_RUNS, at.RE_DECIDING), kind.REDECISION_ORDERED, _OFFICER, "51", ("remedy",))
    for status in (at.SERVED, at.ARCHIVED):
        yield Edge(status, kind.PUBLISHED, status, _OFFICER, "44", ("title",))
        yield Edge(status, kind.PUBLICATION_DECLINED, status, _OFFICER, "44", ("reason",))


TRANSITIONS: dict[tuple[Status | None, EventKind], Edge] = {
    (edge.status, edge.event): edge for edge in _edges()
}


def edge_from(status: Status | None, event: EventKind) -> Edge:
    """The step from `status` by `event`; raises WrongStep when there is none."""
    edge = TRANSITIONS.get((status, event))
    if edge is None:
        raise WrongStep("wrong_step", status=status or "", event=event)
    return edge


def check(status: Status | None, event: Event) -> Edge:
    """The step that a complete event takes: role and recorded fields fit, or NotAllowed, MissingFields."""
    edge = edge_from(status, event.kind)
    if event.role not in edge.roles:
        raise NotAllowed("not_your_step", event=event.kind, role=event.role)
    missing = tuple(name for name in edge.required if not event.text(name).strip())
    if missing and not event.erased:
        raise MissingFields("fields_missing", event=event.kind, fields=missing)
    return edge


def steps_from(status: Status) -> tuple[EventKind, ...]:
    """What can happen next: for menus."""
    return tuple(edge.event for edge in TRANSITIONS.values() if edge.status is status)
