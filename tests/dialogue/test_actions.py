"""What asks for something to be done is done, and no question for the material is taken for that."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import yaml

from bot.dialogue.phrasings import own_phrasings
from bot.dialogue.understanding.actions import Actions, Understanding, read_actions
from bot.dialogue.understanding.rulebook import ACTIONS_FILE, CONCERNS, KNOWN_ACTIONS, Rulebook, rule_problems
from bot.dialogue.understanding.vectors import missing, vectors_of
from bot.messages import Turn
from knowledge.errors import SourceError
from knowledge.meaning.embedder import embedder
from knowledge.text.normalize import fold
from tests.dialogue.stage import CLERK, WANG, Stage

QUESTIONS = Path(__file__).parents[1] / "questions"
ACTIONS = Rulebook(Path("no-such-folder")).actions
BY_WORDS = Understanding(lambda: ACTIONS, lambda: None)
BY_MEANING = Understanding(lambda: ACTIONS, embedder)

# In none of these words is a phrasing of the file.
ASKED = [
    ("我前几天递的那个单子现在办到哪一步了", "status"),
    ("把我申请的撤咯", "withdraw"),
    ("叫个活人来", "human"),
    ("那个申请我不想要了给我撤了吧", "withdraw"),
    ("刚才说的啥再说一遍", "repeat"),
    ("我眼睛不好使能不能把字放大", "larger"),
    ("我不会打字咋办", "no_typing"),
    ("有没有人啊给我转人工", "human"),
    ("你是不是人啊", "who"),
    ("那个答复再给我发一遍", "read_reply"),
    ("现在补充可以吗", "supplement"),
    ("i want to talk to a human", "human"),
]
# Each has a word that stands in many phrasings.
FOR_MATERIAL = [
    "村里水改的进度咋样了",
    "危房改造申请办到哪一步可以看到公示",
    "撤回的文件有哪些",
    "人工费一天多少钱",
    "谁是我们村的驻村干部",
    "答复群众来信多少件",
    "补充医疗保险怎么交",
    "联系群众的办法是什么",
    "机器人比赛是哪个学校办的",
    "字幕屏装在哪些村",
]


def event(turn: Turn) -> str:
    return turn.outgoing[0].event


def test_what_is_asked_for_is_understood_by_meaning() -> None:
    """In a villager's own words."""
    if embedder() is None:
        pytest.skip("this machine reads no meaning")
    found = [
        (text, meant.action) for text, _ in ASKED if (meant := BY_MEANING.action(text)) and meant.is_sure
    ]
    assert found == ASKED


def test_words_alone_are_enough_for_the_plain_ones() -> None:
    """Without the model."""
    plain = {
        "我的申请咋样了": "status",
        "帮我查下进度啊": "status",
        "我要找真人": "human",
        "再说一遍": "repeat",
    }
    assert {text: getattr(BY_WORDS.action(text), "action", "") for text in plain} == plain


@pytest.mark.parametrize("understanding", [BY_WORDS, BY_MEANING], ids=["words", "meaning"])
def test_questions_are_no_actions(understanding: Understanding) -> None:
    """All questions that ship, and some that hold a word of an action."""
    names = ("real_questions.yaml", "no_intents.yaml", "two_questions.yaml")
    loaded = [row for name in names for row in yaml.safe_load((QUESTIONS / name).read_text("utf-8"))]
    texts = [row if isinstance(row, str) else row.get("question", row.get("text", "")) for row in loaded]
    assert len(texts) >= 100
    taken = [
        text for text in (*texts, *FOR_MATERIAL) if (meant := understanding.action(text)) and meant.is_sure
    ]
    assert taken == []
    cries = yaml.safe_load((QUESTIONS / "for_other_channels.yaml").read_text("utf-8"))
    heard = [meant.action for text in cries if (meant := understanding.action(text)) and meant.is_sure]
    assert set(heard) <= CONCERNS


def test_one_running_request_is_shown_and_withdrawn_by_words(stage: Stage) -> None:
    """Progress of the one request; withdrawing asks first."""
    assert event(stage.says(WANG, "我的申请咋样了")) == "nothing_filed"
    number = stage.file_request(WANG)
    assert event(stage.says(WANG, "帮我查下进度")) == "my_request"
    assert event(stage.says(WANG, f"{number}办到哪了")) == "my_request"
    assert event(stage.says(WANG, "我要撤回")) == "withdraw_sure"
    assert event(stage.says(WANG, f"{number}我要撤回")) == "withdraw_sure"
    assert event(stage.says(WANG, "2026-0099办到哪了")) == "no_such_number"


def test_the_reply_is_read_again(stage: Stage) -> None:
    number = stage.file_request(WANG)
    stage.reply_to(number)
    assert event(stage.says(WANG, "把答复再发我一遍")) == "my_reply"


def test_a_way_to_a_person(stage: Stage) -> None:
    """The telephone, and an inquiry with what was asked before."""
    stage.restart(office_phone="0795-3200000")
    stage.says(WANG, "村口那座桥谁修的")
    said = stage.says(WANG, "我要找真人").outgoing[0]
    assert "0795-3200000" in said.text
    stage.presses(WANG, "咨询工作人员")
    assert "村口那座桥谁修的" in stage.last(WANG).text


def test_the_last_message_is_said_again_with_its_buttons(stage: Stage) -> None:
    stage.says(WANG, "预算公开了没有")
    before = stage.last(WANG)
    again = stage.says(WANG, "再说一遍").outgoing[0]
    assert again.event == "said_again"
    assert [part.text for part in again.parts[1:]] == [part.text for part in before.parts]
    assert again.labels == before.labels


def test_a_form_is_paused_not_filled_with_a_cry_for_help(stage: Stage) -> None:
    """Words for a person are no name; the question is asked again on request."""
    stage.says(WANG, "申请")
    stage.presses(WANG, "个人")
    assert event(stage.says(WANG, "再说一遍")) == "form_name"
    said = stage.says(WANG, "我要找真人").outgoing[0]
    assert (said.event, "继续填" in said.labels) == ("way_to_a_person", True)


def test_filing_takes_the_question_before(stage: Stage) -> None:
    """我还是要申请 is no content."""
    stage.says(WANG, "村口那座桥谁修的")
    stage.says(WANG, "我还是要申请")
    stage.presses(WANG, "个人")
    for text in ("王小明", "362227199001011234", "13800138000"):
        stage.says(WANG, text)
    assert "村口那座桥谁修的" in stage.last(WANG).text


def test_larger_letters_and_who_is_there(stage: Stage) -> None:
    assert event(stage.says(WANG, "你是不是人")) == "who_i_am"
    assert event(stage.says(WANG, "我不会打字")) == "oral_help"
    assert event(stage.says(WANG, "字太小了")) == "large_on"


def test_actions_are_the_residents(stage: Stage) -> None:
    """A clerk's words are another matter."""
    assert event(stage.says(CLERK, "你是不是人")) != "who_i_am"


def test_an_office_adds_phrasings(tmp_path: Path) -> None:
    """What it adds is understood; what the program cannot do is named with its line."""
    path = tmp_path / ACTIONS_FILE
    path.write_text("actions:\n  - id: human\n    say: [喊个管事的来]\n", encoding="utf-8")
    added = Rulebook(tmp_path).actions
    assert Understanding(lambda: added, lambda: None).action("喊个管事的来") is not None
    assert rule_problems(tmp_path) == ()
    path.write_text("actions:\n  - id: dance\n    say: [跳个舞]\n", encoding="utf-8")
    with pytest.raises(SourceError, match="dance"):
        read_actions(path, KNOWN_ACTIONS)
    assert "dance" in str(rule_problems(tmp_path)[0])


def test_the_program_brings_the_vectors_of_its_own_phrasings() -> None:
    """Else the first who types waits for a minute.  `python -m bot.dialogue.phrasings` writes them."""
    if (model := embedder()) is None:
        pytest.skip("this machine reads no meaning")
    assert missing(own_phrasings(), model) == []
    said = own_phrasings()[::200]
    anew = np.stack([model.question(fold(text)) for text in said])
    assert np.abs(vectors_of(said, model, None) - anew).max() < 0.002  # an int8 of at most 0.3


def test_vectors_are_kept_and_made_anew_when_broken(tmp_path: Path) -> None:
    """The file saves time, and nothing else depends on it."""
    if embedder() is None:
        pytest.skip("this machine reads no meaning")
    few = Actions((("human", "我要找真人"), ("", "村里的电话是多少")))
    kept = tmp_path / "phrasings.npz"
    for _ in range(2):
        meant = Understanding(lambda: few, embedder, kept).action("我要找个真人说话")
        assert meant is not None
        assert meant.action == "human"
    kept.write_bytes(b"no archive")
    assert Understanding(lambda: few, embedder, kept).action("我要找个真人说话") == meant
