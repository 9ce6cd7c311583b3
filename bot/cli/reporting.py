"""`disclosure annual-report`: Tables 2-4 of a year, each figure with its request numbers."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bot.cli.opening import WRONG_USAGE, fail, print_json, with_program

if TYPE_CHECKING:
    from bot.desk.annual_report import Table3
    from bot.desk.report_layout import Table4
    from bot.program import Program

_EARLIEST, _LATEST = 2008, 2100  # the first Regulations came into force in 2008


@click.command("annual-report")
@click.option("--year", type=click.IntRange(_EARLIEST, _LATEST), required=True, help="The year to count.")
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
    help="The request numbers that one cell of Table 3 counts, such as `C1 NP` or `A 总计`.",
)
@click.option("--json", "as_json", is_flag=True, help="Print all figures as one JSON object.")
@with_program
def annual_report(
    program: Program,
    year: int,
    form: str,
    output: Path | None,
    explain: tuple[str, str] | None,
    as_json: bool,
) -> None:
    """Count the year for the annual report (art. 50), in the national format.

    Table 2 is not in the register and stays empty. The sums are proved before anything is printed.

    \b
    Example:     disclosure annual-report --year 2026
                 disclosure annual-report --year 2026 --explain A NP
                 disclosure annual-report --year 2026 --format docx --output report.docx
    """
    from bot.desk.annual_report import ROWS, imbalances

    with program.ledger.reading() as connection:
        table_3 = program.register.table_3(connection, year)
        table_4 = program.register.table_4(connection, year)
        asked = questions_of(program, connection, year)
    wrong = imbalances({row: table_3.row(row) for row in ROWS})
    if wrong:
        fail(f"Table 3 does not add up: {'; '.join(wrong)}")
    if explain is not None:
        print_cell(table_3, *explain, as_json)
    elif as_json:
        print_json(as_plain(table_3, table_4, asked))
    else:
        print_report(program, table_3, table_4, asked, form, output)


def questions_of(program: Program, connection: Any, year: int) -> dict[str, int]:
    """How many questions the bot was asked in the year, by outcome; nobody's identity is counted."""
    import sqlalchemy as sa

    from bot.desk.tables import questions

    zone = program.settings.zone
    first, after = datetime(year, 1, 1, tzinfo=zone), datetime(year + 1, 1, 1, tzinfo=zone)
    query = (
        sa.select(questions.c.outcome, sa.func.count())
        .where(questions.c.asked_at >= first, questions.c.asked_at < after)
        .group_by(questions.c.outcome)
    )
    found = {str(outcome): int(count) for outcome, count in connection.execute(query)}
    return {
        "asked": sum(found.values()),
        "answered": found.get("answer", 0),
        "suggested": found.get("suggest", 0),
        "unanswered": found.get("route", 0),
    }


def print_cell(table: Table3, row: str, column: str, as_json: bool) -> None:
    """The requests behind one figure; a row by its code or label, a column likewise."""
    from bot.desk.annual_report import COLUMNS, ROWS, TOTAL
    from bot.desk.model import ApplicantKind
    from bot.desk.report_layout import row_label

    rows = {row_label(code): code for code in ROWS} | {code: code for code in ROWS}
    columns = {kind.label: kind.value for kind in ApplicantKind} | {name: name for name in COLUMNS}
    if row not in rows:
        fail(f"--explain: {row!r} is no row; the rows are {', '.join(ROWS)}", WRONG_USAGE)
    if column not in columns:
        fail(f"--explain: {column!r} is no column; the columns are {', '.join(COLUMNS)}", WRONG_USAGE)
    numbers = table.numbers[rows[row]][columns[column]]
    if as_json:
        print_json(list(numbers))
        return
    name = TOTAL if columns[column] == TOTAL else ApplicantKind(columns[column]).label
    click.echo(f"{row_label(rows[row])} × {name}: {len(numbers)}")
    for number in numbers:
        click.echo(number)


def as_plain(table_3: Table3, table_4: Table4, asked: dict[str, int]) -> dict[str, Any]:
    """All figures for programs: `table_3[row]` has seven, `table_4[kind]` one for each result."""
    from bot.desk.annual_report import COLUMNS, ROWS

    return {
        "year": table_3.year,
        "columns": list(COLUMNS),
        "table_3": {row: list(table_3.row(row)) for row in ROWS},
        "table_4": {
            kind: {row: len(numbers) for row, numbers in results.items()} for kind, results in table_4.items()
        },
        "questions": asked,
    }


def print_report(
    program: Program, table_3: Table3, table_4: Table4, asked: dict[str, int], form: str, output: Path | None
) -> None:
    """Markdown to the screen or a file; Word and Excel to a file."""
    from bot.desk import report_layout
    from bot.desk.workbook import to_xlsx
    from bot.dialogue.messages import Language

    say, agency = program.words.say, program.settings.agency_name
    title = say("annual_report_title", Language.SIMPLIFIED, agency=agency, year=table_3.year)
    narrative = [say("annual_report_questions", Language.SIMPLIFIED, **asked)]
    some = report_layout.sheets(table_3, table_4)
    if form == "md" and output is None:
        click.echo(report_layout.to_markdown(title, some, narrative), nl=False)
        return
    target = output or Path(f"annual-report-{table_3.year}.{form}")
    if form == "docx":
        target.write_bytes(report_layout.to_docx(title, some, narrative))
    elif form == "xlsx":
        target.write_bytes(to_xlsx([(sheet.title, (sheet.header, *sheet.rows)) for sheet in some]))
    else:
        target.write_text(report_layout.to_markdown(title, some, narrative), encoding="utf-8")
    click.echo(f"Written to {target}.")
