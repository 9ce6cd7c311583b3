"""One home folder with index and empty ledger for all stories; each gets its own copy, since some publish."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.dialogue.admin.reloads import office_of
from bot.ledger.ledger import Ledger
from bot.settings import EMBEDDED_KNOWLEDGE
from knowledge.base import build_base
from tests.dialogue.stage import Stage, settings_of
from tests.ledgers import POSTGRES, ledger_url


@pytest.fixture(scope="session")
def furnished_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The embedded knowledge, indexed, and a migrated ledger without a row."""
    home = tmp_path_factory.mktemp("home")
    settings = settings_of(home)
    build_base(EMBEDDED_KNOWLEDGE, settings.index_path, (), office_of(settings))
    Ledger.open(settings.ledger_place).close()
    return home


@pytest.fixture
def stage(tmp_path: Path, furnished_home: Path) -> Iterator[Stage]:
    """An empty office, Tuesday 2026-11-24, nine in the morning."""
    home = shutil.copytree(furnished_home, tmp_path / "home")
    settings = settings_of(home, ledger_url=ledger_url(home) if POSTGRES else "")
    with Stage.open(settings) as opened:
        yield opened
