"""The menus show commands that exist, each to those for whom it exists."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from telegram import BotCommand
from telegram.constants import BotCommandLimit

import bot.channels.telegram.commands as module
from bot.dialogue.routing.commands import COMMANDS, Who

TABLE = yaml.safe_load((Path(module.__file__).with_name("commands.yaml")).read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("group", "who"),
    [("resident", Who.EVERYBODY), ("staff", Who.STAFF), ("admin", Who.ADMIN), ("leader", Who.LEADER)],
)
def test_menu_is_what_the_dialogue_handles(group: str, who: Who) -> None:
    """No command is missing in a menu and none is shown that the dialogue does not know."""
    names = [command["name"] for command in TABLE[group]]
    assert sorted(names) == sorted(command.name for command in COMMANDS if command.who is who)
    assert len(names) > 0


def test_descriptions_fit() -> None:
    """Every command has both languages within Telegram's length."""
    for command in (entry for group in TABLE.values() for entry in group):
        for language in ("zh", "en"):
            text = BotCommand(command["name"], command[language]).description
            assert 1 <= len(text) <= BotCommandLimit.MAX_DESCRIPTION
