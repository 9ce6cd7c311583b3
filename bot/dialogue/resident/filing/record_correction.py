"""Filing the correction of a record about oneself (更正本人信息, art. 41), once the form is complete."""

from __future__ import annotations

from bot.dialogue import notifications
from bot.dialogue.documents import record_letter
from bot.dialogue.payload import Act
from bot.dialogue.resident.filing import form
from bot.dialogue.resident.filing.submitting import to_show
from bot.dialogue.visit import Visit, turn
from bot.messages import Turn


def submit(visit: Visit, draft_id: str) -> Turn:
    """Register it, tell the applicant what follows, and send staff the card."""
    draft = visit.memory.draft
    found = visit.desk.record_corrections.ask(
        applicant=form.applicant_of(draft),
        record=draft["record"],
        wrong=draft["wrong"],
        evidence=draft["evidence"],
    )
    still_to_do = to_show(visit)
    visit.memory.finish()
    visit.memory.remember_submitted(draft_id, found.number)
    voice = visit.voice
    told = voice.message(
        "record_correction_filed",
        *still_to_do,
        number=found.number,
        day=voice.limit(visit.desk.record_corrections.goal(found)),
        buttons=[[voice.button("button_see_record_correction", Act.MY_REQUEST, found.number)]],
        document=record_letter(visit, found.number, "record_correction_receipt"),
    )
    return turn(told, *notifications.to_staff_of_record(visit, "staff_new_record_correction", found))
