"""Whole random histories, from a seed, and the shortest one that shows the same difference."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from random import Random

from tests.desk.conftest import CLERK, RESIDENT
from tests.desk.law_desk import Step
from tests.desk.law_fees import fee_by_request
from tests.desk.law_histories import Difference, History, office
from tests.desk.law_maker import Maker, some_start
from tests.desk.law_oracle import Deed


@dataclass(frozen=True)
class Walk:
    """One history: the rules of its office, its steps, and in what desk and law differ, if they do."""

    two_review: bool
    reasons_count: bool
    steps: tuple[Step, ...]
    difference: Difference | None
    counts: Counter[str]


def wander(seed: int) -> Walk:
    """A history of its own for each seed."""
    random = Random(seed)
    two_review, reasons_count = random.random() < 0.5, random.random() < 0.6
    steps: list[Step] = []
    with office(two_review=two_review, reasons_count=reasons_count) as history:
        maker = Maker(random, history, some_start(random))
        found = _crowd(random, maker, history, steps)
        for _ in range(random.randint(25, 75)):
            if found:
                break
            step = maker.step()
            steps.append(step)
            found = history.offer(step)
            if not found and step.target >= 0 and random.random() < 0.05:
                found = history.outcomes(step.target, step.deed.entered)
        years = range(steps[0].deed.entered.year - 1, maker.today.year + 2)
        found = found or history.tables(years)
        history.register.session(history.connection).requests.verify()
        return Walk(two_review, reasons_count, tuple(steps), found, history.counts)


def _crowd(random: Random, maker: Maker, history: History, steps: list[Step]) -> Difference | None:
    """In one history of four somebody files nine or ten before (29 or 30 now and then): fees, excess."""
    if random.random() > 0.25:
        return None
    many = random.choice((9, 10, 10, 11, 11, 29, 30) if random.random() < 0.3 else (10, 11))
    maker.today = maker.today.replace(day=min(maker.today.day, 12))
    filed = [Step(-1, Deed("submit", RESIDENT, maker.today), f"第{n}份村务公开表") for n in range(many)]
    for step in filed:
        steps.append(step)
        found = history.offer(step)
        if found:
            return found
    first = [Step(-1, Deed("submit", RESIDENT, maker.today), "部门决算")]
    first += [Step(-1, Deed("submit", RESIDENT, maker.today), "低保名单")]
    first += [Step(many + n, Deed("confirm_receipt", CLERK, maker.today)) for n in (0, 1)]
    if random.random() < 0.7:
        fee = fee_by_request(many + 1) or 100
        notice = Deed("notice_fee", CLERK, maker.today + timedelta(days=random.randint(0, 9)), amount=fee)
        maker.today = notice.entered
        first.append(Step(many, notice))
    for step in first:
        steps.append(step)
        found = history.offer(step)
        if found:
            return found
    return None


def replay(walk: Walk, steps: Sequence[Step]) -> Difference | None:
    """The same steps once more, or some of them."""
    with office(two_review=walk.two_review, reasons_count=walk.reasons_count) as history:
        for step in steps:
            found = history.offer(step)
            if found:
                return found
            if step.target >= 0 and walk.difference and walk.difference.kind.startswith("outcome "):
                found = (
                    history.outcomes(step.target, step.deed.entered)
                    if step.target < len(history.cases)
                    else None
                )
                if found:
                    return found
        return (
            history.tables(range(steps[0].deed.entered.year - 1, steps[-1].deed.entered.year + 2))
            if steps
            else None
        )


def shortest(walk: Walk) -> tuple[Step, ...]:
    """Steps left out, from the last to the first, as long as the difference stays the same."""
    assert walk.difference is not None
    steps = list(walk.steps)
    for place in reversed(range(len(steps))):
        fewer = steps[:place] + steps[place + 1 :]
        found = replay(walk, fewer)
        if found and found.kind == walk.difference.kind:
            steps = fewer
    return tuple(steps)
