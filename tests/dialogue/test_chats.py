"""What is remembered of a chat: sealed, robust against other versions, one row a member in a group."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from cryptography.fernet import Fernet
from hypothesis import given
from hypothesis import strategies as st

from bot.desk.vault import Vault
from bot.dialogue import chats, tables
from bot.dialogue.language import language_of_message
from bot.dialogue.memory import KEPT_QUESTIONS, Memory
from bot.messages import Address, Incoming, Language
from tests.dialogue.stage import GROUP, LI, WANG, WORDS, Stage

NOW = datetime(2026, 11, 24, tzinfo=UTC)
PERSON = Address("telegram", "42")
WRITTEN = Incoming(address=PERSON, person=PERSON, at=NOW, text="x")


def test_round_trip(stage: Stage) -> None:
    """What is saved is loaded again, with the time of the message before."""
    memory = Memory(language="en", step="filing.name", draft={"kind": "NP"}, questions=[(1, "桥")])
    vault = stage.register.vault
    with stage.ledger.transaction() as connection:
        chats.save(connection, WRITTEN, memory, NOW, vault)
        loaded = chats.load(connection, WRITTEN, vault)
    memory.at = NOW
    assert loaded == memory


def test_dropped_key_loses_the_form_not_the_person(stage: Stage) -> None:
    """Where no key fits any more the chat begins anew, in its language."""
    memory = Memory(language="en", language_chosen=True, step="filing.name")
    with stage.ledger.transaction() as connection:
        chats.save(connection, WRITTEN, memory, NOW, stage.register.vault)
        loaded = chats.load(connection, WRITTEN, Vault([Fernet.generate_key().decode()]))
    assert loaded == Memory(language="en", language_chosen=True, at=NOW)


def test_other_versions_are_read() -> None:
    """A field that a newer program wrote is ignored, one that an older one did not know is empty."""
    assert Memory.from_json({"step": "filing.name", "invented_later": 1}) == Memory(step="filing.name")


def test_few_questions_are_kept() -> None:
    """Only the last questions are remembered."""
    memory = Memory()
    for number in range(20):
        memory.remember_question(number, str(number))
    assert [number for number, _ in memory.questions] == list(range(20 - KEPT_QUESTIONS, 20))


def test_language_of_another_chat(stage: Stage) -> None:
    """A message on the bot's own account is in the language that the chat uses."""
    stage.says(WANG, "這個橋加固花了多少錢")
    with stage.ledger.reading() as connection:
        assert chats.voice_of(WORDS, connection, PERSON).language is Language.TRADITIONAL
        assert chats.voice_of(WORDS, connection, Address.parse(LI)).language is Language.SIMPLIFIED


def test_people_are_known_from_private_chats(stage: Stage) -> None:
    """Who wrote alone is known with an address; a group is nobody's."""
    stage.says(WANG, "你好")
    stage.in_group(LI, "你好")
    with stage.ledger.reading() as connection:
        people = connection.execute(sa.select(tables.people.c.person, tables.people.c.address)).all()
        rows = connection.execute(sa.select(tables.conversations.c.address)).scalars().all()
    assert [tuple(row) for row in people] == [(WANG, WANG)]
    assert sorted(rows) == sorted([WANG, f"{GROUP}/{LI}"])


@pytest.mark.parametrize(
    ("text", "tag", "before", "expected"),
    [
        ("桥花了多少钱", "", "", Language.SIMPLIFIED),
        ("橋花了多少錢", "", "", Language.TRADITIONAL),
        ("橋花了多少錢", "en", "en", Language.TRADITIONAL),
        ("低保", "", "", Language.SIMPLIFIED),
        ("低保", "zh-hant", "", Language.TRADITIONAL),
        ("低保", "zh-TW", "", Language.TRADITIONAL),
        ("低保", "en", "", Language.SIMPLIFIED),
        ("dibao", "en-US", "", Language.ENGLISH),
        ("dibao", "", "", Language.SIMPLIFIED),
        ("dibao", "en", "zh-Hans", Language.SIMPLIFIED),
        ("/start", "en", "", Language.ENGLISH),
        ("", "zh-hans", "zh-Hant", Language.TRADITIONAL),
    ],
)
def test_language_of_a_message(text: str, tag: str, before: str, expected: Language) -> None:
    """Script first, then the channel's tag, then what was spoken before."""
    incoming = Incoming(address=PERSON, person=PERSON, at=NOW, text=text, language=tag)
    assert language_of_message(incoming, Memory(language=before)) is expected


@given(st.text(max_size=50), st.sampled_from(["", "en", "zh", "xx"]), st.sampled_from(list(Language)))
def test_chosen_language_wins(text: str, tag: str, chosen: Language) -> None:
    """Whatever is typed, a chosen language stays."""
    incoming = Incoming(address=PERSON, person=PERSON, at=NOW, text=text, language=tag)
    memory = Memory(language=chosen.value, language_chosen=True)
    assert language_of_message(incoming, memory) is chosen
