"""What stands on somebody's page, as rows of the ledger."""

from __future__ import annotations

import sqlalchemy as sa

from bot.ledger.columns import Instant, metadata

web_messages = sa.Table(  # what stands on somebody's page, for as long as the page is kept
    "web_messages",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("chat", sa.String(128), nullable=False),
    sa.Column("letter", sa.Integer),  # of the outbox; NULL = said by the person. Unique: shown once
    sa.Column("payload", sa.Text, nullable=False),  # sealed with the key of the mailbox
    sa.Column("at", Instant, nullable=False),
    sa.UniqueConstraint("letter"),
    sa.Index("ix_web_messages_chat", "chat", "id"),
    sa.Index("ix_web_messages_at", "at"),
)
