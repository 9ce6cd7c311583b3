"""A free text: what it is (small talk, a complaint, about requests, a question), and what is said to that."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from bot.dialogue.payload import Act
from bot.dialogue.resident import asking, catalogue, my_requests, welcome
from bot.dialogue.resident.filing import request as filing
from bot.dialogue.resident.handing_over import link_to_command, to_private
from bot.dialogue.resident.parting import STORY, two_things
from bot.dialogue.routing import commands
from bot.dialogue.showing import quoted_entry, source
from bot.dialogue.understanding.intents import SMALL_TALK, Intent, IntentKind, intent_of, service_of
from bot.dialogue.visit import Visit, joined, turn
from bot.messages import OutcomeKind, Part, Turn
from knowledge.entry import Decision, EntryKind, Unknown
from knowledge.matching.asked import wanted
from knowledge.matching.figures import asks_own_figures, is_figure
from knowledge.text.normalize import squeeze

_ASKS = re.compile("有没有|能不能|可不可以|要不要|(?:吗|不|没|么)$")
_BESIDE = {"scam": "beside_scam", "corruption-named": "beside_corruption"}  # where they are only likely
_RECORD_CORRECTION = "record-correction"  # the guide's entry on art. 41


def respond(visit: Visit, text: str) -> Turn:
    """The answer to a free text; to one that wants two things, the answer to each."""
    intent = intent_of(text, visit.services.rulebook.rules)
    if intent is not None and intent.kind is IntentKind.DESPAIR:
        return _despair(visit, intent, text)
    parts = two_things(visit, text)
    return joined([_respond(visit, part) for part in parts]) if parts else _respond(visit, text)


def answer_by_rule(visit: Visit, name: str, text: str) -> Turn | None:
    """What the rule of this name says, whether or not its words fit; None when the office has none."""
    intent = _by_name(visit, name)
    return None if intent is None else _RESPONSES[intent.kind](visit, intent, text)


def _by_name(visit: Visit, name: str) -> Intent | None:
    rules = visit.services.rulebook.rules.rules
    return next((rule.intent for rule in rules if rule.intent.rule == name), None)


def _respond(visit: Visit, text: str) -> Turn:
    intent = intent_of(text, visit.services.rulebook.rules)
    if intent is not None and intent.kind is IntentKind.HOW_TO and len(text) > STORY:
        intent = None  # a long message tells of something, and is no question about requests
    if intent is None:
        return _with_whom(visit, text, asking.ask_base(visit, text))
    if intent.kind in _NEVER_A_QUESTION or not visit.is_private:
        return _RESPONSES[intent.kind](visit, intent, text)
    decision = visit.ask(text)
    if intent.kind is IntentKind.HOW_TO and (
        _is_of_figures(visit, text, decision) or _is_of_the_office(decision)
    ):
        return asking.reply_to(visit, text, decision)
    # What the material answers so surely was most likely asked for: a rule of plain words may be mistaken.
    known = asking.disclosed(visit, text, decision) or _asked_by_name(visit, intent, decision)
    if known is not None and (intent.kind in SMALL_TALK or known.outcome is OutcomeKind.GUIDE):
        return known
    if known is None and intent.kind is IntentKind.REDIRECT and _asks_of_the_office(text, decision):
        found = asking.reply_to(visit, text, decision)
        return replace(joined([_redirect(visit, intent, text), found]), outcome=found.outcome)
    reply = _RESPONSES[intent.kind](visit, intent, text)
    return joined([reply, known]) if known is not None else reply


def _is_of_figures(visit: Visit, text: str, decision: Decision) -> bool:
    """`2024年重复申请几件` has the words of a question about requests, and asks what was counted."""
    if isinstance(decision, Unknown):
        return False
    is_guide = decision.hits[0].entry.kind is EntryKind.GUIDE
    return is_figure(decision) or (asks_own_figures(text, visit.today) and not is_guide)


def _with_whom(visit: Visit, text: str, done: Turn) -> Turn:
    """Before what is found nearby or not at all: whom to turn to, where that is what may be meant.

    Who takes money or cheats is told of before an answer, too: 低保政策 is none to 队长把低保钱自己花了.
    """
    if not visit.is_private or not done.outgoing:
        return done
    event, intent = _whom(visit, text)
    is_answered = done.outcome not in (OutcomeKind.ROUTE, OutcomeKind.SUGGEST)
    if intent is None or (is_answered and event not in _BESIDE.values()):
        return done
    first, *rest = done.outgoing
    told = (Part(visit.voice.word(event)), *_channels(visit, intent))
    return replace(done, outgoing=(replace(first, parts=(*told, *first.parts)), *rest))


def _whom(visit: Visit, text: str) -> tuple[str, Intent | None]:
    """Who may be meant and the word that says so: who hears of a theft or a cheat, else who does it."""
    meant = None if visit.is_staff else visit.services.understanding.action(text)
    if meant is not None and meant.action in _BESIDE:
        return _BESIDE[meant.action], _by_name(visit, meant.action)
    return "service_at", service_of(text, visit.services.rulebook.rules)


def _despair(visit: Visit, intent: Intent, text: str) -> Turn:
    """Warm words first, then who listens; no search, no form, and nothing is kept of it."""
    rows = [[visit.voice.button("button_person", Act.PERSON)]]
    message = visit.voice.message(
        "despair", *_channels(visit, intent), visit.voice.small("despair_after"), buttons=rows
    )
    return turn(message, outcome=OutcomeKind.REDIRECT)


def _scam(visit: Visit, intent: Intent, text: str) -> Turn:
    """Do not pay, give no number; whom to ask whether it is true."""
    question_id = asking.remember(visit, text, OutcomeKind.REDIRECT)
    message = visit.voice.message(
        "scam",
        *_channels(visit, intent),
        visit.voice.small("scam_check"),
        buttons=asking.two_ways(visit, question_id),
    )
    return turn(message, outcome=OutcomeKind.REDIRECT, offers_filing=True)


def _is_of_the_office(decision: Decision) -> bool:
    """Whether something of the office's own is likely meant, and no procedure: 复议维持了几件."""
    if isinstance(decision, Unknown):
        return False
    first = decision.hits[0]
    return first.entry.kind is not EntryKind.GUIDE and first.score >= asking.MEANT


def _asks_of_the_office(text: str, decision: Decision) -> bool:
    """Whether a message that sounds like a complaint asks for something that is likely there."""
    return _is_of_the_office(decision) and (
        bool(wanted(squeeze(text))) or _ASKS.search(squeeze(text)) is not None
    )


def _asked_by_name(visit: Visit, intent: Intent, decision: Decision) -> Turn | None:
    """The entry of the guide that has these very words as its phrasing, where the rule leads to the guide."""
    if intent.kind is not IntentKind.HOW_TO or isinstance(decision, Unknown):
        return None
    first = decision.hits[0]
    if first.entry.kind is not EntryKind.GUIDE or not dict(first.features).get("exact"):
        return None
    return guide_entry(visit, first.entry.entry_id.removeprefix("guide:"))


def _small_talk(visit: Visit, intent: Intent, text: str) -> Turn:
    """Short and friendly, with what can be done here."""
    rows = [
        [
            visit.voice.button("button_catalogue", Act.CATALOGUE),
            visit.voice.button("button_guide", Act.GUIDE),
        ]
    ]
    message = visit.voice.message(f"smalltalk_{intent.kind.value}", buttons=rows)
    return turn(message, outcome=OutcomeKind.SMALLTALK)


def _channels(visit: Visit, intent: Intent) -> list[Part]:
    return [Part(visit.voice.own(line)) for line in intent.channels]


def _emergency(visit: Visit, intent: Intent, text: str) -> Turn:
    """The numbers first; whoever still wants to file may."""
    question_id = asking.remember(visit, text, OutcomeKind.REDIRECT)
    message = visit.voice.message(
        "emergency", *_channels(visit, intent), buttons=asking.two_ways(visit, question_id)
    )
    return turn(message, outcome=OutcomeKind.REDIRECT, offers_filing=True)


def _redirect(visit: Visit, intent: Intent, text: str) -> Turn:
    """The right channel by name and number, and the choice to file anyway (art. 39 is for the office).

    Who does the thing that is complained of comes first: the waterworks before the hotline.
    """
    question_id = asking.remember(visit, text, OutcomeKind.REDIRECT)
    service = service_of(text, visit.services.rulebook.rules)
    if service is not None:
        intent = replace(intent, channels=tuple(dict.fromkeys((*service.channels, *intent.channels))))
    message = visit.voice.message(
        "redirected",
        *_channels(visit, intent),
        visit.voice.small("may_still_file"),
        buttons=asking.two_ways(visit, question_id),
    )
    return turn(message, outcome=OutcomeKind.REDIRECT, offers_filing=True)


def _how_to(visit: Visit, intent: Intent, text: str) -> Turn:
    """The guide's own words on it."""
    return guide_entry(visit, intent.topic)


def guide_entry(visit: Visit, topic: str) -> Turn:
    """The guide's own words on a topic."""
    entry = visit.base.guide(topic)
    if entry is None:
        return catalogue.show_guide(visit)
    message = catalogue.entry_message(visit, entry)
    if topic == _RECORD_CORRECTION:
        ask = visit.voice.button("button_record_correction", Act.FILE_RECORD_CORRECTION)
        message = replace(message, buttons=((ask,), *message.buttons))
    return turn(
        message,
        outcome=OutcomeKind.GUIDE,
        entries=[quoted_entry(entry)],
        offers_filing=True,
    )


def _status(visit: Visit, intent: Intent, text: str) -> Turn:
    """Where one's requests are; who has none learns how it would work."""
    if not visit.is_private:
        return to_private(visit, link_to_command("status"))
    return mine_or_guide(visit, "follow-progress")


def _withdraw(visit: Visit, intent: Intent, text: str) -> Turn:
    """The list to withdraw from, or how it would work."""
    if not visit.is_private:
        return to_private(visit, link_to_command("status"))
    if not any(request.status.is_open for request in my_requests.of(visit)):
        return guide_entry(visit, "withdraw")
    return mine_or_guide(visit, "withdraw")


def mine_or_guide(visit: Visit, topic: str) -> Turn:
    """All that this person has with the office; who has nothing reads in the guide how it would work."""
    listed = my_requests.show_list(visit)
    first = listed.outgoing[0]
    entry = visit.base.guide(topic)
    if first.event != "nothing_filed" or entry is None:
        return turn(*listed.outgoing, outcome=OutcomeKind.GUIDE, offers_filing=first.event == "nothing_filed")
    told = (*first.parts, visit.voice.quote(entry.text), source(visit.voice, entry))
    message = replace(first, parts=told)
    return turn(message, outcome=OutcomeKind.GUIDE, entries=[quoted_entry(entry)], offers_filing=True)


def _capability(visit: Visit, intent: Intent, text: str) -> Turn:
    """What can you do, may I ask something: yes, and how."""
    shown = welcome.show(visit)
    return turn(
        visit.voice.message("smalltalk_capability", buttons=shown.outgoing[0].buttons),
        outcome=OutcomeKind.SMALLTALK,
        offers_filing=True,
    )


def _menu(visit: Visit, intent: Intent, text: str) -> Turn:
    """A menu word in a sentence of its own."""
    command = commands.named(intent.topic)
    if command is None or not commands.may_run(visit, command):
        return welcome.show(visit)
    if command.personal and not visit.is_private:
        return to_private(visit, link_to_command(command.name))
    if intent.topic == "request":  # it may say for whom
        return filing.start(visit, told=text)
    return command.run(visit, "")


_NEVER_A_QUESTION = {IntentKind.DESPAIR, IntentKind.MENU, IntentKind.STATUS, IntentKind.WITHDRAW}
_RESPONSES: dict[IntentKind, Callable[[Visit, Intent, str], Turn]] = {
    IntentKind.DESPAIR: _despair,
    IntentKind.EMERGENCY: _emergency,
    IntentKind.SCAM: _scam,
    IntentKind.GREETING: _small_talk,
    IntentKind.THANKS: _small_talk,
    IntentKind.FAREWELL: _small_talk,
    IntentKind.INSULT: _small_talk,
    IntentKind.CHAT: _small_talk,
    IntentKind.CAPABILITY: _capability,
    IntentKind.REDIRECT: _redirect,
    IntentKind.HOW_TO: _how_to,
    IntentKind.STATUS: _status,
    IntentKind.WITHDRAW: _withdraw,
    IntentKind.MENU: _menu,
}
