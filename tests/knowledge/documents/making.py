"""Files of the tests' own making, from the XML that Office programs write."""

from __future__ import annotations

import zipfile
from pathlib import Path

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
_LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def zipped(path: Path, parts: dict[str, str | bytes]) -> Path:
    """A zip archive of these parts."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def docx(
    path: Path,
    body: str,
    *,
    styles: str = "",
    numbering: str = "",
    footnotes: str = "",
    title: str = "",
    namespace: str = WORD,
) -> Path:
    """A Word document with this XML inside `w:body`, and inside the roots of the other parts."""
    names = (
        f'xmlns:w="{namespace}" xmlns:r="{_LINKS}"'
        ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
        ' xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
        ' xmlns:v="urn:schemas-microsoft-com:vml"'
        ' xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
    )

    def part(root: str, inside: str) -> str:
        return f'<?xml version="1.0" encoding="UTF-8"?><w:{root} {names}>{inside}</w:{root}>'

    link = f'<Relationship Id="rId1" Type="{_LINKS}/officeDocument" Target="word/document.xml"/>'
    core = (
        f'<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties"'
        f' xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{title}</dc:title></cp:coreProperties>'
    )
    return zipped(
        path,
        {
            "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">{link}</Relationships>',
            "word/document.xml": part("document", f"<w:body>{body}</w:body>"),
            "word/styles.xml": part("styles", styles),
            "word/numbering.xml": part("numbering", numbering),
            "word/footnotes.xml": part("footnotes", footnotes),
            "docProps/core.xml": core,
        },
    )


def run(text: str, properties: str = "") -> str:
    """`w:r` with a text."""
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def paragraph(*inside: str, properties: str = "") -> str:
    """`w:p` of runs; a bare text is put into one."""
    runs = "".join(each if each.startswith("<") else run(each) for each in inside)
    return f"<w:p><w:pPr>{properties}</w:pPr>{runs}</w:p>"


def table(*rows: str) -> str:
    """`w:tbl` of rows."""
    return f"<w:tbl>{''.join(rows)}</w:tbl>"


def row(*cells: str, properties: str = "") -> str:
    """`w:tr` of cells; a bare text is put into one."""
    inside = "".join(each if each.startswith("<w:tc") else cell(each) for each in cells)
    return f"<w:tr><w:trPr>{properties}</w:trPr>{inside}</w:tr>"


def cell(*inside: str, properties: str = "") -> str:
    """`w:tc` of paragraphs; a bare text is put into one."""
    paragraphs = "".join(each if each.startswith("<") else paragraph(each) for each in inside)
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{paragraphs}</w:tc>"


# ---- PDF

Text = tuple[float, float, float, str]  # left, baseline from the top, size, words
Rule = tuple[float, float, float, float]  # from (x, y) to (x, y), from the top
WIDTH, HEIGHT = 595, 842


def pdf(
    path: Path, *pages: tuple[list[Text], list[Rule]], rotate: int = 0, turn: str = "", mode: int = 0
) -> Path:
    """A PDF of A4 pages with these texts and ruled lines; `mode` 3 is invisible text.

    `rotate` is how the page is held, `turn` a matrix for all that is on it.

    The font is not embedded, as PDF allows for the usual Chinese ones.
    """
    font = (
        "<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H/DescendantFonts["
        "<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/DW 1000/W[1 95 500 814 939 500]"
        "/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 2>>"
        "/FontDescriptor<</Type/FontDescriptor/FontName/STSong-Light/Flags 6/Ascent 880/Descent -120"
        "/FontBBox[-25 -254 1000 880]/ItalicAngle 0/CapHeight 880/StemV 93>>>>]>>"
    )
    bodies = [b"<</Type/Catalog/Pages 2 0 R>>", b"", font.encode()]
    kids = []
    for texts, rules in pages:
        content = f"{turn} cm\n" if turn else ""
        content += "".join(
            f"BT {mode} Tr /F1 {size} Tf 1 0 0 1 {x} {HEIGHT - y} Tm"
            f" <{words.encode('utf-16-be').hex()}> Tj ET\n"
            for x, y, size, words in texts
        )
        content += "".join(f"{a} {HEIGHT - b} m {c} {HEIGHT - d} l S\n" for a, b, c, d in rules)
        bodies.append(b"<</Length %d>>stream\n%s\nendstream" % (len(content), content.encode()))
        kids.append(f"{len(bodies) + 1} 0 R")
        bodies.append(
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 {WIDTH} {HEIGHT}]/Rotate {rotate}"
            f"/Contents {len(bodies)} 0 R/Resources<</Font<</F1 3 0 R>>>>>>".encode()
        )
    bodies[1] = f"<</Type/Pages/Count {len(kids)}/Kids[{' '.join(kids)}]>>".encode()
    out = b"%PDF-1.5\n"
    places = []
    for number, body in enumerate(bodies, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    begin = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(bodies) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(bodies) + 1, begin)
    path.write_bytes(out)
    return path


def print_lines(*lines: str, top: float = 90, left: float = 60, size: float = 14) -> list[Text]:
    """Lines below each other."""
    return [(left, top + 24 * at, size, line) for at, line in enumerate(lines)]


def grid(columns: list[float], rows: list[float]) -> list[Rule]:
    """The rules of a table without merged cells."""
    across = [(columns[0], y, columns[-1], y) for y in rows]
    return [*across, *((x, rows[0], x, rows[-1]) for x in columns)]
