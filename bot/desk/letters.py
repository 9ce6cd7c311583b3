"""Letters as .docx: receipt, notices, consultation letters, the reply in every outcome (LAW.md part 8).

The wording is in `letters.yaml`, which an office may edit; a paragraph `?name|text` is written only when
`name` is known, `!name|text` only when it is not.  A reply whose wording lacks an element of LAW.md part 7
is not written.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from bot.desk.calendar import WorkingCalendar
from bot.desk.course import split_attachments
from bot.desk.errors import InvalidValue, MissingFields
from bot.desk.legible import legible, legible_within
from bot.desk.model import Outcome, ReviewFirst
from bot.desk.paper import Written, to_docx

__all__ = [
    "WORDING",
    "Written",
    "chinese_date",
    "has_document_number",
    "kinds",
    "remedies_in_guide",
    "to_docx",
    "write",
    "write_closing",
    "write_record_answer",
    "write_reply",
]

WORDING = Path(__file__).with_name("letters.yaml")
# What every letter that decides something must say (LAW.md part 7); checked in the finished text.
REPLY_ELEMENTS = ("agency", "applicant", "received_on", "content", "text", "reviewing_body", "court", "today")

_CONDITION = re.compile(r"([?!])(\w+)\|(.*)", re.DOTALL)


def chinese_date(on: date) -> str:
    """2025年5月12日."""
    return f"{on.year}年{on.month}月{on.day}日"


def dated(on: date, provisional: bool) -> str:
    """A day that a letter names as a limit, and whether it may still move."""
    told = chinese_date(on)
    remark = f"（暂定：{on.year}年节假日安排尚未公布，公布后有变动的另行告知）"
    return f"{told}{remark}" if provisional else told


def counted_date(on: date, calendar: WorkingCalendar) -> str:
    """The same of a day that was counted out in working days."""
    return dated(on, calendar.is_provisional(on))


def kinds() -> tuple[str, ...]:
    """All letters that can be written."""
    return tuple(_wording(WORDING)["letters"])


def has_document_number(kind: str) -> bool:
    """Whether a letter is a document of the office, with a 发文字号; forms are none."""
    template = _wording(WORDING)["letters"].get(kind, {})
    return "{document_number}" in str(template.get("number", ""))


def write(kind: str, facts: Mapping[str, str], wording: Path = WORDING) -> Written:
    """Fill a letter.  Raises InvalidValue for an unknown kind, MissingFields for a fact it needs."""
    words = _wording(wording)
    letters = words["letters"]
    if kind not in letters:
        raise InvalidValue("letter_unknown", field="kind", allowed=tuple(letters))
    template = letters[kind]
    known = {name: value for name, value in facts.items() if value}
    if way := template.get("contested_as"):
        known["remedies"] = _remedies(words, ReviewFirst(way), known, "告知书")
    is_ours = template.get("signed", True)
    paragraphs = tuple(
        filled for line in template["body"] if (filled := _fill(str(line), known, kind)) is not None
    )
    return Written(
        title=str(template["title"]),
        number=_first_that_fits(template.get("number", ""), known, kind),
        paragraphs=paragraphs,
        agency=known.get("agency", "") if is_ours else "",
        on=known.get("today", "") if is_ours else "",
        as_table=bool(template.get("table")),
        attachments=tuple(known.get("attachments", "").splitlines()),
    )


def write_reply(outcome: Outcome, facts: Mapping[str, str], wording: Path = WORDING) -> Written:
    """The reply letter (答复书) of an outcome; MissingFields names each element that is not known."""
    text, named = split_attachments(facts.get("text", ""))
    sent = facts.get("attachments", "").splitlines()  # the files themselves: they are named in any case
    attachments = [*named, *(each for each in sent if each not in named)]
    facts = {**facts, "text": text, "attachments": "\n".join(attachments)}
    missing = tuple(name for name in REPLY_ELEMENTS if not facts.get(name))
    if missing:
        raise MissingFields("reply_elements_missing", elements=missing)
    words = _wording(wording)
    written = write(
        "reply",
        {
            **facts,
            "decision": _decision(words, outcome, facts),
            "remedies": _remedies(words, outcome.rule.review_first, facts, "答复书"),
            "gives": "yes" if outcome.gives_information else "",
        },
        wording,
    )
    _must_contain(written, facts, outcome)
    return written


def write_closing(outcome: Outcome, facts: Mapping[str, str], wording: Path = WORDING) -> Written:
    """The notice that a request ends without a reply (F1-F3), with its ground and what can be done."""
    words = _wording(wording)
    remedies = _remedies(words, outcome.rule.review_first, facts, "告知书") if outcome.names_remedies else ""
    filled = {**facts, "decision": _decision(words, outcome, facts), "remedies": remedies}
    written = write("closed", filled, wording)
    if remedies:
        _must_name_remedies(written, facts, outcome)
    return written


def write_record_answer(end: str, facts: Mapping[str, str], wording: Path = WORDING) -> Written:
    """The answer to who wants a record about themselves corrected (art. 41); `end` is one of four."""
    words = _wording(wording)
    ends = words.get("record_corrections", {})
    if end not in ends:
        raise InvalidValue("letter_unknown", field="end", allowed=tuple(ends))
    remedies = ""
    if end == "declined":
        remedies = _remedies(words, ReviewFirst.EITHER, facts, "答复书")
    filled = {**facts, "decision": _fill(str(ends[end]), facts, end) or "", "remedies": remedies}
    return write("record_correction_answer", filled, wording)


def remedies_in_guide(reviewing_body: str, court: str, wording: Path = WORDING) -> dict[str, str]:
    """The sentences of the one table for the guide, by the names that `guide.yaml` may hold.

    Where a setting is missing they say which kind of body it is.
    """
    facts = {"reviewing_body": reviewing_body or "复议机关", "court": court or "人民法院"}
    words = _wording(wording)
    return {
        f"remedies_{first.value}": _remedies(words, first, facts, "答复书（告知书）")
        for first in (ReviewFirst.YES, ReviewFirst.EITHER)
    }


def _first_that_fits(lines: str | list[str], facts: Mapping[str, str], kind: str) -> str:
    """One line, or of several the first whose condition holds."""
    for line in [lines] if isinstance(lines, str) else lines:
        if (filled := _fill(str(line), facts, kind)) is not None:
            return filled
    return ""


def _remedies(words: Mapping[str, Any], first: ReviewFirst, facts: Mapping[str, str], document: str) -> str:
    """How this can be contested: the one table of the wording, for every letter that decides something."""
    return _fill(str(words["remedies"][first.value]), {**facts, "document": document}, first.value) or ""


def _decision(words: Mapping[str, Any], outcome: Outcome, facts: Mapping[str, str]) -> str:
    """What an outcome says: one sentence, or a list of them, each perhaps with its condition."""
    if outcome.code not in words["outcomes"]:
        raise InvalidValue("letter_unknown", field="outcome", allowed=tuple(words["outcomes"]))
    chosen = words["outcomes"][outcome.code]
    lines = chosen if isinstance(chosen, list) else [chosen]
    return "".join(_fill(str(line), facts, outcome.code) or "" for line in lines)


def _fill(line: str, facts: Mapping[str, str], kind: str) -> str | None:
    """One paragraph with its facts, None when its condition does not hold."""
    while conditional := _CONDITION.fullmatch(line):
        wanted = conditional[1] == "?"
        if bool(facts.get(conditional[2])) is not wanted:
            return None
        line = conditional[3]
    names = tuple(dict.fromkeys(re.findall(r"\{(\w+)\}", line)))
    missing = tuple(name for name in names if not facts.get(name))
    if missing:
        raise MissingFields("letter_facts_missing", kind=kind, fields=missing)
    # Not str.format: what an applicant wrote may hold braces.
    return re.sub(r"\{(\w+)\}", lambda found: facts[found[1]], line)


def _must_contain(written: Written, facts: Mapping[str, str], outcome: Outcome) -> None:
    """An edited wording may have lost something that the law demands."""
    missing = [name for name in REPLY_ELEMENTS if facts[name] not in written.text]
    missing += _missing_remedies(written, facts, outcome)
    if missing:
        raise MissingFields("reply_elements_missing", elements=tuple(missing))


def _must_name_remedies(written: Written, facts: Mapping[str, str], outcome: Outcome) -> None:
    missing = [name for name in ("reviewing_body", "court") if facts.get(name, "") not in written.text]
    missing += _missing_remedies(written, facts, outcome)
    if missing:
        raise MissingFields("reply_elements_missing", elements=tuple(missing))


def _missing_remedies(written: Written, facts: Mapping[str, str], outcome: Outcome) -> list[str]:
    missing = []
    online = facts.get("reconsideration_online", "")
    if online and online not in written.text:  # 复议法 22(2): where decisions are served online
        missing.append("reconsideration_online")
    if "60日" not in written.text:
        missing.append("60日")
    must = outcome.rule.review_first in (ReviewFirst.YES, ReviewFirst.FOR_THE_REST)
    if must and "应当先申请行政复议" not in written.text:
        missing.append("review_first")
    if not must and "6个月" not in written.text:
        missing.append("6个月")
    return missing


@lru_cache(maxsize=4)
def _read_wording(path: Path, changed_at: float) -> dict[str, Any]:
    loaded = legible_within(yaml.safe_load(legible(path.read_text(encoding="utf-8"))))
    for part in ("letters", "outcomes", "remedies"):
        if not isinstance(loaded, dict) or not isinstance(loaded.get(part), dict):
            raise InvalidValue("letters_wording_broken", field=part, path=path)
    return dict(loaded)


def _wording(path: Path) -> dict[str, Any]:
    """Read again when the file was edited."""
    try:
        return _read_wording(path, path.stat().st_mtime)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise InvalidValue("letters_wording_broken", field="", path=path) from error
