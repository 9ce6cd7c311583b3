"""The columns and their documents: pages that hold nothing of anybody, the same for all."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

import segno
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.desk import attached
from bot.desk.attached import Attachment
from bot.dialogue.payload import Act, data_of
from knowledge.entry import EntryKind

from .conversing import Conversing, download
from .figures import tables_of, years_of
from .library import Column, DocumentPage, Shelves
from .pages import Pages

if TYPE_CHECKING:
    from bot.program import Program

_NEWEST, _LISTED = 5, 50
_FILTERS = ("q", "category", "kind", "year", "agency")


class Browsing:
    """Home, columns, documents."""

    def __init__(self, program: Program, pages: Pages, shelves: Shelves, conversing: Conversing) -> None:
        self._program = program
        self._settings = program.settings
        self._pages = pages
        self._shelves = shelves
        self._conversing = conversing

    async def home(self, request: Request) -> Response:
        return await run_in_threadpool(self._home, request)

    def _home(self, request: Request) -> Response:
        library = self._shelves.now()
        counts = [(column, len(library.in_column(column))) for column in Column]
        newest = [page for page in library.documents if page.column is not Column.GUIDE][:_NEWEST]
        response = self._pages.page(
            request, "home.html", columns=counts, newest=newest, form=self._conversing.form_values(request)
        )
        return self._conversing.with_cookie(request, response)

    async def column(self, request: Request) -> Response:
        return await run_in_threadpool(self._column, request)

    def _column(self, request: Request) -> Response:
        name = request.path_params["column"]
        if name not in set(Column) or name == Column.ON_REQUEST:
            raise HTTPException(404)
        column = Column(name)
        documents = self._shelves.now().in_column(column)
        filters = {each: request.query_params.get(each, "").strip()[:80] for each in _FILTERS}
        found = [page for page in documents if _fits(page, filters)]
        start = _number(request.query_params.get("from", ""))
        more = self._pages.url(f"/c/{name}", **filters, **{"from": start + _LISTED})
        return self._pages.page(
            request,
            "column.html",
            column=column,
            documents=found if column is Column.GUIDE else found[start : start + _LISTED],
            total=len(found),
            more=more if len(found) > start + _LISTED else "",
            years=sorted({page.year for page in documents if page.year}, reverse=True),
            agencies=sorted({page.agency for page in documents if page.agency}),
            categories=sorted({page.category for page in documents if page.category}),
            kinds=sorted({page.kind for page in documents}),
            opened=request.query_params.get("open", ""),
            filters=filters,
        )

    async def document(self, request: Request) -> Response:
        page = (await run_in_threadpool(self._shelves.now)).by_token.get(request.path_params["token"])
        if page is None:
            raise HTTPException(404)
        tables = tables_of(page.facts)
        files = await run_in_threadpool(self._attached, page)
        return await run_in_threadpool(
            self._pages.page, request, "document.html", document=page, tables=tables, files=files
        )

    def _attached(self, page: DocumentPage) -> Sequence[Attachment]:
        """The files that an answer was published with; of anything else none."""
        if page.entries[0].kind is not EntryKind.PUBLISHED_REPLY:
            return ()
        number = page.entries[0].entry_id.removeprefix("reply:")
        with self._program.ledger.reading() as connection:
            return attached.some(connection, attached.published(connection, number))

    async def attached_file(self, request: Request) -> Response:
        return await run_in_threadpool(self._attached_file, request)

    def _attached_file(self, request: Request) -> Response:
        """One of them, for anybody: only what was published with this very answer."""
        page = self._shelves.now().by_token.get(request.path_params["token"])
        files = self._attached(page) if page is not None else ()
        found = next((each for each in files if each.token == request.path_params["file"]), None)
        if found is None:
            raise HTTPException(404)
        with self._program.ledger.reading() as connection:
            return download(found.name, attached.content(connection, found.token))

    async def original(self, request: Request) -> Response:
        """The file that a document was read from, as the office put it into its folder."""
        page = (await run_in_threadpool(self._shelves.now)).by_token.get(request.path_params["token"])
        content = await run_in_threadpool(self._original, page) if page is not None else None
        if page is None or content is None:
            raise HTTPException(404)
        return download(PurePosixPath(page.source).name, content)

    def _original(self, page: DocumentPage) -> bytes | None:
        """Only what lies in the folder itself: a link may lead anywhere by now."""
        root = self._settings.knowledge.resolve()
        path = root / page.source
        if not page.source or not path.resolve().is_relative_to(root) or not path.is_file():
            return None
        return path.read_bytes()

    async def years(self, request: Request) -> Response:
        """The figures of annual reports side by side, by agency."""
        reports = (await run_in_threadpool(self._shelves.now)).in_column(Column.REPORTS)
        agencies = dict.fromkeys(page.agency for page in reports if page.agency)
        figure = request.query_params.get("figure", "")
        tables = [found for agency in agencies if (found := years_of(reports, agency, figure)) is not None]
        return await run_in_threadpool(self._pages.page, request, "years.html", tables=tables)

    async def entry(self, request: Request) -> Response:
        """An entry's place in its document."""
        token = request.path_params["token"]
        page = (await run_in_threadpool(self._shelves.now)).of_entry.get(token)
        if page is None:
            raise HTTPException(404)
        if page.column is Column.GUIDE:
            path = self._pages.url(f"/c/{Column.GUIDE}", open=token)  # folded, but for this one
        else:
            path = self._pages.url(f"/d/{page.token}")
        return RedirectResponse(f"{path}#e-{token}", 302)

    async def qr(self, request: Request) -> Response:
        """The code of an entry's address, for a poster or a window."""
        token = request.path_params["token"]
        if token not in (await run_in_threadpool(self._shelves.now)).of_entry:
            raise HTTPException(404)
        picture = io.BytesIO()
        address = self._settings.web_url or str(request.base_url).rstrip("/") + self._settings.web_path
        segno.make(f"{address}/e/{token}", error="m").save(picture, kind="svg", scale=5, border=3)
        return Response(picture.getvalue(), media_type="image/svg+xml")

    async def request_page(self, request: Request) -> Response:
        values = await run_in_threadpool(self._conversing.form_values, request)
        begin = data_of(Act.FILE_REQUEST, 0)
        response = self._pages.page(request, "request.html", begin=begin, form=values)
        return self._conversing.with_cookie(request, response)


def _fits(page: DocumentPage, filters: dict[str, str]) -> bool:
    return (
        page.says(filters["q"])
        and (not filters["category"] or filters["category"] == page.category)
        and (not filters["kind"] or filters["kind"] == page.kind)
        and (not filters["year"] or filters["year"] == str(page.year))
        and (not filters["agency"] or filters["agency"] == page.agency)
    )


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 8 else 0
