"""Days, terms, choices and proofs as a clerk types them, and the day that follows, said before it counts."""

from __future__ import annotations

from datetime import date

import pytest

from bot.desk.calendar import WorkingCalendar
from bot.dialogue.choosing import choice_in
from bot.dialogue.staff.days import day_in, days_in
from tests.dialogue.stage import CLERK, WANG, Stage
from tests.dialogue.test_steps import received, request_of

TODAY = date(2026, 11, 24)  # a Tuesday
CALENDAR = WorkingCalendar()


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("12月11日", date(2026, 12, 11)),
        ("12月11号", date(2026, 12, 11)),
        ("十二月十一日", date(2026, 12, 11)),
        ("12/11", date(2026, 12, 11)),
        ("12-11", date(2026, 12, 11)),
        ("2026.12.11", date(2026, 12, 11)),
        ("12月11日（周五）", date(2026, 12, 11)),
        ("12月11日以前", date(2026, 12, 11)),
        ("下周三", date(2026, 12, 2)),
        ("下星期三", date(2026, 12, 2)),
        ("下个礼拜三", date(2026, 12, 2)),
        ("本周五", date(2026, 11, 27)),
        ("周五", date(2026, 11, 27)),
        ("周一", date(2026, 11, 30)),
        ("下周日", date(2026, 12, 6)),
        ("后天", date(2026, 11, 26)),
        ("大后天", date(2026, 11, 27)),
        ("月底", date(2026, 11, 30)),
        ("下月底", date(2026, 12, 31)),
        ("2号", date(2026, 12, 2)),
        ("下个月5号", date(2026, 12, 5)),
        ("三天后", date(2026, 11, 27)),
        ("两周后", date(2026, 12, 8)),
        ("20个工作日后", date(2026, 12, 22)),
        ("2月30日", None),
        ("随便哪天", None),
        ("12", None),
        ("20个工作日", None),
    ],
)
def test_days_ahead(typed: str, meant: date | None) -> None:
    """Without a year or month the next such day."""
    assert day_in(typed, TODAY, ahead=True, calendar=CALENDAR) == meant


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("11/20", date(2026, 11, 20)),
        ("12月11日", date(2025, 12, 11)),
        ("周五", date(2026, 11, 20)),
        ("上周三", date(2026, 11, 18)),
        ("大前天", date(2026, 11, 21)),
        ("20号", date(2026, 11, 20)),
        ("30号", date(2026, 10, 30)),
        ("三天前", date(2026, 11, 21)),
        ("5个工作日前", date(2026, 11, 17)),
        ("三天以前", date(2026, 11, 21)),
        ("一周前", date(2026, 11, 17)),
        ("20261120", date(2026, 11, 20)),
        ("26年11月20日", date(2026, 11, 20)),
        ("今年11月20号", date(2026, 11, 20)),
        ("去年12月31日", date(2025, 12, 31)),
        ("11月20日上午", date(2026, 11, 20)),
        ("前天下午三点", date(2026, 11, 22)),
        ("昨晚", date(2026, 11, 23)),
        ("刚才", TODAY),
        ("就是今天", TODAY),
        ("11月20号收到的", date(2026, 11, 20)),
        ("20261320", None),
        ("2026年9月31日", None),
        ("上午", None),
        ("收到的", None),
    ],
)
def test_days_gone(typed: str, meant: date | None) -> None:
    """Without a year or month the last such day."""
    assert day_in(typed, TODAY, calendar=CALENDAR) == meant


@pytest.mark.parametrize(
    ("typed", "days"),
    [
        ("20个工作日", 20),
        ("二十个工作日", 20),
        ("15天", 15),
        ("12", 12),
        ("12月11日", None),
        ("11/20", None),
        ("2号", None),
    ],
)
def test_numbers_of_days(typed: str, days: int | None) -> None:
    """A date is no number of days: 12月11日 is not twelve."""
    assert days_in(typed) == days


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("纸质", "paper"),
        ("要纸质文件", "paper"),
        ("电子", "electronic"),
        ("电子文档", "electronic"),
        ("文件", ""),
        ("不", ""),
        ("", ""),
    ],
)
def test_choices(typed: str, value: str) -> None:
    """A part that only one label has is enough; one that several have is asked."""
    assert (
        choice_in(typed, [("electronic", "电子文件"), ("paper", "纸质文件"), ("visit", "到现场查阅")])
        == value
    )


def test_opposites_are_no_near_forms() -> None:
    """不同意 is not 同意公开, though each character of the one is in the other."""
    offered = [("agrees", "同意公开"), ("refuses", "不同意公开"), ("silent", "到期没有答复")]
    assert [choice_in(typed, offered) for typed in ("同意", "不同意", "没有答复", "公开")] == [
        "agrees",
        "refuses",
        "silent",
        "agrees",
    ]


def begin(stage: Stage, label: str) -> str:
    number = received(stage)
    stage.presses(CLERK, "更多")
    stage.presses(CLERK, label)
    return number


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("2027年1月4日", "8 个工作日，到 2027年1月4日（星期一）"),
        ("12/29", "5 个工作日，到 2026年12月29日（星期二）"),
        ("20个工作日", "20 个工作日，到 2027年1月20日（星期三）"),
        ("1", "5 个工作日，到 2026年12月29日（星期二）"),  # the button [1]
    ],
)
def test_an_extension_by_its_last_day(stage: Stage, typed: str, shown: str) -> None:
    """Counted from the due date, 22 December, and read back with day and weekday."""
    begin(stage, "延期")
    stage.says(CLERK, typed)
    stage.says(CLERK, "要向县里调取档案")
    assert shown in stage.last(CLERK).text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("12月11日", "不晚于 2026年12月22日（星期二）"),  # before the due date, and no twelve days
        ("12月27日", "不是工作日"),
        ("0个工作日", "1 到 20"),
        ("999个工作日", "1 到 20"),
        ("明年", "1 到 20"),
        ("18", "没有第 18 个选项"),
    ],
)
def test_terms_that_are_none(stage: Stage, typed: str, said: str) -> None:
    """Nothing absurd is taken, and what would do is said."""
    begin(stage, "延期")
    assert said in stage.says(CLERK, typed).outgoing[0].text
    assert stage.last(CLERK).event == "record_working_days"


def test_days_are_read_back_with_their_weekday(stage: Stage) -> None:
    """And with what follows: until when the third party answers."""
    begin(stage, "征求第三方意见")
    stage.says(CLERK, "桥头村村民委员会")
    stage.says(CLERK, "今天")
    text = stage.last(CLERK).text
    assert "2026年11月24日（星期二），就是今天" in text
    assert "最晚 2026年12月15日（星期二） 答复" in text


def test_what_service_is_in_time(stage: Stage) -> None:
    """Said before it is recorded."""
    number = received(stage)
    for label in ("答复", "可以公开，全部给"):
        stage.presses(CLERK, label)
    stage.says(CLERK, "村口桥2025年加固，总投资38万元。")
    stage.presses(CLERK, "保存答复")
    stage.presses(CLERK, "发出，别的日期或方式")
    for typed in ("当面", "今天", "王小明本人签收"):
        stage.says(CLERK, typed)
    assert "答复期限是 2026年12月22日（星期二），没有逾期" in stage.last(CLERK).text
    assert request_of(stage, number).outcome is None


def test_nothing_is_no_proof(stage: Stage) -> None:
    """无: what a proof would be is said, and the question asked again."""
    stage.restart(identity_on_chat=("telegram",))
    for typed in ("登记", "当面", "今天"):
        stage.says(CLERK, typed)
    for typed in ("无", "没有", "-"):
        said = stage.says(CLERK, typed).outgoing[0]
        assert said.event == "record_receipt_proof"
        assert "不是凭证" in said.text
        assert "谁在场" in said.text


@pytest.mark.parametrize(
    ("typed", "asked"), [("纸质", "form_way"), ("邮寄", "form_post_address"), ("到现场看", "read_back")]
)
def test_form_of_delivery_in_ones_own_words(stage: Stage, typed: str, asked: str) -> None:
    """纸质 for 纸质文件; 邮寄 is paper, by post."""
    stage.says(WANG, "申请")
    stage.presses(WANG, "个人")
    for text in ("王小明", "362227199001011234", "13800138000", "村口桥加固花了多少钱", typed):
        stage.says(WANG, text)
    assert stage.last(WANG).event == asked
