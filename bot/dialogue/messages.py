"""What goes into the dialogue and what comes out of it, for every channel the same.

A channel turns its own update into an `Incoming` and shows each `Outgoing` in its own way: Telegram shows
buttons and block quotes, the terminal numbered choices and indentation.  Texts are plain: escaping and
splitting are the channel's work.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Language(StrEnum):
    SIMPLIFIED = "zh-Hans"
    TRADITIONAL = "zh-Hant"  # derived from simplified by OpenCC when a message leaves
    ENGLISH = "en"


class ChatKind(StrEnum):
    PRIVATE = "private"
    GROUP = "group"


class Attachment(StrEnum):
    """What a message carried that is not text.  The dialogue only needs to know the kind."""

    PHOTO = "photo"
    DOCUMENT = "document"
    VOICE = "voice"
    STICKER = "sticker"
    LOCATION = "location"
    CONTACT = "contact"
    OTHER = "other"


@dataclass(frozen=True, order=True)
class Address:
    """A chat on a channel, written `telegram:123` or `terminal:staff`."""

    channel: str
    chat_id: str

    def __str__(self) -> str:
        return f"{self.channel}:{self.chat_id}"

    @classmethod
    def parse(cls, text: str) -> Address:
        """Raise ValueError when `text` is not `channel:chat`."""
        channel, colon, chat_id = text.partition(":")
        if not (channel and colon and chat_id):
            raise ValueError(f"not an address of the form channel:chat: {text!r}")
        return cls(channel, chat_id)


@dataclass(frozen=True)
class Incoming:
    """One thing a person did: sent a text, pressed a button, sent a photo.

    `person` is who did it (`telegram:42`); in a private chat it equals `address`.  Exactly one of `text`,
    `button` and `attachment` is set (a caption arrives as `text` beside `attachment`).
    """

    address: Address
    person: Address
    at: datetime  # aware
    text: str = ""
    button: str = ""  # the payload of the pressed Button
    attachment: Attachment | None = None
    chat_kind: ChatKind = ChatKind.PRIVATE
    language: str = ""  # the channel's own tag ("zh-hans", "en"), "" when unknown
    message_id: str = ""  # the channel's id of the message (of the pressed button's message, for a button)
    edited: bool = False
    replied_person: Address | None = None  # who wrote the message that this one replies to


@dataclass(frozen=True)
class Button:
    """A choice.  `data` comes back as `Incoming.button`; at most 64 bytes, meaning in itself, no secrets."""

    label: str
    data: str

    def __post_init__(self) -> None:
        if not 1 <= len(self.data.encode()) <= 64:
            raise ValueError(f"button data must be 1-64 bytes: {self.data!r}")


class Style(StrEnum):
    PLAIN = "plain"
    STRONG = "strong"  # a heading
    QUOTE = "quote"  # verbatim text from a source
    SMALL = "small"  # a source line, a remark


@dataclass(frozen=True)
class Part:
    """A paragraph of a message and how it is meant."""

    text: str
    style: Style = Style.PLAIN


@dataclass(frozen=True)
class Document:
    """A file that goes with a message."""

    filename: str
    content: bytes


@dataclass(frozen=True)
class Outgoing:
    """One message to one chat.  `event` names the sentence in `words/` that it was made of (for logs)."""

    address: Address
    event: str
    parts: tuple[Part, ...]
    buttons: tuple[tuple[Button, ...], ...] = ()  # rows
    edits: str = ""  # the message_id whose text this replaces, "" = a new message
    document: Document | None = None
    replaces: str = ""  # the person's message whose answer this stands in for, "" = none
    menu: tuple[str, ...] = ()  # groups of commands this chat has from now on, () = as before
    large: bool = False  # to be put into the shape of large.py before it leaves the dialogue

    @property
    def text(self) -> str:
        """The whole text as a person reads it, paragraphs apart by a line."""
        return "\n\n".join(part.text for part in self.parts if part.text)

    @property
    def labels(self) -> list[str]:
        return [button.label for row in self.buttons for button in row]


class OutcomeKind(StrEnum):
    """What the dialogue made of a message; the outcomes of the evaluation files, and OTHER for the rest."""

    ANSWER = "answer"
    SUGGEST = "suggest"
    ROUTE = "route"  # not found: offers to ask or to file
    REDIRECT = "redirect"  # another channel is right (12345, 信访, 110), filing still offered
    SMALLTALK = "smalltalk"
    GUIDE = "guide"
    OTHER = "other"  # inside a form, a staff command, ...


@dataclass(frozen=True)
class Quoted:
    """An entry that a message quotes or lists; for `ask --json` and the evaluation."""

    path: str
    title: str
    text: str
    score: float
    citation: str


@dataclass(frozen=True)
class Turn:
    """All that one Incoming led to.  `outgoing` may also go to other chats (staff, an applicant)."""

    outgoing: tuple[Outgoing, ...]
    outcome: OutcomeKind = OutcomeKind.OTHER
    entries: tuple[Quoted, ...] = field(default=())
    offers_filing: bool = False
