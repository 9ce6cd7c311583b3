"""An `Outgoing` as lines on a screen: headings bold, quotations behind a bar, buttons with their numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.messages import Outgoing, Part, Style

from .wrapping import columns_of, printable, wrap

_BAR = "│ "
_SGR = {Style.STRONG: "\x1b[1m", Style.SMALL: "\x1b[2m", Style.QUOTE: "\x1b[36m"}
_RESET = "\x1b[0m"


@dataclass(frozen=True)
class Screen:
    """How wide the terminal is and whether it shows colour."""

    width: int = 80
    colour: bool = False


def render(outgoing: Outgoing, numbers: Sequence[int], screen: Screen, saved_as: str = "") -> str:
    """The whole message as text without a final line end.

    `numbers` are those of the buttons, in their order; `saved_as` is where its file was put.
    """
    blocks = ["\n".join(_part_lines(part, screen)) for part in outgoing.parts if part.text.strip()]
    if outgoing.document is not None:
        name = printable(outgoing.document.filename)
        blocks.append("\n".join(wrap(f"[{name}] {saved_as}".rstrip(), screen.width)))
    if outgoing.labels:
        blocks.append("\n".join(_button_lines(outgoing, numbers, screen)))
    return "\n\n".join(blocks)


def _part_lines(part: Part, screen: Screen) -> Iterator[str]:
    quoted = part.style is Style.QUOTE
    prefix = _BAR if quoted else ""
    for line in wrap(part.text.strip("\n"), screen.width - len(prefix)):
        shown = (prefix + line).rstrip() if not line else prefix + line
        if screen.colour and part.style in _SGR:
            yield f"{_SGR[part.style]}{shown}{_RESET}"
        else:
            yield shown


def _button_lines(outgoing: Outgoing, numbers: Sequence[int], screen: Screen) -> Iterator[str]:
    """Each row of buttons on one line if it fits, else each button on a line of its own."""
    waiting = iter(numbers)
    for row in outgoing.buttons:
        choices = [f"[{next(waiting)}] {printable(button.label)}" for button in row]
        line = "   ".join(choices)
        if columns_of(line) <= screen.width - 2:
            yield f"  {line}"
            continue
        for choice in choices:
            first, *rest = wrap(choice, screen.width - 6)
            yield f"  {first}"
            yield from (f"      {more}" for more in rest)
