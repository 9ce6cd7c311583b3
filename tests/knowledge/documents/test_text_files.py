"""Text, Markdown and CSV: lines as they stand, tables as tables, marks of Markdown gone."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.documents.document import Block, BlockKind, NoteKind, Table
from knowledge.documents.reading import read_document
from knowledge.errors import SourceError


def _blocks(folder: Path, name: str, text: str | bytes) -> list[tuple[int, str | Table]]:
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return [(block.at, block.table or block.text) for block in read_document(path, name).blocks]


def test_lines_are_paragraphs_with_their_numbers(tmp_path: Path) -> None:
    text = "\ufeff停水通知\r\n\r\n　　明天停水。\r\n————————\r\n"
    assert _blocks(tmp_path, "a.txt", text) == [(1, "停水通知"), (3, "明天停水。")]


@pytest.mark.parametrize(
    "text",
    [
        "头\n| 村 | 户 |\n|----|----|\n| 东村 | 12 |\n",
        "头\n┌──┬──┐\n│ 村 │ 户 │\n├──┼──┤\n│ 东村 │ 12 │\n└──┴──┘\n",
    ],
)
def test_lines_between_bars_are_a_table(tmp_path: Path, text: str) -> None:
    head, (_, table) = _blocks(tmp_path, "a.txt", text)
    assert head == (1, "头")
    assert isinstance(table, Table)
    assert table.rows == (("村", "户"), ("东村", "12"))
    assert [text.splitlines()[line - 1].count("村") for line in table.lines] == [1, 1]


def test_lines_with_the_same_tabs_are_a_table(tmp_path: Path) -> None:
    rows = Table((("村", "户", "元"), ("东村", "12", "")), lines=(2, 3))
    text = "头\n村\t户\t元\n东村\t12\t\n尾\t甲\n"
    assert _blocks(tmp_path, "a.txt", text) == [(1, "头"), (2, rows), (4, "尾\t甲")]


def test_markdown(tmp_path: Path) -> None:
    text = (
        '# 停水**通知**\n\n范围\n----\n- 东村\n- [西村](x.html "y")\n1. 时间 `8:30`\n> 引文 ![图](a.png)\n'
        "***\n姓名：____年\\_月 5*3\n```\n代码\n```\n| 村 | 户 |\n|:--|--:|\n| **东** | 1 |\n"
    )
    path = tmp_path / "a.md"
    path.write_text(text, encoding="utf-8")
    assert read_document(path, "a.md").blocks == (
        Block(BlockKind.HEADING, "停水通知", level=1, at=1),
        Block(BlockKind.HEADING, "范围", level=2, at=3),
        Block(BlockKind.LIST_ITEM, "东村", at=5),
        Block(BlockKind.LIST_ITEM, "西村", at=6),
        Block(BlockKind.PARAGRAPH, "1. 时间 8:30", at=7),
        Block(BlockKind.PARAGRAPH, "引文 图", at=8),
        Block(BlockKind.PARAGRAPH, "姓名：____年_月 5*3", at=10),
        Block(BlockKind.PARAGRAPH, "代码", at=12),
        Block(BlockKind.TABLE, at=14, table=Table((("村", "户"), ("东", "1")), lines=(14, 16))),
    )


@pytest.mark.parametrize(("separator", "encoding"), [(",", "utf-8"), ("\t", "gb18030"), (";", "utf-16")])
def test_csv(tmp_path: Path, separator: str, encoding: str) -> None:
    text = '村,户,"备注"\n东村,12,"甲\n乙"\n'.replace(",", separator)
    rows = (("村", "户", "备注"), ("东村", "12", "甲 乙"))
    assert _blocks(tmp_path, "a.csv", text.encode(encoding)) == [(1, Table(rows, lines=(1, 3)))]


def test_a_lost_character_leaves_its_line_out_and_says_so(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(("发放高龄津贴的通知\n" * 50 + "每月一百元").encode()[:-1])
    document = read_document(path, "a.txt")
    assert {block.text for block in document.blocks} == {"发放高龄津贴的通知"}
    assert [(note.kind, note.text) for note in document.notes] == [
        (NoteKind.LEFT_OUT, "第 51 行（段）有坏字“\ufffd”，这里没有收入")
    ]


def test_refusals_say_what_to_do(tmp_path: Path) -> None:
    for name, content, reason in [
        ("a.txt", b"", "没有文字"),
        ("b.txt", bytes(range(256)), "认不出文字编码"),
        ("c.exe", b"MZ", "读不了 .exe 文件"),
        ("d", b"\x00", "读不了 没有后缀的 文件"),
        ("e.txt", "字".encode() * 5_000_001, "文字太多"),
        ("f.txt", "字\n".encode() * 50_001, "段落、表格太多"),
    ]:
        (tmp_path / name).write_bytes(content)
        with pytest.raises(SourceError, match=reason):
            read_document(tmp_path / name, name)
    with pytest.raises(SourceError, match="没有这个文件"):
        read_document(tmp_path / "g.txt", "g.txt")


def test_a_very_long_line_is_cut_at_its_sentences(tmp_path: Path) -> None:
    blocks = _blocks(tmp_path, "a.txt", "甲乙丙丁戊己庚辛壬癸。" * 3000)
    assert "".join(str(text) for _, text in blocks) == "甲乙丙丁戊己庚辛壬癸。" * 3000
    assert {at for at, _ in blocks} == {1}
    assert all(len(str(text)) <= 10_000 and str(text).endswith("。") for _, text in blocks)
