"""What was plainly asked and is not stated: the year, the document number, the place, the amount, the date …

A passage about the right thing that lacks it is shown as related, and never said as the answer.
"""

from __future__ import annotations

import re

from knowledge.entry import Entry, Missing
from knowledge.matching.agreement import Named
from knowledge.matching.needs import missing
from knowledge.matching.query import Query
from knowledge.matching.years import is_of_year
from knowledge.text.normalize import fold, sounding, squeeze

_LEVELS = ["乡镇街", "县区旗", "市州盟", "省", "国"]
_WHOLE = re.compile("全(?:([乡镇]|街道)|([县区旗])|([市州盟])|(省)|(国))(?!年)")


def lacking(query: Query, named: Named, entry: Entry, quoted: str) -> Missing | None:
    """The first thing asked that the entry (year, number, place) or the quotation of it does not hold."""
    around = fold(f"{entry.agency}{entry.title}{entry.citation}{entry.year or ''}{entry.text}")
    if not all(is_of_year(entry, int(year), quoted) for year in query.years):
        return Missing.YEAR
    if any(not names(entry, serial) for serial in query.serials):
        return Missing.DOCUMENT_NUMBER
    if query.places and not _is_named(query.places[-1], squeeze(around)):
        return Missing.WHERE
    if (named.agency.other and named.agency.other not in around) or _is_wider(query.raw, entry, quoted):
        return Missing.WHERE
    return missing(query.needs, fold(quoted))


def _is_wider(question: str, entry: Entry, quoted: str) -> bool:
    """Whether 全市 is asked for and a county answers for itself."""
    asked = _WHOLE.search(question)
    agency = re.sub("人民政府.*|办事处|办公室", "", entry.agency)
    own = next((at for at, level in enumerate(_LEVELS) if agency and agency[-1] in level), None)
    if asked is None or own is None:
        return False
    level = next(at for at, group in enumerate(asked.groups()) if group)
    of_level = f"[{_LEVELS[level]}]"
    return level > own and not re.search(
        f"全{of_level}|[一-龥]{{2}}{of_level}(?!.{{1,4}}[乡镇街县区])", quoted
    )


def names(entry: Entry, serial: str) -> bool:
    """Whether an entry names a document number: 8号, but not 18号."""
    return re.search(rf"(?<!\d){serial}号", f"{entry.title}{entry.text}{entry.citation}") is not None


def _is_named(place: str, squeezed: str) -> bool:
    """Whether a place is named, with or without the word for what it is (洲上乡, 洲上), or by its sound."""
    short = len(place) > 2 and place[:-1] in squeezed
    return place in squeezed or short or sounding(place) in sounding(squeezed)
