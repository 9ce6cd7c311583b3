"""Saved phrases: kept here, offered beside the forms of the desk."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.desk import phrases
from bot.desk.errors import InvalidValue
from bot.desk.legible import legible

from .conversing import Conversing, line_id
from .pages import Pages

if TYPE_CHECKING:
    from bot.program import Program


class Phrasing:
    """For staff; for everybody else it does not exist."""

    def __init__(self, program: Program, pages: Pages, conversing: Conversing) -> None:
        self._program = program
        self._pages = pages
        self._conversing = conversing

    @property
    def routes(self) -> list[Route]:
        return [
            Route("/desk/phrases", self.page, methods=["GET"]),
            Route("/desk/phrases", self.change, methods=["POST"]),
        ]

    async def page(self, request: Request) -> Response:
        return await run_in_threadpool(self._page, request)

    def _page(
        self,
        request: Request,
        given: Mapping[str, str] | None = None,
        errors: Mapping[str, str] | None = None,
    ) -> Response:
        with self._program.ledger.reading() as connection:
            self._conversing.staff_visit(connection, request)
            known = phrases.known(connection)
        return self._pages.page(
            request,
            "phrases.html",
            422 if errors else 200,
            phrases=known,
            given=given or {"label": "", "text": ""},
            errors=errors or {},
            most={"label": phrases.LONGEST_LABEL, "text": phrases.LONGEST_TEXT},
            is_staff=True,
            form=self._conversing.form_values(request),
        )

    async def change(self, request: Request) -> Response:
        form = await self._conversing.form_of(request)
        return await run_in_threadpool(self._change, request, form)

    def _change(self, request: Request, form: FormData) -> Response:
        given = {name: legible(str(form.get(name, ""))).strip() for name in ("label", "text")}
        try:
            with self._program.ledger.transaction() as connection:
                visit = self._conversing.staff_visit(connection, request)
                if "drop" in form:
                    phrases.drop(connection, line_id(str(form["drop"])))
                else:
                    public = (self._program.settings.office_phone,)
                    phrases.keep(connection, visit.now, person=visit.person, public=public, **given)
        except InvalidValue as error:
            told = self._pages.say(request, error.text_id, most=error.facts.get("most", ""))
            return self._page(request, given, {str(error.facts["field"]): told})
        return RedirectResponse(self._pages.url("/desk/phrases"), 303)
