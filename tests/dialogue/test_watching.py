"""The watch over the folder: an edit goes live by itself if it passes, and trouble is told once."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bot.messages import Outgoing
from tests.dialogue.stage import ADMIN, WANG, Stage
from tests.dialogue.test_reload import PROJECTS, TITLE, editable, replace_in

NEW = "城乡低保新政策"


@pytest.fixture
def folder(stage: Stage, tmp_path: Path) -> Path:
    """Watched, and looked at before."""
    folder = editable(stage, tmp_path)
    stage.restart(hot_reload=True)
    edited(stage, folder / "items.yaml", seconds_ago=3600)
    stage.make_rounds()
    return folder


def edited(stage: Stage, path: Path, seconds_ago: float) -> None:
    """The folder was last touched so long ago, by the stage's clock."""
    for each in (*path.parent.iterdir(), path.parent):
        os.utime(each, (stage.now.timestamp() - 7200,) * 2)
    os.utime(path, (stage.now.timestamp() - seconds_ago,) * 2)


def told(stage: Stage) -> list[Outgoing]:
    """What the admin was told of the knowledge."""
    names = ("reload", "reloaded")
    return [message for message in stage.seen.get(ADMIN, []) if message.event.startswith(names)]


def has(stage: Stage, title: str) -> bool:
    return any(entry.title == title for entry in stage.base.browse("社会救助"))


def test_edit_goes_live_once_it_is_quiet(stage: Stage, folder: Path) -> None:
    """Not while somebody is still saving; then once, and the admin is told."""
    replace_in(folder / "items.yaml", f"title: {TITLE}", f"title: {NEW}")
    edited(stage, folder / "items.yaml", seconds_ago=3)
    stage.make_rounds()
    assert (has(stage, NEW), told(stage)) == (False, [])
    stage.wait(seconds=60)
    for _ in range(3):
        stage.make_rounds()
    assert has(stage, NEW)
    assert [message.event for message in told(stage)] == ["reloaded_by_itself"]
    assert "退回上一版" in told(stage)[0].labels


def test_broken_file_is_told_once(stage: Stage, folder: Path) -> None:
    """With file, line and reason; what was live of it stays; mended, the admin hears that too."""
    good = (folder / "items.yaml").read_text(encoding="utf-8")
    (folder / "items.yaml").write_text(good + "\n  - idd: x\n", encoding="utf-8")
    edited(stage, folder / "items.yaml", seconds_ago=60)
    for _ in range(3):
        stage.make_rounds()
    assert [message.event for message in told(stage)] == ["reload_nothing_new"]
    assert "items.yaml 第" in told(stage)[0].text
    assert has(stage, TITLE)
    (folder / "items.yaml").write_text(good, encoding="utf-8")
    edited(stage, folder / "items.yaml", seconds_ago=50)
    stage.make_rounds()
    assert [message.event for message in told(stage)] == ["reload_nothing_new", "reload_nothing_new"]
    assert "没有读成" not in told(stage)[1].text


def test_worse_answers_stay_out(stage: Stage, folder: Path) -> None:
    """More false answers than before: told once, with the button for who knows better."""
    stage.says(WANG, PROJECTS)
    stage.presses(WANG, "有用")
    replace_in(folder / "items.yaml", f"    title: {TITLE}\n", f"    title: {PROJECTS}\n")
    edited(stage, folder / "items.yaml", seconds_ago=60)
    for _ in range(2):
        stage.make_rounds()
    assert [message.event for message in told(stage)] == ["reload_worse"]
    assert has(stage, TITLE)
    stage.presses(ADMIN, "仍然启用")
    assert not has(stage, TITLE)


def test_off_by_default(stage: Stage, folder: Path) -> None:
    """Without the setting nothing happens by itself."""
    stage.restart(hot_reload=False)
    replace_in(folder / "items.yaml", f"title: {TITLE}", f"title: {NEW}")
    edited(stage, folder / "items.yaml", seconds_ago=60)
    stage.make_rounds()
    assert not has(stage, NEW)


def test_editors_own_files_are_no_edit(stage: Stage, folder: Path) -> None:
    """A lock or swap file beside the sources changes nothing."""
    before = stage.base.version
    (folder / ".items.yaml.swp").write_text("x", encoding="utf-8")
    (folder / "~$report.docx").write_text("x", encoding="utf-8")
    edited(stage, folder / ".items.yaml.swp", seconds_ago=60)
    os.utime(folder / "items.yaml", (stage.now.timestamp() - 3600,) * 2)
    stage.make_rounds()
    assert (stage.base.version, told(stage)) == (before, [])


def test_clock_of_another_machine(stage: Stage, folder: Path) -> None:
    """A file that says it was written tomorrow is taken up today."""
    replace_in(folder / "items.yaml", f"title: {TITLE}", f"title: {NEW}")
    edited(stage, folder / "items.yaml", seconds_ago=-86400)
    stage.make_rounds()
    assert has(stage, NEW)


def test_folder_that_is_gone(stage: Stage, folder: Path) -> None:
    """A drive that is away: the index answers on, and /reload names the folder."""
    folder.rename(folder.with_name("away"))
    stage.make_rounds()
    assert has(stage, TITLE)
    stage.says(ADMIN, "/reload")
    assert stage.last(ADMIN).event == "reload_refused"
    assert str(folder) in stage.last(ADMIN).text
