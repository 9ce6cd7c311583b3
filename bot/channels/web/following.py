"""Number and code: where a request is, its letters, and going on with it in this browser."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import Connection
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from bot.desk import access_codes, attached
from bot.desk.attached import Attachment
from bot.desk.errors import DeskError
from bot.desk.model import DisclosureRequest
from bot.desk.numbering import with_plain_numbers
from bot.desk.register import Register
from bot.dialogue.payload import Act, data_of
from bot.messages import Address, Incoming, Outgoing

from . import visitors
from .conversing import Conversing, download
from .exchange import Exchange
from .pages import Pages, Preferences

if TYPE_CHECKING:
    from bot.program import Program

_LONGEST = 40
_FEW_FIELDS = 4


class Following:
    """Pages for who has a receipt in hand, at any computer."""

    def __init__(
        self,
        program: Program,
        pages: Pages,
        exchange: Exchange,
        conversing: Conversing,
        clock: Callable[[], datetime],
    ) -> None:
        self._program = program
        self._pages = pages
        self._exchange = exchange
        self._conversing = conversing
        self._clock = clock

    async def page(self, request: Request) -> Response:
        given = {"number": request.query_params.get("number", "")[:_LONGEST], "code": ""}
        return await run_in_threadpool(self._page, request, given, {})

    def _page(self, request: Request, given: dict[str, str], errors: dict[str, str]) -> Response:
        response = self._pages.page(
            request,
            "follow.html",
            422 if errors else 200,
            given=given,
            errors=errors,
            form=self._conversing.form_values(request),
        )
        return self._conversing.with_cookie(request, response)

    async def look(self, request: Request) -> Response:
        form = await self._conversing.form_of(request)
        return await run_in_threadpool(self._look, request, form)

    def _look(self, request: Request, form: FormData) -> Response:
        number, code = _given(form)
        errors = {
            name: self._pages.say(request, f"follow_need_{name}")
            for name, value in (("number", number), ("code", code))
            if not value
        }
        found = None if errors else self._opened(number, code)
        if found is None:
            errors = errors or {"number": self._pages.say(request, "follow_wrong")}
            return self._page(request, {"number": number, "code": code}, errors)
        with self._program.ledger.trial() as connection:
            owner = Address.parse(found.person) if found.person else None
            shown = self._as_seen(connection, owner, number) if owner else []
            letters = self._program.register.session(connection).letters.of_applicant(number)
            files = _readable(connection, self._program.register, number)
        response = self._pages.page(
            request,
            "followed.html",
            request_number=number,
            shown=shown,
            letters=letters,
            files=files,
            code=code,
            has_day=found.due_on is not None,
            can_continue=owner is not None and owner.channel == visitors.CHANNEL,
            form=self._conversing.form_values(request),
        )
        return self._conversing.with_cookie(request, response)

    def _as_seen(self, connection: Connection, owner: Address, number: str) -> list[Outgoing]:
        """What the applicant sees in their own chat, asked there and not kept."""
        now, shown = self._clock(), []
        for act in (Act.MY_REQUEST, Act.MY_DUE_DATE, Act.MY_TIMELINE):
            pressed = Incoming(owner, owner, now, button=data_of(act, number))
            turn = self._program.conversation.handle(connection, pressed, now)
            shown += [each for each in turn.outgoing if each.address == owner]
        return shown

    async def status(self, request: Request) -> Response:
        """The same for a program.  It uses no cookie: number and code are all that opens anything."""
        form = await request.form(max_files=0, max_fields=_FEW_FIELDS)
        return await run_in_threadpool(self._status, request, form)

    def _status(self, request: Request, form: FormData) -> Response:
        number, code = _given(form)
        found = self._opened(number, code) if number and code else None
        if found is None:
            return JSONResponse({"error": self._pages.say(request, "follow_wrong")}, 404)
        with self._program.ledger.reading() as connection:
            letters = self._program.register.session(connection).letters.of_applicant(number)
        told = self._program.words.say(f"status_{found.status.value}", Preferences.of(request).language)
        return JSONResponse(
            {
                "number": number,
                "status": found.status.value,
                "told": told,
                "received_on": str(found.received_on or ""),
                "due_on": str(found.due_on or ""),
                "provisional": found.provisional,
                "outcome": found.outcome.code if found.outcome and found.ended_on else "",
                "letters": [letter.filename for letter in letters],
            }
        )

    async def letter(self, request: Request) -> Response:
        form = await self._conversing.form_of(request)
        return await run_in_threadpool(self._letter, form)

    def _letter(self, form: FormData) -> Response:
        number, code = _given(form)
        found = self._opened(number, code)
        if found is None:
            raise HTTPException(404)
        with self._program.ledger.reading() as connection:
            for file in _readable(connection, self._program.register, number):
                if file.token == form.get("attachment"):
                    return download(file.name, attached.content(connection, file.token))
            letters = self._program.register.session(connection).letters.of_applicant(number)
        chosen = next((each for each in letters if each.filename == form.get("letter")), None)
        if chosen is None:
            raise HTTPException(404)
        return download(chosen.filename, chosen.content)

    async def day(self, request: Request) -> Response:
        """The last day of the reply, for a calendar."""
        form = await self._conversing.form_of(request)
        return await run_in_threadpool(self._day, request, form)

    def _day(self, request: Request, form: FormData) -> Response:
        number, code = _given(form)
        found = self._opened(number, code)
        if found is None or found.due_on is None:
            raise HTTPException(404)
        told = self._pages.say(request, "follow_day_event", number=number)
        lines = (
            "BEGIN:VCALENDAR",
            "VERSION:2.0",
            "PRODID:-//disclosure-bot//web//",
            "BEGIN:VEVENT",
            f"UID:{number}@disclosure-bot",
            f"DTSTAMP:{self._clock():%Y%m%dT%H%M%SZ}",
            f"DTSTART;VALUE=DATE:{found.due_on:%Y%m%d}",
            f"SUMMARY:{told}",
            "END:VEVENT",
            "END:VCALENDAR",
        )
        return download(f"{number}.ics", "\r\n".join((*lines, "")).encode())

    async def go_on(self, request: Request) -> Response:
        form = await self._conversing.form_of(request)
        return await run_in_threadpool(self._go_on, request, form)

    def _go_on(self, request: Request, form: FormData) -> Response:
        """This browser becomes the one that filed: its session is ended, a new one is the owner's."""
        number, code = _given(form)
        found = self._opened(number, code)
        owner = Address.parse(found.person) if found and found.person else None
        if owner is None or owner.channel != visitors.CHANNEL:
            raise HTTPException(404)
        with self._program.ledger.transaction() as connection:
            self._conversing.become(connection, request, owner.chat_id)
        self._conversing.act(request, text=number)
        return self._conversing.with_cookie(request, RedirectResponse(self._pages.url("/ask"), 303))

    def _opened(self, number: str, code: str) -> DisclosureRequest | None:
        """The request of this number, for who has its code."""
        with self._program.ledger.transaction() as connection:
            if not access_codes.opens(connection, number, code, self._clock()):
                return None
            try:
                return self._program.register.session(connection).requests.get(number)
            except DeskError:
                return None


def _readable(connection: Connection, register: Register, number: str) -> list[Attachment]:
    """The files of a reply that was served, and what the applicant sent along."""
    own = attached.of(connection, number, attached.REQUEST, attached.CORRECTION)
    return [*register.session(connection).letters.files_of_served_reply(number), *own]


def _given(form: FormData) -> tuple[str, str]:
    typed = with_plain_numbers(str(form.get("number", "")))
    number = unicodedata.normalize("NFKC", typed).strip().upper()[:_LONGEST]
    return number, str(form.get("code", "")).strip()[:_LONGEST]
