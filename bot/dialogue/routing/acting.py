"""What is done when a resident asks for it: progress, withdrawing, a person, larger letters.

`actions.py` says which sentence asks for which; here is what follows.  Everything that changes something asks
once more first.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from bot.dialogue.office import agency, office_lines
from bot.dialogue.payload import Act, Payload, data_of
from bot.dialogue.progress import about
from bot.dialogue.resident import large, my_requests, welcome
from bot.dialogue.resident.filing import form
from bot.dialogue.resident.filing import request as filing
from bot.dialogue.resident.responding import answer_by_rule, guide_entry, mine_or_guide
from bot.dialogue.routing.commands import NUMBER
from bot.dialogue.routing.pressing import press, resume, step_of
from bot.dialogue.understanding.intents import is_urgent
from bot.dialogue.understanding.rulebook import CONCERNS
from bot.dialogue.visit import Visit, turn
from bot.messages import Button, Language, OutcomeKind, Part, Style, Turn

_LONGEST_WISH = 12  # characters of 我要补充材料; whoever writes more says what is missing
_LONGEST_BESIDE_A_NUMBER = 24  # characters: 请问2026-0002办到哪了; more tells something of its own
# Where a request is running these are likely even in words that could mean something else.  Whoever may want
# to withdraw sees the request, where the button is: nothing is asked that was not surely meant.
_LIKELY = {"status": "status", "withdraw": "status", "read_reply": "read_reply"}
# In the middle of a form these would be part of it, or begin it anew.
_NOT_IN_FORMS = frozenset({"file", "supplement", "scam", "corruption-named"})


def respond(visit: Visit, text: str) -> Turn | None:
    """What was asked for, done; None when the text asks for nothing of the kind."""
    if is_urgent(text, visit.services.rulebook.rules):
        return None
    named = _about_a_number(visit, text)
    if named is not None:
        return named
    action = _asked_for(visit, text)
    if action == "supplement" and _is_no_wish(visit, text):
        return None
    in_form = bool(visit.memory.step) and not visit.memory.paused
    if not action or (in_form and action in _NOT_IN_FORMS):
        return None
    if in_form and action not in ("repeat", "resume", "change_contact"):
        visit.memory.paused = True
    return answer_by_rule(visit, action, text) if action in CONCERNS else _DOES[action](visit)


def _is_no_wish(visit: Visit, text: str) -> bool:
    """The supplement itself, of which it is asked whether it is one; where nothing is owed, a question."""
    return len(text) > (_LONGEST_WISH if my_requests.owed(visit) else _LONGEST_WISH // 2)


def _asked_for(visit: Visit, text: str) -> str:
    """The action that is surely meant, or that a running request makes likely; "" for none."""
    meant = visit.services.understanding.action(text)
    if meant is None or meant.is_sure:
        return meant.action if meant else ""
    return _LIKELY.get(meant.action, "") if _has_running(visit) else ""


def _about_a_number(visit: Visit, text: str) -> Turn | None:
    """2026-0002办到哪了, 撤回2026-0002: a number of one's own in a few words."""
    numbers = re.findall(NUMBER, text)
    rest = NUMBER.sub("", text)
    if len(numbers) != 1 or not rest.strip() or len(rest) > _LONGEST_BESIDE_A_NUMBER:
        return None
    number = numbers[0].upper()
    meant = visit.services.understanding.action(rest)
    is_own = my_requests.own(visit, number) or my_requests.own_inquiry(visit, number)
    if is_own is None and meant is None:
        return None  # a number of something else: 关于2026-0099号文件
    visit.memory.paused = bool(visit.memory.step)
    if is_own is not None and meant is not None and (act := _OF_ONE.get(meant.action)) is not None:
        return press(visit, str(Payload(act, (number,))))
    return my_requests.show(visit, number)


_OF_ONE = {"withdraw": Act.MY_WITHDRAW, "read_reply": Act.MY_REPLY, "supplement": Act.MY_CORRECT}


def _has_running(visit: Visit) -> bool:
    return any(request.status.is_open for request in my_requests.of(visit))


# ---- one's own requests ----------------------------------------------------------------------------------
def _status(visit: Visit) -> Turn:
    """Of one open request its page, of several the list; who has none learns how it would work."""
    running = [request for request in my_requests.of(visit) if request.status.is_open]
    if len(running) == 1 and len(my_requests.of(visit)) == 1:
        return my_requests.show(visit, running[0].number)
    return mine_or_guide(visit, "follow-progress")


def _withdraw(visit: Visit) -> Turn:
    """Asks whether it is meant; which one, where there are several."""
    running = [request for request in my_requests.of(visit) if request.status.is_open]
    if not running:
        return guide_entry(visit, "withdraw")
    if len(running) == 1:
        return my_requests.press_withdraw(visit, Payload(Act.MY_WITHDRAW, (running[0].number,)))
    rows = [
        [
            visit.voice.button(
                "button_numbered",
                Act.MY_WITHDRAW,
                each.number,
                number=each.number,
                about=about(each.content, 14),
            )
        ]
        for each in running
    ]
    return turn(visit.voice.message("withdraw_which", buttons=rows))


def _read_reply(visit: Visit) -> Turn:
    """The newest reply that was served, again; else where the requests are."""
    for request in my_requests.of(visit):
        if request.reply is not None and request.reply.served_on is not None:
            return my_requests.press_reply(visit, Payload(Act.MY_REPLY, (request.number,)))
    return _status(visit)


def _supplement(visit: Visit) -> Turn:
    owed = my_requests.owed(visit)
    if owed is None:
        return turn(visit.voice.message("nothing_to_correct", buttons=welcome.main_rows(visit)))
    return my_requests.press_correct(visit, Payload(Act.MY_CORRECT, (owed.number,)))


def _change_contact(visit: Visit) -> Turn:
    """In a form its contact is asked anew; of a request that was filed a clerk must note it."""
    memory = visit.memory
    if filing.is_under_way(visit) and form.contact_line(memory.draft):
        memory.paused = False
        return filing.press_edit(visit, Payload(Act.FORM_EDIT, ("contact", memory.draft["draft"])))
    memory.paused = bool(memory.step)
    rows = [[visit.voice.button("button_inquire", Act.FILE_INQUIRY, 0)]]
    return turn(visit.voice.message("change_contact", Part(office_lines(visit)), buttons=rows))


# ---- the talk itself -------------------------------------------------------------------------------------
def _repeat(visit: Visit) -> Turn:
    """The question of the form, else the last thing said here, with its buttons."""
    step = step_of(visit) if visit.memory.step and not visit.memory.paused else None
    if step is not None:
        return step.again(visit)
    if not visit.memory.said:
        return welcome.show(visit)
    # Whether a form lies half filled is told of this message anew.
    ways_on = (data_of(Act.RESUME), data_of(Act.CANCEL)) if visit.memory.step else ()
    reminders = {visit.voice.words.say("form_paused", language) for language in Language}
    parts = [Part(text, Style(style)) for style, text in visit.memory.said if text not in reminders]
    rows = [[Button(label, data)] for label, data in visit.memory.buttons if data not in ways_on]
    return turn(visit.voice.message("said_again", *parts, buttons=rows))


def _larger(visit: Visit) -> Turn:
    return large.switch(visit, on=True)


def _no_typing(visit: Visit) -> Turn:
    return welcome.oral_help(visit)


def _who(visit: Visit) -> Turn:
    rows = [
        [visit.voice.button("button_person", Act.PERSON)],
        *welcome.main_rows(visit),
    ]
    return turn(
        visit.voice.message("who_i_am", agency=agency(visit), buttons=rows),
        outcome=OutcomeKind.SMALLTALK,
    )


def _confused(visit: Visit) -> Turn:
    """In fewer words, and a person who explains."""
    rows = [
        [visit.voice.button("button_person", Act.PERSON)],
        [visit.voice.button("button_oral_help", Act.ORAL_HELP)],
        [] if visit.voice.large else [visit.voice.button("button_large", Act.LARGE, "on")],
    ]
    return turn(visit.voice.message("in_short", buttons=rows))


def _file(visit: Visit) -> Turn:
    """The form with the question before; these words themselves are no content."""
    asked = visit.memory.questions[-1][1] if visit.memory.questions else ""
    return filing.start(visit, asked)


_DOES: dict[str, Callable[[Visit], Turn]] = {
    "status": _status,
    "withdraw": _withdraw,
    "read_reply": _read_reply,
    "repeat": _repeat,
    "larger": _larger,
    "no_typing": _no_typing,
    "human": welcome.way_to_a_person,
    "who": _who,
    "supplement": _supplement,
    "resume": resume,
    "file": _file,
    "menu": welcome.show,
    "confused": _confused,
    "change_contact": _change_contact,
}
