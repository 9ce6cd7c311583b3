"""The people of the town: residents who ask, inquire and file, a clerk who answers and publishes, an admin
who reloads, a subscriber; all patient enough for a crash.  Each writes down what must come of what he does.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from knowledge.entry import token_of
from tests.fake_bot_api import Chat, FakeBotApi, Phone, Seen

from .expected import OWN, Expected

PATIENCE = 300.0  # seconds
CLERK, ADMIN, SUBSCRIBER, GROUP = 9, 7, 300, -1001234
FIRST_RESIDENT = 100
CATEGORY = "依申请公开转为主动公开"  # of published replies
_RELOADS = 2
_QUESTION = "公开了哪一年的部门决算信息"
_UNTIL_PUBLIC = 60.0  # seconds after everything else: time enough to build an index
NAME, TELEPHONE = "覃小满", "13800138000"
ID_NUMBER = "430821199003074512"  # invented; its check digit is right


@dataclass
class Done:
    """What people did, to be compared with the ledger, the index and the letters."""

    questions: list[str] = field(default_factory=list)
    wanted: dict[str, str] = field(default_factory=dict)  # number of a request -> what was asked for
    inquired: dict[str, str] = field(default_factory=dict)  # number of an inquiry -> its words
    served: list[str] = field(default_factory=list)
    published: list[str] = field(default_factory=list)
    answered: list[str] = field(default_factory=list)  # inquiries
    reloads: int = 0
    known: set[str] = field(default_factory=set)  # replies that were public when the subscriber subscribed


def reply_to(number: str) -> str:
    """What the clerk answers; no two are the same, and none is within another (2026-0001, Z2026-0001)."""
    return f"（{number}）已经查到，共支出三十二万元。"


class Town:
    """`busy` says whether a resident begins another round; everybody finishes what he began."""

    def __init__(
        self,
        api: FakeBotApi,
        residents: int,
        busy: Callable[[], bool],
        public: Callable[[], set[str]] = set,
    ) -> None:
        """`public` gives the numbers whose replies are in the index by now."""
        self._busy = busy
        self._public = public
        self._work_for: asyncio.Queue[tuple[str, Phone]] = asyncio.Queue()
        self._count = itertools.count(1)
        self._residents = [api.phone(FIRST_RESIDENT + number) for number in range(residents)]
        self._clerk, self._admin = api.phone(CLERK, "向干部"), api.phone(ADMIN, "管理员")
        self._subscriber = api.phone(SUBSCRIBER, "订户")
        self._group: Chat = api.forum(GROUP)
        self.done = Done()
        self.expected = Expected()

    async def live(self) -> None:
        """Until nobody is busy any more and the clerk has answered everything."""
        others = [asyncio.create_task(doing) for doing in (self._work(), self._administer())]
        subscriber = asyncio.create_task(self._subscribe())
        try:
            await asyncio.gather(*(self._reside(phone) for phone in self._residents))
            await self._work_for.put(("", self._clerk))
            await asyncio.gather(*others)
            with suppress(TimeoutError):  # the verdict tells that nobody could subscribe
                await asyncio.wait_for(subscriber, _UNTIL_PUBLIC)
        finally:
            for task in (*others, subscriber):
                task.cancel()

    async def _reside(self, phone: Phone) -> None:
        while True:
            await self._ask(phone)
            await self._inquire(phone)
            await self._file(phone)
            if not self._busy():
                return

    async def _ask(self, phone: Phone) -> None:
        """Three messages at once: the answers come in the same order."""
        for text, part in (
            ("/privacy", "您的个人信息这样保管"),
            (_QUESTION, "2017年度"),
            ("/help", "直接打字问"),
        ):
            phone.types(text)
            self.expected.say(phone.chat.id, OWN, part)
        self.done.questions.append(_QUESTION)
        for part in ("您的个人信息这样保管", "2017年度", "直接打字问"):
            await phone.reads(part, deadline=PATIENCE)

    async def _known(self, phone: Phone) -> None:
        self.done.questions.append(_QUESTION)
        await self._step(phone, lambda: phone.types(_QUESTION), "2017年度")

    async def _unknown(self, phone: Phone) -> str:
        """After an answer: of several misses in a row each is told in other words."""
        question = f"第{next(self._count)}号采砂许可证发给哪个老板了"
        self.done.questions.append(question)
        await self._step(phone, lambda: phone.types(question), "没有查到")
        return question

    async def _inquire(self, phone: Phone) -> None:
        question = await self._unknown(phone)
        await self._step(phone, lambda: phone.press("咨询工作人员"), "您要咨询的是")
        # Not just any Z number: the answer to an earlier inquiry may come before this receipt.
        receipt = await self._step(phone, lambda: phone.press("发送"), "已经发给工作人员，编号 ")
        number = receipt.partition("编号 ")[2].partition("。")[0]
        self.done.inquired[number] = question
        self.expected.say(GROUP, number, f"新的咨询 {number}")
        self._work_for.put_nowait((number, phone))

    async def _file(self, phone: Phone) -> None:
        """Every step of the form is an update that may meet a kill."""
        wanted = f"第{next(self._count)}号桥的结算书"
        await self._known(phone)
        await self._unknown(phone)
        await self._step(phone, lambda: phone.press("申请公开"), "第 1 步")
        await self._step(phone, lambda: phone.press("个人"), "姓名")
        await self._step(phone, lambda: phone.types(NAME), "身份证")
        await self._step(phone, lambda: phone.types(ID_NUMBER), "第 4 步")
        await self._step(phone, lambda: phone.types(TELEPHONE), "第 5 步")
        await self._step(phone, lambda: phone.types(wanted), "第 6 步")
        await self._step(phone, lambda: phone.press("电子文件"), "怎么拿到")
        await self._step(phone, lambda: phone.press("在这个聊天"), "核对")
        receipt = await self._step(phone, lambda: phone.press("确认提交"), "已经提交")
        number = receipt.partition("编号是 ")[2].partition("。")[0]
        self.done.wanted[number] = wanted
        self.expected.say(GROUP, number, f"新的公开申请 {number}")
        self._work_for.put_nowait((number, phone))

    async def _work(self) -> None:
        """One thing after the other, from the card to the answer and its publication."""
        while (task := await self._work_for.get())[0]:
            number, applicant = task
            if number.startswith("Z"):
                await self._answer(number, applicant)
            else:
                await self._serve(number, applicant)
                await self._publish(number)

    async def _answer(self, number: str, resident: Phone) -> None:
        """In the topic of the inquiry, as a reply to its card."""
        clerk, group = self._clerk, self._group
        card = await self._card(number)
        # With the number: of what died with a kill a second copy may come long after.
        drafted, sent = f"咨询 {number} 的答复，请核对", f"咨询 {number} 已答复"
        self.expected.say(GROUP, number, drafted, sent)
        self.expected.say(resident.chat.id, number, reply_to(number))
        clerk.types(reply_to(number), chat=group, reply_to=card.message_id, topic=card.thread)
        shown = await clerk.reads(drafted, chat=group, deadline=PATIENCE)
        clerk.press("发送答复", chat=group, message_id=shown.message_id)
        await clerk.reads(sent, chat=group, deadline=PATIENCE)
        self.done.answered.append(number)

    async def _card(self, number: str) -> Seen:
        """In the group, wherever the cards of others stand."""
        look = lambda: next((seen for seen in self._group.seen if number in seen.text), None)  # noqa: E731
        found = await self._clerk.waits_for(look, PATIENCE)
        assert found is not None, f"no card of {number}"
        return found

    async def _serve(self, number: str, applicant: Phone) -> None:
        clerk = self._clerk
        clerk.skip()
        self.expected.say(applicant.chat.id, number, f"确认收到您的申请 {number}", reply_to(number))
        await self._step(clerk, lambda: clerk.types(number), number)
        await self._step(clerk, lambda: clerk.press("确认收到"), "期限开始计算")
        await self._step(clerk, lambda: clerk.press("答复"), "什么情况")
        await self._step(clerk, lambda: clerk.press("可以公开，全部给"), "正文")
        await self._step(clerk, lambda: clerk.types(reply_to(number)), reply_to(number))
        await self._step(clerk, lambda: clerk.press("保存答复"), "还没有发出")
        await self._step(clerk, lambda: clerk.press("发出，今天当面"), "已答复")
        self.done.served.append(number)

    async def _publish(self, number: str) -> None:
        clerk = self._clerk
        await self._step(clerk, lambda: clerk.press("公开这条"), "谁都能查到")
        await self._step(clerk, lambda: clerk.press("确认公开"), "已经公开")
        self.done.published.append(number)

    async def _subscribe(self) -> None:
        """As soon as one reply is public; what becomes public later is told by the rounds, once a day."""
        for _ in itertools.count():
            if self._public():
                break
            await asyncio.sleep(0.5)
        phone, number = self._subscriber, min(self._public())
        await self._step(phone, lambda: phone.types(f"/start c_{token_of(CATEGORY)}"), "共 ")
        await self._step(phone, lambda: phone.press("有新的告诉我"), "有新公开的，我告诉您")
        assert number in self._public()
        self.done.known = self._public()

    async def _administer(self) -> None:
        """Reloads while others ask; each is said to have begun, and ends with one message.

        Asks first, so that there is something to examine an index with, however slow the others are.
        """
        admin = self._admin
        await self._known(admin)
        for _ in range(_RELOADS):
            self.expected.say(ADMIN, OWN, "正在检查资料", "试问了以前问过的")
            self.done.reloads += 1
            admin.types("/reload")
            await admin.reads("正在检查资料", deadline=PATIENCE)
            await admin.reads("试问了以前问过的", deadline=PATIENCE)
            if not self._busy():
                return

    async def _step(self, phone: Phone, act: Callable[[], object], expected: str) -> str:
        act()
        self.expected.say(phone.chat.id, OWN, expected)
        return (await phone.reads(expected, deadline=PATIENCE)).text
