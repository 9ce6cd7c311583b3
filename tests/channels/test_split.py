"""Long messages are cut where a reader would pause, and nothing of them is lost."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bot.mailbox.split import TELEGRAM, Limit, split, utf16_length
from bot.messages import Address, Button, Document, Outgoing, Part, Style

SMALL = Limit(text=40, caption=10, parts=4)
TO = Address("telegram", "42")
parts = st.lists(
    st.builds(Part, st.text("政府信息公开。\n 😀a", max_size=120), st.sampled_from(Style)), max_size=5
).map(tuple)


def letters(outgoing: list[Outgoing]) -> str:
    return "".join("".join(piece.text.split()) for piece in outgoing)


@given(parts)
def test_every_piece_fits_and_nothing_is_lost(given_parts: tuple[Part, ...]) -> None:
    """Each piece keeps the limits; all characters but white space are there, in order."""
    whole = Outgoing(TO, "answer", given_parts)
    pieces = split(whole, SMALL)
    assert letters(pieces) == letters([whole])
    assert all(1 <= utf16_length(piece.text) <= 40 and len(piece.parts) <= 4 for piece in pieces)


def test_short_message_stays_whole() -> None:
    """What fits is not touched."""
    buttons = ((Button("有用", "ok:1"),),)
    short = Outgoing(TO, "answer", (Part("标题", Style.STRONG), Part("正文")), buttons, edits="7")
    assert split(short, TELEGRAM) == [short]


def test_buttons_go_last_and_edits_first() -> None:
    """The first piece replaces the old message, the last one carries the buttons; styles are kept."""
    buttons = ((Button("有用", "ok:1"),),)
    quote = Part("一" * 30 + "。" + "二" * 30, Style.QUOTE)
    first, second = split(Outgoing(TO, "answer", (quote,), buttons, edits="7"), SMALL)
    assert (first.parts, first.edits, first.buttons) == (
        (Part("一" * 30 + "。", Style.QUOTE),),
        "7",
        (),
    )
    assert (second.parts, second.edits, second.buttons) == ((Part("二" * 30, Style.QUOTE),), "", buttons)


def test_cuts_at_lines_before_sentences() -> None:
    """A line end is a better place than a full stop, a full stop better than the middle of a sentence."""
    text = "甲" * 15 + "。" + "乙" * 10 + "\n" + "丙" * 30
    assert [piece.text for piece in split(Outgoing(TO, "x", (Part(text),)), SMALL)] == [
        "甲" * 15 + "。" + "乙" * 10,
        "丙" * 30,
    ]


def test_file_goes_with_a_short_text_only() -> None:
    """A text that fits a caption travels with the file, a longer one before it."""
    document = Document("回执.docx", b"x")
    short = Outgoing(TO, "receipt", (Part("回执"),), document=document)
    assert split(short, SMALL) == [short]
    text, file = split(replace(short, parts=(Part("这段文字比说明文字的上限要长"),)), SMALL)
    assert (text.document, file.document, file.parts) == (None, document, ())
    alone = replace(short, parts=())
    assert split(alone, SMALL) == [alone]


def test_emoji_count_twice() -> None:
    """Outside the BMP one character is two units, as Telegram counts."""
    pieces = split(Outgoing(TO, "x", (Part("😀" * 30),)), SMALL)
    assert [piece.text for piece in pieces] == ["😀" * 20, "😀" * 10]
