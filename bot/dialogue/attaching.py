"""Files that go with what is being written: held for the open form, shown in it, kept with what it becomes.

    a file comes while a form takes files ─▶ checked, held, its token into the draft ─▶ the form asks again
    the form is confirmed ─▶ `tokens` go to the register with it        cancelled ─▶ `drop`
    later: 看附件 on the card (staff), 看答复 (applicant), 下载附件 under a published answer

Which steps take files is said where steps are listed (`pressing.py`), what becomes of a message with a file
in `attachments.py`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.desk import attached
from bot.desk.attached import Attachment
from bot.desk.errors import DeskError
from bot.dialogue import discretion
from bot.dialogue.handling import handles
from bot.dialogue.payload import Act, Payload
from bot.dialogue.visit import Visit, turn
from bot.dialogue.voice import Voice
from bot.messages import Address, Button, Document, Outgoing, Part, SentFile, Style, Trouble, Turn
from knowledge.entry import Entry, EntryKind

_FILES = "files"  # of a draft: tokens, in the order in which they came
_MEGABYTE, _KILOBYTE = 1024 * 1024, 1024
_MEANT = re.compile(r"附件|附后|随附|attach", re.IGNORECASE)
_OF_THE_APPLICANT = (attached.REQUEST, attached.CORRECTION)


def may_attach(visit: Visit) -> bool:
    """Whether files are taken on this channel at all."""
    return visit.incoming.address.channel in visit.settings.attachments_on


# ---- while a form is open --------------------------------------------------------------------------------
def tokens(visit: Visit) -> list[str]:
    """What the open form carries so far."""
    return [token for token in visit.memory.draft.get(_FILES, "").split(",") if token]


def carry(visit: Visit, more: Sequence[str]) -> None:
    """These go with the open form from now on."""
    visit.memory.draft[_FILES] = ",".join(dict.fromkeys([*tokens(visit), *more]))


def add(visit: Visit, file: SentFile) -> Part:
    """Hold it for the open form; what is said to that.  A file that is not taken changes nothing."""
    settings, voice = visit.settings, visit.voice
    if file.trouble is not None or not file.content:
        return trouble(visit, file)
    if len(file.content) > settings.attachment_megabytes * _MEGABYTE:
        return trouble(visit, replace(file, trouble=Trouble.TOO_BIG))
    held = tokens(visit)
    if len(held) >= settings.attachments_each:
        return Part(voice.word("attached_full", most=settings.attachments_each))
    try:
        kept = attached.hold(
            visit.connection,
            visit.now,
            sender=visit.person,
            name=file.name,
            content=file.content,
            kinds=settings.attachment_kinds,
            unnamed=voice.word("attached_unnamed", number=len(held) + 1),
        )
    except DeskError:
        return Part(voice.word("attached_kind", kinds=_kinds(visit)))
    carry(visit, [kept.token])
    return Part(voice.word("attached_now", name=kept.name, size=size_of(voice, kept.size)))


def trouble(visit: Visit, file: SentFile) -> Part:
    """Why there is nothing of it, and that the rest is there."""
    event = (file.trouble or Trouble.UNREACHABLE).value
    return Part(visit.voice.word(f"attached_trouble_{event}", most=visit.settings.attachment_megabytes))


def parts(visit: Visit) -> list[Part]:
    """The files of the open form, one a line."""
    return listed(visit.voice, attached.some(visit.connection, tokens(visit)))


def listed(voice: Voice, files: Sequence[Attachment]) -> list[Part]:
    if not files:
        return []
    lines = [
        voice.word("attached_line", number=number, name=file.name, size=size_of(voice, file.size))
        for number, file in enumerate(files, 1)
    ]
    return [Part("\n".join((voice.word("attached_list"), *lines)))]


def how(visit: Visit) -> list[Part]:
    """That files may be sent along, and which; nothing where they may not."""
    if not may_attach(visit):
        return []
    return [visit.voice.small("attached_how", kinds=_kinds(visit))]


def remove_row(visit: Visit) -> list[Button]:
    """去掉附件, where there is one."""
    return [visit.voice.button("button_attached_remove", Act.UNATTACH)] if tokens(visit) else []


def missing(visit: Visit, text: str) -> list[Part]:
    """见附件 is written, and nothing is attached."""
    if tokens(visit) or not may_attach(visit) or not _MEANT.search(text):
        return []
    return [Part(visit.voice.word("attached_missing"), Style.STRONG)]


def remove_last(visit: Visit) -> bool:
    """Whether there was one to take away."""
    held = tokens(visit)
    if not held:
        return False
    attached.drop(visit.connection, held[-1:])
    visit.memory.draft[_FILES] = ",".join(held[:-1])
    return True


def drop(visit: Visit) -> None:
    """The form is given up, and what was held for it."""
    attached.drop(visit.connection, tokens(visit))


# ---- afterwards ------------------------------------------------------------------------------------------
def sent_along(
    voice: Voice, files: Sequence[Attachment], number: str, event: str = "attachment_sent"
) -> list[Outgoing]:
    """Each file as a message of its own."""
    return [
        voice.message(
            event,
            name=file.name,
            size=size_of(voice, file.size),
            document=Document(file.name, attachment=file.token),
            number=number,
        )
        for file in files
    ]


def of_reply(visit: Visit, files: Sequence[str]) -> list[Attachment]:
    return attached.some(visit.connection, files)


@handles(Act.FILES)
def press_files(visit: Visit, payload: Payload) -> Turn:
    """看附件, for staff: alone with the bot, and what the applicant sent only where it may be carried."""
    number = payload.arguments[0]
    if not visit.is_private:
        return turn(visit.voice.message("attachments_in_private"))
    files = attached.of(visit.connection, number)
    here = [file for file in files if _may_see(visit, file, number)]
    said = sent_along(visit.voice, here, number)
    if len(here) < len(files):
        said.append(visit.voice.message("attachments_not_here", count=len(files) - len(here), number=number))
    return turn(*(said or [visit.voice.message("no_attachments", number=number)]))


def _may_see(visit: Visit, file: Attachment, number: str) -> bool:
    """What an applicant sent may name people: as with letters, unless it came over this very channel."""
    if file.part not in _OF_THE_APPLICANT or visit.may_name_people:
        return True
    if Address.parse(file.sender).channel == visit.incoming.address.channel:
        return True
    return discretion.not_here(visit, number) is None


def files_row(visit: Visit, voice: Voice, number: str) -> list[Button]:
    """看附件 on a card, where there are any."""
    count = attached.count(visit.connection, number)
    return [voice.button("button_files", Act.FILES, number)] if count else []


# ---- of a published answer -------------------------------------------------------------------------------
def public_row(visit: Visit, entry: Entry) -> list[Button]:
    """下载附件 under an answer that was published with files."""
    if entry.kind is not EntryKind.PUBLISHED_REPLY:
        return []
    number = entry.entry_id.removeprefix("reply:")
    files = public_files(visit, number)
    return (
        [visit.voice.button("button_download", Act.PUBLIC_FILES, number, count=len(files))] if files else []
    )


def public_files(visit: Visit, number: str) -> list[Attachment]:
    """Of the newest publication of this number."""
    published = attached.published(visit.connection, number)
    return attached.some(visit.connection, published)


@handles(Act.PUBLIC_FILES)
def press_public(visit: Visit, payload: Payload) -> Turn:
    """The files of a published answer, for anybody."""
    number = payload.arguments[0]
    said = sent_along(visit.voice, public_files(visit, number), number)
    return turn(*(said or [visit.voice.message("entry_gone")]))


def _kinds(visit: Visit) -> str:
    names = [visit.voice.word(f"attached_kind_{kind}") for kind in visit.settings.attachment_kinds]
    return visit.voice.word("attached_and").join(dict.fromkeys(names))


def size_of(voice: Voice, size: int) -> str:
    if size >= _MEGABYTE:
        return voice.word("size_mb", size=f"{size / _MEGABYTE:.1f}")
    return voice.word("size_kb", size=max(1, round(size / _KILOBYTE)))
