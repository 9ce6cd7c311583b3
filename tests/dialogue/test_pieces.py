"""Small pieces of the dialogue on their own: pages, publications, rules, refusals."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from bot.desk.errors import DeskError, GuardFailed, MissingFields
from bot.desk.model import Outcome
from bot.dialogue.admin.publications import entry_of
from bot.dialogue.progress import shortened
from bot.dialogue.refusals import refusal
from bot.dialogue.showing import PAGE, pages
from bot.dialogue.staff.situations import SITUATIONS, outcome_of, outcomes_of
from bot.dialogue.understanding.intents import IntentKind, intent_of, read_rules
from bot.dialogue.understanding.rulebook import FILE, Rulebook
from bot.dialogue.voice import Voice
from bot.messages import Address, Language
from knowledge.entry import Citation, Entry, EntryKind
from knowledge.sources import DEFAULTS
from tests.dialogue.stage import WORDS

VOICE = Voice(WORDS, Address("telegram", "1"), Language.SIMPLIFIED)


def entry(text: str) -> Entry:
    return Entry("x", "x", EntryKind.ITEM, "x", text, Citation("x"))


@given(st.text(alphabet="公开信息。\n？ab", max_size=3000))
def test_pages_lose_nothing(text: str) -> None:
    """The pages together are the text, none longer than a screen."""
    cut = pages(entry(text))
    assert "".join("".join(cut).split()) == "".join(text.split())
    assert all(len(page) <= PAGE for page in cut)


@given(st.text(max_size=100), st.integers(2, 30))
def test_shortened_is_one_line(text: str, most: int) -> None:
    """At most so many characters, on one line."""
    short = shortened(text, most)
    assert len(short) <= most
    assert "\n" not in short


def test_publication_becomes_an_entry() -> None:
    """What the desk publishes is an entry with its source, number and day."""
    made = entry_of(
        {
            "number": "2026-0001",
            "title": "村口桥",
            "question": "桥花了多少钱",
            "text": "38万元。",
            "publisher": "洲上乡人民政府",
            "published_on": "2026-11-24",
            "approved_by": "telegram:1",
        },
        WORDS,
    )
    assert (made.entry_id, made.kind) == ("reply:2026-0001", EntryKind.PUBLISHED_REPLY)
    assert str(made.citation) == "依申请公开答复（2026-0001），洲上乡人民政府，2026年11月24日"
    assert made.phrasings == ("桥花了多少钱",)


def test_broken_rules_leave_the_last_good_ones(tmp_path: Path) -> None:
    """An admin's slip in intents.yaml takes nothing away; a good edit is used at once."""
    path = tmp_path / FILE
    shutil.copy(DEFAULTS / FILE, path)
    book = Rulebook(tmp_path)
    path.write_text("rules: [{", encoding="utf-8")
    os.utime(path, ns=(1, 1))
    assert book.rules == read_rules(DEFAULTS / FILE)
    shutil.copy(DEFAULTS / FILE, path)
    os.utime(path, ns=(2, 2))
    good = book.rules
    path.write_text("rules: [{", encoding="utf-8")
    os.utime(path, ns=(3, 3))
    found = intent_of("你好", book.rules)
    assert book.rules is good
    assert found is not None
    assert found.kind is IntentKind.GREETING


def test_without_a_file_the_embedded_rules_hold(tmp_path: Path) -> None:
    """Somebody in danger is told whom to call, also where the office has no rules of its own."""
    found = intent_of("老人晕倒了", Rulebook(tmp_path).rules)
    assert found is not None
    assert found.kind is IntentKind.EMERGENCY


def test_refusals_in_words() -> None:
    """A known refusal has its sentence with the facts in it, an unknown one a plain one."""
    known = refusal(VOICE, GuardFailed("outcome_needs_searched", outcome="D1", article="36(4)"))
    assert known.event == "refused_outcome_needs_searched"
    listed = refusal(VOICE, MissingFields("reply_elements_missing", elements=("agency", "text")))
    assert "agency、text" in listed.text
    assert refusal(VOICE, DeskError("something_new", event="x")).event == "refused"
    assert refusal(VOICE, DeskError("late_reply")).event == "refused"


def test_every_outcome_is_reachable() -> None:
    """Each reply of Table 3 can be chosen, and no ending without a reply."""
    reachable = {outcome for situation in SITUATIONS for outcome in outcomes_of(situation)}
    assert reachable == {outcome for outcome in Outcome if outcome.is_reply}
    assert outcome_of("F1") is None
    assert outcome_of("Z9") is None
