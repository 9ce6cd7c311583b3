"""Sets of questions with the documents that they are asked of: what the weights are fitted to and measured
on.

    office_sets(Path("offices"))      NAME.yaml beside the folder NAME/, one set each
    benchmark_set(Path("x.jsonl"))    a file that brings its own documents
    silent_set(Path("m.jsonl"), ...)  messages that nothing in a folder answers

Each set says for itself which quotation is right.  Sets that share documents share a `group`: they are
never on both sides when a group is left out.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from knowledge.entry import Entry, EntryKind
from knowledge.evaluation.benchmark import read_benchmark
from knowledge.evaluation.questions import Case, read_cases
from knowledge.matching.terms import TermLike
from knowledge.sources import read_folder

Judge = Callable[[Entry, str], bool]

ANSWERABLE = ("answer", "suggest_ok")
UNANSWERABLE = "route"
_IGNORED = re.compile(r"[\s，,。;；:：、“”\"'‘’（）()|│\-—…·!！?？]+")
_MOST_SILENT = 150  # messages that are asked of a base that answers none of them


@dataclass(frozen=True)
class Asked:
    """A question; `right(entry, quotation)` tells whether that answers it."""

    id: str
    text: str
    expect: str
    right: Judge

    @property
    def is_answerable(self) -> bool:
        return self.expect in ANSWERABLE


@dataclass(frozen=True)
class QuestionSet:
    """Documents and the questions that are asked of them.  `documents` names the documents."""

    name: str
    group: str
    documents: str
    entries: tuple[Entry, ...]
    terms: tuple[TermLike, ...]
    questions: tuple[Asked, ...]


def flat(text: str) -> str:
    """A text without spaces and punctuation, full width as half."""
    return _IGNORED.sub("", unicodedata.normalize("NFKC", text))


def office_sets(folder: Path) -> list[QuestionSet]:
    """Every `NAME.yaml` with a folder NAME beside it.  Raises ValueError where there is none."""
    files = [file for file in sorted(folder.glob("*.yaml")) if file.with_suffix("").is_dir()]
    if not files:
        raise ValueError(f"{folder} holds no NAME.yaml with a folder NAME beside it")
    return [_office_set(file) for file in files]


def _office_set(file: Path) -> QuestionSet:
    knowledge = read_folder(file.with_suffix(""), {})
    questions = tuple(_asked(case) for case in read_cases(file) if _judged(case))
    return QuestionSet(file.stem, file.stem, file.stem, knowledge.entries, knowledge.terms, questions)


def _judged(case: Case) -> bool:
    """Greetings and complaints are the dialogue's, not the matching's."""
    return case.expect in (*ANSWERABLE, UNANSWERABLE, "guide")


def _asked(case: Case) -> Asked:
    return Asked(case.id, case.text, case.expect, lambda entry, quoted: _answers(case, entry, quoted))


def _answers(case: Case, entry: Entry, quoted: str) -> bool:
    if entry.kind is EntryKind.GUIDE and "guide" in (case.expect, *case.also_ok):
        return True
    if case.expect not in ANSWERABLE:
        return False
    return holds(case, f"{entry.title}\n{quoted}", entry.source)


def holds(case: Case, said: str, source: str) -> bool:
    """Whether what is said, from this file, holds all that the answer must."""
    if case.docs and source and source not in case.docs and source.rpartition(".")[0] not in case.docs:
        return False
    plain = flat(said)
    return all(any(flat(one) in plain for one in item.split("|")) for item in case.must_contain)


def benchmark_set(file: Path, group: str) -> QuestionSet:
    """A JSON-lines benchmark: right is what quotes the beginning of the reference answer from a gold
    document."""
    entries, questions = read_benchmark(file)
    answers = _reference_answers(file)
    asked = tuple(
        Asked(
            one.qid,
            one.text,
            "answer" if one.gold else UNANSWERABLE,
            _quoting(frozenset(one.gold), answers.get(one.qid, "")),
        )
        for one in questions
    )
    return QuestionSet(file.stem, group, file.stem, tuple(entries), (), asked)


def _reference_answers(file: Path) -> dict[str, str]:
    rows = (json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip())
    return {row["qid"]: row.get("answer") or "" for row in rows if row.get("kind") == "question"}


_ENOUGH = 24  # characters of a reference answer by which it is known


def _quoting(gold: frozenset[str], answer: str) -> Judge:
    wanted = flat(answer)[:_ENOUGH]
    return lambda entry, quoted: entry.entry_id in gold and wanted in flat(quoted)


def silent_set(file: Path, name: str, base: QuestionSet) -> QuestionSet:
    """Messages (`title`, `text`) that nothing answers, asked of the documents of another set.

    They are a group of their own: what they teach is what no office has.
    """
    rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()[:_MOST_SILENT]]
    texts = (row["title"] if at % 2 else row["text"] for at, row in enumerate(rows))
    return QuestionSet(name, name, base.documents, base.entries, base.terms, tuple(_silent(texts)))


def _silent(texts: Iterable[str]) -> Sequence[Asked]:
    return [Asked(f"m{at}", text, UNANSWERABLE, lambda entry, quoted: False) for at, text in enumerate(texts)]
