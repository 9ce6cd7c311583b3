"""What each step of the form makes of an answer that was typed.

A function takes the visit and the text and gives back "" when the answer is written into the draft, else the
name of the sentence that says kindly what is wrong, with its values.  Nobody is turned away here: whoever has
no number of the usual kind may give another proof, whoever wants to file vague words may.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from bot.desk.identity import credit_code_problem, id_number_problem, normal_id
from bot.dialogue.filing.contact import read_contact
from bot.dialogue.filing.form import is_organisation, record, record_contact
from bot.dialogue.visit import Visit

LONGEST_WANTED = 2000  # characters; what does not fit a message cannot be read back
_LONGEST_NAME = 60
_QUESTION = re.compile(r"怎么|什么|多少|多久|几时|哪|吗$|呢$|为啥|申请|进度|撤回")  # asked, not named
_SHORTEST_WANTED = 4
_VAGUE_WORDS = re.compile(
    r"申请|公开|想要|我想|我要|需要|查询|查看|了解|知道|一下|所有|全部|一切|有关|相关|一些|什么|那个|这个|你们|我们"
    r"|政府|乡里|村里|信息|文件|资料|材料|东西|内容|情况|事情|政策|请问|[我的要看查想是有吗呢啊吧]|\W"
)
_LEAST_MEANING = 2  # characters that are left when those words are taken away
_NOTHING_SEARCHABLE = re.compile(r"[\W\d_]*")


@dataclass(frozen=True)
class Remark:
    """The sentence that says what is wrong; an empty event means nothing is."""

    event: str = ""
    values: Mapping[str, object] = field(default_factory=dict)


FINE = Remark()


def take(visit: Visit, name: str, text: str) -> Remark:
    """Write the answer to a step down, or say what is wrong with it."""
    return _TAKERS[name](visit, " ".join(text.split()) if name != "wanted" else text.strip())


def _choose(visit: Visit, text: str) -> Remark:
    """These steps are answered by a button; a label or number that was typed has become one by now."""
    return Remark("please_choose")


def _name(visit: Visit, text: str) -> Remark:
    if is_organisation(visit.memory.draft):
        if not 3 <= len(text) <= _LONGEST_NAME:
            return Remark("organisation_name_unclear")
    elif not _looks_like_a_name(text):
        return Remark("name_unclear")
    record(visit.memory.draft, "name", text)
    return FINE


def _looks_like_a_name(text: str) -> bool:
    letters = sum(unicodedata.category(character).startswith("L") for character in text)
    return (
        2 <= len(text) <= _LONGEST_NAME
        and letters >= 2
        and not (re.search(r"[\d@?？!！。]", text) or _QUESTION.search(text))
    )


def _representative(visit: Visit, text: str) -> Remark:
    if not _looks_like_a_name(text):
        return Remark("name_unclear")
    record(visit.memory.draft, "representative", text)
    return FINE


def _id_number(visit: Visit, text: str) -> Remark:
    draft = visit.memory.draft
    if draft.get("id_other"):
        return _other_document(visit, text)
    if not re.search(r"\d", unicodedata.normalize("NFKC", text)):
        return Remark("id_number_missing")
    if is_organisation(draft):
        problem, kind = credit_code_problem(text), "code"
    else:
        problem, kind = id_number_problem(text, visit.today), "id"
    if problem is not None:
        return Remark(f"{kind}_wrong_{problem.value}", {"found": len(normal_id(text))})
    record(draft, "id_number", normal_id(text))
    return FINE


def _other_document(visit: Visit, text: str) -> Remark:
    """The law asks for a proof of identity, not for one certain card: a passport or a permit will do."""
    document = unicodedata.normalize("NFKC", text)
    if not 5 <= len(document) <= _LONGEST_NAME or not re.search(r"\d", document):
        return Remark("document_unclear")
    record(visit.memory.draft, "id_number", document)
    return FINE


def _contact(visit: Visit, text: str) -> Remark:
    contact = read_contact(text)
    if contact.problem:
        return Remark(contact.problem, {"found": contact.found})
    record_contact(visit.memory.draft, contact)
    return FINE


def _wanted(visit: Visit, text: str) -> Remark:
    if len(text) > LONGEST_WANTED:
        return Remark("wanted_too_long", {"most": LONGEST_WANTED, "found": len(text)})
    if not text or _NOTHING_SEARCHABLE.fullmatch(text):
        return Remark("wanted_unreadable")
    record(visit.memory.draft, "wanted", text)
    if is_vague(text):
        # It is kept, and one press files it as it is: the law lets the office ask back (art. 30), not us.
        del visit.memory.draft["wanted_seen"]
        return Remark("wanted_vague")
    return FINE


def is_vague(text: str) -> bool:
    """Whether nobody could search for this: a word or two, or only words like 有关文件."""
    bare = re.sub(r"\s+", "", text)
    return len(bare) < _SHORTEST_WANTED or len(_VAGUE_WORDS.sub("", bare)) < _LEAST_MEANING


def _post_address(visit: Visit, text: str) -> Remark:
    address = read_contact(text).address
    if not address:
        return Remark("post_address_unclear")
    record(visit.memory.draft, "post_address", address)
    return FINE


def _email_address(visit: Visit, text: str) -> Remark:
    email = read_contact(text).email
    if not email:
        return Remark("email_wrong")
    record(visit.memory.draft, "email_address", email)
    return FINE


def _about_the_record(name: str, least: int, most: int) -> Callable[[Visit, str], Remark]:
    """Which record, what is wrong, what shows it: free words of some length."""

    def take(visit: Visit, text: str) -> Remark:
        if not least <= len(text) <= most:
            return Remark("record_text_length", {"least": least, "most": most})
        record(visit.memory.draft, name, text)
        return FINE

    return take


_TAKERS: dict[str, Callable[[Visit, str], Remark]] = {
    "kind": _choose,
    "name": _name,
    "id_number": _id_number,
    "representative": _representative,
    "contact": _contact,
    "wanted": _wanted,
    "form": _choose,
    "way": _choose,
    "post_address": _post_address,
    "email_address": _email_address,
    "record": _about_the_record("record", 2, 100),
    "wrong": _about_the_record("wrong", 4, 1000),
    "evidence": _about_the_record("evidence", 2, 500),
}
