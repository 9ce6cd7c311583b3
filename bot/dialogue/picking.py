"""Which button of the last list is meant: its label in any language, what people say for it, yes and no.

    [确认提交] [改证件] [上一步]    对对没错就交上去吧  -> 确认提交
    [就是这个] [取消]             that is it         -> 就是这个   the label in another language
    [个人] [企业、公司]           我就一个人啊         -> 个人       `said_kind_natural_person` in words/

The whole text must be made of such words and of particles: a text that says anything else is an answer or a
question.  Of several buttons that fit, the one whose words cover most of the text is meant, then the first.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache

from bot.dialogue.payload import Act, is_about_a_request, parse
from bot.dialogue.visit import Visit
from bot.dialogue.words import Words, placeholders
from bot.messages import Language
from knowledge.text.normalize import squeeze

_LONGEST = 30
_LABELS = ("button_", "kind_", "form_", "way_", "edit_", "capacity_", "language_", "situation_", "outcome_")
_CHOSEN_ONLY = (Act.REPLY_SITUATION, Act.REPLY_OUTCOME)  # they lead to a form, of the request that is shown
# Steps that are answered by a button alone.
_CHOICES = frozenset({"filing.kind", "filing.capacity", "filing.form", "filing.way", "filing.read_back"})
_ONLY_BY_WORDS = frozenset({Act.CANCEL})
_RATHER, _CLEARLY = (0.92, 0.015), (0.93, 0.03)  # cosine, and how far ahead of any other button
_YES = frozenset(
    {
        Act.FORM_KEEP,
        Act.FORM_SUBMIT,
        Act.INQUIRY_SUBMIT,
        Act.MY_CORRECT_SURE,
        Act.SUPPLEMENT,
        Act.MY_WITHDRAW_SURE,
        Act.MY_RECORD_WITHDRAW_SURE,
        Act.FORGET_SURE,
        Act.RESUME,
        Act.RECORD_SAVE,
    }
)


def picked_by_words(visit: Visit, text: str, *, exactly: bool = False) -> str:
    """The payload of the button that is meant, "" for none; `exactly`: its words and no particles."""
    plain = squeeze(text)
    buttons = [(label, data) for label, data in visit.memory.buttons if not _is_read_by_staff(visit, data)]
    if not plain or len(plain) > _LONGEST or not buttons:
        return ""
    words = visit.services.words
    scored = [
        (_covered(words, plain, _names(words, label, data), _beside(words, data)), data)
        for label, data in buttons
    ]
    if exactly:
        scored = [(int(plain in _names(words, label, data)), data) for label, data in buttons]
    best = max(score for score, _ in scored)
    return next(data for score, data in scored if score == best) if best else ""


def picked_by_meaning(visit: Visit, text: str) -> str:
    """The payload of the button that is meant where a button must be chosen, "" for none.

    Not by words but by what they mean: 我过来看 is 到现场查阅.  What sends the form needs to be said more
    clearly than what only fills it in, and dropping it needs its own words.
    """
    if not _must_choose(visit, text):
        return ""
    words, buttons = visit.services.words, visit.memory.buttons
    groups = [sorted(_names(words, label, data)) for label, data in buttons]
    found = visit.services.understanding.nearest(text, groups)
    if found is None:
        return ""
    at, cosine, ahead = found
    payload = parse(buttons[at][1])
    if payload is None or payload.act in _ONLY_BY_WORDS:
        return ""
    near, lead = _CLEARLY if payload.act in _YES else _RATHER
    return buttons[at][1] if cosine >= near and ahead >= lead else ""


def _must_choose(visit: Visit, text: str) -> bool:
    """Whether the step that waits takes nothing but a button; a proof of identity has digits."""
    step = visit.memory.step
    if visit.memory.paused or len(text) > _LONGEST:
        return False
    return step in _CHOICES or (step == "filing.id_number" and not re.search(r"\d", text))


def _is_read_by_staff(visit: Visit, data: str) -> bool:
    """Whether a clerk's words for it are understood in `staff/spoken.py`: with the request they are about,
    and asked first where they cannot be taken back.
    """
    payload = parse(data)
    if payload is None or payload.act in _CHOSEN_ONLY:
        return False
    return visit.is_staff and is_about_a_request(payload.act)


def is_said_for(words: Words, text: str, labels: tuple[str, ...]) -> bool:
    """Whether a text means a button whose event begins with one of these, shown or not."""
    plain = squeeze(text)
    names = {
        squeeze(name)
        for event in words.events
        if event.startswith(labels) and not placeholders(words.template(event, Language.SIMPLIFIED))
        for name in _said(words, event)
    }
    return len(plain) <= _LONGEST and bool(_covered(words, plain, frozenset(filter(None, names))))


def says(visit: Visit, event: str, text: str) -> bool:
    """Whether a text is made of the words that stand, apart by spaces, under an event."""
    words = visit.services.words
    listed = {word for language in Language for word in words.say(event, language).split()}
    return bool(_covered(words, squeeze(text), frozenset(map(squeeze, listed))))


def _beside(words: Words, data: str) -> frozenset[str]:
    """改, 写错了: said of any answer of a form, so that they choose none of the buttons that change one."""
    payload = parse(data)
    is_edit = payload is not None and payload.act is Act.FORM_EDIT
    return frozenset(_listed(words, "corrects")) if is_edit else frozenset()


def _covered(words: Words, plain: str, names: frozenset[str], beside: frozenset[str] = frozenset()) -> int:
    """The most characters of a text that are these names; 0 when anything but particles is said besides."""
    particles = _particles(words) | beside
    best: list[int | None] = [0] + [None] * len(plain)  # of the text up to each place
    for at in range(len(plain)):
        so_far = best[at]
        if so_far is None:
            continue
        for length in range(1, min(_LONGEST, len(plain) - at) + 1):
            piece, end = plain[at : at + length], at + length
            gain = length if piece in names else 0 if piece in particles else None
            if gain is not None:
                best[end] = max(best[end] or 0, so_far + gain)
    return best[-1] or 0


def _names(words: Words, label: str, data: str) -> frozenset[str]:
    """All that may be said for a button."""
    events = _events(words).get(squeeze(label), frozenset())
    told = {label, *(name for event in events for name in _said(words, event))}
    payload = parse(data)
    if payload is not None and payload.act in _YES:
        told |= set(_listed(words, "assents"))
    if payload is not None and payload.act is Act.RECORD_SAVE:  # 发出 of a correction notice read back
        told |= set(_listed(words, "sends"))
    if events & {"button_not_now", "button_supplement_no", "button_cancel", "button_drop"}:
        told |= set(_listed(words, "declines"))
    return frozenset(filter(None, map(squeeze, told)))


def _said(words: Words, event: str) -> Iterable[str]:
    """The label of an event in every language, and what else people say for it."""
    for language in Language:
        yield words.say(event, language)
        if words.knows(f"said_{event}"):
            yield from words.say(f"said_{event}", language).split("、")


def _listed(words: Words, event: str) -> Iterable[str]:
    for language in Language:
        yield from words.say(event, language).split()


@cache
def _events(words: Words) -> Mapping[str, frozenset[str]]:
    """Label -> the events whose label it is, in any language; labels that are filled in have none."""
    found: dict[str, set[str]] = {}
    for event in words.events:
        if event.startswith(_LABELS):
            for language in Language:
                text = words.template(event, language)
                if not placeholders(text):
                    found.setdefault(squeeze(text), set()).add(event)
    return {label: frozenset(events) for label, events in found.items()}


@cache
def _particles(words: Words) -> frozenset[str]:
    """What is said around the words of a button; none of it chooses anything."""
    return frozenset(_listed(words, "particles"))
