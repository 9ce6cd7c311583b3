"""What came in and what goes out, as rows of the ledger."""

from __future__ import annotations

import sqlalchemy as sa

from bot.ledger.columns import Instant, metadata

updates = sa.Table(
    "updates",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("channel", sa.String(32), nullable=False),
    sa.Column("update_key", sa.String(128), nullable=False),
    sa.Column("chat", sa.String(128), nullable=False),  # an address: telegram:42
    sa.Column("payload", sa.Text),  # sealed JSON; erased when handled
    sa.Column("received_at", Instant, nullable=False),
    sa.Column(
        "status", sa.String(16), nullable=False, server_default="pending"
    ),  # pending fetching handled failed
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    sa.Column("handled_at", Instant),
    sa.Column("error", sa.Text),
    sa.UniqueConstraint("channel", "update_key"),
    sa.Index("ix_updates_status_chat", "status", "chat", "id"),
    sa.Index("ix_updates_chat_handled_at", "chat", "handled_at"),  # whose turn it is
)

outbox = sa.Table(
    "outbox",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("channel", sa.String(32), nullable=False),
    sa.Column("chat", sa.String(128), nullable=False),
    sa.Column("event", sa.String(64), nullable=False),  # the sentence in the words, for logs
    sa.Column("payload", sa.Text),  # sealed JSON, a document as base64 in it
    sa.Column("created_at", Instant, nullable=False),
    # waiting held sending sent merged undeliverable dead
    sa.Column("status", sa.String(16), nullable=False, server_default="waiting"),
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    sa.Column("next_try_at", Instant),  # while sending: when the sender's lease ends
    sa.Column("sender", sa.String(64)),  # which process is sending it, so that a restart frees it at once
    sa.Column("sent_at", Instant),
    sa.Column("remote_id", sa.String(128)),
    sa.Column("error", sa.Text),
    sa.Column("update_id", sa.Integer, sa.ForeignKey("updates.id")),
    sa.Column("answers", sa.String(128)),  # the person's message in this chat that it answers
    sa.Column("subject", sa.String(16), nullable=False, server_default=""),  # the number it is about
    sa.Column("urgency", sa.Integer, nullable=False, server_default="1"),  # 0 answer, 1 notice, 2 news
    sa.Index("ix_outbox_status_channel", "status", "channel", "id"),
    sa.Index("ix_outbox_chat", "chat", "id"),
    sa.Index("ix_outbox_chat_sent_at", "chat", "sent_at"),  # whose turn it is
    sa.Index("ix_outbox_chat_answers", "chat", "answers"),
    sa.Index("ix_outbox_channel_sent_at", "channel", "sent_at"),  # the pace of sending
    sa.Index("ix_outbox_chat_remote_id", "chat", "remote_id"),  # what a reply is about
)

topics = sa.Table(  # where a group talks about a request
    "topics",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("chat", sa.String(128), nullable=False),
    sa.Column("subject", sa.String(16), nullable=False),  # the number of a request or an inquiry
    sa.Column("thread", sa.String(64)),  # the channel's id; NULL while it is being made
    sa.Column("begun_at", Instant, nullable=False),
    sa.Column("lost", sa.Integer, nullable=False, server_default="0"),  # how often people deleted it
    sa.UniqueConstraint("chat", "subject"),
    sa.Index("ix_topics_chat_thread", "chat", "thread"),
)

moved_chats = sa.Table(  # groups that became supergroups
    "moved_chats",
    metadata,
    sa.Column("old", sa.String(128), primary_key=True),
    sa.Column("new", sa.String(128), nullable=False),
    sa.Column("moved_at", Instant, nullable=False),
)
