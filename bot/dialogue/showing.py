"""An entry as parts of a message: heading, quotation, source.  What is quoted is never reworded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.dialogue.progress import shortened
from bot.dialogue.voice import Voice
from bot.messages import Part, Quoted, Style
from knowledge.entry import Entry, Hit

WHOLE = 160  # characters: an entry as short as this is quoted whole, a longer one by its passage
PREVIEW, SHORT_PREVIEW = 240, 50  # of one of several agencies', and of the suggestions after the first
PAGE = 600  # characters of one page of an entry: about a phone's screen
LABEL = 26


def quoted(hit: Hit) -> Quoted:
    """For `ask --json` and the evaluation."""
    return replace(quoted_entry(hit.entry, hit.score), quoted=quotation(hit))


def quoted_entry(entry: Entry, score: float = 1.0) -> Quoted:
    return Quoted(
        entry.path,
        entry.title,
        entry.text,
        score,
        str(entry.citation),
        quoted=entry.text,
        source=entry.source,
    )


def quotation(hit: Hit) -> str:
    """The smallest piece that can be read alone: a short entry whole, else its passage."""
    return hit.entry.text if len(hit.entry.text) <= WHOLE else hit.passage.text


def answer_parts(voice: Voice, hit: Hit) -> list[Part]:
    """Heading, quotation, source."""
    return [
        Part(voice.quotation(hit.entry.title), Style.STRONG),
        voice.quote(quotation(hit)),
        source(voice, hit.entry),
    ]


def suggestion_parts(
    voice: Voice, ordinal: int, hit: Hit, title: str, *, with_text: bool, leads: bool = False
) -> list[Part]:
    """A numbered heading and a look at what is there, so that one sees at a glance whether it is meant.

    What `leads` is quoted in full: to see it is faster than to choose it.
    """
    title = voice.quotation(title)
    text = quotation(hit) if leads else shortened(hit.passage.text, SHORT_PREVIEW)
    heading = Part(voice.word("numbered", number=ordinal, title=title), Style.STRONG)
    return [heading, voice.quote(text)] if with_text else [heading]


def sources(voice: Voice, hits: Sequence[Hit]) -> Part:
    """Where the suggestions come from, each source once."""
    titles = dict.fromkeys(hit.entry.citation.source_title for hit in hits)
    return voice.small("source_line", source=voice.quotation("；".join(titles)))


def source(voice: Voice, entry: Entry) -> Part:
    named = voice.small("source_line", source=voice.quotation(str(entry.citation)))
    return replace(named, entry=entry.token)


def label(voice: Voice, title: str) -> str:
    """An entry's name on a button."""
    return voice.quotation(shortened(title, LABEL))


def pages(entry: Entry) -> list[str]:
    """The text of an entry in pages, cut at line ends or full stops."""
    found, rest = [], entry.text
    while len(rest) > PAGE:
        cut = max(rest.rfind(stop, PAGE // 2, PAGE) for stop in "\n。！？；")
        end = cut + 1 if cut >= 0 else PAGE
        found.append(rest[:end].strip())
        rest = rest[end:].lstrip()
    return [*found, rest]
