"""`guide.yaml`: how to request disclosure, in plain words (公开指南, art. 12).

A line may name a setting in braces, `电话：{office_phone}`.  Such a line is shown only when the setting has a
value, so that a resident never reads a blank.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from knowledge.entry import Citation, Entry, EntryKind
from knowledge.sources.yaml_file import Row, Text, YamlFile

OFFICE_SETTINGS = (
    "agency_name",
    "office_name",
    "office_address",
    "office_phone",
    "office_hours",
    "reconsideration_body",
    "court",
    "remedies_yes",  # how the office's letters word it: reconsideration first
    "remedies_either",  # reconsideration or a suit
)
CATEGORY = "公开指南"
_PLACE = re.compile(r"\{([^{}]*)\}")
_ARTICLE = re.compile(r"\d{1,2}")


def read_guide(path: Path, office: Mapping[str, str]) -> list[Entry]:
    """The guide's entries in the order of the file.  Raises SourceError.

    An entry all of whose lines need a setting that has no value is left out.
    """
    file = YamlFile.read(path)
    file.top.only("guide")
    seen: set[str] = set()
    entries = [_entry(row, office, seen) for row in file.top.rows("guide", required=True)]
    file.finish()
    return [entry for entry in entries if entry.text]


def _entry(row: Row, office: Mapping[str, str], seen: set[str]) -> Entry:
    row.only("id", "title", "articles", "lines", "phrasings")
    topic = row.text("id", required=True)
    if topic in seen:
        row.problem("id", f"“{topic}”已经用过", "每条的 id 不同")
    seen.add(topic)
    lines = [_filled(row, line, office) for line in row.texts("lines", required=True)]
    return Entry(
        entry_id=f"guide:{topic}",
        path=f"guide:{topic}",
        kind=EntryKind.GUIDE,
        title=row.text("title", required=True),
        text="\n".join(line for line in lines if line),
        citation=_citation(row),
        category=CATEGORY,
        phrasings=tuple(text.value for text in row.texts("phrasings")),
        source=row.file,
    )


def _filled(row: Row, line: Text, office: Mapping[str, str]) -> str:
    """The line with its settings filled in; "" when one of them has no value."""
    named = _PLACE.findall(line.value)
    for name in named:
        if name not in OFFICE_SETTINGS:
            row.problem("lines", f"没有“{name}”这个设置", "、".join(OFFICE_SETTINGS), line.line)
    if not all(office.get(name, "").strip() for name in named):
        return ""
    return _PLACE.sub(lambda found: office[found[1]].strip(), line.value)


def _citation(row: Row) -> Citation:
    """The articles it rests on: a number is one of the Regulations, anything else is quoted as it is."""
    articles = row.texts("articles")
    own = "、".join(f"第{chinese(int(text.value))}条" for text in articles if _ARTICLE.fullmatch(text.value))
    others = [text.value for text in articles if not _ARTICLE.fullmatch(text.value)]
    laws = ([f"《中华人民共和国政府信息公开条例》{own}"] if own else []) + others
    return Citation(source_title=CATEGORY, section="依据" + "、".join(laws) if laws else "")


def chinese(number: int) -> str:
    """1-99 in Chinese numerals, as articles are counted: 42 -> 四十二."""
    digits = "零一二三四五六七八九"
    tens, ones = divmod(number, 10)
    if not tens:
        return digits[ones]
    return ("" if tens == 1 else digits[tens]) + "十" + (digits[ones] if ones else "")
