"""The bot's own search for what a request wants: part of the log that "we do not have it" rests on.

Art. 36(4).  It covers what is disclosed, no more; where else was searched, the clerk says.
"""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict

from bot.dialogue.visit import Visit
from bot.messages import Part
from knowledge.entry import Answer, Suggest

_MOST = 3


def trail(visit: Visit, number: str) -> tuple[str, ...]:
    """Titles of what the knowledge holds that is near to a request's content, the nearest first."""
    return _nearest(visit, visit.desk.requests.get(number).content)


def _nearest(visit: Visit, content: str) -> tuple[str, ...]:
    decision = visit.ask(content)
    hits = decision.hits if isinstance(decision, Answer | Suggest) else ()
    return tuple(dict.fromkeys(hit.entry.title for hit in hits))[:_MOST]


class KeptTrails:
    """What `trail` found, for a page that is looked at again and again; thread-safe.

    A corrected request, another version of the index and the next day are searched anew.
    """

    _KEPT = 500  # requests; the least lately looked at goes

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._found: OrderedDict[str, tuple[tuple[str, ...], tuple[str, ...]]] = OrderedDict()

    def of(self, visit: Visit, number: str, content: str) -> tuple[str, ...]:
        """As `trail`, for a request whose content is at hand."""
        words = hashlib.sha256(content.encode()).hexdigest()  # erased words are not kept here either
        asked = (words, visit.base.version, visit.today.isoformat(), visit.memory.agency)
        with self._lock:
            known = self._found.pop(number, None)
        titles = known[1] if known is not None and known[0] == asked else _nearest(visit, content)
        with self._lock:
            self._found[number] = (asked, titles)
            if len(self._found) > self._KEPT:
                self._found.popitem(last=False)
        return titles


def trail_part(visit: Visit, number: str) -> Part:
    """The same in words, for the clerk who is about to say that there is nothing."""
    titles = trail(visit, number)
    if not titles:
        return visit.voice.small("trail_nothing")
    return visit.voice.small("trail_found", titles="、".join(f"《{title}》" for title in titles))
