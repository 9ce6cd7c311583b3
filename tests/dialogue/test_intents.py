"""Intents: the rules hold their examples, make no false alarms, and their mistakes are named."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from bot.dialogue.understanding.intents import Intent, IntentKind, Rules, intent_of, read_rules
from knowledge.errors import SourceError

HERE = Path(__file__)
RULES_FILE = HERE.parents[2] / "knowledge" / "defaults" / "intents.yaml"
GUIDE_FILE = RULES_FILE.with_name("guide.yaml")
QUESTIONS = HERE.parents[1] / "questions"
POLICY = HERE.parents[3] / "shared" / "bench" / "policy_dev.jsonl"
FALSE_ALARMS = 0.006  # share of real questions about other things that a rule may take


@pytest.fixture(scope="module")
def rules() -> Rules:
    return read_rules(RULES_FILE)


def kind_of(text: str, rules: Rules) -> IntentKind | None:
    found = intent_of(text, rules)
    return found.kind if found else None


def test_every_topic_is_in_the_guide(rules: Rules) -> None:
    """A rule leads to an entry that exists."""
    ids = {row["id"] for row in yaml.safe_load(GUIDE_FILE.read_text(encoding="utf-8"))["guide"]}
    topics = {rule.intent.topic for rule in rules.rules if rule.intent.kind is IntentKind.HOW_TO}
    assert topics
    assert topics <= ids


def test_every_redirect_names_a_channel(rules: Rules) -> None:
    """Whoever is sent elsewhere is told where."""
    told = [
        rule.intent for rule in rules.rules if rule.intent.kind in (IntentKind.REDIRECT, IntentKind.EMERGENCY)
    ]
    assert told
    assert [intent for intent in told if not intent.channels] == []


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("您好！", IntentKind.GREETING),
        ("😊😊", IntentKind.GREETING),
        ("謝謝您", IntentKind.THANKS),
        ("拜拜啦", IntentKind.FAREWELL),
        ("你这个破机器人真没用", IntentKind.INSULT),
        ("你都会些什么呀", IntentKind.CAPABILITY),
        ("后山起火了快来", IntentKind.EMERGENCY),
        ("有人喝农药了", IntentKind.EMERGENCY),
        ("修路的把我家门口挖了个坑，几个月了没人管", IntentKind.REDIRECT),
        ("工地老板欠我们三个月工资不发", IntentKind.REDIRECT),
        ("哥哥不养老人，能告他吗", IntentKind.REDIRECT),
        ("村干部把补贴私吞了", IntentKind.REDIRECT),
        ("公开申请要不要交钱", IntentKind.HOW_TO),
        ("申请书要填哪些东西", IntentKind.HOW_TO),
        ("答复不满意可以复议吗", IntentKind.HOW_TO),
        ("我的申请办得怎么样了", IntentKind.STATUS),
        ("撤回我的申请", IntentKind.WITHDRAW),
        ("目录", IntentKind.MENU),
        ("低保一个月多少钱", None),
        ("申请低保要什么材料", None),
        ("去年修水渠花了多少钱", None),
        ("想看看垃圾清运的合同", None),
        ("你好，村里的账目哪里看", None),
        ("报告里说存在哪些问题", None),
    ],
)
def test_what_a_message_is(rules: Rules, text: str, kind: IntentKind | None) -> None:
    """Words that are in no example of the file."""
    assert kind_of(text, rules) == kind


def test_a_story_that_asks_to_see_a_list_is_no_complaint(rules: Rules) -> None:
    """Emotion does not make a petition."""
    text = "几年前发大水倒了房，补助别人都拿到了就我家没有，我不是要吵，就想看看那年的补助名单和标准。"
    assert intent_of(text, rules) is None


def test_real_questions_are_no_small_talk_and_no_complaints(rules: Rules) -> None:
    """The sample that ships: none is taken by a rule."""
    questions = yaml.safe_load((QUESTIONS / "real_questions.yaml").read_text(encoding="utf-8"))
    assert len(questions) >= 30
    assert [text for text in questions if intent_of(text, rules)] == []


def test_questions_that_hold_a_word_of_some_rule_are_questions(rules: Rules) -> None:
    """What is asked about complaints, fees, fires or greetings is asked of the material."""
    questions = yaml.safe_load((QUESTIONS / "no_intents.yaml").read_text(encoding="utf-8"))
    assert len(questions) >= 50
    assert [(text, found.rule) for text in questions if (found := intent_of(text, rules))] == []


def test_complaints_and_emergencies_are_told_whom_to_turn_to(rules: Rules) -> None:
    """The other side: fewer false alarms must not cost a true one."""
    cries = yaml.safe_load((QUESTIONS / "for_other_channels.yaml").read_text(encoding="utf-8"))
    assert len(cries) >= 40
    right = (IntentKind.REDIRECT, IntentKind.EMERGENCY)
    assert [text for text in cries if kind_of(text, rules) not in right] == []


def test_false_alarms_on_all_real_questions_are_few(rules: Rules) -> None:
    """Where the whole file is at hand."""
    if not POLICY.exists():
        pytest.skip("the whole file is not here")
    rows = map(json.loads, POLICY.read_text(encoding="utf-8").splitlines())
    questions = [row["question"] for row in rows if row["kind"] == "question"]
    taken = [text for text in questions if intent_of(text, rules)]
    assert len(taken) <= FALSE_ALARMS * len(questions), taken


SMALL_FILE = """
channels:
  - name: hotline
    words: 12345
lists:
  - name: 看
    words: 想看、名单
rules:
  - id: noise
    kind: redirect
    channels: [hotline]
    any_of: 太吵、吵…睡不着
    without: "@看"
    examples: [吵得老人睡不着]
    not_examples: [想看吵闹的名单]
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "intents.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_rule_of_plain_words(tmp_path: Path) -> None:
    """Words, a gap, a list by name, a channel."""
    rules = read_rules(write(tmp_path, SMALL_FILE))
    expected = Intent(IntentKind.REDIRECT, "noise", "", ("12345",))
    assert intent_of("楼上太吵了", rules) == expected
    assert intent_of("想看太吵了的名单", rules) is None


@pytest.mark.parametrize(
    ("old", "new", "line", "part"),
    [
        ("kind: redirect", "kind: redirct", 10, "redirct"),
        ("[hotline]", "[hotlin]", 11, "hotlin"),
        ('"@看"', '"@听"', 13, "听"),
        ("[吵得老人睡不着]", "[吵得老人睡不着, 今天天气]", 14, "今天天气"),
        ("[想看吵闹的名单]", "[太吵了]", 15, "太吵了"),
        ("any_of:", "any_off:", 12, "any_off"),
    ],
)
def test_a_mistake_is_named_with_its_line(tmp_path: Path, old: str, new: str, line: int, part: str) -> None:
    """An admin sees which line, and what was expected."""
    with pytest.raises(SourceError) as caught:
        read_rules(write(tmp_path, SMALL_FILE.replace(old, new)))
    named = [problem for problem in caught.value.problems if part in f"{problem.field}{problem.reason}"]
    assert [problem.line for problem in named] == [line]
    assert named[0].expected
