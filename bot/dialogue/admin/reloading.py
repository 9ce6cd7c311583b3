"""A new index from the files and the published replies: built beside the live one, examined, and swapped in.

    files + replies ─▶ new index ─▶ examination ─┬─ no more false answers, or forced ─▶ live
       │                                         └─ more of them ─▶ refused; the old one stays
       └─ a file that cannot be read: named with line and reason, what was live of it stays, the others go on

Nothing here writes to the ledger, and nothing may run inside one of its transactions: it takes seconds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy import Connection

from bot.dialogue import questions
from bot.dialogue.admin.examination import Examination, Source, Stored, examine
from bot.dialogue.admin.publications import published_entries
from bot.dialogue.admin.readings import Progress, readings_of
from bot.dialogue.admin.reloads import Result, office_of, state_of
from bot.dialogue.admin.wordings import Wording, accepted
from bot.dialogue.understanding.rulebook import rule_problems
from bot.settings import Settings
from knowledge.base import Base, Candidate, ReloadReport
from knowledge.entry import Entry
from knowledge.errors import KnowledgeError, SourceError, SourceProblem
from knowledge.sources import Knowledge


@dataclass(frozen=True)
class Kept:
    """What the ledger gives to an index, and the questions to examine it with."""

    published: tuple[Entry, ...]
    wordings: Sequence[Wording] = ()  # that an admin accepted
    phrasings: Mapping[str, tuple[str, ...]] = field(
        default_factory=dict
    )  # that staff confirmed, by entry id
    questions: Sequence[Stored] = ()


@dataclass(frozen=True)
class Reloaded:
    """What came of it.  `version` is the index that answers now; `problems` are those of the files."""

    result: Result
    state: str
    version: str
    report: ReloadReport | None = None
    examination: Examination | None = None
    problems: tuple[SourceProblem, ...] = ()
    knowledge: Knowledge | None = None  # the folder as it was read; None where it could not be


def kept_in(connection: Connection, settings: Settings) -> Kept:
    """Read what a reload needs; a moment's work."""
    return Kept(
        published=published_entries(connection),
        wordings=accepted(connection),
        phrasings=questions.confirmed_phrasings(connection),
        questions=questions.stored(connection, settings.examination_questions),
    )


def reload(
    settings: Settings,
    base: Base,
    kept: Kept,
    *,
    only_check: bool = False,
    forced: bool = False,
    again: bool = False,
    progress: Progress | None = None,
) -> Reloaded:
    """Build, examine and, unless it is only a check, go live.  Whatever goes wrong, the old index stays.

    `again`: documents that were refused before are tried once more.
    """
    state, problems = state_of(settings), rule_problems(settings.knowledge)
    try:
        if again:
            with readings_of(settings) as readings:
                readings.forget_refusals()
        with (
            readings_of(settings, progress) as readings,
            base.candidate(
                settings.knowledge,
                kept.published,
                office_of(settings),
                kept.wordings,
                kept.phrasings,
                readings.read,
            ) as new,
        ):
            done = _decide(settings, base, new, kept, state, only_check=only_check, forced=forced)
            found = new.knowledge.problems if new.knowledge else ()
            return replace(done, problems=(*found, *problems), knowledge=new.knowledge)
    except SourceError as error:
        problems = (*error.problems, *problems)
    except OSError as error:
        problems = (_unreadable(settings, error), *problems)
    except KnowledgeError:
        pass  # the new index failed its own checks: no file is to blame
    return Reloaded(Result.BROKEN, state, base.version, problems=problems)


def _unreadable(settings: Settings, error: OSError) -> SourceProblem:
    """A folder that is away, or may not be read."""
    place = str(error.filename or settings.knowledge)
    return SourceProblem(place, None, "", f"打不开（{error.strerror}）", "设置 knowledge 写的文件夹，能读")


def _decide(
    settings: Settings,
    base: Base,
    new: Candidate,
    kept: Kept,
    state: str,
    *,
    only_check: bool,
    forced: bool,
) -> Reloaded:
    if base.is_damaged and not only_check:  # residents wait: whatever the files say is better than nothing
        new.go_live()
        return Reloaded(Result.LIVE, state, base.version, new.report)
    examination = examine(
        kept.questions,
        Source(base.ask, base.entry),
        Source(new.ask, new.entry),
        most=settings.examination_questions,
    )
    result = _result(new, examination, only_check=only_check, forced=forced)
    if result in (Result.LIVE, Result.FORCED):
        new.go_live()
    return Reloaded(result, state, base.version, new.report, examination)


def _result(new: Candidate, examination: Examination, *, only_check: bool, forced: bool) -> Result:
    if only_check:
        return Result.CHECKED if examination.is_passed else Result.REFUSED
    if not new.is_new:
        return Result.UNCHANGED
    if examination.is_passed:
        return Result.LIVE
    return Result.FORCED if forced else Result.REFUSED


def publish(base: Base, kept: Kept) -> bool:
    """Let residents find what became public, without a look at the files, which may be half edited.

    False when the new index failed its checks: the reply is on record, and part of the next reload.
    """
    try:
        with base.republished(kept.published, kept.phrasings) as new:
            if new.is_new:
                new.go_live(keeps_previous=True)
    except KnowledgeError:
        return False
    return True


def roll_back(base: Base, kept: Kept) -> ReloadReport:
    """The index before this one answers again, with what has become public since.

    Raises IndexMissing or IndexBroken when there is none to go back to; then nothing changes.
    """
    report = base.roll_back()
    publish(base, kept)
    return report
