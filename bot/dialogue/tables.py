"""What the dialogue keeps of chats, of people, and of what is to be said or done later."""

from __future__ import annotations

import sqlalchemy as sa

from bot.ledger.columns import Day, Instant, Json, metadata

conversations = sa.Table(
    "conversations",
    metadata,
    sa.Column("address", sa.String(128), primary_key=True),
    sa.Column("person", sa.String(128), nullable=False),
    sa.Column("language", sa.String(16), nullable=False, server_default=""),
    sa.Column("state", Json, nullable=False),
    sa.Column("updated_at", Instant, nullable=False),
)

people = sa.Table(
    "people",
    metadata,
    sa.Column("person", sa.String(128), primary_key=True),
    sa.Column("address", sa.String(128), nullable=False),
    sa.Column("first_seen_at", Instant, nullable=False),
    sa.Column("language", sa.String(16), nullable=False, server_default=""),
)

origins = sa.Table(  # the message in which a clerk wrote the words of an answer: it gets the mark of delivery
    "origins",
    metadata,
    sa.Column("subject", sa.String(16), primary_key=True),
    sa.Column("chat", sa.String(128), nullable=False),
    sa.Column("message_id", sa.String(64), nullable=False),
    sa.Column("written_at", Instant, nullable=False),
)

talks = sa.Table(  # residents with whom a member of staff is talking: the bot does not answer them then
    "talks",
    metadata,
    sa.Column("person", sa.String(128), primary_key=True),
    sa.Column("number", sa.String(16), nullable=False),  # of the inquiry
    sa.Column("officer", sa.String(128), nullable=False),
    sa.Column("place", sa.String(128), nullable=False),  # the chat in which staff read what is written
    sa.Column("last_at", Instant, nullable=False),
)

reminders = sa.Table(  # what staff were reminded of, so that each is said once
    "reminders",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("key", sa.String(96), nullable=False, unique=True),  # 2026-0001/2026-12-22/day_5
    sa.Column("subject", sa.String(16), nullable=False),  # the number, "" for a digest
    sa.Column("kind", sa.String(16), nullable=False),  # digest unconfirmed soon today late
    sa.Column("made_at", Instant, nullable=False),
    sa.Column("acknowledged_at", Instant),
    sa.Column("acknowledged_by", sa.String(128), nullable=False, server_default=""),
    sa.Column("escalated_at", Instant),
    sa.Index("ix_reminders_kind_made_at", "kind", "made_at"),
)

subscriptions = sa.Table(  # who wants to hear of new entries of a category
    "subscriptions",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("person", sa.String(128), nullable=False),
    sa.Column("address", sa.String(128), nullable=False),
    sa.Column("category", sa.String(200), nullable=False),
    sa.Column("made_at", Instant, nullable=False),
    sa.Column("told_through", sa.Integer, nullable=False),  # the last of `news` that was told
    sa.Column("told_on", Day),
    sa.UniqueConstraint("person", "category"),
    sa.Index("ix_subscriptions_category", "category"),
)

watched_categories = sa.Table(  # what a category held when it was last looked at
    "watched_categories",
    metadata,
    sa.Column("category", sa.String(200), primary_key=True),
    sa.Column("entries", Json, nullable=False),  # tokens of all entries there ever were
    sa.Column("version", sa.String(64), nullable=False),  # of the index
)

news = sa.Table(  # entries that came into a watched category
    "news",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("category", sa.String(200), nullable=False),
    sa.Column("entry", sa.String(10), nullable=False),  # its token
    sa.Column("seen_at", Instant, nullable=False),
    sa.UniqueConstraint("category", "entry"),
)

proposals = sa.Table(  # art. 44: what several people asked for, proposed for publication
    "proposals",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("topic", sa.Text, nullable=False),  # masked
    sa.Column("members", Json, nullable=False),  # numbers, and ids of questions
    sa.Column("made_at", Instant, nullable=False),
    sa.Column("status", sa.String(16), nullable=False, server_default="open"),  # open accepted declined
    sa.Column("decided_by", sa.String(128), nullable=False, server_default=""),
    sa.Column("decided_at", Instant),
    sa.Column("reason", sa.Text, nullable=False, server_default=""),
    sa.Index("ix_proposals_status", "status", "id"),
)

errands = sa.Table(  # work that takes too long for a turn: done beside it, finished by the next start
    "errands",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("person", sa.String(128), nullable=False, server_default=""),
    sa.Column("address", sa.String(128), nullable=False, server_default=""),  # who is told, "" = nobody
    sa.Column("argument", sa.String(64), nullable=False, server_default=""),
    sa.Column("left_at", Instant, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    sa.Column("taken_by", sa.String(64)),
    sa.Column("taken_until", Instant),
    sa.Column("done_at", Instant),
    sa.Column("error", sa.Text),
    sa.Index("ix_errands_done_at", "done_at", "id"),
)

reloads = sa.Table(  # which state of the knowledge was looked at, and what became of it
    "reloads",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("at", Instant, nullable=False),
    sa.Column("kind", sa.String(16), nullable=False),  # start reload changed roll_back publish
    sa.Column("person", sa.String(128), nullable=False, server_default=""),
    sa.Column("state", sa.String(16), nullable=False),  # of the files, settings and weights
    sa.Column("result", sa.String(16), nullable=False),  # live forced unchanged refused broken rolled_back
    sa.Column("version", sa.String(32), nullable=False, server_default=""),  # that answers since
    sa.Column("details", Json, nullable=False),  # figures of the examination
)

wordings = sa.Table(  # everyday words that admins let stand for official ones, or did not
    "wordings",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("word", sa.String(64), nullable=False),
    sa.Column("instead", sa.String(64), nullable=False),
    sa.Column("status", sa.String(16), nullable=False),  # accepted declined
    sa.Column("decided_by", sa.String(128), nullable=False),
    sa.Column("decided_at", Instant, nullable=False),
    sa.Column("reason", sa.Text, nullable=False, server_default=""),
)
