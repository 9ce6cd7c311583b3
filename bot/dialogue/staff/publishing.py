"""A served reply or an answered inquiry becomes public (art. 44): masked, read back, confirmed.

    card ─ 公开这条 ─▶ read-back: title and text with personal data masked
                          │ a typed text replaces the title          取消
                          ▼ 确认公开
                       stored, index rebuilt: the next resident who asks gets it

Without the read-back there is no publication: masking finds numbers, only a person sees the rest.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.desk.errors import DeskError
from bot.desk.masking import mask
from bot.desk.model import Status
from bot.dialogue import publications
from bot.dialogue.messages import Language, Outgoing, Part, Style, Turn
from bot.dialogue.payload import Act, Payload
from bot.dialogue.progress import is_answered, shortened
from bot.dialogue.reloading import reload_base
from bot.dialogue.visit import Press, Visit, turn
from bot.dialogue.voice import Voice
from knowledge.entry import Citation, Entry, EntryKind

PUBLISH = "publish"
_TITLE = 40
_LEAST, _MOST = 4, 60


@dataclass(frozen=True)
class Publishable:
    """What may become public: what was asked and what was replied, with the names to mask in them."""

    number: str
    asked: str
    replied: str


def press_publish(visit: Visit, payload: Payload) -> Turn:
    """Show what would be public."""
    found = _publishable(visit, payload.arguments[0])
    if found is None:
        return turn(visit.voice.message("nothing_to_publish"))
    asked, replied = mask(found.asked).text, mask(found.replied).text
    visit.memory.begin(
        PUBLISH, number=found.number, title=shortened(asked, _TITLE), asked=asked, replied=replied
    )
    return again(visit)


def _publishable(visit: Visit, number: str) -> Publishable | None:
    """A served reply that gives information, or an answered inquiry."""
    try:
        request = visit.register.get(visit.connection, number)
    except DeskError:
        return _answered_inquiry(visit, number)
    if request.status not in (Status.SERVED, Status.ARCHIVED) or request.reply is None:
        return None
    return Publishable(number, request.content, request.reply.text)


def _answered_inquiry(visit: Visit, number: str) -> Publishable | None:
    try:
        inquiry = visit.register.inquiry(visit.connection, number)
    except DeskError:
        return None
    return Publishable(number, inquiry.question, inquiry.answer) if is_answered(inquiry) else None


def again(visit: Visit, *before: Part) -> Turn:
    """The second look."""
    return turn(_read_back(visit, *before))


def _read_back(visit: Visit, *before: Part) -> Outgoing:
    voice, draft = visit.voice, visit.memory.draft
    return voice.message(
        "publish_read_back",
        Part(draft["title"], Style.STRONG),
        Part(draft["replied"], Style.QUOTE),
        voice.small("publish_look_for"),
        before=before,
        number=draft["number"],
        buttons=[
            [voice.button("button_publish_sure", Act.PUBLISH_SURE, draft["number"])],
            [voice.button("button_cancel", Act.CANCEL)],
        ],
    )


def answer(visit: Visit, text: str) -> Turn:
    """A better title; what is typed is masked like the rest."""
    title = mask(" ".join(text.split())).text
    if not _LEAST <= len(title) <= _MOST:
        return again(visit, Part(visit.voice.word("staff_text_length", least=_LEAST, most=_MOST)))
    visit.memory.draft["title"] = title
    return again(visit)


def press_publish_sure(visit: Visit, payload: Payload) -> Turn:
    """Store it and rebuild the index, so that the next question finds it."""
    memory, number = visit.memory, payload.arguments[0]
    if memory.step != PUBLISH or memory.draft.get("number") != number:
        return turn(visit.voice.message("form_gone"))
    entry = _entry(visit)
    memory.finish()
    publications.store(
        visit.connection, entry, number=number, approved_by=visit.person, approved_at=visit.now
    )
    outcome = reload_base(visit)
    show = visit.voice.button("button_see_entry", Act.ENTRY, entry.token, 0)
    event = "published" if outcome.report is not None else "published_not_indexed"
    return turn(visit.voice.message(event, number=number, title=entry.title, buttons=[[show]]))


def _entry(visit: Visit) -> Entry:
    draft, settings = visit.memory.draft, visit.settings
    plain = Voice(visit.services.words, visit.voice.address, Language.SIMPLIFIED)
    return Entry(
        entry_id=f"reply:{draft['number']}",
        path=f"reply:{draft['number']}",
        kind=EntryKind.PUBLISHED_REPLY,
        title=draft["title"],
        text=draft["replied"],
        citation=Citation(
            source_title=plain.word("publication_source", number=draft["number"]),
            publisher=settings.agency_name,
            published_on=visit.today,
        ),
        category=plain.word("publication_category"),
        phrasings=tuple(dict.fromkeys((draft["asked"], draft["title"]))),
        year=visit.today.year,
    )


PRESSES: dict[Act, Press] = {Act.PUBLISH: press_publish, Act.PUBLISH_SURE: press_publish_sure}
