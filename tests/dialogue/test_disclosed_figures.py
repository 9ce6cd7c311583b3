"""The ten figures of Table 2 in a file: an empty form, what is filled in, every mistake named."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.desk.annual_report.national_format import CELLS_2
from bot.dialogue.staff.disclosed_figures import (
    file_of,
    key_of,
    not_filled,
    prepared,
    read_figures,
    write_figures,
)
from knowledge.errors import SourceError
from tests.dialogue.stage import wide

PERMITS = ("行政许可", "本年处理决定数量")
FEES = ("行政事业性收费", "本年收费金额（单位：万元）")


def test_empty_form_is_laid_and_counts_as_nothing(tmp_path: Path) -> None:
    """The first look makes the file; an empty line is no zero."""
    path = file_of(tmp_path, 2026)
    assert prepared(path, 2026) == {}
    assert all(f"{key_of(cell)}:" in path.read_text(encoding="utf-8") for cell in CELLS_2)
    assert len(not_filled(read_figures(path, 2026))) == 10


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    """Zero stays zero, and a sum of money keeps its decimals."""
    path, figures = file_of(tmp_path, 2026), {PERMITS: "0", FEES: "1.25"}
    write_figures(path, 2026, figures)
    assert read_figures(path, 2026) == figures
    assert prepared(path, 2026) == figures
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (f"行政许可 本年处理决定数量: {wide('12')}", "不是这里要的数"),
        ("行政许可 本年处理决定数量: 1,234", "不是这里要的数"),
        ("行政许可 本年处理决定数量: -3", "不是这里要的数"),
        ("行政许可 本年处理决定数量: 3.5", "不是这里要的数"),
        ("行政许可 本年处理决定数量: 无", "不是这里要的数"),
        ("规章 本年制发件数: 2", "乡镇没有制定规章的权力"),
        ("行政许可: 3", "没有这一项"),
        ("行政事业性收费 本年收费金额（单位：万元）: 3万元", "不是这里要的数"),
    ],
    ids=["full-width", "thousands", "negative", "decimal", "word", "rules", "no-such-line", "unit"],
)
def test_mistake_is_named_with_its_line(tmp_path: Path, line: str, reason: str) -> None:
    """File, line, what is wrong and what is expected."""
    path = tmp_path / "2026.yaml"
    path.write_text(f"年度: 2026\n\n{line}\n", encoding="utf-8")
    with pytest.raises(SourceError) as raised:
        read_figures(path, 2026)
    (problem,) = raised.value.problems
    assert (problem.file, problem.line) == ("2026.yaml", 3)
    assert reason in problem.reason
    assert problem.expected


def test_file_of_another_year_is_refused(tmp_path: Path) -> None:
    """A copy of last year's file must not become this year's figures."""
    path = tmp_path / "2026.yaml"
    write_figures(path, 2025, {PERMITS: "3"})
    with pytest.raises(SourceError, match="写的是 2025"):
        read_figures(path, 2026)


def test_broken_file_is_a_named_mistake(tmp_path: Path) -> None:
    """No YAML, or empty: told like any other mistake, never a crash."""
    path = tmp_path / "2026.yaml"
    for content in (b"", b"[", b"\xff\xfe\x00", "年度：2026".encode()):
        path.write_bytes(content)
        with pytest.raises(SourceError):
            read_figures(path, 2026)
