"""A card: one request or inquiry on one screen for staff, identity masked, with what can be done next."""

from __future__ import annotations

from bot.desk import service
from bot.desk.errors import DeskError
from bot.desk.late_entry import LateEntry
from bot.desk.masking import mask
from bot.desk.model import (
    Authority,
    DisclosureRequest,
    Event,
    EventKind,
    Inquiry,
    InquiryStatus,
    ServiceMethod,
    Status,
)
from bot.dialogue import attaching
from bot.dialogue.payload import Act
from bot.dialogue.progress import status_word
from bot.dialogue.refusals import refusal
from bot.dialogue.unreached import unreached
from bot.dialogue.visit import Visit
from bot.dialogue.voice import Voice
from bot.messages import Button, Outgoing, Part, Style

BEFORE_REPLY = (Status.RECEIVED, Status.ASSIGNED, Status.RE_DECIDING)
_LONGEST_SHOWN = 700  # characters of a request's content; the whole is in the register


def request_card(
    visit: Visit, voice: Voice, request: DisclosureRequest, event: str = "staff_request", *after: Part
) -> Outgoing:
    """The card; `event` says why it is shown, `after` is what comes with it."""
    content = as_shown(visit, voice, request.content)
    if len(content) > _LONGEST_SHOWN:
        content = content[:_LONGEST_SHOWN] + "…"
    return voice.message(
        event,
        Part(content, Style.QUOTE),
        Part("\n".join(_lines(visit, voice, request))),
        *after,
        number=request.number,
        buttons=_buttons(visit, voice, request),
    )


def _awaited_lines(visit: Visit, voice: Voice, request: DisclosureRequest) -> list[str]:
    """Each opinion that is awaited, and until when."""
    if request.status not in (Status.THIRD_PARTY, Status.OTHER_AGENCY):
        return []
    return [
        voice.word("card_awaited", party=each.party, day=voice.limit(each.silent_on))
        for each in visit.desk.consultations.pending(request.number)
    ]


def waiting_entries(visit: Visit, request: DisclosureRequest) -> tuple[LateEntry, ...]:
    """What was entered late on it and waits for a second person."""
    if not request.status.is_open or request.received_on is None:
        return ()
    return visit.desk.late_entries.waiting(request.number)


def extension_wanted(visit: Visit, request: DisclosureRequest) -> Event | None:
    """The note that asks leaders for an extension, until one of them has decided or it is too late."""
    if not request.status.is_open or request.extended or request.is_overdue(visit.today):
        return None
    return visit.desk.correspondence.extension_wanted(request.number)


def waits_for_review(visit: Visit, request: DisclosureRequest) -> bool:
    """Whether a second person has to look at the drafted reply (art. 17)."""
    return request.status is Status.DRAFTED and visit.settings.needs_review


def _pending_lines(visit: Visit, voice: Voice, request: DisclosureRequest) -> list[str]:
    """What waits for somebody else in the office: a leader, a second person."""
    lines = []
    if (wanted := extension_wanted(visit, request)) is not None:
        days, reason = wanted.text("working_days"), wanted.text("reason")
        lines.append(voice.word("card_extension_wanted", days=days, officer=wanted.actor, reason=reason))
    if waits_for_review(visit, request) and request.reply is not None:
        lines.append(voice.word("card_review_pending", officer=request.reply.drafted_by))
    return lines


def _extension_rows(visit: Visit, voice: Voice, request: DisclosureRequest) -> list[list[Button]]:
    """同意延期 for a leader, until it is decided."""
    wanted = extension_wanted(visit, request)
    may_decide = visit.register.office.may_approve(str(voice.address)) or _is_group(visit, voice)
    if wanted is None or not may_decide:
        return []
    number, days = request.number, wanted.text("working_days")
    return [
        [
            voice.button("button_extension_yes", Act.EXTENSION_YES, number, days, wanted.ordinal),
            voice.button("button_extension_no", Act.EXTENSION_NO, number, wanted.ordinal),
        ]
    ]


def _may_review(visit: Visit, voice: Voice, request: DisclosureRequest) -> bool:
    """Whoever drafted it does not review it; in a group there are others."""
    own = request.reply is not None and request.reply.drafted_by == str(voice.address)
    return waits_for_review(visit, request) and not own


def _late_lines(visit: Visit, voice: Voice, request: DisclosureRequest) -> list[str]:
    """Each late entry: what, whom, the day, how much later it was entered, by whom, on what proof."""
    return [
        voice.word(
            "card_late_entry",
            what=voice.word(f"late_{entry.kind.value}"),
            about=f"（{entry.about}）" if entry.about else "",
            day=voice.day(entry.happened_on),
            entered=voice.day(entry.entered_on),
            days=entry.days,
            officer=entry.entered_by,
            proof=entry.proof,
        )
        for entry in waiting_entries(visit, request)
    ]


def _late_rows(visit: Visit, voice: Voice, request: DisclosureRequest) -> list[list[Button]]:
    """确认补登 for the second person; whoever entered it can take it back."""
    rows = []
    for entry in waiting_entries(visit, request):
        row = []
        if visit.desk.late_entries.may_confirm(str(voice.address), entry) or _is_group(visit, voice):
            row.append(voice.button("button_late_yes", Act.LATE_YES, request.number, entry.ordinal))
        row.append(voice.button("button_late_no", Act.LATE_NO, request.number, entry.ordinal))
        rows.append(row)
    return rows


def _is_group(visit: Visit, voice: Voice) -> bool:
    return bool(visit.settings.staff_chat) and str(voice.address) == visit.settings.staff_chat


def _lines(visit: Visit, voice: Voice, request: DisclosureRequest) -> list[str]:
    lines = [
        voice.word("card_status", value=status_word(voice, request, visit.today, for_staff=True)),
        _applicant_line(visit, voice, request),
        voice.word("card_contact", value=request.contact_masked),
        voice.word("card_form", form=request.form.label, way=request.way),
    ]
    if unreached(visit.connection, [request.number]):
        lines.append(voice.word("card_unreached"))
    if request.repeat_of:
        lines.append(voice.word("card_repeat", numbers="、".join(request.repeat_of)))
    if request.assigned_to:
        lines.append(voice.word("card_assigned", officer=request.assigned_to))
    if request.outcome is not None:
        lines.append(voice.word("card_outcome", value=f"{request.outcome.code} {request.outcome.label}"))
    last = request.last_outcome
    if last is not None and last is not request.outcome:
        lines.append(voice.word("card_outcome_again", value=f"{last.code} {last.label}"))
    lines += remedy_lines(visit, voice, request)
    return [
        *lines,
        *_pending_lines(visit, voice, request),
        *_closed_line(visit, voice, request),
        *_awaited_lines(visit, voice, request),
        *_late_lines(visit, voice, request),
    ]


def remedy_lines(visit: Visit, voice: Voice, request: DisclosureRequest) -> list[str]:
    """Each remedy with its days, and until when it was ordered to decide."""
    found = visit.desk.remedies.of(request.number)
    lines = [
        voice.word(
            "card_remedy" if remedy.decided_on else "card_remedy_pending",
            kind=voice.word(f"choice_{remedy.kind}"),
            day=voice.day(remedy.started_on),
            decided=voice.day(remedy.decided_on) if remedy.decided_on else "",
            result=voice.word(f"choice_{remedy.result}") if remedy.result else "",
            decision=f"（{remedy.decision}）" if remedy.decision else "",
        )
        for remedy in found
    ]
    if found and request.status.is_open and not request.is_reopened:  # then it is the due date itself
        day = visit.desk.remedies.ordered_until(request.number)
        lines += [voice.word("card_ordered", day=voice.limit(day))] if day else []
    return lines


def _applicant_line(visit: Visit, voice: Voice, request: DisclosureRequest) -> str:
    if request.needs_identity:
        return identity_pending(visit, voice, request.number)
    return voice.word("card_applicant", kind=request.applicant_kind.label, name=request.applicant_masked)


def identity_pending(visit: Visit, voice: Voice, number: str) -> str:
    """That the identity has still to be taken, and that who filed acts for somebody, where they said so."""
    authority = visit.desk.requests.history(number)[0].text("authority")
    by = voice.word("card_filed_by", role=Authority(authority).label) if authority else ""
    return voice.word("card_identity_pending") + by


def _buttons(visit: Visit, voice: Voice, request: DisclosureRequest) -> list[list[Button]]:
    """What fits the status; the register decides in the end."""
    number, status = request.number, request.status
    rows = [*_late_rows(visit, voice, request), *_extension_rows(visit, voice, request)]
    if status is Status.SUBMITTED:
        rows.append([voice.button("button_confirm_receipt", Act.CONFIRM_RECEIPT, number)])
    if request.needs_identity and status.is_open:
        rows.append([voice.button("step_take_identity", Act.RECORD, number, "take_identity")])
    if status.is_open and visit.desk.privacy.authority_is_awaited(number):
        rows.append([voice.button("step_authority", Act.RECORD, number, "authority")])
    if status is Status.RECEIVED:
        rows.append([voice.button("button_take", Act.TAKE, number)])
    if status in BEFORE_REPLY:
        rows.append([voice.button("button_reply", Act.REPLY, number)])
        if status is not Status.RE_DECIDING and _correction_closed(visit, request) is None:
            rows.append([voice.button("button_ask_correction", Act.ASK_CORRECTION, number)])
    if _may_review(visit, voice, request):
        rows.append(
            [
                voice.button("button_review_ok", Act.REVIEW_OK, number),
                voice.button("button_review_return", Act.REVIEW_RETURN, number),
            ]
        )
    if is_ready_to_serve(visit, request):
        if request.status is not Status.SIGNED:
            rows.append([voice.button("button_sign", Act.SIGN, number)])
        rows += _told_first(visit, voice, number) or serve_rows(visit, voice, number)
    if status in (Status.DRAFTED, Status.REVIEWED, Status.SIGNED):
        rows.append([voice.button("button_undo", Act.UNDO, number)])
    if status is Status.SERVED:
        rows.append([voice.button("button_publish", Act.PUBLISH, number)])
    return [*rows, attaching.files_row(visit, voice, number), _looking(voice, request)]


def _correction_closed(visit: Visit, request: DisclosureRequest) -> DeskError | None:
    """Why no correction can be asked any more (art. 30)."""
    return visit.desk.openness.why_closed(request.number, EventKind.CORRECTION_ASKED)


def _closed_line(visit: Visit, voice: Voice, request: DisclosureRequest) -> list[str]:
    """要求补正, once the law has closed it: said where its button was."""
    if request.status not in (Status.RECEIVED, Status.ASSIGNED):
        return []
    error = _correction_closed(visit, request)
    if error is None:
        return []
    why = refusal(voice, error).parts[0].text
    return [voice.word("step_closed", step=voice.word("button_ask_correction"), why=why)]


def _looking(voice: Voice, request: DisclosureRequest) -> list[Button]:
    number = request.number
    row = [voice.button("button_identity", Act.IDENTITY, number)]
    if request.due_on is not None:
        row.append(voice.button("button_due_date", Act.DUE_DATE, number))
    row.append(voice.button("button_timeline", Act.TIMELINE, number))
    return [*row, voice.button("button_more", Act.MORE, number)]


def is_ready_to_serve(visit: Visit, request: DisclosureRequest) -> bool:
    """Whether nothing is missing before the reply goes out."""
    if visit.settings.needs_review:
        return request.status in (Status.REVIEWED, Status.SIGNED)
    return request.status in (Status.DRAFTED, Status.REVIEWED, Status.SIGNED)


def serve_rows(visit: Visit, voice: Voice, number: str) -> list[list[Button]]:
    """The ways of service; chat only where the office has decided that it may."""
    offered = ("chat", "by_hand", "post", "email")
    methods = [each for each in offered if service.is_open(visit.register.office, ServiceMethod(each))]
    rows = [[voice.button(f"serve_{method}", Act.SERVE, number, method)] for method in methods]
    return [*rows, [voice.button("step_serve", Act.RECORD, number, "serve")]]


def _told_first(visit: Visit, voice: Voice, number: str) -> list[list[Button]]:
    """Whom the reply overrules is told before it can be served (art. 32): no other way is shown."""
    if not visit.desk.replies.third_parties_to_inform(number):
        return []
    return [[voice.button("step_inform", Act.RECORD, number, "inform")]]


def as_shown(visit: Visit, voice: Voice, text: str) -> str:
    """What a resident wrote.  In the staff chat the numbers that people put into it are masked: a group has
    more readers than the one who handles it, and keeps its history."""
    return mask(text).text if str(voice.address) == visit.settings.staff_chat else text


def inquiry_card(visit: Visit, voice: Voice, inquiry: Inquiry, event: str = "staff_inquiry") -> Outgoing:
    """The card of an inquiry; who asks is not shown, the answer finds them by the number."""
    parts = [Part(as_shown(visit, voice, inquiry.question), Style.QUOTE)]
    rows: list[list[Button]] = []
    if inquiry.status is InquiryStatus.OPEN:
        rows.append([voice.button("button_answer_inquiry", Act.ANSWER_INQUIRY, inquiry.number)])
    else:
        parts.append(Part(inquiry.answer, Style.QUOTE))
        rows.append([voice.button("button_publish", Act.PUBLISH, inquiry.number)])
    rows.append(attaching.files_row(visit, voice, inquiry.number))
    return voice.message(event, *parts, number=inquiry.number, buttons=rows)
