"""The command menus, by scope and language, from one table (`commands.yaml`).

Everybody sees the residents' commands in a private chat; a member of staff or an admin sees theirs in the own
chat with the bot and nobody else learns that they exist; the staff group has the staff's.  Any other group
has only those that are answered in a group.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import yaml
from telegram import (
    Bot,
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    BotCommandScopeDefault,
)
from telegram.error import TelegramError

from bot.dialogue.roles.grants import menu_of
from bot.dialogue.routing.commands import COMMANDS
from bot.messages import Address
from bot.settings import Settings

from .incoming import CHANNEL

logger = logging.getLogger(__name__)

_TABLE = Path(__file__).with_name("commands.yaml")
# Two letters, as the server wants them; "" is for every other language.
_LANGUAGES = {"": "zh", "zh": "zh", "en": "en"}


def menus(settings: Settings, staff_chat: str) -> Iterator[tuple[BotCommandScope, tuple[str, ...]]]:
    """Each scope with the kinds of commands shown in it."""
    yield BotCommandScopeDefault(), ("resident",)
    yield BotCommandScopeAllGroupChats(), ("public",)
    yield BotCommandScopeAllPrivateChats(), ("resident",)
    for chat in sorted(set(_chats((*settings.handlers, *settings.admins)))):
        yield BotCommandScopeChat(chat), menu_of(settings, str(Address(CHANNEL, str(chat))))
    for chat in _chats((staff_chat,)):
        yield BotCommandScopeChat(chat), ("staff",)


async def set_menus(bot: Bot, settings: Settings, staff_chat: str) -> None:
    """Tell Telegram at the start."""
    for scope, groups in menus(settings, staff_chat):
        await set_menu(bot, scope, groups)


async def set_menu(bot: Bot, scope: BotCommandScope, groups: Iterable[str]) -> None:
    """One menu, in every language.  A failure is logged and stops nothing: commands work without a menu."""
    kinds = table()
    for code, language in _LANGUAGES.items():
        commands = [
            BotCommand(command["name"], command[language]) for group in groups for command in kinds[group]
        ]
        try:
            await bot.set_my_commands(commands, scope=scope, language_code=code or None)
        except TelegramError as error:
            # "chat not found": this member of staff has not started the bot yet.
            logger.warning("menu_not_set scope=%s error=%s", scope.type, type(error).__name__)


@cache
def table() -> dict[str, list[dict[str, str]]]:
    """The commands by kind; `public` are those of the residents that a group may see the answer of."""
    kinds: dict[str, list[dict[str, str]]] = yaml.safe_load(_TABLE.read_text(encoding="utf-8"))
    private = {command.name for command in COMMANDS if command.personal}
    return {**kinds, "public": [each for each in kinds["resident"] if each["name"] not in private]}


def _chats(addresses: Iterable[str]) -> Iterator[int]:
    for text in addresses:
        if not text:
            continue
        address = Address.parse(text)
        if address.channel == CHANNEL:
            yield int(address.chat_id)
