"""Which number stands for which button: the one place where the terminal keeps it.

An answer to what the person just typed numbers its buttons from 1.  A message that comes by itself (a reply
from the office, while somebody is typing) continues the numbers on the screen, so that the number somebody
is about to type never changes its meaning.

The dialogue, too, takes a typed number for the button of its last list, and knows better when a number is an
answer instead (how many pages?).  So where its list and the screen agree, the number goes to it as typed;
only a button that it cannot know under this number is pressed here.
"""

from __future__ import annotations

from bot.messages import Outgoing


class Choices:
    """Numbers of the buttons on the screen."""

    def __init__(self) -> None:
        self._buttons: list[tuple[str, str]] = []  # (label, data); the number is the place
        self._in_turn = False
        self._restart = False
        self._known = 0  # up to this number the dialogue's list is the same
        self._of_errands = False

    def begin_turn(self) -> None:
        """The person has said something: the next buttons begin at 1 again."""
        self._in_turn = self._restart = True
        self._of_errands = False

    def begin_errands(self) -> None:
        """What comes now belongs to the turn, but is no list that the dialogue remembers."""
        self._of_errands = True

    def end_turn(self) -> None:
        """The answer is on the screen; what comes now comes by itself."""
        self._in_turn = False

    def add(self, outgoing: Outgoing) -> list[int]:
        """Give numbers to the buttons of a message that is about to be shown."""
        buttons = [(button.label, button.data) for row in outgoing.buttons for button in row]
        if buttons and self._in_turn and self._restart:
            known = 0 if self._of_errands else len(buttons)
            self._buttons, self._known, self._restart = [], known, False
        elif buttons and self._in_turn:
            self._known = 0  # a second list in one turn: the dialogue counts that one from 1
        first = len(self._buttons) + 1
        self._buttons.extend(buttons)
        return list(range(first, first + len(buttons)))

    def pressed(self, typed: str) -> str:
        """The data of the button that was meant, "" when the dialogue should have it as typed."""
        text = typed.strip()
        if text.isdecimal() and len(text) <= 3:
            number = int(text)
            return self._buttons[number - 1][1] if self._known < number <= len(self._buttons) else ""
        later = self._buttons[self._known :]
        return next((data for label, data in later if label == text), "")
