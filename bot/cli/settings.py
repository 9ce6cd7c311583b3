"""The settings for a command."""

from __future__ import annotations

from bot.cli.output import WRONG_USAGE, fail
from bot.settings import Settings, SettingsError, load_settings


def settings_or_leave() -> Settings:
    """The settings; a wrong one ends the program with its name, its value and what is allowed."""
    try:
        return load_settings()
    except SettingsError as error:
        fail(str(error), WRONG_USAGE)
