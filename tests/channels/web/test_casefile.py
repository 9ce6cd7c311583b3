"""A request on the desk, without JavaScript: from its receipt to its reply, each act once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.channels.web.paper_sheet import Line, Rows, sheet_of
from bot.cli.staff import code_for
from bot.desk.model import EventKind, Outcome, Status
from bot.desk.paper import Written, to_docx
from bot.dialogue.payload import Act, data_of
from bot.dialogue.staff import queue
from bot.dialogue.staff.searching import KeptTrails
from bot.dialogue.staff.situations import SITUATIONS
from bot.messages import Address, Language
from tests.channels.web.browser import Browser
from tests.channels.web.conftest import Office, office_at
from tests.channels.web.test_conversation import ASKED, ID_NUMBER, file_request, number_of
from tests.dialogue.stage import CLERK, label_of

REPLY_TEXT = "村口桥加固共花了八万六千元，见附上的决算表。"


@pytest.fixture
def office(built: Path, tmp_path: Path) -> Iterator[Office]:
    details = {
        "reconsideration_body": "洲上区人民政府",
        "court": "洲上区人民法院",
        "office_phone": "0795-1234567",
    }
    with office_at(built, tmp_path / "home", **details) as office:
        yield office


def clerk_of(office: Office, role: str = "staff") -> Browser:
    clerk = office.browser()
    clerk.open("/ask")
    clerk.say(code_for(office.program, role))
    return clerk


def chat_of(office: Office, browser: Browser) -> str:
    """The account of who uses this browser."""
    from bot.channels.web.visitors import COOKIE, visitor_of

    with office.program.ledger.reading() as connection:
        return f"web:{visitor_of(connection, browser.client.cookies[COOKIE], office.now())}"


def kinds(office: Office, number: str) -> list[EventKind]:
    with office.program.ledger.reading() as connection:
        return [event.kind for event in office.program.register.session(connection).requests.history(number)]


def begun(office: Office) -> tuple[Browser, Browser, str]:
    """A resident, a clerk who has taken their request, and its number."""
    resident, clerk = office.browser(), clerk_of(office)
    file_request(resident)
    number = number_of(office)
    clerk.open(f"/desk/r/{number}")
    clerk.press(label_of("confirm_receipt"))
    clerk.press("我来办")
    return resident, clerk, number


def fill(clerk: Browser, number: str, **values: str) -> str:
    """Fill in the whole form on the page."""
    form = next(
        each
        for each in clerk.tree.iter("form")
        if each.get("action") == f"/desk/r/{number}" and "draft" in each.fields
    )
    given = {name: value or "" for name, value in form.fields.items() if name}
    return clerk.post(f"/desk/r/{number}", {**given, **{f"f_{name}": each for name, each in values.items()}})


def wait_in_use(office: Office, browser: Browser, days: int) -> None:
    """Time goes by for somebody who comes back before their session is forgotten."""
    for _ in range(2):
        office.ahead += timedelta(days=days / 2)
        browser.open("/ask")
        browser.say("待办")


def test_page_shows_what_is_on_record_and_no_name(office: Office) -> None:
    _, clerk, number = begun(office)
    page = clerk.open(f"/desk/r/{number}")
    for told in ("村口桥加固花了多少钱", "王*", "提交", "确认收到，起算期限", "登记：", "期限是怎么算的"):
        assert told in page
    assert "王小明" not in page
    assert ID_NUMBER not in page
    assert EventKind.IDENTITY_VIEWED not in kinds(office, number)
    page = clerk.press("查看身份") or clerk.html
    assert "王小明" in clerk.html
    assert kinds(office, number).count(EventKind.IDENTITY_VIEWED) == 1
    assert "王小明" not in clerk.open(f"/desk/r/{number}")  # the next look opens it anew


def test_an_open_page_is_searched_for_once(office: Office, tmp_path: Path) -> None:
    """Until the request is worded anew, or another index answers."""
    _, clerk, number = begun(office)
    kept = KeptTrails()
    with office.program.ledger.reading() as connection:
        who = Address.parse(chat_of(office, clerk))
        visit = office.program.conversation.looking(connection, who, Language.SIMPLIFIED, office.now())
        first = kept.of(visit, number, ASKED)
        assert first
        assert kept.of(visit, number, ASKED) is first
        assert kept.of(visit, number, "村口桥加固花了多少钱") != first
        again = kept.of(visit, number, ASKED)
        assert again == first
        later = office.program.conversation.looking(
            connection, who, Language.SIMPLIFIED, office.now() + timedelta(days=1)
        )
        assert kept.of(later, number, ASKED) is not again
        last = kept.of(later, number, ASKED)
    office.program.reload(forced=True, person="cli:test")
    assert kept.of(later, number, ASKED) is not last


def test_nobody_else_has_such_a_page(office: Office) -> None:
    resident, _, number = begun(office)
    for browser in (resident, office.browser()):
        browser.open(f"/desk/r/{number}")
        assert browser.status == 404
        browser.post(f"/desk/r/{number}", {"button": data_of(Act.CONFIRM_RECEIPT, number), "key": "x"})
        assert browser.status == 404
        browser.post(f"/desk/r/{number}/preview", {"key": "x"})
        assert browser.status == 404


def test_whole_form_says_beside_the_field_what_is_wrong_and_is_saved_once(office: Office) -> None:
    _, clerk, number = begun(office)
    clerk.press("延期")
    assert "draft" in clerk.html
    page = fill(clerk, number, days="30", extend_reason="")
    names = [each.get("name") for each in clerk.tree.iter("input", "textarea") if each.get("name")]
    assert clerk.status == 422
    assert "errors" in clerk.html
    days = next(name for name in names if (name or "").startswith("f_"))
    assert clerk.tree.get_element_by_id(days).value == "30" or "30" in page
    links = [each.get("href") or "" for each in clerk.form("errors").iter("a")]
    assert all(clerk.tree.get_element_by_id(link.removeprefix("#")) is not None for link in links)


def test_reply_is_drafted_previewed_and_served_once(office: Office) -> None:
    resident, clerk, number = begun(office)
    clerk.open(f"/desk/r/{number}")
    labels = clerk.labels
    answering = next(label for label in labels if label.startswith("答复") or "答复" in label)
    clerk.press(answering)
    give = next(label for label in clerk.labels if "提供" in label or "给" in label)
    clerk.press(give)
    page = fill(clerk, number, text=REPLY_TEXT)
    assert REPLY_TEXT in page
    assert clerk.status == 200
    saved = next(label for label in clerk.labels if "保存" in label)
    before = kinds(office, number)
    preview = clerk.post(f"/desk/r/{number}/preview", {"key": "p"})
    for element in (number, "王小明", REPLY_TEXT, "洲上区人民政府", "洲上区人民法院", "答复书"):
        assert element in preview
    assert [each for each in kinds(office, number) if each not in before] == [EventKind.IDENTITY_VIEWED]
    clerk.open(f"/desk/r/{number}")
    form = clerk.html
    clerk.press(saved)
    again = Browser(office.address)
    again.client.cookies = clerk.client.cookies
    again.html = form  # the same page in another tab, sent again
    again.press(saved)
    again.client.close()
    assert kinds(office, number).count(EventKind.DRAFTED) == 1
    with office.program.ledger.reading() as connection:
        assert office.program.register.session(connection).requests.get(number).status is Status.DRAFTED
    del resident


def test_every_outcome_of_the_law_is_offered(office: Office) -> None:
    """As the chat does: each situation a button, and behind it each outcome."""
    _, clerk, number = begun(office)
    words = office.program.words
    for situation, outcomes in SITUATIONS.items():
        clerk.open(f"/desk/r/{number}")
        clerk.post(f"/desk/r/{number}", {"button": data_of(Act.REPLY, number), "key": situation})
        label = words.say(f"situation_{situation}", Language.SIMPLIFIED)
        assert label in clerk.labels
        if len(outcomes) > 1:
            clerk.press(label)
            offered = {words.say(f"outcome_{each.code}", Language.SIMPLIFIED) for each in outcomes}
            assert offered <= set(clerk.labels)
    assert sum(len(each) for each in SITUATIONS.values()) >= len([o for o in Outcome if o.is_reply])


def test_saving_over_a_colleagues_draft_shows_both(office: Office) -> None:
    _, clerk, number = begun(office)
    other = clerk_of(office, "leader")
    for browser, text in ((clerk, REPLY_TEXT), (other, "另一位同事写的答复，桥款在决算里。")):
        browser.open(f"/desk/r/{number}")
        browser.post(
            f"/desk/r/{number}", {"button": data_of(Act.REPLY_SITUATION, number, "give"), "key": "s"}
        )
        fill(browser, number, text=text)
    save = {"button": data_of(Act.REPLY_DRAFT, number), "key": "save"}
    clerk.post(f"/desk/r/{number}", save)
    page = other.post(f"/desk/r/{number}", save)
    assert REPLY_TEXT in page
    assert "另一位同事写的答复" in page
    assert "web:" not in page
    assert kinds(office, number).count(EventKind.DRAFTED) == 1
    other.press("改用我写的")
    assert kinds(office, number).count(EventKind.DRAFTED) == 2
    with office.program.ledger.reading() as connection:
        kept = office.program.register.session(connection).requests.get(number).reply
    assert kept is not None
    assert kept.text.startswith("另一位")


def test_who_else_is_looking_and_closed_acts_with_their_reason(office: Office) -> None:
    _, clerk, number = begun(office)
    other = clerk_of(office, "leader")
    other.open(f"/desk/r/{number}")
    page = clerk.open(f"/desk/r/{number}")
    assert "也在看这一件" in page
    assert "web:" not in page
    wait_in_use(office, clerk, days=40)
    page = clerk.open(f"/desk/r/{number}")
    assert "现在办不了的" in page
    assert "超过" in page


def test_queue_counts_and_names_as_the_chat_does(office: Office) -> None:
    """The same heading, states and officers as `/queue`, and no account of anybody."""
    _, clerk, number = begun(office)
    file_request(office.browser())
    page = clerk.open("/desk")
    with office.program.ledger.reading() as connection:
        person = Address.parse(chat_of(office, clerk))
        visit = office.program.conversation.looking(connection, person, Language.SIMPLIFIED, office.now())
        said = queue.show(visit).outgoing[0]
    assert said.parts[0].text in page
    assert "正在办理" in page
    assert "等确认收到" in page
    assert "web:" not in page
    assert CLERK not in page
    wait_in_use(office, clerk, days=40)
    page = clerk.open("/desk?only=late")
    assert number in page
    assert "已经超期" in page
    assert "【逾期】" in page


def test_filters_stand_in_the_address(office: Office) -> None:
    _, clerk, number = begun(office)
    file_request(office.browser())
    assert "1 件" in clerk.open("/desk?only=mine")
    assert number in clerk.html
    assert number not in clerk.open("/desk?only=unconfirmed")
    assert "没有符合的" in clerk.open("/desk?q=不存在的字")
    assert number in clerk.open(f"/desk?q={number}")
    clerk.open("/desk?only=nothing")
    assert clerk.status == 404


def test_leader_sees_what_nobody_has_touched(office: Office) -> None:
    _, clerk, number = begun(office)
    leader = clerk_of(office, "leader")
    clerk.open("/desk?only=untouched")
    assert clerk.status == 404  # not theirs
    assert number not in leader.open("/desk?only=untouched")
    office.ahead += timedelta(days=12)
    page = leader.open("/desk?only=untouched")
    assert number in page
    assert "个工作日没有人动" in page


def test_sheet_holds_all_that_prints() -> None:
    """Whatever a paragraph is wrapped in, compared with the letter as it was written."""
    written = Written(
        title="政府信息公开申请答复书",
        number="依申请〔2026〕2号",
        paragraphs=(
            "王小明：",
            "本机关于2026年11月28日收到您提出的申请（登记编号2026-0001），见Z2026-0003。",
        ),
        agency="洲上乡人民政府",
        on="2026年12月1日",
        attachments=("决算表", "清单"),
    )
    sheet = sheet_of(to_docx(written))
    assert sheet is not None
    plain = "".join(line.text for line in sheet if isinstance(line, Line))
    assert "".join(plain.split()) == "".join(written.text.split())
    form = replace(
        written, as_table=True, paragraphs=("登记编号：2026-0001", "申请人：王小明"), attachments=()
    )
    rows = [block for block in sheet_of(to_docx(form)) or () if isinstance(block, Rows)]
    assert [row for block in rows for row in block.rows] == [("登记编号", "2026-0001"), ("申请人", "王小明")]
    assert sheet_of(b"PK no such thing") is None


def test_inquiry_is_answered_on_its_page(office: Office) -> None:
    """No form of many fields: its question, a box to write into, a read-back."""
    resident, clerk = office.browser(), clerk_of(office)
    resident.open("/ask")
    resident.say("低保咋申请")
    person = chat_of(office, resident)
    with office.program.ledger.transaction() as connection:
        inquiry = office.program.register.session(connection, office.now(), person).inquiries.open(
            question="路灯几点亮？"
        )
    assert "路灯几点亮" in clerk.open("/desk")
    clerk.open(f"/desk/r/{inquiry.number}")
    clerk.press("答复咨询")
    page = clerk.post(f"/desk/r/{inquiry.number}", {"text": "晚上七点。", "key": "t"})
    assert "晚上七点" in page
    clerk.press("发送答复")
    office.channel.app.state.exchange.deliver()
    resident.open("/ask")
    assert "晚上七点" in resident.answer
    assert "路灯" not in clerk.open("/desk")
