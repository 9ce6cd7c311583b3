"""Two questions in one message: where to cut."""

from __future__ import annotations

import re

from knowledge.matching.asked import content_weight, is_question
from knowledge.text.normalize import squeeze

_CUT = re.compile(r"[?;。!\n,，]+|(?:另外|还有|顺便)(?:问|想问)?")
_ENOUGH = 0.6  # content of a question that stands alone
_LONGEST = 60  # a longer message is a story with one question at its end


def questions_in(folded: str) -> list[str]:
    """The two questions of a message, or the message itself when it asks one thing (or more than two).

    What is no question, or has no content of its own, goes with the question after it.
    """
    if len(folded) > _LONGEST:
        return [folded]
    found: list[str] = []
    before = ""
    for part in _CUT.split(folded):
        before += part
        if is_question(part) and content_weight(squeeze(before)) >= _ENOUGH:
            found.append(before)
            before = ""
    if before.strip() and found:
        found[-1] += before
    return found if len(found) == 2 else [folded]
