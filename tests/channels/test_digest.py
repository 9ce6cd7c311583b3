"""More notices than a group may get in a minute: one digest, and answers to people do not wait behind it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection

from bot.ledger.ledger import Ledger
from bot.mailbox.letters import DIGEST, put_back
from bot.mailbox.outbox import Outbox, enqueue
from bot.mailbox.pace import TELEGRAM_PACE, Pace
from bot.mailbox.tables import outbox
from bot.messages import Address, Outgoing, Part
from tests.fake_bot_api import FakeBotApi, Limits

from .dialogue_for_tests import SteppingClock, open_ledger, saying
from .test_topics import CLERK, GROUP, RESIDENT, home, office

__all__ = ["home"]

STAFF = Address("telegram", "-5")


def digest(connection: Connection, address: Address, lines: Sequence[str]) -> Outgoing:
    return Outgoing(address, "any", (Part("\n".join(lines)),))


@dataclass
class Group:
    """What a group has got, and how its clock goes."""

    ledger: Ledger
    clock: SteppingClock
    box: Outbox
    shown: dict[str, str] = field(default_factory=dict)  # message id -> its text now
    calls: list[datetime] = field(default_factory=list)  # messages and changes of messages

    def gets(self, *texts: str, notices: bool = True) -> None:
        with self.ledger.transaction() as connection:
            for text in texts:
                message = saying(STAFF, text)
                enqueue(connection, replace(message, brief=f"· {text}" if notices else ""), self.clock())

    def go_on(self, seconds: int) -> None:
        """Send what may be sent, second by second."""
        for _ in range(seconds):
            for letter in self.box.claim(8).letters:
                place = letter.outgoing.edits or str(letter.id)
                self.shown[place] = letter.outgoing.text
                self.calls.append(self.clock())
                self.box.sent(letter, place)
            self.clock.step(1)

    @property
    def said(self) -> str:
        return "\n".join(self.shown.values())

    @property
    def most_in_a_minute(self) -> int:
        minute = timedelta(minutes=1)
        return max(sum(at <= other < at + minute for other in self.calls) for at in self.calls)


@pytest.fixture
def group(tmp_path: Path) -> Iterator[Group]:
    with open_ledger(tmp_path) as ledger:
        clock = SteppingClock()
        yield Group(ledger, clock, Outbox(ledger, "telegram", clock, TELEGRAM_PACE, digest=digest))


def test_flood_becomes_one_digest(group: Group) -> None:
    """60 notices: the first come as they are, the rest as lines of one message that is changed in place; none
    is missing, the limit holds, and it does not take the three minutes that 60 messages would.
    """
    texts = [f"新的公开申请 2026-{number:04d}" for number in range(60)]
    group.gets(*texts[:30])
    group.go_on(20)
    group.gets(*texts[30:])
    group.go_on(40)
    assert all(text in group.said for text in texts)
    assert group.most_in_a_minute <= 20
    digests = [text for text in group.shown.values() if text.startswith("· ")]
    assert len(digests) <= 2
    assert len(group.shown) < 20
    with group.ledger.reading() as connection:
        states = set(connection.scalars(sa.select(outbox.c.status)))
        kept = set(connection.scalars(sa.select(outbox.c.event).where(outbox.c.payload.is_not(None))))
    assert states == {"sent", "merged"}
    assert kept == {DIGEST}, "the cards have left no words behind"


def test_answer_to_a_person_passes_the_flood(group: Group) -> None:
    """In the middle of it a clerk presses a button: the answer comes within two seconds."""
    group.gets(*(f"n{number}" for number in range(40)))
    group.go_on(18)
    group.gets("the card that was asked for", notices=False)
    group.go_on(2)
    assert "the card that was asked for" in group.shown.values()


def test_few_notices_are_left_as_they_are(group: Group) -> None:
    """Ten in a minute are ten messages; a single one near the limit is no digest either."""
    group.gets(*(f"n{number}" for number in range(10)))
    group.go_on(15)
    group.gets(*(f"a{number}" for number in range(6)), notices=False)
    group.go_on(8)
    group.gets("the only one")
    group.go_on(3)
    assert not [text for text in group.shown.values() if text.startswith("· ")]
    assert len(group.shown) == 17


def test_program_that_dies_holds_nothing_back(group: Group) -> None:
    """What was held is merged by the next program, and a digest that could not be sent is tried again."""
    group.gets(*(f"n{number}" for number in range(40)))
    group.go_on(15)
    group.box = Outbox(group.ledger, "telegram", group.clock, TELEGRAM_PACE, digest=digest)
    for _ in range(30):
        group.clock.step(1)
        for letter in group.box.claim(8).letters:
            group.box.record(put_back(letter, "NetworkError", group.clock()))
    group.go_on(120)
    assert all(f"n{number}" in group.said for number in range(40))


def test_private_chats_are_never_merged(tmp_path: Path) -> None:
    """A member of staff alone with the bot gets every card."""
    with open_ledger(tmp_path) as ledger:
        clock = SteppingClock()
        box = Outbox(ledger, "telegram", clock, TELEGRAM_PACE, digest=digest)
        with ledger.transaction() as connection:
            for number in range(40):
                message = saying(Address("telegram", "9"), f"n{number}")
                enqueue(connection, replace(message, brief="x"), clock())
        for _ in range(45):
            for letter in box.claim(8).letters:
                box.sent(letter, str(letter.id))
            clock.step(1)
        with ledger.reading() as connection:
            assert set(connection.scalars(sa.select(outbox.c.status))) == {"sent"}


@settings(deadline=None, max_examples=20)
@given(st.lists(st.tuples(st.integers(0, 25), st.booleans(), st.integers(1, 30)), min_size=1, max_size=5))
def test_nothing_is_lost_whatever_comes(waves: list[tuple[int, bool, int]]) -> None:
    """Notices and answers in any waves: each is said, as itself or as a line, within the limit."""
    with TemporaryDirectory() as folder, open_ledger(Path(folder)) as ledger:
        clock = SteppingClock()
        group = Group(ledger, clock, Outbox(ledger, "telegram", clock, TELEGRAM_PACE, digest=digest))
        names = []
        for wave, (count, notices, seconds) in enumerate(waves):
            texts = [f"<{wave}.{number}>" for number in range(count if notices else count // 6)]
            names += texts
            group.gets(*texts, notices=notices)
            group.go_on(seconds)
        group.go_on(120)
        assert [name for name in names if name not in group.said] == []
        assert not group.calls or group.most_in_a_minute <= 20


async def test_many_inquiries_at_once(home: Path, tmp_path: Path) -> None:
    """Through the whole program and the fake's limits: 25 inquiries, no refusal for pace, one digest."""
    limits = Limits(chat_interval=0.05, minute=3.0, tolerance=0.04)
    pace = Pace(chat_interval=timedelta(seconds=0.06), minute=timedelta(seconds=3.2), per_second=10**6)
    async with FakeBotApi(limits=limits) as api:
        limits.per_second = 10**6
        group = api.group(GROUP)
        async with office(home, tmp_path, api, pace=pace):
            clerk = api.phone(CLERK)
            for number in range(25):
                phone = api.phone(1000 + number)
                phone.types("采砂许可证发给哪个老板了")
                await phone.reads("没有查到")
                phone.press("咨询工作人员")
                await phone.reads("您要咨询的是")
            for number in range(25):
                api.phone(1000 + number).press("发送")
            merged = await clerk.reads("合在一条里说", chat=group, deadline=30)
            assert "新的咨询 Z2026-00" in merged.text
            while not all(f"Z2026-{n:04d}" in "".join(s.text for s in group.seen) for n in range(1, 26)):
                await clerk.reads(chat=group, deadline=30)
            clerk.press("看待办", chat=group)
            await clerk.reads("待办", chat=group, deadline=15)
    assert RESIDENT not in api.world.chats
