"""For programs: a feed, a map of the site, the catalogue and the figures as data, questions over HTTP."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.desk.legible import legible
from bot.trial import ask_once

from .library import Column, DocumentPage, Shelves
from .openapi import LONGEST_QUESTION, described
from .pages import Pages

if TYPE_CHECKING:
    from bot.program import Program

_IN_FEED = 50
_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # a cell that begins so is run by a spreadsheet


class Machines:
    """Read only, nothing of anybody."""

    def __init__(self, program: Program, pages: Pages, shelves: Shelves) -> None:
        self._program = program
        self._pages = pages
        self._shelves = shelves

    @property
    def routes(self) -> list[Route]:
        return [
            Route("/atom.xml", self.atom),
            Route("/sitemap.xml", self.sitemap),
            Route("/catalogue.json", self.catalogue_json),
            Route("/catalogue.csv", self.catalogue_csv),
            Route("/facts.csv", self.facts_csv),
            Route("/api/ask", self.api_ask),
            Route("/api/search", self.api_search),
            Route("/openapi.json", self.openapi),
        ]

    async def atom(self, request: Request) -> Response:
        return await run_in_threadpool(self._atom, request)

    def _atom(self, request: Request) -> Response:
        root, site = self._root(request), self._site(request)
        updated = self._program.base.live_since.astimezone(UTC).isoformat(timespec="seconds")
        documents = [page for page in self._shelves.now().documents if page.column is not Column.GUIDE]
        entries = "".join(_atom_entry(root, page, updated) for page in documents[:_IN_FEED])
        body = (
            '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">'
            f"<title>{_xml(site)}</title><id>{_xml(root)}/</id><updated>{updated}</updated>"
            f"<author><name>{_xml(site)}</name></author>"
            f'<link rel="self" href={quoteattr(root + "/atom.xml")}/>{entries}</feed>'
        )
        return _cached(request, Response(body, media_type="application/atom+xml"))

    async def sitemap(self, request: Request) -> Response:
        library, root = await run_in_threadpool(self._shelves.now), self._root(request)
        paths = ["/", "/request", *(f"/c/{column}" for column in Column if column is not Column.ON_REQUEST)]
        paths += [f"/d/{page.token}" for page in library.documents if page.column is not Column.GUIDE]
        urls = "".join(f"<url><loc>{_xml(root + path)}</loc></url>" for path in paths)
        body = (
            '<?xml version="1.0" encoding="utf-8"?>\n'
            f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>'
        )
        return _cached(request, Response(body, media_type="application/xml"))

    async def catalogue_json(self, request: Request) -> Response:
        library, root = await run_in_threadpool(self._shelves.now), self._root(request)
        return _cached(request, JSONResponse([_described(root, page) for page in library.documents]))

    async def catalogue_csv(self, request: Request) -> Response:
        library, root = await run_in_threadpool(self._shelves.now), self._root(request)
        head = self._pages.say(request, "data_catalogue_head").split("、")
        rows = (
            (
                page.title,
                self._pages.say(request, f"column_{page.column}"),
                page.agency,
                page.document_number,
                str(page.published_on or ""),
                str(page.year or ""),
                f"{root}/d/{page.token}",
            )
            for page in library.documents
        )
        return _cached(request, _table("catalogue.csv", head, rows))

    async def facts_csv(self, request: Request) -> Response:
        library = await run_in_threadpool(self._shelves.now)
        head = self._pages.say(request, "data_facts_head").split("、")
        rows = (
            (entry.agency, str(entry.year or ""), entry.title, entry.text, str(entry.citation))
            for page in library.documents
            for entry in page.facts
        )
        return _cached(request, _table("facts.csv", head, rows))

    async def api_ask(self, request: Request) -> Response:
        """What a resident would be answered; nothing is kept."""
        text = legible(request.query_params.get("q", "")).strip()[:LONGEST_QUESTION]
        if not text:
            return JSONResponse({"error": "q is missing"}, 400)
        return JSONResponse(await run_in_threadpool(ask_once, self._program, text))

    async def api_search(self, request: Request) -> Response:
        text = legible(request.query_params.get("q", "")).strip()[:LONGEST_QUESTION]
        if not text:
            return JSONResponse({"error": "q is missing"}, 400)
        library, root = await run_in_threadpool(self._shelves.now), self._root(request)
        return JSONResponse(
            [_described(root, page) for page in library.documents if page.says(text)][:_IN_FEED]
        )

    async def openapi(self, request: Request) -> Response:
        return _cached(request, JSONResponse(described(self._root(request))))

    def _root(self, request: Request) -> str:
        """The public address of the pages, without a slash at its end."""
        settings = self._program.settings
        return settings.web_url or f"{request.url.scheme}://{request.url.netloc}{settings.web_path}"

    def _site(self, request: Request) -> str:
        agency = self._program.settings.agency_name or self._pages.say(request, "agency_unnamed")
        return self._pages.say(request, "site_name", agency=agency)


def _described(root: str, page: DocumentPage) -> dict[str, object]:
    return {
        "title": page.title,
        "column": page.column.value,
        "agency": page.agency,
        "document_number": page.document_number,
        "published_on": str(page.published_on or ""),
        "year": page.year,
        "url": f"{root}/d/{page.token}",
        "sections": [entry.title for entry in page.sections],
    }


def _atom_entry(root: str, page: DocumentPage, updated: str) -> str:
    link = f"{root}/d/{page.token}"
    day = page.published_on
    when = datetime(day.year, day.month, day.day, tzinfo=UTC).isoformat() if day else updated
    text = "\n\n".join(
        f"{entry.title}\n{entry.text}" if entry.title != page.title else entry.text for entry in page.sections
    )
    return (
        f"<entry><title>{_xml(page.title)}</title><id>{_xml(link)}</id><updated>{when}</updated>"
        f'<link href={quoteattr(link)}/><content type="text">{_xml(text)}</content></entry>'
    )


def _xml(text: str) -> str:
    """What XML cannot hold goes."""
    return escape(legible(text))


def _table(name: str, head: Sequence[str], rows: Iterable[Sequence[str]]) -> Response:
    """CSV that a Chinese spreadsheet opens rightly (BOM), and in which no cell is a formula."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(head)
    writer.writerows([_harmless(cell) for cell in row] for row in rows)
    return Response(
        "\ufeff" + out.getvalue(),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f"attachment; filename={name}"},
    )


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _cached(request: Request, response: Response) -> Response:
    """Kept for a while; afterwards whoever has this very content is told that it still holds (304)."""
    tag = f'"{hashlib.sha256(response.body).hexdigest()[:32]}"'
    known = request.headers.get("if-none-match", "")
    if tag in (each.strip().removeprefix("W/") for each in known.split(",")):
        response = Response(status_code=304)
    response.headers["Cache-Control"] = "public, max-age=300"
    response.headers["ETag"] = tag
    return response
