"""What belongs to one question, and where its answer stands.

    text ─┬─ a question changed afterwards ───────────────▶ answered again, in place of the old answer
          ├─ within 2 s after words that are no whole question
          │  and were not answered ───────────────────────▶ both asked as one, in place of "not found"
          └─ else ────────────────────────────────────────▶ a question of its own

Nobody waits for it: the first message is answered at once, and when more comes the answer changes.  What was
gathered is in the ledger with the rest of the memory.  A channel without message ids (the terminal) has none
of this, for there one line is one question.
"""

from __future__ import annotations

import re
from dataclasses import replace

from bot.dialogue.handling import handles
from bot.dialogue.payload import Act, Payload
from bot.dialogue.resident import responding
from bot.dialogue.routing import owing
from bot.dialogue.routing.thread import continued
from bot.dialogue.understanding.intents import intent_of
from bot.dialogue.visit import Visit, turn
from bot.messages import OutcomeKind, Turn
from knowledge.entry import Answer

WINDOW = 2.0  # seconds
MOST = 3  # messages that are one question
_KEPT = 20  # messages that may still be changed
# With one of these it is a whole question; what comes after it is another one.
_ASKS = re.compile(
    r"[?？吗呢么咋谁几哪]|什么|多少|怎|如何|是否|何时|没有|多久|多大|\b(?:who|what|when|where|how|which|why)\b"
)
_OPEN = (OutcomeKind.ROUTE, OutcomeKind.SUGGEST)  # what more words may still settle


def respond(visit: Visit, text: str) -> Turn:
    """The answer to a free text, unless it may be what somebody owes."""
    owed = owing.respond(visit, text, _respond)
    if owed is not None:
        return owed
    return _respond(visit, _whole_question(visit, text) or text)


def _whole_question(visit: Visit, text: str) -> str:
    """With what was asked before, when this goes on with it; "" for a question of its own."""
    if visit.incoming.edited or intent_of(text, visit.services.rulebook.rules) is not None:
        return ""
    return continued(visit, text)


@handles(Act.NO_SUPPLEMENT)
def press_no_supplement(visit: Visit, payload: Payload) -> Turn:
    """不是: the text was a question after all."""
    text, visit.memory.supplement = visit.memory.supplement, ""
    if not text:
        return turn(visit.voice.message("question_gone"))
    return responding.respond(visit, text)


def _respond(visit: Visit, text: str) -> Turn:
    if _is_too_fast(visit):
        return _ask_to_wait(visit)
    message = visit.incoming.message_id
    if not message:
        return responding.respond(visit, text)
    if visit.incoming.edited:
        visit.memory.gathered = []
        done = responding.respond(visit, text)
        return _in_place(visit, done, message) if message in visit.memory.asked else done
    if not _goes_on(visit, text):
        return _keep(visit, responding.respond(visit, text), [text])
    before = visit.memory.asked[-1]
    texts = [*visit.memory.gathered, text]
    return _keep(visit, _in_place(visit, responding.respond(visit, " ".join(texts)), before), texts)


def _goes_on(visit: Visit, text: str) -> bool:
    """Whether this is the rest of what was just asked; what answers by itself is a question of its own."""
    memory = visit.memory
    if not (visit.is_private and memory.gathered and memory.asked and len(memory.gathered) < MOST):
        return False
    if visit.incoming.at.timestamp() - memory.gathered_at > WINDOW:
        return False
    if intent_of(text, visit.services.rulebook.rules) is not None:
        return False
    return not isinstance(visit.ask(text, memory.last_entry), Answer)


def _keep(visit: Visit, done: Turn, texts: list[str]) -> Turn:
    memory = visit.memory
    memory.asked = [*memory.asked, visit.incoming.message_id][-_KEPT:]
    is_open = done.outcome in _OPEN and not any(_ASKS.search(text.lower()) for text in texts)
    memory.gathered = texts if is_open else []
    memory.gathered_at = visit.incoming.at.timestamp()
    return done


def _in_place(visit: Visit, done: Turn, answered: str) -> Turn:
    """One message may take the place of the old answer; several, or a file, are said anew."""
    own = [message for message in done.outgoing if message.address == visit.incoming.address]
    if len(own) != 1 or own[0].document is not None:
        return done
    outgoing = tuple(
        replace(message, replaces=answered) if message is own[0] else message for message in done.outgoing
    )
    return replace(done, outgoing=outgoing)


# ---- pace ------------------------------------------------------------------------------------------------
def _is_too_fast(visit: Visit) -> bool:
    """More questions in a minute than anybody types.  Commands, buttons and forms never come here.

    It counts when they were sent: where much waits, a flood is handled slowly, and would never be one.
    """
    memory, sent = visit.memory, visit.incoming.at.timestamp()
    memory.asked_at = [at for at in memory.asked_at if abs(sent - at) < 60]
    if len(memory.asked_at) >= visit.settings.questions_per_minute:
        return True
    memory.asked_at = [*memory.asked_at, sent]
    memory.told_to_wait = False
    return False


def _ask_to_wait(visit: Visit) -> Turn:
    """Once; every further notice would only feed the flood."""
    if visit.memory.told_to_wait:
        return turn()
    visit.memory.told_to_wait = True
    return turn(visit.voice.message("slow_down"))


@handles(Act.SEARCH_INSTEAD)
def press_search_instead(visit: Visit, payload: Payload) -> Turn:
    """不是，查资料: what was taken for something a clerk wants done is searched."""
    text, visit.memory.supplement = visit.memory.supplement, ""
    if not text:
        return turn(visit.voice.message("button_expired"))
    return responding.respond(visit, text)
