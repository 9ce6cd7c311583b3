"""The end of the form: a last look at everything, then filing it, or making it ready to hand in."""

from __future__ import annotations

import re

from rapidfuzz.distance import Indel

from bot.desk.identity import mask_id
from bot.desk.model import ApplicantKind, DeliveryForm, DisclosureRequest
from bot.dialogue import attaching, notifications
from bot.dialogue.documents import form_to_hand_in
from bot.dialogue.office import office_lines
from bot.dialogue.payload import Act
from bot.dialogue.progress import about
from bot.dialogue.resident.filing import form
from bot.dialogue.resident.filing.asking_for import navigation
from bot.dialogue.visit import Visit, turn
from bot.dialogue.voice import Voice
from bot.messages import Button, Language, Outgoing, Part, Style, Turn
from knowledge.text.normalize import squeeze

_ALIKE = 0.7  # of 1: 村口桥加固花了多少钱, 村口那座桥加固花了多少
_MEANS_ALIKE = 0.97  # cosine of two short wishes; other matters of the same village reach .95
_LONGEST_ALIKE = 200  # characters that are compared by meaning
_WHO = ("kind", "name", "id_number", "agent_name", "others", "contact")
EDITABLE = {
    form.REQUEST: (*_WHO, "wanted", "form"),
    form.RECORD_CORRECTION: (*_WHO, "record", "wrong", "evidence"),
}


def editable(draft: form.Draft) -> tuple[str, ...]:
    """What can be corrected from the read-back."""
    names = EDITABLE[form.track_of(draft)]
    return tuple(name for name in names if (step := form.step_named(name)) and step.applies(draft))


def read_back(visit: Visit, *before: Part) -> Outgoing:
    """Everything that was given, for a last look, with a button to correct each answer."""
    voice, draft_id = visit.voice, visit.memory.draft["draft"]
    edits = [
        voice.button(f"edit_{name}", Act.FORM_EDIT, name, draft_id) for name in editable(visit.memory.draft)
    ]
    confirm = "button_submit" if visit.settings.announced_channel else "button_make_form"
    rows: list[list[Button]] = [
        [voice.button(confirm, Act.FORM_SUBMIT, draft_id)],
        *(edits[place : place + 3] for place in range(0, len(edits), 3)),
        attaching.remove_row(visit),
        *navigation(visit),
    ]
    remarks = list(before)
    alike = running_alike(visit, visit.memory.draft.get("wanted", ""))
    if alike is not None:
        remarks.append(Part(voice.word("asked_already", number=alike.number, about=about(alike.content))))
        rows.insert(1, [voice.button("button_see_request", Act.MY_REQUEST, alike.number)])
    return voice.message(
        "read_back",
        Part(_lines(voice, visit.memory.draft), Style.QUOTE),
        *attaching.parts(visit),
        *([] if voice.large or form.track_of(visit.memory.draft) != form.REQUEST else attaching.how(visit)),
        before=remarks,
        buttons=rows,
    )


def running_alike(visit: Visit, wanted: str) -> DisclosureRequest | None:
    """One's own open request that asks nearly the same, by words or meaning; another may be filed, too."""
    running = {each.content: each for each in visit.desk.requests.of(visit.person) if each.status.is_open}
    if not wanted or not running:
        return None
    by_words = max(running, key=lambda text: _likeness(text, wanted))
    if _likeness(by_words, wanted) >= _ALIKE:
        return running[by_words]
    if len(wanted) > _LONGEST_ALIKE:
        return None
    contents = list(running)
    nearest = visit.services.understanding.nearest(wanted, [[text] for text in contents], keeps=False)
    if nearest is None or nearest[1] < _MEANS_ALIKE:
        return None
    closest = contents[nearest[0]]
    return running[closest] if _numbers(closest) == _numbers(wanted) else None


def _likeness(one: str, other: str) -> float:
    """How alike two wishes are, 0 to 1; those of different years or numbers are not."""
    if _numbers(one) != _numbers(other):
        return 0.0
    return Indel.normalized_similarity(squeeze(one), squeeze(other))


def _numbers(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\d+", squeeze(text)))


def _lines(voice: Voice, draft: form.Draft) -> str:
    """The filled form, one line an answer."""
    values = {**_who(voice, draft), **_acting(voice, draft), "contact": form.contact_line(draft)}
    if form.track_of(draft) == form.REQUEST:
        values["wanted"] = draft["wanted"]
        values["form"] = voice.word(f"form_{draft['form']}")
        values["way"] = voice.word(f"way_{draft['way']}")
    else:
        values |= {name: draft[name] for name in ("record", "wrong", "evidence")}
    return "\n".join(voice.word(f"line_{name}", value=value) for name, value in values.items() if value)


def _who(voice: Voice, draft: form.Draft) -> dict[str, str]:
    if form.is_without_identity(draft):
        return {}
    kind = ApplicantKind(draft["kind"])
    return {
        "kind": voice.word(f"kind_{kind.name.lower()}"),
        "name": draft["name"],
        # Checked already; what is not repeated in full cannot be read over a shoulder or out of a store.
        "id_number": mask_id(draft["id_number"]),
        "guardian": draft.get("guardian_name", "") if form.is_of_a_child(draft) else "",
        "representative": draft.get("representative", ""),
    }


def _acting(voice: Voice, draft: form.Draft) -> dict[str, str]:
    """Who files for the applicant and as what; who else applies."""
    agent = form.applicant_of(draft).agent
    if agent is None or form.is_of_a_child(draft):  # the guardian of a child has a line of its own
        acting = ""
    else:
        acting = " ".join((voice.word(f"acting_{agent.authority.value}"), agent.name)).strip()
    return {
        "agent_name": acting,
        "others": "、".join(other.name for other in form.applicant_of(draft).others),
    }


def to_show(visit: Visit) -> list[Part]:
    """What has still to be shown, and where: name and proof of identity when the form did not ask for them
    (art. 29), the paper of who files for somebody.  The request waits for neither."""
    draft = visit.memory.draft
    agent, said = form.applicant_of(draft).agent, []
    if form.is_without_identity(draft):
        said.append("identity_to_show")
    if agent is not None:
        said.append(f"paper_to_show_{agent.authority.value}")
    parts = [Part(visit.voice.word(event), Style.STRONG) for event in said]
    return [*parts, Part(office_lines(visit))] if parts else []


def submit(visit: Visit, draft_id: str) -> Turn:
    """Register it, tell the applicant what follows, and send staff the card."""
    draft = visit.memory.draft
    plain = Voice(visit.services.words, visit.voice.address, Language.SIMPLIFIED)
    request = visit.desk.intake.submit(
        applicant=form.applicant_of(draft),
        content=draft["wanted"],
        form=DeliveryForm(draft["form"]),
        # The record is the office's: in its language, and no address, which is sealed with the contact.
        way=plain.word(f"way_{draft['way']}"),
        attachments=attaching.tokens(visit),
    )
    still_to_do = to_show(visit)
    visit.memory.finish()
    visit.memory.remember_submitted(draft_id, request.number)
    detail = visit.voice.button("button_see_request", Act.MY_REQUEST, request.number)
    receipt = visit.voice.message(
        "request_submitted",
        *still_to_do,
        number=request.number,
        day=visit.voice.day(visit.today),
        confirm_by=visit.voice.limit(visit.desk.requests.confirm_by(request)),
        buttons=[[detail]],
    )
    return turn(receipt, *notifications.to_staff(visit, "staff_new_request", request))


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
