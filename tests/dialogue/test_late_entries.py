"""补登 in chat: what was entered late waits for a second person; an expired clock stays expired."""

from __future__ import annotations

from datetime import date

import pytest

from bot.desk.errors import DeskError
from bot.desk.model import EventKind, Status
from tests.dialogue.stage import CLERK, LEADER, WANG, Stage
from tests.dialogue.test_steps import kinds, received, request_of, step

DOCUMENT = "发文登记簿第3号"


def test_consultation_entered_late(stage: Stage) -> None:
    """No effect until the leader, who sees day, gap and document, confirms; then the days do not count."""
    stage.restart(leaders=(LEADER,))
    number = received(stage)
    stage.wait(days=30)
    before = request_of(stage, number)
    assert before.is_overdue(stage.now.date())
    stage.says(CLERK, f"/queue {number}")
    stage.presses(CLERK, "更多")
    stage.presses(CLERK, "征求第三方意见")
    stage.says(CLERK, "桥头村村民委员会")
    stage.says(CLERK, "2026-12-01")
    stage.says(CLERK, "他本人")
    assert "要写明书证" in stage.last(CLERK).text
    stage.says(CLERK, DOCUMENT)
    stage.presses(CLERK, "确认登记")
    assert stage.last(CLERK).event == "staff_late_entry"
    waiting = request_of(stage, number)
    assert (waiting.status, waiting.due_on) == (Status.ASSIGNED, before.due_on)
    assert "request_third_party" not in stage.events(WANG)
    asked = stage.last(LEADER)
    assert asked.event == "staff_late_entry_to_confirm"
    for told in ("桥头村村民委员会", "2026年12月1日", "晚了 23 天", DOCUMENT):
        assert told in asked.text
    stage.says(CLERK, "待办")
    assert "补登待确认 1 项" in stage.last(CLERK).text
    stage.presses(LEADER, "书证看过，确认补登")
    after = request_of(stage, number)
    assert (after.status, after.due_on) == (Status.THIRD_PARTY, date(2027, 1, 13))
    assert "request_third_party" in stage.events(WANG)
    assert stage.last(CLERK).event == "staff_late_entry_confirmed"


def test_nobody_confirms_ones_own(stage: Stage) -> None:
    """Alone in the office: the clerk is told who could confirm, has no button for it, and takes it back."""
    number = received(stage)
    stage.wait(days=2)
    stage.says(CLERK, f"/queue {number}")
    step(stage, CLERK, "征求其他机关意见", "县财政局", "昨天", DOCUMENT)
    assert stage.last(CLERK).event == "staff_late_entry_nobody"
    assert "书证看过，确认补登" not in stage.labels(CLERK)
    with stage.ledger.reading() as connection:
        proposal = stage.register.session(connection).late_entries.waiting(number)[0].ordinal
    stage.presses_data(CLERK, f"ly:{number}:{proposal}")
    assert stage.last(CLERK).event == "refused_late_entry_own"
    stage.presses(CLERK, "不确认，撤回补登")
    assert EventKind.AGENCY_CONSULTED not in kinds(stage, number)
    stage.presses_data(CLERK, f"ln:{number}:{proposal}")
    assert stage.last(CLERK).event == "refused_no_such_late_entry"
    step(stage, CLERK, "征求其他机关意见", "县财政局", "今天")
    assert request_of(stage, number).status is Status.OTHER_AGENCY


def test_same_party_twice(stage: Stage) -> None:
    """A second letter to the same party about the same content would stop the clock again."""
    received(stage)
    step(stage, CLERK, "征求第三方意见", "某某水厂", "今天")
    step(stage, CLERK, "登记收到的意见", "同意公开", "今天", "没有说")
    for label in ("更多", "征求第三方意见"):
        stage.presses(CLERK, label)
    stage.says(CLERK, "某某水廠（村）")  # refused where it is typed
    assert stage.last(CLERK).event == "record_party"
    assert "不能再征求一次" in stage.last(CLERK).text


@pytest.mark.parametrize("until", ["2027-01-20", "2030-01-01"])
def test_deferral_after_expiry(stage: Stage, until: str) -> None:
    """Art. 35: the later date is fixed before expiry, and not years later."""
    number = received(stage)
    step(stage, CLERK, "要求说明理由（大量申请）", "一年80件", "10 个工作日")
    step(stage, CLERK, "登记申请人的理由", "写论文", "合理")
    due_on = request_of(stage, number).due_on
    for label in ("更多", "确定延迟答复的日期"):
        stage.presses(CLERK, label)
    stage.says(CLERK, "2030-01-01")  # refused where it is typed
    assert stage.last(CLERK).event == "record_until"
    assert "最多延迟 20 个工作日" in stage.last(CLERK).text
    stage.presses(CLERK, "取消")
    stage.wait(days=40)
    stage.says(CLERK, f"/queue {number}")
    stage.presses(CLERK, "确定延迟答复的日期")  # the button of before
    assert stage.last(CLERK).event == "refused_deferral_after_expiry"
    day = date.fromisoformat(until)
    with stage.ledger.transaction() as connection, pytest.raises(DeskError, match="deferral_after_expiry"):
        stage.register.session(connection, stage.now, CLERK).correspondence.defer(
            number, until=day, reason="查找的量很大"
        )
    assert request_of(stage, number).due_on == due_on


def test_fee_after_expiry(stage: Stage) -> None:
    """A fee noticed after expiry would void the clock; it is refused, whatever day is named."""
    stage.file_ten(WANG)
    number = received(stage)
    stage.wait(days=40)
    stage.says(CLERK, f"/queue {number}")
    stage.presses(CLERK, "更多")
    stage.presses(CLERK, "通知缴费")  # one that was noticed in time could still be entered
    for typed in ("按件收 100 元（申请人本月第 11 件）", "今天"):
        stage.presses(CLERK, typed)
    assert stage.last(CLERK).event == "record_notice_on"
    assert "不能再通知收费" in stage.last(CLERK).text
    assert request_of(stage, number).is_overdue(stage.now.date())


def test_service_entered_after_expiry(stage: Stage) -> None:
    """Served in time by the clerk's word alone is late; by a document and a second person it is in time."""
    stage.restart(leaders=(LEADER,), two_person_review=False)
    number = received(stage)
    for label in ("答复", "可以公开，全部给"):
        stage.presses(CLERK, label)
    stage.says(CLERK, "村口桥2025年加固，总投资38万元。")
    stage.presses(CLERK, "保存答复")
    stage.wait(days=40)
    stage.says(CLERK, f"/queue {number}")
    for label in ("发出，别的日期或方式", "当面送达签收"):
        stage.presses(CLERK, label)
    stage.says(CLERK, "2026-12-10")
    stage.says(CLERK, "他本人")
    stage.presses(CLERK, "确认登记")
    assert stage.last(CLERK).event == "refused_proof_is_no_document"
    stage.presses(CLERK, "上一步")
    stage.says(CLERK, "送达回证，王小明12月10日签名")
    stage.presses(CLERK, "确认登记")
    assert stage.last(CLERK).event == "staff_late_entry"
    assert request_of(stage, number).is_overdue(stage.now.date())
    stage.presses(LEADER, "书证看过，确认补登")
    served = request_of(stage, number)
    assert served.reply is not None
    assert (served.status, served.reply.served_on) == (Status.SERVED, date(2026, 12, 10))
    assert stage.seen[WANG][-1].event == "request_replied"


def test_notice_for_purpose_is_asked_again(stage: Stage) -> None:
    """Art. 27: at once, with the reason; what money was for may be asked."""
    number = received(stage)
    stage.presses(CLERK, "要求补正")
    for typed in ("请说明申请用途", "您要这个做什么用？", "与您有什么利害关系"):
        stage.says(CLERK, typed)
        assert "第二十七条" in stage.last(CLERK).text
    stage.says(CLERK, "请写明要哪一年的资金用途明细")
    stage.says(CLERK, "3个工作日")
    assert stage.last(CLERK).event == "record_correct_within"
    stage.presses(CLERK, "10 个工作日")
    stage.presses(CLERK, "确认登记")
    stage.presses(WANG, "现在补充")
    stage.says(WANG, "2025年的")
    stage.presses(WANG, "确认补充")
    assert request_of(stage, number).content == "村口桥加固花了多少钱（补正：2025年的）"
