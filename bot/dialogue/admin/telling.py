"""What the texts of the documents do not tell, asked of an admin with buttons for the guesses.

An answer is a line of documents.yaml, written for the admin and told; where the file cannot be written, the
line is shown to be added by hand.  It holds from the next update on.
"""

from __future__ import annotations

import hashlib
import re
from contextlib import suppress
from pathlib import Path

from bot.dialogue.handling import handles
from bot.dialogue.payload import Act, Payload, data_of
from bot.dialogue.visit import Visit, turn
from bot.dialogue.voice import Voice
from bot.messages import Button, Outgoing, Turn
from knowledge.base import Base
from knowledge.errors import SourceError
from knowledge.sources import Ask
from knowledge.sources.directions import FILE, line_for, read_directions

LATER = "9"  # in the place of a guess
_GUESSES = 3
_UNKNOWN = "……"
_LABEL = 30  # characters of a guess on a button


def open_asks(base: Base, folder: Path) -> list[Ask]:
    """What is asked of the live documents and not yet answered in documents.yaml."""
    said = {}
    with suppress(SourceError):
        said = read_directions(folder / FILE)
    return [ask for ask in base.asks if not (ask.file in said and getattr(said[ask.file], ask.field, None))]


def asked(voice: Voice, asks: list[Ask], at: int = 0) -> Outgoing | None:
    """The question at this place, with its guesses; None when there is none."""
    if at >= len(asks):
        return None
    ask = asks[at]
    line = line_for(ask.file, **{ask.field: _UNKNOWN})
    rows = [
        [Button(guess[:_LABEL], data_of(Act.TELL, token(ask), number))] for number, guess in _numbered(ask)
    ]
    rows.append([voice.button("button_tell_later", Act.TELL, token(ask), LATER)])
    what = voice.word(f"asked_{ask.field}")
    event = "document_asked" if ask.guesses else "document_asked_openly"
    return voice.message(event, file=ask.file, what=what, line=line, count=len(asks), buttons=rows)


def _numbered(ask: Ask) -> list[tuple[int, str]]:
    return list(enumerate(ask.guesses[:_GUESSES]))


def token(ask: Ask) -> str:
    """Names a question in a button."""
    return hashlib.blake2b(f"{ask.file}\n{ask.field}".encode(), digest_size=5).hexdigest()


@handles(Act.TELL)
def press_tell(visit: Visit, payload: Payload) -> Turn:
    """A guess was taken, or put off; the next question follows."""
    asks = open_asks(visit.base, visit.settings.knowledge)
    at = next((at for at, ask in enumerate(asks) if token(ask) == payload.arguments[0]), None)
    if at is None:  # answered meanwhile, by another admin or in the file
        return _next(visit, asks, 0, visit.voice.message("document_told_already"))
    if payload.arguments[1] == LATER:
        return _next(visit, asks, at + 1, None)
    guess = dict(_numbered(asks[at])).get(int(payload.arguments[1]), "")
    line = line_for(asks[at].file, **{asks[at].field: guess})
    event = "document_told" if guess and add_line(visit.settings.knowledge, line) else "document_not_written"
    return _next(visit, asks, at + 1, visit.voice.message(event, line=line))


def _next(visit: Visit, asks: list[Ask], at: int, told: Outgoing | None) -> Turn:
    following = asked(visit.voice, asks, at)
    if following is None:
        rows = [[visit.voice.button("button_reload", Act.RELOAD)]]
        following = visit.voice.message("documents_all_asked", buttons=rows)
    return turn(*([told] if told is not None else []), following)


def add_line(folder: Path, line: str) -> bool:
    """Add a line to documents.yaml.  False, and nothing is changed, where that cannot be done well."""
    path = folder / FILE
    try:
        before = path.read_text(encoding="utf-8-sig") if path.exists() else "documents:\n"
        if path.exists():
            read_directions(path)
        indents = re.findall(r"^([ ]*)- ", before, re.MULTILINE)
        whole = f"{before.rstrip()}\n{indents[-1] if indents else '  '}{line}\n"
        beside = path.with_name(f".{FILE}.new")
        beside.write_text(whole, encoding="utf-8")
        try:
            read_directions(beside)
        except SourceError:
            beside.unlink()
            return False
        beside.replace(path)
    except (OSError, UnicodeError, SourceError):
        return False
    return True
