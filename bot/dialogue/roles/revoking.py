"""/revoke: a role that was granted in chat is taken back, and nobody's request is left without an owner.

    /revoke + a reply, or an id ─▶ "sure?", with how many requests change hands ─▶ revoked

Who is named in the settings is revoked there, not here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.desk.acts.roles import Grant, granted
from bot.dialogue.handling import handles
from bot.dialogue.payload import Act, Payload
from bot.dialogue.roles.chat import show_list
from bot.dialogue.roles.grants import StaffRole, menu_of, roles_of, settings_in_force
from bot.dialogue.roles.whom import ROLE_WORDS, person_meant, revoke_button, role_name, told, voice_here
from bot.dialogue.staff.filekeeping import give_all
from bot.dialogue.visit import Visit, turn
from bot.messages import Outgoing, Part, Turn


def revoke(visit: Visit, rest: str) -> Turn:
    """/revoke: of whom and what; without anybody, the list."""
    words = rest.split()
    role = ROLE_WORDS.get(words[0].lower()) if words else None
    person = person_meant(visit, words[1:] if role else words)
    if person is None:
        return turn(voice_here(visit).message("grant_whom")) if words else show_list(visit)
    held = [
        each
        for each in granted(visit.connection)
        if each.person == person and role in (None, StaffRole(each.role))
    ]
    if not held:
        return _nothing_to_revoke(visit, person, role)
    if len(held) == 1:
        return _ask(visit, held[0])
    voice = voice_here(visit)
    return turn(
        voice.message("revoke_which", person=person, buttons=[[revoke_button(voice, e)] for e in held])
    )


def _nothing_to_revoke(visit: Visit, person: str, role: StaffRole | None) -> Turn:
    rooted = roles_of(visit.services.rooted, person)
    is_root = role in rooted if role else bool(rooted)
    return turn(voice_here(visit).message("revoke_rooted" if is_root else "revoke_nothing", person=person))


def _ask(visit: Visit, each: Grant) -> Turn:
    """What it would mean, before it is done."""
    voice, heir = voice_here(visit), _heir(visit, each) or ""
    count = len(_requests_of(visit, each.person)) if _leaves(visit, each) else 0
    event = "revoke_hands_over" if heir == visit.person else "revoke_hands_over_to"
    after = [Part(voice.word(event, count=count, to=heir))] if count else []
    return turn(
        voice.message(
            "revoke_sure",
            *after,
            person=each.person,
            role=role_name(voice, StaffRole(each.role)),
            buttons=[[voice.button("button_revoke_sure", Act.ROLE_REVOKE_SURE, each.ordinal)]],
        )
    )


@handles(Act.ROLE_REVOKE)
def press_revoke(visit: Visit, payload: Payload) -> Turn:
    """收回…: asks whether it is meant."""
    each = _grant_of(visit, payload)
    return _ask(visit, each) if each else turn(voice_here(visit).message("revoke_gone"))


@handles(Act.ROLE_REVOKE_SURE)
def press_revoke_sure(visit: Visit, payload: Payload) -> Turn:
    """Revoke, after the open requests have another owner; pressed twice, it is said to be done."""
    each = _grant_of(visit, payload)
    if each is None:
        return turn(voice_here(visit).message("revoke_gone"))
    cards: Sequence[Outgoing] = ()
    numbers: Sequence[str] = ()
    leaves = _leaves(visit, each)
    if leaves:
        heir = _heir(visit, each)
        if heir is None:
            return turn(voice_here(visit).message("revoke_last"))
        numbers, cards = give_all(visit, each.person, heir)
    visit.desk.roles.revoke(person=each.person, role=each.role)
    remarks = [voice_here(visit).word("revoke_leave_group")] if leaves and visit.settings.staff_chat else []
    return _revoked(visit, each, numbers, remarks, cards)


def _revoked(
    visit: Visit, each: Grant, numbers: Sequence[str], remarks: Sequence[str], cards: Sequence[Outgoing]
) -> Turn:
    voice, role = voice_here(visit), StaffRole(each.role)
    after = [Part(voice.word("revoke_handed_over", numbers="、".join(numbers)))] if numbers else []
    after += [Part(remark) for remark in remarks]
    still = StaffRole(each.role) in roles_of(visit.services.rooted, each.person)
    after += [Part(voice.word("revoke_still_rooted"))] if still else []
    message = voice.message("revoked", *after, person=each.person, role=role_name(voice, role))
    if each.person == visit.person:
        settings = settings_in_force(visit.connection, visit.services.rooted)
        message = replace(message, menu=menu_of(settings, each.person))
    return turn(message, *cards, *told(visit, "revoked", role, each.person))


def _grant_of(visit: Visit, payload: Payload) -> Grant | None:
    ordinal = int(payload.arguments[0])
    return next((each for each in granted(visit.connection) if each.ordinal == ordinal), None)


def _leaves(visit: Visit, each: Grant) -> bool:
    """Whether this person handles requests now and would not any more."""
    others = {role for role in roles_of(visit.services.rooted, each.person)}
    others |= {
        StaffRole(other.role)
        for other in granted(visit.connection)
        if other.person == each.person and other.ordinal != each.ordinal
    }
    handles = {StaffRole.STAFF, StaffRole.LEADER}
    return StaffRole(each.role) in handles and not others & handles


def _heir(visit: Visit, each: Grant) -> str | None:
    """Who gets the requests: the leader who revokes; of a leader who leaves, another leader, else staff."""
    people = (visit.person, *visit.settings.leaders, *visit.settings.handlers)
    return next((person for person in people if person != each.person), None)


def _requests_of(visit: Visit, person: str) -> list[str]:
    return [request.number for request in visit.desk.requests.queue(10_000) if request.assigned_to == person]
