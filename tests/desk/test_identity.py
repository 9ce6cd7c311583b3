"""Identity numbers, credit codes and contacts: checked by their standards, masked at fixed width."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.desk.identity import (
    Problem,
    contact_problem,
    credit_check_digit,
    credit_code_problem,
    id_check_digit,
    id_number_problem,
    mask_contact,
    mask_id,
    mask_name,
    normal_id,
)

TODAY = date(2026, 11, 24)


def full_width(text: str) -> str:
    """As a Chinese input method types it."""
    return "".join(chr(ord(character) + 0xFEE0) for character in text)


@st.composite
def id_numbers(draw: st.DrawFn) -> str:
    """Valid 18-digit numbers of people born 1900-2025."""
    born = draw(st.dates(date(1900, 1, 1), date(2025, 12, 31)))
    first_17 = f"43122{draw(st.integers(0, 9))}{born:%Y%m%d}{draw(st.integers(0, 999)):03}"
    return first_17 + id_check_digit(first_17)


@pytest.mark.parametrize(
    ("number", "problem"),
    [
        ("11010519491231002X", None),  # the example of the standard
        ("11010519491231002x", None),
        (full_width("11010519491231002X"), None),
        ("110105 19491231 002X", None),
        ("440524188001010014", None),
        ("130503670401001", None),  # 15 digits, before 1999
        ("", Problem.EMPTY),
        ("1101051949", Problem.LENGTH),
        ("11010519491231002Y", Problem.CHARACTERS),
        ("99010519491231002", Problem.LENGTH),
        ("010105194912310021", Problem.REGION),
        ("110105194902300021", Problem.BIRTHDAY),
        ("110105202712310021", Problem.BIRTHDAY),
        ("110105194912310021", Problem.CHECKSUM),
    ],
)
def test_id_number(number: str, problem: Problem | None) -> None:
    """Each way to be wrong has its name; full width, spaces and a small x are not wrong."""
    assert id_number_problem(number, TODAY) == problem


@given(id_numbers(), st.integers(0, 17), st.integers(1, 9))
def test_one_wrong_digit_is_noticed(number: str, place: int, shift: int) -> None:
    """The checksum catches every single mistyped digit."""
    assert id_number_problem(number, TODAY) is None
    if number[place] == "X":
        return
    wrong = number[:place] + str((int(number[place]) + shift) % 10) + number[place + 1 :]
    assert id_number_problem(wrong, TODAY) is not None


@pytest.mark.parametrize(
    ("code", "problem"),
    [
        ("91350100M000100Y43", None),  # the example of the standard
        ("91110000600037341L", None),
        ("91350100m000100y43", None),
        ("91350100M000100Y44", Problem.CHECKSUM),
        ("91350100M000100Y4", Problem.LENGTH),
        ("9135010OM000100Y43", Problem.CHARACTERS),  # the letter O
        ("", Problem.EMPTY),
    ],
)
def test_credit_code(code: str, problem: Problem | None) -> None:
    """Organisations are checked by GB 32100."""
    assert credit_code_problem(code) == problem


@given(st.text("0123456789ABCDEFGHJKLMNPQRTUWXY", min_size=17, max_size=17))
def test_credit_check_digit_closes_any_code(first_17: str) -> None:
    """Whatever the first 17 characters, the computed last one makes a valid code."""
    assert credit_code_problem(first_17 + credit_check_digit(first_17)) is None


@pytest.mark.parametrize(
    ("contact", "problem"),
    [
        ("13812341234", None),
        ("+86 138-1234-1234", None),
        (full_width("13812341234"), None),
        ("0745-6822222", None),
        ("010-12345678-801", None),
        ("0745-6822222转801", None),
        ("400-820-8820", None),
        ("13812341234/13912341234", None),
        ("wang@example.com", None),
        ("湖南省怀化市芷江县洲上乡1组", None),
        ("", Problem.EMPTY),
        ("1381234123", Problem.NOT_A_CONTACT),
        ("wang@", Problem.NOT_A_CONTACT),
        ("不知道", Problem.NOT_A_CONTACT),
    ],
)
def test_contact(contact: str, problem: Problem | None) -> None:
    """A phone, an e-mail or an address will do."""
    assert contact_problem(contact) == problem


def test_masks() -> None:
    """Cards show enough to tell two applicants apart, and no more."""
    assert [mask_name(name) for name in ("王小明", "王明", "")] == ["王**", "王**", ""]
    assert mask_id("362227199001011234") == "3622**********1234"
    assert mask_id("1234") == "****"
    assert mask_contact("138 1234 1234") == "138****1234"
    assert mask_contact("wang.xiaoming@example.com") == "w****@example.com"
    assert mask_contact("0745-6822222") == "0745-****22"
    assert mask_contact("0745-6822222转8001") == "0745-****22"
    assert mask_contact("13812341234、13912341234") == "138****1234"
    assert mask_contact("湖南省怀化市芷江县") == "湖南****"


@given(id_numbers())
def test_masked_id_hides_the_birthday(number: str) -> None:
    """Fixed width, and the ten digits with the birthday are not in it."""
    assert len(mask_id(number)) == 18
    assert number[4:14] not in mask_id(number)
    assert normal_id(number) == number
