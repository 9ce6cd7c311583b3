"""Letters as they are printed: rendered by LibreOffice where it is present, one page, nothing missing."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from bot.desk import letters
from bot.desk.model import Outcome
from tests.desk.test_letters import FACTS, REPLIES

pytestmark = [
    pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice (soffice) is not installed"),
    pytest.mark.skipif(
        shutil.which("pdftotext") is None, reason="pdftotext (poppler-utils) is not installed"
    ),
]


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Text of the PDF of each reply, by outcome code; all are converted in one run."""
    folder = tmp_path_factory.mktemp("letters")
    for outcome in REPLIES:
        content = letters.to_docx(letters.write_reply(outcome, FACTS))
        (folder / f"{outcome.code}.docx").write_bytes(content)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder)]
    subprocess.run(
        [*command, *map(str, sorted(folder.glob("*.docx")))], check=True, capture_output=True, timeout=240
    )
    return {path.stem: _text_of(path) for path in sorted(folder.glob("*.pdf"))}


def _text_of(pdf: Path) -> str:
    done = subprocess.run(
        ["pdftotext", str(pdf), "-"], check=True, capture_output=True, text=True, timeout=60
    )
    return done.stdout


def test_every_reply_prints_whole_on_one_page(rendered: dict[str, str]) -> None:
    """What the letter says is on the paper, word for word, and fits one page."""
    assert sorted(rendered) == sorted(outcome.code for outcome in REPLIES)
    for outcome in REPLIES:
        printed = "".join(rendered[outcome.code].split())
        written = letters.write_reply(outcome, FACTS).text
        assert [line for line in written.splitlines() if "".join(line.split()) not in printed] == []
        assert rendered[outcome.code].count("\f") == 1


def test_remedies_are_printed(rendered: dict[str, str]) -> None:
    """A refusal tells on paper that reconsideration comes before a suit (复议法 23)."""
    printed = "".join(rendered[Outcome.WITHHELD_THIRD_PARTY_RIGHTS.code].split())
    assert "应当先申请行政复议" in printed
    assert "60日" in printed
