"""Topics of the staff's group, groups that moved, and what each message is about."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_INSTANT = sa.String(32)


def upgrade() -> None:
    op.add_column("outbox", sa.Column("subject", sa.String(16), nullable=False, server_default=""))
    op.create_index("ix_outbox_chat_remote_id", "outbox", ["chat", "remote_id"])
    op.create_table(
        "topics",
        sa.Column("id", sa.Integer, autoincrement=True, nullable=False),
        sa.Column("chat", sa.String(128), nullable=False),
        sa.Column("subject", sa.String(16), nullable=False),
        sa.Column("thread", sa.String(64)),
        sa.Column("begun_at", _INSTANT, nullable=False),
        sa.Column("lost", sa.Integer, nullable=False, server_default="0"),
        sa.PrimaryKeyConstraint("id", name="pk_topics"),
        sa.UniqueConstraint("chat", "subject", name="uq_topics_chat_subject"),
    )
    op.create_index("ix_topics_chat_thread", "topics", ["chat", "thread"])
    op.create_table(
        "moved_chats",
        sa.Column("old", sa.String(128), nullable=False),
        sa.Column("new", sa.String(128), nullable=False),
        sa.Column("moved_at", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("old", name="pk_moved_chats"),
    )
    op.create_table(
        "origins",
        sa.Column("subject", sa.String(16), nullable=False),
        sa.Column("chat", sa.String(128), nullable=False),
        sa.Column("message_id", sa.String(64), nullable=False),
        sa.Column("written_at", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("subject", name="pk_origins"),
    )
