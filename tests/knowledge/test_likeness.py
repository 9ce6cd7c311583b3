"""Whether two questions ask the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.matching.likeness import SAME, bare, likeness

words = st.text(alphabet="村口桥路加固花多少钱的了2025年低保", max_size=30)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("村口桥加固花了多少钱", "村口那座桥去年加固花了多少钱？"),
        ("请问低保咋申请", "低保怎么申请啊"),
        ("敬老院几点开饭", "敬老院什么时候开饭？"),
        ("2025年桥头村种粮补贴名单", "申请公开2025年桥头村种粮补贴发放名单"),
        ("村口橋加固花了多少錢", "村口桥加固花了多少钱"),
    ],
)
def test_same(one: str, other: str) -> None:
    """Other particles, other question words, other characters."""
    assert likeness(bare(one), bare(other)) >= SAME


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("修路花了多少钱", "修桥花了多少钱"),
        ("2024年种粮补贴名单", "2025年种粮补贴名单"),
        ("低保怎么申请", "宅基地怎么申请"),
        ("敬老院几点开饭", "学校几点放学"),
        ("", "敬老院几点开饭"),
    ],
)
def test_not_the_same(one: str, other: str) -> None:
    """Another thing asked in the same words, another year."""
    assert likeness(bare(one), bare(other)) < SAME


@given(words, words)
def test_symmetric_and_bounded(one: str, other: str) -> None:
    """The same from both sides, between 0 and 1."""
    found = likeness(bare(one), bare(other))
    assert found == likeness(bare(other), bare(one))
    assert 0.0 <= found <= 1.0


@given(words)
def test_itself(text: str) -> None:
    """A question that has content is wholly like itself."""
    prepared = bare(text)
    assert likeness(prepared, prepared) in ((0.0, 0.5) if not prepared.pairs else (1.0,))
