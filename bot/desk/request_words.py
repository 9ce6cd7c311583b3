"""What was written in a request: one sealed text in its row, so that lists need not replay its events.

The row is a summary of the events; `Register.verify` compares both.  Without the key everything is "".
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

from sqlalchemy import Connection

from bot.desk import data_keys
from bot.desk.standing import Standing


@dataclass(frozen=True)
class RequestWords:
    """`reply_fields`: RequiredField.name -> what was recorded."""

    content: str = ""
    original_content: str = ""
    way: str = ""
    reply_text: str = ""
    reply_fields: Mapping[str, str] = field(default_factory=dict)

    def __repr__(self) -> str:
        """What people wrote must not reach a log through a traceback."""
        return "RequestWords()"


NO_WORDS = RequestWords()


def words_of(standing: Standing, way: str) -> RequestWords:
    """As they follow from the events."""
    reply = standing.reply
    return RequestWords(
        content=standing.content,
        original_content=standing.original_content,
        way=way,
        reply_text=reply.text if reply else "",
        reply_fields=dict(reply.fields) if reply else {},
    )


def seal(connection: Connection, number: str, words: RequestWords) -> str | None:
    """None where there is nothing to seal: then no key is made either."""
    if words == NO_WORDS:
        return None
    return data_keys.seal_text(connection, number, json.dumps(asdict(words), ensure_ascii=False))


def unseal(connection: Connection, number: str, sealed: str | None) -> RequestWords:
    """NO_WORDS once they are erased.  VaultError when they were changed."""
    plain = None if sealed is None else data_keys.unseal_text(connection, number, sealed)
    return NO_WORDS if plain is None else RequestWords(**json.loads(plain))


def content_hash(connection: Connection, content: str) -> str:
    """Equal for two contents that differ only in width, case, spaces and punctuation.

    Keyed: whoever has the ledger but not its key cannot try out what was asked.
    """
    folded = re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", content).casefold())
    return data_keys.keyed_hash(connection, folded)
