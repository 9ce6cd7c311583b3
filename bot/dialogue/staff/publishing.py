"""A served reply or an answered inquiry becomes public (art. 44): masked, read back, confirmed.

    card ─ 公开这条 ─▶ read-back: title and text with personal data masked
                          │ a typed text replaces the title          不公开原话          取消
                          │ 附件也公开: the files are sent for a look, then 附件看过了，一起公开
                          ▼ 确认公开
                       recorded; put into the index beside the turn: the next resident who asks gets it

Without the read-back there is no publication: masking finds numbers, only a person sees the rest.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.desk import attached
from bot.desk.attached import Attachment
from bot.desk.errors import DeskError, NotFound
from bot.desk.masking import PersonalDatum, mask
from bot.dialogue import attaching, errands
from bot.dialogue.admin import proposals
from bot.dialogue.admin.publications import Publication, entry_of, publish_inquiry
from bot.dialogue.errands import ErrandKind
from bot.dialogue.handling import handles
from bot.dialogue.payload import Act, Payload
from bot.dialogue.progress import is_answered, shortened
from bot.dialogue.visit import Visit, turn
from bot.dialogue.voice import Voice
from bot.messages import Button, Outgoing, Part, Style, Turn
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
    found: tuple[PersonalDatum, ...] = ()  # what was masked in it


@handles(Act.PUBLISH)
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
        draft = visit.desk.publications.draft(number, title=title)
        return Masked(draft.title, draft.question, draft.text, draft.found)
    except NotFound:
        return _masked_inquiry(visit, number, title)
    except DeskError:
        return None


def _masked_inquiry(visit: Visit, number: str, title: str) -> Masked | None:
    try:
        inquiry = visit.desk.inquiries.get(number)
    except DeskError:
        return None
    if not is_answered(inquiry):
        return None
    public = (visit.settings.office_phone,)
    asked, body, heading = (mask(each, public=public) for each in (inquiry.question, inquiry.answer, title))
    found = (*heading.found, *asked.found, *body.found)
    return Masked(heading.text or asked.text, asked.text, body.text, found)


def again(visit: Visit, *before: Part) -> Turn:
    """The second look."""
    draft = visit.memory.draft
    masked = _masked(visit, draft["number"], draft["title"])
    if masked is None:
        return turn(visit.voice.message("nothing_to_publish"))
    if _is_plain(visit):
        masked = replace(masked, question=masked.title)
    return turn(_read_back(visit, masked, *before))


def _read_back(visit: Visit, masked: Masked, *before: Part) -> Outgoing:
    voice, number = visit.voice, visit.memory.draft["number"]
    files = _files(visit, number)
    return voice.message(
        "publish_read_back",
        Part(masked.title, Style.STRONG),
        Part(masked.text, Style.QUOTE),
        Part(voice.word("publish_question", question=masked.question)),
        *attaching.listed(voice, files),
        *([voice.small("publish_files_stay")] if files and not _has_looked(visit) else []),
        *_what_was_masked(voice, masked.found),
        voice.small("publish_look_for"),
        before=before,
        number=number,
        buttons=[
            [voice.button("button_publish_sure", Act.PUBLISH_SURE, number)],
            _files_row(visit, number) if files else [],
            [] if _is_plain(visit) else [voice.button("button_publish_plain", Act.PUBLISH_PLAIN, number)],
            [voice.button("button_cancel", Act.CANCEL)],
        ],
    )


def _files(visit: Visit, number: str) -> list[Attachment]:
    """What the answer carried: of a request the files of its reply, of an inquiry those of its answer."""
    try:
        reply = visit.desk.requests.get(number).reply
    except DeskError:
        return attached.of(visit.connection, number, attached.ANSWER)
    return attaching.of_reply(visit, reply.attachments) if reply else []


def _has_looked(visit: Visit) -> bool:
    """Whether the files were sent to this officer after the form was opened."""
    return visit.memory.draft.get("looked") == "yes"


def _files_row(visit: Visit, number: str) -> list[Button]:
    """First a look, then the button: nothing masks a file, only a person sees what it holds."""
    if _has_looked(visit):
        return [visit.voice.button("button_publish_files", Act.PUBLISH_FILES, number)]
    return [visit.voice.button("button_publish_look", Act.PUBLISH_LOOK, number)] if visit.is_private else []


@handles(Act.PUBLISH_LOOK)
def press_publish_look(visit: Visit, payload: Payload) -> Turn:
    """附件也公开: the files, to be looked at; then the read-back once more."""
    memory, number = visit.memory, payload.arguments[0]
    if memory.step != PUBLISH or memory.draft.get("number") != number or not visit.is_private:
        return turn(visit.voice.message("form_gone"))
    memory.draft["looked"] = "yes"
    shown = attaching.sent_along(visit.voice, _files(visit, number), number)
    return turn(*shown, *again(visit, Part(visit.voice.word("publish_look_at_files"))).outgoing)


@handles(Act.PUBLISH_FILES)
def press_publish_files(visit: Visit, payload: Payload) -> Turn:
    """附件看过了，一起公开."""
    if not _has_looked(visit):
        return again(visit) if visit.memory.step == PUBLISH else turn(visit.voice.message("form_gone"))
    return _published(visit, payload.arguments[0], with_files=True)


def _what_was_masked(voice: Voice, found: tuple[PersonalDatum, ...]) -> list[Part]:
    """How many of each kind, so that a look at the original knows what to look for."""
    if not found:
        return []
    counted = Counter(datum.kind for datum in found)
    kinds = "、".join(
        voice.word("publish_masked_kind", kind=voice.word(f"masked_{kind.value}"), count=count)
        for kind, count in sorted(counted.items())
    )
    return [voice.small("publish_masked", kinds=kinds)]


def _is_plain(visit: Visit) -> bool:
    """Whether the title is to stand in the place of the asker's own words, which may tell who it was."""
    return visit.memory.draft.get("plain") == "yes"


@handles(Act.PUBLISH_PLAIN)
def press_publish_plain(visit: Visit, payload: Payload) -> Turn:
    """Leave out the asker's own words, and look again."""
    memory, number = visit.memory, payload.arguments[0]
    if memory.step != PUBLISH or memory.draft.get("number") != number:
        return turn(visit.voice.message("form_gone"))
    memory.draft["plain"] = "yes"
    return again(visit)


def answer(visit: Visit, text: str) -> Turn:
    """A better title; what is typed is masked like the rest."""
    title = " ".join(text.split())
    if not _LEAST <= len(title) <= _MOST:
        return again(visit, Part(visit.voice.word("staff_text_length", least=_LEAST, most=_MOST)))
    visit.memory.draft["title"] = title
    return again(visit)


@handles(Act.PUBLISH_SURE)
def press_publish_sure(visit: Visit, payload: Payload) -> Turn:
    """Record it and rebuild the index, so that the next question finds it; files stay with the request."""
    return _published(visit, payload.arguments[0], with_files=False)


def _published(visit: Visit, number: str, *, with_files: bool) -> Turn:
    memory = visit.memory
    if memory.step != PUBLISH or memory.draft.get("number") != number:
        return turn(visit.voice.message("form_gone"))
    title, plain = memory.draft["title"], _is_plain(visit)
    files = [file.token for file in _files(visit, number)] if with_files else []
    memory.finish()
    publication = _publish(visit, number, title, files, plain=plain)
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


def _publish(visit: Visit, number: str, title: str, files: Sequence[str], *, plain: bool) -> Publication:
    try:
        return visit.desk.publications.publish(
            number, looked_at=True, title=title, question=title if plain else "", attachments=files
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
        question=masked.title if plain else masked.question,
        text=masked.text,
        publisher=visit.settings.agency_name,
        published_on=visit.today,
        officer=visit.person,
        attachments=attached.publish(visit.connection, visit.now, files, sender=visit.person),
    )
