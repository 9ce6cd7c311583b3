"""The parts of the program put together: what every command and every channel starts from.

`Program.open` makes the home folder, opens the ledger (migrating it), builds the index when there is none or
a source is newer than it, and puts the dialogue on top.  A broken source does not keep the program from
starting while an older index is there: residents come first, and the admin is told.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.desk.calendar import WorkingCalendar
from bot.desk.keyring import open_vault
from bot.desk.ledger import Ledger
from bot.desk.notices import read_notices
from bot.desk.office import OfficeRules
from bot.desk.register import Register
from bot.desk.vault import Vault
from bot.dialogue.conversation import Conversation
from bot.dialogue.publications import published_entries
from bot.dialogue.reloading import examine, office_of, rebuild
from bot.dialogue.roles import settings_in_force
from bot.dialogue.words import Words
from bot.settings import Settings
from knowledge.base import WEIGHTS_FILE, Base, ReloadReport, build_base
from knowledge.entry import Entry
from knowledge.errors import KnowledgeError, SourceError

logger = logging.getLogger(__name__)

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Program:
    """Everything that is open while the program runs.  Use `with Program.open(settings) as program:`."""

    settings: Settings
    ledger: Ledger
    base: Base
    register: Register
    words: Words
    conversation: Conversation

    @classmethod
    @contextmanager
    def open(cls, settings: Settings, progress: Progress = lambda line: None) -> Iterator[Program]:
        """Open everything; `progress` is told, a line at a time, what takes long or went wrong.

        Raises SourceError when there is no index yet and the sources are broken, and VaultError when the
        key is missing, unreadable or another ledger's.
        """
        settings.home.mkdir(parents=True, exist_ok=True)
        with Ledger.open(settings.resolved_ledger_url) as ledger:
            vault = vault_of(settings, ledger)
            _prepare_index(settings, ledger, progress)
            with Base.open(settings.index_path) as base:
                settings = _with_agency(settings, base)
                register = Register(office_rules(settings), calendar_of(settings), vault)
                words = Words.load()
                conversation = Conversation(base, register, settings, words)
                yield cls(settings, ledger, base, register, words, conversation)

    def reload(self) -> ReloadReport:
        """Rebuild the index from the files and the published replies.  Raises SourceError."""
        return rebuild(self.settings, self.base, self.published())

    def check(self) -> ReloadReport:
        """What `reload` would change, without doing it.  Raises SourceError."""
        return examine(self.settings, self.base, self.published())

    def settings_in_force(self) -> Settings:
        """The settings with the roles that leaders granted in chat, for menus and doors at the start."""
        with self.ledger.reading() as connection:
            return settings_in_force(connection, self.settings)

    def published(self) -> tuple[Entry, ...]:
        """The replies that became public (art. 44)."""
        with self.ledger.reading() as connection:
            return published_entries(connection)


def _with_agency(settings: Settings, base: Base) -> Settings:
    """A reply must name the agency: where the office did not say, the newest report does."""
    if settings.agency_name:
        return settings
    return settings.model_copy(update={"agency_name": base.agency})


def office_rules(settings: Settings) -> OfficeRules:
    """What the desk must know of the settings."""
    return OfficeRules(
        agency=settings.agency_name,
        staff=settings.handlers,
        leaders=settings.leaders,
        review_by_second=settings.needs_review,
        reasons_time_counts=settings.reasons_time_counts,
        announced_channel=settings.announced_channel,
        serve_in_chat=settings.serve_in_chat,
        reconsideration_body=settings.reconsideration_body,
        reconsideration_online=settings.reconsideration_online,
        court=settings.court,
        office_name=settings.office_name,
        office_address=settings.office_address,
        office_phone=settings.office_phone,
        timezone=settings.timezone,
    )


def vault_of(settings: Settings, ledger: Ledger) -> Vault:
    """The keys from the setting `identity_key` or from the file.  Raises VaultError."""
    return open_vault(ledger, settings.resolved_key_file, settings.identity_key.get_secret_value())


def calendar_of(settings: Settings) -> WorkingCalendar:
    """The working days, with the office's own file of newer notices where one is set.

    Raises CalendarError when that file is wrong.
    """
    return WorkingCalendar(read_notices(settings.calendar) if settings.calendar else ())


def _prepare_index(settings: Settings, ledger: Ledger, progress: Progress) -> None:
    """Build the index when it is missing or older than a source."""
    if not _is_stale(settings.index_path, settings.knowledge):
        return
    progress("正在建立索引…… / building the index")
    with ledger.reading() as connection:
        published = published_entries(connection)
    try:
        report = build_base(settings.knowledge, settings.index_path, published, office_of(settings))
    except SourceError as error:
        if not settings.index_path.exists():
            raise
        progress(f"资料有错，先用上次的索引 / broken source, the previous index stays:\n{error}")
        logger.warning("index.not_rebuilt problems=%d", len(error.problems))
        return
    logger.info("index.built entries=%d", report.total)


def _is_stale(index: Path, sources: Path) -> bool:
    """Whether there is no index that this version can read, or something it is made of is newer."""
    try:
        Base.open(index).close()
    except (KnowledgeError, ValueError):  # built by another version: it is derived, so build it anew
        return True
    made_of = (sources, *sources.iterdir(), WEIGHTS_FILE)
    return max(path.stat().st_mtime for path in made_of) > index.stat().st_mtime
