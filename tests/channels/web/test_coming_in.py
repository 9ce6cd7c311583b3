"""Staff come in by code, passkey and spare code; what ends, ends at once and everywhere."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest

from bot.channels.web.passkeys import Site
from bot.channels.web.visitors import COOKIE
from bot.cli.staff import code_for
from bot.desk.tables import web_links, web_passkeys
from tests.channels.web.browser import Browser
from tests.channels.web.conftest import Office, in_chromium
from tests.channels.web.test_casefile import chat_of
from tests.channels.web.test_chromium import violations
from tests.channels.web.test_conversation import count, file_request, number_of


def come_in(office: Office, name: str = "张三", role: str = "staff") -> Browser:
    browser = office.browser()
    browser.open("/staff")
    browser.submit("/staff", code=code_for(office.program, role, name))
    assert browser.status == 200, browser.html
    return browser


def test_code_gives_the_role_and_the_name(office: Office) -> None:
    clerk = come_in(office)
    assert "您是张三" in clerk.html
    file_request(office.browser())
    number = number_of(office)
    clerk.open(f"/desk/r/{number}")
    clerk.press("确认收到（开始计期）")
    clerk.press("我来办")
    assert "张三" in clerk.open("/desk")
    assert "web:" not in clerk.html


def test_wrong_code_opens_nothing(office: Office) -> None:
    browser = office.browser()
    for code in ("ABCDE-FGHJK", "ABCD-EFGH-JKLM", ""):
        browser.open("/staff")
        browser.submit("/staff", code=code)
        assert browser.status == 422
        assert browser.form("errors") is not None
    browser.open("/desk/keys")
    assert browser.status == 404


def test_a_cookie_from_before_opens_nothing(office: Office) -> None:
    """Whoever knew the cookie before its owner came in knows nothing now."""
    browser = office.browser()
    browser.open("/ask")
    browser.say("低保咋申请")
    before = browser.client.cookies[COOKIE]
    browser.open("/staff")
    browser.submit("/staff", code=code_for(office.program, "staff"))
    assert browser.client.cookies[COOKIE] != before
    thief = office.browser()
    thief.client.cookies.set(COOKIE, before)
    thief.open("/desk")
    assert thief.status == 404


def test_spare_code_opens_the_same_account_once(office: Office) -> None:
    clerk, elsewhere = come_in(office), office.browser()
    person = chat_of(office, clerk)
    clerk.press("做一个备用码")
    found = re.search(r"[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}", clerk.html)
    assert found
    assert found[0] not in clerk.open("/desk/keys")
    for status in (200, 422):
        elsewhere.open("/staff")
        elsewhere.submit("/staff", code=found[0].lower())
        assert elsewhere.status == status
        assert chat_of(office, elsewhere) == person
    assert clerk.open("/desk/keys").count("用码进来的") == 2
    here = next(each for each in clerk.labels if each == "让它退出")
    clerk.press(here)
    elsewhere.open("/desk")
    assert elsewhere.status == 404
    clerk.open("/desk")
    assert clerk.status == 200


def test_revoking_ends_sessions_spare_code_and_calendar_at_once(office: Office) -> None:
    clerk = come_in(office)
    clerk.press("做一个备用码")
    spare = re.search(r"[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}", clerk.html)
    assert spare
    clerk.press("做一个日历链接")
    link = re.search(r"/days/[\w-]+\.ics", clerk.html)
    assert link
    stranger = office.browser()
    assert "VCALENDAR" in stranger.open(link[0])
    with office.program.ledger.transaction() as connection:
        office.program.register.session(connection, office.now(), "telegram:1").roles.revoke(
            person=chat_of(office, clerk), role="staff"
        )
    clerk.open("/desk")
    assert clerk.status == 404
    stranger.open(link[0])
    assert stranger.status == 404
    stranger.open("/staff")
    stranger.submit("/staff", code=spare[0])
    assert stranger.status == 422
    with office.program.ledger.reading() as connection:
        assert all(row.ended_at for row in connection.execute(web_links.select()))


def test_calendar_holds_days_and_numbers_alone(office: Office) -> None:
    clerk = come_in(office)
    file_request(office.browser())
    number = number_of(office)
    clerk.open(f"/desk/r/{number}")
    clerk.press("确认收到（开始计期）")
    clerk.open("/desk/keys")
    clerk.press("做一个日历链接")
    link = re.search(r"/days/[\w-]+\.ics", clerk.html)
    assert link
    calendar = office.browser().open(link[0])
    with office.program.ledger.reading() as connection:
        due = office.program.register.session(connection).requests.get(number).due_on
    assert f"DTSTART;VALUE=DATE:{due:%Y%m%d}" in calendar
    assert number in calendar
    assert "王" not in calendar
    assert "桥" not in calendar
    clerk.open("/desk/keys")
    clerk.press("停用日历链接")
    other = office.browser()
    other.open(link[0])
    assert other.status == 404


@pytest.mark.parametrize(
    ("host", "scheme", "web_url", "takes"),
    [
        ("127.0.0.1:8000", "http", "", False),
        ("localhost:8000", "http", "", True),
        ("gk.example.cn", "http", "", False),
        ("gk.example.cn", "https", "", True),
        ("10.0.0.1", "http", "https://gk.example.cn/xxgk", True),
    ],
)
def test_where_a_passkey_works(host: str, scheme: str, web_url: str, takes: bool) -> None:
    from starlette.requests import Request

    scope = {"type": "http", "scheme": scheme, "path": "/", "query_string": b"", "method": "GET"}
    scope |= {"headers": [(b"host", host.encode())], "server": (host, 80)}
    assert Site.of(Request(scope), web_url).takes_passkeys is takes


# ---- in Chromium, with its virtual authenticator -----------------------------------------------------------
def context_of(chromium: Any, office: Office) -> tuple[Any, Any, str]:
    """A page at localhost with an authenticator; its CDP session and the authenticator's id."""
    context = chromium.new_context(base_url=f"http://localhost:{office.port}")
    page = context.new_page()
    cdp = context.new_cdp_session(page)
    cdp.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    added = cdp.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return page, cdp, added["authenticatorId"]


def enrol(page: Any, office: Office, label: str) -> None:
    page.goto("/staff")
    page.fill("#code", code_for(office.program, "staff", "张三"))
    page.click('button:text-is("进来")')
    page.wait_for_selector("#label")
    page.fill("#label", label)
    page.click('button:text-is("加一把通行密钥")')
    page.wait_for_selector(f'li:has-text("{label}")')


@in_chromium
def test_passkey_is_enrolled_and_opens_the_desk_again(chromium: Any, office: Office) -> None:
    page, cdp, authenticator = context_of(chromium, office)
    page.goto("/staff")
    assert violations(page) == []
    enrol(page, office, "办公室电脑")
    assert violations(page) == []
    page.context.clear_cookies()
    page.goto("/desk")
    assert page.locator("h1").inner_text() == "没有这一页"
    page.goto("/staff")
    page.click('button:text-is("用通行密钥进来")')
    page.wait_for_url("**/desk")
    assert page.locator("h1").inner_text() == "工作台"
    page.goto("/desk/keys")
    assert page.locator('li:has-text("办公室电脑") >> text=上次用').count() >= 1
    # Another site's signature, or one without finger or PIN, opens nothing.
    cdp.send("WebAuthn.setUserVerified", {"authenticatorId": authenticator, "isUserVerified": False})
    page.context.clear_cookies()
    page.goto("/staff")
    page.click('button:text-is("用通行密钥进来")')
    page.wait_for_selector(".field-error:not(:empty)")
    page.goto("/desk")
    assert page.locator("h1").inner_text() == "没有这一页"
    page.context.close()


@in_chromium
def test_ended_passkey_ends_its_sessions_and_opens_nothing(chromium: Any, office: Office) -> None:
    page, _, _ = context_of(chromium, office)
    enrol(page, office, "办公室电脑")
    other = page.context.browser.new_context(base_url=f"http://localhost:{office.port}").new_page()
    cookies = page.context.cookies()
    page.context.clear_cookies()
    page.goto("/staff")
    page.click('button:text-is("用通行密钥进来")')
    page.wait_for_url("**/desk")
    other.context.add_cookies(cookies)  # the session of the code goes on in another window
    other.goto("/desk/keys")
    other.click('button:text-is("停用“办公室电脑”")')
    other.wait_for_selector("text=还没有")
    page.goto("/desk")
    assert page.locator("h1").inner_text() == "没有这一页"
    page.goto("/staff")
    page.click('button:text-is("用通行密钥进来")')
    page.wait_for_selector(".field-error:not(:empty)")
    assert count(office, web_passkeys) == 1
    other.context.close()
    page.context.close()


@in_chromium
def test_answer_of_a_passkey_counts_once(chromium: Any, office: Office) -> None:
    """What was sent over the line is worth nothing to who kept it."""
    page, _, _ = context_of(chromium, office)
    enrol(page, office, "办公室电脑")
    page.context.clear_cookies()
    page.goto("/staff")
    with page.expect_request("**/staff/passkey") as sent:
        page.click('button:text-is("用通行密钥进来")')
    page.wait_for_url("**/desk")
    thief = office.browser()
    thief.open("/staff")
    body = sent.value.post_data
    answer = thief.client.post(
        "/staff/passkey",
        content=body,
        headers={**thief.headers, "Content-Type": "application/x-www-form-urlencoded"},
    )
    assert answer.status_code == 403
    office.ahead += timedelta(days=1)
    page.goto("/desk")
    assert page.locator("h1").inner_text() == "工作台"
    page.context.close()
