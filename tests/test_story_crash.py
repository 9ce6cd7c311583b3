"""`disclosure run` as a process of its own: kill -9 in the middle, restart, stop; nothing is lost."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from asyncio.subprocess import Process
from collections import Counter
from pathlib import Path

import sqlalchemy as sa

from bot.ledger.ledger import Ledger
from bot.mailbox.tables import outbox, updates
from tests.fake_bot_api import TOKEN, FakeBotApi, Fault, Kind

QUESTIONS = [f"农村五保政策{number}" for number in range(3)]


async def run(home: Path, base_url: str) -> Process:
    """Start the command as an operator does."""
    environment = {
        **{
            name: value
            for name, value in os.environ.items()
            if not name.startswith("DISCLOSURE_") or name == "DISCLOSURE_MEANING"
        },
        "DISCLOSURE_HOME": str(home),
        "DISCLOSURE_TELEGRAM_BASE_URL": base_url,
        "DISCLOSURE_TELEGRAM_TOKEN": TOKEN,
    }
    command = str(Path(sys.executable).with_name("disclosure"))
    return await asyncio.create_subprocess_exec(
        command, "run", env=environment, stderr=asyncio.subprocess.PIPE
    )


async def test_killed_while_handling_and_started_again(tmp_path: Path) -> None:
    """Two residents ask; the program is killed while it sends; started again, everything is answered, each
    update had one effect, and only what was under way at the kill came twice.  SIGTERM then ends it well."""
    async with FakeBotApi() as api:
        phones = [api.phone(42), api.phone(43)]
        first = await run(tmp_path, api.base_url)
        for question in QUESTIONS:
            for phone in phones:
                phone.types(question)
        api.faults.plan("sendMessage", Fault(Kind.DELAY, seconds=1), [2, 3])
        await phones[0].reads(deadline=30)
        first.send_signal(signal.SIGKILL)
        assert await first.wait() == -signal.SIGKILL
        api.faults.clear()

        second = await run(tmp_path, api.base_url)
        for phone in phones:
            phone.types("/privacy")
        for phone in phones:  # in a chat everything before it has been sent by then
            await phone.reads("个人信息", deadline=30)
        assert all(len(phone.chat.seen) >= len(QUESTIONS) + 1 for phone in phones)
        second.terminate()
        _, log = await asyncio.wait_for(second.communicate(), 20)
        assert second.returncode == 0, log.decode()
        assert TOKEN not in log.decode()
        assert "农村" not in log.decode()

    with Ledger.open(f"sqlite:///{tmp_path / 'ledger.db'}") as ledger, ledger.reading() as connection:
        statuses = Counter(connection.scalars(sa.select(updates.c.status)))
        sent = Counter(connection.scalars(sa.select(outbox.c.status)))
    assert statuses == {"handled": 2 * (len(QUESTIONS) + 1)}
    assert sent == {"sent": 2 * (len(QUESTIONS) + 1)}
