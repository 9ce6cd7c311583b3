"""May this act be done now, and on which article: the second half of the oracle (`law_oracle.py`).

Each rule of an act is a line: whether it is broken, and its source.  `Verdict.allowed` is None where the law
leaves the choice to the office; then nothing can be wrong, and the desk is followed.
"""

from __future__ import annotations

from collections.abc import Callable

from tests.desk import law_notices, law_opinions, law_remedies, law_replies
from tests.desk.law_oracle import Deed, Standing
from tests.desk.law_question import DOCUMENT, Broken, Question, Verdict

OF_THE_APPLICANT = ("submit", "receive_correction", "withdraw")


def may(question: Question, *, again: bool = False) -> Verdict:
    """`again`: a late entry is judged once more, when it is confirmed."""
    deed = question.deed
    now = question.now
    late = deed.act in LATE and LATE[deed.act](now, deed) and not again
    if deed.act not in OF_THE_APPLICANT and deed.by not in question.staff:
        return Verdict(False, "29, 45: an act of the office")
    open_point = ""
    for broken, source in RULES[deed.act](question, now, deed):
        if broken:
            return Verdict(False, source)
        if broken is None:
            open_point = open_point or source
    if late and not DOCUMENT.search(deed.proof):
        return Verdict(False, "9: entered late without a document")
    return Verdict(None if open_point else True, open_point or "nothing forbids it", late)


# An earlier day than that of the entry: when is it a late entry that a second person confirms (part 9)?
def _earlier(now: Standing, deed: Deed) -> bool:
    return deed.on < deed.entered


LATE: dict[str, Callable[[Standing, Deed], bool]] = {
    "ask_correction": _earlier,
    "consult_third_party": _earlier,
    "consult_agency": _earlier,
    "notice_fee": _earlier,
    "serve": lambda now, deed: now.due_on is not None and deed.on <= now.due_on < deed.entered,
}
RULES: dict[str, Callable[[Question, Standing, Deed], Broken]] = {
    "confirm_receipt": law_notices.confirm_receipt,
    "undo_receipt": law_notices.undo_receipt,
    "take": law_notices.inside,
    "note": law_notices.inside,
    "search": law_notices.search,
    "split": law_notices.split,
    "ask_correction": law_notices.ask_correction,
    "receive_correction_notice": law_notices.receive_correction_notice,
    "receive_correction": law_notices.receive_correction,
    "lapse_uncorrected": law_notices.lapse_uncorrected,
    "ask_reasons": law_notices.ask_reasons,
    "receive_reasons": law_notices.receive_reasons,
    "record_no_reasons": law_notices.record_no_reasons,
    "defer": law_notices.defer,
    "extend": law_notices.extend,
    "consult_third_party": law_opinions.consult,
    "consult_agency": law_opinions.consult,
    "receive_opinion": law_opinions.receive_opinion,
    "notice_fee": law_notices.notice_fee,
    "withdraw_fee": law_notices.withdraw_fee,
    "receive_payment": law_notices.receive_payment,
    "lapse_unpaid": law_notices.lapse_unpaid,
    "inform_third_party": law_opinions.inform_third_party,
    "draft_reply": law_replies.draft_reply,
    "review": law_replies.review,
    "discard_draft": law_replies.discard,
    "sign": law_replies.sign,
    "serve": law_replies.serve,
    "archive": law_replies.archive,
    "withdraw": law_replies.withdraw,
    "convert_to_record_correction": law_replies.convert,
    "record_remedy": law_remedies.record_remedy,
    "order_redecision": law_remedies.order_redecision,
}
