"""Which residents a member of staff is talking with."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "talks",
        sa.Column("person", sa.String(128), nullable=False),
        sa.Column("number", sa.String(16), nullable=False),
        sa.Column("officer", sa.String(128), nullable=False),
        sa.Column("place", sa.String(128), nullable=False),
        sa.Column("last_at", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("person", name="pk_talks"),
    )
