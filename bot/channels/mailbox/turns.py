"""Whose turn it is when many chats wait: who was served least lately.

Two times say it, each found with one look into an index, however much there is: when the chat had its third
last message (a chat that writes now and then goes before a hundred that are served all the time), and when it
had its last (among equals everybody waits the same).  None = never: first.
"""

from __future__ import annotations

import sqlalchemy as sa

_LOOKS_BACK = 3


def served_before(
    chat: sa.ColumnElement[str], other_chat: sa.ColumnElement[str], at: sa.ColumnElement[object]
) -> tuple[sa.ColumnElement[object], sa.ColumnElement[object]]:
    """What to order the chats by, ascending with NULLs first.

    `other_chat` and `at` are columns of an alias of the table: which chat was served when.
    """
    served = sa.select(at).where(other_chat == chat, at.is_not(None)).order_by(at.desc())
    return (
        served.offset(_LOOKS_BACK - 1).limit(1).scalar_subquery(),
        served.limit(1).scalar_subquery(),
    )
