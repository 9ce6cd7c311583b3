"""The table of transitions is whole: every status can be reached and left, every step has its roles."""

from __future__ import annotations

from datetime import date

import pytest

from bot.desk.errors import MissingFields, NotAllowed, WrongStep
from bot.desk.model import ApplicantKind, Event, EventKind, Outcome, ReviewFirst, Role, Status
from bot.desk.transitions import TRANSITIONS, check, edge_from, steps_from
from tests.desk.conftest import CLERK, at

_NOT_OF_REQUESTS = {
    kind
    for kind in EventKind
    if kind.value.startswith(
        ("inquiry_", "role_", "data_", "chain_", "record_correct")
    )  # art. 41 is on its own
}


def test_every_status_can_be_reached() -> None:
    """From the beginning, following the edges, all statuses appear."""
    reached: set[Status] = set()
    border: set[Status | None] = {None}
    while border:
        found = {edge.to for edge in TRANSITIONS.values() if edge.status in border} - reached
        reached |= found
        border = set(found)
    assert reached == set(Status)


def test_every_open_status_has_a_way_out() -> None:
    """No open request can get stuck: another status follows, and withdrawal is always possible."""
    for status in Status:
        if status.is_open:
            ways = {edge.to for edge in TRANSITIONS.values() if edge.status is status}
            assert ways - {status}
            assert EventKind.WITHDRAWN in steps_from(status)


def test_ended_statuses_stay_ended() -> None:
    """No edge leads from an ended request back to an open one, but the order to decide anew."""
    back = [
        edge for edge in TRANSITIONS.values() if edge.status and not edge.status.is_open and edge.to.is_open
    ]
    assert {edge.event for edge in back} == {EventKind.REDECISION_ORDERED}
    assert {edge.to for edge in back} == {Status.RE_DECIDING}


def test_every_event_has_an_edge() -> None:
    """There is no event that can never happen, and none is in the table by mistake."""
    assert {edge.event for edge in TRANSITIONS.values()} == set(EventKind) - _NOT_OF_REQUESTS


def test_only_the_first_event_begins() -> None:
    """A request begins with its submission and with nothing else."""
    assert [edge.event for edge in TRANSITIONS.values() if edge.status is None] == [EventKind.SUBMITTED]


def test_every_pair_outside_the_table_is_refused() -> None:
    """Each of the other pairs of status and event is a wrong step."""
    refused = 0
    for status in Status:
        for kind in EventKind:
            if (status, kind) not in TRANSITIONS:
                with pytest.raises(WrongStep):
                    edge_from(status, kind)
                refused += 1
    assert refused > 300


def _event(role: Role, data: dict[str, object]) -> Event:
    return Event(
        "2025-0001", 1, EventKind.EXTENDED, at("2025-05-08"), date(2025, 5, 8), CLERK, role, "", data
    )


def test_role_and_fields_are_checked() -> None:
    """An extension needs an approver and its reason."""
    whole: dict[str, object] = {"working_days": "5", "reason": "量大"}
    assert check(Status.ASSIGNED, _event(Role.APPROVER, whole)).article == "33"
    with pytest.raises(NotAllowed):
        check(Status.ASSIGNED, _event(Role.OFFICER, whole))
    with pytest.raises(MissingFields) as caught:
        check(Status.ASSIGNED, _event(Role.APPROVER, {"working_days": "5", "reason": " "}))
    assert caught.value.facts["fields"] == ("reason",)


def test_outcomes_are_the_rows_of_table_3() -> None:
    """Twenty-one leaf rows in their order, each with its label and whether review comes first."""
    codes = " ".join(outcome.code for outcome in Outcome)
    assert codes == "A B C1 C2 C3 C4 C5 C6 C7 C8 D1 D2 D3 E1 E2 E3 E4 E5 F1 F2 F3"
    assert len({outcome.label for outcome in Outcome}) == 21
    assert Outcome.WITHHELD_THIRD_PARTY_RIGHTS.label == "保护第三方合法权益"
    first = "".join(o.code for o in Outcome if o.rule.review_first is ReviewFirst.YES)
    assert first == "C1C2C3C4C5C6C7"


def test_labels_are_chinese() -> None:
    """Whatever people read beside an enum is there."""
    assert Status.THIRD_PARTY.label == "征求第三方意见中"
    assert [kind.label for kind in ApplicantKind][:2] == ["自然人", "商业企业"]
    assert [member for enum in (Status, Role, ApplicantKind) for member in enum if not member.label] == []
