"""Rebuilding the index from the files and the published replies, for an admin and after a publication."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.dialogue.publications import published_entries
from bot.dialogue.rulebook import rule_problems
from bot.dialogue.visit import Visit
from bot.settings import Settings
from knowledge.base import Base, ReloadReport
from knowledge.entry import Entry
from knowledge.errors import KnowledgeError, SourceError, SourceProblem

OFFICE_FIELDS = (
    "agency_name",
    "office_name",
    "office_address",
    "office_phone",
    "office_hours",
    "reconsideration_body",
    "court",
)


@dataclass(frozen=True)
class Reloaded:
    """What came of it: a report, or problems (and the old index is still live)."""

    report: ReloadReport | None = None
    problems: tuple[SourceProblem, ...] = ()


def office_of(settings: Settings) -> dict[str, str]:
    """The office's details that the guide may name; unset ones are left out, and with them their lines."""
    values = {name: getattr(settings, name) for name in OFFICE_FIELDS}
    return {name: value for name, value in values.items() if value}


def examine(settings: Settings, base: Base, published: Sequence[Entry]) -> ReloadReport:
    """What a reload would change.  Raises SourceError with the problems of all files, rules included."""
    problems = list(rule_problems(settings.knowledge))
    try:
        report = base.check(settings.knowledge, published, office_of(settings))
    except SourceError as error:
        raise SourceError([*error.problems, *problems]) from error
    if problems:
        raise SourceError(problems)
    return report


def rebuild(settings: Settings, base: Base, published: Sequence[Entry]) -> ReloadReport:
    """Build and swap, after every file was found whole.  Raises SourceError, and nothing changes."""
    examine(settings, base, published)
    return base.reload(settings.knowledge, published, office_of(settings))


def reload_base(visit: Visit, *, only_check: bool = False) -> Reloaded:
    """An admin's reload (or only the comparison); a broken source changes nothing."""
    work = examine if only_check else rebuild
    try:
        return Reloaded(work(visit.settings, visit.base, published_entries(visit.connection)))
    except SourceError as error:
        return Reloaded(problems=error.problems)
    except KnowledgeError:
        return Reloaded()


def index_publications(visit: Visit) -> bool:
    """Let residents find what was just published; False when a broken source keeps it for the next reload."""
    published = published_entries(visit.connection)
    try:
        visit.base.reload(visit.settings.knowledge, published, office_of(visit.settings))
    except KnowledgeError:
        return False
    return True
