"""A step of a form: what waits for the next text of a chat."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.dialogue.visit import Answer, Visit
from bot.messages import Turn


def _no_files(visit: Visit) -> bool:
    return False


@dataclass(frozen=True)
class Step:
    """What takes the text that a step waits for, and what asks for it again."""

    answer: Answer
    again: Callable[[Visit], Turn]
    for_staff: bool = False
    reads_back: bool = True  # nothing happens before it was shown once more and confirmed
    takes_files: Callable[[Visit], bool] = _no_files
    captions: bool = False  # the words under a file are the words that the step waits for
