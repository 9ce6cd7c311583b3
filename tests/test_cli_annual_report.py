"""`disclosure annual-report`: the figures of a year for people and programs, in every format."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.cli import main


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


def run(home: Path, *arguments: str) -> Result:
    """The command in this process, in a home of its own."""
    environment: dict[str, str | None] = {
        name: None for name in os.environ if name.startswith("DISCLOSURE_") and name != "DISCLOSURE_MEANING"
    }
    environment["DISCLOSURE_HOME"] = str(home)
    return CliRunner().invoke(main, ["annual-report", *arguments], env=environment)


def of_2026(home: Path, *arguments: str) -> Result:
    return run(home, "--year", "2026", *arguments)


def test_json_has_every_figure(home: Path) -> None:
    """Table 2 has 10 figures, Table 3 25 rows of 7, Table 4 has 15, and the questions are counted."""
    done = of_2026(home, "--json")
    assert done.exit_code == 0, done.output
    figures = json.loads(done.stdout)
    assert list(figures["table_2"].values()) == [None] * 10
    assert {len(row) for row in figures["table_3"].values()} == {7}
    assert len(figures["table_3"]) == 25
    assert sum(len(results) for results in figures["table_4"].values()) == 15
    assert figures["activity"]["asked"] == 0


def test_explain_takes_codes_and_labels(home: Path) -> None:
    """A cell is named by code or by label; a wrong name lists the right ones and is wrong usage."""
    by_code, by_label = (of_2026(home, "--explain", "A", column).stdout for column in ("NP", "自然人"))
    assert by_code == by_label == "三、本年度办理结果（一）予以公开 × 自然人: 0\n"
    assert json.loads(of_2026(home, "--explain", "一", "总计", "--json").stdout) == []
    assert of_2026(home, "--explain", "行政复议", "结果维持").stdout == "行政复议 × 结果维持: 0\n"
    wrong = of_2026(home, "--explain", "Z9", "NP")
    assert wrong.exit_code == 2
    assert "C1  三、本年度办理结果（三）不予公开1.属于国家秘密" in wrong.stderr


def test_figures_of_table_2_come_from_the_file(tmp_path: Path) -> None:
    """An empty form is laid and asked for; what is filled in is printed; a mistake is named with its line."""
    first = of_2026(tmp_path)
    path = tmp_path / "annual" / "2026.yaml"
    assert "| 行政许可 | 本年处理决定数量 | / |" in first.stdout
    assert "10 个数没有填" in first.stderr
    assert str(path) in first.stderr
    form = path.read_text(encoding="utf-8")
    path.write_text(
        form.replace("行政许可 本年处理决定数量:", "行政许可 本年处理决定数量: 12"), encoding="utf-8"
    )
    second = of_2026(tmp_path)
    assert "| 行政许可 | 本年处理决定数量 | 12 |" in second.stdout
    assert "9 个数没有填" in second.stderr
    assert of_2026(tmp_path, "--explain", "行政许可", "本年处理决定数量", "--json").stdout == '"12"\n'
    path.write_text(
        form.replace("行政许可 本年处理决定数量:", "行政许可 本年处理决定数量: 十二"), encoding="utf-8"
    )
    wrong = of_2026(tmp_path)
    assert wrong.exit_code == 1
    assert "2026.yaml 第 11 行" in wrong.stderr


@pytest.mark.parametrize(("form", "magic"), [("md", "# "), ("docx", "PK"), ("xlsx", "PK")])
def test_files(home: Path, tmp_path: Path, form: str, magic: str) -> None:
    """Each format writes the file that was asked for."""
    target = tmp_path / f"report.{form}"
    done = of_2026(home, "--format", form, "--output", str(target))
    assert done.exit_code == 0, done.output
    assert target.read_bytes().startswith(magic.encode())


def test_lint_leaves_with_1_on_findings(home: Path, tmp_path: Path) -> None:
    """Our own draft is unfinished: each place is a finding, in sentences or as JSON; then it passes."""
    path = tmp_path / "report.md"
    draft = of_2026(home).stdout
    path.write_text(draft, encoding="utf-8")
    done = run(home, "--lint", str(path), "--year", "2026")
    assert done.exit_code == 1
    assert "第 7 行：还没有写：【请填写：主动公开政府信息的条数、渠道和重点】" in done.stdout
    found = json.loads(run(home, "--lint", str(path), "--json").stdout)
    assert {each["rule"] for each in found} == {"not_a_number", "unfinished"}
    assert all(each["where"] and each["what"] and each["expected"] for each in found)
    finished = re.sub("【请填写[^】]*】", "没有。", draft.replace("| / |", "| 0 |"))
    path.write_text(finished, encoding="utf-8")
    clean = run(home, "--lint", str(path), "--year", "2026", "--previous", str(path))
    assert (clean.exit_code, "上年报告是 2026 年的" in clean.stdout) == (1, True)
    clean = run(home, "--lint", str(path), "--year", "2026")
    assert (clean.exit_code, clean.stdout) == (0, "report.md：没有查出问题。\n")


def test_wrong_usage_is_told(home: Path, tmp_path: Path) -> None:
    """Nothing to do, a file that is not there, last year's report without a report to check."""
    for arguments, word in (
        ([], "--year"),
        (["--lint", str(tmp_path / "no.docx")], "没有这个文件"),
        (["--year", "2026", "--previous", str(tmp_path)], "--lint"),
    ):
        done = run(home, *arguments)
        assert done.exit_code == 2
        assert word in done.stderr
