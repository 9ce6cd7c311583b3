"""Of a web page that is read which a person reads there, without the site around it."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.documents.document import BlockKind, Document, NoteKind, Table
from knowledge.documents.reading import read_document
from knowledge.errors import SourceError


def _read(folder: Path, body: str, *, head: str = "", encoding: str = "utf-8") -> Document:
    path = folder / "页.html"
    page = f"<!DOCTYPE html><html><head>{head}</head><body>{body}</body></html>"
    path.write_bytes(page.encode(encoding))
    return read_document(path, "页.html")


def _texts(folder: Path, body: str) -> list[str]:
    return [block.text for block in _read(folder, body).blocks]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param("<p>甲</p>乙<div>丙<p>丁</p>戊</div>", ["甲", "乙", "丙", "丁", "戊"], id="blocks"),
        pytest.param("<p>甲<br>乙</p>", ["甲", "乙"], id="line-break"),
        pytest.param("<p>清水\n  镇</p>", ["清水 镇"], id="spaces"),
        pytest.param("<p>30 m<sup>2</sup>，CO<sub>2</sub></p>", ["30 m²，CO₂"], id="raised"),
        pytest.param("<p><ruby>甪<rp>(</rp><rt>lù</rt><rp>)</rp></ruby>里</p>", ["甪里"], id="ruby"),
        pytest.param("<p><del>二万</del><s>一万</s><ins>三万</ins>元</p>", ["三万元"], id="struck"),
        pytest.param(
            '<p><span style="TEXT-DECORATION: line-through">二</span><span hidden>四</span>'
            '<b style="display : none">五</b>三</p>',
            ["三"],
            id="struck-or-hidden-by-style",
        ),
        pytest.param("<script>var 甲</script><style>乙{}</style><!-- 丙 --><p>丁</p>", ["丁"], id="scripts"),
        pytest.param("<nav>首页</nav><p>甲</p><footer>主办</footer>", ["甲"], id="nav-and-footer"),
        pytest.param(
            '<div class="main-nav"><a href="/">首页</a></div><div id="crumb">首页</div><p>甲乙丙丁戊己庚</p>',
            ["甲乙丙丁戊己庚"],
            id="furniture-by-class",
        ),
        pytest.param(
            '<div class="nav-content"><p>停水通知</p><p>明天停水。</p></div>',
            ["停水通知", "明天停水。"],
            id="a-class-is-not-believed-for-the-whole-page",
        ),
        pytest.param(
            "<p><a href=/>首页</a> &gt; <a href=/z>政务公开</a></p><p>甲</p>", ["甲"], id="links-in-a-line"
        ),
        pytest.param(
            "<ul><li><a href=/1>机构</a><li><a href=/2>人事</a><li><a href=/3>财政</a></ul><p>甲</p>",
            ["甲"],
            id="links-below-each-other",
        ),
        pytest.param(
            "<p><a href=a.doc>附件1</a> <a href=b.pdf>附件2</a></p>", ["附件1 附件2"], id="links-to-files"
        ),
        pytest.param("<p>当前位置：年报</p><p>甲</p>", ["甲"], id="where-one-is"),
        pytest.param("<pre>甲\n乙</pre>", ["甲", "乙"], id="preformatted"),
        pytest.param("<p>甲<p>乙", ["甲", "乙"], id="unclosed"),
        pytest.param("<p>&#x4E59;&nbsp;&lt;丙&gt;</p>", ["乙 <丙>"], id="references"),
    ],
)
def test_text(tmp_path: Path, body: str, expected: list[str]) -> None:
    assert _texts(tmp_path, body) == expected


def test_headings_items_and_title(tmp_path: Path) -> None:
    document = _read(tmp_path, "<h1>停水通知</h1><h3>范围</h3><ul><li>东村</ul>", head="<title>站点</title>")
    assert document.declared_title == "停水通知"
    assert [(block.kind, block.level, block.text) for block in document.blocks] == [
        (BlockKind.HEADING, 1, "停水通知"),
        (BlockKind.HEADING, 3, "范围"),
        (BlockKind.LIST_ITEM, 0, "东村"),
    ]
    assert _read(tmp_path, "<p>甲</p>", head="<title> 停水\n通知 </title>").declared_title == "停水 通知"


def test_tables(tmp_path: Path) -> None:
    body = (
        "<table><caption>表一</caption><thead><tr><th colspan=2>项目<th>件</thead>"
        "<tr><td rowspan=2>结果<td>公开<td>3<tr><td>不公开<td></table>"
    )
    rows = (("项目", None, "件"), ("结果", "公开", "3"), (None, "不公开", ""))
    assert _read(tmp_path, body).tables == (Table(rows, header_rows=1, caption="表一"),)


def test_lines_of_a_cell_are_one_text(tmp_path: Path) -> None:
    body = "<table><tr><td><p>电话</p><p>0790</p><td>甲<br>乙<tr><td>丙<td>丁</table>"
    assert _read(tmp_path, body).tables == (Table((("电话 0790", "甲 乙"), ("丙", "丁"))),)


def test_a_table_that_lays_out_the_page_is_none(tmp_path: Path) -> None:
    inner = "<table><tr><td>村<td>户<tr><td>东村<td>12</table>"
    document = _read(tmp_path, f"<table><tr><td>左<td><p>通知</p>{inner}</table>")
    assert [block.text for block in document.blocks] == ["左", "通知", ""]
    assert document.tables == (Table((("村", "户"), ("东村", "12"))),)


def test_a_declared_encoding_is_used(tmp_path: Path) -> None:
    text = "關於發放養老補貼的通知，六十五歲以上的長者憑身分證領取。"
    document = _read(tmp_path, f"<p>{text}</p>", head="<meta charset=big5>", encoding="big5")
    assert document.blocks[0].text == "关于发放养老补贴的通知，六十五岁以上的长者凭身分证领取。"
    assert document.notes == ()
    guessed = _read(tmp_path, f"<p>{text}</p>", encoding="big5")
    assert [note.kind for note in guessed.notes] == [NoteKind.ENCODING_GUESSED]


def test_deep_pages_are_read_or_refused_by_name(tmp_path: Path) -> None:
    deep = _read(tmp_path, "<div>" * 1500 + "深" + "</div>" * 1500)
    assert [block.text for block in deep.blocks] == ["深"]
    with pytest.raises(SourceError, match="嵌套太深"):
        _read(tmp_path, "<div>" * 3000 + "深")
