"""What people did not get: clustered, one tap to each remedy, nothing learned without the office's word."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa
import yaml

from bot.desk.tables import questions
from bot.dialogue.admin.wordings import Wording, proposed
from bot.dialogue.tables import wordings
from bot.messages import OutcomeKind
from knowledge.base import Base
from knowledge.sources.yaml_file import YamlFile
from tests.dialogue.stage import ADMIN, CLERK, LI, WANG, Stage
from tests.dialogue.test_reload import editable

BRIDGE = "村口桥加固花了多少钱"
LOW_INCOME = "哪些人穷得有人管"  # 社会救助, in other words


def card_of(stage: Stage, text: str) -> None:
    """The admin opens what was asked."""
    stage.says(ADMIN, "/unanswered")
    label = next(each for each in stage.labels(ADMIN) if each.startswith(text[:4]))
    stage.presses(ADMIN, label)


def settled(stage: Stage) -> list[tuple[object, ...]]:
    with stage.ledger.reading() as connection:
        rows = connection.execute(sa.select(questions).order_by(questions.c.id)).all()
    return [(row.settled, row.right_entry_id, row.settled_by, row.settled_reason) for row in rows]


def test_same_things_are_one(stage: Stage) -> None:
    """Two ways to ask for the bridge are one thing, asked three times, and come first."""
    for who, text in ((WANG, BRIDGE), (LI, "村口那座桥加固花多少钱"), (WANG, BRIDGE), (LI, "采砂证给了谁")):
        stage.says(who, text)
    stage.says(ADMIN, "/unanswered")
    assert stage.labels(ADMIN) == [f"{BRIDGE}（3 次）", "采砂证给了谁（1 次）"]
    stage.presses(ADMIN, f"{BRIDGE}（3 次）")
    card = stage.last(ADMIN)
    assert card.text.startswith("居民问了 3 次，最近一次是 2026年11月24日：")
    assert "村口那座桥加固花多少钱" in card.text


def test_confirmed_is_answered_after_the_next_reload(stage: Stage) -> None:
    """就是这条: from the next index on the question is answered with it; until then nothing has changed."""
    assert stage.says(WANG, LOW_INCOME).outcome is not OutcomeKind.ANSWER
    stage.presses(WANG, "都不是") if "都不是" in stage.labels(WANG) else None
    entry = stage.base.browse("社会救助")[0]
    with stage.ledger.reading() as connection:
        question = connection.execute(sa.select(questions.c.id)).scalar()
    stage.presses_data(ADMIN, f"cf:{entry.token}:{question}")
    assert stage.last(ADMIN).event == "confirmed"
    assert settled(stage) == [("confirmed", entry.entry_id, ADMIN, None)]
    assert stage.says(LI, LOW_INCOME).outcome is not OutcomeKind.ANSWER
    stage.says(ADMIN, "/reload")
    turn = stage.says(LI, LOW_INCOME)
    assert turn.outcome is OutcomeKind.ANSWER
    assert turn.entries[0].title == "推进社会救助信息公开"  # the section that the item quotes


def test_confirmed_can_be_taken_back(stage: Stage) -> None:
    """撤回 undoes it for all that were settled together."""
    stage.says(WANG, BRIDGE)
    stage.says(LI, "村口那座桥加固花多少钱")
    entry = stage.base.browse("社会救助")[0]
    stage.presses_data(ADMIN, f"cf:{entry.token}:1")
    assert [row[0] for row in settled(stage)] == ["confirmed", "confirmed"]
    stage.presses(ADMIN, "撤回")
    assert settled(stage) == [(None, None, None, None)] * 2
    stage.presses(ADMIN, "撤回")
    assert stage.last(ADMIN).event == "missed_settled"


def test_clerk_says_which_is_right_under_an_answer(stage: Stage) -> None:
    """为什么 and 没用 offer the near entries to staff; residents never see that."""
    for who in (CLERK, WANG):
        stage.says(who, "预算公开了没有")
        stage.presses(who, "为什么")
    assert any(label.startswith("就是这条") for label in stage.labels(CLERK))
    assert not any(label.startswith("就是这条") for label in stage.labels(WANG))
    for who in (CLERK, WANG):
        stage.presses(who, "没用")
    assert not any(label.startswith("就是这条") for label in stage.labels(WANG))
    label = next(label for label in stage.labels(CLERK) if label.startswith("就是这条"))
    stage.presses(CLERK, label)
    assert stage.last(CLERK).event == "confirmed"
    assert "现在更新" not in stage.labels(CLERK)  # that is the admin's


def test_residents_cannot_teach(stage: Stage) -> None:
    """The office's buttons do not exist for anybody else."""
    stage.says(WANG, BRIDGE)
    token = stage.base.browse("社会救助")[0].token
    unknown = stage.presses_data(WANG, "zz:1").outgoing
    for data in (f"cf:{token}:1", "am:1", "aa:1:not_ours", "ad:1", "ay:1", "an:1", "ax:1", "aw:" + "0" * 10):
        assert stage.presses_data(WANG, data).outgoing == unknown, data
    assert settled(stage) == [(None, None, None, None)]


def test_not_to_be_answered(stage: Stage, tmp_path: Path) -> None:
    """With the reason on record; an edit that answers it all the same is refused."""
    stage.says(WANG, BRIDGE)
    card_of(stage, BRIDGE)
    stage.presses(ADMIN, "不用答：涉及个人")
    assert settled(stage) == [("declined", None, ADMIN, "personal")]
    folder = editable(stage, tmp_path)
    (folder / "bridge.md").write_text(f"# {BRIDGE}\n\n村口桥加固花了三万元。\n", encoding="utf-8")
    stage.says(ADMIN, "/reload")
    assert stage.last(ADMIN).event == "reload_worse"
    assert stage.says(ADMIN, "/unanswered").outgoing[0].event == "unanswered_none"


def test_draft_is_an_item_and_is_not_read_unfilled(stage: Stage, tmp_path: Path) -> None:
    """A YAML file with the questions in place; among the sources its name keeps it from being read."""
    stage.says(WANG, '村口桥: "加固" #花了多少')
    card_of(stage, "村口桥:")
    stage.presses(ADMIN, "写成草稿")
    draft = stage.last(ADMIN).document
    assert draft is not None
    item = yaml.safe_load(draft.content)["items"][0]
    assert (item["title"], item["phrasings"]) == (None, ['村口桥: "加固" #花了多少'])
    folder = editable(stage, tmp_path)
    (folder / draft.filename).write_bytes(draft.content)
    stage.says(ADMIN, "/reload")
    assert stage.last(ADMIN).event == "reload_nothing_new"
    assert YamlFile.read(folder / draft.filename).top.keys() == ["items"]


def test_word_is_proposed_from_what_was_found_then(stage: Stage) -> None:
    """Missed, then found in other words: the pair is proposed, accepted, and works after a reload."""
    stage.says(WANG, "叉叉名单公布在哪里")
    turn = stage.says(WANG, "公共资源名单公布在哪里")
    if turn.outcome is OutcomeKind.ANSWER:
        stage.presses(WANG, "有用")
    else:
        stage.presses(WANG, stage.labels(WANG)[0])
    card_of(stage, "叉叉名单")
    assert "“叉叉”就是“公共资源”" in stage.labels(ADMIN)
    stage.presses(ADMIN, "“叉叉”就是“公共资源”")
    assert "  - 叉叉 = 公共资源" in stage.last(ADMIN).text
    stage.presses(ADMIN, "现在更新")
    assert stage.last(ADMIN).event == "reloaded"
    before, after = (stage.base.ask(text) for text in ("公共资源名单公布在哪里", "叉叉名单公布在哪里"))
    assert type(before) is type(after)
    with stage.ledger.reading() as connection:
        rows = connection.execute(sa.select(wordings.c.status, wordings.c.decided_by)).all()
    assert [tuple(row) for row in rows] == [("accepted", ADMIN)]


def test_declined_word_is_not_proposed_again(stage: Stage) -> None:
    """And nothing is learned."""
    stage.says(WANG, "叉叉名单公布在哪里")
    stage.says(WANG, "公共资源名单公布在哪里")
    stage.presses(WANG, "有用" if "有用" in stage.labels(WANG) else stage.labels(WANG)[0])
    card_of(stage, "叉叉名单")
    stage.presses(ADMIN, "“叉叉”不是“公共资源”")
    card_of(stage, "叉叉名单")
    assert not any("叉叉" in label for label in stage.labels(ADMIN))


@pytest.mark.parametrize(
    ("asked", "found", "word", "instead"),
    [
        ("低保名单在哪看", "最低生活保障名单在哪看", "低保", "最低生活保障"),
        ("種糧補貼发了吗", "耕地地力保护补贴发了吗", "种粮", "耕地地力保护"),
        ("老人机怎么申请？", "高龄津贴怎么申请", "老人机", "高龄津贴"),
    ],
)
def test_one_differing_word_is_a_pair(asked: str, found: str, word: str, instead: str) -> None:
    """Found also in traditional characters and with punctuation."""
    assert proposed(asked, found) == Wording(word, instead)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("低保名单", "低保名单"),
        ("低保名单在哪看", "低保名单"),
        ("修路的钱谁出", "预算公开了没有"),
        ("路修了吗", "桥修了吗"),
        ("电话***打给谁", "办公电话打给谁"),
        ("", "低保"),
    ],
    ids=["same", "only-more", "all-other", "one-character", "masked", "empty"],
)
def test_anything_else_is_none(asked: str, found: str) -> None:
    """Nothing to propose."""
    assert proposed(asked, found) is None


def test_published_reply_keeps_its_confirmed_phrasing(stage: Stage) -> None:
    """A later publication adds to the live index and loses nothing that was learned."""
    number = stage.file_request(WANG)
    stage.reply_to(number)
    stage.presses(CLERK, "公开这条")
    stage.presses(CLERK, "确认公开")
    stage.says(LI, LOW_INCOME)
    base: Base = stage.base
    token = next(entry.token for entry in base.browse("依申请公开转为主动公开"))
    with stage.ledger.reading() as connection:
        question = connection.execute(sa.select(sa.func.max(questions.c.id))).scalar()
    stage.presses_data(ADMIN, f"cf:{token}:{question}")
    stage.says(ADMIN, "/reload")
    second = stage.file_request(LI, "村委会公章归谁保管")
    stage.reply_to(second, "归村文书保管。")
    stage.presses(CLERK, "公开这条")
    stage.presses(CLERK, "确认公开")
    assert stage.says(LI, LOW_INCOME).entries[0].path == f"reply:{number}"
