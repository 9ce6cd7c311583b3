"""A resident's message, read: what is asked, in comparable form, with all that helps to find it.

    query_of("请问五保户咋申请?", terms, index)
        -> Query(text="请问五保户咋申请", bare=((2, 5), (6, 8)), alternatives=(五保户 ~ 农村五保 …), …)

Everything refers to positions in `text`, so that a score can be explained in the resident's own words.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from knowledge.matching.asked import (
    Wanted,
    as_meant,
    bare_spans,
    content_weight,
    is_phrase,
    is_question,
    measures_of,
    wanted,
)
from knowledge.matching.needs import Need, needs_of
from knowledge.matching.pinyin import LETTERS, Grams, read
from knowledge.matching.terms import Alternative, Terms
from knowledge.text.normalize import fold, sounding, squeeze
from knowledge.text.vocabulary import is_place, rarity, segment

_LONGEST = 600  # folded characters that are looked at: the first 100 and the last 500
_HEAD = 100
_COMMON = 0.35  # rarity up to which a place's name means something else as a rule: 东西
_ONE_BREATH = 40  # a message of so many characters is one question
_STORY = 0.25  # what a word of the story weighs beside a word of what is asked, at most
_STORY_IN_ALL = 0.3  # and what the whole story weighs beside all that is asked
_QUIET = 0.5  # what the most common word says beside a rare one
_ENOUGH = 2.2  # content that a question needs to stand alone
_CLAUSE = re.compile(r"[^,。!?;:\n，、…~]+[,。!?;:\n，、…~]*")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d{2}(?!\d)")
_SHORT_YEAR = re.compile(r"(?<![\d近过去了第满])([012]\d)(?=年(?![前后内多级来以之]))")
_SPELT_YEAR = re.compile(
    r"[一二][零〇○0九][零〇○0一二三四五六七八九]{2}(?=年|度|的|$|[^零〇一二三四五六七八九十百千万])"
)
_DIGITS = str.maketrans("零〇○一二三四五六七八九", "000123456789")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_ORDINAL = re.compile(r"第([一二三四五六七八九十\d]{1,2})(?:点|条|个|项|方面|部分|章)")
_SERIAL = re.compile(r"第?(\d{1,4})号(?:文|文件|公告|令|通知|通告|意见)")
_QUOTED = re.compile(r"[《“\"「『]([^《》“”\"「」『』]{2,60})[》”\"」』]")


@dataclass(frozen=True)
class Word:
    """A content word of the question: where it stands and how rare it is in the language (0..1)."""

    start: int
    end: int
    rarity: float


@dataclass(frozen=True)
class Query:
    """`text` is squeezed; `sound` its signs (equal in length); `heard[i]` = only the sound of i is known.

    `focus[i]` is 1.0 for what is asked and less for the story around it.  `bare` are the stretches that
    remain without question phrases.
    """

    raw: str
    text: str
    sound: str
    heard: tuple[bool, ...]
    focus: tuple[float, ...]
    bare: tuple[tuple[int, int], ...]
    words: tuple[Word, ...]
    alternatives: tuple[Alternative, ...]
    years: tuple[int, ...]
    numbers: tuple[str, ...]
    serials: tuple[str, ...]
    quoted: tuple[str, ...]
    wanted: frozenset[Wanted]

    @cached_property
    def places(self) -> tuple[str, ...]:
        """Words that name a place, as far as the word list knows."""
        words = ((self.text[word.start : word.end], word.rarity) for word in self.words)
        return tuple(word for word, rare in words if rare > _COMMON and is_place(word) and word != "全国")

    @cached_property
    def measures(self) -> frozenset[str]:
        """What is counted with in the question: 条 in 够不够一百条."""
        return measures_of(self.text)

    @cached_property
    def loudness(self) -> tuple[float, ...]:
        """How much each character's word says, by the language alone: 0.25 (现在) to 1 (采砂)."""
        loud: list[float] = []
        for word in segment(self.text):
            loud += [min(1.0, max(_QUIET, (rarity(word) - 0.25) / 0.3))] * len(word)
        return tuple(loud)

    @cached_property
    def asked(self) -> str:
        """What is asked, without the story around it."""
        return "".join(part for part, focus in zip(self.text, self.focus, strict=True) if focus == 1.0)

    @cached_property
    def needs(self) -> tuple[Need, ...]:
        """What an answer must hold: see `needs.needs_of`."""
        return needs_of(self.asked)

    @cached_property
    def threes(self) -> tuple[tuple[str, str, float], ...]:
        """Runs of three characters of content: as written, as heard, and what only hearing it counts."""
        return tuple(
            (self.text[i : i + 3], self.sound[i : i + 3], 1.0 if self.heard[i] else 0.8)
            for start, end in self.bare
            for i in range(start, end - 2)
        )

    @cached_property
    def by_ear(self) -> bool:
        """Whether any of it was typed in pinyin."""
        return any(self.heard)

    @cached_property
    def core(self) -> str:
        """The asked part without question phrases; what partial matching compares."""
        return "".join(self.text[a:b] for a, b in self.bare if self.focus[a] == 1.0)

    @cached_property
    def core_sound(self) -> str:
        return "".join(self.sound[a:b] for a, b in self.bare if self.focus[a] == 1.0)


def query_of(text: str, terms: Terms, grams: Grams) -> Query:
    """Read a message.  `grams` tells which pieces the base holds (for pinyin)."""
    folded = with_years(_shortened(fold(text)))
    chars: list[str] = []
    signs: list[str] = []
    heard: list[bool] = []
    focus: list[float] = []
    clauses = [match[0] for match in _CLAUSE.finditer(folded)]
    asked_clauses = _asked(clauses)
    story = _story_weight(clauses, asked_clauses)
    for clause, asked in zip(clauses, asked_clauses, strict=True):
        letters, sound, by_ear = _spelt(clause, grams, terms.by_sound)
        chars.append(letters)
        signs.append(sound)
        heard += by_ear
        focus += [1.0 if asked else story] * len(letters)
    plain = "".join(chars)
    alternatives = terms.alternatives(plain)
    # 几多 = 多少 is no content that an entry could hold: both only ask.
    asking = [alt for alt in alternatives if all(map(is_phrase, alt.words))]
    meant = as_meant(plain)
    bare = _outside(bare_spans(meant), asking)
    return Query(
        raw=text,
        text=plain,
        sound="".join(signs),
        heard=tuple(heard),
        focus=tuple(focus),
        bare=bare,
        words=tuple(_words(plain, bare)),
        alternatives=(*(alt for alt in alternatives if alt not in asking), *_ordinals(plain)),
        years=tuple(dict.fromkeys(int(year) for year in _YEAR.findall(plain))),
        numbers=tuple(dict.fromkeys(_NUMBER.findall(plain))),
        serials=tuple(dict.fromkeys(_SERIAL.findall(folded))),
        quoted=tuple(dict.fromkeys(squeeze(found) for found in _QUOTED.findall(folded))),
        wanted=wanted("".join(part for part, f in zip(meant, focus, strict=True) if f == 1.0)),
    )


def _story_weight(clauses: Sequence[str], asked: Sequence[bool]) -> float:
    told = sum(len(clause) for clause, is_asked in zip(clauses, asked, strict=True) if not is_asked)
    return min(_STORY, _STORY_IN_ALL * (sum(map(len, clauses)) - told) / told) if told else _STORY


def _outside(spans: Sequence[tuple[int, int]], holes: Sequence[Alternative]) -> tuple[tuple[int, int], ...]:
    """The spans without what lies in the holes."""
    for hole in holes:
        cut = [((a, min(b, hole.start)), (max(a, hole.end), b)) for a, b in spans]
        spans = [(a, b) for pair in cut for a, b in pair if a < b]
    return tuple(dict.fromkeys(spans))


def with_years(folded: str) -> str:
    """Years in digits and in full: 二零一七 -> 2017, 18年 -> 2018年."""
    spelt = _SPELT_YEAR.sub(lambda found: found[0].translate(_DIGITS), folded)
    return _SHORT_YEAR.sub(r"20\1", spelt)


def _shortened(folded: str) -> str:
    return folded if len(folded) <= _LONGEST else folded[:_HEAD] + "\n" + folded[_HEAD - _LONGEST :]


def _spelt(clause: str, grams: Grams, own_words: Mapping[str, str]) -> tuple[str, str, list[bool]]:
    """A clause without punctuation, with pinyin read; its sound signs; which characters were only heard."""
    text, sound, heard = "", "", []
    at = 0
    for match in LETTERS.finditer(clause):
        found = read(match[0], grams, own_words) if len(match[0]) > 1 else None
        if found is None:
            continue
        before = squeeze(clause[at : match.start()])
        text, sound = text + before + found[0], sound + sounding(before) + found[1]
        heard += [False] * len(before) + [True] * len(found[0])
        at = match.end()
    rest = squeeze(clause[at:])
    return text + rest, sound + sounding(rest), heard + [False] * len(rest)


def _asked(clauses: list[str]) -> list[bool]:
    """Which clauses are what is asked: all of a short message, the last question of a long one.

    A question without content of its own ("麻烦给个准话，到底是多少") takes in clauses before it until
    there is enough to search for.
    """
    if sum(map(len, clauses)) <= _ONE_BREATH:
        return [True] * len(clauses)
    last = max((i for i, clause in enumerate(clauses) if is_question(clause)), default=len(clauses) - 1)
    first, weight = last, content_weight(squeeze(clauses[last]))
    while first > 0 and weight < _ENOUGH:
        first -= 1
        weight += content_weight(squeeze(clauses[first]))
    return [first <= i <= last for i in range(len(clauses))]


def _words(text: str, bare: tuple[tuple[int, int], ...]) -> list[Word]:
    """Content words: two characters and more, or one that is not too common."""
    found = []
    for start, end in bare:
        at = start
        for word in segment(text[start:end]):
            rare = rarity(word)
            if len(word) > 1 or rare > 0.42 or word.isdigit():
                found.append(Word(at, at + len(word), rare))
            at += len(word)
    return found


_NUMERALS = "零一二三四五六七八九十"


def _ordinals(text: str) -> list[Alternative]:
    """第二点 may be written 二是, 二要, 第二, (二)."""
    found = []
    for match in _ORDINAL.finditer(text):
        number = int(match[1]) if match[1].isdigit() else _NUMERALS.find(match[1])
        if 0 < number <= 10:
            name = _NUMERALS[number]
            found.append(Alternative(match.start(), match.end(), (f"{name}是", f"{name}要", f"第{name}")))
    return found
