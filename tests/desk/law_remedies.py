"""Rules of reconsideration, suits and deciding anew (art. 51, part 9)."""

from __future__ import annotations

from tests.desk.law_oracle import Deed, Standing, State
from tests.desk.law_question import Broken, Question, between


def record_remedy(q: Question, now: Standing, deed: Deed) -> Broken:
    yield deed.on > deed.entered, "51: in the future"
    steps = [each for each in q.case.facts if each.act == "record_remedy"]
    mine = [each for each in steps if each.remedy == deed.remedy]
    pending = bool(mine) and not mine[-1].result
    if deed.result:
        yield not pending, "51: not begun"
        yield deed.on < mine[-1].on, "51: before it began"
        return
    overdue = now.overdue(deed.entered)
    yield not now.decided and not overdue, "9: decided, lapsed, or overdue and unanswered"
    yield None if now.state is State.CONVERTED else False, "41: whether turning it away is a decision"
    yield (
        None if (now.reopened and now.is_open) or now.given_up else False,
        "9: silent on a decision that was set aside",
    )
    yield pending, "Table 4: once"
    yield None if mine else False, "51: again"
    if now.ended_on is not None:
        silent_since = q.law.due_before_the_end(q.case)
        in_silence = silent_since is not None and deed.on > silent_since
        yield deed.on < now.ended_on and not in_silence, "51: before there was anything"
    elif now.due_on is not None:
        yield deed.on <= now.due_on, "51: before there was anything"
    review = [each for each in steps if each.remedy == "reconsideration"]
    if deed.remedy == "suit_after_reconsideration":
        decided_reviews = [each.on for each in review if each.result]
        yield not decided_reviews or deed.on < decided_reviews[0], "复议法: the review first"
        yield (
            None if now.reopened or now.term or not review[-1].result else False,
            "another review is needed, or going on",
        )
    elif deed.remedy == "direct_suit":
        yield None if review else False, "行政诉讼法 44"
    else:
        yield None if steps else False, "行政诉讼法 44"


def order_redecision(q: Question, now: Standing, deed: Deed) -> Broken:
    yield now.state is State.FILED, "51"
    decided, used = None, False
    for each in q.case.facts:
        if each.act == "record_remedy" and each.result:
            decided, used = each, False
        elif each.act == "order_redecision":
            used = True
    yield decided is None or used, "9: a decision that orders it"
    assert decided is not None
    yield decided.result == "upheld", "9: upheld"
    yield None if decided.result == "other" else False, "9: ordered to decide anew?"
    yield from between(decided.on, deed.on, deed.entered, "51")
    if deed.until is not None:
        yield deed.until <= deed.on, "51: a term"
    else:
        yield deed.days < 1, "51: a term"
    odd = now.state in (State.WITHDRAWN, State.CONVERTED) or (now.is_open and not now.overdue(deed.entered))
    yield (
        None if odd or (deed.until or deed.entered) < deed.entered or deed.days > 60 else False,
        "51: silent",
    )
