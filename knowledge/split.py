"""Two questions in one message: where to cut."""

from __future__ import annotations

import re

from knowledge.asked import content_weight, is_question
from knowledge.normalize import squeeze

_CUT = re.compile(
    r"[?;。!\n]+|[,，](?=\s*(?:又|还有|另外|再|顺便|同时|以及|平时))|(?:另外|还有|顺便)[,，]?(?:问|想问)?"
)
_ENOUGH = 0.7  # content of a question that stands alone
_LONGEST = 120


def questions_in(folded: str) -> list[str]:
    """The questions of a message, or the message itself when it asks one thing (or more than two)."""
    if len(folded) > _LONGEST:
        return [folded]
    parts = [part for part in _CUT.split(folded) if part and part.strip()]
    asked = [part for part in parts if is_question(part) and content_weight(squeeze(part)) >= _ENOUGH]
    return asked if len(asked) == 2 else [folded]
