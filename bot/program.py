"""The parts of the program put together: what every command and every channel starts from.

`Program.open` makes the home folder, opens the ledger (migrating it), builds the index when there is none,
and puts the dialogue on top.  When the files were edited since anybody looked, they are examined as at a
reload: a broken or refused edit does not keep the program from starting, for residents come first.  Whoever
serves them opens without, and has the edits read beside the conversation (`take_up_edits_beside`).
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.desk.register import Register
from bot.dialogue import errands
from bot.dialogue.admin import reloads
from bot.dialogue.admin.readings import Progress, are_left, readings_of
from bot.dialogue.admin.reloading import Reloaded, kept_in, reload, roll_back
from bot.dialogue.admin.reloads import Look, Result, office_of, state_of
from bot.dialogue.conversation import Conversation
from bot.dialogue.doing import record
from bot.dialogue.errands import ErrandKind
from bot.dialogue.roles.grants import settings_in_force
from bot.dialogue.words import Words
from bot.jobs.retention import Retention
from bot.jobs.unasked import Jobs
from bot.ledger.ledger import Ledger
from bot.record import Record, office_rules
from bot.settings import Settings
from knowledge.base import Base, ReloadReport, build_base
from knowledge.index.meanings import Meaning
from knowledge.meaning.embedder import embedder

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Program:
    """Everything that is open while the program runs.  Use `with Program.open(settings) as program:`."""

    settings: Settings
    ledger: Ledger
    base: Base
    register: Register
    words: Words
    conversation: Conversation
    jobs: Jobs

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
        with Record.open(settings) as record:
            _prepare_index(settings, record.ledger, progress, takes_up_edits)
            with Base.open(settings.index_path, meaning_of(settings, progress)) as base:
                settings = _with_agency(settings, base)
                register = Register(office_rules(settings), record.calendar, record.vault)
                words = Words.load()
                conversation = Conversation(base, register, settings, words)
                conversation.warm_up()
                jobs = Jobs(conversation, Retention(register, settings), settings)
                yield cls(settings, record.ledger, base, register, words, conversation, jobs)

    def take_up_edits_beside(self, progress: Progress = lambda line: None) -> None:
        """What was edited since anybody looked becomes an errand: the index that is there answers meanwhile.

        For whoever serves residents: a large folder, or a file that is slow to read, delays no answer.
        """
        state = state_of(self.settings)
        with self.ledger.transaction() as connection:
            last = reloads.last(connection)
            if _is_dealt_with(self.settings, last, state):
                return
            if not errands.is_left(connection, ErrandKind.CHANGED):
                errands.leave(connection, datetime.now(UTC), ErrandKind.CHANGED, argument=state)
        progress("资料改过，先用上次的索引回答 / the files were edited, the index before answers meanwhile")

    def reload(self, *, forced: bool = False, person: str = "", progress: Progress | None = None) -> Reloaded:
        """A new index from the files and the published replies, examined and on record."""
        done = self._reload(forced=forced, progress=progress)
        with self.ledger.transaction() as connection:
            record(connection, datetime.now(UTC), done, kind="reload", person=person)
        return done

    def check(self, *, again: bool = False, progress: Progress | None = None) -> Reloaded:
        """What `reload` would come to, without doing it.  `again`: refused documents are tried once more."""
        return self._reload(only_check=True, again=again, progress=progress)

    def settings_in_force(self) -> Settings:
        """The settings with the roles that leaders granted in chat, for menus and doors at the start."""
        with self.ledger.reading() as connection:
            return settings_in_force(connection, self.settings)

    def _reload(
        self,
        *,
        forced: bool = False,
        only_check: bool = False,
        again: bool = False,
        progress: Progress | None = None,
    ) -> Reloaded:
        with self.ledger.reading() as connection:
            kept = kept_in(connection, self.settings)
        return reload(
            self.settings,
            self.base,
            kept,
            forced=forced,
            only_check=only_check,
            again=again,
            progress=progress,
        )

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


def meaning_of(settings: Settings, progress: Progress = lambda line: None) -> Meaning | None:
    """What finds questions by their meaning; None where the office or the machine has none.

    `progress` is told now and then how far the embedding of what is new has come.
    """
    model = embedder() if settings.meaning else None
    if model is None:
        return None

    def tell(done: int, of: int) -> None:
        if done and done % _TOLD_EVERY == 0:
            progress(f"正在理解资料的意思 {done}/{of} / reading for meaning")

    return Meaning(model, seconds=settings.meaning_seconds, progress=tell)


_TOLD_EVERY = 200  # texts; some five seconds


def _prepare_index(settings: Settings, ledger: Ledger, progress: Progress, takes_up_edits: bool) -> None:
    """Build the index when there is none; take up what was edited since anybody looked."""
    if not Base.is_whole(settings.index_path):
        _build_first(settings, ledger, progress)
        return
    if not takes_up_edits:
        return
    state = state_of(settings)
    with ledger.reading() as connection:
        last = reloads.last(connection)
        if _is_dealt_with(settings, last, state):
            return
        kept = kept_in(connection, settings)
    progress("资料改过，正在更新索引…… / the files were edited, updating the index")
    with Base.open(settings.index_path, meaning_of(settings, progress)) as base:
        done = reload(settings, base, kept, progress=progress)
    with ledger.transaction() as connection:
        record(connection, datetime.now(UTC), done, kind="start", person="")
        if done.problems or done.result is Result.REFUSED:  # of a service nobody sees the screen
            errands.leave(connection, datetime.now(UTC), ErrandKind.CHANGED, argument=state)
    for problem in done.problems if done.result is not Result.BROKEN else ():
        progress(f"读不了，先留原来的 / not read, what was there stays: {problem}")
    logger.info("index.looked_at result=%s version=%s", done.result.value, done.version)
    if done.result is Result.BROKEN:
        told = "\n".join(map(str, done.problems))
        progress(f"资料有错，先用上次的索引 / broken source, the previous index stays:\n{told}")
    elif done.result is Result.REFUSED:
        progress(
            "试问存下的问题，答错的会变多，先用上次的索引；看 disclosure check"
            " / more false answers than before, the previous index stays; see `disclosure check`"
        )


def _is_dealt_with(settings: Settings, last: Look | None, state: str) -> bool:
    """Live, or refused.  What is live is looked at once more where a busy machine did not read all of it."""
    if last is None or last.state != state:
        return False
    return last.result not in _IN_USE or not are_left(settings)


_IN_USE = (Result.LIVE, Result.FORCED, Result.UNCHANGED)


def _build_first(settings: Settings, ledger: Ledger, progress: Progress) -> None:
    """There is none that this version can read: built without an examination.  Raises SourceError."""
    progress("正在建立索引…… / building the index")
    with ledger.reading() as connection:
        kept = kept_in(connection, settings)
    state = state_of(settings)
    with readings_of(settings, progress) as readings:
        report = build_base(
            settings.knowledge,
            settings.index_path,
            kept.published,
            office_of(settings),
            kept.wordings,
            kept.phrasings,
            readings.read,
            meaning_of(settings, progress),
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
    for problem in report.problems:
        progress(f"读不了 / not read: {problem}")
    logger.info("index.built entries=%d", report.total)
