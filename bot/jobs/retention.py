"""How long people's data are kept, and erasing them when the term is over.  Terms are settings; 0 = for ever.

    what                                       counted from                     what stays
    identity, words and letters of a request   archiving, else its end;         number, days, outcome, and
    or a record correction                     a review's or suit's last step   every event without its words
    an answered or closed inquiry              its answer                       its number
    the words of a question                    when it was asked                that it was asked
    a half-filled form                         the chat's last message          the chat's last questions
    a file that was sent for one               when it came                     nothing
    those last questions                       the chat's last message          the chat's language
    the post book: who got which message       when it came or went             its kind and time

Once a day, a few rows of each kind in one transaction together with the event that records it: a program
killed in the middle has erased and recorded the same rows, and the next round finds the rest.  What is erased
is not found again, so that a second round, or a second program, does nothing.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.desk import attached, chain
from bot.desk.chain import UPKEEP
from bot.desk.errors import VaultError
from bot.desk.model import EventKind, Role
from bot.desk.record_correction import SERIES
from bot.desk.register import Register
from bot.desk.tables import questions
from bot.dialogue import reminders
from bot.dialogue.memory import Memory
from bot.dialogue.questions import CONFIRMED, DECLINED
from bot.dialogue.tables import conversations
from bot.mailbox.tables import outbox, updates
from bot.settings import Settings

KINDS = ("identities", "inquiries", "questions", "drafts", "messages")
_HELD = "held/"  # before the token of a file that was sent for such a form: no address looks so
AT_ONCE = 200  # of each kind in one transaction: residents wait for no long one
_EVERYTHING = 1_000_000
_STILL_NEEDED = ("pending", "fetching", "waiting", "sending")


@dataclass(frozen=True)
class Retention:
    """The terms of an office, applied to its ledger."""

    register: Register
    settings: Settings

    def terms(self) -> dict[str, int]:
        """Days that each kind is kept; 0 = for ever."""
        settings = self.settings
        return {
            "identities": settings.identity_kept_days,
            "inquiries": settings.inquiries_kept_days,
            "questions": settings.questions_kept_days,
            "drafts": settings.drafts_kept_days,
            "messages": settings.messages_kept_days,
        }

    def expired(self, connection: Connection, now: datetime) -> dict[str, list[str]]:
        """What has outlived its term: numbers, row ids and chats, by kind.  Changes nothing."""
        return {kind: self._expired(connection, now, kind, _EVERYTHING) for kind in KINDS}

    def erase_some(self, connection: Connection, now: datetime) -> dict[str, int]:
        """Erase at most `AT_ONCE` of each kind, on record; how many of each: all 0 when nothing is left."""
        done = {}
        for kind in KINDS:
            found = self._expired(connection, now, kind, AT_ONCE)
            _ERASE[kind](self, connection, now, found)
            done[kind] = len(found)
        counted = {kind: done[kind] for kind in ("questions", "drafts", "messages") if done[kind]}
        if counted:  # each request and each inquiry has an event of its own
            self._record(connection, now, counted)
        return done

    def erase_all(
        self, transaction: Callable[[], AbstractContextManager[Connection]], now: datetime
    ) -> dict[str, int]:
        """Erase what is over, a few in each transaction: nobody else waits for long.  How many of each."""
        total = dict.fromkeys(KINDS, 0)
        while True:
            with transaction() as connection:
                done = self.erase_some(connection, now)
            if not any(done.values()):
                return total
            for kind, count in done.items():
                total[kind] += count

    def _expired(self, connection: Connection, now: datetime, kind: str, limit: int) -> list[str]:
        days = self.terms()[kind]
        return _FIND[kind](self, connection, now - timedelta(days=days), limit) if days else []

    def _record(self, connection: Connection, now: datetime, counted: Mapping[str, int]) -> None:
        chain.append(
            connection,
            subject=UPKEEP,
            kind=EventKind.DATA_ERASED,
            at=now,
            on=now.astimezone(self.settings.zone).date(),
            actor="",
            role=Role.PROGRAM,
            data={**counted, "reason": "term_over"},
        )

    # ---- requests and inquiries: acts of the desk
    def _find_identities(self, connection: Connection, before: datetime, limit: int) -> list[str]:
        day = before.astimezone(self.settings.zone).date()
        desk = self.register.session(connection)
        found = desk.privacy.expired_identities(day, limit)
        return [*found, *desk.record_keeping.expired(day, limit - len(found))]

    def _erase_identities(self, connection: Connection, now: datetime, found: Sequence[str]) -> None:
        desk = self.register.session(connection, now)
        for number in found:
            if number.startswith(SERIES):
                desk.record_keeping.erase(number)
            else:
                desk.privacy.erase_identity(number)

    def _find_inquiries(self, connection: Connection, before: datetime, limit: int) -> list[str]:
        return self.register.session(connection).privacy.expired_inquiries(before, limit)

    def _erase_inquiries(self, connection: Connection, now: datetime, found: Sequence[str]) -> None:
        for number in found:
            self.register.session(connection, now).privacy.erase_inquiry(number)

    # ---- questions: only their words; the annual report counts them
    def _find_questions(self, connection: Connection, before: datetime, limit: int) -> list[str]:
        old = (questions.c.asked_at < before) & (questions.c.text_masked != "")
        by_staff = questions.c.settled.in_((CONFIRMED, DECLINED))  # what an index is examined with
        old &= questions.c.settled.is_(None) | ~by_staff
        query = sa.select(questions.c.id).where(old).order_by(questions.c.id).limit(limit)
        return [str(found) for found in connection.execute(query).scalars()]

    def _erase_questions(self, connection: Connection, now: datetime, found: Sequence[str]) -> None:
        ids = [int(each) for each in found]
        connection.execute(questions.update().where(questions.c.id.in_(ids)).values(text_masked=""))

    # ---- what chats remember
    def _find_drafts(self, connection: Connection, before: datetime, limit: int) -> list[str]:
        state = sa.type_coerce(conversations.c.state, sa.Text())
        query = (
            sa.select(conversations.c.address)
            .where(conversations.c.updated_at < before, state.contains('"sealed"'))
            .where(sa.or_(~state.contains('"trimmed"'), conversations.c.updated_at < self._long_ago(before)))
            .order_by(conversations.c.updated_at)
            .limit(limit)
        )
        chats = list(connection.execute(query).scalars())
        held = attached.held_before(connection, before, limit - len(chats))
        return [*chats, *(f"{_HELD}{token}" for token in held)]

    def _long_ago(self, before: datetime) -> datetime:
        """Before it, a chat's last questions are forgotten too: after the term of questions."""
        terms = self.terms()
        if not terms["questions"]:
            return datetime.min.replace(tzinfo=before.tzinfo)
        return before - timedelta(days=max(0, terms["questions"] - terms["drafts"]))

    def _erase_drafts(self, connection: Connection, now: datetime, found: Sequence[str]) -> None:
        long_ago = self._long_ago(now - timedelta(days=self.terms()["drafts"]))
        attached.drop(connection, [each.removeprefix(_HELD) for each in found if each.startswith(_HELD)])
        for address in (each for each in found if not each.startswith(_HELD)):
            mine = conversations.c.address == address
            row = connection.execute(sa.select(conversations).where(mine)).one()
            state = self._trimmed(row.state, keep_questions=row.updated_at >= long_ago)
            connection.execute(conversations.update().where(mine).values(state=state))

    def _trimmed(self, state: Mapping[str, object], *, keep_questions: bool) -> dict[str, object]:
        """The last questions stay for a while: they tell apart two people who ask the same (art. 44)."""
        rest = {name: value for name, value in state.items() if name != "sealed"}
        if not keep_questions:
            return rest
        try:
            known = Memory.from_json(json.loads(self.register.vault.unseal_text(str(state["sealed"]))))
        except VaultError:
            return rest  # its key is gone: nobody can read it any more
        kept = Memory(known.language, known.language_chosen, questions=known.questions)
        sealed = self.register.vault.seal_text(json.dumps(kept.to_json(), ensure_ascii=False))
        return {**rest, "sealed": sealed, "trimmed": True}

    # ---- the post book: row ids, those of messages that came in after "in:"
    def _find_messages(self, connection: Connection, before: datetime, limit: int) -> list[str]:
        came = _old_rows(connection, updates, updates.c.received_at, before, limit)
        went = _old_rows(connection, outbox, outbox.c.created_at, before, limit - len(came))
        return [*(f"in:{row}" for row in came), *(f"out:{row}" for row in went)]

    def _erase_messages(self, connection: Connection, now: datetime, found: Sequence[str]) -> None:
        for table, mark in ((updates, "in:"), (outbox, "out:")):
            ids = [int(each.removeprefix(mark)) for each in found if each.startswith(mark)]
            connection.execute(table.update().where(table.c.id.in_(ids)).values(chat="", payload=None))


def _old_rows(
    connection: Connection, table: sa.Table, at: sa.Column[datetime], before: datetime, limit: int
) -> list[int]:
    """Ids grow with time: begin behind the last erased one, stop at the first that is young enough."""
    erased = sa.select(sa.func.max(table.c.id)).where(table.c.chat == "")
    start = connection.execute(erased).scalar() or 0
    query = sa.select(table.c.id, table.c.status, at).where(table.c.id > start).order_by(table.c.id)
    found: list[int] = []
    for row in connection.execute(query.limit(limit)):
        if row[2] >= before:
            break
        if row.status not in _STILL_NEEDED:
            found.append(row.id)
    return found


_FIND = {
    "identities": Retention._find_identities,
    "inquiries": Retention._find_inquiries,
    "questions": Retention._find_questions,
    "drafts": Retention._find_drafts,
    "messages": Retention._find_messages,
}
_ERASE = {
    "identities": Retention._erase_identities,
    "inquiries": Retention._erase_inquiries,
    "questions": Retention._erase_questions,
    "drafts": Retention._erase_drafts,
    "messages": Retention._erase_messages,
}


def erase_when_due(retention: Retention, connection: Connection, now: datetime) -> None:
    """Part of each round: some of what has expired; once nothing is left, not again before tomorrow."""
    key = f"retention/{now.astimezone(retention.settings.zone).date()}"
    if reminders.made(connection, [key]):
        return
    if not any(retention.erase_some(connection, now).values()):
        reminders.make(connection, now, key=key, subject="", kind=reminders.RETENTION)
