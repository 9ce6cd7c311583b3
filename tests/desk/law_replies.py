"""Rules of the reply: which outcome, what it records, review, service, and other ends (part 5; 17, 36-39)."""

from __future__ import annotations

import re
from dataclasses import replace

from tests.desk.law_fees import in_month, place_in_month
from tests.desk.law_opinions import informed, opinions, overrules, refusing
from tests.desk.law_oracle import WRITTEN, Case, Deed, Law, Standing, State, newest
from tests.desk.law_question import Broken, Question, between

EXCESSIVE = 10  # requests a month, the default of the setting
CODES = ("A", "B", *(f"C{n}" for n in range(1, 9)), "D1", "D2", "D3", *(f"E{n}" for n in range(1, 6)))
MUST_RECORD = {
    "B": ("given", "withheld", "article", "ground"),
    "C1": ("mark",),
    "C2": ("law_article",),
    "C3": ("which", "ground"),
    "C4": ("right", "ground"),
    "C5": ("which", "ground"),
    "C6": ("which", "ground"),
    "C7": ("case", "ground"),
    "C8": ("special_law",),
    "D2": ("existing",),
    "E1": ("channel",),
    "E2": ("earlier_number",),
    "E3": ("how_to_obtain",),
    "E4": ("count",),
    "E5": ("earlier_reply",),
}
WHICH = {
    "C3": ("国家安全", "公共安全", "经济安全", "社会稳定"),
    "C5": ("人事管理", "后勤管理", "内部工作流程"),
    "C6": ("讨论记录", "过程稿", "磋商信函", "请示报告"),
}
OTHERS_RIGHTS = ("商业秘密", "个人隐私")
CHINA_POST = re.compile(r"[A-Z]{2}\d{9}CN|[A-Z]{2}\d{11}|1\d{12}")  # 2 letters 9 digits CN, or domestic


def draft_reply(q: Question, now: Standing, deed: Deed) -> Broken:
    yield now.state not in (State.IN_HAND, *WRITTEN), "part 4: drafted from what is handled"
    yield None if now.state in (State.REVIEWED, State.SIGNED) else False, "part 4"
    yield from _outcome(q, deed)
    yield from _recorded(q, deed)


def outcome_open(q: Question, code: str) -> bool | None:
    """Whether this code may be drafted at all, whatever is written into its fields."""
    deed = replace(q.deed, act="draft_reply", outcome=code, fields={})
    verdicts = list(_outcome(q, deed))
    if any(broken for broken, _ in verdicts):
        return False
    return None if any(broken is None for broken, _ in verdicts) else True


def _outcome(q: Question, deed: Deed) -> Broken:
    code, facts = deed.outcome, q.case.facts
    yield code not in CODES, "part 5: no reply"
    if code == "C4":
        asked, heard = opinions(q.case)
        yield not asked, "part 5: consultation record"
        yield all(heard.get(party) == "agrees" for party in asked), "15: all agreed"
    if code == "D1" and deed.fields:  # the menu may offer it: the search is what the clerk is asked for next
        yield not any(each.act == "search" and each.yes for each in facts), "9: D1: one search trail"
    if code == "D3":
        yield not q.did("receive_correction"), "30: after correction"
    if code == "E2":
        same = answered_same(q)
        yield not same, "36(6): same applicant, same information, answered"
        altered = [each for each in (q.case, *same) if _split_and_corrected(each)]
        yield None if altered else False, "36(6): whether it is the same when it was parted and made clear"
    if code == "E4":
        heard_last = newest(facts, "receive_reasons", "record_no_reasons")
        yield heard_last is None, "35: reasons first"
        unreasonable = heard_last is not None and (
            heard_last.act == "record_no_reasons" or not heard_last.yes
        )
        yield not unreasonable, "35: the reasons were reasonable"
        counts = place_in_month(q) | {in_month(q)}
        few = [count < EXCESSIVE for count in counts]
        yield True if all(few) else None if any(few) or EXCESSIVE in counts else False, "9: E4: a number"


def _reply_stands(law: Law, case: Case) -> bool:
    """Served, and neither set aside since nor withdrawn while it was decided anew."""
    now = law.standing(case)
    return not now.is_open and now.replied


def _split_and_corrected(case: Case) -> bool:
    return {"split", "receive_correction"} <= {each.act for each in case.facts}


def answered_same(q: Question) -> list[Case]:
    return [
        each
        for each in q.all_cases
        if each is not q.case
        and (each.applicant, each.asked) == (q.case.applicant, q.case.asked)
        and _reply_stands(q.law, each)
    ]


def _recorded(q: Question, deed: Deed) -> Broken:
    code, given = deed.outcome, deed.fields
    missing = [name for name in MUST_RECORD.get(code, ()) if not given.get(name)]
    yield bool(missing), f"part 5: {code} records {missing}"
    if code in WHICH:
        yield given.get("which") not in WHICH[code], "9: which kind"
    if code == "C4":
        yield given.get("right") not in OTHERS_RIGHTS, "9: 商业秘密 or 个人隐私"
    if code == "E2":
        same = [str(n) for n, each in enumerate(q.all_cases) if each in answered_same(q)]
        yield given.get("earlier_number", "").removeprefix("#") not in same, "36(6)"
    if code == "A":
        yield "不予公开" in deed.text and not deed.yes, "9: an A that refuses is asked about"
    if code == "B" and given.get("article", "").startswith("第十五条"):
        asked, heard = opinions(q.case)
        agreed = all(heard.get(party) == "agrees" for party in asked)
        yield bool(asked) and agreed, "15: all agreed"
        yield None if not asked else False, "32: whether every withheld name needs a letter"
    if refusing(q.case) and code in ("A", "B"):
        if code == "B":
            yield None if not given.get("refused_part") else False, "32: withheld or disclosed"
        yield overrules(q.case, deed) and not given.get("public_interest"), "32: public interest"


def review(q: Question, now: Standing, deed: Deed) -> Broken:
    yield now.state is not State.DRAFTED, "17"
    yield now.draft is not None and deed.by == now.draft.by, "17: two persons"


def discard(q: Question, now: Standing, deed: Deed) -> Broken:
    yield now.state not in WRITTEN, "part 4"


def sign(q: Question, now: Standing, deed: Deed) -> Broken:
    yield now.state not in (State.DRAFTED, State.REVIEWED), "part 4"
    yield now.state is State.DRAFTED and q.two_review, "17: reviewed first"


def serve(q: Question, now: Standing, deed: Deed) -> Broken:
    yield now.state not in WRITTEN, "part 4"
    yield now.state is State.DRAFTED and q.two_review, "17: reviewed first"
    assert now.draft is not None
    yield from between(now.ready_on, deed.on, deed.entered, "part 2")
    late = now.due_on is not None and deed.on > now.due_on
    yield late and not deed.yes, "33: late, to be acknowledged"
    yield deed.method in ("chat", "email", "fax"), "9: no online reconsideration"
    yield deed.method == "post" and not CHINA_POST.search(deed.proof), "9: China Post"
    yield deed.method == "entrusted" and not deed.proof, "9: proof"
    yield deed.method == "by_hand" and not deed.proof and deed.on < deed.entered, "9: proof"
    if overrules(q.case, now.draft):
        yield not refusing(q.case) <= informed(q.case), "32: told first"


def archive(q: Question, now: Standing, deed: Deed) -> Broken:
    yield now.is_open, "45"
    yield now.state is State.ARCHIVED, "45: once"
    yield None if now.state is not State.SERVED else False, "45"


def withdraw(q: Question, now: Standing, deed: Deed) -> Broken:
    yield not now.is_open, "part 4: any open"
    if deed.by == q.case.in_chat:
        return
    yield deed.by not in q.staff, "part 4: the applicant's"
    yield not deed.told, "9: who told whom when"


def convert(q: Question, now: Standing, deed: Deed) -> Broken:
    yield not now.is_open, "41"
    yield None if now.state is not State.IN_HAND or now.reopened else False, "41"
