"""The register (登记簿) of one office: its rules, its days, its vault.  Acts are done in a session."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import Connection

from bot.desk.calendar import WorkingCalendar
from bot.desk.office import OfficeRules
from bot.desk.session import Session
from bot.desk.vault import Vault


class Register:
    """What is the same for every act."""

    def __init__(self, office: OfficeRules, calendar: WorkingCalendar, vault: Vault) -> None:
        self.office = office
        self.calendar = calendar
        self.vault = vault

    def session(self, connection: Connection, now: datetime | None = None, actor: str = "") -> Session:
        """One unit of work in the caller's transaction; `now` is aware, and this moment if it is left out.

        Raises InvalidValue for a time without a zone.
        """
        return Session(self, connection, now or datetime.now(UTC), actor)
