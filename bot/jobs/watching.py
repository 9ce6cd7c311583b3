"""Watches the knowledge folder, where the office wants that: an edit goes live by itself, if it passes.

    round ─▶ edited since anybody looked? ─▶ quiet for some seconds? ─▶ an errand: examine, live or told once

What was refused or broken is not looked at again until it is edited again.
"""

from __future__ import annotations

import logging
from datetime import datetime

from sqlalchemy import Connection

from bot.dialogue import errands
from bot.dialogue.admin import reloads
from bot.dialogue.admin.reloads import edited_at, state_of
from bot.dialogue.errands import ErrandKind
from bot.dialogue.resident import unready
from bot.settings import Settings

logger = logging.getLogger(__name__)

QUIET = 10.0  # seconds without an edit: somebody who copies a folder or saves twice is not interrupted


def watch(settings: Settings, connection: Connection, now: datetime, *, is_damaged: bool = False) -> None:
    """Leave an errand for an edit that is complete, and for an index whose file is damaged."""
    if is_damaged and not errands.is_left(connection, ErrandKind.CHANGED):
        unready.rebuild(connection, now)
        return
    if not settings.hot_reload or errands.is_left(connection, ErrandKind.CHANGED):
        return
    try:
        # A time that lies ahead comes from another machine's clock: no reason to wait for it.
        is_busy = 0 <= now.timestamp() - edited_at(settings) < QUIET
        state = state_of(settings)
    except OSError as error:  # a drive that is away for a moment
        logger.warning("knowledge_not_seen error=%s", type(error).__name__)
        return
    last = reloads.last(connection)
    if not is_busy and (last is None or last.state != state):
        errands.leave(connection, now, ErrandKind.CHANGED, argument=state)
