"""What is typed is read by what was just shown, by the open form, by what is owed; then it is a question."""

from __future__ import annotations

import pytest

from bot.channels.courtesy import Courtesy
from bot.desk.model import Status
from bot.mailbox.letters import Letter
from bot.mailbox.tables import outbox
from bot.messages import Address, Outgoing, Turn
from tests.dialogue.stage import CLERK, ID_NUMBER, WANG, WORDS, Stage, label_of

MISSING = "村口那座桥谁修的"


def event(turn: Turn) -> str:
    return turn.outgoing[0].event


def at_kind(stage: Stage) -> None:
    stage.says(WANG, "申请")


def at_id_number(stage: Stage) -> None:
    at_kind(stage)
    stage.presses(WANG, "个人")
    stage.says(WANG, "王小明")


def at_wanted(stage: Stage) -> None:
    at_id_number(stage)
    stage.says(WANG, ID_NUMBER)
    stage.says(WANG, "13800138000")


def at_form(stage: Stage) -> None:
    at_wanted(stage)
    stage.says(WANG, "村口桥加固花了多少钱")


def at_read_back(stage: Stage) -> None:
    at_form(stage)
    stage.presses(WANG, "电子文件")
    stage.presses(WANG, "在这个聊天里发给我")


def parked(stage: Stage) -> None:
    at_read_back(stage)
    stage.says(WANG, "目录")


def prefilled(stage: Stage) -> None:
    stage.says(WANG, MISSING)
    stage.presses(WANG, "申请公开")
    stage.presses(WANG, "个人")
    for text in ("王小明", ID_NUMBER, "13800138000"):
        stage.says(WANG, text)


def asked_to_correct(stage: Stage) -> str:
    number = stage.file_request(WANG)
    stage.says(CLERK, f"/queue {number}")
    stage.presses(CLERK, label_of("confirm_receipt"))
    stage.presses(CLERK, "要求补正")
    stage.says(CLERK, "请写明是哪一座桥。")
    stage.presses(CLERK, "10 个工作日")
    stage.presses(CLERK, "确认登记")
    return number


@pytest.mark.parametrize(
    ("state", "text", "becomes"),
    [
        (at_kind, "我自己", "form_name"),
        (at_kind, "就我一个人啊", "form_name"),
        (at_kind, "Myself", "form_name"),
        (at_kind, "1", "form_name"),
        (at_id_number, "我用护照行吗", "form_other_document"),
        (at_id_number, "返回上一步", "form_name"),
        (at_id_number, "回去", "form_name"),
        (at_id_number, "2", "form_name"),
        (at_form, "电子版的", "form_way"),
        (at_form, "要纸质的吧", "form_way"),
        (at_read_back, "没错，提交吧", "request_submitted"),
        (at_read_back, "好的好的，交上去吧", "request_submitted"),
        (at_read_back, "submit", "request_submitted"),
        (at_read_back, "电话写错了要改", "form_contact"),
        (at_read_back, "我要改身份证号", "form_id_number"),
        (at_read_back, "修改", "read_back"),
        (prefilled, "是的", "form_form"),
        (prefilled, "下一步", "form_form"),
        (prefilled, "不对，要改一下", "form_wanted_prefilled"),
        (parked, "继续填写", "read_back"),
        (parked, ID_NUMBER, "go_on_with_form"),
        (parked, "13800138000", "go_on_with_form"),
        (parked, "改证件", "go_on_with_form"),
        (parked, "确认提交", "read_back"),
    ],
)
def test_words_for_what_is_shown(stage: Stage, state: object, text: str, becomes: str) -> None:
    """Any wording and either language press the button; what belongs to a parked form asks for it."""
    assert callable(state)
    state(stage)
    assert event(stage.says(WANG, text)) == becomes
    assert stage.last(WANG).text.count(text) == stage.last(WANG).text.count(f"第 {text} 步")


def test_a_parked_form_goes_on_after_its_words(stage: Stage) -> None:
    parked(stage)
    stage.says(WANG, "改证件")
    assert event(stage.says(WANG, "好的")) == "read_back"


def test_an_id_number_is_masked_when_one_goes_back(stage: Stage) -> None:
    """It is checked already; nobody reads it over a shoulder."""
    at_wanted(stage)
    for _ in range(2):
        stage.presses(WANG, "上一步")
    said = stage.last(WANG)
    assert said.event == "form_id_number"
    assert (ID_NUMBER in said.text, "3622**********1234" in said.text) == (False, True)


@pytest.mark.parametrize("text", ["补正", "我来补充", "现在补充"])
def test_who_owes_a_correction_is_asked_for_it(stage: Stage, text: str) -> None:
    """Whatever it is called; with what the office asked."""
    asked_to_correct(stage)
    stage.says(WANG, "你好")
    said = stage.says(WANG, text).outgoing[0]
    assert (said.event, "请写明是哪一座桥" in said.text) == ("correction_text", True)


def test_the_missing_words_are_a_supplement_and_not_a_search(stage: Stage) -> None:
    """Asked, read back with what was asked and written first, confirmed; both texts stay."""
    number = asked_to_correct(stage)
    said = stage.says(WANG, "就是三组到四组中间那座石桥").outgoing[0]
    assert (said.event, number in said.text) == ("is_supplement", True)
    shown = stage.says(WANG, "是的").outgoing[0]
    assert shown.event == "correction_read_back"
    for words in ("请写明是哪一座桥", "村口桥加固花了多少钱", "三组到四组中间那座石桥"):
        assert words in shown.text
    assert event(stage.says(WANG, "好的")) == "correction_received"
    with stage.ledger.reading() as connection:
        request = stage.register.session(connection).requests.get(number)
    assert request.status is not Status.CORRECTION_ASKED
    assert request.content == "村口桥加固花了多少钱（补正：就是三组到四组中间那座石桥）"


def test_a_yes_is_no_supplement(stage: Stage) -> None:
    asked_to_correct(stage)
    stage.presses(WANG, "现在补充")
    said = stage.says(WANG, "好的").outgoing[0]
    assert (said.event, "请把缺的内容写出来" in said.text) == ("correction_text", True)


def test_what_is_no_supplement_is_searched(stage: Stage) -> None:
    """不是 searches; a greeting is answered, with what is owed; a question with an answer too."""
    number = asked_to_correct(stage)
    stage.says(WANG, "就是三组到四组中间那座石桥")
    assert event(stage.presses(WANG, "不是，我问别的")) not in ("is_supplement", "question_gone")
    greeted = stage.says(WANG, "你好").outgoing[-1]
    assert (greeted.event, number in greeted.text) == ("smalltalk_greeting", True)
    answered = stage.says(WANG, "预算公开了没有").outgoing[-1]
    assert (answered.event, "现在补充" in answered.labels) == ("answer_found", True)


def test_a_supplement_is_written_anew(stage: Stage) -> None:
    """The second wording counts."""
    number = asked_to_correct(stage)
    stage.presses(WANG, "现在补充")
    stage.says(WANG, "村头的桥")
    stage.says(WANG, "村尾的桥")
    stage.presses(WANG, "确认补充")
    with stage.ledger.reading() as connection:
        assert stage.register.session(connection).requests.get(number).content.endswith("（补正：村尾的桥）")


# ---- the thread ------------------------------------------------------------------------------------------
def test_a_question_told_in_three_parts_is_filed_as_one(stage: Stage) -> None:
    """All three are prefilled, to be edited; a question of its own begins anew."""
    parts = ("我要看村里修路花了多少钱", "就是去年修的那条", "三组到四组那条")
    for text in parts:
        stage.says(WANG, text)
    stage.presses(WANG, "申请公开")
    stage.presses(WANG, "个人")
    for text in ("王小明", ID_NUMBER, "13800138000"):
        stage.says(WANG, text)
    shown = stage.last(WANG).text
    assert [text for text in parts if text not in shown] == []


def test_another_question_is_no_continuation(stage: Stage) -> None:
    stage.says(WANG, "村口那座桥谁修的")
    stage.says(WANG, "养老院食堂一顿饭多少钱")
    stage.says(WANG, "我还是要申请")
    stage.presses(WANG, "个人")
    for text in ("王小明", ID_NUMBER, "13800138000"):
        stage.says(WANG, text)
    assert "村口那座桥" not in stage.last(WANG).text


def test_repeated_misses_change_their_words(stage: Stage) -> None:
    """And end with a person, by telephone or in writing; what is found begins anew."""
    stage.restart(office_phone="0795-3200000")
    said = [
        stage.says(WANG, text).outgoing[0] for text in ("zzzz qqqq", "wwww rrrr", "kkkk jjjj", "vvvv xxxx")
    ]
    assert [each.event for each in said] == [
        "not_found",
        "not_found_again",
        "not_found_often",
        "not_found_often",
    ]
    assert ("0795-3200000" in said[2].text, "找工作人员" in said[2].labels) == (True, True)
    stage.says(WANG, "预算公开了没有")
    assert event(stage.says(WANG, "zzzz qqqq")) == "not_found"


def test_a_running_request_that_asks_the_same_is_named(stage: Stage) -> None:
    """By likeness; the new one may be filed all the same, and one of another year is another."""
    number = stage.file_request(WANG, "村口桥加固花了多少钱")
    at_wanted(stage)
    stage.says(WANG, "村口那座桥加固花了多少钱")
    stage.presses(WANG, "电子文件")
    stage.presses(WANG, "在这个聊天里发给我")
    said = stage.last(WANG)
    assert (said.event, number in said.text, "看这件申请" in said.labels) == ("read_back", True, True)
    assert event(stage.presses(WANG, "确认提交")) == "request_submitted"
    stage.file_request(WANG, "2019年村口桥加固花了多少钱")
    assert "看这件申请" not in [label for each in stage.seen[WANG][-3:-1] for label in each.labels]


def test_too_long_asks_for_a_sentence_and_loses_nothing(stage: Stage) -> None:
    at_wanted(stage)
    story = "去年村里修路的事说来话长。" * 200
    said = stage.says(WANG, story).outgoing[0]
    assert (said.event, "一句话" in said.text) == ("form_wanted", True)
    stage.says(WANG, "2025年三组修路的合同和结算")
    stage.presses(WANG, "电子文件")
    stage.presses(WANG, "在这个聊天里发给我")
    stage.presses(WANG, "确认提交")
    with stage.ledger.reading() as connection:
        content = stage.register.session(connection).requests.of(WANG)[0].content
    assert content == f"2025年三组修路的合同和结算\n{story}"


def test_the_rest_of_a_cut_message_is_no_answer(stage: Stage) -> None:
    """Telegram cuts a long text; its second part comes a second later."""
    at_form(stage)
    rest = "还有桥头那一段护坡是哪家公司做的，合同和验收单也要，最好把每一笔钱都列出来。"
    stage.wait(seconds=1)
    said = stage.says(WANG, rest).outgoing[0]
    assert (said.event, "接在" in said.text) == ("form_form", True)
    stage.presses(WANG, "电子文件")
    stage.presses(WANG, "在这个聊天里发给我")
    assert rest in stage.last(WANG).text


def test_an_edit_after_filing_gets_a_hint(stage: Stage) -> None:
    """A filed request is not changed by it; an edited question is still answered anew."""
    stage.file_request(WANG)
    assert event(stage.says(WANG, "村口桥加固", edited=True, message_id="7")) == "edited_after_filing"
    stage.says(WANG, "预算公开了没", message_id="8")
    assert event(stage.says(WANG, "预算公开了没有", edited=True, message_id="8")) == "answer_found"


# ---- said rightly ----------------------------------------------------------------------------------------
@pytest.mark.parametrize("text", ["我不想活了", "活着真没意思，死了算了", "我撑不下去了"])
def test_despair_is_heard_everywhere(stage: Stage, text: str) -> None:
    """Warm words first, the hotline, a person; no search and no form, also in the middle of one."""
    for prepare in (lambda stage: None, at_id_number):
        prepare(stage)
        said = stage.says(WANG, text).outgoing[0]
        assert said.event == "despair"
        assert "担心" in said.parts[0].text
        assert all(number in said.text for number in ("12356", "110", "120"))
        assert set(said.labels) <= {"找工作人员", "继续填", "不填了"}


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("有人打电话说我中奖了，让我先交税", "96110"),
        ("补贴要先交手续费才给，是真的吗", "96110"),
        ("有个人加我微信要我身份证号说给我办低保", "96110"),
        ("举报村干部收钱", "12388"),
        ("申请公开：村支书贪污的证据", "12388"),
        ("我要申请看村主任吃回扣的材料", "12388"),
        ("修路的款让书记装自己兜里了", "12388"),
        ("我家停电了找哪个", "95598"),
        ("社保断缴了咋补", "12333"),
        ("户口本丢了咋补办", "派出所"),
    ],
)
def test_whom_to_turn_to_comes_first_and_filing_stays_open(stage: Stage, text: str, number: str) -> None:
    turn = stage.says(WANG, text)
    assert number in turn.outgoing[0].text
    assert turn.offers_filing


# ---- what is told ----------------------------------------------------------------------------------------
def test_who_owes_is_reminded_before_the_period_ends(stage: Stage) -> None:
    """Three working days before, and on the last day but none; each once, and not after the supplement."""
    asked_to_correct(stage)
    reminded = 0
    for _ in range(20):
        stage.wait(days=1)
        reminded += sum(
            each.event == "remind_your_correction" for each in stage.make_rounds() + stage.make_rounds()
        )
    assert reminded == 2


def test_start_shows_first_what_waits(stage: Stage) -> None:
    number = asked_to_correct(stage)
    said = stage.says(WANG, "/start").outgoing[0]
    assert (number in said.parts[0].text, said.labels[0].startswith(number)) == (True, True)


def test_a_late_request_is_told_honestly(stage: Stage) -> None:
    """Not that somebody is working on it, but what the applicant can do."""
    number = stage.file_request(WANG)
    stage.says(CLERK, f"/queue {number}")
    stage.presses(CLERK, label_of("confirm_receipt"))
    stage.wait(days=40)
    said = stage.says(WANG, number).outgoing[0].text
    assert ("行政复议" in said, "到期前答复您" in said) == (True, False)


def test_an_outcome_is_told_in_plain_words(stage: Stage) -> None:
    number = stage.file_request(WANG)
    stage.reply_to(number)
    assert "予以公开：您要的都给您" in stage.says(WANG, number).outgoing[0].text


def test_english_is_answered_in_english(stage: Stage) -> None:
    """A sentence of English words; Latin letters that are none get one hint."""
    assert "Ask staff" in " ".join(
        stage.says(WANG, "how can i see the budget of the town").outgoing[0].labels
    )
    hints = [
        stage.says("telegram:77", text).outgoing[-1].text.count("/language")
        for text in ("yusuan gongkai", "zzz qqq")
    ]
    assert hints == [1, 0]


def test_who_cannot_be_reached_stands_in_queue_and_card(stage: Stage) -> None:
    """Until a later message arrives."""
    number = stage.file_request(WANG)
    values = {
        "channel": "telegram",
        "chat": WANG,
        "event": "request_received",
        "created_at": stage.now,
        "subject": number,
    }
    with stage.ledger.transaction() as connection:
        connection.execute(outbox.insert().values(**values, status="undeliverable"))
    assert "消息没送到" in stage.says(CLERK, "待办").outgoing[0].text
    assert "消息没送到" in stage.says(CLERK, number).outgoing[0].text
    letter = Letter(1, 1, stage.now, Outgoing(Address.parse(WANG), "request_received", (), subject=number))
    notice = Courtesy(WORDS, stage.settings).undelivered(stage.ledger, letter)[0]
    assert (number in notice.text, "138****8000" in notice.text, notice.subject) == (True, True, number)
    with stage.ledger.transaction() as connection:
        connection.execute(outbox.insert().values(**values, status="sent"))
    assert "消息没送到" not in stage.says(CLERK, number).outgoing[0].text


def test_a_number_without_a_list_says_so(stage: Stage) -> None:
    assert event(stage.says(WANG, "9")) == "number_without_list"


def test_a_wish_that_is_a_complaint_is_told_whom_to_turn_to(stage: Stage) -> None:
    """And the form goes on."""
    at_wanted(stage)
    said = stage.says(WANG, "村支书吃回扣的证据").outgoing[0]
    assert (said.event, "12388" in said.text) == ("form_form", True)
