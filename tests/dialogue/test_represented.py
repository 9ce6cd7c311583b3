"""An agent with a 委托书, a guardian for a child, several applicants: who acts is never who counts."""

from __future__ import annotations

from datetime import date

import pytest

from bot.desk.applicants import from_plain, is_child, to_plain
from bot.desk.errors import DeskError
from bot.desk.identity import id_check_digit
from bot.desk.model import Agent, Applicant, ApplicantKind, Authority, DeliveryForm, EventKind, Person
from tests.dialogue.stage import CLERK, ID_NUMBER, WANG, Stage, label_of

OTHER_ID = "11010519491231002X"

CHILD = "36222720150101123" + id_check_digit("36222720150101123")
LAWYER = Agent(
    "李律", "11010519491231002X", Authority.POWER_OF_ATTORNEY, "2026年11月1日的委托书", "13900139000"
)
MOTHER = Agent("王妈妈", "11010519491231002X", Authority.GUARDIAN, "户口簿")


def applicant(**changes: object) -> Applicant:
    values: dict[str, object] = {
        "kind": ApplicantKind.NATURAL_PERSON,
        "name": "王小明",
        "id_number": ID_NUMBER,
        "contact": "13800138000",
        **changes,
    }
    return Applicant(**values)  # type: ignore[arg-type]  # a table of cases


@pytest.mark.parametrize(
    ("number", "on", "child"),
    [
        (CHILD, date(2028, 12, 31), True),
        (CHILD, date(2029, 1, 1), False),  # the fourteenth birthday
        (ID_NUMBER, date(2026, 1, 1), False),
        ("护照 E12345678", date(2026, 1, 1), False),
        ("", date(2026, 1, 1), False),
    ],
)
def test_under_fourteen(number: str, on: date, child: bool) -> None:
    """By the birthday in the number; a document without one says nothing."""
    assert is_child(number, on) is child


def test_sealed_and_opened_again() -> None:
    """Everybody comes back, and a row of an older program still opens."""
    whole = applicant(agent=LAWYER, others=(Person("赵六", "E12345678", "13700137000"), Person("钱七", "E7")))
    assert from_plain(to_plain(whole)) == whole
    old = {"kind": "NP", "name": "王", "id_number": "", "contact": "x", "representative": ""}
    assert (from_plain(old).agent, from_plain(old).others) == (None, ())
    assert {"赵六", "13700137000", "李律"} <= set(whole.everybody)


@pytest.mark.parametrize(
    "refused",
    [
        applicant(id_number=CHILD),
        applicant(id_number=CHILD, agent=LAWYER),
        applicant(agent=Agent("李律", "", Authority.POWER_OF_ATTORNEY, "委托书")),
        applicant(agent=Agent("李律", "E1", Authority.POWER_OF_ATTORNEY, " ")),
        applicant(others=(Person("赵六", ""),)),
    ],
    ids=["child alone", "child with an agent", "agent without id", "agent without proof", "other without id"],
)
def test_half_a_representation_is_refused(stage: Stage, refused: Applicant) -> None:
    """Nothing is registered."""
    with stage.ledger.transaction() as connection:
        with pytest.raises(DeskError):
            stage.register.session(connection, stage.now, WANG).intake.submit(applicant=refused, content="桥")
        assert stage.register.session(connection).requests.queue() == []


def test_the_client_counts_and_each_is_named(stage: Stage) -> None:
    """Table 3 counts the applicant; the receipt names all, and who acts."""
    company = applicant(
        kind=ApplicantKind.COMPANY, name="果业公司", agent=LAWYER, others=(Person("赵六", "E12345678"),)
    )
    with stage.ledger.transaction() as connection:
        request = stage.register.session(connection, stage.now, WANG).intake.submit(
            applicant=company, content="桥", form=DeliveryForm.PAPER
        )
        stage.register.session(connection, stage.now, CLERK).intake.confirm_receipt(request.number)
        written, _ = stage.register.session(connection, stage.now).letters.write(
            request.number, kind="receipt"
        )
    assert request.applicant_kind is ApplicantKind.COMPANY
    assert "果业公司、赵六（代理人：李律）" in written.text
    assert request.applicant_masked == "果业公司等2人（代理人李**代为申请）"


def test_a_child_is_asked_for_its_guardian(stage: Stage) -> None:
    """In the form of the chat, by the number given; nobody else is asked."""
    stage.says(WANG, "申请")
    stage.presses(WANG, "个人")
    for text in ("王小小", CHILD):
        stage.says(WANG, text)
    assert stage.last(WANG).event == "form_guardian_name"
    for text in ("王妈妈", "没有监护人证件"):
        stage.says(WANG, text)
    assert stage.last(WANG).event == "form_guardian_id"  # a document has a number
    for text in ("11010519491231002X", "13800138000", "学校食堂的检查结果"):
        stage.says(WANG, text)
    stage.presses(WANG, "到现场查阅")
    assert "监护人：王妈妈" in stage.last(WANG).text
    stage.presses(WANG, "确认提交")
    with stage.ledger.reading() as connection:
        number = stage.register.session(connection).requests.of(WANG)[0].number
        agent = stage.register.session(connection).requests.applicant_for_letters(number).agent
    assert agent is not None
    assert (agent.name, agent.authority) == ("王妈妈", Authority.GUARDIAN)


def test_the_clerk_enters_an_agent_and_others(stage: Stage) -> None:
    """登记代理人: the 委托书 that was seen is on record, sealed; the identity is not in the event."""
    number = stage.file_request(WANG)
    stage.says(CLERK, f"/queue {number}")
    stage.presses(CLERK, "更多")
    stage.presses(CLERK, "登记代理人、一起申请的人")
    stage.presses(CLERK, "代理人，凭委托书")
    for text in ("李律", "没有身份证件", "11010519491231002X"):
        stage.says(CLERK, text)
    for nothing in ("没有委托书", "无委托", "还没带来", "--"):
        stage.says(CLERK, nothing)
        assert stage.last(CLERK).event == "record_agent_proof"
    for text in ("无为市公证处2026年11月1日公证的委托书", "赵六"):
        stage.says(CLERK, text)
    assert "看不明白" in stage.last(CLERK).text
    stage.says(CLERK, "赵六，E12345678，13700137000\n钱七;E7654321")
    stage.presses(CLERK, "确认登记")
    with stage.ledger.reading() as connection:
        whole = stage.register.session(connection).requests.applicant_for_letters(number)
        event = stage.register.session(connection).requests.history(number)[-1]
        stage.register.session(connection).requests.verify()
    assert whole.names == "王小明、赵六、钱七"
    assert whole.agent is not None
    assert whole.agent.proof == "无为市公证处2026年11月1日公证的委托书"
    assert (event.kind, event.text("authority")) == (EventKind.REPRESENTATION_RECORDED, "power_of_attorney")
    assert "李律" not in str(event.data)


def answers(stage: Stage, who: str, *given: str) -> None:
    """A label is pressed, anything else typed."""
    for answer in given:
        if answer in stage.labels(who):
            stage.presses(who, answer)
        else:
            stage.says(who, answer)


def letter_words(stage: Stage, number: str, kind: str) -> str:
    with stage.ledger.transaction() as connection:
        written, _ = stage.register.session(connection, stage.now).letters.write(number, kind=kind)
    return written.text


def test_who_files_for_her_mother(stage: Stage) -> None:
    """替我妈申请: applicant, agent and capacity; registered without the paper, which is asked for and shown
    later; card and letters name both."""
    answers(stage, WANG, "替我妈申请", "个人", "张桂花", ID_NUMBER)
    assert stage.last(WANG).event == "form_capacity"
    answers(stage, WANG, "他托我来的（代理人）", "王小明", OTHER_ID, "13800138000", "村口桥加固花了多少钱")
    answers(stage, WANG, "到现场查阅")
    assert "代为申请的人：代理人 王小明" in stage.last(WANG).text
    answers(stage, WANG, "确认提交")
    told = stage.last(WANG).text
    assert "委托书" in told
    assert "两个人的身份证" in told
    assert "申请已经收下了" in told
    assert "张**（代理人王**代为申请，委托书待核对）" in stage.last(CLERK).text
    assert "王小明" not in stage.last(CLERK).text
    number = "2026-0001"
    answers(stage, CLERK, label_of("confirm_receipt"))
    assert "张桂花（代理人：王小明）" in letter_words(stage, number, "receipt")
    registration = letter_words(stage, number, "registration")
    assert "申请人：张桂花（自然人）" in registration
    assert f"代为申请：代理人王小明，证件{OTHER_ID}，网上填写，委托书待核对" in registration
    answers(stage, CLERK, "登记看到的委托书等凭证", "2026年11月24日的委托书原件", "确认登记")
    assert "张**（代理人王**代为申请）" in stage.last(CLERK).text
    assert "登记看到的委托书等凭证" not in stage.labels(CLERK)
    with stage.ledger.reading() as connection:
        whole = stage.register.session(connection).requests.applicant_for_letters(number)
        events = stage.register.session(connection).requests.history(number)
        stage.register.session(connection).requests.verify()
    assert whole.agent == Agent("王小明", OTHER_ID, Authority.POWER_OF_ATTORNEY, "2026年11月24日的委托书原件")
    assert [event.text("authority") for event in events if event.text("authority")] == [
        "power_of_attorney"
    ] * 2
    assert not any("王小明" in str(event.data) for event in events)


def test_a_guardian_of_a_grown_up_files(stage: Stage) -> None:
    """Whoever has a guardian is no child; the paper asked for is another one."""
    answers(
        stage, WANG, "申请", "替别人申请", "个人", "张桂花", ID_NUMBER, "我是他的监护人", "王小明", OTHER_ID
    )
    answers(stage, WANG, "13800138000", "村口桥加固花了多少钱", "到现场查阅", "确认提交")
    assert "户口簿" in stage.last(WANG).text
    assert "监护人王**代为申请，监护关系待核对" in stage.last(CLERK).text


def test_a_child_for_whom_somebody_files(stage: Stage) -> None:
    """给我孙子申请 asks for one guardian, not for an agent as well."""
    answers(stage, WANG, "给我孙子申请", "个人", "王小小", CHILD)
    assert stage.last(WANG).event == "form_guardian_name"
    answers(stage, WANG, "王爷爷", OTHER_ID)
    assert stage.last(WANG).event == "form_contact"


def test_neighbours_file_together(stage: Stage) -> None:
    """One a line; what is no line is said; the letter addresses each, the card counts them."""
    answers(stage, WANG, "我和邻居一起申请", "个人", "王小明", ID_NUMBER)
    assert stage.last(WANG).event == "form_others"
    answers(stage, WANG, "李四")
    assert "看不明白" in stage.last(WANG).text
    answers(stage, WANG, "李四，362227199001011235，13812345678")
    assert "身份证" in stage.last(WANG).text  # a digit is wrong
    answers(
        stage,
        WANG,
        f"李四，{OTHER_ID}，13812345678\n赵六；E7654321",
        "13800138000",
        "村口桥的账",
        "到现场查阅",
    )
    assert "一起申请的人：李四、赵六" in stage.last(WANG).text
    answers(stage, WANG, "确认提交")
    assert "王**等3人" in stage.last(CLERK).text
    answers(stage, CLERK, label_of("confirm_receipt"))
    assert "王小明、李四、赵六：" in letter_words(stage, "2026-0001", "receipt")


def test_the_others_may_come_later(stage: Stage) -> None:
    """Who has not got their numbers files all the same; who changes his mind files for himself."""
    answers(stage, WANG, "申请", "几个人一起申请", "替别人申请", "我给自己申请", "个人", "王小明", ID_NUMBER)
    answers(stage, WANG, "先不写，到办公室登记", "13800138000", "村口桥的账", "到现场查阅", "确认提交")
    with stage.ledger.reading() as connection:
        whole = stage.register.session(connection).requests.applicant_for_letters("2026-0001")
    assert (whole.names, whole.agent) == ("王小明", None)


def test_for_another_where_nobody_is_named(stage: Stage) -> None:
    """Telegram as it is delivered: the capacity alone is asked; names and paper are taken at the office."""
    desk = "terminal:clerk"
    stage.restart(identity_on_chat=("terminal",), staff=(CLERK, desk))
    answers(
        stage,
        WANG,
        "替我妈申请",
        "他托我来的（代理人）",
        "13800138000",
        "村口桥的账",
        "到现场查阅",
        "确认提交",
    )
    told = stage.last(WANG).text
    assert "委托书" in told
    assert "身份证明" in told
    assert "替别人申请的（代理人）" in stage.last(CLERK).text
    number = "2026-0001"
    answers(stage, desk, number, "登记申请人身份", "个人", "王小小", CHILD, "王妈妈", OTHER_ID)
    answers(stage, desk, "户口簿原件", "其他证明" if "其他证明" in stage.labels(desk) else "居民身份证")
    answers(stage, desk, "当面看了原件", "确认登记")
    assert "王**（监护人王**代为申请）" in stage.last(desk).text
    with stage.ledger.transaction() as connection:
        whole = stage.register.session(connection).requests.applicant_for_letters(number)
        stage.register.session(connection).requests.verify()
    assert whole.addressed == "王小小（监护人：王妈妈）"


def test_a_child_is_not_taken_without_its_guardian(stage: Stage) -> None:
    """Also when the identity comes later than the request, of either kind."""
    stage.restart(identity_on_chat=("terminal",))
    answers(stage, WANG, "申请", "13800138000", "村口桥的账", "到现场查阅", "确认提交")
    answers(stage, WANG, "更正", "13800138000", "学籍卡", "生日写错了", "户口本", "确认提交")
    child = applicant(name="王小小", id_number=CHILD, contact="")
    for number in ("2026-0001", "G2026-0001"):
        with stage.ledger.transaction() as connection:
            desk = stage.register.session(connection, stage.now, CLERK)
            acts = desk.record_corrections if number.startswith("G") else desk.privacy
            with pytest.raises(DeskError, match="guardian_needed"):
                acts.take_identity(number, applicant=child, document="户口簿", how="看了")
