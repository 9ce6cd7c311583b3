"""OFD: glyphs and rules of each page make the same paragraphs and tables as a PDF does."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.documents.document import NoteKind, Table
from knowledge.documents.reading import read_document
from knowledge.errors import SourceError
from tests.knowledge.documents.making import zipped

_NAME = 'xmlns:ofd="http://www.ofdspec.org/2016"'
FULL = "管护员汛期每天巡查一次非汛期每周巡查两次发现渗漏险情的应当立即报告"


def text(x: float, y: float, words: str, *, size: float = 5, more: str = "") -> str:
    """A line whose box begins at x, y (millimetres from the top left)."""
    deltas = f"g {len(words) - 1} {size}" if len(words) > 1 else ""
    return (
        f'<ofd:TextObject Boundary="{x} {y} {size * len(words)} {size}" Size="{size}" {more}>'
        f'<ofd:TextCode X="0" Y="{size * 0.85}" DeltaX="{deltas}">{words}</ofd:TextCode></ofd:TextObject>'
    )


def rule(x0: float, y0: float, x1: float, y1: float) -> str:
    """A ruled line."""
    data = f"M 0 0 L {x1 - x0} {y1 - y0}"
    return (
        f'<ofd:PathObject Boundary="{x0} {y0} {x1 - x0 or 0.1} {y1 - y0 or 0.1}">'
        f"<ofd:AbbreviatedData>{data}</ofd:AbbreviatedData></ofd:PathObject>"
    )


def ofd(path: Path, *pages: str, template: str = "") -> Path:
    """An OFD file; `template` lies under every page."""
    listed = "".join(f'<ofd:Page ID="{n}" BaseLoc="Pages/Page_{n}/Content.xml"/>' for n in range(len(pages)))
    under = '<ofd:TemplatePage ID="99" BaseLoc="Tpls/Tpl_0/Content.xml"/>' if template else ""
    uses = '<ofd:Template TemplateID="99"/>' if template else ""

    def layer(objects: str, before: str = "") -> str:
        content = f"<ofd:Content><ofd:Layer>{objects}</ofd:Layer></ofd:Content>"
        return f"<ofd:Page {_NAME}>{before}{content}</ofd:Page>"

    return zipped(
        path,
        {
            "OFD.xml": f"<ofd:OFD {_NAME}><ofd:DocBody><ofd:DocInfo><ofd:Title>题</ofd:Title></ofd:DocInfo>"
            "<ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
            "Doc_0/Document.xml": f"<ofd:Document {_NAME}><ofd:CommonData><ofd:PageArea>"
            f"<ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox></ofd:PageArea>{under}</ofd:CommonData>"
            f"<ofd:Pages>{listed}</ofd:Pages></ofd:Document>",
            "Doc_0/Tpls/Tpl_0/Content.xml": layer(template),
            **{f"Doc_0/Pages/Page_{n}/Content.xml": layer(page, uses) for n, page in enumerate(pages)},
        },
    )


def test_paragraphs_run_over_the_page_without_its_header(tmp_path: Path) -> None:
    first = text(20, 30, "办法") + text(30, 45, FULL[2:]) + text(20, 53, FULL)
    path = ofd(tmp_path / "文.ofd", first, text(20, 30, "同时报告。"), template=text(80, 10, "清水镇文件"))
    document = read_document(path, "文.ofd")
    assert [block.text for block in document.blocks] == ["办法", FULL[2:] + FULL + "同时报告。"]
    assert document.declared_title == "题"


def test_figures_that_are_as_wide_as_characters_are_one(tmp_path: Path) -> None:
    """Some programs set every character in a square of its own: 3600 is no 3 6 0 0."""
    document = read_document(ofd(tmp_path / "文.ofd", text(20, 30, "总投资3600万元，每吨1.8元。")), "文.ofd")
    assert [block.text for block in document.blocks] == ["总投资3600万元，每吨1.8元。"]


def test_a_ruled_table_is_a_table(tmp_path: Path) -> None:
    rules = [rule(20, y, 140, y) for y in (50, 60, 70)] + [rule(x, 50, x, 70) for x in (20, 60, 100, 140)]
    words = [
        text(22, 52, "项目"),
        text(62, 52, "人"),
        text(102, 52, "总计"),
        text(22, 62, "新收"),
        text(62, 62, "5"),
    ]
    document = read_document(ofd(tmp_path / "文.ofd", "".join([*rules, *words])), "文.ofd")
    assert document.tables == (Table((("项目", "人", "总计"), ("新收", "5", ""))),)


def test_scaled_and_invisible_text(tmp_path: Path) -> None:
    scaled = text(20, 30, "放大", more='CTM="2 0 0 2 0 0"')
    hidden = text(20, 80, "看不见", more='Visible="false"')
    document = read_document(ofd(tmp_path / "文.ofd", scaled + hidden), "文.ofd")
    assert [block.text for block in document.blocks] == ["放大"]


def test_pages_without_text_are_named_and_other_files_refused(tmp_path: Path) -> None:
    document = read_document(ofd(tmp_path / "文.ofd", text(20, 30, "通知"), ""), "文.ofd")
    assert [(note.kind, note.pages) for note in document.notes] == [(NoteKind.PAGES_WITHOUT_TEXT, (2,))]
    with pytest.raises(SourceError, match="没有可读的文字"):
        read_document(ofd(tmp_path / "空.ofd", "", ""), "空.ofd")
    with pytest.raises(SourceError, match="不是 OFD"):
        read_document(zipped(tmp_path / "假.ofd", {"a": "b"}), "假.ofd")
