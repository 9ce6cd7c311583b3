"""What people asked and did not get: the unsettled questions of the ledger, in clusters, most asked first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.desk.tables import questions
from bot.dialogue.admin.clusters import Asked, clusters
from bot.dialogue.questions import NONE_FITS, USELESS
from bot.ledger.columns import Instant
from bot.messages import OutcomeKind

LOOK_BACK = timedelta(days=180)
_MOST_TEXTS = 200  # different ones, the most asked
_ALIKE = 0.45  # less than what counts as asked by several (art. 44): here a person looks at each anyway


@dataclass(frozen=True)
class Missed:
    """One thing that people asked for in one or several ways; `texts` are masked, the most asked first."""

    id: int  # of the newest row with the first text: names it in a button, as long as that is part of it
    texts: tuple[str, ...]
    count: int
    last_asked: datetime


@dataclass(frozen=True)
class _Text:
    """All askings in the same words."""

    text: str
    count: int
    newest: int
    last_asked: datetime


def missed(connection: Connection, now: datetime) -> list[Missed]:
    """All of them, most asked first.  Counted by the database: an admin waits for it in a turn."""
    count = sa.func.count().label("count")
    newest, last = sa.func.max(questions.c.id), sa.func.max(questions.c.asked_at)
    query = (
        sa.select(questions.c.text_masked, count, newest, sa.type_coerce(last, Instant))
        .where(*_is_missed(now))
        .group_by(questions.c.text_masked)
        .order_by(count.desc(), newest.desc())
        .limit(_MOST_TEXTS)
    )
    by_text = {row[0]: _Text(*row) for row in connection.execute(query)}
    asked = [Asked(text, text, "") for text in by_text]
    found = [_missed([by_text[text] for text in cluster.keys]) for cluster in clusters(asked, _ALIKE)]
    return sorted(found, key=lambda each: (-each.count, -each.id))


def missed_with(connection: Connection, now: datetime, question_id: int) -> Missed | None:
    """The one that this question is part of; None when it is settled, or too long ago."""
    query = sa.select(questions.c.text_masked).where(questions.c.id == question_id, *_is_missed(now))
    text = connection.execute(query).scalar()
    return next((each for each in missed(connection, now) if text in each.texts), None) if text else None


def ids_of(connection: Connection, now: datetime, each: Missed) -> Sequence[int]:
    """The rows that it is made of."""
    query = sa.select(questions.c.id).where(questions.c.text_masked.in_(each.texts), *_is_missed(now))
    return list(connection.execute(query).scalars())


def called_useless(connection: Connection, now: datetime, each: Missed) -> list[str]:
    """The ids of entries that were given as the answer and called useless."""
    query = (
        sa.select(questions.c.entry_id)
        .where(questions.c.text_masked.in_(each.texts), *_is_missed(now))
        .where(questions.c.feedback == USELESS, questions.c.entry_id.is_not(None))
    )
    return list(dict.fromkeys(connection.execute(query.distinct()).scalars()))


def _is_missed(now: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    """Not found, or what was given called useless; and nobody has said what becomes of it."""
    was_missed = sa.or_(
        questions.c.outcome == OutcomeKind.ROUTE.value, questions.c.feedback.in_((USELESS, NONE_FITS))
    )
    is_recent = questions.c.asked_at >= now - LOOK_BACK
    return was_missed, questions.c.settled.is_(None), questions.c.text_masked != "", is_recent


def _missed(same: Sequence[_Text]) -> Missed:
    return Missed(
        id=same[0].newest,
        texts=tuple(each.text for each in same),
        count=sum(each.count for each in same),
        last_asked=max(each.last_asked for each in same),
    )


def found_after_all(connection: Connection, now: datetime, each: Missed) -> list[tuple[str, str, str]]:
    """Where people found what they had missed: what they asked first, what then, and the entry's id."""
    first, then = questions.alias("first"), questions.alias("then")
    entry = sa.func.coalesce(then.c.chosen_entry_id, then.c.entry_id)
    query = (
        sa.select(first.c.text_masked, then.c.text_masked, entry)
        .join(then, then.c.id == first.c.reworded_id)
        .where(first.c.id.in_(ids_of(connection, now, each)), entry.is_not(None))
        .order_by(first.c.id.desc())
    )
    return [(row[0], row[1], row[2]) for row in connection.execute(query)]
