"""How urgent a message is, and when a chat was served: what the order of the mailbox comes from."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("outbox", sa.Column("urgency", sa.Integer, nullable=False, server_default="1"))
    op.create_index("ix_outbox_chat_sent_at", "outbox", ["chat", "sent_at"])
    op.create_index("ix_updates_chat_handled_at", "updates", ["chat", "handled_at"])
