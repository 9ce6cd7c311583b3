"""A question's way through one index: read → recall → rank → decide."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from knowledge.entry import Decision, Entry, EntryKind, Hit, Passage
from knowledge.index.index import Index
from knowledge.matching.asked import lacks
from knowledge.matching.decide import Ranked, Weights, confidence_features, decide, probability
from knowledge.matching.face import Face
from knowledge.matching.faces import Faces
from knowledge.matching.passages import Quotation, quotations
from knowledge.matching.query import Query, query_of
from knowledge.matching.rank import Gram, grams_of, scored, words_shares
from knowledge.matching.recall import recalled
from knowledge.matching.split import questions_in, without_courtesies
from knowledge.matching.terms import Terms
from knowledge.matching.together import together
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

    def __init__(self, index: Index) -> None:
        self.index = index
        self.terms = Terms.from_json(index.attachment("terms"))
        self.weights = weights_of(index.attachment("weights"))
        self._faces = Faces(index)

    def ask(self, text: str, previous: str = "") -> Decision:
        """See `Base.ask`."""
        text = self._followed_up(_ends_of(text), previous)
        parts = questions_in(fold(text[:_LONGEST]))
        if len(parts) == 1:
            return self._ask_one(text)
        asked = [(part, self._ask_one(part)) for part in parts]
        return together(asked, lambda: self._ask_one(text), self.weights)

    def _ask_one(self, text: str) -> Decision:
        return decide(*self.weighed(text), self.weights)

    def weighed(self, text: str) -> tuple[Query, list[Hit], float]:
        """A question as it was read, its candidates, and the ceiling of an answer: what is decided upon."""
        query = self._read(_ends_of(text))
        hits = self._hits(query, _SHOWN)
        return query, hits, self._ceiling(query, hits)

    def looked_at(self, text: str) -> list[Hit]:
        """All candidates that got a probability, best first: what a decision is made of."""
        return self._hits(self._read(_ends_of(text)), CONSIDERED)

    def _read(self, text: str) -> Query:
        return query_of(without_courtesies(fold(text)), self.terms, self.index)

    def _hits(self, query: Query, limit: int) -> list[Hit]:
        if not query.text:
            return []
        ranked, grams = self.ranked(query)
        places = _places(query, ranked, limit)
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
        if query.years:
            text = fold(f"{entry.title}{entry.text}{entry.citation}{entry.year or ''}")
            if any(str(year) not in text for year in query.years):
                return _OTHER_YEAR
        if any(not _names(entry, serial) for serial in query.serials):
            return _OTHER_YEAR
        return _VETOED if query.needs and lacks(query.needs, fold(entry.text)) else 1.0

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
_FOLLOW_UP = re.compile(
    r"(?:(?:那么|那|还有|再看看|换成)\s*(?P<then>[^?。!,，]{1,10}?)(?:的)?(?:呢|咧|嘞|哩|怎么样|有吗|有没有)?"
    r"|(?P<what>[^?。!,，]{1,10}?)(?:的)?(?:呢|咧|嘞|哩))\s*[?。!]*"
)


def _places(query: Query, ranked: Sequence[Ranked], limit: int) -> list[int]:
    """Which candidates are looked at closely: the first `limit` things.

    Of yearly versions the best and the newest stand for all, so that twelve years of one table leave room
    for what else may be meant; where a year is asked for, each version is a thing of its own.
    """
    found: list[int] = []
    best: set[str] = set()
    newest: dict[str, int] = {}
    for at, one in enumerate(ranked):
        key = "" if query.years else one.entry.version_of
        if key and (key not in newest or (one.entry.year or 0) > (ranked[newest[key]].entry.year or 0)):
            newest[key] = at
        if key not in best and len(found) < limit:
            found.append(at)
            best |= {key} - {""}
    return sorted({*found, *(at for key, at in newest.items() if key in best)})


def weights_of(stored: str) -> Weights:
    """The weights that were built into an index; those of this program when an older one built it."""
    try:
        return Weights.from_yaml(stored)
    except ValueError:
        return Weights.from_yaml(WEIGHTS_FILE.read_text(encoding="utf-8"))


def _names(entry: Entry, serial: str) -> bool:
    """Whether an entry names a document number: 8号, but not 18号."""
    return re.search(rf"(?<!\d){serial}号", f"{entry.title}{entry.text}{entry.citation}") is not None


def matched_words(query: Query, one: Ranked) -> tuple[str, ...]:
    """The content words of the question that the entry holds, in the question's own writing."""
    found = [
        query.text[word.start : word.end]
        for word, held in zip(query.words, one.words, strict=True)
        if held > 0
    ]
    face = one.face
    return tuple(dict.fromkeys(found)) or tuple(
        dict.fromkeys(p for p in _pairs(query) if p in face.text or p in face.sound)
    )


def _pairs(query: Query) -> list[str]:
    return [query.text[i : i + 2] for a, b in query.bare for i in range(a, b - 1)]
