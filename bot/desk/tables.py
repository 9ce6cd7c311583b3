"""The record: requests and their events, what people asked, letters and files, and who may come in."""

from __future__ import annotations

import sqlalchemy as sa

from bot.ledger.columns import Day, Instant, Json, metadata

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

phrases = sa.Table(  # sentences that the office writes again and again; of nobody
    "phrases",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("label", sa.String(40), nullable=False, unique=True),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("made_by", sa.String(128), nullable=False),
    sa.Column("made_at", Instant, nullable=False),
)
