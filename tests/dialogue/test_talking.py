"""Staff talk with a resident through the bot: their words go to each other, and the bot keeps quiet."""

from __future__ import annotations

from datetime import timedelta

from bot.dialogue import talking
from bot.messages import Address
from tests.dialogue.stage import CLERK, GROUP, LI, WANG, Stage

MISSING = "采砂许可证发给哪个老板了"
ASKED = "您说的是哪一条河？"
SURE = "预算公开了没有"  # the bot would answer this


def begin(stage: Stage) -> str:
    """An inquiry, and the clerk asks back; its number."""
    stage.says(WANG, MISSING)
    stage.presses(WANG, "咨询工作人员")
    stage.presses(WANG, "发送")
    stage.presses(CLERK, "答复咨询")
    stage.says(CLERK, ASKED, message_id="77")
    stage.presses(CLERK, "先发这句，等他回话")
    return stage.last(WANG).subject


def test_words_go_to_each_other(stage: Stage) -> None:
    """Both are told; what the resident writes is shown to staff and marked; the bot says nothing to it."""
    number = begin(stage)
    assert ASKED in stage.last(WANG).text
    assert stage.last(CLERK).event == "talk_begun"
    mark = stage.last(WANG).confirms
    assert mark is not None
    assert (mark.address, mark.message_id) == (Address.parse(CLERK), "77")
    turn = stage.says(WANG, SURE, message_id="88")
    assert [(str(each.address), each.event, each.marks) for each in turn.outgoing] == [
        (WANG, "talk_passed_on", "88"),
        (CLERK, "talk_from_resident", ""),
    ]
    assert SURE in stage.last(CLERK).text
    assert stage.last(CLERK).subject == number
    stage.presses(CLERK, "答复咨询")
    stage.says(CLERK, "没有发过。")
    stage.presses(CLERK, "发送答复")
    assert stage.last(WANG).event == "inquiry_answered"
    assert stage.says(WANG, SURE).outgoing[0].event == "answer_found"


def test_number_is_an_answer_to_staff(stage: Stage) -> None:
    """A bare number, asked for by the clerk, presses no button of an old list."""
    begin(stage)
    assert stage.says(WANG, "2").outgoing[-1].event == "talk_from_resident"


def test_without_marks_it_is_said(stage: Stage) -> None:
    """The terminal has no message to put a mark on."""
    begin(stage)
    assert stage.says(WANG, "龙潭河").outgoing[0].text == "已转给工作人员。"


def test_each_side_may_end_it_and_both_are_told(stage: Stage) -> None:
    """The resident goes back to the bot; staff end it; a second press finds it over."""
    begin(stage)
    turn = stage.presses(WANG, "不说了，问机器人")
    assert [each.event for each in turn.outgoing] == ["talk_ended", "talk_ended_by_resident"]
    assert stage.says(WANG, SURE).outgoing[0].event == "answer_found"
    assert [each.event for each in stage.presses(CLERK, "结束对话").outgoing] == ["talk_is_over"]
    stage.presses(CLERK, "答复咨询")
    stage.says(CLERK, ASKED)
    stage.presses(CLERK, "先发这句，等他回话")
    turn = stage.presses(CLERK, "结束对话")
    assert [each.event for each in turn.outgoing] == ["talk_is_over", "talk_over_for_resident"]
    assert stage.says(WANG, SURE).outgoing[0].event == "answer_found"
    assert [each.event for each in stage.presses(WANG, "不说了，问机器人").outgoing] == ["talk_ended"]


def test_silence_ends_it(stage: Stage) -> None:
    """After half an hour the bot answers again and both were told, once; a word in between prolongs it."""
    begin(stage)
    stage.wait(minutes=20)
    stage.says(WANG, "龙潭河")
    stage.wait(minutes=20)
    assert "talk_timed_out" not in [message.event for message in stage.make_rounds()]
    stage.wait(minutes=11)
    ended = [each for each in stage.make_rounds() if each.event.startswith("talk_")]
    assert [(str(each.address), each.event) for each in ended] == [
        (WANG, "talk_timed_out"),
        (CLERK, "talk_timed_out_for_staff"),
    ]
    assert not [each for each in stage.make_rounds() if each.event.startswith("talk_")]
    assert stage.says(WANG, SURE).outgoing[0].event == "answer_found"


def test_silence_counts_before_the_round(stage: Stage) -> None:
    """Should no round have come by yet, what is written late is answered all the same."""
    begin(stage)
    stage.now += talking.SILENCE + timedelta(seconds=1)
    assert stage.says(WANG, SURE).outgoing[0].event == "answer_found"


def test_what_works_meanwhile(stage: Stage) -> None:
    """Commands, a form, an emergency; somebody else is not part of it, nor is what is written in a group."""
    begin(stage)
    assert stage.says(WANG, "进度").outgoing[0].event == "my_list"
    emergency = stage.says(WANG, "着火了")
    assert [each.event for each in emergency.outgoing] == ["emergency", "talk_from_resident"]
    stage.says(WANG, "申请")
    stage.presses(WANG, "个人")
    assert stage.says(WANG, "王小明").outgoing[0].event == "form_id_number"
    stage.says(WANG, "取消")
    assert stage.says(LI, SURE).outgoing[0].event == "answer_found"
    assert stage.in_group(WANG, SURE).outgoing[0].event == "answer_found"


def test_talk_of_an_inquiry_that_is_closed(stage: Stage) -> None:
    """Answered by another clerk meanwhile: it is over; an old button says so."""
    number = begin(stage)
    with stage.ledger.transaction() as connection:
        stage.register.session(connection, stage.now, CLERK).inquiries.answer(number, answer="没有发过。")
    assert stage.says(WANG, SURE).outgoing[0].event == "answer_found"
    assert stage.presses_data(CLERK, f"iw:{number}").outgoing[0].event == "form_gone"


def test_residents_cannot_take_part_in_others_talks(stage: Stage) -> None:
    """Buttons of a talk pressed by others: staff's are unknown to them, the resident's ends only his own."""
    number = begin(stage)
    assert stage.presses_data(LI, f"io:{number}").outgoing == stage.presses_data(LI, "zz").outgoing
    assert [each.event for each in stage.presses_data(LI, f"te:{number}").outgoing] == ["talk_ended"]
    assert stage.says(WANG, "龙潭河").outgoing[-1].event == "talk_from_resident"


def test_numbers_of_people_are_masked_in_the_group(stage: Stage) -> None:
    """What is passed on into a group shows no identity number."""
    stage.restart(staff_chat=GROUP)
    stage.says(WANG, MISSING)
    stage.presses(WANG, "咨询工作人员")
    stage.presses(WANG, "发送")
    for text in ("/queue", "1", "答复咨询", ASKED, "先发这句，等他回话"):
        stage.in_group(CLERK, text)
    stage.says(WANG, "我的身份证是362227199001011234")
    assert stage.last(GROUP).event == "talk_from_resident"
    assert "362227199001011234" not in stage.last(GROUP).text
