"""A `Visit` is one message of one person, with everything a handler needs to answer it.

Handlers take a Visit and give back a `Turn`; they write only through `visit.connection` and `visit.memory`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from sqlalchemy import Connection

from bot.desk.register import Register
from bot.desk.session import Session
from bot.dialogue.memory import Memory
from bot.dialogue.payload import Payload
from bot.dialogue.understanding.actions import Understanding
from bot.dialogue.understanding.rulebook import Rulebook
from bot.dialogue.voice import Voice
from bot.dialogue.words import Words
from bot.messages import Address, ChatKind, Incoming, OutcomeKind, Outgoing, Quoted, Turn
from bot.settings import Settings
from knowledge.base import Base
from knowledge.entry import Decision


@dataclass(frozen=True)
class Services:
    """What is the same for every visit."""

    base: Base
    register: Register
    settings: Settings  # with the roles in force
    rooted: Settings  # as the operator wrote them
    words: Words
    rulebook: Rulebook  # what is small talk, a complaint, ... and no question
    understanding: Understanding  # what asks for something to be done, by meaning
    of_staff: Understanding  # the same of what staff do with a request
    voice_of: Callable[[Connection, Address], Voice]  # speaks to another chat in that chat's language


@dataclass
class Visit:
    """One message being answered."""

    services: Services
    connection: Connection
    incoming: Incoming
    now: datetime
    memory: Memory
    voice: Voice

    @property
    def base(self) -> Base:
        return self.services.base

    def ask(self, text: str, previous: str = "") -> Decision:
        """What the knowledge says, asked today, of the agency that was chosen in this chat."""
        return self.base.ask(text, previous, today=self.today, agency=self.memory.agency)

    @property
    def register(self) -> Register:
        return self.services.register

    @cached_property
    def desk(self) -> Session:
        """Formal requests, looked at and acted on by this person, now."""
        return self.register.session(self.connection, self.now, self.person)

    @property
    def settings(self) -> Settings:
        return self.services.settings

    @property
    def person(self) -> str:
        return str(self.incoming.person)

    @property
    def today(self) -> date:
        return self.now.astimezone(self.settings.zone).date()

    @property
    def pressed_message(self) -> str:
        """The message whose button was pressed, which paging may edit; "" when something was typed."""
        return self.incoming.message_id if self.incoming.button else ""

    @property
    def subject(self) -> str:
        """The number of the request that a member of staff speaks about here: by replying to a message about
        it, or in its topic.  Residents have none, wherever they write.
        """
        return self.incoming.subject if self.is_staff else ""

    @property
    def is_private(self) -> bool:
        return self.incoming.chat_kind is ChatKind.PRIVATE

    @property
    def may_name_people(self) -> bool:
        """Whether this channel may carry an applicant's identity in the clear (个人信息保护法 36)."""
        return self.incoming.address.channel in self.settings.identity_on_chat

    @property
    def in_staff_chat(self) -> bool:
        return bool(self.settings.staff_chat) and str(self.incoming.address) == self.settings.staff_chat

    @property
    def is_staff(self) -> bool:
        """Whether staff functions work here: for staff, alone with the bot or in the staff chat."""
        return self.person in self.settings.handlers and (self.is_private or self.in_staff_chat)

    @property
    def is_admin(self) -> bool:
        return self.person in self.settings.admins and (self.is_private or self.in_staff_chat)

    @property
    def is_leader(self) -> bool:
        """Anywhere: what leaders do in a group of others is answered to them alone."""
        return self.person in self.settings.leaders

    def voice_of(self, address: str) -> Voice:
        """Speaks to another chat, in that chat's language."""
        return self.services.voice_of(self.connection, Address.parse(address))

    def staff_voices(self) -> list[Voice]:
        """Where cards go: the staff chat, or each member alone."""
        addresses = (self.settings.staff_chat,) if self.settings.staff_chat else self.settings.handlers
        return [self.voice_of(address) for address in addresses]


Press = Callable[[Visit, Payload], Turn]
Answer = Callable[[Visit, str], Turn]


def turn(
    *outgoing: Outgoing,
    outcome: OutcomeKind = OutcomeKind.OTHER,
    entries: Sequence[Quoted] = (),
    offers_filing: bool = False,
) -> Turn:
    """A Turn of these messages."""
    return Turn(tuple(outgoing), outcome, tuple(entries), offers_filing)


_FIRST = (OutcomeKind.REDIRECT, OutcomeKind.ANSWER, OutcomeKind.SUGGEST, OutcomeKind.GUIDE)


def joined(turns: Sequence[Turn]) -> Turn:
    """One turn of several: all their messages, and the weightiest of their outcomes."""
    if len(turns) == 1:
        return turns[0]
    kinds = [one.outcome for one in turns]
    return turn(
        *(message for one in turns for message in one.outgoing),
        outcome=next((kind for kind in _FIRST if kind in kinds), kinds[0]),
        entries=[entry for one in turns for entry in one.entries],
        offers_filing=any(one.offers_filing for one in turns),
    )
