"""What a channel has to say about the staff's group itself: its topics, and that it has a new address."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection

from bot.dialogue.chats import follow_group, voice_of
from bot.dialogue.payload import Act
from bot.dialogue.roles.grants import settings_in_force
from bot.dialogue.voice import Voice
from bot.dialogue.words import Words
from bot.mailbox import moves
from bot.messages import Address, Button, Opens, Outgoing, Part
from bot.settings import Settings

Title = Callable[[Connection, str], str]


def no_title(connection: Connection, subject: str) -> str:
    """A dialogue that knows of no requests."""
    return ""


class GroupWords:
    """In the words of the dialogue and the language of each chat."""

    def __init__(self, words: Words, settings: Settings, title: Title = no_title) -> None:
        """`title` names a topic by the number of its request, "" for a number that does not exist."""
        self._words = words
        self._settings = settings
        self.title = title

    def remade(self, connection: Connection, address: Address, subject: str) -> Outgoing:
        """People deleted the topic; the request goes on here."""
        return self._voice(connection, address).message("topic_remade", number=subject)

    def doubtful(self, connection: Connection, address: Address, subject: str) -> Outgoing:
        """We were interrupted while the topic was made: an empty one may stand beside this."""
        return self._voice(connection, address).message("topic_doubtful", number=subject)

    def pointer(self, connection: Connection, address: Address, subject: str) -> Outgoing:
        """The answer stands in another topic than that in which was asked."""
        voice = self._voice(connection, address)
        see = Button(voice.word("button_see_topic"), subject, Opens.TOPIC)
        return replace(voice.message("see_topic", number=subject, buttons=[[see]]), subject="")

    def digest(self, connection: Connection, address: Address, lines: Sequence[str]) -> Outgoing:
        """Instead of many notices in a minute: a line for each, and the queue."""
        voice = self._voice(connection, address)
        queue = voice.button("button_queue", Act.QUEUE, 0)
        return voice.message("staff_digest", Part("\n".join(lines)), count=len(lines), buttons=[[queue]])

    def need_right(self, connection: Connection, address: str) -> tuple[Outgoing, ...]:
        """To admins: the group has topics, and the bot may not make any."""
        return self._to_admins(connection, "topics_need_right", chat=address)

    def conflict(self, connection: Connection) -> tuple[Outgoing, ...]:
        """To admins: another program somewhere polls with our token."""
        return self._to_admins(connection, "token_conflict")

    def moved(self, connection: Connection, old: str, new: str) -> Sequence[Outgoing]:
        """What is remembered of its members goes along.

        Admins are told, once, that the staff's group has a new number; of another group nobody needs to know.
        """
        follow_group(connection, old, new)
        if moves.present(connection, self._settings.staff_chat) != new:
            return ()
        return self._to_admins(connection, "staff_chat_moved", old=old, new=new)

    def _to_admins(self, connection: Connection, event: str, **values: Any) -> tuple[Outgoing, ...]:
        admins = settings_in_force(connection, self._settings).admins
        addresses = (Address.parse(admin) for admin in admins)
        return tuple(self._voice(connection, address).message(event, **values) for address in addresses)

    def _voice(self, connection: Connection, address: Address) -> Voice:
        return voice_of(self._words, connection, address)
