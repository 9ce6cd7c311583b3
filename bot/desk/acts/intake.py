"""A request comes in: filed online, entered by a clerk, confirmed, taken, handed over."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot.desk import attached, chain, guards, request_words
from bot.desk.acts.base import Acts, Opened, required_text
from bot.desk.applicants import must_be_represented
from bot.desk.errors import GuardFailed, InvalidValue, NotAllowed
from bot.desk.identity import mask_contact, mask_id, mask_name
from bot.desk.model import Agent, Applicant, DeliveryForm, DisclosureRequest, EventKind, Intake, Role, Status
from bot.desk.numbering import next_number
from bot.desk.request_words import RequestWords, content_hash
from bot.desk.tables import requests
from bot.desk.vault import Vault

_SHOWN = 64  # characters of the column


class IntakeDesk(Acts):
    def submit(
        self,
        *,
        applicant: Applicant,
        content: str,
        form: DeliveryForm = DeliveryForm.ELECTRONIC,
        way: str = "",
        attachments: Sequence[str] = (),
    ) -> DisclosureRequest:
        """File online; the applicant has read it back and confirmed (one half of art. 31(3)).

        `attachments`: tokens of files that the applicant sent along (`attached.py`).

        A repeat is registered like everything else.  Raises GuardFailed where the office has not announced
        this channel: then nothing may pretend to be filed.
        """
        if not self.office.announced_channel:
            raise GuardFailed("channel_not_announced", article="28")
        return self._register(
            person=self.actor,
            applicant=applicant,
            content=content,
            intake=Intake.ONLINE,
            form=form,
            way=way,
            actor=self.actor,
            role=Role.APPLICANT,
            attachments=attachments,
        )

    def enter(
        self,
        *,
        applicant: Applicant,
        content: str,
        intake: Intake,
        received_on: date,
        proof: str,
        form: DeliveryForm = DeliveryForm.PAPER,
        way: str = "",
        person: str = "",
    ) -> DisclosureRequest:
        """Offline intake by a clerk.

        Counter, oral and signed post are received on `received_on` (art. 31(1)(2)); ordinary post and fax
        wait for the confirmation with the applicant.  `proof` is what shows the day: who saw it, a postal
        number.
        """
        self._must_be_staff()
        if received_on > self.today:
            raise InvalidValue("day_in_the_future", field="received_on", today=self.today)
        waits = intake.needs_both_confirmations or intake is Intake.ORDINARY_POST
        if not waits:
            proof = required_text("proof", proof)
        filed = self._register(
            person=person,
            applicant=applicant,
            content=content,
            intake=intake,
            form=form,
            way=way,
            actor=self.actor,
            role=Role.OFFICER,
        )
        if waits:
            return filed
        opened = self._open(filed.number)
        return self._act(opened, EventKind.RECEIVED, role=Role.OFFICER, on=received_on, data={"proof": proof})

    def _register(
        self,
        *,
        person: str,
        applicant: Applicant,
        content: str,
        intake: Intake,
        form: DeliveryForm,
        way: str,
        actor: str,
        role: Role,
        attachments: Sequence[str] = (),
    ) -> DisclosureRequest:
        content = required_text("content", content)
        if intake is not Intake.ONLINE:  # there it may be taken later (take_identity)
            required_text("name", applicant.name)
        required_text("contact", applicant.contact)
        today = self.today
        must_be_represented(applicant, today)
        number = next_number(self.connection, str(today.year))
        self.connection.execute(
            requests.insert().values(
                number=number,
                person=person,
                intake=intake.value,
                **identity_columns(self.vault, applicant),
                form=form.value,
                words=request_words.seal(self.connection, number, RequestWords(content, content, way)),
                content_hash=content_hash(self.connection, content),
                submitted_at=self.now,
                status=Status.SUBMITTED.value,
            )
        )
        part = attached.REQUEST
        files = attached.keep(self.connection, attachments, subject=number, part=part, sender=actor)
        chain.append(
            self.connection,
            subject=number,
            kind=EventKind.SUBMITTED,
            at=self.now,
            on=today,
            actor=actor,
            role=role,
            article="29",
            data={
                "content": content,
                "form": form.value,
                "way": way,
                "intake": intake.value,
                "applicant_kind": applicant.kind.value,
                **who_acts(applicant),
                **({"attachments": attached.on_record(files)} if files else {}),
            },
        )
        return self._get(number)

    def confirm_receipt(self, number: str, *, proof: str = "confirmed") -> DisclosureRequest:
        """The office's confirmation: today is the day of receipt, the clock starts (art. 31(3)).

        The applicant's own confirmation is the `submitted` event; both are on record.
        """
        self._must_be_staff()
        opened = self._open(number)
        return self._act(
            opened,
            EventKind.RECEIVED,
            role=Role.OFFICER,
            data={"proof": proof, "submitted_at": opened.row.submitted_at.isoformat()},
        )

    def undo_receipt(self, number: str, *, reason: str) -> DisclosureRequest:
        """The confirmation was a wrong tap: the request waits for it again.  An event, like everything."""
        self._must_be_staff()
        opened = self._open(number)
        self._may_undo_receipt(opened)
        return self._act(
            opened,
            EventKind.RECEIPT_UNDONE,
            role=Role.OFFICER,
            data={"reason": required_text("reason", reason)},
        )

    def _may_undo_receipt(self, opened: Opened) -> None:
        guards.undo_receipt(opened.events, Intake(opened.row.intake), self.today)

    def take(self, number: str) -> DisclosureRequest:
        """The officer takes the request upon themselves."""
        return self.assign(number, assignee=self.actor)

    def assign(self, number: str, *, assignee: str) -> DisclosureRequest:
        """Hand a request to a member of staff, also when somebody leaves."""
        self._must_be_staff()
        if not self.office.is_staff(assignee):
            raise NotAllowed("assignee_is_no_staff")
        opened = self._open(number)
        return self._act(opened, EventKind.ASSIGNED, role=Role.OFFICER, data={"assignee": assignee})


def identity_columns(vault: Vault, applicant: Applicant) -> dict[str, object]:
    """What a row of `requests` holds of its applicant: sealed, keyed, and masked for who may not see it."""
    return {
        "applicant_kind": applicant.kind.value,
        "identity": vault.seal(applicant),
        "applicant_key": vault.match_keys(applicant)[0],
        "applicant_masked": shown_name(applicant),
        "id_masked": mask_id(applicant.id_number),
        "contact_masked": mask_contact(applicant.contact),
    }


def who_acts(applicant: Applicant) -> dict[str, object]:
    """On record: how many apply, and what lets somebody act for them."""
    data: dict[str, object] = {"others": len(applicant.others)} if applicant.others else {}
    if applicant.agent is not None:
        data |= {"authority": applicant.agent.authority.value, "authority_proof": applicant.agent.proof}
    return data


def shown_name(applicant: Applicant) -> str:
    """An organisation's name is no personal data; a person's is masked.  Others are counted; of an agent it
    says what he is, his masked name, and whether his paper has still to be shown."""
    if not applicant.name.strip():  # taken later; until then the masked name is "" (needs_identity)
        return ""
    name = applicant.name.strip() if applicant.kind.is_organisation else mask_name(applicant.name)
    several = f"等{len(applicant.others) + 1}人" if applicant.others else ""
    agent = _shown_agent(applicant.agent) if applicant.agent else ""
    return f"{name[: _SHOWN - len(several) - len(agent)]}{several}{agent}"


def _shown_agent(agent: Agent) -> str:
    waits = "" if agent.has_shown else f"，{agent.authority.paper}待核对"
    return f"（{agent.authority.label}{mask_name(agent.name)}代为申请{waits}）"
