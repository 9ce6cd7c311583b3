"""Old Office files are read through LibreOffice, or refused by name with what to do."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import docx
import pytest

from knowledge.documents.document import NoteKind
from knowledge.documents.reading import read_document
from knowledge.documents.refusal import Unavailable

_OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice (soffice) is not installed")
def test_an_old_document_is_read(tmp_path: Path) -> None:
    made = docx.Document()
    made.add_paragraph("停水通知")
    rows = made.add_table(rows=2, cols=2, style="Table Grid").rows
    for row, cells in zip(rows, (("村", "户"), ("东村", "12")), strict=True):
        for cell, words in zip(row.cells, cells, strict=True):
            cell.text = words
    made.save(str(tmp_path / "文.docx"))
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "rtf", "--outdir", str(tmp_path)]
    subprocess.run([*command, str(tmp_path / "文.docx")], capture_output=True, timeout=120, check=True)
    document = read_document(tmp_path / "文.rtf", "文.rtf")
    assert document.blocks[0].text == "停水通知"
    assert document.tables[0].rows == (("村", "户"), ("东村", "12"))
    assert (document.converted_from, document.notes[-1].kind) == (".rtf", NoteKind.CONVERTED)


@pytest.mark.parametrize("name", ["a.doc", "a.wps", "a.xls", "a.et"])
def test_without_libreoffice_it_is_refused_by_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    (tmp_path / name).write_bytes(_OLD)
    with pytest.raises(Unavailable, match="要先安装 LibreOffice"):
        read_document(tmp_path / name, name)


def test_a_page_that_was_saved_as_doc_is_a_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    path = tmp_path / "a.xls"
    path.write_text("<html><body><table><tr><td>村<td>户<tr><td>东村<td>12</table>", encoding="utf-8")
    assert read_document(path, "a.xls").tables[0].rows == (("村", "户"), ("东村", "12"))
