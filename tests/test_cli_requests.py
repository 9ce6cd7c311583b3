"""Offline intake, filters and the calculator, as a clerk at the shell uses them."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result

from bot.cli import main
from bot.cli.requests.intake import TEMPLATE
from bot.desk.guards import Told
from bot.program import Program
from bot.settings import load_settings

CLERK = "telegram:123456"
TODAY = datetime.now(UTC).astimezone(load_settings().zone).date()


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DISCLOSURE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("DISCLOSURE_STAFF", f"{CLERK}, telegram:2")
    return tmp_path / "home"


def run(*arguments: str, typed: str = "") -> Result:
    return CliRunner().invoke(main, list(arguments), input=typed)


def form(**changes: Any) -> str:
    """The template, filled in by a clerk today."""
    filled = yaml.safe_load(TEMPLATE)
    filled |= {"officer": CLERK, "intake": "counter", "received_on": TODAY, "way": "邮寄"}
    filled |= {"proof": "王某当面交来，李某在场", "content": "村口桥加固花了多少钱"}
    filled |= {"identity_document": "居民身份证", "identity_checked": "当面看了原件"}
    filled["applicant"] |= {
        "kind": "NP",
        "name": "王秀英",
        "id_number": "362201195001011224",
        "contact": "13812345678",
    }
    filled["applicant"] |= changes.pop("applicant", {})
    return yaml.safe_dump(filled | changes, allow_unicode=True)


def entered(**changes: Any) -> dict[str, Any]:
    done = run("requests", "intake", "-", "--json", typed=form(**changes))
    assert done.exit_code == 0, done.output
    found: dict[str, Any] = json.loads(done.stdout)
    return found


# ---- intake
def test_template_filled_in_is_entered(tmp_path: Path) -> None:
    """What --template prints needs only its blanks filled; the counter starts the clock that day."""
    assert run("requests", "intake", "--template").stdout == TEMPLATE
    (tmp_path / "request.yaml").write_text(form(), encoding="utf-8")
    done = run("requests", "intake", str(tmp_path / "request.yaml"))
    assert done.exit_code == 0, done.output
    assert done.stdout.startswith(f"{TODAY.year}-0001  已收到，待分办\nreceived on {TODAY}, due on ")
    with Program.open(load_settings()) as program, program.ledger.reading() as connection:
        applicant = program.register.session(connection).requests.applicant_for_letters(f"{TODAY.year}-0001")
        events = program.register.session(connection).requests.history(f"{TODAY.year}-0001")
        program.register.session(connection).requests.verify()
    assert (applicant.name, applicant.id_number) == ("王秀英", "362201195001011224")
    assert [(event.kind.value, event.actor) for event in events] == [
        ("submitted", CLERK),
        ("received", CLERK),
        ("identity_checked", CLERK),
    ]
    assert events[2].data == {"document": "居民身份证", "how": "当面看了原件"}
    assert events[1].text("proof") == "王某当面交来，李某在场"


@pytest.mark.parametrize("odd", ["\x07", '"村口\\x07桥\\ufffe\\ud83d"'])
def test_text_that_no_letter_holds_is_left_out(odd: str) -> None:
    """A control character in the file, as it stands or spelt as YAML can, is not on record."""
    wanted = odd if odd.startswith('"') else f"村口{odd}桥"
    done = run(
        "requests", "intake", "-", "--json", typed=form(content="要换的字").replace("要换的字", wanted)
    )
    assert (done.exit_code, json.loads(done.stdout)["content"]) == (0, "村口桥"), done.output


AGENT = {
    "agent_authority": "power_of_attorney",
    "agent_name": "李律",
    "agent_id_number": "11010519491231002X",
    "agent_proof": "2026年11月1日的委托书原件",
}


def test_agent_and_other_applicants_in_the_file() -> None:
    """Each is sealed with the request, which counts for the applicant."""
    number = entered(applicant={**AGENT, "others": "赵六，E12345678，13700137000\n钱七,E7654321"})["number"]
    with Program.open(load_settings()) as program, program.ledger.reading() as connection:
        applicant = program.register.session(connection).requests.applicant_for_letters(number)
    assert applicant.names == "王秀英、赵六、钱七"
    assert applicant.agent is not None
    assert applicant.agent.name == "李律"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({**AGENT, "agent_proof": ""}, "applicant.agent_proof: is missing"),
        ({**AGENT, "agent_authority": "friend"}, "'friend' is not one of power_of_attorney, guardian"),
        ({**AGENT, "agent_id_number": "110105194912310021"}, "applicant.agent_id_number: this number cannot"),
        ({"others": "赵六"}, "applicant.others: line 1"),
        ({"id_number": "362227201501011233"}, "applicant"),
    ],
)
def test_half_an_agent_is_named(changes: dict[str, str], said: str) -> None:
    """Exit code 2, and nothing entered."""
    done = run("requests", "intake", "-", typed=form(applicant=changes))
    assert (done.exit_code, said in done.output) == (2, True), done.output


@pytest.mark.parametrize(
    ("intake", "status", "runs"),
    [
        ("counter", "received", True),
        ("oral", "received", True),
        ("signed_post", "received", True),
        ("ordinary_post", "submitted", False),
        ("fax", "submitted", False),
    ],
)
def test_each_way_in_has_its_day_of_receipt(intake: str, status: str, runs: bool) -> None:
    """Art. 31: the clock runs from the day at the counter and of signed post, else from the confirmation."""
    found = entered(intake=intake, received_on=TODAY - timedelta(days=3))
    assert (found["status"], found["intake"]) == (status, intake)
    assert found["received_on"] == ((TODAY - timedelta(days=3)).isoformat() if runs else None)
    assert bool(found["due_on"]) is runs


def test_identity_that_nobody_checked() -> None:
    """Both fields left out: entered, without a record of a check."""
    number = entered(identity_document="", identity_checked=None)["number"]
    shown = json.loads(run("requests", "show", number, "--json").stdout)
    assert [event["kind"] for event in shown["events"]] == ["submitted", "received"]


def test_blank_template_is_refused() -> None:
    """Nothing in it is filled in beforehand that somebody could leave as it is by mistake."""
    done = run("requests", "intake", "-", typed=TEMPLATE)
    assert (done.exit_code, done.output) == (2, "officer: is missing.\n")
    blank = yaml.safe_load(TEMPLATE)
    assert {value for name, value in blank.items() if name not in ("applicant", "form")} == {""}
    assert set(blank["applicant"].values()) == {""}


def test_repeat_is_entered_and_named() -> None:
    """The same applicant with the same content: never refused."""
    first = entered()
    again = run("requests", "intake", "-", typed=form())
    assert again.exit_code == 0
    assert f"asked the same before: {first['number']}" in again.stderr


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"officer": "telegram:42"}, "officer: 'telegram:42' is no member of staff."),
        ({"intake": "online"}, "intake: 'online' is not one of counter, oral, signed_post"),
        ({"received_on": TODAY + timedelta(days=1)}, "received_on: day_in_the_future; today is"),
        ({"received_on": "2019-02-30"}, "received_on: '2019-02-30' is no day"),
        ({"proof": ""}, "proof: text_empty."),
        ({"content": "  "}, "content: is missing."),
        ({"form": "fax"}, "form: 'fax' is not one of electronic, paper, inspection."),
        ({"applicant": {"kind": "XX"}}, "applicant.kind: 'XX' is not one of NP, CO"),
        ({"applicant": {"name": ""}}, "applicant.name: is missing."),
        (
            {"applicant": {"id_number": "362201195001011225"}},
            "applicant.id_number: this number cannot be right",
        ),
        ({"applicant": {"contact": "x"}}, "applicant.contact: a telephone number"),
        ({"applicant": {"phone": "1"}}, "applicant.phone: no such field"),
        ({"colour": "red"}, "colour: no such field"),
        ({"identity_checked": ""}, "identity_checked: is missing; fill in both"),
        ({"content": "长" * 20_001}, "content: text_too_long."),
    ],
)
def test_mistake_names_its_field_and_enters_nothing(changes: dict[str, Any], said: str) -> None:
    """Exit code 2, the field, what is allowed; and no number is used up."""
    done = run("requests", "intake", "-", typed=form(**changes))
    assert (done.exit_code, said in done.output) == (2, True), done.output
    assert "362201195001011225" not in done.output
    assert run("requests", "list").stdout == "No open request.\n"
    assert entered()["number"].endswith("-0001")


@pytest.mark.parametrize("typed", ["", "- a\n- b\n", "a: [1\n", "\x00", "officer: {a: 1}\n"])
def test_what_is_no_form(typed: str) -> None:
    """Empty, a list, broken YAML, binary: one sentence, no traceback."""
    done = run("requests", "intake", "-", typed=typed)
    assert (done.exit_code, isinstance(done.exception, SystemExit)) == (2, True)
    assert len(done.output.strip().splitlines()) == 1


# ---- list
def numbers(*options: str) -> list[str]:
    return [each["number"][-1] for each in json.loads(run("requests", "list", *options, "--json").stdout)]


def test_filters() -> None:
    """Each alone and together; ended ones only when their state is named."""
    entered(received_on=TODAY - timedelta(days=60), content="逾期的桥")
    entered(content="路灯")
    entered(intake="ordinary_post", content="水库")
    entered(content="撤回的桥")
    with Program.open(load_settings()) as program, program.ledger.transaction() as connection:
        now = datetime.now(UTC)
        program.register.session(connection, now, "telegram:2").intake.take(f"{TODAY.year}-0002")
        program.register.session(connection, now, CLERK).replies.withdraw(
            f"{TODAY.year}-0004", told=Told("申请人本人", "经办人", TODAY, "打电话")
        )
    assert numbers() == ["3", "1", "2"]
    assert numbers("--overdue") == ["1"]
    assert numbers("--assignee", "telegram:2") == ["2"]
    assert numbers("--assignee", "none") == ["3", "1"]
    assert numbers("--state", "submitted") == ["3"]
    assert sorted(numbers("--state", "withdrawn", "--state", "assigned")) == ["2", "4"]
    assert numbers("--search", "桥") == ["1"]
    assert numbers("--search", "桥", "--state", "withdrawn") == ["4"]
    assert numbers("--search", "%") == []
    assert numbers("--overdue", "--assignee", "telegram:2") == []
    assert "  overdue" in run("requests", "list", "--overdue").stdout
    assert run("requests", "list", "--search", "没有的").stdout == "None found.\n"


def test_unknown_state_lists_those_there_are() -> None:
    """A typing mistake is no empty list."""
    done = run("requests", "list", "--state", "servd")
    assert (done.exit_code, "'servd' is not one of submitted, received" in done.output) == (2, True)


# ---- due
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("2019-02-30", "'2019-02-30' is no day"),
        ("20220930", "is no day"),
        ("9999-12-20", "is not between 2008-05-01 and 2099-12-31"),
        ("0001-01-01", "is not between"),
        ("2022-09-30 --extend 21", "21 is not in the range 1<=x<=20"),
        ("2022-09-30 --extend 0", "0 is not in the range"),
        ("2022-09-30 --consult 2022-10-20 2022-10-12", "the opinion (2022-10-12) is before the letter"),
        ("2025-04-25 --consult 2025-04-01 2025-05-06", "the letter (2025-04-01) is before the receipt"),
        ("2025-04-25 --consult 2025-05-27 2025-06-06", "is not before 2025-05-27, when the reply was due"),
        ("2025-04-25 --consult 2025-05-07", "is no day; write it as"),
        ("2025-04-25 --corrected 2025-04-01", "--corrected 2025-04-01 is before 2025-04-25"),
        ("2025-04-25 --paid 2025-04-01", "--paid 2025-04-01 is before 2025-04-25"),
        ("2025-04-25 --corrected 2025-05-10 --paid 2025-05-09", "--paid 2025-05-09 is before 2025-05-10"),
    ],
)
def test_impossible_days_are_refused(arguments: str, said: str) -> None:
    """One sentence that names the day, exit code 2, nothing on stdout."""
    done = run("due", *arguments.split(), "--json")
    assert (done.exit_code, done.stdout) == (2, "")
    assert said in done.stderr


@pytest.mark.parametrize(
    ("arguments", "due_on", "provisional"),
    [
        ("2031-03-03", "2031-03-31", True),
        ("2025-04-25 --consult 2025-05-07 2025-05-20 --consult 2025-05-12 2025-05-26", "2025-06-16", False),
        ("2025-04-25 --consult 2025-05-07 2025-05-20 --consult 2025-05-07 2025-05-20", "2025-06-10", False),
        # Silence: 15 working days after the letter end on 28 May, whenever an answer comes.
        ("2025-04-25 --consult 2025-05-07 2025-05-28", "2025-06-18", False),
        ("2025-04-25 --consult 2025-05-07 2026-05-07", "2025-06-18", False),
        ("2025-04-25 --corrected 2025-05-12 --paid 2025-05-20", "2025-06-18", False),
    ],
)
def test_unusual_days_are_counted(arguments: str, due_on: str, provisional: bool) -> None:
    """Years without a notice are provisional, overlapping consultations count once, silence ends one."""
    found = json.loads(run("due", *arguments.split(), "--json").stdout)
    assert (found["due_on"], found["provisional"]) == (due_on, provisional)


def test_broken_calendar_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The calculator names the line of the office's own file."""
    (tmp_path / "calendar.yaml").write_text("- year: 20277\n", encoding="utf-8")
    monkeypatch.setenv("DISCLOSURE_CALENDAR", str(tmp_path / "calendar.yaml"))
    done = run("due", "2027-01-04")
    assert (done.exit_code, "calendar.yaml 第 1 行" in done.output) == (1, True)
