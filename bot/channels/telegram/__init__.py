"""Telegram.  The only part of the program that knows python-telegram-bot."""

from .channel import TelegramChannel, TokenRefused
from .service import NOT_ALONE, channel_of, run_telegram

__all__ = ["NOT_ALONE", "TelegramChannel", "TokenRefused", "channel_of", "run_telegram"]
