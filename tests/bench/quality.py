"""Quality of ours and of the peers on a file with its own documents: figures, and risk-coverage curves.

Ours is measured as `disclosure evaluate` does; a peer's confidence is the score of its first entry, as it
comes.  Our weights were fitted on a development file: on that file itself "ours" is a fitted figure, so the
cross-validated one stands beside it (weights fitted to the other parts of this very file).  "By meaning" is
what residents get where the model runs: by the weights of `meaning.yaml`, six candidates at most.
"""

from __future__ import annotations

import re
import sqlite3
import time
import unicodedata
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from knowledge.entry import Entry
from knowledge.evaluation.benchmark import Question, outcome, predict, read_benchmark, temporary_asker
from knowledge.evaluation.fitting import cross_validated
from knowledge.evaluation.selective import Outcome, measured
from knowledge.index.meanings import Meaning
from knowledge.meaning.embedder import embedder
from knowledge.text.grams import bigrams

CROSS_VALIDATED = "ours, cross-validated"
BY_MEANING = "ours, by meaning"
_TOP = 10
_FIGURES = ("hit@1", "hit@3", "MRR@10", "answered@P95", "AURC", "FAR@80", "ms p50", "ms p99")

Ranked = list[tuple[int, float]]  # number of the document and score, best first
Ranker = Callable[[str], Ranked]


def run_quality(file: Path, picture: Path) -> str:
    """The table in Markdown; the curves go to `picture`."""
    entries, questions = read_benchmark(file)
    outcomes = {"ours": _ours(entries, questions)}
    model = embedder()
    if model is not None:
        outcomes[BY_MEANING] = _ours(entries, questions, Meaning(model))
    with suppress(ValueError):  # too few questions to learn from
        outcomes[CROSS_VALIDATED] = cross_validated(file)
    texts = [_plain(f"{entry.title} {entry.text}") for entry in entries]
    for name, ranker in (
        ("tantivy bigram", _tantivy(texts)),
        ("bm25s bigram", _bm25s(texts)),
        ("FTS5 bigram", _fts5(texts)),
        ("rapidfuzz WRatio", _wratio(texts)),
    ):
        outcomes[name] = [_outcome(question, ranker, entries) for question in questions]
    plot_curves(outcomes, picture)
    return _table(outcomes, len(entries), len(questions))


def _plain(text: str) -> str:
    """What the peers are given: NFKC, lower case, no spaces or punctuation."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text).lower())


def _ours(
    entries: list[Entry], questions: Sequence[Question], meaning: Meaning | None = None
) -> list[Outcome]:
    with temporary_asker(entries, meaning) as asker:
        return [outcome(question, predict(asker, question)) for question in questions]


def _outcome(question: Question, ranker: Ranker, entries: Sequence[Entry]) -> Outcome:
    started = time.perf_counter()
    ranked = ranker(_plain(question.text))
    milliseconds = (time.perf_counter() - started) * 1000
    ids = [entries[number].entry_id for number, _ in ranked]
    rank = next((at for at, entry_id in enumerate(ids) if entry_id in question.gold), None)
    return Outcome(bool(question.gold), rank, ranked[0][1] if ranked else 0.0, "answer", milliseconds)


def _tantivy(texts: Sequence[str]) -> Ranker:
    import tantivy

    builder = tantivy.SchemaBuilder()
    builder.add_text_field("pieces", tokenizer_name="whitespace", index_option="freq")
    builder.add_unsigned_field("number", stored=True, indexed=False)
    schema = builder.build()
    index = tantivy.Index(schema)
    writer = index.writer(50_000_000, 1)
    for number, text in enumerate(texts):
        document = tantivy.Document()
        document.add_text("pieces", " ".join(bigrams(text)))
        document.add_unsigned("number", number)
        writer.add_document(document)
    writer.commit()
    index.reload()
    searcher = index.searcher()

    def rank(text: str) -> Ranked:
        terms = [
            (tantivy.Occur.Should, tantivy.Query.term_query(schema, "pieces", piece, "freq"))
            for piece in dict.fromkeys(bigrams(text))
        ]
        hits = searcher.search(tantivy.Query.boolean_query(terms), _TOP).hits
        return [(searcher.doc(place).to_dict()["number"][0], score) for score, place in hits]

    return rank


def _bm25s(texts: Sequence[str]) -> Ranker:
    import bm25s

    retriever = bm25s.BM25(k1=1.2, b=0.75)
    retriever.index([bigrams(text) for text in texts], show_progress=False)

    def rank(text: str) -> Ranked:
        found, scores = retriever.retrieve(
            [list(dict.fromkeys(bigrams(text)))], k=min(_TOP, len(texts)), show_progress=False
        )
        return list(zip(found[0].tolist(), scores[0].tolist(), strict=True))

    return rank


def _fts5(texts: Sequence[str]) -> Ranker:
    connection = sqlite3.connect(":memory:")
    connection.execute("create virtual table found using fts5 (pieces, content='', tokenize='unicode61')")
    connection.executemany(
        "insert into found (rowid, pieces) values (?, ?)",
        ((number, " ".join(bigrams(text))) for number, text in enumerate(texts)),
    )

    def rank(text: str) -> Ranked:
        query = " OR ".join(f'"{piece}"' for piece in dict.fromkeys(bigrams(text)))
        rows = connection.execute(
            "select rowid, -rank from found where found match ? order by rank limit ?", (query, _TOP)
        )
        return rows.fetchall()

    return rank


def _wratio(texts: Sequence[str]) -> Ranker:
    from rapidfuzz import fuzz, process

    def rank(text: str) -> Ranked:
        return [
            (number, score)
            for _, score, number in process.extract(text, texts, scorer=fuzz.WRatio, limit=_TOP)
        ]

    return rank


def _table(outcomes: dict[str, list[Outcome]], documents: int, questions: int) -> str:
    lines = [
        f"{questions} questions, {documents} documents",
        "",
        "| system | " + " | ".join(_FIGURES) + " |",
        "|" + "---|" * (len(_FIGURES) + 1),
    ]
    for name, each in outcomes.items():
        found = measured(each)
        cells = [_shown(figure, found.get(figure)) for figure in _FIGURES]
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _shown(figure: str, value: Any) -> str:
    if value is None:
        return ""
    return f"{value:.1f}" if figure.startswith("ms") else f"{value:.3f}"


def curve(outcomes: Sequence[Outcome]) -> tuple[list[float], list[float]]:
    """Coverage and risk, answering the most confident questions first; ties are taken as a whole."""
    ordered = sorted(outcomes, key=lambda one: -one.confidence)
    coverage, risk = [], []
    wrong = 0
    for number, one in enumerate(ordered, 1):
        wrong += not one.right
        if number == len(ordered) or ordered[number].confidence != one.confidence:
            coverage.append(number / len(ordered))
            risk.append(wrong / number)
    return coverage, risk


def perfect(outcomes: Sequence[Outcome]) -> tuple[list[float], list[float]]:
    """The curve of a system that ranks all answers first and answers all that have one before the rest."""
    share = sum(one.answerable for one in outcomes) / len(outcomes)
    steps = [share + (1 - share) * step / 100 for step in range(101)]
    return [0.0, *steps], [0.0, *((at - share) / at if at else 0.0 for at in steps)]


_STYLES = ("-", "-", "--", "-", (0, (5, 2)), (0, (1, 1.5)), "-.")  # three peers lie on each other
_NOISY = 0.02  # of all questions: the risk of so few is chance


def plot_curves(outcomes: dict[str, list[Outcome]], picture: Path) -> None:
    """Share of wrong answers against the share of questions answered."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, axis = pyplot.subplots(figsize=(9, 6))
    for (name, each), style in zip(outcomes.items(), _STYLES, strict=False):
        points = [(x, y) for x, y in zip(*curve(each), strict=True) if x >= _NOISY]
        reached = measured(each)["answered@P95"] or 0.0
        label = f"{name} ({reached:.0%})"
        axis.plot(*zip(*points, strict=True), label=label, linestyle=style, linewidth=1.8)
    first = next(iter(outcomes.values()))
    axis.plot(*perfect(first), label="no error at all", color="0.6", linewidth=1)
    axis.axhline(0.05, color="0.3", linestyle=":", linewidth=1)
    axis.annotate("95 % of the answers are right", (0.995, 0.053), ha="right", va="bottom", color="0.3")
    answerable = sum(one.answerable for one in first)
    axis.set_title(f"Risk and coverage: {len(first)} questions, {answerable} of them answerable")
    axis.set_xlabel("share of all questions answered, the most confident first")
    axis.set_ylabel("share of these answered wrongly")
    axis.set_xlim(0, 1)
    axis.set_ylim(0, 0.65)
    axis.grid(True, alpha=0.3)
    axis.legend(title="(answerable questions answered rightly at 95 %)", loc="upper left")
    figure.tight_layout()
    figure.savefig(picture, dpi=120)
    pyplot.close(figure)
