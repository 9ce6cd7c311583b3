"""What a channel has to say by itself, in the words of the dialogue and the language of the chat."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Connection

from bot.dialogue.chats import voice_of
from bot.dialogue.payload import Act
from bot.dialogue.resident.subscriptions.digest import EVENT as DIGEST
from bot.dialogue.resident.subscriptions.digest import end_unreachable
from bot.dialogue.roles.grants import settings_in_force
from bot.dialogue.unreached import other_contact
from bot.dialogue.voice import Voice
from bot.dialogue.words import Words
from bot.ledger.ledger import Ledger
from bot.mailbox import moves
from bot.mailbox.letters import Letter
from bot.messages import Address, Incoming, Outgoing
from bot.settings import Settings

_UNDELIVERED = "undelivered"
_GROUP_GONE = "staff_group_unreachable"


class Courtesy:
    """Sentences for what goes wrong in the mailbox."""

    def __init__(self, words: Words, settings: Settings) -> None:
        self._words = words
        self._settings = settings

    def apology(self, connection: Connection, incoming: Incoming, reference: str) -> Outgoing:
        """To somebody whose message failed three times: what happened, what to do, a number to quote."""
        voice = voice_of(self._words, connection, incoming.address)
        return voice.message("trouble", reference=reference)

    def undelivered(self, ledger: Ledger, letter: Letter) -> tuple[Outgoing, ...]:
        """To staff: somebody cannot be reached in chat, so the other contact data must be used.

        A digest of news is nobody's right: its subscriptions end, and nobody is told.
        Of what the staff's group did not get (the bot was removed from it) each member is told alone.
        About such a notice itself nobody is told: two unreachable members of staff would never come to rest.
        """
        if letter.outgoing.event == _GROUP_GONE:
            return ()
        unreachable = str(letter.outgoing.address)
        if letter.outgoing.event == DIGEST:
            with ledger.transaction() as connection:
                end_unreachable(connection, unreachable)
            return ()
        with ledger.reading() as connection:
            settings = settings_in_force(connection, self._settings)
            if unreachable == moves.present(connection, settings.staff_chat):
                return self._without_group(connection, settings, letter)
            if letter.outgoing.event.startswith(_UNDELIVERED):
                return ()
            staff = (settings.staff_chat,) if settings.staff_chat else settings.handlers
            voices = [
                voice_of(self._words, connection, Address.parse(address))
                for address in staff
                if address != unreachable
            ]
            told = [self._undelivered(connection, voice, letter) for voice in voices]
        return tuple(replace(message, brief=message.parts[0].text) for message in told)

    @staticmethod
    def _undelivered(connection: Connection, voice: Voice, letter: Letter) -> Outgoing:
        """With the number of the request it was about, and how else its applicant can be reached."""
        number, chat = letter.outgoing.subject, str(letter.outgoing.address)
        if not number:
            return voice.message(_UNDELIVERED, chat=chat)
        contact = other_contact(connection, number) or voice.word("contact_unknown")
        rows = [[voice.button("button_card", Act.CARD, number)]]
        return voice.message("undelivered_about", chat=chat, number=number, contact=contact, buttons=rows)

    def _without_group(
        self, connection: Connection, settings: Settings, letter: Letter
    ) -> tuple[Outgoing, ...]:
        """What it was about stands in the queue; the sentence names the number."""
        number = letter.outgoing.subject
        people = dict.fromkeys((*settings.handlers, *settings.admins))
        voices = [voice_of(self._words, connection, Address.parse(person)) for person in people]
        return tuple(
            voice.message(_GROUP_GONE, chat=letter.outgoing.address, number=number or "-") for voice in voices
        )

    def say(self, ledger: Ledger, address: Address, event: str) -> Outgoing:
        """A sentence of the channel itself, such as a farewell."""
        with ledger.reading() as connection:
            return voice_of(self._words, connection, address).message(event)
