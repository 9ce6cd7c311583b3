"""What several people asked for (art. 44): staff accept, which makes the draft entry, or decline and say why.

proposal ─┬─ 公开 ─┬─ a member has been answered ─▶ its publication, with the second look (publishing.py)
          │        └─ none has ─▶ title and text are asked ─▶ read-back, masked ─▶ public
          └─ 不公开 ─▶ the reason ─▶ on record
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from bot.desk.errors import DeskError
from bot.desk.masking import mask
from bot.desk.model import Status
from bot.dialogue import reminders
from bot.dialogue.admin import proposals
from bot.dialogue.admin.proposals import Proposal
from bot.dialogue.admin.publications import entry_of, publish_inquiry
from bot.dialogue.handling import handles
from bot.dialogue.payload import Act, Payload
from bot.dialogue.progress import about, is_answered
from bot.dialogue.staff import publishing
from bot.dialogue.staff.questions import Draft, Question, text
from bot.dialogue.staff.recording import Form, begin
from bot.dialogue.visit import Services, Visit, turn
from bot.dialogue.voice import Voice
from bot.messages import Address, Outgoing, Part, Style, Turn

_SHOWN = 8  # members of a proposal


def proposal_message(voice: Voice, proposal: Proposal) -> Outgoing:
    """The proposal, as staff see it."""
    numbers = "、".join(proposal.numbers[:_SHOWN])
    after = [Part(about(proposal.topic, 200), Style.QUOTE)]
    if numbers:
        after.append(voice.small("proposal_numbers", numbers=numbers))
    return voice.message(
        "proposal",
        *after,
        people=proposal.people,
        count=len(proposal.members),
        buttons=[
            [voice.button("button_proposal_accept", Act.PROPOSAL_ACCEPT, proposal.id)],
            [voice.button("button_proposal_decline", Act.PROPOSAL_DECLINE, proposal.id)],
        ],
    )


def due_proposals(services: Services, connection: Connection, now: datetime) -> list[Outgoing]:
    """Once each morning: what has come to be asked by several people since."""
    local = now.astimezone(services.settings.zone)
    key = f"proposals/{local.date()}"
    if local.hour < reminders.FROM_HOUR or reminders.made(connection, [key]):
        return []
    if reminders.make(connection, now, key=key, subject="", kind=reminders.PROPOSALS) is None:
        return []
    settings = services.settings
    addresses = (settings.staff_chat,) if settings.staff_chat else settings.handlers
    return [
        proposal_message(services.voice_of(connection, Address.parse(address)), proposal)
        for proposal in proposals.propose(connection, now, services.register.vault)
        for address in addresses
    ]


def _open(visit: Visit, payload: Payload) -> Proposal | None:
    found = proposals.get(visit.connection, int(payload.arguments[0]))
    return found if found is not None and found.status == proposals.OPEN else None


@handles(Act.PROPOSAL_ACCEPT)
def press_accept(visit: Visit, payload: Payload) -> Turn:
    """Make the draft entry: of a reply that is there, else asked for."""
    proposal = _open(visit, payload)
    if proposal is None:
        return turn(visit.voice.message("proposal_decided"))
    answered = next((number for number in proposal.numbers if _has_answer(visit, number)), "")
    if answered:
        return publishing.press_publish(visit, Payload(Act.PUBLISH, (answered,)))
    return begin(visit, ENTRY, proposal=str(proposal.id))


def _has_answer(visit: Visit, number: str) -> bool:
    try:
        if number.startswith("Z"):
            return is_answered(visit.desk.inquiries.get(number))
        request = visit.desk.requests.get(number)
    except DeskError:
        return False
    outcome = request.outcome
    return request.status in (Status.SERVED, Status.ARCHIVED) and bool(outcome and outcome.gives_information)


@handles(Act.PROPOSAL_DECLINE)
def press_decline(visit: Visit, payload: Payload) -> Turn:
    """Why not is asked and recorded."""
    proposal = _open(visit, payload)
    if proposal is None:
        return turn(visit.voice.message("proposal_decided"))
    return begin(visit, NO, proposal=str(proposal.id))


def _masked(visit: Visit, given: Draft, typed: str) -> str:
    """The read-back shows exactly what becomes public."""
    return mask(typed).text


def _publish(visit: Visit, number: str, given: Draft) -> Turn:
    proposal = proposals.get(visit.connection, int(given["proposal"]))
    if proposal is None or proposal.status != proposals.OPEN:
        return turn(visit.voice.message("proposal_decided"))
    publication = publish_inquiry(
        visit.connection,
        visit.now,
        number=f"P{visit.today.year}-{proposal.id:04d}",
        title=given["entry_title"],
        question=proposal.topic,
        text=given["entry_text"],
        publisher=visit.settings.agency_name,
        published_on=visit.today,
        officer=visit.person,
    )
    proposals.decide(visit.connection, visit.now, proposal.id, status=proposals.ACCEPTED, person=visit.person)
    entry = entry_of(publication, visit.services.words)
    return publishing.published(visit, str(publication["number"]), entry)


def _decline(visit: Visit, number: str, given: Draft) -> Turn:
    proposals.decide(
        visit.connection,
        visit.now,
        int(given["proposal"]),
        status=proposals.DECLINED,
        person=visit.person,
        reason=given["decline_reason"],
    )
    return turn(visit.voice.message("proposal_declined"))


ENTRY = Form(
    "entry",
    (
        Question("entry_title", least=4, most=60, check=_masked),
        Question("entry_text", least=4, most=3000, check=_masked),
    ),
    _publish,
)
NO = Form("proposal_no", (text("decline_reason", least=4),), _decline)
FORMS = (ENTRY, NO)
