"""年报: the year's report as a Word file, checked before it is handed over; Table 2 by a few questions.

    年报 ─▶ counted, written, read back and checked ─▶ Word file, and what is left to do
               ▲                                           ├─ 填表二 ─▶ six questions ─┐
               └───────────────────────────────────────────┼───────────────────────────┘
                                                           ├─ another year
                                                           └─ 已经报县里了 ─▶ no more reminders

Writing and checking takes a fifth of a second of the turn, a few times a year: what is handed over was read.
"""

from __future__ import annotations

import re
import unicodedata

from bot.desk.annual_report.checking.finding import Finding
from bot.desk.annual_report.counts import CARRIED_IN, CARRIED_OUT, DONE, NEW, TOTAL
from bot.desk.annual_report.national_format import RULES_ROW, TABLE_2, Disclosed
from bot.desk.annual_report.year import YearReport
from bot.dialogue.handling import handles
from bot.dialogue.payload import Act, Payload
from bot.dialogue.staff import annual_due
from bot.dialogue.staff.disclosed_figures import (
    Figures,
    file_of,
    not_filled,
    prepared,
    problem_of,
    write_figures,
)
from bot.dialogue.staff.questions import Draft, Question, Unclear
from bot.dialogue.staff.recording import Form, begin
from bot.dialogue.staff.report_lint import lint_own, mistakes, told_of_word_file
from bot.dialogue.visit import Visit, turn
from bot.messages import Button, Document, Part, Style, Turn
from knowledge.errors import SourceError

_EARLIEST = 2008  # the first Regulations came into force
A_YEAR = re.compile(r"(20\d{2})\s*年?")
_UNKNOWN = "/"
_MOST_SHOWN = 6


def show(visit: Visit, rest: str = "") -> Turn:
    """年报, or /annual 2025; without a year the one that is due, which until April is last year's."""
    named = A_YEAR.fullmatch(rest.strip())
    if named:
        return _hand_over(visit, int(named[1]))
    return _hand_over(visit, annual_due.year_wanted(visit.today))


@handles(Act.ANNUAL)
def press_annual(visit: Visit, payload: Payload) -> Turn:
    """Another year's."""
    return _hand_over(visit, int(payload.arguments[0]))


@handles(Act.ANNUAL_SENT)
def press_sent(visit: Visit, payload: Payload) -> Turn:
    """The county has it: nobody is reminded any more."""
    year = int(payload.arguments[0])
    annual_due.note_sent(visit.connection, visit.now, year)
    return turn(visit.voice.message("annual_sent", year=year))


def _hand_over(visit: Visit, year: int, *before: Part) -> Turn:
    """The Word file with what is left to do; nothing is handed over whose sums do not hold."""
    voice = visit.voice
    if not _EARLIEST <= year <= visit.today.year:
        return turn(voice.message("annual_no_such_year", year=year, first=_EARLIEST, last=visit.today.year))
    figures, problems = _figures(visit, year)
    report = visit.desk.reporting.year_report(year, table_2=figures, today=visit.today)
    if report.imbalances:
        return turn(voice.message("annual_does_not_add_up", what="; ".join(report.imbalances)))
    content = report.to_docx()
    findings = lint_own(content, year=year)
    name = voice.word("annual_file", year=year)
    return turn(
        voice.message(
            "annual_report",
            *_left_to_do(visit, report, findings, problems),
            before=before,
            buttons=_rows(visit, year),
            document=Document(f"{name}.docx", content),
            year=year,
            new=report.table_3.figure(NEW, TOTAL),
            carried_in=report.table_3.figure(CARRIED_IN, TOTAL),
            done=report.table_3.figure(DONE, TOTAL),
            carried_out=report.table_3.figure(CARRIED_OUT, TOTAL),
        )
    )


def _figures(visit: Visit, year: int) -> tuple[Figures, str]:
    """What was entered of Table 2, and what is wrong with its file; a broken one counts as not filled in."""
    try:
        return prepared(file_of(visit.settings.home, year), year), ""
    except SourceError as error:
        return {}, str(error)


def _left_to_do(visit: Visit, report: YearReport, findings: list[Finding], problems: str) -> list[Part]:
    voice, parts = visit.voice, []
    if report.year == visit.today.year:
        parts.append(Part(voice.word("annual_running")))
    if problems:
        parts += [Part(voice.word("annual_figures_broken")), Part(problems, Style.QUOTE)]
    missing = not_filled(report.table_2)
    if missing:
        cells = "、".join(missing)
        parts.append(Part(voice.word("annual_figures_missing", count=len(missing), cells=cells)))
    to_write = sum(finding.rule == "unfinished" for finding in findings)
    if to_write:
        parts.append(Part(voice.word("annual_to_write", count=to_write)))
    wrong = mistakes(findings)
    if wrong:
        told = [told_of_word_file(visit.services.words, each, voice.language) for each in wrong]
        lines = "\n".join(f"{each.where}：{each.what}" for each in told[:_MOST_SHOWN])
        parts += [Part(voice.word("annual_found", count=len(wrong))), Part(lines, Style.QUOTE)]
    due = annual_due.due_on(visit.settings.annual_report_by, report.year)
    if visit.today <= due:
        parts.append(voice.small("annual_due", day=voice.day(due)))
    return parts


def _rows(visit: Visit, year: int) -> list[list[Button]]:
    voice, this = visit.voice, visit.today.year
    other = this - 1 if year == this else this
    rows = [
        [voice.button("button_annual_fill", Act.ANNUAL_FILL, year)],
        [voice.button("button_annual_other", Act.ANNUAL, other, year=other)],
    ]
    if year < this and not annual_due.is_sent(visit.connection, year):
        rows.append([voice.button("button_annual_sent", Act.ANNUAL_SENT, year)])
    return rows


# ---- Table 2


@handles(Act.ANNUAL_FILL)
def press_fill(visit: Visit, payload: Payload) -> Turn:
    """Begin the questions; what is in the file is replaced when they are answered."""
    return begin(visit, FIGURES, payload.arguments[0])


def _check(row: Disclosed, typed: str) -> str:
    """The figures of a row of Table 2 as they are kept: `0 0 2`, `/` where one is not known yet."""
    plain = re.sub(r"(?<=\d)\s*(?:件|万元)", " ", unicodedata.normalize("NFKC", typed)).strip()
    words = re.split(r"[\s,，、;；]+", plain)
    if len(words) != len(row.columns):
        raise Unclear("record_figures_count", wanted=len(row.columns), found=len(words))
    for column, word in zip(row.columns, words, strict=True):
        problem = None if word == _UNKNOWN else problem_of((row.name, column), word)
        if problem is not None:
            raise Unclear("record_figures_unclear", text=word, reason=problem[0], expected=problem[1])
    return " ".join(words)


def _question(name: str, row: Disclosed) -> Question:
    return Question(name, least=1, most=60, check=lambda visit, given, typed: _check(row, typed))


def _save(visit: Visit, number: str, given: Draft) -> Turn:
    """Write the file of the year, and hand over the report anew."""
    year = int(number)
    figures = {
        (row.name, column): word
        for name, row in _QUESTIONS.items()
        for column, word in zip(row.columns, given[name].split(), strict=True)
        if word != _UNKNOWN
    }
    write_figures(file_of(visit.settings.home, year), year, figures)
    return _hand_over(visit, year, Part(visit.voice.word("annual_figures_kept")))


_NAMES = (
    "figures_rules",
    "figures_documents",
    "figures_permits",
    "figures_penalties",
    "figures_compulsion",
    "figures_fees",
)
_QUESTIONS = dict(zip(_NAMES, TABLE_2, strict=True))
assert _QUESTIONS["figures_rules"].name == RULES_ROW
FIGURES = Form("figures", tuple(_question(name, row) for name, row in _QUESTIONS.items()), _save, final=False)
