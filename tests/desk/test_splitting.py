"""一事一申请: one request becomes several, and the applicant loses nothing by it."""

from __future__ import annotations

import pytest
from sqlalchemy import Connection

from bot.desk.annual_report.counts import case_of
from bot.desk.errors import DeskError
from bot.desk.model import EventKind, Outcome, ServiceMethod, Status
from bot.desk.register import Register
from tests.desk.conftest import CLERK, RESIDENT, SECOND, WANG, at

THREE = ("2024年部门决算", "2023年村级财务公开表", "低保名单")


def test_each_part_has_its_own_number_and_the_first_day_of_receipt(
    register: Register, connection: Connection, received: str
) -> None:
    """Two weeks later: the same clock for all, both sides name each other, the original words stay."""
    register.session(connection, at("2025-04-27"), SECOND).intake.take(received)
    whole = register.session(connection).requests.get(received)
    kept, *parts = register.session(connection, at("2025-05-08"), CLERK).splitting.split(
        received, contents=THREE
    )
    assert (kept.number, kept.content, kept.original_content) == (received, THREE[0], whole.content)
    assert [part.content for part in parts] == list(THREE[1:])
    for part in parts:
        assert (part.received_on, part.due_on) == (whole.received_on, whole.due_on)
        assert (part.status, part.person, part.assigned_to) == (Status.ASSIGNED, RESIDENT, SECOND)
        filed = register.session(connection).requests.history(part.number)[0]
        assert filed.text("split_from") == received
    (split,) = [
        e for e in register.session(connection).requests.history(received) if e.kind is EventKind.SPLIT
    ]
    assert split.text("parts").split() == [part.number for part in parts]
    assert {part.number for part in parts} < {
        each.number for each in register.session(connection).requests.of(RESIDENT)
    }
    register.session(connection).requests.verify()


def test_each_part_ends_on_its_own_and_counts_in_table_3(
    register: Register, connection: Connection, received: str
) -> None:
    """Withdrawn here, open there; each is a case of its own, received on the same day."""
    made = register.session(connection, at("2025-05-08"), CLERK).splitting.split(received, contents=THREE)
    register.session(connection, at("2025-05-09"), RESIDENT).replies.withdraw(made[1].number)
    cases = [
        case_of(
            register.session(connection).requests.history(each.number),
            register.session(connection).requests.standing(each.number),
        )
        for each in made
    ]
    assert [case.outcome if case else "none" for case in cases] == [None, Outcome.CLOSED_OTHER, None]
    assert len({case.since for case in cases if case}) == 1


def test_parts_count_as_the_one_request_that_was_filed(
    register: Register, connection: Connection, eleventh: str
) -> None:
    """The eleventh of a month costs what it cost, its parts nothing; the next is the twelfth."""
    assert register.session(connection).correspondence.fee_by_request(eleventh) == (11, 100)
    made = register.session(connection, at("2025-04-28"), CLERK).splitting.split(eleventh, contents=THREE)
    assert register.session(connection).correspondence.fee_by_request(eleventh) == (11, 100)
    assert [register.session(connection).correspondence.fee_by_request(part.number) for part in made[1:]] == [
        (11, 0)
    ] * 2
    later = register.session(connection, at("2025-04-29"), RESIDENT).intake.submit(
        applicant=WANG, content="别的一份文件"
    )
    assert register.session(connection).correspondence.fee_by_request(later.number)[0] == 12
    assert register.session(connection).requests.filed_within(later.number) == 12
    with pytest.raises(DeskError) as refused:
        register.session(connection, at("2025-04-29"), CLERK).correspondence.notice_fee(
            made[1].number, amount_yuan=100
        )
    assert refused.value.text_id == "fee_is_nothing"


def test_each_part_has_letters_of_its_own(register: Register, connection: Connection, received: str) -> None:
    """Receipt and reply name the part's number and thing alone, the receipt of the whole came before."""
    made = register.session(connection, at("2025-05-08"), CLERK).splitting.split(received, contents=THREE)
    numbers = {each.number for each in made}
    for each, thing in zip(made, THREE, strict=True):
        register.session(connection, at("2025-05-09"), CLERK).replies.draft(
            each.number, outcome=Outcome.DISCLOSED, text=f"{thing}见附表。"
        )
        for kind in ("receipt", "reply"):
            written, _ = register.session(connection, at("2025-05-09")).letters.write(each.number, kind=kind)
            assert f"“{thing}”" in written.text
            assert "2025年4月25日" in written.text  # the first day of receipt
            shown = written.text + written.number
            assert {number for number in numbers if number in shown} == {each.number}
            assert not any(other in written.text for other in THREE if other != thing)
        assert {letter.kind for letter in register.session(connection).letters.of(each.number)} >= {
            "receipt",
            "reply",
        }


def test_parts_are_one_request_for_excessive(
    register: Register, connection: Connection, received: str
) -> None:
    """Art. 35 asks how many were filed: one letter in twenty parts is one, E4 is not open by splitting."""
    before = register.session(connection).requests.filed_within(received)
    made = register.session(connection, at("2025-05-08"), CLERK).splitting.split(
        received, contents=[f"第{n}份文件" for n in range(20)]
    )
    assert [register.session(connection).requests.filed_within(each.number) for each in made] == [before] * 20
    register.session(connection, at("2025-05-08"), CLERK).correspondence.ask_reasons(
        made[3].number, count="20件"
    )
    register.session(connection, at("2025-06-10"), CLERK).correspondence.record_no_reasons(made[3].number)
    with pytest.raises(DeskError):
        register.session(connection, at("2025-06-10"), CLERK).replies.draft(
            made[3].number,
            outcome=Outcome.NOT_PROCESSED_EXCESSIVE,
            text="不予处理。",
            fields={"count": "20件"},
        )


@pytest.mark.parametrize(
    "contents", [(), ("一样东西",), ("一样东西", " "), tuple("甲" * 21), ("决算", "请公开 决算")]
)
def test_too_few_too_many_and_empty(
    register: Register, connection: Connection, received: str, contents: tuple[str, ...]
) -> None:
    """Nothing is on record then."""
    with pytest.raises(DeskError):
        register.session(connection, at("2025-04-28"), CLERK).splitting.split(received, contents=contents)
    assert (
        register.session(connection, at("2025-04-28")).openness.why_closed(received, EventKind.SPLIT) is None
    )
    assert len(register.session(connection).requests.queue()) == 1


def test_only_before_anything_moved_the_clock(
    register: Register, connection: Connection, received: str
) -> None:
    """After a correction or a draft the parts would not have the days of the whole."""
    with pytest.raises(DeskError):
        register.session(connection, at("2025-04-28"), RESIDENT).splitting.split(received, contents=THREE)
    register.session(connection, at("2025-04-28"), CLERK).correspondence.ask_correction(
        received, what="哪一年的", working_days=10
    )
    with pytest.raises(DeskError) as refused:
        register.session(connection, at("2025-04-29"), CLERK).splitting.split(received, contents=THREE)
    assert refused.value.text_id == "split_too_late"
    closed = register.session(connection, at("2025-04-29")).openness.why_closed(received, EventKind.SPLIT)
    assert closed is not None
    assert closed.text_id == "split_too_late"


def test_a_part_can_be_split_again_but_its_receipt_never_undone(
    register: Register, connection: Connection, received: str
) -> None:
    """On the day of the tap, too: the day is fixed once something rests on it."""
    made = register.session(connection, at("2025-04-25 16:00"), CLERK).splitting.split(
        received, contents=THREE
    )
    for each in made:
        with pytest.raises(DeskError) as refused:
            register.session(connection, at("2025-04-25 17:00"), CLERK).intake.undo_receipt(
                each.number, reason="点错了"
            )
        assert refused.value.text_id == "receipt_is_used"
    again = register.session(connection, at("2025-04-28"), CLERK).splitting.split(
        made[1].number, contents=("甲村的表", "乙村的表")
    )
    assert again[1].due_on == made[0].due_on
    register.session(connection).requests.verify()


def test_the_whole_is_not_answered_with_one_part(
    register: Register, connection: Connection, received: str
) -> None:
    """Art. 36(6): what was filed named several matters; only the one that was answered is a repeat."""
    contents = ("2023年预算", "低保名单")
    register.session(connection, at("2025-05-08"), CLERK).splitting.split(received, contents=contents)
    register.session(connection, at("2025-05-09"), CLERK).replies.draft(
        received, outcome=Outcome.DISCLOSED, text="见附件。"
    )
    register.session(connection, at("2025-05-09"), CLERK).replies.serve(
        received, method=ServiceMethod.BY_HAND
    )
    same = {}
    for content in ("2024年部门决算", *contents):  # the first is what `received` was filed with
        again = register.session(connection, at("2025-05-12"), RESIDENT).intake.submit(
            applicant=WANG, content=content
        )
        same[content] = register.session(connection).replies.answered_same(again.number)
    assert same == {"2024年部门决算": (), "2023年预算": (received,), "低保名单": ()}
