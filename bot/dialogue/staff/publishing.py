"""A served reply or an answered inquiry becomes public (art. 44): masked, read back, confirmed.

    card ─ 公开这条 ─▶ read-back: title and text with personal data masked
                          │ a typed text replaces the title          取消
                          ▼ 确认公开
                       recorded; put into the index beside the turn: the next resident who asks gets it

Without the read-back there is no publication: masking finds numbers, only a person sees the rest.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.desk.errors import DeskError, NotFound
from bot.desk.masking import mask
from bot.dialogue import errands, proposals
from bot.dialogue.errands import ErrandKind
from bot.dialogue.messages import Outgoing, Part, Style, Turn
from bot.dialogue.payload import Act, Payload
from bot.dialogue.progress import is_answered, shortened
from bot.dialogue.publications import Publication, entry_of, publish_inquiry
from bot.dialogue.refusals import refusal
from bot.dialogue.visit import Press, Visit, turn
from knowledge.entry import Entry

PUBLISH = "publish"
_TITLE = 40
_LEAST, _MOST = 4, 60


@dataclass(frozen=True)
class Masked:
    """What would be public."""

    title: str
    question: str
    text: str


def press_publish(visit: Visit, payload: Payload) -> Turn:
    """Show what would be public."""
    number = payload.arguments[0]
    masked = _masked(visit, number)
    if masked is None:
        return turn(visit.voice.message("nothing_to_publish"))
    visit.memory.begin(PUBLISH, number=number, title=shortened(masked.title, _TITLE))
    return again(visit)


def _masked(visit: Visit, number: str, title: str = "") -> Masked | None:
    """The masked texts of a served reply or an answered inquiry, None when there is nothing to publish."""
    try:
        draft = visit.register.draft_publication(visit.connection, number, officer=visit.person, title=title)
        return Masked(draft.title, draft.question, draft.text)
    except NotFound:
        return _masked_inquiry(visit, number, title)
    except DeskError:
        return None


def _masked_inquiry(visit: Visit, number: str, title: str) -> Masked | None:
    try:
        inquiry = visit.register.inquiry(visit.connection, number)
    except DeskError:
        return None
    if not is_answered(inquiry):
        return None
    question = mask(inquiry.question).text
    return Masked(mask(title).text or question, question, mask(inquiry.answer).text)


def again(visit: Visit, *before: Part) -> Turn:
    """The second look."""
    draft = visit.memory.draft
    masked = _masked(visit, draft["number"], draft["title"])
    if masked is None:
        return turn(visit.voice.message("nothing_to_publish"))
    return turn(_read_back(visit, masked, *before))


def _read_back(visit: Visit, masked: Masked, *before: Part) -> Outgoing:
    voice, number = visit.voice, visit.memory.draft["number"]
    return voice.message(
        "publish_read_back",
        Part(masked.title, Style.STRONG),
        Part(masked.text, Style.QUOTE),
        voice.small("publish_look_for"),
        before=before,
        number=number,
        buttons=[
            [voice.button("button_publish_sure", Act.PUBLISH_SURE, number)],
            [voice.button("button_cancel", Act.CANCEL)],
        ],
    )


def answer(visit: Visit, text: str) -> Turn:
    """A better title; what is typed is masked like the rest."""
    title = " ".join(text.split())
    if not _LEAST <= len(title) <= _MOST:
        return again(visit, Part(visit.voice.word("staff_text_length", least=_LEAST, most=_MOST)))
    visit.memory.draft["title"] = title
    return again(visit)


def press_publish_sure(visit: Visit, payload: Payload) -> Turn:
    """Record it and rebuild the index, so that the next question finds it."""
    memory, number = visit.memory, payload.arguments[0]
    if memory.step != PUBLISH or memory.draft.get("number") != number:
        return turn(visit.voice.message("form_gone"))
    title = memory.draft["title"]
    memory.finish()
    try:
        publication = _publish(visit, number, title)
    except DeskError as error:
        return turn(refusal(visit.voice, error))
    proposals.published(visit.connection, visit.now, number, visit.person)
    entry = entry_of(publication, visit.services.words)
    return published(visit, number, entry)


def published(visit: Visit, number: str, entry: Entry) -> Turn:
    """Say so, and have it put into the index: beside the turn, since building takes its time."""
    address = str(visit.incoming.address)
    errands.leave(
        visit.connection,
        visit.now,
        ErrandKind.PUBLISH,
        person=visit.person,
        address=address,
        argument=number,
    )
    show = visit.voice.button("button_see_entry", Act.ENTRY, entry.token, 0)
    return turn(visit.voice.message("published", number=number, title=entry.title, buttons=[[show]]))


def _publish(visit: Visit, number: str, title: str) -> Publication:
    try:
        return visit.register.publish(
            visit.connection, visit.now, number, officer=visit.person, looked_at=True, title=title
        )
    except NotFound:
        masked = _masked_inquiry(visit, number, title)
        if masked is None:
            raise
    return publish_inquiry(
        visit.connection,
        visit.now,
        number=number,
        title=masked.title,
        question=masked.question,
        text=masked.text,
        publisher=visit.settings.agency_name,
        published_on=visit.today,
        officer=visit.person,
    )


PRESSES: dict[Act, Press] = {Act.PUBLISH: press_publish, Act.PUBLISH_SURE: press_publish_sure}
