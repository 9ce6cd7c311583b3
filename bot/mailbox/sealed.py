"""Messages as they lie in the ledger: sealed with the key of the mailbox, for they hold what people wrote.

A message that was handled or sent is erased; this is about the seconds before, and about the disk, on which
the log of the ledger keeps them longer (`ledger.db-wal`).
"""

from __future__ import annotations

import json
import logging
from dataclasses import replace

from sqlalchemy import Connection

from bot.desk import attached, data_keys
from bot.desk.errors import DeskError, VaultError
from bot.mailbox.payload import Json, incoming_from_json, outgoing_from_json, outgoing_to_json
from bot.messages import Incoming, Outgoing

logger = logging.getLogger(__name__)


def sealed_payload(connection: Connection, payload: Json) -> str:
    return data_keys.seal_text(connection, data_keys.MAILBOX, json.dumps(payload, ensure_ascii=False))


def sealed_outgoing(connection: Connection, outgoing: Outgoing) -> str:
    return sealed_payload(connection, outgoing_to_json(outgoing))


def incoming_of(connection: Connection, sealed: str) -> Incoming:
    """VaultError when it was changed or another key sealed it."""
    return incoming_from_json(_opened(connection, sealed))


def outgoing_of(connection: Connection, sealed: str) -> Outgoing:
    """VaultError when it was changed or another key sealed it."""
    return with_content(connection, outgoing_from_json(_opened(connection, sealed)))


def with_content(connection: Connection, outgoing: Outgoing) -> Outgoing:
    """A kept attachment is put in; one that was erased meanwhile leaves the words alone."""
    document = outgoing.document
    if document is None or not document.attachment:
        return outgoing
    try:
        content = attached.content(connection, document.attachment)
    except DeskError as error:
        logger.warning("attachment_gone reason=%s", error.text_id)
        return replace(outgoing, document=None)
    return replace(outgoing, document=replace(document, content=content))


def _opened(connection: Connection, sealed: str) -> Json:
    plain = data_keys.unseal_text(connection, data_keys.MAILBOX, sealed)
    if plain is None:
        raise VaultError("vault_cannot_decrypt")
    opened: Json = json.loads(plain)
    return opened
