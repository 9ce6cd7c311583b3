"""Chinese on a terminal: width, line breaks, bars, numbers."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.channels.terminal.choices import Choices
from bot.channels.terminal.render import Screen, render
from bot.channels.terminal.wrapping import NO_END, NO_START, columns_of, wrap
from bot.messages import Address, Button, Document, Outgoing, Part, Style

HERE = Address("terminal", "resident")
words = st.sampled_from(
    ["公开", "政府信息", "，", "。", "（", "）", "《", "》", "2018", "abc.txt", " ", "3.5%", "”"]
)


@given(st.lists(words, max_size=60).map("".join), st.integers(24, 90))
def test_lines_fit_and_keep_every_character(text: str, width: int) -> None:
    """No line is wider than the screen and no character but white space is lost."""
    lines = wrap(text, width)
    assert all(columns_of(line) <= width for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


def test_no_line_begins_with_a_closing_mark() -> None:
    """避头尾 at every width: closing marks stay with the word before, opening ones with the word after."""
    text = "根据《中华人民共和国政府信息公开条例》（国务院令第711号），公民、法人可以申请：“公开政府信息”。"
    for width in range(16, 100):
        lines = wrap(text, width)
        assert not [line for line in lines[1:] if line[0] in NO_START], width
        assert not [line for line in lines[:-1] if line[-1] in NO_END], width


def test_latin_words_stay_whole() -> None:
    """Numbers, dates and addresses are not broken."""
    assert wrap("联系电话0744-5551234谢谢", 16) == ["联系电话", "0744-5551234谢谢"]


def test_control_characters_do_not_reach_the_terminal() -> None:
    """Nobody's message can clear the screen or turn the reading direction."""
    assert wrap("a\x1b[2J\u202eb\x07", 80) == ["a[2Jb"]


def test_message_with_everything() -> None:
    """Heading, quotation, source line, file and buttons, plain."""
    outgoing = Outgoing(
        HERE,
        "answer",
        (
            Part("三、公开情况", Style.STRONG),
            Part("主动公开\n" + "信息" * 22, Style.QUOTE),
            Part("来源：2018年报告", Style.SMALL),
        ),
        ((Button("有用", "a"), Button("没用", "b")), (Button("很长的选项" * 9, "c"),)),
        document=Document("回执.docx", b"x"),
    )
    assert render(outgoing, [1, 2, 3], Screen(width=80), saved_as="files/回执.docx").split("\n") == [
        "三、公开情况",
        "",
        "│ 主动公开",
        "│ " + "信息" * 19 + "信",
        "│ 息" + "信息" * 2,
        "",
        "来源：2018年报告",
        "",
        "[回执.docx] files/回执.docx",
        "",
        "  [1] 有用   [2] 没用",
        "  [3] " + ("很长的选项" * 9)[:35],
        "      " + ("很长的选项" * 9)[35:],
    ]


def test_colour_is_only_shown_when_asked() -> None:
    """The same message with and without colour differs in escape codes alone."""
    outgoing = Outgoing(HERE, "x", (Part("标题", Style.STRONG), Part("正文")))
    assert render(outgoing, [], Screen(colour=True)) == "\x1b[1m标题\x1b[0m\n\n正文"
    assert render(outgoing, [], Screen(colour=False)) == "标题\n\n正文"


def asked(*labels: str) -> Outgoing:
    return Outgoing(HERE, "x", (), (tuple(Button(label, f"do:{label}") for label in labels),))


def own(choices: Choices, *messages: Outgoing) -> list[list[int]]:
    """Show the answers of one turn."""
    choices.begin_turn()
    numbers = [choices.add(message) for message in messages]
    choices.end_turn()
    return numbers


def test_numbers_restart_with_each_turn() -> None:
    """After the person spoke, buttons begin at 1; two messages of one turn go on counting."""
    choices = Choices()
    assert own(choices, asked("a", "b"), asked("c")) == [[1, 2], [3]]
    assert [choices.pressed(text) for text in "123"] == ["do:a", "do:b", "do:c"]
    assert own(choices, asked(), asked("d")) == [[], [1]]
    assert choices.pressed("2") == ""


def test_numbers_that_the_dialogue_knows_go_to_it() -> None:
    """A single list has the same numbers in the dialogue, which may want the number as an answer."""
    choices = Choices()
    own(choices, asked("a", "b"))
    assert [choices.pressed(text) for text in ("1", "2", "a")] == ["", "", ""]


def test_a_turn_without_buttons_keeps_the_numbers() -> None:
    """What is still on the screen can still be picked."""
    choices = Choices()
    own(choices, asked("a"), asked("b"))
    own(choices, asked())
    assert choices.pressed("2") == "do:b"


def test_a_message_that_comes_by_itself_changes_no_number() -> None:
    """While somebody is about to type 1, a notice with buttons continues the count."""
    choices = Choices()
    own(choices, asked("yes", "no"))
    assert choices.add(asked("read")) == [3]
    assert [choices.pressed(text) for text in ("1", " \uff13 ", "read")] == ["", "do:read", "do:read"]


def test_other_input_is_no_number() -> None:
    """Words, 0, numbers not on the screen and telephone numbers are text."""
    choices = Choices()
    choices.add(asked("yes"))
    assert [choices.pressed(text) for text in ("0", "2", "-1", "1a", "", "0001", "²")] == [""] * 7
    assert choices.pressed("1") == "do:yes"
