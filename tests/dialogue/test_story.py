"""The whole way: asked, not found, filed, received, replied, published, asked again; and its side roads."""

from __future__ import annotations

import json

import pytest

from bot.desk.model import Outcome, Status
from bot.messages import OutcomeKind, Style
from tests.dialogue.stage import CLERK, ID_NUMBER, LEADER, LI, WANG, Stage, label_of

WANTED = "村口桥加固花了多少钱"
REPLY = "村口桥2025年加固，总投资38万元，经办人电话13900001111。"


def status(stage: Stage, number: str) -> Status:
    with stage.ledger.reading() as connection:
        return stage.register.session(connection).requests.get(number).status


def test_asked_filed_replied_published_asked_again(stage: Stage) -> None:
    """The next resident who asks gets the answer, with personal data masked and the source named."""
    assert stage.says(LI, WANTED).outcome is OutcomeKind.ROUTE
    number = stage.file_request(WANG, WANTED)
    stage.reply_to(number, REPLY)
    assert stage.last(WANG).event == "request_replied"
    assert REPLY in stage.last(WANG).text
    stage.presses(CLERK, "公开这条")
    assert stage.last(CLERK).event == "publish_read_back"
    assert "13900001111" not in stage.last(CLERK).text
    stage.presses(CLERK, "确认公开")
    assert stage.last(CLERK).event == "published"
    turn = stage.says(LI, WANTED)
    assert turn.outcome is OutcomeKind.ANSWER
    assert turn.entries[0].path == f"reply:{number}"
    assert "总投资38万元" in turn.outgoing[0].text
    assert number in turn.outgoing[0].text
    assert "13900001111" not in turn.outgoing[0].text


def test_confirmation_starts_the_clock(stage: Stage) -> None:
    """The clerk's tap is the day of receipt; the applicant is told it and the due day."""
    number = stage.file_request(WANG)
    stage.wait(days=1)
    stage.presses(CLERK, label_of("confirm_receipt"))
    told = stage.last(WANG)
    assert told.event == "request_received"
    assert "收到日期：2026年11月25日" in told.text
    assert "最晚答复：2026年12月23日" in told.text
    assert status(stage, number) is Status.RECEIVED


def test_applicant_follows(stage: Stage) -> None:
    """进度, one request, its timeline, its due date with proof, its reply."""
    number = stage.file_request(WANG)
    assert stage.says(WANG, "进度。").outgoing[0].event == "my_list"
    stage.says(WANG, "1")
    assert stage.last(WANG).event == "my_request"
    assert "等工作人员确认收到" in stage.last(WANG).text
    stage.reply_to(number)
    stage.says(WANG, number)
    stage.presses(WANG, "办理经过")
    timeline = stage.last(WANG).text
    assert timeline.count("\n2026年11月24日") == 4  # submitted, received, assigned, served
    assert "拟定" not in timeline
    stage.says(WANG, number)
    stage.presses(WANG, "期限怎么算")
    assert "第 1–3 个工作日" in stage.last(WANG).text
    stage.says(WANG, number)
    stage.presses(WANG, "看答复")
    assert "总投资38万元" in stage.last(WANG).text


def test_withdraw_needs_a_second_word(stage: Stage) -> None:
    """撤回 asks once more, then staff are told and the request is closed."""
    number = stage.file_request(WANG)
    stage.presses(WANG, "看这件申请")
    stage.presses(WANG, "撤回申请")
    assert status(stage, number) is Status.SUBMITTED
    stage.presses(WANG, "确定撤回")
    assert status(stage, number) is Status.WITHDRAWN
    assert stage.last(CLERK).event == "staff_withdrawn"
    assert stage.presses(WANG, "确定撤回").outgoing[0].event == "already_ended"


def test_correction_goes_both_ways(stage: Stage) -> None:
    """The notice reaches the applicant, the corrected text reaches staff, a new clock runs."""
    number = stage.file_request(WANG, "去年的补贴名单")
    stage.presses(CLERK, label_of("confirm_receipt"))
    stage.presses(CLERK, "要求补正")
    stage.says(CLERK, "请写明是哪一种补贴、哪个村。")
    stage.presses(CLERK, "15 个工作日")
    stage.presses(CLERK, "确认登记")
    assert stage.last(WANG).event == "correction_asked"
    assert "请写明是哪一种补贴、哪个村。" in stage.last(WANG).text
    stage.wait(days=6)
    stage.presses(WANG, "现在补充")
    stage.says(WANG, "2025年桥头村种粮补贴名单")
    stage.presses(WANG, "确认补充")
    assert stage.last(WANG).event == "correction_received"
    assert "2026年12月28日" in stage.last(WANG).text
    assert stage.last(CLERK).event == "staff_correction_received"
    with stage.ledger.reading() as connection:
        kept = stage.register.session(connection).requests.get(number)
    assert kept.content == f"{kept.original_content}（补正：2025年桥头村种粮补贴名单）"


def test_withholding_asks_what_must_be_recorded(stage: Stage) -> None:
    """An outcome that needs a ground is not saved without one."""
    number = stage.file_request(WANG)
    stage.presses(CLERK, label_of("confirm_receipt"))
    stage.presses(CLERK, "答复")
    stage.presses(CLERK, "依法不能公开")
    stage.presses(CLERK, "内部事务：人事、后勤、内部流程")
    assert stage.last(CLERK).event == "reply_field"
    stage.says(CLERK, "人事管理")
    stage.says(CLERK, "干部考察的内部安排")
    stage.says(CLERK, "您要的信息属于人事管理信息，依条例第十六条不予公开。")
    assert "人事管理" in stage.last(CLERK).text
    stage.presses(CLERK, "保存答复")
    with stage.ledger.reading() as connection:
        reply = stage.register.session(connection).requests.get(number).reply
    assert reply is not None
    assert (reply.outcome, dict(reply.fields)) == (
        Outcome.WITHHELD_INTERNAL_AFFAIRS,
        {"which": "人事管理", "ground": "干部考察的内部安排"},
    )


def test_not_held_records_the_search(stage: Stage) -> None:
    """ "We do not have it" says where was searched, before it can be saved."""
    number = stage.file_request(WANG)
    stage.presses(CLERK, label_of("confirm_receipt"))
    stage.presses(CLERK, "答复")
    stage.presses(CLERK, "没有，或者不归我们")
    stage.presses(CLERK, "查过了没有，或者不归我们管")
    for text in ("档案室，2020年以来", "没有"):
        stage.says(CLERK, text)
    stage.presses(CLERK, "没有别的机关，或者不知道")
    stage.says(CLERK, "经查找，本机关没有您要的信息。")
    stage.presses(CLERK, "保存答复")
    assert stage.last(CLERK).event == "staff_drafted"
    with stage.ledger.reading() as connection:
        kinds = [event.kind.value for event in stage.register.session(connection).requests.history(number)]
    assert kinds[-2:] == ["searched", "drafted"]


def test_draft_can_be_undone_until_served(stage: Stage) -> None:
    """重新来 takes a saved draft back; after service there is nothing to undo."""
    number = stage.file_request(WANG)
    stage.presses(CLERK, label_of("confirm_receipt"))
    stage.presses(CLERK, "答复")
    stage.presses(CLERK, "可以公开，全部给")
    stage.says(CLERK, "先写一稿")
    stage.presses(CLERK, "改正文")
    stage.says(CLERK, "再写一稿")
    stage.presses(CLERK, "保存答复")
    stage.presses(CLERK, "重新来")
    assert status(stage, number) is Status.ASSIGNED
    stage.presses(CLERK, "可以公开，全部给")
    stage.says(CLERK, "第三稿")
    stage.says(CLERK, "第三稿，写长一点")
    stage.presses(CLERK, "改正文")
    stage.says(CLERK, "第三稿，写长一点")
    stage.presses(CLERK, "保存答复")
    stage.presses(CLERK, "发出，今天交邮政邮寄")
    stage.says(CLERK, "XA123456789CN")
    stage.presses(CLERK, "确认登记")
    assert "第三稿，写长一点" in stage.last(WANG).text
    assert "邮寄" in stage.last(WANG).text
    turn = stage.presses_data(CLERK, f"su:{number}")
    assert turn.outgoing[0].event == "refused_wrong_step"


def test_late_reply_says_so_first(stage: Stage) -> None:
    """A late reply is announced as late, and goes out only when that was acknowledged."""
    number = stage.file_request(WANG)
    stage.presses(CLERK, label_of("confirm_receipt"))
    stage.wait(days=40)
    stage.says(CLERK, "待办")
    assert "【逾期】" in stage.last(CLERK).text
    stage.says(CLERK, "1")
    stage.presses(CLERK, "答复")
    stage.presses(CLERK, "可以公开，全部给")
    stage.says(CLERK, "村口桥总投资38万元。")
    stage.presses(CLERK, "保存答复")
    stage.presses(CLERK, "发出，今天当面送达签收")
    assert "逾期" in stage.last(CLERK).text
    assert status(stage, number) is Status.DRAFTED
    stage.presses(CLERK, "知道逾期，仍然发出")
    assert status(stage, number) is Status.SERVED


def test_second_person_reviews(stage: Stage) -> None:
    """Art. 17: with two staff, the other one approves before the reply can go out."""
    stage.restart(leaders=(LEADER,))
    number = stage.file_request(WANG)
    stage.presses(CLERK, label_of("confirm_receipt"))
    stage.presses(CLERK, "答复")
    stage.presses(CLERK, "可以公开，全部给")
    stage.says(CLERK, "村口桥总投资38万元。")
    stage.presses(CLERK, "保存答复")
    assert stage.last(CLERK).event == "staff_sent_to_review"
    assert stage.last(LEADER).event == "staff_review"
    assert "村口桥总投资38万元。" in stage.last(LEADER).text
    assert stage.presses_data(CLERK, f"rv:{number}").outgoing[0].event == "refused_reviewer_drafted_it"
    stage.presses(LEADER, "退回修改")
    assert stage.last(CLERK).event == "staff_returned"
    stage.presses(CLERK, "答复")
    stage.presses(CLERK, "可以公开，全部给")
    stage.says(CLERK, "村口桥加固总投资38万元。")
    stage.presses(CLERK, "保存答复")
    stage.presses(LEADER, "审核同意")
    assert status(stage, number) is Status.REVIEWED
    stage.presses(CLERK, "发出，今天当面送达签收")
    assert status(stage, number) is Status.SERVED


def test_identity_only_for_who_took_it(stage: Stage) -> None:
    """查看身份 works for who took the request, and the look is on record."""
    number = stage.file_request(WANG)
    stage.presses(CLERK, "查看身份")
    assert ID_NUMBER not in stage.last(CLERK).text
    stage.presses(CLERK, label_of("confirm_receipt"))
    stage.presses(CLERK, "我来办")
    stage.presses(CLERK, "查看身份")
    assert ID_NUMBER in stage.last(CLERK).text
    with stage.ledger.reading() as connection:
        kinds = [event.kind.value for event in stage.register.session(connection).requests.history(number)]
    assert kinds[-1] == "identity_viewed"


def test_inquiry_is_answered_and_published(stage: Stage) -> None:
    """An inquiry's answer reaches who asked, and can become public like a reply."""
    stage.says(WANG, "敬老院几点开饭")
    stage.presses(WANG, "咨询工作人员")
    stage.presses(WANG, "发送")
    stage.presses(CLERK, "答复咨询")
    stage.says(CLERK, "敬老院十一点半开饭。")
    stage.presses(CLERK, "发送答复")
    assert stage.last(WANG).event == "inquiry_answered"
    assert "敬老院十一点半开饭。" in stage.last(WANG).text
    stage.presses(CLERK, "公开这条")
    stage.says(CLERK, "敬老院开饭时间")
    stage.presses(CLERK, "确认公开")
    turn = stage.says(LI, "敬老院几点开饭")
    assert turn.outcome is OutcomeKind.ANSWER
    quotes = [part.text for part in turn.outgoing[0].parts if part.style is Style.QUOTE]
    assert quotes == ["敬老院十一点半开饭。"]
    assert stage.says(WANG, "Z2026-0001").outgoing[0].event == "my_inquiry"


def test_second_look_shows_everything_that_becomes_public(stage: Stage) -> None:
    """Title, text and the asker's own words, with what was masked; the words may be left out."""
    number = stage.file_request(WANG, "我是王小明，住3组5号，村口桥加固花了多少钱，电话138-0013-8000")
    stage.reply_to(number, "总投资38万元，车牌赣C12345的车运料，经办人138 0013 8001。")
    stage.presses(CLERK, "公开这条")
    look = stage.last(CLERK).text
    assert "提问的原话也会公开：我是****，住3组5号，村口桥加固花了多少钱，电话****" in look
    assert "总投资38万元，车牌****的车运料，经办人****。" in look
    assert "自动遮住了：手机号 2 处、姓名或联系方式 1 处、车牌 1 处。" in look
    stage.presses(CLERK, "不公开原话，只用标题")
    stage.says(CLERK, "村口桥加固投资")
    assert "提问的原话也会公开：村口桥加固投资" in stage.last(CLERK).text
    stage.presses(CLERK, "确认公开")
    with stage.ledger.reading() as connection:
        (entry,) = stage.register.session(connection).publications.all()
    assert (entry["title"], entry["question"]) == ("村口桥加固投资", "村口桥加固投资")
    assert "3组5号" not in str(entry)


def test_publication_needs_the_read_back(stage: Stage) -> None:
    """确认公开 without the look before it does nothing."""
    number = stage.file_request(WANG)
    stage.reply_to(number)
    assert stage.presses_data(CLERK, f"ps:{number}").outgoing[0].event == "form_gone"
    assert stage.says(LI, WANTED).outcome is OutcomeKind.ROUTE


@pytest.mark.parametrize("name", ["王小明"])
def test_applicants_name_is_masked_in_publication(stage: Stage, name: str) -> None:
    """The applicant's own name in a reply does not become public."""
    number = stage.file_request(WANG)
    stage.reply_to(number, f"{name}：村口桥总投资38万元。")
    stage.presses(CLERK, "公开这条")
    assert name not in stage.last(CLERK).text


def test_letters_go_with_the_messages(stage: Stage) -> None:
    """Receipt and reply come as files too, and the clerk gets the reply to print."""
    number = stage.file_request(WANG)
    stage.reply_to(number)
    files = [message.document.filename for message in stage.seen[WANG] if message.document]
    assert (
        files == [f"政府信息公开申请接收回执_{number}.docx", f"政府信息公开申请答复书_{number}.docx"]
        or len(files) == 2
    )
    assert any(message.document for message in stage.seen[CLERK] if message.event == "staff_drafted")


def test_own_data_are_handed_out_and_forgotten(stage: Stage) -> None:
    """我的数据 gives everything to its owner; what is no record can be deleted."""
    stage.file_request(WANG)
    stage.says(WANG, WANTED)
    stage.says(WANG, "申请")
    stage.presses(WANG, "个人")
    stage.says(WANG, "我的数据")
    document = stage.last(WANG).document
    assert document is not None
    data = json.loads(document.content)
    assert [each["name"] for each in data["requests"]] == ["王小明"]
    assert data["questions"] == [WANTED]
    assert [form["kind"] for form in data["half_filled_forms"]] == ["NP"]
    stage.presses(WANG, "删掉可以删的")
    assert "· 最近问过的问题 1 个" in stage.last(WANG).text
    assert "· 申请 2026-0001：法律要求政府登记、归档（条例第四十五条）" in stage.last(WANG).text
    stage.presses(WANG, "确定删掉")
    assert stage.labels(WANG) == []
    stage.says(WANG, "我的数据")
    assert json.loads(stage.last(WANG).document.content)["questions"] == []  # type: ignore[union-attr]


def test_due_date_by_word(stage: Stage) -> None:
    """期限 with a number proves the date: for staff any request's, for residents their own."""
    number = stage.file_request(WANG)
    stage.presses(CLERK, label_of("confirm_receipt"))
    for who in (WANG, CLERK):
        assert stage.says(who, f"期限 {number}").outgoing[0].event == "due_date_proof"
    assert stage.says(LI, f"期限 {number}").outgoing[0].event == "no_such_number"


def test_staff_search(stage: Stage) -> None:
    """/queue with words finds requests, ended ones too."""
    number = stage.file_request(WANG)
    stage.reply_to(number)
    assert number in stage.says(CLERK, "/queue 村口桥").outgoing[0].text
    assert stage.says(CLERK, "/queue 敬老院").outgoing[0].event == "search_nothing"
