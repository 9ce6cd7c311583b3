"""Whose and of when: what a question says of year and agency, held against what was found.

A question that names a year is answered from that year, or told that it is not there and for which years it
is.  What is told from today (今年) is no such certainty: what is found of another year is shown, never said
as the answer.  Another agency's text is never an answer.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from knowledge.entry import Answer, Decision, Entry, EntryKind, Hit, Passage, Suggest, Unknown
from knowledge.matching.agencies import MOST, asked_agency
from knowledge.matching.figures import FigureBook, asks_own_figures
from knowledge.matching.years import (
    AskedYears,
    asked_years,
    is_of_year,
    without_comparison,
    without_years,
    years_to_show,
)
from knowledge.text.normalize import fold, squeeze

PassageOf = Callable[[Entry], Passage]
_FIGURE = re.compile(r"\d")
_ON_THE_MATTER = 0.3  # probability from which it is said of a thing that other years have it
_YEARS = 3  # other years beside an answer
_MOST_ENTRIES = 300_000  # a larger base is not one office's; it is asked by its words alone


@dataclass(frozen=True)
class Scope:
    """The years and agencies of a base, and its figures; made once for each index."""

    entries: tuple[Entry, ...]  # those with a year, an agency or a figure
    guide: str = ""  # all that the guide says, squeezed

    @classmethod
    def of(cls, entries: Iterable[Entry], size: int) -> Scope:
        if size > _MOST_ENTRIES:
            return cls(())
        every = tuple(entries)
        guide = (
            squeeze(" ".join((entry.title, *entry.phrasings, entry.text)))
            for entry in every
            if entry.kind is EntryKind.GUIDE
        )
        return cls(tuple(entry for entry in every if entry.year or entry.agency), "".join(guide))

    @cached_property
    def figures(self) -> FigureBook:
        return FigureBook.of(self.entries)

    @cached_property
    def years(self) -> frozenset[int]:
        return frozenset(entry.year for entry in self.entries if entry.year)

    @cached_property
    def agencies(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(entry.agency for entry in self.entries if entry.agency))

    def figure(self, text: str, today: date, agency: str = "") -> Decision | None:
        """The cell of a table that is asked for, None where it is no question for one."""
        return self.figures.find(text, today, agency)

    @cached_property
    def _things(self) -> dict[str, list[Entry]]:
        """What several agencies or years hold of one thing, by its key without agency; newest first."""
        found: dict[str, list[Entry]] = defaultdict(list)
        for entry in sorted(self.entries, key=lambda entry: -(entry.year or 0)):
            if key := _thing(entry):
                found[key].append(entry)
        return found

    def without_place_and_year(self, text: str, today: date) -> str:
        """What is asked of each year, without the years, what compares them, and the agency that is named; ""
        where no year is asked for."""
        named = asked_agency(text, self.agencies)
        asked = asked_years(text, today, self.years)
        if named.is_another or not (asked.years or asked.compares):
            return ""
        bare = without_years(named.without(fold(text)))
        bare = without_comparison(bare) if asked.compares else bare
        return bare.strip("，, ").removeprefix("的")

    def on_the_matter(self, decision: Decision, bare: str) -> Decision:
        """A cell that shares nothing with the question but year and agency is no answer to it; `bare` is the
        question without the two, "" where it names none."""
        if not bare or not isinstance(decision, Answer):
            return decision
        facts = [hit for hit in decision.hits if hit.entry.kind is EntryKind.FACT]
        if any(fold(word) in bare for hit in facts for word in hit.matched) or not facts:
            return decision
        return Suggest(decision.hits)

    def is_versioned(self, answer: Answer) -> bool:
        """Whether all that is quoted is of documents that come every year."""
        return all(_thing(hit.entry) for hit in answer.hits)

    def held(
        self,
        decision: Decision,
        text: str,
        today: date,
        agency: str = "",
        passage_of: PassageOf | None = None,
    ) -> Decision:
        """The decision, as far as it is of the year and the agency that are asked for.

        `passage_of` gives the passage of an entry that comes nearest to the question: with it the same thing
        of the right agency and year takes the place of what was found, and is offered beside it.
        """
        if isinstance(decision, Unknown):
            return decision
        if asks_own_figures(text, today):
            decision = _guide_last(decision)
        asked = asked_years(text, today, self.years)
        named = asked_agency(text, self.agencies)
        whose = named.agency or (agency if agency in self.agencies else "")
        same = _Same(self._things, passage_of)
        over_years = _over_years(decision, asked, whose, same)
        if over_years is not None and not named.is_another:
            return over_years
        if asked.years or whose:
            decision = self._within(decision, asked, whose, same)
        if not isinstance(decision, Answer) or len(decision.hits) != 1 or named.is_another:
            return decision
        return _beside(decision, asked, whose, is_named=bool(named.agency), same=same)

    def _within(
        self, decision: Answer | Suggest, asked: AskedYears, whose: str, same: _Same
    ) -> Answer | Suggest | Unknown:
        first = decision.hits[0]
        if not (_is_of(first.entry, whose) and _is_of_year(first, asked, itself=True)):
            there = same.of(first, whose, asked.years)
            if there is not None and isinstance(decision, Answer) and len(decision.hits) == 1:
                return replace(decision, hits=(there,))
            if there is not None:
                others = (hit for hit in decision.hits[1:] if hit.entry != there.entry)
                decision = Suggest((there, *others))
                first = there
        by_agency = [hit for hit in decision.hits if _is_of(hit.entry, whose)]
        hits = [hit for hit in by_agency if _is_of_year(hit, asked)]
        if hits and hits[0] is first:
            return _narrowed(decision, hits)
        also = [hit for hit in getattr(decision, "also", ()) if _is_of(hit.entry, whose)]
        of_year = [*hits, *(hit for hit in also if _is_of_year(hit, asked))]
        if own := [hit for hit in of_year if hit.entry.kind is not EntryKind.GUIDE]:
            return Suggest(tuple(own))
        if asked.is_relative and by_agency:
            return Suggest(tuple(by_agency))
        if asked.compares and first in by_agency and _tells_of_all(first.passage.text, asked.years):
            return decision
        if first.score < _ON_THE_MATTER:
            return Suggest(tuple(by_agency)) if by_agency else Unknown(decision.hits)
        near = [*by_agency[:1], *same.of_other_years(first, whose)]
        years = sorted({hit.entry.year for hit in near if hit.entry.year}, reverse=True)
        return Unknown(tuple(near) or decision.hits, tuple(years), asked.years if years else ())


@dataclass(frozen=True)
class _Same:
    """The same thing of other agencies and years, as far as it says what was found."""

    things: Mapping[str, Sequence[Entry]]
    passage_of: PassageOf | None

    def all_of(self, hit: Hit) -> list[Entry]:
        key = _thing(hit.entry)
        return [entry for entry in self.things.get(key, ()) if entry != hit.entry] if key else []

    def of(self, hit: Hit, agency: str, years: Sequence[int]) -> Hit | None:
        """That of one agency ("" = the same) in one of the years (none = the newest)."""
        wanted = agency or hit.entry.agency
        for entry in self.all_of(hit):
            if entry.agency == wanted and (not years or entry.year in years):
                return self.said_by(entry, hit)
        return None

    def of_other_years(self, hit: Hit, agency: str) -> list[Hit]:
        """What one agency ("" = the same) holds of it in its other years, the newest first."""
        wanted = agency or hit.entry.agency
        said = (self.said_by(entry, hit) for entry in self.all_of(hit) if entry.agency == wanted)
        return [one for one in said if one is not None]

    def said_by(self, entry: Entry, hit: Hit) -> Hit | None:
        """None where the entry does not speak of what matched, or states no figure where the other does."""
        if self.passage_of is None:
            return None
        passage = self.passage_of(entry)
        text = fold(f"{entry.title}{entry.text}")
        said = all(fold(word) in text for word in hit.matched if not word.isdigit())
        counted = _FIGURE.search(hit.passage.text) is None or _FIGURE.search(passage.text) is not None
        return replace(hit, entry=entry, passage=passage) if said and counted else None


def _over_years(
    decision: Answer | Suggest, asked: AskedYears, whose: str, same: _Same
) -> Answer | Unknown | None:
    """One thing in each of the years that are asked for or compared, newest first; told, where it is of none.

    None where no more than one year is asked for, or where what was found is no thing of every year.
    """
    wants_several = asked.compares or len(asked.years) > 1
    if not wants_several or not isinstance(decision, Answer) or len(decision.hits) != 1:
        return None
    (first,) = decision.hits
    near = [*([first] if _is_of(first.entry, whose) else ()), *same.of_other_years(first, whose)]
    by_year = {hit.entry.year: hit for hit in reversed(near) if hit.entry.year}
    if not by_year or not _thing(first.entry):
        return None
    newest = sorted(by_year, reverse=True)
    wanted = years_to_show(asked, newest)
    there = tuple(by_year[year] for year in newest if year in wanted)
    if not there:
        return Unknown(tuple(by_year[year] for year in newest), tuple(newest), wanted)
    said = "".join(hit.passage.text for hit in there)
    absent = tuple(year for year in wanted if year not in by_year and not _compares_with(said, year))
    others = tuple(by_year[year] for year in newest if year not in wanted)[:_YEARS]
    return Answer(there, others, decision.rest, over_years=True, absent=absent)


def _tells_of_all(said: str, years: Iterable[int]) -> bool:
    return all(_compares_with(said, year) for year in years)


def _compares_with(said: str, year: int) -> bool:
    """Whether a text says itself how it was in another year: 较上年减少, 比2022年多."""
    return str(year) in fold(said) or _AGAINST_THE_LAST.search(said) is not None


_AGAINST_THE_LAST = re.compile("[比较与同](?:上一?年|去年|上年度)|同比")


def _beside(answer: Answer, asked: AskedYears, whose: str, *, is_named: bool, same: _Same) -> Decision:
    """What stands beside an answer: other years of the agency, and other agencies, or the choice of one."""
    (first,) = answer.hits
    years = same.of_other_years(first, "")
    elsewhere: dict[str, Hit] = {}
    for entry in () if is_named else same.all_of(first):
        if entry.agency in (first.entry.agency, *elsewhere):
            continue
        if (said := same.said_by(entry, first)) is not None and _is_of_year(said, asked):
            elsewhere[entry.agency] = said
    if elsewhere and not whose:
        return Suggest((first, *elsewhere.values())[:MOST], by_agency=True)
    known = {hit.entry.entry_id for hit in (first, *years, *elsewhere.values())}
    also = [hit for hit in answer.also if hit.entry.entry_id not in known]
    return replace(answer, also=(*years[:_YEARS], *also), elsewhere=tuple(elsewhere.values())[:MOST])


def _thing(entry: Entry) -> str:
    """The key that is the same for one thing of all agencies and years; "" where it has no versions."""
    kind, _, rest = entry.version_of.partition(":")
    _, _, name = rest.partition(":")
    return f"{kind}:{name}" if name and entry.agency and entry.year else ""


def _is_of(entry: Entry, agency: str) -> bool:
    return not agency or entry.agency in ("", agency) or entry.kind is EntryKind.PUBLISHED_REPLY


def _is_of_year(hit: Hit, asked: AskedYears, *, itself: bool = False) -> bool:
    """Of a year asked for, or (unless it has to be so `itself`) speaking of it; what has no year (the guide)
    is of every year."""
    entry = hit.entry
    if not asked.years or entry.kind is EntryKind.GUIDE or entry.year in asked.years:
        return True
    if entry.year is None and asked.is_relative:
        return True
    return (not itself or not entry.year) and any(
        is_of_year(entry, year, hit.passage.text) for year in asked.years
    )


def _guide_last(decision: Answer | Suggest) -> Answer | Suggest:
    """The office's figures first: how requests are made says nothing of them, and is no answer."""
    guide = [hit for hit in decision.hits if hit.entry.kind is EntryKind.GUIDE]
    if not guide or len(guide) == len(decision.hits):
        return Suggest(decision.hits) if guide and isinstance(decision, Answer) else decision
    if decision.hits[-len(guide) :] == tuple(guide):
        return decision
    return Suggest((*(hit for hit in decision.hits if hit not in guide), *guide))


def _narrowed(decision: Answer | Suggest, hits: list[Hit]) -> Decision:
    if isinstance(decision, Suggest):
        return replace(decision, hits=tuple(hits), leads=min(decision.leads, len(hits)))
    return Answer(tuple(hits), decision.also, decision.rest)
