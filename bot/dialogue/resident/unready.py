"""The index cannot be read, and no version before it is there: said at once, rebuilt beside, answered then.

    question ─▶ the file is damaged ─▶ 资料在修 … ─▶ errand: build it anew ─▶ errand: answer what was asked

Requests, inquiries and everything else that needs no index go on meanwhile.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from bot.dialogue import errands
from bot.dialogue.errands import ErrandKind
from bot.dialogue.resident import asking, responding
from bot.dialogue.visit import Visit, joined, turn
from bot.messages import Turn

_MOST = 3  # questions that are answered later
_DAMAGED = "damaged"  # in the place of the state of the files


def say(visit: Visit) -> Turn:
    """Not ready; who typed a question need not ask again."""
    rebuild(visit.connection, visit.now)
    text = "" if visit.incoming.button else visit.incoming.text.strip()[: asking.LONGEST_ASKED]
    if not text or not visit.is_private:
        return turn(visit.voice.message("answers_not_ready"))
    visit.memory.unanswered = [*visit.memory.unanswered, text][-_MOST:]
    errands.leave(
        visit.connection,
        visit.now,
        ErrandKind.ANSWER,
        person=visit.person,
        address=str(visit.incoming.address),
    )
    return turn(visit.voice.message("answers_come_later"))


def rebuild(connection: Connection, now: datetime) -> None:
    """Have an index whose file is damaged built anew, whatever the settings say about edits."""
    if not errands.is_left(connection, ErrandKind.CHANGED):
        errands.leave(connection, now, ErrandKind.CHANGED, argument=_DAMAGED)


def answer(visit: Visit) -> Turn:
    """Each question that waited, in their order."""
    waiting, visit.memory.unanswered = visit.memory.unanswered, []
    answered = [responding.respond(visit, text) for text in waiting]
    return joined(answered) if answered else turn()
