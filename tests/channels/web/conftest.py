"""An office with its web pages, on a ledger of its own and the embedded knowledge."""

from __future__ import annotations

import asyncio
import importlib.util
import shutil
import threading
from collections.abc import Coroutine, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest
from sqlalchemy import event

from bot.channels.web import WebChannel
from bot.dialogue.admin.reloads import office_of
from bot.program import Program
from bot.settings import EMBEDDED_KNOWLEDGE
from knowledge.base import build_base
from tests.channels.web.browser import Browser
from tests.dialogue.stage import CLERK, settings_of, without_fsync

T = TypeVar("T")


CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
in_chromium = pytest.mark.skipif(
    CHROMIUM is None or importlib.util.find_spec("playwright") is None,
    reason="chromium or playwright is not installed",
)


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with its index and an empty ledger, made once; each office begins with a copy of it."""
    home = tmp_path_factory.mktemp("built")
    settings = settings_of(home)
    build_base(EMBEDDED_KNOWLEDGE, settings.index_path, (), office_of(settings))
    with Program.open(settings, takes_up_edits=False):
        pass
    return home


@pytest.fixture(scope="session")
def _launched() -> Iterator[tuple[Any, asyncio.AbstractEventLoop]]:
    """One browser for all tests of a process, and the event loop that Playwright runs for it."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        loop = asyncio.get_running_loop()
        asyncio._set_running_loop(None)
        yield browser, loop
        asyncio._set_running_loop(loop)
        browser.close()


@pytest.fixture
def chromium(_launched: tuple[Any, asyncio.AbstractEventLoop]) -> Iterator[Any]:
    """The browser.  Its loop counts as running only meanwhile: other tests have loops of their own."""
    browser, loop = _launched
    asyncio._set_running_loop(loop)
    yield browser
    for context in browser.contexts:
        context.close()
    asyncio._set_running_loop(None)


class Office:
    """A program, its pages on a real server in a thread of its own, and a clock to set."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.ahead = timedelta(0)
        self.channel = WebChannel(program, 0, self.now)
        self._browsers: list[Browser] = []
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self.port = self._run(self.channel.start())
        self.address = f"http://127.0.0.1:{self.port}"

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def browser(self, headers: Mapping[str, str] | None = None) -> Browser:
        browser = Browser(self.address, headers)
        self._browsers.append(browser)
        return browser

    def close(self) -> None:
        for browser in self._browsers:
            browser.client.close()
        self._run(self.channel.stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _run(self, work: Coroutine[object, object, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(30)


@contextmanager
def office_at(built: Path, home: Path, **changes: object) -> Iterator[Office]:
    """An office whose pages ask for names, with the embedded knowledge."""
    shutil.copytree(built, home)
    staff: dict[str, object] = {"staff": (CLERK,), "leaders": (CLERK,), "office_address": "街上1号"}
    settings = settings_of(home, identity_on_chat=("web",), **{**staff, **changes})
    with Program.open(settings, takes_up_edits=False) as program:
        event.listen(program.ledger.engine, "connect", without_fsync)
        program.ledger.engine.dispose()
        office = Office(program)
        try:
            yield office
        finally:
            office.close()


@pytest.fixture
def office(built: Path, tmp_path: Path) -> Iterator[Office]:
    with office_at(built, tmp_path / "home", web_proxies=("127.0.0.1",)) as office:
        yield office


@pytest.fixture(scope="module")
def open_office(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """One for tests that leave nothing behind but sessions."""
    home = tmp_path_factory.mktemp("open") / "home"
    with office_at(built, home, web_proxies=("127.0.0.1",)) as office:
        yield office
