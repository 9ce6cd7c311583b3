"""What people asked and did not get: the unsettled questions of the ledger, in clusters, most asked first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.desk.tables import questions
from bot.dialogue.clusters import Asked, clusters
from bot.dialogue.messages import OutcomeKind
from bot.dialogue.questions import NONE_FITS, USELESS

LOOK_BACK = timedelta(days=180)
_MOST_TEXTS = 300  # different ones, the newest
_ALIKE = 0.45  # less than what counts as asked by several (art. 44): here a person looks at each anyway


@dataclass(frozen=True)
class Missed:
    """One thing that people asked for in one or several ways; `texts` are masked, the most asked first."""

    texts: tuple[str, ...]
    ids: tuple[int, ...]  # of the rows, the newest of the first text first
    last_asked: datetime
    answered_with: tuple[str, ...] = ()  # ids of entries that were called useless

    @property
    def id(self) -> int:
        """Names it in a button, as long as this row is part of it."""
        return self.ids[0]

    @property
    def count(self) -> int:
        return len(self.ids)


def missed(connection: Connection, now: datetime) -> list[Missed]:
    """All of them, most asked first."""
    by_text: dict[str, list[sa.Row[tuple[object, ...]]]] = {}
    for row in connection.execute(_rows(now)):
        if row.text_masked in by_text or len(by_text) < _MOST_TEXTS:
            by_text.setdefault(row.text_masked, []).append(row)
    asked = [Asked(text, text, "") for text, _ in sorted(by_text.items(), key=lambda item: -len(item[1]))]
    found = [_missed([by_text[text] for text in cluster.keys]) for cluster in clusters(asked, _ALIKE)]
    return sorted(found, key=lambda each: (-each.count, -each.id))


def missed_with(connection: Connection, now: datetime, question_id: int) -> Missed | None:
    """The one that this question is part of; None when it is settled, or too long ago."""
    return next((each for each in missed(connection, now) if question_id in each.ids), None)


def _rows(now: datetime) -> sa.Select[tuple[object, ...]]:
    was_missed = sa.or_(
        questions.c.outcome == OutcomeKind.ROUTE.value, questions.c.feedback.in_((USELESS, NONE_FITS))
    )
    return (
        sa.select(questions)
        .where(was_missed, questions.c.settled.is_(None), questions.c.text_masked != "")
        .where(questions.c.asked_at >= now - LOOK_BACK)
        .order_by(questions.c.id.desc())
    )


def _missed(same: Sequence[Sequence[sa.Row[tuple[object, ...]]]]) -> Missed:
    rows = [row for each in same for row in each]
    useless = [row.entry_id for row in rows if row.feedback == USELESS and row.entry_id]
    return Missed(
        texts=tuple(each[0].text_masked for each in same),
        ids=tuple(row.id for row in rows),
        last_asked=max(row.asked_at for row in rows),
        answered_with=tuple(dict.fromkeys(useless)),
    )


def found_after_all(connection: Connection, ids: Sequence[int]) -> list[tuple[str, str, str]]:
    """Where people found what they had missed: what they asked first, what then, and the entry's id."""
    first, then = questions.alias("first"), questions.alias("then")
    entry = sa.func.coalesce(then.c.chosen_entry_id, then.c.entry_id)
    query = (
        sa.select(first.c.text_masked, then.c.text_masked, entry)
        .join(then, then.c.id == first.c.reworded_id)
        .where(first.c.id.in_(ids), entry.is_not(None))
        .order_by(first.c.id.desc())
    )
    return [(row[0], row[1], row[2]) for row in connection.execute(query)]
