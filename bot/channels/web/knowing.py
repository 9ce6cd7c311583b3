"""The knowledge folder on the desk: files are dropped in, and it is shown how each was read.

    files ─▶ the folder (never over another one unasked) ─▶ how each was read ─▶ 检查, 启用, 退回: as in chat

Nothing is live before an admin says so: the index that answers stays as it is until then.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Sequence
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.desk.legible import legible
from bot.dialogue.admin.readings import readings_of
from bot.dialogue.admin.reloads import office_of
from bot.settings import EMBEDDED_KNOWLEDGE
from knowledge.documents.reading import KINDS
from knowledge.errors import SourceError
from knowledge.sources import Knowledge, read_folder
from knowledge.sources.folder import YAML_FILES

from .conversing import Conversing
from .pages import Pages

if TYPE_CHECKING:
    from bot.program import Program

logger = logging.getLogger(__name__)

_MOST_FILES = 20
_LONGEST_NAME = 200  # bytes; file systems hold 255
_NOT_READ = (".", "~", "_", "README")


class Knowing:
    """For admins; for everybody else it does not exist."""

    def __init__(self, program: Program, pages: Pages, conversing: Conversing) -> None:
        self._program = program
        self._pages = pages
        self._conversing = conversing

    @property
    def routes(self) -> list[Route]:
        return [
            Route("/desk/knowledge", self.page, methods=["GET"]),
            Route("/desk/knowledge", self.take, methods=["POST"]),
        ]

    async def page(self, request: Request) -> Response:
        return await run_in_threadpool(self._page, request)

    def _page(self, request: Request, errors: Sequence[str] = ()) -> Response:
        self._must_be_admin(request)
        settings = self._program.settings
        found, trouble = None, ""
        try:
            found = self._read()
        except SourceError as error:
            trouble = str(error)
        return self._pages.page(
            request,
            "knowledge.html",
            422 if errors else 200,
            errors=errors,
            trouble=trouble,
            papers=found.papers if found else (),
            problems=found.problems if found else (),
            skipped=found.skipped if found else (),
            is_example=settings.knowledge == EMBEDDED_KNOWLEDGE,
            kinds="、".join(sorted(each.lstrip(".") for each in KINDS)),
            done=request.query_params.get("done", "")[:3],
            live_since=self._program.base.live_since.astimezone(settings.zone).strftime("%Y-%m-%d %H:%M"),
            is_staff=True,
            form=self._conversing.form_values(request),
        )

    def _read(self) -> Knowledge:
        """Each file as a reload would read it; what was read before is not read again."""
        settings = self._program.settings
        with readings_of(settings) as readings:
            return read_folder(settings.knowledge, office_of(settings), readings.read)

    def _must_be_admin(self, request: Request) -> None:
        with self._program.ledger.reading() as connection:
            if not self._conversing.office_visit(connection, request).is_admin:
                raise HTTPException(404)

    async def take(self, request: Request) -> Response:
        await run_in_threadpool(self._must_be_admin, request)
        form = await self._conversing.form_of(request, most_files=_MOST_FILES)
        try:
            given = [
                (each.filename or "", await each.read())
                for each in form.getlist("files")
                if isinstance(each, UploadFile) and each.filename
            ]
        finally:
            await form.close()
        return await run_in_threadpool(self._take, request, given, bool(form.get("replaces")))

    def _take(self, request: Request, given: Sequence[tuple[str, bytes]], replaces: bool) -> Response:
        """All of them or none: a page that says what is wrong with one leaves nothing half done."""
        if not given:
            return self._page(request, [self._pages.say(request, "knowledge_no_file")])
        if self._program.settings.knowledge == EMBEDDED_KNOWLEDGE:
            return self._page(request, [self._pages.say(request, "knowledge_is_example")])
        folder, wrong = self._program.settings.knowledge, []
        files = [(_plain_name(name), content) for name, content in given]
        for name, content in files:
            if reason := self._refused(folder, name, content, replaces=replaces):
                wrong.append(self._pages.say(request, reason, name=name or "?"))
        if wrong:
            return self._page(request, wrong)
        try:
            for name, content in files:
                _put(folder / name, content)
        except OSError as error:
            logger.error("knowledge_not_written error=%s", type(error).__name__)
            return self._page(request, [self._pages.say(request, "knowledge_not_written")])
        logger.info("knowledge_files_taken count=%d", len(files))
        return RedirectResponse(self._pages.url("/desk/knowledge", done=len(files)), 303)

    def _refused(self, folder: Path, name: str, content: bytes, *, replaces: bool) -> str:
        """The sentence that says why a file is not taken, "" when it is."""
        suffix = PurePosixPath(name).suffix.lower()
        if not name or name.startswith(_NOT_READ) or len(name.encode()) > _LONGEST_NAME:
            return "knowledge_bad_name"
        if name not in YAML_FILES and suffix not in KINDS:
            return "knowledge_bad_kind"
        if len(content) > self._program.settings.document_megabytes * 1024 * 1024:
            return "knowledge_too_large"
        if (folder / name).is_symlink() or (folder / name).is_dir():
            return "knowledge_bad_name"
        return "knowledge_is_there" if (folder / name).exists() and not replaces else ""


def _plain_name(given: str) -> str:
    """The name alone, whatever folders a browser or somebody else put before it."""
    return legible(PureWindowsPath(PurePosixPath(given).name).name).strip()


def _put(path: Path, content: bytes) -> None:
    """Whole or not at all: a reader never meets half a file."""
    beside = path.with_name(f".{secrets.token_hex(6)}.part")  # names that begin so are not read
    try:
        beside.write_bytes(content)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
