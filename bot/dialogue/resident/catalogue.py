"""Browsing: the catalogue by category, an entry page by page, the guide.  Paging edits one message."""

from __future__ import annotations

from dataclasses import replace

from bot.dialogue import attaching, questions
from bot.dialogue.handling import handles
from bot.dialogue.payload import Act, Payload, data_of
from bot.dialogue.resident.subscriptions import subscribing
from bot.dialogue.showing import label, pages, quoted_entry, source
from bot.dialogue.visit import Visit, turn
from bot.messages import Button, OutcomeKind, Outgoing, Part, Style, Turn
from knowledge.entry import Entry, EntryKind, token_of

_PAGE = 6
_CATEGORIES = 30
# The questions of the guide that most people have; each of them leads on.
_GUIDE_TOPICS = (
    "how-to-request",
    "what-to-write",
    "how-long",
    "cost",
    "follow-progress",
    "withdraw",
    "no-answer-in-time",
    "remedies",
    "which-channel",
)


def show_catalogue(visit: Visit, edits: str = "") -> Turn:
    """目录: the categories."""
    rows = [
        [
            Button(
                visit.voice.word("category_line", name=visit.voice.quotation(name), count=count),
                data_of(Act.CATEGORY, token_of(name), 0),
            )
        ]
        for name, count in visit.base.categories()[:_CATEGORIES]
    ]
    return turn(visit.voice.message("catalogue", buttons=rows, edits=edits))


@handles(Act.CATALOGUE)
def press_catalogue(visit: Visit, payload: Payload) -> Turn:
    return show_catalogue(visit)


@handles(Act.CATALOGUE_IN_PLACE)
def press_catalogue_in_place(visit: Visit, payload: Payload) -> Turn:
    """From a category back to all of them, in the same message."""
    return show_catalogue(visit, visit.pressed_message)


@handles(Act.CATEGORY)
def press_category(visit: Visit, payload: Payload) -> Turn:
    """One page of a category, in the message that was pressed."""
    return show_category(visit, payload.arguments[0], int(payload.arguments[1]), visit.pressed_message)


@handles(Act.CATEGORY_ANEW)
def press_category_anew(visit: Visit, payload: Payload) -> Turn:
    """A category from a message that stays as it is."""
    return show_category(visit, payload.arguments[0])


def show_category(visit: Visit, token: str, offset: int = 0, edits: str = "") -> Turn:
    """One page of the category that a button or a deep link names; past its end, the last page."""
    name = category_named(visit, token)
    if name is None:
        return turn(visit.voice.message("category_gone"), *show_catalogue(visit).outgoing)
    total = dict(visit.base.categories())[name]
    offset = min(offset, (total - 1) // _PAGE * _PAGE)
    entries = visit.base.browse(name, offset, _PAGE)
    rows = [
        [Button(label(visit.voice, entry.title), data_of(Act.ENTRY, entry.token, 0))] for entry in entries
    ]
    rows.append(_paging(visit, token, offset, total))
    rows.append(_subscribing(visit, name, token))
    rows.append([visit.voice.button("button_catalogue", Act.CATALOGUE_IN_PLACE)])
    return turn(
        visit.voice.message(
            "category_page" if total > _PAGE else "category",
            name=visit.voice.quotation(name),
            count=total,
            page=offset // _PAGE + 1,
            pages=-(-total // _PAGE),
            buttons=rows,
            edits=edits,
        )
    )


def category_named(visit: Visit, token: str) -> str | None:
    """The category that a button or a deep link names."""
    return next((name for name, _ in visit.base.categories() if token_of(name) == token), None)


def _subscribing(visit: Visit, name: str, token: str) -> list[Button]:
    """有新的告诉我, or its end; a subscription is personal and not for a group."""
    if not visit.is_private:
        return []
    if subscribing.is_subscribed(visit.connection, visit.person, name):
        return [visit.voice.button("button_unsubscribe_here", Act.UNSUBSCRIBE, token)]
    return [visit.voice.button("button_subscribe", Act.SUBSCRIBE, token)]


def _paging(visit: Visit, token: str, offset: int, total: int) -> list[Button]:
    row = []
    if offset:
        row.append(visit.voice.button("button_previous", Act.CATEGORY, token, max(0, offset - _PAGE)))
    if offset + _PAGE < total:
        row.append(visit.voice.button("button_next", Act.CATEGORY, token, offset + _PAGE))
    return row


@handles(Act.ENTRY)
def press_entry(visit: Visit, payload: Payload) -> Turn:
    """An entry of the catalogue, or its next page."""
    return show_entry(visit, payload.arguments[0], int(payload.arguments[1]))


@handles(Act.PICK)
def press_pick(visit: Visit, payload: Payload) -> Turn:
    """A suggestion that was picked: what people pick shows how they call things."""
    token, question_id = payload.arguments[0], int(payload.arguments[1])
    entry = visit.base.by_token(token)
    if entry is not None and visit.memory.question(question_id):
        questions.choose(visit.connection, question_id, entry.entry_id)
        earlier = [key for key, _ in visit.memory.questions if key < question_id]
        questions.found_at_last(visit.connection, earlier, question_id)
    return show_entry(visit, token, 0)


@handles(Act.PICK_AGENCY)
def press_pick_agency(visit: Visit, payload: Payload) -> Turn:
    """The agency that is meant: the same thing of another one is asked of it from now on."""
    entry = visit.base.by_token(payload.arguments[0])
    shown = press_pick(visit, payload)
    if entry is None or not entry.agency or entry.agency == visit.memory.agency:
        return shown
    visit.memory.agency = entry.agency
    told = visit.voice.small("agency_chosen", agency=visit.voice.quotation(entry.agency))
    first, *others = shown.outgoing
    return replace(shown, outgoing=(replace(first, parts=(*first.parts, told)), *others))


def show_entry(visit: Visit, token: str, page: int) -> Turn:
    """The entry that a button or a deep link names."""
    entry = visit.base.by_token(token)
    if entry is None:
        return turn(visit.voice.message("entry_gone"), *show_catalogue(visit).outgoing)
    return turn(
        entry_message(visit, entry, page),
        outcome=OutcomeKind.GUIDE if entry.kind is EntryKind.GUIDE else OutcomeKind.ANSWER,
        entries=[quoted_entry(entry)],
        offers_filing=visit.is_private,
    )


def entry_message(visit: Visit, entry: Entry, page: int = 0) -> Outgoing:
    """An entry, one page of it, with what is known about it (art. 12) on the first."""
    voice = visit.voice
    visit.memory.last_entry = entry.entry_id
    texts = pages(entry)
    page = min(page, len(texts) - 1)
    fields = [] if page else [voice.quotation(f"{name}：{value}") for name, value in entry.fields if value]
    parts = [
        Part(voice.quotation(entry.title), Style.STRONG),
        *([voice.quote(texts[page])] if texts[page] else []),
        *([Part("\n".join(fields))] if fields else []),
        source(voice, entry),
    ]
    more = [voice.button("button_more", Act.ENTRY, entry.token, page + 1)] if page + 1 < len(texts) else []
    rows = [attaching.public_row(visit, entry), more]
    if visit.is_private:
        rows.append([voice.button("button_file", Act.FILE_REQUEST, 0)])
    rows[-1].append(voice.button("button_catalogue", Act.CATALOGUE))
    event = "guide_shown" if entry.kind is EntryKind.GUIDE else "entry_shown"
    return voice.message(event, *parts, buttons=rows)


def show_guide(visit: Visit) -> Turn:
    """指南: the topics, and a button to begin."""
    entries = [entry for topic in _GUIDE_TOPICS if (entry := visit.base.guide(topic)) is not None]
    rows = [
        [Button(label(visit.voice, entry.title), data_of(Act.ENTRY, entry.token, 0))] for entry in entries
    ]
    rows.append([visit.voice.button("button_file", Act.FILE_REQUEST, 0)])
    return turn(
        visit.voice.message("guide", buttons=rows), outcome=OutcomeKind.GUIDE, offers_filing=visit.is_private
    )


@handles(Act.GUIDE)
def press_guide(visit: Visit, payload: Payload) -> Turn:
    return show_guide(visit)
