"""Letters as .docx: receipt, notices, consultation letters, the reply in every outcome (law.md part 8).

The wording is in `letters.yaml`, which an office may edit; a paragraph `?name|text` is written only when
`name` is known.  A reply whose wording lacks an element of law.md part 7 is not written.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
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
_CONDITION = re.compile(r"\?(\w+)\|(.*)", re.DOTALL)


@dataclass(frozen=True)
class Written:
    """A letter as text: what the .docx holds, for a chat, a test or a second look."""

    title: str
    number: str
    paragraphs: tuple[str, ...]
    agency: str
    on: str

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
    paragraphs = tuple(
        filled for line in template["body"] if (filled := _fill(str(line), known, kind)) is not None
    )
    return Written(
        title=str(template["title"]),
        number=known["number"] if template.get("number") else "",
        paragraphs=paragraphs,
        agency=known.get("agency", ""),
        on=known.get("today", ""),
    )


def write_reply(outcome: Outcome, facts: Mapping[str, str], wording: Path = WORDING) -> Written:
    """The reply letter (答复书) of an outcome; MissingFields names each element that is not known."""
    missing = tuple(name for name in REPLY_ELEMENTS if not facts.get(name))
    if missing:
        raise MissingFields("reply_elements_missing", elements=missing)
    words = _wording(wording)
    if outcome.code not in words["outcomes"]:
        raise InvalidValue("letter_unknown", field="outcome", allowed=tuple(words["outcomes"]))
    decision = _fill(str(words["outcomes"][outcome.code]), facts, outcome.code)
    remedies = _fill(str(words["remedies"][outcome.rule.review_first.value]), facts, outcome.code)
    written = write(
        "reply",
        {
            **facts,
            "decision": decision or "",
            "remedies": remedies or "",
            "gives": "yes" if outcome.gives_information else "",
        },
        wording,
    )
    _must_contain(written, facts, outcome)
    return written


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
    for paragraph in written.paragraphs:
        for line in paragraph.splitlines():
            is_salutation = line.endswith("：") and len(line) < 40 and paragraph == written.paragraphs[0]
            _add(document, line, WD_ALIGN_PARAGRAPH.JUSTIFY, indented=not is_salutation)
    for line in (written.agency, written.on):
        if line:
            _add(document, line, WD_ALIGN_PARAGRAPH.RIGHT)
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def _add(
    document: Any,
    text: str,
    alignment: WD_ALIGN_PARAGRAPH,
    *,
    font: str = _BODY_FONT,
    size: Pt = _BODY_SIZE,
    indented: bool = False,
) -> None:
    paragraph = document.add_paragraph()
    paragraph.alignment = alignment
    paragraph.paragraph_format.line_spacing = Pt(28)
    paragraph.paragraph_format.space_after = Pt(0)
    if indented:
        paragraph.paragraph_format.first_line_indent = size * 2  # two characters
    run = paragraph.add_run(text)
    run.font.name, run.font.size = font, size
    # Word takes the font of Chinese characters from its own attribute.
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)


def _fill(line: str, facts: Mapping[str, str], kind: str) -> str | None:
    """One paragraph with its facts, None when its condition does not hold."""
    conditional = _CONDITION.fullmatch(line)
    if conditional:
        if not facts.get(conditional[1]):
            return None
        line = conditional[2]
    names = tuple(dict.fromkeys(re.findall(r"\{(\w+)\}", line)))
    missing = tuple(name for name in names if not facts.get(name))
    if missing:
        raise MissingFields("letter_facts_missing", kind=kind, fields=missing)
    # Not str.format: what an applicant wrote may hold braces.
    return re.sub(r"\{(\w+)\}", lambda found: facts[found[1]], line)


def _must_contain(written: Written, facts: Mapping[str, str], outcome: Outcome) -> None:
    """An edited wording may have lost something that the law demands."""
    missing = [name for name in REPLY_ELEMENTS if facts[name] not in written.text]
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
