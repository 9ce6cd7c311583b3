"""What XML cannot hold goes, and what turns text around or hides in it; all else stays as it was typed."""

from __future__ import annotations

import io
import xml.etree.ElementTree as ElementTree
from xml.sax.saxutils import escape

import pytest
from docx import Document
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.desk.legible import legible, legible_within
from bot.desk.letters import Written, to_docx


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("村口桥\x07加固", "村口桥加固"),
        ("\x00\x08\x0b\x0c\x0e\x1f桥", "桥"),
        ("桥\ufffe\uffff", "桥"),
        ("桥\ud800", "桥"),
        ("\udc00桥\ud83d", "桥"),
        ("\ud842\udfb7某", "𠮷某"),  # two halves of one character, as JSON may bring them
        ("第一行\n第二行\t\r𠮷\ue000\x7f\ufffd", "第一行\n第二行\t\r𠮷\ue000\x7f\ufffd"),
        ("", ""),
    ],
    ids=ascii,
)
def test_legible(typed: str, kept: str) -> None:
    """Control characters, U+FFFE, U+FFFF and halves of pairs go; rare and private characters stay."""
    assert legible(typed) == kept


@pytest.mark.parametrize(
    "mark",
    "\u061c\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff",
    ids=ascii,
)
def test_nothing_turns_or_hides(mark: str) -> None:
    """No mark of direction and nothing unseen stands before, in or after a name."""
    assert legible(f"{mark}张{mark}{mark}三{mark}") == "张三"
    assert legible(f"138{mark}1234{mark}5678") == "13812345678"


@pytest.mark.parametrize(
    "name",
    [
        "ئابلىز تۇرسۇن",  # Uighur, from right to left
        "می\u200cخواهم",  # noqa: RUF001 (Persian, whose letters a mark keeps apart)
        "ᠪᠠᠶᠠᠷ\u180eᠠ",  # Mongolian
        "བཀྲ་ཤིས།",
        "\U0001f468\u200d\U0001f469\u200d\U0001f467",  # a family: three pictures joined to one
        "阿依古丽·买买提",
        "𠮷野\ue000",
    ],
    ids=ascii,
)
def test_every_script_stays(name: str) -> None:
    """No resident's name is changed, whatever it is written in."""
    assert legible(name) == name


@given(st.text(st.characters(exclude_categories=()), max_size=60))
def test_xml_holds_whatever_is_left(text: str) -> None:
    """An independent reader of XML takes it, and nothing that XML can hold was lost."""
    left = legible(text)
    assert ElementTree.fromstring(f"<a>{escape(left)}</a>").tag == "a"
    assert legible(left) == left


# Each is a whole .docx; what XML can hold is searched above, where it costs nothing.
@settings(max_examples=15)
@given(st.text(max_size=40))
def test_a_letter_is_written_of_any_text(text: str) -> None:
    """What was kept before the entrances were guarded makes no letter fail."""
    written = Written("答复书", "", (f"您申请公开{text}\x07\ufffe。",), "乡政府", "2026年1月1日")
    assert Document(io.BytesIO(to_docx(written))).paragraphs[-1].text == "2026年1月1日"


def test_yaml_is_cleaned_at_any_depth() -> None:
    """Texts, in lists and as names too; numbers and nothing stay."""
    assert legible_within({"a\x07": ["\x00b", {"c": "d\ufffe"}], "n": 1, "e": None}) == {
        "a": ["b", {"c": "d"}],
        "n": 1,
        "e": None,
    }
