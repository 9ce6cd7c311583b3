"""Of an OpenDocument text what its page shows."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.documents.document import BlockKind, Document, Table
from knowledge.documents.reading import read_document
from tests.knowledge.documents.making import zipped

_NAMES = " ".join(
    f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{long}:1.0"'
    for short, long in [
        *[("office", "office"), ("text", "text"), ("table", "table"), ("style", "style")],
        *[("draw", "drawing"), ("fo", "xsl-fo-compatible")],
    ]
)
_STYLES = (
    '<style:style style:name="Struck"><style:text-properties style:text-line-through-style="solid"/>'
    "</style:style>"
    '<style:style style:name="Hidden"><style:text-properties text:display="none"/></style:style>'
    '<style:style style:name="Above"><style:text-properties style:text-position="super 58%"/></style:style>'
    '<style:style style:name="Below"><style:text-properties style:text-position="-33% 58%"/></style:style>'
    '<text:list-style style:name="L">'
    '<text:list-level-style-number text:level="1" style:num-format="一, 二, 三, ..." style:num-suffix="、"/>'
    '<text:list-level-style-number text:level="2" style:num-format="1" style:num-suffix="."/>'
    '<text:list-level-style-number text:level="3" style:num-format="1" text:display-levels="2"/>'
    "</text:list-style>"
)


def _read(folder: Path, body: str) -> Document:
    styles = f"<office:automatic-styles>{_STYLES}</office:automatic-styles>"
    content = f"<office:document-content {_NAMES}>{styles}<office:body><office:text>{body}</office:text>"
    parts: dict[str, str | bytes] = {
        "mimetype": "application/vnd.oasis.opendocument.text",
        "content.xml": f"{content}</office:body></office:document-content>",
    }
    return read_document(zipped(folder / "文.odt", parts), "文.odt")


@pytest.mark.parametrize(
    ("inside", "expected"),
    [
        pytest.param("清水\n   镇", ["清水 镇"], id="spaces"),
        pytest.param('甲<text:s text:c="2"/>乙<text:tab/>丙', ["甲  乙\t丙"], id="kept-spaces"),
        pytest.param("甲<text:line-break/>乙", ["甲", "乙"], id="line-break"),
        pytest.param('<text:span text:style-name="Struck">旧</text:span>新', ["新"], id="struck"),
        pytest.param('<text:span text:style-name="Hidden">密</text:span>新', ["新"], id="hidden"),
        pytest.param('30 m<text:span text:style-name="Above">2</text:span>', ["30 m²"], id="raised"),
        pytest.param('CO<text:span text:style-name="Below">2</text:span>', ["CO₂"], id="lowered"),
        pytest.param(
            "<text:ruby><text:ruby-base>甪</text:ruby-base><text:ruby-text>lù</text:ruby-text></text:ruby>里",
            ["甪里"],
            id="ruby",
        ),
        pytest.param("甲<office:annotation><text:p>批注</text:p></office:annotation>", ["甲"], id="comment"),
        pytest.param(
            "<draw:frame><draw:text-box><text:p>框</text:p></draw:text-box></draw:frame>甲",
            ["甲", "框"],
            id="box",
        ),
        pytest.param(
            "甲<text:note><text:note-citation>1</text:note-citation>"
            "<text:note-body><text:p>含税</text:p></text:note-body></text:note>乙",
            ["甲¹乙", "¹含税"],
            id="footnote",
        ),
    ],
)
def test_a_paragraph_is_what_it_shows(tmp_path: Path, inside: str, expected: list[str]) -> None:
    blocks = _read(tmp_path, f"<text:p>{inside}</text:p>").blocks
    assert [block.text for block in blocks] == expected


def test_headings_sections_and_tracked_changes(tmp_path: Path) -> None:
    document = _read(
        tmp_path,
        "<text:tracked-changes><text:p>删去的</text:p></text:tracked-changes>"
        '<text:h text:outline-level="2">范围</text:h><text:section><text:p>东村</text:p></text:section>',
    )
    assert [(block.kind, block.level, block.text) for block in document.blocks] == [
        (BlockKind.HEADING, 2, "范围"),
        (BlockKind.PARAGRAPH, 0, "东村"),
    ]


def test_numbers_of_lists(tmp_path: Path) -> None:
    def item(words: str, inner: str = "") -> str:
        return f"<text:list-item><text:p>{words}</text:p>{inner}</text:list-item>"

    deep = f"<text:list>{item('丁')}</text:list>"
    inner = f"<text:list>{item('乙')}{item('丙', deep)}</text:list>"
    first = f'<text:list text:style-name="L">{item("甲", inner)}{item("戊")}</text:list>'
    again = f'<text:list text:style-name="L" text:continue-numbering="true">{item("己")}</text:list>'
    blocks = _read(tmp_path, first + again).blocks
    assert [block.text for block in blocks] == ["一、甲", "1.乙", "2.丙", "2.1 丁", "二、戊", "三、己"]


def test_tables(tmp_path: Path) -> None:
    def cell(words: str, spans: str = "") -> str:
        return f"<table:table-cell {spans}><text:p>{words}</text:p></table:table-cell>"

    covered = "<table:covered-table-cell/>"
    down, across = 'table:number-rows-spanned="2"', 'table:number-columns-spanned="2"'
    head = f"<table:table-header-rows><table:table-row>{cell('项目', across)}{covered}{cell('件')}"
    rows = (
        f"<table:table-row>{cell('结果', down)}{cell('公开')}{cell('3')}</table:table-row>"
        f"<table:table-row>{covered}{cell('不公开')}{cell('')}</table:table-row>"
        '<table:table-row table:number-rows-repeated="1048576">'
        '<table:table-cell table:number-columns-repeated="16384"/>'
        "</table:table-row>"
    )
    body = f"<table:table>{head}</table:table-row></table:table-header-rows>{rows}</table:table>"
    assert _read(tmp_path, body).tables == (
        Table((("项目", None, "件"), ("结果", "公开", "3"), (None, "不公开", "")), header_rows=1),
    )
