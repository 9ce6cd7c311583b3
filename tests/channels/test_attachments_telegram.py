"""Everything that a phone can send which is no text, over HTTP with the real dialogue."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.channels.telegram_for_tests import program
from tests.fake_bot_api import FakeBotApi

_FILE = {"file_id": "a", "file_unique_id": "b"}
_STICKER = {**_FILE, "type": "regular", "width": 1, "height": 1, "is_animated": False, "is_video": False}
_USER = {"id": 43, "is_bot": False, "first_name": "覃"}
SENT: dict[str, tuple[Any, str]] = {
    "photo": ([{**_FILE, "width": 1, "height": 1}], "照片"),
    "document": (_FILE, "文件"),
    "voice": ({**_FILE, "duration": 3}, "语音"),
    "audio": ({**_FILE, "duration": 3}, "语音"),
    "video": ({**_FILE, "duration": 3, "width": 1, "height": 1}, "视频"),
    "video_note": ({**_FILE, "duration": 3, "length": 1}, "视频"),
    "animation": ({**_FILE, "duration": 3, "width": 1, "height": 1}, "视频"),
    "sticker": (_STICKER, "表情"),
    "location": ({"longitude": 110.37, "latitude": 29.42}, "位置"),
    "contact": ({"phone_number": "+8613800138000", "first_name": "覃"}, "名片"),
    "dice": ({"value": 3, "emoji": "🎲"}, "看不懂"),
    "game": ({"title": "x", "description": "y", "photo": [{**_FILE, "width": 1, "height": 1}]}, "看不懂"),
    "story": ({"id": 1, "chat": {"id": 43, "type": "private", "first_name": "覃"}}, "看不懂"),
    "poll": (
        {
            "id": "1",
            "question": "去不去",
            "options": [{"text": "去", "voter_count": 0, "persistent_id": "1"}],
            "total_voter_count": 0,
            "is_closed": False,
            "is_anonymous": True,
            "type": "regular",
            "allows_multiple_answers": False,
            "allows_revoting": False,
            "members_only": False,
        },
        "看不懂",
    ),
}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One index for all; each test has a ledger of its own."""
    return tmp_path_factory.mktemp("home")


async def test_every_kind_gets_a_kind_word(home: Path, tmp_path: Path) -> None:
    """One sentence each, which says what works; afterwards a question is answered as ever."""
    async with FakeBotApi() as api, program(home, tmp_path, api):
        phone = api.phone(42)
        for kind, (content, word) in SENT.items():
            phone.sends(kind, content)
            told = await phone.reads()
            assert word in told.text, kind
            assert "打字" in told.text or "打成字" in told.text, kind
        phone.types("公开了哪一年的部门决算信息")
        await phone.reads("2017年度部门财政决算信息")


async def test_album_of_ten(home: Path, tmp_path: Path) -> None:
    """Ten photos are one thing somebody did: one sentence, in a form and outside."""
    async with FakeBotApi() as api, program(home, tmp_path, api):
        phone = api.phone(42)
        photo = SENT["photo"][0]
        for _ in range(10):
            phone.sends("photo", photo, album="album1")
        phone.types("/request")
        await phone.reads("个人名义")
        phone.press("个人")
        await phone.reads("姓名")
        for _ in range(10):
            phone.sends("photo", photo, album="album2")
        phone.types("王小明")
        await phone.reads("身份证号码")
        texts = [seen.text for seen in phone.chat.seen]
        assert sum("看不懂照片" in text for text in texts) == 1
        assert sum("没有保存" in text for text in texts) == 1
