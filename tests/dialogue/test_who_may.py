"""Who may do what: staff and admin functions, other people's requests, groups."""

from __future__ import annotations

from bot.desk.model import Status
from bot.dialogue.payload import Act
from tests.dialogue.stage import ADMIN, CLERK, GROUP, ID_NUMBER, LI, WANG, Stage, label_of

STAFF_ACTS = ("sc", "sr", "sk", "si", "sh", "sp", "sa", "re", "rd", "rv", "rr", "su", "pb", "ps")
MY_ACTS = ("mr", "mt", "ma", "mx", "mp", "mw", "ms", "mc", "mi")


def test_staff_button_does_not_exist_for_residents(stage: Stage) -> None:
    """A staff button pressed by a resident is answered like one that never existed."""
    number = stage.file_request(WANG)
    garbage = stage.presses_data(LI, "zz:1").outgoing
    for act in STAFF_ACTS:
        assert stage.presses_data(LI, f"{act}:{number}").outgoing == garbage, act
    with stage.ledger.reading() as connection:
        assert stage.register.session(connection).requests.get(number).status is Status.SUBMITTED


def test_other_staff_and_admin_buttons(stage: Stage) -> None:
    """The same for the queue, the admin's buttons and replies."""
    for data in ("q:0", "ar", "ak", "as", "au", "ro:2026-0001:A", "sv:2026-0001:post"):
        assert stage.presses_data(LI, data).outgoing == stage.presses_data(LI, "zz").outgoing


def test_hidden_command_looks_unknown(stage: Stage) -> None:
    """A command that is not for this person is answered like one that does not exist."""
    for command in ("/queue", "/reload", "/check", "/stats", "/unanswered"):
        assert stage.says(LI, command).outgoing == stage.says(LI, "/nosuchthing").outgoing


def test_hidden_words_are_questions(stage: Stage) -> None:
    """待办 typed by a resident is a question like any other; for staff it is the queue."""
    assert stage.says(LI, "待办").outgoing[0].event != "queue_empty"
    assert stage.says(CLERK, "待办").outgoing[0].event == "queue_empty"


def test_admin_is_no_staff(stage: Stage) -> None:
    """Each role has its own functions; a colleague is told whose they are, a resident nothing."""
    assert stage.says(ADMIN, "/queue").outgoing[0].event == "command_of_others"
    assert stage.says(CLERK, "/reload").outgoing[0].event == "command_of_others"
    assert stage.says(LI, "/reload").outgoing[0].event == "unknown_command"


def test_help_tells_each_role_its_own(stage: Stage) -> None:
    """Help names staff commands to staff alone."""
    assert "/queue" not in stage.says(LI, "帮助").outgoing[0].text
    assert "/queue" in stage.says(CLERK, "帮助").outgoing[0].text
    assert "/reload" in stage.says(ADMIN, "帮助").outgoing[0].text


def test_somebody_elses_number_is_unknown(stage: Stage) -> None:
    """Another person's number is answered like one that does not exist."""
    number = stage.file_request(WANG)
    for act in MY_ACTS:
        other = stage.presses_data(LI, f"{act}:{number}").outgoing[0]
        missing = stage.presses_data(LI, f"{act}:2026-9999").outgoing[0]
        assert (other.event, other.text) == (missing.event, missing.text)
        assert "村口桥" not in other.text


def test_typed_number_of_somebody_else(stage: Stage) -> None:
    """Typed, as a deep link or after /status: the same."""
    number = stage.file_request(WANG)
    for text in (number, f"/status {number}", f"/start r_{number}"):
        assert stage.says(LI, text).outgoing[0].event == "no_such_number"
        assert stage.says(WANG, text).outgoing[0].event == "my_request"


def test_no_longer_staff(stage: Stage) -> None:
    """Who is removed from the settings loses the functions at once, half-written replies included."""
    stage.file_request(WANG)
    stage.presses(CLERK, label_of("confirm_receipt"))
    stage.presses(CLERK, "答复")
    stage.presses(CLERK, "可以公开，全部给")
    stage.restart(staff=("telegram:3",))
    assert stage.says(CLERK, "村口桥总投资38万元。").outgoing[0].event != "reply_read_back"


# ---- groups ----------------------------------------------------------------------------------------------
def test_nothing_personal_in_a_group(stage: Stage) -> None:
    """Personal commands in a group lead to the private chat."""
    stage.file_request(WANG)
    for text in ("进度", "申请", "取消", "/status", "/request 桥", "我的申请到哪了"):
        turn = stage.in_group(WANG, text)
        assert [message.event for message in turn.outgoing] == ["private_please"], text


def test_group_gets_only_what_is_sure(stage: Stage) -> None:
    """Not sure in a group: no guess, no suggestions, no filing."""
    turn = stage.in_group(WANG, "村口桥加固花了多少钱")
    assert turn.outgoing[0].event == "group_not_sure"
    assert not turn.offers_filing


def test_group_buttons_are_public(stage: Stage) -> None:
    """What a group sees has only buttons that anybody may press there."""
    for text in ("目录", "帮助", "指南", "你好", "怎么申请公开", "我要投诉太吵"):
        stage.in_group(WANG, text)
    data = {b.data.split(":")[0] for m in stage.seen[GROUP] for row in m.buttons for b in row}
    assert data <= {Act.CATALOGUE.value, Act.CATEGORY.value, Act.ENTRY.value}


def test_group_does_not_touch_the_form(stage: Stage) -> None:
    """A form under way in the private chat is not answered from a group."""
    stage.says(WANG, "申请")
    stage.presses(WANG, "个人")
    stage.in_group(WANG, "王小明")
    stage.says(WANG, "王小明")
    assert stage.last(WANG).event == "form_id_number"


def test_staff_chat(stage: Stage) -> None:
    """With a staff chat, cards go there, staff act there, residents cannot, and identity stays private."""
    stage.restart(staff_chat=GROUP)
    number = stage.file_request(WANG)
    assert stage.last(GROUP).event == "staff_new_request"
    assert CLERK not in stage.seen
    assert stage.in_group(LI, "/queue").outgoing[0].event == "unknown_command"
    turn = stage.in_group(CLERK, "/queue")
    assert turn.outgoing[0].event == "queue"
    assert stage.in_group(CLERK, "1").outgoing[0].event == "staff_request"
    assert stage.in_group(CLERK, label_of("confirm_receipt")).outgoing[0].event == "staff_receipt_confirmed"
    assert stage.last(WANG).labels == ["看这件申请"]
    stage.in_group(CLERK, "我来办")
    stage.in_group(CLERK, "查看身份")
    assert stage.last(GROUP).event == "identity_in_private"
    assert stage.presses_data(CLERK, f"si:{number}").outgoing[0].event == "staff_identity"
    assert not any(ID_NUMBER in message.text for message in stage.seen[GROUP])


def test_two_staff_in_one_chat_do_not_mix(stage: Stage) -> None:
    """Each member's half-written reply in the staff chat is his own."""
    stage.restart(staff_chat=GROUP, staff=(CLERK, "telegram:3"), two_person_review=False)
    stage.file_request(WANG)
    for text in ("/queue", "1", label_of("confirm_receipt"), "答复", "可以公开，全部给"):
        stage.in_group(CLERK, text)
    turn = stage.in_group("telegram:3", "村口桥总投资38万元。")
    assert turn.outgoing[0].event != "reply_read_back"
    assert stage.in_group(CLERK, "村口桥总投资38万元。").outgoing[0].event == "reply_read_back"


def test_staff_chat_sees_no_numbers_of_people(stage: Stage) -> None:
    """What a resident writes into a wish or an inquiry is masked in the group, and whole alone."""
    stage.restart(staff_chat=GROUP)
    number = stage.file_request(WANG, f"身份证{ID_NUMBER}的低保审批表")
    assert "低保审批表" in stage.last(GROUP).text
    assert ID_NUMBER not in stage.last(GROUP).text
    assert ID_NUMBER in stage.says(CLERK, f"/queue {number}").outgoing[0].text


def test_group_is_told_only_what_is_nearly_certain(stage: Stage) -> None:
    """The same question is answered alone and handed over in a group."""
    assert stage.says(WANG, "2018年公开了多少条政府信息").outgoing[0].event == "answer_found"
    assert stage.in_group(WANG, "2018年公开了多少条政府信息").outgoing[0].event == "group_not_sure"
    assert stage.in_group(WANG, "预算公开了没有").outgoing[0].event == "answer_found"
