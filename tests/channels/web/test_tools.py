"""What the office does that is about no single request: the same commands as in chat, with whole forms."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from bot.channels.web.pages import ROOM
from bot.desk.model import Intake
from bot.desk.tables import requests
from bot.dialogue.routing import commands
from bot.dialogue.routing.commands import Who
from tests.channels.web.browser import Browser
from tests.channels.web.conftest import Office, office_at
from tests.channels.web.test_casefile import clerk_of
from tests.channels.web.test_conversation import ID_NUMBER, count


@pytest.fixture
def office(built: Path, tmp_path: Path) -> Iterator[Office]:
    with office_at(built, tmp_path / "home") as office:
        yield office


def fill(browser: Browser, **values: str) -> str:
    form = next(each for each in browser.tree.iter("form") if "draft" in each.fields)
    given = {name: value or "" for name, value in form.fields.items() if name}
    answers = {f"f_{name}": each for name, each in values.items() if f"f_{name}" in given}
    return browser.post("/desk/more", {**given, **answers})


def test_every_command_of_the_office_has_its_place_and_its_words() -> None:
    words = yaml.safe_load((ROOM / "words" / "zh-Hans.yaml").read_text(encoding="utf-8"))
    named = {each.name for each in commands.COMMANDS if each.who is not Who.EVERYBODY} - {"queue"}
    assert named == {word.removeprefix("tool_") for word in words if word.startswith("tool_")}


def test_each_sees_what_is_theirs(office: Office) -> None:
    resident, clerk, admin = office.browser(), clerk_of(office), clerk_of(office, "admin")
    resident.open("/desk/more")
    assert resident.status == 404
    clerk.open("/desk/more")
    assert "登记" in clerk.labels
    assert "重新加载" not in clerk.labels
    admin.open("/desk/more")
    assert "重新加载" in admin.labels
    assert "登记" not in admin.labels
    links = [each.get("href") or "" for each in admin.tree.iter("a")]
    assert "/desk/knowledge" in links
    assert "/desk/annual" not in links
    assert "办别的" in admin.open("/desk")  # an admin's desk begins there
    admin.press("统计")
    assert "问" in admin.html


def test_paper_request_is_registered_in_one_form(office: Office) -> None:
    """What a chat asks in ten questions is a page; what depends on an answer comes when it is known."""
    clerk = clerk_of(office)
    clerk.open("/desk/more")
    clerk.press("登记")
    answers = {
        "intake": "counter",
        "received_on": office.now().date().isoformat(),
        "receipt_proof": "王小明当面交来，李经办收",
        "applicant_kind": "NP",
        "applicant_name": "王小明",
        "identity": ID_NUMBER,
        "contact": "13800138000",
        "content": "村口桥加固花了多少钱",
        "delivery": "paper",
        "way": "by_post",
    }
    for _ in range(4):
        assert clerk.html
        if "确认登记" in clerk.labels:
            break
        fill(clerk, **answers)
    clerk.press("确认登记")
    assert count(office, requests) == 1
    with office.program.ledger.reading() as connection:
        found = office.program.register.session(connection).requests.queue()[0]
    assert found.intake is not Intake.ONLINE
    assert found.number in clerk.html
