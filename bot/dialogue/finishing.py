"""What is done to a turn before it leaves: what a group may see, the way back to a form, large text.

Which buttons were shown is kept with the chat, so that a typed number picks one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.dialogue import large
from bot.dialogue.doing import Ending
from bot.dialogue.messages import Address, Button, Outgoing, Turn
from bot.dialogue.payload import Act
from bot.dialogue.pressing import is_for_groups
from bot.dialogue.visit import Visit

_MOST_BUTTONS = 40


def finish(visit: Visit, done: Turn) -> Turn:
    """The turn as it leaves; the buttons are remembered in the visit's memory."""
    done = _with_reminder(visit, done) if visit.is_private else _for_group(done, visit.incoming.address)
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
    shown = [each for each in done.outgoing if each.address == visit.incoming.address and each.buttons]
    if not shown:
        return
    memory.list_id += 1
    memory.buttons_about = shown[-1].subject
    buttons = [button for row in shown[-1].buttons for button in row][:_MOST_BUTTONS]
    if shown[-1].large and large.has_more(shown[-1]):
        buttons.append(_more(visit))
    memory.buttons = [(button.label, button.data) for button in buttons]


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
