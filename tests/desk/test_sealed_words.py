"""What people wrote is nowhere in the clear, dies with its key, and the chain proves before and after."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection

from bot.desk import chain, data_keys, personal
from bot.desk.errors import ChainBroken, VaultError
from bot.desk.model import EventKind, Outcome, Role, ServiceMethod
from bot.desk.register import Register
from bot.desk.tables import events, letters, requests
from bot.ledger.columns import metadata
from bot.ledger.ledger import Ledger
from tests.desk.conftest import CLERK, RESIDENT, SECOND, WANG, at, attached
from tests.ledgers import ledger_url, sqlite_only, without_triggers

CONTENT = f"本人{WANG.name}（身份证{WANG.id_number}，电话{WANG.contact}）2024年的低保审批表"
NOW = at("2025-04-28")
PRIVATE = (WANG.name, WANG.id_number, WANG.contact, "低保审批表", "李三方", "不同意公开")


def whole_story(register: Register, connection: Connection, content: str = CONTENT) -> str:
    """A request with every kind of words: third party, opinion, note, search, reply, letters, review."""
    number = (
        register.session(connection, NOW, RESIDENT)
        .intake.submit(applicant=WANG, content=content, way=f"寄到{WANG.name}家")
        .number
    )
    register.session(connection, NOW, CLERK).intake.confirm_receipt(number)
    register.session(connection, NOW, CLERK).consultations.consult_third_party(number, party="李三方")
    register.session(connection, NOW, CLERK).consultations.receive_opinion(
        number, opinion="refuses", text="不同意公开"
    )
    register.session(connection, NOW, CLERK).correspondence.note(number, text=f"{WANG.name}来过电话")
    register.session(connection, NOW, CLERK).replies.record_search(
        number, places="档案室", result="有低保审批表"
    )
    fields = {"right": "个人隐私", "ground": f"涉及李三方的隐私，{WANG.name}无权查阅"}
    outcome = Outcome.WITHHELD_THIRD_PARTY_RIGHTS
    register.session(connection, NOW, CLERK).replies.draft(
        number, outcome=outcome, text=content, fields=fields
    )
    register.session(connection, NOW, SECOND).replies.review(number)
    register.session(connection, NOW, CLERK).replies.serve(
        number, method=ServiceMethod.BY_HAND, proof=WANG.name
    )
    register.session(connection, NOW).letters.keep(
        number, kind="reply", filename="答复.docx", content=content.encode()
    )
    return number


def stored(connection: Connection) -> str:
    """Every value of every table, as text."""
    found = []
    for table in metadata.sorted_tables:
        for row in connection.execute(sa.text(f'SELECT * FROM "{table.name}"')):
            found += [bytes(v).decode("utf-8", "ignore") if isinstance(v, bytes) else str(v) for v in row]
    return "\n".join(found)


def test_no_word_lies_in_the_clear(register: Register, connection: Connection) -> None:
    """No column of any table holds what was written, by whomever; and all of it can be read with the key."""
    number = whole_story(register, connection)
    clear = stored(connection)
    assert [word for word in PRIVATE if word in clear] == []
    found = register.session(connection).requests.get(number)
    assert (found.content, found.way) == (CONTENT, f"寄到{WANG.name}家")
    assert found.reply is not None
    assert (found.reply.text, "李三方" in found.reply.fields["ground"]) == (CONTENT, True)
    assert register.session(connection).letters.of(number)[-1].content.decode() == CONTENT
    assert register.session(connection).requests.search("低保审批表") == [found]
    register.session(connection).requests.verify()


def test_erasing_the_key_erases_the_words(register: Register, connection: Connection) -> None:
    """Nothing brings them back; status and days stay, and the chain proves; also after a late review."""
    number = whole_story(register, connection)
    before = register.session(connection).requests.get(number)
    register.session(connection, NOW).privacy.erase_identity(number)
    after = register.session(connection).requests.get(number)
    assert (after.content, after.original_content, after.way) == ("", "", "")
    assert after.reply is not None
    assert (after.reply.text, after.reply.fields, after.reply.outcome) == ("", {}, before.outcome)
    assert (after.status, after.due_on, after.ended_on) == (before.status, before.due_on, before.ended_on)
    told = {
        value
        for event in register.session(connection).requests.history(number)
        for value in event.data.values()
    }
    assert not any(word in str(value) for value in told for word in PRIVATE)
    assert register.session(connection).letters.of(number) == []
    register.session(connection).requests.verify()
    register.session(connection, NOW, CLERK).remedies.record(number, remedy="reconsideration")
    register.session(connection, NOW, CLERK).remedies.record(
        number, remedy="reconsideration", result="upheld", document_number="清政复决〔2026〕3号"
    )
    register.session(connection, NOW, CLERK).replies.archive(number)
    assert register.session(connection).requests.get(number).content == ""
    register.session(connection).requests.verify()


def test_a_field_nobody_declared_is_sealed(connection: Connection) -> None:
    """A new act of somebody who has never heard of this file is on the safe side."""
    data: dict[str, object] = {"newly_invented": "王小明的低保", "many": ["王小明"], "on": "2025-04-28"}
    data |= {"count": 3, "reasonable": "yes"}
    public, private = personal.divide(EventKind.REASONS_RECEIVED, data)
    assert (sorted(public), sorted(private)) == (["count", "on", "reasonable"], ["many", "newly_invented"])
    kind = EventKind.NOTED
    chain.append(
        connection, subject="2025-0009", kind=kind, at=NOW, on=NOW.date(), actor=CLERK, role=Role.OFFICER,
        data=data,
    )  # fmt: skip
    assert "王小明" not in stored(connection)
    (event,) = chain.events_of(connection, "2025-0009")
    assert event.data == data


def test_nobody_can_guess_what_the_chain_proves(connection: Connection) -> None:
    """The same words twice give two commitments, none of them their plain hash: who holds a copy of the
    chain cannot try names against it."""
    append = partial(chain.append, connection, kind=EventKind.NOTED, at=NOW, on=NOW.date(), actor=CLERK)
    for subject in ("2025-0008", "2025-0009"):
        append(subject=subject, role=Role.OFFICER, data={"text": WANG.name})
    kept = connection.scalars(sa.select(events.c.data)).all()
    commitments = [data[personal.COMMITMENT] for data in kept]
    assert len(set(commitments)) == 2
    salts = [json.loads(personal.salted({"text": WANG.name}))["salt"] for _ in range(2)]
    assert salts[0] != salts[1]
    assert min(map(len, salts)) == 64  # 32 bytes


def test_changed_words_are_noticed(register: Register, connection: Connection, received: str) -> None:
    """The chain proves what was written: other words, sealed with the right key, do not fit."""
    register.session(connection).requests.verify()
    forged = data_keys.seal_text(connection, received, personal.salted({"content": "别的", "way": ""}))
    without_triggers(connection)
    connection.execute(events.update().where(events.c.ordinal == 1).values(words=forged))
    assert chain.verify(connection) == 2
    with pytest.raises(ChainBroken, match="chain_words_changed"):
        register.session(connection).requests.verify()


def test_a_key_that_vanishes_is_noticed(register: Register, connection: Connection, received: str) -> None:
    """Erased without a record: somebody took the words away."""
    data_keys.erase(connection, received)
    with pytest.raises(ChainBroken, match="chain_words_changed"):
        register.session(connection).requests.verify()


def test_changed_content_of_a_row_is_noticed(
    register: Register, connection: Connection, received: str
) -> None:
    """What lists show follows from the events."""
    sealed = data_keys.seal_text(connection, received, '{"content": "别的"}')
    connection.execute(requests.update().values(words=sealed))
    with pytest.raises(ChainBroken) as caught:
        register.session(connection).requests.verify()
    assert caught.value.facts["columns"] == ("words",)


def test_without_a_key_nothing_is_written(tmp_path: Path, register: Register) -> None:
    """A ledger that nobody attached a key to refuses rather than storing words in the clear."""
    with (
        Ledger.open(ledger_url(tmp_path / "other")) as other,
        other.transaction() as connection,
        pytest.raises(VaultError, match="vault_not_attached"),
    ):
        whole_story(register, connection)


def test_words_do_not_open_elsewhere(connection: Connection) -> None:
    """Sealed for one request, moved to another: refused."""
    sealed = data_keys.seal_text(connection, "2025-0001", "低保")
    data_keys.seal_text(connection, "2025-0002", "别的")
    with pytest.raises(VaultError):
        data_keys.unseal_text(connection, "2025-0002", sealed)
    assert data_keys.unseal_text(connection, "2025-0001", sealed) == "低保"


def test_rolled_back_keys_are_never_used(ledger: Ledger) -> None:
    """The first words of a request die with their transaction; the next ones get a key that is stored."""
    with ledger.reading() as connection:  # what is written in it is rolled back
        assert data_keys.seal_text(connection, "2025-0001", "低保")
    with ledger.transaction() as connection:
        sealed = data_keys.seal_text(connection, "2025-0001", "低保")
    with ledger.reading() as connection:
        assert data_keys.unseal_text(connection, "2025-0001", sealed) == "低保"


@sqlite_only
def test_erased_leaves_no_trace_on_the_disk(tmp_path: Path, register: Register) -> None:
    """Not even the wrapped key: file and log are overwritten."""
    path = tmp_path / "own" / "ledger.db"
    with attached(path) as ledger:
        with ledger.transaction() as connection:
            number = whole_story(register, connection)
            wrapped = connection.exec_driver_sql("SELECT wrapped FROM data_keys WHERE subject = ?", (number,))
            key = wrapped.scalar_one().encode()
        with ledger.transaction() as connection:
            register.session(connection, NOW).privacy.erase_identity(number)
            assert connection.execute(sa.select(letters.c.id)).all() == []
        assert ledger.truncate_log()
        files = b"".join(file.read_bytes() for file in path.parent.iterdir())
        assert key not in files
        assert [word for word in PRIVATE if word.encode() in files] == []
