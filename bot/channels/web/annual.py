"""The annual report on the desk: its tables, each figure with the requests it counts; Word, Excel; a check.

/desk/annual ─▶ tables of the year ─┬─ a figure ─▶ its requests
                                    ├─ .docx, .xlsx
                                    └─ somebody's report ─▶ what is wrong with it, nothing is kept
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.desk.annual_report.layout import Cell, MergedTable
from bot.desk.annual_report.year import YearReport
from bot.dialogue.staff import annual_due
from bot.dialogue.staff.disclosed_figures import file_of, not_filled, prepared
from bot.dialogue.staff.report_lint import Told, is_paper, lint, told
from bot.dialogue.visit import Visit
from knowledge.documents.reading import KINDS
from knowledge.errors import SourceError

from .conversing import Conversing, download
from .pages import Pages, Preferences

if TYPE_CHECKING:
    from bot.program import Program

_EARLIEST = 2008  # the first Regulations came into force


class Annual:
    def __init__(self, program: Program, pages: Pages, conversing: Conversing) -> None:
        self._program = program
        self._pages = pages
        self._conversing = conversing

    @property
    def routes(self) -> list[Route]:
        return [
            Route("/desk/annual", self.page),
            Route("/desk/annual/check", self.check, methods=["POST"]),
            Route("/desk/annual/{year:few}.{kind}", self.file),
            Route("/desk/annual/{year:few}/{table:few}-{top:few}-{left:few}", self.cell),
        ]

    async def page(self, request: Request) -> Response:
        return await run_in_threadpool(self._page, request)

    def _page(
        self,
        request: Request,
        findings: list[Told] | None = None,
        name: str = "",
        error: str = "",
    ) -> Response:
        with self._program.ledger.reading() as connection:
            visit = self._conversing.staff_visit(connection, request)
            year = self._year(request, visit)
            report = self._report(visit, year)
            missing = not_filled(report.table_2)
        return self._pages.page(
            request,
            "annual.html",
            422 if error else 200,
            year=year,
            years=range(visit.today.year, max(_EARLIEST, visit.today.year - 10) - 1, -1),
            tables=[list(_rows(table.placed())) for table in report.tables],
            titles=[table.title for table in report.tables],
            heads=[table.head for table in report.tables],
            missing=missing,
            imbalances=report.imbalances,
            findings=findings,
            checked=name,
            is_paper=bool(name) and is_paper(Path(name)),
            error=error,
            is_staff=True,
            form=self._conversing.form_values(request),
        )

    def _year(self, request: Request, visit: Visit) -> int:
        given = request.path_params.get("year") or request.query_params.get("year", "")
        year = int(given) if str(given).isascii() and str(given).isdecimal() and len(str(given)) == 4 else 0
        year = year or annual_due.year_wanted(visit.today)
        if not _EARLIEST <= year <= visit.today.year:
            raise HTTPException(404)
        return year

    def _report(self, visit: Visit, year: int) -> YearReport:
        """As of now; a file of Table 2 that is broken counts as not filled in, as in chat."""
        try:
            figures = prepared(file_of(visit.settings.home, year), year)
        except SourceError:
            figures = {}
        return visit.desk.reporting.year_report(year, table_2=figures, today=visit.today)

    async def cell(self, request: Request) -> Response:
        return await run_in_threadpool(self._cell, request)

    def _cell(self, request: Request) -> Response:
        """The requests that one figure counts."""
        table, top, left = (int(request.path_params[name]) for name in ("table", "top", "left"))
        with self._program.ledger.reading() as connection:
            visit = self._conversing.staff_visit(connection, request)
            tables = self._report(visit, self._year(request, visit)).tables
            if table >= len(tables):
                raise HTTPException(404)
            cells = {(y, x): cell for y, x, cell in tables[table].placed()}
            found = cells.get((top, left))
            if found is None or not found.numbers:
                raise HTTPException(404)
            rows = [
                (number, visit.desk.requests.get(number).applicant_masked)
                for number in dict.fromkeys(found.numbers)
            ]
        return self._pages.page(
            request,
            "annual_cell.html",
            heading=_named(tables[table], top, left),
            rows=rows,
            count=len(found.numbers),
            year=request.path_params["year"],
            is_staff=True,
        )

    async def file(self, request: Request) -> Response:
        return await run_in_threadpool(self._file, request)

    def _file(self, request: Request) -> Response:
        kind = request.path_params["kind"]
        with self._program.ledger.reading() as connection:
            visit = self._conversing.staff_visit(connection, request)
            report = self._report(visit, self._year(request, visit))
            if report.imbalances or kind not in ("docx", "xlsx"):
                raise HTTPException(404)
            name = visit.voice.word("annual_file", year=report.year)
        return download(f"{name}.{kind}", report.to_docx() if kind == "docx" else report.to_xlsx())

    async def check(self, request: Request) -> Response:
        with self._program.ledger.reading() as connection:
            self._conversing.staff_visit(connection, request)
        form = await self._conversing.form_of(request, most_files=2)
        try:
            given, before = await _read(form, "report"), await _read(form, "previous")
        finally:
            await form.close()
        return await run_in_threadpool(self._check, request, given, before)

    def _check(self, request: Request, given: tuple[str, bytes], before: tuple[str, bytes]) -> Response:
        """Read in a process of its own, within limits, and forgotten."""
        name, content = given
        if not content or Path(name).suffix.lower() not in KINDS:
            return self._page(request, error=self._pages.say(request, "annual_no_file"))
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"report{Path(name).suffix.lower()}"
            path.write_bytes(content)
            previous = None
            if before[1] and Path(before[0]).suffix.lower() in KINDS:
                previous = Path(folder) / f"previous{Path(before[0]).suffix.lower()}"
                previous.write_bytes(before[1])
            try:
                found = lint(path, previous=previous, agency=self._program.settings.agency_name)
            except SourceError as error:
                return self._page(request, error=str(error).replace(str(folder), ""))
            language = Preferences.of(request).language
            sentences = [told(self._program.words, each, path, language) for each in found]
        return self._page(request, sentences, name)


async def _read(form: FormData, field: str) -> tuple[str, bytes]:
    """Name and content of an uploaded file, ("", b"") for none."""
    given = form.get(field)
    return (given.filename or "", await given.read()) if isinstance(given, UploadFile) else ("", b"")


def _named(table: MergedTable, top: int, left: int) -> str:
    """What a figure counts: the nearest names at its left and above it."""
    headings = [(y, x, cell) for y, x, cell in table.placed() if cell.heading]
    beside = [cell.text for y, x, cell in headings if y <= top < y + cell.down and x < left]
    above = [cell.text for y, x, cell in headings if x <= left < x + cell.across and y < min(top, table.head)]
    return " · ".join((*beside[-1:], *above[-1:]))


def _rows(placed: Iterable[tuple[int, int, Cell]]) -> list[list[tuple[int, int, Cell]]]:
    """The cells of a table row by row, each with its place."""
    rows: dict[int, list[tuple[int, int, Cell]]] = {}
    for top, left, cell in placed:
        rows.setdefault(top, []).append((top, left, cell))
    return list(rows.values())
