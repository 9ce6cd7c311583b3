"""The command line: JSON on stdout, errors on stderr, exit codes that tell failure."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
import yaml

from bot.settings import EMBEDDED_KNOWLEDGE
from knowledge.sources import DEFAULTS

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def disclosure(tmp_path: Path) -> Run:
    """Run `disclosure ...` as an operator does, in a home of its own."""
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("DISCLOSURE_") or name == "DISCLOSURE_MEANING"
    }

    def run(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(Path(sys.executable).parent / "disclosure"), *arguments],
            env={**environment, "DISCLOSURE_HOME": str(tmp_path / "home"), **variables},
            capture_output=True,
            text=True,
            timeout=240,
            check=False,
        )

    return run


@pytest.fixture
def own_knowledge(tmp_path: Path) -> Path:
    """A copy of the embedded knowledge that a test may break."""
    return Path(shutil.copytree(EMBEDDED_KNOWLEDGE, tmp_path / "knowledge"))


def test_ask_prints_one_json_object(disclosure: Run) -> None:
    """An answer has its outcome, its entries with citation, the whole text and the offer to file."""
    done = disclosure("ask", "公开了哪一年的部门决算信息", "--json")
    assert done.returncode == 0, done.stderr
    reply = json.loads(done.stdout)
    assert set(reply) == {"outcome", "entries", "text", "offers_filing"}
    assert set(reply["entries"][0]) == {"path", "title", "text", "score", "citation", "quoted", "source"}
    assert reply["entries"][0]["path"] == "三/(二)/4"
    assert "2017年度部门财政决算信息" in reply["text"]


def test_ask_keeps_nothing(disclosure: Run, tmp_path: Path) -> None:
    """A question asked on trial leaves no trace in the ledger."""
    assert disclosure("ask", "村口那座桥去年加固花了多少", "--json").returncode == 0
    with closing(sqlite3.connect(tmp_path / "home" / "ledger.db")) as ledger:
        for table in ("questions", "conversations", "updates", "outbox"):
            assert ledger.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)


def test_unknown_question_offers_filing(disclosure: Run) -> None:
    """What is not in the base is said to be not there, and filing is offered."""
    reply = json.loads(disclosure("ask", "采砂许可证发给哪个老板了", "--json").stdout)
    assert (reply["outcome"], reply["offers_filing"], reply["entries"]) == ("route", True, [])


def test_check_and_reload_say_what_changes(disclosure: Run, own_knowledge: Path) -> None:
    """`check` reports without swapping, `reload` swaps: afterwards nothing is left to change."""
    knowledge = {"DISCLOSURE_KNOWLEDGE": str(own_knowledge)}
    assert disclosure("check", "--json", **knowledge).returncode == 0
    (own_knowledge / "water.md").write_text(
        "# 洲上乡饮水工程公告\n\n自来水主管道六月通到湾里。\n", encoding="utf-8"
    )
    os.utime(own_knowledge, (1, 1))
    os.utime(own_knowledge / "water.md", (1, 1))
    seen = json.loads(disclosure("check", "--json", **knowledge).stdout)
    assert len(seen["added"]) >= 1
    assert json.loads(disclosure("reload", "--json", **knowledge).stdout)["added"] == seen["added"]
    assert json.loads(disclosure("check", "--json", **knowledge).stdout)["added"] == []
    reply = json.loads(disclosure("ask", "自来水主管道哪个月通到湾里", "--json", **knowledge).stdout)
    assert "六月通到湾里" in reply["text"]


def test_broken_yaml_names_file_and_line_and_keeps_the_old_index(
    disclosure: Run, own_knowledge: Path
) -> None:
    """A mistake of an admin ends with exit code 1 and its place; residents are answered as before."""
    knowledge = {"DISCLOSURE_KNOWLEDGE": str(own_knowledge)}
    assert disclosure("reload", **knowledge).returncode == 0
    items = own_knowledge / "items.yaml"
    lines = items.read_text(encoding="utf-8").splitlines()
    place = next(number for number, line in enumerate(lines, 1) if line.strip().startswith("title:"))
    lines[place - 1] = lines[place - 1].replace("title:", "titel:")
    items.write_text("\n".join(lines), encoding="utf-8")
    done = disclosure("reload", **knowledge)
    assert done.returncode == 1
    assert f"items.yaml 第 {place} 行" in done.stderr
    assert "titel" in done.stderr
    assert "Traceback" not in done.stderr
    reply = json.loads(disclosure("ask", "预算公开了没有", "--json", **knowledge).stdout)
    assert reply["outcome"] == "answer"


def test_broken_rules_are_named_and_help_is_still_called(disclosure: Run, own_knowledge: Path) -> None:
    """A slip in intents.yaml is an error with its line; somebody in danger is still told 120 at once."""
    knowledge = {"DISCLOSURE_KNOWLEDGE": str(own_knowledge)}
    rules = own_knowledge / "intents.yaml"
    shutil.copy(DEFAULTS / "intents.yaml", rules)
    lines = rules.read_text(encoding="utf-8").splitlines()
    place = next(number for number, line in enumerate(lines, 1) if line.strip() == "kind: greeting")
    lines[place - 1] = lines[place - 1].replace("greeting", "greting")
    rules.write_text("\n".join(lines), encoding="utf-8")
    for command in ("check", "reload"):
        done = disclosure(command, **knowledge)
        assert done.returncode == 1
        assert f"intents.yaml 第 {place} 行" in done.stderr
    assert "120" in json.loads(disclosure("ask", "老人晕倒了", "--json", **knowledge).stdout)["text"]


def test_check_lists_every_file(disclosure: Run, tmp_path: Path) -> None:
    """What each was read as, what is not read, and the line that answers what is asked."""
    folder = tmp_path / "office"
    (folder / "年报").mkdir(parents=True)
    (folder / "年报" / "白石镇2020.txt").write_text(
        "政府信息公开年度报告\n一、概述\n公开三条。\n", encoding="utf-8"
    )
    (folder / "照片.jpg").write_bytes(b"\xff\xd8")
    done = disclosure("check", "--json", DISCLOSURE_KNOWLEDGE=str(folder))
    assert "no reconsideration_body and no court in full: no reply letter" in done.stderr
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    (file,) = found["files"]
    assert (file["file"], file["kind"]) == ("年报/白石镇2020.txt", "政府信息公开年度报告")
    assert (file["agency"], file["year"], file["sections"]) == ("白石镇", 2020, 1)
    assert found["not_read"] == [{"file": "照片.jpg", "reason": "不读 .jpg 文件"}]
    assert [ask["line"] for ask in found["asks"]] == [
        "- {file: 年报/白石镇2020.txt, agency: 白石镇}",
        "- {file: 年报/白石镇2020.txt, year: 2020}",
    ]
    lines = "documents:\n" + "".join(f"  {ask['line']}\n" for ask in found["asks"])
    (folder / "documents.yaml").write_text(lines, encoding="utf-8")
    again = json.loads(disclosure("check", "--json", DISCLOSURE_KNOWLEDGE=str(folder)).stdout)
    assert (again["asks"], again["problems"]) == ([], [])


def test_wrong_setting_ends_with_exit_code_2(disclosure: Run) -> None:
    """A wrong setting is usage, not failure: exit code 2 and one line that names it."""
    done = disclosure("requests", "list", DISCLOSURE_STAFF="nobody")
    assert done.returncode == 2
    assert done.stderr.startswith("staff (DISCLOSURE_STAFF): 'nobody' is not allowed")


def test_run_without_a_token_says_so(disclosure: Run) -> None:
    """`run` needs a token; without one it names the setting."""
    done = disclosure("run")
    assert done.returncode == 2
    assert "telegram_token (DISCLOSURE_TELEGRAM_TOKEN)" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "due_on"),
    [
        (["2022-09-30"], "2022-11-02"),
        (["2025-04-25", "--consult", "2025-05-07", "2025-05-20"], "2025-06-10"),
        (["2025-04-25", "--consult", "2025-05-07", "2025-05-20", "--extend", "20"], "2025-07-08"),
        (["2025-09-10", "--corrected", "2025-10-20"], "2025-11-17"),
        (
            ["2025-04-25", "--consult", "2025-05-06", "2025-05-12", "--agency", "2025-05-08", "2025-05-14"],
            "2025-06-05",
        ),
    ],
    ids=["court", "consulted", "extended", "corrected", "union"],
)
def test_due_is_a_calculator_for_anyone(disclosure: Run, arguments: list[str], due_on: str) -> None:
    """`due` needs no ledger and proves its date day by day."""
    done = disclosure("due", *arguments, "--json")
    found = json.loads(done.stdout)
    assert found["due_on"] == due_on
    assert found["provisional"] is False
    assert found["days"][-1]["on"] == due_on


def test_due_names_a_later_day_that_was_fixed(disclosure: Run) -> None:
    """Art. 35: the proof of the counted day stays beside the day that replaces it."""
    found = json.loads(disclosure("due", "2025-04-25", "--defer", "2025-06-20", "--json").stdout)
    assert (found["due_on"], found["deferred_from"]) == ("2025-06-20", "2025-05-27")


def test_two_homes_never_meet(tmp_path: Path, disclosure: Run) -> None:
    """Everything that is written goes into the home folder, and only there."""
    homes = [tmp_path / "one", tmp_path / "two"]
    for home in homes:
        assert disclosure("requests", "list", "--json", DISCLOSURE_HOME=str(home)).stdout.strip() == "[]"
        assert {path.name.strip(".").split(".")[0] for path in home.iterdir()} == {"ledger", "identity"}
        assert json.loads(disclosure("stats", "--json", DISCLOSURE_HOME=str(home)).stdout)["total"] == 0
    for home in homes:
        assert {path.name.strip(".").split(".")[0] for path in home.iterdir()} == {
            "ledger",
            "readings",
            "identity",
            "knowledge",
        }


def test_evaluate_scores_the_golden_questions(disclosure: Run, tmp_path: Path) -> None:
    """The golden questions are asked through the dialogue and the replies written in the agreed format."""
    questions = Path(__file__).parent / "questions" / "report_dev.yaml"
    results = tmp_path / "results.yaml"
    done = disclosure("evaluate", str(questions), "--results", str(results), "--json")
    assert done.returncode == 0, done.stderr
    written = yaml.safe_load(results.read_text(encoding="utf-8"))
    assert len(written) == len(yaml.safe_load(questions.read_text(encoding="utf-8")))
    assert {"id", "outcome", "entries", "text", "offers_filing"} <= set(written[0])


def test_evaluate_asks_another_folder_and_keeps_nothing(disclosure: Run, tmp_path: Path) -> None:
    """The folder's own documents answer, each entry with its file; the office's home stays as it was."""
    folder, results, questions = tmp_path / "office", tmp_path / "results.yaml", tmp_path / "questions.yaml"
    folder.mkdir()
    (folder / "停水通知.txt").write_text(
        "关于停水的通知\n一、停水时间\n8月3日上午八点到十二点停水。\n二、停水范围\n东街全部用户。\n清水镇人民政府\n2024年8月1日\n",
        encoding="utf-8",
    )
    questions.write_text(
        "- {id: W1, q: 停水时间, kind: direct, expect: answer, must_contain: [八点到十二点],\n"
        "   doc: [停水通知.txt]}\n",
        encoding="utf-8",
    )
    done = disclosure(
        "evaluate", str(questions), "--knowledge", str(folder), "--results", str(results), "--json"
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["groups"]["all"] == [1, 1]
    (row,) = yaml.safe_load(results.read_text(encoding="utf-8"))
    assert row["entries"][0]["source"] == "停水通知.txt"
    assert "八点到十二点" in row["entries"][0]["text"]
    assert {"path", "title", "text", "source", "citation"} == set(row["entries"][0])
    assert not (tmp_path / "home").exists()


def test_evaluate_prints_what_a_suggestion_floor_costs(disclosure: Run) -> None:
    """The curve, as one JSON value and as a table."""
    benchmark = str(Path(__file__).parent / "questions" / "small_benchmark.jsonl")
    figures = json.loads(disclosure("evaluate", benchmark, "--json").stdout)
    assert {"floor", "lost", "served", "unanswerable shown"} == set(figures["suggest curve"][0])
    assert figures["hit@1"] == 1.0
    printed = disclosure("evaluate", benchmark).stdout.splitlines()
    assert "floor  lost  served  unanswerable shown" in printed


# ---- terminals that cannot show everything
ODD = "清水镇公示\n\n一、低保名单\n王䶮🎉、㛃某、𠮷某。\n"
GBK = {"PYTHONUTF8": "0", "PYTHONIOENCODING": "gbk"}
ASCII = {"PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii"}
NO_LOCALE = {"LANG": "C", "LC_ALL": "C"}


def _said(
    tmp_path: Path, variables: dict[str, str], *arguments: str, typed: bytes = b""
) -> subprocess.CompletedProcess[bytes]:
    (tmp_path / "knowledge").mkdir(exist_ok=True)
    (tmp_path / "knowledge" / "notice.txt").write_text(ODD, encoding="utf-8")
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("DISCLOSURE_", "PYTHONIO")) or name == "DISCLOSURE_MEANING"
    }
    return subprocess.run(
        [str(Path(sys.executable).parent / "disclosure"), *arguments],
        env={
            **kept,
            "DISCLOSURE_HOME": str(tmp_path / "home"),
            "DISCLOSURE_KNOWLEDGE": str(tmp_path / "knowledge"),
            **variables,
        },
        input=typed,
        capture_output=True,
        timeout=240,
        check=False,
    )


@pytest.mark.parametrize("variables", [GBK, ASCII, NO_LOCALE], ids=["gbk", "ascii", "no locale"])
def test_a_terminal_that_cannot_show_a_character(tmp_path: Path, variables: dict[str, str]) -> None:
    """Rare characters and emoji become question marks; no command dies of them, and JSON stays whole."""
    plain = _said(tmp_path, variables, "ask", "低保名单")
    assert (plain.returncode, b"Traceback" in plain.stderr) == (0, False), plain.stderr
    as_json = _said(tmp_path, variables, "ask", "低保名单", "--json")
    encoding = variables.get("PYTHONIOENCODING", "utf-8")
    assert "王䶮🎉" in json.dumps(json.loads(as_json.stdout.decode(encoding)), ensure_ascii=False)


def test_a_conversation_in_gbk(tmp_path: Path) -> None:
    """Lines in GBK and, as scripts are written, in UTF-8 are understood, and answered in GBK."""
    done = _said(tmp_path, GBK, "chat", typed="低保名单\n".encode("gbk") + "王䶮🎉低保\n".encode())
    said = done.stdout.decode("gbk")
    assert (done.returncode, b"Traceback" in done.stderr) == (0, False), done.stderr
    assert "> 低保名单" in said
    assert "> 王" in said
    assert "某。" in said


def test_a_script_does_not_steer_the_terminal(tmp_path: Path) -> None:
    """Its lines are shown as they are typed, without what clears a screen or changes its colours."""
    done = _said(tmp_path, {}, "chat", typed="低保\x1b[2J名单\x07\n".encode())
    assert done.returncode == 0, done.stderr
    assert "> 低保[2J名单\n" in done.stdout.decode()
    assert not {b"\x1b", b"\x07"} & {bytes([byte]) for byte in done.stdout}
