"""Any other disclosed document that was put into the folder (a plan, a notice, a budget) -> entries."""

from __future__ import annotations

import re
from dataclasses import replace

from knowledge.entry import Citation, Entry, EntryKind
from knowledge.sources.documents import Document
from knowledge.sources.frame import unframed
from knowledge.sources.outline import outline
from knowledge.sources.section import PREAMBLE, Section
from knowledge.text.cleaning import clean

CATEGORY = "公开文件"
_YEAR = re.compile(r"(\d{4})年")


def read_paper(document: Document) -> list[Entry]:
    """One entry for each section, `document:FILE:PATH`; the file's name is the title where it has none."""
    frame = unframed(document.cleaned())
    title = frame.title or clean(document.path.stem)
    citation = Citation(f"《{title}》", publisher=frame.signed_by, published_on=frame.signed_on)
    return [_entry(section, document, title, citation) for section in outline(frame.lines)]


def _entry(section: Section, document: Document, title: str, citation: Citation) -> Entry:
    key = f"document:{document.path.name}"
    entry_id = f"{key}:{'/'.join(section.path)}"
    is_preamble = section.path == (PREAMBLE,)
    return Entry(
        entry_id=entry_id,
        path=entry_id,
        kind=EntryKind.ITEM,
        title=title if is_preamble else section.title,
        text=section.text,
        citation=replace(citation, section=" ".join((*section.trail, section.heading)).strip()),
        category="" if section.is_point else CATEGORY,
        parent_id=f"{key}:{'/'.join(section.path[:-1])}" if len(section.path) > 1 else "",
        heading_trail=(title, *section.trail) if not is_preamble else (),
        year=int(year[1]) if (year := _YEAR.search(title)) else None,
    )
