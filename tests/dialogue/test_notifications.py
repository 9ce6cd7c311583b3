"""Who is told: each row of the table is sent by somebody, in words that exist, and nobody sends past it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import bot.dialogue
from bot.dialogue import notifications
from bot.dialogue.notifications import READERS, Reader
from bot.dialogue.record_card import ENDS
from bot.messages import Address, Language
from tests.dialogue.stage import CLERK, WANG, WORDS, Stage

SOURCES = sorted(Path(bot.dialogue.__file__).parent.rglob("*.py"))


def named() -> Iterator[str]:
    """Every string in the dialogue but those of the table itself: an event that is sent stands there."""
    for path in SOURCES:
        if path.name != "notifications.py":
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    yield node.value


def test_each_row_is_sent_and_has_its_words() -> None:
    sent = set(named())
    ends = {f"record_{status.value}_told" for status in ENDS.values()}  # composed where they are sent
    assert READERS.keys() - ends <= sent
    assert ends <= READERS.keys()
    for event in READERS:
        assert WORDS.knows(event)


def test_an_event_for_others_is_refused(stage: Stage) -> None:
    """A handler that mixes up who reads it fails in the first test that gets there, not in the township."""
    stage.file_request(WANG)
    with stage.ledger.transaction() as connection:
        visit = stage.conversation.looking(connection, Address.parse(CLERK), Language.SIMPLIFIED, stage.now)
        request = visit.register.session(connection).requests.get("2026-0001")
        with pytest.raises(ValueError, match="staff_withdrawn is not for APPLICANT"):
            notifications.to_applicant(visit, "staff_withdrawn", request)
        with pytest.raises(KeyError):
            notifications.to_staff(visit, "staff_card", request)
        assert [
            str(each.address) for each in notifications.to_applicant(visit, "request_assigned", request)
        ] == [WANG]
        assert notifications.to_colleague(visit, "staff_reviewed", request, CLERK) == []


def test_every_reader_reads_something() -> None:
    assert set(READERS.values()) == set(Reader)
