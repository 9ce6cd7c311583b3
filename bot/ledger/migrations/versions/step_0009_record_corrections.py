"""Correction of a record about oneself (art. 41): its applications and their letters."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "record_corrections",
        sa.Column("number", sa.String(16), primary_key=True),
        sa.Column("person", sa.String(128), nullable=False, server_default=""),
        sa.Column("applicant_kind", sa.String(2), nullable=False),
        sa.Column("applicant_masked", sa.String(64), nullable=False),
        sa.Column("contact_masked", sa.String(128), nullable=False),
        sa.Column("record", sa.Text, nullable=False),
        sa.Column("sealed", sa.Text),
        sa.Column("filed_at", sa.String(32), nullable=False),
        sa.Column("request_number", sa.String(16), nullable=False, server_default=""),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("assigned_to", sa.String(128), nullable=False, server_default=""),
        sa.Column("ended_on", sa.String(10)),
    )
    op.create_index("ix_record_corrections_status", "record_corrections", ["status", "number"])
    op.create_index("ix_record_corrections_person", "record_corrections", ["person"])
    op.create_table(
        "record_correction_letters",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("number", sa.String(16), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("filename", sa.String(200), nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.Column("created_at", sa.String(32), nullable=False),
        sa.ForeignKeyConstraint(
            ["number"],
            ["record_corrections.number"],
            name="fk_record_correction_letters_number_record_corrections",
        ),
    )
    op.create_index("ix_record_correction_letters_number", "record_correction_letters", ["number"])
