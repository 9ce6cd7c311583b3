"""`disclosure evaluate`: how good the bot is, measured on a file of questions."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click
from pydantic import SecretStr

from bot.cli.opening import program_or_leave
from bot.cli.output import WRONG_USAGE, fail, print_json
from bot.cli.settings import settings_or_leave
from bot.program import Program
from bot.trial import ask_once
from knowledge.evaluation import evaluate as evaluation
from knowledge.evaluation.evaluate import curve_text

_CURVE = "suggest curve"


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--knowledge",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="YAML questions: ask this folder, not that of the settings.",
)
@click.option("--results", type=click.Path(path_type=Path), help="YAML questions: write the replies here.")
@click.option(
    "--predictions", type=click.Path(path_type=Path), help="JSON lines: write the predictions here."
)
@click.option(
    "--perturb",
    type=click.Choice(["traditional", "homophone", "pinyin", "drop"]),
    default=None,
    help="JSON lines: spoil each question first.",
)
@click.option("--fit", is_flag=True, help="JSON lines: fit the weights, cross-validated, and print them.")
@click.option("--json", "as_json", is_flag=True, help="Print the figures as one JSON object.")
def evaluate(
    file: Path,
    knowledge: Path | None,
    results: Path | None,
    predictions: Path | None,
    perturb: str | None,
    fit: bool,
    as_json: bool,
) -> None:
    """Score the bot against a file of questions.

    A YAML file is asked through the dialogue, each question in a fresh conversation; with --knowledge of
    another folder, whose index is built in a temporary place.  A JSON-lines file brings its own documents.

    \b
    Example:     disclosure evaluate tests/questions/report_dev.yaml --results results.yaml
                 disclosure evaluate questions.yaml --knowledge offices/county --results results.yaml
                 disclosure evaluate policy.jsonl --predictions predictions.jsonl --json
    """
    is_benchmark = file.suffix == ".jsonl"
    if is_benchmark and (results is not None or knowledge is not None):
        fail("--results and --knowledge are for YAML questions", WRONG_USAGE)
    if not is_benchmark and (predictions is not None or perturb or fit):
        fail("--predictions, --perturb and --fit are for JSON-lines files", WRONG_USAGE)
    if is_benchmark:
        print_figures(measured(file, predictions, perturb or "", fit), as_json)
    elif knowledge is None:
        with program_or_leave(settings_or_leave()) as program:
            ask_all(program, file, results, as_json)
    else:
        with on_trial(knowledge) as program:
            ask_all(program, file, results, as_json)


@contextmanager
def on_trial(folder: Path) -> Iterator[Program]:
    """The program with its home in a temporary place and another folder for its knowledge.

    Nothing of the office's own home is read or written: no ledger, no key, no index.
    """
    with TemporaryDirectory() as home:
        own = {"home": Path(home), "ledger_url": "", "key_file": None, "identity_key": SecretStr("")}
        settings = settings_or_leave().model_copy(update={**own, "knowledge": folder})
        with program_or_leave(settings) as program:
            yield program


def measured(file: Path, predictions: Path | None, perturb: str, fit: bool) -> dict[str, Any]:
    """The figures of a benchmark; with `fit` also the new weights, and the figures to quote them with."""
    try:
        if not fit:
            outcomes = evaluation.run_benchmark(file, predictions, perturb)
            return {**evaluation.measured(outcomes), _CURVE: evaluation.suggest_curve(outcomes)}
        fitted = evaluation.fit(file)
    except (ValueError, KeyError) as error:
        fail(f"{file}: {error}", WRONG_USAGE)
    click.echo(fitted.to_yaml(), err=True)
    return {
        "cross_validated": dict(fitted.cross_validated),
        "fitted": dict(fitted.fitted),
        _CURVE: fitted.curve,
    }


def ask_all(program: Program, file: Path, results: Path | None, as_json: bool) -> None:
    """Ask every question of a YAML file through the dialogue."""
    try:
        figures = evaluation.evaluate_questions(file, lambda text: ask_once(program, text), results)
    except (ValueError, KeyError) as error:
        fail(f"{file}: {error}", WRONG_USAGE)
    if as_json:
        print_json(figures)
    else:
        click.echo(evaluation.figures_text(figures))


def print_figures(figures: dict[str, Any], as_json: bool) -> None:
    """One figure a line, those of a fit side by side, then the curve; or one JSON object."""
    if as_json:
        print_json(figures)
        return

    columns = {name: value for name, value in figures.items() if isinstance(value, dict)}
    if columns:
        click.echo(f"{'':28} {'  '.join(columns)}")
        for name in next(iter(columns.values())):
            cells = (f"{_shown(column[name]):>{len(title)}}" for title, column in columns.items())
            click.echo(f"{name:28} {'  '.join(cells)}")
    for name, value in figures.items():
        if name == _CURVE:
            click.echo(f"\n{curve_text(value)}")
        elif name not in columns:
            click.echo(f"{name:28} {_shown(value)}")


def _shown(value: object) -> str:
    return f"{value:.4f}" if isinstance(value, float) else str(value)
