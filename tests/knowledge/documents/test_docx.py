"""Of a Word document that is read which the page shows."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.documents.document import BlockKind, Document, NoteKind, Table
from knowledge.documents.reading import read_document
from knowledge.errors import SourceError
from tests.knowledge.documents.making import STRICT, cell, docx, paragraph, row, run, table


def _read(path: Path, body: str, **parts: str) -> Document:
    return read_document(docx(path / "文.docx", body, **parts), "文.docx")


def _texts(path: Path, body: str, **parts: str) -> list[str]:
    return [block.text for block in _read(path, body, **parts).blocks]


_ABOVE = '<w:vertAlign w:val="superscript"/>'
_BELOW = '<w:vertAlign w:val="subscript"/>'
_FIELD_BEGIN = '<w:r><w:fldChar w:fldCharType="begin"/>'
_FIELD_MIDDLE = '<w:fldChar w:fldCharType="separate"/></w:r>'
_FIELD_END = '<w:r><w:fldChar w:fldCharType="end"/></w:r>'


def _num(list_id: int, level: int = 0) -> str:
    return f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{list_id}"/></w:numPr>'


def _lvl(at: int, form: str, text: str, more: str = "") -> str:
    start = '<w:start w:val="1"/>' if "w:start " not in more else ""
    return f'<w:lvl w:ilvl="{at}">{start}<w:numFmt w:val="{form}"/>{more}<w:lvlText w:val="{text}"/></w:lvl>'


_LISTS = (
    '<w:abstractNum w:abstractNumId="0">'
    + _lvl(0, "chineseCountingThousand", "%1、")
    + _lvl(1, "chineseCounting", "（%2）")
    + _lvl(2, "decimal", "%3.")
    + _lvl(3, "decimal", "%1.%3", "<w:isLgl/>")
    + "</w:abstractNum>"
    + '<w:abstractNum w:abstractNumId="1">'
    + _lvl(0, "bullet", "\uf06c")
    + "</w:abstractNum>"
    + '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    + '<w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>'
    + '<w:num w:numId="3"><w:abstractNumId w:val="0"/>'
    + '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>'
)


# ---- inline


@pytest.mark.parametrize(
    ("inside", "expected"),
    [
        pytest.param(f"<w:ins>{run('每亩')}</w:ins>{run('三万元')}", "每亩三万元", id="inserted"),
        pytest.param(
            f"{run('每亩')}<w:del><w:r><w:delText>二</w:delText></w:r></w:del>{run('三万元')}",
            "每亩三万元",
            id="deleted",
        ),
        pytest.param(
            f"<w:moveFrom>{run('甲')}</w:moveFrom><w:moveTo>{run('乙')}</w:moveTo>", "乙", id="moved"
        ),
        pytest.param(
            f"<w:sdt><w:sdtPr/><w:sdtContent>{run('五月六日')}</w:sdtContent></w:sdt>{run('停水')}",
            "五月六日停水",
            id="inline-control",
        ),
        pytest.param(
            f"<w:smartTag><w:customXml>{run('东门')}</w:customXml></w:smartTag>{run('村')}",
            "东门村",
            id="smart-tag",
        ),
        pytest.param(f"<w:hyperlink>{run('办事指南')}</w:hyperlink>", "办事指南", id="link"),
        pytest.param(f"<w:fldSimple>{run('2024')}</w:fldSimple>{run('年')}", "2024年", id="simple-field"),
        pytest.param(
            f"{_FIELD_BEGIN}<w:instrText> DATE </w:instrText>{_FIELD_MIDDLE}"
            + run("2025")
            + _FIELD_END
            + run("年"),
            "2025年",
            id="field",
        ),
        pytest.param(
            _FIELD_BEGIN
            + "<w:instrText>EQ \\* jc2 \\* hps10 \\o\\ad(\\s\\up 9(lù),甪)</w:instrText></w:r>"
            + _FIELD_END
            + run("里村"),
            "甪里村",
            id="old-ruby",
        ),
        pytest.param(
            f"<w:r><w:ruby><w:rt>{run('lù')}</w:rt><w:rubyBase>{run('甪')}</w:rubyBase></w:ruby></w:r>"
            + run("里村"),
            "甪里村",
            id="ruby",
        ),
        pytest.param(run("旧", "<w:strike/>") + run("新"), "新", id="struck"),
        pytest.param(run("旧", "<w:dstrike/>") + run("新"), "新", id="struck-twice"),
        pytest.param(run("新", '<w:strike w:val="0"/>'), "新", id="not-struck"),
        pytest.param(run("批注", "<w:vanish/>") + run("正文"), "正文", id="hidden"),
        pytest.param(
            run("库容1.5×10") + run("4", _ABOVE) + run("方"),
            "库容1.5×10⁴方",
            id="superscript",
        ),
        pytest.param(run("CO") + run("2", _BELOW), "CO₂", id="subscript"),
        pytest.param(
            f"{run('面积3')}<m:oMath><m:sSup><m:e><m:r><m:t>m</m:t></m:r></m:e>"
            "<m:sup><m:r><m:t>2</m:t></m:r></m:sup></m:sSup></m:oMath>",
            "面积3m²",
            id="formula",
        ),
        pytest.param(
            '<w:commentRangeStart w:id="0"/>' + run("甲") + '<w:r><w:commentReference w:id="0"/></w:r>',
            "甲",
            id="comment",
        ),
        pytest.param('<w:r><w:sym w:font="Wingdings" w:char="F0FE"/></w:r>' + run("是"), "☑是", id="tick"),
        pytest.param("<w:r><w:t>电话</w:t><w:tab/><w:t>0790</w:t></w:r>", "电话\t0790", id="tab"),
    ],
)
def test_a_paragraph_is_what_it_shows(tmp_path: Path, inside: str, expected: str) -> None:
    assert _texts(tmp_path, paragraph(inside)) == [expected]


def test_styles_strike_hide_and_raise_too(tmp_path: Path) -> None:
    styles = (
        '<w:style w:type="character" w:styleId="Old"><w:rPr><w:strike/></w:rPr></w:style>'
        '<w:style w:type="character" w:styleId="Older"><w:basedOn w:val="Old"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="Inner"><w:rPr><w:vanish/></w:rPr></w:style>'
    )
    body = paragraph(run("旧", '<w:rStyle w:val="Older"/>'), "新") + paragraph(
        "内部", properties='<w:pStyle w:val="Inner"/>'
    )
    assert _texts(tmp_path, body, styles=styles) == ["新"]


def test_a_deleted_paragraph_mark_joins_two_paragraphs(tmp_path: Path) -> None:
    body = paragraph("水位超过", properties="<w:rPr><w:del/></w:rPr>") + paragraph("汛限水位时转移。")
    assert _texts(tmp_path, body) == ["水位超过汛限水位时转移。"]


def test_a_line_break_begins_a_new_paragraph(tmp_path: Path) -> None:
    assert _texts(tmp_path, paragraph("<w:r><w:t>甲</w:t><w:br/><w:t>乙</w:t></w:r>")) == ["甲", "乙"]


# ---- blocks


def test_controls_around_blocks_are_read_and_a_contents_page_is_not(tmp_path: Path) -> None:
    contents = (
        '<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj></w:sdtPr>'
        f"<w:sdtContent>{paragraph('一、范围 1')}</w:sdtContent></w:sdt>"
    )
    control = f"<w:sdt><w:sdtContent>{paragraph('五月六日')}{table(row('村', '户'))}</w:sdtContent></w:sdt>"
    document = _read(tmp_path, contents + control)
    assert [block.text for block in document.blocks] == ["五月六日", ""]
    assert document.tables == (Table((("村", "户"),)),)


def test_text_boxes_are_read_once(tmp_path: Path) -> None:
    box = f"<w:txbxContent>{paragraph('咨询电话0790')}</w:txbxContent>"
    drawn = (
        "<w:r><mc:AlternateContent>"
        f"<mc:Choice><w:drawing><wps:txbx>{box}</wps:txbx></w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict></mc:Fallback>"
        "</mc:AlternateContent></w:r>"
    )
    assert _texts(tmp_path, paragraph("通知", drawn)) == ["通知", "咨询电话0790"]


def test_a_footnote_stands_behind_its_paragraph(tmp_path: Path) -> None:
    footnotes = f'<w:footnote w:id="2">{paragraph("含税。")}</w:footnote>'
    body = paragraph("每吨三元", '<w:r><w:footnoteReference w:id="2"/></w:r>') + paragraph("后文")
    assert _texts(tmp_path, body, footnotes=footnotes) == ["每吨三元¹", "¹含税。", "后文"]


def test_levels_come_from_styles_and_paragraphs(tmp_path: Path) -> None:
    styles = (
        '<w:style w:type="paragraph" w:styleId="1"><w:name w:val="heading 1"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="T"><w:name w:val="Title"/></w:style>'
    )
    body = (
        paragraph("停水通知", properties='<w:pStyle w:val="T"/>')
        + paragraph("范围", properties='<w:pStyle w:val="1"/>')
        + paragraph("时间", properties='<w:outlineLvl w:val="1"/>')
        + paragraph("正文", properties='<w:outlineLvl w:val="9"/>')
    )
    document = _read(tmp_path, body, styles=styles, title="文档1")
    assert [(block.kind, block.level) for block in document.blocks] == [
        (BlockKind.PARAGRAPH, 0),
        (BlockKind.HEADING, 1),
        (BlockKind.HEADING, 2),
        (BlockKind.PARAGRAPH, 0),
    ]
    assert document.declared_title == "停水通知"


def test_a_picture_is_told(tmp_path: Path) -> None:
    picture = '<w:r><w:pict><v:imagedata r:id="rId9"/></w:pict></w:r>'
    document = _read(tmp_path, paragraph("附图", picture))
    assert [note.kind for note in document.notes] == [NoteKind.LEFT_OUT]


# ---- automatic numbers


def test_numbers_that_word_shows(tmp_path: Path) -> None:
    levels = [(1, 0), (1, 1), (1, 2), (1, 2), (1, 1), (1, 2), (1, 0), (1, 2), (1, 3), (3, 0), (2, 0)]
    body = "".join(paragraph("甲", properties=_num(list_id, level)) for list_id, level in levels)
    document = _read(tmp_path, body, numbering=_LISTS)
    assert [block.text for block in document.blocks] == [
        *(
            "一、甲",
            "（一）甲",
            "1.甲",
            "2.甲",
            "（二）甲",
            "1.甲",
            "二、甲",
            "1.甲",
            "2.1 甲",
            "一、甲",
            "甲",
        ),
    ]
    assert document.blocks[-1].kind is BlockKind.LIST_ITEM


def test_a_style_brings_its_list_and_a_paragraph_leaves_it(tmp_path: Path) -> None:
    styles = f'<w:style w:type="paragraph" w:styleId="L"><w:pPr>{_num(1)}</w:pPr></w:style>'
    style = '<w:pStyle w:val="L"/>'
    body = (
        paragraph("甲", properties=style)
        + paragraph("乙", properties=style + _num(0))
        + paragraph("删", properties=style + "<w:rPr><w:vanish/></w:rPr>").replace("删", "")
        + paragraph("丙", properties=style)
    )
    assert _texts(tmp_path, body, styles=styles, numbering=_LISTS) == ["一、甲", "乙", "二、丙"]


# ---- tables


def test_merged_cells_stand_once_in_their_place(tmp_path: Path) -> None:
    down, across = '<w:vMerge w:val="restart"/>', '<w:gridSpan w:val="2"/>'
    body = table(
        row(cell("项目", properties=across), "件数", properties="<w:tblHeader/>"),
        row(cell("结果", properties=down), "公开", "3"),
        row(cell("", properties="<w:vMerge/>"), "不公开", ""),
        row("合计", "3", properties='<w:gridBefore w:val="1"/>'),
    )
    assert _read(tmp_path, body).tables == (
        Table(
            (("项目", None, "件数"), ("结果", "公开", "3"), (None, "不公开", ""), ("", "合计", "3")),
            header_rows=1,
        ),
    )


def test_deleted_and_hidden_rows_are_not_there(tmp_path: Path) -> None:
    body = table(
        row("甲", "1"),
        row("乙", "2", properties="<w:del/>"),
        row("丙", "3", properties="<w:hidden/>"),
        f"<w:sdt><w:sdtContent>{row('丁', '4')}</w:sdtContent></w:sdt>",
    )
    assert _read(tmp_path, body).tables == (Table((("甲", "1"), ("丁", "4"))),)


def test_numbers_in_cells_are_read(tmp_path: Path) -> None:
    body = table(*(row(cell(paragraph(properties=_num(1, 2))), name) for name in ("东村", "西村")))
    assert _read(tmp_path, body, numbering=_LISTS).tables == (Table((("1.", "东村"), ("2.", "西村"))),)


def test_a_table_that_lays_out_the_page_gives_its_contents(tmp_path: Path) -> None:
    inner = table(row("村", "户"), row("东村", "12"))
    document = _read(tmp_path, table(row(cell("通知", inner))))
    assert [block.text for block in document.blocks] == ["通知", ""]
    assert document.tables == (Table((("村", "户"), ("东村", "12"))),)


def test_a_small_table_in_a_cell_stands_behind_its_table(tmp_path: Path) -> None:
    inner = table(row("甲", "1"))
    document = _read(tmp_path, table(row("说明的文字", cell("见下", inner)), row("另一行", "文字")))
    assert document.tables == (
        Table((("说明的文字", "见下"), ("另一行", "文字"))),
        Table((("甲", "1"),)),
    )


# ---- files


def test_strict_documents_are_read(tmp_path: Path) -> None:
    assert _texts(tmp_path, paragraph("一、防火期"), namespace=STRICT) == ["一、防火期"]


def test_a_damaged_file_is_refused(tmp_path: Path) -> None:
    path = docx(tmp_path / "文.docx", paragraph("甲"))
    path.write_bytes(path.read_bytes()[:300])
    with pytest.raises(SourceError, match="打不开"):
        read_document(path, "文.docx")


def test_a_file_with_another_name_is_read_as_what_it_is(tmp_path: Path) -> None:
    path = docx(tmp_path / "文.doc", paragraph("甲"))
    assert [block.text for block in read_document(path, "文.doc").blocks] == ["甲"]
