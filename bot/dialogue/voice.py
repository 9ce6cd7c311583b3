"""A `Voice` speaks to one chat in its language: words to `Outgoing`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.dialogue.messages import Address, Button, Document, Language, Outgoing, Part, Style
from bot.dialogue.payload import Act, data_of
from bot.dialogue.words import Words

Rows = Sequence[Sequence[Button]]


@dataclass(frozen=True)
class Voice:
    """Who is spoken to, and how."""

    words: Words
    address: Address
    language: Language
    # Whether the person chose the language by a button.  A resident who merely typed traditional characters
    # gets the bot's own words in them, but a quotation as it was published: it must be comparable with its
    # source character by character.  Who chose traditional wants to read everything in it.
    chosen: bool = False
    large: bool = False  # 大字: short sentences, one thing a message

    def word(self, event: str, /, **values: object) -> str:
        """The sentence, filled in."""
        say = self.words.say_large if self.large else self.words.say
        return say(event, self.language, **values)

    def day(self, day: date) -> str:
        return self.word("day", year=day.year, month=day.month, day=day.day)

    def quotation(self, text: str) -> str:
        """Published or typed text as this person reads it."""
        if self.chosen and self.language is Language.TRADITIONAL:
            return self.words.quotation(text)
        return text

    def own(self, text: str) -> str:
        """Words of ours that stand in another file (channels, for instance): never a quotation."""
        return self.words.quotation(text) if self.language is Language.TRADITIONAL else text

    def small(self, event: str, /, **values: object) -> Part:
        return Part(self.word(event, **values), Style.SMALL)

    def quote(self, text: str) -> Part:
        return Part(self.quotation(text), Style.QUOTE)

    def button(self, event: str, act: Act, *arguments: object, **values: object) -> Button:
        """A button whose label is the sentence `event`."""
        return Button(self.word(event, **values), data_of(act, *arguments))

    def message(
        self,
        event: str,
        /,
        *after: Part,
        before: Sequence[Part] = (),
        buttons: Rows = (),
        edits: str = "",
        document: Document | None = None,
        **values: object,
    ) -> Outgoing:
        """The sentence `event` as a message, with parts before and after it and rows of buttons.

        A sentence that names a `number` is about that request or inquiry: it becomes the subject.
        """
        return Outgoing(
            address=self.address,
            event=event,
            parts=(*before, Part(self.word(event, **values)), *after),
            buttons=tuple(tuple(row) for row in buttons if row),
            edits=edits,
            document=document,
            large=self.large,
            subject=str(values.get("number", "")),
        )
