"""Files that people send along: known by their content, sealed, kept with what they belong to.

    held ──────────▶ request │ correction │ reply │ answer ──────────▶ public
    a form is open    kept with the number under its data key,          looked at, then copied:
    (mailbox key)     erased with it by retention                       anybody may have it

What a file is called decides nothing: a `.pdf` must begin as one, a `.docx` must be Word's own kind of
archive and hold no macros.  The suffix is set to what the content is.
"""

from __future__ import annotations

import hashlib
import json
import re
import secrets
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.desk import data_keys
from bot.desk.errors import InvalidValue, NotFound, VaultError
from bot.desk.legible import legible
from bot.desk.model import Event
from bot.desk.tables import attachments, publications

HELD, REQUEST, CORRECTION, REPLY, ANSWER, PUBLIC = (
    "held",
    "request",
    "correction",
    "reply",
    "answer",
    "public",
)
_PARTS_OF_WORD, _PARTS_OF_EXCEL = "word/document.xml", "xl/workbook.xml"
_LONGEST_NAME = 60  # characters without the suffix
_MOST_MEMBERS = 5000  # of an archive: more is no office document
_TOKEN_BYTES = 6
# What a file system or a reader of names would take for something else.
_UNSAFE = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]')
_SUFFIX = re.compile(r"\.(pdf|docx?|xlsx?|jpe?g|png)$", re.IGNORECASE)
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)", re.IGNORECASE)


@dataclass(frozen=True)
class Attachment:
    """What is known of a kept file without opening it.  `size` in bytes, `digest`: SHA-256 of the content."""

    token: str
    subject: str
    part: str
    sender: str
    name: str
    size: int
    digest: str


def kind_of(content: bytes) -> str:
    """Which of `FILE_KINDS` the content is, "" for anything else."""
    if content.startswith(b"%PDF-"):
        return "pdf" if b"%%EOF" in content[-2048:] else ""
    if content.startswith(b"\xff\xd8\xff"):
        return "jpg" if content.rstrip(b"\x00").endswith(b"\xff\xd9") else ""
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png" if b"IEND" in content[-16:] else ""
    return _kind_of_archive(content) if content.startswith(b"PK\x03\x04") else ""


def _kind_of_archive(content: bytes) -> str:
    """Word's and Excel's own archives, without macros; nothing of them is unpacked."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            names = archive.namelist()
    except (
        zipfile.BadZipFile,
        ValueError,
        OSError,
        NotImplementedError,
    ):  # the last: a zip of a later version
        return ""
    if len(names) > _MOST_MEMBERS or "[Content_Types].xml" not in names:
        return ""
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        return ""
    if _PARTS_OF_WORD in names:
        return "docx"
    return "xlsx" if _PARTS_OF_EXCEL in names else ""


def cleaned_name(name: str, kind: str, unnamed: str) -> str:
    """A name that is safe anywhere, with the suffix of what the content is; `unnamed` where none is left."""
    last = re.split(r"[/\\]", legible(name))[-1]
    stem = _SUFFIX.sub("", _UNSAFE.sub("", last).strip())
    stem = " ".join(stem.split()).strip(" .")[:_LONGEST_NAME].strip(" .")
    if not stem or _RESERVED.fullmatch(stem):
        stem = unnamed
    return f"{stem}.{kind}"


def hold(
    connection: Connection,
    now: datetime,
    *,
    sender: str,
    name: str,
    content: bytes,
    kinds: Iterable[str],
    unnamed: str,
) -> Attachment:
    """Keep a file for the form that is open.  InvalidValue when its content is none of `kinds`."""
    kind = kind_of(content)
    if kind not in kinds:
        raise InvalidValue("attachment_kind", field="attachment", allowed=tuple(kinds))
    return _insert(connection, now, "", HELD, sender, cleaned_name(name, kind, unnamed), content)


def keep(
    connection: Connection, tokens: Sequence[str], *, subject: str, part: str, sender: str
) -> list[Attachment]:
    """Files that were held for a form belong to what it became: sealed with the key of that number.

    Those of them that there are, in their order: a form may outlive what was held for it, and nobody can keep
    what another person sent.
    """
    kept = []
    for each in some(connection, tokens):
        if each.part == HELD and each.sender == sender:
            plain = content(connection, each.token)
            words, sealed = _sealed(connection, subject, each.token, each.name, plain)
            values = {"subject": subject, "part": part, "words": words, "content": sealed}
            connection.execute(attachments.update().where(attachments.c.token == each.token).values(**values))
            kept.append(each)
        elif each.subject == subject:
            kept.append(each)  # of an earlier draft of the same reply
    return kept


def publish(connection: Connection, now: datetime, tokens: Sequence[str], *, sender: str) -> list[Attachment]:
    """Copies that anybody may have, in the order of `tokens`; the originals stay with their request."""
    return [
        _insert(connection, now, each.subject, PUBLIC, sender, each.name, content(connection, each.token))
        for each in some(connection, tokens)
    ]


def of(connection: Connection, subject: str, *parts: str) -> list[Attachment]:
    """What is kept with a number, oldest first; without `parts` all but public copies."""
    wanted = attachments.c.part.in_(parts) if parts else attachments.c.part != PUBLIC
    return _rows(connection, attachments.c.subject == subject, wanted)


def some(connection: Connection, tokens: Sequence[str]) -> list[Attachment]:
    """Those of these tokens that are still there, in their order."""
    if not tokens:
        return []
    found = {each.token: each for each in _rows(connection, attachments.c.token.in_(list(tokens)))}
    return [found[token] for token in tokens if token in found]


def published(connection: Connection, subject: str) -> list[str]:
    """Tokens of the files of the newest publication of a number."""
    query = sa.select(publications.c.entry).order_by(publications.c.id.desc())
    for entry in connection.execute(query).scalars():
        if str(entry["number"]) == subject:
            return [str(each["token"]) for each in entry.get("attachments", ())]
    return []


def content(connection: Connection, token: str) -> bytes:
    """Raises NotFound once it is erased, VaultError when it was changed."""
    found = some(connection, [token])
    if not found:
        raise NotFound("no_such_attachment")
    stored = connection.execute(
        sa.select(attachments.c.content).where(attachments.c.token == token)
    ).scalar_one()
    plain = data_keys.unseal(connection, _key_of(found[0]), stored) if found[0].part != PUBLIC else stored
    if plain is None or hashlib.sha256(plain).hexdigest() != found[0].digest:
        raise VaultError("vault_cannot_decrypt")
    return plain


def count(connection: Connection, subject: str) -> int:
    """How many are kept with a number, public copies not counted."""
    query = sa.select(sa.func.count()).select_from(attachments)
    kept = query.where(attachments.c.subject == subject, attachments.c.part != PUBLIC)
    return int(connection.execute(kept).scalar_one())


def drop(connection: Connection, tokens: Sequence[str]) -> None:
    """Files of a form that was given up; what belongs to a number is never touched."""
    mine = attachments.c.token.in_(list(tokens))
    connection.execute(attachments.delete().where(mine, attachments.c.part == HELD))


def held_before(connection: Connection, before: datetime, limit: int) -> list[str]:
    """Tokens of files that were held for forms nobody went on with."""
    old = (attachments.c.part == HELD) & (attachments.c.received_at < before)
    query = sa.select(attachments.c.token).where(old).order_by(attachments.c.received_at).limit(limit)
    return list(connection.execute(query).scalars())


def erase(connection: Connection, subject: str) -> None:
    """With the words of what they belonged to; public copies stay, as what was published does.

    `subject` "": everything that is held for open forms.
    """
    mine = attachments.c.subject == subject
    connection.execute(attachments.delete().where(mine, attachments.c.part != PUBLIC))


def on_record(files: Sequence[Attachment]) -> list[dict[str, str]]:
    """What an event says of the files that went with it: sealed there, so that the chain proves them."""
    return [{"token": each.token, "name": each.name, "digest": each.digest} for each in files]


def tokens_on_record(event: Event) -> list[str]:
    """Of the files that went with it; none where what was written is erased."""
    files = event.data.get("attachments", ())
    return [str(each["token"]) for each in files] if isinstance(files, list) else []


def as_published(files: Sequence[Attachment]) -> list[dict[str, object]]:
    """What a publication says of its files."""
    return [{"token": each.token, "name": each.name, "size": each.size} for each in files]


def _insert(
    connection: Connection, now: datetime, subject: str, part: str, sender: str, name: str, plain: bytes
) -> Attachment:
    token = secrets.token_hex(_TOKEN_BYTES)
    if part == PUBLIC:  # no secret any more; it outlives the key of its request
        words, stored = json.dumps(_words(token, name, plain), ensure_ascii=False), plain
    else:
        words, stored = _sealed(connection, data_keys.MAILBOX, token, name, plain)
    values = {"token": token, "subject": subject, "part": part, "sender": sender}
    connection.execute(attachments.insert().values(**values, words=words, content=stored, received_at=now))
    return _attachment(values, _words(token, name, plain))


def _sealed(connection: Connection, key: str, token: str, name: str, plain: bytes) -> tuple[str, bytes]:
    words = json.dumps(_words(token, name, plain), ensure_ascii=False)
    return data_keys.seal_text(connection, key, words), data_keys.seal(connection, key, plain)


def _words(token: str, name: str, plain: bytes) -> dict[str, Any]:
    """The token is among them, so that two rows cannot change places."""
    return {"token": token, "name": name, "size": len(plain), "digest": hashlib.sha256(plain).hexdigest()}


def _attachment(row: Mapping[str, Any] | sa.RowMapping, words: Mapping[str, Any]) -> Attachment:
    known = {name: str(row[name]) for name in ("token", "subject", "part", "sender")}
    return Attachment(**known, name=str(words["name"]), size=int(words["size"]), digest=str(words["digest"]))


def _key_of(file: Attachment) -> str:
    return data_keys.MAILBOX if file.part == HELD else file.subject


def _rows(connection: Connection, *where: sa.ColumnElement[bool]) -> list[Attachment]:
    """Without their contents; one whose key is gone is passed over.  VaultError when a row was changed."""
    known = [column for column in attachments.c if column.name != "content"]
    query = sa.select(*known).where(*where).order_by(attachments.c.received_at, attachments.c.token)
    found = []
    for row in connection.execute(query).mappings():
        key = data_keys.MAILBOX if row["part"] == HELD else row["subject"]
        is_public = row["part"] == PUBLIC
        plain = row["words"] if is_public else data_keys.unseal_text(connection, key, row["words"])
        if plain is None:
            continue
        words = json.loads(plain)
        if words["token"] != row["token"]:
            raise VaultError("vault_cannot_decrypt")
        found.append(_attachment(row, words))
    return found
