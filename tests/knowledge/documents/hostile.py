"""Files that are meant to harm whoever reads them, or that grew beyond all measure.

python -m tests.knowledge.documents.hostile        prints the seconds and megabytes that each takes
"""

from __future__ import annotations

import resource
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from knowledge.documents.bounded import BoundedReader, Bounds
from knowledge.errors import SourceError
from tests.knowledge.documents.making import docx, paragraph, pdf, print_lines, row, table, zipped

Make = Callable[[Path], object]


def _text(content: str) -> Make:
    return lambda path: path.write_text(content, encoding="utf-8")


def _bomb(path: Path) -> None:
    """160 MB of spaces as the body of a Word document."""
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open("word/document.xml", "w") as part,
    ):
        for _ in range(160):
            part.write(b" " * 1_000_000)


def _lying_bomb(path: Path) -> None:
    """The same, with another size in its directory."""
    zipped(path, {"word/document.xml": b" " * 300_000_000})
    content = path.read_bytes()
    true, said = (300_000_000).to_bytes(4, "little"), (1000).to_bytes(4, "little")
    path.write_bytes(content.replace(true, said))


def _with_entity(declared: str, used: str) -> Make:
    body = f'<w:document xmlns:w="w"><w:body><w:p><w:r><w:t>甲{used}</w:t></w:r></w:p></w:body></w:document>'
    return lambda path: zipped(path, {"word/document.xml": f"<!DOCTYPE d [{declared}]>{body}"})


_LAUGHS = '<!ENTITY e0 "ha">' + "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))


def _deep_docx(path: Path) -> None:
    inside = paragraph("深")
    for _ in range(3000):
        inside = table(row(f"<w:tc>{inside}</w:tc>"))
    docx(path, inside)


def _pages_in_a_ring(path: Path) -> None:
    pdf(path, (print_lines("甲"), []))
    content = path.read_bytes()
    path.write_bytes(content.replace(b"/Kids[5 0 R]", b"/Kids[2 0 R]"))


def _form_in_itself(path: Path) -> None:
    pdf(path, (print_lines("甲"), []))
    content = path.read_bytes().replace(b"/Resources<<", b"/Resources<</XObject<</X 4 0 R>>")
    path.write_bytes(content.replace(b"<</Length", b"<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Length"))


def _many_rules(path: Path) -> None:
    pdf(
        path,
        (
            print_lines("甲"),
            [(float(n % 600), float(n % 800), float(n % 599), float(n % 7)) for n in range(60_000)],
        ),
    )


def _tables_in_tables(path: Path) -> None:
    path.write_text("<table><tr><td>甲" * 20_000, encoding="utf-8")


def _endless_sheet(path: Path) -> None:
    """A few cells, the last of them in the last row and column that Excel knows, and a size that says so."""
    names = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    links = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    cells = "".join(
        f'<row r="{at}"><c r="{place}{at}" t="inlineStr"><is><t>{text}</t></is></c></row>'
        for at, place, text in ((1, "A", "项目"), (2, "B", "12"), (1_048_576, "XFD", "末"))
    )
    zipped(
        path,
        {
            "[Content_Types].xml": f'<Types xmlns="{package}/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.'
            'relationships+xml"/>'
            '<Default Extension="xml" ContentType="application/xml"/>'
            '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-'
            'officedocument.spreadsheetml.sheet.main+xml"/>'
            '<Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-'
            'officedocument.spreadsheetml.worksheet+xml"/></Types>',
            "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" '
            f'Type="{links}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
            "xl/workbook.xml": f'<workbook {names} xmlns:r="{links}"><sheets><sheet name="表" sheetId="1" '
            'r:id="r1"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships"><Relationship '
            f'Id="r1" Type="{links}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
            "xl/worksheets/sheet1.xml": f'<worksheet {names}><dimension ref="A1:XFD1048576"/><sheetData>'
            f"{cells}</sheetData></worksheet>",
        },
    )


def _part_of(name: str, root: str, opens: str) -> Make:
    """A package with one part of 300 MB that packs to nothing."""

    def make(path: Path) -> None:
        with (
            zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
            archive.open(name, "w") as part,
        ):
            part.write(f"<{root}>{opens}".encode())
            for _ in range(300):
                part.write("甲".encode() * 333_333)

    return make


def _repeated_cells(path: Path) -> None:
    """An ODF sheet of one cell that says it stands a billion times."""
    office = 'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    names = (
        f'{office} xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
        ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
    )
    cell = '<table:table-cell table:number-columns-repeated="100000"><text:p>甲</text:p></table:table-cell>'
    rows = f'<table:table-row table:number-rows-repeated="1000000">{cell}</table:table-row>'
    spaces = '<text:p>乙<text:s text:c="2000000000"/>丙</text:p>'
    zipped(
        path,
        {
            "mimetype": "application/vnd.oasis.opendocument.text",
            "content.xml": f"<office:document-content {names}><office:body><office:text>{spaces}"
            f"<table:table>{rows}</table:table></office:text></office:body></office:document-content>",
        },
    )


def _outside_part(path: Path) -> None:
    """A relationship that leads to a file of the machine, and one to another machine."""
    docx(path, paragraph("甲"))
    links = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(
            "word/_rels/document.xml.rels",
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            f'<Relationship Id="r1" Type="{links}/styles" Target="../../../../../etc/passwd"/>'
            f'<Relationship Id="r2" Type="{links}/numbering" Target="http://127.0.0.1:9/x"'
            ' TargetMode="External"/>'
            "</Relationships>",
        )


def _object_loop(path: Path) -> None:
    """The words of a page are a reference to themselves, its fonts one to the page."""
    pdf(path, (print_lines("甲"), []))
    content = path.read_bytes()
    path.write_bytes(
        content.replace(b"/Length", b"/Length 4 0 R/Filter 4 0 R/Was").replace(
            b"/Font<<", b"/Font 2 0 R/Was<<"
        )
    )


def _spans(path: Path) -> None:
    cells = "<td rowspan=65534 colspan=1000>甲</td>" * 50
    path.write_text(f"<table>{f'<tr>{cells}</tr>' * 500}</table>", encoding="utf-8")


HOSTILE: dict[str, tuple[str, Make]] = {
    "zip bomb": ("a.docx", _bomb),
    "zip bomb that lies about its size": ("b.docx", _lying_bomb),
    "a billion laughs": ("c.docx", _with_entity(_LAUGHS, "&e9;")),
    "a file of the machine": ("d.docx", _with_entity('<!ENTITY x SYSTEM "file:///etc/passwd">', "&x;")),
    "3,000 tables in each other": ("e.docx", _deep_docx),
    "80,000 paragraphs": ("f.docx", lambda path: docx(path, paragraph("") * 79_999 + paragraph("甲"))),
    "80,000 paragraphs with text": ("g.docx", lambda path: docx(path, paragraph("第一条 甲") * 80_000)),
    "100,000 elements in each other": ("h.html", _text("<div>" * 100_000 + "甲")),
    "cells over the whole page": ("i.html", _spans),
    "100,000 unclosed tags": ("j.html", _text("<b><a href=x>甲" * 100_000)),
    "20,000 tables in each other": ("ha.html", _tables_in_tables),
    "a sheet to the last row and column": ("ia.xlsx", _endless_sheet),
    "a part of 300 MB in an odt": ("ja.odt", _part_of("content.xml", "a", "")),
    "a part of 300 MB in an OFD": ("jb.ofd", _part_of("OFD.xml", "a", "")),
    "a cell a billion times": ("jc.odt", _repeated_cells),
    "parts outside the document": ("jd.docx", _outside_part),
    "objects in a ring": ("ka.pdf", _object_loop),
    "pages in a ring": ("k.pdf", _pages_in_a_ring),
    "a form that shows itself": ("l.pdf", _form_in_itself),
    "60,000 rules": ("m.pdf", _many_rules),
    "500 pages": (
        "n.pdf",
        lambda path: pdf(
            path, *[(print_lines(*["管护员汛期每天巡查一次非汛期每周巡查两次发现渗漏险情"] * 28), [])] * 500
        ),
    ),
    "16,000 dashes": ("o.txt", _text("-" * 16_000 + "甲\n" + "—" * 16_000 + "甲")),
    "16,000 dots": ("p.txt", _text("." * 16_000 + "甲\n" + "…" * 16_000 + "甲\n" + "·" * 16_000 + "x")),
    "16,000 ![": (
        "q.md",
        _text("![" * 16_000 + "\n" + "[](" * 16_000 + "\n" + "**" * 16_001 + "\n" + "`" * 16_001),
    ),
    "16,000 bars": ("r.md", _text("|" * 16_000 + "甲\n" + "| " * 16_000)),
    "brackets without end": (
        "s.txt",
        _text("(" * 200_000 + "中" + "（" * 200_000 + "\n發(fā)" + "(fā)" * 100_000),
    ),
    "addresses without end": ("t.txt", _text("http://" * 200_000 + "中")),
    "50 MB of text": ("u.txt", _text("甲乙丙丁戊己庚辛壬癸\n" * 1_600_000)),
    "a line of 20 MB": ("v.txt", _text("x" * 20_000_000)),
    "a line of 4 MB": ("w.txt", _text("甲乙丙，丁戊己。" * 160_000)),
    "a field of 4 MB": ("x.csv", _text('甲,"' + "乙" * 1_300_000)),
    "a field of 20 MB": ("xa.csv", _text('甲,"' + "x" * 20_000_000 + '"')),
    "a million separators": ("y.csv", _text("," * 1_000_000)),
}


def main() -> None:
    """One line for each file; a new process for each, so that its memory can be seen."""
    names = sys.argv[1:] or list(HOSTILE)
    with TemporaryDirectory() as folder:
        for name in names:
            file, make = HOSTILE[name]
            make(Path(folder) / file)
            size = (Path(folder) / file).stat().st_size
            begin = time.monotonic()
            with BoundedReader(Bounds()) as reader:
                try:
                    said = f"{len(reader.read(Path(folder) / file, file).blocks)} blocks"
                except SourceError as error:
                    said = error.problems[0].reason
            seconds = time.monotonic() - begin
            most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1000
            print(f"{name:34} {size:>10} B {seconds:5.1f} s  most so far {most:4.0f} MB  {said}")
            (Path(folder) / file).unlink()


if __name__ == "__main__":
    main()
