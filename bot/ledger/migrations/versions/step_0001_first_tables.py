"""The first tables.

Written out rather than taken from `tables.py`: a step that has run somewhere must never change again.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_mailbox()
    _create_dialogue()
    _create_requests()
    _create_record()
    _create_inquiries()
    _forbid_changes_of_events()


def _create_mailbox() -> None:
    op.create_table(
        "updates",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("channel", sa.String(32), nullable=False),
        sa.Column("update_key", sa.String(128), nullable=False),
        sa.Column("chat", sa.String(128), nullable=False),
        sa.Column("payload", sa.Text),
        sa.Column("received_at", sa.String(32), nullable=False),
        sa.Column("status", sa.String(16), nullable=False, server_default="pending"),
        sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
        sa.Column("handled_at", sa.String(32)),
        sa.Column("error", sa.Text),
        sa.UniqueConstraint("channel", "update_key", name="uq_updates_channel_update_key"),
    )
    op.create_index("ix_updates_status_chat", "updates", ["status", "chat", "id"])
    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("channel", sa.String(32), nullable=False),
        sa.Column("chat", sa.String(128), nullable=False),
        sa.Column("event", sa.String(64), nullable=False),
        sa.Column("payload", sa.Text),
        sa.Column("created_at", sa.String(32), nullable=False),
        sa.Column("status", sa.String(16), nullable=False, server_default="waiting"),
        sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
        sa.Column("next_try_at", sa.String(32)),
        sa.Column("sender", sa.String(64)),
        sa.Column("sent_at", sa.String(32)),
        sa.Column("remote_id", sa.String(128)),
        sa.Column("error", sa.Text),
        sa.Column("update_id", sa.Integer, sa.ForeignKey("updates.id", name="fk_outbox_update_id")),
    )
    op.create_index("ix_outbox_status_channel", "outbox", ["status", "channel", "id"])
    op.create_index("ix_outbox_chat", "outbox", ["chat", "id"])
    op.create_index("ix_outbox_channel_sent_at", "outbox", ["channel", "sent_at"])


def _create_dialogue() -> None:
    op.create_table(
        "conversations",
        sa.Column("address", sa.String(128), primary_key=True),
        sa.Column("person", sa.String(128), nullable=False),
        sa.Column("language", sa.String(16), nullable=False, server_default=""),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("updated_at", sa.String(32), nullable=False),
    )
    op.create_table(
        "people",
        sa.Column("person", sa.String(128), primary_key=True),
        sa.Column("address", sa.String(128), nullable=False),
        sa.Column("first_seen_at", sa.String(32), nullable=False),
        sa.Column("language", sa.String(16), nullable=False, server_default=""),
    )
    op.create_table(
        "questions",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("asked_at", sa.String(32), nullable=False),
        sa.Column("text_masked", sa.Text, nullable=False),
        sa.Column("outcome", sa.String(16), nullable=False),
        sa.Column("entry_id", sa.String(200)),
        sa.Column("score", sa.Float),
        sa.Column("feedback", sa.String(16)),
        sa.Column("chosen_entry_id", sa.String(200)),
    )


def _create_requests() -> None:
    op.create_table(
        "numbers",
        sa.Column("series", sa.String(16), primary_key=True),
        sa.Column("last", sa.Integer, nullable=False),
    )
    op.create_table(
        "requests",
        sa.Column("number", sa.String(16), primary_key=True),
        sa.Column("person", sa.String(128), nullable=False, server_default=""),
        sa.Column("intake", sa.String(16), nullable=False),
        sa.Column("applicant_kind", sa.String(2), nullable=False),
        sa.Column("identity", sa.Text),
        sa.Column("applicant_key", sa.String(64), nullable=False),
        sa.Column("applicant_masked", sa.String(64), nullable=False),
        sa.Column("id_masked", sa.String(64), nullable=False),
        sa.Column("contact_masked", sa.String(128), nullable=False),
        sa.Column("form", sa.String(16), nullable=False),
        sa.Column("way", sa.Text, nullable=False, server_default=""),
        sa.Column("original_content", sa.Text, nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("content_hash", sa.String(64), nullable=False),
        sa.Column("submitted_at", sa.String(32), nullable=False),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("received_on", sa.String(10)),
        sa.Column("due_on", sa.String(10)),
        sa.Column("provisional", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("paused", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("correction_due_on", sa.String(10)),
        sa.Column("extended", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("assigned_to", sa.String(128), nullable=False, server_default=""),
        sa.Column("outcome", sa.String(2)),
        sa.Column("ended_on", sa.String(10)),
        sa.Column("reply", sa.Text),
    )
    op.create_index("ix_requests_status_due_on", "requests", ["status", "due_on"])
    op.create_index("ix_requests_person", "requests", ["person"])
    op.create_index("ix_requests_applicant_key_content_hash", "requests", ["applicant_key", "content_hash"])
    op.create_table(
        "letters",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column(
            "request_number",
            sa.String(16),
            sa.ForeignKey("requests.number", name="fk_letters_request_number"),
            nullable=False,
        ),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("filename", sa.String(200), nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.Column("created_at", sa.String(32), nullable=False),
    )
    op.create_index("ix_letters_request_number", "letters", ["request_number"])


def _create_record() -> None:
    op.create_table(
        "events",
        sa.Column("ordinal", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("subject", sa.String(16), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("on", sa.String(10), nullable=False),
        sa.Column("actor", sa.String(128), nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("article", sa.String(32), nullable=False, server_default=""),
        sa.Column("data", sa.Text, nullable=False),
        sa.Column("previous_hash", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.UniqueConstraint("hash", name="uq_events_hash"),
    )
    op.create_index("ix_events_subject", "events", ["subject", "ordinal"])
    chain = op.create_table(
        "chain",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("length", sa.Integer, nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
    )
    op.bulk_insert(chain, [{"id": 1, "length": 0, "hash": ""}])


def _create_inquiries() -> None:
    op.create_table(
        "inquiries",
        sa.Column("number", sa.String(16), primary_key=True),
        sa.Column("person", sa.String(128), nullable=False),
        sa.Column("question", sa.Text, nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("opened_at", sa.String(32), nullable=False),
        sa.Column("answer", sa.Text, nullable=False, server_default=""),
        sa.Column("answered_by", sa.String(128), nullable=False, server_default=""),
        sa.Column("answered_at", sa.String(32)),
        sa.Column("request_number", sa.String(16), nullable=False, server_default=""),
    )
    op.create_index("ix_inquiries_status", "inquiries", ["status", "number"])
    op.create_index("ix_inquiries_person", "inquiries", ["person"])
    op.create_table(
        "publications",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("entry", sa.Text, nullable=False),
        sa.Column("request_number", sa.String(16), nullable=False, server_default=""),
        sa.Column("approved_by", sa.String(128), nullable=False),
        sa.Column("approved_at", sa.String(32), nullable=False),
    )


def _forbid_changes_of_events() -> None:
    """What happened, happened.  The two databases spell a trigger differently."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION events_are_append_only() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'events are append-only'; END $$"
        )
        op.execute(
            "CREATE TRIGGER events_no_change BEFORE UPDATE OR DELETE ON events "
            "FOR EACH ROW EXECUTE FUNCTION events_are_append_only()"
        )
        return
    for act in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER events_no_{act.lower()} BEFORE {act} ON events "
            "BEGIN SELECT RAISE(ABORT, 'events are append-only'); END"
        )
