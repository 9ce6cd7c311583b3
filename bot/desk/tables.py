"""All tables of the ledger.  The migrations in `migrations/` must lead to exactly these (a test compares).

Instants are text of fixed width in UTC and days are ISO text, so that SQLite and PostgreSQL hold and sort
the same; JSON is text for the same reason.  Nothing here is SQLite-only.
"""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Instant(TypeDecorator[datetime]):
    """An aware datetime, stored as `2026-11-24T11:20:00.000000+00:00`."""

    impl = sa.String(32)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone cannot be stored")
        return value.astimezone(UTC).isoformat(timespec="microseconds")

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        return None if value is None else datetime.fromisoformat(value)


class Day(TypeDecorator[date]):
    """A calendar day, stored as `2026-11-24`."""

    impl = sa.String(10)
    cache_ok = True

    def process_bind_param(self, value: date | None, dialect: Dialect) -> str | None:
        return None if value is None else value.isoformat()

    def process_result_value(self, value: Any, dialect: Dialect) -> date | None:
        return None if value is None else date.fromisoformat(value)


class Json(TypeDecorator[Any]):
    """Plain data as readable JSON; sorted keys, so that equal data are equal text."""

    impl = sa.Text()
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else json.dumps(value, ensure_ascii=False, sort_keys=True)

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        return None if value is None else json.loads(value)


# ---- the mailbox -----------------------------------------------------------------------------------------
updates = sa.Table(
    "updates",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("channel", sa.String(32), nullable=False),
    sa.Column("update_key", sa.String(128), nullable=False),
    sa.Column("chat", sa.String(128), nullable=False),  # an address: telegram:42
    sa.Column("payload", sa.Text),  # sealed JSON; erased when handled
    sa.Column("received_at", Instant, nullable=False),
    sa.Column(
        "status", sa.String(16), nullable=False, server_default="pending"
    ),  # pending fetching handled failed
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    sa.Column("handled_at", Instant),
    sa.Column("error", sa.Text),
    sa.UniqueConstraint("channel", "update_key"),
    sa.Index("ix_updates_status_chat", "status", "chat", "id"),
    sa.Index("ix_updates_chat_handled_at", "chat", "handled_at"),  # whose turn it is
)

outbox = sa.Table(
    "outbox",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("channel", sa.String(32), nullable=False),
    sa.Column("chat", sa.String(128), nullable=False),
    sa.Column("event", sa.String(64), nullable=False),  # the sentence in the words, for logs
    sa.Column("payload", sa.Text),  # sealed JSON, a document as base64 in it
    sa.Column("created_at", Instant, nullable=False),
    # waiting held sending sent merged undeliverable dead
    sa.Column("status", sa.String(16), nullable=False, server_default="waiting"),
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    sa.Column("next_try_at", Instant),  # while sending: when the sender's lease ends
    sa.Column("sender", sa.String(64)),  # which process is sending it, so that a restart frees it at once
    sa.Column("sent_at", Instant),
    sa.Column("remote_id", sa.String(128)),
    sa.Column("error", sa.Text),
    sa.Column("update_id", sa.Integer, sa.ForeignKey("updates.id")),
    sa.Column("answers", sa.String(128)),  # the person's message in this chat that it answers
    sa.Column("subject", sa.String(16), nullable=False, server_default=""),  # the number it is about
    sa.Column("urgency", sa.Integer, nullable=False, server_default="1"),  # 0 answer, 1 notice, 2 news
    sa.Index("ix_outbox_status_channel", "status", "channel", "id"),
    sa.Index("ix_outbox_chat", "chat", "id"),
    sa.Index("ix_outbox_chat_sent_at", "chat", "sent_at"),  # whose turn it is
    sa.Index("ix_outbox_chat_answers", "chat", "answers"),
    sa.Index("ix_outbox_channel_sent_at", "channel", "sent_at"),  # the pace of sending
    sa.Index("ix_outbox_chat_remote_id", "chat", "remote_id"),  # what a reply is about
)

topics = sa.Table(  # where a group talks about a request
    "topics",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("chat", sa.String(128), nullable=False),
    sa.Column("subject", sa.String(16), nullable=False),  # the number of a request or an inquiry
    sa.Column("thread", sa.String(64)),  # the channel's id; NULL while it is being made
    sa.Column("begun_at", Instant, nullable=False),
    sa.Column("lost", sa.Integer, nullable=False, server_default="0"),  # how often people deleted it
    sa.UniqueConstraint("chat", "subject"),
    sa.Index("ix_topics_chat_thread", "chat", "thread"),
)

moved_chats = sa.Table(  # groups that became supergroups
    "moved_chats",
    metadata,
    sa.Column("old", sa.String(128), primary_key=True),
    sa.Column("new", sa.String(128), nullable=False),
    sa.Column("moved_at", Instant, nullable=False),
)

# ---- the dialogue ----------------------------------------------------------------------------------------
conversations = sa.Table(
    "conversations",
    metadata,
    sa.Column("address", sa.String(128), primary_key=True),
    sa.Column("person", sa.String(128), nullable=False),
    sa.Column("language", sa.String(16), nullable=False, server_default=""),
    sa.Column("state", Json, nullable=False),
    sa.Column("updated_at", Instant, nullable=False),
)

people = sa.Table(
    "people",
    metadata,
    sa.Column("person", sa.String(128), primary_key=True),
    sa.Column("address", sa.String(128), nullable=False),
    sa.Column("first_seen_at", Instant, nullable=False),
    sa.Column("language", sa.String(16), nullable=False, server_default=""),
)

questions = sa.Table(  # without identity: who asked is not kept
    "questions",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("asked_at", Instant, nullable=False),
    sa.Column("text_masked", sa.Text, nullable=False),
    sa.Column("outcome", sa.String(16), nullable=False),
    sa.Column("entry_id", sa.String(200)),
    sa.Column("score", sa.Float),
    sa.Column("feedback", sa.String(16)),
    sa.Column("chosen_entry_id", sa.String(200)),
    # What staff made of it: confirmed (with the right entry), answered (by a later index), declined.
    sa.Column("settled", sa.String(16)),
    sa.Column("right_entry_id", sa.String(200)),
    sa.Column("settled_by", sa.String(128)),
    sa.Column("settled_at", Instant),
    sa.Column("settled_reason", sa.Text),
    sa.Column("reworded_id", sa.Integer),  # the question in which the same person found it after all
    sa.Index("ix_questions_asked_at", "asked_at"),
)

origins = sa.Table(  # the message in which a clerk wrote the words of an answer: it gets the mark of delivery
    "origins",
    metadata,
    sa.Column("subject", sa.String(16), primary_key=True),
    sa.Column("chat", sa.String(128), nullable=False),
    sa.Column("message_id", sa.String(64), nullable=False),
    sa.Column("written_at", Instant, nullable=False),
)

talks = sa.Table(  # residents with whom a member of staff is talking: the bot does not answer them then
    "talks",
    metadata,
    sa.Column("person", sa.String(128), primary_key=True),
    sa.Column("number", sa.String(16), nullable=False),  # of the inquiry
    sa.Column("officer", sa.String(128), nullable=False),
    sa.Column("place", sa.String(128), nullable=False),  # the chat in which staff read what is written
    sa.Column("last_at", Instant, nullable=False),
)

# ---- the desk --------------------------------------------------------------------------------------------
numbers = sa.Table(  # the last number given out in each series
    "numbers",
    metadata,
    sa.Column("series", sa.String(16), primary_key=True),  # "2026", "Z2026"
    sa.Column("last", sa.Integer, nullable=False),
)

document_numbers = sa.Table(  # 发文字号: each letter keeps its own, however often it is printed
    "document_numbers",
    metadata,
    sa.Column("subject", sa.String(16), primary_key=True),  # a request or an application to correct a record
    sa.Column("kind", sa.String(32), primary_key=True),
    sa.Column(
        "occasion", sa.Integer, primary_key=True, autoincrement=False
    ),  # the event it tells of, 0: none
    sa.Column("year", sa.Integer, nullable=False),
    sa.Column("ordinal", sa.Integer, nullable=False),  # from 1, without gaps within a year
    sa.UniqueConstraint("year", "ordinal", name="uq_document_numbers_year_ordinal"),
)

data_keys = sa.Table(  # what was written is sealed with the key of its request; gone = erased
    "data_keys",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("subject", sa.String(16), nullable=False, unique=True),
    sa.Column("wrapped", sa.Text, nullable=False),  # encrypted with the key file
)

requests = sa.Table(
    "requests",
    metadata,
    sa.Column("number", sa.String(16), primary_key=True),
    sa.Column("person", sa.String(128), nullable=False, server_default=""),
    sa.Column("intake", sa.String(16), nullable=False),
    sa.Column("applicant_kind", sa.String(2), nullable=False),
    sa.Column("identity", sa.Text),  # encrypted; NULL once erased
    sa.Column("applicant_key", sa.String(64), nullable=False),  # keyed hash, to find a repeat
    sa.Column("applicant_masked", sa.String(64), nullable=False),
    sa.Column("id_masked", sa.String(64), nullable=False),
    sa.Column("contact_masked", sa.String(128), nullable=False),
    sa.Column("form", sa.String(16), nullable=False),
    sa.Column("words", sa.Text),  # sealed: what was asked and replied (`request_words.py`); NULL once erased
    sa.Column("content_hash", sa.String(64), nullable=False),  # keyed, to find a repeat
    sa.Column("submitted_at", Instant, nullable=False),
    # From here on: a summary of the events, recomputed after each (a test replays and compares).
    sa.Column("status", sa.String(32), nullable=False),
    sa.Column("received_on", Day),
    sa.Column("due_on", Day),
    sa.Column("provisional", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("paused", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("correction_due_on", Day),
    sa.Column("extended", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("assigned_to", sa.String(128), nullable=False, server_default=""),
    sa.Column("outcome", sa.String(2)),
    sa.Column("ended_on", Day),
    sa.Column("reply", Json),  # outcome, who and when; its words are sealed
    sa.Index("ix_requests_status_due_on", "status", "due_on"),
    sa.Index("ix_requests_person", "person"),
    sa.Index("ix_requests_applicant_key_content_hash", "applicant_key", "content_hash"),
)

events = sa.Table(  # append-only: triggers of the first migration refuse UPDATE and DELETE
    "events",
    metadata,
    sa.Column("ordinal", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("subject", sa.String(16), nullable=False),
    sa.Column("kind", sa.String(32), nullable=False),
    sa.Column("at", Instant, nullable=False),
    sa.Column("on", Day, nullable=False),
    sa.Column("actor", sa.String(128), nullable=False),
    sa.Column("role", sa.String(16), nullable=False),
    sa.Column("article", sa.String(32), nullable=False, server_default=""),
    sa.Column("data", Json, nullable=False),
    sa.Column("words", sa.Text),  # sealed: the personal fields; `data` holds a commitment to them
    sa.Column("previous_hash", sa.String(64), nullable=False),
    sa.Column("hash", sa.String(64), nullable=False, unique=True),
    sa.Index("ix_events_subject", "subject", "ordinal"),
)

chain = sa.Table(  # one row: where the chain ends, so that a cut tail is noticed
    "chain",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("length", sa.Integer, nullable=False),
    sa.Column("hash", sa.String(64), nullable=False),
)

inquiries = sa.Table(
    "inquiries",
    metadata,
    sa.Column("number", sa.String(16), primary_key=True),
    sa.Column("person", sa.String(128), nullable=False),
    sa.Column("words", sa.Text),  # sealed: question and answer; NULL once erased
    sa.Column("status", sa.String(16), nullable=False),
    sa.Column("opened_at", Instant, nullable=False),
    sa.Column("answered_by", sa.String(128), nullable=False, server_default=""),
    sa.Column("answered_at", Instant),
    sa.Column("request_number", sa.String(16), nullable=False, server_default=""),
    sa.Index("ix_inquiries_status", "status", "number"),
    sa.Index("ix_inquiries_person", "person"),
)

record_corrections = sa.Table(  # art. 41; what is wrong, the evidence and the answer are sealed
    "record_corrections",
    metadata,
    sa.Column("number", sa.String(16), primary_key=True),
    sa.Column("person", sa.String(128), nullable=False, server_default=""),
    sa.Column("applicant_kind", sa.String(2), nullable=False),
    sa.Column("applicant_masked", sa.String(64), nullable=False),
    sa.Column("contact_masked", sa.String(128), nullable=False),
    sa.Column("words", sa.Text),  # sealed: which record; NULL once erased
    sa.Column("sealed", sa.Text),  # encrypted; NULL once erased
    sa.Column("filed_at", Instant, nullable=False),
    sa.Column("request_number", sa.String(16), nullable=False, server_default=""),
    # A summary of the events from here on.
    sa.Column("status", sa.String(16), nullable=False),
    sa.Column("assigned_to", sa.String(128), nullable=False, server_default=""),
    sa.Column("ended_on", Day),
    sa.Index("ix_record_corrections_status", "status", "number"),
    sa.Index("ix_record_corrections_person", "person"),
)

record_correction_letters = sa.Table(
    "record_correction_letters",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("number", sa.String(16), sa.ForeignKey("record_corrections.number"), nullable=False),
    sa.Column("kind", sa.String(32), nullable=False),
    sa.Column("filename", sa.String(200), nullable=False),
    sa.Column("content", sa.LargeBinary, nullable=False),  # sealed
    sa.Column("created_at", Instant, nullable=False),
    sa.Index("ix_record_correction_letters_number", "number"),
)

letters = sa.Table(
    "letters",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("request_number", sa.String(16), sa.ForeignKey("requests.number"), nullable=False),
    sa.Column("kind", sa.String(32), nullable=False),
    sa.Column("filename", sa.String(200), nullable=False),
    sa.Column("content", sa.LargeBinary, nullable=False),  # sealed
    sa.Column("created_at", Instant, nullable=False),
    sa.Index("ix_letters_request_number", "request_number"),
)

attachments = sa.Table(  # files that people sent along; what they are is in `attached.py`
    "attachments",
    metadata,
    sa.Column("token", sa.String(16), primary_key=True),  # random: buttons and messages name it
    sa.Column("subject", sa.String(16), nullable=False),  # the number it belongs to, "" while a form is open
    sa.Column("part", sa.String(16), nullable=False),  # held request correction reply answer public
    sa.Column("sender", sa.String(128), nullable=False),
    sa.Column("words", sa.Text, nullable=False),  # sealed: name, size, digest
    sa.Column("content", sa.LargeBinary, nullable=False),  # sealed
    sa.Column("received_at", Instant, nullable=False),
    sa.Index("ix_attachments_subject", "subject", "received_at"),
)

publications = sa.Table(
    "publications",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("entry", Json, nullable=False),
    sa.Column("request_number", sa.String(16), nullable=False, server_default=""),
    sa.Column("approved_by", sa.String(128), nullable=False),
    sa.Column("approved_at", Instant, nullable=False),
)

reminders = sa.Table(  # what staff were reminded of, so that each is said once
    "reminders",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("key", sa.String(96), nullable=False, unique=True),  # 2026-0001/2026-12-22/day_5
    sa.Column("subject", sa.String(16), nullable=False),  # the number, "" for a digest
    sa.Column("kind", sa.String(16), nullable=False),  # digest unconfirmed soon today late
    sa.Column("made_at", Instant, nullable=False),
    sa.Column("acknowledged_at", Instant),
    sa.Column("acknowledged_by", sa.String(128), nullable=False, server_default=""),
    sa.Column("escalated_at", Instant),
    sa.Index("ix_reminders_kind_made_at", "kind", "made_at"),
)

subscriptions = sa.Table(  # who wants to hear of new entries of a category
    "subscriptions",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("person", sa.String(128), nullable=False),
    sa.Column("address", sa.String(128), nullable=False),
    sa.Column("category", sa.String(200), nullable=False),
    sa.Column("made_at", Instant, nullable=False),
    sa.Column("told_through", sa.Integer, nullable=False),  # the last of `news` that was told
    sa.Column("told_on", Day),
    sa.UniqueConstraint("person", "category"),
    sa.Index("ix_subscriptions_category", "category"),
)

watched_categories = sa.Table(  # what a category held when it was last looked at
    "watched_categories",
    metadata,
    sa.Column("category", sa.String(200), primary_key=True),
    sa.Column("entries", Json, nullable=False),  # tokens of all entries there ever were
    sa.Column("version", sa.String(64), nullable=False),  # of the index
)

news = sa.Table(  # entries that came into a watched category
    "news",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("category", sa.String(200), nullable=False),
    sa.Column("entry", sa.String(10), nullable=False),  # its token
    sa.Column("seen_at", Instant, nullable=False),
    sa.UniqueConstraint("category", "entry"),
)

role_codes = sa.Table(  # whoever types such a code gets a role, once
    "role_codes",
    metadata,
    sa.Column("code_key", sa.String(64), primary_key=True),  # keyed hash; the code itself is kept nowhere
    sa.Column("role", sa.String(16), nullable=False),
    sa.Column("made_by", sa.String(128), nullable=False),
    sa.Column("made_at", Instant, nullable=False),
    sa.Column("used_at", Instant),
    sa.Column("name", sa.String(40), nullable=False, server_default=""),  # how the colleague is called
)

proposals = sa.Table(  # art. 44: what several people asked for, proposed for publication
    "proposals",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("topic", sa.Text, nullable=False),  # masked
    sa.Column("members", Json, nullable=False),  # numbers, and ids of questions
    sa.Column("made_at", Instant, nullable=False),
    sa.Column("status", sa.String(16), nullable=False, server_default="open"),  # open accepted declined
    sa.Column("decided_by", sa.String(128), nullable=False, server_default=""),
    sa.Column("decided_at", Instant),
    sa.Column("reason", sa.Text, nullable=False, server_default=""),
    sa.Index("ix_proposals_status", "status", "id"),
)

errands = sa.Table(  # work that takes too long for a turn: done beside it, finished by the next start
    "errands",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("person", sa.String(128), nullable=False, server_default=""),
    sa.Column("address", sa.String(128), nullable=False, server_default=""),  # who is told, "" = nobody
    sa.Column("argument", sa.String(64), nullable=False, server_default=""),
    sa.Column("left_at", Instant, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    sa.Column("taken_by", sa.String(64)),
    sa.Column("taken_until", Instant),
    sa.Column("done_at", Instant),
    sa.Column("error", sa.Text),
    sa.Index("ix_errands_done_at", "done_at", "id"),
)

reloads = sa.Table(  # which state of the knowledge was looked at, and what became of it
    "reloads",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("at", Instant, nullable=False),
    sa.Column("kind", sa.String(16), nullable=False),  # start reload changed roll_back publish
    sa.Column("person", sa.String(128), nullable=False, server_default=""),
    sa.Column("state", sa.String(16), nullable=False),  # of the files, settings and weights
    sa.Column("result", sa.String(16), nullable=False),  # live forced unchanged refused broken rolled_back
    sa.Column("version", sa.String(32), nullable=False, server_default=""),  # that answers since
    sa.Column("details", Json, nullable=False),  # figures of the examination
)

heartbeats = sa.Table(  # the last sign of life of each service, for who watches from outside
    "heartbeats",
    metadata,
    sa.Column("service", sa.String(32), primary_key=True),
    sa.Column("round_at", Instant, nullable=False),
    sa.Column("heard_at", Instant),
)

wordings = sa.Table(  # everyday words that admins let stand for official ones, or did not
    "wordings",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("word", sa.String(64), nullable=False),
    sa.Column("instead", sa.String(64), nullable=False),
    sa.Column("status", sa.String(16), nullable=False),  # accepted declined
    sa.Column("decided_by", sa.String(128), nullable=False),
    sa.Column("decided_at", Instant, nullable=False),
    sa.Column("reason", sa.Text, nullable=False, server_default=""),
)

# ---- the web channel -------------------------------------------------------------------------------------
web_sessions = sa.Table(  # who comes back; the cookie's token is kept as its hash alone
    "web_sessions",
    metadata,
    sa.Column("token_hash", sa.String(64), primary_key=True),
    sa.Column("visitor", sa.String(32), nullable=False),  # the chat is web:<visitor>
    sa.Column("began_at", Instant, nullable=False),
    sa.Column("seen_at", Instant, nullable=False),
    sa.Column("ended_at", Instant),  # an ended session never comes back, whoever kept its cookie
    sa.Column("passkey", sa.String(512)),  # which one began it; NULL = a code, or nothing at all
    sa.Index("ix_web_sessions_seen_at", "seen_at"),
)

web_messages = sa.Table(  # what stands on somebody's page, for as long as the page is kept
    "web_messages",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("chat", sa.String(128), nullable=False),
    sa.Column("letter", sa.Integer),  # of the outbox; NULL = said by the person. Unique: shown once
    sa.Column("payload", sa.Text, nullable=False),  # sealed with the key of the mailbox
    sa.Column("at", Instant, nullable=False),
    sa.UniqueConstraint("letter"),
    sa.Index("ix_web_messages_chat", "chat", "id"),
    sa.Index("ix_web_messages_at", "at"),
)

access_codes = sa.Table(  # number and code together open one request, for whoever filed it
    "access_codes",
    metadata,
    sa.Column("number", sa.String(16), primary_key=True),
    sa.Column("code_hash", sa.String(64), nullable=False),  # keyed
    sa.Column("made_at", Instant, nullable=False),
    sa.Column("wrong", sa.Integer, nullable=False, server_default="0"),  # guesses in a row
    sa.Column("wrong_at", Instant),
)

web_passkeys = sa.Table(  # with what staff come in
    "web_passkeys",
    metadata,
    sa.Column("credential", sa.String(512), primary_key=True),  # base64url
    sa.Column("visitor", sa.String(32), nullable=False),
    sa.Column("public_key", sa.Text, nullable=False),  # base64url, COSE
    sa.Column("sign_count", sa.Integer, nullable=False),
    sa.Column("label", sa.String(40), nullable=False),
    sa.Column("made_at", Instant, nullable=False),
    sa.Column("used_at", Instant),
    sa.Column("ended_at", Instant),
    sa.Index("ix_web_passkeys_visitor", "visitor"),
)

web_links = sa.Table(  # what opens something by itself: a spare code to come in, a calendar
    "web_links",
    metadata,
    sa.Column("token_hash", sa.String(64), primary_key=True),
    sa.Column("kind", sa.String(16), nullable=False),  # spare_code, calendar
    sa.Column("visitor", sa.String(32), nullable=False),
    sa.Column("made_at", Instant, nullable=False),
    sa.Column("ended_at", Instant),  # used, or replaced
)
