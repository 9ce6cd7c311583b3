"""Rebuilding the index from the files and the published replies, for an admin and after a publication."""

from __future__ import annotations

from dataclasses import dataclass

from bot.dialogue.publications import published_entries
from bot.dialogue.visit import Visit
from bot.settings import Settings
from knowledge.base import ReloadReport
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


def reload_base(visit: Visit, *, only_check: bool = False) -> Reloaded:
    """Build and swap (or only compare); a broken source changes nothing."""
    work = visit.base.check if only_check else visit.base.reload
    try:
        return Reloaded(
            work(visit.settings.knowledge, published_entries(visit.connection), office_of(visit.settings))
        )
    except SourceError as error:
        return Reloaded(problems=error.problems)
    except KnowledgeError:
        return Reloaded()
