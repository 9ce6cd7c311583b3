"""The pages in Debian's Chromium: with JavaScript and without, by keyboard, at 320 px, checked by axe."""

from __future__ import annotations

import functools
import importlib.util
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.cli.staff import code_for
from bot.desk.tables import requests
from bot.mailbox.tables import updates
from tests.channels.web.conftest import Office, in_chromium
from tests.channels.web.test_conversation import ANSWER, ASKED, ID_NUMBER, count

pytestmark = in_chromium
MORE = "n => document.querySelectorAll('.line.shown').length > n"


@pytest.fixture
def page(chromium: Any, open_office: Office) -> Iterator[Any]:
    """A phone's page; an error of the console (a refused script or style among them) fails the test."""
    context = chromium.new_context(viewport={"width": 390, "height": 844}, base_url=open_office.address)
    opened = context.new_page()
    errors: list[str] = []
    opened.on("pageerror", lambda error: errors.append(str(error)))
    opened.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    yield opened
    context.close()
    assert [error for error in errors if "404" not in error and "422" not in error] == []


@functools.cache
def axe_source() -> str:
    spec = importlib.util.find_spec("axe_playwright_python")
    if spec is None or not spec.submodule_search_locations:
        pytest.skip("axe-playwright-python is not installed")
    return (Path(next(iter(spec.submodule_search_locations))) / "axe.min.js").read_text(encoding="utf-8")


def violations(page: Any, *, colours: bool = True) -> list[str]:
    """What axe finds, by rule and place.  Colours take it most of its time."""
    page.evaluate(axe_source())
    rules = {"rules": {"color-contrast": {"enabled": colours}}}
    found = page.evaluate("(rules) => axe.run(rules)", rules)["violations"]
    return [f"{each['id']}: {node['target']}" for each in found for node in each["nodes"]]


def send(page: Any, text: str) -> None:
    """Type and press Enter; wait for the answer to it."""
    shown = page.locator(".line.shown").count()
    page.fill("#text", text)
    page.press("#text", "Enter")
    page.wait_for_function(MORE, arg=shown)


def press(page: Any, label: str) -> None:
    shown = page.locator(".line.shown").count()
    page.locator(f'.line button:text-is("{label}")').last.click()
    page.wait_for_function(MORE, arg=shown)


def test_conversation_is_accessible_and_narrow_too(page: Any) -> None:
    page.goto("/ask")
    send(page, ASKED)
    assert ANSWER in page.locator(".line.shown").last.inner_text()
    send(page, "村里修路花了多少钱")
    assert violations(page) == []
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert page.locator("#log").get_attribute("role") == "log"


def test_request_is_filed_with_a_double_click(chromium: Any, office: Office) -> None:
    context = chromium.new_context(viewport={"width": 390, "height": 844}, base_url=office.address)
    page = context.new_page()
    page.goto("/request")
    page.click("text=开始填申请")
    page.wait_for_selector(".line.shown")
    press(page, "个人")
    for text in ("王小明", ID_NUMBER, "13800138000", "村口桥加固花了多少钱"):
        send(page, text)
    press(page, "电子文件")
    press(page, "在这个聊天里发给我")
    page.locator('.line button:text-is("确认提交")').last.dblclick()
    page.wait_for_selector(".code")
    assert re.search(r"\w{4}-\w{4}", page.locator(".code").inner_text())
    page.go_back()
    page.go_forward()
    page.reload()
    assert count(office, requests) == 1
    assert page.locator(".code").count() == 1
    context.close()


def test_keyboard_alone(page: Any) -> None:
    """Tab leads to the skip link, the navigation and the box; Enter sends; the focus can be seen."""
    page.goto("/ask")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "text":
            break
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.type(ASKED)
    page.keyboard.press("Enter")
    page.wait_for_selector(".line.shown")


def test_composing_pinyin_does_not_send(page: Any, open_office: Office) -> None:
    page.goto("/ask")
    before = count(open_office, updates)
    page.fill("#text", "di bao")
    page.evaluate(
        """() => document.getElementById('text').dispatchEvent(
             new KeyboardEvent('keydown', {key: 'Enter', isComposing: true, bubbles: true}))"""
    )
    page.wait_for_timeout(300)
    assert count(open_office, updates) == before


def test_errors_take_the_focus_and_lead_to_the_field(page: Any) -> None:
    page.goto("/follow")
    for _ in range(2):
        page.click("main button.primary")
        page.wait_for_function("document.activeElement.id === 'errors'")
        page.click("#errors a >> nth=1")
        assert page.evaluate("document.activeElement.id") == "code"
        assert page.locator("#code").get_attribute("aria-invalid") == "true"


def test_code_of_a_link_from_the_chat_is_filled_in(page: Any) -> None:
    """It stands behind the #, and in no history afterwards."""
    page.goto("/follow?number=2026-0001#ABCD-EFGH")
    page.wait_for_function("document.getElementById('code').value === 'ABCD-EFGH'")
    assert page.input_value("#number") == "2026-0001"
    assert page.url.endswith("/follow?number=2026-0001")


def test_each_field_is_kept_as_it_is_left(page: Any) -> None:
    page.goto("/apply")
    page.select_option("#for_other", "no")
    page.select_option("#kind", "NP")
    page.fill("#name", "王小明")
    with page.expect_response(lambda answer: "&name=%E7" in (answer.request.post_data or "")) as kept:
        page.press("#name", "Tab")
    assert kept.value.status == 204
    page.wait_for_function("document.querySelector('[data-saved-at]').textContent !== ''")
    page.goto("/apply")
    assert page.input_value("#name") == "王小明"


def test_without_script_the_same(chromium: Any, open_office: Office) -> None:
    context = chromium.new_context(java_script_enabled=False, base_url=open_office.address)
    page = context.new_page()
    page.goto("/")
    page.fill("#text", ASKED)
    page.click("button.primary")
    assert ANSWER in page.locator(".line.shown").last.inner_text()
    context.close()


def test_reply_of_the_office_comes_by_itself(chromium: Any, office: Office) -> None:
    """A clerk confirms in another browser; the resident's open page shows it without a reload."""
    home = chromium.new_context(base_url=office.address).new_page()
    home.goto("/request")
    home.click("text=开始填申请")
    press(home, "个人")
    for text in ("王小明", ID_NUMBER, "13800138000", "村口桥加固花了多少钱"):
        send(home, text)
    for label in ("电子文件", "在这个聊天里发给我", "确认提交"):
        press(home, label)
    shown = home.locator(".line.shown").count()
    desk = chromium.new_context(base_url=office.address).new_page()
    desk.goto("/ask")
    send(desk, code_for(office.program, "staff"))
    desk.goto("/desk")
    assert violations(desk) == []
    desk.click("tbody a")
    assert violations(desk) == []
    desk.click('button:text-is("确认收到（开始计期）")')
    desk.wait_for_selector("#now")
    assert violations(desk) == []
    home.wait_for_function(
        "n => document.querySelectorAll('.line.shown').length > n", arg=shown, timeout=20_000
    )
    assert home.locator(".line.shown").last.locator("a[download]").count() == 1
    home.context.close()
    desk.context.close()


def test_first_page_is_light(page: Any) -> None:
    """Under 60 KB with its style and script, on a telephone's line."""
    sizes: list[int] = []
    page.on("response", lambda response: sizes.append(len(response.body())))
    page.goto("/")
    page.wait_for_load_state("networkidle")
    assert 0 < sum(sizes) <= 60_000
