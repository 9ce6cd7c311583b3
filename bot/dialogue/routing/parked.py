"""A text that belongs to a form that lies half filled: an id number, a telephone, 改证件, 确认提交.

Searched, it would find nothing and stay in the statistics; prefilled, somebody's id number would be what he
wants to know.  So it is asked whether the form goes on; the two buttons for that stand under every message.
Where no form is open, the ways to one are offered, and the number is kept nowhere.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from bot.desk.identity import id_number_problem, take_phones
from bot.dialogue.payload import Act
from bot.dialogue.picking import is_said_for
from bot.dialogue.resident import my_requests
from bot.dialogue.resident.filing import form
from bot.dialogue.resident.filing import request as filing
from bot.dialogue.visit import Visit, turn
from bot.messages import Turn

_AN_ID_NUMBER = re.compile(r"[\dXx*\s-]{12,24}|[A-Za-z]{1,2}\d{6,9}")  # or a passport's, even a wrong one
_NAMED = re.compile(r"^\D{0,4}(?:身份证|证件|护照)(?:号码?)?\D{0,2}")  # 我的身份证号是
_BUTTONS = ("edit_", "button_submit", "button_make_form", "button_keep", "button_enough", "button_this_is_it")
_OTHERS = (
    "button_back",
    "button_as_written",
    "button_other_document",
    "kind_",
    "form_electronic",
    "form_paper",
)


def respond(visit: Visit, text: str) -> Turn | None:
    """Ask whether the form goes on; None when the text does not belong to it."""
    if not visit.memory.step:
        return _without_form(visit, text)
    if not (visit.memory.paused and filing.is_under_way(visit)):
        return None
    if not (is_identity(text, visit.today) or is_said_for(visit.services.words, text, (*_BUTTONS, *_OTHERS))):
        return None
    return ask(visit)


def holds_wanted(visit: Visit) -> bool:
    """Whether a form that lies half filled says already what is wanted: it is not written over."""
    return filing.is_under_way(visit) and bool(visit.memory.draft.get("wanted"))


def ask(visit: Visit) -> Turn:
    """接着填表吗？"""
    track = form.track_of(visit.memory.draft)
    return turn(visit.voice.message("go_on_with_form" if track == form.REQUEST else "go_on_with_record_form"))


def _without_form(visit: Visit, text: str) -> Turn | None:
    """A number that identifies or reaches somebody is no question, whether or not a form is there for it."""
    if not is_identity(text, visit.today) or my_requests.owed(visit) is not None:
        return None
    rows = [
        [visit.voice.button("button_file", Act.FILE_REQUEST, 0)],
        [visit.voice.button("button_person", Act.PERSON)],
    ]
    return turn(visit.voice.message("identity_without_form", buttons=rows))


def is_identity(text: str, today: date) -> bool:
    """Whether a text is nothing but a number that identifies or reaches somebody."""
    plain = unicodedata.normalize("NFKC", text).strip()
    phones, rest = take_phones(plain)
    if phones and len(re.sub(r"\W", "", rest)) <= 6:  # 我的电话是
        return True
    return bool(_AN_ID_NUMBER.fullmatch(_NAMED.sub("", plain))) or id_number_problem(plain, today) is None
