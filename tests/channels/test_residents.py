"""What residents expect of a bot, each over HTTP with the real dialogue on the real report."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.dialogue.resident.welcome import link_to_category, link_to_entry
from tests.channels.telegram_for_tests import program
from tests.fake_bot_api import FakeBotApi

CLERK = 9
MISSING = "采砂许可证发给哪个老板了"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One index for all; each test has a ledger of its own."""
    return tmp_path_factory.mktemp("home")


async def test_why_shows_the_matched_words(home: Path, tmp_path: Path) -> None:
    """为什么 names words of the question, also in another order and for a picked suggestion."""
    async with FakeBotApi() as api, program(home, tmp_path, api):
        phone = api.phone(42)
        phone.types("公开了哪一年的部门决算信息")
        await phone.reads("2017年度部门财政决算信息")
        phone.press("为什么")
        why = await phone.reads("您问的话里有这些词")
        assert "决算" in why.text
        assert "features" not in why.text, "figures are for staff"


async def test_another_wording_after_a_miss(home: Path, tmp_path: Path) -> None:
    """换个说法 says how, with what was asked; the next wording is answered."""
    async with FakeBotApi() as api, program(home, tmp_path, api):
        phone = api.phone(42)
        phone.types(MISSING)
        await phone.reads("没有查到")
        phone.press("换个说法再问")
        hint = await phone.reads("请换个说法")
        assert MISSING in hint.text
        phone.types("部门决算信息")
        await phone.reads("2017年度部门财政决算信息")


async def test_catalogue_is_one_message(home: Path, tmp_path: Path) -> None:
    """Categories, a category, its pages and back: always the same message; an entry is a new one."""
    async with FakeBotApi() as api, program(home, tmp_path, api):
        phone = api.phone(42)
        phone.types("/catalogue")
        listed = await phone.reads("公开的信息分这几类")
        phone.press("2018年年度报告（19）")
        first = await phone.reads("第 1 页（共 4 页）")
        for label, page in (("下一页", 2), ("下一页", 3), ("上一页", 2)):
            phone.press(label)
            shown = await phone.reads(f"第 {page} 页")
            assert (shown.message_id, shown.edited) == (listed.message_id, True)
        phone.press("看目录")
        back = await phone.reads("公开的信息分这几类")
        assert back.message_id == first.message_id == listed.message_id
        assert len(api.called("sendMessage")) == 1
        phone.press("2018年年度报告（19）")
        await phone.reads("第 1 页")
        phone.press("开头语")
        entry = await phone.reads("来源")
        assert entry.message_id != listed.message_id


async def test_deep_links(home: Path, tmp_path: Path) -> None:
    """To an entry and a category; malformed, outdated and foreign ones end in a kind sentence."""
    async with FakeBotApi() as api, program(home, tmp_path, api):
        phone = api.phone(42)
        phone.types(f"/start {link_to_category('2018年年度报告')}")
        await phone.reads("2018年年度报告，共 19 条")
        phone.press("开头语")
        await phone.reads("洲上乡人民政府根据")
        phone.types(f"/start {link_to_entry('no such entry')}")
        await phone.reads("这一条现在没有了")
        phone.types(f"/start {link_to_category('没有这一类')}")
        await phone.reads("这一类现在没有了")
        phone.types("/start r_2026-0001")
        assert (await phone.reads("没有查到这个编号")).labels == ("查进度",)
        for link in ("e_", "e_ZZ", "r_2026", "x" * 64, "../../etc/passwd", "a_K7WMP3XQ9T"):
            phone.types(f"/start {link}")
            await phone.reads("政务公开助手")


async def test_language_of_the_phone_and_by_choice(home: Path, tmp_path: Path) -> None:
    """The phone's language first; what is chosen by a button stays, also after a restart."""
    async with FakeBotApi() as api:
        taiwan = api.phone(43, language="zh-hant")
        english = api.phone(44, language="en")
        async with program(home, tmp_path, api):
            taiwan.types("/start")
            await taiwan.reads("政務公開助手")
            english.types("/start")
            await english.reads("Hello!")
            english.types("/language")
            await english.reads("choose")
            english.press("繁體中文")
            await english.reads("以後都這樣跟您說")
        async with program(home, tmp_path, api):
            english.types("/help")
            await english.reads("直接打字問就行")
            english.types("公开了哪一年的部门决算信息")
            await english.reads("2017年度部門財政決算信息")
            taiwan.types("/start")
            await taiwan.reads("政務公開助手")


async def test_longest_answer_arrives_whole(home: Path, tmp_path: Path) -> None:
    """The longest that a clerk may write arrives whole, whatever is in it; paragraphs are not cut."""
    paragraphs = [f"第{number}段。" + "村道硬化，已经完工，&<>" * 18 for number in range(1, 12)]
    async with FakeBotApi() as api, program(home, tmp_path, api, staff=(f"telegram:{CLERK}",)):
        phone, clerk = api.phone(42), api.phone(CLERK)
        phone.types(MISSING)
        await phone.reads("没有查到")
        phone.press("咨询工作人员")
        await phone.reads("您要咨询的是")
        phone.press("发送")
        await phone.reads("已经发给工作人员")
        await clerk.reads("新的咨询")
        clerk.press("答复咨询")
        await clerk.reads()
        clerk.types("\n\n".join(paragraphs))
        await clerk.reads("第11段")
        clerk.press("发送答复")
        told = await phone.reads("有答复了")
        assert "\n\n".join(paragraphs) in told.text
        assert len(told.text) <= 4096


async def test_inline_mode_speaks_the_language_of_the_phone(home: Path, tmp_path: Path) -> None:
    """The bot's own words beside an entry are in it; the entry is as it was published."""
    async with FakeBotApi() as api, program(home, tmp_path, api):
        for language, word in (("zh-hans", "来源"), ("zh-hant", "來源"), ("en", "Source")):
            (first, *_) = await api.phone(42, language=language).looks_up("部门决算信息")
            text = first["input_message_content"]["message_text"]
            assert word in text
            assert "2017年度部门财政决算信息" in text


async def test_large_text_on_the_phone(home: Path, tmp_path: Path) -> None:
    """One thing a message over HTTP too; a changed question is answered anew."""
    async with FakeBotApi() as api, program(home, tmp_path, api):
        phone = api.phone(42)
        phone.types("/start")
        await phone.reads()
        phone.press("大字模式")
        await phone.reads("以后我说短句子")
        asked = phone.types("公开了哪一年的部门决算信息")
        passage = await phone.reads("2017年度部门财政决算信息")
        assert "blockquote" not in {entity["type"] for entity in passage.entities}
        source = await phone.reads("来源")
        assert (passage.labels, len(source.labels)) == ((), 3)
        phone.edits(asked, MISSING)
        assert not (await phone.reads("没有查到")).edited
        assert (await phone.reads("可以问工作人员")).labels == ("问工作人员", "申请公开", "换个说法再问")
