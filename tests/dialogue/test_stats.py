"""The figures and their picture: by the office's days, drawn for a phone; a sentence where none can be."""

from __future__ import annotations

import io
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import matplotlib.image
import pytest

from bot.desk.tables import questions
from bot.dialogue.admin import picture
from bot.dialogue.admin.figures import Figures, figures
from bot.dialogue.admin.picture import NoPicture, draw, picture_of
from bot.dialogue.questions import tally
from tests.dialogue.stage import ADMIN, Stage

SHANGHAI = ZoneInfo("Asia/Shanghai")
LABELS = {name: name for name in ("title", "answered", "suggested", "unknown", "per_day", "missed")}


def ask(stage: Stage, at: datetime, outcome: str, text: str = "村口桥", feedback: str | None = None) -> None:
    values = {"asked_at": at, "text_masked": text, "outcome": outcome, "feedback": feedback, "entry_id": "a"}
    with stage.ledger.transaction() as connection:
        connection.execute(questions.insert().values(**values))


def counted(stage: Stage, days: int = 3) -> Figures:
    with stage.ledger.reading() as connection:
        return figures(connection, stage.now, SHANGHAI, days)


def test_a_day_ends_at_the_offices_midnight(stage: Stage) -> None:
    """Half past midnight in Shanghai is still the day before in UTC; days without questions are there too."""
    ask(stage, datetime(2026, 11, 24, 0, 30, tzinfo=SHANGHAI), "answer")
    ask(stage, datetime(2026, 11, 22, 23, 59, tzinfo=SHANGHAI), "route")
    ask(stage, datetime(2026, 11, 21, 23, 59, tzinfo=SHANGHAI), "route")  # before the period
    found = counted(stage)
    assert [(day.on, day.answered, day.suggested, day.unknown) for day in found.days] == [
        (date(2026, 11, 22), 0, 0, 1),
        (date(2026, 11, 23), 0, 0, 0),
        (date(2026, 11, 24), 1, 0, 0),
    ]


def test_each_outcome_is_counted_once(stage: Stage) -> None:
    """Small talk is no question; what belongs elsewhere is counted apart."""
    for outcome in ("answer", "answer", "suggest", "route", "redirect", "smalltalk"):
        ask(stage, stage.now, outcome)
    ask(stage, stage.now, "answer", feedback="useless")
    found = counted(stage)
    assert (found.answered, found.suggested, found.unknown, found.redirected) == (3, 1, 1, 1)
    assert (found.total, found.useful, found.useless) == (5, 0, 1)
    assert found.missed == (("村口桥", 2),)


def test_every_no_is_a_no(stage: Stage) -> None:
    """没用 under an answer and 都不是 under a choice: the admin reads both as what did not help."""
    for feedback in ("useful", "useless", "none_fits"):
        ask(stage, stage.now, "answer", feedback=feedback)
    with stage.ledger.reading() as connection:
        found = tally(connection, stage.now, days=1)
    assert (found.total, found.useful, found.useless) == (3, 1, 2)


@pytest.mark.parametrize("missed", ["", "$x^2$ \\frac{1} 村口桥\n加固", "长" * 500])
def test_picture_is_a_portrait(stage: Stage, missed: str) -> None:
    """1080 points wide, whatever people typed; empty periods can be drawn too."""
    if missed:
        ask(stage, stage.now, "route", missed)
    pixels = matplotlib.image.imread(io.BytesIO(draw(counted(stage).as_values(), LABELS)))
    assert pixels.shape[1] == 1080
    assert pixels.shape[0] > pixels.shape[1]
    assert (pixels[..., :3] < 0.5).any()  # something is on it


def test_without_a_chinese_font_figures_and_english(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """No boxes in place of letters: matplotlib warns of each missing glyph, and warnings are errors here."""
    monkeypatch.setattr(picture, "_FONTS", ())
    ask(stage, stage.now, "route", "村口桥加固")
    chinese = {name: "居民提问" for name in LABELS}
    assert draw(counted(stage).as_values(), chinese).startswith(b"\x89PNG")


def test_admin_gets_the_picture(stage: Stage) -> None:
    """/stats answers at once; the picture follows, with what was missed as text."""
    ask(stage, stage.now - timedelta(days=1), "route", "村口桥加固花了多少钱")
    stage.says(ADMIN, "/stats")
    told, drawn = stage.seen[ADMIN][-2:]
    assert (told.event, drawn.event) == ("stats", "stats_picture")
    assert stage.base.version[:8] in told.text
    assert drawn.document is not None
    assert drawn.document.content.startswith(b"\x89PNG")
    assert "村口桥加固花了多少钱（1 次）" in drawn.text


def test_without_matplotlib_a_sentence(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was missed is told all the same, and what to install."""
    monkeypatch.setattr(picture, "can_draw", lambda: False)
    ask(stage, stage.now, "route", "村口桥加固花了多少钱")
    stage.says(ADMIN, "/stats")
    assert stage.last(ADMIN).event == "stats_no_picture"
    assert "村口桥加固花了多少钱（1 次）" in stage.last(ADMIN).text
    assert "disclosure-bot[stats]" in stage.last(ADMIN).text


def test_drawing_that_fails_is_no_picture(tmp_path: Path) -> None:
    """Figures that cannot be drawn end in NoPicture, not in a traceback for the admin."""
    with pytest.raises(NoPicture):
        picture_of({"days": []}, LABELS, tmp_path)
