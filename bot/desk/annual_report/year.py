"""One year's report, whole: three tables, the figures of its prose, every form it is printed in.  Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bot.desk.annual_report import layout, markdown, word, wording, workbook
from bot.desk.annual_report.counts import (
    CARRIED_IN,
    CARRIED_OUT,
    DONE,
    NEW,
    ROWS,
    TOTAL,
    Table3,
    imbalances,
)
from bot.desk.annual_report.layout import Table2, Table4
from bot.desk.annual_report.national_format import CELLS_2, RECONSIDERATION
from bot.desk.letters import chinese_date


@dataclass(frozen=True)
class Activity:
    """What the prose of the report counts beside its tables, all of one year."""

    asked: int = 0  # questions, none with an identity
    answered: int = 0
    suggested: int = 0
    unanswered: int = 0
    inquiries: int = 0
    inquiries_answered: int = 0
    published: int = 0  # replies and inquiries that became public (art. 44)
    fees_yuan: int = 0  # processing fees (art. 42) that were paid


@dataclass(frozen=True)
class YearReport:
    """Everything the report of a year says.  `today` is the day under it."""

    agency: str
    today: date
    table_2: Table2
    table_3: Table3
    table_4: Table4
    activity: Activity

    @property
    def year(self) -> int:
        return self.table_3.year

    @property
    def imbalances(self) -> tuple[str, ...]:
        """What does not add up in Table 3; empty, or there is a mistake in this program."""
        return imbalances({row: self.table_3.row(row) for row in ROWS})

    @property
    def unknown(self) -> tuple[tuple[str, str], ...]:
        """The cells of Table 2 that nobody has filled in."""
        return tuple(cell for cell in CELLS_2 if cell not in self.table_2)

    def text(self) -> wording.ReportText:
        """The prose of the six sections.  Raises InvalidValue when its wording was edited and is broken."""
        return wording.write_report(self._facts())

    def _facts(self) -> dict[str, str]:
        table, activity = self.table_3, self.activity
        suits = sum(len(cells[TOTAL]) for kind, cells in self.table_4.items() if kind != RECONSIDERATION)
        counts = {
            "new": table.figure(NEW, TOTAL),
            "carried_in": table.figure(CARRIED_IN, TOTAL),
            "done": table.figure(DONE, TOTAL),
            "disclosed": table.figure("A", TOTAL) + table.figure("B", TOTAL),
            "carried_out": table.figure(CARRIED_OUT, TOTAL),
            "asked": activity.asked,
            "answered": activity.answered,
            "suggested": activity.suggested,
            "unanswered": activity.unanswered,
            "inquiries": activity.inquiries,
            "inquiries_answered": activity.inquiries_answered,
            "published": activity.published,
            "fees": activity.fees_yuan,
            "reconsiderations": len(self.table_4[RECONSIDERATION][TOTAL]),
            "suits": suits,
            "year": self.year,
        }
        facts = {name: str(count) for name, count in counts.items()}
        return facts | {"agency": self.agency, "today": chinese_date(self.today)}

    def to_markdown(self) -> str:
        sheets = markdown.sheets(self.table_2, self.table_3, self.table_4)
        return markdown.to_markdown(self.text(), sheets)

    def to_docx(self) -> bytes:
        return word.to_docx(self.text(), self.tables)

    def to_xlsx(self) -> bytes:
        return workbook.to_xlsx(self.tables)

    @property
    def tables(self) -> tuple[layout.MergedTable, ...]:
        """Tables 2-4 as they are printed; each figure of 3 and 4 knows the requests that it counts."""
        return layout.merged_tables(self.table_2, self.table_3, self.table_4)
