"""A request on the desk: what is on record about it, who else looks, and every act that the law allows now.

    page ─ a button, a text, a whole form ─▶ the same dialogue as in every channel ─▶ the page again (303)

What can be done comes from the card and the menu of the chat, a form's questions from the chat's form: a new
act or outcome appears here without work.  Record corrections and inquiries have the same page.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sqlalchemy import Connection
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.desk import phrases
from bot.desk.errors import DeskError
from bot.desk.legible import legible
from bot.desk.model import DisclosureRequest, Event, EventKind, Outcome
from bot.dialogue import attaching, due_date
from bot.dialogue.payload import Act, data_of, parse
from bot.dialogue.progress import timeline
from bot.dialogue.routing import commands
from bot.dialogue.routing.commands import Who
from bot.dialogue.routing.pressing import step_of
from bot.dialogue.staff import forms, noting, possible, queue, recording, replying
from bot.dialogue.staff.searching import KeptTrails
from bot.dialogue.staff.serving import reply_parts
from bot.dialogue.visit import Visit
from bot.messages import Button, Outgoing, Part, SentFile

from . import transcript
from .conversing import Conversing, line_id
from .filling import Field, record_fields, reply_fields
from .pages import Pages
from .paper_sheet import sheet_of
from .presence import Presence

if TYPE_CHECKING:
    from bot.program import Program

_MOST_FIELDS = 60
# Shown on the page itself.
_SHOWN_HERE = frozenset({Act.CARD, Act.MORE, Act.TIMELINE, Act.DUE_DATE, Act.INQUIRY_CARD})
_LISTS = ("card", "acts", "more", "closed", "due", "draft", "trail", "timeline", "notes", "searches")
_BEGUN = ("reload_begun", "check_begun")  # what says that the rest comes later
_OF_STEPS = frozenset({Act.RECORD_BACK, Act.REPLY_BACK, Act.REPLY_EDIT})  # the page shows all answers at once


@dataclass(frozen=True)
class Happened:
    """One event: what, when it happened and was entered, by whom, and what proves it."""

    told: str
    entered: str
    officer: str
    proof: str
    article: str


@dataclass(frozen=True)
class Step:
    """The form that waits: as a whole (`fields`), or its present question with a box to write into."""

    message: Outgoing
    fields: Sequence[Field] = ()
    name: str = ""  # what stands above a whole form
    draft: str = ""  # which draft its answers belong to
    complete: bool = False  # nothing is missing: `message` is the read-back
    is_reply: bool = False
    takes_files: bool = False
    files: Sequence[Part] = ()  # what goes along so far
    remove: Sequence[Button] = ()  # takes the last of them away again

    @property
    def buttons(self) -> list[Button]:
        """Of the message; a whole form that is not complete only needs the way out."""
        flat = [button for row in self.message.buttons for button in row]
        whole = bool(self.fields)
        return [
            button
            for button in flat
            if not (whole and _act_of(button) in _OF_STEPS)
            and (not whole or self.complete or _act_of(button) is Act.CANCEL)
        ]


def _act_of(button: Button) -> Act | None:
    payload = parse(button.data)
    return payload.act if payload else None


class CaseFile:
    def __init__(self, program: Program, pages: Pages, conversing: Conversing) -> None:
        self._program = program
        self._pages = pages
        self._conversing = conversing
        self._presence = Presence()
        self._trails = KeptTrails()

    @property
    def routes(self) -> list[Route]:
        return [
            Route("/desk/more", self.page, methods=["GET"]),
            Route("/desk/more", self.act, methods=["POST"]),
            Route("/desk/r/{number}", self.page, methods=["GET"]),
            Route("/desk/r/{number}", self.act, methods=["POST"]),
            Route("/desk/r/{number}/who", self.who),
            Route("/desk/r/{number}/file", self.send_files, methods=["POST"]),
            Route("/desk/r/{number}/preview", self.preview, methods=["POST"]),
        ]

    # ---- the page ---------------------------------------------------------------------------------------
    async def page(self, request: Request) -> Response:
        return await run_in_threadpool(self._page, request)

    def _page(
        self,
        request: Request,
        typed: Mapping[str, str] | None = None,
        errors: Mapping[str, str] | None = None,
    ) -> Response:
        number = _number_of(request)
        since = line_id(request.query_params.get("since", ""))
        with self._program.ledger.reading() as connection:
            visit = self._visit(connection, request, number)
            values = self._values(visit, number)
            step = self._step(visit, number)
            if step is not None and typed:
                step = replace(step, fields=[field.with_value(typed) for field in step.fields])
            lines = transcript.lines(connection, visit.person, after=since) if since else ()
            seen = self._presence.look(number, visit.person) if number else []
            others = [visit.voice.officer(who) for who in seen]
            other_form = _other_form(visit, number)
            tools = _tools(visit)
            known = phrases.known(connection) if step is not None and step.fields else []
        response = self._pages.page(
            request,
            "case.html" if number else "tools.html",
            422 if errors else 200,
            number=number,
            **values,
            step=step,
            others=others,
            other_form=other_form,
            tools=tools,
            phrases=known,
            waits=_waits(lines) if not number else 0,
            said=_new_of(lines, values, step),
            errors=errors or {},
            is_staff=True,
            form=self._conversing.form_values(request),
        )
        return self._conversing.with_cookie(request, response)

    def _values(self, visit: Visit, number: str) -> dict[str, object]:
        """What the page shows of the case itself; nothing on the page of what is about no case."""
        if not number:
            return {"content": "", "first": ""} | {name: [] for name in _LISTS}
        found = noting.found(visit.desk, number)
        if found is None:
            raise HTTPException(404)
        card = queue.show_number(visit, number).outgoing[0]
        is_request = isinstance(found, DisclosureRequest)
        events = visit.desk.requests.history(number)
        values: dict[str, object] = {
            "heading": card.parts[0].text,
            "content": card.parts[1].text,
            "first": "",
            "card": card.parts[2:],
            "acts": [button for button in _flat(card) if _act_of(button) not in _SHOWN_HERE],
            "more": [],
            "closed": [],
            "due": [],
            "draft": [],
            "trail": (),
            "timeline": list(_timeline(visit, found.person, events)),
            "notes": _notes(visit, events),
            "searches": _searches(visit, events),
            "letters": 0,
        }
        if is_request:
            assert isinstance(found, DisclosureRequest)
            values |= self._of_request(visit, found)
        return values

    def _of_request(self, visit: Visit, request: DisclosureRequest) -> dict[str, object]:
        changed = request.original_content not in ("", request.content)
        return {
            "content": request.content,
            "first": request.original_content if changed else "",
            "more": forms.buttons(visit, request),
            "closed": possible.closed(visit, request),
            "due": due_date.proof(visit, request).parts if request.due_on else [],
            "draft": reply_parts(visit, visit.voice, request),
            "trail": self._trails.of(visit, request.number, request.content)
            if request.status.is_open
            else (),
            "letters": len(visit.desk.letters.of(request.number)),
        }

    async def who(self, request: Request) -> Response:
        """Who else looks at it, asked again by our script."""
        return await run_in_threadpool(self._who, request)

    def _who(self, request: Request) -> Response:
        number = request.path_params["number"].upper()
        with self._program.ledger.reading() as connection:
            visit = self._conversing.staff_visit(connection, request)
            if noting.found(visit.desk, number) is None:
                raise HTTPException(404)
            others = [visit.voice.officer(who) for who in self._presence.look(number, visit.person)]
        return self._pages.page(request, "case_who.html", others=others)

    def _step(self, visit: Visit, number: str) -> Step | None:
        """The form of this officer about this case, as it stands."""
        step, draft = step_of(visit), visit.memory.draft
        if step is None or not step.for_staff or _case_of(draft) != number:
            return None
        message = step.again(visit).outgoing[0]
        shown = self._shown(visit, number, message)
        if not (attaching.may_attach(visit) and step.takes_files(visit)):
            return shown
        return replace(
            shown, takes_files=True, files=attaching.parts(visit), remove=attaching.remove_row(visit)
        )

    def _shown(self, visit: Visit, number: str, message: Outgoing) -> Step:
        draft = visit.memory.draft
        if (record := forms.form_in_hand(visit)) is not None:
            name, complete = visit.voice.word(f"step_{record.name}"), recording.is_complete(visit, record)
            return Step(message, record_fields(visit, record), name, draft["id"], complete)
        if replying.is_current(visit, number):
            outcome, label = (
                Outcome(draft["outcome"]),
                self._pages.words.say("case_text", visit.voice.language),
            )
            fields = reply_fields(visit, label)
            complete = visit.memory.step == replying.READ_BACK
            name = f"{outcome.code} {outcome.label}"
            return Step(message, fields, name, "reply", complete, is_reply=True)
        return Step(message)

    # ---- files ------------------------------------------------------------------------------------------
    async def send_files(self, request: Request) -> Response:
        """Files for the reply or answer that this officer is writing; where none is, nothing is read."""
        if not await run_in_threadpool(self._may_send, request):
            raise HTTPException(404)
        form, files = await self._conversing.files_of(request)
        return await run_in_threadpool(self._send_files, request, form, files)

    def _may_send(self, request: Request) -> bool:
        number = _number_of(request)
        with self._program.ledger.reading() as connection:
            step = self._step(self._conversing.staff_visit(connection, request), number)
        return step is not None and step.takes_files

    def _send_files(self, request: Request, form: FormData, files: Sequence[SentFile]) -> Response:
        number, key = _number_of(request), str(form.get("key", ""))[:100]
        with self._program.ledger.reading() as connection:
            visit = self._conversing.staff_visit(connection, request)
            before = _last_line(connection, visit.person)
        if visit.memory.paused:  # something else was pressed in between: files go with a form that waits
            resume = data_of(Act.RESUME)
            self._conversing.act(request, button=resume, key=f"{key}-resume")
        if self._conversing.hand_in(request, files, key) is None and files:
            raise HTTPException(403)
        return self._to_page(number, before)

    # ---- acts -------------------------------------------------------------------------------------------
    async def act(self, request: Request) -> Response:
        form = await self._conversing.form_of(request, _MOST_FIELDS)
        return await run_in_threadpool(self._act, request, form)

    def _act(self, request: Request, form: FormData) -> Response:
        number, key = _number_of(request), str(form.get("key", ""))[:100]
        with self._program.ledger.reading() as connection:
            visit = self._visit(connection, request, number)
            values = self._values(visit, number)
            before = _last_line(connection, visit.person)
            step = self._step(visit, number)
        if draft := str(form.get("draft", "")):
            return self._fill(request, form, number, draft, key)
        button, text = legible(str(form.get("button", "")))[:64], legible(str(form.get("text", ""))).strip()
        if not (button or text):
            return self._page(request)
        label = _label(button, values, step)
        if self._conversing.act(request, button=button, text=text, key=key, label=label) is None:
            raise HTTPException(403)
        return self._to_page(number, before)

    def _fill(self, request: Request, form: FormData, number: str, draft: str, key: str) -> Response:
        """A whole form: what can be taken is kept at once, what cannot is said beside its field."""
        filled = _filled(form)
        with self._program.ledger.reading() as connection:
            visit = self._visit(connection, request, number)
            before, step = _last_line(connection, visit.person), self._step(visit, number)
            if step is None or step.draft != draft or not step.fields:
                return self._to_page(number, before)  # another form, or it was finished elsewhere
            unclear = _tried(visit, step, filled)
            after = self._step(visit, number)
        data = (
            data_of(Act.REPLY_CHOOSE, number, "page")
            if step.is_reply
            else data_of(Act.RECORD_CHOOSE, "page", draft)
        )
        if self._conversing.act(request, button=data, filled=filled, key=key, label=step.name) is None:
            raise HTTPException(403)
        missing = {
            field.name: self._pages.say(request, "apply_missing")
            for field in (after.fields if after else ())
            if not field.value and field.name not in unclear
        }
        if after is not None and not after.complete and (unclear or missing):
            seen = {field.name for field in step.fields}
            new = {name: told for name, told in missing.items() if name not in seen and not filled.get(name)}
            # What an answer has only now led to is asked, not complained about.
            told = {**unclear, **{name: told for name, told in missing.items() if name in seen}}
            return self._page(request, filled, _not_typed(told, filled, unclear) or new)
        return self._to_page(number, before)

    def _to_page(self, number: str, before: int) -> Response:
        path = f"/desk/r/{number}" if number else "/desk/more"
        return RedirectResponse(self._pages.url(path, since=str(before)) + "#now", 303)

    def _visit(self, connection: Connection, request: Request, number: str) -> Visit:
        """A case is for staff, what is about none for admins, too."""
        let_in = self._conversing.staff_visit if number else self._conversing.office_visit
        return let_in(connection, request)

    # ---- letters ----------------------------------------------------------------------------------------
    async def preview(self, request: Request) -> Response:
        form = await self._conversing.form_of(request)
        return await run_in_threadpool(self._preview, request, form)

    def _preview(self, request: Request, form: FormData) -> Response:
        """The reply as it would print now, not saved yet.  It names the applicant: the look is recorded."""
        number = request.path_params["number"].upper()
        with self._program.ledger.transaction() as connection:
            visit = self._conversing.staff_visit(connection, request)
            try:
                visit.desk.requests.applicant(number)
            except DeskError as error:
                raise HTTPException(403) from error
        with self._program.ledger.trial() as connection:
            visit = self._conversing.staff_visit(connection, request)
            content = _reply_as_it_would_be(visit, number, self._program)
        sheet = sheet_of(content) if content else None
        return self._pages.page(
            request,
            "paper.html",
            sheet=sheet,
            title=number,
            back=self._pages.url(f"/desk/r/{number}"),
            file="",
            is_staff=True,
        )


def _reply_as_it_would_be(visit: Visit, number: str, program: Program) -> bytes | None:
    """Drafted and written as it will be, in a transaction that is not kept."""
    connection, now = visit.connection, visit.now
    if replying.is_current(visit, number):
        pressed = replace(visit.incoming, button=data_of(Act.REPLY_SURE, number), text="")
        program.conversation.handle(connection, pressed, now)
    try:
        return visit.desk.letters.write(number, kind="reply")[1].content
    except DeskError:
        return None


def _tried(visit: Visit, step: Step, filled: Mapping[str, str]) -> dict[str, str]:
    """What could not be taken of these answers and why; the visit's memory holds what could."""
    if step.is_reply:
        return replying.fill(visit, filled)
    record = forms.form_in_hand(visit)
    return recording.fill(visit, record, filled) if record else {}


def _filled(form: FormData) -> dict[str, str]:
    """The answers by their question; one of a choice beside its box counts where the box is empty."""
    given = {
        name.removeprefix("f_"): legible(str(value)).strip()[:4000]
        for name, value in form.items()
        if name.startswith("f_")
    }
    for name in [name for name in given if name.endswith("__choice")]:
        choice, plain = given.pop(name), name.removesuffix("__choice")
        given[plain] = given.get(plain, "") or choice
    return given


def _not_typed(
    told: Mapping[str, str], filled: Mapping[str, str], unclear: Mapping[str, str]
) -> dict[str, str]:
    """Of what is told only what is wrong or was left empty: behind a mistake the rest is not read yet."""
    return {name: why for name, why in told.items() if name in unclear or not filled.get(name)}


def _other_form(visit: Visit, number: str) -> str:
    """The case that a half-filled form of this officer is about, "" for none or this one."""
    step, other = step_of(visit), _case_of(visit.memory.draft)
    return other if step is not None and step.for_staff and other not in ("", number) else ""


def _new_of(
    lines: Sequence[transcript.Line], values: Mapping[str, object], step: Step | None
) -> list[transcript.Line]:
    """What was answered to the last act, without what the page shows anyway."""
    known = {part.text for part in _parts(values["card"])} | {str(values["content"])}
    known |= {part.text for name in ("due", "draft", "closed") for part in _parts(values[name])}
    buttons = {button for name in ("acts", "more") for button in _buttons(values[name])}
    if step is not None:
        known |= {part.text for part in step.message.parts}
        buttons |= set(_flat(step.message))
    new = []
    for line in lines:
        if line.shown is None:
            continue
        parts = tuple(part for part in line.shown.parts if part.text.strip() and part.text not in known)
        rows = tuple(
            (button,)
            for button in _flat(line.shown)
            if button not in buttons and _act_of(button) not in (_SHOWN_HERE | _OF_STEPS)
        )
        if parts or line.shown.document:
            new.append(replace(line, shown=replace(line.shown, parts=parts, buttons=rows)))
    return new


def _parts(value: object) -> Iterator[Part]:
    return iter(value) if isinstance(value, list | tuple) else iter(())


def _buttons(value: object) -> Iterator[Button]:
    return iter(value) if isinstance(value, list) else iter(())


def _flat(message: Outgoing) -> list[Button]:
    return [button for row in message.buttons for button in row]


def _label(data: str, values: Mapping[str, object], step: Step | None) -> str:
    """What stands on the button that was pressed."""
    shown = [*_buttons(values["acts"]), *_buttons(values["more"]), *(_flat(step.message) if step else ())]
    return next((button.label for button in shown if button.data == data), "")


def _timeline(visit: Visit, person: str, events: Sequence[Event]) -> Iterator[Happened]:
    for event in events:
        told = timeline(visit.voice, [event], for_staff=True)
        if not told:
            continue
        entered = event.at.astimezone(visit.settings.zone)
        proofs = [event.text(name) for name in ("proof", "authority_proof") if event.text(name)]
        yield Happened(
            told,
            f"{visit.voice.day(entered.date())} {entered:%H:%M}",
            visit.voice.officer(event.actor) if event.actor not in ("", person) else "",
            "；".join(each for each in proofs if each != "confirmed"),
            event.article,
        )


def _notes(visit: Visit, events: Sequence[Event]) -> list[tuple[str, str, str]]:
    """Day, officer, text of each internal note."""
    return [
        (visit.voice.day(event.on), visit.voice.officer(event.actor), event.text("text"))
        for event in events
        if event.kind is EventKind.NOTED
    ]


def _searches(visit: Visit, events: Sequence[Event]) -> list[tuple[str, str, str, str]]:
    """Day, officer, where was searched, what came of it (art. 36(4))."""
    return [
        (
            visit.voice.day(event.on),
            visit.voice.officer(event.actor),
            event.text("places"),
            event.text("result"),
        )
        for event in events
        if event.kind is EventKind.SEARCHED
    ]


def _number_of(request: Request) -> str:
    """The case that the address names, "" on the page of what is about none."""
    return str(request.path_params.get("number", "")).upper()


def _case_of(draft: Mapping[str, str]) -> str:
    """The case that a form is about, "" for a form about none (a year's figures, for instance)."""
    number = draft.get("number", "")
    return number if commands.is_number(number) else ""


def _tools(visit: Visit) -> list[tuple[str, str]]:
    """Name and word of each command that only the office has."""
    return [
        (command.name, command.words[0])
        for command in commands.COMMANDS
        if command.who is not Who.EVERYBODY and command.name != "queue" and commands.may_run(visit, command)
    ]


def _waits(lines: Sequence[transcript.Line]) -> int:
    """The last line, where nothing has been answered to it yet: what takes long comes by itself."""
    shown = [line for line in lines if line.shown is not None]
    slow = bool(shown) and shown[-1].shown is not None and shown[-1].shown.event in _BEGUN
    return shown[-1].id if slow else 0


def _last_line(connection: Connection, chat: str) -> int:
    lines = transcript.lines(connection, chat, most=1)
    return lines[-1].id if lines else 0
