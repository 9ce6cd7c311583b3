"""Install what a list of pinned packages names, and show how far it is.

`python deploy/install.py constraints.txt` runs in the environment that it fills and needs nothing but pip,
which alone prints either nothing for minutes or a screenful for each package.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

_PINNED = re.compile(r"^([A-Za-z0-9][\w.-]*)(?:\[[^\]]*\])?==", re.MULTILINE)
_BEGUN = re.compile(r"Collecting ([A-Za-z0-9][\w.-]*)")
_LAST_LINES = 15


def install(listed: Path) -> int:
    """pip's exit code.  A line for each package that it turns to; what it said last, when it failed."""
    named = {name.lower().replace("_", "-") for name in _PINNED.findall(listed.read_text(encoding="utf-8"))}
    command = [sys.executable, "-m", "pip", "install", "--disable-pip-version-check", "--progress-bar", "off"]
    said: list[str] = []
    begun: set[str] = set()
    with subprocess.Popen(  # noqa: S603 - pip of this environment, and a file of this repository
        [*command, "--require-hashes", "-r", str(listed)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    ) as pip:
        assert pip.stdout is not None
        for line in pip.stdout:
            said.append(line)
            found = _BEGUN.match(line)
            if found is not None and found[1].lower() not in begun:
                begun.add(found[1].lower())
                _show(f"  {len(begun)} of at most {len(named)}: {found[1]}")
            elif line.startswith("Installing collected packages"):
                _show("  unpacking ...")
    if pip.returncode:
        _show("".join(said[-_LAST_LINES:]))
    return pip.returncode


def _show(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(install(Path(sys.argv[1])))
