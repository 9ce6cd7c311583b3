"""/grant and /revoke: leaders let colleagues in and out, on record.

    /grant ─▶ who has what ─┬─ 授权码 ─▶ a code to pass on ─ typed by the colleague ─▶ granted (roles_codes)
                            └─ 收回… ─┐
    /grant ROLE + a reply, or an id ──┼─▶ granted; the colleague's menu changes
    /revoke + a reply, or an id ──────┴─▶ "sure?" ─▶ revoked; open requests go to the leader who revokes

Who is named in the settings is revoked there, not here.  For residents neither command exists; colleagues
are told that a leader has it.  What concerns one person is never said in a group that is not the staff's.
"""

from __future__ import annotations

from bot.desk.acts.roles import Grant, granted
from bot.dialogue.handling import handles
from bot.dialogue.payload import Act, Payload
from bot.dialogue.roles.grants import StaffRole, people_with, roles_of
from bot.dialogue.roles.whom import (
    ROLE_WORDS,
    is_known,
    person_meant,
    revoke_button,
    role_name,
    told,
    voice_here,
)
from bot.dialogue.visit import Visit, turn
from bot.dialogue.voice import Voice
from bot.messages import Part, Turn

_REVIEWER = ("reviewer", "审核人", "复核人", "审核", "复核")
_LISTED = 20


# ---- /grant ----------------------------------------------------------------------------------------------
def grant(visit: Visit, rest: str) -> Turn:
    """/grant: the list; with a role and somebody, the grant itself; with a role alone, a code."""
    voice = voice_here(visit)
    words = rest.split()
    if not words:
        return show_list(visit)
    if words[0].lower() in _REVIEWER:
        return turn(voice.message("grant_reviewer"))
    role = ROLE_WORDS.get(words[0].lower())
    if role is None:
        return turn(voice.message("grant_how"))
    person = person_meant(visit, words[1:])
    if person is not None:
        return _grant(visit, role, person, how="id" if words[1:] else "reply")
    if words[1:] or not visit.is_private:
        return turn(voice.message("grant_whom"))
    return _code(visit, role)


def _grant(visit: Visit, role: StaffRole, person: str, *, how: str) -> Turn:
    voice, name = voice_here(visit), role_name(voice_here(visit), role)
    if role in roles_of(visit.settings, person):
        return turn(voice.message("grant_already", person=person, role=name))
    if how == "id" and not is_known(visit, person):
        return turn(voice.message("grant_unknown_person", person=person))  # a slip of a digit is a stranger
    visit.desk.roles.grant(person=person, role=role, how=how)
    return turn(voice.message("granted", person=person, role=name), *told(visit, "granted", role, person))


def _code(visit: Visit, role: StaffRole) -> Turn:
    code = visit.desk.roles.make_code(role=role)
    shown = f"{code[:5]}-{code[5:]}"
    return turn(visit.voice.message("grant_code", code=shown, role=role_name(visit.voice, role)))


@handles(Act.ROLE_CODE)
def press_code(visit: Visit, payload: Payload) -> Turn:
    """授权码 for one of the roles."""
    role = ROLE_WORDS.get(payload.arguments[0])
    if role is None or not visit.is_private:
        return turn(voice_here(visit).message("button_expired"))
    return _code(visit, role)


# ---- who has what ----------------------------------------------------------------------------------------
def show_list(visit: Visit) -> Turn:
    """Everybody with a role, where it comes from, and what can be done."""
    voice, grants = voice_here(visit), granted(visit.connection)
    lines = [
        voice.word("role_rooted", person=person, role=role_name(voice, role))
        for role in StaffRole
        for person in people_with(visit.services.rooted, role)
    ]
    lines += [_line(visit, voice, each) for each in grants]
    rows = [[revoke_button(voice, each)] for each in grants[-_LISTED:]]
    rows.append([voice.button(f"button_code_{role.value}", Act.ROLE_CODE, role.value) for role in StaffRole])
    return turn(voice.message("roles", Part("\n".join(lines)), buttons=rows))


def _line(visit: Visit, voice: Voice, each: Grant) -> str:
    day = voice.day(each.at.astimezone(visit.settings.zone).date())
    role = role_name(voice, StaffRole(each.role))
    return voice.word("role_granted_line", person=each.person, role=role, leader=each.by, day=day)
