"""A person's own data can be handed to them, and identity is erased when it is no longer needed."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection

from bot.desk.errors import GuardFailed, NotAllowed
from bot.desk.model import EventKind, Outcome, ServiceMethod
from bot.desk.register import Register
from bot.desk.tables import requests
from tests.desk.conftest import CLERK, RESIDENT, WANG, at


def test_own_data_are_whole(register: Register, connection: Connection, received: str) -> None:
    """Requests and inquiries of this person and of nobody else."""
    register.session(connection, at("2025-04-28"), RESIDENT).inquiries.open(question="几点上班？")
    register.session(connection, at("2025-04-28"), "telegram:666").inquiries.open(question="别人的问题")
    data = register.session(connection).privacy.data_of(RESIDENT)
    assert [(own["number"], own["name"], own["id_number"]) for own in data["requests"]] == [
        (received, WANG.name, WANG.id_number)
    ]
    assert [own["question"] for own in data["inquiries"]] == ["几点上班？"]
    assert register.session(connection).privacy.data_of("") == {"requests": [], "inquiries": []}


def test_identity_is_erased_after_the_end(register: Register, connection: Connection, received: str) -> None:
    """Not while the request is open; afterwards nothing of it is left, and the record still proves."""
    now = at("2025-04-28")
    with pytest.raises(GuardFailed, match="identity_still_needed"):
        register.session(connection, now, CLERK).privacy.erase_identity(received)
    register.session(connection, now, CLERK).replies.draft(
        received, outcome=Outcome.DISCLOSED, text="见附件。"
    )
    register.session(connection, now, CLERK).replies.serve(received, method=ServiceMethod.BY_HAND)
    with pytest.raises(NotAllowed):
        register.session(connection, now, RESIDENT).privacy.erase_identity(received)
    erased = register.session(connection, now).privacy.erase_identity(received)
    assert (erased.applicant_masked, erased.id_masked, erased.contact_masked) == ("", "", "")
    assert register.session(connection).privacy.data_of(RESIDENT)["requests"][0]["name"] == ""
    with pytest.raises(NotAllowed, match="identity_erased"):
        register.session(connection).requests.applicant_for_letters(received)
    assert register.session(connection).requests.history(received)[-1].kind is EventKind.IDENTITY_ERASED
    register.session(connection).requests.verify()


def test_erased_requests_link_nobody(register: Register, connection: Connection, received: str) -> None:
    """After erasure a repeat by the same person is no longer connected to it."""
    now = at("2025-04-28")
    register.session(connection, now, RESIDENT).replies.withdraw(received)
    register.session(connection, now).privacy.erase_identity(received)
    again = register.session(connection, now, RESIDENT).intake.submit(
        applicant=WANG, content="2024年部门决算"
    )
    assert again.repeat_of == ()
    keys = connection.scalars(sa.select(requests.c.applicant_key)).all()
    assert len(set(keys)) == 2
