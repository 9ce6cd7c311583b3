"""Another program somewhere polls with our token: Telegram answers 409 to both by turns.

Giving up would stop the service because of a stranger's mistake, and a process that was just killed leaves
its poll open for some seconds.  So polling goes on, backing off; and when a conflict lasts, admins are told
once, for updates that the other one fetches never reach us.
"""

from __future__ import annotations

_LASTS = 30.0  # seconds of conflict until admins are told
_OVER_AFTER = 180.0  # seconds without one: PTB waits up to 30 s between two polls that fail


class Conflicts:
    """`met` is told of each 409; all times are of a monotonic clock, in seconds."""

    def __init__(self) -> None:
        self._first = self._last = float("-inf")
        self._is_told = False

    def met(self, now: float) -> bool:
        """Whether admins must be told now: once in a conflict that lasts."""
        if now - self._last > _OVER_AFTER:
            self._first, self._is_told = now, False
        self._last = now
        must_tell = now - self._first >= _LASTS and not self._is_told
        self._is_told = self._is_told or must_tell
        return must_tell
