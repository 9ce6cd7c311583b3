"""Files over HTTP: fetched when a form takes them, stored before that, sent out with the reply."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from bot.channels.telegram import fetching
from bot.desk.tables import attachments
from bot.ledger.ledger import Ledger
from bot.mailbox.tables import updates
from tests.fake_bot_api import FakeBotApi
from tests.fake_bot_api.faults import Fault, Kind
from tests.fake_bot_api.phone import Phone
from tests.fake_bot_api.server import DOWNLOAD
from tests.files_for_tests import pdf, picture, xlsx
from tests.ledgers import ledger_url

from .telegram_for_tests import program

RESIDENT, CLERK = 42, 1
STAFF = (f"telegram:{CLERK}",)
SHEET, PAPER = xlsx(), pdf()
FORM = ("/request", "个人", "王小明", "362227199001011234", "13800138000", "村口桥加固花了多少钱")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One index for all; each test has a ledger of its own."""
    return tmp_path_factory.mktemp("home")


def stored(folder: Path, column: sa.ColumnElement[Any]) -> list[Any]:
    with Ledger.open(ledger_url(folder)) as ledger, ledger.reading() as connection:
        return list(connection.execute(sa.select(column)).scalars())


async def fills(phone: Phone, *more: str) -> None:
    """The form, up to what is wanted or further."""
    for text in (*FORM, *more):
        phone.types(text)
        await phone.reads()


async def is_replying(api: FakeBotApi) -> tuple[Phone, Phone]:
    """A request is filed, and the clerk has chosen what the reply says: its text is asked for."""
    resident, clerk = api.phone(RESIDENT), api.phone(CLERK)
    await fills(resident, "电子文件", "在这个聊天里发给我", "确认提交")
    await clerk.reads("2026-0001")
    for label in ("确认收到（开始计期）", "答复", "可以公开，全部给"):
        clerk.press(label)
        await clerk.reads()
    return resident, clerk


async def test_reply_with_a_file_and_a_photo(home: Path, tmp_path: Path) -> None:
    """What the clerk sends while writing arrives with the reply, byte for byte and under its own name."""
    async with FakeBotApi() as api, program(home, tmp_path, api, staff=STAFF):
        resident, clerk = await is_replying(api)
        clerk.sends_file("村口桥 支出明细.xlsx", SHEET, caption="村口桥2025年加固，明细和照片见附件。")
        assert "附上了：村口桥 支出明细.xlsx" in (await clerk.reads()).text
        clerk.sends_picture(picture("JPEG"))
        assert "附件2.jpg" in (await clerk.reads()).text
        clerk.press("保存答复")
        await clerk.reads()
        clerk.press("发出，今天当面送达签收")
        await resident.reads("有答复了")
        sent = [(await resident.reads("的附件")).document for _ in range(2)]
        assert sent == [("村口桥 支出明细.xlsx", SHEET), ("附件2.jpg", picture("JPEG"))]


async def test_resident_sends_while_the_form_is_open(home: Path, tmp_path: Path) -> None:
    """Kept with the request; the clerk opens it from the card."""
    async with FakeBotApi() as api, program(home, tmp_path, api, staff=STAFF):
        resident, clerk = api.phone(RESIDENT), api.phone(CLERK)
        await fills(resident)
        resident.sends_file("路段图.pdf", PAPER)
        assert "附上了：路段图.pdf" in (await resident.reads()).text
        for text in ("电子文件", "在这个聊天里发给我", "确认提交"):
            resident.types(text)
            await resident.reads()
        await clerk.reads("2026-0001")
        clerk.press("看附件")
        assert (await clerk.reads("路段图.pdf")).document == ("路段图.pdf", PAPER)


async def test_nothing_is_fetched_unasked(home: Path, tmp_path: Path) -> None:
    """Photos and files that no open form takes stay where they are: outside a form, and of an id card."""
    async with FakeBotApi() as api, program(home, tmp_path, api):
        resident = api.phone(RESIDENT)
        resident.sends_picture(picture("JPEG"))
        assert "看不懂照片" in (await resident.reads()).text
        for text in FORM[:3]:
            resident.types(text)
            await resident.reads()
        resident.sends_picture(picture("JPEG"))
        assert "没有保存" in (await resident.reads()).text
        assert api.called("getFile") == api.called(DOWNLOAD) == []


async def test_what_comes_after_a_file_waits_for_it(home: Path, tmp_path: Path) -> None:
    """Sent in one breath with a slow network: the text after the file is read after it."""
    async with FakeBotApi() as api, program(home, tmp_path, api, staff=STAFF):
        _, clerk = await is_replying(api)
        api.faults.plan("getFile", Fault(Kind.DELAY, seconds=1.0))
        clerk.sends_file("明细.xlsx", SHEET)
        clerk.types("支出明细见附件。")
        assert "附上了" in (await clerk.reads()).text
        read_back = await clerk.reads()
        assert "1. 明细.xlsx" in read_back.text
        assert "还没有附文件" not in read_back.text


TROUBLES: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "too big for the office": ("大.png", lambda: picture("PNG") + bytes(2 * fetching.MEGABYTE), "超过 1 MB"),
    "too big for a bot": ("更大.png", lambda: bytes(21 * fetching.MEGABYTE), "超过 1 MB"),
    "no such kind": ("程序.pdf", lambda: b"MZ\x90\x00" + bytes(300), "能收的是"),
}


@pytest.mark.parametrize("what", TROUBLES)
async def test_what_is_not_taken(home: Path, tmp_path: Path, what: str) -> None:
    """A kind sentence; what was written before and is written after is there."""
    name, content, told = TROUBLES[what]
    async with FakeBotApi() as api, program(home, tmp_path, api, staff=STAFF, attachment_megabytes=1):
        _, clerk = await is_replying(api)
        clerk.sends_file(name, content())
        assert told in (await clerk.reads()).text
        clerk.types("村口桥2025年加固，总投资38万元。")
        assert "总投资38万元" in (await clerk.reads()).text
    assert stored(tmp_path, attachments.c.token) == []


async def test_network_that_comes_back(home: Path, tmp_path: Path) -> None:
    """A torn download is tried again by itself."""
    async with FakeBotApi() as api, program(home, tmp_path, api, staff=STAFF):
        _, clerk = await is_replying(api)
        api.faults.plan(DOWNLOAD, Fault(Kind.CUT))
        clerk.sends_file("明细.xlsx", SHEET)
        assert "附上了" in (await clerk.reads(deadline=8)).text


async def test_network_that_stays_away(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After some attempts the sender is told, and the chat goes on."""
    monkeypatch.setattr(fetching, "_WAITS", (0.1, 0.1))
    async with FakeBotApi() as api, program(home, tmp_path, api, staff=STAFF):
        _, clerk = await is_replying(api)
        api.faults.plan(DOWNLOAD, Fault(Kind.CUT), range(1, 20))
        clerk.sends_file("明细.xlsx", SHEET)
        assert "没有取到" in (await clerk.reads(deadline=8)).text
        clerk.types("村口桥2025年加固，总投资38万元。")
        assert "总投资38万元" in (await clerk.reads()).text


async def test_stopped_before_the_file_was_there(home: Path, tmp_path: Path) -> None:
    """Stored and acknowledged, not yet fetched: the next start fetches it, and nothing is sent to Telegram's
    server again by the person."""
    async with FakeBotApi() as api:
        async with program(home, tmp_path, api, staff=STAFF):
            _, clerk = await is_replying(api)
            api.faults.plan(DOWNLOAD, Fault(Kind.CUT), range(1, 200))
            clerk.sends_file("明细.xlsx", SHEET)
            await clerk.waits_for(lambda: api.faults.met[f"{DOWNLOAD}: cut"] or None, 5)
            await api.confirmation()
        assert "fetching" in stored(tmp_path, updates.c.status)
        api.faults.clear()
        async with program(home, tmp_path, api, staff=STAFF):
            assert "附上了：明细.xlsx" in (await clerk.reads(deadline=8)).text
    assert len(stored(tmp_path, attachments.c.token)) == 1
