"""/grant and /revoke: leaders alone, on record, effective at once, and no request without an owner."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.desk import tables
from bot.desk.acts.roles import granted
from bot.desk.errors import NotAllowed
from bot.messages import Address, ChatKind, Turn
from tests.dialogue.stage import (
    ADMIN,
    CLERK,
    GROUP,
    LEADER,
    LI,
    WANG,
    Stage,
    account,
    label_of,
    officer,
    wide,
)

NEW = "telegram:77"
OTHER_GROUP = "telegram:-200"


@pytest.fixture
def office(stage: Stage) -> Stage:
    """One clerk, one leader, one admin, all named in the settings."""
    stage.restart(leaders=(LEADER,))
    return stage


def roles(stage: Stage) -> list[tuple[str, str, str]]:
    with stage.ledger.reading() as connection:
        return [(each.person, each.role, each.by) for each in granted(connection)]


def code_for(stage: Stage, role: str = "staff") -> str:
    shown = stage.says(LEADER, f"/grant {role}").outgoing[0].text
    found = re.search(r"[2-9A-Z]{5}-[2-9A-Z]{5}", shown)
    assert found is not None, shown
    return found[0]


def replying(stage: Stage, who: str, text: str, to: str, group: str = GROUP) -> Turn:
    """A message in a group that replies to one of `to`."""
    incoming = replace(
        stage._incoming(who, text=text),
        address=Address.parse(group),
        chat_kind=ChatKind.GROUP,
        replied_person=Address.parse(to),
    )
    return stage.handle(incoming)


# ---- who may ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize("who", [LI, CLERK, ADMIN])
@pytest.mark.parametrize("text", ["/grant", "/grant staff telegram:42", "/revoke", "/revoke telegram:1"])
def test_nobody_else_learns_of_it(office: Stage, who: str, text: str) -> None:
    """For residents the command does not exist; a colleague is told whose it is, not who has it."""
    told = office.says(who, text).outgoing
    if who == LI:
        assert told == office.says(who, "/nosuchthing").outgoing
    else:
        assert [message.event for message in told] == ["command_of_others"]
        assert "telegram:" not in told[0].text
    assert "/grant" not in office.says(who, "帮助").outgoing[0].text
    assert roles(office) == []


@pytest.mark.parametrize("data", ["gc:staff", "gv:1", "gs:1"])
def test_buttons_of_leaders(office: Stage, data: str) -> None:
    """A leader's button pressed by somebody else is one that never existed."""
    for who in (LI, CLERK, ADMIN):
        assert office.presses_data(who, data).outgoing == office.presses_data(who, "zz:1").outgoing


def test_without_leaders_nobody_grants(stage: Stage) -> None:
    """An office that names no leader has no such command; staff do not become leaders by it."""
    assert stage.says(CLERK, "/grant").outgoing[0].event == "command_of_others"


def test_role_words_are_questions_to_others(office: Stage) -> None:
    """授权 typed by a resident is a question like any other."""
    assert office.says(LI, "授权").outgoing[0].event not in ("roles", "grant_how")
    assert office.says(LEADER, "授权").outgoing[0].event == "roles"


# ---- granting --------------------------------------------------------------------------------------------
def test_grant_by_id(office: Stage) -> None:
    """Somebody who has written to the bot gets the role, is told, and finds the menu; it is on record."""
    office.says(NEW, "你好")
    turn = office.says(LEADER, "/grant staff 77")
    assert [message.event for message in turn.outgoing] == ["granted", "granted_you"]
    assert turn.outgoing[1].menu == ("resident", "staff")
    assert office.says(NEW, "/queue").outgoing[0].event == "queue_empty"
    with office.ledger.reading() as connection:
        row = connection.execute(sa.select(tables.events).where(tables.events.c.subject == "roles")).one()
        assert office.register.session(connection).requests.verify() == 1
    assert (row.kind, row.actor, row.data["person"], row.data["role"]) == (
        "role_granted",
        LEADER,
        NEW,
        "staff",
    )


@pytest.mark.parametrize(
    "who", ["78", "telegram:-100", "nonsense", "telegram:", "1 2", wide("99"), "🙂" * 200]
)
def test_slip_of_the_pen_grants_nothing(office: Stage, who: str) -> None:
    """An id of nobody who ever wrote, or no id at all, is asked about and not granted."""
    event = office.says(LEADER, f"/grant staff {who}").outgoing[0].event
    assert event in ("grant_unknown_person", "grant_whom")
    assert roles(office) == []


def test_unknown_role_and_reviewer(office: Stage) -> None:
    """What can be granted is said; reviewing is explained, for it is no role of its own."""
    assert office.says(LEADER, "/grant king telegram:42").outgoing[0].event == "grant_how"
    assert office.says(LEADER, "/grant 审核人 telegram:42").outgoing[0].event == "grant_reviewer"


def test_grant_by_reply_in_the_staff_chat(office: Stage) -> None:
    """Replying to a message says who is meant, also somebody who never wrote to the bot alone."""
    office.restart(staff_chat=GROUP)
    assert replying(office, LEADER, "/grant 经办人", NEW).outgoing[0].event == "granted"
    assert roles(office) == [(NEW, "staff", LEADER)]
    assert office.in_group(NEW, "/queue").outgoing[0].event == "queue_empty"
    assert office.in_group(LEADER, "/grant staff").outgoing[0].event == "grant_whom"


def test_other_group_sees_nothing(office: Stage) -> None:
    """In a group that is not the staff's the leader is answered alone."""
    turn = replying(office, LEADER, "/grant staff", NEW, OTHER_GROUP)
    assert {str(message.address) for message in turn.outgoing} == {LEADER}
    assert roles(office) == [(NEW, "staff", LEADER)]


def test_twice_is_once(office: Stage) -> None:
    """Granted again, or named in the settings already: nothing new is recorded."""
    office.says(NEW, "你好")
    office.says(LEADER, "/grant staff 77")
    assert office.says(LEADER, "/grant staff 77").outgoing[0].event == "grant_already"
    assert office.says(LEADER, f"/grant staff {CLERK}").outgoing[0].event == "grant_already"
    assert len(roles(office)) == 1


def test_menu_comes_with_the_first_start(office: Stage) -> None:
    """Granted by a reply before the first word to the bot: /start brings the menu."""
    replying(office, LEADER, "/grant admin", NEW, OTHER_GROUP)
    assert office.says(NEW, "/start").outgoing[0].menu == ("resident", "admin")
    assert office.says(LI, "/start").outgoing[0].menu == ()


# ---- codes -----------------------------------------------------------------------------------------------
def test_code_works_once(office: Stage) -> None:
    """Typed by the colleague it gives the role; by a second person, or again, it is an unknown text."""
    code = code_for(office, "admin")
    turn = office.says(NEW, f"授权码 {code}")
    assert [message.event for message in turn.outgoing] == ["granted_you", "code_used"]
    assert turn.outgoing[0].menu == ("resident", "admin")
    assert office.says(NEW, "/unanswered").outgoing[0].event == "unanswered_none"
    assert office.says(LI, f"授权码 {code}").outgoing[0].event == "code_wrong"
    assert office.says(LI, "/unanswered").outgoing[0].event == "unknown_command"
    assert roles(office) == [(NEW, "admin", LEADER)]


@pytest.mark.parametrize("who", [NEW, LI])
def test_a_used_code_is_used_up(office: Stage, who: str) -> None:
    """Not for its first user either, once the role was taken back: nobody lets themselves in again."""
    code = code_for(office)
    office.says(NEW, f"授权码 {code}")
    office.says(LEADER, f"/revoke {NEW}")
    for label in office.labels(LEADER):
        if "收回" in label:
            office.presses(LEADER, label)
            break
    assert roles(office) == []
    assert office.says(who, f"授权码 {code}").outgoing[0].event == "code_wrong"
    assert roles(office) == []


def test_of_two_who_type_it_at_once_one_gets_it(office: Stage) -> None:
    """The row that is changed decides, not the row that was read."""
    code = code_for(office).replace("-", "")
    with office.ledger.transaction() as connection:
        desk = office.register.session(connection, office.now)
        granted_to = [desk.by(who).roles.use_code(code=code) for who in (NEW, LI, NEW)]
    assert [bool(each) for each in granted_to] == [True, False, False]
    assert roles(office) == [(NEW, "staff", LEADER)]


def test_only_a_leader_changes_a_role(office: Stage) -> None:
    """Whatever button it came from: the register itself asks who leads now."""
    with office.ledger.transaction() as connection:
        desk = office.register.session(connection, office.now, NEW)
        desk.by(LEADER).roles.grant(person=LI, role="staff", how="id")
        with pytest.raises(NotAllowed, match="leaders_only"):
            desk.roles.revoke(person=LI, role="staff")
        with pytest.raises(NotAllowed, match="leaders_only"):
            desk.roles.grant(person=LI, role="staff", how="id")
        with pytest.raises(NotAllowed, match="leaders_only"):
            desk.roles.make_code(role="leader")
    assert roles(office) == [(LI, "staff", LEADER)]


WRONG = [f"{first}2345-6789{last}" for first in "ABCDEFGH" for last in "ABCDE"]  # 40


def test_guesses_are_slowed_down(office: Stage) -> None:
    """After five in an hour not even the right code is looked at; an hour later it is."""
    code = code_for(office)
    said = [office.says(NEW, f"授权码 {guess}").outgoing[0].event for guess in WRONG[:7]]
    assert said == ["code_wrong"] * 5 + ["code_wait"] * 2
    assert office.says(NEW, code).outgoing[0].event == "code_wait"
    assert (
        office.says(LI, "授权码 22222-22222").outgoing[0].event == "code_wrong"
    )  # somebody else is not slowed
    office.wait(minutes=61)
    assert office.says(NEW, code).outgoing[0].event == "granted_you"


@pytest.mark.parametrize("spelling", ["授权码 {}", "{}"])
def test_leaders_hear_of_guessing(office: Stage, spelling: str) -> None:
    """From the tenth of a day on, however far apart they come, and not at every single one."""
    office.seen[LEADER] = []
    for guess in WRONG:
        office.wait(minutes=20)
        office.says(NEW, spelling.format(guess))
    told = [message.text for message in office.seen[LEADER] if message.event == "code_guessed"]
    assert len(told) == 3
    assert all(account(NEW) in text for text in told)
    assert [count for count in ("10", "20", "40") if f" {count} " in "".join(told)] == ["10", "20", "40"]
    assert not any(guess in text for text in told for guess in WRONG)


def test_guesses_that_are_not_looked_at_count(office: Stage) -> None:
    """All at once: from the sixth on none is looked at, and leaders hear of the tenth all the same."""
    office.seen[LEADER] = []
    said = [office.says(NEW, f"授权码 {guess}").outgoing[0].event for guess in WRONG[:10]]
    assert said == ["code_wrong"] * 5 + ["code_wait"] * 5
    assert [message.event for message in office.seen[LEADER]] == ["code_guessed"]


def test_guesses_of_many_accounts_are_counted_together(office: Stage) -> None:
    """Two each: nobody reaches five; from the thirtieth on one try each, and who has a real code gets in."""
    code = code_for(office)
    office.seen[LEADER] = []
    accounts = [f"telegram:{9000 + place}" for place in range(15)]
    for guesser in accounts:
        for guess in WRONG[:2]:
            assert office.says(guesser, f"授权码 {guess}").outgoing[0].event == "code_wrong"
    told = [message.text for message in office.seen[LEADER] if message.event == "code_guessed_by_many"]
    assert len(told) == 1
    assert "15 个账号" in told[0]
    assert "30 个" in told[0]
    late = "telegram:9999"
    said = [office.says(late, f"授权码 {guess}").outgoing[0].event for guess in WRONG[:2]]
    assert said == ["code_wrong", "code_wait"]
    assert office.says(NEW, code).outgoing[0].event == "granted_you"
    office.wait(minutes=61)
    assert office.says(late, f"授权码 {WRONG[3]}").outgoing[0].event == "code_wrong"


@pytest.mark.parametrize("spelling", ["{0}", "{1}", "授权码：{0}。", "授權碼 {1}", "授权码{2}", " code {1} "])
def test_code_as_people_type_it(office: Stage, spelling: str) -> None:
    """Small letters, full width, with and without the word."""
    code = code_for(office)
    assert (
        office.says(NEW, spelling.format(code, code.lower(), wide(code))).outgoing[0].event == "granted_you"
    )


def test_code_ends_after_a_day(office: Stage) -> None:
    """Just before it works, just after it does not."""
    first, second = code_for(office), code_for(office)
    office.wait(hours=24)
    assert office.says(NEW, first).outgoing[0].event == "granted_you"
    office.now += timedelta(seconds=1)
    assert office.says(LI, f"授权码 {second}").outgoing[0].event == "code_wrong"


def test_code_is_kept_nowhere(office: Stage) -> None:
    """The ledger holds a keyed hash only; a wrong code is not kept as a question either."""
    code = code_for(office)
    with office.ledger.reading() as connection:
        (row,) = connection.execute(sa.select(tables.role_codes)).all()
    assert code.replace("-", "") not in str(row)
    assert len(row.code_key) == 64


def test_code_of_a_leader_who_left(office: Stage) -> None:
    """A code is worth what its maker may do now."""
    code = code_for(office)
    office.restart(leaders=("telegram:3",))
    assert office.says(NEW, f"授权码 {code}").outgoing[0].event == "code_wrong"


def test_code_in_the_middle_of_a_form(office: Stage) -> None:
    """The form stays where it was."""
    office.says(NEW, "申请")
    office.presses(NEW, "个人")
    assert office.says(NEW, code_for(office)).outgoing[0].event == "granted_you"
    assert office.says(NEW, "王小明").outgoing[0].event == "form_id_number"


def test_code_in_a_group_is_not_taken(office: Stage) -> None:
    """There everybody reads it."""
    office.in_group(NEW, f"授权码 {code_for(office)}")
    assert roles(office) == []


def test_what_looks_like_a_code_is_a_question(office: Stage) -> None:
    """A text in the shape of a code is answered as what it is."""
    assert office.says(WANG, "ABCDE-FGHJK").outgoing[0].event not in ("code_wrong", "granted_you")


# ---- revoking --------------------------------------------------------------------------------------------
def test_revoking_hands_the_requests_over(office: Stage) -> None:
    """Open requests go to the leader with their cards, the person loses everything at once."""
    office.says(NEW, code_for(office))
    number = office.file_request(WANG)
    office.presses_data(NEW, f"sr:{number}")
    office.presses_data(NEW, f"sk:{number}")
    asked = office.says(LEADER, "/revoke 77").outgoing[0]
    assert "1 件申请会转给您" in asked.text
    turn = office.presses(LEADER, "确定收回")
    assert [message.event for message in turn.outgoing] == ["revoked", "revoked_you"]
    assert number in turn.outgoing[0].text
    assert turn.outgoing[1].menu == ("resident",)
    with office.ledger.reading() as connection:
        assert office.register.session(connection).requests.get(number).assigned_to == LEADER
        office.register.session(connection).requests.verify()
    assert office.says(NEW, "/queue").outgoing[0].event == "unknown_command"
    assert office.presses_data(NEW, f"re:{number}").outgoing[0].event == "button_expired"
    assert office.presses(LEADER, "确定收回").outgoing[0].event == "revoke_gone"


def test_staff_group_is_not_forgotten(office: Stage) -> None:
    """Who leaves may still sit in the staff group, where the bot cannot put anybody out."""
    office.restart(staff_chat=GROUP)
    office.says(NEW, code_for(office))
    office.says(LEADER, "/revoke 77")
    assert "移出" in office.presses(LEADER, "确定收回").outgoing[0].text


def test_half_written_reply_of_who_was_revoked(office: Stage) -> None:
    """What is typed next is a question like a resident's."""
    office.says(NEW, code_for(office))
    number = office.file_request(WANG)
    office.presses_data(NEW, f"sr:{number}")
    for label in ("答复", "可以公开，全部给"):
        office.presses(NEW, label)
    office.says(LEADER, "/revoke 77")
    office.presses(LEADER, "确定收回")
    assert office.says(NEW, "村口桥总投资38万元。").outgoing[0].event != "reply_read_back"


def test_settings_are_the_root(office: Stage) -> None:
    """Who is named in the settings is not revoked in chat, and the answer says where it is done."""
    assert "settings.yaml" in office.says(LEADER, f"/revoke {CLERK}").outgoing[0].text
    assert office.says(LEADER, "/revoke telegram:555").outgoing[0].event == "revoke_nothing"
    assert office.says(CLERK, "/queue").outgoing[0].event == "queue_empty"


def test_one_of_several_roles(office: Stage) -> None:
    """Which role is asked; the other one stays, and with staff among them nothing is handed over."""
    for role in ("staff", "leader", "admin"):
        office.says(NEW, code_for(office, role))
    assert len(office.says(LEADER, "/revoke 77").outgoing[0].labels) == 3
    office.presses(LEADER, f"收回：{account(NEW)} 负责人")
    office.presses(LEADER, "确定收回")
    assert {role for _, role, _ in roles(office)} == {"staff", "admin"}
    assert office.says(NEW, "/queue").outgoing[0].event == "queue_empty"
    assert office.says(NEW, "/grant").outgoing[0].event == "command_of_others"


def test_leader_who_leaves_by_his_own_hand(office: Stage) -> None:
    """His requests go to another leader."""
    office.says(NEW, code_for(office, "leader"))
    number = office.file_request(WANG)
    office.presses_data(NEW, f"sr:{number}")
    office.presses_data(NEW, f"sk:{number}")
    assert f"1 件申请会转给 {officer(LEADER)}" in office.says(NEW, "/revoke 77").outgoing[0].text
    turn = office.presses(NEW, "确定收回")
    assert turn.outgoing[0].menu == ("resident",)
    assert [str(m.address) for m in turn.outgoing if m.event == "staff_assigned_to_you"] == [LEADER]
    assert office.says(NEW, "/grant").outgoing[0].event == "unknown_command"


def test_other_leaders_are_told(office: Stage) -> None:
    """Nobody gets or loses a role unseen."""
    office.restart(leaders=(LEADER, "telegram:3"))
    office.says(NEW, "你好")
    office.says(LEADER, "/grant staff 77")
    assert office.last("telegram:3").event == "granted_by_colleague"
    office.says(LEADER, "/revoke 77")
    office.presses(LEADER, "确定收回")
    assert office.last("telegram:3").event == "revoked_by_colleague"


def test_granted_anew(office: Stage) -> None:
    """Events follow each other: granted, revoked, granted; an old button of the first grant does nothing."""
    office.says(NEW, "你好")
    office.says(LEADER, "/grant staff 77")
    office.says(LEADER, "/revoke 77")
    office.presses(LEADER, "确定收回")
    office.says(LEADER, "/grant staff 77")
    assert office.presses(LEADER, "确定收回").outgoing[0].event == "revoke_gone"
    assert roles(office) == [(NEW, "staff", LEADER)]


# ---- what follows from a role ----------------------------------------------------------------------------
def test_cards_and_review_follow_the_roles_in_force(stage: Stage) -> None:
    """The second person makes the review obligatory, and may do it; revoked, one alone answers again."""
    stage.restart(staff=(), leaders=(LEADER,))
    stage.says(NEW, code_for(stage))
    number = stage.file_request(WANG)
    assert stage.last(NEW).event == stage.last(LEADER).event == "staff_new_request"
    for label in (label_of("confirm_receipt"), "答复", "可以公开，全部给"):
        stage.presses(NEW, label)
    stage.says(NEW, "村口桥2025年加固，总投资38万元。")
    stage.presses(NEW, "保存答复")
    assert stage.presses_data(NEW, f"rv:{number}").outgoing[0].event.startswith("refused")
    stage.presses_data(LEADER, f"rv:{number}")
    with stage.ledger.reading() as connection:
        reply = stage.register.session(connection).requests.get(number).reply
    assert reply is not None
    assert (reply.drafted_by, reply.reviewed_by) == (NEW, LEADER)


def test_escalation_reaches_a_granted_leader(stage: Stage) -> None:
    """A reminder that nobody answered goes to who leads now."""
    stage.restart(leaders=(LEADER,))
    stage.says(NEW, code_for(stage, "leader"))
    stage.file_request(WANG)
    for _ in range(24 * 6):
        stage.wait(hours=1)
        stage.make_rounds()
    escalated = {who for who in (NEW, LEADER, CLERK) if "escalated" in "".join(stage.events(who))}
    assert NEW in escalated


def test_who_was_taken_out_of_the_settings(office: Stage) -> None:
    """His open requests are told to the leader each day, until they are given to somebody."""
    number = office.file_request(WANG)
    for label in (label_of("confirm_receipt"), "我来办"):
        office.presses(CLERK, label)
    office.restart(staff=("telegram:3",))
    for day in (1, 2):
        told = [m for _ in range(3) for m in office.make_rounds() if m.event == "orphaned"]
        assert [(str(m.address), number in m.text, account(CLERK) in m.text) for m in told] == [
            (LEADER, True, True)
        ], day
        office.wait(days=1)
    office.says(LEADER, "交接")
    office.presses(LEADER, officer(CLERK))
    office.presses(LEADER, officer("telegram:3"))
    office.presses(LEADER, "确认登记")
    assert [m for m in office.make_rounds() if m.event == "orphaned"] == []


def test_roles_survive_a_restart(office: Stage) -> None:
    """They are in the ledger, not in a process."""
    office.says(NEW, code_for(office))
    office.restart()
    assert office.says(NEW, "/queue").outgoing[0].event == "queue_empty"


def test_list_says_where_a_role_comes_from(office: Stage) -> None:
    """The settings' people and the granted ones, with by whom and when."""
    office.says(NEW, code_for(office))
    text = office.says(LEADER, "/grant").outgoing[0].text
    assert f"{account(CLERK)} 经办人（设置里写的）" in text
    assert f"{account(NEW)} 经办人（2026年11月24日 {officer(LEADER)} 授权）" in text
