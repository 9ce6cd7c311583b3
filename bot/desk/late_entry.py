"""What happened in time and is entered later: it waits for a second person (LAW.md part 9).  Pure.

    entered on another day than it happened, with the document that proves it
        └─▶ late_entry_proposed ─┬─ a second person confirms ─▶ late_entry_confirmed, and the event itself,
                                 │                              dated the day it happened: now the clock knows
                                 └─ anybody of the staff declines ─▶ late_entry_declined: nothing happened

Until it is confirmed it has no effect at all, least of all on the clock.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from bot.desk.folding import folded
from bot.desk.model import Event, EventKind

# What can be entered late.  An extension and a deferral cannot: they are decisions, not facts of a day.
ENTERED_LATE = (
    EventKind.THIRD_PARTY_CONSULTED,
    EventKind.AGENCY_CONSULTED,
    EventKind.CORRECTION_ASKED,
    EventKind.FEE_NOTICED,
    EventKind.SERVED,
)
# A document, not somebody's word: 送达回证, a register, a letter's number, what the post gave.
_NAMED = (
    r"(?:回证|回执|签收[单簿表联记]|存根|邮件?号|邮单|邮戳|挂号|[a-z]{2}\d{9}cn|[a-z]{2}\d{11}|\d{13}|函|书面|原件|复印件|扫描件"
    r"|照片|收据|收条|发票|凭证|凭据|面单|底单|回单|登记[簿册表本]|[收发]文[簿登号]|文号|记录|笔录|信封|信件|意见书|告知书"
    r"|通知书|传真|电子邮件|截图|receipt|letter|record|copy|postmark|certificate|photo)"
)
_DOCUMENT = re.compile(_NAMED)
# One that is said not to be there: 没有回执, 无记录, 送达回证丢了.
_ABSENT = re.compile(
    rf"(?:没有?|无|缺|不[是算见]|未[取留见有收拿签]|丢了?|遗失|\bno\b|without)[^,。;、]{{0,4}}?{_NAMED}"
    rf"|{_NAMED}[^,。;、]{{0,3}}?(?:没[有拿了收找]|未[取留见有收拿]|丢|遗失|找不到|不见)"
)
_SHORTEST_PROOF = 3  # characters


@dataclass(frozen=True)
class LateEntry:
    """A late entry that waits for the second person."""

    ordinal: int  # of the event that proposed it: its name
    kind: EventKind  # what happened
    happened_on: date
    entered_on: date
    entered_by: str
    proof: str  # the document that shows the day
    data: Mapping[str, object]  # what the event itself will record

    @property
    def days(self) -> int:
        """The gap between the day and its entry, in calendar days."""
        return (self.entered_on - self.happened_on).days

    @property
    def about(self) -> str:
        """Whom or what it concerns: the party of a consultation, else nothing."""
        return str(self.data.get("party", ""))


def waiting(proposed: Event) -> LateEntry:
    """The late entry that an event proposes."""
    recorded = proposed.data.get("data")
    return LateEntry(
        ordinal=proposed.ordinal,
        kind=EventKind(proposed.text("entry")),
        happened_on=proposed.day("happened_on") or proposed.on,
        entered_on=proposed.on,
        entered_by=proposed.actor,
        proof=proposed.text("proof"),
        data=dict(recorded) if isinstance(recorded, Mapping) else {},
    )


def confirmed(events: Iterable[Event]) -> list[tuple[LateEntry, str]]:
    """The late entries that count, each with who confirmed it: proofs of the clock beside its days."""
    events = list(events)
    proposed = {str(event.ordinal): waiting(event) for event in _of(events, EventKind.LATE_ENTRY_PROPOSED)}
    return [
        (proposed[event.text("proposal")], event.actor)
        for event in _of(events, EventKind.LATE_ENTRY_CONFIRMED)
        if event.text("proposal") in proposed
    ]


def _of(events: Iterable[Event], kind: EventKind) -> list[Event]:
    return [event for event in events if event.kind is kind]


def names_a_document(proof: str) -> bool:
    """Whether the proof names a 书证 or 送达回证; 他本人, 电话里说的 or 没有回执 is nobody's document."""
    plain = re.sub(r"\s", "", folded(proof))
    return len(plain) >= _SHORTEST_PROOF and _DOCUMENT.search(_ABSENT.sub("", plain)) is not None
