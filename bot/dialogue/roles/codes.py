"""授权码: a colleague types the code that a leader passed on, and has the role.

A code is looked for in every private message before anything else, for it may be typed in the middle of a
form.  What merely looks like one and is none stays what it was: a question.

Whoever guesses is slowed down: after a few in an hour no code of theirs is looked at, right or wrong.
Leaders hear of the tenth of a day, and again whenever it has doubled.

Guesses spread over many accounts are counted in total, too: after thirty in an hour each account has one
wrong try instead of five (whoever has a real code needs none), and leaders hear of the thirtieth of a day.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from datetime import timedelta

import sqlalchemy as sa

from bot.dialogue.memory import key_of
from bot.dialogue.roles.grants import StaffRole, menu_of, settings_in_force
from bot.dialogue.tables import conversations
from bot.dialogue.visit import Visit, turn
from bot.messages import Outgoing, Turn

_NAMED = re.compile(r"(?:授权码|授權碼|CODE)[\s:]*", re.IGNORECASE)
_CODE = re.compile(r"([2-9A-HJ-NP-Z]{5})\s*-?\s*([2-9A-HJ-NP-Z]{5})")
_LONGEST = 40
_GUESSES_AN_HOUR = 5
_HOUR, _DAY = 3600, 86_400
_TOLD_FROM = 10
_TOTAL_AN_HOUR = 30  # of all accounts; from then on one try each
_TOLD_FROM_IN_TOTAL = 30
_COUNTED = 2_000  # of one chat in a day; more need not be told apart


def redeem(visit: Visit, text: str) -> Turn | None:
    """The role, when this is a code; None when the message is something else."""
    if not visit.is_private or len(text) > _LONGEST:
        return None
    folded = unicodedata.normalize("NFKC", text).strip().strip("。.").upper()
    named = _NAMED.match(folded)
    found = _CODE.fullmatch(folded[named.end() :] if named else folded)
    if found is None or not (named or "-" in folded):
        return None
    if _is_slowed(visit):
        return turn(visit.voice.message("code_wait"), *_guess_counted(visit))
    grant = visit.desk.roles.use_code(code=found[1] + found[2])
    if grant is None:
        told = _guess_counted(visit)
        return turn(visit.voice.message("code_wrong"), *told) if named or told else None
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


def _is_slowed(visit: Visit) -> bool:
    """Whether this chat has used up its wrong tries of the hour."""
    own = _since(visit.memory.code_guesses, visit, _HOUR)
    return own >= _GUESSES_AN_HOUR or (own >= 1 and _of_others(visit, _HOUR)[0] + own >= _TOTAL_AN_HOUR)


def _since(guesses: list[float], visit: Visit, seconds: int) -> int:
    """How many of them came lately."""
    return sum(at > visit.now.timestamp() - seconds for at in guesses)


def _of_others(visit: Visit, seconds: int) -> tuple[int, int]:
    """How many codes that were none came lately from other chats, and from how many of those.

    Only after a wrong code is it looked at.
    """
    since = visit.now - timedelta(seconds=seconds)
    guessed = sa.type_coerce(conversations.c.state, sa.Text()).contains('"code_guesses"')
    query = sa.select(conversations.c.state).where(
        guessed, conversations.c.updated_at >= since, conversations.c.address != key_of(visit.incoming)
    )
    counts = [
        _since(state["code_guesses"], visit, seconds) for state in visit.connection.execute(query).scalars()
    ]
    return sum(counts), sum(count > 0 for count in counts)


def _guess_counted(visit: Visit) -> list[Outgoing]:
    """Note one more, and what leaders are told of it: at 10, 20, 40, ... of a day, of this chat; at 30, 60,
    120, ... of all.
    """
    now = visit.now.timestamp()
    lately = [at for at in visit.memory.code_guesses if at > now - _DAY]
    visit.memory.code_guesses = [*lately, now][-_COUNTED:]
    own = len(visit.memory.code_guesses)
    others, accounts = _of_others(visit, _DAY)
    voices = [visit.voice_of(leader) for leader in visit.settings.leaders if leader != visit.person]
    told = []
    if _is_told(own, _TOLD_FROM):
        told += [voice.message("code_guessed", person=visit.person, count=own) for voice in voices]
    if accounts and _is_told(own + others, _TOLD_FROM_IN_TOTAL):
        told += [
            voice.message("code_guessed_by_many", count=own + others, accounts=accounts + 1)
            for voice in voices
        ]
    return told


def _is_told(count: int, first: int) -> bool:
    """At `first`, and whenever it has doubled."""
    times, rest = divmod(count, first)
    return not rest and times > 0 and not times & (times - 1)
