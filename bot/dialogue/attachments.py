"""What is no text: a photo, a file, a voice message.  Nothing of it is fetched or kept.

    in a group ──────────────────▶ its caption is a text like any; without one nothing is said
    the rest of an album ────────▶ nothing: one sentence was said for all of it
    where a form waits ──────────▶ kindly refused, and the step asks again; a caption is no answer to it
    with a caption ──────────────▶ the caption is answered, with the remark that only it was read
    else ────────────────────────▶ a sentence about what works

No step of a form takes a file.  Art. 29 asks for a proof of identity, which is the number that is typed; an
image of a card would be data that nobody needs (staff check the original where they must), and a description
of what is wanted must be words, for they are searched, masked and quoted.
"""

from __future__ import annotations

from dataclasses import replace

from bot.dialogue import commands
from bot.dialogue.messages import Attachment, Part, Style, Turn
from bot.dialogue.pressing import step_of
from bot.dialogue.step import Step
from bot.dialogue.visit import Visit, turn

_SHOWS = (Attachment.PHOTO, Attachment.DOCUMENT, Attachment.VIDEO)  # what could show a card or a paper
_IDENTITY = ("filing.name", "filing.id_number", "filing.representative")


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
    asked = step.again(visit)
    first, *rest = asked.outgoing
    begins = 1 if first.parts[0].style is Style.SMALL else 0  # 第 3 步，共 6 步 stays on top
    remark = Part(visit.voice.word(_event_in_form(visit)))
    parts = (*first.parts[:begins], remark, *first.parts[begins:])
    return replace(asked, outgoing=(replace(first, parts=parts), *rest))


def _event_in_form(visit: Visit) -> str:
    if visit.incoming.attachment not in _SHOWS:
        return _event_of(visit)
    return "attachment_no_id_photo" if visit.memory.step in _IDENTITY else "attachment_no_material"


def _event_of(visit: Visit) -> str:
    return f"attachment_{(visit.incoming.attachment or Attachment.OTHER).value}"
