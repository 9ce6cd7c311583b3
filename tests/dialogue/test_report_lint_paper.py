"""A report as PDF, printed by LibreOffice where it is present: its figures can still be checked."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from bot.dialogue.staff.report_lint import lint
from tests.dialogue.reports import Draft, fixture, with_cell, write

pytestmark = pytest.mark.skipif(
    shutil.which("soffice") is None, reason="LibreOffice (soffice) is not installed"
)


def small() -> Draft:
    """A township's figures: five digits would be broken over two lines of a narrow column."""
    figures = {
        "一、本年新收政府信息公开申请数量": (8, 2, 0, 1, 2, 0, 13),
        "二、上年结转政府信息公开申请数量": (1, 0, 0, 0, 0, 0, 1),
        "（一）予以公开": (5, 1, 0, 1, 1, 0, 8),
        "1.本机关不掌握相关政府信息": (2, 1, 0, 0, 1, 0, 4),
        "3.其他": (0, 0, 0, 0, 0, 0, 0),
        "（七）总计": (7, 2, 0, 1, 2, 0, 12),
        "四、结转下年度继续办理": (2, 0, 0, 0, 0, 0, 2),
    }
    draft = fixture()
    for row, numbers in figures.items():
        for place, number in enumerate(numbers):
            draft = draft.table(3, with_cell(row, place, str(number)))
    return draft


def printed(draft: Draft, folder: Path) -> Path:
    docx = write(draft, folder, "docx")
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder)]
    subprocess.run([*command, str(docx)], check=True, capture_output=True, timeout=240)
    return docx.with_suffix(".pdf")


def test_right_report_passes_on_paper(tmp_path: Path) -> None:
    """No finding, although the words of neighbouring cells run together."""
    assert lint(printed(small(), tmp_path), year=2025) == []


def test_wrong_sum_is_found_on_paper(tmp_path: Path) -> None:
    """The same mistake as in Word."""
    draft = small()
    for place, figure in ((0, "9"), (6, "14")):
        draft = draft.table(3, with_cell("一、本年新收政府信息公开申请数量", place, figure))
    (finding,) = lint(printed(draft, tmp_path))
    assert (finding.rule, finding.column) == ("column_unbalanced", "自然人")
