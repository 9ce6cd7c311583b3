"""Who speaks, in the middle of what: one message in, a `Turn` out, everything in the caller's transaction.

    message ─┬─ button ────────────────▶ its act (pressing.py)     unknown or not theirs ─▶ a kind sentence
             ├─ attachment ────────────▶ attachments.py: its caption, or a sentence about what works
             ├─ overheard in a topic ──▶ staff/noting.py: a remark, unless a form there waits for it
             └─ text ─┬─ number or label of the last list ─▶ as if that button had been pressed
                      ├─ command or its Chinese word ──────▶ commands.py
                      ├─ staff reply to a card ────────────▶ staff/noting.py: the draft of an answer
                      ├─ a resident asks for an action ────▶ acting.py, by meaning
                      ├─ a step waits ─┬─ since long ago ──▶ 继续填 / 不填了
                      │                └─ else ────────────▶ the step takes it
                      ├─ staff are talking with him ───────▶ talking.py: passed on, not answered
                      ├─ a clerk's word for an action ─────▶ staff/spoken.py; a number, also inside a form
                      ├─ a register number ────────────────▶ my_requests
                      └─ anything else is a question ──────▶ asking

Doing something else in the middle of a form pauses it; each message then carries 继续填 and 不填了.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from bot.desk.acts.roles import granted
from bot.desk.errors import DeskError
from bot.desk.legible import legible
from bot.desk.numbering import with_plain_numbers
from bot.desk.register import Register
from bot.dialogue import chats, doing, talking
from bot.dialogue.doing import Ending, Reading
from bot.dialogue.errands import Errand, ErrandKind
from bot.dialogue.language import language_of_message
from bot.dialogue.memory import Memory
from bot.dialogue.payload import Act
from bot.dialogue.picking import picked_by_meaning
from bot.dialogue.refusals import refusal
from bot.dialogue.resident import my_requests, responding, unready
from bot.dialogue.resident.filing.request import start
from bot.dialogue.resident.filing.wish import perhaps_wanted_in, wanted_in
from bot.dialogue.resident.handing_over import link_to_command, to_private
from bot.dialogue.resident.offering import Offer, offers
from bot.dialogue.roles.codes import redeem
from bot.dialogue.roles.grants import register_for, with_grants
from bot.dialogue.routing import acting, attachments, commands, doubtful, parked, quoting
from bot.dialogue.routing.finishing import finish, in_shape
from bot.dialogue.routing.pressing import press, resume, step_of, ways_out
from bot.dialogue.staff import noting, spoken
from bot.dialogue.staff.actions import LIKELY, SURE, staff_phrasings
from bot.dialogue.staff.noting import title_of
from bot.dialogue.step import Step
from bot.dialogue.understanding.actions import Understanding
from bot.dialogue.understanding.intents import Intent, IntentKind, intent_of
from bot.dialogue.understanding.rulebook import CONCERNS, GRAVE, Rulebook
from bot.dialogue.visit import Services, Visit, turn
from bot.dialogue.voice import Voice
from bot.dialogue.words import Words
from bot.mailbox import moves
from bot.messages import Address, ChatKind, Heard, Incoming, Language, Outgoing, Turn
from bot.settings import Settings
from knowledge.base import Base
from knowledge.entry import Answer
from knowledge.errors import KnowledgeError

logger = logging.getLogger(__name__)

LONG_AGO = timedelta(hours=6)  # after this, somebody who returns is asked whether he wants to go on


class Conversation:
    """The dialogue: the same for every channel, and no state outside the ledger."""

    def __init__(self, base: Base, register: Register, settings: Settings, words: Words) -> None:
        rulebook = Rulebook(settings.knowledge)
        self._rooted = Services(
            base=base,
            register=register,
            settings=settings,
            rooted=settings,
            words=words,
            rulebook=rulebook,
            understanding=Understanding(
                lambda: rulebook.actions,
                lambda: base.embedder,
                settings.home / "phrasings.npz",
                grave=GRAVE,
            ),
            of_staff=Understanding(
                staff_phrasings,
                lambda: base.embedder,
                settings.home / "phrasings_of_staff.npz",
                SURE,
                LIKELY,
            ),
            voice_of=lambda connection, address: replace(
                chats.voice_of(words, connection, address),
                is_provisional=self._is_provisional,
                names=self.services(connection).settings.names,
            ),
        )

    def _is_provisional(self, day: date) -> bool:
        """By the calendar in use: a new one may come while the program runs."""
        return self._rooted.register.calendar.is_provisional(day)

    def handle(self, connection: Connection, incoming: Incoming, now: datetime) -> Turn:
        """Answer one message.  An exception leaves no effect once the caller has rolled back."""
        # Numbers first: the hyphen that Word gives may be a control character.
        text = legible(with_plain_numbers(incoming.text))
        incoming = replace(
            incoming,
            text=text,
            button=legible(incoming.button),
            quote=legible(incoming.quote),
            filled=tuple((name, legible(with_plain_numbers(value))) for name, value in incoming.filled),
        )
        vault = self._rooted.register.vault
        memory = chats.load(connection, incoming, vault)
        visit = self._visit(connection, incoming, memory, now)
        try:
            with connection.begin_nested():
                done = finish(visit, _handle(visit))
        except KnowledgeError:
            if not self._rooted.base.is_damaged:
                raise
            memory = chats.load(connection, incoming, vault)
            visit = self._visit(connection, incoming, memory, now)
            done = finish(visit, unready.say(visit))
        chats.save(connection, incoming, memory, now, vault)
        logger.info("turn event=%s outcome=%s", _first_event(done), done.outcome.value)
        return done

    def wants_file(self, connection: Connection, incoming: Incoming, now: datetime) -> bool:
        """Whether the file of this message will be looked at: only then a channel fetches it."""
        memory = chats.load(connection, incoming, self._rooted.register.vault)
        return attachments.wants(self._visit(connection, incoming, memory, now))

    def warm_up(self) -> None:
        """Read for their meaning what people say to have something done, so that nobody waits for it."""
        self._rooted.understanding.warm_up()
        self._rooted.of_staff.warm_up()

    def offers(self, text: str, tag: str = "") -> Sequence[Offer]:
        """Entries for somebody who types the bot's name in another chat."""
        return offers(self._rooted.base, self._rooted.words, legible(text), tag)

    def register_now(self, connection: Connection) -> Register:
        """The register with the staff and leaders of this moment."""
        return self.services(connection).register

    def looking(self, connection: Connection, who: Address, language: Language, now: datetime) -> Visit:
        """The visit of somebody who looks at a page: what it changes of the memory is not kept."""
        incoming = Incoming(who, who, now, language=language.value)
        memory = chats.load(connection, incoming, self._rooted.register.vault)
        return self._visit(connection, incoming, memory, now)

    def topic_title(self, connection: Connection, number: str) -> str:
        """How a group's topic about this request or inquiry is called, "" when the number is nobody's."""
        return title_of(self._rooted.register.session(connection), number)

    def services(self, connection: Connection) -> Services:
        """What every turn works with, as of now: the roles that the settings and the ledger give, and the
        staff chat where it is (the settings may still name a group that has moved).
        """
        services = self._rooted
        if grants := granted(connection):
            settings = with_grants(services.rooted, grants)
            services = replace(
                services, settings=settings, register=register_for(services.register, settings)
            )
        named = services.settings.staff_chat
        present = moves.present(connection, named) if named else ""
        if present == named:
            return services
        return replace(services, settings=services.settings.model_copy(update={"staff_chat": present}))

    def do(self, errand: Errand, reading: Reading, now: datetime) -> Ending:
        """The slow work that a turn has left; unlike all else here, outside of any transaction."""
        if errand.kind is ErrandKind.ANSWER:
            return self._answered(errand, now)
        with reading() as connection:
            services = self.services(connection)
        return in_shape(doing.do(services, errand, reading, now))

    def _answered(self, errand: Errand, now: datetime) -> Ending:
        """What a chat asked while the index could not be read.  Raises KnowledgeError while it cannot."""
        self._rooted.base.categories()
        incoming = Incoming(Address.parse(errand.address), Address.parse(errand.person), now)
        vault = self._rooted.register.vault

        def ending(connection: Connection, now: datetime) -> Sequence[Outgoing]:
            memory = chats.load(connection, incoming, vault)
            visit = self._visit(connection, incoming, memory, now)
            done = finish(visit, unready.answer(visit))
            chats.save(connection, incoming, memory, now, vault)
            return done.outgoing

        return ending

    def give_up(self, errand: Errand) -> Ending:
        """What is said of an errand that failed again and again."""
        return in_shape(lambda connection, now: doing.given_up(self.services(connection), connection, errand))

    def _visit(self, connection: Connection, incoming: Incoming, memory: Memory, now: datetime) -> Visit:
        language = language_of_message(incoming, memory)
        memory.language = language.value
        services = self.services(connection)
        big = memory.large and incoming.chat_kind is ChatKind.PRIVATE
        voice = Voice(
            services.words,
            incoming.address,
            language,
            memory.language_chosen,
            big,
            is_provisional=self._is_provisional,
            names=services.settings.names,
        )
        return Visit(services, connection, incoming, now, memory, voice)


def _handle(visit: Visit) -> Turn:
    incoming = visit.incoming
    try:
        if incoming.button:
            visit.memory.gathered = []  # the answer was read
            return press(visit, incoming.button)
        if incoming.file is not None and (taken := attachments.take(visit, _typed)) is not None:
            return taken
        if incoming.heard is Heard.OVERHEARD:
            return _overheard(visit, incoming.text)
        if incoming.attachment is None and incoming.text.strip():
            return _typed(visit, incoming.text)
        refused = attachments.refuse(visit)
        return attachments.with_remark(visit, _typed(visit, incoming.text)) if refused is None else refused
    except DeskError as error:
        # The handlers expect the refusals they know of; one that they do not is still an answer, not a crash.
        return turn(refusal(visit.voice, error))


# Where somebody is in need, cheated, or names who took money, whom to turn to is said before the form.
_BEFORE_FILING = (IntentKind.EMERGENCY, IntentKind.SCAM, IntentKind.REDIRECT)


# ---- texts -----------------------------------------------------------------------------------------------
def _typed(visit: Visit, text: str) -> Turn:
    memory = visit.memory
    if (redeemed := redeem(visit, text)) is not None:
        return redeemed
    step = step_of(visit) if memory.step and not memory.paused else None
    if visit.incoming.edited and step is not None:
        return turn(visit.voice.message("edited_in_form"))
    if visit.incoming.edited and (filed := _edited_after_filing(visit)) is not None:
        return filed
    picked = _picked(visit, text)
    if picked:
        return press(visit, picked)
    if step is not None and (spoken_here := _spoken_in_form(visit, step, text)) is not None:
        return spoken_here
    if (none_such := _no_such_choice(visit, step, text)) is not None:
        return none_such
    if step is not None and visit.is_staff and step.for_staff and spoken.is_quoted(visit, text):
        return _waiting(visit) if _is_long_ago(visit) else _answered(visit, step, text)
    if commands.is_resume(visit, text) and visit.is_private:
        return resume(visit)
    command = commands.command_in(visit, text)
    if command is not None:
        return _command(visit, *command)
    if (reserved := commands.reserved_in(visit, text)) is not None:
        return turn(
            visit.voice.message("command_of_others", role=visit.voice.word(f"role_{reserved.who.value}"))
        )
    if visit.incoming.heard is Heard.BARE_COMMAND and not visit.in_staff_chat:
        return turn()  # for another bot of this group, as far as anybody can tell
    if visit.subject and visit.incoming.reply_to and not noting.is_awaited(visit, step):
        return noting.draft(visit, visit.subject, text, visit.incoming.message_id)
    if (acted := _acted(visit, text)) is not None:
        return acted
    if step is not None:
        return _waiting(visit) if _is_long_ago(visit) else _answered(visit, step, text)
    if commands.is_slash(text):
        return turn(visit.voice.message("unknown_command", buttons=ways_out(visit)))
    if visit.is_staff and (done := spoken.respond(visit, text)) is not None:
        return done
    if commands.is_number(text):
        return my_requests.show(visit, text.strip().upper())
    if (talk := talking.present(visit)) is not None:
        return talking.relay(visit, talk, text)
    return doubtful.offered(visit, text, quoting.respond(visit, text))


def _answered(visit: Visit, step: Step, text: str) -> Turn:
    """The step takes it; where it takes only a button, perhaps the one that is meant."""
    meant = "" if visit.is_staff or visit.incoming.edited else picked_by_meaning(visit, text)
    return press(visit, meant) if meant else step.answer(visit, text)


def _edited_after_filing(visit: Visit) -> Turn | None:
    """What was filed stays as it was; None when a question was edited, which is answered anew."""
    memory = visit.memory
    if not memory.submitted or visit.incoming.message_id in memory.asked or not visit.is_private:
        return None
    number = list(memory.submitted.values())[-1]
    rows = [[visit.voice.button("button_see_request", Act.MY_REQUEST, number)]]
    return turn(visit.voice.message("edited_after_filing", number=number, buttons=rows))


def _acted(visit: Visit, text: str) -> Turn | None:
    """What a resident asks to be done, outside of a talk with staff, who are to hear all that is said."""
    if not visit.is_private or visit.is_staff or talking.present(visit) is not None:
        return None
    found = intent_of(text, visit.services.rulebook.rules)
    if found is not None and found.kind is IntentKind.DESPAIR:
        visit.memory.paused = bool(visit.memory.step)
        return responding.respond(visit, text)
    belongs = parked.respond(visit, text)
    if belongs is None and (wanted := _wanted(visit, text, found)):
        return start(visit, wanted) if not parked.holds_wanted(visit) else parked.ask(visit)
    return acting.respond(visit, text) if belongs is None else belongs


def _wanted(visit: Visit, text: str, found: Intent | None) -> str:
    """What a resident says to apply for, outside of a form; "" where another thing comes before the form."""
    if visit.memory.step and not visit.memory.paused:
        return ""
    meant = visit.services.understanding.action(text)
    if (found is not None and found.kind in _BEFORE_FILING) or (meant and meant.action in CONCERNS):
        return ""
    if wanted := wanted_in(text):
        return wanted
    wanted = "" if found is not None else perhaps_wanted_in(text)
    return "" if not wanted or isinstance(visit.ask(wanted), Answer) else wanted


def _picked(visit: Visit, text: str) -> str:
    """The button that a typed number or label picks from the last list, "" for none.

    In the topic of one request nothing is picked from a list about another, and a number said to staff who
    are talking with a resident is an answer to them.
    """
    memory = visit.memory
    if text.strip().isdigit() and talking.present(visit) is not None:
        return ""
    if spoken.is_no_choice(visit, text):
        return ""
    if visit.subject and memory.buttons_about not in ("", visit.subject):
        return ""
    return commands.button_in(visit, text)


def _spoken_in_form(visit: Visit, step: Step, text: str) -> Turn | None:
    """A number or the name of an action, typed by a clerk in the middle of a form of the office."""
    if not (visit.is_staff and step.for_staff) or spoken.is_answer(visit, text):
        return None
    return spoken.respond_in_form(visit, text)


def _no_such_choice(visit: Visit, step: Step | None, text: str) -> Turn | None:
    """A number means a button, always; one that no button has is neither an answer nor a question."""
    number = commands.choice_in(text)
    if number is None or talking.present(visit) is not None:
        return None
    if not visit.memory.buttons:
        is_said = step is not None or intent_of(text, visit.services.rulebook.rules) is not None
        said = visit.voice.message("number_without_list", buttons=ways_out(visit))
        return None if is_said or not visit.is_private else turn(said)
    most = len(visit.memory.buttons)
    said = visit.voice.message("no_such_choice", number=number, most=most)
    if step is None:
        return turn(said)
    first, *rest = step.again(visit).outgoing
    return turn(replace(first, parts=(*said.parts, *first.parts)), *rest)


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
