"""Of a PDF the paragraphs and tables, without what the paper adds."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.documents.document import Document, NoteKind, Table
from knowledge.documents.reading import read_document
from knowledge.errors import SourceError
from tests.knowledge.documents.making import Rule, Text, grid, pdf, print_lines

Page = tuple[list[Text], list[Rule]]
FULL = "管护员汛期每天巡查一次非汛期每周巡查两次发现渗漏险情的应当立即报告"  # 33 characters: to the margin


def _read(folder: Path, *pages: Page, mode: int = 0) -> Document:
    return read_document(pdf(folder / "文.pdf", *pages, mode=mode), "文.pdf")


def _texts(document: Document) -> list[str]:
    return [block.text for block in document.blocks]


def _only(texts: list[Text]) -> Page:
    return texts, []


# ---- paragraphs


def test_lines_are_joined_where_the_one_above_is_full(tmp_path: Path) -> None:
    indented = (60 + 28, 90.0, 14.0, FULL[2:])
    lines = print_lines(FULL, "镇水利站。", top=114)
    another = (60 + 28, 162.0, 14.0, "另起一段。")
    document = _read(tmp_path, _only([indented, *lines, another]))
    assert _texts(document) == [FULL[2:] + FULL + "镇水利站。", "另起一段。"]


@pytest.mark.parametrize("word", ["1,234.5万元。", "http://xxgk.example.cn/a"])
def test_a_line_that_ends_early_for_a_long_figure_goes_on(tmp_path: Path, word: str) -> None:
    """A figure or an address is not broken over lines: the line above it ends before the margin."""
    document = _read(tmp_path, _only(print_lines(FULL, FULL[:-3], word)))
    assert _texts(document) == [FULL + FULL[:-3] + word]


def test_short_lines_stay_apart(tmp_path: Path) -> None:
    document = _read(tmp_path, _only(print_lines("停水通知", "一、时间", "五月六日。")))
    assert _texts(document) == ["停水通知", "一、时间", "五月六日。"]


def test_a_numbered_line_after_a_full_sentence_begins_a_paragraph(tmp_path: Path) -> None:
    document = _read(tmp_path, _only(print_lines(FULL[:-1] + "。", "二、" + FULL[2:], FULL)))
    assert _texts(document) == [FULL[:-1] + "。", "二、" + FULL[2:] + FULL]


def test_a_title_over_two_lines_is_one(tmp_path: Path) -> None:
    title = [(165.0, 90.0, 22.0, "清水镇人民政府关于发放"), (209.0, 122.0, 22.0, "高龄津贴的通知")]
    document = _read(tmp_path, _only([*title, *print_lines(FULL, FULL, "止。", top=180)]))
    assert _texts(document)[0] == "清水镇人民政府关于发放高龄津贴的通知"


def test_gaps_are_spaces_where_somebody_put_them(tmp_path: Path) -> None:
    texts: list[Text] = [
        *[(60.0, 90.0, 14.0, "自"), (77.5, 90.0, 14.0, "2024"), (109.0, 90.0, 14.0, "年起")],
        *[(60.0, 114.0, 14.0, "行政许可"), (200.0, 114.0, 14.0, "12"), (260.0, 114.0, 14.0, "34")],
    ]
    first, second = _texts(_read(tmp_path, _only(texts)))
    assert first == "自2024年起"
    assert second.split() == ["行政许可", "12", "34"]
    assert "  " in second


def test_raised_figures_keep_their_meaning(tmp_path: Path) -> None:
    texts: list[Text] = [(60, 90, 14, "库容"), (88, 90, 14, "10"), (102, 84, 7, "4"), (106, 90, 14, "立方米")]
    assert _texts(_read(tmp_path, _only(texts))) == ["库容10⁴立方米"]


def test_bold_print_is_read_once(tmp_path: Path) -> None:
    texts: list[Text] = [(60, 90, 14, "停水通知"), (60.4, 90, 14, "停水通知")]
    assert _texts(_read(tmp_path, _only(texts))) == ["停水通知"]


# ---- furniture


def test_headers_footers_and_page_numbers_go_and_paragraphs_run_on(tmp_path: Path) -> None:
    def page(number: int, lines: list[Text]) -> Page:
        head: Text = (60, 50, 10, "清水镇人民政府文件")
        foot: Text = (280, 800, 10, f"— {number} —")
        return [head, *lines, foot], []

    document = _read(
        tmp_path, page(1, print_lines("办法", FULL, FULL)), page(2, print_lines("体群众转移。", "二、经费"))
    )
    assert _texts(document) == ["办法", FULL + FULL + "体群众转移。", "二、经费"]
    assert [block.page for block in document.blocks] == [1, 1, 2]


def test_a_number_alone_is_no_page_number_unless_it_comes_again_there(tmp_path: Path) -> None:
    first = [*print_lines("合计补贴户数为"), (280.0, 800.0, 14.0, "36")]
    second = print_lines("其中东村户数为", "12")
    assert _texts(_read(tmp_path, _only(first), _only(second))) == [
        "合计补贴户数为",
        "36",
        "其中东村户数为",
        "12",
    ]


def test_the_same_first_line_in_the_middle_of_pages_stays(tmp_path: Path) -> None:
    pages = [_only(print_lines("补贴对象", f"{village}。", top=300)) for village in ("东村", "西村")]
    assert _texts(_read(tmp_path, *pages)) == ["补贴对象", "东村。", "补贴对象", "西村。"]


def test_two_notices_may_begin_with_the_same_words(tmp_path: Path) -> None:
    pages = [_only(print_lines("清水镇人民政府公告", f"{village}停水。")) for village in ("东村", "西村")]
    texts = ["清水镇人民政府公告", "东村停水。", "清水镇人民政府公告", "西村停水。"]
    assert _texts(_read(tmp_path, *pages)) == texts


# ---- pages without text


def test_pages_without_text_are_named(tmp_path: Path) -> None:
    document = _read(tmp_path, _only(print_lines("通知")), ([], []), ([], []))
    assert [(note.kind, note.pages) for note in document.notes] == [(NoteKind.PAGES_WITHOUT_TEXT, (2, 3))]


@pytest.mark.parametrize("words", ["\ue000\ue123\ue456\uf8ff" * 5, "\ufffd" * 20, "乪亐亣亪俰倝偔傋僁" * 4])
def test_characters_without_a_meaning_are_no_text(tmp_path: Path, words: str) -> None:
    with pytest.raises(SourceError, match="没有可读的文字"):
        _read(tmp_path, _only(print_lines(words)))


def test_a_page_of_names_is_text(tmp_path: Path) -> None:
    names = [f"{family}某{given}" for family in "王李赵周吴郑孙钱冯陈" for given in "强琳鑫"]
    assert len(_read(tmp_path, _only(print_lines(*names))).blocks) == len(names)


def test_the_invisible_text_of_a_scan_is_not_read(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="没有可读的文字"):
        _read(tmp_path, _only(print_lines("识别出来的文字")), mode=3)


# ---- tables


def _table(rows: list[list[str]], *, top: float = 200) -> Page:
    columns = [60.0, 200.0, 300.0, 400.0]
    lines = [top + 30 * at for at in range(len(rows) + 1)]
    texts = [
        (columns[x] + 5, lines[y] + 20, 12.0, cell)
        for y, row in enumerate(rows)
        for x, cell in enumerate(row)
        if cell
    ]
    return texts, grid(columns, lines)


def test_a_ruled_table_is_a_table(tmp_path: Path) -> None:
    texts, rules = _table([["项目", "自然人", "总计"], ["一、本年新收", "5", ""]])
    document = _read(tmp_path, ([*print_lines("三、申请情况"), *texts], rules))
    assert _texts(document) == ["三、申请情况", ""]
    assert document.tables == (
        Table(
            (("项目", "自然人", "总计"), ("一、本年新收", "5", "")),
        ),
    )


def test_merged_cells_and_lines_of_a_cell(tmp_path: Path) -> None:
    rules: list[Rule] = [
        *[(60, 200, 400, 200), (200, 230, 400, 230), (60, 260, 400, 260)],
        *[(60, 200, 60, 260), (200, 200, 200, 260), (300, 230, 300, 260), (400, 200, 400, 260)],
    ]
    texts: list[Text] = [
        (65, 220, 12, "办理"),
        (65, 240, 12, "结果"),
        (205, 220, 12, "申请人"),
        (205, 250, 12, "5"),
    ]
    texts.append((305, 250, 12, "0"))
    assert _read(tmp_path, (texts, rules)).tables == (
        Table((("办理结果", "申请人", None), (None, "5", "0"))),
    )


def test_a_table_goes_on_over_the_page_and_its_head_is_said_once(tmp_path: Path) -> None:
    head = ["村", "户数", "金额"]
    first, second = _table([head, ["东村", "1", "2"]], top=700), _table([head, ["西村", "3", "4"]], top=60)
    assert _read(tmp_path, first, second).tables == (
        Table((tuple(head), ("东村", "1", "2"), ("西村", "3", "4"))),
    )


def test_a_table_without_its_outer_rules_is_found(tmp_path: Path) -> None:
    texts, rules = _table([["村", "户数", "金额"], ["东村", "1", "2"], ["西村", "3", "4"]])
    inner = [rule for rule in rules if not (rule[0] == rule[2] and rule[0] in (60.0, 400.0))]
    assert _read(tmp_path, (texts, inner)).tables[0].rows[1] == ("东村", "1", "2")


def test_a_frame_around_text_is_no_table(tmp_path: Path) -> None:
    document = _read(tmp_path, (print_lines("停水通知"), grid([50.0, 500.0], [70.0, 120.0])))
    assert _texts(document) == ["停水通知"]


@pytest.mark.parametrize(
    ("rotate", "turn"),
    [
        pytest.param(90, "", id="held-sideways"),
        pytest.param(180, "", id="held-upside-down"),
        pytest.param(270, "0 1 -1 0 842 0", id="printed-sideways-and-held-upright"),
        pytest.param(0, "0 -.7 .7 0 0 595", id="printed-sideways"),
        pytest.param(0, "-1 0 0 -1 595 842", id="upside-down"),
    ],
)
def test_a_turned_page_is_turned_until_its_text_is_upright(tmp_path: Path, rotate: int, turn: str) -> None:
    texts, rules = _table([["项目", "自然人", "总计"], ["一、本年新收", "5", ""]])
    path = pdf(tmp_path / "文.pdf", ([*print_lines("三、申请情况"), *texts], rules), rotate=rotate, turn=turn)
    document = read_document(path, "文.pdf")
    assert _texts(document) == ["三、申请情况", ""]
    assert document.tables == (Table((("项目", "自然人", "总计"), ("一、本年新收", "5", ""))),)


# ---- two columns


def test_two_columns_are_read_one_after_the_other(tmp_path: Path) -> None:
    """Below a headline over both; a sentence goes on from the foot of one to the head of the next."""
    left = ["一、农业", *["完成春耕面积八千六百亩发放补贴"] * 7, "全镇没有一亩耕地撂荒到了秋后群"]
    right = ["众还种上了油菜。", "二、道路", *["新修机耕路十二公里安装路灯二百"] * 7]
    texts = [(180.0, 80.0, 18.0, "双溪镇上半年工作总结简报"), (60.0, 40.0, 9.0, "双溪简报")]
    for at, (one, other) in enumerate(zip(left, right, strict=True)):
        texts += [(60.0, 120.0 + 20 * at, 14.0, one), (310.0, 120.0 + 20 * at, 14.0, other)]
    document = _read(tmp_path, _only(texts))
    assert _texts(document) == [
        "双溪简报",
        "双溪镇上半年工作总结简报",
        "一、农业",
        "完成春耕面积八千六百亩发放补贴" * 7 + "全镇没有一亩耕地撂荒到了秋后群众还种上了油菜。",
        "二、道路",
        "新修机耕路十二公里安装路灯二百" * 7,
    ]


def _in_columns(left: list[str], right: list[str], top: float = 120.0) -> list[Text]:
    """A line is 20 points high; "" leaves its place free."""
    return [
        (x, top + 20 * at, 14.0, line)
        for x, lines in ((60.0, left), (310.0, right))
        for at, line in enumerate(lines)
        if line
    ]


def _table_at(left: float, top: float) -> Page:
    cells = [("村", "户数"), ("东村", "12"), ("西村", "30")]
    columns, rows = [left, left + 100, left + 200], [top + 20 * at for at in range(4)]
    texts = [(columns[x] + 5, rows[y] + 15, 12.0, cells[y][x]) for y in range(3) for x in range(2)]
    return texts, grid(columns, rows)


LEFT, RIGHT = "完成春耕面积八千六百亩发放补贴", "新修机耕路十二公里安装路灯二百"


@pytest.mark.parametrize("is_left", [True, False])
def test_a_table_in_a_column_stays_in_its_place(tmp_path: Path, is_left: bool) -> None:
    """The column beside it goes on; the sentences above and below it are those of its own column."""
    free = ["", "", "", ""]
    with_table = [LEFT] * 6 + ["各村户数如下："] + free + ["补贴六月发放。"]
    other = [RIGHT] * 11 + ["十月完工。"]
    columns = (with_table, other) if is_left else (other, with_table)
    texts, rules = _table_at(60.0 if is_left else 310.0, 120.0 + 20 * 6 + 6)
    document = _read(tmp_path, (_in_columns(*columns) + texts, rules))
    of_table = [LEFT * 6 + "各村户数如下：", "", "补贴六月发放。"]
    whole = [RIGHT * 11 + "十月完工。"]
    assert _texts(document) == ([*of_table, *whole] if is_left else [*whole, *of_table])
    (table,) = [block.table for block in document.blocks if block.table]
    assert table.rows == (("村", "户数"), ("东村", "12"), ("西村", "30"))


def test_a_table_over_both_columns_ends_what_stands_above_it(tmp_path: Path) -> None:
    """Both columns above it, then the table, then both below it."""
    texts, rules = _table_at(210.0, 300.0)
    above = _in_columns([LEFT] * 7 + ["完。"], [RIGHT] * 7 + ["竣工。"])
    autumn, winter = "下半年" + LEFT[3:], "明年度" + RIGHT[3:]
    below = _in_columns([autumn] * 6 + ["完。"], [winter] * 6 + ["竣工。"], top=380.0)
    document = _read(tmp_path, (above + texts + below, rules))
    assert _texts(document) == [
        LEFT * 7 + "完。",
        RIGHT * 7 + "竣工。",
        "",
        autumn * 6 + "完。",
        winter * 6 + "竣工。",
    ]
