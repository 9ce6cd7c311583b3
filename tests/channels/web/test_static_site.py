"""The public section as files: every link leads to a file, nothing needs a program, nothing old stays."""

from __future__ import annotations

import shutil
from pathlib import Path
from urllib.parse import unquote, urlsplit

import lxml.html
import pytest

from bot.channels.web.static_site import MADE, NotOurs, export
from bot.program import Program
from tests.dialogue.stage import settings_of

ADDRESS = "https://www.example.gov.cn/xxgk"


def exported(built: Path, folder: Path, home: Path, address: str = "", **changes: object) -> None:
    if not home.exists():
        home.mkdir()
        shutil.copy(built, settings_of(home).index_path)
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
