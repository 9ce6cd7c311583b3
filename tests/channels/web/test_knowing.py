"""Files are dropped into the knowledge folder by admins alone, never out of it and never over another."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.settings import EMBEDDED_KNOWLEDGE
from tests.channels.web.browser import Browser
from tests.channels.web.conftest import Office, office_at
from tests.channels.web.test_casefile import clerk_of

NOTICE = "# 洲上乡人民政府关于饮水工程的公告\n\n自来水主管道2026年6月通到湾里。\n".encode()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "documents"
    folder.mkdir()
    shutil.copy(EMBEDDED_KNOWLEDGE / "items.yaml", folder)
    return folder


@pytest.fixture
def office(built: Path, tmp_path: Path, folder: Path) -> Iterator[Office]:
    with office_at(built, tmp_path / "home", knowledge=folder) as office:
        yield office


def send(browser: Browser, *files: tuple[str, bytes], **values: str) -> str:
    browser.open("/desk/knowledge")
    form = next(each for each in browser.tree.iter("form") if each.get("enctype"))
    return browser._take(
        browser.client.post(
            "/desk/knowledge",
            data={"token": form.fields["token"], **values},
            files=[("files", each) for each in files],
            headers=browser.headers,
        )
    )


def test_file_is_read_and_shown_and_live_only_when_put_live(office: Office, folder: Path) -> None:
    admin, resident = clerk_of(office, "admin"), office.browser()
    page = send(admin, ("water.md", NOTICE))
    assert admin.status == 200
    assert (folder / "water.md").read_bytes() == NOTICE
    for told in ("收下了 1 个文件", "water.md", "饮水工程", "洲上乡人民政府", "1 节"):
        assert told in page
    assert "饮水工程" not in resident.open("/c/disclosed")
    admin.press("启用")
    assert "正在检查资料" in admin.html
    assert "data-waits" in admin.html
    office.program.reload(forced=True, person="cli:test")
    assert "饮水工程" in resident.open("/c/disclosed")


@pytest.mark.parametrize(
    "name", ["../../out.md", "..\\..\\out.md", "/etc/out.md", ".hidden.md", "_draft.md", "a" * 300 + ".md"]
)
def test_nothing_is_written_outside_or_hidden(
    office: Office, folder: Path, tmp_path: Path, name: str
) -> None:
    admin = clerk_of(office, "admin")
    before = _outside(tmp_path)
    send(admin, (name, NOTICE))
    assert _outside(tmp_path) == before
    assert {path.name for path in folder.iterdir()} <= {"items.yaml", "out.md"}


def _outside(tmp_path: Path) -> set[Path]:
    """Every file that is neither in the knowledge folder nor the program's own."""
    return {path for path in tmp_path.rglob("*") if not {"documents", "home"} & set(path.parts)}


def test_nothing_is_replaced_unasked_and_all_or_nothing(office: Office, folder: Path) -> None:
    admin = clerk_of(office, "admin")
    send(admin, ("water.md", NOTICE))
    page = send(admin, ("water.md", b"# other\n\nother words here\n"), ("road.md", NOTICE))
    assert admin.status == 422
    assert "已经有同名的" in page
    assert (folder / "water.md").read_bytes() == NOTICE
    assert not (folder / "road.md").exists()
    send(admin, ("water.md", b"# other\n\nother words here\n"), replaces="yes")
    assert (folder / "water.md").read_bytes() != NOTICE
    page = send(admin, ("virus.exe", b"MZ"))
    assert "读不了这种文件" in page
    link = folder / "link.md"
    link.symlink_to(folder.parent / "outside.md")
    send(admin, ("link.md", NOTICE), replaces="yes")
    assert not (folder.parent / "outside.md").exists()


def test_page_is_for_admins_and_the_example_is_left_alone(
    office: Office, built: Path, tmp_path: Path
) -> None:
    for browser in (clerk_of(office), office.browser()):
        browser.open("/desk/knowledge")
        assert browser.status == 404
        browser.post("/desk/knowledge", {})
        assert browser.status == 404
    with office_at(built, tmp_path / "example") as example:
        admin = clerk_of(example, "admin")
        assert "示例资料" in admin.open("/desk/knowledge")
        assert not [each for each in admin.tree.iter("form") if each.get("enctype")]
