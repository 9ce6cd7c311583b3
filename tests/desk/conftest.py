"""An office with two members of staff, a ledger in a folder, and a request on its way."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import Connection

from bot.desk.calendar import WorkingCalendar
from bot.desk.model import Applicant, ApplicantKind
from bot.desk.office import OfficeRules
from bot.desk.register import Register
from bot.desk.vault import Vault
from bot.keyring import attach
from bot.ledger.ledger import Ledger
from tests.ledgers import ledger_url

ZONE = ZoneInfo("Asia/Shanghai")
RESIDENT, CLERK, SECOND = "telegram:42", "telegram:1", "telegram:2"
WANG = Applicant(ApplicantKind.NATURAL_PERSON, "王小明", "11010519491231002X", "13812341234")
VAULT = Vault([Fernet.generate_key().decode()])
OFFICE = OfficeRules(
    agency="洲上乡人民政府",
    staff=(CLERK, SECOND),
    fee_payment="到一楼窗口缴纳",
    reconsideration_body="示例县人民政府",
    court="示例县人民法院",
)


def at(text: str) -> datetime:
    """`2025-04-25` or `2025-04-25 16:30` at the office."""
    return datetime.fromisoformat(text if " " in text else f"{text} 09:00").replace(tzinfo=ZONE)


def register_of(office: OfficeRules = OFFICE) -> Register:
    return Register(office, WorkingCalendar(), VAULT)


@contextmanager
def attached(path: Path) -> Iterator[Ledger]:
    """The ledger of this file, with the key that `register_of` uses."""
    with Ledger.open(f"sqlite:///{path}") as opened:
        attach(opened, VAULT)
        yield opened


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger.open(ledger_url(tmp_path)) as opened:
        attach(opened, VAULT)
        yield opened


@pytest.fixture
def connection(ledger: Ledger) -> Iterator[Connection]:
    """One open transaction: most tests need no more."""
    with ledger.transaction() as opened:
        yield opened


@pytest.fixture
def register() -> Register:
    return register_of()


def file_ten(register: Register, connection: Connection, day: str) -> None:
    """Ten requests of the same applicant: whatever they file next in that month is the 11th (109 of 2020)."""
    for place in range(10):
        register.session(connection, at(day), RESIDENT).intake.submit(
            applicant=WANG, content=f"第{place + 1}份村务公开表"
        )


@pytest.fixture
def eleventh(register: Register, connection: Connection) -> str:
    """The number of a request like `received`, the applicant's 11th of its month."""
    file_ten(register, connection, "2025-04-24")
    filed = register.session(connection, at("2025-04-25"), RESIDENT).intake.submit(
        applicant=WANG, content="2024年部门决算"
    )
    register.session(connection, at("2025-04-25 15:00"), CLERK).intake.confirm_receipt(filed.number)
    return filed.number


@pytest.fixture
def received(register: Register, connection: Connection) -> str:
    """The number of a request that was received on 2025-04-25, with nothing done yet."""
    filed = register.session(connection, at("2025-04-25"), RESIDENT).intake.submit(
        applicant=WANG, content="2024年部门决算"
    )
    register.session(connection, at("2025-04-25 15:00"), CLERK).intake.confirm_receipt(filed.number)
    return filed.number
