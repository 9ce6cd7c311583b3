"""The lists of the desk: each for whom it is, as many as the chat counts, with the acts of the chat."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.channels.web.desk import FILTERS
from bot.channels.web.lists import LISTS
from bot.channels.web.upkeep import bars_of
from bot.desk.tables import questions
from bot.dialogue.admin.figures import Month, by_month
from bot.dialogue.payload import Act, data_of
from bot.dialogue.tables import proposals
from bot.mailbox.letters import dead, undeliverable
from bot.mailbox.outbox import Outbox, enqueue
from bot.mailbox.tables import outbox
from bot.messages import Address, Outgoing, Part
from tests.channels.web.browser import Browser
from tests.channels.web.conftest import Office, office_at
from tests.channels.web.test_casefile import clerk_of
from tests.channels.web.test_conversation import file_request, number_of
from tests.channels.web.test_following import Talk

UNKNOWN = "湾里的水塔什么时候修"


@pytest.fixture
def office(built: Path, tmp_path: Path) -> Iterator[Office]:
    with office_at(built, tmp_path / "home") as office:
        yield office


def rows(browser: Browser) -> list[str]:
    return [" ".join(text.strip() for text in each.itertext()) for each in browser.tree.xpath("//tbody/tr")]


def inquire(office: Office, question: str) -> None:
    resident = office.browser()
    resident.open("/ask")
    resident.post("/ask", {"button": data_of(Act.FILE_INQUIRY, 0), "key": secrets.token_hex(8)})
    resident.say(question)
    send = resident.tree.xpath("//button[starts-with(@value, 'fq:')]/@value")[-1]
    resident.post("/ask", {"button": send, "key": secrets.token_hex(8)})


def propose(office: Office, topic: str) -> None:
    with office.program.ledger.transaction() as connection:
        values = {"topic": topic, "members": ["question:1", "question:2"], "made_at": office.now()}
        connection.execute(proposals.insert().values(**values))


def lose(office: Office, number: str, *, is_dead: bool = False) -> None:
    """A message about a request to somebody on Telegram that did not arrive."""
    ledger = office.program.ledger
    person = Address("telegram", "77")
    with ledger.transaction() as connection:
        words = Outgoing(person, "receipt_confirmed", (Part("已收到"),), subject=number)
        enqueue(connection, words, office.now())
    box = Outbox(ledger, "telegram", office.now)
    letter = box.claim(1, str(person)).letters[0]
    box.record(dead(letter, "Bad Request") if is_dead else undeliverable(letter, "bot was blocked"))


@pytest.mark.parametrize(
    ("role", "theirs"),
    [
        ("staff", {"inquiries", "records", "proposals", "publications", "outbox"}),
        ("admin", {"unanswered", "outbox"}),
        ("leader", {"inquiries", "records", "proposals", "publications", "outbox", "roles"}),
    ],
)
def test_each_has_their_own_lists_and_the_others_do_not_exist(
    office: Office, role: str, theirs: set[str]
) -> None:
    them, resident = clerk_of(office, role), office.browser()
    them.open("/desk/lists")
    links = {each.get("href") or "" for each in them.tree.find_class("columns")[0].iter("a")}
    assert {each.rpartition("/")[2] for each in links if "/lists/" in each} == theirs
    for name in LISTS:
        them.open(f"/desk/lists/{name}")
        assert them.status == (200 if name in theirs else 404), name
        resident.open(f"/desk/lists/{name}")
        assert resident.status == 404
    for path, allowed in (("/desk/retention", {"admin"}), ("/desk/figures", {"admin", "leader"})):
        them.open(path)
        assert them.status == (200 if role in allowed else 404), path
        resident.open(path)
        assert resident.status == 404
    resident.post("/desk/retention", {"seen": "x"})
    assert resident.status == 404
    resident.post("/desk/lists/outbox", {"button": "letter:1"})
    assert resident.status == 404


def test_inquiries_are_as_many_as_the_queue_says_and_lead_to_their_page(office: Office) -> None:
    for question in ("水塔归谁管", "路灯归谁管"):
        inquire(office, question)
    clerk = clerk_of(office)
    assert "咨询 2 件" in clerk.open("/desk")
    clerk.open("/desk/lists/inquiries")
    assert len(rows(clerk)) == 2
    clerk.open("/desk/lists/inquiries?q=路灯")
    assert [each for each in rows(clerk) if "路灯" in each] == rows(clerk)
    clerk.open("/desk/lists/inquiries?only=answered")
    assert rows(clerk) == []
    clerk.open("/desk/lists/inquiries?only=nothing")
    assert clerk.status == 404
    clerk.open("/desk/lists/inquiries")
    link = clerk.tree.xpath("//tbody//a/@href")[0]
    clerk.open(link)
    clerk.press("答复咨询")
    clerk.submit(link, text="归水务站管，电话在门口。")
    clerk.press("发送答复")
    clerk.open("/desk/lists/inquiries")
    assert len(rows(clerk)) == 1
    clerk.open("/desk/lists/inquiries?only=answered&year=1999")
    assert rows(clerk) == []


def test_every_count_of_the_desk_is_that_of_the_chat(office: Office) -> None:
    """The heading, each filter of the queue, each list; and a line is marked where a message was lost."""
    for question in ("水塔归谁管", "路灯归谁管"):
        inquire(office, question)
    file_request(office.browser())
    lose(office, Talk(office, "telegram:77").file_request())
    propose(office, "村口桥加固花了多少钱")
    clerk = clerk_of(office, "leader")
    clerk.open("/ask")
    told = clerk.say("待办")
    heading = "待办：申请 2 件（逾期 0 件），咨询 2 件"
    assert heading in told
    assert heading in clerk.open("/desk")
    assert told.count("【消息没送到】") == clerk.html.count("【消息没送到】") == 1
    for only, word in FILTERS.items():
        clerk.open("/ask")
        in_chat = clerk.say(f"/queue {word}")
        clerk.open(f"/desk?only={only}")
        numbers = {str(each.text_content()).strip() for each in clerk.tree.xpath("//tbody//th//a")}
        assert numbers == set(re.findall(r"Z?2026-\d{4}", in_chat)), (only, in_chat)
    clerk.open("/desk/lists")
    counts = {
        str(each.find("a").get("href")).rpartition("/")[2]: int(re.findall(r"\d+", each.find("span").text)[0])
        for each in clerk.tree.find_class("columns")[0]
        if re.search(r"^\d", each.find("span").text or "")
    }
    assert counts["inquiries"] == 2
    assert counts["outbox"] == counts["proposals"] == 1
    for name, count in counts.items():
        clerk.open(f"/desk/lists/{name}")
        assert len(rows(clerk)) == count, name


def test_unanswered_is_what_the_chat_counts_and_is_settled_here(office: Office) -> None:
    resident, admin = office.browser(), clerk_of(office, "admin")
    resident.open("/ask")
    for _ in range(2):
        resident.say(UNKNOWN)
    resident.say("山上的信号塔谁建的")
    admin.open("/ask")
    assert "没答上的，共 2 件" in admin.say("没答上的")
    admin.open("/desk/lists/unanswered")
    assert [UNKNOWN in each for each in rows(admin)] == [True, False]
    admin.open("/desk/lists/unanswered?q=水塔")
    admin.press("看看怎么办")
    assert UNKNOWN in admin.html
    admin.press("不用答：不归我们管")
    admin.open("/desk/lists/unanswered")
    assert len(rows(admin)) == 1


def test_proposal_is_declined_with_its_reason(office: Office) -> None:
    propose(office, "村口桥加固花了多少钱")
    clerk = clerk_of(office)
    clerk.open("/desk/lists/proposals")
    clerk.press("不公开")
    clerk.post(
        "/desk/more",
        {"key": "k", **_fields(clerk, decline_reason="涉及在办的招标，办完再公开")},
    )
    clerk.press("确认登记")
    clerk.open("/desk/lists/proposals")
    assert rows(clerk) == []
    clerk.open("/desk/lists/proposals?only=declined")
    assert "招标" in rows(clerk)[0]


def _fields(browser: Browser, **values: str) -> dict[str, str]:
    form = next(each for each in browser.tree.iter("form") if "draft" in each.fields)
    given = {name: value or "" for name, value in form.fields.items() if name and name != "key"}
    return {**given, **{f"f_{name}": each for name, each in values.items()}}


def test_leader_takes_a_role_back(office: Office) -> None:
    leader, clerk = clerk_of(office, "leader"), clerk_of(office)
    leader.open("/desk/lists/roles")
    assert len(rows(leader)) == 5  # of the settings: clerk twice, admin; two that came in with a code
    at_clerk = [place for place, row in enumerate(rows(leader)) if "收回" in row]
    assert len(at_clerk) == 2
    leader.press(next(label for label in leader.labels if label.startswith("收回") and "经办人" in label))
    leader.press("确定收回")
    clerk.open("/desk")
    assert clerk.status == 404
    leader.open("/desk/lists/roles")
    assert len(rows(leader)) == 4


def test_what_did_not_arrive_is_put_back_once(office: Office) -> None:
    file_request(office.browser())
    number = number_of(office)
    lose(office, number)
    lose(office, number, is_dead=True)
    clerk = clerk_of(office)
    clerk.open("/desk/lists/outbox")
    assert len(rows(clerk)) == 2
    assert "13800138000" not in clerk.html
    assert "138****8000" in clerk.html  # how else to reach them
    assert "已收到（bot was blocked）" in rows(clerk)[0]  # what it said, and why it did not arrive
    admin = clerk_of(office, "admin")
    admin.open("/desk/lists/outbox")
    assert "已收到" not in admin.html  # who handles no requests reads none of them
    assert f'href="/desk/r/{number}"' in clerk.html
    clerk.open("/desk/lists/outbox?only=undeliverable")
    page = clerk.html
    assert "已经放回去" in (clerk.press("再送一次") or clerk.html)
    with office.program.ledger.reading() as connection:
        states = connection.scalars(sa.select(outbox.c.status).where(outbox.c.chat == "telegram:77"))
        assert sorted(states) == ["dead", "waiting"]
    clerk.html = page
    clerk.press("再送一次")
    assert clerk.status == 422
    for forged in ("letter:99999999999999999999", "letter:x", "update:1", "", "letter:1 OR 1"):
        clerk.post("/desk/lists/outbox", {"button": forged})
        assert clerk.status == 422, forged


def test_erasing_is_asked_first_and_erases_only_what_was_seen(office: Office) -> None:
    resident, admin = office.browser(), clerk_of(office, "admin")
    resident.open("/ask")
    resident.say(UNKNOWN)
    assert "现在没有到期的" in admin.open("/desk/retention")
    days = office.program.settings.questions_kept_days
    for _ in range(days // 20 + 1):  # somebody who comes back before their session is forgotten
        office.ahead += timedelta(days=20)
        admin.open("/ask")
        admin.say("统计")
    page = admin.open("/desk/retention")
    assert "问题里的字" in page
    label = next(label for label in admin.labels if label.startswith("清除"))
    assert "清掉就找不回来了" in (admin.press(label) or admin.html)
    assert _words(office) == [UNKNOWN]  # nothing yet
    admin.post("/desk/retention", {"seen": "questions:99"})
    assert "请再看一遍" in admin.html
    assert _words(office) == [UNKNOWN]
    admin.press(next(label for label in admin.labels if label.startswith("清除这")))
    assert "已经记录在案" in admin.html
    assert _words(office) == [""]
    assert "现在没有到期的" in admin.open("/desk/retention")


def _words(office: Office) -> list[str]:
    with office.program.ledger.reading() as connection:
        return list(connection.scalars(sa.select(questions.c.text_masked)))


def test_figures_by_month(office: Office) -> None:
    """In the office's zone: half past midnight on the first is the new month there, the old one in UTC."""
    zone, now = office.program.settings.zone, office.now()
    first = now.astimezone(zone).replace(day=1, hour=0, minute=30, second=0, microsecond=0)
    asked = [
        (first, "answer"),
        (first, "route"),
        (first - timedelta(hours=1), "suggest"),
        (first, "redirect"),
    ]
    with office.program.ledger.transaction() as connection:
        for at, outcome in asked:
            connection.execute(questions.insert().values(asked_at=at, text_masked="x", outcome=outcome))
        months = by_month(connection, now, zone)
    assert len(months) == 12
    assert (months[-1].year, months[-1].month) == (first.year, first.month)
    this, before = months[-1], months[-2]
    assert (this.answered, this.unknown, this.suggested, this.redirected, this.total) == (1, 1, 0, 1, 2)
    assert (before.suggested, before.total) == (1, 1)
    leader = clerk_of(office, "leader")
    page = leader.open("/desk/figures")
    assert "一共问了 3 次，没答上 1 次" in page
    assert f"{this.year}-{this.month:02} 2 1 0 1 0 1" in rows(leader)[0]


def test_bars_are_in_proportion_and_none_is_below_the_ground() -> None:
    bars = bars_of(
        [Month(2026, 1), Month(2026, 2, answered=3, unknown=1), Month(2026, 3, answered=1, unknown=1)]
    )
    assert [bar.found_height + bar.missed_height for bar in bars] == [0, 160, 80]
    assert [bar.missed_height for bar in bars] == [0, 40, 40]
    assert all(bar.missed_y + bar.missed_height == bar.found_y for bar in bars)
    assert bars_of([]) == []
