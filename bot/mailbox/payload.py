"""`Incoming` and `Outgoing` as JSON, the form in which the mailbox keeps them.

Only what the dialogue needs is kept: no names, no user names, nothing of Telegram's own.
"""

from __future__ import annotations

import base64
from datetime import datetime
from typing import Any

from bot.messages import (
    Address,
    Attachment,
    Button,
    ChatKind,
    Document,
    Heard,
    Incoming,
    Mark,
    Opens,
    Outgoing,
    Part,
    SentFile,
    Style,
    Trouble,
    Urgency,
)

Json = dict[str, Any]


def incoming_to_json(incoming: Incoming) -> Json:
    """The inverse of `incoming_from_json`."""
    return {
        "address": str(incoming.address),
        "person": str(incoming.person),
        "at": incoming.at.isoformat(),
        "text": incoming.text,
        "button": incoming.button,
        "attachment": incoming.attachment.value if incoming.attachment else "",
        "chat_kind": incoming.chat_kind.value,
        "language": incoming.language,
        "message_id": incoming.message_id,
        "edited": incoming.edited,
        "album": incoming.album,
        "replied_person": str(incoming.replied_person or ""),
        "heard": incoming.heard.value,
        "thread": incoming.thread,
        "reply_to": incoming.reply_to,
        "quote": incoming.quote,
        "filled": [list(pair) for pair in incoming.filled],
        "file": None if incoming.file is None else _file_to_json(incoming.file),
    }


def incoming_from_json(stored: Json) -> Incoming:
    """Raise KeyError or ValueError when `stored` was not made by `incoming_to_json`."""
    return Incoming(
        address=Address.parse(stored["address"]),
        person=Address.parse(stored["person"]),
        at=datetime.fromisoformat(stored["at"]),
        text=stored["text"],
        button=stored["button"],
        attachment=Attachment(stored["attachment"]) if stored["attachment"] else None,
        chat_kind=ChatKind(stored["chat_kind"]),
        language=stored["language"],
        message_id=stored["message_id"],
        edited=stored["edited"],
        album=stored.get("album", ""),  # not yet in a row of an older program
        replied_person=Address.parse(stored["replied_person"]) if stored.get("replied_person") else None,
        # From here on: not yet in a row of an older program.
        heard=Heard(stored.get("heard", Heard.ADDRESSED)),
        thread=stored.get("thread", ""),
        reply_to=stored.get("reply_to", ""),
        quote=stored.get("quote", ""),
        filled=tuple((str(name), str(value)) for name, value in stored.get("filled", ())),
        file=_file(stored.get("file")),
    )


def outgoing_to_json(outgoing: Outgoing) -> Json:
    """The inverse of `outgoing_from_json`; a file is kept as base64."""
    document: Json | None = None
    if outgoing.document is not None:
        document = _document_to_json(outgoing.document)
    return {
        "address": str(outgoing.address),
        "event": outgoing.event,
        "parts": [_part_to_json(part) for part in outgoing.parts],
        "buttons": [
            [[button.label, button.data, button.opens.value] for button in row] for row in outgoing.buttons
        ],
        "edits": outgoing.edits,
        "document": document,
        "replaces": outgoing.replaces,
        "menu": list(outgoing.menu),
        "subject": outgoing.subject,
        "thread": outgoing.thread,
        "confirms": [str(confirms.address), confirms.message_id] if (confirms := outgoing.confirms) else None,
        "marks": outgoing.marks,
        "brief": outgoing.brief,
        "large": outgoing.large,
        "urgency": outgoing.urgency.value,
    }


def outgoing_from_json(stored: Json) -> Outgoing:
    """Raise KeyError or ValueError when `stored` was not made by `outgoing_to_json`."""
    return Outgoing(
        address=Address.parse(stored["address"]),
        event=stored["event"],
        parts=tuple(_part(*part) for part in stored["parts"]),
        buttons=tuple(tuple(_button(*button) for button in row) for row in stored["buttons"]),
        edits=stored["edits"],
        document=_document(stored["document"]),
        # From here on: not yet in a row of an older program.
        replaces=stored.get("replaces", ""),
        subject=stored.get("subject", ""),
        thread=stored.get("thread", ""),
        confirms=_mark(stored.get("confirms")),
        marks=stored.get("marks", ""),
        brief=stored.get("brief", ""),
        menu=tuple(stored.get("menu", ())),
        large=stored.get("large", False),
        urgency=Urgency(stored.get("urgency", Urgency.NOTICE)),
    )


def _file_to_json(file: SentFile) -> Json:
    return {
        "name": file.name,
        "size": file.size,
        "reference": file.reference,
        "content": base64.b64encode(file.content).decode(),
        "trouble": file.trouble.value if file.trouble else "",
    }


def _file(stored: Json | None) -> SentFile | None:
    if stored is None:
        return None
    return SentFile(
        name=stored["name"],
        size=stored["size"],
        reference=stored["reference"],
        content=base64.b64decode(stored["content"]),
        trouble=Trouble(stored["trouble"]) if stored["trouble"] else None,
    )


def _document_to_json(document: Document) -> Json:
    """A kept attachment by its token alone; its content is put in again when the message leaves."""
    if document.attachment:
        return {"filename": document.filename, "content": "", "attachment": document.attachment}
    return {"filename": document.filename, "content": base64.b64encode(document.content).decode()}


def _document(stored: Json | None) -> Document | None:
    if stored is None:
        return None
    content = base64.b64decode(stored["content"])
    return Document(stored["filename"], content, stored.get("attachment", ""))


def _part_to_json(part: Part) -> list[str]:
    """Without a source as it always was, so that an older program reads it."""
    return [part.text, part.style.value, *([part.entry] if part.entry else [])]


def _part(text: str, style: str, entry: str = "") -> Part:
    return Part(text, Style(style), entry)


def _button(label: str, data: str, opens: str = Opens.NOTHING) -> Button:
    return Button(label, data, Opens(opens))


def _mark(stored: list[str] | None) -> Mark | None:
    return Mark(Address.parse(stored[0]), stored[1]) if stored else None
