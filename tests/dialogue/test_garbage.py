"""Anything may arrive: each message is answered, and nothing but a number is ever at stake."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bot.dialogue.payload import Act
from bot.ledger.columns import metadata
from tests.dialogue.stage import ADMIN, CLERK, ID_NUMBER, WANG, Stage, label_of, wide

GARBAGE = [
    "低保" * 5000,
    "🙏🙏🙏",
    "\u200b\u200e\u202e低保\u0000\u0007",
    "' OR 1=1; DROP TABLE questions; --",
    'title:* AND (NEAR("低保" "五保") NOT ^x) OR "',
    "<b>&lt;script&gt;</b> *_`[x](y)",
    "{agency} {0} %s {number!r}",
    "/",
    "//",
    "/start " + "A" * 64,
    "/start e_0123456789",
    "/start c_0123456789",
    "/start r_2026-0001",
    "/查询 2026-0001",
    "/帮助@some_bot",
    "0",
    "99",
    wide("1"),
    "²",
    "⑨⑨",
    "٣",
    "9" * 5000,
    "9" * 20 + "个工作日",
    "。。。",
    "   ",
    "\n",
    "a",
    "2026-0001",
    "z2026-0001",
]
BUTTONS = ["", "e:ffffffffff:0", "e:ffffffffff:999999999", "cc:0123456789:999999999", "fr:999999999"]
BUTTONS += ["up:999999999", "dn:0", "wy:7", "al:7", "ep:ffffffffff:1", "ex:0", "ex:9", "lg:xx", "fs:00000000"]
BUTTONS += ["fc:kind:NP:00000000", "rs", "cx", "fq:00000000", "x" * 200, "💥", "mw:2026-0001", "e", ":::"]


@pytest.mark.parametrize("who", [WANG, CLERK, ADMIN])
def test_every_button_ever_made_is_answered(stage: Stage, who: str) -> None:
    """With any argument that it may have had: a button outlives what it was made for."""
    for act in Act:
        for shape in ("", ":2020-0001", ":0123456789:0", ":1:x"):
            assert stage.presses_data(who, f"{act.value}{shape}").outgoing, (act, shape)


@pytest.mark.parametrize("place", ["free", "form", "wanted"])
def test_text_is_answered(stage: Stage, place: str) -> None:
    """Outside a form, in a checked step and in a free one: an answer to each, no exception."""
    for text in GARBAGE:
        stage.says(WANG, "取消")
        if place != "free":
            stage.says(WANG, "申请")
            stage.presses(WANG, "个人")
        if place == "wanted":
            for answer in ("王小明", ID_NUMBER, "13800138000"):
                stage.says(WANG, answer)
        turn = stage.says(WANG, text)
        assert turn.outgoing, text
        assert all(message.text for message in turn.outgoing), text


@pytest.mark.parametrize("text", ["²", "⑨⑨", "٣", "Ⅷ", "½", "99"])
def test_any_number_is_answered_in_a_form_of_staff(stage: Stage, text: str) -> None:
    """Whatever script it is written in: one that no button has is told so."""
    number = stage.file_request(WANG)
    stage.says(CLERK, f"/queue {number}")
    stage.presses(CLERK, label_of("confirm_receipt"))
    stage.says(CLERK, f"/queue {number}")
    stage.presses(CLERK, "要求补正")
    assert stage.says(CLERK, text).outgoing


@pytest.mark.parametrize("who", [WANG, CLERK, ADMIN])
def test_button_is_answered(stage: Stage, who: str) -> None:
    """Old, foreign and malformed buttons get a sentence."""
    for data in BUTTONS:
        assert stage.presses_data(who, data).outgoing, data


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.characters(exclude_categories=()), min_size=1, max_size=60))
@example("\ud800低保政策公开了吗\udfff")
@example("预算公开了没有\ud83d，村口修桥花了多少钱")
@example("\x00预算\x00公开了吗\x00")
def test_any_text(stage: Stage, text: str) -> None:
    """Any Unicode is answered, half surrogate pairs and NUL included, and the question is kept."""
    stage.wait(minutes=1)  # not faster than anybody types
    assert stage.says(WANG, text).outgoing
    assert stage.presses_data(WANG, text).outgoing


def test_every_screen_fits(stage: Stage) -> None:
    """No single message outside quotations is longer than a phone's screen."""
    number = stage.file_request(WANG)
    stage.reply_to(number)
    for text in (
        "/start",
        "/help",
        "/catalogue",
        "/guide",
        "/privacy",
        "/status",
        "桥花了多少钱",
        "社会救助",
    ):
        stage.says(WANG, text)
    longest = max(len(message.text) for message in stage.seen[WANG])
    assert longest <= 700


def test_log_holds_ids_only(stage: Stage, caplog: pytest.LogCaptureFixture, tmp_path: Path) -> None:
    """No name, number, text or identity reaches the log, in the whole story."""
    caplog.set_level(logging.DEBUG)
    number = stage.file_request(WANG, "村口桥加固花了多少钱")
    stage.reply_to(number, "村口桥总投资38万元。")
    stage.says(WANG, "我叫王小明，想问低保")
    logged = caplog.text
    assert "turn event=" in logged
    for secret in ("王小明", ID_NUMBER, "13800138000", "村口桥", "38万元", "telegram:42"):
        assert secret not in logged


def test_ledger_holds_identity_sealed(stage: Stage) -> None:
    """After a request is filed no table holds the number or the name in the clear."""
    stage.file_request(WANG)
    with stage.ledger.reading() as connection:
        for table in metadata.sorted_tables:
            rows = str(connection.execute(sa.select(table)).all())
            assert ID_NUMBER not in rows, table.name
            assert "王小明" not in rows, table.name
