"""The end of the form: a last look at everything, then filing it, or making it ready to hand in."""

from __future__ import annotations

from bot.desk.identity import mask_id
from bot.desk.model import ApplicantKind, DeliveryForm
from bot.dialogue.documents import form_to_hand_in
from bot.dialogue.filing import form
from bot.dialogue.filing.asking_for import navigation
from bot.dialogue.messages import Button, Language, Outgoing, Part, Style, Turn
from bot.dialogue.office import office_lines
from bot.dialogue.payload import Act
from bot.dialogue.staff import card
from bot.dialogue.visit import Visit, turn
from bot.dialogue.voice import Voice

_WHO = ("kind", "name", "id_number", "contact")
EDITABLE = {
    form.REQUEST: (*_WHO, "wanted", "form"),
    form.RECORD_CORRECTION: (*_WHO, "record", "wrong", "evidence"),
}


def editable(draft: form.Draft) -> tuple[str, ...]:
    """What can be corrected from the read-back."""
    return EDITABLE[form.track_of(draft)]


def read_back(visit: Visit, *before: Part) -> Outgoing:
    """Everything that was given, for a last look, with a button to correct each answer."""
    voice, draft_id = visit.voice, visit.memory.draft["draft"]
    edits = [
        voice.button(f"edit_{name}", Act.FORM_EDIT, name, draft_id) for name in editable(visit.memory.draft)
    ]
    confirm = "button_submit" if visit.settings.announced_channel else "button_make_form"
    rows: list[list[Button]] = [
        [voice.button(confirm, Act.FORM_SUBMIT, draft_id)],
        edits[:3],
        edits[3:6],
        edits[6:],
        *navigation(visit),
    ]
    return voice.message(
        "read_back", Part(_lines(voice, visit.memory.draft), Style.QUOTE), before=before, buttons=rows
    )


def _lines(voice: Voice, draft: form.Draft) -> str:
    """The filled form, one line an answer."""
    kind = ApplicantKind(draft["kind"])
    values = {
        "kind": voice.word(f"kind_{kind.name.lower()}"),
        "name": draft["name"],
        # Checked already; what is not repeated in full cannot be read over a shoulder or out of a store.
        "id_number": mask_id(draft["id_number"]),
        "representative": draft.get("representative", ""),
        "contact": form.contact_line(draft),
    }
    if form.track_of(draft) == form.REQUEST:
        values["wanted"] = draft["wanted"]
        values["form"] = voice.word(f"form_{draft['form']}")
        values["way"] = voice.word(f"way_{draft['way']}")
    else:
        values |= {name: draft[name] for name in ("record", "wrong", "evidence")}
    return "\n".join(voice.word(f"line_{name}", value=value) for name, value in values.items() if value)


def submit(visit: Visit, draft_id: str) -> Turn:
    """Register it, tell the applicant what follows, and send staff the card."""
    draft = visit.memory.draft
    plain = Voice(visit.services.words, visit.voice.address, Language.SIMPLIFIED)
    request = visit.register.submit(
        visit.connection,
        visit.now,
        person=visit.person,
        applicant=form.applicant_of(draft),
        content=draft["wanted"],
        form=DeliveryForm(draft["form"]),
        # The record is the office's: in its language, and no address, which is sealed with the contact.
        way=plain.word(f"way_{draft['way']}"),
    )
    visit.memory.finish()
    visit.memory.remember_submitted(draft_id, request.number)
    detail = visit.voice.button("button_see_request", Act.MY_REQUEST, request.number)
    receipt = visit.voice.message(
        "request_submitted",
        number=request.number,
        day=visit.voice.day(visit.today),
        confirm_by=visit.voice.day(visit.register.confirm_by(request)),
        buttons=[[detail]],
    )
    return turn(receipt, *card.new_request_cards(visit, request))


def hand_over(visit: Visit) -> Turn:
    """The office has not announced this bot: the form is made, not filed, and the message says so."""
    text = _lines(visit.voice, visit.memory.draft)
    document = form_to_hand_in(visit, visit.memory.draft)
    visit.memory.finish()
    return turn(
        visit.voice.message(
            "form_made_not_filed", Part(text, Style.QUOTE), Part(office_lines(visit)), document=document
        )
    )
