"""Saved phrases: the whole office's, nobody's data, beside each form of the desk."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.desk import phrases
from bot.dialogue.payload import Act, data_of
from tests.channels.web.browser import Browser
from tests.channels.web.conftest import Office, in_chromium, office_at
from tests.channels.web.test_casefile import begun, clerk_of
from tests.channels.web.test_conversation import ID_NUMBER
from tests.channels.web.test_desk_chromium import page_of

WHERE = "您可以在工作日到一楼窗口查阅。"


@pytest.fixture
def office(built: Path, tmp_path: Path) -> Iterator[Office]:
    with office_at(built, tmp_path / "home", office_phone="0795-1234567") as office:
        yield office


def kept(office: Office) -> list[tuple[str, str]]:
    with office.program.ledger.reading() as connection:
        return [(each.label, each.text) for each in phrases.known(connection)]


def keep(clerk: Browser, label: str, text: str) -> None:
    clerk.open("/desk/phrases")
    form = {"token": clerk.tree.xpath("//input[@name='token']/@value")[0], "label": label, "text": text}
    clerk.post("/desk/phrases", form)


def test_kept_replaced_and_removed(office: Office) -> None:
    clerk, colleague = clerk_of(office), clerk_of(office)
    keep(clerk, "查阅地点", "到一楼。")
    keep(colleague, "查阅地点", f"{WHERE}电话 0795-1234567")  # the office's own number is no person's
    assert kept(office) == [("查阅地点", f"{WHERE}电话 0795-1234567")]
    assert WHERE in clerk.open("/desk/phrases")
    clerk.press("去掉")
    assert kept(office) == []
    clerk.post("/desk/phrases", {"drop": "99999999999999999999"})
    assert clerk.status == 200


@pytest.mark.parametrize(
    ("label", "text", "field"),
    [
        ("", WHERE, "label"),
        ("查阅", "", "text"),
        ("长" * 41, WHERE, "label"),
        ("查阅", "长" * 1001, "text"),
        ("王小明", f"身份证号 {ID_NUMBER}", "text"),
        ("查阅", "请打 13800138000 找他", "text"),
    ],
)
def test_what_is_not_kept_is_said_beside_its_field(office: Office, label: str, text: str, field: str) -> None:
    clerk = clerk_of(office)
    keep(clerk, label, text)
    assert clerk.status == 422
    assert clerk.tree.get_element_by_id(f"{field}-error") is not None
    assert clerk.tree.get_element_by_id("label").get("value") == label
    assert kept(office) == []


def test_residents_have_none(office: Office) -> None:
    resident = office.browser()
    resident.open("/desk/phrases")
    assert resident.status == 404
    resident.post("/desk/phrases", {"label": "a", "text": "b"})
    assert resident.status == 404
    assert kept(office) == []


def test_words_are_words(office: Office) -> None:
    clerk = clerk_of(office)
    keep(clerk, "<b>粗</b>", '"><script>alert(1)</script>')
    clerk.open("/desk/phrases")
    assert "<script>alert" not in clerk.html
    assert "<b>粗" not in clerk.html


@in_chromium
def test_put_where_it_was_written_last(chromium: Any, office: Office) -> None:
    _, clerk, number = begun(office)
    keep(clerk, "查阅地点", WHERE)
    button = data_of(Act.REPLY_SITUATION, number, "give")
    clerk.post(f"/desk/r/{number}", {"button": button, "key": secrets.token_hex(8)})
    assert WHERE in clerk.open(f"/desk/r/{number}")  # to be copied, without a script
    page = page_of(chromium, office, clerk, 1280)
    page.goto(f"/desk/r/{number}")
    page.fill("#f_text", "共八万六千元。")
    page.click("details.phrases summary")
    page.click("[data-phrase]")
    assert page.input_value("#f_text") == f"共八万六千元。{WHERE}"
    assert page.evaluate("document.activeElement.id") == "f_text"
    page.context.close()
