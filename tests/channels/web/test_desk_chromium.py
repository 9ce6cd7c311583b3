"""The desk's pages in Chromium: accessible, narrow, by keyboard, and a double click that counts once."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.channels.web.visitors import COOKIE
from bot.desk.model import EventKind
from bot.dialogue.payload import Act, data_of
from tests.channels.web.browser import Browser
from tests.channels.web.conftest import Office, in_chromium, office_at
from tests.channels.web.test_casefile import REPLY_TEXT, begun, clerk_of, fill, kinds
from tests.channels.web.test_chromium import violations

pytestmark = in_chromium


@pytest.fixture(scope="module")
def office(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    details = {"reconsideration_body": "洲上区人民政府", "court": "洲上区人民法院"}
    with office_at(built, tmp_path_factory.mktemp("desk") / "home", **details) as office:
        yield office


@pytest.fixture(scope="module")
def case(office: Office) -> tuple[Browser, str]:
    """A clerk's browser, and a request of theirs with a form that is half filled."""
    _, clerk, number = begun(office)
    begin(clerk, number, "part")
    return clerk, number


def begin(clerk: Browser, number: str, situation: str) -> None:
    """The form of a reply, begun (anew)."""
    button = data_of(Act.REPLY_SITUATION, number, situation)
    clerk.post(f"/desk/r/{number}", {"button": button, "key": secrets.token_hex(8)})


def page_of(chromium: Any, office: Office, clerk: Browser, width: int) -> Any:
    """A page in which the clerk is in; what its console says is kept."""
    context = chromium.new_context(viewport={"width": width, "height": 800}, base_url=office.address)
    cookie = {"name": COOKIE, "value": clerk.client.cookies[COOKIE], "url": office.address}
    context.add_cookies([cookie])
    return context.new_page()


def test_errors_take_the_focus_and_a_preview_prints_as_the_letter(
    chromium: Any, office: Office, case: tuple[Browser, str]
) -> None:
    clerk, number = case
    begin(clerk, number, "part")  # whatever order the tests come in
    page = page_of(chromium, office, clerk, 1280)
    page.goto(f"/desk/r/{number}")
    page.click('button:text-is("存下，看一遍")')
    page.wait_for_function("() => document.activeElement.id === 'errors'")
    page.click("#errors a >> nth=0")
    assert page.evaluate("document.activeElement.getAttribute('aria-invalid')") == "true"
    begin(clerk, number, "give")
    fill(clerk, number, text=REPLY_TEXT)
    page.goto(f"/desk/r/{number}")
    page.click('button:text-is("看打印出来的样子")')
    page.wait_for_selector(".paper")
    assert violations(page) == []
    assert REPLY_TEXT in page.locator(".paper").inner_text()
    page.context.close()


def test_a_double_click_and_back_do_it_once(chromium: Any, office: Office, case: tuple[Browser, str]) -> None:
    clerk, number = case
    begin(clerk, number, "give")
    fill(clerk, number, text=REPLY_TEXT)
    page = page_of(chromium, office, clerk, 1280)
    page.goto(f"/desk/r/{number}")
    before = kinds(office, number).count(EventKind.DRAFTED)
    page.dblclick('button:text-is("保存答复")')
    page.wait_for_selector("#draft-title")
    page.go_back()
    page.go_forward()
    page.reload()
    assert kinds(office, number).count(EventKind.DRAFTED) == before + 1
    page.context.close()


def test_keyboard_alone_confirms_a_receipt(chromium: Any, office: Office) -> None:
    from tests.channels.web.test_conversation import file_request

    clerk = clerk_of(office)
    file_request(office.browser())
    page = page_of(chromium, office, clerk, 1280)
    page.goto("/desk?only=unconfirmed")
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.closest('tbody') !== null"):
            break
    page.keyboard.press("Enter")
    page.wait_for_selector("#acts-title")
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent").startswith("确认收到"):
            break
    page.keyboard.press("Enter")
    page.wait_for_selector("#now")
    assert "已确认收到" in page.locator("#now").inner_text()
    page.context.close()
