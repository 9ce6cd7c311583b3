"""A benchmark file with its own documents (JSON lines): index them, ask every question, write what came out.

Lines `{"kind": "doc", "id", "title", "text"}` and `{"kind": "question", "qid", "question", "gold"}`; a
question with an empty `gold` has no answer among the documents.
"""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from knowledge.base import build_index
from knowledge.entry import Answer, Citation, Entry, EntryKind, Suggest
from knowledge.evaluation.perturb import perturbed
from knowledge.evaluation.selective import Outcome
from knowledge.index.index import Index
from knowledge.index.meanings import Meaning
from knowledge.matching.ask import Asker


@dataclass(frozen=True)
class Question:
    """`gold`: ids of the entries that answer; empty = none does."""

    qid: str
    text: str
    gold: frozenset[str]


@dataclass(frozen=True)
class Prediction:
    """What was made of one question: entries with their scores, best first, and the decision."""

    qid: str
    ranked: tuple[tuple[str, float], ...]
    decision: str  # answer, suggest, none
    confidence: float
    milliseconds: float

    def to_json(self) -> str:
        """One line of a predictions file."""
        return json.dumps(
            {
                "qid": self.qid,
                "ranked": [[entry_id, round(score, 6)] for entry_id, score in self.ranked],
                "decision": self.decision,
                "confidence": round(self.confidence, 6),
                "ms": round(self.milliseconds, 3),
            },
            ensure_ascii=False,
        )


def read_benchmark(file: Path) -> tuple[list[Entry], list[Question]]:
    """Documents as entries, and questions.  Raises ValueError with the line that cannot be read."""
    entries: list[Entry] = []
    questions: list[Question] = []
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            if row.get("kind", "question") == "doc":
                entries.append(_entry(row))
            else:
                questions.append(Question(str(row["qid"]), row["question"], frozenset(map(str, row["gold"]))))
        except (json.JSONDecodeError, KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"{file.name}, line {number}: not a document or question ({error})") from error
    return entries, questions


def _entry(row: dict[str, str]) -> Entry:
    return Entry(
        entry_id=str(row["id"]),
        path=str(row["id"]),
        kind=EntryKind.PUBLISHED_REPLY,
        title=row["title"],
        text=row["text"],
        citation=Citation(row["title"]),
    )


@contextmanager
def temporary_asker(entries: list[Entry], meaning: Meaning | None = None) -> Iterator[Asker]:
    """An index of these entries that is gone afterwards; by words alone without `meaning`."""
    with tempfile.TemporaryDirectory(prefix="disclosure-") as folder:
        path = Path(folder) / "benchmark.db"
        build_index(entries, (), path, meaning=meaning)
        with Index.open(path) as index:
            yield Asker(index, meaning.embedder if meaning else None)


def predict(asker: Asker, question: Question, perturb: str = "") -> Prediction:
    """Ask one question, made harder first if wished."""
    text = perturbed(question.text, perturb, question.qid) if perturb else question.text
    started = time.perf_counter()
    decision = asker.ask(text)
    milliseconds = (time.perf_counter() - started) * 1000
    hits = asker.looked_at(text)
    kind = (
        "answer" if isinstance(decision, Answer) else "suggest" if isinstance(decision, Suggest) else "none"
    )
    ranked = tuple((hit.entry.entry_id, hit.score) for hit in hits)
    return Prediction(question.qid, ranked, kind, hits[0].score if hits else 0.0, milliseconds)


def outcome(question: Question, prediction: Prediction) -> Outcome:
    """What the figures need to know."""
    ids = [entry_id for entry_id, _ in prediction.ranked]
    rank = next((at for at, entry_id in enumerate(ids) if entry_id in question.gold), None)
    return Outcome(
        answerable=bool(question.gold),
        rank=rank,
        confidence=prediction.confidence,
        decision=prediction.decision,
        milliseconds=prediction.milliseconds,
    )


def run_benchmark(file: Path, predictions: Path | None = None, perturb: str = "") -> list[Outcome]:
    """Index the documents of `file`, ask its questions, and write `predictions`."""
    entries, questions = read_benchmark(file)
    with temporary_asker(entries) as asker:
        found = [predict(asker, question, perturb) for question in questions]
    if predictions is not None:
        predictions.write_text("".join(one.to_json() + "\n" for one in found), encoding="utf-8")
    return [outcome(q, p) for q, p in zip(questions, found, strict=True)]
