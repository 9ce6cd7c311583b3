"""One system in a process of its own, so that its memory is its own: `worker NAME build|ask LINES FOLDER`.

Asking, it reads one question a line (JSON) and answers each with [number of the best entry, milliseconds,
those of them that the processor worked for it]; at the end it says how much memory it holds.
"""

from __future__ import annotations

import json
import re
import sys
import time
from pathlib import Path

from tests.bench.systems import SYSTEMS


def megabytes(which: str) -> float:
    """VmRSS: memory held now; VmHWM: the most that was ever held."""
    found = re.search(rf"{which}:\s+(\d+) kB", Path("/proc/self/status").read_text())
    return int(found[1]) / 1000 if found else 0.0


def main(name: str, act: str, lines: Path, folder: Path) -> None:
    """Build or ask."""
    system = SYSTEMS[name].system()
    if act == "build":
        started = time.perf_counter()
        system.build(lines, folder)
        print(json.dumps({"seconds": time.perf_counter() - started, "peak_mb": megabytes("VmHWM")}))
        return
    ask = system.open(lines, folder)
    print("ready", flush=True)
    for question in sys.stdin:
        text = json.loads(question)
        started, worked = time.perf_counter(), time.process_time()
        number, _ = ask(text)
        spent = time.perf_counter() - started, time.process_time() - worked
        print(json.dumps([number, *(1000 * seconds for seconds in spent)]), flush=True)
    print(json.dumps({"resident_mb": megabytes("VmRSS")}))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], Path(sys.argv[3]), Path(sys.argv[4]))
