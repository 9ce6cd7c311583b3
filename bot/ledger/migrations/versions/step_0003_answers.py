"""Which message of a person each message of ours answers, so that a changed question is answered in place."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("outbox", sa.Column("answers", sa.String(128)))
    op.create_index("ix_outbox_chat_answers", "outbox", ["chat", "answers"])
