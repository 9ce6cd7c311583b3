"""On a chat whose servers are abroad nobody is asked who they are; the office takes the identity itself."""

from __future__ import annotations

from datetime import date

import pytest

from bot.desk.annual_report.counts import case_of
from bot.desk.errors import DeskError
from bot.desk.guards import Told
from bot.desk.model import Applicant, ApplicantKind, EventKind, Status
from tests.dialogue.stage import CLERK, ID_NUMBER, LI, WANG, Stage, label_of, officer
from tests.letters_read import words_of

WANTED = "村口桥加固花了多少钱"
CLERK_AT_DESK = "terminal:clerk"


@pytest.fixture
def abroad(stage: Stage) -> Stage:
    """As it is delivered: Telegram asks for no identity, the terminal does."""
    stage.restart(identity_on_chat=("terminal",), staff=(CLERK, CLERK_AT_DESK), office_phone="0795-1234567")
    return stage


def filed(stage: Stage, who: str = WANG, wanted: str = WANTED) -> str:
    """The whole form as it is there; gives back the number."""
    stage.says(who, "申请")
    stage.says(who, "13800138000")
    stage.says(who, wanted)
    stage.presses(who, "电子文件")
    stage.presses(who, "在这个聊天里发给我")
    stage.presses(who, "确认提交")
    with stage.ledger.reading() as connection:
        return stage.register.session(connection).requests.of(who)[0].number


def identity_taken(stage: Stage, number: str, name: str = "王小明", id_number: str = ID_NUMBER) -> None:
    """The clerk at the office's own machine."""
    stage.says(CLERK_AT_DESK, f"/queue {number}")
    stage.presses(CLERK_AT_DESK, "登记申请人身份")
    stage.presses(CLERK_AT_DESK, "自然人" if "自然人" in stage.labels(CLERK_AT_DESK) else "个人")
    for text in (name, id_number):
        stage.says(CLERK_AT_DESK, text)
    stage.presses(CLERK_AT_DESK, "申请人自己")
    stage.presses(CLERK_AT_DESK, "居民身份证")
    stage.presses(CLERK_AT_DESK, "当面看了原件")
    stage.presses(CLERK_AT_DESK, "确认登记")


def test_the_form_asks_only_for_what_is_wanted_and_a_contact(abroad: Stage) -> None:
    """Three steps; what follows and where is said, and nothing about a name or a number is asked."""
    number = filed(abroad)
    said = [message for message in abroad.seen[WANG] if message.event.startswith("form_")]
    assert [message.event for message in said] == ["form_contact", "form_wanted", "form_form", "form_way"]
    assert "第 1 步，共 3 步" in said[0].text
    assert "不要在这里写姓名和身份证号" in said[0].text
    last = abroad.last(WANG).text
    assert number in last
    assert "0795-1234567" in last
    assert "身份证明" in last


def test_it_is_registered_and_the_clock_starts_all_the_same(abroad: Stage) -> None:
    """Confirmed like any other, with its receipt; the card says what is missing."""
    number = filed(abroad)
    assert "身份还没有登记" in abroad.last(CLERK).text
    abroad.says(CLERK, f"/queue {number}")
    abroad.presses(CLERK, label_of("confirm_receipt"))
    with abroad.ledger.reading() as connection:
        request = abroad.register.session(connection).requests.get(number)
        assert (request.status, request.needs_identity) == (Status.RECEIVED, True)
        assert request.due_on is not None
        assert {letter.kind for letter in abroad.register.session(connection).letters.of(number)} == {
            "receipt"
        }
        abroad.register.session(connection).requests.verify()


def test_the_clerk_takes_it(abroad: Stage) -> None:
    """Name, number, what was shown and how; on record without the identity itself."""
    number = filed(abroad)
    identity_taken(abroad, number)
    with abroad.ledger.reading() as connection:
        request = abroad.register.session(connection).requests.get(number)
        applicant = abroad.register.session(connection).requests.applicant_for_letters(number)
        event = abroad.register.session(connection).requests.history(number)[-1]
        abroad.register.session(connection).requests.verify()
    assert applicant == Applicant(ApplicantKind.NATURAL_PERSON, "王小明", ID_NUMBER, "13800138000")
    assert (request.needs_identity, request.applicant_masked) == (False, "王**")
    assert (event.kind, event.text("document")) == (EventKind.IDENTITY_TAKEN, "居民身份证")
    assert not {"王小明", ID_NUMBER} & {str(value) for value in event.data.values()}


def test_a_repeat_is_found_when_the_identity_comes_later(abroad: Stage) -> None:
    """Art. 36(6): the same person from two accounts, known only once both have shown who they are."""
    first, second = filed(abroad), filed(abroad, LI)
    with abroad.ledger.reading() as connection:
        before = abroad.register.session(connection).requests.get(first).repeat_of
    identity_taken(abroad, second)
    identity_taken(abroad, first)
    with abroad.ledger.reading() as connection:
        assert before == ()
        assert abroad.register.session(connection).requests.get(second).repeat_of == (first,)


def test_nobody_takes_the_place_of_a_known_applicant(abroad: Stage) -> None:
    """Taken once; a second time is refused, and the first stays."""
    number = filed(abroad)
    identity_taken(abroad, number)
    other = Applicant(ApplicantKind.COMPANY, "别的公司", "91360902MA35ABCD0W", "")
    with abroad.ledger.transaction() as connection, pytest.raises(DeskError, match="identity_known"):
        abroad.register.session(connection, abroad.now, CLERK).privacy.take_identity(
            number, applicant=other, document="证照", how="看了"
        )


def test_the_column_of_table_3_is_the_one_that_was_shown(abroad: Stage) -> None:
    """A company that filed by chat counts as one, not as a natural person."""
    number = filed(abroad)
    company = Applicant(ApplicantKind.COMPANY, "果业公司", "91360902MA35ABCD0W", "")
    with abroad.ledger.transaction() as connection:
        abroad.register.session(connection, abroad.now, CLERK).intake.confirm_receipt(number)
        abroad.register.session(connection, abroad.now, CLERK).privacy.take_identity(
            number, applicant=company, document="执照", how="看了原件"
        )
        table = abroad.register.session(connection).reporting.table_3(2026)
        events = abroad.register.session(connection).requests.history(number)
        case = case_of(events, abroad.register.session(connection).requests.standing(number))
    new = next(iter(table.numbers.values()))  # 一、本年新收
    assert [column for column, numbers in new.items() if numbers] == ["CO", "总计"]
    assert case is not None
    assert case.kind is ApplicantKind.COMPANY  # from the events alone too


def test_no_identity_is_typed_by_staff_on_that_chat_either(abroad: Stage) -> None:
    """The clerk is sent to the office's own machine."""
    number = filed(abroad)
    abroad.says(CLERK, f"/queue {number}")
    abroad.presses(CLERK, "登记申请人身份")
    assert abroad.last(CLERK).event == "identity_not_on_this_chat"
    abroad.says(CLERK, "登记")
    assert abroad.last(CLERK).event == "identity_not_on_this_chat"


def test_an_erased_contact_is_erased_without_a_name_too(abroad: Stage) -> None:
    """Whose identity never came is forgotten like everybody's."""
    number = filed(abroad)
    with abroad.ledger.transaction() as connection:
        abroad.register.session(connection, abroad.now, WANG).replies.withdraw(number)
        day = abroad.now.date().replace(year=2040)
        assert abroad.register.session(connection).privacy.expired_identities(day, 10) == [number]
        abroad.register.session(connection, abroad.now).privacy.erase_identity(number)
        assert abroad.register.session(connection).privacy.expired_identities(day, 10) == []


def test_a_record_correction_asks_for_none_either(abroad: Stage) -> None:
    """Filed with a contact; the office asks who it is."""
    abroad.says(WANG, "更正")
    for _ in range(3):
        if abroad.last(WANG).event == "form_contact":
            break
        abroad.presses(WANG, abroad.labels(WANG)[0])
    for text in ("13800138000", "低保档案", "名字写成了别的", "户口本"):
        abroad.says(WANG, text)
    abroad.presses(WANG, "确认提交")
    assert abroad.last(WANG).event == "record_correction_filed"
    assert "身份证明" in abroad.last(WANG).text
    assert "身份还没有登记" in abroad.last(CLERK).text


def test_identity_of_a_record_correction_is_taken_at_the_office(abroad: Stage) -> None:
    """On the G card, like for a request; before it nothing is corrected; afterwards letters name them."""
    number = record_filed(abroad)
    desk = CLERK_AT_DESK
    abroad.says(CLERK, number)
    abroad.presses(CLERK, "登记申请人身份")
    assert abroad.last(CLERK).event == "identity_not_on_this_chat"
    abroad.says(desk, number)
    abroad.presses(desk, "我来办")
    abroad.presses(desk, "已更正")
    abroad.says(desk, "姓名已经改为王小明")
    abroad.presses(desk, "确认登记")
    assert "要先核对记录是谁的" in abroad.last(desk).text
    abroad.presses(desk, "取消")
    abroad.says(desk, number)
    abroad.presses(desk, "登记申请人身份")
    for answer in ("个人", "王小明", ID_NUMBER, "代理人，凭委托书", "李四", "E12345678"):
        answer_in(abroad, desk, answer)
    for answer in ("2026年11月1日的委托书原件", "居民身份证", "当面看了原件", "确认登记"):
        answer_in(abroad, desk, answer)
    assert "申请人：自然人 王**（代理人李**代为申请）" in abroad.last(desk).text
    assert "登记申请人身份" not in abroad.labels(desk)
    with abroad.ledger.reading() as connection:
        event = abroad.register.session(connection).requests.history(number)[-1]
        abroad.register.session(connection).requests.verify()
    assert (event.kind, event.text("document")) == (EventKind.IDENTITY_TAKEN, "居民身份证")
    assert not {"王小明", ID_NUMBER, "李四"} & {str(value) for value in event.data.values()}
    with abroad.ledger.transaction() as connection, pytest.raises(DeskError, match="identity_known"):
        abroad.register.session(connection, abroad.now, CLERK).record_corrections.take_identity(
            number,
            applicant=Applicant(ApplicantKind.NATURAL_PERSON, "赵六", "E1", ""),
            document="证件",
            how="看了",
        )
    abroad.presses(desk, "已更正")
    abroad.says(desk, "姓名已经改为王小明")
    abroad.presses(desk, "确认登记")
    abroad.says(desk, number)
    abroad.presses(desk, "这件的文书")
    assert {message.event for message in abroad.seen[desk][-2:]} == {"staff_letter"}  # receipt and answer
    letter = abroad.last(desk).document
    assert letter is not None
    words = words_of(letter.content)
    assert "王小明（代理人：李四）" in words


def test_the_g_card_has_the_letters_that_its_sentence_names(abroad: Stage) -> None:
    """On Telegram the clerk is told which button to press at the office: it is there."""
    with abroad.ledger.transaction() as connection:
        number = (
            abroad.register.session(connection, abroad.now, CLERK)
            .record_corrections.enter(
                applicant=Applicant(ApplicantKind.NATURAL_PERSON, "王小明", ID_NUMBER, "13800138000"),
                record="低保档案",
                wrong="名字写错",
                evidence="户口本",
            )
            .number
        )
    abroad.says(CLERK, number)
    abroad.presses(CLERK, "已更正")
    abroad.says(CLERK, "姓名已经改为王小明")
    abroad.presses(CLERK, "确认登记")
    assert abroad.last(CLERK).event == "record_letters_not_on_this_chat"
    assert "更多" not in abroad.last(CLERK).text
    assert "点“这件的文书”" in abroad.last(CLERK).text
    abroad.says(CLERK_AT_DESK, number)
    assert "这件的文书" in abroad.labels(CLERK_AT_DESK)
    assert "更多" not in abroad.labels(CLERK_AT_DESK)


def record_filed(stage: Stage) -> str:
    """更正 as it is filed there; gives back the number."""
    stage.says(WANG, "更正")
    for text in ("13800138000", "低保档案", "名字写成了别的", "户口本"):
        stage.says(WANG, text)
    stage.presses(WANG, "确认提交")
    with stage.ledger.reading() as connection:
        return stage.register.session(connection).record_corrections.of(WANG)[0].number


def answer_in(stage: Stage, who: str, answer: str) -> None:
    if answer in stage.labels(who):
        stage.presses(who, answer)
    else:
        stage.says(who, answer)


# ---- a withdrawal that was told to somebody
def test_a_withdrawal_by_telephone_names_who_told_whom_when(stage: Stage) -> None:
    """The clerk's word alone ends nothing; the four answers are on record and in the timeline."""
    number = stage.file_request(WANG)
    stage.says(CLERK, f"/queue {number}")
    stage.presses(CLERK, "更多")
    stage.presses(CLERK, "申请人来电来函撤回")
    stage.presses(CLERK, "打电话")
    for nothing in ("无", "--", "不知道", "谁"):
        stage.says(CLERK, nothing)
        assert stage.last(CLERK).event == "record_told_by"
    for text in ("申请人本人", "我"):
        stage.says(CLERK, text)
    stage.says(CLERK, "9月1日")  # before it was filed
    assert stage.last(CLERK).event == "record_told_on"
    stage.presses(CLERK, "今天")
    stage.says(CLERK, "不要了")  # their word, and no wish to drop the form
    assert officer(CLERK) in stage.last(CLERK).text
    stage.presses(CLERK, "确认登记")
    with stage.ledger.reading() as connection:
        event = stage.register.session(connection).requests.history(number)[-1]
    assert event.kind is EventKind.WITHDRAWN
    assert [event.text(f"told_{name}") for name in ("by", "to", "on", "how")] == [
        "申请人本人",
        officer(CLERK),
        "2026-11-24",
        "打电话",
    ]


@pytest.mark.parametrize(
    "told",
    [
        None,
        Told("", "张某", date(2026, 11, 24), "打电话"),
        Told("本人", " ", date(2026, 11, 24), "打电话"),
        Told("本人", "张某", date(2026, 11, 24), ""),
        Told("-", "张某", date(2026, 11, 24), "打电话"),
        Told("本人", "无", date(2026, 11, 24), "打电话"),
        Told("本人", "张某", date(2026, 11, 24), "不清楚"),
        Told("本人", "张某", date(2026, 11, 25), "打电话"),  # tomorrow
        Told("本人", "张某", date(2026, 11, 23), "打电话"),  # before it was filed
    ],
    ids=[
        *(
            "nothing",
            "by nobody",
            "to nobody",
            "no way",
            "by a filler",
            "to a filler",
            "way unclear",
            "ahead",
        ),
        "before filing",
    ],
)
def test_staff_withdraw_nothing_of_their_own(stage: Stage, told: Told | None) -> None:
    """Not without the applicant's word; the applicant needs no proof."""
    number = stage.file_request(WANG)
    with stage.ledger.transaction() as connection:
        with pytest.raises(DeskError):
            stage.register.session(connection, stage.now, CLERK).replies.withdraw(number, told=told)
        assert (
            stage.register.session(connection, stage.now, WANG).replies.withdraw(number).status
            is Status.WITHDRAWN
        )


def taken_on_telegram(abroad: Stage) -> str:
    """Filed, its identity taken at the office, and handled by a clerk on Telegram."""
    number = filed(abroad)
    identity_taken(abroad, number)
    abroad.says(CLERK, f"/queue {number}")
    abroad.presses(CLERK, label_of("confirm_receipt"))
    abroad.presses(CLERK, "我来办")
    return number


def test_identity_is_not_sent_where_it_may_not_be_asked(abroad: Stage) -> None:
    """Neither shown nor in a file to staff; it is said where to look; the office's machine shows it."""
    number = taken_on_telegram(abroad)
    before = len(abroad.seen[CLERK])
    abroad.presses(CLERK, "查看身份")
    assert abroad.last(CLERK).event == "identity_not_shown_here"
    assert "disclosure chat --as staff" in abroad.last(CLERK).text
    abroad.says(CLERK, f"/queue {number}")
    abroad.presses(CLERK, "更多")
    abroad.presses(CLERK, "这件的文书")
    assert abroad.last(CLERK).event == "identity_not_shown_here"
    sent = abroad.seen[CLERK][before:]
    assert not any(message.document for message in sent)
    assert not any("王小明" in message.text or ID_NUMBER in message.text for message in sent)
    with abroad.ledger.reading() as connection:
        kinds = [event.kind for event in abroad.register.session(connection).requests.history(number)]
    assert EventKind.IDENTITY_VIEWED not in kinds
    assert any(message.document for message in abroad.seen[WANG])  # their own letters come all the same
