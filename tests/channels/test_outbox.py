"""Sent in order per chat, at least once, within the pace; every end is on record."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.keyring import open_vault
from bot.ledger.ledger import Ledger
from bot.mailbox.letters import GIVE_UP_AFTER, Letter, moved, put_back, undeliverable
from bot.mailbox.outbox import LEASE, Outbox, enqueue
from bot.mailbox.pace import TELEGRAM_PACE, UNPACED, Pace
from bot.mailbox.tables import outbox
from bot.messages import Address, Outgoing, Part
from tests.ledgers import ledger_url

from .dialogue_for_tests import SteppingClock, open_ledger, saying


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with open_ledger(tmp_path) as opened:
        yield opened


@pytest.fixture
def clock() -> SteppingClock:
    return SteppingClock()


def write(ledger: Ledger, clock: SteppingClock, chat: str, *texts: str) -> None:
    with ledger.transaction() as connection:
        for text in texts:
            enqueue(connection, saying(Address("telegram", chat), text), clock())


def texts_of(letters: tuple[Letter, ...]) -> list[str]:
    return [letter.outgoing.text for letter in letters]


def test_one_message_of_a_chat_at_a_time(ledger: Ledger, clock: SteppingClock) -> None:
    """The second message of a chat is given out only after the first has arrived; chats do not wait for
    each other."""
    box = Outbox(ledger, "telegram", clock)
    write(ledger, clock, "1", "a", "b")
    write(ledger, clock, "2", "c")
    first = box.claim(8).letters
    assert texts_of(first) == ["a", "c"]
    assert box.claim(8).letters == ()
    box.sent(first[0], "900")
    assert texts_of(box.claim(8).letters) == ["b"]


@pytest.mark.parametrize(("pieces", "edited"), [(1, "900"), (2, "")])
def test_only_an_answer_of_one_message_is_edited(
    ledger: Ledger, clock: SteppingClock, pieces: int, edited: str
) -> None:
    """A new answer to a question that was changed; one that took two messages stays, and it is said anew."""
    box, chat = Outbox(ledger, "telegram", clock), Address("telegram", "1")
    with ledger.transaction() as connection:
        for piece in range(pieces):
            enqueue(connection, saying(chat, f"{piece}"), clock(), answers="5")
    for piece in range(pieces):
        box.sent(box.claim(1).letters[0], f"90{piece}")
    with ledger.transaction() as connection:
        enqueue(connection, replace(saying(chat, "anew"), replaces="5"), clock())
    assert [letter.outgoing.edits for letter in box.claim(8).letters] == [edited]


def test_words_are_erased_once_sent(ledger: Ledger, clock: SteppingClock) -> None:
    """The row of a sent message keeps when and which, not what."""
    box = Outbox(ledger, "telegram", clock)
    write(ledger, clock, "1", "a")
    box.sent(box.claim(1).letters[0], "900")
    with ledger.reading() as connection:
        row = connection.execute(sa.select(outbox)).one()
    assert (row.status, row.remote_id, row.sent_at, row.payload) == ("sent", "900", clock(), None)


def test_killed_sender_is_followed_after_its_lease(ledger: Ledger, clock: SteppingClock) -> None:
    """A message whose sender vanished is given out again, and the old sender's late word changes nothing."""
    write(ledger, clock, "1", "a")
    lost = Outbox(ledger, "telegram", clock).claim(1).letters[0]
    follower = Outbox(ledger, "telegram", clock)
    assert follower.claim(1).letters == ()
    clock.step(LEASE.total_seconds() + 1)
    again = follower.claim(1).letters[0]
    assert (again.id, again.attempt) == (lost.id, 2)
    follower.record(put_back(lost, "late word", clock()))
    follower.sent(again, "900")
    with ledger.reading() as connection:
        assert connection.scalars(sa.select(outbox.c.status)).all() == ["sent"]


def test_restart_frees_what_a_dead_process_was_sending(tmp_path: Path, clock: SteppingClock) -> None:
    """At once, however it ended; what a living program of the same home, or our own, is sending stays."""
    with open_ledger(tmp_path) as ledger, open_ledger(tmp_path) as neighbour:
        write(ledger, clock, "1", "dead")
        with open_ledger(tmp_path) as ended:
            assert len(Outbox(ended, "telegram", clock).claim(1).letters) == 1
        write(ledger, clock, "2", "alive")
        assert texts_of(Outbox(neighbour, "telegram", clock).claim(1).letters) == ["alive"]
        write(ledger, clock, "3", "ours")
        box = Outbox(ledger, "telegram", clock)
        assert texts_of(box.claim(1).letters) == ["ours"]
        assert box.release_dead_senders() == 1
        assert texts_of(box.claim(8).letters) == ["dead"]


def test_pace_of_a_chat(ledger: Ledger, clock: SteppingClock) -> None:
    """One message a second in a chat; the claim says how long to wait."""
    box = Outbox(ledger, "telegram", clock, TELEGRAM_PACE)
    write(ledger, clock, "1", "a", "b")
    box.sent(box.claim(8).letters[0], "1")
    clock.step(0.4)
    claim = box.claim(8)
    assert claim.letters == ()
    assert claim.wait == pytest.approx(0.6)
    clock.step(0.6)
    assert texts_of(box.claim(8).letters) == ["b"]


def test_pace_of_all_and_of_groups(ledger: Ledger, clock: SteppingClock) -> None:
    """30 a second over all chats, 20 a minute in a group."""
    box = Outbox(ledger, "telegram", clock, TELEGRAM_PACE)
    for chat in range(1, 36):
        write(ledger, clock, str(chat), "x")
    started = box.claim(100).letters
    assert len(started) == 30
    for letter in started:
        box.sent(letter, "1")
    assert box.claim(100).letters == ()
    clock.step(1.01)
    for letter in box.claim(100).letters:
        box.sent(letter, "1")

    write(ledger, clock, "-7", *("g" * 21))
    for _ in range(20):
        clock.step(1.01)
        box.sent(box.claim(1).letters[0], "1")
    clock.step(1.01)
    waiting = box.claim(1)
    assert waiting.letters == ()
    assert waiting.wait == pytest.approx(60 - 19 * 1.01 - 1.01, abs=0.1)


def test_server_may_ask_to_wait(ledger: Ledger, clock: SteppingClock) -> None:
    """retry_after is honoured to the second."""
    box = Outbox(ledger, "telegram", clock, UNPACED)
    write(ledger, clock, "1", "a")
    box.record(put_back(box.claim(1).letters[0], "too fast", clock(), timedelta(seconds=7)))
    clock.step(6.9)
    assert box.claim(1).letters == ()
    clock.step(0.1)
    assert texts_of(box.claim(1).letters) == ["a"]


def test_network_faults_back_off_and_end(ledger: Ledger, clock: SteppingClock) -> None:
    """1, 2, 4 ... seconds, at most five minutes; after three days a dead letter, which can be resent."""
    box = Outbox(ledger, "telegram", clock, UNPACED)
    write(ledger, clock, "1", "a")
    waits = []
    for _ in range(11):
        box.record(put_back(box.claim(1).letters[0], "NetworkError", clock()))
        wait = box.claim(1).wait
        assert wait is not None
        waits.append(wait)
        clock.step(wait)
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]
    clock.step(GIVE_UP_AFTER.total_seconds())
    box.record(put_back(box.claim(1).letters[0], "NetworkError", clock()))
    (stuck,) = box.stuck()
    assert (stuck.chat, stuck.event, stuck.state, stuck.error) == (
        "telegram:1",
        "heard",
        "dead",
        "NetworkError",
    )
    assert box.resend(stuck.id)
    assert not box.resend(stuck.id)
    assert texts_of(box.claim(1).letters) == ["a"]


def test_undeliverable_is_seen_and_told(ledger: Ledger, clock: SteppingClock) -> None:
    """A blocked resident's message ends in a state of its own, staff get a notice, the next one is tried."""
    box = Outbox(ledger, "telegram", clock, UNPACED)
    write(ledger, clock, "1", "a", "b")
    notice = saying(Address("telegram", "9"), "未送达")
    box.record(undeliverable(box.claim(1).letters[0], "bot was blocked by the user", (notice,)))
    assert [(stuck.state, stuck.error) for stuck in box.stuck()] == [
        ("undeliverable", "bot was blocked by the user")
    ]
    assert sorted(texts_of(box.claim(8).letters)) == ["b", "未送达"]


def test_moved_chat_is_followed(ledger: Ledger, clock: SteppingClock) -> None:
    """After a group became a supergroup, everything that waits goes to the new address, in order."""
    box = Outbox(ledger, "telegram", clock, UNPACED)
    write(ledger, clock, "-7", "a", "b")
    box.record(moved(box.claim(1).letters[0], "telegram:-1007", clock()))
    for expected in ("a", "b"):
        (letter,) = box.claim(8).letters
        assert (letter.outgoing.address, letter.outgoing.text) == (Address("telegram", "-1007"), expected)
        box.sent(letter, "1")


def test_long_message_is_several_rows(ledger: Ledger, clock: SteppingClock) -> None:
    """Each piece of a long message is sent and recorded by itself; a terminal's message stays whole."""
    long = (Part("字" * 3000), Part("句" * 3000))
    with ledger.transaction() as connection:
        enqueue(connection, Outgoing(Address("telegram", "1"), "answer", long), clock())
        enqueue(connection, Outgoing(Address("terminal", "1"), "answer", long), clock())
    box = Outbox(ledger, "telegram", clock, UNPACED)
    lengths = []
    while letters := box.claim(1).letters:
        lengths.append(len(letters[0].outgoing.text))
        box.sent(letters[0], "1")
    assert lengths == [3000, 3000]
    (whole,) = Outbox(ledger, "terminal", clock).claim(1).letters
    assert whole.outgoing.parts == long


def test_pace_can_be_scaled() -> None:
    """The default is Telegram's own limits."""
    assert Pace(timedelta(seconds=1), 30, 20, timedelta(minutes=1)) == TELEGRAM_PACE


def test_containers_of_one_name_do_not_free_each_other(tmp_path: Path, clock: SteppingClock) -> None:
    """Two homes on one ledger, whatever host name and process number they have, also when one is a copy of
    the other: of what the other was sending nothing is known, so its lease must end."""
    here, there = tmp_path / "here", tmp_path / "there"
    here.mkdir()
    with open_ledger(tmp_path) as ledger:
        write(ledger, clock, "1", "a")
    with Ledger.open(ledger_url(tmp_path), here) as one:
        open_vault(one, tmp_path / "identity.key")
        assert len(Outbox(one, "telegram", clock).claim(1).letters) == 1
        shutil.copytree(here, there)
    with Ledger.open(ledger_url(tmp_path), there) as other:
        open_vault(other, tmp_path / "identity.key")
        box = Outbox(other, "telegram", clock)
        assert box.release_dead_senders() == 0
        assert box.claim(1).letters == ()
        clock.step(LEASE.total_seconds() + 1)
        assert texts_of(box.claim(1).letters) == ["a"]


def test_home_that_cannot_be_written_still_sends(
    ledger: Ledger, clock: SteppingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Then nobody knows who it is, and what it has in hand waits for its lease."""

    def refuse(*what: object) -> int:
        raise OSError("read-only")

    monkeypatch.setattr(os, "open", refuse)
    write(ledger, clock, "1", "a")
    box = Outbox(ledger, "telegram", clock)
    assert texts_of(box.claim(1).letters) == ["a"]
    assert box.release_dead_senders() == 0
