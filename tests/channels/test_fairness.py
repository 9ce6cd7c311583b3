"""Who is served first when much waits: answers, notices, news; chats in turn; each chat in order."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import Connection

from bot.ledger.ledger import Ledger
from bot.ledger.writers import LET_PASS
from bot.mailbox import delivery
from bot.mailbox.delivery import Workers
from bot.mailbox.inbox import Handled, Inbox
from bot.mailbox.outbox import Outbox, enqueue
from bot.mailbox.pace import TELEGRAM_PACE, UNPACED, Pace
from bot.messages import Address, Incoming, Turn, Urgency

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
def clock() -> SteppingClock:
    return SteppingClock()


def say(ledger: Ledger, clock: SteppingClock, chat: str, text: str, urgency: Urgency) -> None:
    with ledger.transaction() as connection:
        enqueue(connection, replace(saying(Address("telegram", chat), text), urgency=urgency), clock())


def sent_in_order(ledger: Ledger, clock: SteppingClock, pace: Pace = UNPACED, most: int = 1000) -> list[str]:
    """What one sender sends, a message at a time, as fast as the pace lets it."""
    box = Outbox(ledger, "telegram", clock, pace)
    said: list[str] = []
    while len(said) < most:
        claim = box.claim(1)
        if not claim.letters:
            if claim.wait is None:
                break
            clock.step(claim.wait)
            continue
        said.append(claim.letters[0].outgoing.text)
        box.sent(claim.letters[0], str(len(said)))
        clock.step(0.01)
    return said


def test_chats_are_handled_in_turn(ledger: Ledger, clock: SteppingClock) -> None:
    """Two chats that write five messages each do not keep a third one waiting, and take turns themselves."""
    inbox = Inbox(ledger, Repeater(), apologise, clock)
    for chat in "AB":
        for number in range(5):
            put_in(inbox, f"{chat}{number}", typed(f"{chat}{number}", chat))
    put_in(inbox, "C0", typed("C0", "C"))
    while inbox.handle_next("telegram"):
        clock.step(0.1)
    assert effects(ledger)[:5] == ["C0", "A0", "B0", "A1", "B1"]
    put_in(inbox, "A5", typed("A5", "A"))
    put_in(inbox, "A6", typed("A6", "A"))
    put_in(inbox, "C1", typed("C1", "C"))
    while inbox.handle_next("telegram"):
        clock.step(0.1)
    assert effects(ledger)[-3:] == ["C1", "A5", "A6"]


def test_who_writes_little_is_handled_before_who_floods(ledger: Ledger, clock: SteppingClock) -> None:
    """Also while none of the flooding chats has been served yet, and when he asks again."""
    inbox = Inbox(ledger, Repeater(), apologise, clock)
    for number in range(20):
        for chat in range(30):
            put_in(inbox, f"{chat}:{number}", typed("flood", f"1{chat}"))
    for text in ("once", "again"):
        put_in(inbox, text, typed(text, "7"))
        inbox.handle_next("telegram")
        assert effects(ledger)[-1] == text
        for _ in range(40):
            clock.step(0.1)
            inbox.handle_next("telegram")


@pytest.mark.parametrize("few", [3, 6, 12, 24, 48, 96])
def test_one_message_more_is_the_next_level(ledger: Ledger, clock: SteppingClock, few: int) -> None:
    """Three messages are little, four are more, and so on, whoever came first."""
    inbox = Inbox(ledger, Repeater(), apologise, clock)
    for chat, count in (("A", few + 1), ("B", few)):
        for number in range(count):
            put_in(inbox, f"{chat}{number}", typed(f"{chat}{number}", chat))
    inbox.handle_next("telegram")
    assert effects(ledger) == ["B0"]


def test_who_asks_often_is_still_handled_before_who_floods(ledger: Ledger, clock: SteppingClock) -> None:
    """A question every three seconds: the thirteenth of a minute once waited as long as the flood."""
    inbox = Inbox(ledger, Repeater(), apologise, clock)
    for number in range(30):
        for chat in range(30):
            put_in(inbox, f"{chat}:{number}", typed("flood", f"1{chat}"))
    for number in range(15):
        put_in(inbox, f"asked {number}", typed(f"asked {number}", "7"))
        inbox.handle_next("telegram")
        assert effects(ledger)[-1] == f"asked {number}"
        for _ in range(6):
            clock.step(0.5)
            inbox.handle_next("telegram")


def test_flood_is_handled_one_turn_a_commit(ledger: Ledger, clock: SteppingClock) -> None:
    """While a commit is being made nothing can be stored; of a flood it holds one turn, else several."""
    inbox = Inbox(ledger, Repeater(), apologise, clock)
    for chat in "ABCD":
        for number in range(5):
            put_in(inbox, f"{chat}{number}", typed("flood", chat))
    for chat in "EFG":
        put_in(inbox, chat, typed("asked", chat))
    commits = [inbox.handle_some("telegram", 3) for _ in range(3)]
    assert [[handled.of_flood for handled in commit] for commit in commits] == [[False] * 3, [True], [True]]


async def test_as_long_as_a_flood_takes_is_left_to_everybody_else(
    ledger: Ledger, clock: SteppingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What comes in and goes out shares the processor with the turns."""
    pauses: list[float] = []
    sleep = asyncio.sleep

    async def noted(seconds: float) -> None:
        pauses.append(seconds)
        await sleep(0)

    class Slow(Repeater):
        def handle(self, connection: Connection, incoming: Incoming, now: datetime) -> Turn:
            time.sleep(0.05)
            return super().handle(connection, incoming, now)

    async def on_handled(handled: Handled) -> None:
        pass

    inbox = Inbox(ledger, Slow(), apologise, clock)
    for number in range(5):
        put_in(inbox, str(number), typed(str(number)))
    monkeypatch.setattr(asyncio, "sleep", noted)
    workers = Workers(inbox, "telegram", on_handled, at_once=1)
    workers.ring()
    async with asyncio.timeout(20):
        await asyncio.gather(*workers._tasks)
    flood, rest = pauses[:2], pauses[2:]  # three that wait are none any more
    assert min(flood) >= 0.05
    assert rest == [LET_PASS] * 3


def test_answer_leaves_before_notices_and_news(ledger: Ledger, clock: SteppingClock) -> None:
    """Whatever was written first."""
    for number in range(3):
        say(ledger, clock, f"1{number}", "news", Urgency.NEWS)
    for number in range(3):
        say(ledger, clock, f"2{number}", "notice", Urgency.NOTICE)
    say(ledger, clock, "30", "answer", Urgency.ANSWER)
    assert sent_in_order(ledger, clock) == ["answer", *["notice"] * 3, *["news"] * 3]


def test_order_within_a_chat_is_kept(ledger: Ledger, clock: SteppingClock) -> None:
    """News before an answer in the same chat leave before it, and the chat does not wait for other news."""
    for number in range(3):
        say(ledger, clock, f"1{number}", "other news", Urgency.NEWS)
    say(ledger, clock, "30", "news", Urgency.NEWS)
    say(ledger, clock, "30", "answer", Urgency.ANSWER)
    assert sent_in_order(ledger, clock) == ["news", "answer", *["other news"] * 3]


def test_chats_are_answered_in_turn(ledger: Ledger, clock: SteppingClock) -> None:
    """A hundred chats with ten answers each, at Telegram's pace: who asks one thing is answered at once, also
    when he asks again."""
    for number in range(100):
        for _ in range(10):
            say(ledger, clock, f"1{number}", "flood", Urgency.ANSWER)
    assert sent_in_order(ledger, clock, TELEGRAM_PACE, most=330) == ["flood"] * 330
    for text in ("once", "again"):
        say(ledger, clock, "7", text, Urgency.ANSWER)
        began = clock()
        assert text in sent_in_order(ledger, clock, TELEGRAM_PACE, most=1)
        assert (clock() - began).total_seconds() < 0.2, "the others leave room"
        assert sent_in_order(ledger, clock, TELEGRAM_PACE, most=40) == ["flood"] * 40


def test_news_leave_room_for_an_answer(ledger: Ledger, clock: SteppingClock) -> None:
    """In the middle of a broadcast an answer leaves at once, within Telegram's limit of a second."""
    box = Outbox(ledger, "telegram", clock, TELEGRAM_PACE)
    for number in range(200):
        say(ledger, clock, f"1{number}", "news", Urgency.NEWS)
    broadcast = box.claim(100).letters
    assert len(broadcast) == TELEGRAM_PACE.per_second - TELEGRAM_PACE.kept_free
    say(ledger, clock, "7", "answer", Urgency.ANSWER)
    assert [letter.outgoing.text for letter in box.claim(100).letters] == ["answer"]


def test_what_is_said_where_somebody_acted_is_an_answer(ledger: Ledger, clock: SteppingClock) -> None:
    """The dialogue need not say so; what the same turn says elsewhere is a notice."""
    inbox = Inbox(ledger, Repeater(), apologise, clock)
    put_in(inbox, "1", typed("a", "42"))
    inbox.handle_next("telegram")
    (letter,) = Outbox(ledger, "telegram", clock).claim(1).letters
    assert letter.outgoing.urgency is Urgency.ANSWER


def test_behind_is_when_more_answers_wait_than_can_leave(ledger: Ledger, clock: SteppingClock) -> None:
    """Two seconds of sending; news, which nobody waits for, are not counted."""
    box = Outbox(ledger, "telegram", clock, Pace(per_second=3))
    for number in range(9):
        say(ledger, clock, f"1{number}", "news", Urgency.NEWS)
    for number in range(6):
        assert not box.is_behind()
        say(ledger, clock, f"2{number}", "answer", Urgency.ANSWER)
    assert box.is_behind()


@pytest.mark.parametrize("is_behind", [False, True])
async def test_turns_are_not_hurried_while_their_answers_cannot_leave(
    ledger: Ledger, clock: SteppingClock, monkeypatch: pytest.MonkeyPatch, is_behind: bool
) -> None:
    """Then the processor is left to what comes in; nobody is left out."""
    pauses: list[float] = []
    sleep = asyncio.sleep

    async def noted(seconds: float) -> None:
        pauses.append(seconds)
        await sleep(0)

    inbox = Inbox(ledger, Repeater(), apologise, clock)
    for number in range(8):
        put_in(inbox, str(number), typed(str(number), str(number)))
    every_turn = asyncio.Event()

    async def on_handled(handled: Handled) -> None:
        if handled.incoming.text == "7":
            every_turn.set()

    monkeypatch.setattr(asyncio, "sleep", noted)
    workers = Workers(inbox, "telegram", on_handled, at_once=1, is_behind=lambda: is_behind)
    workers.ring()
    async with asyncio.timeout(20):
        await every_turn.wait()
        await asyncio.gather(*workers._tasks)
    assert effects(ledger) == [str(number) for number in range(8)]
    assert pauses == [delivery._WHILE_BEHIND if is_behind else LET_PASS] * 2
