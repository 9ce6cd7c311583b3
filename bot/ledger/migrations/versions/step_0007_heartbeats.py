"""When each service last made its rounds and last heard from its channel: for who watches from outside."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "heartbeats",
        sa.Column("service", sa.String(32), primary_key=True),
        sa.Column("round_at", sa.String(32), nullable=False),
        sa.Column("heard_at", sa.String(32)),
    )
