"""Office files are zip archives of XML parts: opened with a bound on what they unpack to."""

from __future__ import annotations

import posixpath
import zipfile
from functools import cache
from pathlib import Path
from typing import IO, TYPE_CHECKING

from knowledge.documents.refusal import TooMuch, refusal

if TYPE_CHECKING:
    from lxml.etree import _Element

MOST_UNPACKED = 150_000_000  # bytes of one part: of a document of 500 pages a tenth
_MOST_RATIO = 2000  # of XML to its packed size; text packs to a tenth, repeated paragraphs to a thousandth
_SMALL = 20_000_000  # bytes that may be packed to any size


class Package:
    """Parts by name.  Raises SourceError, and what zipfile and lxml raise."""

    def __init__(self, path: Path | IO[bytes], source: str) -> None:
        self.source = source
        self._archive = zipfile.ZipFile(path)
        self.names = frozenset(self._archive.namelist())

    def __enter__(self) -> Package:
        return self

    def __exit__(self, *_: object) -> None:
        self._archive.close()

    def read(self, name: str) -> bytes:
        """The bytes of a part; b"" where there is none."""
        if name not in self.names:
            return b""
        info = self._archive.getinfo(name)
        if info.flag_bits & 1:
            raise refusal(self.source, "文件有密码", "没有密码的文件")
        too_dense = info.file_size > _SMALL and info.file_size > _MOST_RATIO * max(info.compress_size, 1)
        if info.file_size > MOST_UNPACKED or too_dense:
            raise refusal(self.source, "文件解压后太大", "按章或按年拆成几个文件")
        with self._archive.open(info) as part:
            content = part.read(info.file_size + 1)
        if len(content) > info.file_size:
            raise refusal(self.source, "文件解压后比它自己写的大，可能是恶意文件")
        return content

    def xml(self, name: str) -> _Element | None:
        """The root of an XML part; None where there is no such part."""
        content = self.read(name)
        return parsed_xml(content) if content else None

    def related(self, name: str) -> dict[str, str]:
        """Id -> part that a part refers to, for parts of OOXML."""
        folder, file = posixpath.split(name)
        root = self.xml(f"{folder}/_rels/{file}.rels" if folder else f"_rels/{file}.rels")
        links: dict[str, str] = {}
        for link in root if root is not None else ():
            target = str(link.get("Target", ""))
            inside = target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target)
            links[str(link.get("Id"))] = posixpath.normpath(inside)
        return links


def parsed_xml(content: bytes) -> _Element:
    """Without network and entities of the file's own; no deeper than 256, which bounds our recursions."""
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        return etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        if "XML_PARSE_HUGE" in str(error):
            raise TooMuch from error
        raise


def local(element: _Element) -> str:
    """The tag without its namespace, so that transitional and strict files are read alike."""
    return _bare(element.tag)


@cache
def _bare(tag: object) -> str:
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def attribute(element: _Element, name: str, default: str = "") -> str:
    """An attribute by its local name."""
    for key, value in element.attrib.items():
        if str(key).rpartition("}")[2] == name:
            return str(value)
    return default


def child(element: _Element | None, *names: str) -> _Element | None:
    """The first child of that name, of that its first child, and so on; None where one is missing."""
    for name in names:
        element = (
            next((each for each in element if local(each) == name), None) if element is not None else None
        )
    return element
