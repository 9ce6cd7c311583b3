"""A broken YAML file names file, line and field, for every mistake, in the admin's words."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from _pytest.mark import ParameterSet
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from knowledge.errors import SourceError, SourceProblem
from knowledge.sources import read_folder
from knowledge.sources.guide import read_guide
from knowledge.sources.items import read_items
from knowledge.sources.terms import read_terms
from knowledge.sources.yaml_file import YamlFile

Found = tuple[int | None, str, str]


def problems_of(path: Path, content: str | bytes) -> list[Found]:
    """(line, field, reason) of every problem of a file of that name and content."""
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    read: dict[str, Callable[[], object]] = {
        "items.yaml": lambda: read_items(path, ()),
        "guide.yaml": lambda: read_guide(path, {}),
    }
    problems: tuple[SourceProblem, ...] = ()
    try:
        read.get(path.name, lambda: read_terms(path))()
    except SourceError as error:
        problems = error.problems
    assert all(problem.file == path.name and problem.expected for problem in problems)
    return [(problem.line, problem.field, problem.reason) for problem in problems]


ITEM = "categories: [财政]\nitems:\n  - id: a\n    title: 预算\n    category: 财政\n    text: 有预算。\n"


def case(name: str, content: str | bytes, *expected: Found) -> ParameterSet:
    """A file and the problems it should have, in the order of their lines."""
    return pytest.param(content, list(expected), id=name)


BROKEN_ITEMS = [
    case("empty-file", "", (None, "", "文件是空的")),
    case("only-comments", "# 只有说明\n", (None, "", "文件是空的")),
    case("list-at-top", "- a\n- b\n", (1, "", "整个文件应由“名称: 内容”组成")),
    case("whole-file-is-one-text", "categories：财政\n", (1, "", "用了全角冒号“：”")),
    case("full-width-colon", ITEM.replace("title: 预算", "title：预算"), (4, "", "用了全角冒号“：”")),
    case(
        "full-width-colon-twice",
        ITEM.replace("title: ", "title：").replace("text: ", "text："),
        (4, "", "用了全角冒号“：”"),
        (6, "", "用了全角冒号“：”"),
    ),
    case("tab", ITEM.replace("    title", "\ttitle"), (4, "", "行首用了制表符（Tab）")),
    case("no-space-after-colon", ITEM.replace("title: ", "title:"), (4, "", "冒号后面没有空格")),
    case(
        "bad-indentation",
        ITEM.replace("    title", "     title"),
        (4, "", "缩进不对，或文字里有“冒号加空格”"),
    ),
    case("less-indentation", ITEM.replace("    text", "  text"), (6, "", "缩进不对，或引号没有成对")),
    case("colon-in-text", ITEM.replace("有预算。", "电话: 一二三: 四"), (6, "", "文字里有“冒号加空格”")),
    case("open-quote", ITEM.replace("有预算。", '"有预算。'), (6, "", "引号没有成对")),
    case("star", ITEM.replace("有预算。", "*有预算。"), (6, "", "文字以特殊符号开头")),
    case("at-sign", ITEM.replace("有预算。", "@有预算。"), (6, "", "文字以特殊符号开头")),
    case("open-bracket", ITEM.replace("[财政]", "[财政"), (2, "", "方括号里缺少逗号，或括号没有成对")),
    case("two-documents", ITEM + "---\n" + ITEM, (7, "", "文件里有多余的“---”")),
    case(
        "control-character-escaped", ITEM.replace("有预算。", '"预\\x07算。"'), (6, "", "有看不见的控制字符")
    ),
    case("fffe-escaped", ITEM.replace("有预算。", '"预\\ufffe算。"'), (6, "", "有看不见的控制字符")),
    case("control-character", ITEM.replace("预算。", "预\x07算。"), (6, "", "有看不见的控制字符")),
    case("gb18030", ITEM.encode("gb18030"), (1, "", "不是 UTF-8 编码")),
    case("utf-16", ITEM.encode("utf-16"), (1, "", "不是 UTF-8 编码")),
    case("bottomless", "[" * 3000, (None, "", "这里的写法不对")),
    case(
        "unknown-key",
        ITEM.replace("title:", "titel:"),
        (3, "title", "缺少这一项"),
        (4, "titel", "没有这一项"),
    ),
    case("key-twice", ITEM + "    title: 决算\n", (7, "title", "写了两次")),
    case("empty-title", ITEM.replace("预算\n", "\n", 1), (4, "title", "是空的")),
    case("missing-title", ITEM.replace("    title: 预算\n", ""), (3, "title", "缺少这一项")),
    case("list-for-text", ITEM.replace("title: 预算", "title: [预算]"), (4, "title", "应是一段文字")),
    case("mapping-for-list", ITEM.replace("[财政]", "{a: 财政}"), (1, "categories", "应是列表")),
    case(
        "unknown-category",
        ITEM.replace("category: 财政", "category: 财务"),
        (5, "category", "没有“财务”这一类"),
    ),
    case("duplicate-id", ITEM + ITEM.split("items:\n")[1], (7, "id", "“a”已经用过")),
    case(
        "date-in-chinese",
        ITEM + "    published_on: 2018年3月1日\n",
        (7, "published_on", "“2018年3月1日”不是日期"),
    ),
    case("impossible-date", ITEM + "    created_on: 2018-02-30\n", (7, "created_on", "“2018-02-30”不是日期")),
    case("year-in-words", ITEM + "    year: 一八年\n", (7, "year", "“一八年”不是数字")),
    case("link-without-scheme", ITEM + "    link: www.example.org\n", (7, "link", "不是网址")),
    case(
        "empty-phrasing", ITEM + "    phrasings:\n      - 预算\n      -\n", (9, "phrasings", "有一条是空的")
    ),
    case("nested-phrasing", ITEM + "    phrasings: [[预算]]\n", (7, "phrasings", "有一条不是文字")),
    case("no-content", ITEM.replace("    text: 有预算。\n", ""), (3, "text", "没有内容")),
    case(
        "quote-without-report",
        ITEM.replace("text: 有预算。", "quote: 有预算。"),
        (3, "report", "缺少这一项"),
        (3, "section", "缺少这一项"),
    ),
    case("item-is-text", ITEM + "  - 就一句话\n", (7, "items", "这一条应由“名称: 内容”组成")),
    case("item-with-full-width-colon", ITEM + "  - id：b\n", (7, "items", "用了全角冒号“：”")),
    case("no-items", "items: []\n"),
]


@pytest.mark.parametrize(("content", "expected"), BROKEN_ITEMS)
def test_broken_items(tmp_path: Path, content: str | bytes, expected: list[Found]) -> None:
    """Every mistake of an admin is named with its line and field."""
    assert problems_of(tmp_path / "items.yaml", content) == expected


GUIDE = "guide:\n  - id: a\n    title: 怎么申请\n    lines:\n      - 说一声。\n"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        pytest.param(
            GUIDE.replace("说一声。", "电话：{phone}"),
            [(5, "lines", "没有“phone”这个设置")],
            id="unknown-setting",
        ),
        pytest.param(
            GUIDE.replace("    lines:\n      - 说一声。\n", ""), [(2, "lines", "缺少这一项")], id="no-lines"
        ),
        pytest.param(GUIDE + "    lines: 再说\n", [(6, "lines", "写了两次")], id="lines-twice"),
        pytest.param(GUIDE + GUIDE[7:], [(6, "id", "“a”已经用过")], id="duplicate-id"),
        pytest.param(
            "guides: []\n", [(1, "guides", "没有这一项"), (1, "guide", "缺少这一项")], id="wrong-key"
        ),
    ],
)
def test_broken_guide(tmp_path: Path, content: str, expected: list[Found]) -> None:
    """The guide is checked the same way."""
    assert problems_of(tmp_path / "guide.yaml", content) == expected


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        pytest.param("问话:\n  - 几多\n", [(2, "问话", "“几多”看不懂")], id="no-equals"),
        pytest.param("问话:\n  - 几多 =\n", [(2, "问话", "“几多 =”看不懂")], id="nothing-on-the-right"),
        pytest.param("问话:\n  - 、 = 多少\n", [(2, "问话", "“、 = 多少”看不懂")], id="nothing-on-the-left"),
        pytest.param("问话:\n  - a = b = c\n", [(2, "问话", "“a = b = c”看不懂")], id="two-equals"),
        pytest.param("问话:\n  - 看 = 看\n", [(2, "问话", "“看”在等号两边都有")], id="same-word"),
        pytest.param("问话:\n  - a = b\n问话:\n  - c = d\n", [(3, "问话", "写了两次")], id="group-twice"),
        pytest.param("问话:\n  几多: 多少\n", [(2, "问话", "应是列表")], id="mapping"),
    ],
)
def test_broken_terms(tmp_path: Path, content: str, expected: list[Found]) -> None:
    """So are the terms."""
    assert problems_of(tmp_path / "terms.yaml", content) == expected


def test_nearest_key_is_proposed(tmp_path: Path) -> None:
    """A misspelt key is answered with the one that was meant."""
    path = tmp_path / "items.yaml"
    path.write_text(ITEM.replace("category:", "catgory:"), encoding="utf-8")
    with pytest.raises(SourceError) as caught:
        read_items(path, ())
    assert [problem.expected for problem in caught.value.problems if problem.field == "catgory"] == [
        "category"
    ]


def test_files_that_are_well(tmp_path: Path) -> None:
    """A byte order mark, Windows line ends, comments and blank optional fields are no mistakes."""
    content = ("# 说明\n" + ITEM + "    link:\n    summary: ''\n").replace("\n", "\r\n")
    path = tmp_path / "items.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + content.encode())
    [item] = read_items(path, ()).entries
    assert item.fields == (("名称", "预算"),)


def test_text_over_several_lines(tmp_path: Path) -> None:
    """Chinese that was continued on the next line gets no space; English keeps it."""
    path = tmp_path / "any.yaml"
    path.write_text("a: 第一行，\n  第二行\n  第三行\nb: first\n  second\n", encoding="utf-8")
    top = YamlFile.read(path).top
    assert (top.text("a"), top.text("b")) == ("第一行，第二行第三行", "first second")


# ---- any file

YAML_LIKE = st.text(alphabet="abid:：-[]{}\"'|>*&!%@#\n \t，预算1", max_size=60)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(YAML_LIKE | st.binary(max_size=60), st.sampled_from(["items.yaml", "guide.yaml", "terms.yaml"]))
def test_an_admin_can_raise_nothing_else(tmp_path: Path, content: str | bytes, name: str) -> None:
    """Whatever stands in a file, reading it works or raises SourceError, and every problem has a reason."""
    for found in problems_of(tmp_path / name, content):
        assert found[2]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.integers(0, 400), st.text(alphabet="：:- \t\"'[]{}\n", min_size=1, max_size=3))
def test_a_slip_anywhere_in_the_embedded_items(tmp_path: Path, at: int, slip: str) -> None:
    """A few wrong characters anywhere in a real file are read or refused, never worse."""
    embedded = (Path(__file__).parents[2] / "knowledge" / "zhoushang" / "items.yaml").read_text(
        encoding="utf-8"
    )
    start = embedded.index("categories:") + at
    (tmp_path / "items.yaml").write_text(embedded[:start] + slip + embedded[start:], encoding="utf-8")
    knowledge = read_folder(tmp_path, {})
    assert knowledge.files == ("items.yaml",) or all(problem.reason for problem in knowledge.problems)
