"""Service: which ways are open, and what proves each."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection

from bot.desk import service
from bot.desk.errors import DeskError, GuardFailed, InvalidValue, MissingFields
from bot.desk.model import Outcome, ServiceMethod, Status
from bot.desk.postal import mail_number
from bot.desk.register import Register
from tests.desk.conftest import CLERK, OFFICE, at

ONLINE = replace(OFFICE, reconsideration_online="https://fuyi.example.gov.cn")
GIVEN = "13812341234，wang@example.cn，传真0745-6823333 发到 Wang.Xiaoming@Example.com"


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("XA12345678936", "XA12345678936"),
        ("xa 1234 5678 936", "XA12345678936"),
        ("".join(chr(ord(each) + 0xFEE0) for each in "XA12345678936"), "XA12345678936"),
        ("RA123456789CN", "RA123456789CN"),
        ("EMS 1012345678901", "1012345678901"),
        ("挂号信：XA12345678936，已交邮局", "XA12345678936"),
        ("EMS1012345678901", "1012345678901"),
    ],
)
def test_number_of_china_post(typed: str, number: str) -> None:
    """13 characters, however they are typed."""
    assert mail_number(typed) == number


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("XA1", "post_number_unclear"),
        ("XA123456789365", "post_number_unclear"),
        ("RA12345678CN", "post_number_unclear"),
        ("他本人", "post_number_unclear"),
        ("13812341234", "post_number_unclear"),
        ("123456789012", "post_number_unclear"),
        ("顺丰 SF1234567890123", "post_is_a_courier"),
        ("SF1234567890123", "post_is_a_courier"),
        ("YT1234567890123", "post_is_a_courier"),
        ("中通快递 1012345678901", "post_is_a_courier"),
        ("7731234567890", "post_number_unclear"),  # thirteen digits too, but a courier's
        ("4312345678901", "post_number_unclear"),
    ],
)
def test_no_number_of_china_post(typed: str, reason: str) -> None:
    """Too short, too long, a telephone, or a courier, who is told apart."""
    with pytest.raises(InvalidValue, match=reason):
        mail_number(typed)


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(typed: str) -> None:
    """Nothing but the desk's own refusal, and what is read is its own number again."""
    try:
        number = mail_number(typed)
    except InvalidValue:
        return
    assert mail_number(number) == number


def test_electronic_only_with_an_online_remedy() -> None:
    """复议法 22(2): e-mail, fax and chat are ways only of an office that takes 复议 online."""
    paper = (ServiceMethod.BY_HAND, ServiceMethod.ENTRUSTED, ServiceMethod.POST)
    assert service.methods(OFFICE) == service.methods(replace(OFFICE, serve_in_chat=True)) != ()
    assert set(service.methods(OFFICE)) == set(paper)
    assert set(service.methods(ONLINE)) == {*paper, ServiceMethod.EMAIL, ServiceMethod.FAX}
    assert set(service.methods(replace(ONLINE, serve_in_chat=True))) == set(ServiceMethod)
    for method in (ServiceMethod.EMAIL, ServiceMethod.FAX):
        with pytest.raises(GuardFailed, match="electronic_needs_online_remedy"):
            service.must_be_proven(OFFICE, method, "wang@example.cn", GIVEN, "telegram:42")


@pytest.mark.parametrize(
    ("method", "proof", "reason"),
    [
        (ServiceMethod.EMAIL, "wang@example.cn", ""),
        (ServiceMethod.EMAIL, "发到 wang.xiaoming@example.com", ""),
        (ServiceMethod.EMAIL, "li@example.cn", "address_was_not_given"),
        (ServiceMethod.EMAIL, "ang@example.cn", "address_was_not_given"),
        (ServiceMethod.FAX, "0745 6823333", ""),
        (ServiceMethod.FAX, "0745-6823334", "address_was_not_given"),
        (ServiceMethod.FAX, "0", "address_was_not_given"),
        (ServiceMethod.FAX, "", "service_needs_proof"),
        (ServiceMethod.BY_HAND, "王小明本人签收", ""),
        (ServiceMethod.BY_HAND, "-", "service_needs_proof"),
        (ServiceMethod.ENTRUSTED, "", "service_needs_proof"),
        (ServiceMethod.ENTRUSTED, "桥头村村委会送达，本人签收", ""),
        (ServiceMethod.POST, "", "post_needs_number"),
    ],
)
def test_proof_of_each_way(method: ServiceMethod, proof: str, reason: str) -> None:
    """Signed for, numbered, or sent to an address that the applicant gave."""
    if not reason:
        service.must_be_proven(ONLINE, method, proof, GIVEN, "")
        return
    with pytest.raises((GuardFailed, MissingFields), match=reason):
        service.must_be_proven(ONLINE, method, proof, GIVEN, "")


def test_refused_service_leaves_no_trace(register: Register, connection: Connection, received: str) -> None:
    """No way, no signature: the reply is a draft as before."""
    now = at("2025-05-06")
    register.session(connection, now, CLERK).replies.draft(
        received, outcome=Outcome.DISCLOSED, text="见附件。"
    )
    before = register.session(connection).requests.history(received)
    for method in ServiceMethod:
        if method is ServiceMethod.BY_HAND:
            continue
        with pytest.raises(DeskError):
            register.session(connection, now, CLERK).replies.serve(received, method=method)
    assert register.session(connection).requests.history(received) == before
    with pytest.raises(MissingFields, match="service_needs_proof"):
        register.session(connection, at("2025-05-07"), CLERK).replies.serve(
            received, method=ServiceMethod.BY_HAND, served_on=now.date()
        )


def test_somebodys_word_proves_no_earlier_day(
    register: Register, connection: Connection, received: str
) -> None:
    """他本人 of an earlier day is refused in time too; who signed, or the paper, is taken."""
    register.session(connection, at("2025-05-08"), CLERK).replies.draft(
        received, outcome=Outcome.DISCLOSED, text="见附件。"
    )
    register.session(connection, at("2025-05-08"), CLERK).replies.sign(received)

    def served(proof: str) -> Status:
        return (
            register.session(connection, at("2025-05-12"), CLERK)
            .replies.serve(received, method=ServiceMethod.BY_HAND, served_on=date(2025, 5, 9), proof=proof)
            .status
        )

    for word in ("他本人", "申请人自己说的", "本人"):
        with pytest.raises(InvalidValue, match="proof_is_no_document"):
            served(word)
    assert served("王小明本人签收") is Status.SERVED
