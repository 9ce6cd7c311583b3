"""The whole story in terminals that share one ledger, by the command a person types, with piped input."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

REPLY = "2018年村道硬化工程共支出专项资金三十二万元，明细见乡政府公开栏。"
ID_NUMBER = "430821199003074512"  # invented; its check digit is right


def chat(home: Path, lines: list[str], *options: str) -> str:
    """What `disclosure chat` prints when these lines are typed."""
    environment = {
        **{
            name: value
            for name, value in os.environ.items()
            if not name.startswith("DISCLOSURE_") or name == "DISCLOSURE_MEANING"
        },
        "DISCLOSURE_HOME": str(home),
        "DISCLOSURE_AGENCY_NAME": "洲上乡人民政府",
        "PYTHONWARNINGS": "error",
    }
    done = subprocess.run(
        [str(Path(sys.executable).with_name("disclosure")), "chat", *options],
        input="".join(f"{line}\n" for line in lines),
        capture_output=True,
        encoding="utf-8",
        env=environment,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_story(tmp_path: Path) -> None:
    """Ask, suggest, file in one terminal; confirm, reply, publish in another; ask again in the first."""
    first = chat(
        tmp_path,
        [
            "低保咋申请",
            "都不是",
            "2018年修路花了多少钱",
            "申请公开",
            "个人",
            "覃小满",
            ID_NUMBER,
            "13800138000",
            "2018年村道硬化工程的支出明细",
            "电子文件",
            "1",
            "确认提交",
            "退出",
        ],
    )
    assert "[1] 低保政策公开了吗" in first
    assert "都不是" in first
    number = first.partition("已经提交，编号是 ")[2].partition("。")[0]
    assert number

    second = chat(
        tmp_path,
        [
            "确认收到（开始计期）",
            "答复",
            "可以公开，全部给",
            REPLY,
            "保存答复",
            "发出，今天当面送达签收",
            "公开这条",
            "确认公开",
        ],
        "--as",
        "staff",
    )
    assert f"新的公开申请 {number}" in second
    assert "期限开始计算" in second
    assert "已经公开" in second
    assert ID_NUMBER not in second

    third = chat(tmp_path, ["2018年村道硬化工程花了多少钱", "进度"])
    news, _, asked = third.partition("> 2018年村道硬化工程花了多少钱")
    assert f"您的申请 {number} 有答复了" in news
    assert f"│ {REPLY}" in asked
    assert f"依申请公开答复（{number}）" in asked
    assert f"{number} 2018年村道硬化工程的支出明细" in asked
