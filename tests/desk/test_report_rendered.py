"""The annual report as it is printed: rendered by LibreOffice where it is present, nothing lost."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from bot.desk.annual_report.national_format import APPLICANTS, ROWS_IN_WORDS, SECTIONS, folded
from tests.desk.test_report_layout import report

pytestmark = [
    pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice (soffice) is not installed"),
    pytest.mark.skipif(
        shutil.which("pdftotext") is None, reason="pdftotext (poppler-utils) is not installed"
    ),
]


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Text of the PDF of the Word file and of the workbook, letters and digits alone, by name."""
    folder = tmp_path_factory.mktemp("report")
    (folder / "word.docx").write_bytes(report().to_docx())
    (folder / "excel.xlsx").write_bytes(report().to_xlsx())
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder)]
    files = [str(folder / "word.docx"), str(folder / "excel.xlsx")]
    subprocess.run([*command, *files], check=True, capture_output=True, timeout=240)
    return {path.stem: _text_of(path) for path in folder.glob("*.pdf")}


def _text_of(pdf: Path) -> str:
    done = subprocess.run(
        ["pdftotext", "-raw", str(pdf), "-"], check=True, capture_output=True, text=True, timeout=60
    )
    return folded(done.stdout)  # it tells quotation marks in an order of its own


def test_every_section_and_row_is_on_the_paper(printed: dict[str, str]) -> None:
    """Six sections and every row of Table 3 in Word; every row in Excel."""
    assert [title for title in SECTIONS if folded(title) not in printed["word"]] == []
    for name in ("word", "excel"):
        assert [row for row in ROWS_IN_WORDS if folded(row) not in printed[name]] == []


def test_head_of_table_3_is_on_each_of_its_pages(printed: dict[str, str]) -> None:
    """25 rows take two pages: a figure on the second has its column named above it."""
    assert printed["word"].count(folded(APPLICANTS)) == 2


def test_figures_stand_in_their_row(printed: dict[str, str]) -> None:
    """The seven figures follow the words of their row."""
    for name in ("word", "excel"):
        assert "本年新收政府信息公开申请数量1100002" in printed[name]
        assert "结转下年度继续办理0100001" in printed[name]
