"""How staff come in and stay in control of it: passkeys, codes, sessions, a calendar of their days.

code of a leader or of `disclosure staff invite` ─▶ a role, once ─▶ a passkey is offered
passkey, or the spare code ─▶ the same account in another browser
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import Connection
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from bot.desk import web_access
from bot.desk.legible import legible
from bot.desk.web_access import CALENDAR, SPARE_CODE
from bot.dialogue.roles.grants import StaffRole, roles_of, settings_in_force
from bot.dialogue.visit import Visit
from bot.messages import Address

from . import visitors
from .conversing import Conversing
from .pages import Pages
from .passkeys import Challenges, NotVerified, Site, credential_in

if TYPE_CHECKING:
    from bot.program import Program

_LONGEST_LABEL = 40


class ComingIn:
    def __init__(self, program: Program, pages: Pages, conversing: Conversing) -> None:
        self._program = program
        self._pages = pages
        self._conversing = conversing
        self._challenges = Challenges()

    @property
    def routes(self) -> list[Route]:
        return [
            Route("/staff", self.page, methods=["GET"]),
            Route("/staff", self.code, methods=["POST"]),
            Route("/staff/options", self.options, methods=["POST"]),
            Route("/staff/passkey", self.passkey, methods=["POST"]),
            Route("/days/{token}.ics", self.days),
            Route("/desk/keys", self.keys, methods=["GET"]),
            Route("/desk/keys", self.change, methods=["POST"]),
            Route("/desk/keys/options", self.enrol_options, methods=["POST"]),
            Route("/desk/keys/add", self.enrol, methods=["POST"]),
        ]

    # ---- in ---------------------------------------------------------------------------------------------
    async def page(self, request: Request) -> Response:
        return await run_in_threadpool(self._page, request)

    def _page(self, request: Request, error: str = "") -> Response:
        """For everybody: it says nothing about anybody."""
        response = self._pages.page(
            request,
            "staff.html",
            422 if error else 200,
            error=error,
            takes_passkeys=self._site(request).takes_passkeys,
            form=self._conversing.form_values(request),
        )
        return self._conversing.with_cookie(request, response)

    async def code(self, request: Request) -> Response:
        form = await self._conversing.form_of(request)
        return await run_in_threadpool(self._code, request, form)

    def _code(self, request: Request, form: FormData) -> Response:
        """A role's code is redeemed in the conversation, as on Telegram; a spare one opens its account."""
        typed = legible(str(form.get("code", ""))).strip()[:40]
        if not typed:
            return self._page(request, self._pages.say(request, "staff_code_missing"))
        with self._program.ledger.transaction() as connection:
            visitor = web_access.use_spare_code(connection, self._conversing.now(), typed)
            is_let_in = bool(visitor) and self._has_role(connection, visitor)
            if is_let_in:
                self._conversing.become(connection, request, visitor)
        if not is_let_in:
            is_let_in = self._redeemed(request, typed, str(form.get("key", ""))[:100])
        if not is_let_in:
            return self._page(request, self._pages.say(request, "staff_code_wrong"))
        response = RedirectResponse(self._pages.url("/desk/keys"), 303)
        return self._conversing.with_cookie(request, response)

    def _redeemed(self, request: Request, code: str, key: str) -> bool:
        """Whether the code gave this browser a role."""
        with self._program.ledger.reading() as connection:
            before = self._roles(connection, self._conversing.chat_of(connection, request))
        chat = self._conversing.act(request, text=f"授权码 {code}", key=key, label="…")
        with self._program.ledger.transaction() as connection:
            if chat is None or self._roles(connection, chat) == before:
                return False
            self._conversing.become(connection, request, chat.chat_id)  # the cookie from before ends
        return True

    async def options(self, request: Request) -> Response:
        await self._conversing.form_of(request)
        token = self._conversing.token_of(request)
        asked = self._challenges.to_come_in(token, self._site(request))
        return self._conversing.with_cookie(request, Response(asked, media_type="application/json"))

    async def passkey(self, request: Request) -> Response:
        form = await self._conversing.form_of(request)
        return await run_in_threadpool(self._passkey, request, form)

    def _passkey(self, request: Request, form: FormData) -> Response:
        answer, token = str(form.get("answer", "")), self._conversing.token_of(request)
        with self._program.ledger.transaction() as connection:
            known = web_access.passkey(connection, credential_in(answer))
            if known is None or not self._has_role(connection, known.visitor):
                return self._refused(request)
            try:
                count = self._challenges.signed(token, self._site(request), answer, known)
            except NotVerified:
                return self._refused(request)
            web_access.passkey_used(connection, self._conversing.now(), known.credential, count)
            self._conversing.become(connection, request, known.visitor, known.credential)
        response = JSONResponse({"to": self._pages.url("/desk")})
        return self._conversing.with_cookie(request, response)

    def _refused(self, request: Request) -> Response:
        return JSONResponse({"error": self._pages.say(request, "staff_passkey_wrong")}, 403)

    def _has_role(self, connection: Connection, visitor: str) -> bool:
        return bool(self._roles(connection, Address(visitors.CHANNEL, visitor)))

    def _roles(self, connection: Connection, chat: Address | None) -> tuple[StaffRole, ...]:
        settings = settings_in_force(connection, self._program.settings)
        return roles_of(settings, str(chat)) if chat else ()

    def _site(self, request: Request) -> Site:
        return Site.of(request, self._program.settings.web_url)

    # ---- one's own keys and sessions ---------------------------------------------------------------------
    async def keys(self, request: Request) -> Response:
        return await run_in_threadpool(self._keys, request)

    def _keys(self, request: Request, shown: dict[str, str] | None = None) -> Response:
        with self._program.ledger.reading() as connection:
            visit = self._conversing.office_visit(connection, request)
            visitor = visit.incoming.address.chat_id
            keys = web_access.passkeys_of(connection, visitor)
            labels = {each.credential: each.label for each in keys}
            here = visitors.session_of(self._conversing.token_of(request))
            sessions = [
                {
                    "id": each.id,
                    "began": self._told(visit, each.began_at),
                    "seen": self._told(visit, each.seen_at),
                    "by": labels.get(each.passkey, ""),
                    "is_here": each.id == here,
                }
                for each in web_access.sessions_of(connection, visitor)
            ]
            made = {kind: web_access.made_at(connection, visitor, kind) for kind in (SPARE_CODE, CALENDAR)}
            response = self._pages.page(
                request,
                "keys.html",
                name=visit.voice.officer(visit.person),
                keys=[
                    {
                        "credential": each.credential,
                        "label": each.label,
                        "made": self._told(visit, each.made_at),
                        "used": self._told(visit, each.used_at),
                    }
                    for each in keys
                ],
                sessions=sessions,
                spare=self._told(visit, made[SPARE_CODE]),
                calendar=self._told(visit, made[CALENDAR]),
                shown=shown or {},
                takes_passkeys=self._site(request).takes_passkeys,
                is_staff=True,
                form=self._conversing.form_values(request),
            )
        return self._conversing.with_cookie(request, response)

    @staticmethod
    def _told(visit: Visit, at: datetime | None) -> str:
        if at is None:
            return ""
        local = at.astimezone(visit.settings.zone)
        return f"{visit.voice.day(local.date())} {local:%H:%M}"

    async def enrol_options(self, request: Request) -> Response:
        await self._conversing.form_of(request)
        return await run_in_threadpool(self._enrol_options, request)

    def _enrol_options(self, request: Request) -> Response:
        with self._program.ledger.reading() as connection:
            visit = self._conversing.office_visit(connection, request)
            visitor = visit.incoming.address.chat_id
            known = web_access.passkeys_of(connection, visitor)
        office = self._program.settings.agency_name or self._pages.say(request, "agency_unnamed")
        token, name = self._conversing.token_of(request), visit.voice.officer(visit.person)
        asked = self._challenges.to_enrol(token, self._site(request), office, visitor, name, known)
        return Response(asked, media_type="application/json")

    async def enrol(self, request: Request) -> Response:
        form = await self._conversing.form_of(request)
        return await run_in_threadpool(self._enrol, request, form)

    def _enrol(self, request: Request, form: FormData) -> Response:
        label = legible(str(form.get("label", ""))).strip()[:_LONGEST_LABEL]
        with self._program.ledger.transaction() as connection:
            visit = self._conversing.office_visit(connection, request)
            try:
                new = self._challenges.enrolled(
                    self._conversing.token_of(request), self._site(request), str(form.get("answer", ""))
                )
            except NotVerified:
                return self._refused(request)
            if web_access.passkey(connection, new.credential) is not None:
                return self._refused(request)
            web_access.add_passkey(
                connection,
                self._conversing.now(),
                credential=new.credential,
                visitor=visit.incoming.address.chat_id,
                public_key=new.public_key,
                sign_count=new.sign_count,
                label=label or self._pages.say(request, "keys_label_none"),
            )
        return JSONResponse({"to": self._pages.url("/desk/keys")})

    async def change(self, request: Request) -> Response:
        form = await self._conversing.form_of(request)
        return await run_in_threadpool(self._change, request, form)

    def _change(self, request: Request, form: FormData) -> Response:
        """End a passkey or a session, make or end the spare code or the calendar."""
        what, which, now = str(form.get("what", "")), str(form.get("which", "")), self._conversing.now()
        shown: dict[str, str] = {}
        with self._program.ledger.transaction() as connection:
            visitor = self._conversing.office_visit(connection, request).incoming.address.chat_id
            if what == "end_passkey":
                web_access.end_passkey(connection, now, visitor, which)
            elif what == "end_session":
                web_access.end_session(connection, now, visitor, which)
            elif what == "spare":
                shown["spare"] = web_access.make_spare_code(connection, now, visitor)
            elif what == "calendar":
                token = web_access.make_calendar(connection, now, visitor)
                shown["calendar"] = f"{self._site(request).origin}{self._pages.url(f'/days/{token}.ics')}"
            elif what == "end_calendar":
                web_access.end_link(connection, now, visitor, CALENDAR)
            else:
                raise HTTPException(404)
            is_out = not visitors.visitor_of(connection, self._conversing.token_of(request), now)
        if is_out:
            return RedirectResponse(self._pages.url("/staff"), 303)
        return self._keys(request, shown) if shown else RedirectResponse(self._pages.url("/desk/keys"), 303)

    # ---- the calendar of a clerk's days ------------------------------------------------------------------
    async def days(self, request: Request) -> Response:
        return await run_in_threadpool(self._days, request)

    def _days(self, request: Request) -> Response:
        """Days and numbers of what this officer handles, or nobody does: nothing of anybody."""
        with self._program.ledger.reading() as connection:
            visitor = web_access.owner_of(connection, CALENDAR, request.path_params["token"])
            person = str(Address(visitors.CHANNEL, visitor))
            settings = settings_in_force(connection, self._program.settings)
            if not visitor or person not in settings.handlers:
                raise HTTPException(404)
            waiting = [
                each
                for each in self._program.register.session(connection).requests.queue()
                if each.due_on is not None and each.assigned_to in (person, "")
            ]
        stamp = f"{self._conversing.now():%Y%m%dT%H%M%SZ}"
        lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//disclosure-bot//desk//"]
        for each in waiting:
            assert each.due_on is not None
            lines += [
                "BEGIN:VEVENT",
                f"UID:{each.number}@desk.disclosure-bot",
                f"DTSTAMP:{stamp}",
                f"DTSTART;VALUE=DATE:{each.due_on:%Y%m%d}",
                f"SUMMARY:{self._pages.say(request, 'follow_day_event', number=each.number)}",
                "END:VEVENT",
            ]
        body = "\r\n".join((*lines, "END:VCALENDAR", ""))
        return Response(body, media_type="text/calendar; charset=utf-8")
