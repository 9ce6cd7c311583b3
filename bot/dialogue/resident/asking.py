"""A question and what becomes of it.

    text ─▶ intent ─┬─ emergency, redirect, small talk, guide ─▶ its own sentence
                    └─ none ─▶ Base.ask ─┬─ Answer  ─▶ quotation, source ─▶ 有用 / 没用 / 相关 / 都不是
                                         ├─ Suggest ─▶ pick one / 都不是
                                         └─ Unknown ─▶ plainly not found ─▶ 咨询 / 申请公开 / 换个说法

Nothing is made up: what is shown between the heading and the source line stands in the source.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.dialogue import attaching, questions
from bot.dialogue.admin import learning
from bot.dialogue.handling import handles
from bot.dialogue.office import office_lines
from bot.dialogue.payload import Act, Payload, data_of
from bot.dialogue.progress import shortened
from bot.dialogue.resident.handing_over import to_private
from bot.dialogue.showing import (
    PREVIEW,
    SHORT_PREVIEW,
    answer_parts,
    label,
    quotation,
    quoted,
    sources,
    suggestion_parts,
)
from bot.dialogue.visit import Visit, joined, turn
from bot.dialogue.voice import Voice
from bot.messages import Button, OutcomeKind, Outgoing, Part, Style, Turn
from knowledge.entry import Answer, Decision, EntryKind, Hit, Suggest, Unknown

LONGEST_ASKED = 2000  # characters; what comes after is not what is asked
MEANT = 0.3  # probability from which a suggestion is likely what was meant
_SURE_IN_GROUP = 0.9  # probability from which an answer is said before others
_RELATED = 3  # entries shown beside "not found"
_SUGGESTED = 4  # more do not fit a screen
_OFTEN = 3  # misses in a row after which a person is nearer than another try
_YEARS = 3  # buttons beside each other


def ask_base(visit: Visit, text: str, *, follows: bool = True) -> Turn:
    """Answer from the knowledge, suggest, or say that it is not there.

    A text that `follows` may be short for the same question about another thing ("那五保户呢").
    """
    decision = visit.ask(text, visit.memory.last_entry if follows else "")
    return reply_to(visit, text, decision)


def reply_to(visit: Visit, text: str, decision: Decision) -> Turn:
    """What is said to a question, by what was found."""
    if not visit.is_private:
        return _in_group(visit, decision if isinstance(decision, Answer) else None)
    visit.memory.missed = 0 if isinstance(decision, Answer) else visit.memory.missed + 1
    if isinstance(decision, Answer):
        return joined([_answer(visit, text, decision), *(_rest(visit, part) for part in decision.rest)])
    if isinstance(decision, Suggest):
        return _suggest(visit, text, decision)
    question_id = remember(visit, text, OutcomeKind.ROUTE)
    near = _nearest_years(decision)
    found = _of_other_years(visit, question_id, decision, near) if near else _missed(visit, question_id)
    return turn(
        found, outcome=OutcomeKind.ROUTE, entries=[quoted(hit) for hit in near[:1]], offers_filing=True
    )


def disclosed(visit: Visit, text: str, decision: Decision) -> Turn | None:
    """The answer that disclosed information surely gives, the guide aside; None when there is none."""
    if not isinstance(decision, Answer) or decision.hits[0].entry.kind is EntryKind.GUIDE:
        return None
    return _answer(visit, text, decision)


def remember(visit: Visit, text: str, outcome: OutcomeKind, hit: Hit | None = None) -> int:
    """Record the question (masked, without who asked) and keep it in this chat for the buttons."""
    question_id = questions.record(
        visit.connection,
        visit.now,
        text,
        outcome,
        entry_id=hit.entry.entry_id if hit else "",
        score=hit.score if hit else None,
    )
    visit.memory.remember_question(question_id, text)
    return question_id


def _rest(visit: Visit, part: str) -> Turn:
    """The reply to another question of the same message, which it names: what is not found is this one."""
    asked = Part(visit.voice.word("also_asked", question=visit.voice.quotation(part)))
    done = ask_base(visit, part, follows=False)
    messages = [replace(one, parts=(asked, *one.parts)) for one in done.outgoing]
    return replace(done, outgoing=tuple(messages))


# ---- answer ----------------------------------------------------------------------------------------------
def _answer(visit: Visit, text: str, answer: Answer) -> Turn:
    question_id = remember(visit, text, OutcomeKind.ANSWER, answer.hits[0])
    visit.memory.last_entry = answer.hits[0].entry.entry_id
    hits = list({(hit.entry.entry_id, quotation(hit)): hit for hit in answer.hits}.values())
    parts = [part for hit in hits for part in answer_parts(visit.voice, hit)]
    several = "answers_of_years" if answer.over_years else "answers_found"
    event = "answer_found" if len(hits) == 1 else several
    if answer.absent:
        event = "answer_without_years"
    message = visit.voice.message(
        event,
        *parts,
        absent=_listed(visit.voice, answer.absent),
        buttons=_answer_buttons(visit, question_id, answer),
    )
    return turn(
        message,
        outcome=OutcomeKind.ANSWER,
        entries=[quoted(hit) for hit in answer.hits],
        offers_filing=True,
    )


def _answer_buttons(visit: Visit, question_id: int, answer: Answer) -> list[list[Button]]:
    voice = visit.voice
    whole = [
        voice.button("button_whole", Act.ENTRY, hit.entry.token, 0)
        for hit in answer.hits[:1]
        if quotation(hit) != hit.entry.text
    ]
    also = [voice.button("button_also", Act.ALSO, question_id)] if answer.also else []
    return [
        [
            voice.button("button_useful", Act.USEFUL, question_id),
            voice.button("button_useless", Act.USELESS, question_id),
        ],
        [*whole, *also, voice.button("button_why", Act.WHY, question_id)],
        attaching.public_row(visit, answer.hits[0].entry),
        *_year_buttons(voice, question_id, _of_the_same(answer)),
        *([_pick_agency(visit, hit, question_id, "button_agency_too")] for hit in answer.elsewhere[:_YEARS]),
        [voice.button(said_to(visit, "button_ask_or_file"), Act.NONE_FITS, question_id)],
    ]


def _of_the_same(answer: Answer) -> list[Hit]:
    """What is quoted, as other years have it."""
    same = answer.hits[0].entry.version_of
    return [hit for hit in answer.also if same and hit.entry.version_of == same]


def _pick_agency(visit: Visit, hit: Hit, question_id: int, button: str = "button_agency") -> Button:
    """The same of another agency, which is the chat's choice from then on; by the name that people say."""
    agency = visit.voice.quotation(hit.entry.agency.removesuffix("人民政府"))
    return visit.voice.button(button, Act.PICK_AGENCY, hit.entry.token, question_id, agency=agency)


def _year_buttons(voice: Voice, question_id: int, hits: Sequence[Hit]) -> list[list[Button]]:
    """The same of other years, one tap away."""
    buttons = [
        voice.button("button_of_year", Act.PICK, hit.entry.token, question_id, year=hit.entry.year)
        for hit in hits[:_YEARS]
        if hit.entry.year
    ]
    return [buttons] if buttons else []


def _listed(voice: Voice, years: Sequence[int]) -> str:
    return voice.word("years_comma").join(map(str, years))


def _nearest_years(decision: Unknown) -> list[Hit]:
    """What is there of other years than those asked for, one of each year, the nearest first."""
    if not (decision.there_for and decision.asked_for):
        return []
    of_year = {hit.entry.year: hit for hit in reversed(decision.near) if hit.entry.year in decision.there_for}
    far = {year: min(abs(year - asked) for asked in decision.asked_for) for year in of_year if year}
    return [of_year[year] for year in sorted(far, key=lambda year: (far[year], -year))]


def _of_other_years(visit: Visit, question_id: int, decision: Unknown, near: Sequence[Hit]) -> Outgoing:
    """Not of the year asked; of these it is there, and what the nearest says."""
    voice = visit.voice
    of_years = sorted(near, key=lambda hit: -(hit.entry.year or 0))
    return voice.message(
        said_to(visit, "not_found_of_year"),
        *answer_parts(voice, near[0]),
        asked=_listed(voice, decision.asked_for),
        there=_listed(voice, decision.there_for),
        year=near[0].entry.year,
        buttons=[*_year_buttons(voice, question_id, of_years), *two_ways(visit, question_id)],
    )


def _in_group(visit: Visit, answer: Answer | None) -> Turn:
    """In a group only what is nearly certain is said, and nothing is remembered or offered that is personal.

    A wrong answer to one person is corrected with a button; before a group it disturbs everybody's talk.
    """
    if answer is None or min(hit.score for hit in answer.hits) < _SURE_IN_GROUP:
        return to_private(visit, event="group_not_sure")
    parts = [part for hit in answer.hits for part in answer_parts(visit.voice, hit)]
    return turn(
        visit.voice.message("answer_found", *parts),
        outcome=OutcomeKind.ANSWER,
        entries=[quoted(hit) for hit in answer.hits],
    )


# ---- suggest ---------------------------------------------------------------------------------------------
def _suggest(visit: Visit, text: str, suggest: Suggest) -> Turn:
    meant = suggest.nearest or max(hit.score for hit in suggest.hits[: suggest.leads]) >= MEANT
    hits = suggest.hits[: _SUGGESTED if meant and not visit.voice.large else _RELATED]
    question_id = remember(visit, text, OutcomeKind.SUGGEST, hits[0])
    if suggest.by_agency:
        return _which_agency(visit, question_id, suggest.hits)
    parts: list[Part] = []
    for number, hit in enumerate(hits, 1):
        seen = any(hit.passage.text == before.passage.text for before in hits[: number - 1])
        leads = number <= suggest.leads
        title = _title_among(hits, hit)
        parts += suggestion_parts(visit.voice, number, hit, title, with_text=not seen, leads=leads)
    rows = [[_pick_button(visit, hit, question_id, _title_among(hits, hit))] for hit in hits]
    if suggest.missing is not None:
        event = "suggestions_lacking"
        rows += two_ways(visit, question_id)
    elif meant:
        event = "suggestions_several" if suggest.leads > 1 else "suggestions"
        event = "suggestions_nearest" if suggest.nearest else event
        no = "button_not_this" if suggest.nearest else "button_none_fits"
        rows.append(
            [
                visit.voice.button(no, Act.NONE_FITS, question_id),
                visit.voice.button("button_file", Act.FILE_REQUEST, question_id),
            ]
        )
    else:  # to ask "did you mean" would sound as if one of them were what was asked
        event = "suggestions_weak" if visit.memory.missed < 2 else "suggestions_weak_again"
        rows += two_ways(visit, question_id)
    what = visit.voice.word(f"missing_{suggest.missing.value}") if suggest.missing else ""
    return turn(
        visit.voice.message(
            said_to(visit, event), *parts, sources(visit.voice, hits), what=what, buttons=rows
        ),
        outcome=OutcomeKind.SUGGEST,
        entries=[quoted(hit) for hit in hits],
        offers_filing=True,
    )


def _which_agency(visit: Visit, question_id: int, hits: Sequence[Hit]) -> Turn:
    """Several agencies have it: the choice, which this chat keeps.  Of few, what each says under its name."""
    few = hits if len(hits) <= _SUGGESTED else ()
    parts = []
    for number, hit in enumerate(few, 1):
        title = visit.voice.quotation(f"{hit.entry.agency}：{hit.entry.title}")
        parts += [
            Part(visit.voice.word("numbered", number=number, title=title), Style.STRONG),
            visit.voice.quote(shortened(quotation(hit), PREVIEW)),
        ]
    rows = [[_pick_agency(visit, hit, question_id)] for hit in hits]
    rows.append([visit.voice.button("button_none_fits", Act.NONE_FITS, question_id)])
    return turn(
        visit.voice.message(
            "suggestions_of_agencies",
            *parts,
            *([sources(visit.voice, few)] if few else []),
            count=len(hits),
            buttons=rows,
        ),
        outcome=OutcomeKind.SUGGEST,
        entries=[quoted(hit) for hit in hits],
        offers_filing=True,
    )


def _title_among(hits: Sequence[Hit], hit: Hit) -> str:
    """Its title; with agency and year where another of these has the same."""
    entry = hit.entry
    if sum(other.entry.title == entry.title for other in hits) < 2:
        return entry.title
    year = f"{entry.year}年" if entry.year else ""
    return f"{entry.agency.removesuffix('人民政府')}{year} {entry.title}".strip()


def _pick_button(visit: Visit, hit: Hit, question_id: int, title: str = "") -> Button:
    name = label(visit.voice, title or hit.entry.title)
    return Button(name, data_of(Act.PICK, hit.entry.token, question_id))


# ---- not found -------------------------------------------------------------------------------------------
def _missed(visit: Visit, question_id: int) -> Outgoing:
    """In other words each time: whoever reads the same apology twice reads nothing more."""
    if visit.is_staff:  # who are a way to a person themselves
        return not_found(visit, question_id)
    if visit.memory.missed < _OFTEN:
        return not_found(visit, question_id, "not_found" if visit.memory.missed < 2 else "not_found_again")
    person = [visit.voice.button("button_person", Act.PERSON)]
    rows = [person, *two_ways(visit, question_id)]
    return visit.voice.message("not_found_often", Part(office_lines(visit)), buttons=rows)


def not_found(visit: Visit, question_id: int, event: str = "not_found") -> Outgoing:
    """Says so plainly, and offers both ways with the question already filled in."""
    voice = visit.voice
    rows = [*two_ways(visit, question_id), [voice.button("button_rephrase", Act.REPHRASE, question_id)]]
    return voice.message(said_to(visit, event), buttons=rows)


def two_ways(visit: Visit, question_id: int) -> list[list[Button]]:
    """咨询 and 申请公开; staff are not sent to ask themselves."""
    inquire = (
        [] if visit.is_staff else [[visit.voice.button("button_inquire", Act.FILE_INQUIRY, question_id)]]
    )
    return [*inquire, [visit.voice.button("button_file", Act.FILE_REQUEST, question_id)]]


def said_to(visit: Visit, event: str) -> str:
    """The sentence for who asks: staff are told otherwise where it would send them to themselves."""
    for_staff = f"{event.removesuffix('_again')}_for_staff"
    return for_staff if visit.is_staff and visit.voice.words.knows(for_staff) else event


@handles(Act.REPHRASE)
def press_rephrase(visit: Visit, payload: Payload) -> Turn:
    """换个说法: how to put it so that it is found; what comes next is a question like any."""
    asked = visit.memory.question(int(payload.arguments[0]))
    before = [Part(visit.voice.word("rephrase_asked", question=asked))] if asked else []
    rows = [[visit.voice.button("button_catalogue", Act.CATALOGUE)]]
    return turn(visit.voice.message("rephrase", before=before, buttons=rows))


def found_at_last(visit: Visit, question_id: int) -> None:
    """What this chat missed just before is what was meant; who that was is not kept with it."""
    earlier = [key for key, _ in visit.memory.questions if key < question_id]
    questions.found_at_last(visit.connection, earlier, question_id)


# ---- what is pressed under an answer -----------------------------------------------------------------------
@handles(Act.USEFUL)
def press_useful(visit: Visit, payload: Payload) -> Turn:
    question_id = int(payload.arguments[0])
    if not visit.memory.asked_here(question_id):
        return turn(visit.voice.message("question_gone"))
    questions.give_feedback(visit.connection, question_id, questions.USEFUL)
    found_at_last(visit, question_id)
    return turn(visit.voice.message("feedback_useful"))


@handles(Act.USELESS)
def press_useless(visit: Visit, payload: Payload) -> Turn:
    """A "no" is data, and the way on is offered."""
    question_id = int(payload.arguments[0])
    _count_no(visit, question_id, questions.USELESS)
    said = not_found(visit, question_id, "feedback_useless")
    rows = _which_instead(visit, question_id)
    return turn(replace(said, buttons=(*said.buttons, *map(tuple, rows))), offers_filing=True)


def _count_no(visit: Visit, question_id: int, feedback: str) -> None:
    """Only the word of who asked counts; whoever pressed is told the ways on all the same."""
    if visit.memory.asked_here(question_id):
        questions.give_feedback(visit.connection, question_id, feedback)


def _which_instead(visit: Visit, question_id: int) -> list[list[Button]]:
    """The office's own people say at once which entry would have been right."""
    text = visit.memory.question(question_id)
    if not text or not (visit.is_staff or visit.is_admin):
        return []
    near = learning.near_entries(visit.ask(text))[1:]  # the first was the useless one
    return learning.confirm_rows(visit, question_id, near)


@handles(Act.NONE_FITS)
def press_none_fits(visit: Visit, payload: Payload) -> Turn:
    question_id = int(payload.arguments[0])
    _count_no(visit, question_id, questions.NONE_FITS)
    return turn(not_found(visit, question_id, "none_fits"), offers_filing=True)


@handles(Act.ALSO)
def press_also(visit: Visit, payload: Payload) -> Turn:
    """What else may fit, found again from the question."""
    question_id = int(payload.arguments[0])
    text = visit.memory.question(question_id)
    decision = visit.ask(text) if text else None
    also = decision.also if isinstance(decision, Answer) else ()
    if not also:
        return turn(visit.voice.message("question_gone"))
    rows = [[_pick_button(visit, hit, question_id)] for hit in also[:_SUGGESTED]]
    return turn(visit.voice.message("also_found", buttons=rows))


@handles(Act.WHY)
def press_why(visit: Visit, payload: Payload) -> Turn:
    """Which words of the question were found; staff see the figures too."""
    text = visit.memory.question(int(payload.arguments[0]))
    decision = visit.ask(text) if text else None
    if not isinstance(decision, Answer | Suggest):
        return turn(visit.voice.message("question_gone"))
    hit = decision.hits[0]
    words = "、".join(f"“{visit.voice.quotation(word)}”" for word in hit.matched)
    event = "why_matched" if words else "why_close"
    rows = learning.confirm_rows(visit, int(payload.arguments[0]), learning.near_entries(decision))
    return turn(visit.voice.message(event, *_figures(visit, decision), words=words, buttons=rows))


def _figures(visit: Visit, decision: Answer | Suggest) -> list[Part]:
    if not (visit.is_staff or visit.is_admin):
        return []
    hits = (*decision.hits, *(decision.also if isinstance(decision, Answer) else ()))
    return [
        visit.voice.small(
            "why_figures",
            title=hit.entry.title,
            score=round(hit.score * 100),
            words="、".join(hit.matched),
            passage=shortened(hit.passage.text, SHORT_PREVIEW),
            features="，".join(f"{name} {value:.2f}" for name, value in hit.features),
        )
        for hit in hits[:3]
    ]
