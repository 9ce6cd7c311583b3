"""Reading telephones, e-mails and addresses out of what people type."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogue.filing.contact import Contact, read_contact
from tests.dialogue.stage import wide


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("13800138000", Contact(phone="13800138000")),
        ("138 0013 8000", Contact(phone="13800138000")),
        ("+86 138-0013-8000", Contact(phone="13800138000")),
        (wide("13800138000"), Contact(phone="13800138000")),
        ("电话：0795-3456789", Contact(phone="07953456789")),
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
