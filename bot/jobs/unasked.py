"""What is done every minute without anybody having asked, in this order.

    scheduler ─▶ each job, in one transaction ─▶ messages ─▶ outbox

A job looks at the ledger and does what is due and was not done; doing it twice changes nothing, so that any
number of programs may run it. One whose failure must not keep back what the law needs to be told stands
alone: the next minute tries again.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from bot.desk.notices import CalendarFile
from bot.dialogue import talking
from bot.dialogue.conversation import Conversation
from bot.dialogue.resident.subscriptions.digest import due_news
from bot.dialogue.roles.orphans import due_orphans
from bot.dialogue.routing.finishing import whole
from bot.dialogue.staff.proposing import due_proposals
from bot.dialogue.visit import Services
from bot.jobs.recounting import due_moves, follow_file
from bot.jobs.reminding import due_reminders
from bot.jobs.retention import Retention, erase_when_due
from bot.jobs.watching import watch
from bot.messages import Outgoing
from bot.settings import Settings

logger = logging.getLogger(__name__)

Run = Callable[[Services, Connection, datetime], Iterable[Outgoing]]


@dataclass(frozen=True)
class Job:
    """Something that may be due; `run` does it and gives what is said of it."""

    name: str  # for logs
    run: Run
    stands_alone: bool = False  # its failure keeps nothing else back


class Jobs:
    """All jobs of an office, as one call: what is said unasked now."""

    def __init__(self, conversation: Conversation, retention: Retention, settings: Settings) -> None:
        self.retention = retention
        self._conversation = conversation
        self._calendar_file = CalendarFile(settings.calendar) if settings.calendar else None
        self.all = (
            Job(
                "retention", self._erase_expired, stands_alone=True
            ),  # data that outlived their term (PIPL 19)
            Job("knowledge", _watch_knowledge),  # edited files, a damaged index
            Job("calendar", self._follow_calendar),  # a new calendar, before anything is counted by it
            Job("recounting", due_moves),  # due dates that it moved
            Job("reminders", due_reminders),  # to staff, applicants and leaders: what is due, what waits
            Job("proposals", due_proposals),  # what several people asked for (art. 44)
            Job("orphans", due_orphans),  # requests of somebody who left
            Job("talks", talking.due_ends),  # talks with a person that went quiet
            Job("news", due_news, stands_alone=True),  # to subscribers; needs an index that can be read
        )

    def __call__(self, connection: Connection, now: datetime) -> Sequence[Outgoing]:
        """Do what is due, in the caller's transaction; each message is given once."""
        return [
            piece
            for job in self.all
            for message in self._done(job, connection, now)
            for piece in whole(message)
        ]

    def _done(self, job: Job, connection: Connection, now: datetime) -> Iterable[Outgoing]:
        services = self._conversation.services(connection)
        if not job.stands_alone:
            return job.run(services, connection, now)
        try:
            with connection.begin_nested():
                return list(job.run(services, connection, now))
        except Exception as error:
            logger.error("job_failed job=%s error=%s", job.name, type(error).__name__)
            return ()

    def _erase_expired(self, services: Services, connection: Connection, now: datetime) -> Sequence[Outgoing]:
        erase_when_due(self.retention, connection, now)
        return ()

    def _follow_calendar(
        self, services: Services, connection: Connection, now: datetime
    ) -> Sequence[Outgoing]:
        if self._calendar_file is None:
            return ()
        # The register that all turns share: a visit's own is made of it anew.
        return follow_file(self._calendar_file, self.retention.register, services, connection)


def _watch_knowledge(services: Services, connection: Connection, now: datetime) -> Sequence[Outgoing]:
    watch(services.rooted, connection, now, is_damaged=services.base.is_damaged)
    return ()
