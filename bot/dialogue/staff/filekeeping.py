"""Inside the office: notes, who handles what, hand-over, withdrawal on paper, the end of a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from bot.desk.guards import Told
from bot.desk.preconditions import names_nobody
from bot.dialogue import notifications
from bot.dialogue.discretion import not_here
from bot.dialogue.handling import handles
from bot.dialogue.payload import Act, Payload
from bot.dialogue.staff import record_corrections
from bot.dialogue.staff.intake import PROOF_OF_IDENTITY
from bot.dialogue.staff.questions import Draft, Kind, Question, Unclear, choice, past_day, text
from bot.dialogue.staff.recording import Form, begin
from bot.dialogue.staff.telling import recorded, recorded_and_told
from bot.dialogue.visit import Visit, turn
from bot.messages import Document, Language, Outgoing, Turn

_ALL = 10_000  # open requests; a list for people stops earlier


def _note(visit: Visit, number: str, given: Draft) -> Turn:
    return recorded(
        visit,
        visit.desk.correspondence.note(number, text=given["note"]),
    )


def _check_identity(visit: Visit, number: str, given: Draft) -> Turn:
    """Which proof was seen and how, in words: a picture of it is never asked for."""
    words = visit.services.words
    return recorded(
        visit,
        visit.desk.privacy.record_identity_check(
            number,
            document=words.say(f"choice_{given['proof_of_identity']}", Language.SIMPLIFIED),
            how=words.say(f"choice_{given['checked_how']}", Language.SIMPLIFIED),
        ),
    )


@handles(Act.LETTERS)
def press_letters(visit: Visit, payload: Payload) -> Turn:
    """文书: the newest of each kind once more, for who handles the request; they name the applicant."""
    number = payload.arguments[0]
    if record_corrections.is_number(number):
        return record_corrections.press_letters(visit, payload)
    if (refused := not_here(visit, number)) is not None:
        return turn(refused)
    visit.desk.requests.applicant(number)
    kept = visit.desk.letters.of(number)
    newest = {letter.kind: Document(letter.filename, letter.content) for letter in kept}
    if not newest:
        return turn(visit.voice.message("no_letters", number=number))
    return turn(
        *(visit.voice.message("staff_letter", number=number, document=each) for each in newest.values())
    )


# ---- who handles it --------------------------------------------------------------------------------------
def _colleagues(visit: Visit, given: Draft) -> Sequence[tuple[str, str]]:
    """Everybody who may handle a request, but not who gives them away."""
    holder = _account(visit, given.get("holder", ""))
    return [
        (str(place), _named(visit, person))
        for place, person in enumerate(visit.settings.handlers)
        if person != holder
    ]


def _named(visit: Visit, account: str) -> str:
    """An officer on a button; two of one name are told apart by their ids."""
    name = visit.voice.officer(account)
    same = [each for each in _people(visit) if visit.voice.officer(each) == name]
    return name if len(same) == 1 else f"{name}（{account.partition(':')[2]}）"


def _account(visit: Visit, named: str) -> str:
    """The account of whom a button named, "" for nobody."""
    return next((each for each in _people(visit) if named in (each, _named(visit, each))), "")


def _people(visit: Visit) -> list[str]:
    return list(dict.fromkeys((*visit.settings.handlers, *_holders(visit))))


def _assign(visit: Visit, number: str, given: Draft) -> Turn:
    assignee = _account(visit, given["assignee"])
    request = visit.desk.intake.assign(number, assignee=assignee)
    done = recorded_and_told(visit, request, "request_assigned")
    return turn(*done.outgoing, *_assignee_told(visit, assignee, [number]))


def _assignee_told(visit: Visit, assignee: str, numbers: Sequence[str]) -> list[Outgoing]:
    requests = [visit.desk.requests.get(number) for number in numbers]
    return [
        message
        for request in requests
        for message in notifications.to_colleague(visit, "staff_assigned_to_you", request, assignee)
    ]


def _holders(visit: Visit) -> list[str]:
    """Who has open requests, also who is no member of staff any more."""
    return sorted({request.assigned_to for request in visit.desk.requests.queue(_ALL)} - {""})


def hand_over(visit: Visit) -> Turn:
    """交接: all open requests of one person go to another."""
    if not _holders(visit):
        return turn(visit.voice.message("handover_nothing"))
    return begin(visit, HANDOVER)


def _hand_over(visit: Visit, number: str, given: Draft) -> Turn:
    assignee = _account(visit, given["assignee"])
    numbers, told = give_all(visit, _account(visit, given["holder"]), assignee)
    return turn(visit.voice.message("handed_over", count=len(numbers), to=assignee), *told)


def give_all(visit: Visit, holder: str, assignee: str) -> tuple[list[str], list[Outgoing]]:
    """All open requests of one person go to another: their numbers, and the cards for the new owner."""
    numbers = [request.number for request in visit.desk.requests.queue(_ALL) if request.assigned_to == holder]
    for each in numbers:
        visit.desk.intake.assign(each, assignee=assignee)
    return numbers, _assignee_told(visit, assignee, numbers)


# ---- the end of a file -----------------------------------------------------------------------------------
_ME = "me"  # who enters the withdrawal heard it themselves


def _somebody(visit: Visit, draft: Draft, kept: str) -> str:
    """无 or - is nobody: a withdrawal names who told whom (LAW.md part 9)."""
    if names_nobody(kept):
        raise Unclear("refused_withdrawal_not_proven")
    return kept


def _since_filing(visit: Visit, draft: Draft, kept: str) -> str:
    """Nobody withdraws what was not filed yet: said where the day is typed."""
    filed_at = visit.desk.requests.get(visit.memory.draft["number"]).submitted_at
    if date.fromisoformat(kept) < filed_at.astimezone(visit.register.office.zone).date():
        raise Unclear("refused_told_on_impossible_day", today=visit.voice.day(visit.today))
    return kept


def _me(visit: Visit, draft: Draft) -> list[tuple[str, str]]:
    return [(_ME, visit.voice.word("choice_told_me", name=visit.voice.officer(visit.person)))]


def _who_heard(visit: Visit, draft: Draft, kept: str) -> str:
    """我 is whoever types it, by the name that the record can keep."""
    return _ME if kept in visit.voice.word("said_me").split("、") else _somebody(visit, draft, kept)


def _heard_by(visit: Visit, kept: str) -> str:
    return visit.voice.officer(visit.person) if kept == _ME else kept


def _withdraw(visit: Visit, number: str, given: Draft) -> Turn:
    request = visit.desk.replies.withdraw(
        number,
        reason=given["withdraw_reason"],
        told=Told(
            by=given["told_by"],
            to=_heard_by(visit, given["told_to"]),
            on=date.fromisoformat(given["told_on"]),
            how=visit.services.words.say(f"choice_{given['told_how']}", Language.SIMPLIFIED),
        ),
    )
    return recorded_and_told(visit, request, "request_withdrawn", kind="closed")


def _archive(visit: Visit, number: str, given: Draft) -> Turn:
    return recorded(visit, visit.desk.replies.archive(number))


def _decline_publication(visit: Visit, number: str, given: Draft) -> Turn:
    return recorded(
        visit,
        visit.desk.publications.decline(number, reason=given["decline_reason"]),
    )


_ASSIGNEE = Question("assignee", Kind.CHOICE, labelled=_colleagues)
HANDOVER = Form(
    "handover",
    (
        Question(
            "holder",
            Kind.CHOICE,
            labelled=lambda visit, given: [
                (str(place), _named(visit, holder)) for place, holder in enumerate(_holders(visit))
            ],
        ),
        _ASSIGNEE,
    ),
    _hand_over,
)
FORMS = (
    Form("note", (text("note"),), _note),
    Form(
        "identity_check",
        PROOF_OF_IDENTITY,
        _check_identity,
    ),
    Form("assign", (_ASSIGNEE,), _assign),
    Form(
        "withdraw",
        (
            choice("told_how", "told_by_telephone", "told_in_person", "told_in_writing"),
            Question("told_by", check=_somebody),
            Question("told_to", labelled=_me, least=1, check=_who_heard, reads=_heard_by),
            replace(past_day("told_on"), check=_since_filing),
            text("withdraw_reason", quotes=True),
        ),
        _withdraw,
    ),
    Form("archive", (), _archive),
    Form("decline", (text("decline_reason", least=4),), _decline_publication),
    HANDOVER,
)
