"""Chooses the next step of a history: mostly what the law allows, on the days on which something turns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from random import Random

from bot.desk.model import Intake
from tests.desk.conftest import CLERK, RESIDENT
from tests.desk.law_acts import RULES
from tests.desk.law_desk import APPLICANTS, STAFF, STRANGER, Step
from tests.desk.law_fees import fee_by_pages, fee_by_request, place_in_month
from tests.desk.law_histories import History
from tests.desk.law_opinions import overrules, refusing
from tests.desk.law_oracle import WRITTEN, Case, Deed, Standing, State
from tests.desk.law_replies import CODES

FIELDS = {
    "given": "总表",
    "withheld": "个人的部分",
    "article": "第十四条（可能危及三安全一稳定）",
    "ground": "涉及个人",
    "mark": "秘密，定密字第1号",
    "law_article": "某法第三条",
    "right": "个人隐私",
    "case": "某案",
    "special_law": "不动产登记暂行条例",
    "existing": "原始台账",
    "channel": "信访窗口",
    "earlier_number": "#0",
    "how_to_obtain": "书店",
    "count": "本月十一件",
    "earlier_reply": "上次的答复",
}
WHICH = {"C3": "公共安全", "C5": "人事管理", "C6": "过程稿"}
THIRD, AGENCIES = ("甲厂", "乙社", "张三"), ("县财政局", "县民政局")
DOCUMENTS = ("发文登记簿第3号", "送达回证，已签收")
POSTED = "XA12345678936"
FIT: dict[State, tuple[str, ...]] = {
    State.FILED: ("confirm_receipt",) * 8 + ("withdraw", "undo_receipt"),
    State.IN_HAND: (
        *("consult_third_party", "consult_agency", "extend", "draft_reply", "ask_correction", "notice_fee")
        * 3,
        *("draft_reply", "defer", "defer", "defer", "ask_reasons", "search", "take", "split", "undo_receipt"),
        *("order_redecision", "record_remedy"),
    ),
    State.CONSULTING: (
        *("receive_opinion",) * 4,
        *("consult_third_party", "consult_agency", "extend", "ask_correction", "notice_fee", "search"),
    ),
    State.CORRECTION: ("receive_correction", "lapse_uncorrected", "receive_correction_notice"),
    State.REASONS: ("receive_reasons", "record_no_reasons"),
    State.FEE: ("receive_payment", "receive_payment", "lapse_unpaid", "withdraw_fee"),
    State.DRAFTED: ("review", "review", "sign", "discard_draft", "inform_third_party", "serve", "extend"),
    State.REVIEWED: ("sign", "serve", "inform_third_party"),
    State.SIGNED: ("serve", "serve", "serve", "inform_third_party"),
    State.SERVED: ("record_remedy", "record_remedy", "order_redecision", "archive"),
    State.ARCHIVED: ("record_remedy", "order_redecision"),
    State.UNCORRECTED: ("record_remedy", "order_redecision"),
    State.UNPAID: ("record_remedy", "order_redecision"),
    State.WITHDRAWN: ("record_remedy",),
    State.CONVERTED: ("record_remedy",),
}
# Seldom possible, and drawn about their last day: offered whether it is lawful or not, or no edge is tried.
AT_THE_EDGE = ("defer", "lapse_uncorrected", "lapse_unpaid", "record_no_reasons", "notice_fee")
ANY = (*RULES, "confirm_late_entry", "decline_late_entry")
REMEDIES = ("reconsideration", "reconsideration", "direct_suit", "suit_after_reconsideration")


class Maker:
    """Chooses the next step of a history."""

    def __init__(self, random: Random, history: History, start: date) -> None:
        self.random, self.history, self.today = random, history, start

    def step(self) -> Step:
        self._time_passes()
        cases = self.history.cases
        wanted = [n for n, case in enumerate(cases) if len(case.facts) > 1 or n < 4]
        if not cases or (self.random.random() < 0.06 and len(wanted) < 6):
            return self.filing()
        lawful = self.random.random() < 0.8
        step = self._any(self.random.choice(wanted))
        for _ in range(8):
            edge = step.deed.act in AT_THE_EDGE or self._serves_untold(step)
            if (
                (edge and self.random.random() < 0.6)
                or not lawful
                or self.history.verdict(step).allowed is not False
            ):
                return step
            step = self._any(self.random.choice(wanted))
        return step

    def _serves_untold(self, step: Step) -> bool:
        """A reply that overrules somebody: who serves it may have told them, or not (art. 32)."""
        case = self.history.cases[step.target]
        draft = self.history.law.standing(case).draft
        return step.deed.act == "serve" and draft is not None and overrules(case, draft)

    def filing(self) -> Step:
        random = self.random
        asked = random.choice(("部门决算", "低保名单", "部门决算和低保名单"))
        applicant = random.choice((RESIDENT, RESIDENT, *APPLICANTS))
        if random.random() < 0.6:
            return Step(-1, Deed("submit", applicant, self.today), asked, "online", applicant)
        intake = random.choice([each.value for each in Intake if each is not Intake.ONLINE])
        day = self.today + timedelta(days=random.choice((0, 0, -1, -3, -9, 2)))
        return Step(-1, Deed("enter", self._staff(), self.today, day), asked, intake, applicant)

    def _staff(self) -> str:
        return self.random.choice((*STAFF, *STAFF, *STAFF, *STAFF, STRANGER))

    def _time_passes(self) -> None:
        draw = self.random.random()
        if draw < 0.45:
            return
        if draw < 0.75:
            self.today += timedelta(days=self.random.randint(1, 4))
        elif draw < 0.91:
            ahead = [day for day in self._last_days() if day > self.today]
            self.today = self.random.choice(ahead) if ahead else self.today + timedelta(days=2)
        elif draw < 0.97:
            self.today += timedelta(days=self.random.randint(8, 45))
        else:
            self.today = max(self.today, date(self.today.year, 12, 30)) + timedelta(
                days=self.random.randint(0, 4)
            )

    def _last_days(self) -> Iterator[date]:
        """Last days of the open cases, and the days beside them."""
        for case in self.history.cases[:8]:
            now = self.history.law.standing(case)
            notice = now.received_on and self.history.law.days.after(now.received_on, 7)
            by = [self.history.law.opinion_by(each) for each in now.awaited]
            for day in (now.due_on, now.correction_due_on, now.pay_by, now.reasons_by, notice, *by):
                if day is not None and now.is_open:
                    yield from (day + timedelta(days=away) for away in (-1, 0, 1, 1))

    def _any(self, target: int) -> Step:
        case = self.history.cases[target]
        now = self.history.law.standing(case)
        act = self.random.choice(FIT[now.state] if self.random.random() < 0.85 else ANY)
        if self.random.random() < 0.5:
            act = self._called_for(case, now) or act
        if case.waiting and self.random.random() < 0.4:
            act = self.random.choice(("confirm_late_entry", "confirm_late_entry", "decline_late_entry"))
        if act in ("confirm_late_entry", "decline_late_entry"):
            nth = self.random.randrange(len(case.waiting) + 1 if self.random.random() < 0.1 else 1)
            return Step(target, Deed(act, self._staff(), self.today), nth_waiting=nth)
        self._wait_for(act, now)
        return Step(target, self.deed(target, case, now, act))

    @staticmethod
    def _called_for(case: Case, now: Standing) -> str:
        """What seldom happens by chance: a later date after good reasons, telling who is overruled."""
        if now.state is State.IN_HAND and case.facts[-1].act == "receive_reasons" and case.facts[-1].yes:
            return "defer"
        overruled = now.draft is not None and overrules(case, now.draft)
        if overruled and now.state in WRITTEN:
            return "serve" if now.state is State.SIGNED else "inform_third_party"
        return ""

    def _wait_for(self, act: str, now: Standing) -> None:
        """Half of the time a lapse is tried on the last day or the one after, not before."""
        last = {
            "lapse_uncorrected": now.correction_due_on,
            "lapse_unpaid": now.pay_by,
            "record_no_reasons": now.reasons_by,
        }.get(act)
        if last is not None and self.random.random() < 0.5:
            self.today = max(self.today, last + timedelta(days=self.random.choice((0, 0, 1, 1, 4))))

    def _day(self, now: Standing) -> date | None:
        """None (today) mostly; else some days ago, or a day on which something hangs."""
        draw = self.random.random()
        if draw < 0.5:
            return None
        if draw < 0.9:
            return self.today - timedelta(days=self.random.choice((0, 1, 2, 5, 9, 16, 33)))
        return self.random.choice((now.due_on, now.received_on, now.ended_on, self.today + timedelta(days=1)))

    def deed(self, target: int, case: Case, now: Standing, act: str) -> Deed:
        random = self.random
        plain = Deed(act, self._staff(), self.today)
        dated = replace(
            plain, day=self._day(now), proof=random.choice((*DOCUMENTS, *DOCUMENTS, "他本人", ""))
        )
        match act:
            case "search":
                return replace(plain, party="档案室", yes=random.random() < 0.8)
            case "split":
                parts = ("部门决算", "低保名单", "另外的台账")[: random.choice((1, 2, 2, 3))]
                return replace(plain, parts=parts)
            case "ask_correction":
                text = random.choice(("请写明是哪一年的",) * 7 + ("请说明用途",))
                return replace(dated, days=random.choice((5, 5, 7, 10, 15, 4, 1)), text=text)
            case "receive_correction_notice":
                return dated
            case "receive_correction":
                by = random.choice((case.applicant, CLERK, CLERK, CLERK, STRANGER))
                day = self._day(now) if by == CLERK else None  # in chat it is received at once
                return replace(plain, by=by, day=day, text="2024年的")
            case "ask_reasons":
                return replace(plain, days=random.choice((5, 7, 10)))
            case "receive_reasons" | "review":
                return replace(plain, yes=random.random() < 0.6)
            case "defer":
                near = now.due_on or self.today
                edge = self.history.law.days.after(near, 20)
                chosen = (near, near + timedelta(days=9), edge, edge + timedelta(days=1), self.today)
                return replace(plain, until=random.choice(chosen))
            case "extend":
                return replace(plain, days=random.choice((20, 20, 20, 10, 5, 1, 0, 21)))
            case "consult_third_party" | "consult_agency":
                return self._consultation(dated)
            case "receive_opinion":
                awaited = [each.party for each in now.awaited]
                party = random.choice((*awaited, *awaited, *awaited, "", "乙社"))
                opinion = random.choice(("agrees", "refuses", "refuses", "silent"))
                day = None if opinion == "silent" else self._day(now)
                return replace(plain, party=party, opinion=opinion, day=day)
            case "notice_fee":
                return self._fee(target, dated)
            case "receive_payment":
                return replace(plain, day=self._day(now))
            case "inform_third_party":
                return replace(plain, party=random.choice((*THIRD, *sorted(refusing(case)) * 3)))
            case "draft_reply":
                return self._draft(target, plain)
            case "serve":
                return self._service(now, plain)
            case "withdraw":
                by = random.choice((case.applicant, CLERK, STRANGER))
                return replace(plain, by=by, told=by == CLERK and random.random() < 0.6)
            case "record_remedy":
                result = random.choice(("", "", "corrected", "corrected", "upheld", "other"))
                day = self._day(now)
                return replace(plain, remedy=random.choice(REMEDIES), result=result, day=day)
            case "order_redecision":
                until = (
                    self.today + timedelta(days=random.choice((10, 30, -3)))
                    if random.random() < 0.3
                    else None
                )
                return replace(plain, day=self._day(now), days=random.choice((20, 20, 5, 0)), until=until)
        return plain

    def _consultation(self, deed: Deed) -> Deed:
        party = self.random.choice(THIRD if deed.act == "consult_third_party" else AGENCIES)
        letter = None
        if self.random.random() < 0.4:
            letter = deed.on + timedelta(days=self.random.choice((0, 1, 3, -1)))
        return replace(deed, party=party, letter_on=letter)

    def _fee(self, target: int, deed: Deed) -> Deed:
        places = place_in_month(self.history.question(target, deed))
        if self.random.random() < 0.3:
            pages = self.random.choice((31, 100, 101, 250))
            return replace(deed, pages=pages, amount=fee_by_pages(pages) + self.random.choice((0, 0, 0, 10)))
        right = fee_by_request(max(places, default=1)) or 100
        return replace(deed, amount=self.random.choice((right, right, right, right, right + 1, 9999)))

    def _draft(self, target: int, deed: Deed) -> Deed:
        random = self.random
        code = random.choice((*CODES, *CODES, "A", "B", "A", "B", "D1", "C4", "E4", "E4", "E2", "D3", "F3"))
        if refusing(self.history.cases[target]) and random.random() < 0.6:
            code = random.choice("AB")
        fields = {**FIELDS, "which": WHICH.get(code, "")}
        fields["earlier_number"] = f"#{random.randrange(len(self.history.cases))}"
        if random.random() < 0.7:
            fields["refused_part"] = random.choice(("withheld", "disclosed"))
            fields["public_interest"] = random.choice(("饮水安全", "饮水安全", ""))
        if random.random() < 0.4:
            fields["article"] = "第十五条（个人隐私）"
        if random.random() < 0.12:
            fields[random.choice(list(fields))] = ""
        if "earlier_number" in fields and not fields["earlier_number"]:
            fields["earlier_number"] = "#999"
        text = random.choice(("答复如下。", "答复如下。", "其中一页不予公开。"))
        return replace(deed, outcome=code, fields=fields, text=text, yes=random.random() < 0.3)

    def _service(self, now: Standing, deed: Deed) -> Deed:
        random = self.random
        method = random.choice(("by_hand", "by_hand", "post", "post", "entrusted", "email", "chat"))
        proof = random.choice((POSTED, POSTED, "XA1", "")) if method == "post" else ""
        if method in ("by_hand", "entrusted"):
            proof = random.choice((*DOCUMENTS, *DOCUMENTS, "他本人签收", ""))
        day = self._day(now)
        if now.ready_on and random.random() < 0.3:
            day = random.choice((now.ready_on, now.due_on))
        return replace(deed, method=method, proof=proof, day=day, yes=random.random() < 0.6)


def some_start(random: Random) -> date:
    """National Day, Spring Festival, a year's end, a leap day, or any day of 2022-2026."""
    year = random.randint(2022, 2026)
    first, days = random.choice(
        (
            (date(year, 9, 18), 22),
            (date(year, 1, 8), 40),
            (date(year, 11, 25), 40),
            (date(2024, 1, 25), 36),
            (date(year, 4, 10), 25),
            (date(year, 1, 1), 330),
        )
    )
    return first + timedelta(days=random.randrange(days))
