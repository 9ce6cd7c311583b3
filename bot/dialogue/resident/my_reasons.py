"""The applicant's reasons (art. 35), written in this chat: kept with the request and shown to who handles it.

Whether they are good is for the office to say; the clerk records them with that.
"""

from __future__ import annotations

from bot.desk.errors import DeskError
from bot.desk.model import DisclosureRequest, Status
from bot.dialogue import notifications
from bot.dialogue.handling import handles
from bot.dialogue.payload import Act, Payload
from bot.dialogue.visit import Visit, turn
from bot.messages import Part, Style, Turn

REASONS = "my_reasons"
_LEAST, _MOST = 2, 1000


def _waiting(visit: Visit, number: str) -> DisclosureRequest | None:
    """This person's request, while the office waits for reasons."""
    try:
        request = visit.desk.requests.get(number)
    except DeskError:
        return None
    mine = request.person == visit.person and request.status is Status.REASONS_ASKED
    return request if mine else None


@handles(Act.MY_REASONS)
def press_reasons(visit: Visit, payload: Payload) -> Turn:
    """Begin to write them."""
    request = _waiting(visit, payload.arguments[0])
    if request is None:
        return turn(visit.voice.message("no_reasons_wanted"))
    visit.memory.begin(REASONS, number=request.number)
    return again(visit)


def again(visit: Visit, *before: Part) -> Turn:
    """Ask for the reasons."""
    cancel = visit.voice.button("button_cancel", Act.CANCEL)
    number = visit.memory.draft["number"]
    return turn(visit.voice.message("reasons_text", before=before, number=number, buttons=[[cancel]]))


def answer(visit: Visit, text: str) -> Turn:
    """Keep them with the request and hand them to staff."""
    text = text.strip()
    if not _LEAST <= len(text) <= _MOST:
        return again(visit, Part(visit.voice.word("inquiry_length", most=_MOST)))
    number = visit.memory.draft["number"]
    visit.memory.finish()
    request = _waiting(visit, number)
    if request is None:
        return turn(visit.voice.message("no_reasons_wanted"))
    visit.desk.letters.keep(number, kind="reasons", filename=f"reasons_{number}.txt", content=text.encode())
    told = notifications.to_staff(visit, "staff_reasons_came", request, Part(text, Style.QUOTE))
    return turn(visit.voice.message("reasons_kept", number=number), *told)
