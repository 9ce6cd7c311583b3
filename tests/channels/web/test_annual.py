"""The annual report on the desk: a figure leads to its requests, a report that is sent in is checked."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.channels.web.guarding import MOST_BYTES, MOST_BYTES_OF_FILES
from tests.channels.web.browser import Browser
from tests.channels.web.conftest import Office, office_at
from tests.channels.web.test_casefile import begun


@pytest.fixture
def office(built: Path, tmp_path: Path) -> Iterator[Office]:
    with office_at(built, tmp_path / "home") as office:
        yield office


def send(browser: Browser, content: bytes, name: str) -> str:
    """The check's form with a file, as a browser sends it."""
    browser.open("/desk/annual")
    forms = {each.get("action"): each for each in browser.tree.iter("form")}
    token = forms["/desk/annual/check"].fields["token"]
    response = browser.client.post(
        "/desk/annual/check",
        data={"token": token},
        files={"report": (name, content)},
        headers=browser.headers,
    )
    browser.status, browser.html = response.status_code, response.text
    return response.text


def test_figure_leads_to_its_requests(office: Office) -> None:
    _, clerk, number = begun(office)
    year = office.now().year
    clerk.open(f"/desk/annual?year={year}")
    found = [each.get("href") or "" for each in clerk.tree.iter("a")]
    links = [link for link in found if f"/desk/annual/{year}/" in link]
    assert links  # new, carried out; by kind and in sum
    for link in links:
        assert number in clerk.open(link)
        assert "王小明" not in clerk.html
    assert "自然人" in clerk.open(links[0])
    clerk.open(f"/desk/annual/{year}/1-99-99")
    assert clerk.status == 404
    sheets = zipfile.ZipFile(io.BytesIO(clerk.client.get(f"/desk/annual/{year}.xlsx").content)).namelist()
    assert sum("worksheets/" in name for name in sheets) == 3


def test_a_report_is_checked_and_not_kept(office: Office) -> None:
    _, clerk, _ = begun(office)
    own = clerk.client.get(f"/desk/annual/{office.now().year}.docx")
    assert own.content[:2] == b"PK"
    page = send(clerk, own.content, "report.docx")
    assert clerk.status == 200
    assert "report.docx：有" in page
    assert "写的是“/”，不是数字" in page
    assert "还没有写：【请填写" in page
    web_page = "<h1>清水镇2024年政府信息公开年度报告</h1><h2>一、总体情况</h2><p>公开信息90条。</p>"
    assert "report.htm：有" in send(clerk, web_page.encode(), "report.htm")
    send(clerk, b"", "")
    assert clerk.status == 422
    send(clerk, b"MZ", "report.exe")
    assert clerk.status == 422
    send(clerk, b"PK no such thing", "report.docx")
    assert clerk.status == 422
    assert "/tmp" not in clerk.html


def test_files_of_others_are_not_even_read(office: Office) -> None:
    stranger = office.browser()
    stranger.open("/desk/annual")
    assert stranger.status == 404
    stranger.open("/staff")
    big = b"x" * (MOST_BYTES * 4)
    for path, status in (("/desk/annual/check", (404,)), ("/ask", (400, 413))):
        sent = stranger.client.post(path, files={"report": ("r.docx", big)}, headers=stranger.headers)
        assert sent.status_code in status
    assert len(big) < MOST_BYTES_OF_FILES
