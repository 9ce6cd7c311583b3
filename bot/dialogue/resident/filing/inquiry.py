"""An inquiry (咨询): an informal question to the office.  Two steps: what is asked, a last look.

    咨询 ─▶ question ─▶ read_back ─ 发送 ─▶ opened; a card goes to staff
               ▲            │
               └── 改一改 ──┘        取消 everywhere

With the question already filled in it begins at the read-back.
"""

from __future__ import annotations

from bot.dialogue import notifications
from bot.dialogue.handling import handles
from bot.dialogue.payload import Act, Payload
from bot.dialogue.picking import says
from bot.dialogue.resident.filing.form import new_draft
from bot.dialogue.visit import Visit, turn
from bot.messages import Outgoing, Part, Style, Turn

INQUIRY = "inquiry"
_QUESTION, _READ_BACK = "inquiry.question", "inquiry.read_back"
_LONGEST = 2000


@handles(Act.FILE_INQUIRY)
def press_inquiry(visit: Visit, payload: Payload) -> Turn:
    """问工作人员 under an answer."""
    return start(visit, visit.memory.question(int(payload.arguments[0])))


def start(visit: Visit, question: str = "") -> Turn:
    """Begin an inquiry."""
    visit.memory.begin(_READ_BACK if question else _QUESTION, **new_draft(question[:_LONGEST]))
    return again(visit)


def again(visit: Visit, *before: Part) -> Turn:
    """Ask the present step once more."""
    if visit.memory.step == _READ_BACK:
        return turn(_read_back(visit, *before))
    cancel = visit.voice.button("button_cancel", Act.CANCEL)
    return turn(visit.voice.message("inquiry_question", before=before, buttons=[[cancel]]))


def answer(visit: Visit, text: str) -> Turn:
    """The question, or a better wording of it."""
    text = text.strip()
    if visit.memory.step == _READ_BACK and says(visit, "corrects", text):
        return again(visit, Part(visit.voice.word("write_it_anew")))
    if not 2 <= len(text) <= _LONGEST:
        return again(visit, Part(visit.voice.word("inquiry_length", most=_LONGEST)))
    visit.memory.draft["wanted"] = text
    visit.memory.step = _READ_BACK
    return turn(_read_back(visit))


def _read_back(visit: Visit, *before: Part) -> Outgoing:
    voice, draft = visit.voice, visit.memory.draft
    return voice.message(
        "inquiry_read_back",
        Part(draft["wanted"], Style.QUOTE),
        before=before,
        buttons=[
            [voice.button("button_send", Act.INQUIRY_SUBMIT, draft["draft"])],
            [voice.button("button_cancel", Act.CANCEL)],
        ],
    )


@handles(Act.INQUIRY_SUBMIT)
def press_send(visit: Visit, payload: Payload) -> Turn:
    """Send it off; a second press is told the number."""
    draft_id = payload.arguments[0]
    memory = visit.memory
    if memory.step != _READ_BACK or memory.draft.get("draft") != draft_id:
        return _stale(visit, draft_id)
    inquiry = visit.desk.inquiries.open(question=memory.draft["wanted"])
    memory.finish()
    memory.remember_submitted(draft_id, inquiry.number)
    detail = visit.voice.button("button_see_inquiry", Act.MY_INQUIRY, inquiry.number)
    sent = visit.voice.message("inquiry_opened", number=inquiry.number, buttons=[[detail]])
    return turn(sent, *notifications.to_staff_of_inquiry(visit, "staff_new_inquiry", inquiry))


def _stale(visit: Visit, draft_id: str) -> Turn:
    number = visit.memory.submitted.get(draft_id)
    if not number:
        return turn(visit.voice.message("form_gone"))
    detail = visit.voice.button("button_see_inquiry", Act.MY_INQUIRY, number)
    return turn(visit.voice.message("already_submitted", number=number, buttons=[[detail]]))
