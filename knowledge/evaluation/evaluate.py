"""How good is a base?  Asked with a file of questions, or with a benchmark that brings its own documents.

    evaluate_questions(Path("report_dev.yaml"), ask, results=Path("results.yaml"))  -> figures
    evaluate_benchmark(Path("policy.jsonl"), predictions=Path("out.jsonl"))          -> figures
    outcomes = run_benchmark(Path("policy.jsonl"))    measured(outcomes), suggest_curve(outcomes)
    fit(Path("policy.jsonl"))  -> new weights, cross-validated and fitted figures

`ask(text)` gives what a resident sees: `outcome`, `entries` (`path`, `text`), `text`, `offers_filing`.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from knowledge.evaluation.benchmark import run_benchmark
from knowledge.evaluation.fitting import Fitted, fit
from knowledge.evaluation.questions import Reply, figures, read_cases, results_yaml
from knowledge.evaluation.selective import Curve, Figures, measured, suggest_curve

__all__ = [
    "Fitted",
    "curve_text",
    "evaluate_benchmark",
    "evaluate_questions",
    "figures_text",
    "fit",
    "measured",
    "run_benchmark",
    "suggest_curve",
]


def evaluate_questions(
    file: Path, ask: Callable[[str], Reply], results: Path | None = None
) -> dict[str, Any]:
    """Ask every question of a YAML file, write `results`, and score (see `questions.figures`)."""
    cases = read_cases(file)
    replies = {case.id: ask(case.text) for case in cases}
    if results is not None:
        results.write_text(results_yaml(cases, replies), encoding="utf-8")
    return figures(cases, replies)


def evaluate_benchmark(file: Path, predictions: Path | None = None, perturb: str = "") -> Figures:
    """Index the documents of a JSON-lines file, ask its questions, and measure (see `selective`)."""
    return measured(run_benchmark(file, predictions, perturb))


def figures_text(found: dict[str, Any]) -> str:
    """The figures of a file of questions as lines for people."""
    lines = [
        f"{key:32} {right}/{asked} {right / asked:.0%}" for key, (right, asked) in found["groups"].items()
    ]
    rates = [
        f"{key:32} {part}/{whole}"
        for key, value in found.items()
        if key not in ("groups", "wrong")
        for part, whole in [value]
    ]
    return "\n".join([*lines, *rates, "不对: " + " ".join(found["wrong"])])


def curve_text(curve: Curve) -> str:
    """What a floor for suggestions costs and saves, as a table for people."""
    names = ("floor", "lost", "served", "unanswerable shown")
    rows = ["  ".join(f"{row[name]:{len(name)}.3f}" for name in names) for row in curve]
    return "\n".join(["suggestions only above a probability of:", "  ".join(names), *rows])
