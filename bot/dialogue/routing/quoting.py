"""A sentence of the bot that somebody quotes, or points at with 这个: it belongs to the question.

[“八十岁以上每月一百元”] 什么时候发   ─▶ asked together
[“八十岁以上每月一百元”] 这个什么意思 ─▶ it is a quotation: the whole passage, or a person who explains
这个什么意思                          ─▶ the same, of what was quoted last
"""

from __future__ import annotations

import re

from bot.dialogue.payload import Act
from bot.dialogue.progress import shortened
from bot.dialogue.resident import asking
from bot.dialogue.routing import gathering
from bot.dialogue.visit import Visit, turn
from bot.messages import OutcomeKind, Part, Turn
from knowledge.text.normalize import fold

_LONGEST_QUOTE = 100  # characters; more says nothing more of what is meant
_SHORT = 8  # characters of a question that lives on what it replies to
_POINTS = re.compile(r"^(?:[这那此上]|它|里面|其中)|[这那][个句条段里些样儿]|上面|其中|里面")
_MEANING = re.compile(
    r"(?:你|您)?(?:说的|写的|讲的)?(?:[这那此它](?:[个句条段里些])?(?:话|字|词|句)?|上面(?:这?句|这?段)?(?:话)?)?"
    r"(?:是|到底|究竟)*(?:什么|啥子?|咋个?|怎么|么子|乜)(?:样)?(?:意思|回事|讲|理解|解释)"
    r"(?:呀|啊|呢|吗|嘛|了|来着)*[?!。.]*"
)


def respond(visit: Visit, text: str) -> Turn:
    """The answer to a free text, with what it quotes."""
    quote = visit.incoming.quote.strip()
    if visit.is_private and _MEANING.fullmatch(fold(text).strip()) and (quote or visit.memory.last_entry):
        return _what_is_meant(visit, quote)
    if quote and (len(text) <= _SHORT or _POINTS.search(fold(text))):
        text = f"{shortened(quote, _LONGEST_QUOTE)} {text}"
    return gathering.respond(visit, text[: asking.LONGEST_ASKED])


def _what_is_meant(visit: Visit, quote: str) -> Turn:
    """What is quoted is verbatim, and is not explained by a program: read on, or ask a person."""
    voice = visit.voice
    entry = visit.base.entry(visit.memory.last_entry) if visit.memory.last_entry else None
    meant = shortened(quote, _LONGEST_QUOTE) or (entry.title if entry else "")
    if not meant:
        return gathering.respond(visit, visit.incoming.text[: asking.LONGEST_ASKED])
    question_id = asking.remember(visit, voice.word("what_does_it_mean", quote=meant), OutcomeKind.ROUTE)
    whole = [[voice.button("button_whole", Act.ENTRY, entry.token, 0)]] if entry else []
    return turn(
        voice.message(
            "quote_unclear",
            before=[Part(voice.word("quote_pointed")), voice.quote(meant)],
            buttons=[*whole, *asking.two_ways(visit, question_id)],
        ),
        outcome=OutcomeKind.ROUTE,
        offers_filing=True,
    )
