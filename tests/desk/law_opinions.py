"""Rules of asking third parties and other agencies (art. 15, 32-34)."""

from __future__ import annotations

from tests.desk.law_oracle import WRITTEN, Case, Deed, Standing, State
from tests.desk.law_question import Broken, Question, between


def consult(q: Question, now: Standing, deed: Deed) -> Broken:
    yield now.state not in (State.IN_HAND, State.CONSULTING), "32, 34: part 4"
    yield from between(now.received_on, deed.on, deed.entered, "32, 34")
    if deed.letter_on is not None:
        yield from between(deed.on, deed.letter_on, deed.entered, "32, 34")
    facts = q.case.facts
    corrected = max((n for n, each in enumerate(facts) if each.act == "receive_correction"), default=0)
    # A corrected request asks for something else: the same party may be asked about that.
    asked = [each for each in (*facts[corrected:], *q.case.waiting) if each.act == deed.act]
    same = deed.party in [each.party for each in asked]
    if now.reopened and same:  # a court may want them heard again; nothing moves the term that it set
        yield None, "9: the same about the same, while deciding anew"
        return
    yield (
        same if deed.act == "consult_third_party" else (None if same else False),
        "9: the same about the same",
    )


def receive_opinion(q: Question, now: Standing, deed: Deed) -> Broken:
    yield now.state is not State.CONSULTING, "32, 34: nobody is asked"
    whose = [each for each in now.awaited if each.party == deed.party or not deed.party]
    yield len(whose) != 1, "32, 34: whose?"
    (asked,) = whose
    if deed.opinion == "silent":
        yield deed.entered <= q.law.opinion_by(asked), "32, 34: 15 working days"
    yield from between(asked.on, deed.on, deed.entered, "32, 34")
    yield None if asked.letter_on is not None and deed.on < asked.letter_on else False, "32"


def opinions(case: Case) -> tuple[list[str], dict[str, str]]:
    """Third parties that were asked, and the last word of everybody who answered."""
    asked = [each.party for each in case.facts if each.act == "consult_third_party"]
    return asked, {each.party: each.opinion for each in case.facts if each.act == "receive_opinion"}


def refusing(case: Case) -> set[str]:
    third, heard = opinions(case)
    return {party for party in third if heard.get(party) == "refuses"}


def inform_third_party(q: Question, now: Standing, deed: Deed) -> Broken:
    yield now.state not in WRITTEN, "32: what is decided"
    yield now.draft is None or not overrules(q.case, now.draft), "32: nobody is overruled"
    yield deed.party not in refusing(q.case), "32: has not refused"
    yield None if now.state is State.DRAFTED or deed.party in informed(q.case) else False, "32"


def overrules(case: Case, draft: Deed) -> bool:
    if not refusing(case) or draft.outcome not in ("A", "B"):
        return False
    return draft.fields.get("refused_part") != "withheld"


def informed(case: Case) -> set[str]:
    last = max((n for n, each in enumerate(case.facts) if each.act == "draft_reply"), default=0)
    return {each.party for each in case.facts[last:] if each.act == "inform_third_party"}
