"""Figures over time, and what has outlived its term: the admin's pages beside the knowledge.

/desk/figures ─▶ asked and missed by month, drawn here (SVG) and as a table
/desk/retention ─▶ what is over, by kind ─ 清除 ─▶ "sure?", with the same counts ─▶ erased, on record
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.dialogue.admin.figures import Month, by_month

from .conversing import Conversing
from .pages import Pages

if TYPE_CHECKING:
    from bot.program import Program

logger = logging.getLogger(__name__)

_SHOWN = 20  # numbers of one kind
_NUMBERED = ("identities", "inquiries")  # kinds whose rows have a number that anybody knows
_HEIGHT, _WIDTH, _GAP, _FOOT, _HEAD = 160, 44, 12, 40, 22


@dataclass(frozen=True)
class Bar:
    """One month of the picture, in its units: what was found below, what was missed on top."""

    month: Month
    x: int
    found_y: int
    found_height: int
    missed_y: int
    missed_height: int


class Upkeep:
    def __init__(self, program: Program, pages: Pages, conversing: Conversing) -> None:
        self._program = program
        self._pages = pages
        self._conversing = conversing

    @property
    def routes(self) -> list[Route]:
        return [
            Route("/desk/figures", self.figures),
            Route("/desk/retention", self.retention, methods=["GET"]),
            Route("/desk/retention", self.erase, methods=["POST"]),
        ]

    # ---- figures ----------------------------------------------------------------------------------------
    async def figures(self, request: Request) -> Response:
        return await run_in_threadpool(self._figures, request)

    def _figures(self, request: Request) -> Response:
        zone = self._program.settings.zone
        with self._program.ledger.reading() as connection:
            visit = self._conversing.office_visit(connection, request)
            if not (visit.is_admin or visit.is_leader):
                raise HTTPException(404)
            months = by_month(connection, visit.now, zone)
        return self._pages.page(
            request,
            "figures.html",
            months=months,
            bars=bars_of(months),
            width=len(months) * (_WIDTH + _GAP) + _GAP,
            height=_HEAD + _HEIGHT + _FOOT,
            bar_width=_WIDTH,
            asked=sum(each.total for each in months),
            missed=sum(each.unknown for each in months),
            is_staff=True,
        )

    # ---- retention --------------------------------------------------------------------------------------
    async def retention(self, request: Request) -> Response:
        return await run_in_threadpool(self._retention, request)

    def _retention(self, request: Request, *, asks: bool = False, changed: bool = False) -> Response:
        due = self._due(request)
        done = request.query_params.get("done", "")[:9]
        return self._pages.page(
            request,
            "retention.html",
            terms=self._program.jobs.retention.terms(),
            due=due,
            shown={kind: found[:_SHOWN] for kind, found in due.items() if kind in _NUMBERED},
            seen=_seen(due),
            count=sum(map(len, due.values())),
            asks=asks and any(due.values()),
            changed=changed,
            done=done if done.isdecimal() else "",
            is_staff=True,
            form=self._conversing.form_values(request),
        )

    def _due(self, request: Request) -> dict[str, list[str]]:
        with self._program.ledger.reading() as connection:
            if not self._conversing.office_visit(connection, request).is_admin:
                raise HTTPException(404)
            return self._program.jobs.retention.expired(connection, self._conversing.now())

    async def erase(self, request: Request) -> Response:
        form = await self._conversing.form_of(request)
        return await run_in_threadpool(self._erase, request, form)

    def _erase(self, request: Request, form: FormData) -> Response:
        """First it is asked, with what would go; only what was seen is erased."""
        due = self._due(request)
        if "seen" not in form:
            return self._retention(request, asks=True)
        if str(form["seen"]) != _seen(due):
            return self._retention(request, asks=True, changed=True)
        ledger, now = self._program.ledger, self._conversing.now()
        done = self._program.jobs.retention.erase_all(ledger.transaction, now)
        logger.info("erased_on_demand count=%d", sum(done.values()))
        path = self._pages.url("/desk/retention", done=str(sum(done.values())))
        return RedirectResponse(path, 303)


def _seen(due: dict[str, list[str]]) -> str:
    """What a confirmation is for: how much of each kind."""
    return ",".join(f"{kind}:{len(found)}" for kind, found in due.items())


def bars_of(months: Sequence[Month]) -> list[Bar]:
    """Each month as high as its questions; the busiest fills the picture.  Pure."""
    most = max((each.total for each in months), default=0) or 1
    bars = []
    for place, each in enumerate(months):
        missed = round(_HEIGHT * each.unknown / most)
        found = round(_HEIGHT * each.total / most) - missed
        found_y = _HEAD + _HEIGHT - found
        bars.append(Bar(each, _GAP + place * (_WIDTH + _GAP), found_y, found, found_y - missed, missed))
    return bars
