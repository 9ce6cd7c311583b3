"""Inline mode: `@bot 低保` typed in any chat gets entries to choose from.

Not through the mailbox: an answer that comes after a crash is of no use to somebody who is typing, and there
is no effect that could be lost.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence

from telegram import (
    Bot,
    InlineQuery,
    InlineQueryResultArticle,
    InputTextMessageContent,
    LinkPreviewOptions,
)
from telegram.constants import ParseMode
from telegram.error import TelegramError

from bot.dialogue.resident.offering import Offer
from bot.mailbox.split import TELEGRAM, utf16_length

from .markup import html_of

logger = logging.getLogger(__name__)

Offers = Callable[[str, str], Sequence[Offer]]  # what is typed, the language of the phone
_CACHE_SECONDS = 30  # Telegram's own default of five minutes would outlive a reload
_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


def no_offers(text: str, tag: str) -> Sequence[Offer]:
    """A dialogue that offers nothing."""
    return ()


async def answer_inline(bot: Bot, query: InlineQuery, offers: Offers) -> None:
    """Answer, with an empty list too: else the sender's phone goes on waiting."""
    try:
        found = await asyncio.to_thread(offers, query.query, query.from_user.language_code or "")
        results = [_article(offer) for offer in found if utf16_length(offer.message.text) <= TELEGRAM.text]
        await bot.answer_inline_query(query.id, results, cache_time=_CACHE_SECONDS, is_personal=True)
    except TelegramError as error:
        logger.info("inline_not_answered error=%s", type(error).__name__)
    except Exception as error:
        logger.error("inline_failed error=%s", type(error).__name__)


def _article(offer: Offer) -> InlineQueryResultArticle:
    return InlineQueryResultArticle(
        offer.token,
        offer.title,
        InputTextMessageContent(
            html_of(offer.message), parse_mode=ParseMode.HTML, link_preview_options=_NO_PREVIEW
        ),
        description=offer.description,
    )
