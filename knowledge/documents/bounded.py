"""Documents are read in a child process, within bounds: whatever a file does, only its own reading ends.

    with BoundedReader(Bounds()) as reader:
        reader.read(path, source)      -> Document; raises SourceError when the bounds are passed, too

One child reads many files; when it dies, or a file takes too long, it is replaced, the others unharmed.
"""

from __future__ import annotations

import contextlib
import json
import math
import os
import selectors
import signal
import stat
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import knowledge
from knowledge.documents.child import HEADER, out_of_memory
from knowledge.documents.document import Document
from knowledge.documents.refusal import refusal, unavailable
from knowledge.documents.stored import packed, unpacked
from knowledge.errors import SourceError

_START = 60.0  # seconds in which Python is up, even on a busy machine
_ENDING = 0.1  # of the seconds: so long a busy machine may take to end a child and to say so
_OWN_SHARE = 0.9  # of a processor: with less, the machine was busy with other things
_MOST_ANSWER = 200_000_000  # bytes: ten times the largest document
_PIECE = 1 << 20


@dataclass(frozen=True)
class Bounds:
    """For one file."""

    seconds: float = 30.0
    megabytes: int = 500  # of memory
    file_megabytes: int = 100

    @property
    def child_megabytes(self) -> int:
        """What is counted leaves out the program itself and what it maps."""
        return max(100, self.megabytes - 80)


@dataclass(frozen=True)
class Answer:
    """What the child said, and whether it will say the same tomorrow.

    `is_postponed`: the machine was busy, so that nobody knows whether the file is slow.
    """

    content: bytes
    is_kept: bool = True
    is_postponed: bool = False

    def document(self, source: str) -> Document:
        """Raises SourceError where the file was refused."""
        return unpacked(self.content, source)


class BoundedReader:
    """Reads with one child at a time; the child starts with the first file."""

    def __init__(self, bounds: Bounds | None = None) -> None:
        self.bounds = bounds or Bounds()
        self._child: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def read(self, path: Path, source: str) -> Document:
        """The document at `path`.  Raises SourceError."""
        return self.answer(path, source).document(source)

    def answer(self, path: Path, source: str) -> Answer:
        """The same as it can be kept.  Raises SourceError for what says nothing about the content."""
        check_file(path, source, self.bounds)
        with self._lock:
            return self._ask(path, source)

    def close(self) -> None:
        """End the child."""
        with self._lock:
            self._end()

    # ---- the child

    def _ask(self, path: Path, source: str, deadline: float = 0.0) -> Answer:
        """A child that dies over its first file died of it; one that had read others is given up, and the
        file gets a new one before it is blamed, in what is left of the file's seconds."""
        was_fresh = self._is_fresh
        child = self._running(source)
        deadline = deadline or time.monotonic() + self.bounds.seconds * (1 - _ENDING)
        try:
            return self._asked(child, path, source, deadline)
        except (_Died, OSError):
            death = self._death(source)
        if was_fresh:
            return Answer(packed(death))
        return self._ask(path, source, deadline)

    @property
    def _is_fresh(self) -> bool:
        return self._child is None or self._child.poll() is not None

    def _asked(self, child: subprocess.Popen[bytes], path: Path, source: str, deadline: float) -> Answer:
        """Raises _Died and OSError where the child has ended."""
        assert child.stdin is not None  # opened as a pipe
        request = json.dumps({"path": str(path.absolute()), "source": source})
        begun, used = time.monotonic(), _used_by(child.pid)[1]
        try:
            child.stdin.write(request.encode("ascii") + b"\n")
            child.stdin.flush()
            length, is_kept, is_last = HEADER.unpack(self._take(child, HEADER.size, deadline))
            if length > _MOST_ANSWER:
                raise _Died
            content = self._take(child, length, deadline)
        except TimeoutError:
            share = (_used_in_session(child.pid) - used) / (time.monotonic() - begun)
            self._end()
            return self._too_slow(source, is_busy=share < _OWN_SHARE)
        except (_Died, OSError):
            raise
        except BaseException:  # Ctrl-C while a file is read: its child must not go on
            self._end()
            raise
        if is_last:
            self._end()
        return Answer(content, is_kept)

    def _too_slow(self, source: str, *, is_busy: bool) -> Answer:
        reason = f"读了 {self.bounds.seconds:g} 秒还没读完"
        split = "按章或按年拆成几个文件，或另存为 txt"
        if is_busy:
            error = refusal(source, f"{reason}（机器正忙）", f"下次更新或启动时会再读；总读不完就{split}")
            return Answer(packed(error), is_postponed=True)
        return Answer(packed(refusal(source, reason, split)))

    def _death(self, source: str) -> SourceError:
        """What the file did to the child.  A kill from outside is the system's, when memory runs out."""
        code = None
        if self._child is not None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                code = self._child.wait(5)
        self._end()
        if code == -signal.SIGKILL:
            return out_of_memory(source, self.bounds.megabytes)
        return refusal(source, "读取时程序出错，文件可能已损坏", "另存为 docx 或 txt 再放进来")

    def _running(self, source: str) -> subprocess.Popen[bytes]:
        """The child, a new one where the last has ended."""
        if self._child is not None and self._child.poll() is None:
            return self._child
        self._end()
        bounds = self.bounds
        place = str(Path(knowledge.__file__).parents[1])
        path = os.pathsep.join(filter(None, [place, os.environ.get("PYTHONPATH", "")]))
        self._child = subprocess.Popen(  # noqa: S603 - our own program
            [
                *(sys.executable, "-m", "knowledge.documents.child"),
                *(str(bounds.child_megabytes), str(bounds.seconds)),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # libraries remark on files, with words of theirs
            env={**os.environ, "PYTHONPATH": path},
            start_new_session=True,  # so that a program which the child starts ends with it
        )
        try:
            self._take(self._child, HEADER.size, time.monotonic() + _START)
        except (_Died, TimeoutError) as error:
            self._end()
            raise unavailable(source, "读取程序没有启动", "稍后再试") from error
        return self._child

    def _take(self, child: subprocess.Popen[bytes], size: int, deadline: float) -> bytes:
        """So many bytes of the child's answers.  Raises TimeoutError, and _Died where it ends before."""
        assert child.stdout is not None  # opened as a pipe
        pieces: list[bytes] = []
        with selectors.DefaultSelector() as selector:
            selector.register(child.stdout, selectors.EVENT_READ)
            while size:
                if not selector.select(max(0.0, deadline - time.monotonic())):
                    raise TimeoutError
                piece = os.read(child.stdout.fileno(), min(size, _PIECE))
                if not piece:
                    raise _Died
                pieces.append(piece)
                size -= len(piece)
        return b"".join(pieces)

    def _end(self) -> None:
        """The child, and whatever it has started."""
        child, self._child = self._child, None
        if child is None:
            return
        with contextlib.suppress(OSError):
            os.killpg(child.pid, signal.SIGKILL)
        for pipe in (child.stdin, child.stdout):
            with contextlib.suppress(OSError):
                if pipe is not None:
                    pipe.close()
        child.wait()


def _used_in_session(session: int) -> float:
    """Processor seconds of a child and all that it has started; infinite where the system does not tell."""
    if not Path("/proc/self/stat").exists():
        return math.inf
    pids = (int(path.name) for path in Path("/proc").glob("[0-9]*"))
    return sum(used for of, used in map(_used_by, pids) if of == session)


def _used_by(pid: int) -> tuple[int, float]:
    """The session of a process, and its processor seconds; (0, 0) for one that is gone."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        stat_of = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
        fields = stat_of.rpartition(")")[2].split()
        return int(fields[3]), sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")
    return 0, 0.0


class _Died(Exception):
    """The child ended before its answer did."""


def check_file(path: Path, source: str, bounds: Bounds) -> None:
    """Raises SourceError for what is no file, and for one that is too large to be looked at."""
    try:
        found = path.stat()
    except FileNotFoundError as error:
        raise unavailable(source, "没有这个文件", "文件的路径") from error
    except OSError as error:
        raise unavailable(source, "文件打不开", "能正常打开的文件") from error
    if not stat.S_ISREG(found.st_mode):
        raise unavailable(source, "不是文件")
    if found.st_size > bounds.file_megabytes * 1_000_000:
        raise refusal(source, f"文件太大，超过 {bounds.file_megabytes} MB", "按章或按年拆成几个文件")
