"""How staff come into the web pages: passkeys, spare codes, calendars, and a name with the code of a role."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("role_codes", sa.Column("name", sa.String(40), nullable=False, server_default=""))
    op.add_column("web_sessions", sa.Column("passkey", sa.String(512)))
    op.create_table(
        "web_passkeys",
        sa.Column("credential", sa.String(512), primary_key=True),
        sa.Column("visitor", sa.String(32), nullable=False),
        sa.Column("public_key", sa.Text, nullable=False),
        sa.Column("sign_count", sa.Integer, nullable=False),
        sa.Column("label", sa.String(40), nullable=False),
        sa.Column("made_at", sa.String(32), nullable=False),
        sa.Column("used_at", sa.String(32)),
        sa.Column("ended_at", sa.String(32)),
    )
    op.create_index("ix_web_passkeys_visitor", "web_passkeys", ["visitor"])
    op.create_table(
        "web_links",
        sa.Column("token_hash", sa.String(64), primary_key=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("visitor", sa.String(32), nullable=False),
        sa.Column("made_at", sa.String(32), nullable=False),
        sa.Column("ended_at", sa.String(32)),
    )
