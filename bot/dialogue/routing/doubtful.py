"""What may have been meant where nothing was found: something to be done, offered beside the ways on.

    searched ─┬─ answered ──────────────────────────────────▶ the answer alone
              └─ not found, or only near ─┬─ likely an act ─▶ the same, with its button
                                          └─ else ──────────▶ the same

A wish that is read with too little certainty to be done is searched; that it is not found makes it likelier.
"""

from __future__ import annotations

from dataclasses import replace

from bot.dialogue.payload import Act
from bot.dialogue.staff import spoken
from bot.dialogue.visit import Visit
from bot.messages import Button, OutcomeKind, Part, Turn

_PERSON = ("button_person", Act.PERSON)
_MINE = ("button_progress", Act.MINE)
_BUTTONS: dict[str, tuple[str, Act, *tuple[str, ...]]] = {
    "human": _PERSON,
    "confused": _PERSON,
    "no_typing": ("button_oral_help", Act.ORAL_HELP),
    "larger": ("button_large", Act.LARGE, "on"),
    "status": _MINE,
    "withdraw": _MINE,
    "read_reply": _MINE,
}


def offered(visit: Visit, text: str, done: Turn) -> Turn:
    """The turn with the buttons of what may be meant instead, where it holds no answer."""
    if not visit.is_private or done.outcome not in (OutcomeKind.ROUTE, OutcomeKind.SUGGEST):
        return done
    if visit.is_staff:
        if done.outcome is OutcomeKind.ROUTE and (shown := spoken.shown_at_last(visit, text)) is not None:
            return shown
        rows = spoken.likely_rows(visit, text)
    else:
        rows = _rows(visit, text)
    own = [at for at, each in enumerate(done.outgoing) if each.address == visit.incoming.address]
    if not rows or not own:
        return done
    last = done.outgoing[own[-1]]
    there = {button.data for row in last.buttons for button in row}
    rows = [row for row in rows if row[0].data not in there]
    if not rows:
        return done
    told = Part(visit.voice.word("perhaps_meant"))
    buttons = tuple(map(tuple, (*last.buttons, *rows)))
    asked = replace(last, parts=(*last.parts, told), buttons=buttons)
    return replace(done, outgoing=(*done.outgoing[: own[-1]], asked, *done.outgoing[own[-1] + 1 :]))


def _rows(visit: Visit, text: str) -> list[list[Button]]:
    meant = visit.services.understanding.action(text)
    named = _BUTTONS.get(meant.action) if meant is not None else None
    return [[visit.voice.button(*named)]] if named else []
