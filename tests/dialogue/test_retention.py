"""Data that have outlived their term are erased by the rounds: on record, once, whatever happens between."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.channels.courtesy import Courtesy
from bot.desk import chain
from bot.desk.model import EventKind
from bot.desk.tables import letters, questions, requests
from bot.dialogue.tables import conversations
from bot.jobs import retention
from bot.mailbox.inbox import Arrival, Inbox
from bot.mailbox.outbox import Outbox, enqueue
from bot.mailbox.payload import incoming_to_json
from bot.mailbox.tables import outbox, updates
from bot.messages import Address, Attachment, Incoming, Outgoing, Part
from tests.dialogue.stage import CLERK, ID_NUMBER, LI, WANG, WORDS, Stage
from tests.ledgers import sqlite_only

WANTED = "村口那座桥去年加固花了多少"


def answered(stage: Stage) -> str:
    """A request that is replied to and archived today."""
    number = stage.file_request(WANG)
    stage.reply_to(number)
    with stage.ledger.transaction() as connection:
        stage.register.session(connection, stage.now, CLERK).replies.archive(number)
    return number


def kinds(stage: Stage, number: str) -> list[EventKind]:
    with stage.ledger.reading() as connection:
        return [event.kind for event in stage.register.session(connection).requests.history(number)]


def verified(stage: Stage) -> int:
    with stage.ledger.reading() as connection:
        return stage.register.session(connection).requests.verify()


def rounds(stage: Stage) -> None:
    """Until nothing is left for today."""
    for _ in range(5):
        stage.make_rounds()


def dies_in_the_middle(stage: Stage) -> None:
    with stage.ledger.transaction() as connection:
        assert stage.jobs.retention.erase_some(connection, stage.now)["identities"] == 2
        raise OSError("power cut")


def test_identity_goes_ten_years_after_archiving(stage: Stage) -> None:
    """Not a day earlier; then name, number, contact, letters and every word, and the chain proves."""
    number = answered(stage)
    stage.wait(days=3653)
    rounds(stage)
    assert EventKind.IDENTITY_ERASED not in kinds(stage, number)
    with stage.ledger.reading() as connection:
        assert connection.scalars(sa.select(letters.c.id)).all()
    stage.wait(days=1)
    rounds(stage)
    assert kinds(stage, number).count(EventKind.IDENTITY_ERASED) == 1
    with stage.ledger.reading() as connection:
        row = connection.execute(sa.select(requests)).one()
        assert (row.identity, row.applicant_masked, row.id_masked, row.contact_masked) == (None, "", "", "")
        assert (row.words, stage.register.session(connection).requests.get(number).content) == (None, "")
        assert connection.scalars(sa.select(letters.c.id)).all() == []
    events = verified(stage)
    rounds(stage)
    assert verified(stage) == events


def test_pending_review_keeps_the_identity(stage: Stage) -> None:
    """While a review or suit is pending nothing is erased; its decision starts the term anew."""
    stage.restart(identity_kept_days=10)
    number = answered(stage)
    with stage.ledger.transaction() as connection:
        stage.register.session(connection, stage.now, CLERK).remedies.record(number, remedy="reconsideration")
    stage.wait(days=30)
    rounds(stage)
    assert EventKind.IDENTITY_ERASED not in kinds(stage, number)
    with stage.ledger.transaction() as connection:
        stage.register.session(connection, stage.now, CLERK).remedies.record(
            number, remedy="reconsideration", result="upheld", document_number="清政复决〔2026〕3号"
        )
    stage.wait(days=10)
    rounds(stage)
    assert EventKind.IDENTITY_ERASED not in kinds(stage, number)
    stage.wait(days=1)
    rounds(stage)
    assert EventKind.IDENTITY_ERASED in kinds(stage, number)


def test_open_requests_and_unlimited_terms_keep_everything(stage: Stage) -> None:
    """A request that is not answered is never touched; 0 is for ever."""
    stage.restart(identity_kept_days=1, questions_kept_days=0, drafts_kept_days=0)
    number = stage.file_request(WANG)
    stage.says(LI, WANTED)
    stage.wait(days=4000)
    rounds(stage)
    assert kinds(stage, number) == [EventKind.SUBMITTED]
    with stage.ledger.reading() as connection:
        assert connection.scalars(sa.select(questions.c.text_masked)).all() == [WANTED]
        assert "sealed" in connection.scalars(sa.select(conversations.c.state)).all()[-1]


def test_never_archived_counts_from_its_end(stage: Stage) -> None:
    """Withdrawn and forgotten by the office: the term runs all the same."""
    stage.restart(identity_kept_days=10)
    number = stage.file_request(WANG)
    with stage.ledger.transaction() as connection:
        stage.register.session(connection, stage.now, WANG).replies.withdraw(number)
    stage.wait(days=11)
    rounds(stage)
    assert kinds(stage, number)[-1] is EventKind.IDENTITY_ERASED


def test_questions_lose_their_words_and_stay_counted(stage: Stage) -> None:
    """After two years the text goes, the figure stays, and the list of what is missing has no blank line."""
    stage.says(WANG, WANTED)
    stage.wait(days=731)
    rounds(stage)
    with stage.ledger.reading() as connection:
        assert connection.scalars(sa.select(questions.c.text_masked)).all() == [""]
        (event,) = chain.events_of(connection, "upkeep")
    assert event.data == {"questions": 1, "drafts": 1, "reason": "term_over"}
    assert "没有" in stage.says("telegram:9", "/unanswered").outgoing[0].text
    verified(stage)


def test_half_filled_form_goes_first_the_questions_later(stage: Stage) -> None:
    """After 30 days the form is gone; the last questions, which tell people apart, have their own term."""
    stage.says(WANG, WANTED)
    stage.says(WANG, "申请")
    stage.presses(WANG, "个人")
    stage.says(WANG, "王小明")
    stage.wait(days=31)
    rounds(stage)
    with stage.ledger.reading() as connection:
        sealed = connection.execute(sa.select(conversations.c.state)).scalar_one()["sealed"]
    remembered = json.loads(stage.register.vault.unseal_text(sealed))
    assert (remembered["step"], remembered["draft"]) == ("", {})
    assert [text for _, text in remembered["questions"]] == [WANTED]
    events = verified(stage)
    stage.wait(days=1)
    rounds(stage)
    assert verified(stage) == events
    stage.wait(days=700)
    rounds(stage)
    with stage.ledger.reading() as connection:
        assert "sealed" not in connection.execute(sa.select(conversations.c.state)).scalar_one()


def test_answered_inquiry_goes_an_open_one_stays(stage: Stage) -> None:
    """Its words and who asked; the number stays with the event."""
    with stage.ledger.transaction() as connection:
        for question in ("几点上班？", "在哪里办？"):
            stage.register.session(connection, stage.now, WANG).inquiries.open(question=question)
        stage.register.session(connection, stage.now, CLERK).inquiries.answer("Z2026-0001", answer="八点。")
    stage.wait(days=731)
    rounds(stage)
    with stage.ledger.reading() as connection:
        first, second = (
            stage.register.session(connection).inquiries.get(number)
            for number in ("Z2026-0001", "Z2026-0002")
        )
    assert (first.question, first.answer, first.person) == ("", "", "")
    assert (second.question, second.person) == ("在哪里办？", WANG)
    assert kinds(stage, "Z2026-0001")[-1] is EventKind.INQUIRY_ERASED


def test_post_book_forgets_who(stage: Stage) -> None:
    """Chats and undelivered words go after a year; what still waits to be sent stays."""
    apology = Courtesy(WORDS, stage.settings).apology
    inbox = Inbox(stage.ledger, stage.conversation, apology, lambda: stage.now)
    incoming = Incoming(Address.parse(WANG), Address.parse(WANG), stage.now, text="预算")
    inbox.receive("telegram", Arrival("1", WANG, incoming_to_json(incoming)))
    while inbox.handle_next("telegram", WANG):
        pass
    box = Outbox(stage.ledger, "telegram", lambda: stage.now)
    for letter in box.claim(5).letters:
        box.sent(letter, "7")
    with stage.ledger.transaction() as connection:
        enqueue(connection, Outgoing(Address.parse(LI), "answer_found", (Part("还没送到"),)), stage.now)
    stage.wait(days=366)
    rounds(stage)
    with stage.ledger.reading() as connection:
        assert connection.scalars(sa.select(updates.c.chat)).all() == [""]
        rows = connection.execute(sa.select(outbox.c.chat, outbox.c.status).order_by(outbox.c.id)).all()
        recorded = chain.events_of(connection, "upkeep")[0].data["messages"]
    assert [tuple(row) for row in rows][:2] == [("", "sent"), (LI, "waiting")]
    assert recorded == 2


def test_killed_in_the_middle_nothing_is_half_done(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """A batch that dies leaves neither erasure nor event; the next rounds do all of it, each once."""
    stage.restart(identity_kept_days=1)
    numbers = []
    for who in (WANG, LI, "telegram:44"):
        numbers.append(stage.file_request(who))
        with stage.ledger.transaction() as connection:
            stage.register.session(connection, stage.now, who).replies.withdraw(numbers[-1])
    stage.wait(days=2)
    monkeypatch.setattr(retention, "AT_ONCE", 2)
    with pytest.raises(OSError, match="power cut"):
        dies_in_the_middle(stage)
    verified(stage)
    assert [EventKind.IDENTITY_ERASED in kinds(stage, number) for number in numbers] == [False] * 3
    rounds(stage)
    assert [kinds(stage, number).count(EventKind.IDENTITY_ERASED) for number in numbers] == [1] * 3
    verified(stage)


@sqlite_only
def test_nothing_of_it_is_left_in_the_file(stage: Stage) -> None:
    """Erased means overwritten: the bytes are in no page of the database."""
    stage.says(WANG, WANTED)
    path = Path(stage.settings.home / "ledger.db")

    def stored() -> bytes:
        with stage.ledger.engine.connect() as plain:
            plain.rollback()
        stage.ledger.engine.dispose()  # the last connection folds the write-ahead log into the file
        return b"".join(each.read_bytes() for each in path.parent.glob("ledger.db*"))

    assert WANTED.encode() in stored()
    stage.wait(days=731)
    rounds(stage)
    assert WANTED.encode() not in stored()


def test_privacy_says_the_terms_in_force(stage: Stage) -> None:
    """What the settings say, not what a text once said."""
    assert "办结归档后保存 10 年" in stage.says(WANG, "隐私").outgoing[0].text
    stage.restart(identity_kept_days=0, drafts_kept_days=45, questions_kept_days=365)
    text = stage.says(WANG, "隐私").outgoing[0].text
    for term in ("办结归档后一直保存", "没接着填的，保存 45 天", "问过的问题保存 1 年"):
        assert term in text
    assert "{" not in text


def test_own_inquiries_can_be_deleted(stage: Stage) -> None:
    """我的数据: answered ones go at once, an open one stays and is named; another's are not touched."""
    with stage.ledger.transaction() as connection:
        for who, question in ((WANG, "几点上班？"), (WANG, "在哪里办？"), (LI, "别人的")):
            stage.register.session(connection, stage.now, who).inquiries.open(question=question)
        for number in ("Z2026-0001", "Z2026-0003"):
            stage.register.session(connection, stage.now, CLERK).inquiries.answer(number, answer="八点。")
    stage.says(WANG, "我的数据")
    stage.presses(WANG, "删掉可以删的")
    assert "已经办完的咨询 1 件" in stage.last(WANG).text
    assert "Z2026-0002：还没办完" in stage.last(WANG).text
    stage.presses(WANG, "确定删掉")
    with stage.ledger.reading() as connection:
        left = [stage.register.session(connection).inquiries.get(f"Z2026-000{n}").question for n in (1, 2, 3)]
    assert left == ["", "在哪里办？", "别人的"]
    assert ID_NUMBER not in stage.last(WANG).text
    verified(stage)


def test_who_checked_the_identity_is_on_record_and_no_picture(stage: Stage) -> None:
    """Which proof, how, by whom, when; a photo sent to the bot is not kept in any table or folder."""
    number = stage.file_request(WANG)
    stage.says(CLERK, f"/queue {number}")
    for label in ("更多", "登记核对了身份证明", "居民身份证", "当面看了原件", "确认登记"):
        stage.presses(CLERK, label)
    with stage.ledger.reading() as connection:
        (event,) = [
            each
            for each in stage.register.session(connection).requests.history(number)
            if each.kind is EventKind.IDENTITY_CHECKED
        ]
    assert (event.actor, event.article, event.on) == (CLERK, "29", stage.now.date())
    assert event.data == {"document": "居民身份证", "how": "当面看了原件"}
    stage.presses(CLERK, "办理经过")
    assert "核对身份证明：居民身份证，当面看了原件（工作人员 1）" in stage.last(CLERK).text
    before = sorted(path for path in stage.settings.home.rglob("*") if "ledger.db" not in path.name)
    stage.sends(WANG, Attachment.PHOTO)
    assert before == sorted(path for path in stage.settings.home.rglob("*") if "ledger.db" not in path.name)
    assert stage.last(WANG).event == "attachment_photo"
