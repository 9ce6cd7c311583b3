"""Random histories of requests: walks through the table of transitions, on days around New Year."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from random import Random

from bot.desk.model import ApplicantKind, Event, EventKind, Outcome, Role, ServiceMethod, Status
from bot.desk.transitions import TRANSITIONS, Edge

FIRST, LAST = date(2022, 1, 1), date(2027, 12, 31)
ENDINGS = {
    EventKind.SERVED: None,  # the outcome of its draft
    EventKind.WITHDRAWN: Outcome.CLOSED_OTHER,
    EventKind.CONVERTED: Outcome.CLOSED_OTHER,  # filed as a request, it was a record correction (art. 41)
    EventKind.LAPSED_UNCORRECTED: Outcome.CLOSED_UNCORRECTED,
    EventKind.LAPSED_UNPAID: Outcome.CLOSED_UNPAID,
}
REMEDIES = ("reconsideration", "direct_suit", "suit_after_reconsideration")
_FROM: dict[Status | None, list[Edge]] = {}
for _edge in TRANSITIONS.values():
    _FROM.setdefault(_edge.status, []).append(_edge)
_MOST_STEPS = 36  # enough to be decided, contested and decided anew
_ANSWERED_BY = {
    EventKind.THIRD_PARTY_CONSULTED: EventKind.THIRD_PARTY_ANSWERED,
    EventKind.AGENCY_CONSULTED: EventKind.AGENCY_ANSWERED,
}
_REPLIES = [outcome for outcome in Outcome if outcome.is_reply]


def family(random: Random, first_number: int) -> list[list[Event]]:
    """One application, or one that was split into two or three: filed on one day by one applicant."""
    start = _some_day(random)
    kind = random.choice(list(ApplicantKind))
    return [
        history(random, f"{start.year}-{first_number + place:04d}", start, kind)
        for place in range(random.choice((1, 1, 1, 2, 3)))
    ]


def history(random: Random, number: str, start: date, kind: ApplicantKind) -> list[Event]:
    """What happened to one request, as far as it got; perhaps fought over after its reply."""
    events: list[Event] = []
    status: Status | None = None
    day = start
    awaited: Counter[EventKind] = Counter()  # several may be consulted at once
    reopened = False  # decided anew: it never gets back to where it was before its first end
    for _ in range(random.randint(1, _MOST_STEPS)):
        edge = _step(random, status)
        events.append(_event(random, edge, number, len(events) + 1, day, kind))
        reopened = reopened or edge.to is Status.RE_DECIDING
        if edge.event in ENDINGS:
            awaited.clear()
        status, day = _after(edge, awaited), _later(random, day)
        if reopened and status is Status.ASSIGNED:
            status = Status.RE_DECIDING
    return events


def _after(edge: Edge, awaited: Counter[EventKind]) -> Status:
    """Where a step leads: an answer to the last that is awaited leads on, any other does not."""
    if edge.event in _ANSWERED_BY:
        awaited[edge.event] += 1
    asked = {answer: question for question, answer in _ANSWERED_BY.items()}.get(edge.event)
    if asked is None:
        return edge.to
    awaited[asked] -= bool(awaited[asked])
    if awaited[EventKind.THIRD_PARTY_CONSULTED]:
        return Status.THIRD_PARTY
    return Status.OTHER_AGENCY if awaited[EventKind.AGENCY_CONSULTED] else Status.ASSIGNED


def _step(random: Random, status: Status | None) -> Edge:
    """A step that leads somewhere, most of the time; withdrawal is rare, or few would ever be answered."""
    edges = _FROM[status]
    onward = [edge for edge in edges if edge.to is not edge.status and edge.event is not EventKind.WITHDRAWN]
    return random.choice(onward if onward and random.random() < 0.8 else edges)


def _some_day(random: Random) -> date:
    """Any day; one in three within a fortnight of New Year."""
    if random.random() < 0.34:
        return date(random.randint(FIRST.year, LAST.year), 1, 1) + timedelta(days=random.randint(-14, 14))
    return FIRST + timedelta(days=random.randint(0, (LAST - FIRST).days))


def _later(random: Random, day: date) -> date:
    """The same day, some weeks later, or exactly at the end of the year or the beginning of the next."""
    if random.random() < 0.15:
        return random.choice((date(day.year, 12, 31), date(day.year + 1, 1, 1)))
    return day + timedelta(days=random.choice((0, 0, 1, 3, 15, 40)))


def _event(random: Random, edge: Edge, number: str, ordinal: int, day: date, kind: ApplicantKind) -> Event:
    data = {name: _recorded(random, name, day) for name in edge.required}
    data |= {"applicant_kind": kind.value}
    return Event(
        subject=number,
        ordinal=ordinal,
        kind=edge.event,
        at=datetime(day.year, day.month, day.day, tzinfo=UTC),
        on=day,
        actor="telegram:1",
        role=random.choice(sorted(edge.roles, key=_ROLES.index)),
        data=data,
    )


_ROLES = list(Role)
_VALUES: Mapping[str, Callable[[Random, date], str]] = {
    "correct_by": lambda random, day: (day + timedelta(days=random.randint(1, 30))).isoformat(),
    "until": lambda random, day: (day + timedelta(days=random.randint(1, 90))).isoformat(),
    "entry": lambda random, day: "third_party_consulted",
    "happened_on": lambda random, day: day.isoformat(),
    "pay_by": lambda random, day: (day + timedelta(days=28)).isoformat(),
    "working_days": lambda random, day: str(random.randint(1, 20)),
    "amount": lambda random, day: str(100 * random.randint(1, 9)),
    "outcome": lambda random, day: random.choice(_REPLIES).code,
    "method": lambda random, day: random.choice(list(ServiceMethod)).value,
    "remedy": lambda random, day: random.choice(REMEDIES),
    "result": lambda random, day: random.choice(("upheld", "corrected", "other")),
    "reasonable": lambda random, day: random.choice(("yes", "no")),
    "opinion": lambda random, day: random.choice(("agrees", "refuses", "silent")),
}


def _recorded(random: Random, name: str, day: date) -> str:
    value = _VALUES.get(name)
    return value(random, day) if value else "记录"
