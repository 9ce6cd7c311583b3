"""The benchmark itself: what it draws, and that it runs from end to end."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import islice
from pathlib import Path

import pytest

from knowledge.meaning.embedder import embedder
from knowledge.text.grams import bigrams
from tests.bench import any_input, run, systems
from tests.bench.changed_file import measure
from tests.bench.corpus import BODY, TITLE, questions, read, texts, write
from tests.bench.exact import Exact
from tests.bench.quality import curve, perfect, run_quality
from tests.bench.table import goals, plot, table

SMALL_BENCHMARK = Path(__file__).parent.parent / "questions" / "small_benchmark.jsonl"


def test_entries_are_the_same_every_time(tmp_path: Path) -> None:
    """Seeded, of the promised lengths, and a larger corpus begins with the smaller one."""
    drawn = list(texts(300))
    assert drawn == list(texts(300)) == list(islice(texts(20_001), 300))
    assert all(
        TITLE[0] <= len(title) <= TITLE[1] and BODY[0] <= len(body) <= BODY[1] for title, body in drawn
    )
    write(tmp_path / "entries.txt", 300)
    assert list(read(tmp_path / "entries.txt")) == drawn


def test_questions_are_of_every_kind() -> None:
    """Known ones name the entry that they were made from; the fast cutting is the same as ours."""
    asked = questions(300, 10)
    assert asked == questions(300, 10)
    kinds = [question.kind for question in asked]
    assert {kind: kinds.count(kind) for kind in kinds} == {"title": 10, "body": 10, "words": 10, "worst": 5}
    for question in asked:
        assert (question.entry >= 0) == (question.kind in ("title", "body"))
        assert systems.pieces(question.text) == bigrams(question.text)


def test_exact_scoring_knows_the_first_hit(tmp_path: Path) -> None:
    """A title asked for word by word comes first; an entry that shares nothing does not."""
    write(tmp_path / "entries.txt", 50)
    drawn = list(texts(50))
    exact = Exact(tmp_path / "entries.txt", [title for title, _ in drawn])
    for number, (title, _) in enumerate(drawn):
        assert exact.is_first(title, number)
        assert not exact.is_first(title, (number + 1) % 50)


def test_one_small_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ours and one peer at three hundred entries: every way of asking has a row, and ours is exact."""
    few = {name: systems.SYSTEMS[name] for name in systems.SYSTEMS if name.startswith(("ours", "tan"))}
    monkeypatch.setattr(run, "SYSTEMS", few)
    rows = run.run_size(300, 4, tmp_path)
    assert [row.way for row in rows] == ["ours", "ours, with sound", "ours, whole question", "tantivy"]
    assert rows[0].same_first == 1.0
    assert rows[0].megabytes is not None
    shown = table(rows, {300: [12, 13]})
    assert len(shown.splitlines()) == 6
    assert re.search(r"\| 300 \| tantivy \| [\d.]+ \| [\d.]+ \| [\d.]+ \| [\d.]+ \| 1.00 \| 1.00 \|", shown)
    assert re.match(r"met +300 entries: same first hit .*: 100.0%\n", goals(rows))
    slow = replace(rows[2], entries=1_000, times={0: 6.0}, worked={0: 2.0})
    assert re.match(
        r"MISSED +1,000 entries: whole question, p99 up to 5 ms: 6.0 ms, of which the processor worked 2.0\n",
        goals([slow]),
    )
    slowest = list(any_input.run_inputs(300, tmp_path))
    assert {row.kind for row in slowest} == set(any_input.inputs())
    assert all(row.milliseconds > 0 for row in slowest)
    assert len(any_input.inputs_table(slowest).splitlines()) == len(slowest) + 3
    plot(rows, tmp_path / "speed.png")
    assert (tmp_path / "speed.png").stat().st_size > 1000


def test_quality_of_ours_and_peers(tmp_path: Path) -> None:
    """Ours and four peers on a small file with its own documents, and a picture of their curves."""
    shown = run_quality(SMALL_BENCHMARK, tmp_path / "curves.png")
    by_meaning = ["| ours, by meaning"] if embedder() else []
    assert [line.split(" | ")[0] for line in shown.splitlines()[4:]] == [
        "| ours",
        *by_meaning,
        "| tantivy bigram",
        "| bm25s bigram",
        "| FTS5 bigram",
        "| rapidfuzz WRatio",
    ]
    assert (tmp_path / "curves.png").stat().st_size > 1000


def test_curve_takes_ties_as_a_whole() -> None:
    """Equal confidence is answered together or not at all."""
    from knowledge.evaluation.selective import Outcome

    outcomes = [
        Outcome(True, 0, 0.9, "answer"),
        Outcome(True, 1, 0.5, "answer"),
        Outcome(False, None, 0.5, "answer"),
    ]
    assert curve(outcomes) == ([1 / 3, 1.0], [0.0, 2 / 3])
    assert [values[-1] for values in perfect(outcomes)] == pytest.approx([1.0, 1 / 3])
    assert perfect(outcomes)[1][:2] == [0.0, 0.0]


def test_a_changed_file_is_measured(capsys: pytest.CaptureFixture[str]) -> None:
    """The bench runs to its end on few files, and only the one that changed is another than before."""
    assert measure(20, meaning=False) > 0
    assert "check after one changed file" in capsys.readouterr().out
