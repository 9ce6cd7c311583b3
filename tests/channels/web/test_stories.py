"""Whole stories in Chromium, each with JavaScript and without: a resident, a clerk, an admin, and leaving."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.cli.staff import code_for
from tests.channels.web.conftest import Office, in_chromium, office_at
from tests.channels.web.test_casefile import REPLY_TEXT
from tests.channels.web.test_conversation import ANSWER, ASKED, ID_NUMBER
from tests.channels.web.test_lists import UNKNOWN
from tests.files_for_tests import docx, picture

pytestmark = in_chromium
SCRIPTS = pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])


@pytest.fixture
def office(built: Path, tmp_path: Path) -> Iterator[Office]:
    details = {
        "reconsideration_body": "洲上区人民政府",
        "court": "洲上区人民法院",
        "two_person_review": False,
    }
    with office_at(built, tmp_path / "home", **details) as office:
        yield office


def page_at(chromium: Any, office: Office, *, script: bool, width: int = 390) -> Any:
    context = chromium.new_context(
        viewport={"width": width, "height": 844}, base_url=office.address, java_script_enabled=script
    )
    return context.new_page()


def press(page: Any, label: str, told: str) -> None:
    """The last button with this label; wait until the page says what it leads to."""
    page.locator(f'main button:text-is("{label}")').last.click()
    page.locator("main").get_by_text(told).last.wait_for()


def come_in(page: Any, office: Office, role: str) -> None:
    page.goto("/staff")
    page.fill("#code", code_for(office.program, role))
    page.click('button:text-is("进来")')
    page.wait_for_url("**/desk/keys")


def send_form(page: Any) -> None:
    page.goto("/apply")
    page.select_option("#for_other", "no")
    page.select_option("#kind", "NP")
    for name, value in (("name", "王小明"), ("id_number", ID_NUMBER), ("contact", "13800138000")):
        page.fill(f"#{name}", value)
    page.fill("#wanted", "村口桥加固花了多少钱")
    page.select_option("#form", "electronic")
    page.select_option("#way", "chat")
    page.click('button:text-is("下一步：核对")')
    page.wait_for_url("**/ask*")


@SCRIPTS
def test_from_the_question_to_the_reply(chromium: Any, office: Office, script: bool) -> None:
    """A resident asks, files in one form with a photo, and is answered by a clerk who sends a file along."""
    home = page_at(chromium, office, script=script)
    home.goto("/")
    home.fill("#text", ASKED)
    home.click("#ask-form button.primary")
    home.locator(".line.shown").get_by_text(ANSWER).first.wait_for()
    send_form(home)
    home.set_input_files("#files", [{"name": "桥.png", "mimeType": "image/png", "buffer": picture()}])
    press(home, "附上", "附上了：桥.png")
    press(home, "确认提交", "您的取件码")
    code = re.search(r"\w{4}-\w{4}", home.locator(".code").last.inner_text())
    assert code

    desk = page_at(chromium, office, script=script, width=1280)
    come_in(desk, office, "staff")
    desk.goto("/desk")
    desk.click("tbody a")
    number = desk.url.rpartition("/")[2]
    press(desk, "确认收到（开始计期）", "已确认收到")
    press(desk, "答复", "经过")
    press(desk, "可以公开，全部给", "答复的正文")
    desk.set_input_files("#files", [{"name": "决算表.docx", "mimeType": "", "buffer": docx()}])
    press(desk, "附上", "决算表.docx")
    desk.fill("#f_text", REPLY_TEXT)
    press(desk, "存下，看一遍", "保存答复")
    press(desk, "保存答复", "拟好的答复")
    press(desk, "发出，今天当面送达签收", "送达")

    town = page_at(chromium, office, script=script)
    town.goto("/follow")
    town.fill("#number", number)
    town.fill("#code", code[0])
    town.click('button:text-is("查询")')
    town.get_by_role("button", name="决算表.docx").wait_for()
    with town.expect_download() as got:
        town.get_by_role("button", name="决算表.docx").click()
    assert got.value.suggested_filename == "决算表.docx"
    for page in (home, desk, town):
        page.context.close()


@SCRIPTS
def test_admin_settles_what_was_missed(chromium: Any, office: Office, script: bool) -> None:
    resident = office.browser()
    resident.open("/ask")
    resident.say(UNKNOWN)
    page = page_at(chromium, office, script=script, width=1280)
    come_in(page, office, "admin")
    page.goto("/desk/lists")
    page.click('main a:text-is("没答上的问题")')
    press(page, "看看怎么办", UNKNOWN)
    press(page, "不用答：不归我们管", UNKNOWN)
    page.goto("/desk/lists/unanswered")
    assert page.locator("tbody tr").count() == 0
    page.goto("/desk/knowledge")
    press(page, "检查，试问", "正在检查")
    page.context.close()


@SCRIPTS
def test_back_after_leaving_shows_nothing(chromium: Any, office: Office, script: bool) -> None:
    """Neither what was said nor the desk: no page is kept by the browser, no session by the office."""
    page = page_at(chromium, office, script=script)
    page.goto("/ask")
    page.fill("#text", UNKNOWN)
    page.click("#ask-form button.primary")
    page.locator(".line.shown").first.wait_for()
    come_in(page, office, "staff")
    page.goto("/ask")
    assert UNKNOWN in page.content()
    page.goto("/desk")
    assert page.locator("h1").inner_text() == "工作台"
    page.goto("/ask")
    page.click('button:text-is("离开，清掉这一页")')
    page.get_by_text("已经离开").wait_for()
    for _ in range(6):
        page.go_back()
        page.wait_for_load_state("load")
        assert UNKNOWN not in page.content()
        assert "待办：" not in page.content()
    page.goto("/desk")
    assert page.locator(".desk-nav").count() == 0
    page.context.close()


@pytest.mark.parametrize("path", ["/", "/ask", "/c/guide", "/request", "/apply"])
def test_nothing_moves_while_a_page_comes_in(chromium: Any, office: Office, path: str) -> None:
    """On a telephone's slow line: no shift of the layout (Chromium's own measure), style before content."""
    page = page_at(chromium, office, script=True)
    session = page.context.new_cdp_session(page)
    session.send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": 300, "downloadThroughput": 50_000, "uploadThroughput": 25_000},
    )
    page.add_init_script(
        "window.shift = 0; new PerformanceObserver((list) => { for (const each of list.getEntries())"
        " window.shift += each.value; }).observe({type: 'layout-shift', buffered: true})"
    )
    page.goto(path)
    page.wait_for_load_state("networkidle")
    assert page.evaluate("window.shift") == 0
    page.context.close()
