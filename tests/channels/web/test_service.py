"""The server itself: it starts beside other things, leaves signals alone, and ends."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import sqlalchemy as sa

from bot.channels.web import WebChannel
from bot.channels.web.tables import web_messages
from bot.mailbox.inbox import Arrival, receive
from bot.mailbox.payload import incoming_to_json
from bot.mailbox.tables import updates
from bot.messages import Address, Incoming
from tests.channels.web.conftest import Office, office_at
from tests.channels.web.test_conversation import ANSWER, ASKED


async def test_serves_and_stops(office: Office) -> None:
    channel = WebChannel(office.program, 0)
    before = signal.getsignal(signal.SIGTERM)
    port = await channel.start()
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
        assert (await client.get("/")).status_code == 200
        answer = await client.post("/ask", data={"text": ASKED}, headers={"Sec-Fetch-Site": "same-origin"})
        assert answer.status_code == 303
        assert "server" not in answer.headers
    assert signal.getsignal(signal.SIGTERM) is before
    async with asyncio.timeout(10):
        await channel.stop()


async def test_what_a_killed_process_left_is_answered(built: Path, tmp_path: Path) -> None:
    """Stored, not handled: the next start answers it on the same page."""
    with office_at(built, tmp_path / "home") as office:
        browser = office.browser()
        browser.open("/ask")
        browser.say("低保咋申请")
        program, cookies = office.program, dict(browser.client.cookies)
        with program.ledger.reading() as connection:
            chat = Address.parse(connection.scalars(sa.select(web_messages.c.chat)).first() or "")
        asked = Incoming(chat, chat, office.now(), text=ASKED)
        with program.ledger.transaction() as connection:  # and the process dies here
            receive(connection, "web", [Arrival("left", str(chat), incoming_to_json(asked))], office.now())
        for _ in range(200):
            if ANSWER in browser.open("/ask"):
                break
            await asyncio.sleep(0.1)
        assert dict(browser.client.cookies) == cookies
        assert ANSWER in browser.answer
        with program.ledger.reading() as connection:
            assert set(connection.scalars(sa.select(updates.c.status))) == {"handled"}


def test_command_serves_until_told_to_stop(tmp_path: Path) -> None:
    """`disclosure web`: says where, serves, ends with 0 on SIGTERM; a port in use is named."""
    env = {**os.environ, "DISCLOSURE_HOME": str(tmp_path), "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-c", "from bot.cli import main; main()", "web", "--as-staff", "--port"]
    port = _free_port()
    process = subprocess.Popen([*command, str(port)], env=env, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == f"http://127.0.0.1:{port}/"
        assert "/desk" in process.stdout.readline()
        for _ in range(200):
            try:
                assert httpx.get(f"http://127.0.0.1:{port}/").status_code == 200
                break
            except httpx.TransportError:
                assert process.poll() is None
        second = subprocess.run(
            [*command, str(port)], env=env, capture_output=True, text=True, timeout=60, check=False
        )
        assert second.returncode == 2
        assert "web_port" in second.stderr
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
    finally:
        process.kill()
        process.communicate()


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])
