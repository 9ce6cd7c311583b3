"""The form of a request: kindness with mistakes, back and cancel, restarts, read-back, one effect."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from bot.desk.model import ApplicantKind, DeliveryForm, Status
from bot.desk.numbering import with_plain_numbers
from bot.desk.tables import requests
from bot.dialogue.tables import conversations
from bot.messages import Style
from tests.dialogue.stage import CLERK, CODE, ID_NUMBER, LI, WANG, Stage, wide

WANTED = "村口桥加固花了多少钱"


def step(stage: Stage, who: str = WANG) -> str:
    return stage.last(who).event


def to_contact(stage: Stage) -> None:
    stage.says(WANG, "申请")
    stage.presses(WANG, "个人")
    stage.says(WANG, "王小明")
    stage.says(WANG, ID_NUMBER)


def test_question_becomes_a_request(stage: Stage) -> None:
    """What was not found is filed with the question filled in; receipt and card go out at once."""
    stage.says(WANG, WANTED)
    stage.presses(WANG, "申请公开")
    for label, text in (("个人", "王小明"), ("", ID_NUMBER), ("", "13800138000，洲上乡桥头村5号")):
        if label:
            stage.presses(WANG, label)
        stage.says(WANG, text)
    assert step(stage) == "form_wanted_prefilled"
    assert any(part.text == WANTED for part in stage.last(WANG).parts)
    stage.presses(WANG, "就是这个")
    stage.presses(WANG, "电子文件")
    stage.presses(WANG, "在这个聊天里发给我")
    assert step(stage) == "read_back"
    stage.presses(WANG, "确认提交")
    assert step(stage) == "request_submitted"
    assert "2026-0001" in stage.last(WANG).text
    assert "2026年11月25日" in stage.last(WANG).text  # one working day later
    assert stage.last(CLERK).event == "staff_new_request"


def test_what_is_filed_is_what_was_given(stage: Stage) -> None:
    """The register holds the answers, the identity masked on the card."""
    number = stage.file_request(WANG)
    with stage.ledger.reading() as connection:
        request = stage.register.session(connection).requests.get(number)
        applicant = stage.register.session(connection).requests.applicant_for_letters(number)
    assert request.status is Status.SUBMITTED
    assert request.content == WANTED
    assert request.form is DeliveryForm.ELECTRONIC
    assert request.person == WANG
    assert (applicant.kind, applicant.name) == (ApplicantKind.NATURAL_PERSON, "王小明")
    assert (applicant.id_number, applicant.contact) == (ID_NUMBER, "13800138000")
    assert "王小明" not in stage.last(CLERK).text
    assert ID_NUMBER not in stage.last(CLERK).text


def test_organisation_gives_code_and_person(stage: Stage) -> None:
    """An organisation is asked for its kind, code and contact person."""
    stage.says(WANG, "申请")
    stage.presses(WANG, "律师事务所等")
    stage.says(WANG, "江西某某律师事务所")
    assert step(stage) == "form_code"
    stage.says(WANG, CODE)
    assert step(stage) == "form_representative"
    stage.says(WANG, "李四")
    stage.says(WANG, "0795-3456789")
    stage.says(WANG, WANTED)
    stage.presses(WANG, "到现场查阅")
    assert step(stage) == "read_back"
    stage.presses(WANG, "确认提交")
    with stage.ledger.reading() as connection:
        applicant = stage.register.session(connection).requests.applicant_for_letters("2026-0001")
    assert applicant.kind is ApplicantKind.LEGAL_SERVICE
    assert (applicant.id_number, applicant.representative) == (CODE, "李四")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("36222719900101123", "您写了 17 位"),
        ("362227199001011238", "最后一位和前面对不上"),
        ("362227199013011234", "出生日期"),
        ("002227199001011234", "前两位不对"),
        ("没有", "没看到号码"),
    ],
)
def test_wrong_id_number_is_told_kindly(stage: Stage, typed: str, said: str) -> None:
    """It says which part of the number is wrong, and asks again."""
    stage.says(WANG, "申请")
    stage.presses(WANG, "个人")
    stage.says(WANG, "王小明")
    turn = stage.says(WANG, typed)
    assert said in turn.outgoing[0].text
    assert step(stage) == "form_id_number"
    stage.says(WANG, f"{wide('362227')} 19900101 1234")  # full width and spaces are no mistake
    assert step(stage) == "form_contact"


def test_other_document_is_a_proof_too(stage: Stage) -> None:
    """Art. 29 asks for a proof of identity, not for one certain card."""
    stage.says(WANG, "申请")
    stage.presses(WANG, "个人")
    stage.says(WANG, "John Smith")
    stage.presses(WANG, "没有这个号码，用别的证件")
    assert step(stage) == "form_other_document"
    stage.says(WANG, "护照")
    assert "证件名称和号码" in stage.last(WANG).text
    stage.says(WANG, "护照 E12345678")
    assert step(stage) == "form_contact"


@pytest.mark.parametrize(
    ("typed", "said"),
    [("1380013800", "您写了 10 位"), ("wang@", "邮箱好像不对"), ("你猜", "没看出来")],
)
def test_wrong_contact_is_told_kindly(stage: Stage, typed: str, said: str) -> None:
    """A telephone with a digit too few is counted out."""
    to_contact(stage)
    assert said in stage.says(WANG, typed).outgoing[0].text
    assert step(stage) == "form_contact"


def test_vague_wish_is_helped_but_not_refused(stage: Stage) -> None:
    """Vague words bring advice; one press files them all the same."""
    to_contact(stage)
    stage.says(WANG, "13800138000")
    stage.says(WANG, "有关文件")
    assert "恐怕不好找" in stage.last(WANG).text
    stage.presses(WANG, "就是这个")
    assert step(stage) == "form_form"


def test_nobody_asks_what_for(stage: Stage) -> None:
    """No message of the whole form asks for a purpose, except to say that none is needed."""
    stage.file_request(WANG)
    shown = [message.text for message in stage.seen[WANG]]
    assert all("用途" not in text or "不问用途" in text for text in shown)


def test_back_keeps_the_answers(stage: Stage) -> None:
    """One step back shows what was written; keeping it leads on to where one was."""
    to_contact(stage)
    stage.presses(WANG, "上一步")
    assert step(stage) == "form_id_number"
    stage.says(WANG, "上一步")
    assert step(stage) == "form_name"
    assert any(part.text == "王小明" for part in stage.last(WANG).parts)
    stage.says(WANG, "王大明")
    assert step(stage) == "form_contact"


def test_every_step_has_a_way_out(stage: Stage) -> None:
    """取消 stands under every question, 上一步 under all but the first."""
    stage.file_request(WANG)
    questions = [message for message in stage.seen[WANG] if message.event.startswith(("form_", "read_"))]
    assert len(questions) == 8
    assert all("取消" in message.labels for message in questions)
    assert all("上一步" in message.labels for message in questions[1:])


def test_progress_is_shown(stage: Stage) -> None:
    """Each question says which step of how many it is."""
    to_contact(stage)
    small = [part.text for part in stage.last(WANG).parts if part.style is Style.SMALL]
    assert small == ["第 4 步，共 6 步"]


def test_cancel_forgets_everything(stage: Stage) -> None:
    """After 取消 nothing is under way and no button of the form works."""
    to_contact(stage)
    stage.says(WANG, "取消")
    assert step(stage) == "cancelled"
    stage.presses(WANG, "个人")
    assert step(stage) == "form_gone"
    stage.says(WANG, "取消")
    assert step(stage) == "nothing_to_cancel"


def test_read_back_corrects_one_answer(stage: Stage) -> None:
    """An edit from the read-back asks for that answer alone."""
    to_contact(stage)
    stage.says(WANG, "13800138000")
    stage.says(WANG, WANTED)
    stage.presses(WANG, "电子文件")
    stage.presses(WANG, "在这个聊天里发给我")
    stage.presses(WANG, "改内容")
    stage.says(WANG, "2025年村口桥加固的决算")
    assert step(stage) == "read_back"
    assert "2025年村口桥加固的决算" in stage.last(WANG).text
    stage.presses(WANG, "改形式")
    stage.presses(WANG, "纸质文件")
    stage.presses(WANG, "邮寄给我")
    assert step(stage) == "form_post_address"
    stage.says(WANG, "江西省高安市洲上乡桥头村5号")
    assert step(stage) == "read_back"
    assert "江西省高安市洲上乡桥头村5号" in stage.last(WANG).text


def test_double_press_files_once(stage: Stage) -> None:
    """The confirmation pressed twice is one request, and the second press is told its number."""
    stage.file_request(WANG)
    turn = stage.presses(WANG, "确认提交")
    assert turn.outgoing[0].event == "already_submitted"
    assert "2026-0001" in turn.outgoing[0].text
    with stage.ledger.reading() as connection:
        assert len(stage.register.session(connection).requests.of(WANG)) == 1


def test_form_survives_a_restart(stage: Stage) -> None:
    """A new process goes on where the old one was killed."""
    to_contact(stage)
    stage.restart()
    stage.says(WANG, "13800138000")
    assert step(stage) == "form_wanted"


def test_form_is_taken_up_days_later(stage: Stage) -> None:
    """Who returns is told of the half-filled form first, and his words are not taken for an answer."""
    to_contact(stage)
    stage.wait(days=3)
    stage.restart()
    stage.says(WANG, "13800138000")
    assert step(stage) == "form_waits"
    assert stage.labels(WANG) == ["继续填", "不填了"]
    stage.presses(WANG, "继续填")
    assert step(stage) == "form_contact"
    stage.says(WANG, "13800138000")
    assert step(stage) == "form_wanted"


def test_asking_in_the_middle_pauses(stage: Stage) -> None:
    """Another command in the middle of a form is answered; the form waits and says so."""
    to_contact(stage)
    stage.says(WANG, "帮助")
    assert step(stage) == "help"
    assert stage.labels(WANG)[-2:] == ["继续填", "不填了"]
    turn = stage.says(WANG, WANTED)
    assert turn.outcome.value == "route"
    stage.says(WANG, "继续填")
    assert step(stage) == "form_contact"


def test_inquiry_in_the_middle_keeps_the_form(stage: Stage) -> None:
    """An inquiry sent while a form waits does not cost the form."""
    to_contact(stage)
    stage.says(WANG, "帮助")
    stage.says(WANG, WANTED)
    stage.presses(WANG, "咨询工作人员")
    stage.presses(WANG, "发送")
    assert step(stage) == "inquiry_opened"
    stage.presses(WANG, "继续填")
    assert step(stage) == "form_contact"


def test_edited_message_is_no_answer(stage: Stage) -> None:
    """Editing an old message does not change the form behind the person's back."""
    to_contact(stage)
    stage.says(WANG, "13800138000", edited=True)
    assert step(stage) == "edited_in_form"


def test_not_announced_files_nothing(stage: Stage) -> None:
    """Where the bot is no announced channel, it says so first, makes the form, and files nothing."""
    stage.restart(announced_channel=False, office_address="洲上乡政府一楼", office_phone="0795-1234567")
    stage.says(WANG, "申请")
    assert "在这里填不算提交" in stage.last(WANG).text
    stage.presses(WANG, "个人")
    for text in ("王小明", ID_NUMBER, "13800138000", WANTED):
        stage.says(WANG, text)
    stage.presses(WANG, "到现场查阅")
    assert "确认提交" not in stage.labels(WANG)
    stage.presses(WANG, "生成申请表")
    assert step(stage) == "form_made_not_filed"
    assert "还没有提交" in stage.last(WANG).text
    assert "洲上乡政府一楼" in stage.last(WANG).text
    assert stage.last(WANG).document is not None
    with stage.ledger.reading() as connection:
        assert connection.execute(sa.select(requests)).all() == []
    assert CLERK not in stage.seen


def test_oral_request_is_offered(stage: Stage) -> None:
    """Art. 29 and 43: whoever finds it hard is told where the office fills the form."""
    stage.restart(office_phone="0795-1234567")
    stage.says(WANG, "申请")
    stage.presses(WANG, "填写有困难")
    assert step(stage) == "oral_help"
    assert "0795-1234567" in stage.last(WANG).text
    stage.presses(WANG, "继续填")
    assert step(stage) == "form_kind"


def test_draft_of_another_person_cannot_be_pressed(stage: Stage) -> None:
    """A button of somebody else's form does nothing to it."""
    to_contact(stage)
    data = stage.last(WANG).buttons[-1][0].data
    assert stage.presses_data(LI, data).outgoing[0].event == "form_gone"
    stage.says(WANG, "13800138000")
    assert step(stage) == "form_wanted"


def test_row_holds_nothing_in_the_clear(stage: Stage) -> None:
    """A half-filled form lies in the ledger sealed."""
    to_contact(stage)
    with stage.ledger.reading() as connection:
        row = connection.execute(
            sa.select(sa.cast(conversations.c.state, sa.Text)).where(conversations.c.address == WANG)
        ).scalar_one()
    assert "王小明" not in row
    assert ID_NUMBER not in row


def test_inquiry_takes_two_steps(stage: Stage) -> None:
    """Question, last look, sent; a second press is told the number."""
    stage.says(WANG, "/help")
    stage.says(WANG, WANTED)
    stage.presses(WANG, "咨询工作人员")
    stage.says(WANG, "村口的桥什么时候加固？")
    assert step(stage) == "inquiry_read_back"
    stage.presses(WANG, "发送")
    assert stage.events(WANG)[-1] == "inquiry_opened"
    assert stage.last(CLERK).event == "staff_new_inquiry"
    assert "村口的桥什么时候加固？" in stage.last(CLERK).text
    assert stage.presses(WANG, "发送").outgoing[0].event == "already_submitted"


@pytest.mark.parametrize("yes", ["好的，就这样", "对", "可以。", "OK"])
def test_yes_means_yes(stage: Stage, yes: str) -> None:
    """好的 keeps what was read back; it never becomes what the resident wants to know."""
    stage.says(WANG, WANTED)
    stage.presses(WANG, "申请公开")
    stage.presses(WANG, "个人")
    for text in ("王小明", ID_NUMBER, "13800138000"):
        stage.says(WANG, text)
    stage.says(WANG, yes)
    stage.presses(WANG, "电子文件")
    stage.presses(WANG, "在这个聊天里发给我")
    assert any(WANTED in part.text for part in stage.last(WANG).parts)
    stage.says(WANG, yes)
    assert step(stage) == "request_submitted"


def test_yes_is_an_answer_where_nothing_is_asked_whether(stage: Stage) -> None:
    """A surname may be 是: only a step that asks whether something is right takes it for yes."""
    stage.says(WANG, "申请")
    stage.presses(WANG, "个人")
    stage.says(WANG, "好的")
    assert step(stage) == "form_id_number"


def test_staff_open_a_closed_request_by_its_number(stage: Stage) -> None:
    """What is answered leaves the queue; its number still opens the card, and the way to publish it."""
    number = stage.file_request(WANG)
    stage.reply_to(number)
    stage.says(CLERK, number)
    assert "公开这条" in stage.labels(CLERK)


@pytest.mark.parametrize(
    "odd", ["\x00", "\x07", "\x0b", "\x1f", "\ufffe", "\uffff", "\ud83d", "\u202e"], ids=ascii
)
def test_text_that_no_letter_holds_is_left_out(stage: Stage, odd: str) -> None:
    """A character that XML has no way to write keeps no receipt back: the clock starts."""
    number = stage.file_request(WANG, f"村口桥{odd}加固花了多少钱")
    stage.reply_to(number)
    with stage.ledger.reading() as connection:
        request = stage.register.session(connection).requests.get(number)
        kept = {letter.kind for letter in stage.register.session(connection).letters.of(number)}
    assert (request.content, request.status) == (WANTED, Status.SERVED)
    assert "receipt" in kept


@pytest.mark.parametrize("name", ["王昇", "郭乾", "於小明", "陳大文"])
def test_a_name_does_not_switch_the_language(stage: Stage, name: str) -> None:
    """Names and addresses are written as they are on the card; the rest of the form goes on as it began."""
    stage.says(WANG, "申请公开")
    stage.presses(WANG, "个人")
    stage.says(WANG, name)
    assert "身份证" in stage.last(WANG).text
    stage.says(WANG, ID_NUMBER)
    stage.says(WANG, "下於鄉東頭村5號")
    stage.says(WANG, "橋樑加固賬目")
    assert "什么样" in stage.last(WANG).text
    stage.says(WANG, "取消")
    stage.says(WANG, "橋花了多少錢")  # outside of a form it does
    assert "沒" in stage.last(WANG).text or "對" in stage.last(WANG).text


@pytest.mark.parametrize("mark", ["\u200b", "\u200e", "\u202e", "\u2066"], ids=ascii)
def test_nothing_on_record_reads_otherwise_than_it_is_kept(stage: Stage, mark: str) -> None:
    """No mark turns or hides a name or a contact: as it is seen, in the register and in the letters."""
    stage.says(WANG, "申请公开")
    stage.presses(WANG, "个人")
    for text in (f"王{mark}小明{mark}", f"{mark}{ID_NUMBER}", f"138{mark}00138000", WANTED):
        stage.says(WANG, text)
    stage.presses(WANG, "电子文件")
    stage.presses(WANG, "在这个聊天里发给我")
    stage.presses(WANG, "确认提交")
    with stage.ledger.reading() as connection:
        number = stage.register.session(connection).requests.of(WANG)[0].number
        applicant = stage.register.session(connection).requests.applicant_for_letters(number)
    assert (applicant.name, applicant.id_number, applicant.contact) == ("王小明", ID_NUMBER, "13800138000")


# ---- no step is a wall
def name_on_record(stage: Stage, name: str) -> str:
    """File with this name, saying it once more where it is doubted; what the register holds."""
    stage.says(WANG, "申请公开")
    stage.presses(WANG, "个人")
    stage.says(WANG, name)
    if step(stage) == "form_name":
        stage.says(WANG, name)
    for text in (ID_NUMBER, "13800138000", WANTED):
        stage.says(WANG, text)
    stage.presses(WANG, "到现场查阅")
    stage.presses(WANG, "确认提交")
    with stage.ledger.reading() as connection:
        number = stage.register.session(connection).requests.of(WANG)[0].number
        return stage.register.session(connection).requests.applicant_for_letters(number).name


@pytest.mark.parametrize(
    "name",
    [
        "王\ue863",
        "\ue863",
        "𠮷\U000323b0",
        "丁",
        "J",
        "Anne-Marie O'Brien",
        "古丽巴哈尔·买买提吐尔逊·阿卜杜热合曼·伊敏江·库尔班江·艾山",
        "哪吒",
        "王小明2",
    ],
)
def test_any_name_is_taken(stage: Stage, name: str) -> None:
    """Rare, private, one character, Latin, long: at the latest when it is said once more."""
    assert name_on_record(stage, name) == name


@pytest.mark.parametrize(
    ("before", "typed"),
    [
        (("个人",), "丁"),
        (("个人", "王小明"), "11010519491231"),
        (("个人", "王小明", "用别的证件"), "无"),
        (("个人", "王小明", ID_NUMBER), "微信找我"),
        (("个人", "王小明", ID_NUMBER), "1380013800"),
        (("企业、公司",), "果社"),
        (("企业、公司", "果业合作社"), "123"),
    ],
)
def test_a_doubted_answer_is_taken_by_a_button(stage: Stage, before: tuple[str, ...], typed: str) -> None:
    """One press goes on with what was typed as it stands."""
    stage.says(WANG, "申请公开")
    for each in before:
        label = next((label for label in stage.labels(WANG) if each in label), "")
        (stage.presses if label else stage.says)(WANG, label or each)
    asked = step(stage)
    stage.says(WANG, typed)
    assert step(stage) == asked
    stage.presses(WANG, "就这样写，没有错")
    assert step(stage) != asked


def test_a_question_typed_twice_is_no_name(stage: Stage) -> None:
    """Who asks something else in the form, even twice, has not said what they are called."""
    stage.says(WANG, "申请公开")
    stage.presses(WANG, "个人")
    for _ in range(3):
        stage.says(WANG, "桥修了多少钱")
        assert step(stage) == "form_name"


def test_a_doubt_is_over_once_another_answer_came(stage: Stage) -> None:
    """够了 after a mistake and a right answer adds nothing of the mistake."""
    to_contact(stage)
    stage.says(WANG, "1380013800")
    stage.says(WANG, "13800138000")
    for text in (WANTED,):
        stage.says(WANG, text)
    stage.presses(WANG, "到现场查阅")
    assert "联系方式：13800138000" in stage.last(WANG).text
    assert "1380013800\n" not in stage.last(WANG).text


@pytest.mark.parametrize(
    ("typed", "said", "name"),
    [
        ("给我孙子申请", "申请人写他", "form_name_of_other"),
        ("我和两个邻居一起申请", "先写一位申请人", "form_name"),
    ],
)
@pytest.mark.parametrize("begun", [True, False], ids=["in the form", "at once"])
def test_for_whom_is_answered(stage: Stage, typed: str, said: str, name: str, begun: bool) -> None:
    """Whoever says for whom he asks is told what follows, in the form or instead of 申请."""
    if begun:
        stage.says(WANG, "申请")
    stage.says(WANG, typed)
    assert said in stage.last(WANG).text
    stage.presses(WANG, "个人")
    assert step(stage) == name


def test_several_names_are_not_one(stage: Stage) -> None:
    """One number proves one of them; a name with a middle dot is one name; whoever insists goes on."""
    stage.says(WANG, "申请")
    stage.presses(WANG, "个人")
    stage.says(WANG, "张三、李四、王五")
    assert "先写一位的姓名" in stage.last(WANG).text
    stage.says(WANG, "欧阳·买买提")
    assert stage.last(WANG).event.startswith("form_id")
    stage.says(WANG, "返回")
    assert step(stage) == "form_name"
    stage.says(WANG, "张三、李四")
    stage.presses(WANG, "就这样写，没有错")
    assert stage.last(WANG).event.startswith("form_id")


@pytest.mark.parametrize(
    "typed",
    [
        "2026\u20110001",  # as a letter prints it
        "2026\u20100001",
        "2026\x1e0001",  # as Word may hand it over
        "2026\u00ad0001",
        "2026\u20140001",
        "2026\uff0d0001",
        wide("2026-0001"),
        "进度 2026\u20110001",
    ],
)
def test_a_number_copied_from_a_letter(stage: Stage, typed: str) -> None:
    """The hyphen that breaks no line, and what keyboards have beside it, is a hyphen."""
    stage.file_request(WANG)
    stage.says(WANG, typed)
    assert "2026-0001" in stage.last(WANG).text
    assert "村口桥加固花了多少钱" in stage.last(WANG).text


def test_years_are_no_number() -> None:
    """A span of years stays one; a number in a sentence is found."""
    assert with_plain_numbers("2019\u20142024年的账") == "2019\u20142024年的账"
    assert with_plain_numbers("登记编号G2026\u20110012的回执") == "登记编号G2026-0012的回执"
    assert with_plain_numbers("电话0795\u20113456789") == "电话0795\u20113456789"


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("申请公开：村口桥加固花了多少钱", "村口桥加固花了多少钱"),
        ("我要申请公开: 2024年低保名单", "2024年低保名单"),
        ("请求公开以下信息：\n1.决算\n2.预算", "1.决算\n2.预算"),
        ("您好，依法申请公开政府信息：办理低保要多久", "办理低保要多久"),
    ],
)
def test_who_says_what_is_wanted_files(stage: Stage, typed: str, wanted: str) -> None:
    """In these words it is a request, even where the rest would be a question about requests."""
    opened = stage.says(WANG, typed).outgoing[0]
    assert opened.event == "form_kind"
    for text in ("个人", "王小明", ID_NUMBER, "13800138000"):
        stage.says(WANG, text)
    assert wanted.splitlines()[0] in stage.last(WANG).text


@pytest.mark.parametrize("typed", ["申请公开要多少钱", "申请公开怎么弄", "申请公开：", "申请公开：啥"])
def test_questions_about_requests_stay_questions(stage: Stage, typed: str) -> None:
    """Without a colon and something behind it the guide answers, or the next step is asked."""
    assert stage.says(WANG, typed).outgoing[0].event != "form_wanted_prefilled"
    with stage.ledger.reading() as connection:
        assert not stage.register.session(connection).requests.of(WANG)
