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

from dataclasses import replace
from datetime import timedelta

from bot.desk.applicants import is_child
from bot.desk.model import ApplicantKind, DeliveryForm
from bot.dialogue.handling import handles
from bot.dialogue.payload import Act, Payload
from bot.dialogue.picking import says
from bot.dialogue.resident.filing import form, record_correction
from bot.dialogue.resident.filing.asking_for import question_of
from bot.dialogue.resident.filing.form import PREFIXES, READ_BACK, RECORD_CORRECTION, REQUEST
from bot.dialogue.resident.filing.submitting import editable, hand_over, read_back, submit
from bot.dialogue.resident.filing.taking import LONGEST_WANTED, for_whom, take
from bot.dialogue.understanding.intents import IntentKind, intent_of
from bot.dialogue.visit import Visit, turn
from bot.messages import Outgoing, Part, Style, Turn

_WITH_FILES = frozenset({"wanted", "form", "way", "address", READ_BACK})
_NOTED = {form.FOR_OTHER: "for_other_noted", form.TOGETHER: "together_noted"}


_ONE_BREATH = timedelta(seconds=10)  # between the parts of a message that was too long for one
_LEAST_REST = 30  # characters; whoever chooses writes less


# ---- beginning and ending --------------------------------------------------------------------------------
@handles(Act.FILE_REQUEST)
def press_file(visit: Visit, payload: Payload) -> Turn:
    """申请公开 under an answer: the question is already filled in."""
    return start(visit, visit.memory.question(int(payload.arguments[0])))


def start(visit: Visit, wanted: str = "", told: str = "") -> Turn:
    """Begin the form, or take up the one that is half filled; `told` is how it was asked for (替我妈申请)."""
    memory = visit.memory
    if memory.step.startswith(f"{PREFIXES[REQUEST]}."):
        memory.paused = False
        if wanted:
            memory.draft["wanted"] = wanted[:LONGEST_WANTED]
            memory.draft.pop("wanted_seen", None)
        return again(visit, visit.voice.small("form_taken_up"))
    draft = form.new_draft(wanted[:LONGEST_WANTED], asks_identity=_asks_identity(visit))
    memory.begin(form.memory_step(draft, form.next_step(draft)), **draft)
    event = "form_begins" if _asks_identity(visit) else "form_begins_without_identity"
    noted = for_whom(memory.draft, form.next_step(draft), told) if told else ""
    said = [Part(visit.voice.word(noted))] if noted else []
    return _go_on(visit, Part(visit.voice.word(event)), *_not_announced(visit), *said)


@handles(Act.FILE_RECORD_CORRECTION)
def press_record_correction(visit: Visit, payload: Payload) -> Turn:
    """要求更正 under what the guide says of it."""
    return start_record_correction(visit)


def start_record_correction(visit: Visit) -> Turn:
    """更正: begin the other form, or take it up; a half-filled request is put aside, not lost."""
    memory = visit.memory
    if memory.step.startswith(f"{PREFIXES[RECORD_CORRECTION]}."):
        memory.paused = False
        return again(visit, visit.voice.small("form_taken_up"))
    draft = form.new_draft(track=RECORD_CORRECTION, asks_identity=_asks_identity(visit))
    memory.begin(form.memory_step(draft, form.next_step(draft)), **draft)
    event = "record_form_begins" if _asks_identity(visit) else "record_form_begins_without_identity"
    return _go_on(visit, Part(visit.voice.word(event)), *_not_announced(visit))


def _asks_identity(visit: Visit) -> bool:
    """Not on a service whose servers are abroad, unless the office has decided otherwise."""
    return visit.may_name_people


def _not_announced(visit: Visit) -> list[Part]:
    if visit.settings.announced_channel:
        return []
    return [Part(visit.voice.word("not_announced_first"), Style.STRONG)]


def is_under_way(visit: Visit) -> bool:
    return visit.memory.step.partition(".")[0] in PREFIXES.values()


def takes_files(visit: Visit) -> bool:
    """From what is wanted on, in a request: who somebody is needs no picture (art. 29)."""
    draft = visit.memory.draft
    if form.track_of(draft) != REQUEST or not visit.settings.announced_channel:
        return False
    return _step(visit) in _WITH_FILES


def again(visit: Visit, *before: Part) -> Turn:
    """Ask the present step once more."""
    name = _step(visit)
    if name == READ_BACK or form.step_named(name) is None:
        return _go_on(visit, *before)
    return _ask(visit, name, *before)


# ---- answers ---------------------------------------------------------------------------------------------
def answer(visit: Visit, text: str) -> Turn:
    """A text typed in the middle of the form."""
    name = _step(visit)
    wants_to_correct = says(visit, "corrects", text)
    if name == READ_BACK or form.step_named(name) is None:
        event = "which_to_correct" if wants_to_correct else "please_choose"
        return turn(read_back(visit, visit.voice.small(event)))
    if wants_to_correct and visit.memory.draft.get(name):
        return turn(question_of(visit, name, Part(visit.voice.word("write_it_anew"))))
    if noted := for_whom(visit.memory.draft, name, text):
        return _go_on(visit, Part(visit.voice.word(noted)))
    if name == "form" and _is_rest(visit, text):
        visit.memory.draft["wanted"] += f"\n{text.strip()}"
        return again(visit, visit.voice.small("added_to_wanted"))
    remark = take(visit, name, text)
    if remark.event:
        said = question_of(visit, name, Part(visit.voice.word(remark.event, **remark.values)))
        return turn(said if remark.is_final else _with_insisting(visit, said))
    return _go_on(visit, *_other_channels(visit, name, text))


def _other_channels(visit: Visit, name: str, text: str) -> list[Part]:
    """Whoever wants what is really a complaint learns whom to tell; the form goes on (art. 39 is later)."""
    intent = intent_of(text, visit.services.rulebook.rules) if name == "wanted" else None
    if intent is None or intent.kind is not IntentKind.REDIRECT:
        return []
    lines = [visit.voice.word("wanted_is_complaint"), *(visit.voice.own(line) for line in intent.channels)]
    return [Part("\n".join(lines))]


def _is_rest(visit: Visit, text: str) -> bool:
    """Whether it is the rest of a long text that came in several messages, and no answer to a choice."""
    before = visit.memory.at
    soon = before is not None and visit.now - before <= _ONE_BREATH
    return soon and len(text) >= _LEAST_REST and bool(visit.memory.draft.get("wanted"))


def _with_insisting(visit: Visit, question: Outgoing) -> Outgoing:
    """Below a remark: what was typed is meant as it stands."""
    button = visit.voice.button("button_as_written", Act.FORM_KEEP, visit.memory.draft["draft"])
    others = (row for row in question.buttons if not any(each.data == button.data for each in row))
    return replace(question, buttons=((button,), *others))


@handles(Act.FORM_CHOOSE)
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
    if name in (form.FOR_OTHER, form.TOGETHER):
        return _with_whom(visit, name, value)
    form.record(draft, name, value)
    return _go_on(visit)


def _with_whom(visit: Visit, name: str, value: str) -> Turn:
    """For or with somebody else, or not after all; the step that is shown stays where it fits."""
    draft = visit.memory.draft
    if value == "yes":
        draft[name] = "yes"
        return _go_on(visit, Part(visit.voice.word(_NOTED[name])))
    if name == form.FOR_OTHER:
        form.for_oneself(draft)
        return _go_on(visit)
    form.alone(draft)
    return _go_on(visit, visit.voice.small("others_later"))


def _choices(visit: Visit, name: str) -> tuple[str, ...]:
    if name == "kind":
        return tuple(kind.value for kind in ApplicantKind)
    if name == "form":
        return tuple(DeliveryForm)
    if name in (form.FOR_OTHER, form.TOGETHER):
        return ("yes", "no")
    if name == "capacity":
        return form.CAPACITIES
    chosen = visit.memory.draft.get("form")
    return form.WAYS[DeliveryForm(chosen)] if name == "way" and chosen else ()


@handles(Act.FORM_KEEP)
def press_keep(visit: Visit, payload: Payload) -> Turn:
    """The answer stays as it is (or the prefilled text is right)."""
    if not _is_current(visit, payload.arguments[0]):
        return _stale(visit, payload.arguments[0])
    draft, name = visit.memory.draft, _step(visit)
    if text := form.doubted(draft, name):
        form.record_as_written(draft, name, text)
        if name == "id_number":
            draft["child"] = "yes" if is_child(text, visit.today) else ""
    elif name == "wanted" and draft.get("wanted"):
        draft["wanted_seen"] = "1"
    return _go_on(visit)


@handles(Act.FORM_BACK)
def press_back(visit: Visit, payload: Payload) -> Turn:
    """One step back; before the first step there is only the way out."""
    if not _is_current(visit, payload.arguments[0]):
        return _stale(visit, payload.arguments[0])
    return _back(visit)


def _back(visit: Visit) -> Turn:
    before = form.previous_step(visit.memory.draft, _step(visit))
    if not before:
        return again(visit, visit.voice.small("form_first_step"))
    return _ask(visit, before)


@handles(Act.FORM_EDIT)
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
    visit.memory.draft.pop("doubted", None)
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


@handles(Act.FORM_SUBMIT)
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
