"""`terms.yaml`: everyday words and the words of official texts for the same thing."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Term:
    """`everyday` are what residents say, `official` what documents say; each holds at least one word.

    Every word of one side stands for every word of the other: ("五保户", "五保老人") ~ ("农村五保",
    "特困人员").  A word may stand in several terms.
    """

    everyday: tuple[str, ...]
    official: tuple[str, ...]
