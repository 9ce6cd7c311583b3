"""What the program refuses on purpose, and what can be wrong with the ledger.

Refused                      base; `text_id` names a sentence in the words, `facts` fill it
├── LedgerDamaged            the file of the ledger cannot be read: restore a backup
├── LedgerTooNew             a newer program has written this ledger; use that one
└── DeskError                what the desk refuses (`bot.desk.errors`)
"""

from __future__ import annotations

from collections.abc import Mapping


class Refused(Exception):
    """Base of everything that is refused on purpose; a refused act leaves no trace."""

    def __init__(self, text_id: str, **facts: object) -> None:
        self.text_id = text_id
        self.facts: Mapping[str, object] = facts
        shown = ", ".join(f"{name}={value!s}" for name, value in facts.items())
        super().__init__(f"{text_id}({shown})")


class LedgerDamaged(Refused):
    """The file of the ledger cannot be read any more; facts: `path`.  A backup has to be restored."""


class LedgerTooNew(Refused):
    """facts: `revision` of the ledger, `known` to this program."""
