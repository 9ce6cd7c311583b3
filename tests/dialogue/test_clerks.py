"""Clerks in their own words: what is to be done is done or asked about, what is a question is searched."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.ledger.ledger import Ledger
from bot.program import meaning_of
from knowledge.base import Base
from tests.dialogue.stage import CLERK, LEADER, WANG, Stage, settings_of

TABLE: list[dict[str, Any]] = yaml.safe_load((Path(__file__).parent / "clerks.yaml").read_text("utf-8"))
SEARCH = ("answer_found", "answers_found", "suggestions", "not_found", "guide_shown", "service")
SHARE = 0.9


def received(stage: Stage) -> None:
    filed(stage)
    stage.says(CLERK, "确认收到")
    stage.says(CLERK, "2026-0001")


def filed(stage: Stage) -> None:
    stage.file_request(WANG)
    stage.says(CLERK, "2026-0001")


def drafted(stage: Stage) -> None:
    received(stage)
    for label in ("答复", "可以公开，全部给"):
        stage.presses(CLERK, label)
    stage.says(CLERK, "村口桥2025年加固，总投资38万元。")
    stage.presses(CLERK, "保存答复")


def review(stage: Stage) -> None:
    stage.restart(two_person_review=True)
    drafted(stage)
    stage.says(LEADER, "2026-0001")


def served(stage: Stage) -> None:
    drafted(stage)
    stage.presses(CLERK, "发出，今天当面送达签收")
    stage.says(CLERK, "2026-0001")


STATES: dict[str, Callable[[Stage], object]] = {
    "none": lambda stage: stage.says(CLERK, "待办"),
    "filed": filed,
    "received": received,
    "drafted": drafted,
    "review": review,
    "served": served,
}


@pytest.fixture
def stage(stage_by_meaning: Stage) -> Stage:
    return stage_by_meaning


def becomes(stage: Stage, row: dict[str, Any]) -> str:
    """The first thing that is said to it in its state."""
    STATES[row["state"]](stage)
    return said_to(stage, row)


def said_to(stage: Stage, row: dict[str, Any]) -> str:
    who = LEADER if row["state"] == "review" else CLERK
    said = [each.event for each in stage.says(who, row["say"]).outgoing if str(each.address) == who]
    return said[0] if said else ""


def is_right(event: str, row: dict[str, Any]) -> bool:
    wanted = str(row["becomes"])
    return event in wanted.split() or ("*search" in wanted and event.startswith(SEARCH))


ACTS = [row for row in TABLE if row["becomes"] != "*search"]
QUESTIONS = [row for row in TABLE if row["becomes"] == "*search"]


def test_most_wishes_are_understood(furnished_home: Path, tmp_path: Path) -> None:
    """Of a hundred wishes, few of them a phrasing, nine in ten begin what was meant or ask whether it is."""
    people: dict[str, object] = {"staff": (CLERK,), "leaders": (LEADER,), "two_person_review": False}
    settings = settings_of(furnished_home, **people).model_copy(update={"meaning": True})
    if meaning_of(settings) is None:
        pytest.skip("this machine reads no meaning")
    wrong = {}
    with Base.open(settings.index_path, meaning_of(settings)) as base:
        for state in {row["state"] for row in ACTS}:  # a ledger in each state, and a copy for each wish
            with Ledger.open(f"sqlite:///{tmp_path}/{state}.db") as ledger:
                prepared = Stage(settings, ledger, base)
                STATES[state](prepared)
            for row in (row for row in ACTS if row["state"] == state):
                copied = shutil.copy(tmp_path / f"{state}.db", tmp_path / "copied.db")
                with Ledger.open(f"sqlite:///{copied}") as ledger:
                    event = said_to(Stage(prepared.settings, ledger, base), row)
                if not is_right(event, row):
                    wrong[row["say"]] = event
    assert len(ACTS) >= 100
    assert 1 - len(wrong) / len(ACTS) >= SHARE, wrong


@pytest.mark.parametrize("row", QUESTIONS, ids=[row["say"] for row in QUESTIONS])
def test_questions_are_searched(stage: Stage, row: dict[str, Any]) -> None:
    """With a request open, a clerk's question is answered like anybody's."""
    assert is_right(becomes(stage, row), row)
