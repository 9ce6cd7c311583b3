"""A question's way through one index: read → recall → rank → decide."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache, cached_property, partial
from pathlib import Path

from knowledge.entry import Answer, Decision, Entry, EntryKind, Hit, Passage, Unknown
from knowledge.index.index import Index
from knowledge.matching.decide import Ranked, Weights, confidence_features, decide, probability
from knowledge.matching.face import Face
from knowledge.matching.faces import Faces
from knowledge.matching.hits import leading_places, matched_words
from knowledge.matching.meant import Compared, Judged, Meant
from knowledge.matching.needs import lacks
from knowledge.matching.passages import Quotation, quotations
from knowledge.matching.query import Query, query_of
from knowledge.matching.rank import Gram, grams_of, scored, words_shares
from knowledge.matching.recall import recalled
from knowledge.matching.scope import Scope
from knowledge.matching.split import questions_in, without_courtesies
from knowledge.matching.terms import Terms
from knowledge.matching.together import together
from knowledge.matching.years import is_of_year
from knowledge.meaning.embedder import Embedder, MeaningUnavailable
from knowledge.sources.facts import ATTACHMENTS
from knowledge.text.normalize import fold, squeeze

_LOOKED_AT = 16  # candidates that are ranked; with 12 some right ones are no longer among them
CONSIDERED = 10  # of these, how many get a probability in an evaluation
_SHOWN = 6  # and when answering
_CERTAIN = 0.99
_NAMED = 0.9
_LONGEST = 2000  # characters in which a second question is looked for; and at each end what is read at all
_VETOED = 0.5  # ceiling of an answer that lacks the amount, the address … that was asked for
_OTHER_YEAR = 0.3  # and of one that speaks of another year or document


class Asker:
    """Answers questions from one open index, with the terms and weights that were built into it."""

    def __init__(self, index: Index, embedder: Embedder | None = None) -> None:
        """`embedder` must be the one that the index was built with; without it words alone decide."""
        self.index = index
        self.terms = Terms.from_json(index.attachment("terms"))
        self.weights = weights_of(index.attachment("weights"))
        self._faces = Faces(index)
        has_meaning = embedder is not None and len(index.meanings) > 0
        self.meant = (
            Meant(index, self._faces, embedder, lambda: self.scope) if embedder and has_meaning else None
        )

    @cached_property
    def scope(self) -> Scope:
        """The years, agencies and figures of the base."""
        return Scope.of(self.index.entries(), self.index.size)

    def ask(self, text: str, previous: str = "", *, today: date | None = None, agency: str = "") -> Decision:
        """See `Base.ask`."""
        today = today or datetime.now(UTC).date()
        if attachments := self._attachments_of(previous, text):
            return attachments
        text = self._followed_up(_ends_of(text), previous)
        figure = self.scope.figure(text, today, agency)
        if figure:
            return figure
        query = cache(partial(self._read, text))  # read only where another version is looked at

        def passage_of(entry: Entry) -> Passage:
            return self._passage(query(), (), entry)

        hold = partial(self.scope.held, text=text, today=today, agency=agency, passage_of=passage_of)
        # A section of a report names neither year nor agency: its document does.
        bare = self.scope.without_place_and_year(text, today)
        of_the_year = self._of_the_year(bare, hold)
        if isinstance(of_the_year, Answer) and not of_the_year.absent:
            return of_the_year
        decision = self.scope.on_the_matter(hold(self._asked(text)), bare)
        if isinstance(decision, Answer) and not decision.absent:
            return decision
        # What answers it surely of another year is told before what may be meant of this one.
        return of_the_year or decision

    def _of_the_year(self, bare: str, hold: Callable[[Decision], Decision]) -> Decision | None:
        """What surely answers a question without its year, held against the year; None where nothing does.

        What does not come every year is taken only to tell which year it is of: the question with its year
        finds it as well, if it is of that year.
        """
        asked = self._asked(bare) if bare else None
        if not isinstance(asked, Answer):
            return None
        held = hold(asked)
        is_told = isinstance(held, Unknown) and bool(held.there_for)
        return held if is_told or self.scope.is_versioned(asked) else None

    def _asked(self, text: str) -> Decision:
        """By words, whatever year and agency."""
        parts = questions_in(fold(text[:_LONGEST]))
        if len(parts) == 1:
            return self._ask_one(text)
        asked = [(part, self._ask_one(part)) for part in parts]
        return together(asked, lambda: self._ask_one(text), self.weights)

    def _ask_one(self, text: str) -> Decision:
        judged = self.by_meaning(self._read(_ends_of(text)))
        if judged is not None:
            return judged.decision
        query, hits, ceiling = self.weighed(text)
        return decide(query, hits, ceiling, self.weights)

    def compared_to(self, text: str) -> tuple[Query, list[Compared]]:
        """A question as it was read, and all passages that are compared: what the weights are fitted to."""
        query = self._read(_ends_of(text))
        return query, self.meant.compared(query) if self.meant and query.text else []

    def by_meaning(self, query: Query) -> Judged | None:
        """By words and meaning together; None where there is no model for it."""
        if self.meant is None:
            return None
        try:
            return self.meant.judged(query)
        except MeaningUnavailable:
            self.meant = None  # not on this machine: words decide from now on
            return None

    def weighed(self, text: str) -> tuple[Query, list[Hit], float]:
        """A question as it was read, its candidates, and the ceiling of an answer: what is decided upon."""
        query = self._read(_ends_of(text))
        hits = self._hits(query, _SHOWN)
        return query, hits, self._ceiling(query, hits)

    def looked_at(self, text: str) -> list[Hit]:
        """All candidates that got a probability, best first: what a decision is made of."""
        query = self._read(_ends_of(text))
        return self.meant.hits(query) if self.meant else self._hits(query, CONSIDERED)

    def _read(self, text: str) -> Query:
        return query_of(without_courtesies(fold(text)), self.terms, self.index)

    def _hits(self, query: Query, limit: int) -> list[Hit]:
        if not query.text:
            return []
        ranked, grams = self.ranked(query)
        places = leading_places(query, ranked, limit)
        lead = [ranked[at] for at in places]
        quotes = quotations(query, grams, [one.face for one in lead])
        quoted = self._quoted(query, lead, quotes)
        hits = [
            self._hit(query, ranked, at, quote, share)
            for at, quote, share in zip(places, quotes, quoted, strict=True)
        ]
        hits = [hit for hit in hits if hit.matched]
        return self._sections_first(self._exact_first(query, self._serials_first(query, hits)), query, grams)

    def _serials_first(self, query: Query, hits: list[Hit]) -> list[Hit]:
        """The only candidate that names the document number asked for is meant."""
        if not query.serials:
            return hits
        named = [hit for hit in hits if all(_names(hit.entry, serial) for serial in query.serials)]
        if len(named) != 1:
            return hits
        lead = replace(named[0], score=max(named[0].score, _NAMED))
        return [lead, *(hit for hit in hits if hit is not named[0])]

    def ranked(self, query: Query) -> tuple[list[Ranked], list[Gram]]:
        """All candidates, best first, and the pieces of the question."""
        faces = self._faces.of(recalled(query, self.index, _LOOKED_AT))
        grams = grams_of(query, self.index)
        rows = scored(query, grams, faces, self.weights.rank)
        found = [
            Ranked(face, row.score, row.features, row.words) for face, row in zip(faces, rows, strict=True)
        ]
        return sorted(found, key=lambda one: -one.score), grams

    def _hit(self, query: Query, ranked: Sequence[Ranked], at: int, quote: Quotation, share: float) -> Hit:
        """`share` of the words asked is in the title and the quotation."""
        own = ranked[at]
        features = confidence_features(query, ranked, at)
        return Hit(
            entry=own.entry,
            passage=quote.passage,
            score=probability(features, self.weights),
            features=(*features.items(), ("quoted", share), ("rank_score", own.score)),
            matched=matched_words(query, own),
        )

    def _quoted(self, query: Query, lead: Sequence[Ranked], quotes: Sequence[Quotation]) -> list[float]:
        """For each entry the share of the words asked that its title and quotation hold."""
        shown = [f"{one.face.title}\n{quote.text}" for one, quote in zip(lead, quotes, strict=True)]
        cut = [number for number, one in enumerate(lead) if shown[number] != one.face.own_text]
        shares = [one.features["words"] for one in lead]
        for number, share in zip(cut, words_shares(query, [shown[number] for number in cut]), strict=True):
            shares[number] = share
        return shares

    def _passage(self, query: Query, grams: Sequence[Gram], entry: Entry) -> Passage:
        return quotations(query, grams, [Face(entry)])[0].passage

    def _exact_first(self, query: Query, hits: list[Hit]) -> list[Hit]:
        """An entry whose title or known phrasing is the whole question comes first, and is certain."""
        for entry in self.index.named(query.text):
            passage = next((hit.passage for hit in hits if hit.entry == entry), None)
            hit = Hit(
                entry,
                passage or self._passage(query, (), entry),
                _CERTAIN,
                (("exact", 1.0),),
                (query.text,),
            )
            hits = [hit, *(other for other in hits if other.entry != entry)]
        return hits

    def _sections_first(self, hits: list[Hit], query: Query, grams: Sequence[Gram]) -> list[Hit]:
        """A catalogue item quotes its report section: where the item leads, the section is shown first."""
        if not hits or hits[0].entry.kind is not EntryKind.ITEM or not hits[0].entry.parent_id:
            return hits
        item = hits[0]
        if squeeze(item.entry.title) == query.text:
            return hits
        section = self.index.entry(item.entry.parent_id)
        if section is None or section.kind is not EntryKind.REPORT_SECTION:
            return hits
        there = next((hit for hit in hits if hit.entry == section), None)
        lead = there or Hit(
            section, self._passage(query, grams, section), item.score, item.features, item.matched
        )
        lead = replace(lead, score=max(lead.score, item.score))
        return [lead, *(hit for hit in hits if hit.entry != section)]

    def _ceiling(self, query: Query, hits: Sequence[Hit]) -> float:
        """Below 1 where the first lacks what was asked for; 0 for the year or the document number."""
        if not hits:
            return 1.0
        entry = hits[0].entry
        if entry.kind is EntryKind.GUIDE and ("exact", 1.0) in hits[0].features:
            return 1.0  # whoever wrote the known way to ask said that this answers it
        if not all(is_of_year(entry, int(year), hits[0].passage.text) for year in query.years):
            return _OTHER_YEAR
        if any(not _names(entry, serial) for serial in query.serials):
            return _OTHER_YEAR
        return _VETOED if query.needs and lacks(query.needs, fold(entry.text)) else 1.0

    def _attachments_of(self, previous: str, text: str) -> Answer | None:
        """ "这个通知有哪些附件", of the document that was quoted last."""
        entry = self.index.entry(previous) if previous and _ITS_ATTACHMENTS.search(fold(text)) else None
        if entry is None:
            return None
        key = entry.entry_id.partition(":")[0] if _IS_REPORT.match(previous) else f"document:{entry.source}"
        listed = self.index.entry(f"{key}:{ATTACHMENTS}")
        return Answer((Hit(listed, Passage(listed.text, 0), _CERTAIN),)) if listed else None

    def _followed_up(self, text: str, previous: str) -> str:
        """ "那2017年的呢" asks of the last entry what it asks: the year or word is put into its title."""
        found = _FOLLOW_UP.fullmatch(fold(text).strip())
        entry: Entry | None = self.index.entry(previous) if previous and found else None
        if found is None or entry is None:
            return text
        new = found["then"] or found["what"]
        title = re.sub(r"(?:19|20)\d{2}年?度?", "", entry.title) if re.search(r"\d{4}", new) else entry.title
        return f"{new}{title}"


def _ends_of(text: str) -> str:
    """What is read of a message; longer ones are no questions, but folding some characters makes eighteen."""
    return text if len(text) <= 2 * _LONGEST else f"{text[:_LONGEST]}\n{text[-_LONGEST:]}"


WEIGHTS_FILE = Path(__file__).with_name("weights.yaml")
_ITS_ATTACHMENTS = re.compile(r"(?:这|那|该|此|本)(?:个|份|件|篇|则)?[^,，。?？]{0,6}附件")
_IS_REPORT = re.compile(r"report-")
_FOLLOW_UP = re.compile(
    r"(?:(?:那么|那|还有|再看看|换成)\s*(?P<then>[^?。!,，]{1,10}?)(?:的)?(?:呢|咧|嘞|哩|怎么样|有吗|有没有)?"
    r"|(?P<what>[^?。!,，]{1,10}?)(?:的)?(?:呢|咧|嘞|哩))\s*[?。!]*"
)


def weights_of(stored: str) -> Weights:
    """The weights that were built into an index; those of this program when an older one built it."""
    try:
        return Weights.from_yaml(stored)
    except ValueError:
        return Weights.from_yaml(WEIGHTS_FILE.read_text(encoding="utf-8"))


def _names(entry: Entry, serial: str) -> bool:
    """Whether an entry names a document number: 8号, but not 18号."""
    return re.search(rf"(?<!\d){serial}号", f"{entry.title}{entry.text}{entry.citation}") is not None
