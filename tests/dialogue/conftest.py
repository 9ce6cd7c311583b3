"""One home folder with index and empty ledger for all stories; each gets its own copy, since some publish."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.dialogue.admin.reloads import office_of
from bot.ledger.ledger import Ledger
from bot.program import meaning_of
from bot.settings import EMBEDDED_KNOWLEDGE
from knowledge.base import Base, build_base
from tests.dialogue.stage import CLERK, LEADER, Stage, settings_of
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


@pytest.fixture
def stage_by_meaning(tmp_path: Path, furnished_home: Path) -> Iterator[Stage]:
    """The office with a leader, with the phrasings by meaning where the machine reads it."""
    people: dict[str, object] = {"staff": (CLERK,), "leaders": (LEADER,), "two_person_review": False}
    settings = settings_of(furnished_home, **people).model_copy(update={"meaning": True})
    if meaning_of(settings) is None:
        pytest.skip("this machine reads no meaning")
    url = ledger_url(tmp_path) if POSTGRES else f"sqlite:///{tmp_path}/ledger.db"
    with Ledger.open(url) as ledger, Base.open(settings.index_path, meaning_of(settings)) as base:
        yield Stage(settings, ledger, base)
