"""Who wants to hear of new entries of a category, and which entries are new: rows of the ledger.

    subscribe ─▶ the category is watched: what it holds now is known, and is no news
    the index changes (a reload, a publication, by whichever program)
        ─▶ `look` compares: what was never there before becomes a row of `news`, once
    a digest ─▶ `take` gives the news after the last one told, and moves the mark, once a day

A mark instead of a list of told entries: whatever a person was told lies at or before it, so that a restart,
a second worker or a subscription made anew never tells an entry twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.dialogue import tables
from knowledge.base import Base

_table, _watched, _news = tables.subscriptions, tables.watched_categories, tables.news


@dataclass(frozen=True)
class Subscription:
    """One person, one category; `told_through` is the id of the last of `news` that was told."""

    id: int
    person: str
    address: str
    category: str
    told_through: int


# ---- by the person ---------------------------------------------------------------------------------------
def subscribe(
    connection: Connection, now: datetime, base: Base, *, person: str, address: str, category: str
) -> None:
    """From now on; what is there already is not told.  Doing it twice changes nothing."""
    if is_subscribed(connection, person, category):
        return
    _watch(connection, now, base, category)
    connection.execute(
        sa.insert(_table).values(
            person=person,
            address=address,
            category=category,
            made_at=now,
            told_through=_newest(connection),
            told_on=_told_on(connection, person),
        )
    )


def cancel(connection: Connection, person: str, category: str = "") -> int:
    """One subscription, or all of this person; how many there were."""
    which = _table.c.person == person
    if category:
        which &= _table.c.category == category
    return connection.execute(sa.delete(_table).where(which)).rowcount


def end_at(connection: Connection, address: str) -> int:
    """This chat cannot be reached any more; how many subscriptions ended."""
    return connection.execute(sa.delete(_table).where(_table.c.address == address)).rowcount


def categories_of(connection: Connection, person: str) -> list[str]:
    """What this person has subscribed to, the oldest first."""
    query = sa.select(_table.c.category).where(_table.c.person == person).order_by(_table.c.id)
    return list(connection.execute(query).scalars())


def is_subscribed(connection: Connection, person: str, category: str) -> bool:
    return category in categories_of(connection, person)


def _told_on(connection: Connection, person: str) -> date | None:
    """One digest a day, however many subscriptions."""
    query = sa.select(sa.func.max(_table.c.told_on)).where(_table.c.person == person)
    found: date | None = connection.execute(query).scalar()
    return found


# ---- what is new -----------------------------------------------------------------------------------------
def look(connection: Connection, now: datetime, base: Base) -> int:
    """Compare every watched category with the index, when that has changed; how many entries are new."""
    version = base.version
    query = sa.select(_watched.c.category).where(_watched.c.version != version)
    names = connection.execute(query).scalars().all()
    return sum(_compare(connection, now, base, name) or 0 for name in names)


def _watch(connection: Connection, now: datetime, base: Base, category: str) -> None:
    """What it holds is known from now on.  Thousands of entries take some ms, once per category."""
    if _compare(connection, now, base, category) is None:
        connection.execute(
            sa.insert(_watched).values(
                category=category, entries=_tokens(base, category), version=base.version
            )
        )


def _compare(connection: Connection, now: datetime, base: Base, category: str) -> int | None:
    """How many entries are new in a watched category; None when it is not watched.

    Of two workers that look at once, the one whose UPDATE finds the version unchanged writes the news.
    An entry that goes and comes back (a source was broken for a while) is no news.
    """
    row = connection.execute(sa.select(_watched).where(_watched.c.category == category)).one_or_none()
    if row is None:
        return None
    if row.version == base.version:
        return 0
    known = set(row.entries)
    fresh = [token for token in _tokens(base, category) if token not in known]
    ours = connection.execute(
        sa.update(_watched)
        .where(_watched.c.category == category, _watched.c.version == row.version)
        .values(entries=[*row.entries, *fresh], version=base.version)
    )
    if not ours.rowcount:
        return 0
    for token in fresh:
        connection.execute(sa.insert(_news).values(category=category, entry=token, seen_at=now))
    return len(fresh)


def _tokens(base: Base, category: str) -> list[str]:
    size = next((count for name, count in base.categories() if name == category), 0)
    return [entry.token for entry in base.browse(category, 0, size)] if size else []


def _newest(connection: Connection) -> int:
    return int(connection.execute(sa.select(sa.func.coalesce(sa.func.max(_news.c.id), 0))).scalar_one())


# ---- telling ---------------------------------------------------------------------------------------------
def waiting(connection: Connection, today: date, most: int) -> Sequence[str]:
    """People with untold news who have had no digest today."""
    has_news = sa.exists().where(_news.c.category == _table.c.category, _news.c.id > _table.c.told_through)
    query = sa.select(_table.c.person).where(has_news, _not_yet(today)).distinct().limit(most)
    return connection.execute(query).scalars().all()


def take(connection: Connection, today: date, person: str) -> dict[Subscription, list[str]]:
    """The untold entries (tokens) of each subscription, from now on told; {} when another worker has them.

    The mark moves to the newest row of the category that is visible now.  Where rows become visible out of
    the order of their ids (PostgreSQL, two writers at once), the lock of `_compare` on the category's row
    keeps each category in order.
    """
    rows = connection.execute(sa.select(_table).where(_table.c.person == person, _not_yet(today))).all()
    taken: dict[Subscription, list[str]] = {}
    for row in rows:
        found = connection.execute(
            sa.select(_news.c.id, _news.c.entry)
            .where(_news.c.category == row.category, _news.c.id > row.told_through)
            .order_by(_news.c.id)
        ).all()
        mark = found[-1].id if found else row.told_through
        ours = connection.execute(
            sa.update(_table)
            .where(_table.c.id == row.id, _table.c.told_through == row.told_through, _not_yet(today))
            .values(told_through=mark, told_on=today)
        )
        if found and ours.rowcount:
            subscription = Subscription(row.id, row.person, row.address, row.category, mark)
            taken[subscription] = [each.entry for each in found]
    return taken


def _not_yet(today: date) -> sa.ColumnElement[bool]:
    return sa.or_(_table.c.told_on.is_(None), _table.c.told_on < today)
