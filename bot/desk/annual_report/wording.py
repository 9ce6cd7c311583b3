"""What the six sections of the annual report say beside their tables, from `wording.yaml`.

The wording is the office's to edit.  What the program cannot know stands in it as 【请填写：…】: Word shows
it marked, and the check of a report finds it as long as it is there.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bot.desk.errors import InvalidValue, MissingFields
from bot.desk.legible import legible, legible_within

WORDING = Path(__file__).with_name("wording.yaml")
TO_FILL_IN = re.compile(r"【请填写[^】]*】")
_NAME = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class SectionText:
    """One section; its table, where it has one, stands between `before` and `after`."""

    title: str
    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True)
class ReportText:
    """The report without its tables."""

    title: str
    opening: str
    sections: tuple[SectionText, ...]
    agency: str
    on: str


def write_report(facts: Mapping[str, str], wording: Path = WORDING) -> ReportText:
    """Fill in the wording; `facts` must hold every name in it, `agency` and `today`.

    Raises InvalidValue when the edited file is broken, MissingFields for a name that nobody knows.
    """
    try:
        loaded: Any = legible_within(yaml.safe_load(legible(wording.read_text(encoding="utf-8"))))
        return ReportText(
            title=_fill(loaded["title"], facts),
            opening=_fill(loaded["opening"], facts),
            sections=tuple(_section(each, facts) for each in loaded["sections"]),
            agency=facts["agency"],
            on=facts["today"],
        )
    except (OSError, UnicodeDecodeError, yaml.YAMLError, KeyError, TypeError, AttributeError) as error:
        raise InvalidValue("letters_wording_broken", field="annual_report", path=wording) from error


def _section(section: Mapping[str, Any], facts: Mapping[str, str]) -> SectionText:
    before, after = (
        tuple(_fill(line, facts) for line in section.get(part) or ()) for part in ("before", "after")
    )
    return SectionText(_fill(section["title"], facts), before, after)


def _fill(line: str, facts: Mapping[str, str]) -> str:
    missing = tuple(name for name in _NAME.findall(line) if name not in facts)
    if missing:
        raise MissingFields("letter_facts_missing", kind="annual_report", fields=missing)
    return _NAME.sub(lambda found: facts[found[1]], line)
