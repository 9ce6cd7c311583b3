"""A `Voice` speaks to one chat in its language: words to `Outgoing`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from bot.desk.model import DisclosureRequest
from bot.dialogue.payload import Act, data_of
from bot.dialogue.words import Words
from bot.messages import Address, Button, Document, Language, Outgoing, Part, Style

Rows = Sequence[Sequence[Button]]


# Values that may be accounts, and how somebody without a name is called: a `person` may be a stranger.
_PEOPLE = {
    **dict.fromkeys(("officer", "actor", "leader", "to"), "officer_unnamed"),
    "person": "account_unnamed",
}
_ACCOUNT = re.compile(r"(?:telegram|terminal|web|cli):(.+)")


def never(day: date) -> bool:
    """Of a voice that tells no legal day."""
    return False


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
    is_provisional: Callable[[date], bool] = never  # rests this day on a holiday notice not yet published?
    names: Mapping[str, str] = field(default_factory=dict)  # of officers, by their account

    def word(self, event: str, /, **values: object) -> str:
        """The sentence, filled in."""
        say = self.words.say_large if self.large else self.words.say
        return say(event, self.language, **self._with_names(values))

    def _with_names(self, values: Mapping[str, object]) -> dict[str, object]:
        """Nobody reads `telegram:9`: who acted is named, in whatever sentence."""
        return {
            key: self.officer(value, unnamed=_PEOPLE[key])
            if key in _PEOPLE and isinstance(value, str)
            else value
            for key, value in values.items()
        }

    def officer(self, account: str, *, unnamed: str = "officer_unnamed") -> str:
        """The name of an officer; the bare id for one whom the settings do not name."""
        if account in self.names:
            return self.names[account]
        found = _ACCOUNT.fullmatch(account)
        return self.word(unnamed, id=found[1]) if found else account

    def day(self, day: date) -> str:
        return self.word("day", year=day.year, month=day.month, day=day.day)

    def weekday(self, day: date) -> str:
        """The day with its weekday: 2026年12月11日（星期五）."""
        names = self.word("weekdays").split()
        return self.word("day_of_week", day=self.day(day), weekday=names[day.weekday()])

    def limit(self, day: date) -> str:
        """A day that was counted out: called provisional while its year's holidays are not published."""
        told = self.day(day)
        return self.word("day_provisional", day=told) if self.is_provisional(day) else told

    def weekday_limit(self, day: date) -> str:
        """The same with its weekday."""
        told = self.weekday(day)
        return self.word("day_provisional", day=told) if self.is_provisional(day) else told

    def due(self, request: DisclosureRequest) -> str:
        """The last day of a reply, the same wherever it is told; "" while no clock runs."""
        if request.due_on is None:
            return ""
        told = self.day(request.due_on)
        return self.word("day_provisional", day=told) if request.provisional else told

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
