"""Who wants to hear of new entries of a category, what those categories held, and what came into them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "subscriptions",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("person", sa.String(128), nullable=False),
        sa.Column("address", sa.String(128), nullable=False),
        sa.Column("category", sa.String(200), nullable=False),
        sa.Column("made_at", sa.String(32), nullable=False),
        sa.Column("told_through", sa.Integer, nullable=False),
        sa.Column("told_on", sa.String(10)),
        sa.UniqueConstraint("person", "category", name="uq_subscriptions_person_category"),
    )
    op.create_index("ix_subscriptions_category", "subscriptions", ["category"])
    op.create_table(
        "watched_categories",
        sa.Column("category", sa.String(200), primary_key=True),
        sa.Column("entries", sa.Text, nullable=False),
        sa.Column("version", sa.String(64), nullable=False),
    )
    op.create_table(
        "news",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("category", sa.String(200), nullable=False),
        sa.Column("entry", sa.String(10), nullable=False),
        sa.Column("seen_at", sa.String(32), nullable=False),
        sa.UniqueConstraint("category", "entry", name="uq_news_category_entry"),
    )
