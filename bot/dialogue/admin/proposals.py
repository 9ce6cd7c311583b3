"""What several people asked for, proposed to staff for publication (art. 44): rows of the ledger.

    unanswered questions ─┐
    inquiries            ─┼─ clusters ─▶ two people or more, not proposed or published before ─▶ a proposal
    requests             ─┘                                    staff: 公开 ─▶ a draft entry    不公开 ─▶ why

Who asked a question is not recorded with it.  Two people are told apart by what each chat still remembers of
its own last questions, sealed; a question that nobody remembers any more counts for no one.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.desk import request_words
from bot.desk.acts.inquiries import inquiry_words
from bot.desk.errors import VaultError
from bot.desk.masking import mask
from bot.desk.model import EventKind
from bot.desk.tables import events, inquiries, publications, questions, requests
from bot.desk.vault import Vault
from bot.dialogue.admin.clusters import Asked, of_several
from bot.dialogue.questions import NONE_FITS, USELESS
from bot.dialogue.tables import conversations, proposals
from bot.messages import OutcomeKind

LOOK_BACK = timedelta(days=180)
PEOPLE = 2
OPEN, ACCEPTED, DECLINED = "open", "accepted", "declined"
_MOST = 500  # of each kind, the newest
_LONGEST_TOPIC = 200


@dataclass(frozen=True)
class Proposal:
    """One proposal; `members` are numbers of requests and inquiries, and `question:12`."""

    id: int
    topic: str
    members: tuple[str, ...]
    status: str
    people: int = 0  # known when it is made; nobody's name is kept with it
    made_at: datetime | None = None  # known where proposals are listed, and how it was decided
    decided_by: str = ""
    reason: str = ""

    @property
    def numbers(self) -> tuple[str, ...]:
        return tuple(member for member in self.members if not member.startswith("question:"))


def propose(connection: Connection, now: datetime, vault: Vault) -> list[Proposal]:
    """Record what has come to be asked by several people; only what is new."""
    settled = _settled(connection)
    asked = list(_asked(connection, now, vault))
    new = of_several(asked, PEOPLE, lambda cluster: not settled & set(cluster.keys))
    return [
        replace(_record(connection, now, cluster.members[0].text, cluster.keys), people=cluster.people)
        for cluster in new
    ]


def _record(connection: Connection, now: datetime, topic: str, members: Sequence[str]) -> Proposal:
    topic = mask(topic).text[:_LONGEST_TOPIC]
    values = {"topic": topic, "members": list(members), "made_at": now, "status": OPEN}
    key = connection.execute(proposals.insert().values(**values)).inserted_primary_key
    assert key is not None
    return Proposal(int(key[0]), topic, tuple(members), OPEN)


def _settled(connection: Connection) -> set[str]:
    """What has been proposed, published or declined before."""
    found: set[str] = set()
    for members in connection.execute(sa.select(proposals.c.members)).scalars():
        found |= set(members)
    found |= {str(entry["number"]) for entry in connection.execute(sa.select(publications.c.entry)).scalars()}
    declined = sa.select(events.c.subject).where(events.c.kind == EventKind.PUBLICATION_DECLINED.value)
    return found | set(connection.execute(declined).scalars())


# ---- who asked what --------------------------------------------------------------------------------------
def _asked(connection: Connection, now: datetime, vault: Vault) -> Iterator[Asked]:
    """Requests first: their words are the most careful ones, and speak for a cluster."""
    since = now - LOOK_BACK
    rows = connection.execute(
        sa.select(requests.c.number, requests.c.words, requests.c.person, requests.c.applicant_key)
        .where(requests.c.submitted_at >= since)
        .order_by(requests.c.number.desc())
        .limit(_MOST)
    ).all()
    # The same person by chat and on paper is one: the keyed hash of the identity says so.
    people = {row.person: row.applicant_key for row in rows if row.person}
    for row in rows:
        content = request_words.unseal(connection, row.number, row.words).content
        if content:  # else erased
            yield Asked(row.number, content, row.applicant_key)
    query = (
        sa.select(inquiries.c.number, inquiries.c.words, inquiries.c.person)
        .where(inquiries.c.opened_at >= since, inquiries.c.words.is_not(None))
        .order_by(inquiries.c.number.desc())
        .limit(_MOST)
    )
    for number, words, person in connection.execute(query).all():
        question, _ = inquiry_words(connection, number, words)
        yield Asked(number, question, people.get(person, person))
    askers = _askers(connection, since, vault)
    for question_id, text in _unanswered(connection, since):
        asker = askers.get(question_id, "")
        yield Asked(f"question:{question_id}", text, people.get(asker, asker))


def _unanswered(connection: Connection, since: datetime) -> list[tuple[int, str]]:
    missed = sa.or_(
        questions.c.outcome == OutcomeKind.ROUTE.value, questions.c.feedback.in_((USELESS, NONE_FITS))
    )
    query = (
        sa.select(questions.c.id, questions.c.text_masked)
        .where(missed, questions.c.asked_at >= since, questions.c.text_masked != "")
        .order_by(questions.c.id.desc())
        .limit(_MOST)
    )
    return [(row.id, row.text_masked) for row in connection.execute(query)]


def _askers(connection: Connection, since: datetime, vault: Vault) -> dict[int, str]:
    """Whose last questions these are, as each chat remembers its own."""
    found: dict[int, str] = {}
    query = sa.select(conversations.c.person, conversations.c.state).where(
        conversations.c.updated_at >= since
    )
    for row in connection.execute(query):
        if "sealed" not in row.state:
            continue
        try:
            remembered = json.loads(vault.unseal_text(row.state["sealed"])).get("questions", [])
        except VaultError:
            continue  # the key was dropped: nobody knows any more
        found |= {int(question_id): row.person for question_id, _ in remembered}
    return found


# ---- decided ---------------------------------------------------------------------------------------------
def get(connection: Connection, proposal_id: int) -> Proposal | None:
    """One proposal, None for an unknown one."""
    row = connection.execute(sa.select(proposals).where(proposals.c.id == proposal_id)).one_or_none()
    return None if row is None else Proposal(row.id, row.topic, tuple(row.members), row.status)


def listed(connection: Connection, status: str = "") -> list[Proposal]:
    """All proposals, or those of one status, newest first."""
    query = sa.select(proposals).order_by(proposals.c.id.desc())
    if status:
        query = query.where(proposals.c.status == status)
    return [
        Proposal(
            row.id,
            row.topic,
            tuple(row.members),
            row.status,
            made_at=row.made_at,
            decided_by=row.decided_by,
            reason=row.reason,
        )
        for row in connection.execute(query)
    ]


def decide(
    connection: Connection, now: datetime, proposal_id: int, *, status: str, person: str, reason: str = ""
) -> None:
    """Accepted, or declined with the reason."""
    connection.execute(
        proposals.update()
        .where(proposals.c.id == proposal_id, proposals.c.status == OPEN)
        .values(status=status, decided_by=person, decided_at=now, reason=reason)
    )


def published(connection: Connection, now: datetime, number: str, person: str) -> None:
    """A member has become public: open proposals that it belongs to are thereby accepted."""
    rows = connection.execute(sa.select(proposals).where(proposals.c.status == OPEN)).all()
    for row in rows:
        if number in row.members:
            decide(connection, now, row.id, status=ACCEPTED, person=person)
