"""The forms that a resident fills in: their steps, in order, and what has been given.  Pure.

Two tracks: a disclosure request asks exactly what art. 29 does, and nothing more; nobody is asked what the
information is for.  The correction of a record about oneself (art. 41) asks who, which record, what is wrong
and what shows it.  The draft is a
plain dict of texts, so that it can be kept in the ledger and taken up days later.  There is no pointer into
the form: the next step is always the first that applies and has no answer yet, so that going back, correcting
one answer or returning after a week need no special case.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from bot.desk.model import Agent, Applicant, ApplicantKind, Authority, DeliveryForm, Person
from bot.dialogue.resident.filing.contact import Contact

Draft = Mapping[str, str]

REQUEST, RECORD_CORRECTION = "request", "record_correction"
# Before the dot of a step in a chat's memory: "filing.name".  Two, so that one form never replaces the other.
PREFIXES = {REQUEST: "filing", RECORD_CORRECTION: "record_form"}
READ_BACK = "read_back"
IDENTITY = frozenset(
    {
        "kind",
        "name",
        "id_number",
        "guardian_name",
        "guardian_id",
        "representative",
        "agent_name",
        "agent_id",
        "others",
    }
)
FOR_OTHER, TOGETHER = "for_other", "together"  # flags of a draft: who fills it in acts for, or with, somebody
CAPACITIES = tuple(authority.value for authority in Authority)

WAYS: dict[DeliveryForm, tuple[str, ...]] = {
    DeliveryForm.ELECTRONIC: ("chat", "email"),
    DeliveryForm.PAPER: ("post", "pickup"),
    DeliveryForm.INSPECTION: ("visit",),
}


@dataclass(frozen=True)
class Step:
    """One question of the form.  `number` is what the resident sees; steps that share one are its parts."""

    name: str
    number: int

    def applies(self, draft: Draft) -> bool:
        """Whether this draft needs the step at all."""
        if is_without_identity(draft) and self.name in IDENTITY:
            return False
        match self.name:
            case "representative":
                return is_organisation(draft)
            case "guardian_name" | "guardian_id":
                return is_of_a_child(draft)
            case "capacity":
                return is_for_other(draft) and not is_of_a_child(draft) and not is_organisation(draft)
            case "agent_name" | "agent_id":
                return is_for_other(draft) and not is_of_a_child(draft)
            case "others":
                return is_together(draft)
            case "way":
                form = draft.get("form")
                return form is None or len(WAYS[DeliveryForm(form)]) > 1
            case "post_address":
                return draft.get("way") == "post" and ("post_address" in draft or not draft.get("address"))
            case "email_address":
                return draft.get("way") == "email" and ("email_address" in draft or not draft.get("email"))
        return True

    def is_done(self, draft: Draft) -> bool:
        """Whether it has been answered.  A prefilled text must be looked at first."""
        if self.name == "wanted":
            return bool(draft.get("wanted")) and bool(draft.get("wanted_seen"))
        if self.name == "contact":
            return any(draft.get(name) for name in ("phone", "email", "address", "contact_as_written"))
        return bool(draft.get(self.name))


_WHO = (
    Step("kind", 1),
    Step("name", 2),
    Step("id_number", 3),
    Step("guardian_name", 3),
    Step("guardian_id", 3),
    Step("representative", 3),
    Step("capacity", 4),
    Step("agent_name", 4),
    Step("agent_id", 4),
    Step("others", 4),
    Step("contact", 4),
)
STEPS = (
    *_WHO,
    Step("wanted", 5),
    Step("form", 6),
    Step("way", 6),
    Step("post_address", 6),
    Step("email_address", 6),
)
_TRACKS = {
    REQUEST: STEPS,
    RECORD_CORRECTION: (*_WHO, Step("record", 5), Step("wrong", 6), Step("evidence", 7)),
}
_BY_NAME = {step.name: step for steps in _TRACKS.values() for step in steps}


def track_of(draft: Draft) -> str:
    """Which form it is; a draft of an older version is a request."""
    return draft.get("track", REQUEST)


def steps_of(draft: Draft) -> tuple[Step, ...]:
    return _TRACKS[track_of(draft)]


def is_of_a_child(draft: Draft) -> bool:
    """Whether the ID number was one of somebody under 14 when it was given (个人信息保护法 31)."""
    return draft.get("child") == "yes"


def is_for_other(draft: Draft) -> bool:
    """Whether who fills it in is not the applicant."""
    return draft.get(FOR_OTHER) == "yes"


def is_together(draft: Draft) -> bool:
    """Whether others apply for the same with the applicant."""
    return draft.get(TOGETHER) == "yes"


def for_oneself(draft: dict[str, str]) -> None:
    """Nobody acts for anybody, after all."""
    for name in (FOR_OTHER, "capacity", "agent_name", "agent_id"):
        draft.pop(name, None)


def alone(draft: dict[str, str]) -> None:
    """The others are not written here, after all."""
    for name in (TOGETHER, "others"):
        draft.pop(name, None)


def is_without_identity(draft: Draft) -> bool:
    """Filed where the office asks nobody who they are: it takes the identity itself, later."""
    return draft.get("identity") == "later"


def _shown_numbers(draft: Draft) -> list[int]:
    return sorted({step.number for step in steps_of(draft) if step.name not in _left_out(draft)})


def _left_out(draft: Draft) -> frozenset[str]:
    return IDENTITY if is_without_identity(draft) else frozenset()


def numbered(draft: Draft) -> int:
    """How many steps the resident sees."""
    return len(_shown_numbers(draft))


def number_of(draft: Draft, step: Step) -> int:
    """Which of them this is, from 1."""
    return _shown_numbers(draft).index(step.number) + 1


def first_step(draft: Draft) -> str:
    return next(step.name for step in steps_of(draft) if step.applies(draft))


def memory_step(draft: Draft, name: str) -> str:
    """What a chat's memory calls this step."""
    return f"{PREFIXES[track_of(draft)]}.{name}"


def new_draft(wanted: str = "", track: str = REQUEST, *, asks_identity: bool = True) -> dict[str, str]:
    """An empty form; `wanted` is prefilled with what was asked before."""
    draft = {"draft": secrets.token_hex(4)}
    if not asks_identity:
        draft["identity"] = "later"
    if track != REQUEST:
        draft["track"] = track
    if wanted:
        draft["wanted"] = wanted
    return draft


def step_named(name: str) -> Step | None:
    return _BY_NAME.get(name)


def is_organisation(draft: Draft) -> bool:
    return bool(draft.get("kind")) and ApplicantKind(draft["kind"]).is_organisation


def next_step(draft: Draft) -> str:
    """The first step without an answer, READ_BACK when the form is complete."""
    for step in steps_of(draft):
        if step.applies(draft) and not step.is_done(draft):
            return step.name
    return READ_BACK


def previous_step(draft: Draft, name: str) -> str:
    """The step before `name` (before the read-back: the last), "" before the first."""
    before = ""
    for step in steps_of(draft):
        if step.name == name:
            return before
        if step.applies(draft):
            before = step.name
    return before


def record(draft: dict[str, str], name: str, value: str) -> None:
    """Write an answer down, and forget what no longer fits it."""
    if name == "kind" and draft.get("kind") and (draft["kind"] == "NP") != (value == "NP"):
        for other in ("name", "id_number", "id_other", "representative", "child", "capacity"):
            draft.pop(other, None)
    if name == "form":
        for other in ("way", "post_address", "email_address"):
            draft.pop(other, None)
        ways = WAYS[DeliveryForm(value)]
        if len(ways) == 1:
            draft["way"] = ways[0]
    if name == "wanted":
        draft["wanted_seen"] = "1"
    draft[name] = value
    draft.pop("doubted", None)


def record_contact(draft: dict[str, str], contact: Contact) -> None:
    """Add what was found; what was given before stays unless it was given anew."""
    for name, value in (("phone", contact.phone), ("email", contact.email), ("address", contact.address)):
        if value:
            draft[name] = value
    draft.pop("contact_as_written", None)


def doubt(draft: dict[str, str], name: str, text: str) -> bool:
    """Note what could not be read as the answer to a step; True when it was said before: it is meant so."""
    insisted = draft.get("doubted") == f"{name} {text}"
    draft["doubted"] = f"{name} {text}"
    return insisted


def doubted(draft: Draft, name: str) -> str:
    """What was typed last for this step and could not be read, "" when nothing was."""
    step, _, text = draft.get("doubted", "").partition(" ")
    return text if step == name else ""


def record_as_written(draft: dict[str, str], name: str, text: str) -> None:
    """The applicant insists: no form may be a wall (art. 28, 29); the office looks at it."""
    if name == "contact":
        draft["contact_as_written"] = text
        draft.pop("doubted", None)
    else:
        record(draft, name, text)


def contact_line(draft: Draft) -> str:
    """Everything that was given to reach the applicant, in one line."""
    address = draft.get("post_address") or draft.get("address", "")
    email = draft.get("email_address") or draft.get("email", "")
    written = draft.get("contact_as_written", "")
    return "；".join(value for value in (draft.get("phone", ""), email, address, written) if value)


def applicant_of(draft: Draft) -> Applicant:
    """The applicant of a complete form; without a name where the office takes it later."""
    return Applicant(
        kind=ApplicantKind(draft.get("kind", ApplicantKind.NATURAL_PERSON)),
        name=draft.get("name", ""),
        id_number=draft.get("id_number", ""),
        contact=contact_line(draft),
        representative=draft.get("representative", ""),
        agent=_agent(draft),
        others=tuple(map(Person.from_line, draft.get("others", "").splitlines())),
    )


def _agent(draft: Draft) -> Agent | None:
    """Who fills it in for the applicant; the paper is shown at the office (LAW.md part 9)."""
    if is_of_a_child(draft):
        return Agent.unseen(draft["guardian_name"], draft["guardian_id"], Authority.GUARDIAN)
    if not is_for_other(draft):
        return None
    authority = Authority(draft.get("capacity", Authority.POWER_OF_ATTORNEY))
    return Agent.unseen(draft.get("agent_name", ""), draft.get("agent_id", ""), authority)
