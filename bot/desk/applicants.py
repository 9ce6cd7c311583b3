"""Who asks (art. 29(1)): one applicant or several, themselves or by somebody who may act for them.  Pure.

What a request counts as (Table 3) is always the applicant, never who acts: a lawyer's client, not the lawyer.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from bot.desk.errors import GuardFailed, MissingFields
from bot.desk.identity import born_on
from bot.desk.kinds import ApplicantKind, Labelled

_PARTS = re.compile(r"[，,；;\t]")
_TO_BE_SHOWN = "待核对"  # how the proof of an agent ends who has not shown it yet
OF_AGE = 14  # 个人信息保护法 31: below it, the guardian gives the personal data


class Authority(Labelled):
    """What lets somebody act for the applicant."""

    POWER_OF_ATTORNEY = "power_of_attorney", "代理人"
    GUARDIAN = "guardian", "监护人"

    @property
    def paper(self) -> str:
        """What shows it."""
        return "委托书" if self is Authority.POWER_OF_ATTORNEY else "监护关系"


@dataclass(frozen=True)
class Person:
    """Somebody who applies together with the first applicant."""

    name: str
    id_number: str
    contact: str = ""

    @classmethod
    def from_line(cls, line: str) -> Person:
        """姓名，身份证号，联系方式 as somebody typed it; what is missing is ""."""
        name, number, contact = (*_PARTS.split(line, maxsplit=2), "", "")[:3]
        return cls(name.strip(), number.strip(), contact.strip())

    def __repr__(self) -> str:
        """Identity must not reach a log through a traceback."""
        return "Person()"


@dataclass(frozen=True)
class Agent:
    """Who acts for the applicant; `proof` is what was seen of it: a 委托书 of some day, a 户口簿."""

    name: str
    id_number: str
    authority: Authority
    proof: str
    contact: str = ""

    @classmethod
    def unseen(cls, name: str, id_number: str, authority: Authority) -> Agent:
        """Who filed for somebody online: the paper is shown at the office, the request waits for nothing."""
        return cls(name, id_number, authority, f"网上填写，{authority.paper}{_TO_BE_SHOWN}")

    @property
    def has_shown(self) -> bool:
        """Whether the office has seen what lets them act."""
        return not self.proof.endswith(_TO_BE_SHOWN)

    def __repr__(self) -> str:
        return f"Agent(authority={self.authority.value})"


@dataclass(frozen=True)
class Applicant:
    """Who asks, in the clear: only for who handles it.

    For an organisation `name` is its name, `id_number` its unified social credit code and
    `representative` the person who acts for it.  `others` apply for the same thing together with it.
    """

    kind: ApplicantKind
    name: str
    id_number: str
    contact: str
    representative: str = ""
    agent: Agent | None = None
    others: tuple[Person, ...] = ()

    def __repr__(self) -> str:
        """Identity must not reach a log through a traceback."""
        return f"Applicant(kind={self.kind.value})"

    @property
    def names(self) -> str:
        """All applicants, as a letter addresses them."""
        return "、".join(name for name in (self.name, *(other.name for other in self.others)) if name)

    @property
    def addressed(self) -> str:
        """Each applicant by name and who acts for them beside, as letters begin; "" while nobody is named."""
        if self.agent is None or not self.names:
            return self.names
        return f"{self.names}（{self.agent.authority.label}：{self.agent.name}）"

    @property
    def everybody(self) -> tuple[str, ...]:
        """Every name, number and contact: what is masked wherever it stands."""
        known = [self.name, self.id_number, self.contact, self.representative]
        for other in self.others:
            known += [other.name, other.id_number, other.contact]
        if self.agent is not None:
            known += [self.agent.name, self.agent.id_number, self.agent.contact]
        return tuple(text for text in known if text.strip())


def must_be_represented(applicant: Applicant, today: date) -> None:
    """Each agent with a proof of it, each child with a guardian (个人信息保护法 31); raises otherwise."""
    if not applicant.name.strip():  # nobody is named yet: the office takes that with the identity
        return
    agent = applicant.agent
    if agent is not None and not (agent.name.strip() and agent.id_number.strip() and agent.proof.strip()):
        raise MissingFields("agent_not_proven", fields=("name", "id_number", "proof"))
    if any(not (other.name.strip() and other.id_number.strip()) for other in applicant.others):
        raise MissingFields("co_applicant_not_named", fields=("name", "id_number"))
    if applicant.kind.is_organisation or not is_child(applicant.id_number, today):
        return
    if agent is None or agent.authority is not Authority.GUARDIAN:
        raise GuardFailed("guardian_needed", article="个人信息保护法31")


def is_child(id_number: str, today: date) -> bool:
    """Under 14 by the birthday in the number; whose document shows none is taken for of age."""
    born = born_on(id_number)
    if born is None:
        return False
    age = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    return age < OF_AGE


def to_plain(applicant: Applicant) -> dict[str, Any]:
    """For JSON; the inverse of `from_plain`."""
    return asdict(applicant)


def from_plain(plain: Mapping[str, Any]) -> Applicant:
    """Also of a row that an older program sealed, when applicants came alone."""
    agent = plain.get("agent")
    return Applicant(
        kind=ApplicantKind(plain["kind"]),
        name=plain["name"],
        id_number=plain["id_number"],
        contact=plain["contact"],
        representative=plain["representative"],
        agent=Agent(**{**agent, "authority": Authority(agent["authority"])}) if agent else None,
        others=tuple(Person(**other) for other in plain.get("others", ())),
    )
