"""大字: for whoever reads slowly.  One thing a message, at most three buttons, one under the other.

Telegram cannot set the size of letters, so the mode changes what is said: sentences from `words/large/`, and
here the shape of a message:

    before   为您找到： │ heading │ quotation │ source       [有用][没用][相关][为什么][都不是]
    large    找到了。heading, quotation                     no block quotes
             source                                         [不是我要的] [看全文] [还有别的]

A quotation is never shortened or reworded.  还有别的 shows the next buttons; they are remembered with the
chat.  A sentence of ours may say where a new message begins: a line `---`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.dialogue.handling import handles
from bot.dialogue.payload import Act, Payload, parse
from bot.dialogue.visit import Visit, turn
from bot.messages import Button, Outgoing, Part, Style, Turn

MOST = 3  # buttons of a message, 还有别的 among them
_BREAK = "\n---\n"
# What is offered after everything else: it can wait, or is only looked for when one is lost.
_LATER = frozenset(
    {
        Act.USEFUL,
        Act.USELESS,
        Act.ALSO,
        Act.WHY,
        Act.EXAMPLE,
        Act.LARGE,
        Act.LANGUAGE,
        Act.FORM_BACK,
        Act.CANCEL,
    }
)


# ---- switching -------------------------------------------------------------------------------------------
def switch(visit: Visit, on: bool) -> Turn:
    """From now on, for this person, whatever is shown."""
    visit.memory.large = on
    visit.voice = replace(visit.voice, large=on)
    return turn(visit.voice.message("large_on" if on else "large_off", buttons=[[toggle(visit)]]))


def toggle(visit: Visit) -> Button:
    """The button to the other mode."""
    if visit.voice.large:
        return visit.voice.button("button_normal", Act.LARGE, "off")
    return visit.voice.button("button_large", Act.LARGE, "on")


@handles(Act.LARGE)
def press_large(visit: Visit, payload: Payload) -> Turn:
    return switch(visit, payload.arguments[0] == "on")


@handles(Act.MORE_BUTTONS)
def press_more(visit: Visit, payload: Payload) -> Turn:
    """The next buttons of the last list; an older list is gone."""
    rest = visit.memory.buttons[MOST - 1 : -1]
    if int(payload.arguments[0]) != visit.memory.list_id or not rest:
        return turn(visit.voice.message("large_more_gone"))
    rows = [[Button(label, data)] for label, data in rest]
    return turn(visit.voice.message("large_more", buttons=rows))


# ---- buttons ---------------------------------------------------------------------------------------------
def with_one_a_row(message: Outgoing) -> Outgoing:
    """All its buttons, one a row, those first that lead on."""
    buttons = [button for row in message.buttons for button in row]
    ordered = sorted(buttons, key=_comes_later)
    return replace(message, buttons=tuple((button,) for button in ordered))


def _comes_later(button: Button) -> bool:
    payload = parse(button.data)
    return payload is not None and payload.act in _LATER


def has_more(message: Outgoing) -> bool:
    return len(message.buttons) > MOST


def with_few_buttons(message: Outgoing, more: Button) -> Outgoing:
    """Three buttons at most, `more` the last of them when there are others."""
    if not has_more(message):
        return message
    return replace(message, buttons=(*message.buttons[: MOST - 1], (more,)))


# ---- parts -----------------------------------------------------------------------------------------------
def pieces(message: Outgoing) -> list[Outgoing]:
    """One thing a message: what is said, each found thing, the source, a remark.

    Buttons, a file and the mark that it arrived go with the last one; an edit and a new menu with the first.
    """
    groups = list(_groups(message.parts))
    made = [
        replace(
            message, parts=group, buttons=(), document=None, edits="", replaces="", menu=(), confirms=None
        )
        for group in groups
    ]
    if not made:
        return [message]
    made[0] = replace(made[0], edits=message.edits, replaces=message.replaces, menu=message.menu)
    last = replace(made[-1], buttons=message.buttons, document=message.document, confirms=message.confirms)
    return [*made[:-1], last]


def _groups(parts: Sequence[Part]) -> Iterator[tuple[Part, ...]]:
    group: list[Part] = []
    quoted = False
    for part in _broken(parts):
        remark = part is not None and part.style is Style.SMALL and bool(group)
        if group and (part is None or remark or (quoted and part.style is Style.STRONG)):
            yield tuple(group)
            group, quoted = [], False
        if part is None:
            continue
        quoted = quoted or part.style is Style.QUOTE
        group.append(part if part.style is Style.STRONG else Part(part.text))
        if remark:
            yield tuple(group)
            group, quoted = [], False
    if group:
        yield tuple(group)


def _broken(parts: Sequence[Part]) -> Iterator[Part | None]:
    """Our own sentences, None where they say so; what people or sources wrote is never cut."""
    for part in parts:
        if part.style is not Style.PLAIN:
            yield part
            continue
        for ordinal, text in enumerate(part.text.split(_BREAK)):
            if ordinal:
                yield None
            yield Part(text)
