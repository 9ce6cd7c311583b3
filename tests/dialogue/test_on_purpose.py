"""A clerk who tries every error on purpose: told what is wrong and the way on, and nothing happens."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.desk.model import EventKind, Status
from bot.dialogue.payload import Act
from bot.dialogue.routing.pressing import staff_acts
from bot.dialogue.staff import forms, hindrances
from bot.dialogue.staff.actions import actions_of
from bot.dialogue.staff.spoken import buttons_of
from bot.messages import Address, Language, Outgoing
from tests.dialogue.stage import ADMIN, CLERK, LEADER, WANG, WORDS, Stage, label_of
from tests.dialogue.test_reload import editable
from tests.dialogue.test_steps import kinds, received, request_of, step

# These only show something, and stand on every card.
SHOWN_ALWAYS = {Act.CARD, Act.IDENTITY, Act.TIMELINE, Act.DUE_DATE, Act.MORE, Act.LETTERS}


def said(stage: Stage, text: str, who: str = CLERK) -> Outgoing:
    return stage.says(who, text).outgoing[0]


def test_second_extension(stage: Stage) -> None:
    """Closed with the article, by word and under 更多; nothing is asked first."""
    stage.restart(leaders=(LEADER,))
    number = received(stage)
    stage.says(LEADER, number)
    step(stage, LEADER, "延期", "10 个工作日", "要向县里调取档案")
    for typed in ("延期", "再延期20个工作日", f"{number} 延期"):
        assert "延期只能一次" in said(stage, typed, LEADER).text
    stage.presses(LEADER, "更多")
    assert "“延期”现在办不了：延期只能一次" in stage.last(LEADER).text
    assert "延期" not in stage.labels(LEADER)


def test_c4_without_consultation(stage: Stage) -> None:
    """Before anything is written; the consultation is one tap away."""
    received(stage)
    for typed in ("答复", "依法不能公开"):
        said(stage, typed)
    refused = said(stage, "会损害第三方合法权益")
    assert "先书面征求第三方意见" in refused.text
    assert said(stage, "征求第三方意见").event == "record_party"


@pytest.mark.parametrize("nothing", ["无", "-", "没查", "。"])
def test_d1_with_no_search(stage: Stage, nothing: str) -> None:
    """Where was searched is asked until it says a place."""
    number = received(stage)
    for typed in ("答复", "没有，或者不归我们", "查过了没有，或者不归我们管"):
        said(stage, typed)
    asked = said(stage, nothing)
    assert asked.event == "reply_field"
    assert "查了哪些地方" in asked.text
    assert request_of(stage, number).reply is None


def test_acts_on_what_is_served(stage: Stage) -> None:
    """By word the card comes with what is not possible; an old button leads to the card."""
    number = stage.file_request(WANG)
    stage.reply_to(number)
    before = kinds(stage, number)
    for typed in ("答复", "发出去", "确认收到", "延期", "撤回", "审核同意"):
        shown = said(stage, f"{number} {typed}")
        assert f"{number} 现在办不了“{typed}”" in shown.text
        assert "已经答复" in shown.text
    for data in (f"sv:{number}:by_hand", f"sr:{number}", f"sk:{number}", f"su:{number}"):
        refused = stage.presses_data(CLERK, data).outgoing[0]
        assert refused.event == "refused_wrong_step"
        assert refused.labels == ["回到这件"]
    assert kinds(stage, number) == before


def test_days_that_cannot_be_are_told_where_they_are_typed(stage: Stage) -> None:
    """Before the receipt, or years ahead: before anything else is asked."""
    stage.restart(leaders=(LEADER,))
    number = received(stage)
    stage.says(CLERK, number)
    for typed in ("更多", "征求第三方意见", "甲厂", "9月1日"):
        asked = said(stage, typed)
    assert asked.event == "record_sent_on"
    assert "日期早于收到申请的日子" in asked.text
    for typed in ("取消", "取消", number, "更多"):
        said(stage, typed)
    step(stage, CLERK, "要求说明理由（大量申请）", "本月第十一件", "10 个工作日")
    stage.says(CLERK, number)
    step(stage, CLERK, "登记申请人的理由", "同意", "合理")  # their word, and no name of an action
    assert "只有负责人能办" in said(stage, "延迟答复").text
    for typed in (number, "更多", "确定延迟答复的日期", "2030-01-01"):
        asked = said(stage, typed, LEADER)
    assert asked.event == "record_until"
    assert "最多延迟 20 个工作日" in asked.text


def test_partial_reply_is_told_plainly(stage: Stage) -> None:
    """The reviewer reads its fields in the order of the form; the applicant no remark of Table 3."""
    stage.restart(leaders=(LEADER,))
    number = received(stage)
    fields = ("总价", "单价分析表", "第十四条（国家秘密）", "涉及定密事项")
    for typed in ("答复", "只能公开一部分", *fields, "总额38万元。", "保存答复"):
        said(stage, typed)
    stage.presses(LEADER, "审核同意")
    shown = stage.last(LEADER).text
    places = [shown.index(each) for each in fields]
    assert places == sorted(places)
    for typed in (number, "发出，今天当面送达签收"):
        said(stage, typed)
    told = stage.last(WANG).text
    assert "部分公开" in told
    assert "不计其他情形" not in told


def test_own_late_entry_is_told_why(stage: Stage) -> None:
    """确认补登 typed by who entered it: why there is no button; 撤回补登 takes it back."""
    number = received(stage)
    stage.wait(days=3)
    stage.says(CLERK, number)
    step(stage, CLERK, "征求第三方意见", "甲厂", "昨天", "发文登记簿第3号")
    assert "自己补登的不能自己确认" in said(stage, f"{number} 确认补登").text
    said(stage, f"{number} 撤回补登")
    assert kinds(stage, number)[-1] is EventKind.LATE_ENTRY_DECLINED


@pytest.mark.parametrize(
    ("situation", "typed", "refused"),
    [
        ("不该按信息公开办", "重复申请", "没有查到这位申请人以前就同样内容提出过"),
        ("不予处理", "大量反复申请", "不到 10 件"),
        ("不予公开", "个人隐私", "先书面征求第三方意见"),
    ],
)
def test_outcomes_by_what_they_are_called(stage: Stage, situation: str, typed: str, refused: str) -> None:
    """The words of Table 3 and everyday ones pick what is shown, and nothing is searched."""
    received(stage)
    said(stage, "答复")
    said(stage, situation)
    assert refused in said(stage, typed).text


def test_what_has_to_come_first_is_said(stage: Stage) -> None:
    """A reply before receipt, while a correction is awaited; a suit against nothing; a fee of before."""
    number = stage.file_request(WANG)
    assert "先点“确认收到" in said(stage, f"{number} 答复").text
    said(stage, f"{number} 确认收到")
    assert "没有可以复议、诉讼的事" in said(stage, f"{number} 复议").text
    assert "请先登记哪天提起的" in said(stage, f"{number} 登记复议或诉讼的结果").text
    stage.file_ten(WANG)
    eleventh = received(stage)
    for typed in (eleventh, "通知缴费", "按件收 100 元（申请人本月第 12 件）", "昨天"):
        asked = said(stage, typed)
    assert asked.event == "record_notice_on"
    assert "日期早于收到申请的日子" in asked.text
    for typed in ("今天", "确认登记"):
        said(stage, typed)
    assert "正在等申请人缴费" in said(stage, f"{eleventh} 答复").text
    for typed in (f"{number} 要求补正", "请写明是哪一座桥。", "10 个工作日", "确认登记"):
        said(stage, typed)
    assert "正在等申请人补正" in said(stage, f"{number} 答复").text


@pytest.mark.parametrize(
    ("typed", "when"),
    [
        ("视为放弃", ("先要发补正通知", "先要发缴费通知")),
        ("改答复", ("答复存成草稿以后",)),
        ("行政诉讼", ("没有可以复议、诉讼的事",)),
        ("撤回收费通知", ("正在等缴费",)),
        ("登记协办的回复", ("发了协办函",)),
        ("发送答复", ("咨询才有",)),
        ("不予更正", ("更正本人信息的申请才有",)),
    ],
)
def test_what_cannot_be_done_says_when_it_could(stage: Stage, typed: str, when: tuple[str, ...]) -> None:
    """In the clerk's own words too; with nothing done."""
    number = received(stage)
    before = kinds(stage, number)
    shown = said(stage, f"{number} {typed}").text
    assert f"{number} 现在办不了“{typed}”" in shown
    assert [each for each in when if each not in shown] == []
    assert kinds(stage, number) == before


@pytest.mark.parametrize("state", ["submitted", "received", "correction asked", "served", "withdrawn"])
def test_every_step_that_cannot_be_taken_has_its_reason(stage: Stage, state: str) -> None:
    """Whichever step is named: on its button, or why not."""
    number = stage.file_request(WANG) if state == "submitted" else received(stage)
    if state == "correction asked":
        for typed in (f"{number} 要求补正", "请写明是哪一座桥。", "10 个工作日", "确认登记"):
            said(stage, typed)
    if state == "served":
        stage.reply_to_received(number)
    if state == "withdrawn":
        said(stage, f"撤回 {number}", WANG)
        stage.presses(WANG, label_of("withdraw_sure"))
    acts = actions_of(WORDS, staff_acts(), forms.ABOUT_REQUESTS)
    silent = []
    with stage.ledger.reading() as connection:
        clerk = Address.parse(CLERK)
        visit = stage.conversation.looking(connection, clerk, Language.SIMPLIFIED, stage.now)
        offered = buttons_of(visit, number)
        for action in acts:
            can = any(action.is_of(button) for button in offered)
            if not can and action.act not in SHOWN_ALWAYS and not hindrances.reasons(visit, number, [action]):
                silent.append(action.label)
    assert len(acts) > 60
    assert silent == []


@pytest.mark.parametrize(
    "typed", ["2030-01-01", "2030-0101", "2026-1201", "2026/12/01", "20261201", "12月1日"]
)
def test_a_day_that_nothing_asks_for(stage: Stage, typed: str) -> None:
    """No register number, no question: said that nothing was entered, with the way on."""
    number = received(stage)
    stage.says(CLERK, number)
    shown = said(stage, typed)
    assert shown.event == "day_without_form"
    assert f"“{typed}”像是日期" in shown.text
    assert number in shown.text
    assert said(stage, number).event == "staff_request"


def test_words_beside_a_number_that_are_not_understood(stage: Stage) -> None:
    """The card comes with that, so that nobody believes it done; a polite word is none."""
    number = received(stage)
    assert "“他昨天下午又来过一趟”没有看懂" in said(stage, f"{number} 他昨天下午又来过一趟").text
    assert "没有看懂" not in said(stage, f"请看看 {number} 这件").text


def test_commands_of_others(stage: Stage) -> None:
    """/reload by a clerk: whose it is, not that it does not exist; for a resident it does not."""
    for typed in ("/reload", "更新知识库", "/grant"):
        assert said(stage, typed).event == "command_of_others"
    assert "管理员" in said(stage, "/reload").text
    assert said(stage, "/reload", WANG).event == "unknown_command"


def test_reload_with_a_broken_file_and_a_second_report(stage: Stage, tmp_path: Path) -> None:
    """A pdf that cannot be opened is named; so are two reports of one year, with the line that keeps one."""
    folder = editable(stage, tmp_path)
    (folder / "加密的通知.pdf").write_bytes(b"%PDF-1.7\ntrailer<</Encrypt 4 0 R>>\n%%EOF")
    report = (folder / "report_2018.txt").read_text(encoding="utf-8")
    (folder / "年报改.txt").write_text(report, encoding="utf-8")
    said(stage, "/reload", ADMIN)
    told = next(each.text for each in reversed(stage.seen[ADMIN]) if each.event == "reloaded")
    assert "加密的通知.pdf" in told
    assert "2018 年的年度报告有几份" in told
    assert "leave_out: 是" in told
    (folder / "年报改.txt").unlink()
    said(stage, "/reload", ADMIN)
    assert "有几份" not in stage.last(ADMIN).text


def test_a_child_and_joint_applicants(stage: Stage) -> None:
    """A child's request is not registered without a guardian; 无 for the others is taken."""
    number = received(stage)
    for typed in ("/queue " + number, "更多", "登记代理人、一起申请的人", "申请人自己", "无"):
        said(stage, typed)
    assert "没有别人" in stage.last(CLERK).text
    stage.says(CLERK, "取消")
    stage.says(CLERK, "取消")
    for typed in ("登记", "当面", "今天", "李红在场", "个人", "小明", "362227201501011230", "13800138000"):
        asked = said(stage, typed)
    assert asked.event == "record_agent_name"
    assert "不满十四周岁" in asked.text
    assert request_of(stage, number).status is Status.RECEIVED
