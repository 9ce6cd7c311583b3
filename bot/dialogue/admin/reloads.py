"""What became of each look at the knowledge: rows of the ledger; the newest says what was dealt with.

A state of the files that was refused, found broken or rolled back from is not taken up again by itself: not
by the next start, and not by the watch over the folder.  An edit makes a new state.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.desk import letters
from bot.dialogue.tables import reloads
from bot.settings import Settings
from knowledge.base import WEIGHTS_FILE
from knowledge.sources import DEFAULTS, version_of_sources

OFFICE_FIELDS = (
    "agency_name",
    "office_name",
    "office_address",
    "office_phone",
    "office_hours",
    "reconsideration_body",
    "court",
)
_NOT_READ = (".", "_", "~")


class Result(StrEnum):
    """How a look at the knowledge ended."""

    LIVE = "live"
    FORCED = "forced"  # live although more questions are answered wrongly; the row says by whom
    UNCHANGED = "unchanged"  # nothing to swap
    CHECKED = "checked"  # only looked at; never recorded
    REFUSED = "refused"  # more false answers than before
    BROKEN = "broken"  # a file cannot be read
    ROLLED_BACK = "rolled_back"


@dataclass(frozen=True)
class Look:
    """One row."""

    at: datetime
    kind: str
    person: str
    state: str
    result: Result
    version: str
    problems: int = 0  # files that could not be read


def record(
    connection: Connection,
    now: datetime,
    *,
    kind: str,
    person: str,
    state: str,
    result: Result,
    version: str,
    details: Mapping[str, Any] | None = None,
) -> None:
    """Keep how it ended."""
    connection.execute(
        reloads.insert().values(
            at=now,
            kind=kind,
            person=person,
            state=state,
            result=result.value,
            version=version,
            details=dict(details or {}),
        )
    )


def last(connection: Connection) -> Look | None:
    """The newest look at the files; a publication is none."""
    query = sa.select(reloads).where(reloads.c.kind != "publish").order_by(reloads.c.id.desc()).limit(1)
    row = connection.execute(query).first()
    if row is None:
        return None
    return Look(
        row.at,
        row.kind,
        row.person,
        row.state,
        Result(row.result),
        row.version,
        row.details.get("problems", 0),
    )


def office_of(settings: Settings) -> dict[str, str]:
    """The office's details that the guide may name; unset ones are left out, and with them their lines.

    Remedies are worded as in its letters: a resident is told one thing.
    """
    values = {name: getattr(settings, name) for name in OFFICE_FIELDS}
    told = letters.remedies_in_guide(settings.reconsideration_body, settings.court)
    return {**{name: value for name, value in values.items() if value}, **told}


def state_of(settings: Settings) -> str:
    """Ten digits that change with all that an index is made of: files, settings, weights, code."""
    digest = hashlib.blake2b(digest_size=5)
    office = sorted(office_of(settings).items())
    # The agency's name may itself come from the newest report: that it was filled in is no edit.
    told = [f"{name}={value}" for name, value in office if name != "agency_name"]
    # A program that reads better makes another index of the same files.
    digest.update("\n".join((str(settings.knowledge.resolve()), version_of_sources(), *told, "")).encode())
    own = [(path, path.stat()) for path in (WEIGHTS_FILE, *sorted(DEFAULTS.glob("*.yaml")))]
    for path, stat in (*_files(settings.knowledge), *own):
        digest.update(f"{path} {stat.st_mtime_ns} {stat.st_size}\n".encode("utf-8", "surrogateescape"))
    return digest.hexdigest()


def edited_at(settings: Settings) -> float:
    """When a file of the folder was last written, added or removed; seconds since 1970."""
    folder = settings.knowledge
    folders = {folder, *(path.parent for path, _ in _files(folder))}
    times = [stat.st_mtime for _, stat in _files(folder)]
    return max((*(each.stat().st_mtime for each in folders), *times))


def _files(folder: Path) -> Iterator[tuple[Path, os.stat_result]]:
    """The files that are read; an editor's own beside them, and one that is just being replaced, are none.

    None in a folder that is away: whoever reads it says so.
    """
    if not folder.is_dir():
        return
    for where, below, names in os.walk(folder):
        below[:] = sorted(name for name in below if not name.startswith(_NOT_READ))
        for name in sorted(names):
            path = Path(where, name)
            with suppress(OSError):
                if not name.startswith(_NOT_READ) and path.is_file():
                    yield path, path.stat()
