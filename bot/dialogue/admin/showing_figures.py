"""The statistics as a message with a picture, for admins."""

from __future__ import annotations

from bot.dialogue.admin.figures import Figures
from bot.dialogue.admin.picture import NoPicture, picture_of
from bot.dialogue.progress import shortened
from bot.dialogue.voice import Voice
from bot.messages import Document, Outgoing, Part
from bot.settings import Settings

_LABELS = ("title", "answered", "suggested", "unknown", "per_day", "missed")
_LINES = 5
_LONGEST = 40


def picture(voice: Voice, figures: Figures, settings: Settings) -> bytes:
    """A PNG in the words of this voice.  Raises NoPicture.  Takes seconds."""
    labels = {name: voice.word(f"picture_{name}") for name in _LABELS}
    return picture_of(figures.as_values(), labels, settings.home / "cache")


def picture_message(voice: Voice, figures: Figures, drawn: bytes | None) -> Outgoing:
    """The picture, and what was missed most as text: not every machine has a font for it."""
    lines = [
        voice.word("stats_missed_line", text=shortened(" ".join(text.split()), _LONGEST), count=count)
        for text, count in figures.missed[:_LINES]
    ]
    after = [Part("\n".join((voice.word("picture_missed"), *lines)))] if lines else []
    if drawn is None:
        return voice.message("stats_no_picture", before=after)
    name = f"{figures.days[0].on}_{figures.days[-1].on}.png"
    return voice.message("stats_picture", *after, document=Document(name, drawn), days=len(figures.days))


def drawn_or_none(voice: Voice, figures: Figures, settings: Settings) -> bytes | None:
    """The picture where it can be drawn here."""
    try:
        return picture(voice, figures, settings)
    except NoPicture:
        return None
