"""Words that people used for words of the documents: proposed from what they asked first and found then.

    低保名单在哪看        not found
    最低生活保障名单在哪看   found, and called useful    ─▶ 低保 = 最低生活保障 ?    an admin says yes or no

Nothing is learned by itself: a pair that was accepted is part of the next index, which is examined first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.dialogue.tables import wordings
from knowledge.text.normalize import fold, squeeze

ACCEPTED, DECLINED = "accepted", "declined"
_SHORTEST, _LONGEST = 2, 10  # characters of a word; one alone is part of too many words


@dataclass(frozen=True)
class Wording:
    """An everyday word and the official one; what `Base.candidate` takes as a term."""

    word: str
    instead: str

    @property
    def everyday(self) -> tuple[str, ...]:
        return (self.word,)

    @property
    def official(self) -> tuple[str, ...]:
        return (self.instead,)

    @property
    def line(self) -> str:
        """As it is written in terms.yaml."""
        return f"  - {self.word} = {self.instead}"


def proposed(asked: str, found: str) -> Wording | None:
    """The one word in which two askings differ; None when they differ in more, or in nothing.  Pure."""
    before, after = squeeze(fold(asked)), squeeze(fold(found))
    places = _differing(before, after)
    if len(places) != 1:
        return None
    (a, b), (c, d) = places[0]
    word, instead = before[a:b], after[c:d]
    if len(before) - len(word) < _SHORTEST:
        return None  # nothing in common: not the same said otherwise
    if not all(_SHORTEST <= len(each) <= _LONGEST for each in (word, instead)):
        return None
    return Wording(word, instead) if word.isalnum() and instead.isalnum() and "*" not in asked else None


Span = tuple[int, int]


def _differing(before: str, after: str) -> list[tuple[Span, Span]]:
    """Where they differ; a single equal character between two differences is chance, and part of both."""
    found: list[tuple[Span, Span]] = []
    for kind, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            continue
        if found and a - found[-1][0][1] <= 1:
            found[-1] = ((found[-1][0][0], b), (found[-1][1][0], d))
        else:
            found.append(((a, b), (c, d)))
    return found


# ---- rows of the ledger ----------------------------------------------------------------------------------
def decide(
    connection: Connection, now: datetime, wording: Wording, *, status: str, person: str, reason: str = ""
) -> None:
    """An admin has said yes or no; the newest word counts."""
    connection.execute(
        wordings.insert().values(
            word=wording.word,
            instead=wording.instead,
            status=status,
            decided_by=person,
            decided_at=now,
            reason=reason,
        )
    )


def status_of(connection: Connection, wording: Wording) -> str:
    """accepted, declined, or "" when nobody has decided."""
    query = (
        sa.select(wordings.c.status)
        .where(wordings.c.word == wording.word, wordings.c.instead == wording.instead)
        .order_by(wordings.c.id.desc())
    )
    return str(connection.execute(query).scalar() or "")


def accepted(connection: Connection) -> Sequence[Wording]:
    """What is part of every index that is built."""
    newest: dict[Wording, str] = {}
    for row in connection.execute(sa.select(wordings).order_by(wordings.c.id)):
        newest[Wording(row.word, row.instead)] = row.status
    return [wording for wording, status in newest.items() if status == ACCEPTED]
