"""The order of the form's steps, without any chat."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.desk.model import ApplicantKind, DeliveryForm
from bot.dialogue.resident.filing import form
from bot.dialogue.resident.filing.contact import Contact
from bot.dialogue.resident.filing.taking import is_vague

ANSWERS = {
    "name": "王小明",
    "id_number": "362227199001011234",
    "representative": "李四",
    "wanted": "村口桥加固花了多少钱",
    "post_address": "洲上乡桥头村5号",
    "email_address": "wang@example.com",
}


def answer(draft: dict[str, str], name: str, choice: int) -> None:
    if name == "contact":
        draft["phone"] = "13800138000"
    elif name == "kind":
        form.record(draft, name, tuple(ApplicantKind)[choice % 6].value)
    elif name == "form":
        form.record(draft, name, tuple(DeliveryForm)[choice % 3].value)
    elif name == "way":
        ways = form.WAYS[DeliveryForm(draft["form"])]
        form.record(draft, name, ways[choice % len(ways)])
    else:
        form.record(draft, name, ANSWERS[name])


@given(st.lists(st.integers(0, 5), min_size=12, max_size=12))
def test_every_form_ends(choices: list[int]) -> None:
    """Whatever is chosen, at most ten answers complete the form, and it makes an applicant."""
    draft = form.new_draft()
    for choice in choices:
        name = form.next_step(draft)
        if name == form.READ_BACK:
            break
        answer(draft, name, choice)
    assert form.next_step(draft) == form.READ_BACK
    assert form.applicant_of(draft).name == "王小明"


@given(st.lists(st.integers(0, 5), min_size=12, max_size=12))
def test_back_leads_to_the_first(choices: list[int]) -> None:
    """From the end one comes back to the first step, each step a smaller one."""
    draft = form.new_draft()
    for choice in choices:
        if form.next_step(draft) != form.READ_BACK:
            answer(draft, form.next_step(draft), choice)
    name, walked = form.READ_BACK, []
    while name:
        name = form.previous_step(draft, name)
        walked.append(name)
    assert walked[-2:] == ["kind", ""]
    assert len(walked) <= len(form.STEPS)


def test_changing_the_kind_forgets_the_proof() -> None:
    """A person's number is no organisation's code."""
    draft = form.new_draft()
    for name in ("kind", "name", "id_number"):
        answer(draft, name, 0)
    form.record(draft, "kind", "CO")
    assert form.next_step(draft) == "name"
    assert "id_number" not in draft


def test_a_contact_given_anew_replaces_what_was_insisted_on() -> None:
    """Letters go to the one way that holds; a telephone beside an address is both."""
    draft = form.new_draft()
    form.record_as_written(draft, "contact", "找村口小卖部")
    assert form.contact_line(draft) == "找村口小卖部"
    form.record_contact(draft, Contact(phone="13800138000"))
    form.record_contact(draft, Contact(address="洲上乡桥头村5号"))
    assert form.contact_line(draft) == "13800138000；洲上乡桥头村5号"


def test_prefilled_must_be_looked_at() -> None:
    """What was filled in for somebody is not an answer until it was seen."""
    draft = form.new_draft("低保")
    assert not form.step_named("wanted").is_done(draft)  # type: ignore[union-attr]


def test_vague_words() -> None:
    """Words that nobody could search for are noticed; a real wish is not."""
    assert [is_vague(text) for text in ("文件", "有关文件", "我想要所有的材料", "信息", "低保名单")] == [
        True,
        True,
        True,
        True,
        False,
    ]
