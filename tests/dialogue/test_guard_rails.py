"""Guard rails as a clerk meets them: what is shown, proposed or demanded, and what is never refused."""

from __future__ import annotations

import pytest

from bot.desk.model import EventKind, Outcome, Status
from tests.dialogue.stage import CLERK, LEADER, WANG, Stage
from tests.dialogue.test_intake import enter
from tests.dialogue.test_steps import kinds, received, request_of, step


def test_petition_is_closed_with_its_channel(stage: Stage) -> None:
    """Art. 39: a petition filed as a request is registered and closed as E1, and is told where it belongs."""
    number = stage.file_request(WANG, "举报邻居乱倒垃圾，要求处理")
    stage.presses(CLERK, "确认收到（开始计期）")
    for label in ("答复", "不该按信息公开办", "其实是信访、投诉、举报"):
        stage.presses(CLERK, label)
    assert "告知的渠道" in stage.last(CLERK).text
    stage.says(CLERK, "乡信访办，0795-3200001")
    stage.says(CLERK, "您反映的是环境卫生问题，请向信访办提出。")
    stage.presses(CLERK, "保存答复")
    with stage.ledger.transaction() as connection:
        written, _ = stage.register.write_letter(connection, stage.now, number, kind="reply")
    assert "第三十九条第一款" in written.text
    assert "乡信访办，0795-3200001" in written.text
    stage.presses(CLERK, "发出，今天当面送达签收")
    assert request_of(stage, number).outcome is Outcome.NOT_PROCESSED_PETITION


def test_repeat_is_shown_and_never_refused(stage: Stage) -> None:
    """Art. 36(6): the same words again are filed like any other; the card names the earlier number."""
    first = stage.file_request(WANG, "村口桥加固花了多少钱")
    second = stage.file_request(WANG, "村口桥，加固花了多少钱？")
    assert first != second
    assert f"以前就同样内容申请过：{first}" in stage.last(CLERK).text
    assert request_of(stage, second).status is Status.SUBMITTED


def test_many_requests_are_counted_never_blocked(stage: Stage) -> None:
    """Art. 35: how many there were in a year is shown under 更多; a twelfth is filed like the first."""
    for place in range(12):
        number = stage.file_request(WANG, f"第{place}组2025年的水费收支明细")
    stage.says(CLERK, f"/queue {number}")
    stage.presses(CLERK, "更多")
    assert "一年内第 12 件申请" in stage.last(CLERK).text
    assert request_of(stage, number).status is Status.SUBMITTED


def test_fee_is_proposed_never_charged(stage: Stage) -> None:
    """Art. 42: the eleventh of a month is proposed at 100 yuan; by volume the pages are counted out."""
    for place in range(11):
        number = stage.file_request(WANG, f"第{place}组2025年的水费收支明细")
    stage.presses(CLERK, "确认收到（开始计期）")
    stage.presses(CLERK, "更多")
    stage.presses(CLERK, "通知缴费")
    assert "按件收 100 元（申请人本月第 11 件）" in stage.labels(CLERK)
    assert EventKind.FEE_NOTICED not in kinds(stage, number)
    stage.says(CLERK, "80页")
    stage.presses(CLERK, "今天")
    assert "金额（元）：500" in stage.last(CLERK).text  # 50 pages beyond the free 30, 10 yuan each
    stage.presses(CLERK, "确认登记")
    assert "500 元" in stage.last(WANG).text


def test_no_fee_is_proposed_where_none_is_due(stage: Stage) -> None:
    """The first requests of a month and the first thirty pages are free."""
    received(stage)
    stage.presses(CLERK, "更多")
    stage.presses(CLERK, "通知缴费")
    assert not [label for label in stage.labels(CLERK) if "按件" in label]
    stage.says(CLERK, "30页")
    assert stage.last(CLERK).event == "record_amount"


def test_correction_is_read_back_and_offered_once(stage: Stage) -> None:
    """Art. 30: nothing goes out before the read-back; then it is not offered again."""
    number = received(stage)
    stage.presses(CLERK, "要求补正")
    stage.says(CLERK, "请写明是哪一座桥。")
    stage.presses(CLERK, "10 个工作日")
    assert EventKind.CORRECTION_ASKED not in kinds(stage, number)
    stage.presses(CLERK, "上一步")
    stage.says(CLERK, "61")
    assert stage.last(CLERK).event == "record_correct_within"
    stage.presses(CLERK, "10 个工作日")
    stage.presses(CLERK, "确认登记")
    assert stage.last(WANG).document is not None
    stage.presses(WANG, "现在补充")
    stage.says(WANG, "村口的石桥，2025年加固。")
    assert "要求补正" not in stage.labels(CLERK)
    stage.presses_data(CLERK, f"sa:{number}")  # an old button
    stage.says(CLERK, "还有哪一年？")
    stage.presses(CLERK, "15 个工作日")
    stage.presses(CLERK, "确认登记")
    assert stage.last(CLERK).event == "refused_second_correction"


def test_correction_is_not_offered_after_seven_days(stage: Stage) -> None:
    """The seventh working day is the last."""
    number = received(stage)
    stage.wait(days=9)
    stage.says(CLERK, f"/queue {number}")
    assert "要求补正" in stage.labels(CLERK)
    stage.wait(days=1)
    stage.says(CLERK, f"/queue {number}")
    assert "要求补正" not in stage.labels(CLERK)


def test_reviewer_sees_what_is_decided(stage: Stage) -> None:
    """Art. 17: the second person reads outcome, grounds and text; the default where two are set."""
    stage.restart(leaders=(LEADER,))
    received(stage)
    for label in ("答复", "依法不能公开", "内部事务：人事、后勤、内部流程"):
        stage.presses(CLERK, label)
    stage.says(CLERK, "人事管理信息")
    stage.says(CLERK, "您申请的信息属于内部事务信息，不予公开。")
    stage.presses(CLERK, "保存答复")
    shown = stage.last(LEADER)
    assert shown.event == "staff_review"
    for part in ("C5 属于三类内部事务信息", "人事管理信息", "不予公开。"):
        assert part in shown.text
    assert "先签发，以后再送" not in stage.labels(LEADER)


@pytest.mark.parametrize("wrong", ["wrong assignee", "wrong outcome", "wrong review", "wrong signature"])
def test_each_step_is_undone_by_an_event(stage: Stage, wrong: str) -> None:
    """Before service everything can be taken back; the record only grows."""
    stage.restart(leaders=(LEADER,))
    number = received(stage)
    if wrong == "wrong assignee":
        step(stage, CLERK, "转给别人办", LEADER)
        stage.says(CLERK, f"/queue {number}")
        step(stage, CLERK, "转给别人办", CLERK)
        assert request_of(stage, number).assigned_to == CLERK
        assert kinds(stage, number).count(EventKind.ASSIGNED) == 2
        return
    for label in ("答复", "可以公开，全部给"):
        stage.presses(CLERK, label)
    stage.says(CLERK, "村口桥2025年加固，总投资38万元。")
    stage.presses(CLERK, "保存答复")
    if wrong in ("wrong review", "wrong signature"):
        stage.presses(LEADER, "审核同意")
    if wrong == "wrong signature":
        stage.presses(LEADER, "先签发，以后再送")
    before = kinds(stage, number)
    stage.presses(LEADER, "重新来")
    assert kinds(stage, number) == [*before, EventKind.DRAFT_RETURNED]
    found = request_of(stage, number)
    assert (found.status, found.reply) == (Status.ASSIGNED, None)
    assert stage.last(LEADER).event == "reply_situation"


def test_registration_form_is_there_to_print(stage: Stage) -> None:
    """登记表: with an offline intake at once, with an online request beside its identity."""
    enter(stage, "当面提交", "11月20日", "张三在场")
    printed = [message.document.filename for message in stage.seen[CLERK] if message.document]
    assert [name.partition("_")[0] for name in printed] == [
        "政府信息公开申请登记表",
        "政府信息公开申请接收回执",
    ]
    stage.file_request(WANG)
    for label in ("确认收到（开始计期）", "我来办", "查看身份"):
        stage.presses(CLERK, label)
    document = stage.last(CLERK).document
    assert document is not None
    assert document.filename.startswith("政府信息公开申请登记表")


def test_letters_are_there_once_more_for_who_handles_it(stage: Stage) -> None:
    """这件的文书 sends the newest of each kind to its handler or a leader; the look is on record."""
    number = received(stage)
    stage.presses(CLERK, "更多")
    stage.presses(CLERK, "这件的文书")
    assert stage.last(CLERK).event == "refused_identity_only_for_who_handles_it"
    stage.says(CLERK, f"/queue {number}")
    stage.presses(CLERK, "我来办")
    stage.presses(CLERK, "更多")
    stage.presses(CLERK, "这件的文书")
    document = stage.last(CLERK).document
    assert document is not None
    assert document.filename.startswith("政府信息公开申请接收回执")
    assert kinds(stage, number)[-1] is EventKind.IDENTITY_VIEWED
    stage.presses_data(WANG, f"nl:{number}")
    assert stage.last(WANG).event == "button_expired"
