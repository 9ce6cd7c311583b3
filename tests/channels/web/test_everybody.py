"""For everybody: axe finds nothing on any page, and nothing is lost in any size, contrast or width."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.routing import Mount, Route

from bot.cli.staff import code_for
from bot.dialogue.payload import Act, data_of
from tests.channels.web.browser import Browser
from tests.channels.web.conftest import Office, in_chromium, office_at
from tests.channels.web.test_casefile import begun
from tests.channels.web.test_chromium import violations
from tests.channels.web.test_conversation import ASKED, ID_NUMBER
from tests.channels.web.test_desk_chromium import page_of
from tests.channels.web.test_lists import UNKNOWN, inquire, lose, propose

pytestmark = in_chromium
PUBLIC = (
    "/",
    "/ask",
    f"/ask?q={ASKED}",
    "/c/guide",
    "/c/rules",
    "/c/disclosed",
    "/c/reports?q=x",
    "/d/{token}",
    "/years",
    "/request",
    "/apply",
    "/follow",
    "/staff",
    "/nothing",
)
DESK = (
    "/desk",
    "/desk?only=untouched",
    "/desk/r/{number}",
    "/desk/more",
    "/desk/lists",
    *(f"/desk/lists/{name}" for name in ("inquiries", "records", "proposals", "publications")),
    *(f"/desk/lists/{name}" for name in ("unanswered", "roles", "outbox")),
    "/desk/figures",
    "/desk/phrases",
    "/desk/retention",
    "/desk/annual",
    "{cell}",
    "/desk/knowledge",
    "/desk/keys",
)
# What is no page: files, pictures, what programs read, and what leads on to a page.
NO_PAGES = {
    "/ask/news",
    "/ask/file/{line}",
    "/ask/paper/{line}",  # the letter as it prints: looked at in test_desk_chromium.py
    "/prefer",
    "/d/{token}/file",
    "/d/{token}/attached/{file}",
    "/e/{token}",
    "/qr/{token}.svg",
    "/days/{token}.ics",
    "/desk/r/{number}/who",
    "/desk/annual/{year:few}.{kind}",
    "/atom.xml",
    "/sitemap.xml",
    "/catalogue.json",
    "/catalogue.csv",
    "/facts.csv",
    "/openapi.json",
    "/api/ask",
    "/api/search",
}


@pytest.fixture(scope="module")
def office(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with office_at(built, tmp_path_factory.mktemp("all") / "home", office_phone="0795-1234567") as office:
        yield office


@pytest.fixture(scope="module")
def desk(office: Office) -> tuple[Browser, dict[str, str]]:
    """Somebody with every role at a desk on which each list holds something, and what addresses name."""
    resident, clerk, number = begun(office)
    for role in ("leader", "admin"):
        clerk.open("/ask")
        clerk.say(code_for(office.program, role))
    for question in ("水塔归谁管", "路灯归谁管"):
        inquire(office, question)
    resident.open("/ask")
    resident.say(UNKNOWN)
    propose(office, "村口桥加固花了多少钱")
    lose(office, number)
    button = data_of(Act.REPLY_SITUATION, number, "part")
    clerk.post(f"/desk/r/{number}", {"button": button, "key": secrets.token_hex(8)})
    resident.open("/c/reports")
    links = [each.get("href") or "" for each in resident.tree.iter("a")]
    token = next(link for link in links if link.startswith("/d/")).removeprefix("/d/")
    clerk.open("/desk/annual")
    links = [each.get("href") or "" for each in clerk.tree.find_class("annual")[1].iter("a")]
    return clerk, {"number": number, "token": token, "cell": links[0]}


def test_every_page_is_looked_at(office: Office) -> None:
    """Each address that GET opens is in one of the lists above; a new one must be put there."""
    mount = office.channel.app.routes[0]
    assert isinstance(mount, Mount)
    routes = [each for each in mount.routes if isinstance(each, Route) and "GET" in (each.methods or ())]
    assert len(routes) > 30
    covered = [path.partition("?")[0] for path in (*PUBLIC, *DESK)]
    for route in routes:
        shape = route.path.replace("{column}", "guide").replace("{name}", "roles")
        shape = shape.replace("/desk/annual/{year:few}/{table:few}-{top:few}-{left:few}", "{cell}")
        assert shape in covered or route.path in NO_PAGES, route.path


def look_at(page: Any, path: str) -> None:
    """As it comes, also at 200 % and narrow; with the largest letters, in high contrast and traditional
    characters on the smallest screen; in English, whose colours are the first ones.
    """
    page.goto(path)
    assert violations(page) == []
    for width in (640, 320):
        page.set_viewport_size({"width": width, "height": 640})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, width
    prefer(page, size="larger", contrast="high", lang="zh-Hant")
    page.goto(path)
    assert page.evaluate("document.documentElement.className").startswith("size-larger high-contrast")
    assert page.evaluate("document.documentElement.lang") == "zh-Hant"
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert violations(page) == []
    page.set_viewport_size({"width": 1280, "height": 800})
    prefer(page, size="normal", contrast="normal", lang="en")
    page.goto(path)
    assert page.evaluate("document.documentElement.lang") == "en"
    assert violations(page, colours=False) == []


def prefer(page: Any, **wants: str) -> None:
    """As the switches at the top of a page do (test_guarding.py)."""
    here = page.evaluate("location.origin")
    page.context.add_cookies([{"name": name, "value": each, "url": here} for name, each in wants.items()])


@pytest.mark.parametrize("path", PUBLIC)
def test_public_page(chromium: Any, office: Office, desk: tuple[Browser, dict[str, str]], path: str) -> None:
    context = chromium.new_context(viewport={"width": 1280, "height": 800}, base_url=office.address)
    look_at(context.new_page(), path.format(**desk[1]))
    context.close()


@pytest.mark.parametrize("path", DESK)
def test_desk_page(chromium: Any, office: Office, desk: tuple[Browser, dict[str, str]], path: str) -> None:
    clerk, named = desk
    page = page_of(chromium, office, clerk, 1280)
    errors: list[str] = []
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    look_at(page, path.format(**named))
    assert errors == []
    page.context.close()


def test_focus_is_seen_and_tab_reaches_everything(
    chromium: Any, office: Office, desk: tuple[Browser, dict[str, str]]
) -> None:
    """Each thing that can be pressed takes the focus by Tab, with an outline; nothing keeps it."""
    clerk, named = desk
    page = page_of(chromium, office, clerk, 1280)
    for path in ("/apply", "/desk/lists/outbox", f"/desk/r/{named['number']}"):
        page.goto(path)
        wanted = page.evaluate(
            "() => [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select,"
            " textarea, summary')].filter((each) => each.checkVisibility()).length"
        )
        seen = set()
        for _ in range(wanted + 10):
            page.keyboard.press("Tab")
            told = page.evaluate(
                "() => { const a = document.activeElement; const s = getComputedStyle(a);"
                " return [[...document.querySelectorAll('*')].indexOf(a), a.tagName, s.outlineStyle] }"
            )
            if told[1] == "BODY":
                break
            assert told[2] == "solid", (path, told)
            seen.add(told[0])
        assert len(seen) >= wanted, path
        assert page.evaluate("document.activeElement.tagName") == "BODY"  # out of the page: no trap
    page.context.close()


@pytest.mark.parametrize("script", [True, False])
def test_a_child_is_asked_for_by_a_guardian(chromium: Any, office: Office, script: bool) -> None:
    """The number of a child under 14 leads to the guardian's fields; each mistake is beside its field."""
    year = office.now().year - 8
    context = chromium.new_context(
        viewport={"width": 390, "height": 844}, base_url=office.address, java_script_enabled=script
    )
    page = context.new_page()
    page.goto("/apply")
    assert page.locator("#guardian_name").count() == 0
    page.select_option("#for_other", "no")
    page.select_option("#kind", "NP")
    page.fill("#name", "王小宝")
    page.fill("#id_number", with_check_digit(f"362227{year}0101123"))
    page.fill("#contact", "13800138000")
    page.fill("#wanted", "村小学的校车路线")
    page.select_option("#form", "electronic")
    page.click("main button.primary")
    page.wait_for_selector("#guardian_name")
    assert page.locator("#errors a").first.is_visible()
    if script:
        assert page.evaluate("document.activeElement.id") == "errors"
        assert violations(page) == []
    page.fill("#guardian_name", "王大明")
    page.fill("#guardian_id", ID_NUMBER)
    page.select_option("#way", "chat")
    page.click("main button.primary")
    page.wait_for_selector(".line.shown")
    told = page.locator(".line.shown").last.inner_text()
    assert "王大明" in told
    assert "王小宝" in told
    context.close()


def with_check_digit(first: str) -> str:
    """GB 11643: the last digit of a number whose first 17 are these."""
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return (
        first
        + "10X98765432"[sum(int(digit) * weight for digit, weight in zip(first, weights, strict=True)) % 11]
    )
