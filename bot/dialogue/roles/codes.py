"""授权码: a colleague types the code that a leader passed on, and has the role.

A code is looked for in every private message before anything else, for it may be typed in the middle of a
form.  What merely looks like one and is none stays what it was: a question.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace

from bot.dialogue.messages import Outgoing, Turn
from bot.dialogue.roles.grants import StaffRole, menu_of, settings_in_force
from bot.dialogue.visit import Visit, turn

_NAMED = re.compile(r"(?:授权码|授權碼|CODE)[\s:]*", re.IGNORECASE)
_CODE = re.compile(r"([2-9A-HJ-NP-Z]{5})\s*-?\s*([2-9A-HJ-NP-Z]{5})")
_LONGEST = 40


def redeem(visit: Visit, text: str) -> Turn | None:
    """The role, when this is a code; None when the message is something else."""
    if not visit.is_private or len(text) > _LONGEST:
        return None
    folded = unicodedata.normalize("NFKC", text).strip().strip("。.").upper()
    named = _NAMED.match(folded)
    found = _CODE.fullmatch(folded[named.end() :] if named else folded)
    if found is None or not (named or "-" in folded):
        return None
    grant = visit.register.use_role_code(
        visit.connection, visit.now, code=found[1] + found[2], person=visit.person
    )
    if grant is None:
        return turn(visit.voice.message("code_wrong")) if named else None
    role = StaffRole(grant.role)
    own = visit.voice.message("granted_you", role=visit.voice.word(f"role_{role.value}"))
    settings = settings_in_force(visit.connection, visit.services.rooted)
    return turn(
        replace(own, menu=menu_of(settings, visit.person)), *_leaders_told(visit, role, settings.leaders)
    )


def _leaders_told(visit: Visit, role: StaffRole, leaders: tuple[str, ...]) -> list[Outgoing]:
    """Every leader hears whose code was used: a code that went astray is noticed."""
    voices = [visit.voice_of(leader) for leader in leaders if leader != visit.person]
    return [
        voice.message("code_used", person=visit.person, role=voice.word(f"role_{role.value}"))
        for voice in voices
    ]
