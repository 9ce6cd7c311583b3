"""Who speaks, in the middle of what: one message in, a `Turn` out, everything in the caller's transaction.

    message ─┬─ button ────────────────▶ its act (pressing.py)     unknown or not theirs ─▶ a kind sentence
             ├─ attachment ────────────▶ attachments.py: its caption, or a sentence about what works
             ├─ overheard in a topic ──▶ staff/noting.py: a remark, unless a form there waits for it
             └─ text ─┬─ number or label of the last list ─▶ as if that button had been pressed
                      ├─ command or its Chinese word ──────▶ commands.py
                      ├─ staff reply to a card ────────────▶ staff/noting.py: the draft of an answer
                      ├─ a step waits ─┬─ since long ago ──▶ 继续填 / 不填了
                      │                └─ else ────────────▶ the step takes it
                      ├─ staff are talking with him ───────▶ talking.py: passed on, not answered
                      ├─ a register number ────────────────▶ my_requests
                      └─ anything else is a question ──────▶ asking

Doing something else in the middle of a form pauses it; each message then carries 继续填 and 不填了.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.desk.acts.roles import granted
from bot.desk.errors import DeskError
from bot.desk.notices import CalendarFile
from bot.desk.register import Register
from bot.dialogue import asking, attachments, chats, commands, doing, gathering, my_requests, talking
from bot.dialogue.doing import Ending, Reading
from bot.dialogue.errands import Errand
from bot.dialogue.finishing import finish, in_shape, whole
from bot.dialogue.handing_over import link_to_command, to_private
from bot.dialogue.language import language_of_message
from bot.dialogue.memory import Memory
from bot.dialogue.messages import ChatKind, Heard, Incoming, Outgoing, Turn
from bot.dialogue.offering import Offer, offers
from bot.dialogue.pressing import NUMBERS_ARE_TEXT, press, step_of, ways_out
from bot.dialogue.refusals import refusal
from bot.dialogue.roles.codes import redeem
from bot.dialogue.roles.grants import register_for, with_grants
from bot.dialogue.roles.orphans import due_orphans
from bot.dialogue.rounds.recounting import due_moves, follow_file
from bot.dialogue.rounds.reminding import due_reminders
from bot.dialogue.rounds.retention import Retention, erase_when_due
from bot.dialogue.rounds.watching import watch
from bot.dialogue.rulebook import Rulebook
from bot.dialogue.staff import noting, queue
from bot.dialogue.staff.noting import title_of
from bot.dialogue.staff.proposing import due_proposals
from bot.dialogue.subscriptions.digest import due_news
from bot.dialogue.visit import Services, Visit, turn
from bot.dialogue.voice import Voice
from bot.dialogue.words import Words
from bot.settings import Settings
from knowledge.base import Base

logger = logging.getLogger(__name__)

LONG_AGO = timedelta(hours=6)  # after this, somebody who returns is asked whether he wants to go on


class Conversation:
    """The dialogue: the same for every channel, and no state outside the ledger."""

    def __init__(self, base: Base, register: Register, settings: Settings, words: Words) -> None:
        self._rooted = Services(
            base=base,
            register=register,
            settings=settings,
            rooted=settings,
            words=words,
            rulebook=Rulebook(settings.knowledge),
            voice_of=lambda connection, address: chats.voice_of(words, connection, address),
        )
        self._calendar_file = CalendarFile(settings.calendar) if settings.calendar else None
        self.retention = Retention(register, settings)

    def handle(self, connection: Connection, incoming: Incoming, now: datetime) -> Turn:
        """Answer one message.  An exception leaves no effect once the caller has rolled back."""
        incoming = replace(incoming, text=_readable(incoming.text), button=_readable(incoming.button))
        vault = self._rooted.register.vault
        memory = chats.load(connection, incoming, vault)
        visit = self._visit(connection, incoming, memory, now)
        done = finish(visit, _handle(visit))
        chats.save(connection, incoming, memory, now, vault)
        logger.info("turn event=%s outcome=%s", _first_event(done), done.outcome.value)
        return done

    def offers(self, text: str, tag: str = "") -> Sequence[Offer]:
        """Entries for somebody who types the bot's name in another chat."""
        return offers(self._rooted.base, self._rooted.words, text, tag)

    def due_reminders(self, connection: Connection, now: datetime) -> Sequence[Outgoing]:
        """What staff and subscribers are told without having asked; each is given once.

        Data that have outlived their term are erased on the way, on record.
        """
        self._erase_expired(connection, now)
        watch(self._rooted.settings, connection, now)
        calendar = self._follow_calendar(connection)
        services = self._services(connection)
        messages = [
            *calendar,
            *due_moves(services, connection, now),
            *due_reminders(services, connection, now),
            *due_proposals(services, connection, now),
            *due_orphans(services, connection, now),
            *talking.due_ends(services, connection, now),
            *_news(services, connection, now),
        ]
        return [piece for message in messages for piece in whole(message)]

    def _follow_calendar(self, connection: Connection) -> Sequence[Outgoing]:
        if self._calendar_file is None:
            return ()
        register, services = self._rooted.register, self._services(connection)
        return follow_file(self._calendar_file, register, services, connection)

    def _erase_expired(self, connection: Connection, now: datetime) -> None:
        """A mistake here must not keep back a reminder that the law needs; the next round tries again."""
        try:
            with connection.begin_nested():
                erase_when_due(self.retention, connection, now)
        except Exception as error:
            logger.error("retention_failed error=%s", type(error).__name__)

    def register_now(self, connection: Connection) -> Register:
        """The register with the staff and leaders of this moment."""
        return self._services(connection).register

    def topic_title(self, connection: Connection, number: str) -> str:
        """How a group's topic about this request or inquiry is called, "" when the number is nobody's."""
        return title_of(self._rooted.register, connection, number)

    def _services(self, connection: Connection) -> Services:
        """With the roles that count now, of the settings and of the ledger, and the staff chat where it is by
        now: the settings may still name a group that has moved.
        """
        services = self._rooted
        if grants := granted(connection):
            settings = with_grants(services.rooted, grants)
            services = replace(
                services, settings=settings, register=register_for(services.register, settings)
            )
        named = services.settings.staff_chat
        present = chats.present_address(connection, named) if named else ""
        if present == named:
            return services
        return replace(services, settings=services.settings.model_copy(update={"staff_chat": present}))

    def do(self, errand: Errand, reading: Reading, now: datetime) -> Ending:
        """The slow work that a turn has left; unlike all else here, outside of any transaction."""
        with reading() as connection:
            services = self._services(connection)
        return in_shape(doing.do(services, errand, reading, now))

    def give_up(self, errand: Errand) -> Ending:
        """What is said of an errand that failed again and again."""
        return in_shape(
            lambda connection, now: doing.given_up(self._services(connection), connection, errand)
        )

    def _visit(self, connection: Connection, incoming: Incoming, memory: Memory, now: datetime) -> Visit:
        language = language_of_message(incoming, memory)
        memory.language = language.value
        services = self._services(connection)
        big = memory.large and incoming.chat_kind is ChatKind.PRIVATE
        voice = Voice(services.words, incoming.address, language, memory.language_chosen, big)
        return Visit(services, connection, incoming, now, memory, voice)


def _readable(text: str) -> str:
    """Half a surrogate pair, which JSON can carry, is no text: neither the ledger nor OpenCC takes it."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _news(services: Services, connection: Connection, now: datetime) -> list[Outgoing]:
    """For subscribers.  An index that cannot be read must not keep back what the law needs to be told."""
    try:
        with connection.begin_nested():
            return due_news(services, connection, now)
    except Exception as error:
        logger.error("news_failed error=%s", type(error).__name__)
        return []


def _handle(visit: Visit) -> Turn:
    incoming = visit.incoming
    try:
        if incoming.button:
            visit.memory.gathered = []  # the answer was read
            return press(visit, incoming.button)
        if incoming.heard is Heard.OVERHEARD:
            return _overheard(visit, incoming.text)
        if incoming.attachment is None and incoming.text.strip():
            return _typed(visit, incoming.text)
        refused = attachments.refuse(visit)
        return attachments.with_remark(visit, _typed(visit, incoming.text)) if refused is None else refused
    except DeskError as error:
        # The handlers expect the refusals they know of; one that they do not is still an answer, not a crash.
        return turn(refusal(visit.voice, error))


# ---- texts -----------------------------------------------------------------------------------------------
def _typed(visit: Visit, text: str) -> Turn:
    memory = visit.memory
    if (redeemed := redeem(visit, text)) is not None:
        return redeemed
    step = step_of(visit) if memory.step and not memory.paused else None
    if visit.incoming.edited and step is not None:
        return turn(visit.voice.message("edited_in_form"))
    picked = _picked(visit, text)
    if picked:
        return press(visit, picked)
    command = commands.command_in(visit, text)
    if command is not None:
        return _command(visit, *command)
    if visit.incoming.heard is Heard.BARE_COMMAND and not visit.in_staff_chat:
        return turn()  # for another bot of this group, as far as anybody can tell
    if visit.subject and visit.incoming.reply_to and not noting.is_awaited(visit, step):
        return noting.draft(visit, visit.subject, text, visit.incoming.message_id)
    if step is not None:
        return _waiting(visit) if _is_long_ago(visit) else step.answer(visit, text)
    if commands.is_slash(text):
        return turn(visit.voice.message("unknown_command", buttons=ways_out(visit)))
    if commands.is_number(text):
        number = text.strip().upper()
        return queue.show_number(visit, number) if visit.is_staff else my_requests.show(visit, number)
    if (talk := talking.present(visit)) is not None:
        return talking.relay(visit, talk, text)
    return gathering.respond(visit, text[: asking.LONGEST_ASKED])


def _picked(visit: Visit, text: str) -> str:
    """The button that a typed number or label picks from the last list, "" for none.

    In the topic of one request nothing is picked from a list about another, and a number said to staff who
    are talking with a resident is an answer to them.
    """
    memory = visit.memory
    if text.strip().isdigit() and talking.present(visit) is not None:
        return ""
    if memory.step in NUMBERS_ARE_TEXT and text.strip().isdigit():
        return ""
    if visit.subject and memory.buttons_about not in ("", visit.subject):
        return ""
    return commands.button_in(visit, text)


def _overheard(visit: Visit, text: str) -> Turn:
    """Talk in the topic of a request: it goes on with a form of this person there, or is a remark."""
    step = step_of(visit) if visit.memory.step and not visit.memory.paused else None
    if visit.incoming.edited or not visit.subject or not text.strip():
        return turn()
    if step is None or not noting.is_awaited(visit, step):
        return noting.remark(visit, text)
    return _typed(visit, text) if step.reads_back else turn(visit.voice.message("reply_to_me"))


def _command(visit: Visit, command: commands.Command, rest: str) -> Turn:
    if command.personal and not visit.is_private:
        return to_private(visit, link_to_command(command.name))
    visit.memory.paused = bool(visit.memory.step)
    return command.run(visit, rest)


def _is_long_ago(visit: Visit) -> bool:
    return visit.memory.at is not None and visit.now - visit.memory.at > LONG_AGO


def _waiting(visit: Visit) -> Turn:
    """Somebody returns with a half-filled form: told first, before his words are taken for an answer."""
    visit.memory.paused = True
    return turn(visit.voice.message("form_waits"))


def _first_event(done: Turn) -> str:
    return done.outgoing[0].event if done.outgoing else "none"
