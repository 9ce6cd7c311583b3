"""年报 in chat: the Word file, what is left to do, Table 2 by answering, reminders until it was sent."""

from __future__ import annotations

import io
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from docx import Document

from bot.dialogue.staff.annual_due import due_on, year_wanted
from bot.dialogue.staff.disclosed_figures import file_of, read_figures
from bot.messages import Outgoing
from tests.dialogue.stage import CLERK, WANG, Stage

SHANGHAI = ZoneInfo("Asia/Shanghai")
ANSWERS = ("0 0 0", "2 0 5", "12件", "3件", "/", "1.25")


def cells(message: Outgoing, table: int) -> list[list[str]]:
    """A table of the attached report."""
    assert message.document is not None
    document = Document(io.BytesIO(message.document.content))
    return [[cell.text for cell in row.cells] for row in document.tables[table].rows]


def test_clerk_gets_the_report(stage: Stage) -> None:
    """The report of the year that is due: a Word file with the register's figures, and what is left."""
    number = stage.file_request(WANG)
    stage.reply_to(number)
    stage.now = datetime(2027, 1, 6, 9, 0, tzinfo=SHANGHAI)
    stage.says(CLERK, "年报")
    message = stage.last(CLERK)
    assert message.document is not None
    assert message.document.filename == "2026年政府信息公开工作年度报告.docx"
    assert "新收 1 件，上年结转 0 件，办结 1 件" in message.text
    assert "表二还有 10 个数没有填" in message.text
    assert "标黄的 7 处要您自己写" in message.text
    assert "2027年1月31日 以前报" in message.text
    assert "自查" not in message.text
    assert cells(message, 1)[3][3:] == ["1", "0", "0", "0", "0", "0", "1"]


def test_table_2_is_filled_in_by_answering(stage: Stage) -> None:
    """Six questions, read back, kept in the file of the year, printed; an unknown figure stays /."""
    stage.now = datetime(2027, 1, 6, 9, 0, tzinfo=SHANGHAI)
    stage.says(CLERK, "年报")
    stage.presses(CLERK, "填表二")
    for answer in ANSWERS:
        stage.says(CLERK, answer)
    assert "规范性文件（制发、废止、有效）：2 0 5" in stage.last(CLERK).text
    stage.presses(CLERK, "确认登记")
    message = stage.last(CLERK)
    assert "表二还有 1 个数没有填（报告里印成“/”）：行政强制 本年处理决定数量" in message.text
    assert cells(message, 0)[3][:4] == ["行政规范性文件", "2", "0", "5"]
    assert cells(message, 0)[-1][1] == "1.25"
    kept = read_figures(file_of(stage.settings.home, 2026), 2026)
    assert kept["行政许可", "本年处理决定数量"] == "12"
    assert len(kept) == 9


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("0 0", "这里要 3 个数，读到 2 个"),
        ("0 0 x", "“x”不是这里要的数"),
        ("1 0 1", "乡镇没有制定规章的权力"),
        ("-1 0 0", "“-1”不是这里要的数"),
        ("0 0 0 0", "读到 4 个"),
    ],
)
def test_answer_that_is_no_figure_is_asked_again(stage: Stage, typed: str, said: str) -> None:
    """What is wrong is said, and the same question comes again; nothing is written."""
    stage.says(CLERK, "/annual 2026")
    stage.presses(CLERK, "填表二")
    stage.says(CLERK, typed)
    assert said in stage.last(CLERK).text
    assert "规章：本年制发" in stage.last(CLERK).text
    assert read_figures(file_of(stage.settings.home, 2026), 2026) == {}


def test_full_width_answers_are_figures(stage: Stage) -> None:
    """Chinese keyboards write full width digits and commas."""
    stage.says(CLERK, "/annual 2026")
    stage.presses(CLERK, "填表二")
    stage.says(CLERK, "\uff10，\uff10，\uff10")
    assert "行政规范性文件：" in stage.last(CLERK).text


def test_broken_file_is_told(stage: Stage) -> None:
    """Somebody edited the file and slipped: the line is named, and the report is there all the same."""
    path: Path = file_of(stage.settings.home, 2026)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("年度: 2026\n行政许可 本年处理决定数量: 十二\n", encoding="utf-8")
    stage.says(CLERK, "/annual 2026")
    message = stage.last(CLERK)
    assert "2026.yaml 第 2 行" in message.text
    assert "这一年还没有过完" in message.text
    assert message.document is not None
    path.unlink()


def test_other_years(stage: Stage) -> None:
    """By button and by number; a year that has not come has no report."""
    stage.says(CLERK, "年报 2025")
    assert "2025 年的年度报告" in stage.last(CLERK).text
    stage.presses(CLERK, "看 2026 年的")
    assert "2026 年的年度报告" in stage.last(CLERK).text
    stage.says(CLERK, "/annual 2027")
    assert stage.last(CLERK).event == "annual_no_such_year"


def test_only_staff(stage: Stage) -> None:
    """For a resident the word is a question, and the buttons do not exist."""
    assert stage.says(WANG, "年报").outgoing[0].document is None
    for data in ("yr:2026", "yf:2026", "ys:2026"):
        assert stage.presses_data(WANG, data).outgoing[0].event == "button_expired"


def test_reminded_until_the_county_has_it(stage: Stage) -> None:
    """From 5 January in the morning, also when nothing else is open; no more once it was sent."""
    days: dict[str, str] = {}
    for day in (4, 5, 29):
        stage.now = datetime(2027, 1, day, 9, 0, tzinfo=SHANGHAI)
        days[str(day)] = "".join(message.text for message in stage.make_rounds())
    assert days["4"] == ""
    assert "2026 年的年度报告要在 2027年1月31日 以前报县里" in days["5"]
    assert "2026 年的年度报告要在" in days["29"]
    stage.now = datetime(2027, 2, 1, 9, 0, tzinfo=SHANGHAI)
    assert "已经过了" in "".join(message.text for message in stage.make_rounds())
    stage.presses(CLERK, "看年度报告")
    stage.presses(CLERK, "已经报县里了")
    stage.presses_data(CLERK, "ys:2026")  # twice does no harm
    stage.now = datetime(2027, 2, 2, 9, 0, tzinfo=SHANGHAI)
    assert stage.make_rounds() == []


def test_which_year_is_due() -> None:
    """Until the end of March last year's; the setting is a day of the year after it."""
    assert [year_wanted(datetime(2027, *day, tzinfo=SHANGHAI).date()) for day in ((3, 31), (4, 1))] == [
        2026,
        2027,
    ]
    assert due_on("02-10", 2026).isoformat() == "2027-02-10"
