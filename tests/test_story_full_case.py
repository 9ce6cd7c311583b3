"""A whole case in three terminals: correction, consultation, help, extension over National Day, part, post.

Resident, clerk and leader each talk by `disclosure chat` in processes of their own, on the days of the story;
then the operator's commands prove it.  `python -m tests.test_story_full_case FOLDER` prints the transcript.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from tests.dialogue.test_full_case import counted

ROOT = Path(__file__).parent.parent
RESIDENT, CLERK, LEADER = ("--name", "xiuying"), ("--as", "staff"), ("--as", "staff", "--name", "leader")
ID_NUMBER = "430821199003074512"  # invented; its check digit is right
# When, who sits at the terminal, what is typed: a label picks the button of that name.
STORY: tuple[tuple[str, tuple[str, ...], str], ...] = (
    (
        "2026-09-14T09:30",
        RESIDENT,
        "2025年种粮补贴发给了谁|申请公开|个人|覃小满|"
        f"{ID_NUMBER}|13800138000|桥头村种粮补贴的发放情况|电子文件|在这个聊天里发给我|确认提交",
    ),
    ("2026-09-14T10:00", CLERK, "2026-0001|确认收到（开始计期）|我来办|查看身份"),
    (
        "2026-09-16T10:00",
        CLERK,
        "2026-0001|要求补正|请写明是哪一年、要哪些内容。|10 个工作日|确认登记",
    ),
    ("2026-09-18T10:00", RESIDENT, "现在补充|2025年桥头村种粮补贴的户名和金额|确认补充"),
    (
        "2026-09-21T10:00",
        CLERK,
        "2026-0001|更多|征求第三方意见|桥头村种粮大户覃大山|今天|确认登记|"
        "更多|请站所、村协助（协办函）|乡财政所|查找2025年种粮补贴发放表|9月30日|确认登记",
    ),
    (
        "2026-09-29T10:00",
        CLERK,
        "2026-0001|更多|登记收到的意见|不同意公开|9月28日|别人会知道我家收入|确认登记",
    ),
    (
        "2026-10-12T10:00",
        CLERK,
        "2026-0001|更多|登记协办的回复|乡财政所|找到发放表，86户，合计12万元|今天|确认登记|"
        "更多|延期|10 个工作日|要逐户核对金额，发放表分散在六个小组|确认登记",
    ),
    ("2026-10-12T11:00", LEADER, "同意延期"),
    ("2026-10-12T12:00", RESIDENT, "期限 2026-0001"),
    (
        "2026-10-30T10:00",
        CLERK,
        "2026-0001|答复|只能公开一部分|户数、总金额和发放标准|户名|第十五条（个人隐私）|第三方不同意公开|"
        "他不同意的，都没有公开|2025年桥头村种粮补贴共86户，合计12万元，按每亩96元发放。|保存答复",
    ),
    ("2026-10-30T11:00", LEADER, "审核同意"),
    ("2026-10-30T15:00", CLERK, "2026-0001|先签发，以后再送"),
    (
        "2026-11-02T09:00",
        CLERK,
        "2026-0001|发出，别的日期或方式|中国邮政邮寄|10月31日|XA12345678936|确认登记",
    ),
    ("2026-11-02T10:00", RESIDENT, "进度|2026-0001|看答复"),
)
COMMANDS = (
    ("requests", "show", "2026-0001", "--clock"),
    ("requests", "verify"),
    ("annual-report", "--year", "2026", "--explain", "B", "NP"),
    ("annual-report", "--year", "2026"),
)


@dataclass(frozen=True)
class Office:
    """One office: its home folder and what was played there."""

    home: Path

    def runs(self, when: str, *command: str, typed: str = "") -> subprocess.CompletedProcess[str]:
        """`disclosure` with these words at that time."""
        mine = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith("DISCLOSURE_") or name == "DISCLOSURE_MEANING"
        }
        return subprocess.run(
            [sys.executable, "-m", "tests.clocked", when, *command],
            input=typed,
            capture_output=True,
            encoding="utf-8",
            cwd=ROOT,
            timeout=120,
            check=False,
            env={
                **mine,
                "PYTHONPATH": str(ROOT),
                "DISCLOSURE_HOME": str(self.home),
                "DISCLOSURE_AGENCY_NAME": "洲上乡人民政府",
                "DISCLOSURE_LEADERS": "terminal:leader",
            },
        )

    def plays(self) -> Iterator[str]:
        """The story, chapter by chapter, as each terminal showed it."""
        for when, who, lines in STORY:
            typed = "".join(f"{line}\n" for line in lines.split("|"))
            done = self.runs(when, "chat", *who, typed=typed)
            assert done.returncode == 0, done.stderr
            yield f"===== {when} $ disclosure chat {' '.join(who)}\n\n{done.stdout}"


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> tuple[Office, str]:
    office = Office(tmp_path_factory.mktemp("office"))
    return office, "\n".join(office.plays())


def test_case_is_served_in_time(played: tuple[Office, str]) -> None:
    """Every chapter led on, and the clock agrees with an independent calendar."""
    office, transcript = played
    for sentence in (
        "已经提交，编号是 2026-0001",
        "期限重新起算",
        "已请另一位工作人员审核",
        "2026-0001 已签发，还没有送出",
        "您的申请 2026-0001 有答复了（部分公开",
        "2026-0001 的答复（2026年10月31日",
    ):
        assert sentence in transcript
    assert ID_NUMBER not in transcript.partition("2026-09-16T10:00")[2]
    shown = office.runs("2026-11-02T10:00", *COMMANDS[0]).stdout
    due_on = counted(date(2026, 9, 18), 30, (date(2026, 9, 21), date(2026, 9, 28)))
    assert f"due on {due_on}" in shown
    assert "2026-10-01   -  国庆节" in shown
    assert "2026-10-31  served" in shown


def test_every_letter_was_handed_out(played: tuple[Office, str]) -> None:
    """To the applicant, to the clerk to print, to the leader to look at."""
    office, _ = played
    given = {
        folder.name: {file.name.partition("_")[0] for file in folder.glob("*.docx")}
        for folder in (office.home / "files").iterdir()
    }
    assert given == {
        "xiuying": {
            "政府信息公开申请接收回执",
            "政府信息公开申请补正告知书",
            "政府信息公开征求意见告知书",
            "政府信息公开延期答复告知书",
            "政府信息公开申请答复书",
        },
        "staff": {
            "政府信息公开申请登记表",
            "政府信息公开征求意见书",
            "政府信息公开征求意见确认函",
            "政府信息公开申请协办函",
            "政府信息公开申请答复书",
        },
        "leader": {"政府信息公开申请答复书"},
    }


def test_report_counts_the_case(played: tuple[Office, str]) -> None:
    """One request, carried by nobody, partly disclosed."""
    office, _ = played
    explained = office.runs("2026-12-31T10:00", *COMMANDS[2])
    assert explained.stdout.splitlines()[-1] == "2026-0001"
    report = office.runs("2026-12-31T10:00", *COMMANDS[3]).stdout
    assert "| 三、本年度办理结果（七）总计 | 1 | 0 | 0 | 0 | 0 | 0 | 1 |" in report
    assert "| 四、结转下年度继续办理 | 0 | 0 | 0 | 0 | 0 | 0 | 0 |" in report


def test_tampering_is_named(played: tuple[Office, str], tmp_path: Path) -> None:
    """Who changes a row by hand, past the triggers, is found out: the first bad event is named."""
    office = Office(tmp_path / "copy")
    shutil.copytree(played[0].home, office.home)
    assert office.runs("2026-11-02T10:00", "requests", "verify").stdout == "The record is whole: 16 events.\n"
    with sqlite3.connect(office.home / "ledger.db") as ledger:
        with pytest.raises(sqlite3.IntegrityError):
            ledger.execute("UPDATE events SET \"on\" = '2026-09-15' WHERE kind = 'received'")
        for (trigger,) in ledger.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            ledger.execute(f'DROP TRIGGER "{trigger}"')
        ledger.execute("UPDATE events SET \"on\" = '2026-09-15' WHERE kind = 'received'")
    verified = office.runs("2026-11-02T10:00", "requests", "verify")
    assert verified.returncode == 1
    assert "event 2 (2026-0001) does not fit" in verified.stderr


def main() -> None:
    """Print the transcript: the chapters, then what the operator's commands say."""
    office = Office(Path(sys.argv[1]))
    for chapter in office.plays():
        print(chapter)
    for command in COMMANDS:
        done = office.runs("2026-11-02T10:00", *command)
        print(f"===== $ disclosure {' '.join(command)}\n\n{done.stdout}{done.stderr}")


if __name__ == "__main__":
    main()
