"""Old and other Office files (.doc, .wps, .rtf, .xls, .et, .ods …): read from what LibreOffice makes of them.

Where LibreOffice is not installed the file is refused by name, and tried again when it is.
"""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from knowledge.documents.document import Document, Note, NoteKind
from knowledge.documents.docx import read_docx
from knowledge.documents.refusal import refusal, unavailable
from knowledge.documents.xlsx import read_xlsx

_PROGRAMS = ("soffice", "libreoffice")
_SHEETS = (".xls", ".et", ".ods", ".fods")
_SECONDS = 120  # the child that reads has its own, shorter time


def read_converted(path: Path, source: str) -> Document:
    """Of whatever LibreOffice opens.  Raises SourceError."""
    program = next((found for name in _PROGRAMS if (found := shutil.which(name))), None)
    suffix = path.suffix.lower()
    is_sheet = suffix in _SHEETS
    wanted = "xlsx" if is_sheet else "docx"
    if program is None:
        reason = f"读 {suffix} 文件要先安装 LibreOffice"
        raise unavailable(source, reason, f"另存为 {wanted}，或安装 LibreOffice")
    if not _is_office(path):  # it would make a document of any bytes
        raise refusal(source, "文件打不开，可能已损坏", f"另存为 {wanted}")
    with TemporaryDirectory() as folder:
        made = _converted(program, path, Path(folder), wanted)
        if made is None:
            raise refusal(source, "LibreOffice 打不开，文件可能已损坏或有密码", f"另存为 {wanted}")
        document = (read_xlsx if is_sheet else read_docx)(made, source)
    note = Note(NoteKind.CONVERTED, f"由 LibreOffice 从 {suffix} 转换后读出")
    return replace(document, notes=(*document.notes, note), converted_from=suffix)


def _is_office(path: Path) -> bool:
    """Whether the file begins as a compound document, RTF, a package, XML, or a sheet of the oldest kind."""
    with path.open("rb") as file:
        beginning = file.read(16).lstrip(b"\xef\xbb\xbf \r\n")
    return beginning.startswith(
        (b"\xd0\xcf\x11\xe0", b"{\\rtf", b"PK\x03\x04", b"<?xml", b"\x09\x08", b"\x09\x04")
    )


def _converted(program: str, path: Path, folder: Path, wanted: str) -> Path | None:
    """What the program has made; None where it made nothing.  A profile of its own: two at once are well."""
    copy = folder / f"in{path.suffix.lower()}"  # the name may hold any bytes
    copy.write_bytes(path.read_bytes())
    command = [
        *(program, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--norestore"),
        *("--convert-to", wanted, "--outdir", str(folder / "out"), str(copy)),
    ]
    subprocess.run(  # noqa: S603 - an installed program, a copy of ours
        command,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=_SECONDS,
        check=False,
        preexec_fn=_unbound,
    )
    made = folder / "out" / f"in.{wanted}"
    return made if made.is_file() and made.stat().st_size else None


def _unbound() -> None:
    """LibreOffice maps more than a document may use; it ends with the process that started it."""
    import resource

    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    resource.setrlimit(resource.RLIMIT_DATA, (hard, hard))
