"""The sentences: complete in each language, used, and filled with what they ask for."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
import yaml
from opencc import OpenCC

from bot.desk.annual_report.checking.finding import RULES
from bot.desk.kinds import FILE_KINDS, RecordCorrectionStatus
from bot.desk.late_entry import ENTERED_LATE
from bot.desk.masking import DataKind
from bot.desk.model import ApplicantKind, DeliveryForm, EventKind, InquiryStatus, ServiceMethod, Status
from bot.desk.outcomes import Outcome
from bot.desk.remedies import REMEDIES
from bot.dialogue import words as words_module
from bot.dialogue.admin.examination import Change
from bot.dialogue.admin.learning import NO_ANSWER
from bot.dialogue.resident.filing import form
from bot.dialogue.resident.filing.submitting import EDITABLE
from bot.dialogue.routing.pressing import staff_acts
from bot.dialogue.staff.actions import actions_of
from bot.dialogue.staff.forms import ABOUT_REQUESTS, FORMS
from bot.dialogue.staff.hindrances import when
from bot.dialogue.staff.situations import SITUATIONS
from bot.dialogue.understanding.intents import IntentKind
from bot.dialogue.words import FOLDER, Words, WordsError, placeholders
from bot.messages import Attachment, Language, Trouble
from knowledge.entry import Missing
from tests.dialogue.stage import WORDS

QUESTIONS = [question for form in FORMS.values() for question in form.questions]
BOT = Path(words_module.__file__).parents[1]
SCREEN = 420  # characters of Chinese that fit a phone's screen

# What an f-string in the code may become: its text up to the first brace -> the values.
_VARIANTS: dict[str, tuple[str, ...]] = {
    "attachment_": tuple(Attachment),
    "attached_trouble_": tuple(Trouble),
    "attached_kind_": FILE_KINDS,
    "missing_": tuple(Missing),
    "smalltalk_": tuple(
        kind.value
        for kind in (
            IntentKind.GREETING,
            IntentKind.THANKS,
            IntentKind.FAREWELL,
            IntentKind.INSULT,
            IntentKind.CHAT,
        )
    ),
    "kind_": tuple(kind.name.lower() for kind in ApplicantKind),
    "form_": tuple(DeliveryForm),
    "way_": tuple(way for ways in form.WAYS.values() for way in ways),
    "edit_": tuple(name for names in EDITABLE.values() for name in names),
    "line_": (
        "guardian",
        "representative",
        "way",
        *(name for names in EDITABLE.values() for name in names),
    ),
    "record_status_": tuple(RecordCorrectionStatus),
    "status_": tuple(Status),
    "next_": tuple(Status),
    "reply_waits_": ("submitted", "correction_asked", "fee_noticed", "reasons_asked"),
    "when_": (
        "of_requests",
        *{
            name
            for action in actions_of(WORDS, staff_acts(), ABOUT_REQUESTS)
            if WORDS.knows(f"when_{(name := when(action))}")
        },
    ),
    "inquiry_status_": tuple(InquiryStatus),
    "method_": tuple(method for method in ServiceMethod if method is not ServiceMethod.CHAT),
    "situation_": tuple(SITUATIONS),
    "outcome_": tuple(outcome.code for outcome in Outcome if outcome.code[0] in "CDE"),
    "role_": ("staff", "leader", "admin"),
    "button_code_": ("staff", "leader", "admin"),
    "serve_": ("chat", "by_hand", "post", "email"),
    "language_": ("simplified", "traditional", "english"),
    "masked_": tuple(DataKind),
    "event_": tuple(
        kind
        for kind in EventKind
        if not kind.value.startswith(("inquiry_", "role_", "data_", "chain_", "record_correct"))
    ),
    "field_": ("places", "result"),
    "reply_choice_": ("withheld", "disclosed", "nobody"),
    "step_": tuple(FORMS),
    "late_": ENTERED_LATE,
    "record_": tuple(question.name for question in QUESTIONS if question.worded is None)
    + tuple(f"{status}_told" for status in ("corrected", "transferred", "referred", "declined")),
    "record_service_proof_": ("by_hand", "entrusted", "post", "email", "fax"),
    "recorded_": tuple(question.name for question in QUESTIONS),
    "choice_": tuple(value for question in QUESTIONS for value in question.choices),
    "picture_": ("title", "answered", "suggested", "unknown", "per_day", "missed"),
    "button_no_answer_": NO_ANSWER,
    "exam_": tuple(Change),
    "exam_count_": tuple(Change),
    "remind_": (
        "unconfirmed",
        "uncorrected",
        "silent_party",
        "silent_agency",
        "unpaid",
        "soon",
        "today",
        "late",
    ),
    "lint_": tuple(f"{rule}{end}" for rule in RULES for end in ("", "_expected")),
    "id_wrong_": ("empty", "length", "characters", "region", "birthday", "checksum"),
    "code_wrong_": ("empty", "length", "characters", "checksum"),
    "remedy_hint_": REMEDIES,
    "capacity_": form.CAPACITIES,
    "acting_": form.CAPACITIES,
    "paper_to_show_": form.CAPACITIES,
    "reply_remedy_": ("either", "yes", "for_the_rest"),
    "plain_": tuple(outcome.code for outcome in Outcome),
    "asked_": ("agency", "title", "year"),
}
# Written as f-strings with the variable part first, or looked up only when the words know them.
_FOR_STAFF = "_for_staff"  # looked up beside the sentence that residents read
_LOOKED_UP = ("told_", "refused_", "said_", "staff_status_")


def _strings() -> set[str]:
    found: set[str] = set()
    files = list(BOT.rglob("*.py"))
    assert len(files) > 30
    for file in files:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.add(node.value)
    return found


def _variants() -> set[str]:
    return {f"{prefix}{value}" for prefix, values in _VARIANTS.items() for value in values}


def _texts(language: Language) -> dict[str, str]:
    loaded = yaml.safe_load((FOLDER / f"{language.value}.yaml").read_text(encoding="utf-8"))
    assert isinstance(loaded, dict)
    return loaded


def test_languages_are_complete() -> None:
    """English has a sentence for every event, and none of its own."""
    assert set(_texts(Language.ENGLISH)) == set(_texts(Language.SIMPLIFIED))


def test_languages_ask_for_the_same() -> None:
    """A translation has exactly the placeholders of the original."""
    chinese, english = _texts(Language.SIMPLIFIED), _texts(Language.ENGLISH)
    assert {event: placeholders(text) for event, text in english.items()} == {
        event: placeholders(text) for event, text in chinese.items()
    }


def test_every_event_is_used() -> None:
    """No sentence lies in the files that nobody says."""
    used = _strings() | _variants()
    unused = {
        event
        for event in WORDS.events
        if event not in used
        and not event.startswith(_LOOKED_UP)
        and event.removesuffix(_FOR_STAFF) not in used
    }
    assert unused == set()


def test_variants_exist() -> None:
    """Every value that an f-string may take has its sentence."""
    assert _variants() - WORDS.events == set()


def test_events_in_code_exist() -> None:
    """Every event named in a call of the dialogue has a sentence."""
    named: set[str] = set()
    pattern = re.compile(r'\b(?:message|word|small|button|_choice|_typed)\(\s*(?:visit,\s*)?"([a-z_0-9]+)"')
    for file in BOT.rglob("*.py"):
        named |= set(pattern.findall(file.read_text(encoding="utf-8")))
    assert len(named) > 150
    assert named - WORDS.events == set()


def test_short_enough_for_a_phone() -> None:
    """No sentence is longer than a screen."""
    long = {event: len(text) for event, text in _texts(Language.SIMPLIFIED).items() if len(text) > SCREEN}
    assert long == {}


def test_no_word_of_old_forms() -> None:
    """受理 is no state of the law any more, and nobody is asked for 用途."""
    for event, text in _texts(Language.SIMPLIFIED).items():
        assert "受理" not in text, event
        assert not re.search(r"(请|要)(写|填|说明)[^。]*用途", text) or "不" in text, event


def test_traditional_is_derived() -> None:
    """Traditional words are the simplified ones in other characters, placeholders untouched."""
    text = WORDS.say("request_line", Language.TRADITIONAL, number="2026-0001", about="乡里", status="办")
    assert text == "2026-0001 乡里：办"
    assert WORDS.say("button_file", Language.TRADITIONAL) == "申請公開"


def test_traditional_has_no_simplified_left() -> None:
    """Converting the traditional words once more changes nothing."""
    convert = OpenCC("s2tw").convert
    for event in WORDS.events:
        text = WORDS._texts[Language.TRADITIONAL][event]
        assert convert(text) == text


def test_broken_file_is_named(tmp_path: Path) -> None:
    """A file of words that cannot be read is named in the error."""
    (tmp_path / "zh-Hans.yaml").write_text("welcome: [1]\n", encoding="utf-8")
    with pytest.raises(WordsError, match=r"zh-Hans\.yaml"):
        Words.load(tmp_path)
