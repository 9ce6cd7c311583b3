"""What is no text: a photo, a file, a voice message.

    in a group ──────────────────▶ its caption is a text like any; without one nothing is said
    the rest of an album ────────▶ nothing: one sentence was said for all of it
    an open form takes files ────▶ held for it (`attaching.py`); the caption is the words that still lack
    words are owed (补正) ────────▶ the supplement begins with it
    a reply to a card ───────────▶ the caption begins the answer, and the file goes with it
    where another form waits ────▶ kindly refused, and the step asks again; a caption is no answer to it
    with a caption ──────────────▶ the caption is answered, with the remark that only it was read
    else ────────────────────────▶ a sentence about what works

What no form takes is neither fetched nor kept.  Art. 29 asks for a proof of identity, which is the number
that is typed; an image of a card would be data that nobody needs (staff check the original where they must),
so that the steps about who somebody is take none.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bot.dialogue import attaching
from bot.dialogue.resident import my_requests
from bot.dialogue.routing import commands
from bot.dialogue.routing.pressing import said_first, step_of
from bot.dialogue.staff import noting
from bot.dialogue.step import Step
from bot.dialogue.visit import Visit, turn
from bot.messages import Attachment, Part, SentFile, Turn

_SHOWS = (Attachment.PHOTO, Attachment.DOCUMENT, Attachment.VIDEO)  # what could show a card or a paper
_IDENTITY = ("filing.name", "filing.id_number", "filing.representative")
_WORDS = "text"  # of a draft: what its form must say in words


def wants(visit: Visit) -> bool:
    """Whether the content of this file will be looked at: only then a channel fetches it."""
    if visit.incoming.file is None or visit.incoming.edited:
        return False
    return takes_now(visit) or (attaching.may_attach(visit) and _begins_answer(visit))


def takes_now(visit: Visit) -> bool:
    """Whether a file that came now would go with what is open: only then a page has a place for one."""
    return attaching.may_attach(visit) and (_taking(visit) is not None or _owes(visit))


def take(visit: Visit, typed: Callable[[Visit, str], Turn]) -> Turn | None:
    """The file goes with what is open; None when nothing takes it.  `typed` answers a caption."""
    incoming = visit.incoming
    if incoming.file is None or not wants(visit):
        return None
    if commands.command_in(visit, incoming.text.strip()) is not None:
        return None
    if (step := _taking(visit)) is not None:
        return _added(visit, step, incoming.file)
    if _owes(visit):
        request = my_requests.owed(visit)
        assert request is not None, "asked for a correction"
        my_requests.begin_correction(visit, request.number)
    else:
        done = typed(visit, incoming.text)
        if _taking(visit) is None:  # it cannot be answered now, and was told so
            return done
    step = _taking(visit)
    return None if step is None else _added(visit, step, incoming.file)


def _taking(visit: Visit) -> Step | None:
    """The step that takes files now; in a group only of a form about what is talked of there."""
    step = step_of(visit) if visit.memory.step and not visit.memory.paused else None
    if step is None or not step.takes_files(visit):
        return None
    return step if visit.is_private or noting.is_awaited(visit, step) else None


def _owes(visit: Visit) -> bool:
    return (
        visit.is_private
        and not visit.is_staff
        and not visit.memory.step
        and my_requests.owed(visit) is not None
    )


def _begins_answer(visit: Visit) -> bool:
    incoming = visit.incoming
    return bool(visit.subject and incoming.reply_to and incoming.text.strip()) and not visit.memory.step


def _added(visit: Visit, step: Step, file: SentFile) -> Turn:
    """Held, and the step asks again; of the rest of an album only what was done with each."""
    incoming, draft = visit.incoming, visit.memory.draft
    said = attaching.add(visit, file)
    caption = incoming.text.strip()
    is_more = bool(incoming.album) and incoming.album == visit.memory.album
    visit.memory.album = incoming.album or visit.memory.album
    if caption and not draft.get(_WORDS) and step.captions:
        return said_first(step.answer(visit, caption), said)
    if is_more:
        return turn(replace(visit.voice.message("attached_more"), parts=(said,)))
    return said_first(step.again(visit), said)


def refuse(visit: Visit) -> Turn | None:
    """What is said to the attachment itself; None when its caption is to be answered."""
    incoming, memory = visit.incoming, visit.memory
    caption = incoming.text.strip()
    if not visit.is_private:
        return None if caption else turn()
    step = step_of(visit) if memory.step and not memory.paused else None
    seen = bool(incoming.album) and incoming.album == memory.album
    memory.album = incoming.album or memory.album
    if seen and (step is not None or not caption):
        return turn()
    if step is not None and commands.command_in(visit, caption) is None:
        return _in_form(visit, step)
    return None if caption else turn(visit.voice.message(_event_of(visit)))


def with_remark(visit: Visit, done: Turn) -> Turn:
    """The answer to a caption says that the picture was not looked at."""
    if not visit.is_private or not done.outgoing or done.outgoing[0].address != visit.incoming.address:
        return done
    first, *rest = done.outgoing
    remarked = replace(first, parts=(*first.parts, visit.voice.small("attachment_not_read")))
    return replace(done, outgoing=(remarked, *rest))


def _in_form(visit: Visit, step: Step) -> Turn:
    """The step asks again, so that one knows where one was."""
    return said_first(step.again(visit), Part(visit.voice.word(_event_in_form(visit))))


def _event_in_form(visit: Visit) -> str:
    if visit.incoming.attachment not in _SHOWS:
        return _event_of(visit)
    return "attachment_no_id_photo" if visit.memory.step in _IDENTITY else "attachment_no_material"


def _event_of(visit: Visit) -> str:
    return f"attachment_{(visit.incoming.attachment or Attachment.OTHER).value}"
