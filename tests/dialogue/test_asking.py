"""A question and what becomes of it: answer, suggestions, not found, and the buttons under them."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.desk import tables
from bot.dialogue.memory import KEPT_QUESTIONS
from bot.messages import Attachment, OutcomeKind, Style, Turn
from tests.dialogue.stage import ADMIN, CLERK, LI, WANG, Stage

ANSWERED = "群众、企业、在外人士对乡政府信息公开工作的意见和建议"
MISSING = "村口桥加固花了多少钱"


def texts(turn: Turn) -> str:
    return "\n".join([*(message.text for message in turn.outgoing), *turn.outgoing[0].labels])


def find_answered(stage: Stage) -> Turn:
    """Some question that is answered outright: the matching is judged elsewhere."""
    for question in ("2018年累计主动公开政府信息多少条", ANSWERED, "预决算公开了哪些表"):
        turn = stage.says(WANG, question)
        if turn.outcome is OutcomeKind.ANSWER:
            return turn
    raise AssertionError("none of the questions is answered")


def find_suggested(stage: Stage) -> Turn:
    """Some question that leads to suggestions."""
    for question in ("社会救助", "扶贫", "预算", "公开"):
        turn = stage.says(WANG, question)
        if turn.outcome is OutcomeKind.SUGGEST:
            return turn
    raise AssertionError("none of the questions leads to suggestions")


def test_answer_quotes_its_source(stage: Stage) -> None:
    """An answer is a quotation from the entry, with its source below it."""
    turn = find_answered(stage)
    message = turn.outgoing[0]
    quotes = [part.text for part in message.parts if part.style is Style.QUOTE]
    sources = [part.text for part in message.parts if part.style is Style.SMALL]
    assert quotes[0] in turn.entries[0].text
    assert sources[0] == f"来源：{turn.entries[0].citation}"
    assert turn.offers_filing


def test_suggestion_is_picked_by_number(stage: Stage) -> None:
    """A typed number picks the button of that place."""
    turn = find_suggested(stage)
    first = turn.entries[0]
    shown = stage.says(WANG, "1")
    assert shown.entries[0].path == first.path
    assert "都不是" in turn.outgoing[0].labels


def test_pick_is_recorded(stage: Stage) -> None:
    """What is picked from suggestions is kept with the question."""
    find_suggested(stage)
    chosen = stage.says(WANG, "第1个").entries[0]
    with stage.ledger.reading() as connection:
        row = connection.execute(sa.select(tables.questions).order_by(tables.questions.c.id.desc())).first()
    assert row is not None
    assert row.chosen_entry_id.endswith(chosen.path)


def test_not_found_says_so(stage: Stage) -> None:
    """What is not there is not passed off as an answer, and both ways are offered."""
    turn = stage.says(WANG, MISSING)
    assert turn.outcome is OutcomeKind.ROUTE
    assert turn.entries == ()
    assert turn.offers_filing
    assert "没有查到" in texts(turn)
    assert turn.outgoing[0].labels == ["咨询工作人员", "申请公开", "换个说法再问"]


@pytest.mark.parametrize("label", ["没用", "都不是，我要咨询或申请公开"])
def test_useless_leads_on(stage: Stage, label: str) -> None:
    """Whoever is not helped is offered to ask or to file."""
    find_answered(stage)
    turn = stage.presses(WANG, label)
    assert turn.outgoing[0].labels == ["咨询工作人员", "申请公开", "换个说法再问"]
    assert turn.offers_filing


def test_useful_is_thanked_and_kept(stage: Stage) -> None:
    """有用 is recorded."""
    find_answered(stage)
    assert stage.presses(WANG, "有用").outgoing[0].event == "feedback_useful"
    with stage.ledger.reading() as connection:
        feedback = connection.execute(sa.select(tables.questions.c.feedback)).scalars().all()
    assert "useful" in feedback


def test_why_tells_the_words(stage: Stage) -> None:
    """Residents read which words matched; staff see the figures too."""
    find_answered(stage)
    turn = stage.presses(WANG, "为什么")
    assert turn.outgoing[0].event in ("why_matched", "why_close")
    assert len(turn.outgoing[0].parts) == 1


def test_question_is_kept_without_identity(stage: Stage) -> None:
    """Numbers are masked, and nothing tells who asked."""
    stage.says(WANG, "我是13812345678，身份证362227199001011234，桥花了多少钱")
    with stage.ledger.reading() as connection:
        row = connection.execute(sa.select(tables.questions)).mappings().one()
    assert "13812345678" not in row["text_masked"]
    assert "362227199001011234" not in row["text_masked"]
    assert WANG not in str(dict(row))


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("你好", OutcomeKind.SMALLTALK),
        ("谢谢", OutcomeKind.SMALLTALK),
        ("怎么申请公开", OutcomeKind.GUIDE),
        ("我要投诉隔壁半夜施工太吵", OutcomeKind.REDIRECT),
        ("着火了快救命", OutcomeKind.REDIRECT),
    ],
)
def test_what_is_no_question(stage: Stage, text: str, outcome: OutcomeKind) -> None:
    """Small talk, the guide and other channels have their own words."""
    assert stage.says(WANG, text).outcome is outcome


def test_a_long_story_is_no_question_about_requests(stage: Stage) -> None:
    """It has their words somewhere, and is about something else."""
    story = (
        "我家后面的养猪场臭了三年，夏天窗户都不敢开，找村里说了好多回，村里让写材料，材料交上去也没有下文，"
        "去年年底又说要重新申请，要多久答复也不讲，怎么申请也不讲，老人都咳出病来了，请领导来看一看"
    )
    turn = stage.says(WANG, story)
    assert turn.outcome is not OutcomeKind.GUIDE


def test_complaint_names_the_channel_and_may_be_filed(stage: Stage) -> None:
    """12345 by number, and the buttons to file anyway."""
    turn = stage.says(WANG, "我要投诉隔壁半夜施工太吵")
    assert "12345" in texts(turn)
    assert turn.offers_filing
    stage.presses(WANG, "申请公开")
    assert stage.last(WANG).event == "form_kind"


def test_emergency_numbers_come_first(stage: Stage) -> None:
    """110, 119 and 120 stand before anything else."""
    first, *_ = stage.says(WANG, "着火了快救命").outgoing[0].parts[1:]
    assert any(number in first.text for number in ("110", "119", "120"))


def test_guide_leads_to_the_form(stage: Stage) -> None:
    """Whoever asks how to request can begin at once."""
    turn = stage.says(WANG, "怎么申请公开")
    assert turn.offers_filing
    assert "申请公开" in turn.outgoing[0].labels


def test_traditional_words_but_source_verbatim(stage: Stage) -> None:
    """Who writes traditional is spoken to in it; a quotation stays as published, until chosen otherwise."""
    turn = stage.says(WANG, "累計主動公開政府信息多少條")
    said = turn.outgoing[0].parts[0].text
    assert said in ("為您找到：", "您是不是想問下面哪一個？請點按鈕，或者回復號碼。")
    quotes = [part.text for part in turn.outgoing[0].parts if part.style is Style.QUOTE]
    assert "公开" in quotes[0]
    stage.says(WANG, "語言")
    stage.presses(WANG, "繁體中文")
    turn = stage.says(WANG, "累计主动公开政府信息多少条")
    quotes = [part.text for part in turn.outgoing[0].parts if part.style is Style.QUOTE]
    assert "公開" in quotes[0]


def test_english_is_spoken(stage: Stage) -> None:
    """A person whose channel is English is greeted in English, and answered in Chinese when writing it."""
    turn = stage.says(WANG, "/start", language="en-GB")
    assert turn.outgoing[0].text.startswith("Hello!")
    assert stage.says(WANG, MISSING, language="en-GB").outgoing[0].text.startswith("对不起")


def test_attachments_get_a_kind_word(stage: Stage) -> None:
    """A photo or a voice message is told what works instead."""
    for attachment in Attachment:
        assert stage.sends(WANG, attachment).outgoing[0].event == f"attachment_{attachment.value}"


def test_example_is_asked(stage: Stage) -> None:
    """The examples of the greeting are questions that are asked by one press."""
    stage.says(WANG, "/start")
    turn = stage.presses(WANG, "低保政策公开了吗？")
    assert turn.outgoing[0].parts[0].text == "您问：低保政策公开了吗？"
    assert turn.entries


@pytest.mark.parametrize("who", [CLERK, ADMIN])
def test_staff_see_figures(stage: Stage, who: str) -> None:
    """为什么 shows staff the score."""
    stage.says(who, "社会救助")
    question_id = 1
    turn = stage.presses_data(who, f"wy:{question_id}")
    assert any("分" in part.text for part in turn.outgoing[0].parts[1:])


def test_examples_are_answered(stage: Stage) -> None:
    """What the greeting proposes to ask is answered outright."""
    for label in stage.says(WANG, "/start").outgoing[0].labels[:3]:
        assert stage.presses(WANG, label).outcome is OutcomeKind.ANSWER, label


@pytest.mark.parametrize("label", ["有用", "没用"])
def test_feedback_of_a_stranger_does_not_count(stage: Stage, label: str) -> None:
    """The ids are consecutive: a button made up by somebody else changes nothing; who asked still may."""
    find_answered(stage)
    data = next(button.data for row in stage.last(WANG).buttons for button in row if button.label == label)

    def noted() -> list[str | None]:
        with stage.ledger.reading() as connection:
            return [row.feedback for row in connection.execute(sa.select(tables.questions))]

    assert stage.presses_data(LI, data).outgoing
    assert set(noted()) == {None}
    stage.presses_data(WANG, data)
    assert noted()[-1] in ("useful", "useless")


def test_feedback_counts_when_the_words_are_forgotten(stage: Stage) -> None:
    """Somebody scrolls back: the answer of a while ago may still be called useful."""
    find_answered(stage)
    data = next(button.data for row in stage.last(WANG).buttons for button in row if button.label == "有用")
    for _ in range(KEPT_QUESTIONS + 1):
        stage.wait(minutes=1)
        stage.says(WANG, MISSING)
    stage.presses_data(WANG, data)
    with stage.ledger.reading() as connection:
        assert "useful" in [row.feedback for row in connection.execute(sa.select(tables.questions))]


@pytest.mark.parametrize(
    ("sent_apart", "handled_apart", "is_too_fast"),
    [(1, 1, True), (1, 40, True), (40, 0.1, False), (40, 40, False)],
    ids=["at once", "handled slowly", "lay waiting", "now and then"],
)
def test_pace_is_that_of_the_person(
    stage: Stage, sent_apart: float, handled_apart: float, is_too_fast: bool
) -> None:
    """A flood that is handled slowly is one, and what lay waiting while the bot was away is none."""
    stage.restart(questions_per_minute=2)
    sent = stage.now
    for _ in range(3):
        last = stage.says(WANG, MISSING, at=sent).outgoing
        sent += timedelta(seconds=sent_apart)
        stage.wait(seconds=handled_apart)
    assert ("过一分钟再问" in last[0].text) is is_too_fast
    later = stage.says(WANG, MISSING, at=sent + timedelta(minutes=2)).outgoing
    assert "过一分钟再问" not in later[0].text
