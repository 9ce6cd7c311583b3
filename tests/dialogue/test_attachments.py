"""Photos, files, voice messages: a kind sentence, nothing kept, no crash, and no form that takes them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.messages import Address, Attachment, ChatKind, Turn
from tests.dialogue.stage import CLERK, GROUP, ID_NUMBER, WANG, Stage, label_of

STEPS = {  # what is typed before, and the step that then waits
    "filing.kind": ("申请",),
    "filing.name": ("申请", "个人"),
    "filing.id_number": ("申请", "个人", "王小明"),
    "filing.contact": ("申请", "个人", "王小明", ID_NUMBER),
    "filing.wanted": ("申请", "个人", "王小明", ID_NUMBER, "13800138000"),
}


def sends(stage: Stage, kind: Attachment, caption: str = "", album: str = "", who: str = WANG) -> Turn:
    incoming = stage._incoming(who, text=caption, attachment=kind)
    return stage.handle(replace(incoming, album=album))


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("kind", Attachment)
def test_no_step_takes_a_file(stage: Stage, step: str, kind: Attachment) -> None:
    """In every step every kind is refused with what to do, the step asks again and then takes the answer."""
    for text in STEPS[step]:
        stage.says(WANG, text)
    asked = stage.last(WANG)
    told = sends(stage, kind, caption="李四 13900139000").outgoing
    assert [message.event for message in told] == [asked.event]
    assert told[0].text.endswith(asked.text.split("\n\n")[-1])
    assert "李四" not in told[0].text
    assert told[0].buttons == asked.buttons


def test_picture_of_an_id_card(stage: Stage) -> None:
    """It is said that it was not kept and that the number is typed; then the number is taken."""
    for text in STEPS["filing.id_number"]:
        stage.says(WANG, text)
    told = sends(stage, Attachment.PHOTO).outgoing[0].text
    assert "没有保存" in told
    assert "号码打成字" in told
    assert stage.says(WANG, ID_NUMBER).outgoing[0].event == "form_contact"


def test_material_for_a_wish(stage: Stage) -> None:
    """A file that shows what is wanted is not taken, in a request or an inquiry."""
    for text in STEPS["filing.wanted"]:
        stage.says(WANG, text)
    assert "交到办公室" in sends(stage, Attachment.DOCUMENT).outgoing[0].text
    stage.says(WANG, "取消")
    stage.presses_data(WANG, "fi:0")
    told = sends(stage, Attachment.DOCUMENT, caption="这是照片").outgoing[0]
    assert (told.event, "交到办公室" in told.text) == ("inquiry_question", True)


def test_caption_that_is_a_command(stage: Stage) -> None:
    """取消 under a picture cancels."""
    for text in STEPS["filing.name"]:
        stage.says(WANG, text)
    assert sends(stage, Attachment.PHOTO, "取消").outgoing[0].event == "cancelled"


def test_caption_is_answered(stage: Stage) -> None:
    """Outside a form the caption is the question, and it is said that only it was read."""
    told = sends(stage, Attachment.PHOTO, "公开了哪一年的部门决算信息").outgoing[0]
    assert told.event == "answer_found"
    assert "只看了您写的字" in told.text


def test_album_gets_one_sentence(stage: Stage) -> None:
    """Ten photos sent together: one sentence; the next album gets its own."""
    told = [sends(stage, Attachment.PHOTO, album="a").outgoing for _ in range(10)]
    assert [len(each) for each in told] == [1] + [0] * 9
    assert len(sends(stage, Attachment.PHOTO, album="b").outgoing) == 1


def test_album_with_a_question(stage: Stage) -> None:
    """Its caption is answered, wherever in the album it stands, and in a form the album is refused once."""
    told = [
        sends(
            stage, Attachment.PHOTO, "公开了哪一年的部门决算信息" if number == 3 else "", album="a"
        ).outgoing
        for number in range(10)
    ]
    assert [each[0].event for each in told if each] == ["attachment_photo", "answer_found"]
    for text in STEPS["filing.name"]:
        stage.says(WANG, text)
    told = [sends(stage, Attachment.PHOTO, "我的证件", album="c").outgoing for _ in range(10)]
    assert [len(each) for each in told] == [1] + [0] * 9
    assert stage.says(WANG, "王小明").outgoing[0].event == "form_id_number"


def test_group_is_not_disturbed(stage: Stage) -> None:
    """A picture in a group gets no word."""
    incoming = replace(
        stage._incoming(WANG, attachment=Attachment.PHOTO),
        address=Address.parse(GROUP),
        chat_kind=ChatKind.GROUP,
    )
    assert stage.handle(incoming).outgoing == ()


def test_reply_of_staff_is_text_too(stage: Stage) -> None:
    """A clerk who sends a file in the middle of a reply is told; its caption does not become the reply."""
    stage.file_request(WANG)
    for label in (label_of("confirm_receipt"), "答复", "可以公开，全部给"):
        stage.presses(CLERK, label)
    waits = stage.last(CLERK).event
    assert sends(stage, Attachment.DOCUMENT, "见附件", who=CLERK).outgoing[0].event == waits
