"""An official text is cut at its numbers, and only there."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.documents.encoding import decoded
from knowledge.sources.outline import outline
from knowledge.sources.section import Section

DIRTY = Path(__file__).parent / "dirty"


def cut(name: str) -> list[Section]:
    """The sections of a file in `dirty/`."""
    found = decoded((DIRTY / name).read_bytes())
    assert found is not None
    return outline(found.text.split("\n"))


def paths(sections: list[Section]) -> list[str]:
    return ["/".join(section.path) for section in sections]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("attachment_without_content.txt", ["一"]),
        ("attachment_with_content.txt", ["一", "附件", "附件/1", "附件/2"]),
        ("windows_line_ends_and_mark.txt", ["一", "二"]),
        ("gb18030.txt", ["一"]),
        ("utf16.txt", ["一"]),
        ("full_width_brackets_and_digits.txt", ["一", "一/(一)", "一/(一)/1", "一/(一)/2", "一/(二)"]),
        ("level_missing.txt", ["一", "一/1", "一/2", "二", "二/(一)"]),
        ("numbers_that_are_no_headings.txt", ["一"]),
        ("number_twice.txt", ["一", "二", "二·2"]),
        ("number_lost.txt", ["一", "三"]),
        ("extract_from_the_middle.txt", ["三", "四"]),
        ("points_in_one_paragraph.txt", ["一", "一/一是", "一/二是", "一/三是"]),
        ("points_on_their_own_lines.txt", ["(一)", "(一)/一要", "(一)/二要"]),
        ("points_that_are_no_points.txt", ["一"]),
        ("points_in_two_rows.txt", ["一", "一/一是", "一/二是", "一/一是·2", "一/二是·2"]),
        ("articles_mentioned_in_a_table.txt", ["一", "二", "三"]),
        ("contents_page.txt", ["0", "一", "二"]),
        ("indented_with_ideographic_spaces.txt", ["一", "一/(一)"]),
        ("no_headings.txt", ["0"]),
        ("only_headings.txt", ["一", "二", "二/(一)"]),
        (
            "chapters_and_articles.txt",
            [
                "第一章",
                *("第一章/第一条", "第一章/第二条", "第一章/第二条/(一)", "第一章/第二条/(二)"),
                *("第二章", "第二章/第三条"),
            ],
        ),
        ("empty.txt", []),
        ("only_spaces.txt", []),
    ],
)
def test_paths_of_oddities(name: str, expected: list[str]) -> None:
    """Each oddity, kept as a file of its name, is cut where a reader would cut it."""
    assert paths(cut(name)) == expected


def test_every_oddity_has_an_expectation() -> None:
    """No file in `dirty/` is forgotten."""
    names = {path.name for path in DIRTY.glob("*.txt")}
    tested = {case[0] for mark in test_paths_of_oddities.pytestmark for case in mark.args[1]}  # type: ignore[attr-defined]
    assert len(names) > 15
    assert names == tested


def test_heading_and_body_on_one_line() -> None:
    """The heading ends at its full stop; the text is quoted as it is written."""
    [section] = outline(["1.推进政策公开。围绕改革，加大力度。"])
    assert section.heading == "1.推进政策公开"
    assert section.title == "推进政策公开"
    assert section.text == "1.推进政策公开。围绕改革，加大力度。"


def test_section_with_others_below() -> None:
    """A section that holds others quotes its lead and their headings, not their texts."""
    [first, *_] = outline(["一、公开情况", "总的很好。", "（一）甲", "甲的正文。", "（二）乙", "乙的正文。"])
    assert first.text == "一、公开情况\n总的很好。\n（一）甲\n（二）乙"
    assert first.below == ("（一）甲", "（二）乙")


def test_trail_and_line() -> None:
    """A section knows the headings above it and its line in the file."""
    sections = cut("level_missing.txt")
    assert [(section.line, section.trail) for section in sections] == [
        (1, ()),
        (2, ("一、概述",)),
        (3, ("一、概述",)),
        (4, ()),
        (5, ("二、问题",)),
    ]


def test_point_quotes_itself_only() -> None:
    """A point ends where the next begins; the section keeps them all."""
    whole, first, *_, last = cut("points_in_one_paragraph.txt")
    assert "一是加强领导" in whole.text
    assert first.text == "一是加强领导，明确机构"
    assert first.heading == "一是加强领导，明确机构"
    assert first.trail == ("一、概述",)
    assert last.text == "三是回应关切。"


def test_point_ends_before_the_next_row() -> None:
    """The words that lead to a second row of points belong to neither row."""
    assert [section.text for section in cut("points_in_two_rows.txt")[1:]] == [
        "一是公开不够及时。",
        "二是形式单一。",
        "一是加强培训",
        "二是丰富形式。",
    ]


def test_preamble_has_no_heading() -> None:
    """What stands before the first heading is section 0, without title."""
    [preamble, _] = outline(["本报告由洲上乡人民政府编制。", "一、概述"])
    assert (preamble.path, preamble.heading, preamble.title) == (("0",), "", "")


# ---- any text

LINES = st.lists(
    st.text(alphabet="一二三十、（）().1234。：；附件第章条是要甲乙年 　\ufeff", max_size=12)
    | st.text(max_size=20),
    max_size=12,
)


@given(LINES)
def test_outline_never_fails(lines: list[str]) -> None:
    """Any lines at all give sections with unique paths, each a piece of the text."""
    sections = outline(lines)
    assert len({section.path for section in sections}) == len(sections)
    everything = "\n".join(lines)
    for section in sections:
        assert section.path
        assert all(line in everything for line in section.lines)


@given(LINES)
def test_every_section_but_the_top_has_its_parent(lines: list[str]) -> None:
    """The path without its last number is a section, too."""
    sections = outline(lines)
    known = {section.path for section in sections}
    assert all(section.path[:-1] in known for section in sections if len(section.path) > 1)


def test_roman_numbers_are_sections() -> None:
    """In letters or in one sign they stand above 1., but below Chinese numbers that come first."""
    above = [
        "I. 总则",
        "遵照执行。",
        "II. 分级",
        "1. \u2160级响应：暴雨。",
        "2. Ⅱ级响应：大雨。",
        "III. 值班",
    ]
    assert paths(outline(above)) == ["I", "II", "II/1", "II/2", "III"]
    below = ["一、隐患点", "\u2160、滑坡", "十二处。", "\u2161、崩塌", "二、措施"]
    assert paths(outline(below)) == ["一", "一/I", "一/II", "二"]


def test_letters_and_grades_are_no_roman_numbers() -> None:
    lines = ["一、标准", "I级预警：鸣锣。", "II.5毫米", "V.I.P. 通道", "III. 第三类设备", "二、其他"]
    assert paths(outline(lines)) == ["一", "二"]


def test_what_is_needed_is_a_heading() -> None:
    """二、所需材料 opens a section; (二)所列情形 mentions one."""
    assert paths(outline(["一、对象", "老人。", "二、所需材料", "身份证。"])) == ["一", "二"]
    assert paths(outline(["一、范围", "前款(一)项和", "(二)所列情形除外。"])) == ["一"]
