"""What each step of the form makes of an answer that was typed.

A function takes the visit and the text and gives back "" when the answer is written into the draft, else the
name of the sentence that says kindly what is wrong, with its values.  Nobody is turned away here: whoever has
no number of the usual kind may give another proof, whoever wants to file vague words may, and whoever says
the same once more (or presses 就这样写) is taken at his word: the office looks at it anyway.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from bot.desk.applicants import Person, is_child
from bot.desk.identity import credit_code_problem, document_problem, id_number_problem, normal_id
from bot.desk.model import DeliveryForm
from bot.dialogue.choosing import choice_in
from bot.dialogue.resident.filing import form
from bot.dialogue.resident.filing.contact import read_contact
from bot.dialogue.resident.filing.form import is_organisation, record, record_contact
from bot.dialogue.visit import Visit

_IN_LINES = ("wanted", "wrong", "evidence", "others")  # may have several lines
LONGEST_WHOLE = 8000  # characters that are kept below a sentence that says what is wanted
LONGEST_WANTED = 2000  # characters; what does not fit a message cannot be read back
_LONGEST_NAME = 60
_SHORTEST_DOCUMENT = 5
_LONGEST_SHORT_NAME = 4
_QUESTION = re.compile(r"怎么|什么|多少|多久|几时|哪|吗$|呢$|为啥|申请|进度|撤回")  # asked, not named
_SEVERAL = re.compile(
    r"\w\s*[、，,;；/]\s*\w"
)  # 张三、李四: one number proves one of them; 欧阳·买买提 is one name
_FOR_OTHER = re.compile(r"孙|儿子|女儿|孩子|小孩|老伴|邻居|替|帮(?!我(?:申请|填|写|查|弄|办|一下))|代(?!表)")
_TOGETHER = re.compile(r"一起|一同|一块|[两三四五六几]个人|我们几")
_LONGEST_OTHERS = 2000  # characters
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
    is_final: bool = False  # insisting does not help: nothing was said, or a button is to be pressed
    values: Mapping[str, object] = field(default_factory=dict)


FINE = Remark()


def take(visit: Visit, name: str, text: str) -> Remark:
    """Write the answer to a step down, or say what is wrong with it."""
    text = " ".join(text.split()) if name not in _IN_LINES else text.strip()
    remark = _TAKERS[name](visit, text)
    if not remark.event or remark.is_final:
        return remark
    if not form.doubt(visit.memory.draft, name, text) or _is_question(text):
        return remark
    form.record_as_written(visit.memory.draft, name, text)
    if name == "id_number":
        visit.memory.draft["child"] = "yes" if is_child(text, visit.today) else ""
    return FINE


def _is_question(text: str) -> bool:
    """Something asked in the middle of the form; 哪吒 is a name."""
    return len(text) > _LONGEST_SHORT_NAME and bool(_QUESTION.search(text))


def _choose(visit: Visit, text: str) -> Remark:
    """These steps are answered by a button; a label or number that was typed has become one by now."""
    return Remark("please_choose", is_final=True)


def _form(visit: Visit, text: str) -> Remark:
    """A button answers it; its label or number has become one by now, 纸质 or 邮寄 are left."""
    kinds = [(kind.value, visit.voice.word(f"form_{kind.value}")) for kind in form.WAYS]
    kind, way = choice_in(text, kinds), ""
    if not kind:
        kind, _, way = choice_in(text, _ways(visit, *form.WAYS)).partition(" ")
    return _chosen(visit, form=kind, way=way)


def _way(visit: Visit, text: str) -> Remark:
    chosen = choice_in(text, _ways(visit, DeliveryForm(visit.memory.draft["form"])))
    return _chosen(visit, way=chosen.partition(" ")[2])


def _ways(visit: Visit, *kinds: DeliveryForm) -> list[tuple[str, str]]:
    """The ways of these forms as ("paper post", its label)."""
    return [
        (f"{kind.value} {way}", visit.voice.word(f"way_{way}")) for kind in kinds for way in form.WAYS[kind]
    ]


def _chosen(visit: Visit, **answers: str) -> Remark:
    given = {name: value for name, value in answers.items() if value}
    for name, value in given.items():
        record(visit.memory.draft, name, value)
    return FINE if given else Remark("please_choose", is_final=True)


def for_whom(draft: dict[str, str], name: str, text: str) -> str:
    """What is said when the first step is answered with whom it is for (替我妈申请, 和邻居一起), else "".

    It is noted in the draft, and the questions that follow are about them.  In the form without identity a
    contact is read first: 帮忙打 13800138000 is one.
    """
    if name not in ("kind", "contact") or (name == "contact" and not _is_no_contact(draft, text)):
        return ""
    if _TOGETHER.search(text):
        if not form.is_without_identity(draft):
            draft[form.TOGETHER] = "yes"
        return "together_later" if form.is_without_identity(draft) else "together_noted"
    if not _FOR_OTHER.search(text):
        return ""
    draft[form.FOR_OTHER] = "yes"
    return "for_other_noted"


def _is_no_contact(draft: form.Draft, text: str) -> bool:
    return form.is_without_identity(draft) and bool(read_contact(text).problem)


def _name(visit: Visit, text: str) -> Remark:
    if is_organisation(visit.memory.draft):
        if not 3 <= len(text) <= _LONGEST_NAME:
            return Remark("organisation_name_unclear")
    elif _SEVERAL.search(text):
        visit.memory.draft[form.TOGETHER] = "yes"  # the others are asked for after this one
        return Remark("name_of_several")
    elif not _looks_like_a_name(text):
        return Remark("name_unclear")
    record(visit.memory.draft, "name", text)
    return FINE


def _looks_like_a_name(text: str) -> bool:
    # Characters that Unicode does not have yet are in the private use area of who writes them.
    letters = sum(unicodedata.category(character)[0] in "LM" or _is_rare(character) for character in text)
    return (
        2 <= len(text) <= _LONGEST_NAME
        and letters >= 2
        and not (re.search(r"[\d@?？!！。]", text) or _QUESTION.search(text))
    )


def _is_rare(character: str) -> bool:
    return unicodedata.category(character) in ("Co", "Cn")


def _name_of_person(field: str) -> Callable[[Visit, str], Remark]:
    """The name of who acts for the applicant."""

    def take(visit: Visit, text: str) -> Remark:
        if not _looks_like_a_name(text):
            return Remark("name_unclear")
        record(visit.memory.draft, field, text)
        return FINE

    return take


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
        return Remark(f"{kind}_wrong_{problem.value}", values={"found": len(normal_id(text))})
    record(draft, "id_number", normal_id(text))
    draft["child"] = "yes" if kind == "id" and is_child(text, visit.today) else ""
    return FINE


def _others(visit: Visit, text: str) -> Remark:
    """One a line, each with name and number; whoever has not got them leaves it to the office."""
    if len(text) > _LONGEST_OTHERS:
        return Remark("wanted_too_long", True, {"most": _LONGEST_OTHERS, "found": len(text)})
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    for line in lines:
        person = Person.from_line(line)
        if not (person.name and person.id_number):
            return Remark("others_unclear", True, {"line": line})
        problem = document_problem(person.id_number, is_organisation=False, today=visit.today)[1]
        if problem is not None:
            return Remark(f"id_wrong_{problem.value}", True, {"found": len(normal_id(person.id_number))})
    record(visit.memory.draft, "others", "\n".join(lines))
    return FINE


def _number_of_person(field: str) -> Callable[[Visit, str], Remark]:
    """The identity number of who acts for the applicant."""

    def take(visit: Visit, text: str) -> Remark:
        return _person_id(visit, field, text)

    return take


def _person_id(visit: Visit, field: str, text: str) -> Remark:
    number, problem = document_problem(text, is_organisation=False, today=visit.today)
    if problem is not None:
        return Remark(f"id_wrong_{problem.value}", values={"found": len(number)})
    if len(number) < _SHORTEST_DOCUMENT or not re.search(r"\d", number):  # 没有监护人 is no document
        return Remark("document_unclear")
    record(visit.memory.draft, field, number)
    return FINE


def _other_document(visit: Visit, text: str) -> Remark:
    """The law asks for a proof of identity, not for one certain card: a passport or a permit will do."""
    document = unicodedata.normalize("NFKC", text)
    if not _SHORTEST_DOCUMENT <= len(document) <= _LONGEST_NAME or not re.search(r"\d", document):
        return Remark("document_unclear")
    record(visit.memory.draft, "id_number", document)
    visit.memory.draft["child"] = ""
    return FINE


def _contact(visit: Visit, text: str) -> Remark:
    contact = read_contact(text)
    if contact.problem:
        return Remark(contact.problem, values={"found": contact.found})
    record_contact(visit.memory.draft, contact)
    return FINE


def _wanted(visit: Visit, text: str) -> Remark:
    if len(text) > LONGEST_WANTED:
        visit.memory.draft["whole"] = text[:LONGEST_WHOLE]
        return Remark("wanted_in_a_sentence", True, {"most": LONGEST_WANTED, "found": len(text)})
    if _NOTHING_SEARCHABLE.fullmatch(text):
        return Remark("wanted_unreadable", is_final=not text)
    whole = visit.memory.draft.pop("whole", "")
    record(visit.memory.draft, "wanted", f"{text}\n{whole}" if whole else text)
    if is_vague(text):
        # It is kept, and one press files it as it is: the law lets the office ask back (art. 30), not us.
        del visit.memory.draft["wanted_seen"]
        return Remark("wanted_vague", is_final=True)  # 就是这个 takes it
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
            return Remark("record_text_length", values={"least": least, "most": most})
        record(visit.memory.draft, name, text)
        return FINE

    return take


_TAKERS: dict[str, Callable[[Visit, str], Remark]] = {
    "kind": _choose,
    "name": _name,
    "id_number": _id_number,
    "guardian_name": _name_of_person("guardian_name"),
    "guardian_id": _number_of_person("guardian_id"),
    "representative": _name_of_person("representative"),
    "capacity": _choose,
    "agent_name": _name_of_person("agent_name"),
    "agent_id": _number_of_person("agent_id"),
    "others": _others,
    "contact": _contact,
    "wanted": _wanted,
    "form": _form,
    "way": _way,
    "post_address": _post_address,
    "email_address": _email_address,
    "record": _about_the_record("record", 2, 100),
    "wrong": _about_the_record("wrong", 4, 1000),
    "evidence": _about_the_record("evidence", 2, 500),
}
