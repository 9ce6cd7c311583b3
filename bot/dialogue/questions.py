"""The questions people asked: masked, and without who asked.

They show what is missing, and they are what a new index is examined with.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.desk import tables
from bot.desk.masking import mask
from bot.dialogue.admin.examination import Stored
from bot.messages import OutcomeKind

_LONGEST_KEPT = 500
_RECORD = sa.insert(tables.questions)  # built once: building it takes longer than running it
USEFUL, USELESS, NONE_FITS = "useful", "useless", "none_fits"
CONFIRMED, ANSWERED, DECLINED = (
    "confirmed",
    "answered",
    "declined",
)  # what staff, or a later index, made of it
_ASKED_OF_THE_BASE = (OutcomeKind.ANSWER.value, OutcomeKind.SUGGEST.value, OutcomeKind.ROUTE.value)
_ROWS_PER_QUESTION = 20  # the same is asked again and again
_AT_ONCE = 500  # texts in one statement
_PHRASINGS = 30  # of one entry


@dataclass(frozen=True)
class Tally:
    """How many questions there were since a day, by outcome."""

    total: int
    by_outcome: dict[str, int]
    useful: int
    useless: int


def record(
    connection: Connection,
    now: datetime,
    text: str,
    outcome: OutcomeKind,
    *,
    entry_id: str = "",
    score: float | None = None,
) -> int:
    """Keep a question; its id goes into the buttons under the answer."""
    values = {
        "asked_at": now,
        "text_masked": mask(text).text[:_LONGEST_KEPT],
        "outcome": outcome.value,
        "entry_id": entry_id or None,
        "score": score,
    }
    result = connection.execute(_RECORD, values)
    key = result.inserted_primary_key
    assert key is not None
    return int(key[0])


def give_feedback(connection: Connection, question_id: int, feedback: str) -> None:
    """有用, 没用 or 都不是."""
    _update(connection, question_id, feedback=feedback)


def choose(connection: Connection, question_id: int, entry_id: str) -> None:
    """The suggestion that was picked."""
    _update(connection, question_id, chosen_entry_id=entry_id)


def _update(connection: Connection, question_id: int, **values: str) -> None:
    table = tables.questions
    connection.execute(sa.update(table).where(table.c.id == question_id).values(**values))


# ---- what is known of them --------------------------------------------------------------------------------
def stored(connection: Connection, most: int) -> list[Stored]:
    """The questions to examine a new index with: each once, those first of which something is known.

    Within each kind the newest come first.  What staff confirmed outweighs what residents pressed.
    """
    table = tables.questions
    rows = connection.execute(
        sa.select(table)
        .where(table.c.outcome.in_(_ASKED_OF_THE_BASE), table.c.text_masked != "")
        .order_by(sa.case((table.c.settled.in_((CONFIRMED, DECLINED)), 0), else_=1), table.c.id.desc())
        .limit(most * _ROWS_PER_QUESTION)
    )
    by_text: dict[str, list[sa.Row[tuple[object, ...]]]] = {}
    for row in rows:
        by_text.setdefault(row.text_masked, []).append(row)
    found = [_judged(text, same) for text, same in by_text.items()]
    return sorted(found, key=lambda question: not question.is_judged)[:most]


def _judged(text: str, rows: Sequence[sa.Row[tuple[object, ...]]]) -> Stored:
    """What the askings of one question say together; the newest word of staff stands."""
    for row in rows:
        if row.settled == CONFIRMED and row.right_entry_id:
            return Stored(text, right=frozenset({row.right_entry_id}))
        if row.settled == DECLINED:
            return Stored(text, none=True)
    right = {row.chosen_entry_id for row in rows if row.chosen_entry_id}
    right |= {row.entry_id for row in rows if row.feedback == USEFUL and row.entry_id}
    wrong = {row.entry_id for row in rows if row.feedback in (USELESS, NONE_FITS) and row.entry_id}
    return Stored(text, right=frozenset(right - wrong), wrong=frozenset(wrong - right))


def settle(
    connection: Connection,
    now: datetime,
    ids: Sequence[int],
    settled: str,
    *,
    person: str,
    entry_id: str = "",
    reason: str = "",
) -> None:
    """Staff say which entry is right (CONFIRMED), or that none ought to answer, and why (DECLINED)."""
    values = {
        "settled": settled,
        "settled_by": person,
        "settled_at": now,
        "right_entry_id": entry_id or None,
        "settled_reason": reason or None,
    }
    connection.execute(sa.update(tables.questions).where(tables.questions.c.id.in_(ids)).values(**values))


def unsettle(connection: Connection, question_id: int) -> bool:
    """Take it back, for all that were settled together; False when staff have not settled it."""
    table = tables.questions
    row = connection.execute(sa.select(table).where(table.c.id == question_id)).first()
    if row is None or row.settled not in (CONFIRMED, DECLINED):
        return False
    together = (table.c.settled_at == row.settled_at) & (table.c.settled_by == row.settled_by)
    nothing = dict.fromkeys(("settled", "settled_by", "settled_at", "right_entry_id", "settled_reason"))
    connection.execute(sa.update(table).where(together).values(**nothing))
    return True


def text_of(connection: Connection, question_id: int) -> str:
    """The masked words, "" when they are not kept (any more)."""
    query = sa.select(tables.questions.c.text_masked).where(tables.questions.c.id == question_id)
    return str(connection.execute(query).scalar() or "")


def confirmed_phrasings(connection: Connection) -> dict[str, tuple[str, ...]]:
    """How people ask for an entry, as staff confirmed it: entry id -> questions, the newest first."""
    table = tables.questions
    query = (
        sa.select(table.c.right_entry_id, table.c.text_masked)
        .where(table.c.settled == CONFIRMED, table.c.right_entry_id.is_not(None), table.c.text_masked != "")
        .order_by(table.c.id.desc())
    )
    found: dict[str, dict[str, None]] = {}
    for entry_id, text in connection.execute(query):
        known = found.setdefault(entry_id, {})
        if len(known) < _PHRASINGS:
            known[text] = None
    return {entry_id: tuple(texts) for entry_id, texts in found.items()}


def found_at_last(connection: Connection, earlier: Sequence[int], question_id: int) -> None:
    """Somebody has found with other words what was missed just before: the two belong together."""
    table = tables.questions
    missed = sa.or_(table.c.outcome == OutcomeKind.ROUTE.value, table.c.feedback.in_((USELESS, NONE_FITS)))
    last = sa.select(sa.func.max(table.c.id)).where(table.c.id.in_(earlier), table.c.id < question_id)
    connection.execute(
        sa.update(table)
        .where(table.c.id == last.scalar_subquery(), missed, table.c.reworded_id.is_(None))
        .values(reworded_id=question_id)
    )


def settle_answered(connection: Connection, now: datetime, texts: Sequence[str]) -> None:
    """A new index answers these: they are not unanswered any more."""
    table = tables.questions
    for start in range(0, len(texts), _AT_ONCE):
        connection.execute(
            sa.update(table)
            .where(table.c.text_masked.in_(texts[start : start + _AT_ONCE]), table.c.settled.is_(None))
            .values(settled=ANSWERED, settled_at=now)
        )


# ---- figures ---------------------------------------------------------------------------------------------
def tally(connection: Connection, now: datetime, days: int) -> Tally:
    """The figures of the last days."""
    table = tables.questions
    since = table.c.asked_at >= now - timedelta(days=days)
    count = sa.func.count()
    by_outcome = {
        row[0]: row[1]
        for row in connection.execute(
            sa.select(table.c.outcome, count).where(since).group_by(table.c.outcome)
        )
    }
    feedback = {
        row[0]: row[1]
        for row in connection.execute(
            sa.select(table.c.feedback, count).where(since).group_by(table.c.feedback)
        )
    }
    return Tally(
        total=sum(by_outcome.values()),
        by_outcome=by_outcome,
        useful=feedback.get(USEFUL, 0),
        useless=feedback.get(USELESS, 0) + feedback.get(NONE_FITS, 0),
    )
