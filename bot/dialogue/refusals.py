"""What the desk refuses, in words: `DeskError.text_id` is the name of a sentence."""

from __future__ import annotations

from datetime import date
from typing import Any

from bot.desk.errors import DeskError
from bot.dialogue.voice import Voice
from bot.messages import Outgoing

_UNKNOWN = "refused"


def refusal(voice: Voice, error: DeskError) -> Outgoing:
    """The sentence for a refusal; a plain one when the words do not know it or its facts do not fill it."""
    event = f"refused_{error.text_id}"
    facts = shown_facts(voice, error)
    if voice.words.knows(event):
        try:
            return voice.message(event, **facts)
        except KeyError:
            pass  # a fact is missing: the plain sentence is better than no answer
    return voice.message(_UNKNOWN)


def shown_facts(voice: Voice, error: DeskError) -> dict[str, Any]:
    """The facts of a refusal as they are read."""
    return {key: _shown(voice, value, key) for key, value in error.facts.items()}


_COUNTED = ("due_on", "latest")  # days that were counted out


def _shown(voice: Voice, value: object, key: str = "") -> object:
    if isinstance(value, date):
        return voice.limit(value) if key in _COUNTED else voice.day(value)
    label = getattr(value, "label", None)
    if label is not None:
        return label
    if isinstance(value, tuple | list | frozenset | set):
        return "、".join(str(_shown(voice, item)) for item in value)
    return value
