"""By which way a reply may be served, and what proves it (LAW.md part 9, Service).  Pure.

method     proof                                          only where
by hand    who signed the 送达回证
entrusted  who serves it for the office, and the 送达回证
post       the number that China Post gave
e-mail     the address, one that the applicant gave       the office takes 复议 online (复议法 22(2))
fax        the same with a number                         the same
chat       this chat, in which the applicant filed        the same, and the office has decided so
"""

from __future__ import annotations

import re
import unicodedata

from bot.desk.errors import GuardFailed, MissingFields
from bot.desk.model import ServiceMethod
from bot.desk.office import OfficeRules
from bot.desk.postal import mail_number
from bot.desk.preconditions import says_nothing

_EMAIL = re.compile(r"[a-z0-9._%+-]{1,64}@[a-z0-9.-]{1,255}")
# Of an earlier day: who it was says nothing of a paper that was signed.
_SOMEBODY = re.compile(r"(?:是|由|他|她|其|您|申请人|当事人|对方|的|本人|自己|说的?|口头|电话)+")
_LEAST_DIGITS = 7  # of a fax number


def methods(office: OfficeRules) -> tuple[ServiceMethod, ...]:
    """The ways that are open to this office."""
    return tuple(method for method in ServiceMethod if is_open(office, method))


def is_open(office: OfficeRules, method: ServiceMethod) -> bool:
    """Whether the office may serve this way at all."""
    if not method.is_electronic:
        return True
    return bool(office.reconsideration_online) and (method is not ServiceMethod.CHAT or office.serve_in_chat)


def is_somebodys_word(proof: str) -> bool:
    """他本人, 当事人自己说的: nothing that shows on which day somebody signed."""
    return _SOMEBODY.fullmatch(re.sub(r"[\W_]", "", proof)) is not None


def must_be_proven(office: OfficeRules, method: ServiceMethod, proof: str, given: str, person: str) -> None:
    """Whether `proof` is one for this way.

    `given` is every contact that the applicant gave, as they wrote it, `person` the chat in which they
    filed ("" on paper).
    """
    _must_be_open(office, method)
    if method is ServiceMethod.CHAT:
        if not person:
            raise GuardFailed("chat_was_not_given")
        return
    if not proof.strip():
        name = "post_needs_number" if method is ServiceMethod.POST else "service_needs_proof"
        raise MissingFields(name, fields=("proof",), method=method)
    if method is ServiceMethod.POST:
        mail_number(proof)
    elif not method.is_electronic:
        if says_nothing(proof):
            raise MissingFields("service_needs_proof", fields=("proof",), method=method)
    else:
        _must_be_given(method, proof, given)


def _must_be_open(office: OfficeRules, method: ServiceMethod) -> None:
    if method is ServiceMethod.CHAT and not office.serve_in_chat:
        raise GuardFailed("chat_is_no_service")
    if method.is_electronic and not office.reconsideration_online:
        text_id = (
            "chat_needs_online_remedy" if method is ServiceMethod.CHAT else "electronic_needs_online_remedy"
        )
        raise GuardFailed(text_id, method=method)


def _must_be_given(method: ServiceMethod, proof: str, given: str) -> None:
    """Electronic service goes to an address of the applicant's own choosing, to no other."""
    said, known = (unicodedata.normalize("NFKC", text).casefold() for text in (proof, given))
    if method is ServiceMethod.EMAIL:
        is_given = bool(set(_EMAIL.findall(said)) & set(_EMAIL.findall(known)))
    else:
        digits = re.sub(r"\D", "", said)
        is_given = len(digits) >= _LEAST_DIGITS and digits in re.sub(r"[\s\-()转]", "", known)
    if not is_given:
        raise GuardFailed("address_was_not_given", method=method)
