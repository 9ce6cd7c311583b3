"""一事一申请: a request that asks for several separate things becomes several requests.

The first keeps its number with what remains; each other thing has its own number, clock, letters and row in
Table 3.  All are received on the first day of receipt, so that nobody waits longer because of it.  For fees
and for "excessive" (art. 35, 42) the parts count as the one request that was filed: notice 109 of 2020 would
let an office count each, but a resident must not pay for how the office files a letter.
"""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from bot.desk import chain, guards, request_words
from bot.desk.acts.base import Acts, Opened, required_text
from bot.desk.errors import GuardFailed, InvalidValue, NotAllowed
from bot.desk.matter import folded_matter
from bot.desk.model import DisclosureRequest, EventKind, Role, Status
from bot.desk.numbering import next_number
from bot.desk.request_words import RequestWords, content_hash
from bot.desk.tables import events, requests

MOST_PARTS = 20
_COPIED = (  # what a part has of the whole: who asks, how it came, when it was filed
    *("person", "intake", "applicant_kind", "identity", "applicant_key", "applicant_masked"),
    *("id_masked", "contact_masked", "form", "submitted_at"),
)


class Splitting(Acts):
    def split(self, number: str, *, contents: Sequence[str]) -> tuple[DisclosureRequest, ...]:
        """The request with the first of `contents`, and a new one for each other, in their order.

        Raises GuardFailed once something moved the clock or a reply is drafted, InvalidValue for fewer than
        two things or for one of them said twice.
        """
        self._must_be_staff()
        contents = [required_text("content", content) for content in contents]
        if not 2 <= len(contents) <= MOST_PARTS:
            raise InvalidValue("parts_count", field="contents", least=2, most=MOST_PARTS)
        if len({folded_matter(content) for content in contents}) < len(contents):
            raise InvalidValue("parts_alike", field="contents")
        opened = self._open(number)
        if opened.row.identity is None:
            raise NotAllowed("identity_erased", number=number)
        if opened.standing.status not in (Status.RECEIVED, Status.ASSIGNED):
            raise GuardFailed("split_too_late", article="29")
        guards.split(opened.events)
        with self.connection.begin_nested():  # all parts or none
            parts = [self._part(opened, content) for content in contents[1:]]
            data = {"content": contents[0], "parts": " ".join(part.number for part in parts)}
            kept = self._staff_act(opened, EventKind.SPLIT, data=data)
        return (kept, *parts)

    def _part(self, whole: Opened, content: str) -> DisclosureRequest:
        """One of the other things, received on the day on which the whole was, and in the same hands."""
        way, first = whole.words.way, whole.events[0]
        number = next_number(self.connection, str(self.today.year))
        self.connection.execute(
            requests.insert().values(
                number=number,
                words=request_words.seal(self.connection, number, RequestWords(content, content, way)),
                content_hash=content_hash(self.connection, content),
                status=Status.SUBMITTED.value,
                **{name: getattr(whole.row, name) for name in _COPIED},
            )
        )
        chain.append(
            self.connection,
            subject=number,
            kind=EventKind.SUBMITTED,
            at=max(self.now, whole.events[-1].at),
            on=first.on,
            actor=self.actor,
            role=Role.OFFICER,
            article="29",
            data={
                **{name: first.data[name] for name in first.data if name not in ("content", "split_from")},
                "applicant_kind": whole.row.applicant_kind,
                "content": content,
                "split_from": whole.number,
            },
        )
        self._act(
            self._open(number),
            EventKind.RECEIVED,
            role=Role.OFFICER,
            on=whole.standing.received_on,
            data={"proof": f"由{whole.number}号申请分出"},
        )
        return self._act(
            self._open(number),
            EventKind.ASSIGNED,
            role=Role.OFFICER,
            data={"assignee": whole.standing.assigned_to or self.actor},
        )


def is_part() -> sa.ColumnElement[bool]:
    """Of a row of `requests`: it was split from another and does not count as one that was filed."""
    return sa.exists().where(
        events.c.subject == requests.c.number,
        events.c.kind == EventKind.SUBMITTED.value,
        sa.type_coerce(events.c.data, sa.Text()).contains('"split_from"'),
    )


def was_split() -> sa.ColumnElement[bool]:
    """Of a row of `requests`: what it was filed with names several matters, of which one remained with it."""
    return sa.exists().where(events.c.subject == requests.c.number, events.c.kind == EventKind.SPLIT.value)
