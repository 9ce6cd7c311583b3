"""What staff can do with a request, by its name: which of these a typed text means.

    actions_in("审核同意", words)    -> [审核同意]                 the label of a button
    actions_in("转办", words)       -> [转给别人办]                said otherwise: `said_{label}` in words/
    actions_in("征求三方的意见", words) -> [征求第三方意见]           nearly the label
    actions_in("低保怎么申请", words) -> []                        a question

An action is an act of staff on one request that has a button: it is named after its act (`button_{act}`), its
form (`step_{form}`) or its way of service (`serve_{method}`), so that a new one is understood by its label.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from rapidfuzz.distance import Indel

from bot.desk.kinds import ServiceMethod
from bot.dialogue.payload import Act, is_about_a_request, parse
from bot.dialogue.understanding.actions import Actions, Floors, read_actions
from bot.dialogue.understanding.rulebook import GUIDE_FILE
from bot.dialogue.words import Words
from bot.messages import Button, Language
from knowledge.sources import DEFAULTS
from knowledge.text.normalize import squeeze

SAID = Path(__file__).parent / "said.yaml"
# How near a clerk's words must be to one of those phrasings, and how far ahead of every question.  Of 1,926
# questions and messages of residents three are taken with these; each only opens a form or is asked about.
SURE = (
    Floors(0.93, 0.035, 0.02, agreed=0.1),
    Floors(0.915, 0.045, 0.02, agreed=0.1),
    Floors(0.91, 0.025, 0.01, agreed=0.3),
    Floors(0.93, 0.0, -0.03, agreed=0.27),
    Floors(0.94, 0.04, -0.01, agreed=0.15),
)
# Where a request is open: what is asked first.
LIKELY = Floors(0.92, 0.0, -0.03, agreed=0.1)
# Of what the open request allows now, asked first too; residents' questions and messages: see test_clerks.
ALLOWED_ASKED = (Floors(0.91, 0.005, -0.05, any_action=0.0), Floors(0.93, 0.02, -0.05, any_action=-0.3))
ALLOWED_TOLD = (
    Floors(0.91, 0.0, -0.05, any_action=-0.05),
    Floors(0.9, 0.01, -0.05, any_action=0.1),
    Floors(0.92, 0.005, -0.05, any_action=-0.3),
    Floors(0.9, 0.02, -0.05, any_action=0.0),
)
# Where the knowledge holds no answer to it: offered beside what is near.
UNFOUND = (Floors(0.9, -0.035, -0.06, any_action=-0.3),)
UNFOUND_SHOWN = (Floors(0.91, 0.02, 0.01, any_action=-0.3),)  # at once, for it only shows something
_LIKE = 0.8  # Indel similarity from which a text is nearly a label; below, opposites are alike (公开, 不公开)
# A name with a little more beside it: 要求补正材料.
_LITTLE_MORE, _WITH_LITTLE_MORE = 2, 0.95
_LONGEST = 20  # characters; who writes more is telling or asking something
# What people put around the name of a thing to do: who, when, politely, of which request.  Function words;
# none of them says what is to be done.
_AROUND = re.compile(
    r"请|麻烦|帮忙|帮我|帮|我们|我|你们|你|他们|他|她|它|自己|这边|这里|那边|那里|这个|那个|这一|这|那|该|此|个|条|件|份|位"
    r"|已经|已|今天|今日|现在|马上|立即|刚刚|刚才|刚|开始|准备|想要|想|需要|需|要|得|可以|应该|就|先|再|也|都|还|又"
    r"|把|将|对|给|让|叫|请|用|跟|和|去|来|一下|一个|一条|了|的|吧|啊|呀|啦|哈|呢|哦|嘛|吗|么|掉|好|看看|看|说"
    r"|申请人|申请者|当事人|小[张王李赵刘陈杨黄周吴]|同志|\d+个?(?:工作日|天|日|号)"
)
_THIS = re.compile(r"[这那该此](?:一?[件个条份]|个?申请)")
_LABELS = ("button_", "step_", "serve_")
_LEAST_MEANT = 4  # characters of a name that is compared by what it means
_NEGATED = re.compile(r"[不未别勿莫]|没(?!问题|错)")
_BRACKETS = re.compile(r"[（(][^（）()]*[）)]")


@dataclass(frozen=True)
class Action:
    """`label` is the event of its words; `argument` follows the number in its button, "" = any may."""

    label: str
    act: Act
    argument: str = ""

    def is_of(self, button: Button) -> bool:
        """Whether a button does this, to whichever request."""
        payload = parse(button.data)
        if payload is None or payload.act is not self.act:
            return False
        return not self.argument or payload.arguments[1:2] == (self.argument,)


def actions_of(words: Words, acts: Iterable[Act], forms: Iterable[str]) -> tuple[Action, ...]:
    """All there are: acts about a request with a button of their name, forms, ways of service."""
    named = [(f"button_{act.name.lower()}", act) for act in acts if is_about_a_request(act)]
    served = [f"serve_{method.value}" for method in ServiceMethod]
    return (
        *(Action(label, act) for label, act in named if words.knows(label)),
        *(Action(f"step_{form}", Act.RECORD, form) for form in forms),
        *(Action(label, Act.SERVE, label.removeprefix("serve_")) for label in served if words.knows(label)),
    )


@cache
def staff_phrasings() -> Actions:
    """How staff say in their own words what they want done: ids are the labels of actions."""
    words = Words.load()
    labels = frozenset(event for event in words.events if event.startswith(_LABELS))
    read = read_actions(SAID, labels, guide=DEFAULTS / GUIDE_FILE)
    named = {label for label, _ in read.phrasings if label.startswith(_LABELS)}
    names = [
        (label, name)
        for label in sorted(named)
        if words.knows(said := f"said_{label}")
        for name in words.say(said, Language.SIMPLIFIED).split("、")
        if len(name) >= _LEAST_MEANT
    ]
    return replace(read, phrasings=(*names, *read.phrasings))


def actions_in(text: str, actions: Sequence[Action], words: Words, language: Language) -> list[Action]:
    """The actions that a text names, those that it names best; [] when it is something else."""
    said = _forms_of(text)
    if not said or min(map(len, said)) > _LONGEST:
        return []
    scored = [
        (max(_likeness(each, name) for each in said for name in _names(action, words, language)), action)
        for action in actions
    ]
    best = max((score for score, _ in scored), default=0.0)
    return [action for score, action in scored if score == best] if best >= _LIKE else []


def names_exactly(text: str, action: Action, words: Words, language: Language) -> bool:
    """Whether a text is the action's label itself, or what is said for it, and not only like it."""
    return bool(_forms_of(text) & _names(action, words, language))


def is_only_put_around(text: str) -> bool:
    """Whether a text only points at something, politely: 请看一下这件."""
    return not _AROUND.sub("", _plain(text))


def _forms_of(text: str) -> frozenset[str]:
    """A text as it is compared: whole, without 这件, and without all that is only put around a name."""
    plain = _plain(text)
    forms = (plain, _THIS.sub("", plain), _AROUND.sub("", plain))
    return frozenset(form for form in forms if len(form) > 1)


def _plain(text: str) -> str:
    return squeeze(text)


@cache
def _names(action: Action, words: Words, language: Language) -> frozenset[str]:
    """A label, without what stands in brackets, and what people say for it."""
    told = {Language.SIMPLIFIED, language}
    names = [words.say(action.label, each) for each in told]
    names += [_BRACKETS.sub("", name) for name in names]
    if words.knows(said := f"said_{action.label}"):
        names += [name for each in told for name in words.say(said, each).split("、")]
    return frozenset(form for name in names for form in _forms_of(name))


def _says_no(text: str) -> bool:
    """Opposites share most of their characters, and are near in meaning."""
    return bool(_NEGATED.search(text))


def _likeness(said: str, name: str) -> float:
    """1 for the same, else how alike two texts are; one that says no is not like one that does not."""
    if said == name:
        return 1.0
    if _says_no(said) != _says_no(name) or min(len(said), len(name)) < 4:
        return 0.0
    if name in said and len(said) - len(name) <= _LITTLE_MORE:
        return _WITH_LITTLE_MORE
    return Indel.normalized_similarity(said, name)
