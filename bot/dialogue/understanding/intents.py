"""What a message is, before it is looked up: small talk, an emergency, a complaint, or about requests.

    rules = read_rules(Path("intents.yaml"))
    intent_of("早上好呀", rules)  -> Intent(IntentKind.GREETING, rule="greeting")
    intent_of("低保标准多少", rules) -> None            it is a question: ask the base

The rules are plain words in `knowledge/defaults/intents.yaml`, explained at its top; each carries examples
and counter-examples, which are tried when the file is read.  The first rule that fits wins.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from knowledge.errors import SourceError
from knowledge.sources.yaml_file import Row, YamlFile
from knowledge.text.normalize import fold, squeeze


class IntentKind(StrEnum):
    """What the resident wants, as far as it is no question for the knowledge."""

    DESPAIR = "despair"  # somebody does not want to live: warm words, a hotline, a person, nothing else
    EMERGENCY = "emergency"
    SCAM = "scam"
    GREETING = "greeting"
    THANKS = "thanks"
    FAREWELL = "farewell"
    INSULT = "insult"
    CHAT = "chat"  # any other small talk
    CAPABILITY = "capability"  # what can you do; may I ask something
    REDIRECT = "redirect"  # a complaint, petition or consultation: another channel is right
    HOW_TO = "how_to"  # about disclosure requests: `topic` is the guide entry
    STATUS = "status"
    WITHDRAW = "withdraw"
    SERVICE = "service"  # where something is done that is no information: said beside what is (not) found
    MENU = "menu"  # a menu word: `topic` is help, catalogue, guide, request, cancel, privacy


SMALL_TALK = frozenset(
    {
        IntentKind.GREETING,
        IntentKind.THANKS,
        IntentKind.FAREWELL,
        IntentKind.INSULT,
        IntentKind.CHAT,
        IntentKind.CAPABILITY,
    }
)
_URGENT = (IntentKind.DESPAIR, IntentKind.EMERGENCY)


@dataclass(frozen=True)
class Intent:
    """`topic`: guide id (HOW_TO) or menu name (MENU); `channels`: whom to turn to, best first."""

    kind: IntentKind
    rule: str
    topic: str = ""
    channels: tuple[str, ...] = ()


@dataclass(frozen=True)
class Rule:
    """One rule: it fits when all its conditions hold (see the top of intents.yaml)."""

    intent: Intent
    any_of: tuple[re.Pattern[str], ...] = ()
    with_: tuple[re.Pattern[str], ...] = ()
    with_also: tuple[re.Pattern[str], ...] = ()
    without: tuple[re.Pattern[str], ...] = ()
    only: re.Pattern[str] | None = None
    only_one_of: tuple[re.Pattern[str], ...] = ()  # a message of nothing but particles fits no `only`
    at_most: int | None = None
    symbols_only: bool = False

    def fits(self, text: str, plain: str) -> bool:
        """Whether a message fits; `text` as it came, `plain` squeezed."""
        if self.symbols_only:
            return bool(text.strip()) and not plain
        if not plain or (self.at_most is not None and len(plain) > self.at_most):
            return False
        if self.only is not None and not self.only.fullmatch(plain):
            return False
        groups = [group for group in (self.only_one_of, self.any_of, self.with_, self.with_also) if group]
        found = all(any(word.search(plain) for word in group) for group in groups)
        return found and not any(word.search(plain) for word in self.without)


@dataclass(frozen=True)
class Rules:
    """All rules in the order in which they are tried; the lists and channels that they may name."""

    rules: tuple[Rule, ...]
    lists: Mapping[str, Sequence[str]] = field(default_factory=dict)
    channels: Mapping[str, str] = field(default_factory=dict)


def intent_of(text: str, rules: Rules) -> Intent | None:
    """The intent of the first rule that fits, or None: then it is a question."""
    return _first(text, rules, lambda kind: kind is not IntentKind.SERVICE)


def service_of(text: str, rules: Rules) -> Intent | None:
    """Whom to turn to for a service (electricity, health insurance); it stands beside what is found."""
    return _first(text, rules, lambda kind: kind is IntentKind.SERVICE)


def is_urgent(text: str, rules: Rules) -> bool:
    """Whether somebody may be in danger: heard everywhere."""
    found = intent_of(text, rules)
    return found is not None and found.kind in _URGENT


def _first(text: str, rules: Rules, is_asked: Callable[[IntentKind], bool]) -> Intent | None:
    plain = squeeze(text)
    fitting = (rule.intent for rule in rules.rules if is_asked(rule.intent.kind) and rule.fits(text, plain))
    return next(fitting, None)


# ---- reading the file ------------------------------------------------------------------------------------
_LIST_KEYS = ("any_of", "with", "with_also", "without", "only")
_KNOWN = (
    *_LIST_KEYS,
    "id",
    "kind",
    "topic",
    "channels",
    "at_most",
    "symbols_only",
    "examples",
    "not_examples",
)
_PARTICLES = "呀|啊|哇|哦|噢|呢|吗|嘛|哈|啦|了|的|吧|呦|哟|诶|欸|喂|们|大家|各位|机器人|小助手"


def read_rules(path: Path, default: Rules | None = None) -> Rules:
    """Read the rules and try their examples.  Raises SourceError with every mistake and its line.

    With `default` the file adds to these: a rule with the id of one of them takes its place, any other is
    tried before them, but after the emergencies.
    """
    default = default or Rules(())
    file = YamlFile.read(path)
    own = {name: _split(lines) for name, lines in _named_texts(file.top, "lists").items()}
    lists = {**default.lists, **own}
    told = {name: " ".join(lines) for name, lines in _named_texts(file.top, "channels").items()}
    channels = {**default.channels, **told}
    rows = file.top.rows("rules")
    rules = []
    for row in rows:
        row.only(*_KNOWN)
        rule = _rule(row, lists, channels)
        if rule is not None:
            rules.append(rule)
    file.finish()
    read = Rules(_merged(default.rules, rules), lists, channels)
    for row in rows:
        _try_examples(row, read)
    file.finish()
    return read


def _merged(default: Sequence[Rule], own: Sequence[Rule]) -> tuple[Rule, ...]:
    by_id = {rule.intent.rule: rule for rule in own}
    known = {rule.intent.rule for rule in default}
    kept = [by_id.get(rule.intent.rule, rule) for rule in default]
    new = [rule for rule in own if rule.intent.rule not in known]
    first = next((at for at, rule in enumerate(kept) if rule.intent.kind not in _URGENT), 0)
    return (*kept[:first], *new, *kept[first:])


def _named_texts(top: Row, key: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for row in top.rows(key):
        name = row.text("name", required=True)
        found[name] = [text.value for text in row.texts("words", required=True)]
    return found


def _rule(row: Row, lists: Mapping[str, Sequence[str]], channels: Mapping[str, str]) -> Rule | None:
    name, kind = row.text("id", required=True), row.text("kind", required=True)
    if kind not in set(IntentKind):
        row.problem("kind", f"没有“{kind}”这一种", "、".join(IntentKind))
        return None
    unknown = [text.value for text in row.texts("channels") if text.value not in channels]
    if unknown:
        row.problem("channels", f"没有“{unknown[0]}”这个渠道", "、".join(channels))
        return None
    words = {key: list(_words(row, key, lists)) for key in _LIST_KEYS}
    if not any(words[key] for key in ("any_of", "only")) and not row.text("symbols_only"):
        row.problem("any_of", "没有写任何词", "至少在 any_of 或 only 里写一个词")
        return None
    only = "|".join([*(_pattern(word) for word in words["only"]), _PARTICLES])
    return Rule(
        Intent(
            IntentKind(kind),
            name,
            row.text("topic"),
            tuple(channels[text.value] for text in row.texts("channels")),
        ),
        any_of=_patterns(words["any_of"]),
        with_=_patterns(words["with"]),
        with_also=_patterns(words["with_also"]),
        without=_patterns(words["without"]),
        only=re.compile(f"(?:{only})+") if words["only"] else None,
        only_one_of=_patterns(words["only"]),
        at_most=row.number("at_most"),
        symbols_only=bool(row.text("symbols_only")),
    )


def _split(lines: Sequence[str]) -> list[str]:
    """Words are written one a line or apart by 、."""
    return [word.strip() for line in lines for word in line.split("、") if word.strip()]


def _words(row: Row, key: str, lists: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """The words under a key, with @name replaced by the list of that name."""
    for text in row.texts(key):
        if not text.value.startswith("@"):
            yield from _split([text.value])
        elif text.value[1:] in lists:
            yield from lists[text.value[1:]]
        else:
            row.problem(key, f"没有“{text.value[1:]}”这个词表", "、".join(lists), text.line)


def _pattern(word: str) -> str:
    """A plain word; `…` stands for up to eight characters of anything."""
    parts = re.split("…+|\\.{3,}", fold(word))
    return ".{0,8}".join(re.escape(squeeze(part)) for part in parts)


def _patterns(words: Sequence[str]) -> tuple[re.Pattern[str], ...]:
    return (re.compile("|".join(map(_pattern, words))),) if words else ()


def _try_examples(row: Row, rules: Rules) -> None:
    name = row.text("id")
    for text in row.texts("examples"):
        found = (service_of if row.text("kind") == IntentKind.SERVICE else intent_of)(text.value, rules)
        if found is None or found.rule != name:
            got = found.rule if found else "没有规则"
            row.problem("examples", f"“{text.value}”应该合这一条，实际合的是：{got}", name, text.line)
    for text in row.texts("not_examples"):
        found = intent_of(text.value, rules)
        if found is not None and found.rule == name:
            row.problem(
                "not_examples", f"“{text.value}”不该合这一条", "加上 without，或把词写得更具体", text.line
            )


__all__ = [
    "SMALL_TALK",
    "Intent",
    "IntentKind",
    "Rule",
    "Rules",
    "SourceError",
    "intent_of",
    "is_urgent",
    "read_rules",
    "service_of",
]
