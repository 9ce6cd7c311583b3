"""Reading telephones, e-mails and addresses out of what people type."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogue.resident.filing.contact import Contact, read_contact
from tests.dialogue.stage import wide


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("13800138000", Contact(phone="13800138000")),
        ("138 0013 8000", Contact(phone="13800138000")),
        ("+86 138-0013-8000", Contact(phone="13800138000")),
        (wide("13800138000"), Contact(phone="13800138000")),
        ("电话：0795-3456789", Contact(phone="0795-3456789")),
        # as people write them
        ("0790-6431234-801", Contact(phone="0790-6431234-801")),
        ("0790-6431234转8001", Contact(phone="0790-6431234转8001")),
        ("(0790)643 1234 分机 12", Contact(phone="(0790)643 1234 分机 12")),
        ("400-820-8820", Contact(phone="400-820-8820")),
        ("8008208820转5", Contact(phone="8008208820转5")),
        ("138.1234.5678", Contact(phone="13812345678")),
        ("13812345678/13912345678", Contact(phone="13812345678、13912345678")),
        ("13812345678 13912345678", Contact(phone="13812345678、13912345678")),
        ("座机 6431234，手机13812345678", Contact(phone="13812345678、6431234")),
        ("+852 2345 6789", Contact(phone="+85223456789")),
        ("13812345678，晚上打", Contact(phone="13812345678,晚上打")),
        (
            "我没有手机，写信到洲上乡下坊村三组王某收",
            Contact(address="我没有手机，写信到洲上乡下坊村三组王某收"),
        ),
        ("没有电话。请写信到 桥头村5号，342300", Contact(address="没有电话，请写信到 桥头村5号，342300")),
        ("邮箱wang@example.com", Contact(email="wang@example.com")),
        ("地址是洲上乡桥头村5号", Contact(address="洲上乡桥头村5号")),
        (
            "13800138000，wang@example.com，洲上乡桥头村5号",
            Contact(phone="13800138000", email="wang@example.com", address="洲上乡桥头村5号"),
        ),
        ("1380013800", Contact(problem="phone_wrong", found=10)),
        ("wang@example", Contact(problem="email_wrong")),
        ("微信找我", Contact(problem="contact_unclear")),
        ("", Contact(problem="contact_unclear")),
    ],
)
def test_found(typed: str, found: Contact) -> None:
    """What is there is found; what is wrong has its own sentence."""
    assert read_contact(typed) == found


@given(st.text(max_size=200))
def test_anything_is_read(text: str) -> None:
    """No text breaks it, and something is found exactly when nothing is wrong."""
    contact = read_contact(text)
    assert contact.is_empty == bool(contact.problem)
