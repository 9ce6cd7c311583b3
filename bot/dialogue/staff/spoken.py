"""What a clerk types instead of pressing: 收到了, 转办, 2026-0002, 2号延期.

    text ─┬─ a number, alone or with words that are no action ─▶ its card; that the words were not understood
          ├─ a day, where no form asks for one ─▶ that it is none of anything
          ├─ likely one of those that the open request allows now ─▶ asked whether it is
          ├─ an action ─┬─ of the request that is named, else of the one that is open ─▶ as if pressed there
          │             ├─ that request cannot take it now, or none is open ─▶ those that can, to choose from
          │             └─ nobody can ─▶ why not and when (hindrances.py), and the card
          └─ else None: a question

In the middle of a form only a number or the very name of an action counts; the form is paused.  What happens
at once and was only nearly said, or said inside a form, is asked first.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.desk.model import DisclosureRequest, Inquiry
from bot.dialogue.payload import Act, data_of
from bot.dialogue.picking import says
from bot.dialogue.progress import about, shortened
from bot.dialogue.routing import pressing
from bot.dialogue.staff import forms, hindrances, noting, queue, replying
from bot.dialogue.staff.actions import (
    ALLOWED_ASKED,
    ALLOWED_TOLD,
    UNFOUND,
    UNFOUND_SHOWN,
    Action,
    actions_in,
    actions_of,
    is_only_put_around,
    names_exactly,
)
from bot.dialogue.staff.days import day_in
from bot.dialogue.staff.opened import open_number
from bot.dialogue.staff.queue import Queued
from bot.dialogue.understanding.actions import Floors
from bot.dialogue.visit import Visit, turn
from bot.messages import Button, Outgoing, Part, Turn

_NUMBER = re.compile(r"(?<![0-9A-Za-z])([A-Za-z]{0,2})(20\d{2})-(\d{1,8})(?!\d|[-/.年月]\d)")  # no 2026-12-01
_ORDINAL = re.compile(r"第(\d{1,4})[件号]|(?<!\d)(\d{1,4})号(?:件|申请)?")
_DAY_OF_MONTH = re.compile(r"\d{1,4}号")
_AS_A_DAY = re.compile(r"(20\d{2})-(\d{4})")  # a number, or the day 2030-0101
_LOOKED_THROUGH = 60  # open requests among which those are found that can take an action
_LISTED = 8
_LONGEST_REPEATED = 30  # characters of what was not understood
_LABEL = 14  # characters of what is asked for, on a button
# Labels that begin so are asked about together.
_TOGETHER = (("serve_", "step_serve"), ("button_review_ok", "button_review_return"))
# These only show or begin something; every other action has its effect at once.
_HARMLESS = frozenset(
    {Act.RECORD, Act.REPLY, Act.ASK_CORRECTION, Act.ANSWER_INQUIRY, Act.PUBLISH, Act.CARD, Act.INQUIRY_CARD}
    | {Act.MORE, Act.IDENTITY, Act.DUE_DATE, Act.TIMELINE, Act.LETTERS, Act.RECORD_DETAILS, Act.QUEUE}
)
# These only show something.
_SHOWING = frozenset({Act.CARD, Act.INQUIRY_CARD, Act.MORE, Act.DUE_DATE, Act.TIMELINE, Act.LETTERS})
# What a bare 可以, 收到, 不行 or 发吧 is the answer to, where it can be done; events of words/.
_ANSWERED = (
    (("button_review_ok",), ("assents", "acknowledges", "approves")),
    (("button_review_return",), ("declines", "disapproves")),
    (("button_confirm_receipt",), ("assents", "acknowledges")),
    (("serve_", "step_serve"), ("sends",)),
)


@dataclass(frozen=True)
class _Wish:
    """What a clerk wants done, in which words; to which request, "" if none is named."""

    said: str
    named: str
    actions: Sequence[Action]
    in_form: bool = False


@dataclass(frozen=True)
class _Choice:
    """An action that a request can take now, and the button that does it."""

    number: str
    action: Action
    button: Button


def respond(visit: Visit, text: str) -> Turn | None:
    """What a clerk's text does; None when it is no number and no action."""
    if _is_day(visit, text):
        return turn(_day_without_form(visit, text))
    number, rest = _named(visit, text)
    actions = _actions_in(visit, rest)
    # What is named by its own name is meant, also where it cannot be done: why not is said then.
    is_named = any(_is_exact(visit, rest, each) for each in actions)
    if not is_named and not _can_be_done(visit, number, actions):
        meant, is_sure = _actions_meant(visit, rest)
        if is_sure and _can_be_done(visit, number, meant):
            actions = [*meant, *_as_likely(visit, rest, number or open_number(visit), meant)]
        elif likely := _likely_here(visit, rest, number or open_number(visit)):
            return _perhaps(visit, _Wish(rest, number, likely))
        elif meant and not actions and not is_sure:
            return _perhaps(visit, _Wish(rest, number, meant))
        else:
            actions = meant or _also_meant(visit, rest, actions)
    if _is_of_all(visit, number, actions):
        return pressing.press(visit, data_of(Act.QUEUE, 0))
    if number and not actions:
        return _open(visit, number, rest) if not rest or _NUMBER.search(_plain(text)) else None
    return _do(visit, _Wish(rest, number, actions)) if actions else None


def shown_at_last(visit: Visit, text: str) -> Turn | None:
    """The queue or what only shows something, where a search has found nothing and that is likely meant."""
    choices = _unfound(visit, text, UNFOUND_SHOWN)
    if not choices or choices[0].action.act not in _SHOWING | {Act.QUEUE}:
        return None
    return pressing.press(visit, choices[0].button.data)


def likely_rows(visit: Visit, text: str) -> list[list[Button]]:
    """Buttons of what may be meant where a search has found nothing that answers."""
    return [[replace(each.button, label=_label(visit, each))] for each in _unfound(visit, text, UNFOUND)]


def _unfound(visit: Visit, text: str, floors: Sequence[Floors]) -> list[_Choice]:
    number = open_number(visit)
    possible = _choices(visit, number, _all(visit)) if number else []
    in_queue = Action("button_queue", Act.QUEUE)
    possible.append(_Choice("", in_queue, visit.voice.button("button_queue", Act.QUEUE, 0)))
    labels = frozenset(each.action.label for each in possible)
    likely = visit.services.of_staff.likeliest(text, labels, asked=floors, told=floors)
    found = [each for name in likely for each in possible if each.action.label.startswith(_group(name))]
    return list(dict.fromkeys(found))


def respond_in_form(visit: Visit, text: str) -> Turn | None:
    """The same in the middle of a form, which is paused by it; None when it is an answer."""
    number, rest = _named(visit, text)
    words, language = visit.services.words, visit.voice.language
    actions = [each for each in _all(visit) if names_exactly(rest, each, words, language)]
    if (rest and not actions) or not (number or actions):
        return None
    before = (visit.memory.step, visit.memory.draft.get("id"))
    if _is_of_all(visit, number, actions):
        done = pressing.press(visit, data_of(Act.QUEUE, 0))
    else:
        done = _do(visit, _Wish(rest, number, actions, in_form=True)) if actions else _open(visit, number, "")
    if (visit.memory.step, visit.memory.draft.get("id")) == before:
        visit.memory.paused = True
    return done


def is_answer(visit: Visit, text: str) -> bool:
    """Whether the form asks for just this: the number of an earlier request, the 2号 of a month, a choice."""
    plain = _plain(text)
    if _NUMBER.fullmatch(plain):
        return replying.waits_for_number(visit)
    is_day = bool(_DAY_OF_MONTH.fullmatch(plain)) and forms.waits_for_day(visit)
    return is_day or forms.takes(visit, text)


def is_quoted(visit: Visit, text: str) -> bool:
    """Whether a text is what somebody else said, for the form that asks for it: 不要了 of an applicant drops
    no form.  The labels of our own buttons, numbers and commands stay what they are."""
    plain = _plain(text)
    if plain.startswith("/") or _NUMBER.fullmatch(plain) or not forms.quotes(visit):
        return False
    return plain not in visit.services.words.labels[visit.voice.language]


def is_no_choice(visit: Visit, text: str) -> bool:
    """Whether 2号 is a day or a request here, and not the second button."""
    return visit.is_staff and bool(_DAY_OF_MONTH.fullmatch(_plain(text)))


# ---- what is said ----------------------------------------------------------------------------------------
def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()


def _named(visit: Visit, text: str) -> tuple[str, str]:
    """The number that a text names, as the register writes it, and the rest of the text."""
    plain = _plain(text)
    if found := _NUMBER.search(plain):
        number = f"{found[1].upper()}{found[2]}-{int(found[3]):04}"
    elif found := _ORDINAL.search(plain):
        number = _of_this_year(visit, int(found[1] or found[2]))
    else:
        return "", plain
    return number, (plain[: found.start()] + plain[found.end() :]).strip(" ，,。.!！?？、:：")


def _is_day(visit: Visit, text: str) -> bool:
    """Whether a text is a day and nothing else.  2号 is a request; so is 2026-0101 where it is registered."""
    plain = _plain(text)
    if found := _AS_A_DAY.fullmatch(plain):
        is_registered = noting.found(visit.desk, plain) is not None
        return not is_registered and day_in(found[1] + found[2], visit.today) is not None
    if _DAY_OF_MONTH.fullmatch(plain) or not any(character.isdigit() for character in plain):
        return False
    return day_in(plain, visit.today) is not None


def _of_this_year(visit: Visit, ordinal: int) -> str:
    """The newest request with this ordinal, of this year or the last; of this year if there is none."""
    numbers = [f"{year}-{ordinal:04}" for year in (visit.today.year, visit.today.year - 1)]
    return next((each for each in numbers if noting.found(visit.desk, each)), numbers[0])


def _all(visit: Visit) -> tuple[Action, ...]:
    in_queue = Action("button_queue", Act.QUEUE)
    return (*actions_of(visit.services.words, pressing.staff_acts(), forms.ABOUT_REQUESTS), in_queue)


def _actions_in(visit: Visit, text: str) -> list[Action]:
    """What a text names by its characters; 备注：已问过财政所 names it before the colon."""
    words, language = visit.services.words, visit.voice.language
    head, colon, _ = text.replace("：", ":").partition(":")
    if colon and (named := [each for each in _all(visit) if names_exactly(head, each, words, language)]):
        return named
    return actions_in(text, _all(visit), words, language)


def _actions_meant(visit: Visit, text: str) -> tuple[list[Action], bool]:
    """What a text asks for in the clerk's own words, and whether that is sure.

    Ways of service are one thing, and so are yes and no to the same: both are near in meaning, so both are
    offered.
    """
    meant = visit.services.of_staff.action(text) if text else None
    if meant is None:
        return [], False
    return [each for each in _all(visit) if each.label.startswith(_group(meant.action))], meant.is_sure


def _can_be_done(visit: Visit, number: str, actions: Sequence[Action]) -> bool:
    """Whether the request that is named or open can take one of these now.

    要求补正材料 is nearly 补正材料来了, and means it only where a correction is awaited.
    """
    about = number or open_number(visit)
    return _is_of_all(visit, number, actions) or bool(about and _choices(visit, about, actions))


def _likely_here(visit: Visit, text: str, number: str) -> list[Action]:
    """What a text asks for, if it is one of the few things that can be done now.

    A bare yes or no is said to what waits for just that: a review, a request not yet confirmed.
    """
    possible = [choice.action for choice in _choices(visit, number, _all(visit))] if number else []
    for labels, said in _ANSWERED:
        answered = [each for each in possible if each.label.startswith(labels)]
        if answered and any(says(visit, event, text) for event in said):
            return answered
    possible += [each for each in _all(visit) if each.act is Act.QUEUE]
    likely = visit.services.of_staff.likeliest(
        text, frozenset(each.label for each in possible), asked=ALLOWED_ASKED, told=ALLOWED_TOLD
    )
    found = [each for name in likely for each in possible if each.label.startswith(_group(name))]
    return list(dict.fromkeys(found))


def _as_likely(visit: Visit, text: str, number: str, meant: Sequence[Action]) -> list[Action]:
    """What is as near in meaning as what is surely meant: 让小张再改改 is 转给别人办, or 退回修改."""
    likely = _likely_here(visit, text, number)
    return [each for each in likely if each not in meant] if set(meant) & set(likely) else []


def _also_meant(visit: Visit, text: str, actions: Sequence[Action]) -> list[Action]:
    """Those of the actions nearly named that are near in meaning too: 主动公开情况 is no 主动公开."""
    labels = frozenset(each.label for each in actions)
    meant = visit.services.of_staff.likeliest(text, labels, asked=ALLOWED_ASKED, told=ALLOWED_TOLD)
    return [each for each in actions if each.label in meant]


def _group(label: str) -> tuple[str, ...]:
    return next((each for each in _TOGETHER if label.startswith(each)), (label,))


def _perhaps(visit: Visit, wish: _Wish) -> Turn | None:
    """Asked, where the request can take it; the queue and the card are shown; else it was no wish."""
    number = wish.named or open_number(visit)
    if _is_of_all(visit, wish.named, wish.actions[:1]):
        return pressing.press(visit, data_of(Act.QUEUE, 0))
    choices = _choices(visit, number, wish.actions) if number else []
    if len(choices) == 1 and choices[0].action.act in _SHOWING:
        return pressing.press(visit, choices[0].button.data)
    return turn(_ask(visit, wish, choices, number)) if choices else None


def _is_exact(visit: Visit, text: str, action: Action) -> bool:
    text = text.replace("：", ":").partition(":")[0]
    return names_exactly(text, action, visit.services.words, visit.voice.language)


def _is_of_all(visit: Visit, number: str, actions: Sequence[Action]) -> bool:
    """Whether the queue is wanted, or to look at a request while none is open."""
    acts = {action.act for action in actions}
    return Act.QUEUE in acts or (Act.CARD in acts and not (number or open_number(visit)))


# ---- what can be done ------------------------------------------------------------------------------------
def _open(visit: Visit, number: str, rest: str) -> Turn:
    """The card; before it, that what was said beside the number was not understood."""
    shown = queue.show_number(visit, number)
    if not rest or is_only_put_around(rest) or shown.outgoing[0].event == "no_such_number":
        return shown
    card = shown.outgoing[0]
    said = Part(visit.voice.word("staff_not_understood", said=shortened(rest, _LONGEST_REPEATED)))
    return replace(shown, outgoing=(replace(card, parts=(said, *card.parts)), *shown.outgoing[1:]))


def buttons_of(visit: Visit, number: str) -> list[Button]:
    """Every button that a request, inquiry or record correction has now, on its card and under 更多."""
    shown = queue.show_number(visit, number).outgoing[0]
    on_card = [button for row in shown.buttons for button in row]
    found = noting.found(visit.desk, number)
    more = [visit.voice.button("button_letters", Act.LETTERS, number)]
    return on_card + ([*forms.buttons(visit, found), *more] if isinstance(found, DisclosureRequest) else [])


def _choices(visit: Visit, number: str, actions: Sequence[Action]) -> list[_Choice]:
    """Which of these actions a request can take now, each once: the likeliest first, then as on the card."""
    groups = [_group(each.label) for each in actions]
    found = {
        button.data: _Choice(number, action, button)
        for button in buttons_of(visit, number)
        for action in actions
        if action.is_of(button)
    }
    return sorted(found.values(), key=lambda choice: groups.index(_group(choice.action.label)))


def _do(visit: Visit, wish: _Wish) -> Turn:
    """Do it to the request that is meant; ask where that is not certain."""
    number = wish.named or open_number(visit)
    here = _choices(visit, number, wish.actions) if number else []
    if len(here) == 1 and _is_certain(visit, wish, here[0]):
        return pressing.press(visit, here[0].button.data)
    if here:
        others = [] if wish.named else _newer(visit, wish.actions, number)
        return turn(_ask(visit, wish, [*here, *others], number))
    elsewhere = [] if wish.named else _elsewhere(visit, wish.actions)
    if elsewhere:
        return turn(_ask(visit, wish, elsewhere, number))
    return _not_now(visit, wish, number)


def _is_certain(visit: Visit, wish: _Wish, choice: _Choice) -> bool:
    """Whether it may be done without asking: harmless, or said exactly and of no other request."""
    act = choice.action.act
    if act in _HARMLESS:
        return True
    if wish.in_form:
        return False
    if act is Act.SERVE:  # what has been sent cannot be taken back: only its very words
        return wish.said == visit.voice.word(choice.action.label)
    if not _is_exact(visit, wish.said, choice.action):
        return False
    return bool(wish.named) or not _newer(visit, [choice.action], choice.number)


def _elsewhere(visit: Visit, actions: Sequence[Action], besides: str = "") -> list[_Choice]:
    """Open requests and inquiries that can take one of these now."""
    waiting: Iterable[Queued] = (
        *visit.desk.requests.queue(_LOOKED_THROUGH),
        *visit.desk.record_corrections.waiting(),
        *visit.desk.inquiries.waiting(),
    )
    numbers = [each.number for each in waiting if each.number != besides]
    return [choice for number in numbers[:_LOOKED_THROUGH] for choice in _choices(visit, number, actions)]


def _newer(visit: Visit, actions: Sequence[Action], number: str) -> list[_Choice]:
    """Others that can take it and came since this clerk said something: one of them may be meant."""
    since = visit.memory.at
    others = _elsewhere(visit, actions, besides=number)
    if since is None:
        return others
    return [each for each in others if _came_at(visit, each.number) > since]


def _came_at(visit: Visit, number: str) -> datetime:
    found = noting.found(visit.desk, number)
    if isinstance(found, DisclosureRequest):
        return found.submitted_at
    if isinstance(found, Inquiry):
        return found.opened_at
    return found.filed_at if found else visit.now


# ---- what is said back -----------------------------------------------------------------------------------
def _ask(visit: Visit, wish: _Wish, choices: Sequence[_Choice], number: str) -> Outgoing:
    """Which request, or which of several actions: a button each."""
    voice = visit.voice
    rows = [[replace(each.button, label=_label(visit, each))] for each in choices[:_LISTED]]
    in_queue = [voice.button("button_queue", Act.QUEUE, 0)]
    if all(each.number == number for each in choices):
        visit.memory.supplement = wish.said
        others = [
            voice.button("button_card", Act.CARD, number),
            voice.button("button_search_instead", Act.SEARCH_INSTEAD),
        ]
        return voice.message("staff_meant", number=number, buttons=[*rows, others])
    return voice.message("staff_which", action=_name(visit, wish), buttons=[*rows, in_queue])


def _label(visit: Visit, choice: _Choice) -> str:
    found = noting.found(visit.desk, choice.number)
    text = ""
    if isinstance(found, DisclosureRequest | Inquiry):
        text = about(found.content if isinstance(found, DisclosureRequest) else found.question, _LABEL)
    return visit.voice.word(
        "action_choice", action=choice.button.label, number=choice.number, about=text
    ).strip()


def _name(visit: Visit, wish: _Wish) -> str:
    """What was asked for, in the clerk's own words where these are few."""
    if len(wish.said) <= _LABEL:
        return wish.said
    return visit.voice.word("or").join(dict.fromkeys(visit.voice.word(each.label) for each in wish.actions))


def _day_without_form(visit: Visit, text: str) -> Outgoing:
    """What was not asked for is entered nowhere; said, so that nobody believes it was."""
    voice = visit.voice
    example = open_number(visit) or f"{visit.today.year}-0001"
    row = [voice.button("button_queue", Act.QUEUE, 0)]
    return voice.message("day_without_form", said=_plain(text), example=example, buttons=[row])


def _not_now(visit: Visit, wish: _Wish, number: str) -> Turn:
    """Nothing can take it: said with the card of what is open, or with the way to the queue."""
    voice = visit.voice
    if not number:
        if any(each.act is Act.QUEUE for each in _likely_here(visit, wish.said, "")):
            return pressing.press(visit, data_of(Act.QUEUE, 0))
        row = [voice.button("button_queue", Act.QUEUE, 0)]
        return turn(voice.message("staff_nothing_for", action=_name(visit, wish), buttons=[row]))
    shown = queue.show_number(visit, number).outgoing[0]
    if shown.event == "no_such_number":
        return turn(shown)
    said = Part(voice.word("staff_not_now", number=number, action=_name(visit, wish)))
    return turn(replace(shown, parts=(said, *hindrances.reasons(visit, number, wish.actions), *shown.parts)))
