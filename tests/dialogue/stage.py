"""A stage for stories: the real dialogue on the embedded knowledge and a real ledger, with a clock to set."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy import event

from bot.desk.calendar import WorkingCalendar
from bot.desk.model import Applicant, ApplicantKind
from bot.desk.register import Register
from bot.dialogue.conversation import Conversation
from bot.dialogue.words import Words
from bot.jobs.retention import Retention
from bot.jobs.unasked import Jobs
from bot.jobs.worker import Errands
from bot.ledger.ledger import Ledger
from bot.mailbox.sealed import outgoing_of
from bot.mailbox.tables import outbox
from bot.messages import Address, Attachment, ChatKind, Incoming, Language, Outgoing, Turn
from bot.record import office_rules, vault_of
from bot.settings import Settings
from knowledge.base import Base

WANG, LI, CLERK, LEADER, ADMIN = "telegram:42", "telegram:43", "telegram:1", "telegram:2", "telegram:9"
GROUP = "telegram:-100"
ID_NUMBER = "362227199001011234"
CODE = "91360902MA35ABCD0W"
WORDS = Words.load()


def label_of(key: str) -> str:
    """What stands on a button, by the name that its words have: `label_of("take")` for `button_take`."""
    return WORDS.say(f"button_{key}", Language.SIMPLIFIED)


def wide(text: str) -> str:
    """The same in full-width characters, as Chinese keyboards write them."""
    return "".join(chr(ord(character) + 0xFEE0) for character in text)


def officer(account: str) -> str:
    """How somebody is called whom the settings do not name."""
    return f"工作人员 {account.partition(':')[2]}"


def account(person: str) -> str:
    """The same of somebody who may be a stranger."""
    return f"账号 {person.partition(':')[2]}"


def settings_of(home: Path, **changes: object) -> Settings:
    """An office with one member of staff and one admin."""
    values: dict[str, object] = {
        "home": home,
        "agency_name": "洲上乡人民政府",
        "staff": (CLERK,),
        "admins": (ADMIN,),
        "identity_on_chat": ("telegram", "terminal"),  # as if the office had decided so; else the next one
        "fee_payment": "到一楼窗口缴纳",
        **changes,
    }
    return Settings.model_validate(values)


def without_fsync(connection: Any, record: object) -> None:
    """No story here survives a power cut; waiting for the disk at each turn would be most of the time."""
    connection.execute("PRAGMA synchronous = OFF").close()


@dataclass
class Stage:
    """People talk, the bot answers, and what each chat has seen is kept."""

    settings: Settings
    ledger: Ledger
    base: Base
    now: datetime = datetime(2026, 11, 24, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
    seen: dict[str, list[Outgoing]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.restart()

    @classmethod
    @contextmanager
    def open(cls, settings: Settings) -> Iterator[Stage]:
        """The index must be there."""
        with Ledger.open(settings.ledger_place) as ledger, Base.open(settings.index_path) as base:
            if ledger.engine.dialect.name == "sqlite":
                event.listen(ledger.engine, "connect", without_fsync)
                ledger.engine.dispose()
            yield cls(settings, ledger, base)

    def restart(self, **changes: object) -> None:
        """A new process on the same files, perhaps with other settings."""
        self.settings = self.settings.model_copy(update=changes)
        vault = vault_of(self.settings, self.ledger)
        self.register = Register(office_rules(self.settings), WorkingCalendar(), vault)
        self.conversation = Conversation(self.base, self.register, self.settings, WORDS)
        self.jobs = Jobs(self.conversation, Retention(self.register, self.settings), self.settings)

    def wait(self, **span: float) -> None:
        self.now += timedelta(**span)

    def handle(self, incoming: Incoming) -> Turn:
        """One message, one transaction, as the mailbox does it."""
        with self.ledger.transaction() as connection:
            turn = self.conversation.handle(connection, incoming, self.now)
        self._note(turn.outgoing)
        self.do_errands()
        return turn

    def do_errands(self) -> None:
        """What the channels do beside the turns."""
        with self.ledger.reading() as connection:
            before = connection.execute(sa.select(sa.func.max(outbox.c.id))).scalar() or 0
        if not Errands(self.ledger, self.conversation, lambda: self.now).do_all():
            return
        with self.ledger.transaction() as connection:
            new = outbox.c.id > before
            rows = connection.execute(outbox.select().where(new).order_by(outbox.c.id)).all()
            connection.execute(outbox.delete().where(new))
            said = [outgoing_of(connection, row.payload) for row in rows]
        self._note(said)

    def _note(self, messages: Iterable[Outgoing]) -> None:
        for message in messages:
            self.seen.setdefault(str(message.address), []).append(message)

    def make_rounds(self) -> list[Outgoing]:
        """What the channels' loop does once a minute."""
        with self.ledger.transaction() as connection:
            messages = list(self.jobs(connection, self.now))
        self._note(messages)
        self.do_errands()
        return messages

    def says(self, who: str, text: str, **changes: object) -> Turn:
        return self.handle(replace(self._incoming(who, text=text), **changes))  # type: ignore[arg-type]

    def sends(self, who: str, attachment: Attachment) -> Turn:
        return self.handle(self._incoming(who, attachment=attachment))

    def presses_data(self, who: str, data: str) -> Turn:
        return self.handle(self._incoming(who, button=data))

    def presses(self, who: str, label: str) -> Turn:
        """Press the button of this label under the last message that has it."""
        for message in reversed(self.seen.get(who, [])):
            for row in message.buttons:
                for button in row:
                    if button.label == label:
                        return self.presses_data(who, button.data)
        raise AssertionError(f"{who} sees no button {label!r}; the last are {self.labels(who)}")

    def in_group(self, who: str, text: str, group: str = GROUP) -> Turn:
        incoming = self._incoming(who, text=text)
        return self.handle(replace(incoming, address=Address.parse(group), chat_kind=ChatKind.GROUP))

    def _incoming(
        self, who: str, *, text: str = "", button: str = "", attachment: Attachment | None = None
    ) -> Incoming:
        person = Address.parse(who)
        return Incoming(
            address=person, person=person, at=self.now, text=text, button=button, attachment=attachment
        )

    def last(self, who: str) -> Outgoing:
        """The last message that a chat got."""
        return self.seen[who][-1]

    def labels(self, who: str) -> list[str]:
        return self.last(who).labels if self.seen.get(who) else []

    def events(self, who: str) -> list[str]:
        return [message.event for message in self.seen.get(who, [])]

    def file_request(self, who: str, wanted: str = "村口桥加固花了多少钱") -> str:
        """The whole form without a mistake; gives back the number."""
        self.says(who, "申请")
        self.presses(who, "个人")
        self.says(who, "王小明")
        self.says(who, ID_NUMBER)
        self.says(who, "13800138000")
        self.says(who, wanted)
        self.presses(who, "电子文件")
        self.presses(who, "在这个聊天里发给我")
        self.presses(who, "确认提交")
        with self.ledger.reading() as connection:
            return self.register.session(connection).requests.of(who)[0].number

    def file_ten(self, who: str) -> None:
        """Ten requests of the same applicant this month, withdrawn: the next is the 11th (109 of 2020)."""
        applicant = Applicant(ApplicantKind.NATURAL_PERSON, "王小明", ID_NUMBER, "13800138000")
        with self.ledger.transaction() as connection:
            for place in range(10):
                filed = self.register.session(connection, self.now, who).intake.submit(
                    applicant=applicant, content=f"第{place + 1}份公开表"
                )
                self.register.session(connection, self.now, who).replies.withdraw(filed.number)

    def file_request_in_english(self, who: str) -> str:
        """The same in English."""
        self.says(who, "/request")
        self.presses(who, "Myself")
        for text in ("John Smith", ID_NUMBER, "13800138000", "村口桥加固花了多少钱"):
            self.says(who, text)
        self.presses(who, "Electronic file")
        self.presses(who, "Here in this chat")
        self.presses(who, "Submit")
        with self.ledger.reading() as connection:
            return self.register.session(connection).requests.of(who)[0].number

    def reply_to(self, number: str, text: str = "村口桥2025年加固，总投资38万元。") -> None:
        """The clerk confirms, replies in full and serves by hand."""
        self.says(CLERK, f"/queue {number}")
        self.presses(CLERK, label_of("confirm_receipt"))
        self.reply_to_received(number, text)

    def reply_to_received(self, number: str, text: str = "村口桥2025年加固，总投资38万元。") -> None:
        """The same for one that is confirmed already."""
        self.says(CLERK, f"/queue {number}")
        self.presses(CLERK, "答复")
        self.presses(CLERK, "可以公开，全部给")
        self.says(CLERK, text)
        self.presses(CLERK, "保存答复")
        self.presses(CLERK, "发出，今天当面送达签收")
