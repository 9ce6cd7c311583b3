"""The walk through a form: a disclosure request, or (fewer steps) the correction of a record about oneself.

    申请 ─▶ kind ─▶ name ─▶ id_number ─▶ (representative) ─▶ contact ─▶ wanted ─▶ form ─▶ (way) ─▶ (address)
             ▲       ▲ 上一步: one step back, the answers stay          any step ─ 取消 ─▶ nothing is kept
             │       │                                                              │
             └───────┴── 改… ── read_back ◀──────────── no step without an answer ◀─┘
                                   │ 确认提交
                     announced channel │ not announced
                       submitted ◀─────┴─────▶ the form as a text, and where to hand it in; nothing is filed

A form that lies for longer than `conversation.LONG_AGO` is offered again before anything else is made of what
the resident says.
"""

from __future__ import annotations

from bot.desk.model import ApplicantKind, DeliveryForm
from bot.dialogue.filing import form, record_correction
from bot.dialogue.filing.asking_for import question_of
from bot.dialogue.filing.form import PREFIXES, READ_BACK, RECORD_CORRECTION, REQUEST
from bot.dialogue.filing.submitting import editable, hand_over, read_back, submit
from bot.dialogue.filing.taking import LONGEST_WANTED, take
from bot.dialogue.messages import Part, Style, Turn
from bot.dialogue.payload import Act, Payload
from bot.dialogue.visit import Press, Visit, turn


# ---- beginning and ending --------------------------------------------------------------------------------
def press_file(visit: Visit, payload: Payload) -> Turn:
    """申请公开 under an answer: the question is already filled in."""
    return start(visit, visit.memory.question(int(payload.arguments[0])))


def start(visit: Visit, wanted: str = "") -> Turn:
    """Begin the form, or take up the one that is half filled."""
    memory = visit.memory
    if memory.step.startswith(f"{PREFIXES[REQUEST]}."):
        memory.paused = False
        if wanted:
            memory.draft["wanted"] = wanted[:LONGEST_WANTED]
            memory.draft.pop("wanted_seen", None)
        return again(visit, visit.voice.small("form_taken_up"))
    draft = form.new_draft(wanted[:LONGEST_WANTED])
    memory.begin(form.memory_step(draft, form.next_step(draft)), **draft)
    return _go_on(visit, Part(visit.voice.word("form_begins")), *_not_announced(visit))


def press_record_correction(visit: Visit, payload: Payload) -> Turn:
    """要求更正 under what the guide says of it."""
    return start_record_correction(visit)


def start_record_correction(visit: Visit) -> Turn:
    """更正: begin the other form, or take it up; a half-filled request is put aside, not lost."""
    memory = visit.memory
    if memory.step.startswith(f"{PREFIXES[RECORD_CORRECTION]}."):
        memory.paused = False
        return again(visit, visit.voice.small("form_taken_up"))
    draft = form.new_draft(track=RECORD_CORRECTION)
    memory.begin(form.memory_step(draft, form.next_step(draft)), **draft)
    return _go_on(visit, Part(visit.voice.word("record_form_begins")), *_not_announced(visit))


def _not_announced(visit: Visit) -> list[Part]:
    if visit.settings.announced_channel:
        return []
    return [Part(visit.voice.word("not_announced_first"), Style.STRONG)]


def is_under_way(visit: Visit) -> bool:
    return visit.memory.step.partition(".")[0] in PREFIXES.values()


def again(visit: Visit, *before: Part) -> Turn:
    """Ask the present step once more."""
    name = _step(visit)
    if name == READ_BACK or form.step_named(name) is None:
        return _go_on(visit, *before)
    return turn(question_of(visit, name, *before))


# ---- answers ---------------------------------------------------------------------------------------------
def answer(visit: Visit, text: str) -> Turn:
    """A text typed in the middle of the form."""
    name = _step(visit)
    if name == READ_BACK or form.step_named(name) is None:
        return turn(read_back(visit, visit.voice.small("please_choose")))
    remark = take(visit, name, text)
    if remark.event:
        return turn(question_of(visit, name, Part(visit.voice.word(remark.event, **remark.values))))
    return _go_on(visit)


def press_choose(visit: Visit, payload: Payload) -> Turn:
    """A choice of a step.  An old button of the same form still corrects that answer."""
    name, value, draft_id = payload.arguments
    draft = visit.memory.draft
    if not _is_current(visit, draft_id):
        return _stale(visit, draft_id)
    if name == "id_other":
        draft["id_other"] = "yes"
        draft.pop("id_number", None)
        return _ask(visit, "id_number")
    if value not in _choices(visit, name):
        return turn(visit.voice.message("button_expired"))
    form.record(draft, name, value)
    return _go_on(visit)


def _choices(visit: Visit, name: str) -> tuple[str, ...]:
    if name == "kind":
        return tuple(kind.value for kind in ApplicantKind)
    if name == "form":
        return tuple(DeliveryForm)
    chosen = visit.memory.draft.get("form")
    return form.WAYS[DeliveryForm(chosen)] if name == "way" and chosen else ()


def press_keep(visit: Visit, payload: Payload) -> Turn:
    """The answer stays as it is (or the prefilled text is right)."""
    if not _is_current(visit, payload.arguments[0]):
        return _stale(visit, payload.arguments[0])
    if _step(visit) == "wanted" and visit.memory.draft.get("wanted"):
        visit.memory.draft["wanted_seen"] = "1"
    return _go_on(visit)


def press_back(visit: Visit, payload: Payload) -> Turn:
    """One step back; before the first step there is only the way out."""
    if not _is_current(visit, payload.arguments[0]):
        return _stale(visit, payload.arguments[0])
    before = form.previous_step(visit.memory.draft, _step(visit))
    if not before:
        return again(visit, visit.voice.small("form_first_step"))
    return _ask(visit, before)


def press_edit(visit: Visit, payload: Payload) -> Turn:
    """Correct one answer from the read-back."""
    name, draft_id = payload.arguments
    if not _is_current(visit, draft_id):
        return _stale(visit, draft_id)
    if name not in editable(visit.memory.draft):
        return turn(visit.voice.message("button_expired"))
    if name == "id_number":
        visit.memory.draft.pop("id_other", None)
    return _ask(visit, name)


def _go_on(visit: Visit, *before: Part) -> Turn:
    name = form.next_step(visit.memory.draft)
    if name == READ_BACK:
        visit.memory.step = form.memory_step(visit.memory.draft, READ_BACK)
        return turn(read_back(visit, *before))
    return _ask(visit, name, *before)


def _ask(visit: Visit, name: str, *before: Part) -> Turn:
    visit.memory.step = form.memory_step(visit.memory.draft, name)
    visit.memory.paused = False
    return turn(question_of(visit, name, *before))


def _step(visit: Visit) -> str:
    return visit.memory.step.partition(".")[2]


def _is_current(visit: Visit, draft_id: str) -> bool:
    return is_under_way(visit) and visit.memory.draft.get("draft") == draft_id


def _stale(visit: Visit, draft_id: str) -> Turn:
    """A button of a form that was sent off or cancelled."""
    number = visit.memory.submitted.get(draft_id)
    if number:
        detail = visit.voice.button("button_see_request", Act.MY_REQUEST, number)  # whichever it became
        return turn(visit.voice.message("already_submitted", number=number, buttons=[[detail]]))
    return turn(visit.voice.message("form_gone"))


def press_submit(visit: Visit, payload: Payload) -> Turn:
    """The applicant's confirmation: one press, one request, however often it is pressed."""
    draft_id = payload.arguments[0]
    if not _is_current(visit, draft_id):
        return _stale(visit, draft_id)
    if form.next_step(visit.memory.draft) != READ_BACK:
        return _go_on(visit)
    if not visit.settings.announced_channel:
        return hand_over(visit)
    if form.track_of(visit.memory.draft) == RECORD_CORRECTION:
        return record_correction.submit(visit, draft_id)
    return submit(visit, draft_id)


PRESSES: dict[Act, Press] = {
    Act.FILE_REQUEST: press_file,
    Act.FILE_RECORD_CORRECTION: press_record_correction,
    Act.FORM_CHOOSE: press_choose,
    Act.FORM_KEEP: press_keep,
    Act.FORM_BACK: press_back,
    Act.FORM_EDIT: press_edit,
    Act.FORM_SUBMIT: press_submit,
}
