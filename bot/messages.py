"""What goes into the dialogue and what comes out of it, for every channel the same.

A channel turns its own update into an `Incoming` and shows each `Outgoing` in its own way: Telegram shows
buttons and block quotes, the terminal numbered choices and indentation.  Texts are plain: escaping and
splitting are the channel's work.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, StrEnum


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
    VIDEO = "video"
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


class Heard(StrEnum):
    """How a message of a group came to us; alone with the bot everything is addressed to it."""

    ADDRESSED = "addressed"  # a mention, a reply to us, a command with our name
    BARE_COMMAND = "bare_command"  # a command that names no bot: it may be meant for another one
    OVERHEARD = "overheard"  # talk among staff in a topic of ours


@dataclass(frozen=True)
class Mark:
    """A message somewhere: `message_id` is the channel's own."""

    address: Address
    message_id: str


class Trouble(StrEnum):
    """Why there is nothing of a file that somebody sent."""

    TOO_BIG = "too_big"
    UNREACHABLE = "unreachable"  # the channel could not fetch it, again and again
    NO_SUCH_FILE = "no_such_file"  # nothing lies at the path that was typed


@dataclass(frozen=True)
class SentFile:
    """A file as it comes in.  With a `reference` and no content it still lies with the channel, which fetches
    it once the dialogue wants it (`Conversation.wants_file`).
    """

    name: str = ""  # as the sender calls it: never used as it is
    size: int = 0  # bytes, 0 when unknown
    reference: str = ""
    content: bytes = b""
    trouble: Trouble | None = None

    def __repr__(self) -> str:
        """Names and contents must not reach a log through a traceback."""
        return "SentFile()"

    @property
    def is_elsewhere(self) -> bool:
        return bool(self.reference) and not self.content and self.trouble is None


@dataclass(frozen=True)
class Incoming:
    """One thing a person did: sent a text, pressed a button, sent a photo.

    `person` is who did it (`telegram:42`); in a private chat it equals `address`.  `at` is when they did it:
    when it was edited, of an edited message.  Exactly one of `text`, `button` and `attachment` is set (a
    caption arrives as `text` beside `attachment`).

    `subject` is the number of the request or inquiry that the place or the message replied to is about, as
    the mailbox knows it from its own records; it is never read out of a text.
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
    heard: Heard = Heard.ADDRESSED
    thread: str = ""  # the channel's id of the topic of the group it was said in
    reply_to: str = ""  # the channel's id of the message of ours that it replies to
    quote: str = ""  # the piece of that message which was picked out
    subject: str = ""
    album: str = ""  # the same for all photos and files that were sent together
    filled: tuple[tuple[str, str], ...] = ()  # a form of a page, filled in as a whole: (question, answer)
    file: SentFile | None = None  # of a photo or a document


class Opens(StrEnum):
    """Where a button leads that is not pressed but followed."""

    NOTHING = ""  # it is pressed: `data` comes back
    PRIVATE = "private"  # the chat alone with the bot; `data` is what `/start` gets there
    TOPIC = "topic"  # where the group talks about a request; `data` is its number


@dataclass(frozen=True)
class Button:
    """A choice.  `data` comes back as `Incoming.button`; at most 64 bytes, meaning in itself, no secrets."""

    label: str
    data: str
    opens: Opens = Opens.NOTHING

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
    entry: str = ""  # the token of the entry whose source this names: a page links to it


@dataclass(frozen=True)
class Document:
    """A file that goes with a message: its content, or the token of a kept attachment.

    What is kept is put in when the message leaves (`sealed.py`), so that it lies in the ledger once and is
    erased once; b"" then: it was erased meanwhile, and the words go alone.
    """

    filename: str
    content: bytes = b""
    attachment: str = ""


class Urgency(IntEnum):
    """What leaves first when much waits.  Within one chat the order is always that in which it was said."""

    ANSWER = 0  # somebody sits there and waits: what is said where he has just done something
    NOTICE = 1  # about somebody's own matter
    NEWS = 2  # nobody's matter, to many


@dataclass(frozen=True)
class Outgoing:
    """One message to one chat.  `event` names the sentence in `words/` that it was made of (for logs).

    `subject` is the number of the request or inquiry that it is about.  A channel that can keep subjects
    apart (topics of a group) does; the others ignore it.
    """

    address: Address
    event: str
    parts: tuple[Part, ...]
    buttons: tuple[tuple[Button, ...], ...] = ()  # rows
    edits: str = ""  # the message_id whose text this replaces, "" = a new message
    document: Document | None = None
    replaces: str = ""  # the person's message whose answer this stands in for, "" = none
    menu: tuple[str, ...] = ()  # groups of commands this chat has from now on, () = as before
    large: bool = False  # to be put into the shape of large.py before it leaves the dialogue
    subject: str = ""
    thread: str = ""  # the channel's id of the topic in which it answers; a subject's own topic goes first
    confirms: Mark | None = None  # what gets a mark once this has arrived: the clerk sees that it did
    marks: str = ""  # instead of saying something: put the mark on this message of the chat
    brief: str = ""  # what a digest says instead when too much is said at once, "" = it is never merged
    urgency: Urgency = Urgency.NOTICE

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
    quoted: str  # of the text, what the message shows
    source: str  # the file it was read from, "" for a published reply


@dataclass(frozen=True)
class Turn:
    """All that one Incoming led to.  `outgoing` may also go to other chats (staff, an applicant)."""

    outgoing: tuple[Outgoing, ...]
    outcome: OutcomeKind = OutcomeKind.OTHER
    entries: tuple[Quoted, ...] = field(default=())
    offers_filing: bool = False
