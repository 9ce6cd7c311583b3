"""Who else looks at a request: so that two officers do not write the same reply at the same time.

Kept in this process for a minute; it is no record and nobody is shown where they were.
"""

from __future__ import annotations

import threading
import time

SECONDS = 60.0


class Presence:
    """Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._seen: dict[str, dict[str, float]] = {}

    def look(self, number: str, person: str) -> list[str]:
        """`person` looks at it now; who else did within the last minute."""
        now = time.monotonic()
        with self._lock:
            for known in list(self._seen):
                alive = {who: at for who, at in self._seen[known].items() if now - at < SECONDS}
                if alive:
                    self._seen[known] = alive
                else:
                    del self._seen[known]
            here = self._seen.setdefault(number, {})
            others = sorted(who for who in here if who != person)
            here[person] = now
        return others
