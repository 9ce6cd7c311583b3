"""What staff and admins have to see to beside the queue, as tables: which rows each list has.

| list | for | its acts |
|---|---|---|
| inquiries, records | staff | on the page of each |
| proposals (art. 44) | staff | 公开, 不公开 |
| publications | staff | the page of what is public |
| unanswered | admins | what is made of it |
| roles | leaders | 收回, 授权码 |
| outbox | staff, admins | try again; the request, where another way of reaching the person stands |

The acts are the buttons of the chat; what they lead to is said on the page of the desk's other work.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.desk import attached
from bot.desk.acts.roles import granted
from bot.desk.kinds import RecordCorrectionStatus
from bot.desk.model import InquiryStatus
from bot.dialogue.admin import proposals
from bot.dialogue.admin.missed import missed
from bot.dialogue.payload import Act
from bot.dialogue.progress import about, record_correction_word
from bot.dialogue.roles.grants import StaffRole, people_with
from bot.dialogue.roles.whom import revoke_button, role_name
from bot.dialogue.unreached import other_contact
from bot.dialogue.visit import Visit
from bot.mailbox.inbox import Inbox
from bot.mailbox.letters import OutboxState
from bot.mailbox.outbox import Outbox, Stuck
from bot.mailbox.sealed import outgoing_of
from bot.mailbox.tables import outbox
from bot.messages import Button
from knowledge.entry import token_of

ALL = "all"
_MOST = 1000  # of the newest
_ABOUT = 60
CHANNELS = ("telegram", "terminal", "web")


@dataclass(frozen=True)
class Row:
    """One line; `link` is where its first cell leads, `acts` what can be done with it at once."""

    cells: tuple[str, ...]
    link: str = ""
    small: str = ""  # under the second cell
    acts: tuple[Button, ...] = ()
    on: date | None = None  # of which year it is


@dataclass(frozen=True)
class Post:
    """The mailbox as far as the list of what did not arrive needs it."""

    outboxes: tuple[Outbox, ...]
    inbox: Inbox
    say: Callable[..., str]  # words of the pages

    def stuck(self) -> Iterator[Stuck]:
        for box in self.outboxes:
            yield from box.stuck()

    def again(self, what: str) -> bool:
        """Put back in line what a button names; False for what is no longer stuck."""
        kind, _, of_id = what.partition(":")
        if not (of_id.isascii() and of_id.isdecimal() and len(of_id) <= 18):
            return False
        if kind == "update":
            return self.inbox.retry_failed(int(of_id))
        return kind == "letter" and any(box.resend(int(of_id)) for box in self.outboxes)


Rows = Callable[[Visit, str, Post], list[Row]]


@dataclass(frozen=True)
class Listing:
    """One table: what its columns are called, what it can be narrowed to, and who has it."""

    columns: tuple[str, ...]
    rows: Rows
    may: Callable[[Visit], bool]
    only: tuple[str, ...] = ()  # the first is what stands there unasked
    tops: Callable[[Visit], list[Button]] = lambda visit: []  # what can be done with none of them
    acts_to: str = "/desk/more"

    def chosen(self, given: str) -> str | None:
        """What the address narrows it to; None for something that no page of ours says."""
        if not given:
            return self.only[0] if self.only else ""
        return given if given in self.only else None


def _day(visit: Visit, at: datetime | None) -> date | None:
    return at.astimezone(visit.settings.zone).date() if at else None


def _told(visit: Visit, on: date | None) -> str:
    return visit.voice.day(on) if on else ""


def _by(visit: Visit, account: str) -> str:
    return visit.voice.officer(account) if account else ""


def _account(visit: Visit, account: str) -> str:
    """A resident's, or that of an officer with a name."""
    return visit.voice.officer(account, unnamed="account_unnamed")


# ---- inquiries and record corrections --------------------------------------------------------------------
def _inquiries(visit: Visit, only: str, post: Post) -> list[Row]:
    states = _states(InquiryStatus, only)
    rows = []
    for each in visit.desk.inquiries.in_states(states, _MOST):
        opened = _day(visit, each.opened_at)
        status = visit.voice.word(f"inquiry_status_{each.status.value}")
        answered = " ".join((_told(visit, _day(visit, each.answered_at)), _by(visit, each.answered_by)))
        cells = (each.number, about(each.question, _ABOUT), status, _told(visit, opened), answered.strip())
        rows.append(Row(cells, f"/desk/r/{each.number}", on=opened))
    return rows


def _records(visit: Visit, only: str, post: Post) -> list[Row]:
    ended = [each for each in RecordCorrectionStatus if not each.is_open]
    open_ones = [each for each in RecordCorrectionStatus if each.is_open]
    states = {"open": open_ones, "ended": ended, ALL: [*open_ones, *ended]}[only]
    rows = []
    for each in visit.desk.record_corrections.in_states(states, _MOST):
        filed, goal = _day(visit, each.filed_at), visit.desk.record_corrections.goal(each)
        cells = (
            each.number,
            about(each.record, _ABOUT),
            record_correction_word(visit.voice, each),
            _told(visit, filed),
            _told(visit, goal if each.status.is_open else each.ended_on),
            _by(visit, each.assigned_to),
        )
        rows.append(Row(cells, f"/desk/r/{each.number}", each.applicant_masked, on=filed))
    return rows


def _states(kinds: type[InquiryStatus], only: str) -> Collection[InquiryStatus]:
    return list(kinds) if only == ALL else [kinds(only)]


# ---- publication and art. 44 -----------------------------------------------------------------------------
def _publications(visit: Visit, only: str, post: Post) -> list[Row]:
    rows = []
    for each in reversed(visit.desk.publications.all()):
        number, on = str(each["number"]), date.fromisoformat(str(each["published_on"]))
        files = len(attached.published(visit.connection, number)) if each.get("attachments") else 0
        cells = (
            str(each["title"]),
            number,
            _told(visit, on),
            _by(visit, str(each["approved_by"])),
            str(files),
        )
        rows.append(
            Row(cells, f"/e/{token_of(f'reply:{number}')}", about(str(each["question"]), _ABOUT), on=on)
        )
    return rows


def _proposals(visit: Visit, only: str, post: Post) -> list[Row]:
    rows = []
    for each in proposals.listed(visit.connection, "" if only == ALL else only):
        made, is_open = _day(visit, each.made_at), each.status == proposals.OPEN
        status = post.say(f"lists_only_{each.status}")
        cells = (
            about(each.topic, _ABOUT),
            "、".join(each.numbers) or "—",
            str(len(each.members)),
            _told(visit, made),
            status,
            _by(visit, each.decided_by),
        )
        acts = (
            visit.voice.button("button_proposal_accept", Act.PROPOSAL_ACCEPT, each.id),
            visit.voice.button("button_proposal_decline", Act.PROPOSAL_DECLINE, each.id),
        )
        rows.append(Row(cells, small=each.reason, acts=acts if is_open else (), on=made))
    return rows


# ---- what was not answered -------------------------------------------------------------------------------
def _unanswered(visit: Visit, only: str, post: Post) -> list[Row]:
    rows = []
    for each in missed(visit.connection, visit.now):
        last = _day(visit, each.last_asked)
        others = "；".join(each.texts[1:4])
        look = Button(post.say("lists_settle"), f"{Act.MISSED.value}:{each.id}")
        rows.append(Row((each.texts[0], str(each.count), _told(visit, last)), "", others, (look,), last))
    return rows


# ---- roles -----------------------------------------------------------------------------------------------
def _roles(visit: Visit, only: str, post: Post) -> list[Row]:
    rows = [
        Row((_by(visit, person), person, role_name(visit.voice, role), post.say("lists_rooted"), ""))
        for role in StaffRole
        for person in people_with(visit.services.rooted, role)
    ]
    for each in granted(visit.connection):
        on = _day(visit, each.at)
        role = role_name(visit.voice, StaffRole(each.role))
        by = post.say("lists_operator") if each.by == "operator" else _by(visit, each.by)
        cells = (_by(visit, each.person), each.person, role, by, _told(visit, on))
        rows.append(Row(cells, acts=(revoke_button(visit.voice, each),), on=on))
    return rows


def _codes(visit: Visit) -> list[Button]:
    return [visit.voice.button(f"button_code_{role.value}", Act.ROLE_CODE, role.value) for role in StaffRole]


# ---- what did not arrive ---------------------------------------------------------------------------------
def _outbox(visit: Visit, only: str, post: Post) -> list[Row]:
    return [*_letters(visit, only, post), *_updates(visit, only, post)]


def _letters(visit: Visit, only: str, post: Post) -> Iterator[Row]:
    for each in post.stuck():
        if only not in (ALL, each.state.value):
            continue
        on = _day(visit, each.created_at)
        other = other_contact(visit.connection, each.subject) if each.subject and visit.is_staff else ""
        cells = (
            each.subject or "—",
            post.say(f"lists_why_{each.state.value}"),
            _account(visit, each.chat),
            f"{_told(visit, on)} {each.created_at.astimezone(visit.settings.zone):%H:%M}",
            other or "—",
        )
        again = Button(post.say("lists_again"), f"letter:{each.id}")
        words = about(_words(visit.connection, each.id), _ABOUT) if visit.is_staff else each.event
        link = f"/desk/r/{each.subject}" if each.subject and visit.is_staff else ""
        yield Row(cells, link, f"{words}（{each.error}）" if each.error else words, (again,), on)


def _words(connection: Connection, letter: int) -> str:
    """What it says, for those who handle the matter it is about."""
    payload = connection.scalar(sa.select(outbox.c.payload).where(outbox.c.id == letter))
    return outgoing_of(connection, payload).text if payload else ""


def _updates(visit: Visit, only: str, post: Post) -> Iterator[Row]:
    """What people sent and the program failed to answer."""
    for each in post.inbox.failed() if only in (ALL, "failed") else ():
        on = _day(visit, each.received_at)
        at = f"{_told(visit, on)} {each.received_at.astimezone(visit.settings.zone):%H:%M}"
        again = Button(post.say("lists_answer_again"), f"update:{each.id}")
        cells = ("—", post.say("lists_why_failed"), _account(visit, each.chat), at, "—")
        yield Row(cells, "", each.error, (again,), on)


def _is_staff(visit: Visit) -> bool:
    return visit.is_staff


LISTS = {
    "inquiries": Listing(
        ("number", "question", "status", "opened", "answered"),
        _inquiries,
        _is_staff,
        ("open", "answered", "closed", ALL),
    ),
    "records": Listing(
        ("number", "record", "status", "filed", "goal", "handler"),
        _records,
        _is_staff,
        ("open", "ended", ALL),
    ),
    "proposals": Listing(
        ("topic", "numbers", "asked", "made", "status", "decided"),
        _proposals,
        _is_staff,
        (proposals.OPEN, proposals.ACCEPTED, proposals.DECLINED, ALL),
    ),
    "publications": Listing(("title", "number", "published", "approved", "files"), _publications, _is_staff),
    "unanswered": Listing(("question", "asked", "last"), _unanswered, lambda visit: visit.is_admin),
    "roles": Listing(
        ("name", "account", "role", "granted_by", "granted_on"),
        _roles,
        lambda visit: visit.is_leader,
        tops=_codes,
    ),
    "outbox": Listing(
        ("number", "why", "person", "sent", "other_way"),
        _outbox,
        lambda visit: visit.is_staff or visit.is_admin,
        (ALL, OutboxState.UNDELIVERABLE.value, OutboxState.DEAD.value, "failed"),
        acts_to="/desk/lists/outbox",
    ),
}
