"""What people wrote is sealed with a key of its own request.

This step has no key: it moves the texts to where they will lie sealed, still as they are.  They are sealed
when the program next opens the ledger with its key (`adoption.py`), and the file is compacted.
"""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_MOVED = {
    "requests": ("content", "original_content", "way", "reply"),
    "inquiries": ("question", "answer"),
    "record_corrections": ("record",),
}
_STAYS = ("reply",)


def upgrade() -> None:
    op.create_table(
        "data_keys",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("subject", sa.String(16), nullable=False),
        sa.Column("wrapped", sa.Text, nullable=False),
        sa.UniqueConstraint("subject", name="uq_data_keys_subject"),
    )
    op.add_column("events", sa.Column("words", sa.Text))
    for table, columns in _MOVED.items():
        op.add_column(table, sa.Column("words", sa.Text))
        _move(table, columns)
        for column in columns:
            if column not in _STAYS:
                op.drop_column(table, column)


def _move(table: str, columns: tuple[str, ...]) -> None:
    connection = op.get_bind()
    rows = sa.table(table, sa.column("number"), sa.column("words"), *map(sa.column, columns))
    for row in connection.execute(sa.select(rows)).all():
        plain = {name: getattr(row, name) for name in columns}
        changed: dict[str, str | None] = {}
        if table == "requests":
            reply = json.loads(plain.pop("reply") or "null") or {}
            plain |= {"reply_text": reply.pop("text", ""), "reply_fields": reply.pop("fields", {})}
            changed["reply"] = json.dumps(reply, ensure_ascii=False, sort_keys=True) if reply else None
        erased = not any(plain.values())
        changed["words"] = None if erased else json.dumps(plain, ensure_ascii=False)
        connection.execute(rows.update().where(rows.c.number == row.number).values(**changed))
