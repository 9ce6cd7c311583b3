"""The bot's own search for what a request wants: part of the log that "we do not have it" rests on.

Art. 36(4).  It covers what is disclosed, no more; where else was searched, the clerk says.
"""

from __future__ import annotations

from bot.dialogue.visit import Visit
from bot.messages import Part
from knowledge.entry import Answer, Suggest

_MOST = 3


def trail(visit: Visit, number: str) -> tuple[str, ...]:
    """Titles of what the knowledge holds that is near to a request's content, the nearest first."""
    content = visit.register.get(visit.connection, number).content
    decision = visit.ask(content)
    hits = decision.hits if isinstance(decision, Answer | Suggest) else ()
    return tuple(dict.fromkeys(hit.entry.title for hit in hits))[:_MOST]


def trail_part(visit: Visit, number: str) -> Part:
    """The same in words, for the clerk who is about to say that there is nothing."""
    titles = trail(visit, number)
    if not titles:
        return visit.voice.small("trail_nothing")
    return visit.voice.small("trail_found", titles="、".join(f"《{title}》" for title in titles))
