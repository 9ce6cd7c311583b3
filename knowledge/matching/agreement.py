"""Whether a candidate is of the year, the agency and the place that a question names, and states the kind of
thing that it asks for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from knowledge.entry import Entry, EntryKind
from knowledge.matching.agencies import AskedAgency, asked_agency
from knowledge.matching.asked import gives
from knowledge.matching.face import Face
from knowledge.matching.query import Query
from knowledge.matching.scope import Scope
from knowledge.matching.years import AskedYears, asked_years
from knowledge.sources.section import PREAMBLE
from knowledge.text.normalize import squeeze


@dataclass(frozen=True)
class Named:
    """What a question says of year and agency, as far as the base has such."""

    years: AskedYears
    agency: AskedAgency

    @classmethod
    def of(cls, query: Query, scope: Scope, today: date) -> Named:
        return cls(asked_years(query.raw, today, scope.years), asked_agency(query.raw, scope.agencies))


def of_entry(query: Query, named: Named, face: Face) -> Mapping[str, float]:
    """1 it agrees, -1 it is of another, 0 it does not say or was not asked."""
    return {
        "agency": _agency(named.agency, face.entry),
        "year": _year(named.years, face.entry),
        "place": _place(query, face),
    }


def _agency(asked: AskedAgency, entry: Entry) -> float:
    if not asked.agency or not entry.agency:
        return 0.0
    return 1.0 if entry.agency == asked.agency else -1.0


def _year(asked: AskedYears, entry: Entry) -> float:
    if not asked.years or not entry.year:
        return 0.0
    return 1.0 if entry.year in asked.years else -1.0


def _place(query: Query, face: Face) -> float:
    """In its names, its document's or its agency's: a text speaks of many places, its head of its own."""
    if not query.places:
        return 0.0
    head = face.names + squeeze(face.entry.agency)
    return (
        1.0
        if any(place in head or (len(place) > 2 and place[:-1] in head) for place in query.places)
        else -1.0
    )


def roles(entry: Entry) -> Mapping[str, float]:
    """What kind of text it is, 1 or 0."""
    return {
        "fact": float(entry.kind is EntryKind.FACT),
        "opening": float(entry.kind is EntryKind.REPORT_SECTION and entry.path == PREAMBLE),
    }


def gives_share(query: Query, folded: str) -> float:
    """The share of the kinds asked (a number, a date, a telephone …) that a quotation states."""
    if not query.wanted:
        return 0.0
    return sum(gives(folded, kind) for kind in query.wanted) / len(query.wanted)
