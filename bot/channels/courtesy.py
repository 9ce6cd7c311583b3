"""What a channel has to say by itself, in the words of the dialogue and the language of the chat."""

from __future__ import annotations

from typing import Protocol

from sqlalchemy import Connection

from bot.channels.mailbox import Letter
from bot.desk.ledger import Ledger
from bot.dialogue.messages import Address, Incoming, Outgoing
from bot.dialogue.voice import Voice
from bot.settings import Settings

_UNDELIVERED = "undelivered"


class Speaker(Protocol):
    """The dialogue's conversation, as far as a channel needs it beside `handle`."""

    def voice_of(self, connection: Connection, address: Address) -> Voice:
        """Speaks to a chat in that chat's language."""


class Courtesy:
    """Sentences for what goes wrong in the mailbox."""

    def __init__(self, speaker: Speaker, settings: Settings) -> None:
        self._speaker = speaker
        self._settings = settings

    def apology(self, connection: Connection, incoming: Incoming, reference: str) -> Outgoing:
        """To somebody whose message failed three times: what happened, what to do, a number to quote."""
        voice = self._speaker.voice_of(connection, incoming.address)
        return voice.message("update_failed", number=reference)

    def undelivered(self, ledger: Ledger, letter: Letter) -> tuple[Outgoing, ...]:
        """To staff: somebody cannot be reached in chat, so the other contact data must be used.

        About such a notice itself nobody is told: two unreachable members of staff would never come to rest.
        """
        if letter.outgoing.event == _UNDELIVERED:
            return ()
        unreachable = str(letter.outgoing.address)
        staff = (self._settings.staff_chat,) if self._settings.staff_chat else self._settings.handlers
        with ledger.reading() as connection:
            return tuple(
                self._speaker.voice_of(connection, Address.parse(address)).message(
                    _UNDELIVERED, chat=unreachable
                )
                for address in staff
                if address != unreachable
            )
