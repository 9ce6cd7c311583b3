"""Received once, handled once, in order, whatever goes wrong."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection

from bot.ledger.ledger import Ledger
from bot.mailbox import inbox as inbox_module
from bot.mailbox.inbox import Inbox
from bot.mailbox.outbox import Outbox, enqueue
from bot.mailbox.sealed import outgoing_of
from bot.mailbox.tables import outbox, updates
from bot.messages import Address, Incoming, Outgoing, Turn

from .dialogue_for_tests import (
    Repeater,
    SteppingClock,
    apologise,
    effects,
    open_ledger,
    put_in,
    saying,
    typed,
)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with open_ledger(tmp_path) as opened:
        yield opened


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A chat need not rest after a failure."""
    monkeypatch.setattr(inbox_module, "REST_SECONDS", (0.0, 0.0))


def inbox_of(ledger: Ledger, dialogue: Repeater | None = None) -> Inbox:
    return Inbox(ledger, dialogue or Repeater(), apologise, SteppingClock())


def drain(inbox: Inbox) -> int:
    """Handle everything; how many steps that took."""
    steps = 0
    while inbox.handle_next("telegram") is not None:
        steps += 1
    return steps


def said(ledger: Ledger, chat: str = "telegram:42") -> list[str]:
    """What lies in the outbox for a chat."""
    with ledger.reading() as connection:
        rows = connection.scalars(
            sa.select(outbox.c.payload).where(outbox.c.chat == chat).order_by(outbox.c.id)
        ).all()
        return [outgoing_of(connection, row).parts[0].text for row in rows]


def test_repeated_key_has_no_second_effect(ledger: Ledger) -> None:
    """The same update, received twice, before and after it was handled, is handled once."""
    inbox = inbox_of(ledger)
    assert put_in(inbox, "7", typed("低保"))
    assert not put_in(inbox, "7", typed("低保"))
    assert drain(inbox) == 1
    assert not put_in(inbox, "7", typed("低保"))
    assert drain(inbox) == 0
    assert effects(ledger) == ["低保"]
    assert said(ledger) == ["heard 低保"]


def test_words_are_erased_once_handled(ledger: Ledger) -> None:
    """A handled update keeps its key and no word of what was written."""
    inbox = inbox_of(ledger)
    put_in(inbox, "7", typed("我的身份证号"))
    drain(inbox)
    with ledger.reading() as connection:
        row = connection.execute(sa.select(updates)).one()
    assert (row.update_key, row.status, row.payload) == ("7", "handled", None)


def test_failure_leaves_no_effect_and_is_tried_again(ledger: Ledger, impatient: None) -> None:
    """What a failing turn wrote is gone; the second try works."""
    tries: list[str] = []

    def first_time(text: str) -> bool:
        tries.append(text)
        return len(tries) == 1

    inbox = inbox_of(ledger, Repeater(first_time))
    put_in(inbox, "7", typed("低保"))
    first = inbox.handle_next("telegram")
    assert first is not None
    assert (first.failed, first.attempts_left) == (True, 2)
    assert effects(ledger) == []
    assert drain(inbox) == 1
    assert (effects(ledger), said(ledger)) == (["低保"], ["heard 低保"])


def test_three_failures_apologise_and_the_chat_goes_on(
    ledger: Ledger, impatient: None, caplog: pytest.LogCaptureFixture
) -> None:
    """After three tries the resident gets a sentence with a reference; the next message is answered; the
    log knows the kind of error and not a word of the message."""
    inbox = inbox_of(ledger, Repeater(lambda text: text == "坏消息"))
    with caplog.at_level(logging.INFO):
        put_in(inbox, "7", typed("坏消息"))
        put_in(inbox, "8", typed("好"))
        assert drain(inbox) == 4
    assert said(ledger) == ["sorry 1", "heard 好"]
    assert effects(ledger) == ["好"]
    assert "RuntimeError" in caplog.text
    assert "坏消息" not in caplog.text


def test_failed_update_can_be_retried(ledger: Ledger, impatient: None) -> None:
    """Once the program is mended, a failed update can be handled after all."""
    broken = inbox_of(ledger, Repeater(lambda text: True))
    put_in(broken, "7", typed("低保"))
    drain(broken)
    mended = inbox_of(ledger)
    assert mended.retry_failed(1)
    assert not mended.retry_failed(1)
    drain(mended)
    assert effects(ledger) == ["低保"]


def test_failing_apology_does_not_stop_the_chat(ledger: Ledger, impatient: None) -> None:
    """Even when the apology itself fails, the next message is answered."""

    def no_words(*anything: object) -> None:
        raise KeyError("update_failed")

    inbox = Inbox(ledger, Repeater(lambda text: text == "坏"), no_words, SteppingClock())  # type: ignore[arg-type]
    put_in(inbox, "7", typed("坏"))
    put_in(inbox, "8", typed("好"))
    drain(inbox)
    assert said(ledger) == ["heard 好"]


def test_failing_apology_leaves_nothing_behind(ledger: Ledger, impatient: None) -> None:
    """What it had written by then goes with it."""

    def half(connection: Connection, incoming: Incoming, reference: str) -> Outgoing:
        Repeater().handle(connection, incoming, SteppingClock()())
        raise RuntimeError

    inbox = Inbox(ledger, Repeater(lambda text: text == "坏"), half, SteppingClock())
    put_in(inbox, "7", typed("坏"))
    put_in(inbox, "8", typed("好"))
    drain(inbox)
    assert effects(ledger) == ["好"]


def test_one_resting_chat_does_not_hold_up_another(ledger: Ledger) -> None:
    """While a chat rests after a failure, others are served, and its own next message waits its turn."""
    inbox = inbox_of(ledger, Repeater(lambda text: text == "坏"))
    put_in(inbox, "1", typed("坏", chat="1"))
    put_in(inbox, "2", typed("后", chat="1"))
    put_in(inbox, "3", typed("好", chat="2"))
    drain(inbox)
    assert effects(ledger) == ["好"]
    assert inbox.seconds_until_rested() is not None


def test_several_chats_share_a_commit(ledger: Ledger) -> None:
    """Up to so many turns become lasting together, each of another chat, each chat in order."""
    inbox = inbox_of(ledger)
    for number in range(6):
        put_in(inbox, str(number), typed(str(number), chat=str(number % 3)))
    assert [handled.incoming.text for handled in inbox.handle_some("telegram", 2)] == ["0", "1"]
    assert [handled.incoming.text for handled in inbox.handle_some("telegram", 9)] == ["2", "3", "4"]
    assert [handled.incoming.text for handled in inbox.handle_some("telegram", 9)] == ["5"]
    assert inbox.handle_some("telegram", 9) == []


def test_one_that_fails_takes_no_other_with_it(ledger: Ledger) -> None:
    """The turns that were to be committed with a failing one are done, once each; it alone is counted."""
    inbox = inbox_of(ledger, Repeater(lambda text: text == "坏"))
    for number, text in enumerate(("一", "坏", "三")):
        put_in(inbox, str(number), typed(text, chat=str(number)))
    done = inbox.handle_some("telegram", 9)
    assert [(handled.incoming.text, handled.failed) for handled in done] == [
        ("一", False),
        ("坏", True),
        ("三", False),
    ]
    assert effects(ledger) == ["一", "三"]
    with ledger.reading() as connection:
        assert list(connection.scalars(sa.select(updates.c.attempts).order_by(updates.c.id))) == [0, 1, 0]


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 12)), max_size=25))
def test_any_stream_is_handled_once_and_in_order(
    tmp_path_factory: pytest.TempPathFactory, stream: list[tuple[int, int]]
) -> None:
    """Duplicates and disorder in what arrives: each key has one effect, each chat its order of arrival."""
    with open_ledger(tmp_path_factory.mktemp("stream")) as ledger:
        inbox = inbox_of(ledger)
        arrived: list[tuple[int, int]] = []
        for chat, number in stream:
            fresh = put_in(inbox, f"{chat}/{number}", typed(f"{chat}/{number}", chat=str(chat)))
            assert fresh == ((chat, number) not in arrived)
            if fresh:
                arrived.append((chat, number))
            if number % 3 == 0:
                inbox.handle_next("telegram")
        drain(inbox)
        assert sorted(effects(ledger)) == sorted(f"{chat}/{number}" for chat, number in arrived)
        for chat in range(4):
            expected = [f"heard {chat}/{number}" for at, number in arrived if at == chat]
            assert said(ledger, f"telegram:{chat}") == expected


def test_several_workers_share_one_ledger(ledger: Ledger, tmp_path: Path) -> None:
    """Four threads with ledgers of their own handle everything once, each chat in order."""
    inbox = inbox_of(ledger)
    for number in range(40):
        put_in(inbox, str(number), typed(str(number), chat=str(number % 4)))

    def work() -> int:
        with open_ledger(tmp_path) as own:
            return drain(inbox_of(own))

    with ThreadPoolExecutor(4) as pool:
        done = sum(future.result() for future in [pool.submit(work) for _ in range(4)])
    assert done == 40
    assert sorted(map(int, effects(ledger))) == list(range(40))
    for chat in range(4):
        assert said(ledger, f"telegram:{chat}") == [f"heard {n}" for n in range(chat, 40, 4)]


def test_answers_wait_for_their_channel(ledger: Ledger) -> None:
    """What a turn says to another channel's chat waits for that channel's sender."""
    inbox = inbox_of(ledger)
    put_in(inbox, "1", typed("好", chat="staff", channel="terminal"))
    inbox.handle_next("terminal", "terminal:staff")
    assert Outbox(ledger, "telegram", SteppingClock()).claim(5).letters == ()
    (letter,) = Outbox(ledger, "terminal", SteppingClock()).claim(5).letters
    assert letter.outgoing.text == "heard 好"


def test_reply_waits_until_what_it_replies_to_is_on_record(ledger: Ledger) -> None:
    """People can answer a card before its number is written down; not for ever, and nobody else waits."""
    clock, heard = SteppingClock(), list[Incoming]()

    class Listener(Repeater):
        def handle(self, connection: Connection, incoming: Incoming, now: datetime) -> Turn:
            heard.append(incoming)
            return super().handle(connection, incoming, now)

    inbox = Inbox(ledger, Listener(), apologise, clock)
    box = Outbox(ledger, "telegram", clock)
    with ledger.transaction() as connection:
        for subject in ("Z2026-0001", "Z2026-0002"):
            card = saying(Address("telegram", "-7"), "card")
            enqueue(connection, replace(card, subject=subject), clock())
    (first,) = box.claim(1).letters
    put_in(inbox, "1", replace(typed("reply", "-7"), reply_to="900"))
    put_in(inbox, "2", typed("other", "8"))
    handled = [inbox.handle_next("telegram"), inbox.handle_next("telegram")]
    assert [each.incoming.text for each in handled if each] == ["other"]
    box.sent(first, "900")
    time.sleep(0.06)  # the rest of the chat is counted on the machine's own clock
    assert inbox.handle_next("telegram") is not None
    assert [(each.text, each.subject) for each in heard] == [("other", ""), ("reply", "Z2026-0001")]
    assert "telegram:-7" in [str(letter.outgoing.address) for letter in box.claim(8).letters]
    put_in(inbox, "3", replace(typed("to nothing of ours", "-7"), reply_to="555"))
    assert inbox.handle_next("telegram") is None
    clock.step(11)
    time.sleep(0.06)
    assert inbox.handle_next("telegram") is not None
