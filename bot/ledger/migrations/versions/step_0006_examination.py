"""Errands beside the turns, reloads on record, and what staff made of a question."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("questions", sa.Column("settled", sa.String(16)))
    op.add_column("questions", sa.Column("right_entry_id", sa.String(200)))
    op.add_column("questions", sa.Column("settled_by", sa.String(128)))
    op.add_column("questions", sa.Column("settled_at", sa.String(32)))
    op.add_column("questions", sa.Column("settled_reason", sa.Text))
    op.add_column("questions", sa.Column("reworded_id", sa.Integer))
    op.create_index("ix_questions_asked_at", "questions", ["asked_at"])
    op.create_table(
        "errands",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("person", sa.String(128), nullable=False, server_default=""),
        sa.Column("address", sa.String(128), nullable=False, server_default=""),
        sa.Column("argument", sa.String(64), nullable=False, server_default=""),
        sa.Column("left_at", sa.String(32), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
        sa.Column("taken_by", sa.String(64)),
        sa.Column("taken_until", sa.String(32)),
        sa.Column("done_at", sa.String(32)),
        sa.Column("error", sa.Text),
    )
    op.create_index("ix_errands_done_at", "errands", ["done_at", "id"])
    op.create_table(
        "reloads",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("person", sa.String(128), nullable=False, server_default=""),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("result", sa.String(16), nullable=False),
        sa.Column("version", sa.String(32), nullable=False, server_default=""),
        sa.Column("details", sa.Text, nullable=False),
    )
