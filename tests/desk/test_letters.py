"""Letters: every kind and every outcome is whole, nothing in braces is left, lost elements are noticed."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path

import pytest
from docx import Document
from docx.text.paragraph import Paragraph
from sqlalchemy import Connection

from bot.desk import letters
from bot.desk.errors import DeskError, GuardFailed, InvalidValue, MissingFields
from bot.desk.guards import Told
from bot.desk.model import Outcome, ReviewFirst, ServiceMethod
from bot.desk.register import Register
from tests.desk.conftest import CLERK, at
from tests.letters_read import text_of

REPLIES = [outcome for outcome in Outcome if outcome.is_reply]
FACTS = {
    "agency": "洲上乡人民政府",
    "number": "2025-0001",
    "applicant": "王小明",
    "received_on": "2025年4月25日",
    "content": "2024年部门决算{原文}",
    "form": "电子文件",
    "text": "决算表附后。",
    "today": "2025年5月12日",
    "reviewing_body": "芷江侗族自治县人民政府",
    "court": "芷江侗族自治县人民法院",
    "reasons_asked_on": "2025年5月6日",
    **{need.name: f"〈{need.name}〉" for outcome in Outcome for need in outcome.required},
}
# Everything that any letter may name.
ALL_FACTS = {
    **FACTS,
    **dict.fromkeys(
        (
            "amount",
            "answer_by",
            "applicant_contact",
            "applicant_kind",
            "correct_by",
            "count",
            "decision",
            "disclosed",
            "due_on",
            "evidence",
            "fee_payment",
            "goal",
            "record",
            "id_number",
            "intake",
            "nth",
            "party",
            "pay_by",
            "reason",
            "reasons_by",
            "remedies",
            "submitted_on",
            "until",
            "what",
            "working_days",
            "wrong",
        ),
        "某",
    ),
}


def _docx_text(content: bytes) -> str:
    """What the Word file says, a row of a form as `label：value`."""
    lines = []
    for part in Document(io.BytesIO(content)).iter_inner_content():
        if isinstance(part, Paragraph):
            lines.append(text_of(part._element))
        else:
            lines += ["：".join(text_of(cell._element) for cell in row.cells) for row in part.rows]
    return "\n".join(lines)


@pytest.mark.parametrize("outcome", REPLIES, ids=lambda outcome: outcome.code)
def test_reply_has_all_elements(outcome: Outcome) -> None:
    """Law.md part 7 in each of the eighteen outcomes, what had to be recorded, and the right remedies."""
    written = letters.write_reply(outcome, FACTS)
    wanted = [FACTS[name] for name in letters.REPLY_ELEMENTS]
    wanted += [FACTS[need.name] for need in outcome.required] + ["60日"]
    assert [part for part in wanted if part not in written.text] == []
    must_review_first = outcome.code in ("B", "C1", "C2", "C3", "C4", "C5", "C6", "C7")
    assert ("应当先申请行政复议" in written.text) == must_review_first
    assert ("6个月" in written.text) == (outcome.code[0] != "C" or outcome.code == "C8")
    assert "《中华人民共和国政府信息公开条例》" in written.text or outcome is Outcome.NOT_PROCESSED_REISSUE
    assert written.text.replace("{原文}", "").count("{") == 0


@pytest.mark.parametrize(
    ("outcome", "facts", "said", "unsaid"),
    [
        (Outcome.DISCLOSED, {"where": "乡政府公开栏"}, "第三十六条第一项", "第三十六条第二项"),
        (Outcome.DISCLOSED, {}, "第三十六条第二项", "第三十六条第一项"),
        (Outcome.UNAVAILABLE_NOT_HELD, {"right_agency": "县农业农村局"}, "第三十六条第五项", "不存在"),
        (Outcome.UNAVAILABLE_NOT_HELD, {"searched": "档案室"}, "第三十六条第四项", "第五项"),
    ],
    ids=["public", "given", "not-ours", "not-there"],
)
def test_article_fits_the_situation(outcome: Outcome, facts: dict[str, str], said: str, unsaid: str) -> None:
    """One row of Table 3, two articles: the letter cites the one that applies, with what was recorded."""
    text = letters.write_reply(outcome, {**FACTS, **facts}).text
    assert said in text
    assert unsaid not in text
    assert all(value in text for value in facts.values())


LAST_DAYS = {
    name: f"2026年1月{place}日"
    for place, name in enumerate(
        ("due_on", "correct_by", "reasons_by", "pay_by", "answer_by", "until", "goal"), 1
    )
}
CLOSING = {
    **FACTS,
    "told_on": "2025年5月8日",
    "correct_by": "2025年5月22日",
    "pay_by": "2025年6月5日",
    "amount": "100",
    "ended_on": "2025年6月6日",
}


@pytest.mark.parametrize(
    ("outcome", "parts"),
    [
        (Outcome.CLOSED_UNCORRECTED, ("第三十条", "2025年5月8日", "2025年5月22日")),
        (Outcome.CLOSED_UNPAID, ("第四十二条", "2025年5月8日", "2025年6月5日", "100元")),
        (Outcome.CLOSED_OTHER, ("撤回",)),
    ],
    ids=lambda value: value.code if isinstance(value, Outcome) else "",
)
def test_closing_rests_on_its_notice(outcome: Outcome, parts: tuple[str, ...]) -> None:
    """F1-F3 are told in writing too: article, the notice it rests on, its period."""
    text = letters.write_closing(outcome, CLOSING).text
    assert [part for part in (*parts, "2025年6月6日", FACTS["applicant"]) if part not in text] == []
    remedies = (FACTS["reviewing_body"], FACTS["court"], "60日", "6个月")
    assert all(part in text for part in remedies) == outcome.names_remedies


@pytest.mark.parametrize("outcome", list(Outcome), ids=lambda outcome: outcome.code)
def test_remedies_by_the_law_of_2025(outcome: Outcome) -> None:
    """Refusals under arts 14-16 go through reconsideration first; whatever else decides may be sued."""
    first = outcome.code in ("C1", "C2", "C3", "C4", "C5", "C6", "C7")
    expected = ReviewFirst.YES if first else ReviewFirst.EITHER
    special = {"B": ReviewFirst.FOR_THE_REST, "F3": ReviewFirst.NO_REMEDY_TEXT}
    assert outcome.rule.review_first is special.get(outcome.code, expected)


def test_every_letter_that_decides_names_the_same_remedies() -> None:
    """Refused correction of a record (art. 41), overruled third party (art. 32): the one table feeds both."""
    facts = {**ALL_FACTS, "answer": "属实", "disclosed": "账本", "reason": "公共利益"}
    declined = letters.write_record_answer("declined", facts).text
    informed = letters.write("third_party_informed", facts).text
    for text, document in ((declined, "本答复书"), (informed, "本告知书")):
        assert f"自收到{document}之日起60日内向{FACTS['reviewing_body']}申请行政复议" in text
        assert f"自收到{document}之日起6个月内向{FACTS['court']}提起行政诉讼" in text


def test_online_channel_of_the_remedy_is_named(tmp_path: Path) -> None:
    """复议法 22(2): where it is set every reply names it, and an edited wording cannot lose it."""
    online = {"reconsideration_online": "https://fuyi.example.gov.cn"}
    for outcome in REPLIES:
        assert "https://fuyi.example.gov.cn" in letters.write_reply(outcome, {**FACTS, **online}).text
    assert "互联网提交" not in letters.write_reply(Outcome.DISCLOSED, FACTS).text
    edited = tmp_path / "letters.yaml"
    wording = letters.WORDING.read_text(encoding="utf-8")
    edited.write_text(wording.replace("{reconsideration_online}", "网上"), encoding="utf-8")
    with pytest.raises(MissingFields) as caught:
        letters.write_reply(Outcome.DISCLOSED, {**FACTS, **online}, edited)
    assert caught.value.facts["elements"] == ("reconsideration_online",)


# The thirteen forms of LAW.md part 8, by the name of their letter.
FORMS = {
    "登记表": "registration",
    "接收回执": "receipt",
    "补正告知书": "correction_asked",
    "说明理由告知书": "reasons_asked",
    "延期答复告知书": "extended",
    "征求意见书（第三方）": "third_party_consultation",
    "征求意见确认函": "opinion_form",
    "征求意见告知书（申请人）": "consultation_notice",
    "依申请公开告知书（第三方）": "third_party_informed",
    "征求意见书（共同制作机关）": "agency_consultation",
    "协办函": "cooperation",
    "收费通知书": "fee_noticed",
    "答复书": "reply",
}


def test_thirteen_forms_exist() -> None:
    """Each form of the list has its letter, under its own title."""
    titles = {kind: letters.write(kind, ALL_FACTS).title for kind in letters.kinds()}
    assert set(FORMS.values()) <= set(titles)
    for form, kind in FORMS.items():
        assert titles[kind].endswith(form.partition("（")[0])


def test_docx_holds_the_letter() -> None:
    """The Word file reads as the text does, on A4, with Chinese fonts named for Chinese characters."""
    written = letters.write_reply(Outcome.PARTLY_DISCLOSED, FACTS)
    content = letters.to_docx(written)
    assert _docx_text(content) == written.text
    document = Document(io.BytesIO(content))
    assert 'w:w="11906" w:h="16838"' in document.sections[0]._sectPr.xml
    assert 'w:eastAsia="方正小标宋简体"' in document.paragraphs[0].runs[0]._element.xml


@pytest.mark.parametrize("name", letters.REPLY_ELEMENTS)
def test_missing_element_is_named(name: str) -> None:
    """No reply letter without each of them."""
    with pytest.raises(MissingFields) as caught:
        letters.write_reply(Outcome.DISCLOSED, {**FACTS, name: ""})
    assert caught.value.facts["elements"] == (name,)


@pytest.mark.parametrize(
    ("outcome", "old", "new", "element"),
    [
        (Outcome.WITHHELD_DELIBERATIVE, "应当先申请行政复议；", "", "review_first"),
        (Outcome.PARTLY_DISCLOSED, "应当先申请行政复议；", "", "review_first"),
        (Outcome.WITHHELD_DELIBERATIVE, "60日", "", "60日"),
        (Outcome.UNAVAILABLE_NOT_HELD, "6个月", "", "6个月"),
        (Outcome.WITHHELD_DELIBERATIVE, "{reviewing_body}", "有关机关", "reviewing_body"),
    ],
)
def test_edited_wording_cannot_lose_an_element(
    tmp_path: Path, outcome: Outcome, old: str, new: str, element: str
) -> None:
    """An office may edit the templates, but a reply without its remedies is not written."""
    edited = tmp_path / "letters.yaml"
    edited.write_text(letters.WORDING.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises(MissingFields) as caught:
        letters.write_reply(outcome, FACTS, edited)
    assert caught.value.facts["elements"] == (element,)


@pytest.mark.parametrize("outcome", [Outcome.CLOSED_UNCORRECTED, Outcome.CLOSED_UNPAID])
@pytest.mark.parametrize(
    ("old", "new", "element"), [("6个月", "", "6个月"), ("{court}", "法院", "court"), ("60日", "", "60日")]
)
def test_edited_notice_of_an_end_keeps_its_remedies(
    tmp_path: Path, outcome: Outcome, old: str, new: str, element: str
) -> None:
    """Whose request lapses can contest that too: a notice that does not say so is not written."""
    edited = tmp_path / "letters.yaml"
    edited.write_text(letters.WORDING.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises(MissingFields) as caught:
        letters.write_closing(outcome, CLOSING, edited)
    assert caught.value.facts["elements"] == (element,)


@pytest.mark.parametrize("broken", ["letters: [", "letters: {}", "文字"])
def test_broken_wording_is_a_desk_error(tmp_path: Path, broken: str) -> None:
    """A template file that cannot be read is named."""
    edited = tmp_path / "letters.yaml"
    edited.write_text(broken, encoding="utf-8")
    with pytest.raises(InvalidValue, match="letters_wording_broken"):
        letters.write("receipt", FACTS, edited)


def test_every_letter_of_a_case(register: Register, connection: Connection, eleventh: str) -> None:
    """A case that meets everything: each letter can be written after its event, and not before."""
    before = {kind for kind in letters.kinds() if _can_write(register, connection, eleventh, kind)}
    assert before == {"registration", "receipt"}
    now = at("2025-04-28")
    register.session(connection, now, CLERK).correspondence.ask_correction(eleventh, what="哪一年？")
    register.session(connection, now, CLERK).correspondence.receive_correction(
        eleventh, content="2024年部门决算"
    )
    register.session(connection, now, CLERK).correspondence.ask_reasons(eleventh, count="80件")
    register.session(connection, now, CLERK).correspondence.receive_reasons(
        eleventh, reasons="研究", reasonable=True
    )
    until = date(2025, 6, 20)
    register.session(connection, now, CLERK).correspondence.defer(eleventh, until=until, reason="量大")
    register.session(connection, now, CLERK).consultations.ask_cooperation(
        eleventh, party="财政所", what="查找", answer_by=date(2025, 5, 9)
    )
    register.session(connection, now, CLERK).consultations.consult_third_party(eleventh, party="某公司")
    register.session(connection, now, CLERK).consultations.receive_opinion(eleventh, opinion="refuses")
    register.session(connection, now, CLERK).consultations.consult_agency(eleventh, party="县财政局")
    register.session(connection, now, CLERK).consultations.receive_opinion(eleventh, opinion="agrees")
    register.session(connection, now, CLERK).correspondence.notice_fee(eleventh, amount_yuan=100)
    register.session(connection, now, CLERK).correspondence.withdraw_fee(eleventh, reason="算错了")
    register.session(connection, now, CLERK).correspondence.notice_fee(eleventh, amount_yuan=100)
    register.session(connection, now, CLERK).correspondence.receive_payment(eleventh, proof="收据")
    register.session(connection, now, CLERK).correspondence.extend(
        eleventh, working_days=10, reason="信息量大"
    )
    register.session(connection, now, CLERK).replies.draft(
        eleventh, outcome=Outcome.DISCLOSED, text="见附件。", fields={"public_interest": "关系全村饮水安全"}
    )
    register.session(connection, now, CLERK).replies.inform_third_party(eleventh, party="某公司")
    register.session(connection, now, CLERK).replies.serve(eleventh, method=ServiceMethod.BY_HAND)
    after = {kind for kind in letters.kinds() if _can_write(register, connection, eleventh, kind)}
    others = {kind for kind in letters.kinds() if kind.startswith("record_correction")}  # art. 41
    assert after == set(letters.kinds()) - others - {"closed"}  # which tells of an ending without a reply
    assert len(register.session(connection).letters.of(eleventh)) == len(before) + len(after)


def _can_write(register: Register, connection: Connection, number: str, kind: str) -> bool:
    try:
        written, letter = register.session(connection, at("2025-04-28")).letters.write(number, kind=kind)
    except DeskError:
        return False
    assert _docx_text(letter.content) == written.text
    return True


def test_receipt_names_the_clock(register: Register, connection: Connection, received: str) -> None:
    """The receipt says who, what, which day counts and by when (art. 31, 33)."""
    written, letter = register.session(connection, at("2025-04-25")).letters.write(received, kind="receipt")
    assert letter.filename == "政府信息公开申请接收回执_2025-0001.docx"
    for part in ("王小明", "2024年部门决算", "2025年4月25日", "2025年5月27日", "洲上乡人民政府"):
        assert part in written.text


def test_withdrawn_on_the_day_of_the_call(register: Register, connection: Connection, received: str) -> None:
    """Told on 04-28, entered on 04-30: the notice names the day on which the applicant said so."""
    told = Told("王小明", "李红", date(2025, 4, 28), "打电话")
    register.session(connection, at("2025-04-30"), CLERK).replies.withdraw(received, told=told)
    written, _ = register.session(connection, at("2025-04-30")).letters.write(received, kind="closed")
    assert "您于2025年4月28日撤回该申请" in written.text


@pytest.mark.parametrize("kind", letters.kinds())
def test_last_days_include_themselves(kind: str) -> None:
    """GB/T 9704 and the published texts: a last day is 某日以前（含当日） in each letter that names one."""
    if kind in ("reply", "closed", "record_correction_answer"):
        return
    text = letters.write(kind, {**ALL_FACTS, **LAST_DAYS}).text
    for day in LAST_DAYS.values():
        assert text.count(day) == text.count(f"{day}以前（含当日）"), kind


def test_reply_needs_a_draft(register: Register, connection: Connection, received: str) -> None:
    """Nothing drafted, nothing written; an unknown letter is named."""
    with pytest.raises(GuardFailed, match="reply_not_drafted"):
        register.session(connection, at("2025-04-25")).letters.write(received, kind="reply")
    with pytest.raises(InvalidValue, match="letter_unknown"):
        register.session(connection, at("2025-04-25")).letters.write(received, kind="poem")


def test_document_numbers_count_on_within_the_year(
    register: Register, connection: Connection, received: str
) -> None:
    """发文字号: one for each letter, the same however often it is printed, from 1 again next year."""
    first, _ = register.session(connection, at("2025-04-25")).letters.write(received, kind="receipt")
    register.session(connection, at("2025-04-28"), CLERK).correspondence.ask_correction(
        received, what="哪一年？"
    )
    second, _ = register.session(connection, at("2025-04-28")).letters.write(
        received, kind="correction_asked"
    )
    again, _ = register.session(connection, at("2026-01-05")).letters.write(received, kind="receipt")
    form, _ = register.session(connection, at("2025-04-28")).letters.write(received, kind="registration")
    with pytest.raises(DeskError):
        register.session(connection, at("2025-04-28")).letters.write(
            received, kind="extended"
        )  # uses none up
    register.session(connection, at("2026-01-05"), CLERK).correspondence.receive_correction(
        received, content="决算"
    )
    register.session(connection, at("2026-01-05"), CLERK).correspondence.extend(
        received, working_days=5, reason="信息量大"
    )
    next_year, _ = register.session(connection, at("2026-01-05")).letters.write(received, kind="extended")
    numbers = [letter.number for letter in (first, second, again, form, next_year)]
    assert numbers == [
        "依申请〔2025〕1号",
        "依申请〔2025〕2号",
        "依申请〔2025〕1号",
        "",
        "依申请〔2026〕1号",
    ]


def test_reply_tells_its_course(register: Register, connection: Connection, received: str) -> None:
    """Days of correction, consultation and extension are in the letter, where they happened."""
    day = "2025-04-28"
    register.session(connection, at(day), CLERK).replies.draft(
        received, outcome=Outcome.DISCLOSED, text="见附件。"
    )
    plain, _ = register.session(connection, at(day)).letters.write(received, kind="reply")
    assert not [word for word in ("补正", "延长", "征求") if word in plain.text]
    register.session(connection, at(day), CLERK).replies.discard_draft(received)
    register.session(connection, at(day), CLERK).correspondence.ask_correction(received, what="哪一年？")
    register.session(connection, at("2025-04-29"), CLERK).correspondence.receive_correction(
        received, content="2024年决算"
    )
    register.session(connection, at("2025-04-30"), CLERK).consultations.consult_third_party(
        received, party="某公司"
    )
    register.session(connection, at("2025-05-06"), CLERK).consultations.receive_opinion(
        received, opinion="agrees"
    )
    register.session(connection, at("2025-05-07"), CLERK).correspondence.extend(
        received, working_days=5, reason="信息量大"
    )
    register.session(connection, at("2025-05-08"), CLERK).replies.draft(
        received, outcome=Outcome.DISCLOSED, text="见附件。"
    )
    told, _ = register.session(connection, at("2025-05-08")).letters.write(received, kind="reply")
    for part in ("2025年4月28日请您补正", "2025年4月29日收到", "2025年4月30日书面征求", "2025年5月7日告知"):
        assert part in told.text


@pytest.mark.parametrize(
    ("text", "body", "attached"),
    [
        ("见附件。\n附件：决算表", "见附件。", ("附件：决算表",)),
        ("见附件。\n附件：1. 决算表\n2. 合同。", "见附件。", ("附件：1. 决算表", "2. 合同")),
        ("见附件。\n附件1：决算表\n附件2：合同", "见附件。", ("附件：1. 决算表", "2. 合同")),
        ("附件：决算表", "附件：决算表", ()),
        ("一、附件见后。\n附件：决算表\n以上请查收。", "一、附件见后。\n附件：决算表\n以上请查收。", ()),
    ],
)
def test_attachments_have_their_place(text: str, body: str, attached: tuple[str, ...]) -> None:
    """The last lines 附件：… become the 附件说明; a letter of nothing else keeps them as its text."""
    written = letters.write_reply(Outcome.DISCLOSED, {**FACTS, "text": text})
    assert written.attached == attached
    assert body in "\n".join(written.paragraphs)
    assert _docx_text(letters.to_docx(written)) == written.text
