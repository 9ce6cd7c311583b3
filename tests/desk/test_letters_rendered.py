"""All letters as they are printed, by LibreOffice where it is present: whole, and no line alone."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from bot.desk import letters
from bot.desk.numbering import with_plain_numbers
from bot.desk.paper import Written
from tests.desk.real_letters import FACTS, every_letter

pytestmark = [
    pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice (soffice) is not installed"),
    pytest.mark.skipif(
        shutil.which("pdftotext") is None, reason="pdftotext (poppler-utils) is not installed"
    ),
]
LETTERS: dict[str, Written] = dict(every_letter())
_PAGE_NUMBER = re.compile(r"^\s*— ?(\d+) ?—\s*$", re.MULTILINE)


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """Text of each page of each letter; all are converted in one run."""
    folder = tmp_path_factory.mktemp("letters")
    for name, written in LETTERS.items():
        (folder / f"{name}.docx").write_bytes(letters.to_docx(written))
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder)]
    subprocess.run(
        [*command, *map(str, sorted(folder.glob("*.docx")))], check=True, capture_output=True, timeout=500
    )
    return {path.stem: _pages_of(path) for path in sorted(folder.glob("*.pdf"))}


def _pages_of(pdf: Path) -> list[str]:
    done = subprocess.run(
        ["pdftotext", "-layout", str(pdf), "-"], check=True, capture_output=True, text=True, timeout=60
    )
    return done.stdout.split("\f")[:-1]


def _squeezed(text: str) -> str:
    return "".join(text.split()).replace("\u2011", "-")


def test_every_letter_prints_whole(rendered: dict[str, list[str]]) -> None:
    """What the letter says is on the paper, word for word, its pages numbered from 1."""
    assert len(LETTERS) > 60
    assert sorted(rendered) == sorted(LETTERS)
    for name, written in LETTERS.items():
        pages = rendered[name]
        assert [_PAGE_NUMBER.findall(page) for page in pages] == [[str(n)] for n in range(1, len(pages) + 1)]
        printed = _squeezed("".join(_PAGE_NUMBER.sub("", page) for page in pages))
        lost = [part for part in _parts(written) if _squeezed(part) not in printed]
        assert lost == [], name


def _parts(written: Written) -> list[str]:
    """Each line; of a form, what stands on one line of a cell."""
    lines = written.text.splitlines()
    if not written.as_table:
        return lines
    return [part[:12] for line in lines for part in line.split("：", maxsplit=1)]


def test_no_number_is_broken(rendered: dict[str, list[str]]) -> None:
    """Each register number stands whole in one line, wherever it falls, and the chat reads it as printed."""
    seen = 0
    for name, written in LETTERS.items():
        lines = [with_plain_numbers(line) for page in rendered[name] for line in page.splitlines()]
        for number in set(re.findall(r"[A-Z]?20\d{2}-\d{4}", written.text)):
            wanted = len(re.findall(rf"(?<![A-Z0-9]){number}", written.text))
            found = sum(len(re.findall(rf"(?<![A-Z0-9]){number}", line)) for line in lines)
            assert found == wanted, (name, number)
            seen += wanted
    assert seen > 50


def test_a_number_moves_to_the_next_line_whole(tmp_path: Path) -> None:
    """At every place of a line, not only where today's letters have it."""
    paragraphs = tuple("字" * length + "2026-0001号" for length in range(15, 42))
    whole = Written("试", "", paragraphs, "洲上乡人民政府", "2026年1月1日")
    path = tmp_path / "places.docx"
    path.write_bytes(letters.to_docx(whole))
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    printed = "\n".join(_pages_of(path.with_suffix(".pdf")))
    assert sum("2026-0001" in with_plain_numbers(line) for line in printed.splitlines()) == len(paragraphs)


def test_no_page_is_lonely(rendered: dict[str, list[str]]) -> None:
    """A second page holds the end of the letter's text, agency and date; nothing ends alone at its top."""
    several = 0
    for name, pages in rendered.items():
        for page in pages[1:]:
            several += 1
            lines = [line for line in _PAGE_NUMBER.sub("", page).splitlines() if line.strip()]
            assert len(lines) >= 5, (name, lines)
            begins = [_squeezed(line) for line in LETTERS[name].text.splitlines()]
            assert any(each.startswith(_squeezed(lines[0])[:10]) for each in begins), (name, lines[0])
        last = _PAGE_NUMBER.sub("", pages[-1])
        if LETTERS[name].on:
            assert _squeezed(last).endswith(_squeezed(FACTS["agency"] + FACTS["today"])), name
        for page in pages[:-1]:
            ends = [line for line in _PAGE_NUMBER.sub("", page).splitlines() if line.strip()][-1]
            assert not ends.rstrip().endswith("："), (name, ends)  # 现答复如下： without what follows
    assert several > 5


def test_notices_fit_one_page(rendered: dict[str, list[str]]) -> None:
    """With facts as long as real ones, every notice and form is one page; a fee quotes its whole tariff."""
    kinds = [name for name in rendered if not name.startswith("reply_") and name != "fee_noticed"]
    assert len(kinds) > 20
    assert [name for name in kinds if len(rendered[name]) > 1] == []


def test_remedies_are_printed(rendered: dict[str, list[str]]) -> None:
    """A refusal tells on paper that reconsideration comes before a suit (复议法 23)."""
    printed = _squeezed("".join(rendered["reply_C4"]))
    assert "应当先申请行政复议" in printed
    assert "60日" in printed
