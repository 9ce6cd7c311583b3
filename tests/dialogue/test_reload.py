"""Reload in chat: what changed is said, a mistake is named, and the old index stays."""

from __future__ import annotations

import shutil
from pathlib import Path

from bot.dialogue.messages import OutcomeKind
from bot.settings import EMBEDDED_KNOWLEDGE
from tests.dialogue.stage import ADMIN, WANG, Stage


def editable(stage: Stage, tmp_path: Path) -> Path:
    folder = tmp_path / "knowledge"
    shutil.copytree(EMBEDDED_KNOWLEDGE, folder)
    stage.restart(knowledge=folder)
    return folder


def test_reload_tells_what_changed(stage: Stage, tmp_path: Path) -> None:
    """An entry that was taken out is named; /check says so before and changes nothing."""
    items = editable(stage, tmp_path) / "items.yaml"
    text = items.read_text(encoding="utf-8")
    title = "城乡低保政策"
    items.write_text(text.replace(f"title: {title}", "title: 城乡低保新政策"), encoding="utf-8")
    before = stage.base.version
    assert "改动 1 条" in stage.says(ADMIN, "/check").outgoing[0].text
    assert stage.base.version == before
    turn = stage.says(ADMIN, "/reload")
    assert turn.outgoing[0].event == "reloaded"
    assert "城乡低保新政策" in turn.outgoing[0].text


def test_broken_source_is_named(stage: Stage, tmp_path: Path) -> None:
    """File, line and what was expected, in Chinese; residents notice nothing."""
    items = editable(stage, tmp_path) / "items.yaml"
    items.write_text(items.read_text(encoding="utf-8") + "\n  - idd: x\n", encoding="utf-8")
    turn = stage.says(ADMIN, "/reload")
    assert turn.outgoing[0].event == "reload_refused"
    assert "items.yaml 第" in turn.outgoing[0].text
    assert stage.says(WANG, "社会救助").outcome in (OutcomeKind.SUGGEST, OutcomeKind.ANSWER)


def test_published_survives_a_reload(stage: Stage) -> None:
    """A published reply is part of every later index."""
    number = stage.file_request(WANG)
    stage.reply_to(number)
    stage.presses("telegram:1", "公开这条")
    stage.presses("telegram:1", "确认公开")
    stage.says(ADMIN, "/reload")
    assert stage.says(WANG, "村口桥加固花了多少钱").outcome is OutcomeKind.ANSWER
