"""The process that reads: `python -m knowledge.documents.child MEGABYTES SECONDS`.

It takes requests on its standard input and answers on its standard output, each a JSON text behind its
length; nothing else is ever written there.  Whatever a file does, it does here: this process may be killed.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import struct
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from knowledge.documents.reading import read_document
from knowledge.documents.refusal import Unavailable, refusal
from knowledge.documents.stored import packed
from knowledge.errors import SourceError

HEADER = struct.Struct(
    ">I??"
)  # length of the answer in bytes; whether it may be kept; whether it is the last
_GRACE = 5  # seconds after which a child without a parent to kill it kills itself
_USED_UP = 0.5  # of the memory: what a file has filled is not given back, so the next gets a new process


def main() -> None:
    """Until the standard input ends, or the memory is half used up."""
    megabytes, seconds = int(sys.argv[1]), float(sys.argv[2])
    requests, answers = sys.stdin.buffer, _own_output()
    _limit(megabytes)
    answers.write(HEADER.pack(0, False, False))  # ready
    answers.flush()
    for line in requests:
        request = json.loads(line)
        with _alarm(seconds + _GRACE):
            content, is_kept = _answer(Path(request["path"]), request["source"], megabytes)
        is_last = _megabytes_used() > megabytes * _USED_UP
        answers.write(HEADER.pack(len(content), is_kept, is_last) + content)
        answers.flush()
        if is_last:
            return


def _answer(path: Path, source: str, megabytes: int) -> tuple[bytes, bool]:
    try:
        return packed(read_document(path, source)), True
    except SourceError as error:
        return packed(error), not isinstance(error, Unavailable)
    except MemoryError:
        return packed(out_of_memory(source, megabytes)), True


def out_of_memory(source: str, megabytes: int) -> SourceError:
    """The refusal of a file that needs more than it may."""
    return refusal(source, f"读它要用的内存超过 {megabytes} MB", "按章或按年拆成几个文件")


def _own_output() -> IO[bytes]:
    """The standard output for answers alone: what a library prints goes nowhere."""
    answers = os.fdopen(os.dup(1), "wb")
    with Path(os.devnull).open("wb") as nowhere:
        os.dup2(nowhere.fileno(), 1)
    return answers


def _limit(megabytes: int) -> None:
    """Memory that is used, not addresses; where the system runs short this process goes first."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        _, hard = resource.getrlimit(resource.RLIMIT_DATA)
        resource.setrlimit(resource.RLIMIT_DATA, (megabytes * 1_000_000, hard))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")


@contextlib.contextmanager
def _alarm(seconds: float) -> Iterator[None]:
    """The parent kills before; this is for a child whose parent is gone."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, seconds)
    yield
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, 0)


def _megabytes_used() -> float:
    """The most that this process has used.  What `getrusage` tells includes the process that started it."""
    with contextlib.suppress(OSError):
        for line in Path("/proc/self/status").read_text(encoding="ascii", errors="replace").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1000
    try:
        import resource
    except ImportError:
        return 0.0
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (1_000_000 if sys.platform == "darwin" else 1000)


if __name__ == "__main__":
    main()
