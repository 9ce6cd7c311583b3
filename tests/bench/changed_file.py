"""How long `check` and `reload` take after one file of many has changed, beyond the start of the program.

    python -m tests.bench.changed_file [--files 1000] [--no-meaning]

The files are of the bench's own making: notices of several kinds of file, each with sections, a table and a
signature.  Times are seconds of the wall clock; what another program does at the same time counts too, so the
seconds of this process and its children stand beside them.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.program import Program
from bot.settings import Settings
from tests.knowledge.documents.making import docx, paragraph, row, table

VILLAGES = ("东门村", "河口村", "西坡村", "下坊村", "新桥村")
MATTERS = ("停水检修", "耕地补贴", "森林防火", "医保缴费", "道路养护", "垃圾分类", "防汛值班", "危房改造")
LIMIT = 3.0  # seconds


def lines_of(number: int) -> list[str]:
    """A notice like no other."""
    village, matter = VILLAGES[number % 5], MATTERS[number // 5 % 8]
    return [
        f"清水镇人民政府关于{village}{matter}（第{number}批）的通知",
        "一、对象和范围",
        f"{village}第{number % 9 + 1}组{number % 70 + 10}户，其中困难户{number % 7}户，由村委会逐户核实。",
        "二、标准和时间",
        f"每户{number * 3 + 50}元，{number % 12 + 1}月{number % 27 + 1}日前办结，逾期的下一批办理。",
        "清水镇人民政府",
        f"{2015 + number % 10}年{number % 12 + 1}月{number % 27 + 1}日",
    ]


def write(folder: Path, number: int) -> Path:
    """The file of this number: of ten, six are txt, two html and two docx with a table."""
    lines, kind = lines_of(number), number % 10
    place = folder / f"{number // 100}"
    place.mkdir(exist_ok=True)
    if kind < 6:
        (path := place / f"{number}.txt").write_text("\n".join(lines), encoding="utf-8")
    elif kind < 8:
        body = "".join(f"<p>{line}</p>" for line in lines)
        (path := place / f"{number}.html").write_text(f"<html><body>{body}</body></html>", encoding="utf-8")
    else:
        rows = table(row("村", "户数"), row(VILLAGES[number % 5], str(number % 70 + 10)))
        path = docx(place / f"{number}.docx", "".join(map(paragraph, lines[:-2])) + rows)
    return path


@contextmanager
def timed(what: str) -> Iterator[Callable[[], float]]:
    """Prints the seconds of what is inside."""
    begin, used = time.monotonic(), os.times()
    seconds = 0.0
    yield lambda: seconds
    seconds, now = time.monotonic() - begin, os.times()
    busy = sum(now[:4]) - sum(used[:4])
    print(f"{what:44} {seconds:7.2f} s   {busy:7.2f} s of processor")


def measure(files: int, *, meaning: bool) -> float:
    """Seconds of a check after one changed file, beyond the start."""
    with TemporaryDirectory() as home:
        folder = Path(home) / "folder"
        folder.mkdir()
        for number in range(files):
            write(folder, number)
        settings = Settings(home=Path(home) / "home", knowledge=folder, meaning=meaning)
        with timed(f"first start, {files} files"), Program.open(settings):
            pass
        with timed("start, nothing changed"), Program.open(settings):
            pass
        changed = folder / "0" / "5.txt"
        changed.write_text(changed.read_text(encoding="utf-8").replace("每户", "每户每年"), encoding="utf-8")
        with Program.open(settings, takes_up_edits=False) as program:
            with timed("check after one changed file") as seconds:
                done = program.check()
            assert done.report is not None
            assert (len(done.report.changed), len(done.report.added)) == (1, 0)
            with timed("reload after one changed file"):
                program.reload()
        return seconds()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=1000)
    parser.add_argument("--no-meaning", action="store_true")
    options = parser.parse_args()
    took = measure(options.files, meaning=not options.no_meaning)
    print(f"wanted: at most {LIMIT} s; {'yes' if took <= LIMIT else 'no'}")
