"""The roles in force: what the settings say and what leaders granted in chat, as one set of settings.

Everything that asks who is staff, leader or admin asks the settings and the register of its turn, so both are
made anew from the grants in the ledger; a grant or its end holds from the next message on, in every program.
"""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum

from sqlalchemy import Connection

from bot.desk.acts.roles import Grant, granted
from bot.desk.register import Register
from bot.settings import Settings


class StaffRole(StrEnum):
    """What can be granted.  A reviewer is no role: any second member of staff reviews (art. 17)."""

    STAFF = "staff"
    LEADER = "leader"
    ADMIN = "admin"


_SETTING_OF = {StaffRole.STAFF: "staff", StaffRole.LEADER: "leaders", StaffRole.ADMIN: "admins"}


def with_grants(settings: Settings, grants: tuple[Grant, ...]) -> Settings:
    """The settings with everybody who was granted a role.  Pure."""
    changes: dict[str, object] = {}
    for role, name in _SETTING_OF.items():
        people = [grant.person for grant in grants if grant.role == role]
        changes[name] = tuple(dict.fromkeys((*people_with(settings, role), *people)))
    names = {grant.person: grant.name for grant in grants if grant.name}
    changes["names"] = {**names, **settings.names}
    return settings.model_copy(update=changes) if grants else settings


def settings_in_force(connection: Connection, settings: Settings) -> Settings:
    """The settings as they count now."""
    return with_grants(settings, granted(connection))


def register_for(register: Register, settings: Settings) -> Register:
    """The same register, which knows these people as its staff and leaders."""
    office = replace(
        register.office,
        staff=settings.handlers,
        leaders=settings.leaders,
        review_by_second=settings.needs_review,
    )
    return Register(office, register.calendar, register.vault)


def people_with(settings: Settings, role: StaffRole) -> tuple[str, ...]:
    """Whom these settings name in a role."""
    people: tuple[str, ...] = getattr(settings, _SETTING_OF[role])
    return people


def roles_of(settings: Settings, person: str) -> tuple[StaffRole, ...]:
    """What this person is, by these settings."""
    return tuple(role for role in StaffRole if person in people_with(settings, role))


def menu_of(settings: Settings, person: str) -> tuple[str, ...]:
    """The groups of commands that this person finds in the private chat."""
    groups = {
        "resident": True,
        "staff": person in settings.handlers,
        "leader": person in settings.leaders,
        "admin": person in settings.admins,
    }
    return tuple(name for name, shown in groups.items() if shown)
