"""Files that go with a message: letters of the desk, the form to hand in, one's own data."""

from __future__ import annotations

import json
import logging

from bot.desk import letters
from bot.desk.errors import DeskError
from bot.desk.model import Applicant, ApplicantKind, DeliveryForm
from bot.dialogue.resident.filing import form
from bot.dialogue.resident.subscriptions import subscribing
from bot.dialogue.visit import Visit
from bot.messages import Document, Language

logger = logging.getLogger(__name__)
_BY_HAND = "                    "  # to be written on the printed form


def letter(visit: Visit, number: str, kind: str) -> Document | None:
    """A letter as .docx, kept with the request; None when the office's details do not suffice for one.

    A letter that cannot be written must not keep the act itself from being told.
    """
    try:
        _, kept = visit.desk.letters.write(number, kind=kind)
    except DeskError as error:
        logger.warning("letter.not_written kind=%s reason=%s", kind, error.text_id)
        return None
    return Document(kept.filename, kept.content)


def record_letter(visit: Visit, number: str, kind: str) -> Document | None:
    """The same for an application to correct a record (art. 41)."""
    try:
        _, kept = visit.desk.record_keeping.write_letter(number, kind=kind)
    except DeskError as error:
        logger.warning("letter.not_written kind=%s reason=%s", kind, error.text_id)
        return None
    return Document(kept.filename, kept.content)


def form_to_hand_in(visit: Visit, draft: form.Draft) -> Document | None:
    """The filled form as .docx, for an office that takes requests only on paper."""
    say = visit.services.words.say
    is_request = form.track_of(draft) == form.REQUEST
    facts = {
        "agency": visit.settings.agency_name,
        "number": say("number_by_office", Language.SIMPLIFIED),
        **_who(form.applicant_of(draft)),
        "applicant_kind": ApplicantKind(draft["kind"]).label if draft.get("kind") else _BY_HAND,
        "id_number": draft.get("id_number") or _BY_HAND,
        "applicant_contact": form.contact_line(draft),
        "intake": say("intake_on_paper", Language.SIMPLIFIED),
        "submitted_on": letters.chinese_date(visit.today),
        "today": letters.chinese_date(visit.today),
    }
    if is_request:
        facts["content"] = draft["wanted"]
        facts["form"] = DeliveryForm(draft["form"]).label
        facts["way"] = say(f"way_{draft['way']}", Language.SIMPLIFIED)
    else:
        facts |= {name: draft[name] for name in ("record", "wrong", "evidence")}
    try:
        written = letters.write("registration" if is_request else "record_correction_form", facts)
    except DeskError as error:
        logger.warning("form.not_written reason=%s", error.text_id)
        return None
    return Document(f"{written.title}.docx", letters.to_docx(written))


def _who(applicant: Applicant) -> dict[str, str]:
    """Who applies, and who acts for them, as far as the form knows; the rest is written by hand."""
    agent = applicant.agent
    acting = f"{agent.authority.label}{agent.name}，证件{agent.id_number}" if agent and agent.name else ""
    return {"applicant": applicant.names or _BY_HAND, "agent": acting}


def own_data(visit: Visit) -> Document:
    """Everything that is kept of this person, as readable JSON."""
    data = {
        **visit.desk.privacy.data_of(visit.person),
        "id": visit.person,
        "record_corrections": visit.desk.record_keeping.data_of(visit.person),
        "questions": [text for _, text in visit.memory.questions],
        "half_filled_forms": [form for form in (visit.memory.draft, visit.memory.shelved_draft) if form],
        "language": visit.memory.language,
        "subscriptions": subscribing.categories_of(visit.connection, visit.person),
    }
    content = json.dumps(data, ensure_ascii=False, indent=2).encode()
    return Document("my-data.json", content)
