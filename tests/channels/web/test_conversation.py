"""Residents and staff in the browser, without JavaScript: every step a form and a page."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import httpx
import sqlalchemy as sa

from bot.channels.web.tables import web_messages
from bot.cli.staff import code_for
from bot.desk import attached
from bot.desk.kinds import FILE_KINDS
from bot.desk.model import ApplicantKind, EventKind, Outcome
from bot.desk.tables import requests
from bot.mailbox.outbox import enqueue
from bot.mailbox.tables import outbox, updates
from bot.messages import Address, Incoming
from tests.channels.web.browser import Browser
from tests.channels.web.conftest import Office
from tests.dialogue.stage import CLERK, label_of
from tests.files_for_tests import xlsx

ASKED, ANSWER = "公开了哪一年的部门决算信息", "2017年度部门财政决算信息"
ID_NUMBER = "362227199001011234"
NUMBER = "2026-0001"


def count(office: Office, table: sa.Table) -> int:
    with office.program.ledger.reading() as connection:
        return int(connection.scalar(sa.select(sa.func.count()).select_from(table)) or 0)


def number_of(office: Office) -> str:
    """The number of the request filed last: an office may be shared by a module's tests, in any order."""
    with office.program.ledger.reading() as connection:
        return str(connection.scalar(sa.select(requests.c.number).order_by(requests.c.number.desc())))


def file_request(browser: Browser) -> str:
    """The whole form without a mistake; the access code."""
    browser.open("/request")
    browser.press("开始填申请")
    browser.press("个人")
    for text in ("王小明", ID_NUMBER, "13800138000", "村口桥加固花了多少钱"):
        browser.say(text)
    browser.press("电子文件")
    browser.press("在这个聊天里发给我")
    receipt = browser.press("确认提交")
    found = re.search(r"您的取件码：(\w{4}-\w{4})", receipt)
    assert found, receipt
    return found[1]


def test_question_is_quoted_with_its_source(office: Office) -> None:
    browser = office.browser()
    browser.open("/")
    assert ANSWER in browser.say(ASKED)
    assert "来源" in browser.answer
    assert "/ask#m" in browser.url
    assert browser.said == [ASKED]
    links = [each.get("href") or "" for each in browser.tree.iter("a") if "/e/" in (each.get("href") or "")]
    assert ANSWER in browser.open(links[0])  # the passage in its document


def test_reading_makes_no_row_and_reload_repeats_nothing(office: Office) -> None:
    browser = office.browser()
    for path in ("/", "/ask", "/c/guide", "/request", "/follow"):
        browser.open(path)
    assert count(office, web_messages) == 0
    browser.open("/ask")
    browser.say("")
    assert browser.status == 422
    browser.open("/ask")
    browser.say(ASKED)
    before = browser.answers
    browser.reload()
    browser.reload()
    assert browser.answers == before
    assert count(office, updates) == 1


def test_a_form_that_is_sent_twice_counts_once(office: Office) -> None:
    """A double click, a torn connection, Back and send again."""
    browser = office.browser()
    browser.open("/ask")
    form = {"key": "k1", "token": browser.form("ask-form").inputs["token"].value, "text": ASKED}
    for _ in range(3):
        browser.post("/ask", form)
    assert browser.said == [ASKED]
    browser.post("/ask", {**form, "text": "低保咋申请"})  # Back, and written anew
    assert browser.said == [ASKED, "低保咋申请"]


def test_request_from_the_form_to_following_it_elsewhere(office: Office) -> None:
    at_home, in_town = office.browser(), office.browser()
    code = file_request(at_home)
    number = number_of(office)
    assert count(office, requests) == 1
    assert code not in in_town.open("/follow")
    assert "对不上" in in_town.submit("/follow", number=number, code="AAAA-AAAA")
    assert in_town.status == 422
    page = in_town.submit("/follow", number=f" {number.lower()} ", code=code.replace("-", " ").lower())
    assert "村口桥加固花了多少钱" in page
    assert "您提交了申请" in page
    in_town.press("继续办这件（补正、撤回、补充）")
    assert "村口桥加固花了多少钱" in in_town.open("/ask")
    in_town.press("撤回申请")
    assert "撤回" in in_town.press("确定撤回")
    with office.program.ledger.reading() as connection:
        assert office.program.register.session(connection).requests.get(number).status.value == "withdrawn"


def test_attachments_of_the_reply_are_downloaded(office: Office) -> None:
    """With number and code, and in the conversation; nothing of a draft, and nothing with another code."""
    at_home, in_town = office.browser(), office.browser()
    code, number, sheet = file_request(at_home), number_of(office), xlsx()
    register, ledger = office.program.conversation.register_now, office.program.ledger
    with ledger.transaction() as connection:
        now = office.now()
        desk = register(connection).session(connection, now, CLERK)
        desk.intake.confirm_receipt(number)
        held = attached.hold(
            connection,
            now,
            sender=CLERK,
            name="明细.xlsx",
            content=sheet,
            kinds=FILE_KINDS,
            unnamed="附件",
        )
        desk.replies.draft(
            number,
            outcome=Outcome.DISCLOSED,
            text="支出明细见附件。",
            attachments=[held.token],
        )
    in_town.open("/follow")
    assert "明细.xlsx" not in in_town.submit("/follow", number=number, code=code)
    with ledger.transaction() as connection:
        for said in (f"sg:{number}", f"sv:{number}:by_hand"):
            clerk = Address.parse(CLERK)
            pressed = Incoming(clerk, clerk, office.now(), button=said)
            turn = office.program.conversation.handle(connection, pressed, office.now())
            for message in turn.outgoing:
                enqueue(connection, message, office.now())
    in_town.open("/follow")
    assert "明细.xlsx" in in_town.submit("/follow", number=number, code=code)
    page = in_town.html
    in_town.press("明细.xlsx")
    assert in_town.response.content == sheet
    in_town.html = page
    in_town.submit("/follow/letter", number=number, code="AAAA-AAAA", attachment=held.token)
    assert in_town.status == 404
    at_home.open("/ask")
    at_home.say(number)
    at_home.press("看答复")
    links = [each.get("href") or "" for each in at_home.tree.iter("a")]
    files = [link for link in links if "/ask/file/" in link]
    at_home.open(files[-1])
    assert at_home.response.content == sheet


FIELDS = {
    "kind": ApplicantKind.NATURAL_PERSON.value,
    "name": "王小明",
    "id_number": ID_NUMBER,
    "contact": "13800138000",
    "wanted": "村口桥加固花了多少钱",
    "form": "electronic",
    "way": "chat",
}


def test_one_form_leads_to_the_same_read_back(office: Office) -> None:
    browser = office.browser()
    browser.open("/apply")
    browser.submit("/apply", **FIELDS)
    assert "请核对一遍" in browser.answer
    assert "村口桥加固花了多少钱" in browser.answer
    assert ID_NUMBER not in browser.html
    assert len(browser.answers) == 1
    assert "已经提交" in browser.press("确认提交")
    assert count(office, requests) == 1


def test_one_form_says_what_is_missing_and_keeps_the_rest(office: Office) -> None:
    """Half filled, then a wrong number, then insisted on: beside the field, in the words of the chat."""
    browser = office.browser()
    browser.open("/apply")
    half = {**FIELDS, "id_number": "", "form": "", "way": ""}
    page = browser.submit("/apply", **half)
    assert browser.status == 422
    assert "证件号码：还没有填" in page
    browser.open("/apply")  # another day, on the same computer
    assert browser.tree.get_element_by_id("wanted").text == FIELDS["wanted"]
    wrong = {**half, "id_number": "362227199001011235", "form": "electronic", "way": "chat"}
    page = browser.submit("/apply", **wrong)
    assert "id_number-error" in browser.html
    assert "就按我写的" in page
    browser.submit("/apply", **wrong, insist="id_number")
    assert "请核对一遍" in browser.answer
    assert count(office, requests) == 0


def test_one_form_is_kept_while_it_is_filled_in(office: Office) -> None:
    """Our script sends what stands there after each field: taken up later, also in the conversation."""
    browser = office.browser()
    browser.open("/apply")
    values = dict(browser.tree.forms[-1].form_values())
    saves = {"X-Part": "saved"}
    browser.post("/apply", {**values, "for_other": "no", "kind": "NP"}, **saves)
    assert browser.status == 204
    browser.post("/apply", {**values, "for_other": "no", "kind": "NP", "id_number": "123"}, **saves)
    assert browser.status == 200  # not taken: nothing is said to be kept
    browser.post("/apply", {**values, "for_other": "no", "kind": "NP", "name": "王小明"}, **saves)
    browser.open("/apply")
    assert browser.tree.get_element_by_id("name").value == "王小明"


def test_one_form_sent_while_it_is_still_being_kept_answers_each_question_once(office: Office) -> None:
    """Our script keeps each field as it is left, the resident sends at the same moment, by a double click."""
    browser = office.browser()
    browser.open("/apply")
    empty = dict(browser.tree.forms[-1].form_values())
    browser.post("/apply", {**empty, "for_other": "no"}, **{"X-Part": "saved"})
    names = [name for name in FIELDS if name != "kind"]
    so_far = [
        {**empty, "kind": "NP", **{name: FIELDS[name] for name in names[:last]}} for last in range(len(names))
    ]
    cookies = dict(browser.client.cookies)

    def send(given: dict[str, str]) -> int:
        headers = {**browser.headers, "X-Part": "saved"}
        with httpx.Client(base_url=office.address, cookies=cookies, timeout=60) as client:
            return client.post("/apply", data=given, headers=headers).status_code

    with ThreadPoolExecutor(len(names)) as pool:
        assert set(pool.map(send, so_far)) == {204}
    browser.open("/apply")
    kept = {name: browser.tree.get_element_by_id(name).value for name in names[:4]}
    assert kept == {name: FIELDS[name] for name in names[:4]}


def test_one_form_for_somebody_else(office: Office) -> None:
    """替别人申请: what depends on it is asked then, and stands in the register as in chat."""
    browser = office.browser()
    browser.open("/apply")
    page = browser.submit("/apply", **FIELDS, for_other="yes")
    assert browser.status == 422
    assert "您的姓名" in page
    assert browser.tree.get_element_by_id("wanted").text == FIELDS["wanted"]
    agent = {"capacity": "power_of_attorney", "agent_name": "李四", "agent_id": "362227198001011237"}
    page = browser.submit("/apply", **FIELDS, for_other="yes", **agent)
    if "id_number-error" in browser.html or "agent_id-error" in browser.html:
        browser.submit("/apply", **FIELDS, for_other="yes", **agent, insist="agent_id")
    assert "请核对一遍" in browser.answer
    assert "李四" in browser.answer
    browser.press("确认提交")
    with office.program.ledger.reading() as connection:
        applicant = office.program.register.session(connection).requests.applicant_for_letters(
            number_of(office)
        )
    assert applicant.name == "王小明"
    assert applicant.agent is not None
    assert applicant.agent.name == "李四"


def test_one_form_for_an_organisation(office: Office) -> None:
    browser = office.browser()
    browser.open("/apply")
    given = {
        **FIELDS,
        "kind": ApplicantKind.COMPANY.value,
        "name": "洲上水泥厂",
        "id_number": "91360902MA35ABCD0W",
    }
    page = browser.submit("/apply", **given)
    assert "法定代表人或者负责人" in page
    for insist in ("", "id_number"):
        browser.submit("/apply", **given, representative="张大山", insist=insist)
        if "请核对一遍" in browser.answer:
            break
    assert "请核对一遍" in browser.answer
    assert "张大山" in browser.answer


def test_guessing_a_code_rests(office: Office) -> None:
    """Five wrong tries; then even the right one waits an hour."""
    code = file_request(office.browser())
    number, stranger = number_of(office), office.browser()
    for _ in range(5):
        stranger.open("/follow")
        stranger.submit("/follow", number=number, code="22222222")
    stranger.open("/follow")
    assert "村口桥" not in stranger.submit("/follow", number=number, code=code)
    office.ahead += timedelta(minutes=61)
    stranger.open("/follow")
    assert "村口桥" in stranger.submit("/follow", number=number, code=code)


def test_missing_fields_are_named_both_times(office: Office) -> None:
    browser = office.browser()
    browser.open("/follow")
    for _ in range(2):
        page = browser.submit("/follow", number="", code="")
        assert "请写申请编号" in page
        assert "请写取件码" in page
        links = [each.get("href") for each in browser.form("errors").iter("a")]
        assert links == ["#number", "#code"]


def test_clerk_works_in_the_browser_and_the_resident_reads_it(office: Office) -> None:
    """A code of the command line, the queue, an act with its letter, and what the applicant sees of it."""
    resident, clerk, stranger = office.browser(), office.browser(), office.browser()
    file_request(resident)
    number = number_of(office)
    stranger.open("/desk")
    assert stranger.status == 404
    clerk.open("/ask")
    clerk.say(code_for(office.program, "staff"))
    queue = clerk.open("/desk")
    assert number in queue
    assert "王小明" not in queue  # masked until it is opened
    clerk.open(f"/desk/r/{number}")
    assert label_of("confirm_receipt") in clerk.labels
    clerk.press(label_of("confirm_receipt"))
    office.channel.app.state.exchange.deliver()
    resident.open("/ask")
    assert "收到" in resident.answer
    files = [each.get("href") for each in resident.tree.iter("a") if "/ask/file/" in (each.get("href") or "")]
    letter = resident.client.get(files[-1])
    assert letter.content[:2] == b"PK"
    assert stranger.client.get(files[-1]).status_code == 404
    with office.program.ledger.reading() as connection:
        kinds = [event.kind for event in office.program.register.session(connection).requests.history(number)]
    assert EventKind.RECEIVED in kinds
    assert "个工作日" in clerk.open("/desk")


def test_day_of_the_reply_goes_into_a_calendar(office: Office) -> None:
    resident, clerk = office.browser(), office.browser()
    code, number = file_request(resident), number_of(office)
    clerk.open("/ask")
    clerk.say(code_for(office.program, "staff"))
    clerk.open("/desk")
    clerk.open(f"/desk/r/{number}")
    clerk.press(label_of("confirm_receipt"))
    resident.open("/follow")
    resident.submit("/follow", number=number, code=code)
    resident.press("把最晚答复的日子放进日历")
    with office.program.ledger.reading() as connection:
        due = office.program.register.session(connection).requests.get(number).due_on
    assert f"DTSTART;VALUE=DATE:{due:%Y%m%d}\r\n" in resident.response.text


def test_role_ends_at_once(office: Office) -> None:
    clerk = office.browser()
    clerk.open("/ask")
    clerk.say(code_for(office.program, "staff"))
    clerk.open("/desk")
    assert clerk.status == 200
    with office.program.ledger.transaction() as connection:
        person = connection.scalar(sa.select(outbox.c.chat).where(outbox.c.channel == "web"))
        office.program.register.session(connection, office.now(), "telegram:1").roles.revoke(
            person=str(person), role="staff"
        )
    clerk.open("/desk")
    assert clerk.status == 404


def test_paging_takes_the_place_of_the_message(office: Office) -> None:
    browser = office.browser()
    browser.open("/ask")
    browser.say("目录")
    shown = len(browser.answers)
    browser.press(next(label for label in browser.labels if label.startswith("财政预决算")))
    assert len(browser.answers) == shown
    assert "财政预决算" in browser.answer


def test_linked_question_is_answered_and_not_kept(office: Office) -> None:
    browser = office.browser()
    page = browser.open("/ask?q=" + ASKED)
    assert ANSWER in page
    assert browser.form("text").text == ASKED
    for table in (updates, outbox, web_messages):
        assert count(office, table) == 0


def test_the_part_for_our_script_holds_what_is_new(office: Office) -> None:
    browser = office.browser()
    browser.open("/ask")
    browser.say(ASKED)
    last = max(int(each.get("data-id")) for each in browser.tree.find_class("line"))
    form = {"key": "k2", "text": "低保咋申请", "after": str(last)}
    part = browser.post("/ask", form, **{"X-Part": "lines"})
    assert "低保咋申请" in part
    assert ASKED not in part
    assert browser.client.get(f"/ask/news?after={last + 99}").status_code == 204
    assert "低保咋申请" in browser.open(f"/ask/news?after={last}")
