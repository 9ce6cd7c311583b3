"""Replying to a request, in 3-5 taps.

card ─ 答复 ─▶ situation ─▶ (outcome) ─▶ what it must record ─▶ text ─▶ read-back
                 ▲                      ▲  └── 上一步 ──┘        ▲         │ 保存
                 │                                              └─ 改正文 ┤
                 └──────────────── 重新来 (before service) ───────────────┤
                                                                         ▼
     reviewed by a second person (art. 17, where the office has two) ◀─ drafted
                 │ 退回 ─▶ situation                                      │
                 ▼                                                        ▼
               serve: method ─▶ (late? said first) ─▶ served, the applicant is told at once
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from string import ascii_lowercase

from bot.desk import preconditions
from bot.desk.errors import DeskError, WrongStep
from bot.desk.model import DisclosureRequest, EventKind, Outcome, RequiredField, Status
from bot.desk.outcomes import (
    DISCLOSED_PART,
    PUBLIC_INTEREST,
    REFUSED_PART,
    RIGHT_AGENCY,
    WHERE_PUBLISHED,
    WITHHELD_PART,
)
from bot.dialogue import attaching, cards, notifications
from bot.dialogue.handling import handles
from bot.dialogue.payload import Act, Payload
from bot.dialogue.refusals import refusal
from bot.dialogue.staff import origins
from bot.dialogue.staff.possible import closed_step
from bot.dialogue.staff.searching import trail, trail_part
from bot.dialogue.staff.serving import reply_card, reply_parts
from bot.dialogue.staff.situations import SITUATIONS, outcome_of, outcomes_of
from bot.dialogue.visit import Visit, turn
from bot.messages import Button, Outgoing, Part, Style, Turn

REPLY = "reply"
_SITUATION, _FIELD, _TEXT = "reply.situation", "reply.field", "reply.text"
READ_BACK = "reply.read_back"
_WRITTEN = ("text", "written", "files")  # the text, in which message the officer wrote it, what goes along
_LEAST, _MOST = 4, 3000
_DRAFTED = (Status.DRAFTED, Status.REVIEWED, Status.SIGNED)
_SEARCH = (RequiredField("places", ""), RequiredField("result", ""))  # their labels are in the words
_EARLIER = "earlier_number"  # of E2
# Fields that may be answered by a button: the word of the button -> what is recorded.
_CHOICES: dict[str, dict[str, str]] = {
    REFUSED_PART.name: {WITHHELD_PART: WITHHELD_PART, DISCLOSED_PART: DISCLOSED_PART},
    RIGHT_AGENCY.name: {"nobody": ""},
}
# What leads to an outcome that is not open yet: the form to fill in first.
_WAYS_TO: dict[str, tuple[str, ...]] = {
    "outcome_needs_third_party_consulted": ("third_party",),
    "outcome_needs_reasons_asked": ("reasons",),
    "outcome_needs_reasons_received": ("reasons_in", "reasons_none"),
}


# ---- situation and outcome -------------------------------------------------------------------------------
@handles(Act.REPLY)
def press_reply(visit: Visit, payload: Payload) -> Turn:
    """Begin: what did the search find?  An old button of a request that is replied to already says so."""
    number = payload.arguments[0]
    request = visit.desk.requests.get(number)
    if request.status not in cards.BEFORE_REPLY:
        return turn(closed_step(visit, number, WrongStep("wrong_step", number=number)))
    return turn(_ask_situation(visit, number))


def begin_with(visit: Visit, number: str, text: str, message_id: str) -> Turn:
    """Begin with a text that is written already; the situation is asked for it."""
    visit.memory.begin(_SITUATION, number=number, text=text[:_MOST], written=message_id)
    return again(visit)


def _ask_situation(visit: Visit, number: str, *after: Part) -> Outgoing:
    voice = visit.voice
    rows = [
        [voice.button(f"situation_{situation}", Act.REPLY_SITUATION, number, situation)]
        for situation in SITUATIONS
    ]
    return voice.message("reply_situation", *after, number=number, buttons=rows)


@handles(Act.REPLY_SITUATION)
def press_situation(visit: Visit, payload: Payload) -> Turn:
    """One outcome fits, or a second list is shown."""
    number, situation = payload.arguments
    outcomes = outcomes_of(situation)
    if not outcomes:
        return turn(visit.voice.message("button_expired"))
    if len(outcomes) == 1:
        return _begin(visit, number, outcomes[0], situation)
    rows = [
        [visit.voice.button(f"outcome_{outcome.code}", Act.REPLY_OUTCOME, number, outcome.code)]
        for outcome in outcomes
    ]
    rows.append([visit.voice.button("button_back", Act.REPLY, number)])
    return turn(visit.voice.message("reply_outcome", number=number, buttons=rows))


@handles(Act.REPLY_OUTCOME)
def press_outcome(visit: Visit, payload: Payload) -> Turn:
    """The outcome is chosen."""
    number, code = payload.arguments
    outcome = outcome_of(code)
    if outcome is None:
        return turn(visit.voice.message("button_expired"))
    return _begin(visit, number, outcome)


def _begin(visit: Visit, number: str, outcome: Outcome, situation: str = "") -> Turn:
    """What was written before the outcome was chosen is kept."""
    draft = visit.memory.draft
    is_same = visit.memory.step.startswith(f"{REPLY}.") and draft.get("number") == number
    kept = {name: draft[name] for name in _WRITTEN if is_same and name in draft}
    try:
        visit.desk.replies.outcome_must_be_open(number, outcome)
        refused_by = _refusing(visit, number)
    except DeskError as error:
        return turn(_not_open_yet(visit, number, error))
    visit.memory.begin(
        _FIELD, number=number, outcome=outcome.code, situation=situation, refused_by=refused_by, **kept
    )
    return again(visit)


def _not_open_yet(visit: Visit, number: str, error: DeskError) -> Outgoing:
    """Said before anything is written: what is missing, and the form that gets there."""
    voice = visit.voice
    rows = [
        (voice.button(f"step_{form}", Act.RECORD, number, form),) for form in _WAYS_TO.get(error.text_id, ())
    ]
    back = (
        voice.button("button_other_outcome", Act.REPLY, number),
        voice.button("button_card", Act.CARD, number),
    )
    return replace(refusal(voice, error), buttons=(*rows, back))


def _refusing(visit: Visit, number: str) -> str:
    """Who refused (art. 32), each with the reason they gave; "" when nobody did."""
    refusing = visit.desk.replies.third_parties_refusing(number)
    party, reasons = "", {}
    for event in visit.desk.requests.history(number) if refusing else ():
        party = event.text("party") if event.kind is EventKind.THIRD_PARTY_CONSULTED else party
        if event.kind is EventKind.THIRD_PARTY_ANSWERED:
            reasons[party] = event.text("text")
    return "、".join(f"{each}（{reasons[each]}）" if reasons.get(each) else each for each in refusing)


# ---- what must be recorded, and the text -----------------------------------------------------------------
def again(visit: Visit, *before: Part) -> Turn:
    """Ask for the next thing that is missing, or show the read-back."""
    draft, voice = visit.memory.draft, visit.voice
    if "outcome" not in draft:
        shown = [Part(draft["text"], Style.QUOTE), voice.small("reply_text_kept")]
        return turn(_ask_situation(visit, draft["number"], *shown))
    outcome = Outcome(draft["outcome"])
    missing = _missing(visit)
    if missing:
        visit.memory.step = _FIELD
        return turn(_question(visit, outcome, missing[0], *before))
    if "text" not in draft:
        visit.memory.step = _TEXT
        ways = [_ways_back(visit)]
        files = [*attaching.parts(visit), *attaching.how(visit)]
        ways.insert(0, attaching.remove_row(visit))
        return turn(voice.message("reply_text", *files, before=before, outcome=outcome.label, buttons=ways))
    visit.memory.step = READ_BACK
    return turn(_read_back(visit, outcome, *before))


def _question(visit: Visit, outcome: Outcome, field: RequiredField, *before: Part) -> Outgoing:
    voice, number = visit.voice, visit.memory.draft["number"]
    choices = [
        [Button(label, voice.button("button_back", Act.REPLY_CHOOSE, number, word).data)]
        for word, label, _ in _choices(visit, field)
    ]
    after = [voice.small("reply_several_choices")] if len(field.choices) > 4 else []
    if field.name in (REFUSED_PART.name, PUBLIC_INTEREST.name):
        after.append(voice.small("reply_refused_by", parties=visit.memory.draft["refused_by"]))
    if field.name == "places":
        after.append(trail_part(visit, number))
    return voice.message(
        "reply_field",
        *after,
        before=before,
        outcome=outcome.label,
        field=_label(visit, field),
        buttons=[*choices, _ways_back(visit)],
    )


def _choices(visit: Visit, field: RequiredField) -> list[tuple[str, str, str]]:
    """What may be pressed instead of typed: the word of the button, its label, what is recorded."""
    if field.name in _CHOICES:
        fixed = _CHOICES[field.name].items()
        return [(word, visit.voice.word(f"reply_choice_{word}"), value) for word, value in fixed]
    values: Sequence[str] = field.choices
    if field.name == _EARLIER:
        values = visit.desk.replies.answered_same(visit.memory.draft["number"])
    # The name of the field is in the word: an old button cannot answer another question.
    return [
        (f"{field.name}_{letter}", value, value)
        for letter, value in zip(ascii_lowercase, values, strict=False)
    ]


def _ways_back(visit: Visit) -> list[Button]:
    voice = visit.voice
    return [
        voice.button("button_back", Act.REPLY_BACK, visit.memory.draft["number"]),
        voice.button("button_cancel", Act.CANCEL),
    ]


def _asked(visit: Visit) -> list[RequiredField]:
    """What is asked for this outcome, in this situation.

    "We do not have it" must say where was searched (art. 36(4)) and who has it, where that is known
    (36(5)); what is public already, where it is (36(1)); what a third party refused, whether it is
    disclosed all the same and why (32).
    """
    draft = visit.memory.draft
    outcome = Outcome(draft["outcome"])
    asked = list(outcome.required)
    if outcome is Outcome.UNAVAILABLE_NOT_HELD:
        asked = [*_SEARCH, RIGHT_AGENCY]
    if draft.get("situation") == "already_public":
        asked.append(WHERE_PUBLISHED)
    if draft.get("refused_by") and outcome.gives_information:
        if outcome is Outcome.PARTLY_DISCLOSED:
            asked.append(REFUSED_PART)
        if draft.get(f"field_{REFUSED_PART.name}") != WITHHELD_PART:
            asked.append(PUBLIC_INTEREST)
    return asked


def _label(visit: Visit, field: RequiredField) -> str:
    return field.label or visit.voice.word(f"field_{field.name}")


def _missing(visit: Visit) -> list[RequiredField]:
    return [field for field in _asked(visit) if f"field_{field.name}" not in visit.memory.draft]


def answer(visit: Visit, text: str) -> Turn:
    """A recorded field or the text of the reply."""
    draft, text = visit.memory.draft, text.strip()
    if visit.memory.step == _SITUATION:
        return begin_with(visit, draft["number"], text, visit.incoming.message_id)
    missing = _missing(visit)
    if visit.memory.step == READ_BACK or (missing and missing[0] == REFUSED_PART):
        return again(visit, visit.voice.small("please_choose"))
    least = 1 if missing else _LEAST
    if not least <= len(text) <= _MOST:
        return again(visit, Part(visit.voice.word("staff_text_length", least=least, most=_MOST)))
    if missing:
        try:
            text = _read(visit, missing[0], text)
        except DeskError as error:
            return again(visit, *refusal(visit.voice, error).parts)
    draft[f"field_{missing[0].name}" if missing else "text"] = text
    if not missing:
        draft["written"] = visit.incoming.message_id
    return again(visit)


def _read(visit: Visit, field: RequiredField, text: str) -> str:
    """A typed field as it is recorded; raises DeskError when the desk would refuse it in the end."""
    preconditions.field(field, text)
    if field.name == _EARLIER:
        visit.desk.replies.must_be_the_same(visit.memory.draft["number"], text)
    return field.read(text)


@dataclass(frozen=True)
class Entry:
    """One field of the reply as a page shows it; `typed`: whether it may be written, too."""

    name: str
    label: str
    value: str
    choices: tuple[tuple[str, str], ...]  # word, label
    typed: bool = True
    hint: str = ""


def entries(visit: Visit) -> list[Entry]:
    """What is asked for the chosen outcome, in this order; the text of the reply is not among it."""
    draft = visit.memory.draft
    return [
        Entry(
            field.name,
            _label(visit, field),
            draft.get(f"field_{field.name}", ""),
            tuple((word, label) for word, label, _ in _choices(visit, field)),
            field != REFUSED_PART,
            visit.voice.word("reply_refused_by", parties=draft["refused_by"])
            if field.name in (REFUSED_PART.name, PUBLIC_INTEREST.name)
            else "",
        )
        for field in _asked(visit)
    ]


def fill(visit: Visit, filled: Mapping[str, str]) -> dict[str, str]:
    """Take the fields and the text of a page, as they are typed or by the word of a choice.

    Returns why those were not taken that cannot be, by the name of the field.
    """
    draft, unclear = visit.memory.draft, {}
    for name in filled:
        draft.pop(name if name == "text" else f"field_{name}", None)
    for field in iter(lambda: next(iter(_missing(visit)), None), None):
        typed = filled.get(field.name, "").strip()
        if not typed:
            break  # what follows may depend on it, as in the conversation
        choices = {word: value for word, _, value in _choices(visit, field)}
        try:
            draft[f"field_{field.name}"] = choices[typed] if typed in choices else _typed(visit, field, typed)
        except DeskError as error:
            unclear[field.name] = refusal(visit.voice, error).parts[0].text
            break
        except ValueError:
            unclear[field.name] = visit.voice.word("please_choose")
            break
    text = filled.get("text", "").strip()
    if text and not _LEAST <= len(text) <= _MOST:
        unclear["text"] = visit.voice.word("staff_text_length", least=_LEAST, most=_MOST)
    elif text:
        draft["text"] = text
    return unclear


def _typed(visit: Visit, field: RequiredField, text: str) -> str:
    """A field that may be typed; raises ValueError for one that may not, DeskError for what it refuses."""
    if field == REFUSED_PART:
        raise ValueError(field.name)
    return _read(visit, field, text[:_MOST])


@handles(Act.REPLY_CHOOSE)
def press_choose(visit: Visit, payload: Payload) -> Turn:
    """A field that is answered by a button; a page answers all at once."""
    number, word = payload.arguments
    if not is_current(visit, number):
        return turn(visit.voice.message("form_gone"))
    if visit.incoming.filled:
        return again(visit, *map(Part, fill(visit, dict(visit.incoming.filled)).values()))
    missing = _missing(visit)
    choices = {word: value for word, _, value in _choices(visit, missing[0])} if missing else {}
    if word not in choices:
        return again(visit, visit.voice.small("please_choose"))
    visit.memory.draft[f"field_{missing[0].name}"] = choices[word]
    return again(visit)


@handles(Act.REPLY_BACK)
def press_back(visit: Visit, payload: Payload) -> Turn:
    """上一步: the last answer is given anew; before the first, another situation is chosen."""
    number, draft = payload.arguments[0], visit.memory.draft
    if not is_current(visit, number):
        return turn(visit.voice.message("form_gone"))
    answered = [name for field in _asked(visit) if (name := f"field_{field.name}") in draft]
    is_at_text = visit.memory.step != _FIELD
    if is_at_text and "text" in draft:
        del draft["text"]
    elif answered:
        del draft[answered[-1]]
    elif "text" in draft:
        return begin_with(visit, number, draft["text"], draft.get("written", ""))
    else:
        visit.memory.finish()
        return press_reply(visit, payload)
    return again(visit)


def waits_for_number(visit: Visit) -> bool:
    """Whether the next answer is the number of an earlier request."""
    if visit.memory.step != _FIELD or visit.memory.paused:
        return False
    return [field.name for field in _missing(visit)][:1] == [_EARLIER]


def _shown(visit: Visit, field: RequiredField) -> str:
    """A recorded field as it is read back."""
    value = visit.memory.draft[f"field_{field.name}"]
    return visit.voice.word(f"reply_choice_{value}") if field == REFUSED_PART else value


def _read_back(visit: Visit, outcome: Outcome, *before: Part) -> Outgoing:
    draft, voice, number = visit.memory.draft, visit.voice, visit.memory.draft["number"]
    recorded = "\n".join(
        voice.word("recorded_line", label=_label(visit, field), value=value)
        for field in _asked(visit)
        if (value := _shown(visit, field))
    )
    return voice.message(
        "reply_read_back",
        *([Part(recorded)] if recorded else []),
        Part(draft["text"], Style.QUOTE),
        *attaching.parts(visit),
        *attaching.missing(visit, draft["text"]),
        *_without_consultation(visit, outcome),
        before=before,
        number=number,
        outcome=f"{outcome.code} {outcome.label}",
        buttons=[
            [voice.button("button_reply_draft", Act.REPLY_DRAFT, number)],
            [
                voice.button("button_reply_edit", Act.REPLY_EDIT, number),
                voice.button("button_undo", Act.UNDO, number),
            ],
            attaching.remove_row(visit),
            _ways_back(visit),
        ],
    )


def _without_consultation(visit: Visit, outcome: Outcome) -> list[Part]:
    """A part is held back for a third party whom nobody has asked: said, since only the clerk knows why."""
    draft = visit.memory.draft
    if outcome is not Outcome.PARTLY_DISCLOSED or "第十五条" not in draft.get("field_article", ""):
        return []
    history = visit.desk.requests.history(draft["number"])
    if any(event.kind is EventKind.THIRD_PARTY_CONSULTED for event in history):
        return []
    return [visit.voice.small("reply_no_consultation")]


@handles(Act.REPLY_EDIT)
def press_edit(visit: Visit, payload: Payload) -> Turn:
    """Write the text anew, keep the rest."""
    if not is_current(visit, payload.arguments[0]):
        return turn(visit.voice.message("form_gone"))
    visit.memory.draft.pop("text", None)
    return again(visit)


@handles(Act.REPLY_DRAFT)
def press_draft(visit: Visit, payload: Payload) -> Turn:
    """Save the draft; a second person is asked where the office has one."""
    return _drafted(visit, payload.arguments[0], refusal_acknowledged=False)


@handles(Act.REPLY_SURE)
def press_sure(visit: Visit, payload: Payload) -> Turn:
    """The same, though the text says somewhere that something is refused, and that was asked about."""
    return _drafted(visit, payload.arguments[0], refusal_acknowledged=True)


def _drafted(visit: Visit, number: str, *, refusal_acknowledged: bool) -> Turn:
    memory = visit.memory
    if not is_current(visit, number) or memory.step != READ_BACK:
        return turn(visit.voice.message("form_gone"))
    outcome = Outcome(memory.draft["outcome"])
    if (newer := _newer(visit, number)) is not None:
        return turn(newer)
    try:
        request = _save(visit, number, outcome, refusal_acknowledged=refusal_acknowledged)
    except DeskError as error:
        return turn(_not_saved(visit, number, error))
    origins.remember(visit, number, memory.draft.get("written", ""))
    memory.finish()
    if not visit.settings.needs_review:
        return turn(reply_card(visit, request, "staff_drafted"))
    asked = notifications.to_reviewers(
        visit, "staff_review", request, lambda voice: reply_parts(visit, voice, request)
    )
    return turn(visit.voice.message("staff_sent_to_review", number=number), *asked)


def _newer(visit: Visit, number: str) -> Outgoing | None:
    """A colleague has saved a draft meanwhile: shown beside one's own, once, before it is replaced."""
    drafted = [event for event in visit.desk.requests.history(number) if event.kind is EventKind.DRAFTED]
    request, memory = visit.desk.requests.get(number), visit.memory
    seen = memory.draft.get("over", "")
    if not drafted or request.reply is None or request.status not in _DRAFTED:
        return None
    if drafted[-1].actor == visit.person or seen == str(drafted[-1].ordinal):
        return None
    memory.draft["over"] = str(drafted[-1].ordinal)
    voice, own = visit.voice, memory.draft["text"]
    return voice.message(
        "reply_newer_draft",
        *reply_parts(visit, voice, request),
        Part(voice.word("reply_own_draft")),
        Part(own, Style.QUOTE),
        number=number,
        officer=drafted[-1].actor,
        buttons=[
            [voice.button("button_reply_mine", Act.REPLY_DRAFT, number)],
            [voice.button("button_cancel", Act.CANCEL)],
        ],
    )


def _not_saved(visit: Visit, number: str, error: DeskError) -> Outgoing:
    """What is written stays; the ways on are beside the reason."""
    voice, rows = visit.voice, [_ways_back(visit)]
    if error.text_id == "disclosed_text_refuses":
        rows = [
            [voice.button("button_reply_edit", Act.REPLY_EDIT, number)],
            [voice.button("situation_part", Act.REPLY_SITUATION, number, "part")],
            [voice.button("button_all_disclosed", Act.REPLY_SURE, number)],
        ]
    return replace(refusal(voice, error), buttons=tuple(tuple(row) for row in rows))


def _save(visit: Visit, number: str, outcome: Outcome, *, refusal_acknowledged: bool) -> DisclosureRequest:
    """The draft on record, and before it the search that it rests on."""
    draft = visit.memory.draft
    if outcome is Outcome.UNAVAILABLE_NOT_HELD:
        visit.desk.replies.record_search(
            number,
            places=draft["field_places"],
            result=draft["field_result"],
            trail=trail(visit, number) or (visit.voice.word("trail_nothing"),),
        )
    searched = {field.name for field in _SEARCH}
    fields = {field.name: draft[f"field_{field.name}"] for field in _asked(visit)}
    return visit.desk.replies.draft(
        number,
        outcome=outcome,
        text=draft["text"],
        fields={name: value for name, value in fields.items() if value and name not in searched},
        refusal_acknowledged=refusal_acknowledged,
        attachments=attaching.tokens(visit),
    )


def is_current(visit: Visit, number: str) -> bool:
    """Whether a reply to this request is being written and its outcome is chosen."""
    memory = visit.memory
    is_reply = memory.step.startswith(f"{REPLY}.") and memory.step != _SITUATION
    return is_reply and memory.draft.get("number") == number


@handles(Act.UNDO)
def press_undo(visit: Visit, payload: Payload) -> Turn:
    """Begin again, before anything is served: a saved draft, its review and its signature are undone."""
    number = payload.arguments[0]
    if is_current(visit, number):
        visit.memory.finish()
        return press_reply(visit, payload)
    visit.desk.replies.discard_draft(number)
    return press_reply(visit, payload)
