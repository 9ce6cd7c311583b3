"""What people did not get, and what the office makes of it; nothing is learned without somebody's word.

/unanswered ─▶ one thing that was asked ─┬─ 就是这条 ─▶ confirmed: a way to ask for that entry
                                         ├─ 低保 = 最低生活保障 ─▶ accepted: a term, or not
                                         ├─ 写成草稿 ─▶ a YAML file to fill in; not read until then
                                         └─ 不用答, and why ─▶ never to be answered
all of it is part of the next index, which is examined with it before it goes live; each can be taken back
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from bot.dialogue import questions
from bot.dialogue.admin import wordings
from bot.dialogue.admin.missed import Missed, called_useless, found_after_all, ids_of, missed, missed_with
from bot.dialogue.admin.wordings import Wording
from bot.dialogue.handling import handles
from bot.dialogue.payload import Act, Payload
from bot.dialogue.progress import shortened
from bot.dialogue.visit import Visit, turn
from bot.dialogue.voice import Rows
from bot.messages import Button, Document, Part, Style, Turn
from knowledge.entry import Answer, Decision, Entry, EntryKind, Suggest

NO_ANSWER = ("not_ours", "personal", "no_question")  # why nothing in the base ought to answer
_LISTED = 10
_VARIANTS = 5
_NEAR = 3
_LABEL = 18
_DRAFT_VARIANTS = 20


def unanswered(visit: Visit) -> Turn:
    """/unanswered: what people asked and did not get, most frequent first."""
    found = missed(visit.connection, visit.now)
    if not found:
        return turn(visit.voice.message("unanswered_none"))
    rows = [[_listed(visit, each)] for each in found[:_LISTED]]
    shown = "unanswered" if len(found) <= _LISTED else "unanswered_first"
    return turn(visit.voice.message(shown, count=len(found), most=_LISTED, buttons=rows))


def _listed(visit: Visit, each: Missed) -> Button:
    text = shortened(each.texts[0], _LABEL)
    return visit.voice.button("button_missed", Act.MISSED, each.id, text=text, count=each.count)


# ---- one of them -----------------------------------------------------------------------------------------
@handles(Act.MISSED)
def press_missed(visit: Visit, payload: Payload) -> Turn:
    """In which words it was asked, what comes near, and what can be made of it."""
    found = missed_with(visit.connection, visit.now, int(payload.arguments[0]))
    if found is None:
        return turn(visit.voice.message("missed_settled"))
    voice = visit.voice
    after: list[Part] = [Part("\n".join(found.texts[:_VARIANTS]), Style.QUOTE)]
    useless = called_useless(visit.connection, visit.now, found)
    titles = [entry.title for key in useless if (entry := visit.base.entry(key))]
    if titles:
        after.append(voice.small("missed_useless", titles="、".join(f"《{title}》" for title in titles)))
    return turn(
        voice.message(
            "missed_card",
            *after,
            count=found.count,
            day=voice.day(found.last_asked.astimezone(visit.settings.zone).date()),
            buttons=[
                *confirm_rows(visit, found.id, _candidates(visit, found, useless)),
                *_other_ways(visit, found),
            ],
        )
    )


def _candidates(visit: Visit, found: Missed, useless: Sequence[str]) -> list[Entry]:
    """Where people found it in other words, then what the index finds near; not what was called useless."""
    then = found_after_all(visit.connection, visit.now, found)
    at_last = [visit.base.entry(key) for _, _, key in then]
    near = near_entries(visit.ask(found.texts[0]))
    return [entry for entry in (*at_last, *near) if entry and entry.entry_id not in useless]


def near_entries(decision: Decision) -> list[Entry]:
    """All that a decision looked at, best first."""
    hits = decision.hits if isinstance(decision, Answer | Suggest) else decision.near
    also = decision.also if isinstance(decision, Answer) else ()
    return [hit.entry for hit in (*hits, *also)]


def confirm_rows(visit: Visit, question_id: int, entries: Sequence[Entry]) -> list[list[Button]]:
    """就是这条, for the office's own people; nothing for anybody else."""
    if not (visit.is_staff or visit.is_admin):
        return []
    once = {entry.token: entry for entry in entries}
    return [
        [visit.voice.button("button_confirm", Act.CONFIRM, token, question_id, title=_short(entry.title))]
        for token, entry in list(once.items())[:_NEAR]
    ]


def _short(title: str) -> str:
    return shortened(title, _LABEL)


def _other_ways(visit: Visit, found: Missed) -> Rows:
    voice, wording = visit.voice, _wording(visit, found)
    rows = []
    if wording is not None:
        words = {"word": wording.word, "instead": wording.instead}
        rows.append([voice.button("button_wording", Act.WORDING, found.id, **words)])
        rows.append([voice.button("button_no_wording", Act.NO_WORDING, found.id, **words)])
    rows.append([voice.button("button_draft", Act.DRAFT, found.id)])
    rows += [[voice.button(f"button_no_answer_{why}", Act.NO_ANSWER, found.id, why)] for why in NO_ANSWER]
    return [*rows, [voice.button("button_unanswered", Act.UNANSWERED)]]


def _wording(visit: Visit, found: Missed) -> Wording | None:
    """A pair of words that nobody has decided on yet."""
    for asked, then, _ in found_after_all(visit.connection, visit.now, found):
        wording = wordings.proposed(asked, then)
        if wording is not None and not wordings.status_of(visit.connection, wording):
            return wording
    return None


# ---- decided ---------------------------------------------------------------------------------------------
@handles(Act.CONFIRM)
def press_confirm(visit: Visit, payload: Payload) -> Turn:
    """This entry is the right answer to this question, and to all that ask the same."""
    token, question_id = payload.arguments[0], int(payload.arguments[1])
    entry, text = visit.base.by_token(token), questions.text_of(visit.connection, question_id)
    if entry is None or not text:
        return turn(visit.voice.message("missed_settled"))
    ids = _together(visit, question_id)
    questions.settle(
        visit.connection,
        visit.now,
        ids,
        questions.CONFIRMED,
        person=visit.person,
        entry_id=entry.entry_id,
    )
    buttons = _afterwards(visit, question_id)
    return turn(visit.voice.message("confirmed", text=text, title=entry.title, buttons=buttons))


@handles(Act.NO_ANSWER)
def press_no_answer(visit: Visit, payload: Payload) -> Turn:
    """Nothing ought to answer it: an index that does is wrong."""
    question_id, why = int(payload.arguments[0]), payload.arguments[1]
    text = questions.text_of(visit.connection, question_id)
    if not text or why not in NO_ANSWER:
        return turn(visit.voice.message("missed_settled"))
    ids = _together(visit, question_id)
    questions.settle(visit.connection, visit.now, ids, questions.DECLINED, person=visit.person, reason=why)
    return turn(visit.voice.message("no_answer", text=text, buttons=_afterwards(visit, question_id)))


def _together(visit: Visit, question_id: int) -> Sequence[int]:
    found = missed_with(visit.connection, visit.now, question_id)
    return ids_of(visit.connection, visit.now, found) if found is not None else (question_id,)


@handles(Act.UNSETTLE)
def press_unsettle(visit: Visit, payload: Payload) -> Turn:
    """Take it back."""
    done = questions.unsettle(visit.connection, int(payload.arguments[0]))
    return turn(visit.voice.message("unsettled" if done else "missed_settled"))


def _afterwards(visit: Visit, question_id: int) -> Rows:
    voice = visit.voice
    rows = [[voice.button("button_unsettle", Act.UNSETTLE, question_id)]]
    if visit.is_admin:
        rows.append([voice.button("button_reload", Act.RELOAD)])
        rows.append([voice.button("button_unanswered", Act.UNANSWERED)])
    return rows


@handles(Act.WORDING)
def press_wording(visit: Visit, payload: Payload) -> Turn:
    """The word may stand for the other from the next index on, if that passes."""
    return _decide_wording(visit, payload, wordings.ACCEPTED, "wording_accepted")


@handles(Act.NO_WORDING)
def press_no_wording(visit: Visit, payload: Payload) -> Turn:
    """Not the same: it is not proposed again."""
    return _decide_wording(visit, payload, wordings.DECLINED, "wording_declined")


def _decide_wording(visit: Visit, payload: Payload, status: str, event: str) -> Turn:
    found = missed_with(visit.connection, visit.now, int(payload.arguments[0]))
    wording = _wording(visit, found) if found is not None else None
    if wording is None:
        return turn(visit.voice.message("missed_settled"))
    wordings.decide(visit.connection, visit.now, wording, status=status, person=visit.person)
    rows = [[visit.voice.button("button_reload", Act.RELOAD)]] if status == wordings.ACCEPTED else []
    rows.append([visit.voice.button("button_unanswered", Act.UNANSWERED)])
    return turn(
        visit.voice.message(
            event, word=wording.word, instead=wording.instead, line=wording.line, buttons=rows
        )
    )


# ---- a draft entry ---------------------------------------------------------------------------------------
@handles(Act.DRAFT)
def press_draft(visit: Visit, payload: Payload) -> Turn:
    """A file to fill in; its name keeps it from being read where it lies among the others."""
    found = missed_with(visit.connection, visit.now, int(payload.arguments[0]))
    if found is None:
        return turn(visit.voice.message("missed_settled"))
    name = visit.voice.word("draft_file_name", number=found.id)
    return turn(
        visit.voice.message("draft", document=Document(name, _draft(visit, found).encode()), name=name)
    )


def _draft(visit: Visit, found: Missed) -> str:
    """An item as items.yaml has it, with the questions in place and the rest to be written."""
    head = visit.voice.word("draft_head", count=found.count)
    categories = "、".join(name for name, _ in visit.base.categories() if _holds_items(visit, name))
    phrasings = (f"      - {json.dumps(text, ensure_ascii=False)}" for text in found.texts[:_DRAFT_VARIANTS])
    return "\n".join(
        (
            *(f"# {line}" for line in head.splitlines()),
            "items:",
            f"  - id: asked-{found.id}",
            "    title:",
            f"    category:  # {categories}",
            "    text:",
            "    phrasings:",
            *phrasings,
            "",
        )
    )


def _holds_items(visit: Visit, category: str) -> bool:
    """Not a report's or the guide's own."""
    return any(entry.kind is EntryKind.ITEM for entry in visit.base.browse(category, 0, 1))


@handles(Act.UNANSWERED)
def press_unanswered(visit: Visit, payload: Payload) -> Turn:
    return unanswered(visit)
