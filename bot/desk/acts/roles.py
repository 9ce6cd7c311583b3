"""Who was granted which role, by whom and when: events of the chain, never a row that is overwritten.

The settings are the root: whoever is named there has the role without an event.  The present state is what a
replay of the few events of the subject "roles" leaves.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.desk import chain, web_access
from bot.desk.acts.base import Acts
from bot.desk.errors import NotAllowed
from bot.desk.model import Event, EventKind, Role
from bot.desk.tables import role_codes

SUBJECT = "roles"
OPERATOR = "operator"  # who runs the program, at its command line: no person, who is always channel:id
CODE_LIVES = timedelta(days=1)
# 50 bits without look-alikes: a guess a second for a day finds one in ten billion.
_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_CODE_LENGTH = 10


@dataclass(frozen=True)
class Grant:
    """A role that somebody has by an event; `ordinal` is the event's, and names the grant on a button."""

    ordinal: int
    person: str
    role: str  # staff, leader or admin
    by: str
    at: datetime
    name: str = ""  # how they are called, where the code said it


def granted(connection: Connection) -> tuple[Grant, ...]:
    """The grants in force, in the order they were made."""
    return replayed(chain.events_of(connection, SUBJECT))


def replayed(events: Iterable[Event]) -> tuple[Grant, ...]:
    """What is left after all events.  Pure."""
    held: dict[tuple[str, str], Grant] = {}
    for event in events:
        key = event.text("person"), event.text("role")
        if event.kind is EventKind.ROLE_GRANTED:
            held.setdefault(key, Grant(event.ordinal, *key, event.actor, event.at, event.text("name")))
        elif event.kind is EventKind.ROLE_REVOKED:
            held.pop(key, None)
    return tuple(held.values())


class Roles(Acts):
    def grant(self, *, person: str, role: str, how: str, name: str = "") -> None:
        """`how` is id, reply or code.  Raises NotAllowed for who is no leader now."""
        self._must_lead()
        told = {"name": name} if name else {}
        self._record_role(EventKind.ROLE_GRANTED, person=person, role=role, how=how, **told)

    def revoke(self, *, person: str, role: str) -> None:
        """Raises NotAllowed for who is no leader now.

        Whoever has no role any more is out of the web pages at the same moment: their sessions, passkeys and
        links have ended.
        """
        self._must_lead()
        self._record_role(EventKind.ROLE_REVOKED, person=person, role=role)
        if not any(each.person == person for each in granted(self.connection)):
            web_access.end_all(self.connection, person, self.now)

    def make_code(self, *, role: str, name: str = "") -> str:
        """A code that gives `role` to whoever types it first, within a day; it is not kept.  `name` is how
        they are called from then on, where the settings do not say it.

        By a leader or OPERATOR: who has the home in their hands can name staff in the settings as well.
        """
        self._must_lead()
        self.connection.execute(sa.delete(role_codes).where(role_codes.c.made_at < self.now - CODE_LIVES))
        code = "".join(secrets.choice(_LETTERS) for _ in range(_CODE_LENGTH))
        self.connection.execute(
            sa.insert(role_codes).values(
                code_key=self.vault.code_keys(code)[0],
                role=role,
                made_by=self.actor,
                made_at=self.now,
                name=name,
            )
        )
        return code

    def use_code(self, *, code: str) -> Grant | None:
        """The role that the code gives, recorded; None when it is unknown, used, too old, or its maker leads
        no more."""
        row = self.connection.execute(
            sa.select(role_codes)
            .where(role_codes.c.code_key.in_(self.vault.code_keys(code)))
            .where(role_codes.c.made_at >= self.now - CODE_LIVES)
        ).one_or_none()
        if row is None or not self._leads(row.made_by):
            return None
        # The one place that decides: of two who type it at the same moment, one changes the row.
        ours = self.connection.execute(
            sa.update(role_codes)
            .where(role_codes.c.code_key == row.code_key, role_codes.c.used_at.is_(None))
            .values(used_at=self.now)
        )
        if not ours.rowcount:
            return None
        maker = self.session.by(row.made_by).roles
        maker.grant(person=self.actor, role=row.role, how="code", name=row.name)
        return next(
            each for each in granted(self.connection) if (each.person, each.role) == (self.actor, row.role)
        )

    def _must_lead(self) -> None:
        if not self._leads(self.actor):
            raise NotAllowed("leaders_only")

    def _leads(self, person: str) -> bool:
        return person == OPERATOR or person in self.office.leaders

    def _record_role(self, kind: EventKind, **data: str) -> None:
        chain.append(
            self.connection,
            subject=SUBJECT,
            kind=kind,
            at=self.now,
            on=self.today,
            actor=self.actor,
            role=Role.APPROVER,
            data=data,
        )
