"""Whom a leader means, how a role is called, and who is told of a change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import sqlalchemy as sa

from bot.desk.acts.roles import Grant
from bot.dialogue import tables
from bot.dialogue.payload import Act
from bot.dialogue.roles.grants import StaffRole, menu_of, settings_in_force
from bot.dialogue.visit import Visit
from bot.dialogue.voice import Voice
from bot.messages import Address, Button, Outgoing

ROLE_WORDS = {
    **{role.value: role for role in StaffRole},
    **dict.fromkeys(("工作人员", "经办人", "经办"), StaffRole.STAFF),
    **dict.fromkeys(("负责人", "领导", "leaders"), StaffRole.LEADER),
    **dict.fromkeys(("管理员", "admins"), StaffRole.ADMIN),
}


def person_meant(visit: Visit, words: Sequence[str]) -> str | None:
    """The id that was typed, else in a group the author of the message replied to; None for neither."""
    replied = visit.incoming.replied_person
    if not words and replied is not None and not visit.is_private:
        return str(replied)
    if len(words) != 1:
        return None
    text = words[0]
    if text.isascii() and text.isdecimal():
        text = f"{visit.incoming.person.channel}:{text}"
    try:
        return str(Address.parse(text)) if len(text) <= 100 else None
    except ValueError:
        return None


def is_known(visit: Visit, person: str) -> bool:
    """Whether this person has a private chat with the bot."""
    query = sa.select(tables.people.c.person).where(tables.people.c.person == person)
    return visit.connection.execute(query).first() is not None


def voice_here(visit: Visit) -> Voice:
    """Speaks here, or alone to the leader when here is a group that is not the staff's."""
    return visit.voice if visit.is_private or visit.in_staff_chat else visit.voice_of(visit.person)


def role_name(voice: Voice, role: StaffRole) -> str:
    return voice.word(f"role_{role.value}")


_TO_THE_PERSON = {"granted": "granted_you", "revoked": "revoked_you"}
_TO_LEADERS = {"granted": "granted_by_colleague", "revoked": "revoked_by_colleague"}


def told(visit: Visit, what: str, role: StaffRole, person: str) -> list[Outgoing]:
    """The person, with the new menu, and the other leaders: nobody gets a role unseen."""
    settings = settings_in_force(visit.connection, visit.services.rooted)
    own = visit.voice_of(person)
    messages = []
    if is_known(visit, person) and person != visit.person:
        message = own.message(_TO_THE_PERSON[what], role=role_name(own, role))
        messages.append(replace(message, menu=menu_of(settings, person)))
    for leader in settings.leaders:
        if leader not in (visit.person, person):
            voice = visit.voice_of(leader)
            name = role_name(voice, role)
            messages.append(voice.message(_TO_LEADERS[what], person=person, role=name, leader=visit.person))
    return messages


def revoke_button(voice: Voice, each: Grant) -> Button:
    role = role_name(voice, StaffRole(each.role))
    return voice.button("button_revoke", Act.ROLE_REVOKE, each.ordinal, person=each.person, role=role)
