"""Steps between receipt and reply, taken by staff in chat: opinions, extension, reasons, fee, hand-over."""

from __future__ import annotations

from datetime import date

import pytest

from bot.desk.model import DisclosureRequest, EventKind, Outcome, Status
from bot.dialogue.staff.days import day_in
from bot.messages import Language
from tests.dialogue.stage import CLERK, LEADER, WANG, WORDS, Stage, label_of, officer, wide


def request_of(stage: Stage, number: str) -> DisclosureRequest:
    with stage.ledger.reading() as connection:
        return stage.register.session(connection).requests.get(number)


def kinds(stage: Stage, number: str) -> list[EventKind]:
    with stage.ledger.reading() as connection:
        return [event.kind for event in stage.register.session(connection).requests.history(number)]


def received(stage: Stage) -> str:
    """A request that the clerk has confirmed today."""
    number = stage.file_request(WANG)
    stage.presses(CLERK, label_of("confirm_receipt"))
    return number


def step(stage: Stage, who: str, label: str, *answers: str) -> None:
    """更多, the step, its answers (a label is pressed, anything else typed), the read-back confirmed."""
    stage.presses(who, "更多")
    stage.presses(who, label)
    for answer in answers:
        if answer in stage.labels(who):
            stage.presses(who, answer)
        else:
            stage.says(who, answer)
    stage.presses(who, "确认登记")


def test_refusal_of_a_third_party(stage: Stage) -> None:
    """C4 needs the consultation on record; its days do not count, and the applicant is told each step."""
    number = received(stage)
    stage.wait(days=1)
    step(stage, CLERK, "征求第三方意见", "桥头村村民委员会", "今天")
    assert request_of(stage, number).status is Status.THIRD_PARTY
    assert stage.last(WANG).event == "request_third_party"
    assert stage.last(WANG).document is not None
    letters = [message for message in stage.seen[CLERK] if message.event == "staff_letter"]
    assert len(letters) == 2
    stage.wait(days=7)
    step(stage, CLERK, "登记收到的意见", "不同意公开", "今天", "涉及村民个人隐私")
    found = request_of(stage, number)
    assert found.due_on == date(2026, 12, 29)  # 22 December and the five working days of the consultation
    assert "2026年12月29日" in stage.last(WANG).text
    for label in ("答复", "依法不能公开", "会损害第三方合法权益"):
        stage.presses(CLERK, label)
    stage.presses(CLERK, "个人隐私")
    stage.says(CLERK, "涉及村民个人隐私，第三方不同意公开")
    stage.says(CLERK, "您申请的信息涉及第三方隐私，不予公开。")
    stage.presses(CLERK, "保存答复")
    assert request_of(stage, number).reply is not None
    stage.presses(CLERK, "发出，今天当面送达签收")
    assert request_of(stage, number).outcome is Outcome.WITHHELD_THIRD_PARTY_RIGHTS


def test_no_c4_without_consultation(stage: Stage) -> None:
    """The same reply without the record is refused before a word is written, with the way there."""
    received(stage)
    for label in ("答复", "依法不能公开", "会损害第三方合法权益"):
        stage.presses(CLERK, label)
    assert stage.last(CLERK).event == "refused_outcome_needs_third_party_consulted"
    stage.presses(CLERK, "征求第三方意见")
    assert stage.last(CLERK).event == "record_party"


def test_silence_has_its_effect_only_after_its_days(stage: Stage) -> None:
    """到期没有答复 within the 15 working days is refused kindly, and the form waits."""
    number = received(stage)
    step(stage, CLERK, "征求其他机关意见", "县农业农村局", "今天")
    assert stage.last(WANG).event == "request_agency"
    step(stage, CLERK, "登记收到的意见", "到期没有答复", "今天", "没有说")
    assert stage.last(CLERK).event == "refused_opinion_still_due"
    assert "2026年12月15日" in stage.last(CLERK).text
    for _ in range(3):
        stage.presses(CLERK, "上一步")
    stage.presses(CLERK, "同意公开")
    stage.presses(CLERK, "今天")
    stage.presses(CLERK, "没有说")
    stage.presses(CLERK, "确认登记")
    assert request_of(stage, number).status is Status.ASSIGNED
    assert stage.last(WANG).event == "request_agency_answered"


def test_clerk_asks_leader_to_extend(stage: Stage) -> None:
    """A clerk cannot extend; the leader agrees by a button, and both the clerk and the applicant are told."""
    stage.restart(leaders=(LEADER,))
    number = received(stage)
    step(stage, CLERK, "延期", "12个工作日", "要向县里调取档案")
    assert stage.last(CLERK).event == "staff_leader_asked"
    assert not request_of(stage, number).extended
    asked = stage.last(LEADER)
    assert asked.event == "leader_extension"
    assert "要向县里调取档案" in asked.text
    stage.presses(LEADER, "同意延期")
    assert request_of(stage, number).due_on == date(2027, 1, 8)
    assert stage.last(CLERK).event == "staff_extension_agreed"
    assert stage.last(WANG).event == "request_extended"
    assert "要向县里调取档案" in stage.last(WANG).text
    with stage.ledger.reading() as connection:
        event = stage.register.session(connection).requests.history(number)[-1]
    assert (event.actor, event.text("reason")) == (LEADER, "要向县里调取档案")
    assert stage.presses(LEADER, "同意延期").outgoing[0].event == "refused_second_extension"


def test_words_of_a_button_are_no_text(stage: Stage) -> None:
    """确认登记, typed where the reason is asked, would be printed in the applicant's notice."""
    stage.restart(leaders=(LEADER,))
    number = received(stage)
    stage.presses(CLERK, "更多")
    stage.presses(CLERK, "延期")
    stage.says(CLERK, "12个工作日")
    stage.says(CLERK, "确认登记")
    assert WORDS.say("record_label_typed", Language.SIMPLIFIED) in stage.last(CLERK).text
    stage.says(CLERK, "要向县里调取档案")
    assert "要向县里调取档案" in stage.last(CLERK).text
    assert number in stage.last(CLERK).text


def test_leader_declines_to_extend(stage: Stage) -> None:
    """That is noted, the clerk is told, nothing moves."""
    stage.restart(leaders=(LEADER,))
    number = received(stage)
    due_on = request_of(stage, number).due_on
    step(stage, CLERK, "延期", "5 个工作日", "人手不够")
    forged = f"xo:{number}:5:{ordinal_of_last(stage, number)}"
    assert stage.presses_data(CLERK, forged).outgoing[0].event == "refused_leaders_only"
    stage.presses(LEADER, "不同意")
    assert stage.last(CLERK).event == "staff_extension_declined"
    assert request_of(stage, number).due_on == due_on
    assert kinds(stage, number)[-1] is EventKind.NOTED


def ordinal_of_last(stage: Stage, number: str) -> int:
    with stage.ledger.reading() as connection:
        return stage.register.session(connection).requests.history(number)[-1].ordinal


@pytest.mark.parametrize("typed", ["0个工作日", "21个工作日", "很多天"])
def test_extension_has_its_bounds(stage: Stage, typed: str) -> None:
    """Only 1 to 20 working days are taken."""
    received(stage)
    stage.presses(CLERK, "更多")
    stage.presses(CLERK, "延期")
    stage.says(CLERK, typed)
    assert stage.last(CLERK).event == "record_working_days"
    assert "1 到 20" in stage.last(CLERK).text


def test_no_extension_after_expiry(stage: Stage) -> None:
    """Too late is said with the day."""
    received(stage)
    stage.wait(days=40)
    stage.presses(CLERK, "更多")
    assert "延期" not in stage.labels(CLERK)
    assert "“延期”现在办不了：期限 2026年12月22日 已经过了" in stage.last(CLERK).text
    assert "不能再延期" in stage.says(CLERK, "延期").outgoing[0].text


def test_excessive_requests_without_good_reasons(stage: Stage) -> None:
    """Art. 35: very many requests, reasons asked, not good; only then E4 can be replied."""
    number = received(stage)
    for label in ("答复", "不该按信息公开办", "没有正当理由，大量反复申请"):
        stage.presses(CLERK, label)
    assert stage.last(CLERK).event == "refused_not_excessive"
    for place in range(9):
        stage.file_request(WANG, f"第{place}组2025年的水费收支明细")
    stage.says(CLERK, f"/queue {number}")
    for label in ("答复", "不该按信息公开办", "没有正当理由，大量反复申请"):
        stage.presses(CLERK, label)
    assert stage.last(CLERK).event == "refused_outcome_needs_reasons_asked"
    assert "要求说明理由（大量申请）" in stage.labels(CLERK)
    stage.says(CLERK, f"/queue {number}")
    step(stage, CLERK, "要求说明理由（大量申请）", "一个月内 60 件", "10 个工作日")
    assert stage.last(WANG).event == "request_reasons_asked"
    step(stage, CLERK, "登记申请人的理由", "没有理由", "不合理")
    for label in ("答复", "不该按信息公开办", "没有正当理由，大量反复申请"):
        stage.presses(CLERK, label)
    stage.says(CLERK, "一个月内 60 件")
    stage.says(CLERK, "您没有说明合理的理由，不予处理。")
    stage.presses(CLERK, "保存答复")
    found = request_of(stage, number)
    assert found.reply is not None
    assert found.reply.outcome is Outcome.NOT_PROCESSED_EXCESSIVE


def test_reasons_given_in_chat(stage: Stage) -> None:
    """The applicant writes them; the clerk sees them, and they are kept with the request."""
    number = received(stage)
    step(stage, CLERK, "要求说明理由（大量申请）", "一个月内 60 件", "10 个工作日")
    stage.presses(WANG, "看这件申请")
    stage.presses(WANG, "说明理由")
    stage.says(WANG, "我在写村志，每一项都要核对。")
    assert stage.last(WANG).event == "reasons_kept"
    assert "我在写村志" in stage.last(CLERK).text
    with stage.ledger.reading() as connection:
        kept = stage.register.session(connection).letters.of(number)[-1]
    assert (kept.kind, kept.content.decode()) == ("reasons", "我在写村志，每一项都要核对。")
    step(stage, CLERK, "登记申请人的理由", "在写村志，每一项都要核对", "合理")
    assert request_of(stage, number).status is Status.ASSIGNED
    assert stage.presses(WANG, "说明理由").outgoing[0].event == "no_reasons_wanted"
    assert stage.presses_data("telegram:43", f"mn:{number}").outgoing[0].event == "no_reasons_wanted"


def test_fee_and_payment(stage: Stage) -> None:
    """The notice stops the clock, payment starts it anew; both are told."""
    stage.file_ten(WANG)
    number = received(stage)
    step(stage, CLERK, "通知缴费", "按件收 100 元（申请人本月第 11 件）", "今天")
    assert stage.last(WANG).event == "request_fee_noticed"
    for told in ("100 元", "第 11 件", "109号", "到一楼窗口缴纳", "以前（含当日）"):
        assert told in stage.last(WANG).text
    assert request_of(stage, number).due_on is None
    stage.wait(days=2)
    step(stage, CLERK, "登记缴费", "今天", "收据 00123")
    assert stage.last(WANG).event == "request_fee_paid"
    assert request_of(stage, number).due_on == date(2026, 12, 24)


def test_notes_stay_inside(stage: Stage) -> None:
    """A note is on record and the applicant hears nothing."""
    number = received(stage)
    before = len(stage.seen[WANG])
    step(stage, CLERK, "内部备注", "档案在三楼")
    assert kinds(stage, number)[-1] is EventKind.NOTED
    assert len(stage.seen[WANG]) == before


def test_given_to_another(stage: Stage) -> None:
    """转给别人办: the other one gets the card."""
    stage.restart(staff=(CLERK, "telegram:3"))
    number = received(stage)
    step(stage, CLERK, "转给别人办", officer("telegram:3"))
    assert request_of(stage, number).assigned_to == "telegram:3"
    assert stage.last("telegram:3").event == "staff_assigned_to_you"


def test_hand_over_when_somebody_leaves(stage: Stage) -> None:
    """交接 gives all open requests of who is no member of staff any more to another."""
    stage.restart(staff=(CLERK, "telegram:3"))
    numbers = [received(stage), received(stage)]
    for number in numbers:
        stage.says(CLERK, f"/queue {number}")
        stage.presses(CLERK, "我来办")
    stage.restart(staff=("telegram:3",))
    stage.says("telegram:3", "交接")
    stage.presses("telegram:3", officer(CLERK))
    stage.presses("telegram:3", officer("telegram:3"))
    stage.presses("telegram:3", "确认登记")
    assert "2 件" in stage.last("telegram:3").text
    assert {request_of(stage, number).assigned_to for number in numbers} == {"telegram:3"}


def test_cancel_and_old_buttons(stage: Stage) -> None:
    """取消 leaves no trace; a button of a form that is gone says so."""
    number = received(stage)
    before = kinds(stage, number)
    stage.presses(CLERK, "更多")
    stage.presses(CLERK, "征求第三方意见")
    stage.says(CLERK, "某公司")
    old = stage.last(CLERK)
    stage.presses(CLERK, "取消")
    data = next(button.data for row in old.buttons for button in row if button.label == "今天")
    assert stage.presses_data(CLERK, data).outgoing[0].event == "form_gone"
    assert kinds(stage, number) == before


def test_residents_see_no_step(stage: Stage) -> None:
    """The new buttons do not exist for residents."""
    number = received(stage)
    garbage = stage.presses_data(WANG, "zz:1").outgoing
    for data in (f"sm:{number}", f"rc:{number}:note", f"xo:{number}:5:1", f"xn:{number}:1"):
        assert stage.presses_data(WANG, data).outgoing == garbage


def test_reconsideration_is_counted(stage: Stage) -> None:
    """Begun and decided, for Table 4."""
    number = stage.file_request(WANG)
    stage.reply_to(number)
    step(stage, CLERK, "登记复议或诉讼", "行政复议", "今天")
    with stage.ledger.reading() as connection:
        assert stage.register.session(connection).reporting.table_4(2026)["reconsideration"]["pending"] == (
            number,
        )
    stage.wait(days=20)
    stage.says(CLERK, number)
    step(stage, CLERK, "登记复议或诉讼的结果", "行政复议", "结果维持", "今天", "清政复决〔2026〕1号")
    with stage.ledger.reading() as connection:
        table = stage.register.session(connection).reporting.table_4(2026)
    assert table["reconsideration"]["upheld"] == (number,)
    assert table["reconsideration"]["pending"] == ()


def test_queue_is_filtered(stage: Stage) -> None:
    """逾期, 我的 and 未分办 pick from the queue; any other word searches."""
    number = received(stage)
    assert number in stage.says(CLERK, "/queue 未分办").outgoing[0].text
    assert stage.says(CLERK, "/queue 我的").outgoing[0].event == "search_nothing"
    stage.says(CLERK, f"/queue {number}")
    stage.presses(CLERK, "我来办")
    assert number in stage.says(CLERK, "/queue 我的").outgoing[0].text
    assert stage.says(CLERK, "/queue 逾期").outgoing[0].event == "search_nothing"
    assert stage.says(CLERK, "/queue 征求意见").outgoing[0].event == "search_nothing"
    step(stage, CLERK, "征求第三方意见", "桥头村村民委员会", "今天")
    assert number in stage.says(CLERK, "/queue 征求意见").outgoing[0].text
    stage.says(CLERK, f"/queue {number}")
    step(stage, CLERK, "登记收到的意见", "同意公开", "今天", "没有说")
    stage.wait(days=40)
    assert number in stage.says(CLERK, "/queue late").outgoing[0].text


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("今天", date(2026, 11, 24)),
        ("昨天", date(2026, 11, 23)),
        ("11月20日", date(2026, 11, 20)),
        (wide("11-20"), date(2026, 11, 20)),
        ("12.1", date(2025, 12, 1)),
        ("2026-11-02", date(2026, 11, 2)),
        ("2026年2月30日", None),
        ("很久以前", None),
    ],
)
def test_days_as_typed(typed: str, found: date | None) -> None:
    """A day without a year is the last one."""
    assert day_in(typed, date(2026, 11, 24)) == found


def test_days_ahead() -> None:
    """Where a later day is asked, a day without a year is the next one."""
    assert day_in("1月8日", date(2026, 11, 24), ahead=True) == date(2027, 1, 8)


def test_what_somebody_said_is_no_action(stage: Stage) -> None:
    """同意 is the agency's word, although it is a name of 审核同意 too; each step stands once in the menu."""
    number = received(stage)
    step(stage, CLERK, "征求第三方意见", "甲厂", "今天")
    step(stage, CLERK, "征求其他机关意见", "县财政局", "今天")
    stage.presses(CLERK, "更多")
    assert stage.labels(CLERK).count("登记收到的意见") == 1
    stage.presses(CLERK, "登记收到的意见")
    for answer in ("县财政局", "同意公开", "今天", "同意"):
        stage.says(CLERK, answer)
    assert stage.last(CLERK).event == "record_read_back"
    stage.says(CLERK, "帮助")
    stage.says(CLERK, "确认登记")  # of the form that waits: it is shown once more, and nothing is searched
    assert stage.last(CLERK).event == "record_read_back"
    stage.says(CLERK, "确认登记")
    with stage.ledger.reading() as connection:
        event = stage.register.session(connection).requests.history(number)[-1]
    assert (event.kind, event.text("text")) == (EventKind.AGENCY_ANSWERED, "同意")
    stage.says(CLERK, "答复")
    assert "正在等 甲厂 的意见" in stage.last(CLERK).text
