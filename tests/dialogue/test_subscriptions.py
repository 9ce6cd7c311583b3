"""Subscriptions: what is new is told once, once a day, when nobody sleeps, and only what is new."""

from __future__ import annotations

import json
import shutil
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from bot.dialogue import tables
from bot.dialogue.admin.reloads import office_of
from bot.dialogue.resident.subscriptions import subscribing
from bot.messages import Outgoing
from bot.settings import EMBEDDED_KNOWLEDGE
from knowledge.base import Base
from knowledge.entry import Citation, Entry, EntryKind, token_of
from tests.dialogue.stage import CLERK, GROUP, LI, WANG, Stage

CATEGORY = "答复公开"


def disclosed(number: int, category: str = CATEGORY) -> Entry:
    return Entry(
        entry_id=f"reply:2026-{number:04}",
        path=f"reply:2026-{number:04}",
        kind=EntryKind.PUBLISHED_REPLY,
        title=f"第{number}座桥的造价",
        text=f"第{number}座桥造价{number}万元。",
        citation=Citation(source_title="答复", publisher="洲上乡人民政府"),
        category=category,
    )


def reload(stage: Stage, *numbers: int) -> None:
    """A reload by whichever program: the index now holds these published replies."""
    entries = [disclosed(number) for number in numbers]
    stage.base.reload(EMBEDDED_KNOWLEDGE, entries, office_of(stage.settings))


@pytest.fixture
def subscribed(stage: Stage) -> Stage:
    """Wang subscribes where one entry lies already."""
    reload(stage, 1)
    stage.presses_data(WANG, f"cc:{token_of(CATEGORY)}:0")
    stage.presses(WANG, "有新的告诉我")
    return stage


def digests(messages: list[Outgoing], who: str = WANG) -> list[Outgoing]:
    return [m for m in messages if m.event == "news_digest" and str(m.address) == who]


def test_first_subscription_tells_nothing_old(subscribed: Stage) -> None:
    """What was there at the time of subscribing is never told, days later neither."""
    for _ in range(3):
        assert digests(subscribed.make_rounds()) == []
        subscribed.wait(days=1)


def test_new_entry_is_told_once(subscribed: Stage) -> None:
    """After a reload the new entry is in one digest, with a button to read it and one to end it."""
    reload(subscribed, 1, 2)
    (digest,) = digests(subscribed.make_rounds())
    assert "第2座桥的造价" in digest.text
    assert "第1座桥" not in digest.text
    assert digest.labels == ["第2座桥的造价", "不要了：答复公开"]
    assert "第2座桥造价2万元" in subscribed.presses(WANG, "第2座桥的造价").outgoing[0].text
    for _ in range(3):
        subscribed.wait(days=1)
        subscribed.restart()
        assert digests(subscribed.make_rounds()) == []


def test_one_digest_a_day(subscribed: Stage) -> None:
    """What comes later the same day waits for the next day, all of it in one message."""
    reload(subscribed, 1, 2)
    assert len(digests(subscribed.make_rounds())) == 1
    for last in (3, 4):
        subscribed.wait(hours=1)
        reload(subscribed, *range(1, last + 1))
        assert digests(subscribed.make_rounds()) == []
    subscribed.wait(days=1)
    (digest,) = digests(subscribed.make_rounds())
    assert [f"第{n}座桥" in digest.text for n in (2, 3, 4)] == [False, True, True]


@pytest.mark.parametrize(
    ("clock", "quiet"),
    [("20:59", False), ("21:00", True), ("03:00", True), ("07:59", True), ("08:00", False)],
)
def test_quiet_hours(subscribed: Stage, clock: str, quiet: bool) -> None:
    """Nobody is told between nine in the evening and eight in the morning, by the office's clock."""
    reload(subscribed, 1, 2)
    hour, minute = map(int, clock.split(":"))
    subscribed.now = datetime(2026, 11, 25, hour, minute, tzinfo=ZoneInfo("Asia/Shanghai"))
    assert (digests(subscribed.make_rounds()) == []) is quiet


def test_quiet_hours_are_a_setting(subscribed: Stage) -> None:
    """Empty: told at any hour.  Within one day: only then quiet."""
    hours = subscribed.settings.model_copy(update={"quiet_hours": "12:00-14:00"})
    at_one = subscribed.now.replace(hour=13)
    assert hours.is_quiet(at_one)
    assert not hours.is_quiet(at_one.replace(hour=22))
    assert not hours.model_copy(update={"quiet_hours": ""}).is_quiet(at_one)


def test_crash_between_telling_and_commit(subscribed: Stage) -> None:
    """Rolled back, nothing is told and nothing is lost: the next round tells it."""
    reload(subscribed, 1, 2)
    with subscribed.ledger.transaction() as connection:
        assert subscribed.jobs(connection, subscribed.now)
        connection.rollback()
    assert len(digests(subscribed.make_rounds())) == 1


def test_broken_index_keeps_no_reminder_back(subscribed: Stage) -> None:
    """News wait for a readable index; staff get their digest of the morning all the same."""
    index = subscribed.settings.index_path
    subscribed.file_request(LI)
    reload(subscribed, 1, 2)
    whole = index.read_bytes()
    index.write_bytes(b"no index at all")
    assert [message.event for message in subscribed.make_rounds()] == ["digest"]
    index.write_bytes(whole)
    assert len(digests(subscribed.make_rounds())) == 1


def test_two_workers_tell_once(subscribed: Stage) -> None:
    """The second worker, with an older look at the ledger, takes nothing."""
    reload(subscribed, 1, 2)
    today = subscribed.now.date()
    with subscribed.ledger.transaction() as connection:
        assert subscribing.look(connection, subscribed.now, subscribed.base) == 1
        assert subscribing.look(connection, subscribed.now, subscribed.base) == 0
    with subscribed.ledger.transaction() as first:
        assert subscribing.waiting(first, today, 10) == [WANG]
        assert len(subscribing.take(first, today, WANG)) == 1
        assert subscribing.take(first, today, WANG) == {}


def test_worker_on_an_older_index(subscribed: Stage, tmp_path: Path) -> None:
    """A program that still has the old file open neither takes back nor repeats what is new."""
    old = tmp_path / "old.db"
    shutil.copy(subscribed.settings.index_path, old)
    reload(subscribed, 1, 2)
    with Base.open(old) as behind, subscribed.ledger.transaction() as connection:
        for base, new in ((subscribed.base, 1), (behind, 0), (subscribed.base, 0)):
            assert subscribing.look(connection, subscribed.now, base) == new


def test_entry_that_comes_back_is_no_news(subscribed: Stage) -> None:
    """A broken source takes entries away for a while; mended, nobody is told again."""
    for numbers in ((1, 2), (1,), (1, 2)):
        reload(subscribed, *numbers)
        told = digests(subscribed.make_rounds())
        assert len(told) == (1 if numbers == (1, 2) and subscribed.now.day == 24 else 0)
        subscribed.wait(days=1)


def test_entry_gone_before_it_was_told(subscribed: Stage) -> None:
    """Published and withdrawn over night: no empty digest."""
    reload(subscribed, 1, 2)
    subscribed.now = subscribed.now.replace(hour=22)
    subscribed.make_rounds()
    reload(subscribed, 1)
    subscribed.wait(hours=12)
    assert digests(subscribed.make_rounds()) == []


def test_publication_reaches_subscribers(stage: Stage) -> None:
    """A reply that a clerk publishes is told to who subscribed, with nothing of the applicant in it."""
    number = stage.file_request(LI)
    stage.reply_to(number)
    for label in ("公开这条", "确认公开"):
        stage.presses(CLERK, label)
    category = next(name for name, _ in stage.base.categories() if "申请" in name or "答复" in name)
    stage.presses_data(WANG, f"sb:{token_of(category)}")
    number = stage.file_request(LI, "村小学操场翻修花了多少钱")
    stage.reply_to(number, "操场2025年翻修，12万元。")
    for label in ("公开这条", "确认公开"):
        stage.presses(CLERK, label)
    (digest,) = digests(stage.make_rounds())
    assert "操场" in digest.text
    assert "王小明" not in digest.text
    assert digests(stage.make_rounds(), LI) == []


def test_many_new_entries_stay_one_message(subscribed: Stage) -> None:
    """A whole report at once: some titles, how many more, and a way to all of them."""
    reload(subscribed, *range(1, 60))
    (digest,) = digests(subscribed.make_rounds())
    assert "还有 53 条" in digest.text
    assert "看全部" in digest.labels
    assert len(digest.labels) <= 10
    assert subscribed.presses(WANG, "看全部").outgoing[0].event == "category_page"


# ---- ending it -------------------------------------------------------------------------------------------
def test_unsubscribe_button_of_a_digest(subscribed: Stage) -> None:
    """One press ends it; again, or by somebody else, the sentence is kind and nothing happens."""
    reload(subscribed, 1, 2)
    subscribed.make_rounds()
    data = next(b.data for row in subscribed.last(WANG).buttons for b in row if b.label.startswith("不要了"))
    assert subscribed.presses_data(LI, data).outgoing[0].event == "not_subscribed"
    assert subscribed.presses_data(WANG, data).outgoing[0].event == "unsubscribed"
    assert subscribed.presses_data(WANG, data).outgoing[0].event == "not_subscribed"
    reload(subscribed, 1, 2, 3)
    subscribed.wait(days=1)
    assert digests(subscribed.make_rounds()) == []


def test_subscribed_anew_starts_anew(subscribed: Stage) -> None:
    """What came while one was not subscribed is not told afterwards."""
    subscribed.presses(WANG, "不要了：答复公开")
    reload(subscribed, 1, 2)
    subscribed.presses_data(WANG, f"sb:{token_of(CATEGORY)}")
    assert digests(subscribed.make_rounds()) == []


def test_list_and_toggle(subscribed: Stage) -> None:
    """订阅 lists them; the category shows how to stop; twice subscribed is subscribed once."""
    subscribed.presses_data(WANG, f"sb:{token_of(CATEGORY)}")
    assert subscribed.says(WANG, "订阅").outgoing[0].labels == ["不要了：答复公开", "看目录"]
    shown = subscribed.presses_data(WANG, f"cc:{token_of(CATEGORY)}:0").outgoing[0]
    assert "不用再告诉我" in shown.labels
    assert subscribed.says(LI, "/subscribe").outgoing[0].event == "subscriptions_none"


def test_category_that_is_gone(subscribed: Stage) -> None:
    """A subscription outlives its category and can be ended; a button of a lost one is answered."""
    reload(subscribed)
    assert digests(subscribed.make_rounds()) == []
    assert "不要了：答复公开" in subscribed.says(WANG, "订阅").outgoing[0].labels
    assert subscribed.presses_data(LI, f"sb:{token_of(CATEGORY)}").outgoing[0].event == "category_gone"


def test_not_in_a_group(subscribed: Stage) -> None:
    """A subscription is one's own: a group sees no button for it and no list."""
    subscribed.in_group(WANG, "目录")
    subscribed.in_group(WANG, "答复公开（1）")
    assert subscribed.last(GROUP).event == "category"
    assert not any("告诉我" in label for label in subscribed.last(GROUP).labels)
    assert subscribed.in_group(WANG, "订阅").outgoing[0].event == "private_please"


def test_own_data_names_and_deletes_them(subscribed: Stage) -> None:
    """我的数据 shows the subscriptions and deletes them with the rest."""
    shown = subscribed.says(WANG, "我的数据").outgoing[0]
    assert shown.document is not None
    assert json.loads(shown.document.content)["subscriptions"] == [CATEGORY]
    subscribed.presses(WANG, "删掉可以删的")
    subscribed.presses(WANG, "确定删掉")
    with subscribed.ledger.reading() as connection:
        left = connection.execute(sa.select(sa.func.count()).select_from(tables.subscriptions)).scalar()
    assert left == 0


def test_every_subscriber_in_turn(subscribed: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """A round has a bound; the next rounds reach everybody, each once."""
    monkeypatch.setattr("bot.dialogue.resident.subscriptions.digest._AT_ONCE", 2)
    people = [f"telegram:{100 + number}" for number in range(5)]
    for person in people:
        subscribed.presses_data(person, f"sb:{token_of(CATEGORY)}")
    reload(subscribed, 1, 2)
    told = [str(m.address) for _ in range(5) for m in subscribed.make_rounds() if m.event == "news_digest"]
    assert sorted(told) == sorted([WANG, *people])
