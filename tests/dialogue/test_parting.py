"""A message that wants two things gets both; a rule of plain words never hides what surely answers."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.messages import OutcomeKind
from knowledge.evaluation.questions import Case, figures, read_cases
from tests.dialogue.stage import WANG, Stage

TWO_QUESTIONS = Path(__file__).parents[1] / "questions" / "two_questions.yaml"
BUDGET = "财政预算信息"
LEVEL = 18  # of 20; raise it when more get both quotations


def test_both_parts_of_my_own_questions_are_quoted(stage: Stage) -> None:
    """Every passage that has to be quoted is, in at least LEVEL of the twenty."""
    people = (f"telegram:{number}" for number in range(1000, 2000))  # each in a chat of his own

    def reply(text: str) -> dict[str, object]:
        turn = stage.says(next(people), text)
        return {
            "outcome": turn.outcome.value,
            "entries": [{"path": entry.path, "text": entry.text} for entry in turn.entries],
            "text": "\n".join(message.text for message in turn.outgoing),
            "offers_filing": turn.offers_filing,
        }

    cases = read_cases(TWO_QUESTIONS)
    replies = {case.id: reply(case.text) for case in cases}
    whole = [case.id for case in cases if quotes_all(case, replies[case.id])]
    assert len(whole) >= LEVEL, sorted({case.id for case in cases} - set(whole))
    assert figures(cases, replies)["groups"]["all"][0] >= LEVEL


def quotes_all(case: Case, reply: dict[str, object]) -> bool:
    text = "".join(str(reply["text"]).split())
    return all("".join(item.split()) in text for item in case.must_contain)


@pytest.mark.parametrize(
    ("text", "says", "outcome"),
    [
        ("预算公开了没有，另外申请公开要不要钱", "一般不要钱", OutcomeKind.ANSWER),
        ("着火了！另外预算公开了吗", "119", OutcomeKind.REDIRECT),
        ("我要举报村主任贪污。还有，预算公开了没有", "12388", OutcomeKind.REDIRECT),
        ("预算公开了没有？我的申请到哪一步了？", "进度", OutcomeKind.ANSWER),
    ],
)
def test_an_intent_and_a_question_both_get_their_reply(
    stage: Stage, text: str, says: str, outcome: OutcomeKind
) -> None:
    """In the order in which they were said, each in a message of its own."""
    turn = stage.says(WANG, text)
    texts = [message.text for message in turn.outgoing]
    assert len(texts) == 2
    assert sum(BUDGET in one for one in texts) == 1
    assert sum(says in one for one in texts) == 1
    assert turn.outcome is outcome
    assert turn.offers_filing


@pytest.mark.parametrize("text", ["多久能答复？答复不满意怎么办？", "外地人可以申请吗，要带什么证件"])
def test_two_questions_about_requests_get_two_guide_entries(stage: Stage, text: str) -> None:
    """Not only the one whose rule comes first."""
    assert len({entry.path for entry in stage.says(WANG, text).entries}) == 2


@pytest.mark.parametrize(
    "text",
    ["你好，请问预算公开了没有", "谢谢，那预算公开了没有", "老师您好！麻烦问一下预算公开了没有，谢谢了"],
)
def test_a_question_with_courtesies_is_answered(stage: Stage, text: str) -> None:
    """The need counts; the courtesies weigh nothing."""
    turn = stage.says(WANG, text)
    assert turn.outcome is OutcomeKind.ANSWER
    assert BUDGET in turn.outgoing[0].text


def test_two_unsure_questions_are_suggested_together(stage: Stage) -> None:
    """The best for each leads, with its text, and the heading says that both are meant."""
    turn = stage.says(WANG, "18年公开了多少条信息？存在哪些问题？")
    assert turn.outcome is OutcomeKind.SUGGEST
    assert turn.outgoing[0].event == "suggestions_several"
    assert [entry.path.partition("/")[0] for entry in turn.entries[:2]] == ["一", "四"]


def test_what_is_not_found_of_two_is_named(stage: Stage) -> None:
    """The part that is there is answered; the other is said by name to be not there, and can be filed."""
    turn = stage.says(WANG, "预算公开了没有，村口修桥花了多少钱")
    assert turn.outcome is OutcomeKind.ANSWER
    assert BUDGET in turn.outgoing[0].text
    assert "您还问了“村口修桥花了多少钱”" in turn.outgoing[1].text
    assert stage.presses(WANG, "申请公开").outgoing


@pytest.mark.parametrize(
    "text",
    [
        "自来水停了三天没人修，做饭都没水，政府管不管？",
        "申请交了一个月没消息，怎么办？",
        "我家着火了！快来人！怎么办？",
        "你好！在吗？",
        "隔壁养猪场臭死了。有没有人管？找谁？",
    ],
)
def test_one_trouble_gets_one_reply(stage: Stage, text: str) -> None:
    """Sentences of one story are not replied to one by one."""
    assert len(stage.says(WANG, text).outgoing) == 1


def test_a_group_hears_one_message(stage: Stage) -> None:
    """Before others only what is sure is said, once."""
    turn = stage.in_group(WANG, "预算公开了没有，另外申请公开要不要钱")
    assert len(turn.outgoing) <= 1
