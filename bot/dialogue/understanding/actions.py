"""Which sentences ask for something to be done (progress, withdrawing, a person), by what they mean.

    actions = read_actions(Path("actions.yaml"))
    understanding = Understanding(lambda: actions, embedder)
    understanding.action("我那个单子办得咋样了")  -> Meant("status", is_sure=True)
    understanding.action("修路的进度怎么样了")    -> None: somebody looks for material

A sentence is compared with every phrasing of every action, with sentences that only look like one
(`material`), and with what the guide is asked: how something is done is no wish to have it done.  First by
words (character bigrams, rare ones weigh more): what shares next to nothing is no action, what is the same is
one.  Between the two it is compared by meaning, where the machine can; else the words alone decide, more
carefully.  What counts is not how near the nearest action is but how much nearer than the nearest sentence
that is none: vectors of short Chinese sentences all lie close together.  Where that is not clear, a linear
classifier (ridge regression, fitted to the file's own sentences when they are read) may agree with the
nearest phrasing; then less of a lead is enough.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from math import log, sqrt
from pathlib import Path

import numpy as np

from bot.dialogue.understanding.vectors import vectors_of
from knowledge.errors import SourceError
from knowledge.matching.asked import is_question
from knowledge.meaning.embedder import Embedder, MeaningUnavailable, Vectors
from knowledge.sources.yaml_file import YamlFile
from knowledge.text.normalize import fold, squeeze

MATERIAL, GUIDE = "", "guide:"  # in place of an action's id; before the id of a guide entry
_REMEMBERED = 64  # texts
_LONGEST = 40  # characters; who tells a story is not asking for a button
_SAME = 0.97  # of the words: the sentence itself
_SOMETHING = 0.15  # of the words: less is not looked at


@dataclass(frozen=True)
class Floors:
    """`near`: likeness to the nearest phrasing.  It must be nearer than any other sentence by so much, and
    the classifier must say the same with `agreed` (about 0 to 1), and with `any_action` that it is one
    at all (about -0.5 to 1).
    """

    near: float
    over_material: float
    over_guide: float
    agreed: float = 0.0
    any_action: float = -1.0

    def hold(self, best: _Best) -> bool:
        """Whether the nearest action is near enough, and far enough ahead of everything else."""
        ahead = best.score - best.material, best.score - best.guide
        is_near = (
            best.score >= self.near and best.agreed >= self.agreed and best.any_action >= self.any_action
        )
        return is_near and ahead[0] >= self.over_material and ahead[1] >= self.over_guide


# Nearer, or further ahead of what looks for material, or agreed on.  Of 500 questions and 1,500 messages to
# offices none is taken with these; from 0.24 of agreement down some are.
_SURE = (
    Floors(0.93, 0.035, 0.02),
    Floors(0.915, 0.045, 0.02),
    Floors(0.91, 0.025, 0.01, agreed=0.28),
)
_ALMOST = 0.015  # between two actions: no nearer, and both are offered
_OFFERED = 3
_FAR = 0.03  # so much nearer is what cannot be done now: it is told why not, instead of what can
_RIDGE = 0.1  # how strongly the classifier is kept simple
_SURE_BY_WORDS = Floors(0.6, 0.3, 0.15)
# Of what must not be missed (money taken, a cheat): the classifier alone is enough, for what shares its
# words with material (village accounts, relief funds) is never far ahead of it.  Of 435 questions and 1,489
# messages to offices four are taken with the first, all of them right; with the second ten more, beside whose
# answer it is said whom to turn to.
_GRAVE, _GRAVE_PERHAPS = (Floors(0.89, -0.05, -0.05, agreed=each) for each in (0.45, 0.27))
# Where something makes it probable: a request that is running.
_LIKELY, _LIKELY_BY_WORDS = Floors(0.91, 0.025, -0.02), Floors(0.4, 0.12, -0.1)


@dataclass(frozen=True)
class Meant:
    """`action` is an id of the file.  What is not sure is done only where the situation makes it likely."""

    action: str
    is_sure: bool


@dataclass(frozen=True, eq=False)  # each reading of the files is one of its own
class Actions:
    """All sentences as (id, sentence): of an action, of the guide, or `MATERIAL`.

    `topics` are the guide entries that an action may be mistaken for without harm: how one withdraws is what
    somebody is told who has nothing to withdraw.
    """

    phrasings: tuple[tuple[str, str], ...]
    topics: Mapping[str, frozenset[str]] = field(default_factory=dict)
    openers: tuple[str, ...] = ()

    def without_opener(self, text: str) -> str:
        """我想问下我的申请咋样了 -> 我的申请咋样了; what consists of nothing else stays."""
        rest = text.strip()
        while opener := next((each for each in self.openers if rest.startswith(each) and rest != each), ""):
            rest = rest[len(opener) :].lstrip("，,。.、！! ") or rest
        return rest

    @cached_property
    def grams(self) -> tuple[frozenset[str], ...]:
        return tuple(_grams(text) for _, text in self.phrasings)

    @cached_property
    def questions(self) -> tuple[bool, ...]:
        """Which of the sentences ask something."""
        return tuple(is_question(text) for _, text in self.phrasings)

    @cached_property
    def _frequency(self) -> Counter[str]:
        return Counter(gram for grams in self.grams for gram in grams)

    def _weight(self, grams: frozenset[str]) -> float:
        size = len(self.phrasings)
        return sum(log(1 + size / (0.5 + self._frequency[gram])) for gram in grams)

    @cached_property
    def _weights(self) -> tuple[float, ...]:
        return tuple(map(self._weight, self.grams))

    def likeness(self, text: str) -> list[float]:
        """How many words the text shares with each phrasing, from 0 to 1."""
        asked = _grams(text)
        own = self._weight(asked)
        return [
            self._weight(asked & each) / sqrt(own * weight or 1)
            for each, weight in zip(self.grams, self._weights, strict=True)
        ]


class Understanding:
    """Reads sentences by meaning.  Usable from several threads."""

    def __init__(
        self,
        actions: Callable[[], Actions],
        embedder: Callable[[], Embedder | None],
        kept: Path | None = None,
        sure: Sequence[Floors] = _SURE,
        likely: Floors = _LIKELY,
        grave: frozenset[str] = frozenset(),
    ) -> None:
        """`kept`: a file in which vectors of phrasings are kept from one start to the next.

        `sure`: any of these makes a reading sure; `likely`: what must hold for a reading at all.  Actions
        that are `grave` are read with less.
        """
        self._sure, self._likely, self._grave = sure, likely, grave
        self._actions = actions
        self._embedder = embedder
        self._kept = kept
        self._read: tuple[Actions, str, Vectors, _Classifier] | None = None
        self._named: dict[str, Vectors] = {}
        self._remembered = lru_cache(_REMEMBERED)(self._action)

    def action(self, text: str) -> Meant | None:
        """The action that is meant, None for anything else.  A turn asks this of a text several times."""
        return self._remembered(self._actions(), text)

    def _action(self, actions: Actions, text: str) -> Meant | None:
        text = actions.without_opener(fold(text))
        plain = squeeze(text)
        if not plain or len(plain) > _LONGEST:
            return None
        shared = actions.likeness(text)
        words = _best(actions, shared)
        if words.score >= _SAME and words.action:
            return Meant(words.action, is_sure=True)
        if words.score < _SOMETHING or _is_asked_of_the_guide(actions, shared):
            return None
        meaning = self._by_meaning(actions, text)
        if meaning is None:
            return _judged(words, (_SURE_BY_WORDS,), _LIKELY_BY_WORDS)
        if meaning.action in self._grave:  # by nearness alone a lost card is a cheat
            agreed = _GRAVE_PERHAPS.agreed
            sure = (replace(each, agreed=max(each.agreed, agreed)) for each in self._sure)
            return _judged(meaning, (*sure, _GRAVE), _GRAVE_PERHAPS)
        return _judged(meaning, self._sure, self._likely)

    def likeliest(
        self, text: str, among: frozenset[str], *, asked: Sequence[Floors], told: Sequence[Floors]
    ) -> tuple[str, ...]:
        """Which of the actions that are possible now a text asks for, likeliest first; () when it is likelier
        to ask for something else.  `asked` and `told` are the floors of questions and of statements.

        Where few things can be done, less likeness tells which: 可以 of a reply that waits for review.  What
        is hardly nearer than the next is returned with it.  A statement is not compared with questions for
        the material: they share its words, and nobody asks them so.
        """
        actions = self._actions()
        text = actions.without_opener(fold(text))
        plain = squeeze(text)
        if not plain or len(plain) > _LONGEST or _is_asked_of_the_guide(actions, actions.likeness(text)):
            return ()
        scored = self._scored(actions, text)
        if scored is None:
            best = _best(actions, actions.likeness(text), among)
            return (best.action,) if _LIKELY_BY_WORDS.hold(best) else ()
        scores, vector, classifier = scored
        floors = asked if is_question(text) else told
        best = _best(actions, scores, among, but_questions=not is_question(text))
        best = replace(best, any_action=classifier.of_any(vector))
        if _best(actions, scores).score - best.score > _FAR or not any(each.hold(best) for each in floors):
            return ()
        near: dict[str, float] = {}
        for (name, _), score in zip(actions.phrasings, scores, strict=True):
            if name in among:
                near[name] = max(score, near.get(name, 0.0))
        likely = [name for name in near if best.score - near[name] <= _ALMOST]
        return tuple(sorted(likely, key=lambda name: -near[name])[:_OFFERED])

    def nearest(
        self, text: str, groups: Sequence[Sequence[str]], *, keeps: bool = True
    ) -> tuple[int, float, float] | None:
        """Which group of names is nearest in meaning, its cosine, and how far it is ahead of the second; None
        where texts are not read for their meaning.

        Names are read once and kept, for they are those of buttons; not what a person wrote (`keeps`).
        """
        model = self._embedder()
        if model is None or not groups or not all(groups):
            return None
        kept = self._named if keeps else {}
        try:
            asked = model.question(fold(text))
            for name in (name for group in groups for name in group if name not in kept):
                kept[name] = model.question(fold(name))
        except MeaningUnavailable:
            return None
        near = [max(float(kept[name] @ asked) for name in group) for group in groups]
        best = max(range(len(near)), key=near.__getitem__)
        second = max((value for at, value in enumerate(near) if at != best), default=0.0)
        return best, near[best], near[best] - second

    def warm_up(self) -> None:
        """Read the phrasings now, so that nobody waits for it."""
        self._by_meaning(self._actions(), "申请")

    def _by_meaning(self, actions: Actions, text: str) -> _Best | None:
        scored = self._scored(actions, text)
        if scored is None:
            return None
        scores, asked, classifier = scored
        best = _best(actions, scores)
        if (named := classifier.best(asked)) in self._grave and named != best.action:
            grave = replace(_best(actions, scores, frozenset({named})), agreed=classifier.score(asked, named))
            best = grave if _GRAVE_PERHAPS.hold(grave) else best
        return replace(best, agreed=classifier.score(asked, best.action), any_action=classifier.of_any(asked))

    def _scored(self, actions: Actions, text: str) -> tuple[list[float], Vectors, _Classifier] | None:
        """The likeness to every phrasing, and the vector of the text; None where no meaning is read."""
        model = self._embedder()
        if model is None or not actions.phrasings:
            return None
        try:
            vectors, classifier = self._vectors(actions, model)
            asked = model.question(fold(text))
        except MeaningUnavailable:
            return None
        return (vectors @ asked).tolist(), asked, classifier

    def _vectors(self, actions: Actions, model: Embedder) -> tuple[Vectors, _Classifier]:
        read = self._read
        if read is None or read[0] is not actions or read[1] != model.name:
            matrix = vectors_of([text for _, text in actions.phrasings], model, self._kept)
            read = (actions, model.name, matrix, _Classifier.of(actions, matrix))
            self._read = read
        return read[2], read[3]


@dataclass(frozen=True)
class _Classifier:
    """Which action a vector belongs to, learned from the sentences of the file: one column an action."""

    names: tuple[str, ...]
    mean: Vectors
    weights: Vectors  # (dimensions, actions)

    @classmethod
    def of(cls, actions: Actions, vectors: Vectors) -> _Classifier:
        names = tuple(sorted({name for name, _ in actions.phrasings if _is_action(name)}))
        mean = np.asarray(vectors.mean(axis=0), np.float32)
        centred = vectors - mean
        wanted = [[float(name == each) for each in names] for name, _ in actions.phrasings]
        kernel = centred @ centred.T + _RIDGE * np.eye(len(centred), dtype=np.float32)
        return cls(names, mean, np.asarray(centred.T @ np.linalg.solve(kernel, np.array(wanted)), np.float32))

    def best(self, vector: Vectors) -> str:
        """The action that it says, however faintly."""
        return self.names[int(((vector - self.mean) @ self.weights).argmax())]

    def score(self, vector: Vectors, action: str) -> float:
        """How much it says that this is the action, about 0 to 1; 0 when it says another."""
        scores = (vector - self.mean) @ self.weights
        best = int(scores.argmax())
        return float(scores[best]) if self.names[best] == action else 0.0

    def of_any(self, vector: Vectors) -> float:
        """How much it says that this is one of the actions, whichever: below 0 for most questions."""
        return float(((vector - self.mean) @ self.weights).sum())


@dataclass(frozen=True)
class _Best:
    """The nearest action, how near it is, and how near the nearest sentences are that are none."""

    action: str
    score: float
    material: float
    guide: float
    agreed: float = 0.0  # what the classifier says of this action
    any_action: float = 0.0  # and of all of them together


def _is_action(name: str) -> bool:
    return name != MATERIAL and not name.startswith(GUIDE)


def _best(
    actions: Actions,
    scores: Sequence[float],
    among: frozenset[str] | None = None,
    *,
    but_questions: bool = False,
) -> _Best:
    """The nearest action of all, or of `among`; `but_questions` leaves them out of the material."""
    named = [(score, name) for (name, _), score in zip(actions.phrasings, scores, strict=True)]
    asked = (each for each in named if _is_action(each[1]) and (among is None or each[1] in among))
    score, action = max(asked, default=(0.0, ""))
    harmless = {f"{GUIDE}{topic}" for topic in actions.topics.get(action, ())}
    material = max(
        (
            score
            for (score, name), asks in zip(named, actions.questions, strict=True)
            if name == MATERIAL and not (but_questions and asks)
        ),
        default=0.0,
    )
    of_guide = (score for score, name in named if name.startswith(GUIDE) and name not in harmless)
    return _Best(action, score, material, max(of_guide, default=0.0))


def _is_asked_of_the_guide(actions: Actions, shared: Sequence[float]) -> bool:
    """Whether it is, word for word, what a guide entry is known to be asked: that is answered, not done."""
    named = zip(actions.phrasings, shared, strict=True)
    return any(score >= _SAME and name.startswith(GUIDE) for (name, _), score in named)


def _judged(best: _Best, sure: Sequence[Floors], likely: Floors) -> Meant | None:
    is_sure = any(floors.hold(best) for floors in sure)
    if not best.action or not (is_sure or likely.hold(best)):
        return None
    return Meant(best.action, is_sure)


def _grams(text: str) -> frozenset[str]:
    plain = squeeze(text)
    return frozenset(plain) | {plain[at : at + 2] for at in range(len(plain) - 1)}


# ---- files -----------------------------------------------------------------------------------------------
def read_actions(
    path: Path, known: frozenset[str], default: Actions | None = None, guide: Path | None = None
) -> Actions:
    """Read the phrasings.  Raises SourceError with every mistake and its line.

    `known` are the ids that the program can do; with `default` the file adds to these phrasings.  What the
    `guide` is asked (titles and phrasings of guide.yaml) is no action.
    """
    file = YamlFile.read(path)
    file.top.only("actions", "material", "openers")
    default = default or Actions(())
    found: list[tuple[str, str]] = []
    topics = dict(default.topics)
    for row in file.top.rows("actions"):
        row.only("id", "say", "guide")
        name = row.text("id", required=True)
        if name not in known:
            row.problem("id", f"没有“{name}”这件事", "、".join(sorted(known)))
        found += [(name, text.value) for text in row.texts("say", required=True)]
        topics[name] = topics.get(name, frozenset()) | {text.value for text in row.texts("guide")}
    found += [(MATERIAL, text.value) for text in file.top.texts("material")]
    own = [fold(text.value) for text in file.top.texts("openers")]
    file.finish()
    openers = tuple(sorted({*default.openers, *own}, key=len, reverse=True))
    return Actions((*default.phrasings, *found, *_asked_of(guide)), topics, openers)


def _asked_of(guide: Path | None) -> list[tuple[str, str]]:
    """The titles and phrasings of a guide file that was checked where it is read as knowledge."""
    if guide is None:
        return []
    return [
        (f"{GUIDE}{row.text('id')}", text)
        for row in YamlFile.read(guide).top.rows("guide")
        for text in (row.text("title"), *(each.value for each in row.texts("phrasings")))
    ]


__all__ = ["MATERIAL", "Actions", "Meant", "SourceError", "Understanding", "read_actions"]
