"""The parts of the program put together: what every command and every channel starts from.

`Program.open` makes the home folder, opens the ledger (migrating it), builds the index when there is none,
and puts the dialogue on top.  When the files were edited since anybody looked, they are examined as at a
reload: a broken or refused edit does not keep the program from starting, for residents come first.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.desk.calendar import WorkingCalendar
from bot.desk.keyring import open_vault
from bot.desk.ledger import Ledger
from bot.desk.notices import read_notices
from bot.desk.office import OfficeRules
from bot.desk.register import Register
from bot.desk.vault import Vault
from bot.dialogue import errands
from bot.dialogue.admin import reloads
from bot.dialogue.admin.reloading import Reloaded, kept_in, reload, roll_back
from bot.dialogue.admin.reloads import Result, office_of, state_of
from bot.dialogue.conversation import Conversation
from bot.dialogue.doing import record
from bot.dialogue.errands import ErrandKind
from bot.dialogue.roles.grants import settings_in_force
from bot.dialogue.words import Words
from bot.settings import Settings
from knowledge.base import Base, ReloadReport, build_base
from knowledge.errors import KnowledgeError

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
    def open(
        cls, settings: Settings, progress: Progress = lambda line: None, *, takes_up_edits: bool = True
    ) -> Iterator[Program]:
        """Open everything; `progress` is told, a line at a time, what takes long or went wrong.

        Without `takes_up_edits` the index that is there answers, even if the files were edited since.
        Raises SourceError when there is no index yet and the sources are broken, and VaultError when the
        key is missing, unreadable or another ledger's.
        """
        settings.home.mkdir(parents=True, exist_ok=True)
        with Ledger.open(settings.resolved_ledger_url) as ledger:
            vault = vault_of(settings, ledger)
            _prepare_index(settings, ledger, progress, takes_up_edits)
            with Base.open(settings.index_path) as base:
                settings = _with_agency(settings, base)
                register = Register(office_rules(settings), calendar_of(settings), vault)
                words = Words.load()
                conversation = Conversation(base, register, settings, words)
                yield cls(settings, ledger, base, register, words, conversation)

    def reload(self, *, forced: bool = False, person: str = "") -> Reloaded:
        """A new index from the files and the published replies, examined and on record."""
        done = self._reload(forced=forced)
        with self.ledger.transaction() as connection:
            record(connection, datetime.now(UTC), done, kind="reload", person=person)
        return done

    def check(self) -> Reloaded:
        """What `reload` would come to, without doing it."""
        return self._reload(only_check=True)

    def settings_in_force(self) -> Settings:
        """The settings with the roles that leaders granted in chat, for menus and doors at the start."""
        with self.ledger.reading() as connection:
            return settings_in_force(connection, self.settings)

    def _reload(self, *, forced: bool = False, only_check: bool = False) -> Reloaded:
        with self.ledger.reading() as connection:
            kept = kept_in(connection, self.settings)
        return reload(self.settings, self.base, kept, forced=forced, only_check=only_check)

    def roll_back(self, *, person: str = "") -> ReloadReport:
        """The index before this one answers again.  Raises IndexMissing or IndexBroken."""
        with self.ledger.reading() as connection:
            kept = kept_in(connection, self.settings)
        report = roll_back(self.base, kept)
        with self.ledger.transaction() as connection:
            reloads.record(
                connection,
                datetime.now(UTC),
                kind="roll_back",
                person=person,
                state=state_of(self.settings),
                result=Result.ROLLED_BACK,
                version=self.base.version,
            )
        return report


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
        record_correction_goal_days=settings.record_correction_goal_days,
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


def _prepare_index(settings: Settings, ledger: Ledger, progress: Progress, takes_up_edits: bool) -> None:
    """Build the index when there is none; take up what was edited since anybody looked."""
    if not _is_readable(settings):
        _build_first(settings, ledger, progress)
        return
    if not takes_up_edits:
        return
    state = state_of(settings)
    with ledger.reading() as connection:
        last = reloads.last(connection)
        if last is not None and last.state == state:
            return  # live, or refused: either way dealt with
        kept = kept_in(connection, settings)
    progress("资料改过，正在更新索引…… / the files were edited, updating the index")
    with Base.open(settings.index_path) as base:
        done = reload(settings, base, kept)
    with ledger.transaction() as connection:
        record(connection, datetime.now(UTC), done, kind="start", person="")
        if done.result in (Result.BROKEN, Result.REFUSED):  # of a service nobody sees the screen
            errands.leave(connection, datetime.now(UTC), ErrandKind.CHANGED, argument=state)
    logger.info("index.looked_at result=%s version=%s", done.result.value, done.version)
    if done.result is Result.BROKEN:
        told = "\n".join(map(str, done.problems))
        progress(f"资料有错，先用上次的索引 / broken source, the previous index stays:\n{told}")
    elif done.result is Result.REFUSED:
        progress(
            "试问存下的问题，答错的会变多，先用上次的索引；看 disclosure check"
            " / more false answers than before, the previous index stays; see `disclosure check`"
        )


def _build_first(settings: Settings, ledger: Ledger, progress: Progress) -> None:
    """There is none that this version can read: built without an examination.  Raises SourceError."""
    progress("正在建立索引…… / building the index")
    with ledger.reading() as connection:
        kept = kept_in(connection, settings)
    state = state_of(settings)
    report = build_base(
        settings.knowledge,
        settings.index_path,
        kept.published,
        office_of(settings),
        kept.wordings,
        kept.phrasings,
    )
    with Base.open(settings.index_path) as base, ledger.transaction() as connection:
        reloads.record(
            connection,
            datetime.now(UTC),
            kind="start",
            person="",
            state=state,
            result=Result.LIVE,
            version=base.version,
        )
    logger.info("index.built entries=%d", report.total)


def _is_readable(settings: Settings) -> bool:
    """Whether there is an index that this version can read; it is derived, so any other is built anew."""
    try:
        Base.open(settings.index_path).close()
    except (KnowledgeError, ValueError):
        return False
    return True
