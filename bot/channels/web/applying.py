"""The request as one form: the same checks and words as the conversation, for it is filled in through it.

    fields of the page ─▶ answers of the dialogue's form, one by one ─▶ its read-back, to be confirmed
                              └─ a remark ─▶ beside its field; 就按我写的 insists, as in the chat

What was given stays in the dialogue's draft after each sending: it can be taken up on this page and in the
conversation.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.desk.legible import legible
from bot.desk.model import ApplicantKind, DeliveryForm
from bot.dialogue import chats
from bot.dialogue.memory import Memory
from bot.dialogue.payload import Act, data_of
from bot.dialogue.resident.filing import form
from bot.messages import Address, Incoming, Language

from . import transcript, visitors
from .conversing import Conversing
from .pages import Pages, Preferences

if TYPE_CHECKING:
    from bot.program import Program

CHOICES = (form.FOR_OTHER, "kind", "capacity", "form", "way")
_ORDER = (form.FOR_OTHER, *(step.name for step in form.STEPS if step.name != "others"))
# Shown from the first; the others when an answer makes them necessary.
_FIRST = (form.FOR_OTHER, "kind", "name", "id_number", "contact", "wanted", "form", "way")
_MOST_FIELDS = 24
_LONGEST = 4000
_PREFIX = form.PREFIXES[form.REQUEST]


class _Turns:
    """One at a time for each chat: each answer goes to the question that it was meant for."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: dict[str, tuple[threading.Lock, int]] = {}  # its lock, and how many hold or want it

    @contextmanager
    def of(self, chat: str) -> Iterator[None]:
        with self._lock:
            lock, count = self._waiting.get(chat, (threading.Lock(), 0))
            self._waiting[chat] = (lock, count + 1)
        try:
            with lock:
                yield
        finally:
            with self._lock:
                lock, count = self._waiting.pop(chat)
                if count > 1:
                    self._waiting[chat] = (lock, count - 1)


class Applying:
    def __init__(self, program: Program, pages: Pages, conversing: Conversing) -> None:
        self._filling = _Turns()
        self._program = program
        self._pages = pages
        self._conversing = conversing

    async def page(self, request: Request) -> Response:
        return await run_in_threadpool(self._page, request)

    def _page(
        self,
        request: Request,
        given: Mapping[str, str] | None = None,
        errors: Mapping[str, str] | None = None,
    ) -> Response:
        with self._program.ledger.reading() as connection:
            chat = self._conversing.chat_of(connection, request)
        known = _given_before(self._memory(chat)) if chat else {}
        # What the answers led to, though nobody typed it: a child's number asks for a guardian.
        given = known if given is None else {"child": known.get("child", ""), **given}
        response = self._pages.page(
            request,
            "apply.html",
            422 if errors else 200,
            fields=[name for name in _ORDER if self._is_shown(name, given)],
            given={name: given.get(name, "") for name in _ORDER},
            insisted=given.get("insist", "").split(),
            errors=errors or {},
            choices=self._choices(Preferences.of(request).language),
            form=self._conversing.form_values(request),
        )
        return self._conversing.with_cookie(request, response)

    def _is_shown(self, name: str, given: Mapping[str, str]) -> bool:
        """Identity only where the office asks for it here; what depends on an answer once that is given."""
        asks_identity = visitors.CHANNEL in self._program.settings.identity_on_chat
        draft = {**given, **({} if asks_identity else {"identity": "later"})}
        if name in form.IDENTITY and not asks_identity:
            return False
        step = form.step_named(name)
        return name in _FIRST or (step is not None and step.applies(draft))

    def _choices(self, language: Language) -> dict[str, list[tuple[str, str]]]:
        """(value, label) of every choice, in the words of the conversation."""
        say = self._program.words.say
        ways = [way for form_ways in form.WAYS.values() for way in form_ways]
        return {
            "kind": [(kind.value, say(f"kind_{kind.name.lower()}", language)) for kind in ApplicantKind],
            form.FOR_OTHER: [
                ("no", say("button_for_self", language)),
                ("yes", say("button_for_other", language)),
            ],
            "capacity": [(each, say(f"capacity_{each}", language)) for each in form.CAPACITIES],
            "form": [(each.value, say(f"form_{each.value}", language)) for each in DeliveryForm],
            "way": [(way, say(f"way_{way}", language)) for way in ways],
        }

    async def send(self, request: Request) -> Response:
        fields = await self._conversing.form_of(request, _MOST_FIELDS)
        return await run_in_threadpool(self._send, request, fields)

    def _send(self, request: Request, fields: FormData) -> Response:
        given = {name: legible(str(fields.get(name, ""))).strip()[:_LONGEST] for name in (*_ORDER, "insist")}
        for name, choices in self._choices(Preferences.of(request).language).items():
            if given[name] not in {value for value, _ in choices}:
                given[name] = ""  # no page of ours offers it: told as missing
        chat = self._conversing.chat_begun(request)
        if chat is None:
            raise HTTPException(403)
        with self._filling.of(str(chat)):
            before = self._last_line(chat)
            errors = self._fill(request, chat, given)
            step = _step(self._memory(chat))
            self._tidy(chat, before)
        is_complete = step == form.READ_BACK and not errors
        if request.headers.get("x-part") == "saved":  # while it is filled in: remarks wait for the sending
            return self._conversing.with_cookie(request, Response(status_code=200 if errors else 204))
        if is_complete or (not errors and step not in _ORDER):
            return self._conversing.with_cookie(
                request, RedirectResponse(self._pages.url("/ask") + "#end", 303)
            )
        if step in _ORDER and step not in errors:
            errors = {**errors, step: self._pages.say(request, "apply_missing")}
        return self._page(request, given, errors)

    def _fill(self, request: Request, chat: Address, given: Mapping[str, str]) -> dict[str, str]:
        """Give the dialogue each answer that it does not have yet; what it remarks on, by field."""
        errors = {}
        if not _step(self._memory(chat)):
            self._press(request, Act.FILE_REQUEST, 0)
        for name in _ORDER:
            memory = self._memory(chat)
            value = given[name]
            if not value or _given_before(memory).get(name, "") == value or not _applies(memory, name):
                continue
            if name in CHOICES:
                self._press(request, Act.FORM_CHOOSE, name, value, memory.draft["draft"])
            elif remark := self._type(request, chat, name, value, insists=name in given["insist"].split()):
                errors[name] = remark
        return errors

    def _type(self, request: Request, chat: Address, name: str, value: str, *, insists: bool) -> str:
        """Answer one question; what is remarked on it, "" when it is taken."""
        draft_id = self._memory(chat).draft["draft"]
        if _step(self._memory(chat)) != name:
            self._press(request, Act.FORM_EDIT, name, draft_id)
        self._conversing.act(request, text=value)
        if _step(self._memory(chat)) != name:
            return ""
        if insists:
            self._press(request, Act.FORM_KEEP, draft_id)
            if _step(self._memory(chat)) != name:
                return ""
        return self._remark(chat)

    def _remark(self, chat: Address) -> str:
        """What the last message says before it asks again."""
        with self._program.ledger.reading() as connection:
            lines = transcript.lines(connection, str(chat), most=1)
        shown = lines[-1].shown if lines else None
        parts = [part.text for part in shown.parts if part.text.strip()] if shown else []
        return parts[1] if len(parts) > 1 else ""

    def _press(self, request: Request, act: Act, *arguments: object) -> None:
        self._conversing.act(request, button=data_of(act, *arguments))

    def _memory(self, chat: Address) -> Memory:
        asking = Incoming(chat, chat, self._conversing.now())
        with self._program.ledger.reading() as connection:
            return chats.load(connection, asking, self._program.register.vault)

    def _last_line(self, chat: Address) -> int:
        with self._program.ledger.reading() as connection:
            lines = transcript.lines(connection, str(chat), most=1)
        return lines[-1].id if lines else 0

    def _tidy(self, chat: Address, before: int) -> None:
        """They answered for the form: of what was said only the last question stays on the page."""
        with self._program.ledger.transaction() as connection:
            transcript.keep_last(connection, str(chat), before)


def _step(memory: Memory) -> str:
    """The question that is open in the form of a request, "" when none is."""
    prefix, _, name = memory.step.partition(".")
    return name if prefix == _PREFIX else ""


def _applies(memory: Memory, name: str) -> bool:
    if name == form.FOR_OTHER:
        return bool(_step(memory)) and not form.is_of_a_child(memory.draft)
    step = form.step_named(name)
    return step is not None and bool(_step(memory)) and step.applies(memory.draft)


def _given_before(memory: Memory) -> dict[str, str]:
    """What the draft holds, by field of the page."""
    if not _step(memory):
        return {}
    given = {name: memory.draft.get(name, "") for name in _ORDER}
    given[form.FOR_OTHER] = given[form.FOR_OTHER] or "no"
    child = {"child": memory.draft["child"]} if memory.draft.get("child") else {}
    return {**given, **child, "contact": form.contact_line(memory.draft)}
