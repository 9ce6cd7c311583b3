"""Forged, copied, huge and fast: what a page never does, whoever asks."""

from __future__ import annotations

from urllib.parse import quote_from_bytes

import pytest
import sqlalchemy as sa

from bot.channels.web.guarding import BY_SESSION, Buckets, Rate
from bot.channels.web.tables import web_messages
from bot.channels.web.visitors import COOKIE
from bot.cli.staff import code_for
from bot.desk.tables import web_sessions
from bot.mailbox.tables import updates
from tests.channels.web.conftest import Office
from tests.channels.web.test_conversation import ANSWER, ASKED, count, file_request, number_of

PUBLIC = (
    "/",
    "/ask",
    "/c/guide",
    "/c/reports",
    "/c/disclosed",
    "/request",
    "/follow",
    "/atom.xml",
    "/nothing",
)


@pytest.mark.parametrize("path", PUBLIC)
def test_headers_of_every_page(open_office: Office, path: str) -> None:
    browser = open_office.browser()
    browser.open(path)
    headers = browser.response.headers
    assert headers["content-security-policy"].startswith("default-src 'none'; script-src 'self'")
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["cache-control"] == "no-store" or path == "/atom.xml"
    assert "server" not in headers
    assert "<script>" not in browser.html
    assert " style=" not in browser.html


def test_cookie_is_nobody_elses(open_office: Office) -> None:
    browser = open_office.browser()
    browser.open("/ask")
    cookie = browser.response.headers["set-cookie"]
    assert cookie.startswith(f"{COOKIE}=")
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Secure" not in cookie
    behind_https = open_office.browser({"X-Forwarded-Proto": "https"})
    behind_https.open("/ask")
    assert "Secure" in behind_https.response.headers["set-cookie"]


def test_the_token_is_kept_as_its_hash(office: Office) -> None:
    browser = office.browser()
    browser.open("/ask")
    browser.say(ASKED)
    token = browser.client.cookies[COOKIE]
    with office.program.ledger.reading() as connection:
        assert token not in str(connection.execute(sa.select(web_sessions)).all())
        assert ASKED not in str(connection.execute(sa.select(web_messages)).all())


@pytest.mark.parametrize(
    "headers",
    [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "https://evil.test"}],
)
def test_form_of_another_site_is_refused(office: Office, headers: dict[str, str]) -> None:
    browser = office.browser()
    browser.open("/ask")
    token = browser.form("ask-form").inputs["token"].value
    browser.headers = headers
    browser.post("/ask", {"text": ASKED, "token": token})
    assert browser.status == 403
    assert count(office, updates) == 0


def test_old_browser_needs_the_token_of_its_page(office: Office) -> None:
    browser = office.browser(headers={})
    browser.open("/ask")
    browser.post("/ask", {"text": ASKED, "token": "0" * 32})
    assert browser.status == 403
    browser.open("/ask")
    assert ANSWER in browser.say(ASKED)


def test_copied_cookie_is_worth_nothing_after_leaving(office: Office) -> None:
    browser, thief = office.browser(), office.browser()
    browser.open("/ask")
    browser.say(ASKED)
    thief.client.cookies.set(COOKIE, browser.client.cookies[COOKIE])
    assert ASKED in thief.open("/ask")
    stolen = dict(thief.client.cookies)
    browser.press("离开，清掉这一页")
    assert "已经离开" in browser.html
    browser.open("/ask")
    assert browser.said == []  # Back after leaving shows nothing
    for _ in range(2):
        thief.client.cookies.clear()
        thief.client.cookies.set(COOKIE, stolen[COOKIE])
        assert ASKED not in thief.open("/ask")
        thief.client.cookies.clear()
        thief.client.cookies.set(COOKIE, stolen[COOKIE])
        thief.post("/ask", {"text": "别人的话"})
        assert ASKED not in thief.html


@pytest.mark.parametrize(
    "cookie", ["", "short", "x" * 43, "x" * 5000, "<script>alert(1)</script>", "../../etc"]
)
def test_made_up_cookie_is_no_session(open_office: Office, cookie: str) -> None:
    browser = open_office.browser()
    browser.client.cookies.set(COOKIE, cookie)
    browser.open("/ask")
    assert browser.status == 200
    assert browser.said == []


def test_body_has_a_bound(office: Office) -> None:
    browser = office.browser()
    browser.open("/ask")
    browser.post("/ask", {"text": "低保" * 60_000})
    assert browser.status == 413
    assert count(office, updates) == 0


def test_files_are_not_taken(office: Office) -> None:
    browser = office.browser()
    browser.open("/ask")
    answer = browser.client.post("/ask", files={"text": ("x.txt", b"x" * 100)}, headers=browser.headers)
    assert answer.status_code in (400, 500)
    assert count(office, updates) == 0


def test_one_session_is_slowed_and_a_village_is_not(office: Office) -> None:
    browser, neighbour = office.browser(), office.browser()
    browser.open("/ask")
    statuses = set()
    for _ in range(int(BY_SESSION.burst) + 3):
        statuses.add(browser.client.post("/ask", data={"text": ""}, headers=browser.headers).status_code)
    assert statuses == {422, 429}
    neighbour.open("/ask")
    assert ANSWER in neighbour.say(ASKED)


def test_buckets_forget_the_least_lately_used() -> None:
    buckets = Buckets(Rate(per_minute=0, burst=1))
    assert buckets.takes("a")
    assert not buckets.takes("a")
    for other in range(20_000):
        buckets.takes(str(other))
    assert buckets.takes("a")


@pytest.mark.parametrize(
    "back", ["https://evil.test/", "//evil.test/", "/\\evil.test", "javascript:alert(1)", "evil"]
)
def test_preferences_lead_back_to_this_site_only(open_office: Office, back: str) -> None:
    browser = open_office.browser()
    answer = browser.client.get("/prefer", params={"size": "large", "back": back}, follow_redirects=False)
    assert answer.headers["location"] == "/"


def test_preferences_change_the_page(open_office: Office) -> None:
    browser = open_office.browser()
    browser.open("/")
    browser.press("特大")
    assert 'class="size-larger"' in browser.html
    browser.press("高对比")
    assert 'class="size-larger high-contrast"' in browser.html
    browser.press("English")
    assert "Ask in plain words" in browser.html
    browser.press("繁體")
    assert "政府信息公開指南" in browser.html
    browser.client.get("/prefer", params={"size": "<script>", "lang": "xx"})
    assert (
        'class="size-larger high-contrast"' in browser.open("/")
        or "size-larger high-contrast" in browser.html
    )


def test_letters_of_a_request_need_its_code(office: Office) -> None:
    file_request(office.browser())
    stranger = office.browser()
    stranger.open("/follow")
    for path in ("/follow/letter", "/follow/continue"):
        stranger.post(path, {"number": number_of(office), "code": "AAAA-AAAA", "letter": "x"})
        assert stranger.status == 404


HOSTILE = (
    "<script>alert(1)</script>",
    "'; DROP TABLE requests; --",
    "{{ 7*7 }}",
    "\u202e低保\u0000\u0007",
    "%00%ff",
    "a" * 3000,
)


ODD = ("\x07", "\x00", "\ufffe", "\uffff", "\u202e", "²", "٣", "-1", "9" * 19, "9" * 5000, "nothing")


RAW = [*(each.encode() for each in ODD), b"\xff\xfe", "\ud800".encode("utf-8", "surrogatepass")]
_FORM = {"content-type": "application/x-www-form-urlencoded"}


def test_odd_values_are_no_trouble(open_office: Office) -> None:
    """In every field of every form and every part of an address, raw bytes that are no text among them."""
    browser = open_office.browser()
    browser.open("/ask")
    browser.say(ASKED)
    forms = {
        "/ask": ("text", "button", "message", "after"),
        "/apply": ("kind", "way"),
        "/follow": ("number", "code"),
        "/follow/continue": ("number", "code"),
        "/staff": ("code",),
        "/staff/passkey": ("answer",),
    }
    addresses = ["/ask?q=", "/ask/news?after=", "/ask/file/", "/ask/paper/", "/c/", "/c/reports?from=", "/d/"]
    addresses += [
        "/e/",
        "/qr/",
        "/api/ask?q=",
        "/api/search?q=",
        "/follow?number=",
        "/prefer?back=",
        "/days/",
    ]
    seen = {}
    for value in map(quote_from_bytes, RAW):
        for path, fields in forms.items():
            for field in fields:
                # A browser of its own each: the pace of one must not hide what comes.
                client = open_office.browser().client
                for part in ({}, {"x-part": "lines"}) if path == "/ask" else ({},):
                    filled = {"text": "x", **dict.fromkeys(fields, "1"), field: value}
                    body = "&".join(f"{name}={given}" for name, given in filled.items())
                    answer = client.post(path, content=body, headers={**_FORM, **browser.headers, **part})
                    seen[path, field, value[:20]] = answer.status_code
        for path in addresses:
            seen[path, "", value[:20]] = browser.client.get(path + value).status_code
    assert {where: status for where, status in seen.items() if status >= 500} == {}


@pytest.mark.parametrize(
    "answer", ['{"id": "\\ud800"}', "[" * 15_000, '{"id": 1}', "[]", "null", '{"id": "x", "response": 7}']
)
def test_odd_answers_of_a_passkey_are_refused(office: Office, answer: str) -> None:
    """Whoever asks for a challenge, staff and strangers: never anything but no."""
    staff = office.browser()
    staff.open("/ask")
    staff.say(code_for(office.program, "staff"))
    staff.post("/desk/keys/options", {})
    staff.post("/desk/keys/add", {"answer": answer})
    assert staff.status == 403
    stranger = office.browser()
    stranger.post("/staff/options", {})
    stranger.post("/staff/passkey", {"answer": answer})
    assert stranger.status == 403


def test_odd_values_of_staff_are_no_trouble(office: Office) -> None:
    """The same on the desk, for who may see it."""
    resident, staff = office.browser(), office.browser()
    file_request(resident)
    number = number_of(office)
    staff.open("/ask")
    staff.say(code_for(office.program, "staff"))
    seen = {}
    for value in map(quote_from_bytes, RAW):
        for path in ("/desk/annual/2026/0-0-", "/desk/annual?year=", "/desk/annual/"):
            seen[path, value[:20]] = staff.client.get(path + value).status_code
            seen[path, f"{value[:20]}.docx"] = staff.client.get(f"{path}{value}.docx").status_code
        for path in (f"/desk/r/{number}?since=", "/desk?from=", "/desk?q=", "/desk?only=", "/desk/r/"):
            seen[path, value[:20]] = staff.client.get(path + value).status_code
        for path, body in (
            (f"/desk/r/{number}", "button="),
            (f"/desk/r/{number}", "draft="),
            ("/desk/keys", "what=end_session&which="),
        ):
            answer = staff.client.post(path, content=body + value, headers={**_FORM, **staff.headers})
            seen[f"{path} {body}", value[:20]] = answer.status_code
    assert {where: status for where, status in seen.items() if status >= 500} == {}


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_words_come_back_as_words(open_office: Office, text: str) -> None:
    browser = open_office.browser()
    browser.open("/ask")
    browser.say(text)
    assert browser.status == 200
    assert "<script>alert" not in browser.html
    browser.client.get("/ask", params={"q": text})
    for path in ("/c/reports", "/api/ask", "/api/search", "/follow", "/desk"):
        answer = browser.client.get(path, params={"q": text, "number": text, "year": text, "from": text})
        assert answer.status_code in (200, 404)
        assert "<script>alert" not in answer.text or answer.headers["content-type"] == "application/json"
    browser.open("/ask")
    assert ANSWER in browser.say(ASKED)


@pytest.mark.parametrize(
    "path",
    [
        "/d/nothing",
        "/e/0000000000",
        "/c/nothing",
        "/c/request",
        "/ask/file/1",
        "/qr/x.svg",
        "/static/../pages.py",
    ],
)
def test_what_is_not_there_is_told_kindly(open_office: Office, path: str) -> None:
    browser = open_office.browser()
    browser.open(path)
    assert browser.status == 404
