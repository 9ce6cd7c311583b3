"""What a new clerk types first, instead of pressing: each phrase in four states, and what must happen.

The states: nothing is open; a request is open (received, nobody has taken it); in the middle of a form about
it, which asks for a text; that form parked.
"""

from __future__ import annotations

import pytest

from bot.dialogue.payload import Act, is_about_a_request
from bot.dialogue.routing.pressing import staff_acts
from bot.dialogue.staff import forms
from bot.dialogue.staff.actions import Action, actions_in, actions_of
from bot.messages import Language, Outgoing
from tests.dialogue.stage import CLERK, LEADER, LI, WANG, WORDS, Stage, label_of

STATES = ("nothing", "open", "form", "parked")
SEARCHED = {  # what a resident's question leads to
    "answer_found",
    "answers_found",
    "suggestions",
    "suggestions_several",
    "suggestions_nearest",
    "suggestions_weak",
    "suggestions_lacking",
    "not_found",
    "not_found_of_year",
    "guide_shown",
    "guide",
    "smalltalk_chat",
}
QUEUE, CARD, WHICH, NOT_NOW = "queue", "staff_request", "staff_which", "staff_nothing_for"
# phrase -> the event of what is said in each state; of a request that cannot take it: its card, and why.
FIRST: dict[str, tuple[str, str, str, str]] = {
    "待办": (QUEUE, QUEUE, QUEUE, QUEUE),
    "今天有什么要办的": (QUEUE, QUEUE, QUEUE, QUEUE),
    "有几件没办": (QUEUE, QUEUE, QUEUE, QUEUE),
    "确认收到": (NOT_NOW, CARD, CARD, CARD),
    "收到了": (NOT_NOW, CARD, CARD, CARD),
    "我来办": (WHICH, "staff_taken", "staff_meant", "staff_taken"),
    "答复": (WHICH, "reply_situation", "reply_situation", "reply_situation"),
    "怎么答复": (WHICH, "reply_situation", "reply_situation", "reply_situation"),
    "发出去": (NOT_NOW, CARD, CARD, CARD),
    "审核同意": (NOT_NOW, CARD, CARD, CARD),
    "转办": (WHICH, "record_assignee", "record_assignee", "record_assignee"),
    "延期": (WHICH, "record_working_days", "record_working_days", "record_working_days"),
    "补正": (WHICH, "record_unclear", "record_unclear", "record_unclear"),
    "征求第三方意见": (WHICH, "record_party", "record_party", "record_party"),
    "2026-0001": (CARD, CARD, CARD, CARD),
    "1号": (CARD, CARD, CARD, CARD),
    "第1件": (CARD, CARD, CARD, CARD),
    "2号": ("no_such_number", "no_such_number", "no_such_number", "no_such_number"),
    "2026-0001办到哪了": ("my_timeline", "my_timeline", "my_timeline", "my_timeline"),
    "办到哪了": (WHICH, "my_timeline", "my_timeline", "my_timeline"),
    "进度": (QUEUE, CARD, CARD, CARD),
    "期限": (QUEUE, "due_date_proof", "due_date_proof", "due_date_proof"),
    "更多": (WHICH, "staff_more", "staff_more", "staff_more"),
    "这件怎么办": (QUEUE, CARD, CARD, CARD),
    "归档": (NOT_NOW, CARD, CARD, CARD),
    "取消": ("nothing_to_cancel", "nothing_to_cancel", "cancelled", "cancelled"),
    "继续": ("nothing_to_resume", "nothing_to_resume", "record_note", "record_note"),
}


def prepare(stage: Stage, state: str) -> None:
    """A request that is received, and the clerk in one of the states."""
    stage.file_request(WANG)
    stage.presses(CLERK, label_of("confirm_receipt"))
    if state == "nothing":
        stage.says(CLERK, "待办")
    if state in ("form", "parked"):
        stage.presses(CLERK, "更多")
        stage.presses(CLERK, "内部备注")
    if state == "parked":
        stage.says(CLERK, "帮助")


def own(stage: Stage, text: str) -> list[Outgoing]:
    """What the clerk is told."""
    return [each for each in stage.says(CLERK, text).outgoing if str(each.address) == CLERK]


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("phrase", FIRST)
def test_first_phrases_of_a_clerk(stage: Stage, phrase: str, state: str) -> None:
    """Never a search; what is done is done to the request that is open, and its number is said."""
    prepare(stage, state)
    said = own(stage, phrase)
    assert said[0].event.removesuffix("_for_staff") not in SEARCHED
    assert said[0].event == FIRST[phrase][STATES.index(state)]
    if state == "form" and phrase not in ("取消", "继续") and not said[0].event.startswith("record_"):
        assert "继续填" in said[-1].labels  # nothing is lost; another form gives it back when it is finished
    if said[0].event not in (
        "nothing_to_cancel",
        "nothing_to_resume",
        "no_such_number",
        "cancelled",
        NOT_NOW,
    ):
        told = said[0].text + "".join(said[0].labels)
        assert "2026-0001" in told


@pytest.mark.parametrize(
    "typed", ["低保咋申请", "一共收了多少件申请", "预算公开了没有", "答复期限是多少天", "联系电话"]
)
def test_questions_of_a_clerk_are_searched(stage: Stage, typed: str) -> None:
    """A member of staff asks the knowledge like anybody."""
    prepare(stage, "open")
    assert own(stage, typed)[0].event.removesuffix("_for_staff") in SEARCHED


def test_receipt_is_confirmed_by_word(stage: Stage) -> None:
    """收到了, with the card on screen."""
    stage.file_request(WANG)
    stage.says(CLERK, "2026-0001")
    said = own(stage, "收到了")
    assert said[0].event == "staff_receipt_confirmed"
    assert "2026-0001" in said[0].text
    assert stage.last(WANG).event == "request_received"


def test_what_came_meanwhile_is_asked(stage: Stage) -> None:
    """One is open, another one came since: 收到了 may mean either, so it is asked."""
    stage.file_request(WANG)
    stage.says(CLERK, "2026-0001")
    stage.wait(minutes=5)
    stage.file_request(LI, "低保发放名单")
    said = own(stage, "收到了")
    assert said[0].event == "staff_which"
    assert [label[:15] for label in said[0].labels[:2]] == [
        "确认收到（开始计期）：2026",
        "确认收到（开始计期）：2026",
    ]
    stage.says(CLERK, "2")
    assert stage.last(CLERK).event == "staff_receipt_confirmed"
    assert "2026-0002" in stage.last(CLERK).text


def test_yesterdays_request_is_not_open(stage: Stage) -> None:
    """What was looked at long ago is not what is meant."""
    prepare(stage, "open")
    stage.wait(hours=20)
    assert own(stage, "转办")[0].event == "staff_which"


def test_named_request_goes_before_the_open_one(stage: Stage) -> None:
    """2号转办, 2026-0002 延期."""
    prepare(stage, "open")
    stage.file_request(LI, "低保发放名单")
    stage.says(CLERK, "2026-0001")
    assert "2026-0002" in own(stage, "2号转办")[0].text
    assert "2026-0002" in own(stage, "2026-0002 转给别人办")[0].text


def test_a_reply_goes_out_by_words(stage: Stage) -> None:
    """答复, 审核同意, 发出去; how it is sent is asked, for it cannot be taken back."""
    stage.restart(leaders=(LEADER,))
    prepare(stage, "open")
    own(stage, "答复")
    for typed in ("可以公开，全部给", "村口桥2025年加固，总投资38万元。", "保存答复"):
        own(stage, typed)
    asked = stage.says(LEADER, "审核同意").outgoing[0]
    assert asked.event == "staff_which"
    stage.presses(LEADER, asked.labels[0])
    assert stage.last(LEADER).event == "staff_reviewed"
    stage.says(CLERK, "2026-0001")
    ways = own(stage, "发出去")[0]
    assert ways.event == "staff_meant"
    assert "发出，今天当面送达签收：2026-0001 村口桥加固花了多少钱" in ways.labels
    stage.presses(CLERK, ways.labels[0])
    assert stage.last(CLERK).event == "staff_served"


def test_a_form_comes_back(stage: Stage) -> None:
    """A number in the middle of a form opens the card; 继续 goes on where the form was."""
    prepare(stage, "open")
    stage.wait(days=1)  # 昨天 is the day of receipt
    stage.presses(CLERK, "更多")
    stage.presses(CLERK, "征求第三方意见")
    stage.says(CLERK, "桥头村村民委员会")
    assert own(stage, "2026-0001")[0].event == CARD
    assert own(stage, "继续")[0].event == "record_sent_on"
    assert own(stage, "昨天")[0].event == "record_sent_proof"


def test_another_form_of_the_same_request_keeps_the_first(stage: Stage) -> None:
    """延期 typed in the middle of another form: that one waits."""
    prepare(stage, "open")
    stage.presses(CLERK, "更多")
    stage.presses(CLERK, "征求第三方意见")
    stage.says(CLERK, "桥头村村民委员会")
    assert own(stage, "延期")[0].event == "record_working_days"
    stage.says(CLERK, "取消")
    assert own(stage, "继续")[0].event == "record_sent_on"


def test_a_full_form_is_dropped_only_when_meant(stage: Stage) -> None:
    """取消 asks; 继续 goes on, 取消 once more drops."""
    prepare(stage, "open")
    stage.presses(CLERK, "更多")
    stage.presses(CLERK, "征求第三方意见")
    for typed in ("桥头村村民委员会", "今天"):
        stage.says(CLERK, typed)
    assert own(stage, "取消")[0].event == "cancel_sure"
    assert own(stage, "继续")[0].event == "record_read_back"
    assert own(stage, "取消")[0].event == "cancel_sure"
    dropped = own(stage, "取消")[0]
    assert dropped.event == "cancelled"
    assert dropped.labels == ["回到这件", "看待办"]
    assert own(stage, "继续")[0].event == "nothing_to_resume"


def test_a_number_is_a_button_or_said_to_be_none(stage: Stage) -> None:
    """In every form: 18 is neither stored nor searched."""
    prepare(stage, "open")
    assert own(stage, "40")[0].event == "no_such_choice"
    stage.presses(CLERK, "更多")
    stage.presses(CLERK, "延期")
    assert "没有第 18 个选项" in own(stage, "18")[0].text
    assert own(stage, "1")[0].event == "record_extension_reason"  # [1] 5 个工作日
    stage.says(CLERK, "取消")
    stage.says(CLERK, "取消")
    stage.presses(CLERK, "更多")
    stage.presses(CLERK, "内部备注")
    assert "没有第 7 个选项" in own(stage, "7")[0].text


def test_answers_are_no_actions(stage: Stage) -> None:
    """The number that a field asks for, and sentences that hold the name of an action, stay answers."""
    prepare(stage, "form")
    for typed in ("和2026-0001一起答复", "收到档案室的答复，等延期批下来再说"):
        stage.presses(CLERK, "更多")
        stage.presses(CLERK, "内部备注")
        assert own(stage, typed)[0].event == "record_read_back"
        stage.says(CLERK, "取消")


def every_action() -> tuple[Action, ...]:
    return actions_of(WORDS, staff_acts(), forms.ABOUT_REQUESTS)


def test_every_button_is_understood_by_its_words() -> None:
    """The label of each action names that action, and nothing else with another effect."""
    actions = every_action()
    assert len(actions) > 60
    for action in actions:
        label = WORDS.say(action.label, Language.SIMPLIFIED)
        found = actions_in(label, actions, WORDS, Language.SIMPLIFIED)
        assert action in found, label


def test_every_button_of_staff_has_a_name() -> None:
    """A new act about a request gets a label after its name, so that it is understood; these are inner."""
    named = {action.act for action in every_action()}
    inner = {Act.REPLY_SITUATION, Act.REPLY_OUTCOME, Act.REPLY_CHOOSE, Act.REPLY_BACK, Act.REPLY_SURE}
    inner |= {Act.INQUIRY_CARD, Act.RECORD_TAKE}
    assert {act for act in staff_acts() if is_about_a_request(act)} - named == inner


@pytest.mark.parametrize(
    ("typed", "label"),
    [
        ("麻烦帮我确认收到", "button_confirm_receipt"),
        ("把这件转给别人办吧", "step_assign"),
        ("征求三方意见", "step_third_party"),
        ("请申请人补正一下", "button_ask_correction"),
        ("我想延期20个工作日", "step_extend"),
        ("这个归我办", "button_take"),
        ("確認收到", "button_confirm_receipt"),
    ],
)
def test_near_forms(typed: str, label: str) -> None:
    """Politeness, pronouns, one character less, traditional characters."""
    found = actions_in(typed, every_action(), WORDS, Language.SIMPLIFIED)
    assert label in {action.label for action in found}


@pytest.mark.parametrize(
    "typed", ["不公开", "公开多少条", "延期的多不多", "补正怎么写", "收费标准", "身份证掉了在哪补"]
)
def test_far_forms(typed: str) -> None:
    """Opposites and questions are no actions."""
    assert actions_in(typed, every_action(), WORDS, Language.SIMPLIFIED) == []


def test_staff_are_not_sent_to_ask_staff(stage: Stage) -> None:
    """咨询工作人员 is for residents; a clerk is told what to do for one."""
    said = own(stage, "村口的桥有多宽多长")[0]
    assert said.event.endswith("_for_staff")
    assert "咨询工作人员" not in said.labels
    assert "咨询" not in said.text


def test_old_button_of_a_finished_request(stage: Stage) -> None:
    """答复 and 延期 under an old card: said at once, with the ways on."""
    number = stage.file_request(WANG)
    stage.reply_to(number)
    for data in (f"re:{number}", f"rc:{number}:extend"):
        said = stage.presses_data(CLERK, data).outgoing[0]
        assert said.event == "refused_wrong_step"
        assert said.labels == ["回到这件", "更多"]


def test_staff_are_told_the_same_each_time(stage: Stage) -> None:
    """However often nothing is found, a clerk is not sent to a person: he is one."""
    for _ in range(5):
        said = own(stage, "村口的桥有多宽多长")[0]
        assert said.event.endswith("_for_staff")
        assert not {"咨询工作人员", "找人帮忙"} & set(said.labels)
