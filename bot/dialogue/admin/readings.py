"""How the office's documents are read: within its bounds, each once, with a word on how far it is."""

from __future__ import annotations

import time
from collections.abc import Callable

from bot.settings import Settings
from knowledge.documents.bounded import Bounds
from knowledge.documents.readings import Readings

Progress = Callable[[str], None]
_TOLD_EVERY = 3.0  # seconds


def readings_of(settings: Settings, progress: Progress | None = None) -> Readings:
    """Reads documents within the office's bounds and keeps the readings.  `progress` is told now and then."""
    bounds = Bounds(settings.reading_seconds, settings.reading_megabytes, settings.document_megabytes)
    return Readings(settings.readings_path, bounds, begins=_now_and_then(progress) if progress else None)


def are_left(settings: Settings) -> bool:
    """Whether documents were not read in time because the machine was busy.  Who is told tries them."""
    if not settings.readings_path.is_file():
        return False
    with readings_of(settings) as readings:
        return readings.take_postponed()


def _now_and_then(progress: Progress) -> Callable[[str], None]:
    """A line every few seconds, since a folder may hold a thousand files."""
    read, told_at = 0, time.monotonic()

    def begins(source: str) -> None:
        nonlocal read, told_at
        if time.monotonic() - told_at >= _TOLD_EVERY:
            told_at = time.monotonic()
            progress(f"已读 {read} 份，正在读 {source} / {read} files read")
        read += 1

    return begins
