"""A free text: what it is (small talk, a complaint, about requests, a question), and what is said to that."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bot.dialogue import asking, catalogue, commands, my_requests, welcome
from bot.dialogue.handing_over import link_to_command, to_private
from bot.dialogue.intents import Intent, IntentKind, intent_of
from bot.dialogue.messages import OutcomeKind, Part, Turn
from bot.dialogue.parting import two_things
from bot.dialogue.payload import Act
from bot.dialogue.showing import quoted_entry, source
from bot.dialogue.visit import Visit, joined, turn
from knowledge.entry import Decision, EntryKind, Unknown

_RECORD_CORRECTION = "record-correction"  # the guide's entry on art. 41


def respond(visit: Visit, text: str) -> Turn:
    """The answer to a free text; to one that wants two things, the answer to each."""
    parts = two_things(visit, text)
    return joined([_respond(visit, part) for part in parts]) if parts else _respond(visit, text)


def _respond(visit: Visit, text: str) -> Turn:
    intent = intent_of(text, visit.services.rulebook.rules)
    if intent is None:
        return asking.ask_base(visit, text)
    if intent.kind in _NEVER_A_QUESTION or not visit.is_private:
        return _RESPONSES[intent.kind](visit, intent, text)
    decision = visit.base.ask(text)
    # What the material answers so surely was most likely asked for: a rule of plain words may be mistaken.
    known = asking.disclosed(visit, text, decision) or _asked_by_name(visit, intent, decision)
    if known is not None and (intent.kind in _SMALL_TALK or known.outcome is OutcomeKind.GUIDE):
        return known
    reply = _RESPONSES[intent.kind](visit, intent, text)
    return joined([reply, known]) if known is not None else reply


def _asked_by_name(visit: Visit, intent: Intent, decision: Decision) -> Turn | None:
    """The entry of the guide that has these very words as its phrasing, where the rule leads to the guide."""
    if intent.kind is not IntentKind.HOW_TO or isinstance(decision, Unknown):
        return None
    first = decision.hits[0]
    if first.entry.kind is not EntryKind.GUIDE or not dict(first.features).get("exact"):
        return None
    return _guide_entry(visit, first.entry.entry_id.removeprefix("guide:"))


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
    """The right channel by name and number, and the choice to file anyway (art. 39 is for the office)."""
    question_id = asking.remember(visit, text, OutcomeKind.REDIRECT)
    message = visit.voice.message(
        "redirected",
        *_channels(visit, intent),
        visit.voice.small("may_still_file"),
        buttons=asking.two_ways(visit, question_id),
    )
    return turn(message, outcome=OutcomeKind.REDIRECT, offers_filing=True)


def _how_to(visit: Visit, intent: Intent, text: str) -> Turn:
    """The guide's own words on it."""
    return _guide_entry(visit, intent.topic)


def _guide_entry(visit: Visit, topic: str) -> Turn:
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
    return _mine_or_guide(visit, "follow-progress")


def _withdraw(visit: Visit, intent: Intent, text: str) -> Turn:
    """The list to withdraw from, or how it would work."""
    if not visit.is_private:
        return to_private(visit, link_to_command("status"))
    if not any(request.status.is_open for request in my_requests.of(visit)):
        return _guide_entry(visit, "withdraw")
    return _mine_or_guide(visit, "withdraw")


def _mine_or_guide(visit: Visit, topic: str) -> Turn:
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
    return command.run(visit, "")


_SMALL_TALK = {
    IntentKind.GREETING,
    IntentKind.THANKS,
    IntentKind.FAREWELL,
    IntentKind.INSULT,
    IntentKind.CHAT,
    IntentKind.CAPABILITY,
}
_NEVER_A_QUESTION = {IntentKind.MENU, IntentKind.STATUS, IntentKind.WITHDRAW}  # nothing but their words
_RESPONSES: dict[IntentKind, Callable[[Visit, Intent, str], Turn]] = {
    IntentKind.EMERGENCY: _emergency,
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
