"""An examination in words that an admin understands, for the chat and for the command line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import tzinfo

from bot.dialogue.admin.examination import Change, Difference, Examination
from bot.dialogue.voice import Voice
from bot.messages import Document, Part, Style
from knowledge.base import Base, ReloadReport
from knowledge.errors import SourceProblem
from knowledge.sources import Knowledge

_TITLES = 8
_PROBLEMS = 8
_DIFFERENCES = 8  # about a screen of a phone; all of them are in the file
_LONGEST = 60  # characters of a question in the chat
_SHORT_VERSION = 8


def changes(voice: Voice, report: ReloadReport) -> list[Part]:
    """Which entries are new, changed, gone."""
    parts = []
    for event, titles in (
        ("reload_added", report.added),
        ("reload_changed", report.changed),
        ("reload_removed", report.removed),
    ):
        if titles:
            shown = "\n".join(f"· {title}" for title in titles[:_TITLES])
            more = "\n…" if len(titles) > _TITLES else ""
            parts.append(Part(f"{voice.word(event, count=len(titles))}\n{shown}{more}"))
    if report.has_other_terms:
        parts.append(Part(voice.word("reload_terms_changed")))
    return parts or [Part(voice.word("reload_unchanged"))]


def outcome(voice: Voice, examination: Examination) -> list[Part]:
    """How many were asked, what differs, and the first of the differences."""
    if not examination.asked:
        return [Part(voice.word("exam_none"))]
    parts = [Part(_summary(voice, examination))]
    shown = examination.differences[:_DIFFERENCES]
    for change in Change:
        some = [difference for difference in shown if difference.change is change]
        if some:
            lines = "\n".join(_line(voice, difference) for difference in some)
            parts.append(Part(f"{voice.word(f'exam_{change.value}')}\n{lines}"))
    return parts


def _summary(voice: Voice, examination: Examination) -> str:
    asked = voice.word("exam_asked", asked=examination.asked, judged=examination.judged)
    if examination.asked < examination.stored:
        asked += voice.word("exam_part", stored=examination.stored)
    if not examination.differences:
        return asked + voice.word("exam_same")
    counts = {change.value: examination.count(change) for change in Change}
    told = [voice.word(f"exam_count_{name}", count=count) for name, count in counts.items() if count]
    comma, stop = voice.word("exam_comma"), voice.word("exam_stop")
    wrong = voice.word("exam_wrong_in_all", before=examination.wrong_before, after=examination.wrong_after)
    return f"{comma.join((asked, *told))}{stop}\n{wrong}"


def _line(voice: Voice, difference: Difference) -> str:
    text = difference.text if len(difference.text) <= _LONGEST else f"{difference.text[:_LONGEST]}…"
    return voice.word(
        "exam_line",
        text=" ".join(text.split()),
        before=_answer(voice, difference.before),
        after=_answer(voice, difference.after),
    )


def _answer(voice: Voice, title: str) -> str:
    return f"《{title}》" if title else voice.word("exam_no_answer")


def in_full(voice: Voice, examination: Examination) -> str:
    """The same with every difference."""
    return "\n".join(_file_lines(voice, examination))


def all_differences(voice: Voice, examination: Examination | None) -> Document | None:
    """Every difference, as a text file; None when the message has them all."""
    if examination is None or len(examination.differences) <= _DIFFERENCES:
        return None
    return Document(voice.word("exam_file_name"), in_full(voice, examination).encode())


def _file_lines(voice: Voice, examination: Examination) -> Iterator[str]:
    yield _summary(voice, examination) if examination.asked else voice.word("exam_none")
    for change in Change:
        some = [difference for difference in examination.differences if difference.change is change]
        if some:
            yield f"\n{voice.word(f'exam_{change.value}')}"
            yield from (_line(voice, difference) for difference in some)


def mistakes(problems: Sequence[SourceProblem]) -> Part:
    """The first mistakes, with file and line."""
    more = "\n…" if len(problems) > _PROBLEMS else ""
    return Part("\n".join(str(problem) for problem in problems[:_PROBLEMS]) + more, Style.QUOTE)


def twice(voice: Voice, knowledge: Knowledge | None) -> list[Part]:
    """Annual reports of one agency and year that lie there more than once: the admin says which counts."""
    return [
        Part(
            voice.word(
                "reload_report_twice",
                agency=papers[0].agency,
                year=papers[0].year,
                files="、".join(paper.file for paper in papers),
                file=papers[-1].file,
            )
        )
        for papers in (knowledge.reports_twice if knowledge else ())
    ]


def unread(voice: Voice, problems: Sequence[SourceProblem]) -> list[Part]:
    """The files that could not be read, while all others were."""
    if not problems:
        return []
    return [Part(voice.word("reload_unread", count=len(problems))), mistakes(problems)]


def version(voice: Voice, base: Base, zone: tzinfo) -> Part:
    """Which index answers now, and since when."""
    return voice.small(
        "index_version",
        version=base.version[:_SHORT_VERSION],
        since=f"{base.live_since.astimezone(zone):%Y-%m-%d %H:%M}",
    )
