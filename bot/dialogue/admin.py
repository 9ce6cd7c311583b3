"""What admins do in chat: rebuild the knowledge, check it, see figures and what people did not find."""

from __future__ import annotations

from typing import Any

from bot.dialogue import questions
from bot.dialogue.messages import Part, Style, Turn
from bot.dialogue.payload import Act, Payload
from bot.dialogue.reloading import Reloaded, reload_base
from bot.dialogue.visit import Press, Visit, turn

_TITLES = 8
_PROBLEMS = 8
_MISSED = 15
_DAYS = 30
_OUTCOMES = ("answer", "suggest", "route", "redirect")


def reload(visit: Visit) -> Turn:
    """/reload: build, check, swap; a mistake is named with its file and line, and nothing changes."""
    return _report(visit, reload_base(visit), "reloaded")


def check(visit: Visit) -> Turn:
    """/check: the same without swapping."""
    return _report(visit, reload_base(visit, only_check=True), "checked")


def _report(visit: Visit, done: Reloaded, event: str) -> Turn:
    voice, report = visit.voice, done.report
    if report is None:
        return _problems(visit, done)
    lines = []
    for change, titles in (
        ("reload_added", report.added),
        ("reload_changed", report.changed),
        ("reload_removed", report.removed),
    ):
        if titles:
            shown = "\n".join(f"· {title}" for title in titles[:_TITLES])
            more = "\n…" if len(titles) > _TITLES else ""
            lines.append(Part(f"{voice.word(change, count=len(titles))}\n{shown}{more}"))
    if not lines:
        lines.append(Part(voice.word("reload_unchanged")))
    return turn(voice.message(event, *lines, total=report.total))


def _problems(visit: Visit, done: Reloaded) -> Turn:
    if not done.problems:
        return turn(visit.voice.message("reload_index_broken"))
    shown = "\n".join(str(problem) for problem in done.problems[:_PROBLEMS])
    return turn(visit.voice.message("reload_refused", Part(shown, Style.QUOTE), count=len(done.problems)))


def stats(visit: Visit) -> Turn:
    """/stats: a month in a few figures."""
    tally = questions.tally(visit.connection, visit.now, _DAYS)
    outcomes: dict[str, Any] = {
        name: tally.by_outcome.get(name, 0) for name in ("answer", "suggest", "route", "redirect")
    }
    return turn(
        visit.voice.message(
            "stats",
            days=_DAYS,
            total=tally.total,
            useful=tally.useful,
            useless=tally.useless,
            open=len(visit.register.queue(visit.connection)),
            inquiries=len(visit.register.inquiries_open(visit.connection)),
            entries=visit.base.size,
            **outcomes,
        )
    )


def unanswered(visit: Visit) -> Turn:
    """/unanswered: what people asked and did not get, most frequent first."""
    found = questions.unanswered(visit.connection, _MISSED)
    if not found:
        return turn(visit.voice.message("unanswered_none"))
    lines = "\n".join(visit.voice.word("unanswered_line", text=text, count=count) for text, count in found)
    return turn(visit.voice.message("unanswered", Part(lines)))


def press_reload(visit: Visit, payload: Payload) -> Turn:
    return reload(visit)


def press_check(visit: Visit, payload: Payload) -> Turn:
    return check(visit)


def press_stats(visit: Visit, payload: Payload) -> Turn:
    return stats(visit)


def press_unanswered(visit: Visit, payload: Payload) -> Turn:
    return unanswered(visit)


PRESSES: dict[Act, Press] = {
    Act.RELOAD: press_reload,
    Act.CHECK: press_check,
    Act.STATS: press_stats,
    Act.UNANSWERED: press_unanswered,
}
