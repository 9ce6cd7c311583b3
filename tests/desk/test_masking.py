"""Personal data in free text are found in every way people write them, and masked at fixed width."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.desk.masking import DataKind, find_personal_data, mask
from tests.desk.test_identity import full_width, id_numbers

HAN = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), max_size=12)


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("身份证11010519491231002X，请查收", "身份证****，请查收"),
        ("身份证110105 19491231 002x。", "身份证****。"),
        (full_width("11010519491231002X"), "****"),
        ("老身份证130503670401001号", "老身份证****号"),
        ("电话13812341234", "电话****"),
        ("电话138-1234-1234或+86 13912345678", "电话****或****"),
        ("座机0745-6822222", "座机****"),
        ("卡号6222 0212 3456 7890 128", "卡号****"),
        ("卡号4111111111111111", "卡号****"),
        ("邮箱wang@example.com。", "邮箱****。"),
        ("王小明和王 小明都是我", "****和****都是我"),
    ],
)
def test_masked(text: str, masked: str) -> None:
    """Numbers, addresses and the names given disappear, the sentence stays."""
    assert mask(text, names=["王小明"]).text == masked


@pytest.mark.parametrize(
    "text",
    [
        "2018年预算收入1234567.89元",
        "湘政发[2018]12号",
        "索引号00001434920180022",
        "请拨打12345、110",
        "2026-0001",
        "统计期限2018年1月1日至2018年12月31日",
        "小王不是王小明的名字吗".replace("王小明", "王晓明"),
    ],
)
def test_ordinary_numbers_stay(text: str) -> None:
    """Amounts, document numbers, hotlines and dates are no personal data."""
    assert mask(text, names=["王小明"]).text == text


def test_finds_say_what_and_where() -> None:
    """Staff see each find with its kind and place."""
    text = "我叫王小明，13812341234"
    found = find_personal_data(text, names=["王小明"])
    assert [(datum.kind, text[datum.start : datum.end]) for datum in found] == [
        (DataKind.NAME, "王小明"),
        (DataKind.MOBILE, "13812341234"),
    ]


def test_kinds_can_be_kept() -> None:
    """The office's own telephone may stay in a published reply."""
    assert mask("咨询0745-6822222", keep=frozenset({DataKind.LANDLINE})).text == "咨询0745-6822222"


@given(HAN, id_numbers(), HAN)
def test_every_id_number_disappears(before: str, number: str, after: str) -> None:
    """In any Chinese text an ID number goes whole, and masking again changes nothing."""
    masked = mask(before + number + after).text
    assert masked == f"{before}****{after}"
    assert mask(masked).text == masked


@given(st.text(max_size=80))
def test_masking_is_idempotent(text: str) -> None:
    """Whatever the text, what is masked once needs no second time."""
    assert find_personal_data(mask(text).text) == ()
