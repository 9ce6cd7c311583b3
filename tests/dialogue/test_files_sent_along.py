"""Files that go with a reply, an answer, a request or a supplement, from who sends them to who gets them."""

from __future__ import annotations

from dataclasses import replace

import pytest
import sqlalchemy as sa
from docx import Document as WordFile

from bot.desk import attached
from bot.desk.attached import Attachment as Kept
from bot.desk.tables import attachments
from bot.messages import Address, Attachment, ChatKind, Heard, Outgoing, SentFile, Trouble, Turn
from tests.dialogue.stage import CLERK, GROUP, ID_NUMBER, LEADER, LI, WANG, Stage, label_of
from tests.files_for_tests import docx, pdf, picture, with_macros, xlsx

SHEET, PAPER = xlsx(), pdf()
TWO = {"staff": (CLERK, LEADER), "leaders": (LEADER,), "two_person_review": True}


def sends(stage: Stage, who: str, content: bytes, name: str = "明细.xlsx", **more: object) -> Turn:
    incoming = stage._incoming(who, attachment=Attachment.DOCUMENT)
    file = SentFile(name, len(content), content=content)
    return stage.handle(replace(incoming, file=file, **more))  # type: ignore[arg-type]  # passed on


def content_of(stage: Stage, message: Outgoing) -> bytes:
    """What the channel sends: put in when it leaves."""
    assert message.document is not None
    if not message.document.attachment:
        return message.document.content
    with stage.ledger.reading() as connection:
        return attached.content(connection, message.document.attachment)


def files_of(stage: Stage, who: str) -> dict[str, bytes]:
    """All attachments that this chat got, by their names; letters of the desk are none."""
    return {
        message.document.filename: content_of(stage, message)
        for message in stage.seen.get(who, [])
        if message.document is not None and message.document.attachment
    }


def kept_with(stage: Stage, number: str) -> list[Kept]:
    with stage.ledger.reading() as connection:
        return attached.of(connection, number)


def rows_of(stage: Stage) -> int:
    with stage.ledger.reading() as connection:
        return connection.execute(sa.select(sa.func.count()).select_from(attachments)).scalar_one()


def writing_a_reply(stage: Stage) -> str:
    number = stage.file_request(WANG)
    for label in (label_of("confirm_receipt"), "答复", "可以公开，全部给"):
        stage.presses(CLERK, label)
    return number


def test_reply_carries_its_files(stage: Stage) -> None:
    """Sent while the reply is written, shown in its read-back, named in its letter, sent out with it and
    once more with 看答复; what was sent is what arrives, byte for byte."""
    number = writing_a_reply(stage)
    assert "附上了：明细.xlsx" in sends(stage, CLERK, SHEET).outgoing[0].text
    stage.says(CLERK, "村口桥2025年加固，支出明细见附件。")
    sends(stage, CLERK, PAPER, "合同.pdf")
    read_back = stage.last(CLERK)
    assert read_back.event == "reply_read_back"
    assert "1. 明细.xlsx" in read_back.text
    assert "2. 合同.pdf" in read_back.text
    stage.presses(CLERK, "保存答复")
    stage.presses(CLERK, "发出，今天当面送达签收")
    assert files_of(stage, WANG) == {"明细.xlsx": SHEET, "合同.pdf": PAPER}
    (letter,) = (
        message.document
        for message in stage.seen[WANG]
        if message.event == "request_replied" and message.document
    )
    path = stage.settings.home / "letter.docx"
    path.write_bytes(letter.content)
    text = "\n".join(paragraph.text for paragraph in WordFile(str(path)).paragraphs)
    assert "附件：1．明细" in text.replace("1.", "1．").replace(" ", "")
    stage.seen[WANG].clear()
    stage.says(WANG, number)
    stage.presses(WANG, "看答复")
    assert files_of(stage, WANG) == {"明细.xlsx": SHEET, "合同.pdf": PAPER}
    with stage.ledger.reading() as connection:
        stage.register.session(connection).requests.verify()


def test_words_under_a_file(stage: Stage) -> None:
    """A caption is the text that lacks; once there is one it stays."""
    writing_a_reply(stage)
    sends(stage, CLERK, SHEET, text="支出明细见附件，共三项。")
    assert stage.last(CLERK).event == "reply_read_back"
    sends(stage, CLERK, PAPER, "合同.pdf", text="这是合同")
    shown = stage.last(CLERK).text
    assert "支出明细见附件，共三项。" in shown
    assert "这是合同" not in shown


def test_promise_without_a_file(stage: Stage) -> None:
    """见附件 with nothing attached is said before the draft is saved; with a file it is not."""
    writing_a_reply(stage)
    assert "还没有附文件" in stage.says(CLERK, "全文见附件。").outgoing[0].text
    assert "还没有附文件" not in sends(stage, CLERK, SHEET).outgoing[0].text


BAD = {
    "a kind that is none": (b"MZ\x90" + bytes(99), "照片.png"),
    "macros": (with_macros(docx()), "通知.docx"),
    "a kind by name only": (b"not a pdf", "通知.pdf"),
}


@pytest.mark.parametrize("what", BAD)
def test_what_is_not_taken_loses_nothing(stage: Stage, what: str) -> None:
    """A kind sentence that names what is taken, the same step again with what was written, nothing kept."""
    writing_a_reply(stage)
    stage.says(CLERK, "村口桥2025年加固，总投资38万元。")
    told = sends(stage, CLERK, *BAD[what]).outgoing[0]
    assert "没有收" in told.text
    assert "PDF、Word、Excel、图片" in told.text
    assert "村口桥2025年加固，总投资38万元。" in told.text
    assert told.event == "reply_read_back"
    assert rows_of(stage) == 0


@pytest.mark.parametrize("trouble", Trouble)
def test_file_that_did_not_come(stage: Stage, trouble: Trouble) -> None:
    """Too big, not fetched, not there: said, and the step waits as before."""
    writing_a_reply(stage)
    waits = stage.last(CLERK).event
    file = SentFile("大.pdf", 99_000_000, "far", trouble=trouble)
    told = stage.handle(replace(stage._incoming(CLERK, attachment=Attachment.DOCUMENT), file=file))
    assert told.outgoing[0].event == waits
    assert "您已经写好的都在" in told.outgoing[0].text
    assert rows_of(stage) == 0


def test_size_and_number_by_setting(stage: Stage) -> None:
    """Larger than the setting, or one more than it allows: refused, what is held stays."""
    stage.restart(attachment_megabytes=1, attachments_each=2)
    writing_a_reply(stage)
    noise = picture("PNG") + bytes(2 * 1024 * 1024)
    assert "超过 1 MB" in sends(stage, CLERK, noise, "大.png").outgoing[0].text
    for name in ("一.xlsx", "二.xlsx"):
        assert "附上了" in sends(stage, CLERK, SHEET, name).outgoing[0].text
    assert "最多附 2 个" in sends(stage, CLERK, SHEET, "三.xlsx").outgoing[0].text
    assert rows_of(stage) == 2


def test_channels_by_setting(stage: Stage) -> None:
    """Where the office takes no files, a file is refused as ever and never fetched."""
    stage.restart(attachments_on=())
    writing_a_reply(stage)
    assert "收不了" in sends(stage, CLERK, SHEET).outgoing[0].text
    assert rows_of(stage) == 0


def test_last_file_is_removed(stage: Stage) -> None:
    """去掉最后一个附件 takes it away, and nobody gets it."""
    writing_a_reply(stage)
    sends(stage, CLERK, SHEET, "对.xlsx")
    sends(stage, CLERK, PAPER, "错.pdf")
    assert "错.pdf" not in stage.presses(CLERK, "去掉最后一个附件").outgoing[0].text
    stage.says(CLERK, "支出明细见附件。")
    stage.presses(CLERK, "保存答复")
    stage.presses(CLERK, "发出，今天当面送达签收")
    assert set(files_of(stage, WANG)) == {"对.xlsx"}
    assert rows_of(stage) == 1


def test_cancelled_form_keeps_no_file(stage: Stage) -> None:
    """取消 erases what was held for the form."""
    writing_a_reply(stage)
    sends(stage, CLERK, SHEET)
    stage.says(CLERK, "取消")
    stage.says(CLERK, "取消")
    assert rows_of(stage) == 0


def test_forgotten_form_keeps_no_file(stage: Stage) -> None:
    """A form nobody goes on with loses its files with its words, on record; a request's own stay."""
    number = writing_a_reply(stage)
    sends(stage, CLERK, SHEET)
    stage.says(CLERK, "支出明细见附件。")
    stage.presses(CLERK, "保存答复")
    stage.says(LI, "申请")
    for answer in ("个人", "李小红", ID_NUMBER, "13800138001", "村部电费明细"):
        stage.says(LI, answer)
    sends(stage, LI, PAPER, "收据.pdf")
    assert rows_of(stage) == 2
    stage.wait(days=31)
    stage.make_rounds()
    assert [file.name for file in kept_with(stage, number)] == ["明细.xlsx"]
    assert rows_of(stage) == 1


def test_erased_with_the_request(stage: Stage) -> None:
    """When the term of the request is over its files are erased with its words; the record still proves."""
    number = writing_a_reply(stage)
    sends(stage, CLERK, SHEET)
    stage.says(CLERK, "支出明细见附件。")
    stage.presses(CLERK, "保存答复")
    stage.presses(CLERK, "发出，今天当面送达签收")
    with stage.ledger.transaction() as connection:
        stage.register.session(connection, stage.now, CLERK).privacy.erase_identity(number)
        stage.register.session(connection).requests.verify()
    assert rows_of(stage) == 0


def test_draft_written_anew_keeps_its_files(stage: Stage) -> None:
    """Another outcome is chosen while writing: text and files come along."""
    number = writing_a_reply(stage)
    sends(stage, CLERK, SHEET)
    stage.says(CLERK, "支出明细见附件。")
    stage.presses_data(CLERK, f"ro:{number}:A")
    assert "明细.xlsx" in stage.last(CLERK).text


def test_request_with_files(stage: Stage) -> None:
    """Sent while the form is open; kept, shown to staff who ask, never to another resident."""
    stage.says(WANG, "申请")
    for answer in ("个人", "王小明", ID_NUMBER, "13800138000"):
        stage.says(WANG, answer)
    sends(stage, WANG, picture("JPEG"), "")
    for answer in ("照片上这段路修了多少钱", "电子文件", "在这个聊天里发给我"):
        stage.says(WANG, answer)
    assert "附件1.jpg" in stage.last(WANG).text
    stage.presses(WANG, "确认提交")
    number = stage.last(CLERK).subject
    assert [file.part for file in kept_with(stage, number)] == [attached.REQUEST]
    stage.presses(CLERK, "看附件")
    assert files_of(stage, CLERK) == {"附件1.jpg": picture("JPEG")}
    stage.presses_data(LI, f"sf:{number}")
    assert files_of(stage, LI) == {}


def test_no_picture_of_who_somebody_is(stage: Stage) -> None:
    """At the steps about identity a photo is refused, and not even fetched."""
    stage.says(WANG, "申请")
    stage.says(WANG, "个人")
    assert "没有保存" in sends(stage, WANG, picture("JPEG"), "证.jpg").outgoing[0].text
    far = replace(
        stage._incoming(WANG, attachment=Attachment.PHOTO), file=SentFile("", 9, reference="photo1")
    )
    with stage.ledger.transaction() as connection:
        assert not stage.conversation.wants_file(connection, far, stage.now)
    assert rows_of(stage) == 0


def owing(stage: Stage) -> str:
    number = stage.file_request(WANG)
    for label in (label_of("confirm_receipt"), "要求补正"):
        stage.presses(CLERK, label)
    for text in ("请写明是哪一年的哪一段路", "15个工作日"):
        stage.says(CLERK, text)
    stage.presses(CLERK, "确认登记")
    return number


def test_supplement_with_a_file(stage: Stage) -> None:
    """Who owes a supplement and just sends a file has begun it; the file alone is enough."""
    number = owing(stage)
    told = sends(stage, WANG, PAPER, "路段图.pdf").outgoing[0]
    assert (told.event, "路段图.pdf" in told.text) == ("correction_text", True)
    stage.presses(WANG, "内容都在附件里")
    assert "补充的内容见附件" in stage.last(WANG).text
    stage.presses(WANG, "确认补充")
    assert stage.last(WANG).event == "correction_received"
    stage.presses(CLERK, "看附件")
    assert files_of(stage, CLERK) == {"路段图.pdf": PAPER}
    assert [file.part for file in kept_with(stage, number)] == [attached.CORRECTION]


def test_applicants_files_stay_in_the_country(stage: Stage) -> None:
    """个人信息保护法 36: what an applicant sent on the office's own channel does not go to Telegram."""
    stage.restart(identity_on_chat=("terminal",), staff=(CLERK, "terminal:staff"))
    wang, staff = "terminal:wang", "terminal:staff"
    stage.says(wang, "申请")
    for answer in ("个人", "王小明", ID_NUMBER, "13800138000", "这段路修了多少钱"):
        stage.says(wang, answer)
    sends(stage, wang, PAPER, "路段图.pdf")
    for answer in ("电子文件", "在这个聊天里发给我", "确认提交"):
        stage.says(wang, answer)
    number = stage.last(staff).subject
    stage.presses_data(CLERK, f"sf:{number}")
    assert files_of(stage, CLERK) == {}
    assert "办公室的电脑" in stage.last(CLERK).text
    stage.presses_data(staff, f"sf:{number}")
    assert files_of(stage, staff) == {"路段图.pdf": PAPER}


def test_answer_to_an_inquiry(stage: Stage) -> None:
    """An informal answer carries files, too."""
    stage.presses_data(WANG, "fi:0")
    stage.says(WANG, "低保要交哪些材料")
    stage.presses(WANG, "发送")
    stage.presses(CLERK, "答复咨询")
    sends(stage, CLERK, SHEET, "材料清单.xlsx", text="要交的材料见附件。")
    stage.presses(CLERK, "发送答复")
    assert files_of(stage, WANG) == {"材料清单.xlsx": SHEET}


def test_published_after_a_look(stage: Stage) -> None:
    """Files stay with the request unless somebody has them sent, looks and says so; then they are for all."""
    writing_a_reply(stage)
    sends(stage, CLERK, SHEET)
    stage.says(CLERK, "村口桥2025年加固，支出明细见附件。")
    stage.presses(CLERK, "保存答复")
    stage.presses(CLERK, "发出，今天当面送达签收")
    stage.presses(CLERK, "公开这条")
    assert "附件不会公开" in stage.last(CLERK).text
    assert "附件我看过了，一起公开" not in stage.labels(CLERK)
    assert files_of(stage, CLERK) == {}
    stage.presses(CLERK, "附件也要公开，先看一遍")
    assert files_of(stage, CLERK) == {"明细.xlsx": SHEET}
    stage.presses(CLERK, "附件我看过了，一起公开")
    stage.says(LI, "村口桥加固花了多少钱")
    stage.presses(LI, "村口桥加固花了多少钱")
    stage.presses(LI, "下载附件（1 个）")
    assert files_of(stage, LI) == {"明细.xlsx": SHEET}


def test_published_without_its_files(stage: Stage) -> None:
    """确认公开 publishes the words alone, and no old button brings the files after."""
    number = writing_a_reply(stage)
    sends(stage, CLERK, SHEET)
    stage.says(CLERK, "村口桥2025年加固，支出明细见附件。")
    stage.presses(CLERK, "保存答复")
    stage.presses(CLERK, "发出，今天当面送达签收")
    stage.presses(CLERK, "公开这条")
    stage.presses_data(CLERK, f"pw:{number}")  # nobody has looked
    stage.presses(CLERK, "确认公开")
    stage.presses_data(CLERK, f"pw:{number}")
    stage.presses_data(LI, f"pf:{number}")
    assert files_of(stage, LI) == {}


def test_second_person_sees_the_files(stage: Stage) -> None:
    """Who reviews (art. 17) can open what would go out."""
    stage.restart(**TWO)
    number = writing_a_reply(stage)
    sends(stage, CLERK, SHEET)
    stage.says(CLERK, "支出明细见附件。")
    stage.presses(CLERK, "保存答复")
    assert "明细.xlsx" in stage.last(LEADER).text
    stage.presses(LEADER, "看附件")
    assert files_of(stage, LEADER) == {"明细.xlsx": SHEET}
    stage.presses_data(WANG, f"sf:{number}")
    assert files_of(stage, WANG) == {}


def in_group(stage: Stage, **changes: object) -> Turn:
    incoming = stage._incoming(CLERK, attachment=Attachment.DOCUMENT)
    file = SentFile("明细.xlsx", len(SHEET), content=SHEET)
    place: dict[str, object] = {"address": Address.parse(GROUP), "chat_kind": ChatKind.GROUP, "file": file}
    return stage.handle(replace(incoming, **place | changes))  # type: ignore[arg-type]  # passed on


def test_reply_to_a_card_with_a_file(stage: Stage) -> None:
    """In the staff's group a file that answers a card begins the reply with its caption, and goes with it."""
    stage.restart(staff_chat=GROUP)
    number = stage.file_request(WANG)
    stage.presses_data(CLERK, f"sr:{number}")
    told = in_group(stage, text="支出明细见附件。", subject=number, reply_to="7")
    assert "附上了：明细.xlsx" in told.outgoing[0].text
    assert rows_of(stage) == 1


def test_talk_in_a_group_is_not_kept(stage: Stage) -> None:
    """A file that colleagues show each other in a topic is neither fetched nor kept."""
    stage.restart(staff_chat=GROUP)
    number = stage.file_request(WANG)
    told = in_group(stage, subject=number, heard=Heard.OVERHEARD)
    assert told.outgoing == ()
    assert rows_of(stage) == 0


def test_own_data_name_the_files(stage: Stage) -> None:
    """What somebody sent along is among what they are told is kept of them."""
    number = owing(stage)
    sends(stage, WANG, PAPER, "路段图.pdf")
    stage.presses(WANG, "内容都在附件里")
    stage.presses(WANG, "确认补充")
    with stage.ledger.reading() as connection:
        (own,) = stage.register.session(connection).privacy.data_of(WANG)["requests"]
    assert (own["number"], own["attachments"]) == (number, "路段图.pdf")
