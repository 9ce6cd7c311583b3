"""The conversation in the browser: the same dialogue as in every channel, one form a turn.

GET shows the page, POST does one thing and leads back to it (303), so that reload and Back repeat nothing.
With our script the same POST returns only what is new.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import quote

from sqlalchemy import Connection
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from bot.desk.legible import legible
from bot.dialogue.roles.grants import settings_in_force
from bot.dialogue.routing import attachments
from bot.dialogue.visit import Visit
from bot.messages import Address, Attachment, Incoming, Outgoing, SentFile

from . import transcript, visitors
from .exchange import Exchange
from .guarding import BY_SESSION, Buckets, is_from_our_pages
from .pages import Pages, Preferences, allowed
from .paper_sheet import sheet_of

if TYPE_CHECKING:
    from bot.program import Program

_LINKED = Address(visitors.CHANNEL, "link")  # nobody's page: what a link asks is answered and forgotten
_MOST_FIELDS, _LONGEST_LINKED = 12, 300
_LONGEST_KEY = 100
_MOST_DIGITS = 18  # of the number of a row
_LONGEST_SHOWN = 60  # of a file's name on the page
_YEAR = 31_536_000
_NOTICES = {403: "form_expired", 404: "not_found", 405: "not_found", 413: "too_long", 429: "too_fast"}


@dataclass(frozen=True)
class FormValues:
    """What every form carries: a key that makes it count once, and the token of this browser."""

    key: str
    token: str


class Conversing:
    """Pages that know their visitor."""

    def __init__(
        self, program: Program, pages: Pages, exchange: Exchange, clock: Callable[[], datetime]
    ) -> None:
        self._program = program
        self._pages = pages
        self._exchange = exchange
        self._clock = clock
        self._by_session = Buckets(BY_SESSION)

    # ---- who it is --------------------------------------------------------------------------------------
    def token_of(self, request: Request) -> str:
        """The token of this browser's cookie, or a new one; `with_cookie` hands it out."""
        token: str | None = getattr(request.state, "token", None)
        if token is None:
            given = request.cookies.get(visitors.COOKIE, "")
            token = given if visitors.is_token(given) else visitors.new_token()
            if given == token:
                with self._program.ledger.reading() as connection:
                    if visitors.is_ended(connection, token):
                        token = visitors.new_token()
            request.state.token = token
        return token

    def chat_of(self, connection: Connection, request: Request) -> Address | None:
        """The visitor's chat, None while they have done nothing."""
        visitor = visitors.visitor_of(connection, self.token_of(request), self._clock())
        return Address(visitors.CHANNEL, visitor) if visitor else None

    def chat_begun(self, request: Request) -> Address | None:
        """The visitor's chat, begun now where there is none; None for a session that has ended."""
        with self._program.ledger.transaction() as connection:
            visitor = visitors.begin(connection, self.token_of(request), self._clock())
        return Address(visitors.CHANNEL, visitor) if visitor else None

    def now(self) -> datetime:
        return self._clock()

    def become(self, connection: Connection, request: Request, visitor: str, passkey: str = "") -> None:
        """This browser is `visitor` from now on: its session ends, a new one with a new cookie begins."""
        now = self._clock()
        visitors.end(connection, self.token_of(request), now)
        request.state.token = visitors.new_token()
        visitors.begin(connection, request.state.token, now, visitor, passkey)

    def office_visit(self, connection: Connection, request: Request) -> Visit:
        """The same of anybody with a role here: staff, leader or admin.  404 for everybody else."""
        chat = self.chat_of(connection, request)
        if chat is not None:
            language = Preferences.of(request).language
            visit = self._program.conversation.looking(connection, chat, language, self._clock())
            if visit.is_staff or visit.is_admin:
                request.state.roles = _roles(visit)
                return visit
        raise HTTPException(404)

    def staff_visit(self, connection: Connection, request: Request) -> Visit:
        """The visit of a member of staff who looks at a page.  404 for everybody else: there is no desk."""
        chat = self.chat_of(connection, request)
        if chat is not None:
            language = Preferences.of(request).language
            visit = self._program.conversation.looking(connection, chat, language, self._clock())
            if visit.is_staff:
                request.state.roles = _roles(visit)
                return visit
        raise HTTPException(404)

    def is_staff(self, connection: Connection, chat: Address | None) -> bool:
        """Whether there is a desk for them."""
        if chat is None:
            return False
        settings = settings_in_force(connection, self._program.settings)
        return str(chat) in (*settings.handlers, *settings.admins)

    def with_cookie(self, request: Request, response: Response) -> Response:
        """Known to nobody but this browser: no script reads it, no other site sends it."""
        token = self.token_of(request)
        if request.cookies.get(visitors.COOKIE) != token:
            response.set_cookie(
                visitors.COOKIE,
                token,
                max_age=int(visitors.LIVES.total_seconds()),
                path=self._pages.url("/"),
                httponly=True,
                secure=request.url.scheme == "https",
                samesite="lax",
            )
        return response

    def form_values(self, request: Request) -> FormValues:
        return FormValues(uuid.uuid4().hex, visitors.form_token(self.token_of(request)))

    async def form_of(
        self, request: Request, most_fields: int = _MOST_FIELDS, most_files: int = 0
    ) -> FormData:
        """The fields of a form of ours.  403 when it is not, 429 when they come too fast.

        Files only where a page asks for them; who may send any is asked before this.
        """
        form = await request.form(max_files=most_files, max_fields=most_fields)
        known = is_from_our_pages(request.method, request.headers, request.url.scheme)
        if known is None and form.get("token") != visitors.form_token(self.token_of(request)):
            raise HTTPException(403)
        if not self._by_session.takes(self.token_of(request)):
            raise HTTPException(429)
        return form

    # ---- pages ------------------------------------------------------------------------------------------
    async def page(self, request: Request) -> Response:
        return await run_in_threadpool(self._page, request)

    def _page(self, request: Request, status: int = 200, error: str = "", asked: str = "") -> Response:
        question = legible(request.query_params.get("q", ""))[:_LONGEST_LINKED].strip()
        linked = self._asked_by_link(question) if question else []
        with self._program.ledger.reading() as connection:
            chat = self.chat_of(connection, request)
            lines = transcript.lines(connection, str(chat)) if chat else ()
            is_staff = self.is_staff(connection, chat)
            takes_files = bool(lines) and self._takes_files(connection, request)
        response = self._pages.page(
            request,
            "ask.html",
            status,
            lines=lines,
            takes_files=takes_files,
            linked=linked,
            linked_question=question,
            asked=asked or question,
            error=error,
            is_staff=is_staff,
            form=self.form_values(request),
        )
        return self.with_cookie(request, response)

    def _asked_by_link(self, question: str) -> list[Outgoing]:
        """What is answered to a question in the address: nothing of it is kept, so a link may be shared."""
        now = self._clock()
        with self._program.ledger.trial() as connection:
            incoming = Incoming(address=_LINKED, person=_LINKED, at=now, text=question)
            turn = self._program.conversation.handle(connection, incoming, now)
        return [outgoing for outgoing in turn.outgoing if outgoing.address == _LINKED]

    async def say(self, request: Request) -> Response:
        form = await self.form_of(request)
        return await run_in_threadpool(self._say, request, form)

    def _say(self, request: Request, form: FormData) -> Response:
        text = legible(str(form.get("text", ""))).strip()
        button = legible(str(form.get("button", "")))[:64]
        key = str(form.get("key", ""))[:_LONGEST_KEY]
        wants_part = request.headers.get("x-part") == "lines"
        if not text and not button:
            told = self._pages.say(request, "ask_empty")
            return HTMLResponse("", 422) if wants_part else self._page(request, 422, told)
        message = str(form.get("message", ""))
        chat = self.act(request, text=text, button=button, key=key, message=message)
        if chat is None:
            raise HTTPException(403)
        if not wants_part:
            return self.with_cookie(request, self._back_to(chat))
        return self.with_cookie(request, self._part(request, chat, str(form.get("after", "0")), message))

    # ---- files ------------------------------------------------------------------------------------------
    async def send_files(self, request: Request) -> Response:
        """Files for the form that is open in the conversation; where none takes any, nothing is read."""
        if not await run_in_threadpool(self._may_send, request):
            told = self._pages.say(request, "files_not_now")
            return await run_in_threadpool(self._page, request, 422, told)
        form, files = await self.files_of(request)
        return await run_in_threadpool(self._send_files, request, form, files)

    def _may_send(self, request: Request) -> bool:
        with self._program.ledger.reading() as connection:
            return self._takes_files(connection, request)

    def _takes_files(self, connection: Connection, request: Request) -> bool:
        chat = self.chat_of(connection, request)
        if chat is None:
            return False
        language = Preferences.of(request).language
        visit = self._program.conversation.looking(connection, chat, language, self._clock())
        return attachments.takes_now(visit)

    async def files_of(self, request: Request) -> tuple[FormData, list[SentFile]]:
        """The fields of a form of ours and the files that came with it, named as their sender did."""
        form = await self.form_of(request, most_files=self._program.settings.attachments_each)
        try:
            given = [each for each in form.getlist("files") if isinstance(each, UploadFile) and each.filename]
            return form, [
                SentFile(each.filename or "", each.size or 0, "", await each.read()) for each in given
            ]
        finally:
            await form.close()

    def _send_files(self, request: Request, form: FormData, files: Sequence[SentFile]) -> Response:
        if not files:
            return self._page(request, 422, self._pages.say(request, "files_none"))
        chat = self.hand_in(request, files, str(form.get("key", ""))[:_LONGEST_KEY])
        if chat is None:
            raise HTTPException(403)
        return self.with_cookie(request, self._back_to(chat))

    def hand_in(self, request: Request, files: Sequence[SentFile], key: str) -> Address | None:
        """Each file is a message of its own, as on every channel; the visitor's chat, None for none."""
        chat = None
        for place, file in enumerate(files):
            shown = self._pages.say(request, "files_sent", name=legible(file.name)[-_LONGEST_SHOWN:])
            chat = self.act(request, key=f"{key}-{place}", file=file, label=shown)
        return chat

    def act(
        self,
        request: Request,
        *,
        text: str = "",
        button: str = "",
        key: str = "",
        message: str = "",
        filled: Mapping[str, str] | None = None,
        file: SentFile | None = None,
        label: str = "",
    ) -> Address | None:
        """One turn of this visitor; their chat.  None for a session that has ended.

        `filled` are the answers of a form that a page shows as a whole; `label` is what the button said,
        where it stood on a page and not under a message, or what is shown of a file.
        """
        now, chat = self._clock(), self.chat_begun(request)
        if chat is None:
            return None
        with self._program.ledger.reading() as connection:
            pressed = transcript.line(connection, str(chat), line_id(message))
        incoming = Incoming(
            address=chat,
            person=chat,
            at=now,
            text="" if button else text,
            button=button,
            language=Preferences.of(request).language.value,
            message_id=message if pressed else "",
            filled=tuple((filled or {}).items()),
            attachment=Attachment.DOCUMENT if file else None,
            file=file,
        )
        words = label or _label(pressed.shown if pressed else None, button) or text
        # The same form with other words (Back, and written anew) is another thing to do.
        given = (key or uuid.uuid4().hex, button, text, *(each for pair in incoming.filled for each in pair))
        given += (hashlib.sha256(file.content).hexdigest(),) if file else ()
        done = hashlib.sha256("\n".join(given).encode()).hexdigest()
        self._exchange.take(chat, f"{chat.chat_id}:{done}", incoming, words or "…")
        self._exchange.answer(chat)
        return chat

    def _back_to(self, chat: Address) -> Response:
        with self._program.ledger.reading() as connection:
            lines = transcript.lines(connection, str(chat), most=40)
        last = next((line.id for line in reversed(lines) if line.said), 0)
        return RedirectResponse(self._pages.url("/ask") + f"#m{last}", 303)

    def _part(self, request: Request, chat: Address, after: str, message: str = "") -> HTMLResponse:
        """What is new since `after`, and the message whose button was pressed: it may have changed."""
        with self._program.ledger.reading() as connection:
            takes_files = self._takes_files(connection, request)
            since, pressed = line_id(after), line_id(message)
            lines = list(transcript.lines(connection, str(chat), after=since))
            if 0 < pressed <= since:
                changed = transcript.line(connection, str(chat), pressed)
                lines = [*([changed] if changed else []), *lines]
        return self._pages.page(
            request, "lines.html", lines=lines, takes_files=takes_files, form=self.form_values(request)
        )

    async def news(self, request: Request) -> Response:
        """What came by itself: a reply of the office."""
        return await run_in_threadpool(self._news, request)

    def _news(self, request: Request) -> Response:
        after = request.query_params.get("after", "0")
        with self._program.ledger.reading() as connection:
            chat = self.chat_of(connection, request)
            since = line_id(after)
            if chat is None or not transcript.lines(connection, str(chat), after=since, most=1):
                return Response(status_code=204)
        return self._part(request, chat, after)

    async def file(self, request: Request) -> Response:
        return await run_in_threadpool(self._file, request)

    def _file(self, request: Request) -> Response:
        with self._program.ledger.reading() as connection:
            chat = self.chat_of(connection, request)
            line = line_id(request.path_params["line"])
            document = transcript.document(connection, str(chat), line) if chat else None
        if document is None:
            raise HTTPException(404)
        return download(document.filename, document.content)

    async def paper(self, request: Request) -> Response:
        """A letter of the conversation as it prints, for who has no Word at hand."""
        return await run_in_threadpool(self._paper, request)

    def _paper(self, request: Request) -> Response:
        line = line_id(request.path_params["line"])
        with self._program.ledger.reading() as connection:
            chat = self.chat_of(connection, request)
            document = transcript.document(connection, str(chat), line) if chat else None
            is_staff = self.is_staff(connection, chat)
        if document is None:
            raise HTTPException(404)
        return self._pages.page(
            request,
            "paper.html",
            sheet=sheet_of(document.content),
            title=document.filename,
            back="",
            file=self._pages.url(f"/ask/file/{line}"),
            is_staff=is_staff,
        )

    async def leave(self, request: Request) -> Response:
        await self.form_of(request)
        return await run_in_threadpool(self._leave, request)

    def _leave(self, request: Request) -> Response:
        with self._program.ledger.transaction() as connection:
            visitors.end(connection, self.token_of(request), self._clock())
        response = self._pages.page(
            request,
            "notice.html",
            heading=self._pages.say(request, "leave"),
            message=self._pages.say(request, "left"),
        )
        response.delete_cookie(visitors.COOKIE, path=self._pages.url("/"))
        response.headers["Clear-Site-Data"] = '"cache"'
        return response

    async def prefer(self, request: Request) -> Response:
        """How somebody wants to read; back to where they were, on this site."""
        back = request.query_params.get("back", "")
        is_ours = back.startswith(self._pages.url("/")) and not back.startswith("//") and "\\" not in back
        response = RedirectResponse(back if is_ours else self._pages.url("/"), 303)
        for name, value in request.query_params.items():
            if allowed(name, value):
                response.set_cookie(
                    name, value, max_age=_YEAR, path=self._pages.url("/"), httponly=True, samesite="lax"
                )
        return response

    def notice(self, request: Request, status: int) -> Response:
        """What is said instead of a page: gone, too fast, an old form, trouble."""
        event = {
            403: "form_expired",
            413: "too_long",
            429: "too_fast",
            404: "not_found",
            405: "not_found",
        }.get(status, "trouble")
        heading = "not_found_title" if event == "not_found" else "trouble_title"
        return self._pages.page(
            request,
            "notice.html",
            status,
            heading=self._pages.say(request, heading),
            message=self._pages.say(request, event),
        )


def line_id(told: str) -> int:
    """The line of a page that an address or a form names; 0, which no line has, for anything else.

    More digits than a ledger can hold are no number for it either.
    """
    return int(told) if told.isascii() and told.isdecimal() and len(told) <= _MOST_DIGITS else 0


def _roles(visit: Visit) -> tuple[str, ...]:
    """Which pages of the desk this person has."""
    roles = {"staff": visit.is_staff, "admin": visit.is_admin, "leader": visit.is_leader}
    return tuple(name for name, is_theirs in roles.items() if is_theirs)


def download(filename: str, content: bytes) -> Response:
    """A file to keep, never to be opened as a page of ours."""
    return Response(
        content,
        media_type="application/octet-stream",
        headers={"Content-Disposition": f"attachment; filename*=UTF-8''{quote(filename)}"},
    )


def _label(shown: Outgoing | None, data: str) -> str:
    """What stands on the button that was pressed."""
    if shown is None or not data:
        return ""
    return next((button.label for row in shown.buttons for button in row if button.data == data), "")
