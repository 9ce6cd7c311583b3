"""What admins do in chat: rebuild the knowledge, check it, see figures and what people did not find."""

from __future__ import annotations

from typing import Any

from bot.dialogue import errands, questions
from bot.dialogue.admin import examined
from bot.dialogue.errands import ErrandKind
from bot.dialogue.handling import handles
from bot.dialogue.payload import Act, Payload
from bot.dialogue.visit import Visit, turn
from bot.messages import Turn

_DAYS = 30


def reload(visit: Visit) -> Turn:
    """/reload: build, examine, swap; a mistake is named with its file and line, and nothing changes."""
    return _left(visit, ErrandKind.RELOAD, "reload_begun")


def check(visit: Visit) -> Turn:
    """/check: the same without swapping."""
    return _left(visit, ErrandKind.CHECK, "check_begun")


def roll_back(visit: Visit) -> Turn:
    """/rollback: the index before this one; once more undoes it."""
    return _left(visit, ErrandKind.ROLL_BACK, "roll_back_begun", visit.base.version)


def _left(visit: Visit, kind: ErrandKind, event: str, argument: str = "") -> Turn:
    """It takes longer than a turn may: left to be done beside it, and told when it is."""
    _leave(visit, kind, argument)
    return turn(visit.voice.message(event))


def _leave(visit: Visit, kind: ErrandKind, argument: str = "") -> None:
    errands.leave(
        visit.connection,
        visit.now,
        kind,
        person=visit.person,
        address=str(visit.incoming.address),
        argument=argument,
    )


def stats(visit: Visit) -> Turn:
    """/stats: a month in a few figures; the picture comes when it is drawn."""
    _leave(visit, ErrandKind.PICTURE)
    tally = questions.tally(visit.connection, visit.now, _DAYS)
    outcomes: dict[str, Any] = {
        name: tally.by_outcome.get(name, 0) for name in ("answer", "suggest", "route", "redirect")
    }
    return turn(
        visit.voice.message(
            "stats",
            examined.version(visit.voice, visit.base, visit.settings.zone),
            days=_DAYS,
            total=tally.total,
            useful=tally.useful,
            useless=tally.useless,
            open=len(visit.desk.requests.queue()),
            inquiries=len(visit.desk.inquiries.waiting()),
            entries=visit.base.size,
            **outcomes,
        )
    )


@handles(Act.RELOAD)
def press_reload(visit: Visit, payload: Payload) -> Turn:
    return reload(visit)


@handles(Act.RELOAD_ANYWAY)
def press_reload_anyway(visit: Visit, payload: Payload) -> Turn:
    """仍然启用: of exactly the files that were examined; after another edit it is an examination again."""
    return _left(visit, ErrandKind.RELOAD, "reload_begun", payload.arguments[0])


@handles(Act.ROLL_BACK)
def press_roll_back(visit: Visit, payload: Payload) -> Turn:
    """退回上一版, from the version under which the button stands."""
    return _left(visit, ErrandKind.ROLL_BACK, "roll_back_begun", payload.arguments[0])


@handles(Act.CHECK)
def press_check(visit: Visit, payload: Payload) -> Turn:
    return check(visit)


@handles(Act.STATS)
def press_stats(visit: Visit, payload: Payload) -> Turn:
    return stats(visit)
