"""取件码: number and code together show one request, and guessing one takes longer than it is open."""

from __future__ import annotations

import sqlalchemy as sa

from bot.desk import access_codes
from bot.desk.access_codes import MOST_WRONG, REST
from bot.ledger.columns import metadata
from bot.ledger.ledger import Ledger
from tests.desk.conftest import at
from tests.dialogue.stage import wide

NUMBER, NOW = "2026-0001", at("2026-11-24")


def test_it_opens_its_own_request_however_it_is_typed(ledger: Ledger) -> None:
    with ledger.transaction() as connection:
        code = access_codes.issue(connection, NUMBER, NOW)
        access_codes.issue(connection, "2026-0002", NOW)
        for typed in (code, code.lower(), code.replace("-", ""), f" {code} ", wide(code)):
            assert access_codes.opens(connection, NUMBER, typed, NOW), typed
        assert not access_codes.opens(connection, "2026-0002", code, NOW)
        assert not access_codes.opens(connection, "2026-0003", code, NOW)
        assert not access_codes.opens(connection, NUMBER, "", NOW)


def test_a_new_one_ends_the_one_before(ledger: Ledger) -> None:
    with ledger.transaction() as connection:
        before = access_codes.issue(connection, NUMBER, NOW)
        code = access_codes.issue(connection, NUMBER, NOW)
        assert not access_codes.opens(connection, NUMBER, before, NOW)
        assert access_codes.opens(connection, NUMBER, code, NOW)


def test_it_is_kept_nowhere(ledger: Ledger) -> None:
    with ledger.transaction() as connection:
        code = access_codes.issue(connection, NUMBER, NOW)
        rows = [str(connection.execute(sa.select(table)).all()) for table in metadata.sorted_tables]
    assert not [row for row in rows if code in row or code.replace("-", "") in row]


def test_guessing_rests(ledger: Ledger) -> None:
    """After five wrong ones not even the right one opens, for an hour; one that is right starts anew."""
    with ledger.transaction() as connection:
        code = access_codes.issue(connection, NUMBER, NOW)
        for _ in range(MOST_WRONG - 1):
            assert not access_codes.opens(connection, NUMBER, "AAAA-AAAA", NOW)
        assert access_codes.opens(connection, NUMBER, code, NOW)
        for _ in range(MOST_WRONG):
            assert not access_codes.opens(connection, NUMBER, "AAAA-AAAA", NOW)
        assert not access_codes.opens(connection, NUMBER, code, NOW)
        assert access_codes.opens(connection, NUMBER, code, NOW + REST)
