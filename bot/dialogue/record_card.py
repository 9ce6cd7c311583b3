"""The card of an application to correct a record (art. 41): which record, who handles it, the four ends.

What is wrong and the evidence are personal data: a card shows only which record, a group no more than that.
"""

from __future__ import annotations

from bot.desk.kinds import RecordCorrectionStatus
from bot.desk.record_correction import RecordCorrection
from bot.dialogue.cards import identity_pending
from bot.dialogue.payload import Act
from bot.dialogue.progress import record_correction_word
from bot.dialogue.visit import Visit
from bot.dialogue.voice import Voice
from bot.messages import Button, Outgoing, Part

# The forms that end one, in the order of the card.
ENDS = {
    "gcorrected": RecordCorrectionStatus.CORRECTED,
    "gtransferred": RecordCorrectionStatus.TRANSFERRED,
    "greferred": RecordCorrectionStatus.REFERRED,
    "gdeclined": RecordCorrectionStatus.DECLINED,
}

TAKE_IDENTITY = "gidentity"
STEPS = (TAKE_IDENTITY, *ENDS)


def card(
    visit: Visit, voice: Voice, found: RecordCorrection, event: str = "staff_record_correction"
) -> Outgoing:
    """One application on one screen."""
    goal = voice.limit(visit.desk.record_corrections.goal(found))
    lines = [
        voice.word("card_record", value=found.record),
        voice.word("card_status", value=record_correction_word(voice, found)),
        _applicant_line(visit, voice, found),
        voice.word("card_contact", value=found.contact_masked),
    ]
    if found.request_number:
        lines.append(voice.word("card_converted_from", value=found.request_number))
    if found.assigned_to:
        lines.append(voice.word("card_assigned", officer=found.assigned_to))
    after = [Part("\n".join(lines))]
    if found.status.is_open:
        after.append(voice.small("record_correction_goal", day=goal))
    return voice.message(event, *after, number=found.number, buttons=_rows(voice, found))


def _applicant_line(visit: Visit, voice: Voice, found: RecordCorrection) -> str:
    if found.needs_identity:
        return identity_pending(visit, voice, found.number)
    return voice.word("card_applicant", kind=found.applicant_kind.label, name=found.applicant_masked or "—")


def _rows(voice: Voice, found: RecordCorrection) -> list[list[Button]]:
    number = found.number
    looking = [
        voice.button("button_record_details", Act.RECORD_DETAILS, number),
        voice.button("button_letters", Act.LETTERS, number),
    ]
    rows = [looking]
    if not found.status.is_open:
        return rows
    if found.needs_identity:
        rows.insert(0, [voice.button("step_take_identity", Act.RECORD, number, TAKE_IDENTITY)])
    if not found.assigned_to:
        rows.insert(0, [voice.button("button_take", Act.RECORD_TAKE, number)])
    return [*rows, *([voice.button(f"step_{name}", Act.RECORD, number, name)] for name in ENDS)]
