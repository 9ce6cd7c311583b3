"""A document -> a `Paper`: what it is, whose and of when, and the entries that are made of it.

1. Long lines are unrolled, what the page prints around the text and the contents page are taken off.
2. Title, 文号, agency, signature and date are read (`head`); an annual report is known by what it says of
   itself.  What documents.yaml says stands above what is read.
3. Tables are tables: no row opens a section.  Those that were copied as text are rebuilt where the form of
   the report or the counts prove it.
4. Sections (`outline`), figures and amounts (`facts`) become entries.
5. What cannot be told is asked: an `Ask` with guesses.  The document is read all the same.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from knowledge.documents.document import BlockKind, Document, NoteKind, Table
from knowledge.entry import Citation, Entry, EntryKind
from knowledge.sources.body import Body, Placed
from knowledge.sources.contents import contents_page
from knowledge.sources.copied import looks_copied
from knowledge.sources.counted import counted_tables
from knowledge.sources.directions import Direction
from knowledge.sources.facts import (
    EMPTY,
    Origin,
    about,
    amount_facts,
    attached,
    cell_line,
    table_facts,
    table_rows,
)
from knowledge.sources.framed import framed
from knowledge.sources.furniture import label_lines
from knowledge.sources.grid import is_figure, names_of, rows_of
from knowledge.sources.head import Head, head_of
from knowledge.sources.opening import only_announces
from knowledge.sources.section import PREAMBLE, Section, short_name, without_number
from knowledge.sources.told import YEAR, Ask, Told, is_report
from knowledge.sources.unrolled import unrolled
from knowledge.text.numerals import days_in_digits

CATEGORY = "公开文件"
PREAMBLE_TITLE = "开头语"
REPORT_KIND = "政府信息公开年度报告"
OTHER_KIND = "文件"
_OWN_LINES = 15  # figures of a table that its section quotes beside its own words
_MOST_CELLS = 4_000  # figures of one table; a larger one is asked by its rows


@dataclass(frozen=True)
class Paper:
    """A document that was read.  `left_out` are parts that are no text, or that could not be proven."""

    file: str
    title: str
    kind: str
    agency: str
    year: int | None
    number: str
    signed_on: date | None
    is_report: bool
    period: tuple[date, date] | None
    entries: tuple[Entry, ...]
    sections: int
    tables: int
    facts: int
    left_out: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()  # how it was read, where that may have gone wrong
    asks: tuple[Ask, ...] = ()
    key: str = ""
    attachments: tuple[str, ...] = ()  # that it names


_LEFT_OUT = frozenset([NoteKind.LEFT_OUT, NoteKind.PAGES_WITHOUT_TEXT])


def _noted(document: Document, kinds: Container[NoteKind]) -> list[str]:
    return [note.text for note in document.notes if note.kind in kinds]


def read_paper(document: Document, said: Direction | None = None) -> Paper:
    """Read a document.  Nothing is refused: what is not told is asked."""
    said = said or Direction(document.source)
    parts = list(_parts(document))
    lines = [part if isinstance(part, str) else "" for part in parts]
    head = head_of(lines, _declared(document))
    rest = _without_contents(lines, head.rest)
    whole = days_in_digits("\n".join(lines[at] for at in rest))
    of_report = said.is_report if said.is_report is not None else is_report(head, whole)
    told = Told(document, head, whole, said, of_report)
    texts = [parts[at] for at in rest]
    body = Body(texts if of_report else _rebuilt(texts), of_report)
    entries = list(_told_apart(_entries(document, told, head, body)))
    facts = sum(entry.kind is EntryKind.FACT for entry in entries)
    return Paper(
        file=document.source,
        title=told.title,
        kind=REPORT_KIND if of_report else head.kind or OTHER_KIND,
        agency=told.agency,
        year=told.year,
        number=head.number,
        signed_on=head.signed_on,
        is_report=of_report,
        period=told.period,
        entries=tuple(entries),
        sections=sum(not section.is_point for section in body.sections),
        tables=len(body.tables),
        facts=facts,
        left_out=(*_noted(document, _LEFT_OUT), *head.left_out, *body.left_out),
        remarks=(*_noted(document, frozenset(NoteKind) - _LEFT_OUT), *_copied(lines, body)),
        asks=tuple(told.asks()),
        key=told.key,
        attachments=head.attachments,
    )


def _rebuilt(parts: Sequence[str | Table]) -> list[str | Table]:
    """With the tables that were copied one cell a line, where the counts prove them."""
    whole, done = [], 0
    for place, table in counted_tables(parts):
        whole += [*parts[done : place.start], table]
        done = place.stop
    return [*whole, *parts[done:]]


def _copied(lines: Sequence[str], body: Body) -> list[str]:
    """A table that was copied one cell a line, and of which nobody can tell rows and columns any more."""
    return [] if body.tables or not looks_copied(lines) else [_COPIED]


_COPIED = "像是从表格复制成的文字（一格一行），认不出行和列，按文字收入；有原来的表格文件（docx、xlsx）请换上"


def _parts(document: Document) -> Iterator[str | Table]:
    for place, block in enumerate(document.blocks):
        if block.table is not None:
            yield from label_lines(block.table) or framed(block.table)
        else:
            for line in block.text.split("\n"):
                yield from unrolled(line, is_first=place < _FIRST)


_FIRST = 4  # blocks among which a title stands


def _declared(document: Document) -> list[str]:
    headings = [
        block.text for block in document.blocks[:40] if block.kind is BlockKind.HEADING and block.level == 1
    ]
    return [*headings, *([document.declared_title] if document.declared_title else [])]


def _without_contents(lines: Sequence[str], indices: Sequence[int]) -> list[int]:
    skipped = contents_page([lines[at] for at in indices])
    return [at for place, at in enumerate(indices) if place not in skipped]


# ---- entries


def _entries(document: Document, told: Told, head: Head, body: Body) -> Iterator[Entry]:
    citation = Citation(
        f"《{told.title}》",
        publisher=told.publisher,
        document_number=head.number,
        published_on=head.signed_on or head.published_on,
    )
    made = {section.path: _entry(section, document, told, citation) for section in body.sections}
    tables: dict[tuple[str, ...], list[Placed]] = {}
    for table in body.tables:
        section = body.section_at(table.line)
        tables.setdefault(section.path if section else (PREAMBLE,), []).append(table)
    if (PREAMBLE,) in tables and (PREAMBLE,) not in made:
        root = Section(path=(PREAMBLE,), heading="", lines=(told.title,), line=1)
        made = {root.path: _entry(root, document, told, citation), **made}
    opening = made.get((PREAMBLE,))
    is_bare = opening is not None and (PREAMBLE,) not in tables and only_announces(opening.text)
    if is_bare and len(made) > 1 and not told.is_report:
        del made[PREAMBLE,]
    own_words = {section.path: "\n".join(section.lines) for section in body.sections}
    for path, entry in made.items():
        origin = Origin(entry, told.key, told.short, told.agency, entry.year, document.source, told.is_report)
        placed = tables.get(path, [])
        own = _with_tables(entry, placed)
        words = own_words.get(path, "") if not entry.path.endswith(("是", "要")) else ""
        yield from amount_facts(origin, own, words)
        for table in placed:
            yield from _facts(origin, table)
    if made:
        first = next(iter(made.values()))
        origin = Origin(first, told.key, told.short, told.agency, told.year, document.source, told.is_report)
        yield from about(origin, told.title, head.number, head.signed_on or head.published_on)
        yield from attached(origin, told.title, head.kind, head.attachments)


def _told_apart(entries: Iterable[Entry]) -> Iterator[Entry]:
    """Two tables of one form in a document have cells of the same names: each keeps an id of its own."""
    uses: Counter[str] = Counter()
    ids: set[str] = set()
    for entry in entries:
        end = ""
        while entry.entry_id + end in ids:
            uses[entry.entry_id] += 1
            end = f"·{uses[entry.entry_id] + 1}"
        ids.add(entry.entry_id + end)
        yield replace(entry, entry_id=entry.entry_id + end, path=entry.path + end) if end else entry


def _facts(origin: Origin, table: Placed) -> Iterator[Entry]:
    title = table.title
    holds_figures = any(is_figure(figure.value) for figure in table.figures)
    if len(table.figures) <= _MOST_CELLS:
        yield from table_facts(origin, title, table.figures, is_form=table.is_form)
    if (
        table.table is not None
        and not table.number
        and (not holds_figures or len(table.figures) > _MOST_CELLS or names_of(table.table) > 1)
    ):
        yield from table_rows(origin, title, rows_of(table.table))


def _with_tables(entry: Entry, tables: Iterable[Placed]) -> Entry:
    """A section whose table is small quotes it: a heading alone says nothing."""
    lines = [
        line
        for table in tables
        if len(table.figures) <= _OWN_LINES
        for figure in table.figures
        if (line := cell_line(figure)) and EMPTY not in line
    ]
    own = () if entry.text == entry.title else (entry.text,)
    return replace(entry, text="\n".join((*own, *lines))) if lines else entry


def _entry(section: Section, document: Document, told: Told, citation: Citation) -> Entry:
    place = "/".join(section.path)
    is_preamble = section.path == (PREAMBLE,)
    is_report = told.is_report
    entry_id = f"{told.key}:{place}"
    title = section.title or (PREAMBLE_TITLE if is_report else told.title)
    above = () if is_report or is_preamble else (told.title,)
    return Entry(
        entry_id=entry_id,
        path=place if is_report else entry_id,
        kind=EntryKind.REPORT_SECTION if is_report else EntryKind.ITEM,
        title=title,
        text=section.text,
        citation=replace(citation, section=" ".join((*section.trail, section.heading)).strip()),
        category="" if section.is_point else _category(told, is_report),
        parent_id=f"{told.key}:{'/'.join(section.path[:-1])}" if len(section.path) > 1 else "",
        heading_trail=(*above, *section.trail),
        year=told.year if is_report else _year_above(section) or told.year,
        version_of=_version(told, title, is_report),
        agency=told.agency,
        source=document.source,
    )


_OF_YEAR = re.compile(r"((?:19|20)\d{2})\s?年(?:度|[^\d\s])")
_LONGEST_OF_YEAR = 25  # characters of a heading that says of which year its section is


def _year_above(section: Section) -> int | None:
    """`一、2023年工作回顾` in a report of 2024 is of 2023; `2024年6月底前完成…` says nothing of the kind."""
    for heading in (section.heading, *reversed(section.trail)):
        title = days_in_digits(without_number(heading))
        found = _OF_YEAR.match(title) if len(title) <= _LONGEST_OF_YEAR else None
        if found:
            return int(found[1])
    return None


def _category(told: Told, is_report: bool) -> str:
    if not is_report:
        return CATEGORY
    return f"{told.year}年年度报告" if told.year else "年度报告"


def _version(told: Told, title: str, is_report: bool) -> str:
    """Yearly versions of one thing share it: the same section of the reports of one agency."""
    bare = re.sub(r"\d{4}年度?", "", title)
    if is_report:
        return f"report:{short_name(told.agency)}:{bare}"
    if not YEAR.search(told.title):
        return ""
    return f"document:{short_name(told.agency)}:{re.sub(r'[0-9]{4}年度?', '', told.title)}:{bare}"
