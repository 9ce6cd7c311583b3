"""Service in chat: its day, its proof, what must have been done before, what is undone until then."""

from __future__ import annotations

from datetime import date

from bot.desk.model import EventKind, Outcome, ServiceMethod, Status
from tests.dialogue.stage import CLERK, LEADER, WANG, Stage, label_of
from tests.dialogue.test_steps import kinds, received, request_of, step

ONLINE = "https://fuyi.example.gov.cn"


def drafted(stage: Stage) -> str:
    """A request with a drafted reply; the office has one member of staff."""
    number = received(stage)
    for label in ("答复", "可以公开，全部给"):
        stage.presses(CLERK, label)
    stage.says(CLERK, "村口桥2025年加固，总投资38万元。")
    stage.presses(CLERK, "保存答复")
    return number


def against_a_refusal(stage: Stage) -> str:
    """A third party has refused, and the drafted reply discloses all the same (art. 32)."""
    number = received(stage)
    step(stage, CLERK, "征求第三方意见", "某某水厂", "今天")
    step(stage, CLERK, "登记收到的意见", "不同意公开", "今天", "商业秘密")
    for label in ("答复", "可以公开，全部给"):
        stage.presses(CLERK, label)
    assert "某某水厂" in stage.last(CLERK).text
    stage.says(CLERK, "水质关系全村人的健康")
    stage.says(CLERK, "2025年水质检测结果如下。")
    stage.presses(CLERK, "保存答复")
    return number


def proof_of(stage: Stage, number: str) -> str:
    with stage.ledger.reading() as connection:
        return stage.register.session(connection).requests.history(number)[-1].text("proof")


def test_post_needs_its_number(stage: Stage) -> None:
    """交邮政 today asks for the number of the post, and both are on record."""
    number = drafted(stage)
    stage.presses(CLERK, "发出，今天交邮政邮寄")
    assert stage.last(CLERK).event == "record_service_proof_post"
    assert request_of(stage, number).status is Status.DRAFTED
    stage.says(CLERK, "XA123456789CN")
    stage.presses(CLERK, "确认登记")
    served = request_of(stage, number)
    assert served.reply is not None
    assert (served.reply.method, served.reply.served_on) == (ServiceMethod.POST, date(2026, 11, 24))
    assert proof_of(stage, number) == "XA123456789CN"


def test_signed_yesterday_entered_today(stage: Stage) -> None:
    """Signed on Tuesday, handed over that evening, entered on Wednesday: Tuesday counts."""
    number = drafted(stage)
    stage.presses(CLERK, "先签发，以后再送")
    assert request_of(stage, number).status is Status.SIGNED
    stage.wait(days=1)
    step(stage, CLERK, "发出，别的日期或方式", "当面送达签收", "昨天", "王小明本人签收")
    assert request_of(stage, number).ended_on == date(2026, 11, 24)
    assert proof_of(stage, number) == "王小明本人签收"
    assert stage.last(WANG).event == "request_replied"


def test_not_before_it_was_signed(stage: Stage) -> None:
    """A reply of today cannot have been served yesterday; tomorrow is not a day either."""
    number = received(stage)
    stage.wait(days=2)
    for label in ("答复", "可以公开，全部给"):
        stage.presses(CLERK, label)
    stage.says(CLERK, "见附件的决算。")
    stage.presses(CLERK, "保存答复")
    stage.presses(CLERK, "发出，别的日期或方式")
    stage.presses(CLERK, "当面送达签收")
    stage.says(CLERK, "2026-11-27")
    assert stage.last(CLERK).event == "record_served_on"
    assert "还没到" in stage.last(CLERK).text
    stage.presses(CLERK, "昨天")
    stage.says(CLERK, "王小明本人签收")
    stage.presses(CLERK, "确认登记")
    assert stage.last(CLERK).event == "refused_served_before_signed"
    assert "2026年11月26日" in stage.last(CLERK).text
    assert request_of(stage, number).status is Status.DRAFTED


def test_late_service_says_so_before_it_is_recorded(stage: Stage) -> None:
    """The read-back of a late service is answered by how late it is; nothing is on record until confirmed."""
    number = drafted(stage)
    stage.wait(days=40)
    stage.presses(CLERK, "发出，今天交邮政邮寄")
    stage.says(CLERK, "XA12345678936")
    stage.presses(CLERK, "确认登记")
    assert stage.last(CLERK).event == "refused_late_reply"
    assert "逾期 7 个工作日" in stage.last(CLERK).text
    assert EventKind.SERVED not in kinds(stage, number)
    stage.presses(CLERK, "上一步")
    stage.says(CLERK, "XA12345678940")
    stage.presses(CLERK, "确认登记")
    assert stage.last(CLERK).event == "refused_late_reply"  # said again: the answers have changed
    stage.presses(CLERK, "知道逾期，仍然发出")
    assert request_of(stage, number).status is Status.SERVED
    assert proof_of(stage, number) == "XA12345678940"


def test_disclosing_against_a_refusal_needs_the_notice(stage: Stage) -> None:
    """Art. 32: the card shows no way to serve before the third party has been told in writing."""
    number = against_a_refusal(stage)
    assert "书面告知第三方（不告知不能发出）" in stage.labels(CLERK)
    assert not [label for label in stage.labels(CLERK) if label.startswith("发出")]
    for typed in ("发出，今天当面送达签收", "发出去"):
        assert "先点“书面告知第三方”" in stage.says(CLERK, typed).outgoing[0].text
    stage.presses_data(CLERK, f"sv:{number}:by_hand")  # an old button
    assert stage.last(CLERK).event == "refused_third_party_not_informed"
    stage.presses(CLERK, "书面告知第三方（不告知不能发出）")
    for label in ("某某水厂", "今天", "确认登记"):
        stage.presses(CLERK, label)
    letter = stage.last(CLERK).document
    assert letter is not None
    assert letter.filename.startswith("依申请公开告知书")
    stage.presses(CLERK, "发出，今天当面送达签收")
    assert request_of(stage, number).outcome is Outcome.DISCLOSED
    assert kinds(stage, number).count(EventKind.THIRD_PARTY_INFORMED) == 1


def test_new_draft_is_told_anew(stage: Stage) -> None:
    """What was told belongs to the draft that was withdrawn."""
    number = against_a_refusal(stage)
    stage.presses(CLERK, "书面告知第三方（不告知不能发出）")
    for label in ("某某水厂", "今天", "确认登记"):
        stage.presses(CLERK, label)
    stage.says(CLERK, f"/queue {number}")
    stage.presses(CLERK, "重新来")
    stage.presses(CLERK, "可以公开，全部给")
    stage.says(CLERK, "水质关系全村人的健康")
    stage.says(CLERK, "2025年水质检测结果，另附说明。")
    stage.presses(CLERK, "保存答复")
    assert "书面告知第三方（不告知不能发出）" in stage.labels(CLERK)


def test_refused_part_held_back_needs_no_notice(stage: Stage) -> None:
    """A partial disclosure without what was refused goes out as usual; a typed word is no choice."""
    number = received(stage)
    step(stage, CLERK, "征求第三方意见", "某某水厂", "今天")
    step(stage, CLERK, "登记收到的意见", "不同意公开", "今天", "商业秘密")
    for label in ("答复", "只能公开一部分"):
        stage.presses(CLERK, label)
    for text in ("检测结果", "进货价", "第十五条（商业秘密）", "第三方的进货价，公开会影响经营", "不知道"):
        stage.says(CLERK, text)
    assert "请点下面的一个按钮" in stage.last(CLERK).text
    stage.presses(CLERK, "他不同意的，都没有公开")
    stage.says(CLERK, "2025年水质检测结果如下。")
    stage.presses(CLERK, "保存答复")
    stage.presses(CLERK, "发出，今天当面送达签收")
    assert request_of(stage, number).outcome is Outcome.PARTLY_DISCLOSED


def test_chat_service_names_the_online_remedy(stage: Stage) -> None:
    """复议法 22(2): served in chat only with an online channel, and the applicant is told it."""
    stage.restart(serve_in_chat=True)
    number = drafted(stage)
    assert "发出，聊天送达" not in stage.labels(CLERK)
    stage.presses_data(CLERK, f"sv:{number}:chat")  # a button of before
    assert stage.last(CLERK).event == "refused_chat_needs_online_remedy"
    stage.restart(reconsideration_online=ONLINE)
    stage.says(CLERK, f"/queue {number}")
    stage.presses(CLERK, "发出，聊天送达")
    assert request_of(stage, number).status is Status.SERVED
    assert ONLINE in stage.last(WANG).text


def test_wrong_receipt_is_undone(stage: Stage) -> None:
    """A wrong tap is an event and another event; the applicant is told both, and the clock starts anew."""
    number = received(stage)
    step(stage, CLERK, "撤销“确认收到”（点错了）", "点错了编号")
    undone = request_of(stage, number)
    assert (undone.status, undone.received_on, undone.due_on) == (Status.SUBMITTED, None, None)
    assert stage.last(WANG).event == "request_receipt_undone"
    stage.wait(days=1)
    stage.says(CLERK, f"/queue {number}")
    stage.presses(CLERK, label_of("confirm_receipt"))
    assert request_of(stage, number).received_on == date(2026, 11, 25)
    assert kinds(stage, number) == [
        EventKind.SUBMITTED,
        EventKind.RECEIVED,
        EventKind.RECEIPT_UNDONE,
        EventKind.RECEIVED,
    ]


def test_receipt_of_yesterday_is_undone_by_nobody(stage: Stage) -> None:
    """The office cannot move the day by tapping again, a leader neither: the applicant counts on it."""
    stage.restart(leaders=(LEADER,))
    number = received(stage)
    stage.wait(days=1)
    stage.presses(CLERK, "更多")
    assert "撤销“确认收到”（点错了）" not in stage.labels(CLERK)
    stage.presses_data(CLERK, f"rc:{number}:undo_receipt")
    assert stage.last(CLERK).event == "refused_receipt_of_another_day"
    stage.says(LEADER, f"/queue {number}")
    stage.presses(LEADER, "更多")
    assert "撤销“确认收到”（点错了）" not in stage.labels(LEADER)
    stage.presses_data(LEADER, f"rc:{number}:undo_receipt")
    assert stage.last(LEADER).event == "refused_receipt_of_another_day"
    assert request_of(stage, number).received_on == date(2026, 11, 24)


def test_used_receipt_stays(stage: Stage) -> None:
    """Once something rests on the receipt it holds."""
    number = received(stage)
    step(stage, CLERK, "征求第三方意见", "某某水厂", "今天")
    step(stage, CLERK, "登记收到的意见", "同意公开", "今天", "没有说")
    stage.presses(CLERK, "更多")
    assert "撤销“确认收到”（点错了）" not in stage.labels(CLERK)
    stage.presses_data(CLERK, f"rc:{number}:undo_receipt")
    assert stage.last(CLERK).event == "refused_receipt_is_used"


def test_help_of_a_village(stage: Stage) -> None:
    """协办函: the letter is there to print, the clock goes on, the answer is on record."""
    number = received(stage)
    before = request_of(stage, number).due_on
    step(stage, CLERK, "请站所、村协助（协办函）", "桥头村村民委员会", "查找2025年的发放表", "12月4日")
    letter = stage.last(CLERK).document
    assert letter is not None
    assert letter.filename.startswith("政府信息公开申请协办函")
    stage.wait(days=3)
    step(stage, CLERK, "登记协办的回复", "桥头村村民委员会", "查了会计档案，有这张表", "今天")
    found = request_of(stage, number)
    assert (found.status, found.due_on) == (Status.ASSIGNED, before)
    stage.presses(CLERK, "更多")
    assert "登记协办的回复" not in stage.labels(CLERK)
    step(stage, CLERK, "请站所、村协助（协办函）", "财政所", "查找凭证", "2027年3月1日")
    assert stage.last(CLERK).event == "refused_cooperation_period"


def test_outcome_form_goes_back(stage: Stage) -> None:
    """上一步 takes back one answer after the other, and before the first another situation is chosen."""
    number = received(stage)
    for label in ("答复", "没有，或者不归我们", "查过了没有，或者不归我们管"):
        stage.presses(CLERK, label)
    assert "机器人" in stage.last(CLERK).text
    stage.says(CLERK, "档案室")
    stage.says(CLERK, "没有找到")
    stage.presses(CLERK, "没有别的机关，或者不知道")
    assert stage.last(CLERK).event == "reply_text"
    stage.presses(CLERK, "上一步")
    assert "归哪个机关公开" in stage.last(CLERK).text
    stage.says(CLERK, "县农业农村局，0745-6823333")
    stage.says(CLERK, "该信息由县农业农村局保存。")
    assert "县农业农村局" in stage.last(CLERK).text
    for _ in range(4):
        stage.presses(CLERK, "上一步")
    assert "查了哪些地方" in stage.last(CLERK).text
    stage.presses(CLERK, "上一步")
    assert stage.last(CLERK).event == "reply_situation"
    assert EventKind.DRAFTED not in kinds(stage, number)


def test_search_log_holds_the_bots_own_trail(stage: Stage) -> None:
    """D1 rests on what the clerk searched and on what the bot found among what is disclosed."""
    number = stage.file_request(WANG, "低保政策公开了吗")
    stage.presses(CLERK, label_of("confirm_receipt"))
    for label in ("答复", "没有，或者不归我们", "查过了没有，或者不归我们管"):
        stage.presses(CLERK, label)
    assert "《" in stage.last(CLERK).text
    for text in ("档案室", "没有找到", "县民政局", "本机关没有该信息。"):
        stage.says(CLERK, text)
    stage.presses(CLERK, "保存答复")
    with stage.ledger.reading() as connection:
        events = stage.register.session(connection).requests.history(number)
    searched = next(event for event in events if event.kind is EventKind.SEARCHED)
    assert searched.data["places"] == "档案室"
    assert searched.data["trail"]


def test_only_a_number_of_china_post(stage: Stage) -> None:
    """A courier's number and a typing error are told apart, at once; the form goes on."""
    number = received(stage)
    for label in ("答复", "可以公开，全部给"):
        stage.presses(CLERK, label)
    stage.says(CLERK, "总投资38万元。")
    stage.presses(CLERK, "保存答复")
    assert "发出，今天发电子邮件" not in stage.labels(CLERK)  # no online channel for the remedy
    stage.presses(CLERK, "发出，今天交邮政邮寄")
    stage.says(CLERK, "SF1234567890123")
    assert "快递公司不算" in stage.last(CLERK).text
    stage.says(CLERK, "XA123")
    assert "13 位" in stage.last(CLERK).text
    stage.says(CLERK, "xa 1234 5678 936")
    stage.presses(CLERK, "确认登记")
    assert request_of(stage, number).status is Status.SERVED


def test_entrusted_service(stage: Stage) -> None:
    """委托送达 has its own question, and a filler is no proof."""
    number = received(stage)
    for label in ("答复", "可以公开，全部给"):
        stage.presses(CLERK, label)
    stage.says(CLERK, "总投资38万元。")
    for label in ("保存答复", "发出，别的日期或方式"):
        stage.presses(CLERK, label)
    assert "发电子邮件" not in stage.labels(CLERK)
    stage.presses(CLERK, "委托送达")
    stage.presses(CLERK, "今天")
    assert "委托谁送的" in stage.last(CLERK).text
    stage.says(CLERK, "无无")
    assert "送达凭证" in stage.last(CLERK).text
    stage.says(CLERK, "委托桥头村村委会送达，王小明本人签收")
    stage.presses(CLERK, "确认登记")
    reply = request_of(stage, number).reply
    assert reply is not None
    assert reply.method is ServiceMethod.ENTRUSTED
    assert "委托送达" in stage.last(WANG).text


def test_email_only_to_an_address_that_was_given(stage: Stage) -> None:
    """With an online remedy e-mail is a way, to the applicant's own address; another is refused."""
    stage.restart(reconsideration_online="https://fuyi.example.gov.cn")
    number = received(stage)
    for label in ("答复", "可以公开，全部给"):
        stage.presses(CLERK, label)
    stage.says(CLERK, "总投资38万元。")
    stage.presses(CLERK, "保存答复")
    stage.presses(CLERK, "发出，今天发电子邮件")
    stage.says(CLERK, "somebody@example.cn")
    assert "申请人没有写过这个地址" in stage.last(CLERK).text
    assert request_of(stage, number).status is not Status.SERVED
