"""Art. 44: what several people ask for is proposed for publication; staff accept or say why not."""

from __future__ import annotations

import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogue.admin.clusters import Asked, clusters
from bot.dialogue.tables import proposals
from bot.messages import OutcomeKind, Outgoing
from tests.dialogue.stage import CLERK, LI, WANG, Stage

WANTED = "村口桥加固花了多少钱"
ALSO = "村口那座桥加固花了多少钱啊？"


def next_morning(stage: Stage) -> list[Outgoing]:
    """The proposals of the next day."""
    stage.wait(days=1)
    return [message for message in stage.make_rounds() if message.event == "proposal"]


def statuses(stage: Stage) -> list[tuple[str, str, str]]:
    with stage.ledger.reading() as connection:
        rows = connection.execute(
            sa.select(proposals.c.status, proposals.c.decided_by, proposals.c.reason).order_by(proposals.c.id)
        ).all()
    return [(row.status, row.decided_by, row.reason) for row in rows]


def test_two_people_make_a_proposal(stage: Stage) -> None:
    """One who asked and one who filed; told once."""
    stage.says(LI, ALSO)
    number = stage.file_request(WANG, WANTED)
    (proposal,) = next_morning(stage)
    assert "2 个人" in proposal.text
    assert number in proposal.text
    assert next_morning(stage) == []


def test_one_person_is_not_two(stage: Stage) -> None:
    """Asking three times and filing then is one person."""
    stage.says(WANG, WANTED)
    stage.says(WANG, ALSO)
    stage.says(WANG, WANTED)
    stage.file_request(WANG, WANTED)
    assert next_morning(stage) == []


def test_different_things_are_not_joined(stage: Stage) -> None:
    """Two people, two things."""
    stage.says(LI, "敬老院几点开饭")
    stage.says(WANG, WANTED)
    assert next_morning(stage) == []


def test_accepted_without_a_reply(stage: Stage) -> None:
    """The clerk writes the entry, sees it masked, and the next resident gets it."""
    stage.says(LI, ALSO)
    stage.says(WANG, WANTED)
    assert len(next_morning(stage)) == 1
    stage.presses(CLERK, "公开，写条目")
    stage.says(CLERK, "村口桥加固的花费")
    stage.says(CLERK, "村口桥2025年加固，总投资38万元，联系人13900001111。")
    assert stage.last(CLERK).event == "record_read_back"
    assert "13900001111" not in stage.last(CLERK).text
    stage.presses(CLERK, "确认登记")
    assert stage.last(CLERK).event == "published"
    assert statuses(stage) == [("accepted", CLERK, "")]
    turn = stage.says(LI, WANTED)
    assert turn.outcome is OutcomeKind.ANSWER
    assert "总投资38万元" in turn.outgoing[0].text
    assert "13900001111" not in turn.outgoing[0].text


def test_accepted_with_a_reply(stage: Stage) -> None:
    """Where a member has been replied to, its publication begins; publishing it settles the proposal."""
    stage.says(LI, ALSO)
    number = stage.file_request(WANG, WANTED)
    stage.reply_to(number)
    assert len(next_morning(stage)) == 1
    stage.presses(CLERK, "公开，写条目")
    assert stage.last(CLERK).event == "publish_read_back"
    stage.presses(CLERK, "确认公开")
    assert statuses(stage) == [("accepted", CLERK, "")]
    assert stage.presses(CLERK, "不公开").outgoing[0].event == "proposal_decided"


def test_declined_with_the_reason(stage: Stage) -> None:
    """Why not is on record, and it is not proposed again."""
    stage.says(LI, ALSO)
    stage.says(WANG, WANTED)
    next_morning(stage)
    stage.presses(CLERK, "不公开")
    stage.says(CLERK, "工程还没有决算")
    stage.presses(CLERK, "确认登记")
    assert statuses(stage) == [("declined", CLERK, "工程还没有决算")]
    assert next_morning(stage) == []


def test_what_was_published_is_not_proposed(stage: Stage) -> None:
    """A reply that is public needs no proposal."""
    stage.says(LI, ALSO)
    number = stage.file_request(WANG, WANTED)
    stage.reply_to(number)
    stage.presses(CLERK, "公开这条")
    stage.presses(CLERK, "确认公开")
    assert next_morning(stage) == []


def test_forgotten_questions_count_for_nobody(stage: Stage) -> None:
    """Who had his data deleted is no second person any more."""
    stage.says(LI, ALSO)
    stage.says(LI, "我的数据")
    stage.presses(LI, "删掉可以删的")
    stage.presses(LI, "确定删掉")
    stage.says(WANG, WANTED)
    assert next_morning(stage) == []


def test_residents_have_no_such_buttons(stage: Stage) -> None:
    """Accepting is for staff."""
    for data in ("pa:1", "pd:1"):
        assert stage.presses_data(LI, data).outgoing == stage.presses_data(LI, "zz").outgoing


@given(st.lists(st.sampled_from([WANTED, ALSO, "敬老院几点开饭", "低保怎么申请", "低保咋申请"]), max_size=12))
def test_clusters_keep_everybody_once(texts: list[str]) -> None:
    """Every asking is in exactly one cluster, and equal words are together."""
    asked = [Asked(str(place), text, str(place)) for place, text in enumerate(texts)]
    found = clusters(asked)
    assert sorted(key for cluster in found for key in cluster.keys) == sorted(each.key for each in asked)
    for text in set(texts):
        assert sum(any(member.text == text for member in cluster.members) for cluster in found) == 1
