"""A small dialogue with effects in the ledger, so that the mailbox can be judged without the real one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection

from bot.desk.tables import questions
from bot.keyring import open_vault
from bot.ledger.ledger import Ledger
from bot.mailbox.inbox import Arrival, Inbox
from bot.mailbox.payload import incoming_to_json
from bot.messages import Address, Incoming, Outgoing, Part, Turn
from tests.ledgers import ledger_url

START = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


class SteppingClock:
    """Time that moves only when told to."""

    def __init__(self, now: datetime = START) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def step(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


class Repeater:
    """Writes each text down once (the effect) and says it back.

    `fails` decides whether handling a text raises, after its effect was written.
    """

    def __init__(self, fails: Callable[[str], bool] = lambda text: False) -> None:
        self._fails = fails

    def handle(self, connection: Connection, incoming: Incoming, now: datetime) -> Turn:
        connection.execute(questions.insert().values(asked_at=now, text_masked=incoming.text, outcome="x"))
        if self._fails(incoming.text):
            raise RuntimeError(f"cannot handle {incoming.text}")
        return Turn((saying(incoming.address, f"heard {incoming.text}"),))


def saying(address: Address, text: str) -> Outgoing:
    return Outgoing(address, "heard", (Part(text),))


def apologise(connection: Connection, incoming: Incoming, reference: str) -> Outgoing:
    return saying(incoming.address, f"sorry {reference}")


def typed(text: str, chat: str = "42", channel: str = "telegram") -> Incoming:
    address = Address(channel, chat)
    return Incoming(address, address, START, text=text)


def put_in(inbox: Inbox, key: str, incoming: Incoming) -> bool:
    """Receive a message as a channel does."""
    arrival = Arrival(key, str(incoming.address), incoming_to_json(incoming))
    return inbox.receive(incoming.address.channel, arrival) == 1


def open_ledger(home: Path) -> Ledger:
    """The ledger in this folder, made when it is not there yet."""
    ledger = Ledger.open(ledger_url(home), home)
    open_vault(ledger, home / "identity.key")
    return ledger


def effects(ledger: Ledger) -> list[str]:
    """What the dialogue wrote down, in order."""
    with ledger.reading() as connection:
        return list(connection.scalars(questions.select().with_only_columns(questions.c.text_masked)))
