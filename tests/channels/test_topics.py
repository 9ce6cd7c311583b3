"""The staff's group with topics: the whole program against the fake server, and the ledger afterwards."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from bot.channels.telegram import TelegramChannel
from bot.dialogue.admin.reloads import office_of
from bot.ledger.ledger import Ledger
from bot.mailbox import topics as mailbox_topics
from bot.mailbox.tables import outbox, topics
from bot.mailbox.topics import Began
from bot.settings import EMBEDDED_KNOWLEDGE
from knowledge.base import build_base
from tests.dialogue.stage import ID_NUMBER, WANG, Stage, label_of, settings_of
from tests.fake_bot_api import Chat, FakeBotApi, Fault, Kind, Phone, Seen
from tests.fake_bot_api.refusals import Refusal
from tests.ledgers import ledger_url

from .dialogue_for_tests import open_ledger
from .telegram_for_tests import program

RESIDENT, CLERK, REVIEWER, ADMIN = 42, 9, 8, 7
GROUP = -1001234
QUESTION = "采砂许可证发给哪个老板了"
ANSWER = "本乡没有发放采砂许可证，请向县水利局咨询。"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The embedded knowledge, indexed once."""
    settings = settings_of(tmp_path_factory.mktemp("home"))
    build_base(EMBEDDED_KNOWLEDGE, settings.index_path, (), office_of(settings))
    return settings.home


@asynccontextmanager
async def office(home: Path, ledger: Path, api: FakeBotApi, **more: Any) -> AsyncIterator[TelegramChannel]:
    """The program with a staff group; the ledger lies in the folder `ledger`."""
    settings: dict[str, Any] = {
        "staff": (f"telegram:{CLERK}",),
        "admins": (f"telegram:{ADMIN}",),
        "staff_chat": f"telegram:{GROUP}",
        **more,
    }
    async with program(home, ledger, api, **settings) as channel:
        yield channel


async def inquires(phone: Phone, question: str = QUESTION) -> str:
    """Ask what is not there, and hand it to the clerks; the number of the inquiry."""
    phone.types(question)
    offered = await phone.reads()  # in other words each time that nothing is found
    assert "咨询工作人员" in offered.labels
    phone.press("咨询工作人员")
    await phone.reads("您要咨询的是")
    phone.press("发送")
    told = await phone.reads("Z2026-")
    return "Z2026-" + told.text.partition("Z2026-")[2][:4]


async def card_of(clerk: Phone, group: Chat, number: str) -> tuple[Seen, int]:
    """The card in the topic of this number, and the topic."""
    card = await clerk.reads(number, chat=group)
    assert card.thread is not None
    assert group.topics[card.thread].name.startswith(number)
    return card, card.thread


def rows(folder: Path, table: sa.Table) -> list[Any]:
    with Ledger.open(ledger_url(folder)) as ledger, ledger.reading() as connection:
        return list(connection.execute(sa.select(table)).all())


async def test_one_topic_an_inquiry_and_the_answer_from_it(home: Path, tmp_path: Path) -> None:
    """A topic is made for the card; a reply to the card drafts the answer; once confirmed it goes to the
    resident, and what the clerk wrote gets a mark.
    """
    async with FakeBotApi() as api:
        group = api.forum(GROUP)
        async with office(home, tmp_path, api):
            resident, clerk = api.phone(RESIDENT, "(#id123)"), api.phone(CLERK)
            number = await inquires(resident)
            card, topic = await card_of(clerk, group, number)
            assert QUESTION[:8] in group.topics[topic].name
            written = clerk.types(ANSWER, chat=group, reply_to=card.message_id, topic=topic)
            drafted = await clerk.reads("请核对", chat=group)
            assert (drafted.thread, drafted.styled("blockquote")) == (topic, [ANSWER])
            assert not [seen for seen in resident.chat.seen if ANSWER in seen.text]
            clerk.press("发送答复", chat=group)
            assert ANSWER in (await resident.reads("有答复了")).text
            assert await clerk.reacted_to(written, chat=group) == "👍"
            assert (await clerk.reads("已答复", chat=group)).thread == topic
        assert len(group.topics) == 1
        assert all(call["chat_id"] != str(RESIDENT) for call in api.called("setMessageReaction"))


async def test_plain_remarks_stay_among_staff(home: Path, tmp_path: Path) -> None:
    """Talk in the topic is offered once as a draft, never sent; pressing the offer takes one's own words."""
    async with FakeBotApi() as api:
        group = api.forum(GROUP)
        async with office(home, tmp_path, api, staff=(f"telegram:{CLERK}", f"telegram:{REVIEWER}")):
            resident, clerk, other = api.phone(RESIDENT), api.phone(CLERK), api.phone(REVIEWER)
            number = await inquires(resident)
            _, topic = await card_of(clerk, group, number)
            clerk.types("等一下，我问问水利站", chat=group, topic=topic)
            offer = await clerk.reads("内部备注", chat=group)
            assert offer.thread == topic
            clerk.types("老李说没有这回事", chat=group, topic=topic)
            clerk.types(ANSWER, chat=group, topic=topic)
            other.press("作为答复草稿", chat=group)
            assert "没有还没用过的话" in (await clerk.reads(number, chat=group)).text
            clerk.press("作为答复草稿", chat=group)
            drafted = await clerk.reads("请核对", chat=group)
            assert drafted.styled("blockquote") == [ANSWER]
            resident.types("/help")
            await resident.reads()  # whatever was sent before would have come before
            assert not [seen for seen in resident.chat.seen if "水利站" in seen.text or ANSWER in seen.text]
        assert len([seen for seen in group.seen if "内部备注" in seen.text]) == 1


async def test_form_in_the_topic_goes_on_with_plain_text(home: Path, tmp_path: Path) -> None:
    """After 答复咨询 was pressed the next plain text there is the draft; in another topic it is a remark."""
    async with FakeBotApi() as api:
        group = api.forum(GROUP)
        async with office(home, tmp_path, api):
            one, two, clerk = api.phone(RESIDENT), api.phone(43), api.phone(CLERK)
            first = await inquires(one)
            card, topic = await card_of(clerk, group, first)
            second = await inquires(two, "河道清淤请的哪家公司")
            _, elsewhere = await card_of(clerk, group, second)
            clerk.press("答复咨询", chat=group, message_id=card.message_id)
            await clerk.reads("请写咨询", chat=group)
            clerk.types("这边先等等", chat=group, topic=elsewhere)
            assert (await clerk.reads("内部备注", chat=group)).thread == elsewhere
            clerk.types(ANSWER, chat=group, topic=topic)
            drafted = await clerk.reads("请核对", chat=group)
            assert (drafted.thread, drafted.styled("blockquote")) == (topic, [ANSWER])


async def test_reply_to_another_card_is_about_that_one(home: Path, tmp_path: Path) -> None:
    """While an answer to one is being written, a reply to the card of another never lands in the first."""
    async with FakeBotApi() as api:
        group = api.group(GROUP)  # without topics: all cards stand in one place
        async with office(home, tmp_path, api):
            one, two, clerk = api.phone(RESIDENT), api.phone(43), api.phone(CLERK)
            first = await inquires(one)
            card_1 = await clerk.reads(first, chat=group)
            second = await inquires(two, "河道清淤请的哪家公司")
            card_2 = await clerk.reads(second, chat=group)
            clerk.press("答复咨询", chat=group, message_id=card_1.message_id)
            await clerk.reads("请写咨询", chat=group)
            clerk.types(ANSWER, chat=group, reply_to=card_2.message_id)
            assert second in (await clerk.reads("请核对", chat=group)).text
            clerk.press("发送答复", chat=group)
            assert ANSWER in (await two.reads("有答复了")).text
            assert not [seen for seen in one.chat.seen if ANSWER in seen.text]
            assert api.called("createForumTopic") == [
                {"chat_id": str(GROUP), "name": api.called("createForumTopic")[0]["name"]}
            ]


async def test_request_is_answered_from_its_topic(home: Path, tmp_path: Path) -> None:
    """A reply to the card of a formal request becomes the text; outcome and read-back come after it, and the
    mark comes when the reply was served.
    """
    async with FakeBotApi() as api:
        group = api.forum(GROUP)
        async with office(home, tmp_path, api, two_person_review=False):
            resident, clerk = api.phone(RESIDENT), api.phone(CLERK)
            number = await files(resident)
            card, topic = await card_of(clerk, group, number)
            clerk.types(ANSWER, chat=group, reply_to=card.message_id, topic=topic)
            refused = await clerk.reads("还不能写答复", chat=group)
            assert label_of("confirm_receipt") in refused.labels
            clerk.press("确认收到", chat=group)
            await clerk.reads("期限开始计算", chat=group)
            written = clerk.types(ANSWER, chat=group, reply_to=refused.message_id, topic=topic)
            assert "什么情况" in (await clerk.reads("会作为正文", chat=group)).text
            clerk.press("可以公开，全部给", chat=group)
            assert (await clerk.reads("核对", chat=group)).styled("blockquote") == [ANSWER]
            clerk.press("保存答复", chat=group)
            await clerk.reads("还没有发出", chat=group)
            assert group.reacted == {}
            clerk.press("发出，今天当面", chat=group)
            assert ANSWER in (await resident.reads("有答复了")).text
            assert await clerk.reacted_to(written, chat=group) == "👍"
        assert {seen.thread for seen in group.seen} == {topic}


async def files(phone: Phone) -> str:
    """The whole form; the number of the request."""
    phone.types("申请公开")
    await phone.reads("第 1 步")
    for label, asked in (("个人", "姓名"),):
        phone.press(label)
        await phone.reads(asked)
    for text, asked in (
        ("覃小满", "身份证"),
        ("430821199003074512", "第 4 步"),
        ("13800138000", "第 5 步"),
        ("采砂许可证的审批材料", "第 6 步"),
    ):
        phone.types(text)
        await phone.reads(asked)
    phone.press("电子文件")
    await phone.reads("怎么拿到")
    phone.press("在这个聊天")
    await phone.reads("核对")
    phone.press("确认提交")
    return (await phone.reads("已经提交")).text.partition("编号是 ")[2].partition("。")[0]


async def test_deleted_topic_is_made_anew(home: Path, tmp_path: Path) -> None:
    """P9: what is said next goes into a new topic, which says that it is one, and the queue notes it."""
    async with FakeBotApi() as api:
        group = api.forum(GROUP)
        async with office(home, tmp_path, api):
            resident, clerk = api.phone(RESIDENT), api.phone(CLERK)
            number = await inquires(resident)
            _, old = await card_of(clerk, group, number)
            api.world.delete_topic(group, old)
            clerk.types(f"/queue@zhoushang_bot {number}", chat=group)
            card, new = await card_of(clerk, group, number)
            assert new != old
            assert (await clerk.reads("从这里继续", chat=group)).thread == new
            clerk.types("/queue@zhoushang_bot", chat=group)
            assert "话题被删过" in (await clerk.reads("待办", chat=group)).text
            written = clerk.types(ANSWER, chat=group, reply_to=card.message_id, topic=new)
            await clerk.reads("请核对", chat=group)
            clerk.press("发送答复", chat=group)
            await resident.reads("有答复了")
            assert await clerk.reacted_to(written, chat=group) == "👍"
    assert [(row.thread, row.lost) for row in rows(tmp_path, topics)] == [(str(new), 1)]


@pytest.mark.parametrize("may_reopen", [True, False], ids=["reopened", "made-anew"])
async def test_closed_topic(home: Path, tmp_path: Path, may_reopen: bool) -> None:
    """A closed topic is opened again, so that a request keeps one history; made anew if that is refused."""
    async with FakeBotApi() as api:
        group = api.forum(GROUP)
        async with office(home, tmp_path, api):
            resident, clerk = api.phone(RESIDENT), api.phone(CLERK)
            number = await inquires(resident)
            _, topic = await card_of(clerk, group, number)
            group.topics[topic].closed = True
            group.bot_rights = {"can_delete_messages"}  # an administrator who may not write to closed topics
            if not may_reopen:
                api.faults.plan("reopenForumTopic", Fault.status(400, "Bad Request: not enough rights"))
                group.bot_rights = {"can_manage_topics"}
                api.faults.plan("sendMessage", Fault.status(400, "Bad Request: TOPIC_CLOSED"))
            clerk.types(f"/queue@zhoushang_bot {number}", chat=group)
            card = await clerk.reads(number, chat=group)
            assert (card.thread == topic) is may_reopen
            assert group.topics[topic].closed is not may_reopen


async def test_killed_between_topic_and_record(home: Path, tmp_path: Path) -> None:
    """The answer to createForumTopic is lost: a second topic is made, only that one is used, and it says that
    an empty one may stand beside it.
    """
    async with FakeBotApi() as api:
        group = api.forum(GROUP)
        api.faults.plan("createForumTopic", Fault(Kind.LOST_ANSWER))
        async with office(home, tmp_path, api):
            resident, clerk = api.phone(RESIDENT), api.phone(CLERK)
            number = await inquires(resident)
            _, topic = await card_of(clerk, group, number)
            assert (await clerk.reads("同名的空话题", chat=group)).thread == topic
            clerk.types(f"/queue@zhoushang_bot {number}", chat=group)
            assert (await clerk.reads(number, chat=group)).thread == topic
        assert len(group.topics) == 2
        assert {seen.thread for seen in group.seen} >= {topic}
        assert not [seen for seen in group.seen if seen.thread not in (topic, None)]


@pytest.mark.parametrize("may", [True, False], ids=["no-forum", "no-right"])
async def test_without_topics_the_group_is_used_as_it_is(home: Path, tmp_path: Path, may: bool) -> None:
    """A plain group, or one in which the bot may make no topic: the cards come all the same; a missing right
    is told to the admin once.
    """
    async with FakeBotApi() as api:
        group = api.group(GROUP)
        group.is_forum = not may
        async with office(home, tmp_path, api):
            resident, clerk, admin = api.phone(RESIDENT), api.phone(CLERK), api.phone(ADMIN)
            number = await inquires(resident)
            card = await clerk.reads(number, chat=group)
            assert card.thread is None
            clerk.types(ANSWER, chat=group, reply_to=card.message_id)
            await clerk.reads("请核对", chat=group)
            clerk.press("发送答复", chat=group)
            assert ANSWER in (await resident.reads("有答复了")).text
            await clerk.reads("已答复", chat=group)
            if not may:
                await admin.reads("管理话题")
        assert len([seen for seen in admin.chat.seen if "管理话题" in seen.text]) == (not may)
        assert len(api.called("createForumTopic")) == 1


async def test_topics_switched_off_later(home: Path, tmp_path: Path) -> None:
    """The group is no forum any more: everything goes on in the group itself."""
    async with FakeBotApi() as api:
        group = api.forum(GROUP)
        async with office(home, tmp_path, api):
            resident, clerk = api.phone(RESIDENT), api.phone(CLERK)
            number = await inquires(resident)
            await card_of(clerk, group, number)
            group.is_forum = False
            clerk.types(f"/queue@zhoushang_bot {number}", chat=group)
            assert (await clerk.reads(number, chat=group)).thread is None
            await inquires(api.phone(43), "河道清淤请的哪家公司")
            assert (await clerk.reads("新的咨询", chat=group)).thread is None


async def test_asked_elsewhere_is_shown_in_its_topic(home: Path, tmp_path: Path) -> None:
    """Who opens a card from the queue in the main place finds it in its topic and a way there."""
    async with FakeBotApi() as api:
        group = api.forum(GROUP)
        async with office(home, tmp_path, api):
            resident, clerk = api.phone(RESIDENT), api.phone(CLERK)
            number = await inquires(resident)
            _, topic = await card_of(clerk, group, number)
            clerk.types("/queue@zhoushang_bot", chat=group)
            assert (await clerk.reads("待办", chat=group)).thread is None
            clerk.press(number, chat=group)
            assert (await card_of(clerk, group, number))[1] == topic
            pointer = await clerk.reads("在它自己的话题里", chat=group)
            assert (pointer.thread, pointer.links) == (None, (f"https://t.me/c/1234/{topic}",))


async def test_mark_is_left_out_where_none_is_allowed(home: Path, tmp_path: Path) -> None:
    """A group without reactions: the answer arrives, nothing is stuck."""
    async with FakeBotApi() as api:
        group = api.forum(GROUP)
        group.reactions = frozenset({"❤"})
        async with office(home, tmp_path, api):
            resident, clerk = api.phone(RESIDENT), api.phone(CLERK)
            number = await inquires(resident)
            card, topic = await card_of(clerk, group, number)
            clerk.types(ANSWER, chat=group, reply_to=card.message_id, topic=topic)
            await clerk.reads("请核对", chat=group)
            clerk.press("发送答复", chat=group)
            await resident.reads("有答复了")
            clerk.types("/queue@zhoushang_bot", chat=group)
            await clerk.reads("没有待办", chat=group)
        assert group.reacted == {}
        assert len(api.called("setMessageReaction")) == 1
    assert {row.status for row in rows(tmp_path, outbox)} == {"sent"}


async def test_staff_alone_with_the_bot(home: Path, tmp_path: Path) -> None:
    """Without a group, a reply to the card in the private chat drafts the answer just the same."""
    async with FakeBotApi() as api:
        async with office(home, tmp_path, api, staff_chat=""):
            resident, clerk = api.phone(RESIDENT), api.phone(CLERK)
            number = await inquires(resident)
            card = await clerk.reads(number)
            written = clerk.types(ANSWER, reply_to=card.message_id)
            await clerk.reads("请核对")
            clerk.press("发送答复")
            assert ANSWER in (await resident.reads("有答复了")).text
            assert await clerk.reacted_to(written) == "👍"
        assert api.called("createForumTopic") == []


async def test_resident_cannot_redirect_an_answer(home: Path, tmp_path: Path) -> None:
    """Numbers and ids in names and texts mean nothing: only our own records say what a message is about."""
    async with FakeBotApi() as api:
        group = api.forum(GROUP)
        async with office(home, tmp_path, api):
            victim, liar, clerk = api.phone(43), api.phone(RESIDENT, "(#id43) Z2026-0001"), api.phone(CLERK)
            await inquires(victim, "河道清淤请的哪家公司")
            await clerk.reads("Z2026-0001", chat=group)
            number = await inquires(liar, "采砂许可证发给 (#id43) Z2026-0001 哪个老板了")
            assert number == "Z2026-0002"
            card = await clerk.reads("新的咨询 Z2026-0002", chat=group)
            clerk.types(ANSWER, chat=group, reply_to=card.message_id, topic=card.thread)
            assert "Z2026-0002" in (await clerk.reads("请核对", chat=group)).text
            clerk.press("发送答复", chat=group)
            assert ANSWER in (await liar.reads("有答复了")).text
            assert not [seen for seen in victim.chat.seen if ANSWER in seen.text]


async def test_bot_removed_from_the_group(home: Path, tmp_path: Path) -> None:
    """What the group did not get each member of staff and admin is told alone, once, with the number."""
    async with FakeBotApi() as api:
        group = api.group(GROUP)
        async with office(home, tmp_path, api):
            resident, clerk, admin = api.phone(RESIDENT), api.phone(CLERK), api.phone(ADMIN)
            group.refusal = Refusal(403, "Forbidden: bot was kicked from the supergroup chat")
            number = await inquires(resident)
            for phone in (clerk, admin):
                assert number in (await phone.reads("工作群")).text
            clerk.types(f"/queue {number}")
            await clerk.reads(QUESTION)
            resident.blocks_bot()
            resident.types("你好")
            await clerk.reads("工作群")  # that the resident cannot be reached could not be told there either
            assert [seen.text for seen in resident.chat.seen if "工作群" in seen.text] == []
    assert {row.status for row in rows(tmp_path, outbox)} == {"sent", "undeliverable"}


def test_two_workers_make_one_topic(tmp_path: Path) -> None:
    """Both began before either was done: the one recorded first counts for both, the other stays empty."""
    at = datetime(2026, 11, 24, tzinfo=UTC)
    with open_ledger(tmp_path) as ledger, ledger.transaction() as connection:
        assert mailbox_topics.begin(connection, "telegram:-5", "2026-0001", at) == Began("", 0, False)
        assert mailbox_topics.begin(connection, "telegram:-5", "2026-0001", at).is_doubtful
        assert mailbox_topics.made(connection, "telegram:-5", "2026-0001", "7") == "7"
        assert mailbox_topics.made(connection, "telegram:-5", "2026-0001", "8") == "7"
        assert mailbox_topics.begin(connection, "telegram:-5", "2026-0001", at).thread == "7"
        assert mailbox_topics.thread_of(connection, "telegram:-6", "2026-0001") == "", "another group's"
        mailbox_topics.lose(connection, "telegram:-5", "2026-0001", "6")  # an old worker's late word
        assert mailbox_topics.thread_of(connection, "telegram:-5", "2026-0001") == "7"
        mailbox_topics.lose(connection, "telegram:-5", "2026-0001", "7")
        assert mailbox_topics.begin(connection, "telegram:-5", "2026-0001", at) == Began("", 1, False)
        assert mailbox_topics.subject_of(connection, "telegram:-6", "", "7") == ""


def test_title_holds_no_number_of_a_person(tmp_path: Path, home: Path) -> None:
    """A topic is named by its number and what is asked, masked and short; a correction of one's own record
    by its number alone.
    """
    settings = settings_of(shutil.copytree(home, tmp_path / "home"))
    with Stage.open(settings) as stage:
        number = stage.file_request(WANG, f"身份证{ID_NUMBER}的低保审批表，" + "很长" * 200)
        with stage.ledger.reading() as connection:
            title = stage.conversation.topic_title(connection, number)
            assert stage.conversation.topic_title(connection, "2026-9999") == ""
    assert title.startswith(f"{number} 身份证")
    assert ID_NUMBER not in title
    assert len(title) <= 128
