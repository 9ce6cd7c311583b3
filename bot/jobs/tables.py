"""Signs of life, as rows of the ledger."""

from __future__ import annotations

import sqlalchemy as sa

from bot.ledger.columns import Instant, metadata

heartbeats = sa.Table(  # the last sign of life of each service, for who watches from outside
    "heartbeats",
    metadata,
    sa.Column("service", sa.String(32), primary_key=True),
    sa.Column("round_at", Instant, nullable=False),
    sa.Column("heard_at", Instant),
)
