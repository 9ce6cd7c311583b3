"""From a group to the chat alone with the bot: what is personal is never said among others.

The link carries at most what the person typed himself in the group: the name of a command or a number.
"""

from __future__ import annotations

from bot.dialogue.payload import Act, Payload
from bot.dialogue.visit import Visit, turn
from bot.messages import Button, Opens, OutcomeKind, Turn

_COMMAND = "do_"
_COMMANDS = {Act.FILE_REQUEST: "request", Act.MINE: "status", Act.FORGET: "mydata"}
_OF_A_REQUEST = frozenset(
    {Act.MY_REQUEST, Act.MY_TIMELINE, Act.MY_REPLY, Act.MY_DUE_DATE, Act.MY_INQUIRY, Act.MY_WEB_PAGE}
)


def to_private(visit: Visit, link: str = "hello", event: str = "private_please") -> Turn:
    """Says why not here, and opens the private chat at `link`."""
    there = Button(visit.voice.word("button_open_private"), link, Opens.PRIVATE)
    outcome = OutcomeKind.ROUTE if event == "group_not_sure" else OutcomeKind.OTHER
    return turn(visit.voice.message(event, buttons=[[there]]), outcome=outcome)


def link_to_command(name: str) -> str:
    """What `/start` gets when the private chat should begin with this command."""
    return f"{_COMMAND}{name}"


def link_of_act(payload: Payload) -> str:
    """Where the private chat begins when this button was pressed in a group."""
    if payload.act in _OF_A_REQUEST:
        return f"r_{payload.arguments[0]}"
    return link_to_command(_COMMANDS[payload.act]) if payload.act in _COMMANDS else "hello"


def command_of(link: str) -> str:
    """The name of the command that a link begins with, "" for another link."""
    return link.removeprefix(_COMMAND) if link.startswith(_COMMAND) else ""
