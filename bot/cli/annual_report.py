"""`disclosure annual-report`: the report of a year, each figure with its request numbers."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from bot.cli.opening import with_program
from bot.cli.output import FAILED, WRONG_USAGE, fail, print_json
from bot.cli.settings import settings_or_leave
from bot.desk.annual_report.counts import COLUMNS, ROWS
from bot.desk.annual_report.layout import NOT_KNOWN
from bot.desk.annual_report.national_format import CELLS_2, CellName, UnknownName, cell_named
from bot.desk.annual_report.year import YearReport
from bot.dialogue.staff.disclosed_figures import file_of, key_of, not_filled, prepared
from bot.dialogue.staff.report_lint import Told, is_paper, lint, lint_own, mistakes, told, told_of_word_file
from bot.dialogue.words import Words
from bot.messages import Language
from bot.program import Program
from knowledge.errors import SourceError

_EARLIEST, _LATEST = 2008, 2100  # the first Regulations came into force in 2008


@click.command("annual-report")
@click.option("--year", type=click.IntRange(_EARLIEST, _LATEST), help="The year to count, or to check.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["md", "docx", "xlsx"]),
    default="md",
    show_default=True,
    help="Markdown on the screen, or a Word or Excel file.",
)
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Where the file goes.")
@click.option(
    "--explain",
    type=(str, str),
    metavar="ROW COLUMN",
    help="The request numbers that one cell of Table 3 or 4 counts, such as `C1 NP` or `行政复议 结果维持`.",
)
@click.option(
    "--lint",
    "linted",
    type=click.Path(path_type=Path),
    metavar="REPORT",
    help="Check somebody's report (txt, md, html, docx, xlsx, pdf) instead of making one.",
)
@click.option(
    "--previous",
    type=click.Path(path_type=Path),
    metavar="REPORT",
    help="With --lint: last year's report, whose 四 must be this year's 二.",
)
@click.option("--json", "as_json", is_flag=True, help="Print all figures, or findings, as one JSON value.")
def annual_report(
    year: int | None,
    form: str,
    output: Path | None,
    explain: tuple[str, str] | None,
    linted: Path | None,
    previous: Path | None,
    as_json: bool,
) -> None:
    """Count the year for the annual report (art. 50) in the national format, or check a report.

    Table 2 is not in the register: its figures are filled into annual/YEAR.yaml in the home folder. The sums
    are proved before anything is printed. A check needs no ledger; it leaves with 1 when it finds anything.

    \b
    Example:     disclosure annual-report --year 2026
                 disclosure annual-report --year 2026 --explain A 自然人
                 disclosure annual-report --year 2026 --format docx --output report.docx
                 disclosure annual-report --lint report.docx --year 2026 --previous report-2025.docx
    """
    if linted is not None:
        check(linted, year, previous, as_json)
    elif year is None:
        fail("--year is needed, or --lint REPORT", WRONG_USAGE)
    elif previous is not None:
        fail("--previous goes with --lint", WRONG_USAGE)
    else:
        make(year, form, output, explain, as_json)


def check(report: Path, year: int | None, previous: Path | None, as_json: bool) -> None:
    """Say what is wrong with a report; exit code 1 when anything is."""
    settings, words = settings_or_leave(), Words.load()
    try:
        findings = lint(report, year=year, previous=previous, agency=settings.agency_name)
    except SourceError as error:
        fail(str(error), WRONG_USAGE)
    sentences = [told(words, finding, report) for finding in findings]
    if as_json:
        print_json([asdict(sentence) for sentence in sentences])
    else:
        print_findings(words, report.name, sentences, is_paper=is_paper(report))
    if findings:
        sys.exit(FAILED)


def print_findings(words: Words, name: str, sentences: Sequence[Told], *, is_paper: bool) -> None:
    """How many, and one a line."""

    def out(event: str, /, **values: object) -> None:
        click.echo(words.say(event, Language.SIMPLIFIED, **values))

    out("lint_count" if sentences else "lint_clean", file=name, count=len(sentences))
    for number, each in enumerate(sentences, 1):
        out("lint_finding", number=number, where=each.where, what=each.what, expected=each.expected)
    if is_paper and sentences:
        out("lint_pdf")


@with_program
def make(
    program: Program,
    year: int,
    form: str,
    output: Path | None,
    explain: tuple[str, str] | None,
    as_json: bool,
) -> None:
    """The report of our own register."""
    report = counted(program, year)
    if explain is not None:
        print_cell(program, report, *explain, as_json)
    elif as_json:
        print_json(as_plain(report))
    else:
        print_report(report, form, output)
        warn(program, report)
        warn_of_mistakes(program, report)


def counted(program: Program, year: int) -> YearReport:
    """The report of the year; leaves when its Table 3 does not add up."""
    table_2 = prepared(file_of(program.settings.home, year), year)
    with program.ledger.reading() as connection:
        report = program.register.session(connection).reporting.year_report(
            year, table_2=table_2, today=today_of(program)
        )
    if report.imbalances:
        fail(say(program, "annual_does_not_add_up", what="; ".join(report.imbalances)))
    return report


def today_of(program: Program) -> Any:
    """The office's day."""
    return datetime.now(program.settings.zone).date()


def say(program: Program, event: str, /, **values: object) -> str:
    """A sentence for the clerk."""
    return program.words.say(event, Language.SIMPLIFIED, **values)


def warn(program: Program, report: YearReport) -> None:
    """What the clerk still has to fill in."""
    missing = not_filled(report.table_2)
    if missing:
        cells = "、".join(missing)
        click.echo(say(program, "annual_figures_missing", count=len(missing), cells=cells), err=True)
        path = file_of(program.settings.home, report.year)
        click.echo(say(program, "annual_figures_where", path=path), err=True)


def warn_of_mistakes(program: Program, report: YearReport) -> None:
    """What our own check says of our own report: the office may have edited a section out of its wording."""
    wrong = mistakes(lint_own(report.to_docx(), year=report.year))
    if wrong:
        click.echo(say(program, "annual_found", count=len(wrong)), err=True)
    for finding in wrong:
        told = told_of_word_file(program.words, finding, Language.SIMPLIFIED)
        click.echo(f"  {told.where}：{told.what}", err=True)


def print_cell(program: Program, report: YearReport, row: str, column: str, as_json: bool) -> None:
    """The requests behind one figure; a row or column by its code or words."""
    try:
        cell = cell_named(row, column)
    except UnknownName as unknown:
        event = "annual_no_such_row" if unknown.part == "row" else "annual_no_such_column"
        first = say(program, event, given=unknown.given)
        allowed = (f"  {code}  {words}".rstrip() for code, words in unknown.allowed.items())
        fail("\n".join((first, *allowed)), WRONG_USAGE)
    if cell.table == 2:
        print_entered(program, report, cell, as_json)
        return
    table = report.table_3.numbers if cell.table == 3 else report.table_4
    numbers = table[cell.row][cell.column]
    if as_json:
        print_json(list(numbers))
        return
    click.echo(f"{cell.label}: {len(numbers)}")
    for number in numbers:
        click.echo(number)


def print_entered(program: Program, report: YearReport, cell: CellName, as_json: bool) -> None:
    """A figure of Table 2: it counts no request, the office has entered it."""
    figure = report.table_2.get((cell.row, cell.column))
    if as_json:
        print_json(figure)
        return
    click.echo(f"{cell.label}: {figure or NOT_KNOWN}")
    click.echo(say(program, "annual_figures_where", path=file_of(program.settings.home, report.year)))


def as_plain(report: YearReport) -> dict[str, Any]:
    """All figures for programs: `table_3[row]` has seven, `table_4[kind]` one for each result."""
    return {
        "year": report.year,
        "columns": list(COLUMNS),
        "table_2": {key_of(cell): report.table_2.get(cell) for cell in CELLS_2},
        "table_3": {row: list(report.table_3.row(row)) for row in ROWS},
        "table_4": {
            kind: {row: len(numbers) for row, numbers in results.items()}
            for kind, results in report.table_4.items()
        },
        "activity": asdict(report.activity),
    }


def print_report(report: YearReport, form: str, output: Path | None) -> None:
    """Markdown to the screen or a file; Word and Excel to a file."""
    if form == "md" and output is None:
        click.echo(report.to_markdown(), nl=False)
        return
    target = output or Path(f"annual-report-{report.year}.{form}")
    written = {
        "md": lambda: report.to_markdown().encode(),
        "docx": report.to_docx,
        "xlsx": report.to_xlsx,
    }[form]()
    target.write_bytes(written)
    click.echo(f"Written to {target}.")
