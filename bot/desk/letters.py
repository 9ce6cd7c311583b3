"""Letters as .docx: receipt, notices, consultation letters, the reply in every outcome (law.md part 8).

The wording is in `letters.yaml`, which an office may edit; a paragraph `?name|text` is written only when
`name` is known, `!name|text` only when it is not.  A reply whose wording lacks an element of law.md part 7
is not written.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from bot.desk.errors import InvalidValue, MissingFields
from bot.desk.model import Outcome, ReviewFirst

WORDING = Path(__file__).with_name("letters.yaml")
# What every letter that decides something must say (law.md part 7); checked in the finished text.
REPLY_ELEMENTS = ("agency", "applicant", "received_on", "content", "text", "reviewing_body", "court", "today")

_TITLE_FONT, _BODY_FONT = "方正小标宋简体", "仿宋"
_TITLE_SIZE, _BODY_SIZE = Pt(22), Pt(16)
_ROOM_FOR_THE_SEAL = Pt(28)
_COLUMNS = (Cm(4), Cm(11.6))  # of a form
_CONDITION = re.compile(r"([?!])(\w+)\|(.*)", re.DOTALL)


@dataclass(frozen=True)
class Written:
    """A letter as text: what the .docx holds, for a chat, a test or a second look."""

    title: str
    number: str
    paragraphs: tuple[str, ...]
    agency: str  # "" in a form that somebody else signs
    on: str
    as_table: bool = False  # each paragraph is `label：value`, a row of a form

    @property
    def text(self) -> str:
        return "\n".join(
            part for part in (self.title, self.number, *self.paragraphs, self.agency, self.on) if part
        )


def chinese_date(on: date) -> str:
    """2025年5月12日."""
    return f"{on.year}年{on.month}月{on.day}日"


def kinds() -> tuple[str, ...]:
    """All letters that can be written."""
    return tuple(_wording(WORDING)["letters"])


def write(kind: str, facts: Mapping[str, str], wording: Path = WORDING) -> Written:
    """Fill a letter.  Raises InvalidValue for an unknown kind, MissingFields for a fact it needs."""
    letters = _wording(wording)["letters"]
    if kind not in letters:
        raise InvalidValue("letter_unknown", field="kind", allowed=tuple(letters))
    template = letters[kind]
    known = {name: value for name, value in facts.items() if value}
    is_ours = template.get("signed", True)
    paragraphs = tuple(
        filled for line in template["body"] if (filled := _fill(str(line), known, kind)) is not None
    )
    return Written(
        title=str(template["title"]),
        number=_fill(str(template.get("number", "")), known, kind) or "",
        paragraphs=paragraphs,
        agency=known.get("agency", "") if is_ours else "",
        on=known.get("today", "") if is_ours else "",
        as_table=bool(template.get("table")),
    )


def write_reply(outcome: Outcome, facts: Mapping[str, str], wording: Path = WORDING) -> Written:
    """The reply letter (答复书) of an outcome; MissingFields names each element that is not known."""
    missing = tuple(name for name in REPLY_ELEMENTS if not facts.get(name))
    if missing:
        raise MissingFields("reply_elements_missing", elements=missing)
    words = _wording(wording)
    remedies = _fill(str(words["remedies"][outcome.rule.review_first.value]), facts, outcome.code)
    written = write(
        "reply",
        {
            **facts,
            "decision": _decision(words, outcome, facts),
            "remedies": remedies or "",
            "gives": "yes" if outcome.gives_information else "",
        },
        wording,
    )
    _must_contain(written, facts, outcome)
    return written


def write_closing(outcome: Outcome, facts: Mapping[str, str], wording: Path = WORDING) -> Written:
    """The notice that a request ends without a reply (F1-F3), with its ground."""
    return write("closed", {**facts, "decision": _decision(_wording(wording), outcome, facts)}, wording)


def write_record_answer(end: str, facts: Mapping[str, str], wording: Path = WORDING) -> Written:
    """The answer to who wants a record about themselves corrected (art. 41); `end` is one of four."""
    words = _wording(wording)
    ends = words.get("record_corrections", {})
    if end not in ends:
        raise InvalidValue("letter_unknown", field="end", allowed=tuple(ends))
    remedies = ""
    if end == "declined":
        remedies = _fill(str(words["remedies"]["ask_lawyer"]), facts, end) or ""
    filled = {**facts, "decision": _fill(str(ends[end]), facts, end) or "", "remedies": remedies}
    return write("record_correction_answer", filled, wording)


def _decision(words: Mapping[str, Any], outcome: Outcome, facts: Mapping[str, str]) -> str:
    """What an outcome says: one sentence, or a list of them, each perhaps with its condition."""
    if outcome.code not in words["outcomes"]:
        raise InvalidValue("letter_unknown", field="outcome", allowed=tuple(words["outcomes"]))
    chosen = words["outcomes"][outcome.code]
    lines = chosen if isinstance(chosen, list) else [chosen]
    return "".join(_fill(str(line), facts, outcome.code) or "" for line in lines)


def to_docx(written: Written) -> bytes:
    """The letter as a Word file: A4, title in the middle, body indented, agency and date at the right."""
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.top_margin, section.bottom_margin = Cm(3.7), Cm(3.5)
    section.left_margin, section.right_margin = Cm(2.8), Cm(2.6)
    _add(document, written.title, WD_ALIGN_PARAGRAPH.CENTER, font=_TITLE_FONT, size=_TITLE_SIZE)
    if written.number:
        _add(document, written.number, WD_ALIGN_PARAGRAPH.CENTER)
    if written.as_table:
        _add_table(document, written.paragraphs)
    else:
        _add_body(document, written.paragraphs)
    # A page that holds only agency, date and seal could be put behind any letter.
    document.paragraphs[-1].paragraph_format.keep_with_next = True
    if written.agency:
        signature = _add(document, written.agency, WD_ALIGN_PARAGRAPH.RIGHT)
        signature.space_before, signature.keep_with_next = _ROOM_FOR_THE_SEAL, True
    if written.on:
        _add(document, written.on, WD_ALIGN_PARAGRAPH.RIGHT)
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def _add_body(document: Any, paragraphs: Sequence[str]) -> None:
    for paragraph in paragraphs:
        for line in paragraph.splitlines():
            is_salutation = line.endswith("：") and len(line) < 40 and paragraph == paragraphs[0]
            # An address cannot be broken: the line before it would be torn apart.
            alignment = WD_ALIGN_PARAGRAPH.LEFT if "://" in line else WD_ALIGN_PARAGRAPH.JUSTIFY
            _add(document, line, alignment, indented=not is_salutation)


def _add_table(document: Any, paragraphs: Sequence[str]) -> None:
    """A form: what is asked at the left, what was given at the right."""
    table = document.add_table(rows=0, cols=2, style="Table Grid")
    table.autofit = False
    for column, width in zip(table.columns, _COLUMNS, strict=True):
        column.width = width
    for paragraph in paragraphs:
        label, _, value = paragraph.partition("：")
        cells = table.add_row().cells
        for cell, text, width in zip(cells, (label, value), _COLUMNS, strict=True):
            cell.width = width
            _add(cell, text, WD_ALIGN_PARAGRAPH.LEFT, paragraph=cell.paragraphs[0])


def _add(
    document: Any,
    text: str,
    alignment: WD_ALIGN_PARAGRAPH,
    *,
    font: str = _BODY_FONT,
    size: Pt = _BODY_SIZE,
    indented: bool = False,
    paragraph: Any = None,
) -> Any:
    """One paragraph, a new one at the end or an empty one that is there; gives back its format."""
    paragraph = document.add_paragraph() if paragraph is None else paragraph
    paragraph.alignment = alignment
    paragraph.paragraph_format.line_spacing = Pt(28)
    paragraph.paragraph_format.space_after = Pt(0)
    if indented:
        paragraph.paragraph_format.first_line_indent = size * 2  # two characters
    run = paragraph.add_run(text)
    run.font.name, run.font.size = font, size
    # Word takes the font of Chinese characters from its own attribute.
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)
    return paragraph.paragraph_format


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
    online = facts.get("reconsideration_online", "")
    if online and online not in written.text:  # 复议法 22(2): where decisions are served online
        missing.append("reconsideration_online")
    if "60日" not in written.text:
        missing.append("60日")
    if outcome.rule.review_first is ReviewFirst.YES and "应当先申请行政复议" not in written.text:
        missing.append("review_first")
    if missing:
        raise MissingFields("reply_elements_missing", elements=tuple(missing))


@lru_cache(maxsize=4)
def _read_wording(path: Path, changed_at: float) -> dict[str, Any]:
    loaded = yaml.safe_load(path.read_text(encoding="utf-8"))
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
