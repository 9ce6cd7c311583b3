"""Every cell of Tables 2 to 4 can be asked for by its names and is quoted rightly, from any kind of file."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import pytest

from knowledge.base import Base, build_base
from knowledge.entry import Answer, Suggest, Unknown
from knowledge.matching.agencies import asked_agency
from knowledge.sources import read_folder
from knowledge.sources import report_layout as layout
from knowledge.sources.facts import EMPTY

TODAY = date(2025, 6, 1)
HEADINGS = (
    *("一、总体情况", "二、主动公开政府信息情况", "三、收到和处理政府信息公开申请情况"),
    *("四、政府信息公开行政复议、行政诉讼情况", "五、存在的主要问题及改进情况", "六、其他需要报告的事项"),
)
Rows = list[list[str]]


def table_2(seed: int) -> Rows:
    """Figures of our own, each of them another one."""
    return [
        ["第二十条第（一）项", "", "", ""],
        ["信息内容", "本年制发件数", "本年废止件数", "现行有效件数"],
        ["规章", "0", "0", "0"],
        ["行政规范性文件", str(seed + 1), str(seed + 2), str(seed + 3)],
        ["第二十条第（五）项", "", "", ""],
        ["信息内容", "本年处理决定数量", "", ""],
        ["行政许可", str(seed + 4), "", ""],
        ["第二十条第（六）项", "", "", ""],
        ["信息内容", "本年处理决定数量", "", ""],
        ["行政处罚", str(seed + 5), "", ""],
        ["行政强制", str(seed + 6), "", ""],
        ["第二十条第（八）项", "", "", ""],
        ["信息内容", "本年收费金额（单位：万元）", "", ""],
        ["行政事业性收费", f"{seed + 7}.25", "", ""],
    ]


def table_2_of_2019(seed: int) -> Rows:
    """The form of the reports on 2019 and 2020."""
    of_items = ["信息内容", "上一年项目数量", "本年增/减", "处理决定数量"]
    return [
        ["第二十条第（一）项", "", "", ""],
        ["信息内容", "本年新制作数量", "本年新公开数量", "对外公开总数量"],
        ["规章", "0", "0", "0"],
        ["规范性文件", str(seed + 1), str(seed + 2), str(seed + 3)],
        ["第二十条第（五）项", "", "", ""],
        of_items,
        ["行政许可", str(seed + 4), "-11", str(seed + 5)],
        ["其他对外管理服务事项", str(seed + 6), "+2", str(seed + 7)],
        ["第二十条第（六）项", "", "", ""],
        of_items,
        ["行政处罚", str(seed + 8), "0", str(seed + 9)],
        ["行政强制", str(seed + 10), "3", str(seed + 11)],
        ["第二十条第（八）项", "", "", ""],
        ["信息内容", "上一年项目数量", "本年增/减", ""],
        ["行政事业性收费", str(seed + 12), "-1", ""],
        ["第二十条第（九）项", "", "", ""],
        ["信息内容", "采购项目数量", "采购总金额", ""],
        ["政府集中采购", str(seed + 13), f"{seed + 14}.5", ""],
    ]


def table_3(seed: int) -> Rows:
    head = ["", "", "", *("自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计")]
    rows = [head]
    for at, names in enumerate(name for name in layout.TABLE_3_ROWS if all(name)):
        cells = [str(seed + 100 + 10 * at + column) for column in range(7)]
        rows.append([*names, *[""] * (3 - len(names)), *cells])
    return rows


def table_4(seed: int) -> Rows:
    return [
        ["行政复议", *[""] * 4, "行政诉讼", *[""] * 9],
        [
            *("结果维持", "结果纠正", "其他结果", "尚未审结", "总计"),
            "未经复议直接起诉",
            *[""] * 4,
            "复议后起诉",
            *[""] * 4,
        ],
        [*[""] * 5, *("结果维持", "结果纠正", "其他结果", "尚未审结", "总计") * 2],
        [str(seed + 500 + column) for column in range(15)],
    ]


# Merged cells: (first row, first column, last row, last column).
Merges = list[tuple[int, int, int, int]]


def merges_of(number: int, rows: Rows) -> Merges:
    if number == 2:
        wide = [(y, 0, y, 3) for y, row in enumerate(rows) if row[0].startswith("第")]
        bare = [(y, row) for y, row in enumerate(rows) if not row[0].startswith("第") and not row[3]]
        return wide + [(y, 2 if row[2] else 1, y, 3) for y, row in bare]
    if number == 4:
        across = [(0, 0, 0, 4), (0, 5, 0, 14), (1, 5, 1, 9), (1, 10, 1, 14)]
        return across + [(1, x, 2, x) for x in range(5)]
    found = [(y, 0, y, 2) for y, row in enumerate(rows) if not row[1]]
    found += [(y, 1, y, 2) for y, row in enumerate(rows) if row[1] and not row[2]]
    for x in (0, 1):
        start = 1
        for y in range(2, len(rows) + 1):
            if y == len(rows) or rows[y][x] != rows[start][x] or not rows[y][x]:
                if y - start > 1 and rows[start][x] and rows[start][x + 1]:
                    found.append((start, x, y - 1, x))
                start = y
    return found


def tables(year: int, seed: int) -> list[tuple[Rows, Merges]]:
    made = [
        (2, table_2(seed) if year > 2020 else table_2_of_2019(seed)),
        (3, table_3(seed)),
        (4, table_4(seed)),
    ]
    return [(rows, merges_of(number, rows)) for number, rows in made]


def title(year: int) -> str:
    return f"柳溪镇人民政府{year}年政府信息公开工作年度报告"


def prose(year: int) -> str:
    return f"本报告由柳溪镇人民政府编制，统计期限为{year}年1月1日至{year}年12月31日。"


def covered(merges: Merges) -> set[tuple[int, int]]:
    return {
        (y, x)
        for top, left, bottom, right in merges
        for y in range(top, bottom + 1)
        for x in range(left, right + 1)
        if (y, x) != (top, left)
    }


def write_docx(path: Path, year: int, seed: int) -> None:
    import docx

    document = docx.Document()
    document.add_paragraph(title(year))
    document.add_paragraph(prose(year))
    made = dict(enumerate(tables(year, seed), start=1))
    for number, heading in enumerate(HEADINGS):
        document.add_paragraph(heading)
        if number not in made:
            document.add_paragraph("情况良好。")
            continue
        rows, merges = made[number]
        table = document.add_table(len(rows), len(rows[0]), style="Table Grid")
        gone = covered(merges)
        for y, row in enumerate(rows):
            for x, cell in enumerate(row):
                if (y, x) not in gone:
                    table.cell(y, x).text = cell
        for top, left, bottom, right in merges:
            table.cell(top, left).merge(table.cell(bottom, right))
    document.save(str(path))


def write_html(path: Path, year: int, seed: int) -> None:
    parts = [f"<h1>{title(year)}</h1><p>{prose(year)}</p>"]
    made = dict(enumerate(tables(year, seed), start=1))
    for number, heading in enumerate(HEADINGS):
        parts.append(f"<p>{heading}</p>")
        parts.append(_html_table(*made[number]) if number in made else "<p>情况良好。</p>")
    path.write_text(f"<html><meta charset=utf-8><body>{''.join(parts)}</body></html>", encoding="utf-8")


def _html_table(rows: Rows, merges: Merges) -> str:
    gone, spans = (
        covered(merges),
        {(top, left): (bottom - top + 1, right - left + 1) for top, left, bottom, right in merges},
    )
    lines = []
    for y, row in enumerate(rows):
        cells = []
        for x, cell in enumerate(row):
            if (y, x) not in gone:
                high, wide = spans.get((y, x), (1, 1))
                cells.append(f"<td rowspan={high} colspan={wide}>{cell}</td>")
        lines.append(f"<tr>{''.join(cells)}</tr>")
    return f"<table>{''.join(lines)}</table>"


def write_xlsx(path: Path, year: int, seed: int) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append([title(year)])
    sheet.append([prose(year)])
    made = dict(enumerate(tables(year, seed), start=1))
    for number, heading in enumerate(HEADINGS):
        if number not in made:
            continue
        rows, merges = made[number]
        sheet = book.create_sheet(heading.partition("、")[2][:30])
        for row in rows:
            sheet.append([float(cell) if _is_number(cell) else cell or None for cell in row])
        for top, left, bottom, right in merges:
            sheet.merge_cells(
                start_row=top + 1, start_column=left + 1, end_row=bottom + 1, end_column=right + 1
            )
    book.save(path)


def _is_number(cell: str) -> bool:
    return cell.replace(".", "").isdigit()


WRITERS = {".docx": write_docx, ".html": write_html, ".xlsx": write_xlsx}


def write_pdf(folder: Path, path: Path, year: int, seed: int) -> None:
    """Printed by LibreOffice from the Word file."""
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("no LibreOffice to print with")
    source = folder / f"{path.stem}.docx"
    write_docx(source, year, seed)
    profile = f"-env:UserInstallation=file://{folder}/profile"
    command = [
        office,
        profile,
        "--headless",
        "--convert-to",
        "pdf",
        "--outdir",
        str(path.parent),
        str(source),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=240)


def cells_of(seed: int) -> Iterator[tuple[str, str]]:
    """(the names of a cell in a question, its value) for every cell that holds something."""
    _, head, _, rules, *_ = table_2(seed)
    for column in (1, 2, 3):
        yield f"规章{head[column]}", "0"
        yield f"{rules[0]}{head[column]}", rules[column]
    for row in table_2(seed):
        if row[0] in ("行政许可", "行政处罚", "行政强制"):
            yield f"{row[0]}多少件", row[1]
        if row[0] == "行政事业性收费":
            yield f"{row[0]}金额", row[1]
    top, *rows = table_3(seed)
    for row in rows:
        name = "".join(re.sub("^[一二三四]、", "", part) for part in row[:3])
        for column in range(3, 10):
            yield f"{name}{top[column]}", row[column]
    for path, value in zip(layout.TABLE_4_COLUMNS, table_4(seed)[-1], strict=True):
        yield "".join(path), value


@pytest.mark.parametrize("suffix", [".docx", ".html", ".xlsx", ".pdf"])
def test_every_cell_of_two_years(tmp_path: Path, suffix: str) -> None:
    """Each cell of each year, asked by its names, is the first quotation, with names, report and table."""
    folder = tmp_path / "office"
    folder.mkdir()
    for year, seed in ((2023, 1000), (2024, 3000)):
        path = folder / f"{year}{suffix}"
        if suffix == ".pdf":
            write_pdf(tmp_path, path, year, seed)
        else:
            WRITERS[suffix](path, year, seed)
    build_base(folder, tmp_path / "knowledge.db")
    wrong = []
    asked = 0
    with Base.open(tmp_path / "knowledge.db") as base:
        for year, seed in ((2023, 1000), (2024, 3000)):
            for names, value in cells_of(seed):
                asked += 1
                found = base.ask(f"{year}年{names}是多少", today=TODAY)
                if not isinstance(found, Answer) or f"：{value}（" not in found.hits[0].passage.text:
                    wrong.append((year, names, value, found))
                    continue
                assert f"柳溪镇{year}年年报 表" in found.hits[0].passage.text
    assert asked == 2 * 200
    assert wrong == []


def cells_of_2019(seed: int) -> Iterator[tuple[str, str, str]]:
    """(names, value, unit) of the cells of Table 2 that the newer form has not."""
    head: list[str] = []
    for row in table_2_of_2019(seed):
        if row[0] == "信息内容":
            head = row
        elif not row[0].startswith("第"):
            for name, value in zip(head[1:], row[1:], strict=True):
                if value:
                    unit = "项" if "项目" in name or "增" in name else "万元" if "金额" in name else "件"
                    yield f"{row[0]}{name}", value, "项" if name == "采购项目数量" else unit


@pytest.mark.parametrize("suffix", [".docx", ".html", ".xlsx", ".pdf"])
def test_every_cell_of_the_older_form(tmp_path: Path, suffix: str) -> None:
    """The form of 2019 and 2020 has other columns, signs before figures, and government purchases."""
    folder = tmp_path / "office"
    folder.mkdir()
    for year, seed in ((2019, 1000), (2020, 3000)):
        path = folder / f"{year}{suffix}"
        if suffix == ".pdf":
            write_pdf(tmp_path, path, year, seed)
        else:
            WRITERS[suffix](path, year, seed)
    build_base(folder, tmp_path / "knowledge.db")
    wrong = []
    with Base.open(tmp_path / "knowledge.db") as base:
        for year, seed in ((2019, 1000), (2020, 3000)):
            cells = list(cells_of_2019(seed))
            assert len(cells) == 22
            for names, value, unit in cells:
                found = base.ask(f"{year}年{names}是多少", today=TODAY)
                quotation = found.hits[0].passage.text if isinstance(found, Answer) else ""
                if f"：{value}（{unit}）" not in quotation or f"柳溪镇{year}年年报 表二" not in quotation:
                    wrong.append((year, names, value, unit, quotation or found))
    assert wrong == []


# ---- year and agency


def office(folder: Path, *reports: tuple[str, int, int]) -> Base:
    """A base of small reports: (agency, year, number of permits)."""
    folder.mkdir(exist_ok=True)
    for agency, year, permits in reports:
        (folder / f"{agency}{year}.txt").write_text(
            f"{agency}{year}年政府信息公开工作年度报告\n一、总体情况\n全年公开信息{permits + 1}条。\n"
            f"二、主动公开政府信息情况\n第二十条第（五）项\n信息内容\n本年处理决定数量\n行政许可\n{permits}\n"
            "行政处罚\n\n三、其他\n无。\n",
            encoding="utf-8",
        )
    build_base(folder, folder.parent / "knowledge.db")
    return Base.open(folder.parent / "knowledge.db")


def quoted(found: object) -> list[str]:
    assert isinstance(found, Answer | Suggest)
    return [hit.passage.text for hit in found.hits]


ONE = (("柳溪镇", 2022, 41), ("柳溪镇", 2023, 550), ("柳溪镇", 2024, 700))


@pytest.mark.parametrize(
    ("asked", "figures"),
    [
        ("2023年行政许可多少件", ["550"]),
        ("二三年行政许可办了多少件", ["550"]),
        ("二0二三年行政许可多少件", ["550"]),
        ("23年行政许可多少件", ["550"]),
        ("去年行政许可多少件", ["700"]),
        ("前年行政许可多少件", ["550"]),
        ("行政许可多少件", ["700"]),
        ("近两年行政许可多少件", ["700", "550"]),
        ("2024年行政许可比2023年多还是少", ["700", "550"]),
        ("2024年行政许可比上年多还是少", ["700", "550"]),
    ],
)
def test_the_year_asked(tmp_path: Path, asked: str, figures: Sequence[str]) -> None:
    """Named, spelt, or told from the day of asking; without one the newest; a comparison shows both."""
    with office(tmp_path / "office", *ONE) as base:
        found = base.ask(asked, today=TODAY)
        assert isinstance(found, Answer)
        assert [text.partition("：")[2].partition("（")[0] for text in quoted(found)] == list(figures)


def test_a_number_that_is_said(tmp_path: Path) -> None:
    """Of which year it is: the cell that holds it."""
    with office(tmp_path / "office", *ONE) as base:
        [text] = quoted(base.ask("行政许可550件，这是哪年的数", today=TODAY))
        assert "550（件）— 柳溪镇2023年年报" in text


def test_what_a_story_asks_in_the_end(tmp_path: Path) -> None:
    """What is told before is no part of the question."""
    with office(tmp_path / "office", *ONE) as base:
        asked = (
            "我在街上摆摊卖水果，年年听人讲这个讲那个，也不晓得真假。你帮我看看23年全镇到底行政许可了多少件"
        )
        assert "550" in quoted(base.ask(asked, today=TODAY))[0]


def test_other_years_are_offered(tmp_path: Path) -> None:
    """Beside the newest."""
    with office(tmp_path / "office", *ONE) as base:
        found = base.ask("行政许可多少件", today=TODAY)
        assert isinstance(found, Answer)
        assert [hit.entry.year for hit in found.also] == [2023, 2022]


def test_a_year_that_is_not_there(tmp_path: Path) -> None:
    """Told so, with the years that there are; never answered with another."""
    with office(tmp_path / "office", *ONE) as base:
        found = base.ask("2019年行政许可多少件", today=TODAY)
        assert isinstance(found, Unknown)
        assert (found.asked_for, found.there_for) == ((2019,), (2024, 2023, 2022))
        assert not isinstance(base.ask("2019年公开信息多少条", today=TODAY), Answer)


def test_an_empty_cell_is_not_stated(tmp_path: Path) -> None:
    """It is never 0, and never the figure of a neighbour."""
    with office(tmp_path / "office", *ONE) as base:
        [text] = quoted(base.ask("2024年行政处罚多少件", today=TODAY))
        assert EMPTY in text


def test_several_agencies(tmp_path: Path) -> None:
    """Without a name a choice by name; with one its own; of another nothing is said as the answer."""
    reports = (("柳溪镇", 2024, 700), ("白石镇", 2024, 88), ("云山镇", 2023, 5))
    with office(tmp_path / "office", *reports) as base:
        choice = base.ask("行政许可多少件", today=TODAY)
        assert isinstance(choice, Suggest)
        assert {hit.entry.agency for hit in choice.hits} == {"柳溪镇", "白石镇", "云山镇"}
        assert "88" in quoted(base.ask("白石镇行政许可多少件", today=TODAY))[0]
        assert "700" in quoted(base.ask("行政许可多少件", today=TODAY, agency="柳溪镇"))[0]
        assert not isinstance(base.ask("黄集街道行政许可多少件", today=TODAY), Answer)


@pytest.mark.parametrize(
    "asked",
    [
        "2024年行政许可是砍了还是加了，动了多少项",
        "550件许可里头盖房子的占多少",
        "2024年交通行政处罚多少件",
        "2024年行政许可罚了多少万元",
        "2024年行政许可办给了哪些人",
        "2024年盖房子的行政许可占多少",
    ],
)
def test_more_than_the_table_says_is_no_question_for_a_cell(tmp_path: Path, asked: str) -> None:
    """The same words, but something that no cell states."""
    with office(tmp_path / "office", *ONE) as base:
        found = base.ask(asked, today=TODAY)
        assert not (isinstance(found, Answer) and dict(found.hits[0].features).get("figure"))


def test_tables_of_words(tmp_path: Path) -> None:
    """A row says all of one thing; a merged cell names every row it covers."""
    folder = tmp_path / "office"
    folder.mkdir()
    (folder / "分工.html").write_text(
        "<h1>柳溪镇领导分工公示</h1><table><tr><th>姓名</th><th>职务</th><th>分管</th></tr>"
        "<tr><td>王大山</td><td rowspan=2>副镇长</td><td>农业</td></tr>"
        "<tr><td>李小河</td><td>教育</td></tr></table>",
        encoding="utf-8",
    )
    entries = [entry.text for entry in read_folder(folder, {}).entries if entry.source == "分工.html"]
    assert any(text.startswith("姓名：李小河；职务：副镇长；分管：教育") for text in entries)


def test_a_whole_city_is_another_agency() -> None:
    """全市 is not asked of one district of it; 全区 is."""
    agencies = ("安丰市青石区人民政府",)
    assert asked_agency("安丰全市行政许可多少件", agencies).is_another
    assert asked_agency("全省行政许可多少件", agencies).is_another
    assert not asked_agency("全区行政许可多少件", agencies).is_another
    assert asked_agency("青石区全体干部多少人", agencies).agency == agencies[0]
