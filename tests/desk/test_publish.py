"""Publishing a reply: masked, looked at, recorded; only what was disclosed."""

from __future__ import annotations

import pytest
from sqlalchemy import Connection

from bot.desk.errors import GuardFailed, NotAllowed, WrongStep
from bot.desk.model import EventKind, Outcome, ServiceMethod
from bot.desk.register import Register
from tests.desk.conftest import CLERK, RESIDENT, WANG, at

NOW = at("2025-05-08")


def _served(register: Register, connection: Connection, outcome: Outcome = Outcome.DISCLOSED) -> str:
    number = (
        register.session(connection, NOW, RESIDENT)
        .intake.submit(applicant=WANG, content="王小明要2024年部门决算，电话13812341234")
        .number
    )
    register.session(connection, NOW, CLERK).intake.confirm_receipt(number)
    fields = {"mark": "秘密"} if outcome is Outcome.WITHHELD_STATE_SECRET else {}
    text = "王小明：决算总额120万元。附身份证11010519491231002X。"
    register.session(connection, NOW, CLERK).replies.draft(number, outcome=outcome, text=text, fields=fields)
    register.session(connection, NOW, CLERK).replies.serve(number, method=ServiceMethod.BY_HAND)
    return number


def test_draft_is_masked(register: Register, connection: Connection) -> None:
    """The applicant's name and every number are gone, and staff see how many were found."""
    draft = register.session(connection, actor=CLERK).publications.draft(_served(register, connection))
    assert draft.text == "****：决算总额120万元。附身份证****。"
    assert draft.question == draft.title == "****要2024年部门决算，电话****"
    assert len(draft.found) == 6


def test_rewritten_text_is_masked_too(register: Register, connection: Connection) -> None:
    """What staff type instead is checked the same way."""
    number = _served(register, connection)
    draft = register.session(connection, actor=CLERK).publications.draft(
        number, title="2024年部门决算", text="总额120万元，联系王小明。"
    )
    assert (draft.title, draft.text) == ("2024年部门决算", "总额120万元，联系****。")


def test_published(register: Register, connection: Connection) -> None:
    """Plain data for the knowledge base, an event, and a row that survives; publishing again replaces."""
    number = _served(register, connection)
    for title in ("决算", "2024年部门决算"):
        entry = register.session(connection, NOW, CLERK).publications.publish(
            number, looked_at=True, title=title
        )
    assert entry == {
        "number": number,
        "title": "2024年部门决算",
        "question": "****要2024年部门决算，电话****",
        "text": "****：决算总额120万元。附身份证****。",
        "publisher": "洲上乡人民政府",
        "published_on": "2025-05-08",
        "approved_by": CLERK,
    }
    assert register.session(connection).publications.all() == [entry]
    assert register.session(connection).requests.history(number)[-1].kind is EventKind.PUBLISHED


def test_never_without_a_look(register: Register, connection: Connection) -> None:
    """Publication without a second look is impossible, and so is it for a resident."""
    number = _served(register, connection)
    with pytest.raises(GuardFailed, match="publication_not_looked_at"):
        register.session(connection, NOW, CLERK).publications.publish(number, looked_at=False)
    with pytest.raises(NotAllowed):
        register.session(connection, NOW, RESIDENT).publications.publish(number, looked_at=True)
    assert register.session(connection).publications.all() == []


def test_withheld_is_never_published(register: Register, connection: Connection) -> None:
    """Only what was disclosed can become public."""
    number = _served(register, connection, Outcome.WITHHELD_STATE_SECRET)
    with pytest.raises(GuardFailed, match="nothing_to_publish"):
        register.session(connection, actor=CLERK).publications.draft(number)


def test_open_request_is_not_published(register: Register, connection: Connection, received: str) -> None:
    """A draft is no reply."""
    register.session(connection, NOW, CLERK).replies.draft(
        received, outcome=Outcome.DISCLOSED, text="见附件。"
    )
    with pytest.raises(GuardFailed, match="nothing_to_publish"):
        register.session(connection, actor=CLERK).publications.draft(received)
    with pytest.raises(WrongStep):
        register.session(connection, NOW, CLERK).publications.decline(received, reason="未答复")


def test_declining_is_on_record(register: Register, connection: Connection) -> None:
    """Why it was not published stays with the request."""
    number = _served(register, connection)
    register.session(connection, NOW, CLERK).publications.decline(number, reason="仅涉及个人")
    assert register.session(connection).requests.history(number)[-1].text("reason") == "仅涉及个人"
