"""Files in the browser: sent with a supplement or a reply, had by those who may, taken nowhere else."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.channels.web.guarding import MOST_BYTES, MOST_BYTES_OF_FILES
from bot.desk import attached
from bot.desk.tables import attachments, publications
from bot.dialogue.payload import Act, data_of
from bot.jobs.worker import Errands
from tests.channels.web.browser import Browser
from tests.channels.web.conftest import Office, office_at
from tests.channels.web.test_casefile import REPLY_TEXT, begun, clerk_of, fill
from tests.channels.web.test_conversation import count, file_request, number_of
from tests.files_for_tests import docx, pdf, picture, with_macros, xlsx


@pytest.fixture
def office(built: Path, tmp_path: Path) -> Iterator[Office]:
    details = {
        "reconsideration_body": "洲上区人民政府",
        "court": "洲上区人民法院",
        "two_person_review": False,
    }
    with office_at(built, tmp_path / "home", **details) as office:
        yield office


def asked_to_correct(office: Office) -> tuple[Browser, Browser, str]:
    """A resident who is asked to say more, and the clerk who asked."""
    resident, clerk, number = begun(office)
    clerk.press("要求补正")
    fill(clerk, number, unclear="请写明是哪一座桥", correct_within="10")
    clerk.press("确认登记")
    return resident, clerk, number


def names(office: Office, number: str, *parts: str) -> list[str]:
    with office.program.ledger.reading() as connection:
        return [file.name for file in attached.of(connection, number, *parts)]


def test_supplement_carries_files_that_staff_can_have(office: Office) -> None:
    resident, clerk, number = asked_to_correct(office)
    resident.open("/ask")
    content = xlsx()
    answer = resident.attach("/ask/send", ("../../报价\u202e.exe.xlsx", content), ("桥.png", picture()))
    assert "附上了：桥.png" in answer
    assert resident.said[-1] == "附件：桥.png"
    resident.say("是村口的石桥，附上报价和照片")
    resident.press("确认补充")
    assert names(office, number, attached.CORRECTION) == ["报价.exe.xlsx", "桥.png"]
    clerk.open(f"/desk/r/{number}")
    clerk.press("看附件")
    link = next(
        each.get("href") or "" for each in clerk.tree.iter("a") if "/ask/file/" in (each.get("href") or "")
    )
    got = clerk.client.get(link)
    assert got.content == content
    assert got.headers["content-type"] == "application/octet-stream"
    assert got.headers["content-disposition"].startswith("attachment;")
    assert got.headers["cache-control"] == "no-store"
    assert office.browser().client.get(link).status_code == 404


def test_reply_carries_files_and_its_publication_has_them_for_all(office: Office) -> None:
    _, clerk, number = begun(office)
    content = docx()
    clerk.post(f"/desk/r/{number}", {"button": data_of(Act.REPLY_SITUATION, number, "give"), "key": "a"})
    page = clerk.attach(f"/desk/r/{number}/file", ("决算表.docx", content), ("多余的.pdf", pdf()))
    assert "决算表.docx" in page
    clerk.press("去掉最后一个附件")
    assert "多余的.pdf" not in names(office, number)
    fill(clerk, number, text=REPLY_TEXT)
    clerk.press("保存答复")
    assert names(office, number, attached.REPLY) == ["决算表.docx"]
    for label in ("发出，今天当面送达签收", "公开这条", "附件也要公开，先看一遍", "附件我看过了，一起公开"):
        clerk.press(label)
    assert count(office, publications) == 1
    Errands(office.program.ledger, office.program.conversation, office.now).do_all()
    stranger = office.browser()
    stranger.open("/c/disclosed?q=村口桥")
    paths = [each.get("href") or "" for each in stranger.tree.iter("a")]
    page = stranger.open(next(path for path in paths if re.match(r"/d/\w+$", path)))
    assert "随附的文件" in page
    link = next(path for each in stranger.tree.iter("a") if "/attached/" in (path := each.get("href") or ""))
    assert stranger.client.get(link).content == content
    with office.program.ledger.reading() as connection:
        private = attached.of(connection, number, attached.REPLY)[0].token
    assert stranger.client.get(f"{link.rpartition('/')[0]}/{private}").status_code == 404


def test_what_is_no_paper_or_too_large_is_not_taken(office: Office) -> None:
    resident, _, _ = asked_to_correct(office)
    large = pdf() + b" " * (office.program.settings.attachment_megabytes * 1024 * 1024) + b"%%EOF"
    for name, content in (
        ("run.docx", with_macros(docx())),
        ("a.pdf", b"MZ" + bytes(100)),
        ("a.html", b"<script>alert(1)</script>"),
        ("empty.pdf", b""),
        ("large.pdf", large),
    ):
        resident.open("/ask")
        resident.attach("/ask/send", (name, content))
        assert resident.status == 200
        assert "附上了" not in resident.answer
    assert count(office, attachments) == 0
    resident.open("/ask")
    resident.attach("/ask/send")
    assert resident.status == 422


def test_files_are_taken_nowhere_else(office: Office) -> None:
    """Nobody's open form: nothing is read.  Other addresses refuse a body of that size, or a file at all."""
    stranger, clerk = office.browser(), clerk_of(office)
    file_request(office.browser())
    number = number_of(office)
    values = {"key": secrets.token_hex(4), "text": "x"}
    for browser in (stranger, clerk):
        browser.open("/ask")
        sent = browser.client.post("/ask/send", files={"files": ("a.pdf", pdf())}, headers=browser.headers)
        assert sent.status_code == 422
        path = f"/desk/r/{number}/file"
        sent = browser.client.post(path, files={"files": ("a.pdf", pdf())}, headers=browser.headers)
        assert sent.status_code == 404
    for path in ("/ask", "/apply", "/follow", "/staff", f"/desk/r/{number}"):
        files = {"files": ("a.pdf", pdf())}
        assert clerk.client.post(path, data=values, files=files, headers=clerk.headers).status_code == 400
        files = {"files": ("a.pdf", bytes(MOST_BYTES))}
        assert clerk.client.post(path, data=values, files=files, headers=clerk.headers).status_code in (
            400,
            413,
        )
    assert count(office, attachments) == 0


def test_a_body_beyond_all_files_is_refused(office: Office) -> None:
    resident, _, _ = asked_to_correct(office)
    resident.open("/ask")
    files = {"files": ("a.pdf", bytes(MOST_BYTES_OF_FILES + 1))}
    assert resident.client.post("/ask/send", files=files, headers=resident.headers).status_code == 413


def test_a_file_sent_twice_is_kept_once(office: Office) -> None:
    resident, _, _ = asked_to_correct(office)
    resident.open("/ask")
    page = resident.html
    for _ in range(2):
        resident.html = page
        resident.attach("/ask/send", ("桥.png", picture()))
    assert count(office, attachments) == 1
