"""The parts put together: what an operator who sets nothing gets."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from bot.program import Program
from bot.settings import EMBEDDED_KNOWLEDGE, Settings


def test_agency_is_read_from_the_newest_report(tmp_path: Path) -> None:
    """A reply letter must name the agency, also where the operator configured nothing."""
    with Program.open(Settings(home=tmp_path)) as program:
        assert program.settings.agency_name == "洲上乡人民政府"
        assert program.register.office.agency == "洲上乡人民政府"
    with Program.open(Settings(home=tmp_path, agency_name="别乡人民政府")) as program:
        assert program.register.office.agency == "别乡人民政府"


@pytest.mark.parametrize("spoil", ["truncated", "no-database", "empty"])
def test_an_unreadable_index_is_built_anew(tmp_path: Path, spoil: str) -> None:
    """The index is derived: one that is damaged or that another version wrote is no reason not to start."""
    settings = Settings(home=tmp_path)
    with Program.open(settings) as program:
        total = program.base.size
    whole = settings.index_path.read_bytes()
    spoilt = {"truncated": whole[: len(whole) // 2], "no-database": b"not a database" * 500, "empty": b""}
    settings.index_path.write_bytes(spoilt[spoil])
    with Program.open(settings) as program:
        assert program.base.size == total


def test_unchanged_sources_are_not_built_again(tmp_path: Path) -> None:
    """The second start is quick: the index is as it was, until a source is edited."""
    folder = Path(shutil.copytree(EMBEDDED_KNOWLEDGE, tmp_path / "knowledge"))
    settings = Settings(home=tmp_path / "home", knowledge=folder)
    said: list[str] = []
    with Program.open(settings, said.append) as program:
        version = program.base.version
    with Program.open(settings, said.append) as program:
        assert program.base.version == version
    assert len(said) == 1
    (folder / "water.md").write_text("# 饮水工程公告\n\n自来水主管道六月通到湾里。\n", encoding="utf-8")
    with Program.open(settings, takes_up_edits=False) as program:
        assert program.base.version == version
    with Program.open(settings, said.append) as program:
        assert program.base.version != version


def test_touched_sources_change_nothing(tmp_path: Path) -> None:
    """A checkout that only renews the times: looked at once, and the version and the one before it stay."""
    folder = Path(shutil.copytree(EMBEDDED_KNOWLEDGE, tmp_path / "knowledge"))
    settings = Settings(home=tmp_path / "home", knowledge=folder)
    with Program.open(settings) as program:
        version = program.base.version
    os.utime(folder / "items.yaml")
    said: list[str] = []
    for _ in range(2):
        with Program.open(settings, said.append) as program:
            assert program.base.version == version
    assert len(said) == 1


def test_office_details_reach_the_guide(tmp_path: Path) -> None:
    """A telephone that is filled in later is quoted after the next start, though no file was edited."""
    with Program.open(Settings(home=tmp_path)):
        pass
    with Program.open(Settings(home=tmp_path, office_phone="0795-1234567")) as program:
        told = program.base.guide("where-to-send")
        assert told is not None
        assert "0795-1234567" in told.text
