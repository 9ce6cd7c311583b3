"""Where staff may read who somebody is: alone, and on a channel that may carry it (个人信息保护法 36)."""

from __future__ import annotations

from bot.desk.errors import DeskError
from bot.desk.record_correction import SERIES
from bot.dialogue.visit import Visit
from bot.messages import Outgoing


def not_here(visit: Visit, number: str, event: str = "identity_not_shown_here") -> Outgoing | None:
    """Why identity and letters of this request or application do not come here; None when they may.

    `event` is said on a channel whose servers are abroad.  As long as the office has not taken the identity
    there is none to give away: what is known then is what the applicant wrote on such a channel.
    """
    if not visit.is_private:
        return visit.voice.message("identity_in_private")
    if visit.may_name_people or not _is_identified(visit, number):
        return None
    return visit.voice.message(event, number=number)


def _is_identified(visit: Visit, number: str) -> bool:
    """Whether who asks is known; of what is not there the register says more."""
    try:
        if number.startswith(SERIES):
            return not visit.desk.record_corrections.get(number).needs_identity
        return not visit.desk.requests.get(number).needs_identity
    except DeskError:
        return False
