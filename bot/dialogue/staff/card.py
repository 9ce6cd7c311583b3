"""A card: one request or inquiry on one screen for staff, identity masked, with what can be done next."""

from __future__ import annotations

from dataclasses import replace

from bot.desk.masking import mask
from bot.desk.model import DisclosureRequest, Inquiry, InquiryStatus, Status
from bot.dialogue.messages import Button, Outgoing, Part, Style
from bot.dialogue.payload import Act
from bot.dialogue.progress import status_word
from bot.dialogue.visit import Visit
from bot.dialogue.voice import Voice

BEFORE_REPLY = (Status.RECEIVED, Status.ASSIGNED)
_LONGEST_SHOWN = 700  # characters of a request's content; the whole is in the register


def new_request_cards(visit: Visit, request: DisclosureRequest) -> list[Outgoing]:
    """A card of a request that has just been filed, to everybody who may take it."""
    return [
        in_a_line(request_card(visit, voice, request, "staff_new_request")) for voice in visit.staff_voices()
    ]


def new_inquiry_cards(visit: Visit, inquiry: Inquiry) -> list[Outgoing]:
    """A card of a new inquiry, to everybody who may answer it."""
    return [
        in_a_line(inquiry_card(visit, voice, inquiry, "staff_new_inquiry")) for voice in visit.staff_voices()
    ]


def notices(visit: Visit, event: str, request: DisclosureRequest, *after: Part) -> list[Outgoing]:
    """Tell staff what the applicant did: the staff's group, and who has taken it, else everybody."""
    voices = visit.staff_voices() if visit.settings.staff_chat or not request.assigned_to else []
    if request.assigned_to:
        voices.append(visit.voice_of(request.assigned_to))
    return [in_a_line(request_card(visit, voice, request, event, *after)) for voice in voices]


def in_a_line(notice: Outgoing) -> Outgoing:
    """A notice that may become a line of a digest: its heading, the number and nothing of anybody."""
    return replace(notice, brief=notice.parts[0].text)


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


def _lines(visit: Visit, voice: Voice, request: DisclosureRequest) -> list[str]:
    lines = [
        voice.word("card_status", value=status_word(voice, request, visit.today)),
        voice.word("card_applicant", kind=request.applicant_kind.label, name=request.applicant_masked),
        voice.word("card_contact", value=request.contact_masked),
        voice.word("card_form", form=request.form.label, way=request.way),
    ]
    if request.repeat_of:
        lines.append(voice.word("card_repeat", numbers="、".join(request.repeat_of)))
    if request.assigned_to:
        lines.append(voice.word("card_assigned", value=request.assigned_to))
    if request.outcome is not None:
        lines.append(voice.word("card_outcome", value=f"{request.outcome.code} {request.outcome.label}"))
    return lines


def _buttons(visit: Visit, voice: Voice, request: DisclosureRequest) -> list[list[Button]]:
    """What fits the status; the register decides in the end."""
    number, status = request.number, request.status
    rows: list[list[Button]] = []
    if status is Status.SUBMITTED:
        rows.append([voice.button("button_confirm_receipt", Act.CONFIRM_RECEIPT, number)])
    if status is Status.RECEIVED:
        rows.append([voice.button("button_take", Act.TAKE, number)])
    if status in BEFORE_REPLY:
        rows.append([voice.button("button_reply", Act.REPLY, number)])
        if visit.register.correction_can_be_asked(visit.connection, visit.now, number):
            rows.append([voice.button("button_ask_correction", Act.ASK_CORRECTION, number)])
    if status is Status.DRAFTED and visit.settings.needs_review:
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
    return [*rows, _looking(voice, request)]


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
    methods = ["by_hand", "post", "email"]
    if visit.settings.serve_in_chat:
        methods.insert(0, "chat")
    rows = [[voice.button(f"serve_{method}", Act.SERVE, number, method)] for method in methods]
    return [*rows, [voice.button("step_serve", Act.RECORD, number, "serve")]]


def _told_first(visit: Visit, voice: Voice, number: str) -> list[list[Button]]:
    """Whom the reply overrules is told before it can be served (art. 32): no other way is shown."""
    if not visit.register.third_parties_to_inform(visit.connection, number):
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
        rows.append([voice.button("button_answer", Act.ANSWER_INQUIRY, inquiry.number)])
    else:
        parts.append(Part(inquiry.answer, Style.QUOTE))
        rows.append([voice.button("button_publish", Act.PUBLISH, inquiry.number)])
    return voice.message(event, *parts, number=inquiry.number, buttons=rows)
