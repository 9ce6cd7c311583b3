"""Nothing private lies readable in the home folder: in a story, after kill -9, after retention."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import sqlalchemy as sa

from bot.mailbox.inbox import Arrival, Inbox
from bot.mailbox.outbox import enqueue
from bot.mailbox.payload import incoming_to_json
from bot.mailbox.tables import outbox
from bot.messages import Address, Incoming
from tests.dialogue.stage import CLERK, ID_NUMBER, WANG, Stage
from tests.ledgers import sqlite_only

pytestmark = sqlite_only

NAME, TELEPHONE, WANTED = "王小明", "13800138000", "赵家坳低保审批表"
PRIVATE = (NAME, ID_NUMBER, TELEPHONE, WANTED)


def readable(home: Path) -> dict[str, list[str]]:
    """Which of it stands in which file of the home, the log of the ledger too."""
    found = {}
    for path in home.rglob("*"):
        content = path.read_bytes() if path.is_file() else b""
        ways = ("utf-8", "utf-16-le", "unicode_escape")
        here = [word for word in PRIVATE if any(word.encode(way) in content for way in ways)]
        if here:
            found[path.name] = here
    return found


def story(stage: Stage) -> str:
    """Filed, received, answered with a letter, archived."""
    number = stage.file_request(WANG, f"本人{NAME}（{ID_NUMBER}，{TELEPHONE}）的{WANTED}")
    stage.reply_to(number, f"{NAME}：{WANTED}见附件，已寄{TELEPHONE}。")
    with stage.ledger.transaction() as connection:
        register = stage.register
        register.session(connection, stage.now, CLERK).correspondence.note(
            number, text=f"{NAME}来过电话{TELEPHONE}"
        )
        register.session(connection, stage.now).letters.write(number, kind="reply")
        register.session(connection, stage.now, CLERK).replies.archive(number)
        asked = register.session(connection, stage.now, WANG).inquiries.open(
            question=f"我是{NAME}，{WANTED}呢"
        )
        register.session(connection, stage.now, CLERK).inquiries.answer(asked.number, answer=f"{NAME}您好")
    return number


def test_not_while_it_runs_and_not_after_retention(stage: Stage) -> None:
    """Open and in the log while it is looked at; after its term nobody can read it, key or not."""
    number = story(stage)
    assert readable(stage.settings.home) == {}
    with stage.ledger.reading() as connection:
        assert WANTED in stage.register.session(connection).requests.get(number).content
        stage.register.session(connection).requests.verify()
    stage.wait(days=3660)
    for _ in range(5):
        stage.make_rounds()
    assert stage.ledger.truncate_log()
    assert readable(stage.settings.home) == {}
    with stage.ledger.reading() as connection:
        assert stage.register.session(connection).requests.get(number).content == ""
        assert stage.register.session(connection).inquiries.get("Z2026-0001").question == ""
        stage.register.session(connection).requests.verify()


def test_messages_on_their_way_are_sealed(stage: Stage) -> None:
    """What waits to be handled and what waits to be sent, in the ledger and in its log."""
    address = Address.parse(WANG)
    incoming = Incoming(address, address, stage.now, text=f"我叫{NAME}，{ID_NUMBER}，要{WANTED}")
    inbox = Inbox(stage.ledger, stage.conversation, lambda *_: None, lambda: stage.now)  # type: ignore[arg-type]  # no apology is ever said here
    assert inbox.receive("telegram", Arrival("1:1", WANG, incoming_to_json(incoming)))
    said = stage.says(WANG, "你好").outgoing[0]
    with stage.ledger.transaction() as connection:
        enqueue(connection, said, stage.now)
        assert connection.execute(sa.select(sa.func.count()).select_from(outbox)).scalar_one()
    assert readable(stage.settings.home) == {}


_KILLED = """
import os, signal, sys
from pathlib import Path
from tests.dialogue.stage import Stage, settings_of
from tests.dialogue.test_at_rest import story
with Stage.open(settings_of(Path(sys.argv[1]))) as stage:
    story(stage)
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_not_after_a_kill(stage: Stage) -> None:
    """The log stays where a killed program left it."""
    home = stage.settings.home
    stage.ledger.close()
    done = subprocess.run([sys.executable, "-c", _KILLED, str(home)], check=False, timeout=120)
    assert done.returncode == -9
    assert (home / "ledger.db-wal").stat().st_size > 0
    assert readable(home) == {}
