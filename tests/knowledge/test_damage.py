"""An index file that is ruined while it answers: the version before answers, until a new one is built."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from knowledge.base import Base, build_base
from knowledge.errors import KnowledgeError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "knowledge"
    place.mkdir()
    for number in range(30):
        words = f"第{number}号通知：村口的路第{number}段九月修好，由第{number}组负责。"
        (place / f"通知{number}.txt").write_text(f"关于第{number}段修路的通知\n\n{words}\n", encoding="utf-8")
    return place


def ruin(path: Path) -> None:
    """As a failing disk does it: everything behind the first page is garbage."""
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xa5" * (size - 4096))


@pytest.mark.parametrize("at_start", [False, True])
def test_the_version_before_answers(tmp_path: Path, folder: Path, at_start: bool) -> None:
    """Nobody notices but the log; the new index does not keep the ruin to roll back to."""
    target = tmp_path / "index.db"
    build_base(folder, target)
    with Base.open(target) as base:
        (folder / "通知31.txt").write_text("关于饮水的通知\n\n水井十月修好。\n", encoding="utf-8")
        base.reload(folder)
        if not at_start:
            ruin(target)
            assert base.browse(base.categories()[0][0])
            base.ask("第7段修路的通知")
            assert base.is_damaged
            with base.candidate(folder) as new:
                assert new.is_new
                new.go_live()
        else:
            ruin(target)
            assert not Base.is_whole(target)
            build_base(folder, target)
        assert not base.is_damaged
        assert Base.is_whole(target)
        assert base.size == 31 or base.size > 30
    assert Base.is_whole(tmp_path / "index.db.previous") or at_start


@pytest.mark.parametrize("block", ["zeroblob(length(block))", "randomblob(length(block))", "x''"])
def test_garbage_inside_whole_pages(tmp_path: Path, folder: Path, block: str) -> None:
    """Every page is one of SQLite's, but what FTS5 keeps in them is not what it wrote."""
    target = tmp_path / "index.db"
    build_base(folder, target)
    with Base.open(target) as base:
        base.reload(folder)
        size = base.size
    with closing(sqlite3.connect(target)) as file, file:
        file.execute(f"update pieces_data set block = {block} where id > 100")
    assert not Base.is_whole(target)
    with Base.open(target) as base:
        base.ask("第7段修路的通知")
        assert base.is_damaged
        assert base.size == size


def test_without_a_version_before_it_is_built_anew(tmp_path: Path, folder: Path) -> None:
    """The very first index: no answer, said as such, and the folder gives a new one."""
    target = tmp_path / "index.db"
    build_base(folder, target)
    (tmp_path / "index.db.previous").unlink(missing_ok=True)
    with Base.open(target) as base:
        ruin(target)
        with pytest.raises(KnowledgeError):
            base.browse(base.categories()[0][0])
        with base.candidate(folder) as new:
            assert new.is_new
            new.go_live()
        assert base.categories()
    assert Base.is_whole(target)


def test_garbage_put_in_its_place_is_not_taken_up(tmp_path: Path, folder: Path) -> None:
    """A file copied over it by hand: the index that is open goes on answering."""
    target = tmp_path / "index.db"
    build_base(folder, target)
    with Base.open(target) as base:
        rubbish = tmp_path / "rubbish"
        rubbish.write_bytes(b"no index " * 9000)
        shutil.move(rubbish, target)
        assert base.categories()
        assert base.is_damaged
