"""Two programs for one home or one token: the second is refused, a stranger elsewhere is waited out."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from bot.channels.telegram import conflicts
from bot.channels.telegram.alone import NotAlone, alone
from bot.channels.telegram.conflicts import Conflicts
from tests.fake_bot_api import FakeBotApi, Fault

from .telegram_for_tests import telegram


async def test_conflict_is_waited_out_and_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another program elsewhere polls with our token: admins are told once, and whoever writes is answered as
    soon as a poll succeeds again."""
    monkeypatch.setattr(conflicts, "_LASTS", 0.5)
    async with FakeBotApi() as api, telegram(tmp_path, api, admins=("telegram:9",)):
        fault = Fault.status(409, "Conflict: terminated by other getUpdates request")
        api.faults.plan("getUpdates", fault, range(1, 4))
        phone, admin = api.phone(42), api.phone(9)
        phone.types("低保")  # ends the poll that is under way
        phone.types("五保")
        await phone.reads("五保", deadline=30)
        assert "令牌" in (await admin.reads(deadline=10)).text
        assert len(admin.chat.seen) == 1


def test_short_conflict_is_not_told() -> None:
    """A process that was just killed leaves its poll open for a while; a new conflict is told again."""
    met = Conflicts().met
    assert [met(at) for at in (0, 5, 29)] == [False] * 3
    assert [met(at) for at in (40, 60)] == [True, False]
    assert [met(at) for at in (300, 310, 331)] == [False, False, True]


def hold(home: Path, token: str) -> str:
    """What a second `disclosure run` is told, "" when it may serve."""
    try:
        with alone(home, token):
            return ""
    except NotAlone as error:
        return str(error)


def test_second_run_is_refused_by_name(tmp_path: Path) -> None:
    """The same home, or another home with the same token; afterwards both are free again."""
    here, there = tmp_path / "here", tmp_path / "there"
    here.mkdir()
    there.mkdir()
    with alone(here, "11:a"):
        assert f"process {os.getpid()}" in hold(here, "12:b")
        assert str(here) in hold(here, "12:b")
        assert "bot 11 " in hold(there, "11:a") or sys.platform != "linux"
        assert hold(there, "12:b") == ""
    assert hold(here, "11:a") == ""
