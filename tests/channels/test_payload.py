"""What is stored comes back the same."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from bot.mailbox.payload import incoming_from_json, incoming_to_json, outgoing_from_json, outgoing_to_json
from bot.messages import (
    Address,
    Attachment,
    Button,
    ChatKind,
    Document,
    Heard,
    Incoming,
    Mark,
    Opens,
    Outgoing,
    Part,
    Style,
)

texts = st.text(max_size=60)
addresses = st.builds(
    Address, st.sampled_from(["telegram", "terminal"]), st.integers().map(str) | st.just("staff")
)
incomings = st.builds(
    Incoming,
    address=addresses,
    person=addresses,
    at=st.datetimes(timezones=st.just(UTC)),
    text=texts,
    button=texts,
    attachment=st.none() | st.sampled_from(Attachment),
    chat_kind=st.sampled_from(ChatKind),
    language=texts,
    message_id=texts,
    edited=st.booleans(),
    heard=st.sampled_from(Heard),
    thread=texts,
    reply_to=texts,
)
buttons = st.builds(
    Button, label=texts, data=st.text("abc:12", min_size=1, max_size=64), opens=st.sampled_from(Opens)
)
outgoings = st.builds(
    Outgoing,
    address=addresses,
    event=texts,
    parts=st.lists(st.builds(Part, texts, st.sampled_from(Style)), max_size=4).map(tuple),
    buttons=st.lists(st.lists(buttons, max_size=3).map(tuple), max_size=3).map(tuple),
    edits=texts,
    document=st.none() | st.builds(Document, texts, st.binary(max_size=40)),
    replaces=texts,
    subject=texts,
    thread=texts,
    confirms=st.none() | st.builds(Mark, addresses, texts),
    marks=texts,
    brief=texts,
)


@given(incomings)
def test_incoming_round_trip(incoming: Incoming) -> None:
    """An Incoming survives JSON."""
    assert incoming_from_json(json.loads(json.dumps(incoming_to_json(incoming)))) == incoming


@given(outgoings)
def test_outgoing_round_trip(outgoing: Outgoing) -> None:
    """An Outgoing survives JSON, its file byte by byte."""
    assert outgoing_from_json(json.loads(json.dumps(outgoing_to_json(outgoing)))) == outgoing


def test_no_field_is_forgotten() -> None:
    """Every field of the two dataclasses has its place in the JSON; the subject of what came in is looked
    up when it is handled."""
    at = datetime(2026, 11, 24, tzinfo=UTC)
    address = Address("terminal", "staff")
    stored = incoming_to_json(Incoming(address, address, at))
    assert set(stored) == set(Incoming.__dataclass_fields__) - {"subject"}
    assert set(outgoing_to_json(Outgoing(address, "x", ()))) == set(Outgoing.__dataclass_fields__)


def test_rows_of_an_older_program_are_read() -> None:
    """A message that was waiting when the program was upgraded is still sent, a button still pressed."""
    address = Address("telegram", "42")
    stored = outgoing_to_json(Outgoing(address, "x", (Part("a"),), ((Button("是", "yes"),),)))
    old = {name: stored[name] for name in ("address", "event", "parts", "buttons", "edits", "document")} | {
        "buttons": [[["是", "yes"]]]
    }
    assert outgoing_from_json(old) == Outgoing(address, "x", (Part("a"),), ((Button("是", "yes"),),))
    heard = incoming_to_json(Incoming(address, address, datetime(2026, 11, 24, tzinfo=UTC), text="低保"))
    for name in ("heard", "thread", "reply_to"):
        del heard[name]
    assert incoming_from_json(heard).text == "低保"
