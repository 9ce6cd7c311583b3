"""The public section as plain files, for an office that can only upload files.

    the pages of the application, asked in this process ─▶ without forms and scripts, links between files
        ─▶ index.html, c/…, d/…, files/…, years.html, request.html, catalogue.*, facts.csv, sitemap.xml …

What needs a program (asking, filing, following) leads to the pages that run, where the office has such
(`web_url`); else it is left out, and the page on requests says where to go.
"""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from posixpath import relpath
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, quote, unquote, urlsplit

import httpx
import lxml.html

from .application import application
from .pages import ROOM

if TYPE_CHECKING:
    from bot.program import Program

MADE = ".disclosure-site"  # lists what was written, so that the next time nothing old stays
_NEEDS_ADDRESS = ("sitemap.xml", "atom.xml")  # of no use without whole addresses
_DATA = ("catalogue.json", "catalogue.csv", "facts.csv")
_COLUMNS = ("guide", "rules", "disclosed", "reports")
_HERE = "http://section.invalid"
_POLICY = "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'"


class NotOurs(Exception):
    """The folder holds other files; nothing was written."""


@dataclass(frozen=True)
class Exported:
    """How much was written; `left_out` are files that need to know the address of the section."""

    files: int
    documents: int
    left_out: tuple[str, ...]


def export(program: Program, folder: Path, address: str = "") -> Exported:
    """Write the section into a folder, empty or written by this before.  Raises NotOurs, OSError.

    `address` is where the section will be found (https://…/xxgk), for the map of the site and the feed.
    """
    before = _made_before(folder)
    return asyncio.run(_Site(program, folder, address.rstrip("/")).write(before))


def _made_before(folder: Path) -> list[str]:
    """What this wrote into the folder the last time."""
    if not folder.exists() or not any(folder.iterdir()):
        return []
    if not (folder / MADE).is_file():
        raise NotOurs(str(folder))
    return (folder / MADE).read_text(encoding="utf-8").splitlines()


class _Site:
    def __init__(self, program: Program, folder: Path, address: str) -> None:
        self._folder, self._address = folder, address
        self._live = program.settings.web_url.rstrip("/")
        settings = program.settings
        self._under = settings.web_path
        # Without the guard: it is nobody's address that asks for so many pages.
        app = application(program, lambda: datetime.now(UTC)).router
        self._client = httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url=_HERE)
        self._root = self._live or f"{_HERE}{self._under}"
        self._written: list[str] = []
        self._downloads: dict[str, str] = {}  # address of a file to download -> where it lies here
        self._pages: dict[str, str] = {}  # path of the application -> file

    async def write(self, before: list[str]) -> Exported:
        async with self._client:
            documents = [each["url"].rsplit("/", 1)[1] for each in await self._catalogue()]
            self._pages = {"/": "index.html", "/request": "request.html", "/years": "years.html"}
            self._pages |= {f"/d/{token}": f"d/{token}.html" for token in documents}
            for column in _COLUMNS:
                await self._find_pages_of(column)
            for token in documents:
                for path in await self._downloads_of(token):
                    await self._keep_download(token, path)
            self._folder.mkdir(parents=True, exist_ok=True)
            for path, file in self._pages.items():
                self._put(file, self._changed(await self._get(path), file))
            self._put("static/style.css", (ROOM / "static" / "style.css").read_bytes())
            left_out = tuple(name for name in _NEEDS_ADDRESS if not self._address)
            for name in (*_DATA, *_NEEDS_ADDRESS):
                if name not in left_out:
                    self._put(name, self._addressed((await self._get(f"/{name}")).decode()).encode())
        for name in set(before) - set(self._written):
            (self._folder / name).unlink(missing_ok=True)
        (self._folder / MADE).write_text("\n".join(sorted(self._written)) + "\n", encoding="utf-8")
        return Exported(len(self._written), len(documents), left_out)

    async def _catalogue(self) -> list[dict[str, str]]:
        found: list[dict[str, str]] = (await self._client.get(f"{self._under}/catalogue.json")).json()
        return [each for each in found if each["column"] != "guide"]

    async def _find_pages_of(self, column: str) -> None:
        """A column and what follows on its next pages."""
        path, file = f"/c/{column}", f"c/{column}.html"
        while path:
            self._pages[path] = file
            page = lxml.html.fromstring((await self._get(path)).decode())
            following = page.xpath('//a[@rel="next"]/@href')
            path = str(following[0]).removeprefix(self._under) if following else ""
            file = f"c/{column}-{parse_qs(urlsplit(path).query).get('from', [''])[0]}.html"

    async def _get(self, path: str) -> bytes:
        response = await self._client.get(f"{self._under}{path}")
        response.raise_for_status()
        return response.content

    async def _downloads_of(self, token: str) -> list[str]:
        """The original of a document, and the files that an answer was published with."""
        page = lxml.html.fromstring((await self._get(f"/d/{token}")).decode())
        links = (str(each).removeprefix(self._under) for each in page.xpath("//a[@download]/@href"))
        return [path for path in links if path.startswith(f"/d/{token}/")]

    async def _keep_download(self, token: str, path: str) -> None:
        response = await self._client.get(f"{self._under}{path}")
        named = re.search(r"filename\*=UTF-8''(.+)", response.headers.get("content-disposition", ""))
        if response.status_code == httpx.codes.OK and named:
            file = f"files/{token}/{PurePosixPath(unquote(named[1])).name}"
            self._downloads[path] = file
            self._put(file, response.content)

    def _put(self, file: str, content: bytes) -> None:
        path = self._folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        self._written.append(file)

    # ---- a page as a file ---------------------------------------------------------------------------------
    def _changed(self, html: bytes, file: str) -> bytes:
        """Without what needs a program; with links that hold wherever the folder lies."""
        tree = lxml.html.document_fromstring(html.decode())
        gone = [*tree.xpath("//form | //script | //link[@rel='alternate']")]
        if not self._live:
            gone += tree.find_class("runs")  # of no use where no program runs
        for element in gone:
            element.drop_tree()
        for element in [*tree.iter("a"), *tree.iter("link")]:
            self._relink(element, file)
        for item in tree.xpath("//nav//li[not(.//a)]"):
            item.drop_tree()
        policy = lxml.html.Element("meta", {"http-equiv": "Content-Security-Policy", "content": _POLICY})
        tree.head.insert(1, policy)
        text: str = lxml.html.tostring(tree, encoding="unicode", doctype="<!DOCTYPE html>")
        return text.encode()

    def _relink(self, element: lxml.html.HtmlElement, file: str) -> None:
        told = element.get("href") or ""
        if told.startswith(("#", "data:")) or urlsplit(told).netloc:
            return
        target = self._file_of(told.removeprefix(self._under))
        if target:
            path, _, place = target.partition("#")
            near = relpath(path, str(PurePosixPath(file).parent))
            element.set("href", quote(near) + (f"#{place}" if place else ""))
        elif self._live and element.tag == "a":
            element.set("href", self._live + told.removeprefix(self._under))
        elif element.tag == "a":
            element.drop_tag()

    def _file_of(self, path: str) -> str:
        """The file that an address of the application became, "" for none."""
        plain, _, place = path.partition("#")
        if plain in self._downloads:
            return self._downloads[plain]
        file = self._pages.get(plain, "")
        kept = (*_DATA, "static/style.css", *(_NEEDS_ADDRESS if self._address else ()))
        if not file and plain.lstrip("/") in kept:
            file = plain.lstrip("/")
        return f"{file}#{place}" if file and place else file

    def _addressed(self, text: str) -> str:
        """The addresses in a list for programs as they will be; relative where nobody knows."""

        def moved(found: re.Match[str]) -> str:
            file = self._file_of(found[1] or "/")
            return f"{self._address}/{quote(file)}" if self._address else file

        return re.sub(re.escape(self._root) + r"(/[\w./#-]*)?", moved, text)
