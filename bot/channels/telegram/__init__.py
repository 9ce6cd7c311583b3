"""Telegram.  The only part of the program that knows python-telegram-bot."""

from .channel import CONFLICT, TelegramChannel, TokenRefused
from .service import channel_of, run_telegram

__all__ = ["CONFLICT", "TelegramChannel", "TokenRefused", "channel_of", "run_telegram"]
