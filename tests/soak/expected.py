"""What each chat must have been told, written down by whoever causes it, and compared with what arrived.

Every cause (a person's own acts, a request, an inquiry) is a stream of messages in a chat, each known by a
fragment of its text.  What one cause says keeps its order; the streams of a chat may be interleaved.  A
message that belongs to no stream, one too many or one out of order is told, and what did not come.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

OWN = "own acts"


class Expected:
    """`say` for each message that must arrive; `compare` a chat's messages with it."""

    def __init__(self) -> None:
        self._chats: dict[int, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))

    def say(self, chat: int, cause: str, *fragments: str) -> None:
        """These messages, in this order, behind what the same cause said here before."""
        self._chats[chat][cause] += fragments

    @property
    def count(self) -> int:
        return sum(len(said) for streams in self._chats.values() for said in streams.values())

    @property
    def chats(self) -> set[int]:
        return set(self._chats)

    def compare(self, chat: int, arrived: Sequence[str]) -> tuple[list[str], list[str]]:
        """What is wrong with the messages of this chat, given in the order of arrival; what did not come."""
        left = {cause: list(said) for cause, said in self._chats[chat].items()}
        wrong = []
        for text in arrived:
            cause = next((cause for cause, said in left.items() if said and said[0] in text), None)
            if cause is not None:
                left[cause].pop(0)
                continue
            late = next((said for said in left.values() if any(each in text for each in said)), None)
            if late is None:
                wrong.append(f"chat {chat}: nothing caused {_short(text)}")
            else:
                late.remove(next(each for each in late if each in text))
                wrong.append(f"chat {chat}: out of order, or something before it is missing: {_short(text)}")
        missing = [f"chat {chat}: never came ({cause}): {said}" for cause, said in left.items() if said]
        return wrong, missing


def _short(text: str) -> str:
    return repr(text[:60])
