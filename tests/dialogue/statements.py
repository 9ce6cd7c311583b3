"""What a turn costs the ledger: its SQL statements, and how often a request's events are replayed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from sqlalchemy import event

from bot.desk import standing
from bot.desk.acts import base
from tests.dialogue.stage import Stage

_TABLE = re.compile(r"(?:FROM|INTO|UPDATE)\s+(\w+)")


@dataclass
class Cost:
    """The statements of some turns, as they were sent, and the replays."""

    statements: list[str] = field(default_factory=list)
    replays: int = 0

    def by_table(self) -> str:
        """`2 SELECT requests, 1 INSERT events`, for who has to find out where they come from."""
        kinds = Counter(
            " ".join([text.split()[0], *_TABLE.findall(text)[:1]]) for text in self.statements if text.strip()
        )
        return ", ".join(f"{count} {kind}" for kind, count in kinds.most_common())


@contextmanager
def counted(stage: Stage) -> Iterator[Cost]:
    """Count while the block runs.  BEGIN and COMMIT are not counted: the driver's, one of each a turn."""
    cost = Cost()

    def note(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        if statement.split(None, 1)[0] not in ("BEGIN", "PRAGMA"):
            cost.statements.append(statement)

    def replayed(*args: Any, **kwargs: Any) -> standing.Standing:
        cost.replays += 1
        return standing.replay(*args, **kwargs)

    event.listen(stage.ledger.engine, "before_cursor_execute", note)
    try:
        with pytest.MonkeyPatch.context() as watched:
            watched.setattr(base, "replay", replayed)
            yield cost
    finally:
        event.remove(stage.ledger.engine, "before_cursor_execute", note)
