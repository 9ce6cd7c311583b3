"""Buttons: what is written is read back, within 64 bytes, and nothing else is believed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogue import payload
from bot.dialogue.handling import handler_of, handles
from bot.dialogue.payload import Act, Payload, data_of, parse
from bot.dialogue.routing import pressing  # noqa: F401  its imports declare the handlers


@st.composite
def payloads(draw: st.DrawFn) -> Payload:
    act = draw(st.sampled_from(Act))
    patterns = act.declared.arguments
    return Payload(act, tuple(draw(st.from_regex(pattern, fullmatch=True)) for pattern in patterns))


@given(payloads())
def test_round_trip(written: Payload) -> None:
    """Every payload is read back as it was written and fits into a button."""
    assert parse(str(written)) == written
    assert len(str(written).encode()) <= payload.MOST_BYTES


@given(st.text(max_size=100))
def test_garbage_is_none(text: str) -> None:
    """Whatever arrives is either something that we would have written ourselves, or nothing."""
    read = parse(text)
    assert read is None or str(read) == text


@pytest.mark.parametrize(
    "data", ["", ":", "e", "e:xyz:0", "e:0123456789", "zz:1", "fr:1:2", "sr:2026-1;drop"]
)
def test_wrong_is_none(data: str) -> None:
    """Unknown acts, missing, surplus and malformed arguments are nothing."""
    assert parse(data) is None


def test_wrong_arguments_are_refused_when_written() -> None:
    """A mistake of ours is found where the button is made, not when it is pressed."""
    with pytest.raises(ValueError, match="FILE_REQUEST"):
        data_of(Act.FILE_REQUEST, "x")


def test_codes_are_unique() -> None:
    """Two acts with one code would be one act: StrEnum would make the second an alias."""
    names = [name for name in Act.__members__]
    assert len({Act[name].value for name in names}) == len(names)


def test_each_button_does_something() -> None:
    """Every act that was ever sent has its one handler; a second is refused where it is declared."""
    assert {act for act in Act if callable(handler_of(act))} == set(Act)
    with pytest.raises(ValueError, match="TAKE is handled twice"):
        handles(Act.TAKE)(handler_of(Act.TAKE))
