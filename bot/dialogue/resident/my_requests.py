"""One's own requests and inquiries: where they are, what was replied, withdrawing, correcting.

    进度 ─▶ list ─▶ detail ─┬─▶ timeline / reply / 期限
                           ├─▶ 撤回 ─▶ "sure?" ─▶ withdrawn
                           └─▶ 补正 ─▶ (step "correction") text ─▶ correction received

A number that is somebody else's is answered like one that does not exist.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.desk import access_codes
from bot.desk.errors import DeskError
from bot.desk.model import DisclosureRequest, EventKind, Inquiry, Status
from bot.dialogue import attaching, due_date, notifications
from bot.dialogue.documents import letter
from bot.dialogue.handling import handles
from bot.dialogue.payload import Act, Payload
from bot.dialogue.picking import says
from bot.dialogue.progress import (
    about,
    inquiry_line,
    is_answered,
    outcome_in_words,
    record_correction_line,
    request_line,
    request_parts,
    timeline,
)
from bot.dialogue.resident import my_record_corrections
from bot.dialogue.resident.handing_over import link_to_command, to_private
from bot.dialogue.visit import Visit, turn
from bot.messages import Button, Language, Part, Style, Turn

CORRECTION = "correction"
_LISTED = 8
_LONGEST = 2000


def show_list(visit: Visit) -> Turn:
    """进度: all that this person has with the office."""
    if not visit.is_private:
        return to_private(visit, link_to_command("status"))
    requests = of(visit)[:_LISTED]
    inquiries = visit.desk.inquiries.of(visit.person)[:_LISTED]
    records = visit.desk.record_corrections.of(visit.person)[:_LISTED]
    if not requests and not inquiries and not records:
        rows = [[visit.voice.button("button_file", Act.FILE_REQUEST, 0)]]
        return turn(visit.voice.message("nothing_filed", buttons=rows))
    lines = [request_line(visit.voice, request, visit.today) for request in requests]
    lines += [record_correction_line(visit.voice, each) for each in records]
    lines += [inquiry_line(visit.voice, inquiry) for inquiry in inquiries]
    buttons = [_row(visit, Act.MY_REQUEST, each.number, each.content) for each in requests]
    buttons += [_row(visit, Act.MY_REQUEST, each.number, each.record) for each in records]
    buttons += [_row(visit, Act.MY_INQUIRY, each.number, each.question) for each in inquiries]
    return turn(visit.voice.message("my_list", Part("\n".join(lines)), buttons=buttons))


def _row(visit: Visit, act: Act, number: str, text: str) -> list[Button]:
    return [visit.voice.button("button_numbered", act, number, number=number, about=about(text, 14))]


@handles(Act.MINE)
def press_list(visit: Visit, payload: Payload) -> Turn:
    return show_list(visit)


def of(visit: Visit) -> Sequence[DisclosureRequest]:
    """This person's requests, newest first."""
    return visit.desk.requests.of(visit.person)


def has_any(visit: Visit) -> bool:
    """Whether this person has anything with the office."""
    desk, person = visit.desk, visit.person
    return bool(of(visit) or desk.inquiries.of(person) or desk.record_corrections.of(person))


def owed(visit: Visit) -> DisclosureRequest | None:
    """The request whose applicant was asked to correct it and has not yet; of several the first due."""
    asked = [request for request in of(visit) if request.status is Status.CORRECTION_ASKED]
    return min(asked, key=lambda each: each.correction_due_on or visit.today, default=None)


def own(visit: Visit, number: str) -> DisclosureRequest | None:
    """This person's request of that number."""
    try:
        request = visit.desk.requests.get(number)
    except DeskError:
        return None
    return request if request.person == visit.person else None


def own_inquiry(visit: Visit, number: str) -> Inquiry | None:
    """This person's inquiry of that number."""
    try:
        inquiry = visit.desk.inquiries.get(number)
    except DeskError:
        return None
    return inquiry if inquiry.person == visit.person else None


def show(visit: Visit, number: str) -> Turn:
    """One request or inquiry, from a typed number, a deep link or a button."""
    if not visit.is_private:
        return to_private(visit, f"r_{number}")
    request = own(visit, number)
    if request is not None:
        return turn(
            visit.voice.message(
                "my_request",
                *request_parts(visit.voice, request, visit.today),
                buttons=_buttons(visit, request),
            )
        )
    record = my_record_corrections.own(visit, number)
    if record is not None:
        return turn(my_record_corrections.page(visit, record))
    inquiry = own_inquiry(visit, number)
    if inquiry:
        return _inquiry_page(visit, inquiry)
    rows = [[visit.voice.button("button_progress", Act.MINE)]]
    return turn(visit.voice.message("no_such_number", buttons=rows))


@handles(Act.MY_REQUEST, Act.MY_INQUIRY)
def press_show(visit: Visit, payload: Payload) -> Turn:
    return show(visit, payload.arguments[0])


def _buttons(visit: Visit, request: DisclosureRequest) -> list[list[Button]]:
    voice, number = visit.voice, request.number
    rows = [[voice.button("button_timeline", Act.MY_TIMELINE, number)]]
    if request.due_on is not None:
        rows[0].append(voice.button("button_due_date", Act.MY_DUE_DATE, number))
    if request.reply is not None and request.reply.served_on is not None:
        rows.append([voice.button("button_read_reply", Act.MY_REPLY, number)])
    if request.status is Status.CORRECTION_ASKED:
        rows.append([voice.button("button_correct", Act.MY_CORRECT, number)])
    if request.status is Status.REASONS_ASKED:
        rows.append([voice.button("button_reasons", Act.MY_REASONS, number)])
    if request.status.is_open:
        rows.append([voice.button("button_withdraw", Act.MY_WITHDRAW, number)])
    if _has_pages_elsewhere(visit):
        rows.append([voice.button("button_on_the_web", Act.MY_WEB_PAGE, number)])
    return rows


def _has_pages_elsewhere(visit: Visit) -> bool:
    return bool(visit.settings.web_url) and visit.incoming.address.channel != "web"


@handles(Act.MY_WEB_PAGE)
def press_web_page(visit: Visit, payload: Payload) -> Turn:
    """A new access code (取件码) and the address at which it opens the request; an earlier code ends.

    The code stands behind the `#` of the address, which a browser sends to nobody.
    """
    number = payload.arguments[0]
    if not visit.is_private or own(visit, number) is None or not _has_pages_elsewhere(visit):
        return show(visit, number)
    code = access_codes.issue(visit.connection, number, visit.now)
    link = f"{visit.settings.web_url}/follow?number={number}#{code}"
    return turn(visit.voice.message("on_the_web", number=number, link=link, code=code))


def _inquiry_page(visit: Visit, inquiry: Inquiry) -> Turn:
    voice = visit.voice
    status = voice.word(f"inquiry_status_{inquiry.status.value}")
    parts = [Part(inquiry.question, Style.QUOTE), Part(status)]
    if is_answered(inquiry):
        parts.append(Part(inquiry.answer, Style.QUOTE))
    return turn(voice.message("my_inquiry", *parts, number=inquiry.number))


@handles(Act.MY_TIMELINE)
def press_timeline(visit: Visit, payload: Payload) -> Turn:
    """What happened so far, in plain words."""
    request = own(visit, payload.arguments[0])
    if request is None:
        return turn(visit.voice.message("no_such_number"))
    events = visit.desk.requests.history(request.number)
    lines = timeline(visit.voice, events, for_staff=False)
    return turn(visit.voice.message("my_timeline", Part(lines), number=request.number))


@handles(Act.MY_DUE_DATE)
def press_due_date(visit: Visit, payload: Payload) -> Turn:
    """How the day until which the office must reply was counted."""
    request = own(visit, payload.arguments[0])
    if request is None:
        return turn(visit.voice.message("no_such_number"))
    return turn(due_date.proof(visit, request))


@handles(Act.MY_REPLY)
def press_reply(visit: Visit, payload: Payload) -> Turn:
    """The reply once more."""
    request = own(visit, payload.arguments[0])
    if request is None or request.reply is None or request.reply.served_on is None:
        return turn(visit.voice.message("no_such_number"))
    files = attaching.of_reply(visit, request.reply.attachments)
    return turn(
        visit.voice.message(
            "my_reply",
            Part(request.reply.text, Style.QUOTE),
            *attaching.listed(visit.voice, files),
            number=request.number,
            outcome=outcome_in_words(visit.voice, request.reply.outcome),
            day=visit.voice.day(request.reply.served_on),
        ),
        *attaching.sent_along(visit.voice, files, request.number),
    )


# ---- withdrawing -----------------------------------------------------------------------------------------
@handles(Act.MY_WITHDRAW)
def press_withdraw(visit: Visit, payload: Payload) -> Turn:
    """Ask whether it is meant: what is withdrawn is not taken up again."""
    request = own(visit, payload.arguments[0])
    if request is None:
        return turn(visit.voice.message("no_such_number"))
    if not request.status.is_open:
        return turn(visit.voice.message("already_ended", number=request.number))
    rows = [
        [visit.voice.button("button_withdraw_sure", Act.MY_WITHDRAW_SURE, request.number)],
        [visit.voice.button("button_not_now", Act.MY_REQUEST, request.number)],
    ]
    return turn(
        visit.voice.message(
            "withdraw_sure", number=request.number, about=about(request.content), buttons=rows
        )
    )


@handles(Act.MY_WITHDRAW_SURE)
def press_withdraw_sure(visit: Visit, payload: Payload) -> Turn:
    """Withdraw, and tell staff so that nobody works on it any more."""
    request = own(visit, payload.arguments[0])
    if request is None:
        return turn(visit.voice.message("no_such_number"))
    if request.status is Status.WITHDRAWN:
        return turn(visit.voice.message("already_ended", number=request.number))
    request = visit.desk.replies.withdraw(request.number)
    told = visit.voice.message(
        "request_withdrawn", number=request.number, document=letter(visit, request.number, "closed")
    )
    return turn(told, *notifications.to_staff(visit, "staff_withdrawn", request))


# ---- correcting (art. 30)
@handles(Act.MY_CORRECT)
def press_correct(visit: Visit, payload: Payload) -> Turn:
    """Add what the office asked for."""
    return begin_correction(visit, payload.arguments[0])


def begin_correction(visit: Visit, number: str, text: str = "") -> Turn:
    """Ask for what is missing, or read it back when it was written already."""
    request = own(visit, number)
    if request is None or request.status is not Status.CORRECTION_ASKED:
        return turn(visit.voice.message("nothing_to_correct"))
    visit.memory.begin(CORRECTION, number=request.number)
    return answer(visit, text) if text else again(visit)


@handles(Act.SUPPLEMENT)
def press_supplement(visit: Visit, payload: Payload) -> Turn:
    """是: what was written before is the supplement."""
    text, visit.memory.supplement = visit.memory.supplement, ""
    return begin_correction(visit, payload.arguments[0], text)


def what_was_asked(visit: Visit, request: DisclosureRequest) -> list[Part]:
    """What the notice asked the applicant to add; nothing when there is none."""
    events = visit.desk.requests.history(request.number)
    asked = [event.text("what") for event in events if event.kind is EventKind.CORRECTION_ASKED]
    if not asked or not asked[-1]:
        return []
    return [Part(visit.voice.word("correction_was_asked")), Part(asked[-1], Style.QUOTE)]


def again(visit: Visit, *before: Part) -> Turn:
    """Ask for the missing words, or show once more what will be sent."""
    voice, draft = visit.voice, visit.memory.draft
    request = own(visit, draft["number"])
    if request is None:
        return turn(voice.message("nothing_to_correct"))
    cancel = voice.button("button_cancel", Act.CANCEL)
    asked = what_was_asked(visit, request)
    if not draft.get("text"):
        files = [*attaching.parts(visit), *attaching.how(visit)]
        rows = [_only_files(visit, request.number), attaching.remove_row(visit), [cancel]]
        return turn(
            voice.message(
                "correction_text", *asked, *files, before=before, number=request.number, buttons=rows
            )
        )
    parts = [
        *asked,
        Part(voice.word("correction_first")),
        Part(request.content, Style.QUOTE),
        Part(voice.word("correction_now")),
        Part(draft["text"], Style.QUOTE),
        *attaching.parts(visit),
    ]
    sure = voice.button("button_correct_sure", Act.MY_CORRECT_SURE, request.number)
    return turn(
        voice.message(
            "correction_read_back",
            *parts,
            before=before,
            number=request.number,
            buttons=[[sure], attaching.remove_row(visit), [cancel]],
        )
    )


def _only_files(visit: Visit, number: str) -> list[Button]:
    """What is missing may be in the files alone; the words then say so."""
    return (
        [visit.voice.button("button_only_files", Act.MY_CORRECT_FILES, number)]
        if attaching.tokens(visit)
        else []
    )


@handles(Act.MY_CORRECT_FILES)
def press_only_files(visit: Visit, payload: Payload) -> Turn:
    """内容都在附件里."""
    if visit.memory.step != CORRECTION or not attaching.tokens(visit):
        return begin_correction(visit, payload.arguments[0])
    visit.memory.draft["text"] = visit.voice.words.say("correction_see_files", Language.SIMPLIFIED)
    return again(visit)


def answer(visit: Visit, text: str) -> Turn:
    """The missing words; written once more they take the place of the first.  好的 is no supplement."""
    text = text.strip()
    if says(visit, "assents", text) or says(visit, "corrects", text):
        return again(visit, Part(visit.voice.word("correction_needs_words")))
    if not 2 <= len(text) <= _LONGEST:
        return again(visit, Part(visit.voice.word("inquiry_length", most=_LONGEST)))
    visit.memory.draft["text"] = text
    return again(visit)


@handles(Act.MY_CORRECT_SURE)
def press_correct_sure(visit: Visit, payload: Payload) -> Turn:
    """A new clock starts, the applicant and staff are told."""
    number, text = payload.arguments[0], visit.memory.draft.get("text", "")
    if visit.memory.step != CORRECTION or visit.memory.draft.get("number") != number or not text:
        return begin_correction(visit, number)
    files = attaching.tokens(visit)
    visit.memory.finish()
    request = visit.desk.correspondence.receive_correction(number, content=text, attachments=files)
    due = visit.voice.due(request)
    told = visit.voice.message("correction_received", number=number, day=due)
    return turn(told, *notifications.to_staff(visit, "staff_correction_received", request))
