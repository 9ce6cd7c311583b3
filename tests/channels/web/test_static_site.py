"""The public section as files: every link leads to a file, nothing needs a program, nothing old stays."""

from __future__ import annotations

import shutil
from pathlib import Path
from urllib.parse import unquote, urlsplit

import lxml.html
import pytest

from bot.channels.web.static_site import MADE, NotOurs, export
from bot.dialogue.payload import Act, data_of
from bot.jobs.worker import Errands
from bot.program import Program
from tests.channels.web.conftest import office_at
from tests.channels.web.test_casefile import REPLY_TEXT, begun, fill
from tests.dialogue.stage import settings_of
from tests.files_for_tests import docx

ADDRESS = "https://www.example.gov.cn/xxgk"


def exported(built: Path, folder: Path, home: Path, address: str = "", **changes: object) -> None:
    if not home.exists():
        shutil.copytree(built, home)
    with Program.open(settings_of(home, **changes), takes_up_edits=False) as program:
        done = export(program, folder, address)
    assert done.documents > 3
    assert done.files == len((folder / MADE).read_text(encoding="utf-8").splitlines())


def pages(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.html"))


def test_every_link_leads_to_a_file(built: Path, tmp_path: Path) -> None:
    folder = tmp_path / "public"
    exported(built, folder, tmp_path / "home", web_path="/gk")
    assert {"index.html", "request.html", "years.html"} <= {path.name for path in pages(folder)}
    checked = 0
    for page in pages(folder):
        tree = lxml.html.fromstring(page.read_text(encoding="utf-8"))
        assert not list(tree.iter("form", "script")), page
        for element in tree.iter("a", "link"):
            link = urlsplit(element.get("href") or "")
            if link.scheme or not link.path:
                continue
            target = (page.parent / unquote(link.path)).resolve()
            assert target.is_file(), (page, link.geturl())
            assert target.is_relative_to(folder.resolve())
            if link.fragment and target.suffix == ".html":
                assert f'id="{link.fragment}"' in target.read_text(encoding="utf-8"), link.geturl()
            checked += 1
    assert checked > 50
    assert "2017年度部门财政决算信息" in "".join(page.read_text(encoding="utf-8") for page in pages(folder))
    assert not (folder / "sitemap.xml").exists()


def test_addresses_are_those_of_the_place_where_it_will_lie(built: Path, tmp_path: Path) -> None:
    folder = tmp_path / "public"
    exported(built, folder, tmp_path / "home", ADDRESS)
    map_of_site = (folder / "sitemap.xml").read_text(encoding="utf-8")
    places = [line.split("</loc>")[0] for line in map_of_site.split("<loc>")[1:]]
    assert places
    for place in places:
        assert (folder / unquote(place.removeprefix(ADDRESS).lstrip("/"))).is_file(), place
    for name in ("atom.xml", "catalogue.json", "catalogue.csv"):
        text = (folder / name).read_text(encoding="utf-8")
        assert ADDRESS in text
        assert "section.invalid" not in text


def test_what_needs_a_program_leads_to_where_it_runs(built: Path, tmp_path: Path) -> None:
    folder = tmp_path / "public"
    exported(built, folder, tmp_path / "home", web_url="https://bot.example.gov.cn")
    home = lxml.html.fromstring((folder / "index.html").read_text(encoding="utf-8"))
    assert "https://bot.example.gov.cn/ask" in [each.get("href") for each in home.iter("a")]
    without = tmp_path / "without"
    exported(built, without, tmp_path / "home")
    assert "/ask" not in (without / "index.html").read_text(encoding="utf-8")


def test_nothing_old_stays_and_nothing_of_others_is_touched(built: Path, tmp_path: Path) -> None:
    folder, home = tmp_path / "public", tmp_path / "home"
    exported(built, folder, home, ADDRESS)
    (folder / "theirs.txt").write_text("kept", encoding="utf-8")
    exported(built, folder, home)
    assert not (folder / "sitemap.xml").exists()
    assert (folder / "theirs.txt").read_text(encoding="utf-8") == "kept"
    other = tmp_path / "other"
    other.mkdir()
    (other / "index.html").write_text("theirs", encoding="utf-8")
    with pytest.raises(NotOurs):
        exported(built, other, home)
    assert [path.name for path in other.iterdir()] == ["index.html"]


def test_a_published_answer_is_a_page_with_its_files(built: Path, tmp_path: Path) -> None:
    """As the running pages show it: question, answer, what was published with it; nothing of who asked."""
    details = {
        "reconsideration_body": "洲上区人民政府",
        "court": "洲上区人民法院",
        "two_person_review": False,
    }
    content = docx()
    with office_at(built, tmp_path / "home", **details) as office:
        _, clerk, number = begun(office)
        clerk.post(f"/desk/r/{number}", {"button": data_of(Act.REPLY_SITUATION, number, "give"), "key": "a"})
        clerk.attach(f"/desk/r/{number}/file", ("决算表.docx", content))
        fill(clerk, number, text=REPLY_TEXT)
        labels = (
            "保存答复",
            "发出，今天当面送达签收",
            "公开这条",
            "附件也要公开，先看一遍",
            "附件我看过了，一起公开",
        )
        for label in labels:
            clerk.press(label)
        Errands(office.program.ledger, office.program.conversation, office.now).do_all()
        export(office.program, tmp_path / "public")
    (page,) = (each for each in pages(tmp_path / "public") if REPLY_TEXT in each.read_text(encoding="utf-8"))
    tree = lxml.html.fromstring(page.read_text(encoding="utf-8"))
    files = [each.get("href") or "" for each in tree.iter("a") if "决算表" in each.text_content()]
    assert [(page.parent / unquote(each)).read_bytes() for each in files] == [content]
    everything = "".join(each.read_text(encoding="utf-8") for each in pages(tmp_path / "public"))
    assert "王小明" not in everything
    assert "二维码" not in everything  # they lead to a program
