"""Entries offered in any chat (`@bot 低保`): what is disclosed, never anything of a request or a person."""

from __future__ import annotations

from dataclasses import dataclass

from bot.dialogue.language import of_tag
from bot.dialogue.progress import shortened
from bot.dialogue.showing import answer_parts, quotation
from bot.dialogue.voice import Voice
from bot.dialogue.words import Words
from bot.messages import Address, Outgoing
from knowledge.base import Base
from knowledge.entry import Answer, Hit, Suggest

MOST = 5
_ANYWHERE = Address("offer", "any")  # nobody's chat: the person decides where it goes
_DESCRIPTION = 80


@dataclass(frozen=True)
class Offer:
    """One entry: a line to choose it by, and the message that it becomes."""

    token: str
    title: str
    description: str
    message: Outgoing


def offers(base: Base, words: Words, text: str, tag: str = "") -> tuple[Offer, ...]:
    """What fits the text so far, the best first; nothing is remembered of it.

    `tag` is the language of the phone; what was chosen in the private chat is not looked up for every letter.
    """
    if not text.strip():
        return ()
    decision = base.ask(text)
    hits = decision.hits if isinstance(decision, Answer | Suggest) else ()
    voice = Voice(words, _ANYWHERE, of_tag(tag))
    once = {hit.entry.token: hit for hit in reversed(hits)}
    return tuple(_offer(voice, hit) for hit in reversed(once.values()))[:MOST]


def _offer(voice: Voice, hit: Hit) -> Offer:
    return Offer(
        hit.entry.token,
        hit.entry.title,
        shortened(quotation(hit), _DESCRIPTION),
        Outgoing(_ANYWHERE, "offer", tuple(answer_parts(voice, hit))),
    )
