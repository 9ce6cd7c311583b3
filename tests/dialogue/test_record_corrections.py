"""Correction of a record about oneself (art. 41): its own track, never in Table 3, in the same chain."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from bot.desk import tables
from bot.desk.annual_report.counts import DONE, NEW, ROWS, imbalances
from bot.desk.errors import ChainBroken
from bot.desk.kinds import RecordCorrectionStatus
from bot.desk.model import EventKind, Outcome, Status
from bot.desk.record_correction import RecordCorrection
from bot.messages import Language
from tests.dialogue.stage import CLERK, GROUP, ID_NUMBER, LEADER, LI, WANG, WORDS, Stage
from tests.dialogue.test_steps import kinds, received, request_of, step

WRONG = "名字写成了王小名，应该是王小明"


def file_record_correction(stage: Stage, who: str = WANG) -> str:
    """From what a resident says to the number, as offered."""
    stage.says(who, "我的低保档案名字写错了要更正")
    stage.presses(who, "要求更正")
    stage.presses(who, "个人")
    for text in ("王小明", ID_NUMBER, "13800138000", "低保档案", WRONG, "身份证、户口本"):
        stage.says(who, text)
    stage.presses(who, "确认提交")
    with stage.ledger.reading() as connection:
        return stage.register.session(connection).record_corrections.of(who)[0].number


def found(stage: Stage, number: str) -> RecordCorrection:
    with stage.ledger.reading() as connection:
        return stage.register.session(connection).record_corrections.get(number)


def end(stage: Stage, label: str, text: str) -> None:
    stage.presses(CLERK, label)
    stage.says(CLERK, text)
    stage.presses(CLERK, "确认登记")


def test_offered_filed_corrected(stage: Stage) -> None:
    """The whole way: offered on plain words, filed with identity and evidence, handled, told."""
    number = file_record_correction(stage)
    assert number == "G2026-0001"
    told = stage.last(WANG)
    assert told.event == "record_correction_filed"
    assert "我们自己定的目标" in told.text
    assert "2026年12月22日" in told.text
    assert told.document is not None
    assert stage.last(CLERK).event == "staff_new_record_correction"
    assert "王小名" not in stage.last(CLERK).text
    stage.presses(CLERK, "我来办")
    stage.presses(CLERK, "查看内容和身份")
    assert WRONG in stage.last(CLERK).text
    assert ID_NUMBER in stage.last(CLERK).text
    end(stage, "已更正", "姓名“王小名”改为“王小明”")
    assert stage.last(WANG).event == "record_corrected_told"
    letter = stage.last(WANG).document
    assert letter is not None
    assert letter.filename == "更正本人信息申请答复书_G2026-0001.docx"
    assert found(stage, number).status is RecordCorrectionStatus.CORRECTED
    assert kinds(stage, number) == [
        EventKind.RECORD_CORRECTION_ASKED,
        EventKind.RECORD_CORRECTION_TAKEN,
        EventKind.IDENTITY_VIEWED,
        EventKind.RECORD_CORRECTED,
    ]
    with stage.ledger.reading() as connection:
        assert stage.register.session(connection).requests.verify() == 4
        table = stage.register.session(connection).reporting.table_3(2026)
    assert table.figure(NEW, "总计") == 0


@pytest.mark.parametrize(
    ("label", "status", "event"),
    [
        ("不归我们管，已转送", RecordCorrectionStatus.TRANSFERRED, "record_transferred_told"),
        ("不归我们管，告诉他找谁", RecordCorrectionStatus.REFERRED, "record_referred_told"),
        ("不予更正", RecordCorrectionStatus.DECLINED, "record_declined_told"),
    ],
)
def test_other_ends(stage: Stage, label: str, status: RecordCorrectionStatus, event: str) -> None:
    """Who ends one that nobody has taken takes it; the letter says art. 41, and a refusal its remedies."""
    number = file_record_correction(stage)
    end(stage, label, "县民政局，0745-6824444")
    assert found(stage, number).status is status
    assert found(stage, number).assigned_to == CLERK
    assert stage.last(WANG).event == event
    with stage.ledger.transaction() as connection:
        written, _ = stage.register.session(connection, stage.now).record_keeping.write_letter(
            number, kind="record_correction_answer"
        )
    assert "第四十一条" in written.text
    assert "县民政局" in written.text
    assert ("行政复议" in written.text) == (status is RecordCorrectionStatus.DECLINED)
    end_again = f"rc:{number}:gcorrected"
    stage.presses_data(CLERK, end_again)
    stage.says(CLERK, "又改了一次")
    stage.presses(CLERK, "确认登记")
    assert stage.last(CLERK).event == "refused_wrong_step"


def test_shown_under_progress_and_withdrawn(stage: Stage) -> None:
    """进度 lists it; the page calls the goal the office's own; withdrawing needs two words."""
    number = file_record_correction(stage)
    stage.says(WANG, "进度")
    assert f"{number} 低保档案：正在核实" in stage.last(WANG).text
    stage.says(WANG, number)
    assert WRONG in stage.last(WANG).text
    assert "法律没有规定期限" in stage.last(WANG).text
    stage.presses(WANG, "撤回申请")
    stage.presses(WANG, "确定撤回")
    assert found(stage, number).status is RecordCorrectionStatus.WITHDRAWN
    assert stage.last(CLERK).event == "staff_record_withdrawn"
    stage.presses_data(WANG, f"mz:{number}")
    assert stage.last(WANG).event == "refused_wrong_step"


def test_somebody_elses_does_not_exist(stage: Stage) -> None:
    """Neither its page nor its withdrawal nor its staff buttons are anybody else's."""
    number = file_record_correction(stage)
    for data in (f"mr:{number}", f"mv:{number}"):
        stage.presses_data(LI, data)
        assert stage.last(LI).event == "no_such_number"
    stage.presses_data(LI, f"mz:{number}")
    assert stage.last(LI).event == "refused_no_such_request"
    for data in (f"nt:{number}", f"nd:{number}", f"rc:{number}:gcorrected"):
        stage.presses_data(LI, data)
        assert stage.last(LI).event == "button_expired"
    assert found(stage, number).status is RecordCorrectionStatus.OPEN


def test_details_only_for_who_handles_it(stage: Stage) -> None:
    """Not before taking it, and never in a group."""
    number = file_record_correction(stage)
    stage.presses(CLERK, "查看内容和身份")
    assert stage.last(CLERK).event == "refused_identity_only_for_who_handles_it"
    stage.restart(staff_chat=GROUP)
    stage.in_group(CLERK, f"/queue {number}", GROUP)
    assert WRONG not in stage.last(GROUP).text
    assert "13800138000" not in stage.last(GROUP).text


def test_nothing_of_it_lies_open(stage: Stage) -> None:
    """Texts and identity are sealed; the chain holds neither; 我的数据 gives them to their owner."""
    number = file_record_correction(stage)
    end(stage, "不予更正", "王小明的户口本上就是这样写的")
    with stage.ledger.reading() as connection:
        for table in (tables.record_corrections, tables.events):
            rows = str(connection.execute(sa.select(table)).all())
            for secret in ("王小名", "王小明", ID_NUMBER, "13800138000", "户口本"):
                assert secret not in rows
        data = stage.register.session(connection).record_keeping.data_of(WANG)
    assert (data[0]["number"], data[0]["wrong"], data[0]["name"]) == (number, WRONG, "王小明")


def test_request_is_converted_with_both_on_record(stage: Stage) -> None:
    """A request that turns out to be one ends as F3 (it was received), names the other, and the other it."""
    number = received(stage)
    reason = "11月24日电话核实，申请人是要改名字"
    step(stage, CLERK, "其实是更正本人信息，转为更正", "低保档案", WRONG, "还没有提供", reason)
    request = request_of(stage, number)
    assert (request.status, request.outcome) == (Status.CONVERTED, Outcome.CLOSED_OTHER)
    assert request.ended_on == date(2026, 11, 24)
    record = found(stage, "G2026-0001")
    assert (record.request_number, record.assigned_to, record.person) == (number, CLERK, WANG)
    told = stage.last(WANG)
    assert told.event == "request_converted"
    assert "G2026-0001" in told.text
    assert told.document is not None
    with stage.ledger.reading() as connection:
        assert stage.register.session(connection).requests.verify() == 6
        converted = stage.register.session(connection).requests.history(number)[-1]
        table = stage.register.session(connection).reporting.table_3(2026)
    assert (converted.kind, converted.text("record_correction")) == (EventKind.CONVERTED, "G2026-0001")
    assert (table.figure("F3", "总计"), table.figure(DONE, "总计")) == (1, 1)
    assert imbalances({row: table.row(row) for row in ROWS}) == ()
    stage.presses_data(CLERK, f"rc:{number}:convert")
    assert stage.last(CLERK).event == "refused_wrong_step"


def test_queue_shows_them_apart(stage: Stage) -> None:
    """待办 lists them between requests and inquiries and counts them apart."""
    number = file_record_correction(stage)
    stage.says(CLERK, "/queue")
    assert f"{number} 低保档案" in stage.last(CLERK).text
    assert "更正本人信息 1 件" in stage.last(CLERK).text
    assert "申请 0 件" in stage.last(CLERK).text


def test_half_filled_request_is_not_lost(stage: Stage) -> None:
    """The two forms are two: one is put aside for the other and waits afterwards."""
    stage.says(WANG, "申请")
    stage.presses(WANG, "个人")
    stage.says(WANG, "王小明")
    stage.says(WANG, "更正")
    assert stage.last(WANG).event == "form_kind"
    stage.presses(WANG, "个人")
    stage.says(WANG, "王小明")
    stage.says(WANG, "取消")
    assert "继续填" in stage.labels(WANG)
    stage.presses(WANG, "继续填")
    assert stage.last(WANG).event == "form_id_number"
    assert "第 3 步，共 6 步" in stage.last(WANG).text


def test_second_press_is_recognised(stage: Stage) -> None:
    """One press, one application; the read-back corrects each answer."""
    stage.says(WANG, "更正")
    stage.presses(WANG, "个人")
    for text in ("王小明", ID_NUMBER, "13800138000", "低保档案", WRONG, "身份证"):
        stage.says(WANG, text)
    stage.presses(WANG, "改材料")
    stage.says(WANG, "身份证、户口本")
    assert "证明材料：身份证、户口本" in stage.last(WANG).text
    stage.presses(WANG, "确认提交")
    stage.presses(WANG, "确认提交")
    assert stage.last(WANG).event == "already_submitted"
    with stage.ledger.reading() as connection:
        assert len(stage.register.session(connection).record_corrections.of(WANG)) == 1


def test_not_announced_hands_over_the_form(stage: Stage) -> None:
    """Where the bot is no announced channel nothing is filed: the form is handed over."""
    stage.restart(announced_channel=False)
    stage.says(WANG, "更正")
    stage.presses(WANG, "个人")
    for text in ("王小明", ID_NUMBER, "13800138000", "低保档案", WRONG, "身份证"):
        stage.says(WANG, text)
    stage.presses(WANG, "生成申请表")
    document = stage.last(WANG).document
    assert stage.last(WANG).event == "form_made_not_filed"
    assert document is not None
    assert document.filename == "更正本人信息申请表.docx"
    with stage.ledger.reading() as connection:
        assert stage.register.session(connection).record_corrections.waiting() == []


def test_tampering_is_named(stage: Stage) -> None:
    """A status changed by hand differs from the events."""
    number = file_record_correction(stage)
    with stage.ledger.transaction() as connection:
        connection.execute(tables.record_corrections.update().values(status="corrected"))
    with stage.ledger.reading() as connection, pytest.raises(ChainBroken, match=number):
        stage.register.session(connection).requests.verify()


def test_erased_when_its_term_is_over(stage: Stage) -> None:
    """Texts, identity and letters go; number and events stay, and the chain is whole."""
    stage.restart(leaders=(LEADER,))
    number = file_record_correction(stage)
    end(stage, "已更正", "姓名已改正")
    with stage.ledger.transaction() as connection:
        before = date(2026, 11, 25)
        assert stage.register.session(connection).record_keeping.expired(before, 10) == [number]
        stage.register.session(connection, stage.now).record_keeping.erase(number)
        stage.register.session(connection, stage.now).record_keeping.erase(number)
        assert stage.register.session(connection).record_keeping.expired(before, 10) == []
        assert stage.register.session(connection).record_keeping.letters_of(number) == []
        assert stage.register.session(connection).requests.verify() == 4
    assert kinds(stage, number)[-1] is EventKind.IDENTITY_ERASED


def test_entered_at_the_counter(stage: Stage) -> None:
    """Who comes to the counter gets the same: a number, a receipt to print, an answer on paper."""
    stage.says(CLERK, "登记更正")
    stage.presses(CLERK, "个人")
    for text in ("王小明", ID_NUMBER, "洲上乡桥头村5号", "低保档案", WRONG):
        stage.says(CLERK, text)
    stage.presses(CLERK, "还没有提供")
    stage.presses(CLERK, "确认登记")
    letters = [message.document.filename for message in stage.seen[CLERK] if message.document]
    assert letters == ["更正本人信息申请接收回执_G2026-0001.docx"]
    end(stage, "不予更正", "户口本上就是这样写的")
    assert stage.last(CLERK).event == "staff_letter"
    assert found(stage, "G2026-0001").status is RecordCorrectionStatus.DECLINED
    stage.says(LI, "登记更正")
    assert stage.last(LI).event != "record_applicant_kind"


def test_digest_names_them(stage: Stage) -> None:
    """No time limit of the law brings them up, so that the morning's digest does."""
    file_record_correction(stage)
    stage.wait(days=1)
    stage.make_rounds()
    assert stage.last(CLERK).event == "digest"
    assert "更正本人信息 1 件" in stage.last(CLERK).text


def test_what_stays_names_them(stage: Stage) -> None:
    """Who deletes their data is told that these stay, and why."""
    number = file_record_correction(stage)
    stage.says(WANG, "我的数据")
    stage.presses(WANG, WORDS.say("button_forget", Language.SIMPLIFIED))
    assert f"更正申请 {number}" in stage.last(WANG).text
