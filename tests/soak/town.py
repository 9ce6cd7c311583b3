"""The people of the town: residents who ask and file, a clerk who answers, all patient enough for a crash."""

from __future__ import annotations

import asyncio
import itertools
from collections import Counter
from collections.abc import Callable

from tests.fake_bot_api import FakeBotApi, Phone

PATIENCE = 300.0  # seconds
CLERK = 9
ID_NUMBER = "430821199003074512"  # invented; its check digit is right
REPLY = "已经查到，共支出三十二万元。"


class Town:
    """`busy` says whether a resident begins another round; everybody finishes what he began."""

    def __init__(self, api: FakeBotApi, residents: int, busy: Callable[[], bool]) -> None:
        self._api = api
        self._busy = busy
        self._numbers: asyncio.Queue[str] = asyncio.Queue()
        self._count = itertools.count(1)
        self._residents = [api.phone(100 + number) for number in range(residents)]
        self._clerk = api.phone(CLERK, "向干部")
        self.done: Counter[str] = Counter()  # what people did, to be compared with the ledger
        self.filed: list[str] = []

    async def live(self) -> None:
        """Until nobody is busy any more and the clerk has answered everything."""
        clerk = asyncio.create_task(self._work())
        try:
            await asyncio.gather(*(self._reside(phone) for phone in self._residents))
            await self._numbers.put("")
            await clerk
        finally:
            clerk.cancel()

    async def _reside(self, phone: Phone) -> None:
        while True:
            await self._ask(phone)
            await self._file(phone)
            if not self._busy():
                return

    async def _ask(self, phone: Phone) -> None:
        for question, part in (
            ("公开了哪一年的部门决算信息", "2017年度"),
            (f"第{next(self._count)}号采砂许可证发给哪个老板了", "没有查到"),
        ):
            phone.types(question)
            self.done["questions"] += 1
            await phone.reads(part, deadline=PATIENCE)

    async def _file(self, phone: Phone) -> None:
        """Every step of the form is an update that may meet a kill."""
        wanted = f"第{next(self._count)}号桥的结算书"
        await self._step(phone, lambda: phone.press("申请公开"), "第 1 步")
        await self._step(phone, lambda: phone.press("个人"), "姓名")
        await self._step(phone, lambda: phone.types("覃小满"), "身份证")
        await self._step(phone, lambda: phone.types(ID_NUMBER), "第 4 步")
        await self._step(phone, lambda: phone.types("13800138000"), "第 5 步")
        await self._step(phone, lambda: phone.types(wanted), "第 6 步")
        await self._step(phone, lambda: phone.press("电子文件"), "怎么拿到")
        await self._step(phone, lambda: phone.press("在这个聊天"), "核对")
        receipt = await self._step(phone, lambda: phone.press("确认提交"), "已经提交")
        number = receipt.partition("编号是 ")[2].partition("。")[0]
        self.filed.append(number)
        self._numbers.put_nowait(number)

    async def _work(self) -> None:
        """One request after the other, from the card to the served reply."""
        clerk = self._clerk
        while number := await self._numbers.get():
            clerk.skip()
            await self._step(clerk, lambda number=number: clerk.types(number), number)  # type: ignore[misc]
            await self._step(clerk, lambda: clerk.press("确认收到"), "期限开始计算")
            await self._step(clerk, lambda: clerk.press("答复"), "什么情况")
            await self._step(clerk, lambda: clerk.press("可以公开，全部给"), "正文")
            await self._step(clerk, lambda: clerk.types(REPLY), REPLY)
            await self._step(clerk, lambda: clerk.press("保存答复"), "还没有发出")
            await self._step(clerk, lambda: clerk.press("发出，今天当面"), "已答复")
            self.done["served"] += 1

    async def _step(self, phone: Phone, act: Callable[[], object], expected: str) -> str:
        act()
        return (await phone.reads(expected, deadline=PATIENCE)).text
