"""Building and swapping: all or nothing, whatever happens."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sqlite3
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.synchronize import Event
from pathlib import Path

import pytest

from knowledge.entry import Entry
from knowledge.errors import IndexBroken, IndexMissing
from knowledge.index.build import build
from knowledge.index.index import Index
from knowledge.index.swap import previous_of, roll_back
from knowledge.text.grams import bigrams
from tests.knowledge.bases import entry


def titles(path: Path) -> list[str]:
    """The titles in the index at `path`."""
    with Index.open(path) as index:
        return [each.title for each in index.entries()]


def test_failure_leaves_the_old_index_and_no_rubbish(tmp_path: Path) -> None:
    """A source that fails half-way: the old index answers, nothing else is left."""

    def failing() -> Iterator[Entry]:
        yield entry("new", "新的", "一")
        raise RuntimeError("the disk is on fire")

    target = tmp_path / "index.db"
    build([entry("old", "旧的", "一")], target)
    with pytest.raises(RuntimeError, match="on fire"):
        build(failing(), target)
    assert titles(target) == ["旧的"]
    assert sorted(path.name for path in tmp_path.iterdir()) == [".index.db.lock", "index.db"]


def test_same_id_twice_is_refused(tmp_path: Path) -> None:
    """Ids name entries in buttons and evaluation files; the message names the offender."""
    target = tmp_path / "index.db"
    with pytest.raises(IndexBroken, match="twice-given"):
        build(
            [entry("twice-given", "甲", "一"), entry("b", "乙", "二"), entry("twice-given", "丙", "三")],
            target,
        )
    assert not target.exists()


@pytest.mark.parametrize(
    ("step", "instead", "problem"),
    [
        ("pieces", lambda text: [], "not found by its own words"),
        ("finish_tables", lambda db: None, "FTS5 holds other pieces"),
    ],
)
def test_damaged_build_is_not_swapped_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str, instead: object, problem: str
) -> None:
    """An index that loses its pieces, or does not count them, fails its own check."""
    target = tmp_path / "index.db"
    build([entry("old", "旧的", "一")], target)
    monkeypatch.setattr(f"knowledge.index.build.{step}", instead)
    with pytest.raises(IndexBroken, match=problem):
        build([entry("new", "新的标准", "二")], target)
    assert titles(target) == ["旧的"]


def test_previous_index_can_be_brought_back(tmp_path: Path) -> None:
    """One step back; a second time undoes it."""
    target = tmp_path / "index.db"
    build([entry("one", "第一", "一")], target)
    with pytest.raises(IndexMissing):
        roll_back(target)
    build([entry("two", "第二", "二")], target)
    assert titles(previous_of(target)) == ["第一"]
    for live, kept in (("第一", "第二"), ("第二", "第一")):
        roll_back(target)
        assert (titles(target), titles(previous_of(target))) == ([live], [kept])


def test_unreadable_previous_index_stays_where_it_is(tmp_path: Path) -> None:
    """Of another version, or damaged: what answers now goes on answering."""
    target = tmp_path / "index.db"
    build([entry("one", "第一", "一")], target)
    previous_of(target).write_bytes(b"not an index" * 500)
    with pytest.raises(IndexBroken):
        roll_back(target)
    assert titles(target) == ["第一"]


def test_open_index_goes_on_reading_its_own_file(tmp_path: Path) -> None:
    """Also from another thread, and when the file was replaced more than once."""
    target = tmp_path / "index.db"
    build([entry("one", "第一", "一")], target)
    with Index.open(target) as old:
        for number in range(3):
            build([entry("two", f"第二{number}", "二")], target)
        with ThreadPoolExecutor(4) as pool:
            seen = list(pool.map(lambda _: [each.title for each in old.entries()], range(8)))
    assert seen == [["第一"]] * 8
    assert titles(target) == ["第二2"]


def test_closed_index_refuses_questions(tmp_path: Path) -> None:
    """Closing is final, and closing twice does no harm."""
    build([entry("one", "第一", "一")], tmp_path / "index.db")
    index = Index.open(tmp_path / "index.db")
    index.close()
    index.close()
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        index.entry("one")


def _build_until_killed(target: Path, begun: Event) -> None:
    def endless() -> Iterator[Entry]:
        for number in range(10**9):
            if number == 40_000:
                begun.set()
            yield entry(f"new:{number}", f"新的第{number}号", "按月发放")

    build(endless(), target)


def test_killed_build_leaves_the_old_index(tmp_path: Path) -> None:
    """kill -9 in the middle: the old index answers, and the next build clears up."""
    target = tmp_path / "index.db"
    build([entry("old", "旧的", "一")], target)
    spawn = multiprocessing.get_context("spawn")
    begun = spawn.Event()
    process = spawn.Process(target=_build_until_killed, args=(target, begun))
    process.start()
    try:
        assert begun.wait(60)
    finally:
        assert process.pid is not None
        os.kill(process.pid, signal.SIGKILL)
        process.join()
    assert titles(target) == ["旧的"]
    assert any(path.suffix == ".new" for path in tmp_path.iterdir())
    build([entry("newer", "更新的", "一")], target)
    assert titles(target) == ["更新的"]
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == [".index.db.lock", "index.db", "index.db.previous"]


def test_questions_during_swaps(tmp_path: Path) -> None:
    """Eight threads ask while the index is replaced again and again; each sees one version, whole."""
    target = tmp_path / "index.db"
    asked = bigrams("低保标准是多少")

    def version(number: int) -> list[Entry]:
        return [entry(f"e{n}", f"低保标准第{number}版", f"第{n}条") for n in range(20)]

    build(version(0), target)
    over = threading.Event()

    def ask() -> int:
        times = 0
        while not over.is_set() or not times:
            with Index.open(target) as index:
                for _ in range(3):
                    found = index.candidates(asked, ["di bao"], limit=20)
                    seen = {each.title for each in index.by_rowids([one.rowid for one in found])}
                    assert len(found) == 20
                    assert len(seen) == 1
                    times += 1
        return times

    with ThreadPoolExecutor(8) as pool:
        asking = [pool.submit(ask) for _ in range(8)]
        try:
            for number in range(1, 6):
                build(version(number), target)
        finally:
            over.set()
        assert all(each.result() > 0 for each in asking)


def test_one_index_in_many_threads(tmp_path: Path) -> None:
    """Threads share one index; each gets the answer to its own question."""
    words = ["低保标准", "道路养护", "饮水安全", "危房改造", "义务教育", "医疗救助", "防汛抗旱", "粮食补贴"]
    build([entry(word, word, f"关于{word}的通知") for word in words], tmp_path / "index.db")
    with Index.open(tmp_path / "index.db") as index:

        def ask(number: int) -> bool:
            word = words[number % len(words)]
            found = index.candidates(bigrams(word), (), limit=3)
            return index.by_rowids([found[0].rowid])[0].title == word

        with ThreadPoolExecutor(8) as pool:
            assert all(pool.map(ask, range(400)))


def test_second_build_waits_for_the_first(tmp_path: Path) -> None:
    """Two builds at once end one after the other, and neither removes the other's file."""
    target = tmp_path / "index.db"

    def slow(name: str) -> Iterator[Entry]:
        for number in range(20):
            time.sleep(0.002)
            yield entry(f"{name}{number}", f"{name}第{number}号", "一")

    with ThreadPoolExecutor(2) as pool:
        reports = list(pool.map(lambda name: build(slow(name), target), ["甲", "乙"]))
    assert [report.entries for report in reports] == [20, 20]
    with Index.open(target) as index:
        assert index.version in {report.version for report in reports}
