"""What is done to a turn before it leaves: what a group may see, the way back to a form, large text.

Which buttons were shown is kept with the chat, so that a typed number picks one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.dialogue.doing import Ending
from bot.dialogue.payload import Act
from bot.dialogue.resident import large
from bot.dialogue.routing.pressing import is_for_groups
from bot.dialogue.visit import Visit
from bot.messages import Address, Button, Language, Outgoing, Turn

_MOST_BUTTONS = 40
_LATIN, _HAN = re.compile(r"[A-Za-z]{2}"), re.compile(r"[\u3400-\u9fff]")
_LISTS = frozenset({"queue", "queue_empty", "search_found"})  # of which none is open


def finish(visit: Visit, done: Turn) -> Turn:
    """The turn as it leaves; the buttons are remembered in the visit's memory."""
    done = _with_reminder(visit, done) if visit.is_private else _for_group(done, visit.incoming.address)
    done = _with_english_hint(visit, done)
    done = replace(done, outgoing=tuple(map(_laid_out, done.outgoing)))
    _remember_buttons(visit, done)
    return replace(done, outgoing=tuple(_in_pieces(visit, done.outgoing)))


def _with_reminder(visit: Visit, done: Turn) -> Turn:
    """A paused form is not forgotten: the last message to its owner says so, with the two ways on."""
    if not (visit.memory.step and visit.memory.paused):
        return done
    own = [index for index, message in enumerate(done.outgoing) if message.address == visit.incoming.address]
    if not own:
        return done
    voice, last = visit.voice, done.outgoing[own[-1]]
    row = (voice.button("button_resume", Act.RESUME), voice.button("button_drop", Act.CANCEL))
    reminded = replace(last, parts=(*last.parts, voice.small("form_paused")), buttons=(*last.buttons, row))
    outgoing = (*done.outgoing[: own[-1]], reminded, *done.outgoing[own[-1] + 1 :])
    return replace(done, outgoing=outgoing)


def _with_english_hint(visit: Visit, done: Turn) -> Turn:
    """Whoever writes in Latin letters and is answered in Chinese learns once that English is spoken, too."""
    memory, text = visit.memory, visit.incoming.text
    own = [
        at for at, each in enumerate(done.outgoing) if each.address == visit.incoming.address and each.parts
    ]
    is_foreign = bool(_LATIN.search(text)) and not _HAN.search(text) and not text.startswith("/")
    if memory.hinted or memory.language_chosen or not (own and is_foreign and visit.is_private):
        return done
    if visit.voice.language is Language.ENGLISH or visit.is_staff or (memory.step and not memory.paused):
        return done
    memory.hinted = True
    last = done.outgoing[own[-1]]
    hinted = replace(last, parts=(*last.parts, visit.voice.small("english_hint")))
    return replace(done, outgoing=(*done.outgoing[: own[-1]], hinted, *done.outgoing[own[-1] + 1 :]))


def _for_group(done: Turn, group: Address) -> Turn:
    """What a group sees has only buttons that anybody may press there, or that staff press in their chat."""
    outgoing = tuple(
        replace(message, buttons=_public_rows(message)) if message.address == group else message
        for message in done.outgoing
    )
    return replace(done, outgoing=outgoing, offers_filing=False)


def _public_rows(message: Outgoing) -> tuple[tuple[Button, ...], ...]:
    rows = (tuple(button for button in row if is_for_groups(button)) for row in message.buttons)
    return tuple(row for row in rows if row)


def _remember_buttons(visit: Visit, done: Turn) -> None:
    """The last list that was shown here is what a typed number picks from."""
    memory = visit.memory
    own = [each for each in done.outgoing if each.address == visit.incoming.address and each.parts]
    if own:
        memory.said = [(part.style.value, part.text) for part in own[-1].parts if part.text]
    shown = [each for each in done.outgoing if each.address == visit.incoming.address and each.buttons]
    if visit.is_staff:
        _remember_open(visit, done)
    if not shown:
        return
    memory.list_id += 1
    memory.buttons_about = shown[-1].subject
    buttons = [button for row in shown[-1].buttons for button in row][:_MOST_BUTTONS]
    if shown[-1].large and large.has_more(shown[-1]):
        buttons.append(_more(visit))
    memory.buttons = [(button.label, button.data) for button in buttons]


def _remember_open(visit: Visit, done: Turn) -> None:
    """Which request a clerk speaks of from now on: the last one shown, none after a list of several."""
    own = [each for each in done.outgoing if each.address == visit.incoming.address]
    if any(each.event in _LISTS for each in own):
        visit.memory.open_number = ""
    subjects = [each.subject for each in own if each.subject]
    if subjects:
        visit.memory.open_number = subjects[-1]


def _laid_out(message: Outgoing) -> Outgoing:
    return large.with_one_a_row(message) if message.large else message


def whole(message: Outgoing) -> list[Outgoing]:
    """A message to another chat: its buttons are not remembered there, so all of them are shown."""
    return large.pieces(_laid_out(message)) if message.large else [message]


def in_shape(ending: Ending) -> Ending:
    """The same, in large text for a chat that reads it so."""
    return lambda connection, now: [piece for message in ending(connection, now) for piece in whole(message)]


def _in_pieces(visit: Visit, messages: Sequence[Outgoing]) -> Iterator[Outgoing]:
    for message in messages:
        if not message.large or message.address != visit.incoming.address:
            yield from whole(message)
        else:
            yield from large.pieces(large.with_few_buttons(message, _more(visit)))


def _more(visit: Visit) -> Button:
    return visit.voice.button("button_large_more", Act.MORE_BUTTONS, visit.memory.list_id)
