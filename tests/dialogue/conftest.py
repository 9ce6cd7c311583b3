"""One index of the embedded knowledge for all stories; each gets its own copy, since some publish."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.dialogue.reloading import office_of
from bot.settings import EMBEDDED_KNOWLEDGE
from knowledge.base import build_base
from tests.dialogue.stage import Stage, settings_of


@pytest.fixture(scope="session")
def embedded_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("index")
    settings = settings_of(home)
    build_base(EMBEDDED_KNOWLEDGE, settings.index_path, (), office_of(settings))
    return settings.index_path


@pytest.fixture
def stage(tmp_path: Path, embedded_index: Path) -> Iterator[Stage]:
    """An empty office, Tuesday 2026-11-24, nine in the morning."""
    settings = settings_of(tmp_path)
    shutil.copy(embedded_index, settings.index_path)
    with Stage.open(settings) as opened:
        yield opened
