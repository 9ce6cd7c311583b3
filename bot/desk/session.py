"""One unit of work at the desk: in whose transaction, when, and by whom is said once, then acts follow.

    desk = register.session(connection, now, "telegram:42")
    desk.replies.draft("2026-0001", outcome=Outcome.DISCLOSED, text="…")
    desk.requests.get("2026-0001").status

What is written is rolled back with the caller's transaction.  An act returns the request as it stands
afterwards, or raises a `DeskError`.  A request is read and its events are replayed once as long as nobody
writes to it (`bot/ledger/memory.py`).
"""

from __future__ import annotations

from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from bot.desk.acts.consulting import Consultations
from bot.desk.acts.correspondence import Correspondence
from bot.desk.acts.inquiries import Inquiries
from bot.desk.acts.intake import IntakeDesk
from bot.desk.acts.late_entries import LateEntries
from bot.desk.acts.openness import Openness
from bot.desk.acts.privacy import Privacy
from bot.desk.acts.publishing import Publications
from bot.desk.acts.reading import Requests
from bot.desk.acts.record_corrections import RecordCorrections
from bot.desk.acts.remedies import Remedies
from bot.desk.acts.replying import Replies
from bot.desk.acts.roles import Roles
from bot.desk.acts.splitting import Splitting
from bot.desk.errors import InvalidValue

if TYPE_CHECKING:  # what writes Word files is loaded by who writes one
    from bot.desk.acts.record_keeping import RecordKeeping
    from bot.desk.acts.reporting import Reporting
    from bot.desk.acts.writing import Letters
    from bot.desk.register import Register


class Session:
    """Acts of one person at one moment; `actor` is an address such as `telegram:42`, "" for the program."""

    def __init__(self, register: Register, connection: Connection, now: datetime, actor: str) -> None:
        if now.tzinfo is None:  # a naive time has no day
            raise InvalidValue("time_without_zone", field="now")
        self.register = register
        self.connection = connection
        self.now = now
        self.actor = actor

    @property
    def today(self) -> date:
        """The office's day."""
        return self.now.astimezone(self.register.office.zone).date()

    def by(self, actor: str) -> Session:
        """The same moment and transaction, in somebody else's name."""
        return Session(self.register, self.connection, self.now, actor)

    # ---- a request, from filing to the archive
    @cached_property
    def requests(self) -> Requests:
        """Read, listed, searched, proven."""
        return Requests(self)

    @cached_property
    def intake(self) -> IntakeDesk:
        """Filed online, entered by a clerk, confirmed, taken, handed over."""
        return IntakeDesk(self)

    @cached_property
    def splitting(self) -> Splitting:
        """一事一申请."""
        return Splitting(self)

    @cached_property
    def correspondence(self) -> Correspondence:
        """Correction, reasons, fees, extension, notes."""
        return Correspondence(self)

    @cached_property
    def consultations(self) -> Consultations:
        """Third parties, other agencies, help of one's own offices."""
        return Consultations(self)

    @cached_property
    def late_entries(self) -> LateEntries:
        """What happened earlier and waits for a second person."""
        return LateEntries(self)

    @cached_property
    def openness(self) -> Openness:
        """Why a step cannot be taken now."""
        return Openness(self)

    @cached_property
    def replies(self) -> Replies:
        """Search, draft, review, sign, serve, withdraw, archive."""
        return Replies(self)

    @cached_property
    def letters(self) -> Letters:
        """Written and kept."""
        from bot.desk.acts.writing import Letters

        return Letters(self)

    @cached_property
    def remedies(self) -> Remedies:
        """复议, 诉讼, and deciding anew."""
        return Remedies(self)

    @cached_property
    def publications(self) -> Publications:
        """Replies made public (art. 44)."""
        return Publications(self)

    @cached_property
    def privacy(self) -> Privacy:
        """People's own data: shown to them, checked, erased."""
        return Privacy(self)

    # ---- beside the requests
    @cached_property
    def inquiries(self) -> Inquiries:
        """咨询."""
        return Inquiries(self)

    @cached_property
    def record_corrections(self) -> RecordCorrections:
        """更正 of one's own records (art. 41)."""
        return RecordCorrections(self)

    @cached_property
    def record_keeping(self) -> RecordKeeping:
        """Letters, data and erasure of record corrections."""
        from bot.desk.acts.record_keeping import RecordKeeping

        return RecordKeeping(self)

    @cached_property
    def reporting(self) -> Reporting:
        """The year's figures (art. 50)."""
        from bot.desk.acts.reporting import Reporting

        return Reporting(self)

    @cached_property
    def roles(self) -> Roles:
        """Who may do what."""
        return Roles(self)
