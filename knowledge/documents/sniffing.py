"""What a file is, told by how it begins: offices save pages as .doc and rename what they send."""

from __future__ import annotations

import zipfile
from pathlib import Path

_BEGINNING = 2048  # bytes
_PACKAGES = (  # the part that only this kind has
    ("word/", ".docx"),
    ("xl/", ".xlsx"),
    ("OFD.xml", ".ofd"),
)
_OPEN_DOCUMENT = {"application/vnd.oasis.opendocument.text": ".odt"}
LOCKED = "locked"  # instead of a suffix: the file is encrypted
_TEXTS = (".txt", ".md", ".csv", ".html")


def kind_of(path: Path, suffix: str) -> str:
    """The suffix that the content deserves; `suffix` (in lower case) where the content does not tell."""
    with path.open("rb") as file:
        beginning = file.read(_BEGINNING)
    if beginning.startswith(b"%PDF-") or b"%PDF-" in beginning[:1024]:
        return ".pdf"
    if beginning.startswith(b"PK\x03\x04"):
        return _kind_of_package(path, suffix)
    if beginning.startswith(b"\xd0\xcf\x11\xe0"):
        return _kind_of_compound(path, suffix)
    if beginning.startswith(b"{\\rtf"):
        return ".doc"
    if suffix not in _TEXTS and _is_page(beginning):
        return ".html"
    return suffix


def _is_page(beginning: bytes) -> bool:
    start = beginning.replace(b"\0", b"").lower().lstrip(b"\xef\xbb\xbf\xff\xfe \r\n\t")
    return start.startswith((b"<!doctype html", b"<html", b"<head", b"<table", b"<meta")) or (
        start.startswith(b"<?xml") and b"<html" in start
    )


def _kind_of_package(path: Path, suffix: str) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            if "mimetype" in names:
                with archive.open("mimetype") as part:
                    declared = part.read(200).decode("ascii", "replace").strip()
                return _OPEN_DOCUMENT.get(declared, suffix)
    except zipfile.BadZipFile:
        return suffix
    return next((kind for begin, kind in _PACKAGES if any(name.startswith(begin) for name in names)), suffix)


def _kind_of_compound(path: Path, suffix: str) -> str:
    """Of the container of old Office files, and of encrypted new ones, by the names in it (UTF-16)."""
    with path.open("rb") as file:
        content = file.read(4_000_000)
    if "EncryptedPackage".encode("utf-16-le") in content:
        return LOCKED
    if suffix in (".doc", ".xls"):
        return suffix
    return ".xls" if "Workbook".encode("utf-16-le") in content else ".doc"
