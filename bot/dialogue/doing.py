"""Doing errands: the slow work, outside of any transaction; then what is recorded and said, in one.

`do` gives back the ending, which the caller runs in a transaction together with closing the errand.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from bot.dialogue import questions
from bot.dialogue.admin import examined, reloads, telling
from bot.dialogue.admin.examination import Change
from bot.dialogue.admin.figures import figures
from bot.dialogue.admin.reloading import Reloaded, kept_in, publish, reload, roll_back
from bot.dialogue.admin.reloads import Result, state_of
from bot.dialogue.admin.showing_figures import drawn_or_none, picture_message
from bot.dialogue.errands import Errand, ErrandKind
from bot.dialogue.payload import Act
from bot.dialogue.visit import Services
from bot.dialogue.voice import Rows, Voice
from bot.messages import Address, Outgoing
from bot.settings import Settings
from knowledge.errors import KnowledgeError

Reading = Callable[[], AbstractContextManager[Connection]]
Ending = Callable[[Connection, datetime], Sequence[Outgoing]]


def do(services: Services, errand: Errand, reading: Reading, now: datetime) -> Ending:
    """Do it.  Doing it again, after a crash, changes nothing more."""
    if errand.kind is ErrandKind.PICTURE:
        return _draw(services, errand, reading, now)
    return _DOERS[errand.kind](services, errand, reading)


def given_up(services: Services, connection: Connection, errand: Errand) -> list[Outgoing]:
    """It failed again and again: whoever waits for it is told."""
    if errand.kind is ErrandKind.ANSWER:
        return [voice.message("answers_still_not_ready") for voice in _told(services, connection, errand)]
    return [
        voice.message("errand_failed", reference=errand.id) for voice in _told(services, connection, errand)
    ]


def _told(services: Services, connection: Connection, errand: Errand) -> list[Voice]:
    """Who asked for it; of what nobody asked for, all admins."""
    addresses = (errand.address,) if errand.address else services.settings.admins
    return [services.voice_of(connection, Address.parse(address)) for address in addresses]


# ---- reload and check ------------------------------------------------------------------------------------
def _reload(services: Services, errand: Errand, reading: Reading) -> Ending:
    settings = services.settings
    with reading() as connection:
        kept = kept_in(connection, settings)
    done = reload(settings, services.base, kept, forced=_is_forced(settings, errand))

    def ending(connection: Connection, now: datetime) -> list[Outgoing]:
        before = reloads.last(connection)
        record(connection, now, done, kind=errand.kind.value, person=errand.person)
        by_itself = errand.kind is ErrandKind.CHANGED
        failed = (Result.BROKEN, Result.REFUSED)
        was_told = before is not None and (before.result in failed or before.problems > 0)
        if by_itself and done.result is Result.UNCHANGED and not was_told and not done.problems:
            return []
        event = _EVENTS[done.result]
        if by_itself and done.result is Result.LIVE:
            event = "reloaded_by_itself"
        return [
            message
            for voice in _told(services, connection, errand)
            for message in _reloaded(services, voice, done, event)
        ]

    return ending


def _is_forced(settings: Settings, errand: Errand) -> bool:
    """Somebody has seen how exactly these files are worse, and wants them all the same."""
    return errand.kind is ErrandKind.RELOAD and errand.argument == state_of(settings)


def record(connection: Connection, now: datetime, done: Reloaded, *, kind: str, person: str) -> None:
    """Keep how a reload ended, and that questions which it answers are answered."""
    details: dict[str, Any] = {"problems": len(done.problems)}
    if done.examination is not None:
        details |= asdict(done.examination) | {
            "differences": {change.value: done.examination.count(change) for change in Change}
        }
    reloads.record(
        connection,
        now,
        kind=kind,
        person=person,
        state=done.state,
        result=done.result,
        version=done.version,
        details=details,
    )
    if done.examination is not None and done.result in (Result.LIVE, Result.FORCED):
        questions.settle_answered(connection, now, done.examination.texts(Change.ANSWERED))


_EVENTS = {
    Result.LIVE: "reloaded",
    Result.FORCED: "reloaded_forced",
    Result.UNCHANGED: "reload_nothing_new",
    Result.REFUSED: "reload_worse",
    Result.BROKEN: "reload_refused",
}


_ASKED_AFTER = (Result.LIVE, Result.FORCED, Result.UNCHANGED)  # what is live is asked about


def _reloaded(services: Services, voice: Voice, done: Reloaded, event: str) -> list[Outgoing]:
    if done.report is None or done.examination is None:
        if not done.problems:
            return [voice.message("reload_index_broken")]
        return [voice.message(event, examined.mistakes(done.problems), count=len(done.problems))]
    changes = examined.changes(voice, done.report) if event != "reload_nothing_new" else []
    message = voice.message(
        event,
        *examined.unread(voice, done.problems),
        *examined.twice(voice, done.knowledge),
        *changes,
        *examined.outcome(voice, done.examination),
        examined.version(voice, services.base, services.settings.zone),
        total=done.report.total,
        wrong_before=done.examination.wrong_before,
        wrong_after=done.examination.wrong_after,
        buttons=_ways_on(voice, done),
    )
    messages = [message]
    whole = examined.all_differences(voice, done.examination)
    if whole is not None:
        messages.append(voice.message("exam_file", document=whole, count=len(done.examination.differences)))
    if done.result in _ASKED_AFTER:
        question = telling.asked(voice, telling.open_asks(services.base, services.settings.knowledge))
        messages += [question] if question is not None else []
    return messages


def _ways_on(voice: Voice, done: Reloaded) -> Rows:
    if done.result is Result.REFUSED:
        return [[voice.button("button_reload_anyway", Act.RELOAD_ANYWAY, done.state)]]
    if done.result in (Result.LIVE, Result.FORCED):
        return [[voice.button("button_roll_back", Act.ROLL_BACK, done.version)]]
    if done.result is Result.CHECKED:
        return [[voice.button("button_reload", Act.RELOAD)]]
    return []


def _check(services: Services, errand: Errand, reading: Reading) -> Ending:
    with reading() as connection:
        kept = kept_in(connection, services.settings)
    done = reload(services.settings, services.base, kept, only_check=True)
    events = {Result.REFUSED: "check_worse", Result.BROKEN: "reload_refused"}
    event = events.get(done.result, "checked")
    return lambda connection, now: [
        message
        for voice in _told(services, connection, errand)
        for message in _reloaded(services, voice, done, event)
    ]


# ---- back to the index before ----------------------------------------------------------------------------
def _roll_back(services: Services, errand: Errand, reading: Reading) -> Ending:
    base = services.base
    if errand.argument != base.version:  # pressed twice, or somebody else has reloaded meanwhile
        return _simply(services, errand, "roll_back_stale")
    with reading() as connection:
        kept = kept_in(connection, services.settings)
    try:
        report = roll_back(base, kept)
    except KnowledgeError:
        return _simply(services, errand, "roll_back_impossible")
    state, version = state_of(services.settings), base.version

    def ending(connection: Connection, now: datetime) -> list[Outgoing]:
        reloads.record(
            connection,
            now,
            kind=errand.kind.value,
            person=errand.person,
            state=state,
            result=Result.ROLLED_BACK,
            version=version,
        )
        return [
            voice.message(
                "rolled_back",
                *examined.changes(voice, report),
                examined.version(voice, base, services.settings.zone),
                total=report.total,
                buttons=[[voice.button("button_roll_back_undo", Act.ROLL_BACK, version)]],
            )
            for voice in _told(services, connection, errand)
        ]

    return ending


def _simply(services: Services, errand: Errand, event: str) -> Ending:
    """Nothing was done, and a sentence says why."""
    return lambda connection, now: [
        voice.message(event, examined.version(voice, services.base, services.settings.zone))
        for voice in _told(services, connection, errand)
    ]


# ---- what became public ----------------------------------------------------------------------------------
def _publish(services: Services, errand: Errand, reading: Reading) -> Ending:
    """Nobody is told when it succeeds: that it is public was said when it was recorded."""
    with reading() as connection:
        kept = kept_in(connection, services.settings)
    if publish(services.base, kept):
        return lambda connection, now: ()
    titles = {entry.entry_id: entry.title for entry in kept.published}
    title = titles.get(f"reply:{errand.argument}", "")
    return lambda connection, now: [
        voice.message("published_not_indexed", title=title, number=errand.argument)
        for voice in _told(services, connection, errand)
    ]


# ---- the picture of the statistics -----------------------------------------------------------------------
def _draw(services: Services, errand: Errand, reading: Reading, now: datetime) -> Ending:
    settings = services.settings
    with reading() as connection:
        found = figures(connection, now, settings.zone)
        voices = _told(services, connection, errand)
    messages = [picture_message(voice, found, drawn_or_none(voice, found, settings)) for voice in voices]
    return lambda connection, now: messages


_DOERS: dict[ErrandKind, Callable[[Services, Errand, Reading], Ending]] = {
    ErrandKind.RELOAD: _reload,
    ErrandKind.CHANGED: _reload,
    ErrandKind.CHECK: _check,
    ErrandKind.ROLL_BACK: _roll_back,
    ErrandKind.PUBLISH: _publish,
}
