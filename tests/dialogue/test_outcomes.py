"""A clerk who errs, on purpose or not, while choosing what a reply says: what is said, and when."""

from __future__ import annotations

from bot.desk.model import Outcome, Status
from tests.dialogue.stage import CLERK, WANG, Stage, label_of
from tests.dialogue.test_steps import received, request_of


def choose(stage: Stage, *labels: str) -> None:
    for label in ("答复", *labels):
        stage.presses(CLERK, label)


def test_disclosure_that_refuses_is_asked_about(stage: Stage) -> None:
    """The old button does not go round the question; the answer saves, or leads to a partial disclosure."""
    number = received(stage)
    choose(stage, "可以公开，全部给")
    stage.says(CLERK, "总投资38万元，施工合同不予公开。")
    save = next(b.data for row in stage.last(CLERK).buttons for b in row if b.label == "保存答复")
    for _ in range(2):  # a double tap
        stage.presses_data(CLERK, save)
        assert stage.last(CLERK).event == "refused_disclosed_text_refuses"
        assert "不予公开" in stage.last(CLERK).text
    assert request_of(stage, number).status is not Status.DRAFTED
    stage.presses(CLERK, "只能公开一部分")
    for text in ("总投资", "施工合同", "第十五条（商业秘密）", "合同里有单价，公开会影响经营"):
        stage.says(CLERK, text)
    assert "总投资38万元" in stage.last(CLERK).text  # what was written is kept
    stage.presses(CLERK, "保存答复")
    reply = request_of(stage, number).reply
    assert reply is not None
    assert reply.outcome is Outcome.PARTLY_DISCLOSED


def test_everything_given_all_the_same(stage: Stage) -> None:
    """Who says that all is given has the last word."""
    number = received(stage)
    choose(stage, "可以公开，全部给")
    stage.says(CLERK, "会议决定不予公开评标专家名单，会议纪要全文附后。")
    stage.presses(CLERK, "保存答复")
    stage.presses(CLERK, "确实全部给了，照样保存")
    assert request_of(stage, number).status is Status.DRAFTED


def test_repeat_offers_what_may_be_named(stage: Stage) -> None:
    """E2: refused at once where nothing was answered; else the number is a button, another one is refused."""
    first = received(stage)
    choose(stage, "不该按信息公开办", "同一人同一事，已经答复过")
    assert stage.last(CLERK).event == "refused_no_earlier_request"
    stage.reply_to_received(first)
    second = stage.file_request(WANG)
    stage.says(CLERK, f"/queue {second}")
    stage.presses(CLERK, label_of("confirm_receipt"))
    choose(stage, "不该按信息公开办", "同一人同一事，已经答复过")
    assert first in stage.labels(CLERK)
    stage.says(CLERK, "2026-0099")
    assert "2026-0099" in stage.last(CLERK).text
    assert stage.last(CLERK).event == "reply_field"
    stage.presses(CLERK, first)
    assert stage.last(CLERK).event == "reply_text"


def test_search_that_names_nothing(stage: Stage) -> None:
    """D1: a filler is refused where it is written, not at the end."""
    received(stage)
    choose(stage, "没有，或者不归我们", "查过了没有，或者不归我们管")
    for filler in ("无", "-", "没查"):
        stage.says(CLERK, filler)
        assert "至少一处" in stage.last(CLERK).text
    stage.says(CLERK, "档案室2019年以来的文书档案")
    stage.says(CLERK, "-")
    assert "请写查找的结果" in stage.last(CLERK).text


def test_kind_is_chosen_not_invented(stage: Stage) -> None:
    """C6: one of four, by button or in the same words; an old button answers no other question."""
    received(stage)
    choose(stage, "依法不能公开", "过程性：讨论记录、过程稿、磋商信函、请示报告")
    stage.says(CLERK, "会议纪要")
    assert "只能是这几种之一" in stage.last(CLERK).text
    old = next(b.data for row in stage.last(CLERK).buttons for b in row if b.label == "过程稿")
    stage.says(CLERK, "讨论记录；过程稿")
    assert "为什么" in stage.last(CLERK).text or "理由" in stage.last(CLERK).text
    stage.presses_data(CLERK, old)
    assert "请点下面的一个按钮" in stage.last(CLERK).text


def test_part_held_back_for_nobody_who_was_asked(stage: Stage) -> None:
    """B under art. 15 without a consultation is said in the read-back, and not refused."""
    number = received(stage)
    choose(stage, "只能公开一部分")
    for text in ("总投资", "联系人的电话", "第十五条（个人隐私）", "是施工人员的私人号码", "总投资38万元。"):
        stage.says(CLERK, text)
    assert "还没有登记征求过第三方意见" in stage.last(CLERK).text
    stage.presses(CLERK, "保存答复")
    assert request_of(stage, number).status is Status.DRAFTED
