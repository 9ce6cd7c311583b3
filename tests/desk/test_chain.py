"""The record cannot be changed unnoticed: triggers refuse, the chain proves, the first tampering is named."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection

from bot.desk import chain
from bot.desk.errors import ChainBroken
from bot.desk.model import Outcome, ServiceMethod
from bot.desk.register import Register
from bot.desk.tables import events, requests
from tests.desk.conftest import CLERK, SECOND, at
from tests.ledgers import without_triggers


@pytest.fixture
def served(register: Register, connection: Connection, received: str) -> str:
    """A request with seven events."""
    now = at("2025-05-08")
    register.session(connection, now, CLERK).replies.draft(
        received, outcome=Outcome.DISCLOSED, text="见附件。"
    )
    register.session(connection, now, SECOND).replies.review(received)
    register.session(connection, now, CLERK).replies.serve(received, method=ServiceMethod.BY_HAND)
    return received


def test_whole_chain_verifies(register: Register, connection: Connection, served: str) -> None:
    """An untouched record is proven to its end."""
    assert register.session(connection).requests.verify() == 7
    assert chain.head(connection)[0] == 7


@pytest.mark.parametrize(
    "statement",
    [events.update().values(actor="telegram:9"), events.delete()],
    ids=["update", "delete"],
)
def test_database_refuses_changes(connection: Connection, served: str, statement: sa.Update) -> None:
    """Neither the program nor a tool can change or remove an event by an ordinary statement."""
    with pytest.raises(sa.exc.DBAPIError, match="append-only"), connection.begin_nested():
        connection.execute(statement)


@pytest.mark.parametrize("ordinal", [1, 4, 7])
@pytest.mark.parametrize(
    ("column", "value"),
    [("on", "2025-04-01"), ("actor", "telegram:9"), ("data", "{}"), ("article", "99"), ("hash", "0" * 64)],
)
def test_changed_event_is_named(
    register: Register, connection: Connection, served: str, ordinal: int, column: str, value: str
) -> None:
    """Whichever column of whichever event was changed, verification stops exactly there."""
    without_triggers(connection)
    changed = sa.text(f'UPDATE events SET "{column}" = :value WHERE ordinal = :ordinal')
    connection.execute(changed, {"value": value, "ordinal": ordinal})
    with pytest.raises(ChainBroken) as caught:
        register.session(connection).requests.verify()
    assert (caught.value.text_id, caught.value.facts["ordinal"]) == ("chain_event_changed", ordinal)


@pytest.mark.parametrize("ordinal", [1, 4])
def test_event_that_was_rewritten_with_its_hash_is_noticed(
    register: Register, connection: Connection, served: str, ordinal: int
) -> None:
    """Somebody who knows how hashes are made: the event behind it still names the one that was there."""
    without_triggers(connection)
    row = connection.execute(sa.select(events).where(events.c.ordinal == ordinal)).one()
    fields = {**row._mapping, "actor": "telegram:9"}
    rewritten = events.update().where(events.c.ordinal == ordinal)
    connection.execute(rewritten.values(actor="telegram:9", hash=chain.digest(fields)))
    with pytest.raises(ChainBroken) as caught:
        chain.verify(connection)
    assert (caught.value.text_id, caught.value.facts["ordinal"]) == ("chain_event_changed", ordinal + 1)


@pytest.mark.parametrize(
    ("ordinal", "text_id"),
    [(1, "chain_event_missing"), (4, "chain_event_missing"), (7, "chain_tail_missing")],
)
def test_removed_event_is_noticed(
    register: Register, connection: Connection, served: str, ordinal: int, text_id: str
) -> None:
    """A gap at the beginning, in the middle or at the end."""
    without_triggers(connection)
    connection.execute(events.delete().where(events.c.ordinal == ordinal))
    with pytest.raises(ChainBroken) as caught:
        register.session(connection).requests.verify()
    assert (caught.value.text_id, caught.value.facts["ordinal"]) == (text_id, ordinal)


def test_changed_request_is_noticed(register: Register, connection: Connection, served: str) -> None:
    """The summary of a request must follow from its events."""
    connection.execute(requests.update().values(outcome="B"))
    with pytest.raises(ChainBroken) as caught:
        register.session(connection).requests.verify()
    assert (caught.value.facts["subject"], caught.value.facts["columns"]) == (served, ("outcome",))


def test_long_chain_verifies_in_batches(
    register: Register, connection: Connection, received: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A chain longer than one batch, ending inside one and at its border."""
    register.session(connection, at("2025-04-28"), CLERK).correspondence.note(received, text="备注")
    for size in (2, 3):
        monkeypatch.setattr(chain, "_BATCH", size)
        assert chain.verify(connection) == 3
