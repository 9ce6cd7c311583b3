"""The evaluation says what the reference scorers say, and the base keeps its level."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from knowledge.base import Base, build_base
from knowledge.entry import Answer, Suggest
from knowledge.evaluation.evaluate import (
    curve_text,
    evaluate_benchmark,
    evaluate_questions,
    figures_text,
    suggest_curve,
)
from knowledge.evaluation.perturb import KINDS, perturbed
from knowledge.evaluation.questions import read_cases
from knowledge.evaluation.selective import Outcome, suggest_floor

HERE = Path(__file__)
QUESTIONS = HERE.parents[1] / "questions" / "report_dev.yaml"
SMALL = HERE.parents[1] / "questions" / "small_benchmark.jsonl"
SHARED = HERE.parents[3] / "shared"
KNOWLEDGE = HERE.parents[2] / "knowledge" / "zhoushang"
ABOUT_THE_REPORT = ("answer", "suggest_ok", "route")  # what the base alone decides
FLOOR = 46  # of 51; raise it when more are right
OUTCOMES = {Answer: "answer", Suggest: "suggest"}


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Base]:
    path = tmp_path_factory.mktemp("base") / "knowledge.db"
    build_base(KNOWLEDGE, path)
    with Base.open(path) as opened:
        yield opened


def reply(base: Base, text: str) -> dict[str, Any]:
    decision = base.ask(text)
    hits = decision.hits if isinstance(decision, Answer | Suggest) else ()
    return {
        "outcome": OUTCOMES.get(type(decision), "route"),
        "entries": [{"path": hit.entry.path, "text": hit.entry.text} for hit in hits],
        "text": "\n".join(f"{hit.entry.title}\n{hit.passage.text}" for hit in hits),
        "offers_filing": not isinstance(decision, Answer),
    }


def test_report_questions_keep_their_level(base: Base, tmp_path: Path) -> None:
    """At least FLOOR of the 51 questions that the base decides are right, and none is answered wrongly."""
    file = tmp_path / "questions.yaml"
    rows = yaml.safe_load(QUESTIONS.read_text(encoding="utf-8"))
    file.write_text(
        yaml.safe_dump([row for row in rows if row["expect"] in ABOUT_THE_REPORT], allow_unicode=True)
    )
    figures = evaluate_questions(file, lambda text: reply(base, text))
    assert figures["误答"][0] == 0
    assert figures["groups"]["all"][0] >= FLOOR, figures["wrong"]


def test_our_scores_are_those_of_the_reference_scorer(base: Base, tmp_path: Path) -> None:
    """Line for line, where the reference is at hand."""
    scorer = SHARED / "eval" / "score.py"
    if not scorer.exists():
        pytest.skip("no reference scorer here")
    results = tmp_path / "results.yaml"
    figures = evaluate_questions(QUESTIONS, lambda text: reply(base, text), results)
    printed = subprocess.run(
        [sys.executable, str(scorer), str(QUESTIONS), str(results)],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert [line.rstrip() for line in figures_text(figures).splitlines()] == [
        line.rstrip() for line in printed.splitlines()
    ]


def test_benchmark_figures_are_those_of_the_reference_scorer(tmp_path: Path) -> None:
    """Key for key, where the reference is at hand."""
    scorer = SHARED / "bench" / "score_matching.py"
    if not scorer.exists():
        pytest.skip("no reference scorer here")
    predictions = tmp_path / "predictions.jsonl"
    figures = evaluate_benchmark(SMALL, predictions)
    printed = subprocess.run(
        [sys.executable, str(scorer), str(SMALL), str(predictions), "--json"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    reference = json.loads(printed)
    assert {key: reference[key] for key in figures if not key.startswith("ms")} == pytest.approx(
        {key: value for key, value in figures.items() if not key.startswith("ms")}, abs=1e-4
    )


@pytest.mark.parametrize("kind", ["", *KINDS])
def test_a_small_benchmark_is_found_in_every_form(kind: str) -> None:
    """Six documents, ten questions, as they are and made harder."""
    figures = evaluate_benchmark(SMALL, perturb=kind)
    assert figures["questions"] == 10
    assert figures["hit@1"] == 1.0
    assert figures["dec unanswerable answer"] == 0.0


def test_a_perturbed_question_is_the_same_each_time() -> None:
    """Only the seed decides; another seed gives another error."""
    text = "城乡居民基本医疗保险缴费标准"
    for kind in KINDS:
        assert perturbed(text, kind, "q1") == perturbed(text, kind, "q1") != text
    assert perturbed(text, "drop", "q1") != perturbed(text, "drop", "q2")


def test_a_line_that_is_no_question_is_named(tmp_path: Path) -> None:
    """With its number."""
    broken = tmp_path / "broken.jsonl"
    broken.write_text('{"kind": "doc", "id": "a", "title": "b", "text": "c"}\n{"kind": "question"}\n')
    with pytest.raises(ValueError, match="line 2"):
        evaluate_benchmark(broken)


def test_cases_are_read() -> None:
    """Sixty questions, each with what is expected."""
    cases = read_cases(QUESTIONS)
    assert len(cases) == 60
    assert {case.expect for case in cases} == {
        "answer",
        "suggest_ok",
        "route",
        "redirect",
        "smalltalk",
        "guide",
    }


@pytest.mark.parametrize("broken", ["- q: 预\x07算", "- q: [", "- 预算"], ids=["control", "open", "text"])
def test_what_is_no_file_of_questions_is_said(tmp_path: Path, broken: str) -> None:
    """By its name, with the way to mend it; never as a fault of the program."""
    (file := tmp_path / "broken.yaml").write_text(broken, encoding="utf-8")
    with pytest.raises(ValueError, match=r"broken\.yaml is not a file of questions"):
        read_cases(file)


def outcome_of(confidence: float, *, answerable: bool, rank: int | None = 0) -> Outcome:
    return Outcome(answerable, rank if answerable else None, confidence, "none")


def test_the_suggest_curve_counts_what_a_floor_loses_and_spares() -> None:
    """Twenty answerable questions at 0.05, 0.10 …, twenty others at the same; one has its answer nowhere."""
    yes = [outcome_of(n / 20, answerable=True, rank=None if n == 20 else 0) for n in range(1, 21)]
    no = [outcome_of(n / 20, answerable=False) for n in range(1, 21)]
    curve = {row["lost"]: row for row in suggest_curve([*yes, *no])}
    assert curve[0.0] == {"floor": 0.05, "lost": 0.0, "served": 0.95, "unanswerable shown": 1.0}
    assert curve[0.1] == {"floor": 0.15, "lost": 0.1, "served": 0.85, "unanswerable shown": 0.9}
    assert suggest_floor([*yes, *no], 0.05) == 0.1
    assert suggest_curve([]) == [{"floor": 0.0, "lost": 0.0, "served": 0.0, "unanswerable shown": 0.0}]
    assert curve_text(suggest_curve(yes)).splitlines()[2].split() == ["0.050", "0.000", "0.950", "0.000"]
