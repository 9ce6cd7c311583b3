"""A question read by its words and its meaning together, passage by passage.

    candidates by words, by meaning, by topic ─▶ passages of each, with their features (`features.py`)
      ─▶ the best passage of each entry ─▶ probability ─▶ Answer │ Suggest (nearest, lacking) │ Unknown

The weights are fitted by `disclosure fit` to several offices and measured on those left out (`meaning.yaml`).
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from knowledge.entry import Answer, Decision, EntryKind, Hit, Missing, Passage, Suggest, Unknown
from knowledge.index.index import Index
from knowledge.matching.agreement import Named, gives_share, of_entry, roles
from knowledge.matching.asked import papers_asked
from knowledge.matching.closeness import Close, Closeness
from knowledge.matching.decide import (
    SHOWN,
    Ranked,
    Reason,
    Weights,
    grouped,
    is_word,
    probability,
    same_thing,
)
from knowledge.matching.faces import Faces
from knowledge.matching.hits import leading_places, matched_words
from knowledge.matching.lacking import lacking
from knowledge.matching.query import Query
from knowledge.matching.quotes import Quote, quotes
from knowledge.matching.rank import Scored, grams_of, scored, terms_held, worded, words_held
from knowledge.matching.recall import recalled
from knowledge.matching.scope import Scope
from knowledge.matching.slate import Slate
from knowledge.meaning.embedder import Embedder
from knowledge.meaning.topics import Asked, Topics
from knowledge.text.grams import bigrams
from knowledge.text.normalize import squeeze

WEIGHTS = Path(__file__).with_name("meaning.yaml")
_LOOKED_AT = 24  # candidates by words, and as many by meaning
_READ = 24  # of these, how many are read sentence by sentence
_CHOSEN = 6  # entries that get a probability
_CERTAIN = 0.99
_EMBEDDED = 80  # characters of a question whose meaning is looked for; time grows with them
_FAR_AHEAD = 30.0  # in rank_score; more cannot be told apart
_FOREIGN = 0.5  # rarity of a word of which the guide says nothing
_STORY = 60  # characters; a longer message tells something, and is no question about requests
_HALF = 0.35  # likeness to one, for which a question with such a word is one all the same
_CLEARLY = 0.6  # likeness to a known way to ask, for which a long message is one all the same
_REQUESTS = re.compile("申请|公开|答复|复议|回执|补正|材料|资料|信息|递|填表|交表")
_AHEAD = 2.0  # times as probable as the next: then it is the nearest, and no choice


@dataclass(frozen=True)
class Compared(Ranked):
    """A candidate with what would be quoted of it."""

    quote: Quote | None = None

    @property
    def passage(self) -> Passage:
        """The quotation."""
        return self.quote.passage if self.quote else Passage(self.entry.text, 0)

    @property
    def quoted(self) -> str:
        """Its words."""
        return self.passage.text


@dataclass(frozen=True)
class Judged:
    """What it came to, and why."""

    decision: Decision
    reason: Reason
    lacking: Missing | None


class Meant:
    """Asks one index.  Raises MeaningUnavailable where the model does not run."""

    def __init__(self, index: Index, faces: Faces, embedder: Embedder, scope: Callable[[], Scope]) -> None:
        self._index = index
        self._faces = faces
        self._embedder = embedder
        self._topics = Topics.of(embedder)
        self._scope = scope
        self.weights = Weights.from_yaml(WEIGHTS.read_text(encoding="utf-8"))

    def judged(self, query: Query) -> Judged:
        """The decision on a question."""
        hits = grouped(query, self.hits(query))[:SHOWN]
        if not hits or hits[0].score < self.weights.suggest_floor:
            return Judged(Unknown(tuple(hits)), Reason.UNLIKELY if hits else Reason.NOTHING, None)
        lead = hits[0]
        why = never(query, self.named(query), lead, dict(lead.features))
        if isinstance(why, Missing):
            return Judged(Suggest(tuple(hits), missing=why), Reason.LACKS, why)
        if lead.score >= self.weights.answer_floor and why is None:
            also = tuple(hit for hit in hits[1:4] if hit.score >= self.weights.suggest_floor)
            return Judged(Answer((lead,), also), Reason.SURE, None)
        ahead = len(hits) == 1 or lead.score >= _AHEAD * hits[1].score
        if why is Reason.FOREIGN and not _REQUESTS.search(query.text):
            ahead = (
                False  # what a request costs is not the nearest to what a road cost: one of several at most
            )
        return Judged(Suggest(tuple(hits), nearest=ahead), why or Reason.UNSURE, None)

    def hits(self, query: Query) -> list[Hit]:
        """The candidates with their probabilities, best first."""
        if not query.text:
            return []
        ranked = self.ranked(query)
        hits = [self._hit(query, ranked, at) for at in leading_places(query, ranked, _CHOSEN)]
        return self._named_first(query, hits)

    def _named_first(self, query: Query, hits: list[Hit]) -> list[Hit]:
        """An entry whose title or known phrasing is the whole question comes first, and is certain."""
        for entry in self._index.named(query.text):
            there = next((hit for hit in hits if hit.entry == entry), None)
            passage = there.passage if there else Passage(entry.text, 0)
            certain = Hit(entry, passage, _CERTAIN, (("exact", 1.0),), (query.text,))
            hits = [certain, *(hit for hit in hits if hit.entry != entry)]
        return hits

    def ranked(self, query: Query) -> list[Compared]:
        """All candidates, best first, each with the best of its passages."""
        found: dict[str, Compared] = {}
        for one in self.compared(query):
            score = sum(
                weight * one.features[name]
                for name, weight in self.weights.rank.items()
                if name in one.features
            )
            best = found.get(one.entry.entry_id)
            if best is None or score > best.score:
                found[one.entry.entry_id] = replace(one, score=score)
        return sorted(found.values(), key=lambda one: -one.score)

    def compared(self, query: Query) -> list[Compared]:
        """Every passage of every candidate that is tried, with its features, not yet scored."""
        closeness = Closeness.of(_asked_of(query), self._index.meanings, self._embedder, self._topics)
        named = self.named(query)
        rowids = recalled(query, self._index, _LOOKED_AT)
        rowids = list(
            dict.fromkeys([*rowids, *closeness.nearest(_LOOKED_AT), *self._spoken_of(closeness.asked)])
        )
        faces = self._faces.of(rowids)
        close = [closeness.to(rowid) for rowid in rowids]
        grams = grams_of(query, self._index)
        rows = scored(query, grams, faces, {})
        heads = [
            0.0 if face.entry.kind is EntryKind.GUIDE else closeness.asked.spoken_of_in(face.head)
            for face in faces
        ]
        lead = _leading(rows, close, heads)
        faces, close = [faces[at] for at in lead], [close[at] for at in lead]
        found: list[Compared] = []
        for at, near, tried in zip(lead, close, quotes(query, grams, faces, close), strict=True):
            is_guide = tried[0].face.entry.kind is EntryKind.GUIDE
            if is_guide and not self._may_be_procedure(query, near):
                continue  # it speaks as people do, and shares words with whatever they say
            meant = {"close_title": near.title, "close_document": near.document, "close_best": near.best}
            meant |= of_entry(query, named, tried[0].face)
            meant["topic_names"] = max(near.asked, heads[at])
            meant |= roles(tried[0].face.entry)
            for quote in tried:
                stated = {
                    "gives": gives_share(query, quote.folded),
                    "topic_quote": 0.0 if is_guide else closeness.asked.spoken_of_in(quote.squeezed),
                }
                features = {**rows[at].features, **meant, **quote.features, **stated}
                found.append(Compared(quote.face, 0.0, features, rows[at].words, quote))
        return _with_unsaid(query, found)

    def named(self, query: Query) -> Named:
        """What the question says of year and agency."""
        return Named.of(query, self._scope(), datetime.now(UTC).date())

    def _may_be_procedure(self, query: Query, near: Close) -> bool:
        """Whether a guide entry may be meant: asked for in a known way, in few words, and more clearly where
        it asks of something that the guide does not speak of (落户, 购房)."""
        if papers_asked(query.text) is not None:
            return False
        if len(query.text) > _STORY:
            return near.asked >= _CLEARLY
        foreign = any(
            word.rarity > _FOREIGN and query.text[word.start : word.end] not in self._scope().guide
            for word in query.words
        )
        least = _HALF if foreign and not _REQUESTS.search(query.text) else 0.0
        return near.asked > least

    def _spoken_of(self, asked: Asked) -> list[int]:
        """The entries that hold most of the words in which documents write what may be asked for."""
        pieces = tuple(dict.fromkeys(piece for word in asked.words for piece in bigrams(squeeze(word))))
        return [one.rowid for one in self._index.candidates(pieces, (), _LOOKED_AT)] if pieces else []

    def _hit(self, query: Query, ranked: Sequence[Compared], at: int) -> Hit:
        own = ranked[at]
        features = sureness(ranked, at)
        return Hit(
            entry=own.entry,
            passage=own.passage,
            score=probability(features, self.weights),
            features=tuple(features.items()),
            matched=matched_words(query, own),
        )


def sureness(ranked: Sequence[Compared], at: int) -> dict[str, float]:
    """What the confidence in candidate `at` rests on."""
    own = ranked[at]
    odds = [
        math.exp(min(_FAR_AHEAD, other.score - own.score))
        for other in ranked
        if other is not own and not same_thing(own.face, other.face)
    ]
    return {
        **own.features,
        "rank_score": own.score,
        "ahead": 1 / (1 + sum(odds)),
        "is_guide": float(own.entry.kind is EntryKind.GUIDE),
    }


def never(
    query: Query, named: Named, lead: Compared | Hit, features: Mapping[str, float]
) -> Missing | Reason | None:
    """Why the first candidate may not be said as the answer, however probable it is; None when it may."""
    if features.get("exact") and lead.entry.kind is EntryKind.GUIDE:
        return None  # whoever wrote the known way to ask said that this answers it
    lack = lacking(query, named, lead.entry, lead.passage.text)
    if lack is not None:
        return lack
    if is_word(query) and not features.get("exact"):
        return Reason.WORD
    if (papers_asked(query.text) or "") not in squeeze(f"{lead.entry.title}{lead.passage.text}"):
        return Reason.FOREIGN  # 残疾证怎么办 is not told by what says how 驾驶证 are renewed
    if features.get("is_guide") and features.get("unsaid", 0.0) > _FOREIGN:
        return Reason.FOREIGN  # 天然气开户 belongs to no question about requests
    return None


def _with_unsaid(query: Query, found: Sequence[Compared]) -> list[Compared]:
    """How much of the words asked each quotation holds, with the names above it; the rarest it does not."""
    texts = [f"{one.face.names}\n{one.quote.squeezed if one.quote else ''}" for one in found]
    held = words_held(query, Slate(texts), terms_held(query, texts)) if texts else []
    said = worded(query, held)
    rows = []
    for one, share, row in zip(found, said, held, strict=True):
        rarest = max(
            (
                word.rarity * (1 - there)
                for word, there in zip(query.words, row, strict=True)
                if query.focus[word.start] == 1.0
            ),
            default=0.0,
        )
        rows.append(replace(one, features={**one.features, "said": share, "unsaid": rarest}))
    return rows


def _asked_of(query: Query) -> str:
    """What is embedded: pinyin as it was read, a story without its beginning."""
    if len(query.raw) <= _EMBEDDED and not query.by_ear:
        return query.raw
    return query.asked[-_EMBEDDED:]


def _leading(rows: Sequence[Scored], close: Sequence[Close], heads: Sequence[float]) -> list[int]:
    """The candidates that are read sentence by sentence: chosen roughly, so that no right one is lost."""
    rough = [
        row.features["words"]
        + row.features["partial"]
        + row.features["bare_share"]
        + near.best
        + near.title
        + 2 * max(near.asked, head)
        for row, near, head in zip(rows, close, heads, strict=True)
    ]
    return sorted(sorted(range(len(rows)), key=lambda at: -rough[at])[:_READ])
