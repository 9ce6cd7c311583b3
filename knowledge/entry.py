"""What can be found: an `Entry`, the `Passage` of it that answers, and the `Citation` that proves it.

All of them are frozen and hold plain values, so that they can be pickled, compared and put into a test.
Everything indexed is an Entry, wherever it came from; nothing below `sources/` asks.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class EntryKind(StrEnum):
    """Where an entry comes from; decides how it is introduced, never how it is matched."""

    REPORT_SECTION = "report_section"  # 年度报告的一段
    ITEM = "item"  # 公开事项 (art. 12 of the Regulations)
    GUIDE = "guide"  # 公开指南
    PUBLISHED_REPLY = "published_reply"  # 依申请公开后转为主动公开 (art. 44)
    FACT = "fact"  # 表格的一格、一行，或写明金额的一句话


@dataclass(frozen=True)
class Citation:
    """The source of a quotation, as shown under it.  Unknown fields are empty and never shown."""

    source_title: str  # 《洲上乡2018年政府信息公开年度报告》
    section: str = ""  # 三、重点领域信息公开情况 (二)围绕经济发展推进公开工作 4.深入推进预决算公开
    publisher: str = ""
    document_number: str = ""
    published_on: date | None = None
    link: str = ""

    def __str__(self) -> str:
        """One line in Chinese: what a resident reads after 来源."""
        parts = [
            self.source_title,
            self.section,
            self.document_number,
            self.publisher,
            f"{self.published_on:%Y年%-m月%-d日}" if self.published_on else "",
            self.link,
        ]
        return "，".join(part for part in parts if part)


@dataclass(frozen=True)
class Passage:
    """A quotable piece of an entry: a sentence or a list item.  `text` is verbatim (after cleaning)."""

    text: str
    ordinal: int  # position in the entry, from 0


@dataclass(frozen=True)
class Entry:
    """One searchable thing.

    `entry_id` is unique in a base and stable over reloads (`report-2018:三/(二)/4`, `item:2018-budget`,
    `guide:how-to-request`, `reply:2026-0001`).  `path` is what an evaluation file names: for a report
    section its heading numbers (`三/(二)/4`), for everything else the entry_id.
    """

    entry_id: str
    path: str
    kind: EntryKind
    title: str
    text: str
    citation: Citation
    category: str = ""  # shown in the catalogue; "" = not browsable
    parent_id: str = ""  # the section above, "" at the top
    heading_trail: tuple[str, ...] = ()  # headings above this one, outermost first
    phrasings: tuple[str, ...] = ()  # known ways to ask for exactly this (相似问法)
    year: int | None = None
    version_of: str = ""  # yearly versions of one thing share this key
    fields: tuple[tuple[str, str], ...] = ()  # art. 12 fields that are known: (label in Chinese, value)
    agency: str = ""  # whose it is; "" where nobody says
    source: str = ""  # the file it was read from, relative to the knowledge folder, with `/`

    @property
    def token(self) -> str:
        """10 hexadecimal digits that name this entry in a button (at most 64 bytes there)."""
        return token_of(self.entry_id)


def token_of(entry_id: str) -> str:
    """The button name of an entry id; stable over reloads and machines."""
    return hashlib.blake2b(entry_id.encode(), digest_size=5).hexdigest()


@dataclass(frozen=True)
class Hit:
    """One candidate after ranking.  `score` is the calibrated probability (0..1) that it answers.

    `features` are the named numbers the score was made of, `matched` the words of the question found in
    it; both exist so that a person can see why.
    """

    entry: Entry
    passage: Passage
    score: float
    features: tuple[tuple[str, float], ...] = ()
    matched: tuple[str, ...] = ()


class Missing(StrEnum):
    """What was plainly asked and is not in what was found."""

    AMOUNT = "amount"  # 金额
    COUNT = "count"  # 数量
    DATE = "date"
    ADDRESS = "address"  # of a web site or account
    NAME = "name"  # of a person or a firm
    PLACE = "place"
    PHONE = "phone"
    HOURS = "hours"
    DOCUMENT_NUMBER = "document_number"
    YEAR = "year"
    WHERE = "where"  # the place that was named
    HOW = "how"  # 怎么申请、要什么材料
    FULL_TEXT = "full_text"  # 全文，原件


@dataclass(frozen=True)
class Answer:
    """Sure enough to quote.  One hit for each part of the question (usually one); `also` may fit too.

    `rest` are questions of the same message that these hits do not answer: ask each of them alone.
    `elsewhere` is the same of other agencies, where the chat's choice decided for one.
    `over_years`: the hits are one thing in several years; `absent` are years asked for that are not there.
    """

    hits: tuple[Hit, ...]
    also: tuple[Hit, ...] = ()
    rest: tuple[str, ...] = ()
    elsewhere: tuple[Hit, ...] = ()
    over_years: bool = False
    absent: tuple[int, ...] = ()


@dataclass(frozen=True)
class Suggest:
    """Not sure: 1-5 candidates, best first, for the resident to choose from.

    The first `leads` are the best of one question each: usually one, two when the message asks two things.
    `missing`: the first speaks of what is asked, but does not state this of it.
    `by_agency`: each is the same thing of another agency, to be chosen by name.
    """

    hits: tuple[Hit, ...]
    leads: int = 1
    missing: Missing | None = None
    nearest: bool = False  # the first is clearly ahead: to be shown as what comes closest
    by_agency: bool = False


@dataclass(frozen=True)
class Unknown:
    """Not in the base.  `near` came closest: for staff and --explain, never shown as an answer."""

    near: tuple[Hit, ...] = field(default=())
    there_for: tuple[int, ...] = ()  # years for which just this is there; `near` are these
    asked_for: tuple[int, ...] = ()  # the years that were asked for


Decision = Answer | Suggest | Unknown
