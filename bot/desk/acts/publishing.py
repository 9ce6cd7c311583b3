"""Publishing a served reply, and declining to (art. 44)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from bot.desk import attached
from bot.desk.acts.base import Acts, required_text
from bot.desk.errors import GuardFailed
from bot.desk.model import Applicant, DisclosureRequest, EventKind
from bot.desk.publish import PublicationDraft, draft_publication
from bot.desk.tables import publications


class Publications(Acts):
    def draft(self, number: str, *, title: str = "", text: str = "", question: str = "") -> PublicationDraft:
        """What would be published, masked; to be shown to staff before `publish`."""
        self._must_be_staff()
        return draft_publication(
            self._get(number),
            self._applicant_if_kept(number),
            title=title,
            text=text,
            question=question,
            public=(self.office.office_phone,),
        )

    def publish(
        self,
        number: str,
        *,
        looked_at: bool,
        title: str = "",
        text: str = "",
        question: str = "",
        attachments: Sequence[str] = (),
    ) -> dict[str, Any]:
        """Publish what `draft_publication` shows for the same title, text and question.

        `looked_at`: the officer has seen the masked text, and each file of `attachments` (tokens of the
        reply's own); without that look publication is impossible.  Returns the publication as plain data:
        number, title, question, text, publisher, published_on, approved_by, attachments (of each token, name,
        size).
        """
        if not looked_at:
            raise GuardFailed("publication_not_looked_at", article="44")
        draft = self.draft(number, title=title, text=text, question=question)
        reply = self._get(number).reply
        own = [token for token in attachments if reply is not None and token in reply.attachments]
        files = attached.publish(self.connection, self.now, own, sender=self.actor)
        entry = {
            "number": number,
            "title": required_text("title", draft.title),
            "question": draft.question,
            "text": required_text("text", draft.text),
            "publisher": self.office.agency,
            "published_on": self.today.isoformat(),
            "approved_by": self.actor,
            **({"attachments": attached.as_published(files)} if files else {}),
        }
        opened = self._open(number)
        self._staff_act(
            opened,
            EventKind.PUBLISHED,
            data={
                "title": draft.title,
                "masked": len(draft.found),
                **({"attachments": attached.on_record(files)} if files else {}),
            },
        )
        self.connection.execute(
            publications.insert().values(
                entry=entry, request_number=number, approved_by=self.actor, approved_at=self.now
            )
        )
        return entry

    def decline(self, number: str, *, reason: str) -> DisclosureRequest:
        """Art. 44: the applicant may propose, the agency decides; why not is on record."""
        opened = self._open(number)
        data = {"reason": required_text("reason", reason)}
        return self._staff_act(opened, EventKind.PUBLICATION_DECLINED, data=data)

    def all(self) -> Sequence[dict[str, Any]]:
        """Everything published, oldest first; the newest of one request replaces its earlier ones."""
        rows = self.connection.execute(sa.select(publications.c.entry).order_by(publications.c.id)).scalars()
        newest: dict[str, dict[str, Any]] = {}
        for entry in rows:
            newest[str(entry["number"])] = entry
        return list(newest.values())

    def _applicant_if_kept(self, number: str) -> Applicant | None:
        row = self._row(number)
        return None if row.identity is None else self.vault.unseal(row.identity)
