"""Whatever a file does, only its own reading ends; what was read is not read again."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest

from knowledge.documents.bounded import BoundedReader, Bounds
from knowledge.documents.reading import read_document
from knowledge.documents.readings import Readings
from knowledge.errors import SourceError
from tests.knowledge.documents.hostile import HOSTILE
from tests.knowledge.documents.making import docx, paragraph, row, table

# The small ones; `python -m tests.knowledge.documents.hostile` measures all.
_REFUSED = {
    "zip bomb": "解压后太大",
    "a billion laughs": "打不开",
    "3,000 tables in each other": "嵌套太深",
    "100,000 elements in each other": "嵌套太深",
    "20,000 tables in each other": "嵌套太深",
    "a part of 300 MB in an odt": "解压后太大",
    "a part of 300 MB in an OFD": "解压后太大",
    "pages in a ring": "打不开",
    "a million separators": "没有文字",
}
_READ = (
    "a file of the machine",
    "a sheet to the last row and column",
    "a cell a billion times",
    "parts outside the document",
    "objects in a ring",
    "a form that shows itself",
    "16,000 dashes",
    "16,000 dots",
    "16,000 ![",
    "16,000 bars",
)


@pytest.fixture(scope="module")
def reader() -> Iterator[BoundedReader]:
    with BoundedReader(Bounds(seconds=60)) as reader:
        yield reader


@pytest.mark.parametrize("name", _REFUSED)
def test_refused_by_name(tmp_path: Path, reader: BoundedReader, name: str) -> None:
    file, make = HOSTILE[name]
    make(tmp_path / file)
    with pytest.raises(SourceError, match=_REFUSED[name]) as caught:
        reader.read(tmp_path / file, f"村/{file}")
    assert caught.value.problems[0].file == f"村/{file}"


@pytest.mark.parametrize("name", _READ)
def test_read_all_the_same(tmp_path: Path, reader: BoundedReader, name: str) -> None:
    file, make = HOSTILE[name]
    make(tmp_path / file)
    blocks = reader.read(tmp_path / file, file).blocks
    assert blocks
    assert "root:" not in "".join(block.text for block in blocks)


def test_the_child_reads_as_this_process_does(tmp_path: Path, reader: BoundedReader) -> None:
    path = docx(tmp_path / "文.docx", paragraph("甲") + table(row("村", "户"), row("东村", "")), title="题")
    assert reader.read(path, "文.docx") == read_document(path, "文.docx")


def test_a_file_that_takes_too_long_harms_no_other(tmp_path: Path) -> None:
    slow, quick = tmp_path / "慢.docx", tmp_path / "快.txt"
    docx(slow, paragraph("甲") * 40_000)
    quick.write_text("乙", encoding="utf-8")
    with BoundedReader(Bounds(seconds=0.2)) as reader:
        with pytest.raises(SourceError, match=r"读了 0\.2 秒还没读完"):
            reader.read(slow, "慢.docx")
        reader.bounds = Bounds(seconds=60)
        assert reader.read(quick, "快.txt").blocks[0].text == "乙"


def test_a_file_that_needs_too_much_memory_harms_no_other(tmp_path: Path) -> None:
    large, small = tmp_path / "大.docx", tmp_path / "小.txt"
    docx(large, paragraph("甲" * 20) * 40_000)
    small.write_text("乙", encoding="utf-8")
    with BoundedReader(Bounds(seconds=60, megabytes=100)) as reader:
        with pytest.raises(SourceError, match=r"内存超过|出错"):
            reader.read(large, "大.docx")
        assert reader.read(small, "小.txt").blocks[0].text == "乙"


def test_what_is_no_file_or_too_large_is_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "管.txt")
    (tmp_path / "大.txt").write_bytes(b"x" * 1_000_001)
    with BoundedReader(Bounds(file_megabytes=1)) as reader:
        for name, reason in [("管.txt", "不是文件"), ("大.txt", "文件太大"), ("无.txt", "没有这个文件")]:
            with pytest.raises(SourceError, match=reason):
                reader.read(tmp_path / name, name)


def test_a_name_may_hold_any_bytes(tmp_path: Path, reader: BoundedReader) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xcd\xa8\xd6\xaa\n\xff.txt"))
    path.write_text("停水通知", encoding="utf-8")
    assert reader.read(path, "通知.txt").blocks[0].text == "停水通知"


# ---- what is kept


def test_only_what_has_changed_is_read_again(tmp_path: Path) -> None:
    path, kept, read = tmp_path / "a.txt", tmp_path / "readings.db", list[str]()
    path.write_text("甲", encoding="utf-8")
    for name, content in [("a.txt", "甲"), ("b.txt", "甲"), ("b.txt", "乙"), ("a.txt", "甲")]:
        (tmp_path / name).write_text(content, encoding="utf-8")
        with Readings(kept, begins=read.append) as readings:
            document = readings.read(tmp_path / name, name)
        assert (document.source, document.blocks[0].text) == (name, content)
    assert read == ["a.txt", "b.txt"]


def test_a_refusal_is_kept_under_the_name_of_now(tmp_path: Path) -> None:
    kept, read = tmp_path / "readings.db", list[str]()
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_bytes(b"")
        with Readings(kept, begins=read.append) as readings, pytest.raises(SourceError, match=name):
            readings.read(tmp_path / name, name)
    assert read == ["a.txt"]


def test_a_file_over_which_the_program_died_is_not_tried_again(tmp_path: Path) -> None:
    path, kept = tmp_path / "a.txt", tmp_path / "readings.db"
    path.write_text("甲", encoding="utf-8")
    with Readings(kept) as readings:
        readings.read(path, "a.txt")
    with closing(sqlite3.connect(kept)) as store, store:
        store.execute("UPDATE reading SET content = NULL, tried_by = '999999999:1'")
    with Readings(kept) as readings:
        with pytest.raises(SourceError, match="程序中断了"):
            readings.read(path, "a.txt")
        readings.forget_refusals()
        assert readings.read(path, "a.txt").blocks[0].text == "甲"


def test_a_file_that_another_program_is_reading_is_read(tmp_path: Path) -> None:
    path, kept = tmp_path / "a.txt", tmp_path / "readings.db"
    path.write_text("甲", encoding="utf-8")
    with Readings(kept) as readings:
        readings.read(path, "a.txt")
    parent = Path(f"/proc/{os.getppid()}/stat").read_text().rpartition(")")[2].split()[19]
    with closing(sqlite3.connect(kept)) as store, store:
        store.execute("UPDATE reading SET content = NULL, tried_by = ?", (f"{os.getppid()}:{parent}",))
    with Readings(kept) as readings:
        assert readings.read(path, "a.txt").blocks[0].text == "甲"


def test_a_file_refused_on_a_busy_machine_is_tried_again(tmp_path: Path) -> None:
    """Its child got no processor; a file that is slow by itself stays refused until somebody asks."""
    kept, others = tmp_path / "readings.db", _children()
    for name in "甲乙":
        (tmp_path / f"{name}.txt").write_text(name, encoding="utf-8")

    def begins(source: str) -> None:
        if source == "乙.txt":
            (child,) = _children() - others
            os.kill(child, signal.SIGSTOP)

    with Readings(kept, Bounds(seconds=1), begins=begins) as readings:
        for _ in range(30):  # the first file brings the child up, which may take its time
            with suppress(SourceError):
                readings.read(tmp_path / "甲.txt", "甲.txt")
                break
        with pytest.raises(SourceError, match=r"读了 1 秒还没读完（机器正忙）.*会再读"):
            readings.read(tmp_path / "乙.txt", "乙.txt")
    with Readings(kept, Bounds(seconds=60)) as readings:
        assert readings.read(tmp_path / "乙.txt", "乙.txt").blocks[0].text == "乙"
        assert not readings.take_postponed()


def _children() -> set[int]:
    """Processes of ours that read; other tests in this process may have left some open."""
    found = set()
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it has ended meanwhile
            if _parent(stat) == os.getpid() and b"documents.child" in (stat.parent / "cmdline").read_bytes():
                found.add(int(stat.parent.name))
    return found


def _parent(stat: Path) -> int:
    with suppress(OSError):
        return int(stat.read_text(errors="replace").rpartition(")")[2].split()[1])
    return 0


_IN_A_LARGE_PROCESS = """
import sys
from pathlib import Path
from knowledge.documents.bounded import BoundedReader
filled = bytearray(400_000_000)
with BoundedReader() as reader:
    for path in map(Path, sys.argv[1:]):
        reader.read(path, path.name)
        print(reader._child.pid if reader._child else 0)
"""


def test_one_child_reads_all_files_of_a_large_process(tmp_path: Path) -> None:
    """What the process that reads uses is its own, whatever the one has filled that started it."""
    for name in "甲乙":
        (tmp_path / f"{name}.txt").write_text(name, encoding="utf-8")
    command = [sys.executable, "-c", _IN_A_LARGE_PROCESS, *map(str, sorted(tmp_path.iterdir()))]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    first, second = done.stdout.split()
    assert first == second != "0"


def test_what_is_told_of_a_file_that_takes_too_long() -> None:
    assert Bounds().seconds == 30
    with pytest.raises(SourceError) as caught:
        BoundedReader()._too_slow("慢.docx", is_busy=False).document("慢.docx")
    assert str(caught.value) == ("慢.docx：读了 30 秒还没读完。应为：按章或按年拆成几个文件，或另存为 txt")


def test_a_damaged_store_is_begun_anew(tmp_path: Path) -> None:
    path, kept = tmp_path / "a.txt", tmp_path / "readings.db"
    path.write_text("甲", encoding="utf-8")
    kept.write_bytes(b"no database at all" * 100)
    with Readings(kept) as readings:
        assert readings.read(path, "a.txt").blocks[0].text == "甲"
