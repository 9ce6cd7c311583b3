"""Text comes out of every usual format; what cannot be read says so."""

from __future__ import annotations

from pathlib import Path

import docx
import pytest

from knowledge.errors import SourceError
from knowledge.sources.documents import READERS, decode, read_document

LINES = ("一、概述", "公开信息70余条。")
TEXT = "\n".join(LINES)
HTML = (
    "<!doctype html><html><head><title>网站名</title><style>p{}</style><body><nav>首页</nav>"
    "<h2>一、概述</h2><p>公开信息<b>70</b>余条。</p><script>alert(1)</script><footer>版权</footer>"
)
MARKDOWN = "## 一、概述\n\n公开信息**70**余条。\n"


def write_docx(path: Path) -> None:
    document = docx.Document()
    for line in LINES:
        document.add_paragraph(line)
    document.save(str(path))


def write_pdf(path: Path, lines: tuple[str, ...]) -> None:
    """The smallest PDF with Chinese text: one page, a font whose codes are UTF-16 and are mapped to it."""
    shown = "".join(f"<{line.encode('utf-16-be').hex()}> Tj T*\n" for line in lines)
    page = f"BT /F 12 Tf 14 TL 50 700 Td\n{shown}ET"
    mapping = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap "
        "1 begincodespacerange <0000> <FFFF> endcodespacerange "
        "1 beginbfrange <0000> <FFFF> <0000> endbfrange endcmap end end"
    )
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>",
        f"<</Length {len(page)}>>stream\n{page}\nendstream",
        "<</Type/Font/Subtype/Type0/BaseFont/A/Encoding/Identity-H/DescendantFonts[6 0 R]/ToUnicode 7 0 R>>",
        "<</Type/Font/Subtype/CIDFontType2/BaseFont/A/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)"
        "/Supplement 0>>>>",
        f"<</Length {len(mapping)}>>stream\n{mapping}\nendstream",
    ]
    out, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode()
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    size = len(objects) + 1
    end = f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer\n<</Size {size}/Root 1 0 R>>\n"
    path.write_bytes(out + f"{end}startxref\n{len(out)}\n%%EOF".encode())


@pytest.mark.parametrize(
    ("name", "content"),
    [
        pytest.param("a.txt", TEXT.encode(), id="utf-8"),
        pytest.param("a.txt", b"\xef\xbb\xbf" + TEXT.encode(), id="byte-order-mark"),
        pytest.param("a.txt", TEXT.encode("gb18030"), id="gb18030"),
        pytest.param("a.txt", TEXT.encode("utf-16"), id="utf-16"),
        pytest.param("a.TXT", TEXT.replace("\n", "\r\n").encode(), id="windows"),
        pytest.param("a.md", MARKDOWN.encode(), id="markdown"),
        pytest.param("a.html", HTML.encode(), id="html"),
        pytest.param("a.htm", HTML.encode("gb18030"), id="html-gb18030"),
    ],
)
def test_text_formats(tmp_path: Path, name: str, content: bytes) -> None:
    """The same two lines come out of every encoding and markup."""
    path = tmp_path / name
    path.write_bytes(content)
    assert tuple(line for line in read_document(path).lines if line) == LINES


def test_docx(tmp_path: Path) -> None:
    """Paragraphs of a Word file."""
    write_docx(tmp_path / "a.docx")
    assert read_document(tmp_path / "a.docx").lines == LINES


def test_docx_table(tmp_path: Path) -> None:
    """A table row is one line; a merged cell counts once, equal cells each for themselves."""
    document = docx.Document()
    table = document.add_table(rows=2, cols=3)
    table.cell(0, 0).merge(table.cell(0, 1)).text = "申请数量"
    for cell, text in zip([table.cell(0, 2), *table.rows[1].cells], "总001", strict=True):
        cell.text = text
    document.save(str(tmp_path / "a.docx"))
    assert read_document(tmp_path / "a.docx").lines == ("申请数量 总", "0 0 1")


def test_html_table(tmp_path: Path) -> None:
    """A table row is one line here, too, whatever stands in its cells."""
    rows = "<tr><th>申请<th>件数</tr><tr><td><p>新收</p><p>上年</p></td><td>3</td></tr>"
    (tmp_path / "a.html").write_text(f"前文<table>{rows}</table>后文", encoding="utf-8")
    assert read_document(tmp_path / "a.html").lines == ("前文", "申请 件数", "新收 上年 3", "后文")


def test_pdf(tmp_path: Path) -> None:
    """Lines of a PDF; one that ends at the paper's edge in mid-sentence goes on, page numbers go."""
    write_pdf(tmp_path / "a.pdf", ("一、概述", "公开信息" * 5, "70余条。", "- 1 -"))
    assert read_document(tmp_path / "a.pdf").lines == ("一、概述", "公开信息" * 5 + "70余条。")


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        pytest.param("a.txt", b"", "文件里没有文字", id="empty"),
        pytest.param("a.txt", "\u3000\n \n".encode(), "文件里没有文字", id="only-spaces"),
        pytest.param("a.txt", b"\x00\x01\x02\xff\xfe\xff", "认不出文字编码", id="binary"),
        pytest.param("a.docx", b"PK\x03\x04 broken", "文件打不开，可能已损坏或有密码", id="broken-docx"),
        pytest.param(
            "a.docx", "其实是文本".encode(), "文件打不开，可能已损坏或有密码", id="docx-by-name-only"
        ),
        pytest.param("a.pdf", b"%PDF-1.4\n%%EOF", "文件打不开，可能已损坏或有密码", id="broken-pdf"),
        pytest.param("a.html", b"<html><script>x</script></html>", "文件里没有文字", id="html-without-text"),
    ],
)
def test_unreadable(tmp_path: Path, name: str, content: bytes, reason: str) -> None:
    """An unreadable file is a problem of that file, whatever the library made of it."""
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(SourceError) as caught:
        read_document(path)
    assert [(problem.file, problem.reason) for problem in caught.value.problems] == [(name, reason)]


def test_pdf_without_text(tmp_path: Path) -> None:
    """A scan has no text; the admin is told what to do."""
    write_pdf(tmp_path / "a.pdf", ())
    with pytest.raises(SourceError, match="扫描件要先做文字识别"):
        read_document(tmp_path / "a.pdf")


def test_every_format_is_tested() -> None:
    """No reader is without a test above."""
    assert set(READERS) == {".txt", ".md", ".html", ".htm", ".docx", ".pdf"}


def test_decode_prefers_utf8() -> None:
    """What is valid UTF-8 is never read as GB18030."""
    assert decode("乡".encode(), "a.txt") == "乡"
