"""The parts put together: what an operator who sets nothing gets."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

import bot
import knowledge
from bot.jobs.worker import Errands
from bot.program import Program
from bot.settings import EMBEDDED_KNOWLEDGE, Settings
from knowledge.documents.readings import version_of_code
from knowledge.errors import IndexBroken
from knowledge.index.index import Index
from knowledge.sources import MADE_BY


def test_agency_is_read_from_the_newest_report(tmp_path: Path) -> None:
    """A reply letter must name the agency, also where the operator configured nothing."""
    with Program.open(Settings(home=tmp_path)) as program:
        assert program.settings.agency_name == "洲上乡人民政府"
        assert program.register.office.agency == "洲上乡人民政府"
    with Program.open(Settings(home=tmp_path, agency_name="别乡人民政府")) as program:
        assert program.register.office.agency == "别乡人民政府"


def _of_another_version(path: Path, copy: Path) -> bytes:
    """The file as a version before wrote it: other tables, but `meta` says so."""
    shutil.copy(path, copy)
    with closing(sqlite3.connect(copy)) as file, file:
        file.execute("update meta set value = ? where key = 'format'", (b"5",))
        file.execute("drop table texts")
    return copy.read_bytes()


@pytest.mark.parametrize("spoil", ["truncated", "no-database", "empty", "another version"])
def test_an_unreadable_index_is_built_anew(tmp_path: Path, spoil: str) -> None:
    """The index is derived: one that is damaged or that another version wrote is no reason not to start."""
    settings = Settings(home=tmp_path)
    with Program.open(settings) as program:
        total = program.base.size
    whole = settings.index_path.read_bytes()
    spoilt = {
        "truncated": whole[: len(whole) // 2],
        "no-database": b"not a database" * 500,
        "empty": b"",
        "another version": _of_another_version(settings.index_path, tmp_path / "copy"),
    }
    settings.index_path.write_bytes(spoilt[spoil])
    with pytest.raises(IndexBroken):
        Index.open(settings.index_path)
    with Program.open(settings) as program:
        assert program.base.size == total


def test_unchanged_sources_are_not_built_again(tmp_path: Path) -> None:
    """The second start is quick: the index is as it was, until a source is edited."""
    folder = Path(shutil.copytree(EMBEDDED_KNOWLEDGE, tmp_path / "knowledge"))
    settings = Settings(home=tmp_path / "home", knowledge=folder)
    said: list[str] = []
    with Program.open(settings, said.append) as program:
        version = program.base.version
    with Program.open(settings, said.append) as program:
        assert program.base.version == version
    assert len(said) == 1
    (folder / "water.md").write_text("# 饮水工程公告\n\n自来水主管道六月通到湾里。\n", encoding="utf-8")
    with Program.open(settings, takes_up_edits=False) as program:
        assert program.base.version == version
    with Program.open(settings, said.append) as program:
        assert program.base.version != version


_START = """
import sys
from pathlib import Path
from bot.program import Program
from bot.settings import Settings
with Program.open(Settings(home=Path(sys.argv[1]), knowledge=Path(sys.argv[2]), meaning=False)) as program:
    print(program.base.version, *[category for category, _ in program.base.categories()])
"""


def test_an_upgrade_reads_the_folder_anew(tmp_path: Path) -> None:
    """What a program has made of the files is not what a newer one makes of them: entries follow the code."""
    root = Path(shutil.copytree(Path(bot.__file__).parent, tmp_path / "program" / "bot")).parent
    shutil.copytree(Path(knowledge.__file__).parent, root / "knowledge")
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "停水.txt").write_text("关于停水的通知\n一、停水时间\n八月三日。\n", encoding="utf-8")

    def start() -> tuple[str, str]:
        command = [sys.executable, "-c", _START, str(tmp_path / "home"), str(folder)]
        done = subprocess.run(
            command,
            cwd=root,
            env=os.environ | {"PYTHONPATH": str(root)},
            capture_output=True,
            text=True,
            check=True,
        )
        version, categories = done.stdout.strip().split(" ", 1)
        return version, categories

    before, _ = start()
    paper = root / "knowledge" / "sources" / "paper.py"
    code = paper.read_text(encoding="utf-8")
    assert '"公开文件"' in code
    paper.write_text(code.replace('"公开文件"', '"镇里的文件"'), encoding="utf-8")
    version, categories = start()
    assert version != before
    assert "镇里的文件" in categories


def test_what_a_busy_machine_did_not_read_is_tried_once_a_start(tmp_path: Path) -> None:
    """By itself, though nobody has edited anything; and not again where it can be read now."""
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "停水.txt").write_text("关于停水的通知\n一、停水时间\n八月三日。\n", encoding="utf-8")
    settings = Settings(home=tmp_path / "home", knowledge=folder, meaning=False)
    said: list[str] = []
    with Program.open(settings, said.append):
        pass
    with closing(sqlite3.connect(settings.readings_path)) as store, store:
        store.execute("UPDATE reading SET tried_by = 'postponed'")
    for looks in (2, 2):
        with Program.open(settings, said.append) as program:
            assert program.base.ask("停水时间") is not None
        assert len(said) == looks


@pytest.mark.parametrize("place", ["documents/pdf.py", "sources/head.py", "text/numerals.py", "entry.py"])
def test_code_that_makes_entries_is_told_apart(tmp_path: Path, place: str) -> None:
    root = Path(shutil.copytree(Path(knowledge.__file__).parent, tmp_path / "knowledge"))
    before = version_of_code(*MADE_BY, of=root)
    (root / "matching" / "rank.py").write_text("", encoding="utf-8")
    assert version_of_code(*MADE_BY, of=root) == before
    (root / place).write_text("", encoding="utf-8")
    assert version_of_code(*MADE_BY, of=root) != before


def test_touched_sources_change_nothing(tmp_path: Path) -> None:
    """A checkout that only renews the times: looked at once, and the version and the one before it stay."""
    folder = Path(shutil.copytree(EMBEDDED_KNOWLEDGE, tmp_path / "knowledge"))
    settings = Settings(home=tmp_path / "home", knowledge=folder)
    with Program.open(settings) as program:
        version = program.base.version
    os.utime(folder / "items.yaml")
    said: list[str] = []
    for _ in range(2):
        with Program.open(settings, said.append) as program:
            assert program.base.version == version
    assert len(said) == 1


def test_office_details_reach_the_guide(tmp_path: Path) -> None:
    """A telephone that is filled in later is quoted after the next start, though no file was edited."""
    with Program.open(Settings(home=tmp_path)):
        pass
    with Program.open(Settings(home=tmp_path, office_phone="0795-1234567")) as program:
        told = program.base.guide("where-to-send")
        assert told is not None
        assert "0795-1234567" in told.text


def test_index_before_answers_while_edits_are_read(tmp_path: Path) -> None:
    """Serving does not wait for a folder: the errand that is left takes the edit up, once."""
    folder = Path(shutil.copytree(EMBEDDED_KNOWLEDGE, tmp_path / "knowledge"))
    settings = Settings(home=tmp_path / "home", knowledge=folder, meaning=False)
    with Program.open(settings) as program:
        version = program.base.version
    (folder / "water.md").write_text("# 饮水工程公告\n\n自来水主管道六月通到湾里。\n", encoding="utf-8")
    said: list[str] = []
    with Program.open(settings, said.append, takes_up_edits=False) as program:
        program.take_up_edits_beside(said.append)
        program.take_up_edits_beside()
        assert program.base.version == version
        assert any("先用上次的索引" in line for line in said)
        errands = Errands(program.ledger, program.conversation, lambda: datetime.now(UTC))
        assert errands.do_all() == 1
        assert program.base.version != version
        program.take_up_edits_beside(said.append)
        assert errands.do_all() == 0
    assert len(said) == 1


def test_first_answer_in_a_chat_waits_for_no_file(tmp_path: Path) -> None:
    """The first answer is given by the index before, the next by the new one."""
    folder = Path(shutil.copytree(EMBEDDED_KNOWLEDGE, tmp_path / "knowledge"))
    settings = Settings(home=tmp_path / "home", knowledge=folder, meaning=False)
    with Program.open(settings):
        pass
    (folder / "water.md").write_text("# 饮水工程公告\n\n自来水主管道六月通到湾里。\n", encoding="utf-8")
    environment = os.environ | {
        "DISCLOSURE_HOME": str(settings.home),
        "DISCLOSURE_KNOWLEDGE": str(folder),
        "DISCLOSURE_MEANING": "false",
    }
    done = subprocess.run(
        [str(Path(sys.executable).with_name("disclosure")), "chat"],
        input="自来水主管道通到湾里\n自来水主管道通到湾里\n",
        capture_output=True,
        encoding="utf-8",
        env=environment,
        timeout=240,
        check=True,
    )
    first, second = done.stdout.split("> 自来水主管道通到湾里\n")[1:]
    assert "六月" not in first
    assert "六月" in second
