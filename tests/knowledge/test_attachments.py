"""The attachments that a document names: listed, shown by `check`, asked for; and they open no sections."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from knowledge.base import Base, build_base
from knowledge.entry import Answer
from knowledge.sources import Paper, read_folder

NOTICE = """清水镇人民政府关于开展冬季供水检修的通知
清政发〔2025〕7号
各村民委员会：
一、检修时间
十二月三日至五日。
二、检修范围
东门村、河口村。
{attachments}
清水镇人民政府
2025年11月28日
（此件公开发布）
"""


def paper_of(folder: Path, attachments: str) -> Paper:
    (folder / "停水.txt").write_text(NOTICE.format(attachments=attachments), encoding="utf-8")
    (paper,) = read_folder(folder, {}).papers
    return paper


@pytest.mark.parametrize(
    ("lines", "names"),
    [
        ("附件：1．检修路段表\n　　　2．应急供水点名单", ("检修路段表", "应急供水点名单")),
        ("附件：1.检修路段表 2.应急供水点名单", ("检修路段表", "应急供水点名单")),
        ("附件：\n1、检修路段表\n2、应急供水点名单", ("检修路段表", "应急供水点名单")),
        ("附件：检修路段表", ("检修路段表",)),
        ("附 件: 2025年检修路段表（1.2公里）", ("2025年检修路段表（1.2公里）",)),
        ("", ()),
    ],
    ids=["below", "one-line", "head-alone", "single", "figures-in-a-name", "none"],
)
def test_attachments_are_listed(tmp_path: Path, lines: str, names: tuple[str, ...]) -> None:
    """However they are counted; the sections and the signature are as they were."""
    paper = paper_of(tmp_path, lines)
    assert paper.attachments == names
    assert paper.sections == 3  # 各村民委员会, 一, 二
    assert paper.signed_on == date(2025, 11, 28)
    assert not any("附件" in entry.text for entry in paper.entries if not entry.entry_id.endswith(":附件"))


def test_an_attachment_itself_stays_text(tmp_path: Path) -> None:
    """`附件：` above the text of one is no list."""
    text = "停水通知\n一、时间\n五月。\n附件：\n应急供水点\n东门村村部。\n"
    (tmp_path / "停水.txt").write_text(text, encoding="utf-8")
    (paper,) = read_folder(tmp_path, {}).papers
    assert paper.attachments == ()
    assert any("东门村村部" in entry.text for entry in paper.entries)


def test_attachments_can_be_asked(tmp_path: Path) -> None:
    """By the title, and of the notice that was quoted last."""
    folder = tmp_path / "folder"
    folder.mkdir()
    paper_of(folder, "附件：1．检修路段表\n　　　2．应急供水点名单")
    (folder / "补贴.txt").write_text(
        "清水镇人民政府关于发放耕地补贴的通知\n一、标准\n每亩一百二十元。\n附件：发放表\n清水镇人民政府\n2025年10月8日\n",
        encoding="utf-8",
    )
    build_base(folder, tmp_path / "knowledge.db")
    with Base.open(tmp_path / "knowledge.db") as base:
        named = base.ask("冬季供水检修的通知有哪些附件")
        assert isinstance(named, Answer)
        assert "1.检修路段表；2.应急供水点名单" in named.hits[0].entry.text
        for source, expected in (("停水.txt", "应急供水点名单"), ("补贴.txt", "附件：发放表")):
            followed = base.ask("这个通知有哪些附件", f"document:{source}:一")
            assert isinstance(followed, Answer)
            assert expected in followed.hits[0].entry.text
