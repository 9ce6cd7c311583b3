"""The web pages as one Starlette application: which address leads where.

| address | page |
|---|---|
| `/` | the five columns, the box to ask |
| `/ask` | the conversation; POST says something or presses a button |
| `/c/COLUMN`, `/d/DOCUMENT`, `/e/ENTRY` | browsing |
| `/request`, `/apply`, `/follow` | filing step by step or in one form, and following with number and code |
| `/atom.xml`, `/sitemap.xml`, `/catalogue.json`, `/catalogue.csv`, `/facts.csv`, `/api/…` | for machines |
| `/staff`, `/desk/keys`, `/days/TOKEN.ics` | how staff come in, and what else opens something by itself |
| `/desk`, `…/r/NUMBER`, `…/more`, `…/lists`, `…/annual`, `…/phrases` | for staff; others have none of it |
| `/desk/knowledge`, `…/figures`, `…/retention` | for admins |
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.convertors import IntegerConvertor, register_url_convertor
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from bot.channels.courtesy import Courtesy

from .annual import Annual
from .applying import Applying
from .browsing import Browsing
from .casefile import CaseFile
from .coming_in import ComingIn
from .conversing import Conversing
from .desk import Desk
from .exchange import Exchange
from .following import Following
from .guarding import Guard
from .knowing import Knowing
from .library import Shelves
from .listing import Lists
from .machines import Machines
from .pages import ROOM, Pages
from .phrasing import Phrasing
from .upkeep import Upkeep

if TYPE_CHECKING:
    from bot.program import Program

_TAKES_FILES = re.compile(r"/desk/annual/check|/desk/knowledge|/desk/r/[^/]+/file|/ask/send")
logger = logging.getLogger(__name__)


class Few(IntegerConvertor):
    """A number of few digits; Starlette's own fails on one of 5000, which Python does not convert."""

    regex = "[0-9]{1,6}"


register_url_convertor("few", Few())


class CachedFiles(StaticFiles):
    """Our script and style: kept by the browser for a while, for they hold nothing of anybody."""

    def file_response(self, *args: object, **values: object) -> Response:
        response = super().file_response(*args, **values)  # type: ignore[arg-type]  # handed through
        response.headers["Cache-Control"] = "public, max-age=600"
        return response


def application(program: Program, clock: Callable[[], datetime]) -> Starlette:
    """The pages of one program.  Its `state.exchange` also delivers what others cause."""
    settings = program.settings
    pages = Pages(settings)
    shelves = Shelves(program.base)
    courtesy = Courtesy(program.words, settings)
    exchange = Exchange(program.ledger, program.conversation, courtesy.apology, clock)
    conversing = Conversing(program, pages, exchange, clock)
    browsing = Browsing(program, pages, shelves, conversing)
    applying = Applying(program, pages, conversing)
    following = Following(program, pages, exchange, conversing, clock)
    machines = Machines(program, pages, shelves)
    desk = Desk(program, pages, conversing)
    knowing = Knowing(program, pages, conversing)
    annual = Annual(program, pages, conversing)
    coming_in = ComingIn(program, pages, conversing)
    cases = CaseFile(program, pages, conversing)
    lists = Lists(program, pages, conversing, exchange)
    upkeep = Upkeep(program, pages, conversing)
    phrasing = Phrasing(program, pages, conversing)
    routes: list[BaseRoute] = [
        Route("/", browsing.home),
        Route("/ask", conversing.page, methods=["GET"]),
        Route("/ask", conversing.say, methods=["POST"]),
        Route("/ask/send", conversing.send_files, methods=["POST"]),
        Route("/ask/news", conversing.news),
        Route("/ask/file/{line}", conversing.file),
        Route("/ask/paper/{line}", conversing.paper),
        Route("/leave", conversing.leave, methods=["POST"]),
        Route("/prefer", conversing.prefer),
        Route("/c/{column}", browsing.column),
        Route("/d/{token}", browsing.document),
        Route("/d/{token}/file", browsing.original),
        Route("/d/{token}/attached/{file}", browsing.attached_file),
        Route("/e/{token}", browsing.entry),
        Route("/years", browsing.years),
        Route("/qr/{token}.svg", browsing.qr),
        Route("/request", browsing.request_page),
        Route("/apply", applying.page, methods=["GET"]),
        Route("/apply", applying.send, methods=["POST"]),
        Route("/follow", following.page, methods=["GET"]),
        Route("/follow", following.look, methods=["POST"]),
        Route("/follow/letter", following.letter, methods=["POST"]),
        Route("/follow/day.ics", following.day, methods=["POST"]),
        Route("/api/status", following.status, methods=["POST"]),
        Route("/follow/continue", following.go_on, methods=["POST"]),
        *coming_in.routes,
        Route("/desk", desk.queue),
        *annual.routes,
        *knowing.routes,
        *cases.routes,
        *lists.routes,
        *upkeep.routes,
        *phrasing.routes,
        *machines.routes,
        Mount("/static", CachedFiles(directory=ROOM / "static")),
    ]

    async def told(request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 500
        return conversing.notice(request, status)

    async def trouble(request: Request, error: Exception) -> Response:
        logger.error(
            "page_failed path=%s error=%s", request.url.path.split("/")[1][:20], type(error).__name__
        )
        return conversing.notice(request, 500)

    app = Starlette(
        routes=[Mount(settings.web_path or "/", routes=routes)],
        middleware=[
            Middleware(
                Guard,
                refuse=conversing.notice,
                takes_files=lambda path: bool(_TAKES_FILES.fullmatch(path.removeprefix(settings.web_path))),
            )
        ],
        exception_handlers={HTTPException: told, Exception: trouble},
    )
    app.state.exchange = exchange
    return app
