"""What only announces is no answer: 现将有关事项通知如下 holds much of what is asked, and states nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.base import Base, build_base
from knowledge.entry import Answer, Suggest
from knowledge.sources import read_folder
from knowledge.sources.opening import only_announces

NOTICE = """青石镇人民政府关于调整高龄津贴发放标准的通知
青政发〔2024〕12号
各村（居）民委员会：
根据县民政局统一部署，现将2024年高龄津贴发放标准调整有关事项通知如下：
一、标准
八十岁以上每人每月120元，九十岁以上每人每月200元。
二、时间
自2024年7月起执行，每月10日前打入一卡通。
青石镇人民政府
2024年6月20日
"""
IN_ONE_PIECE = """关于东坡片区计划停水的公告
各用户：
因东坡片区供水管道检修，现将东坡片区计划停水的具体时间和范围公告如下：
停水从8月3日8时开始，到当天18时恢复。停水的是东坡村、石桥村的全部用户，请提前储水。
青石镇人民政府
2024年8月1日
"""


@pytest.mark.parametrize(
    ("text", "only"),
    [
        ("各村（居）民委员会：", True),
        ("根据上级部署，现将2024年标准调整有关事项通知如下：", True),
        ("东坡村委会：\n你村《关于修桥的请示》（东村字〔2024〕4号）收悉。经研究，现批复如下：", True),
        ("定于5月1日8时至18时停水，现将有关事项通知如下：", False),
        ("4月15日，镇长主持召开会议。现纪要如下：", False),
        ("各村：\n低保标准有调整。", False),
        ("根据《殡葬管理条例》，制定本办法。", False),
    ],
)
def test_what_only_announces(text: str, only: bool) -> None:
    assert only_announces(text) is only


def test_opening_is_no_entry_where_sections_follow(tmp_path: Path) -> None:
    (tmp_path / "通知.txt").write_text(NOTICE, encoding="utf-8")
    (paper,) = read_folder(tmp_path, {}).papers
    assert [entry.title for entry in paper.entries][:2] == ["标准", "时间"]
    assert not any("如下" in entry.text for entry in paper.entries)


@pytest.mark.parametrize(
    "question", ["高龄津贴发放标准调整", "2024年高龄津贴标准是多少", "高龄津贴什么时候发"]
)
def test_opening_is_not_what_is_quoted(tmp_path: Path, question: str) -> None:
    (tmp_path / "通知.txt").write_text(NOTICE, encoding="utf-8")
    build_base(tmp_path, tmp_path / "k.db")
    found = Base.open(tmp_path / "k.db").ask(question)
    assert isinstance(found, Answer | Suggest)
    assert "如下" not in found.hits[0].passage.text


def test_opening_of_a_text_in_one_piece_is_not_what_is_quoted(tmp_path: Path) -> None:
    (tmp_path / "公告.txt").write_text(IN_ONE_PIECE, encoding="utf-8")
    build_base(tmp_path, tmp_path / "k.db")
    found = Base.open(tmp_path / "k.db").ask("东坡片区停水的具体时间和范围")
    assert isinstance(found, Answer | Suggest)
    assert "8月3日8时" in found.hits[0].passage.text
