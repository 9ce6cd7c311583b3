"""The lists of the desk as pages, with their filters in the address; and putting back what did not arrive.

/desk/lists ─▶ each list that this person has, with its count ─▶ /desk/lists/NAME?only=&q=&year=
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from sqlalchemy import Connection
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.dialogue.visit import Visit
from bot.mailbox.outbox import Outbox

from .conversing import Conversing
from .exchange import Exchange
from .lists import CHANNELS, LISTS, Listing, Post, Row
from .pages import Pages

if TYPE_CHECKING:
    from bot.program import Program

logger = logging.getLogger(__name__)

_LONGEST_SEARCH = 40
_PAGE = 50


@dataclass(frozen=True)
class _Asked:
    """What the address asks for."""

    only: str
    q: str = ""
    year: str = ""
    start: int = 0

    def fits(self, row: Row) -> bool:
        text = " ".join((*row.cells, row.small))
        return self.q in text and (not self.year or (row.on is not None and str(row.on.year) == self.year))


class Lists:
    """For staff, leaders and admins, each with their own lists; the others do not exist for them."""

    def __init__(self, program: Program, pages: Pages, conversing: Conversing, exchange: Exchange) -> None:
        self._program = program
        self._pages = pages
        self._conversing = conversing
        outboxes = tuple(Outbox(program.ledger, channel, conversing.now) for channel in CHANNELS)
        self._post = partial(Post, outboxes, exchange.inbox)

    @property
    def routes(self) -> list[Route]:
        return [
            Route("/desk/lists", self.overview),
            Route("/desk/lists/outbox", self.again, methods=["POST"]),
            Route("/desk/lists/{name}", self.page, methods=["GET"]),
        ]

    async def overview(self, request: Request) -> Response:
        return await run_in_threadpool(self._overview, request)

    def _overview(self, request: Request) -> Response:
        post = self._post_for(request)
        with self._program.ledger.reading() as connection:
            visit = self._conversing.office_visit(connection, request)
            counts = [
                (name, len(each.rows(visit, each.chosen("") or "", post)))
                for name, each in LISTS.items()
                if each.may(visit)
            ]
        return self._pages.page(request, "lists.html", counts=counts, is_staff=True)

    async def page(self, request: Request) -> Response:
        return await run_in_threadpool(self._page, request)

    def _page(self, request: Request, error: str = "") -> Response:
        name = request.path_params.get("name", "outbox")
        post = self._post_for(request)
        with self._program.ledger.reading() as connection:
            visit, listing = self._open(connection, request, name)
            asked = _asked(request, listing)
            rows = listing.rows(visit, asked.only, post)
            tops = listing.tops(visit)
        years = sorted({str(row.on.year) for row in rows if row.on}, reverse=True)
        found = [row for row in rows if asked.fits(row)]
        shown = found[asked.start : asked.start + _PAGE]
        given = {"only": request.query_params.get("only", ""), "q": asked.q, "year": asked.year}
        places = {"before": asked.start - _PAGE, "next": asked.start + _PAGE}
        around = {
            word: self._pages.url(f"/desk/lists/{name}", **given, **{"from": place or ""})
            for word, place in places.items()
            if 0 <= place < len(found)
        }
        return self._pages.page(
            request,
            "list.html",
            422 if error else 200,
            name=name,
            listing=listing,
            asked=asked,
            rows=shown,
            found=len(found),
            has_acts=any(row.acts for row in shown),
            years=years,
            around=around,
            tops=tops,
            error=error,
            done=request.query_params.get("done", "") == "yes",
            is_staff=True,
            form=self._conversing.form_values(request),
        )

    def _open(self, connection: Connection, request: Request, name: str) -> tuple[Visit, Listing]:
        visit, listing = self._conversing.office_visit(connection, request), LISTS.get(name)
        if listing is None or not listing.may(visit):
            raise HTTPException(404)
        return visit, listing

    def _post_for(self, request: Request) -> Post:
        return self._post(partial(self._pages.say, request))

    async def again(self, request: Request) -> Response:
        form = await self._conversing.form_of(request)
        return await run_in_threadpool(self._again, request, form)

    def _again(self, request: Request, form: FormData) -> Response:
        """Put one message back in line; sent twice it is put back once, for then it is no longer stuck."""
        with self._program.ledger.reading() as connection:
            self._open(connection, request, "outbox")
        what = str(form.get("button", ""))[:40]
        if not self._post_for(request).again(what):
            return self._page(request, self._pages.say(request, "lists_not_stuck"))
        logger.info("put_back what=%s", what.partition(":")[0])
        return RedirectResponse(self._pages.url("/desk/lists/outbox", done="yes"), 303)


def _asked(request: Request, listing: Listing) -> _Asked:
    query = request.query_params
    only, given = listing.chosen(query.get("only", "")), query.get("from", "")[:6]
    if only is None:
        raise HTTPException(404)
    start = int(given) if given.isascii() and given.isdecimal() else 0
    return _Asked(only, query.get("q", "").strip()[:_LONGEST_SEARCH], query.get("year", "")[:4], start)
