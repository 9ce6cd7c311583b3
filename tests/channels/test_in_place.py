"""Changed questions, questions in pieces and floods, with the real dialogue over HTTP."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.desk.tables import questions
from bot.dialogue.tables import conversations
from bot.ledger.ledger import Ledger
from bot.mailbox.tables import outbox, updates
from tests.channels.telegram_for_tests import program
from tests.fake_bot_api import FakeBotApi
from tests.ledgers import ledger_url


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One index for all; each test has a ledger of its own."""
    return tmp_path_factory.mktemp("home")


async def test_changed_question_is_answered_in_place(home: Path, tmp_path: Path) -> None:
    """The old answer is edited, also when the program was restarted in between; nothing new is said."""
    async with FakeBotApi() as api:
        phone = api.phone(42)
        async with program(home, tmp_path, api):
            asked = phone.types("采砂许可证发给哪个老板了")
            first = await phone.reads("没有查到")
        async with program(home, tmp_path, api):
            phone.edits(asked, "公开了哪一年的部门决算信息")
            changed = await phone.reads("2017年度部门财政决算信息")
            assert (changed.message_id, changed.edited) == (first.message_id, True)
            phone.edits(asked, "采砂许可证发给哪个老板了呀")
            again = await phone.reads("没有查到")
            assert (again.message_id, again.edited) == (first.message_id, True)
        assert len(api.called("sendMessage")) == 1


async def test_three_messages_in_a_row_are_one_question(home: Path, tmp_path: Path) -> None:
    """What comes in pieces ends as one answer in one message; a question that is answered stands alone."""
    async with FakeBotApi() as api, program(home, tmp_path, api):
        phone = api.phone(42)
        for piece in ("采砂许可证", "发给了", "哪个老板"):
            phone.types(piece)
        phone.types("公开了哪一年的部门决算信息")
        answer = await phone.reads("2017年度部门财政决算信息")
        assert not answer.edited
        before = [seen for seen in phone.chat.seen if seen.message_id != answer.message_id]
        assert len({seen.message_id for seen in before}) == 1
        assert [seen.edited for seen in before] == [False, True, True]


async def test_flood_gets_one_kind_notice(home: Path, tmp_path: Path) -> None:
    """After the limit one notice; a request can be filed and looked up all the same."""
    async with FakeBotApi() as api, program(home, tmp_path, api, questions_per_minute=2):
        phone = api.phone(42)
        for _ in range(6):
            phone.types("公开了哪一年的部门决算信息")
        phone.types("/request")
        texts = [(await phone.reads()).text for _ in range(4)]
        assert sum("过一分钟再问" in text for text in texts) == 1
        assert sum("2017年度" in text for text in texts) == 2
        assert api.world.chats[42].seen[-1].labels, "the form begins"


async def test_inline_mode_offers_entries_only(home: Path, tmp_path: Path) -> None:
    """What is disclosed is offered with its source, what was filed is not; nothing of it is stored."""
    async with FakeBotApi() as api, program(home, tmp_path, api):
        phone = api.phone(42)
        offered = await phone.looks_up("部门决算信息")
        texts = [result["input_message_content"]["message_text"] for result in offered]
        assert any("2017年度部门财政决算信息" in text and "来源" in text for text in texts)
        assert await phone.looks_up("2026-0001 王秀英的申请") == []
        assert await phone.looks_up("") == []
    with Ledger.open(ledger_url(tmp_path)) as ledger, ledger.reading() as connection:
        for table in (updates, questions, conversations, outbox):
            assert connection.execute(sa.select(sa.func.count()).select_from(table)).scalar() == 0
