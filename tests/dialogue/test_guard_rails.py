"""Guard rails as a clerk meets them: what is shown, proposed or demanded, and what is never refused."""

from __future__ import annotations

import pytest

from bot.desk.model import EventKind, Outcome, Status
from bot.mailbox.tables import outbox
from tests.dialogue.stage import CLERK, LEADER, WANG, Stage, label_of
from tests.dialogue.test_intake import enter
from tests.dialogue.test_steps import kinds, received, request_of, step


def test_petition_is_closed_with_its_channel(stage: Stage) -> None:
    """Art. 39: a petition filed as a request is registered and closed as E1, and is told where it belongs."""
    number = stage.file_request(WANG, "举报邻居乱倒垃圾，要求处理")
    stage.presses(CLERK, label_of("confirm_receipt"))
    for label in ("答复", "不该按信息公开办", "其实是信访、投诉、举报"):
        stage.presses(CLERK, label)
    assert "告知的渠道" in stage.last(CLERK).text
    stage.says(CLERK, "乡信访办，0795-3200001")
    stage.says(CLERK, "您反映的是环境卫生问题，请向信访办提出。")
    stage.presses(CLERK, "保存答复")
    with stage.ledger.transaction() as connection:
        written, _ = stage.register.session(connection, stage.now).letters.write(number, kind="reply")
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
    stage.presses(CLERK, label_of("confirm_receipt"))
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
    number = received(stage)
    stage.presses(CLERK, "更多")
    assert "通知缴费" not in stage.labels(CLERK)
    assert "“通知缴费”现在办不了：这是申请人本月的第 1 件，前 10 件不收费" in stage.last(CLERK).text
    stage.presses_data(CLERK, f"rc:{number}:fee")
    assert stage.last(CLERK).event == "refused_fee_not_due"
    assert "第 1 件，前 10 件不收费" in stage.says(CLERK, "通知缴费").outgoing[0].text


def test_a_sum_of_ones_own_is_no_fee(stage: Stage) -> None:
    """Only the computed sum goes; a notice is taken back, and the clock stands as if it had never been."""
    stage.file_ten(WANG)
    number = received(stage)
    due_on = request_of(stage, number).due_on
    stage.presses(CLERK, "更多")
    stage.presses(CLERK, "通知缴费")
    for typed in ("9999", "100", "一百元"):
        stage.says(CLERK, typed)
        assert "金额不能自己定" in stage.last(CLERK).text
    stage.says(CLERK, "20页")
    assert "不收费" in stage.last(CLERK).text
    for label in ("按件收 100 元（申请人本月第 11 件）", "今天", "确认登记"):
        stage.presses(CLERK, label)
    assert request_of(stage, number).due_on is None
    stage.wait(days=3)
    step(stage, CLERK, "撤回收费通知", "算错了件数")
    assert stage.last(WANG).event == "request_fee_withdrawn"
    assert request_of(stage, number).due_on == due_on


def test_no_fee_notice_without_the_way_to_pay(stage: Stage) -> None:
    """The clerk is told which setting is missing."""
    stage.restart(fee_payment="")
    stage.file_ten(WANG)
    number = received(stage)
    stage.presses(CLERK, "更多")
    assert "通知缴费" not in stage.labels(CLERK)
    assert "fee_payment" in stage.last(CLERK).text
    assert EventKind.FEE_NOTICED not in kinds(stage, number)


def test_correction_is_read_back_and_offered_once(stage: Stage) -> None:
    """Art. 30: nothing goes out before the read-back; then it is not offered again."""
    number = received(stage)
    stage.presses(CLERK, "要求补正")
    stage.says(CLERK, "请写明是哪一座桥。")
    stage.presses(CLERK, "10 个工作日")
    assert EventKind.CORRECTION_ASKED not in kinds(stage, number)
    stage.presses(CLERK, "上一步")
    stage.says(CLERK, "61个工作日")
    assert stage.last(CLERK).event == "record_correct_within"
    stage.presses(CLERK, "10 个工作日")
    stage.presses(CLERK, "确认登记")
    assert stage.last(WANG).document is not None
    stage.presses(WANG, "现在补充")
    stage.says(WANG, "村口的石桥，2025年加固。")
    stage.presses(WANG, "确认补充")
    assert "要求补正" not in stage.labels(CLERK)
    assert "“要求补正”现在办不了：补正只能要求一次" in stage.last(CLERK).text
    stage.presses_data(CLERK, f"sa:{number}")  # an old button: said before the form, not after it
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
    stage.presses(CLERK, "人事管理")
    stage.says(CLERK, "干部考察的内部安排")
    stage.says(CLERK, "您申请的信息属于内部事务信息，不予公开。")
    stage.presses(CLERK, "保存答复")
    shown = stage.last(LEADER)
    assert shown.event == "staff_review"
    for part in ("C5 属于三类内部事务信息", "人事管理", "干部考察的内部安排", "不予公开。"):
        assert part in shown.text
    assert "先签发，以后再送" not in stage.labels(LEADER)


@pytest.mark.parametrize("wrong", ["wrong assignee", "wrong outcome", "wrong review", "wrong signature"])
def test_each_step_is_undone_by_an_event(stage: Stage, wrong: str) -> None:
    """Before service everything can be taken back; the record only grows."""
    stage.restart(leaders=(LEADER,))
    number = received(stage)
    if wrong == "wrong assignee":
        step(stage, CLERK, "转给别人办", "工作人员 2")
        stage.says(CLERK, f"/queue {number}")
        step(stage, CLERK, "转给别人办", "工作人员 1")
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
    for label in (label_of("confirm_receipt"), "我来办", "查看身份"):
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


@pytest.mark.parametrize("status", ["undeliverable", "dead"])
def test_a_notice_that_never_arrived_begins_no_period(stage: Stage, status: str) -> None:
    """Art. 30: the period runs from receipt.  Not delivered in chat, it begins with the paper that was."""
    number = received(stage)
    stage.presses(CLERK, "要求补正")
    for answer in ("请写明是哪一座桥。", "10 个工作日", "确认登记"):
        stage.says(CLERK, answer)
    assert request_of(stage, number).status is Status.CORRECTION_ASKED
    values = {"channel": "telegram", "chat": WANG, "event": "correction_asked", "subject": number}
    with stage.ledger.transaction() as connection:
        connection.execute(outbox.insert().values(**values, created_at=stage.now, status=status))
    stage.wait(days=30)
    stage.says(CLERK, number)
    stage.presses(CLERK, "更多")
    assert "“逾期不补正，终止”现在办不了：还没有登记申请人哪天收到告知书" in stage.last(CLERK).text
    assert "逾期不补正，终止" not in stage.labels(CLERK)
    stage.presses(CLERK, "登记申请人收到补正告知书")
    for answer in ("昨天", "送达回证，王小明签收", "确认登记"):
        stage.says(CLERK, answer)
    stage.says(CLERK, number)
    stage.presses(CLERK, "更多")
    assert "期限还没有过" in stage.last(CLERK).text
    stage.wait(days=20)
    stage.says(CLERK, number)
    step(stage, CLERK, "逾期不补正，终止")
    assert request_of(stage, number).status is Status.LAPSED_UNCORRECTED
