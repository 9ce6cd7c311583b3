"""Telegram.  The only part of the program that knows python-telegram-bot."""

from .channel import CONFLICT, TelegramChannel, TokenRefused
from .service import run_telegram

__all__ = ["CONFLICT", "TelegramChannel", "TokenRefused", "run_telegram"]
