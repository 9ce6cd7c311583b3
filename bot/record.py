"""The record of an office, opened as the settings say: its ledger with the keys, its rules, its calendar.

Who looks into the register alone starts from here: no index is opened, and nothing is imported for one.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.desk.calendar import WorkingCalendar
from bot.desk.office import OfficeRules
from bot.desk.vault import Vault
from bot.keyring import open_vault
from bot.ledger.ledger import Ledger
from bot.settings import Settings

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Record:
    """An open ledger, and what the desk's acts need besides.  Use `with Record.open(settings) as record:`."""

    settings: Settings
    ledger: Ledger
    rules: OfficeRules
    calendar: WorkingCalendar
    vault: Vault

    @classmethod
    @contextmanager
    def open(cls, settings: Settings) -> Iterator[Record]:
        """Make the home folder, open the ledger (migrating it) and its keys.

        Raises VaultError when the key is missing, unreadable or another ledger's, CalendarError when the
        office's own file of notices is wrong.
        """
        make_private(settings.home)
        with Ledger.open(settings.ledger_place, settings.home) as ledger:
            yield cls(
                settings,
                ledger,
                office_rules(settings),
                WorkingCalendar.with_file(settings.calendar),
                vault_of(settings, ledger),
            )


def make_private(home: Path) -> None:
    """The home folder and the files in it are their owner's alone, whatever the umask was."""
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    for path in (home, *(each for each in home.iterdir() if each.is_file() and not each.is_symlink())):
        mode = path.stat().st_mode
        if mode & 0o077:
            try:
                path.chmod(mode & 0o700)
            except OSError:  # another's: it works as it did, and the log says so
                logger.warning("home.not_private name=%s", path.name)


def office_rules(settings: Settings) -> OfficeRules:
    """What the desk must know of the settings."""
    return OfficeRules(
        agency=settings.agency_name,
        staff=settings.handlers,
        leaders=settings.leaders,
        review_by_second=settings.needs_review,
        reasons_time_counts=settings.reasons_time_counts,
        excessive_requests_per_month=settings.excessive_requests_per_month,
        correction_least_days=settings.correction_least_days,
        fee_payment=settings.fee_payment,
        deferral_working_days=settings.deferral_working_days,
        record_correction_goal_days=settings.record_correction_goal_days,
        announced_channel=settings.announced_channel,
        serve_in_chat=settings.serve_in_chat,
        reconsideration_body=settings.reconsideration_body,
        reconsideration_online=settings.reconsideration_online,
        court=settings.court,
        office_name=settings.office_name,
        office_address=settings.office_address,
        office_phone=settings.office_phone,
        document_number_form=settings.document_number_form,
        timezone=settings.timezone,
    )


def vault_of(settings: Settings, ledger: Ledger) -> Vault:
    """The keys from the setting `identity_key` or from the file.  Raises VaultError."""
    return open_vault(ledger, settings.resolved_key_file, settings.identity_key.get_secret_value())
