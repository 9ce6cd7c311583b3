"""The picture of the statistics: a PNG made for a phone, drawn in a process of its own.

    picture_of(figures, labels, cache)  ─▶ python -m bot.dialogue.admin.picture  ─▶ PNG

matplotlib takes seconds and 60 MB to import; the service keeps neither.  It comes with the extra `stats`;
where it is absent there is a sentence instead of a picture.  Chinese letters need a font of the machine:
without one the picture has figures and English words, and what people missed stands in the text only.
"""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_LONGEST = 60.0  # seconds; the first time matplotlib looks through the fonts of the machine
# Families with simplified Chinese, the plainest first.
_FONTS = (
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "Microsoft YaHei",
    "PingFang SC",
    "Heiti SC",
    "SimHei",
    "Droid Sans Fallback",
    "Noto Serif CJK SC",
    "SimSun",
)
# Name, colour of the bar, and of the word, which must be darker to be read.
_PARTS = (
    ("answered", "#2a78b0", "#1f5f8f"),
    ("suggested", "#f0a630", "#9a6200"),
    ("unknown", "#c9403a", "#a5302b"),
)
_INK, _PALE = "#222222", "#dddddd"
_WIDTH, _HEIGHT, _DPI = 7.2, 12.8, 150  # 1080 x 1920, a phone held upright
_WIDEST = 22  # characters of a missed question on one line
_NARROWEST_LABEL = 0.12  # of the bar; a narrower part carries no figure


class NoPicture(Exception):
    """matplotlib is not there, or could not draw."""


def can_draw() -> bool:
    """Whether matplotlib is installed; it is not imported."""
    return find_spec("matplotlib") is not None


def picture_of(figures: Mapping[str, Any], labels: Mapping[str, str], cache: Path) -> bytes:
    """The PNG of `Figures.as_values()`.  `labels` are the words in it, `cache` a folder for lists of fonts.

    Raises NoPicture.
    """
    if not can_draw():
        raise NoPicture("matplotlib is not installed")
    given = json.dumps({"figures": dict(figures), "labels": dict(labels)}).encode()
    try:
        drawn = subprocess.run(
            [sys.executable, "-m", "bot.dialogue.admin.picture"],
            input=given,
            capture_output=True,
            timeout=_LONGEST,
            check=True,
            cwd=Path(__file__).parents[3],
            env={**os.environ, "MPLCONFIGDIR": str(cache), "MPLBACKEND": "agg"},
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise NoPicture(type(error).__name__) from error
    return drawn.stdout


# ---- in the process that draws -----------------------------------------------------------------------------
def draw(figures: Mapping[str, Any], labels: Mapping[str, str]) -> bytes:
    """Heading, shares, a bar for each day, and what was missed most."""
    from matplotlib import rcParams
    from matplotlib.figure import Figure

    family = chinese_font()
    words = dict(labels) if family else _ENGLISH
    rcParams["font.family"] = [family] if family else ["DejaVu Sans"]
    rcParams["axes.spines.top"] = rcParams["axes.spines.right"] = False
    has_missed = bool(family and figures["missed"])
    height = _HEIGHT if has_missed else _HEIGHT * 0.7
    whole = Figure(figsize=(_WIDTH, height), dpi=_DPI)
    rows = whole.subplots(
        3 if has_missed else 2, 1, height_ratios=(0.55, 1.5, 1.35) if has_missed else (0.55, 1.5)
    )
    _heading(whole, figures, words)
    _shares(rows[0], figures, words)
    _days(rows[1], figures["days"], words)
    if has_missed:
        _missed(rows[2], figures["missed"], words)
    below = 0.4 if has_missed else 0.7  # inches; the dates below the bars need more
    whole.subplots_adjust(left=0.09, right=0.95, top=1 - 1.65 / height, bottom=below / height, hspace=0.36)
    written = io.BytesIO()
    whole.savefig(written, format="png")
    return written.getvalue()


_ENGLISH = {
    "title": "Questions",
    "answered": "answered",
    "suggested": "suggested",
    "unknown": "not found",
    "per_day": "per day",
    "missed": "",
}


def chinese_font() -> str:
    """A family of this machine with Chinese letters, "" when there is none."""
    from matplotlib.font_manager import fontManager

    there = {font.name for font in fontManager.ttflist}
    return next((family for family in _FONTS if family in there), "")


def _heading(whole: Figure, figures: Mapping[str, Any], words: Mapping[str, str]) -> None:
    first, last = (date.fromisoformat(figures["days"][at]["on"]) for at in (0, -1))
    period = f"{first:%Y-%m-%d} – {last:%Y-%m-%d}"
    inch = 1 / whole.get_figheight()
    title = f"{words['title']}  {figures['total']}"
    whole.text(0.09, 1 - 0.4 * inch, title, fontsize=30, color=_INK, va="top")
    whole.text(0.09, 1 - 1.1 * inch, period, fontsize=17, color="#666666", va="top")


def _shares(axes: Axes, figures: Mapping[str, Any], words: Mapping[str, str]) -> None:
    """One bar of the three parts, with their words and figures above."""
    total = max(figures["total"], 1)
    left = 0.0
    for place, (name, colour, dark) in enumerate(_PARTS):
        share = figures[name] / total
        axes.barh(0, share, left=left, color=colour, height=0.6)
        if share >= _NARROWEST_LABEL:
            axes.text(
                left + share / 2, 0, f"{share:.0%}", ha="center", va="center", fontsize=20, color="white"
            )
        told = f"{words[name]} {figures[name]}"
        axes.text(place * 0.345, 0.75, told, ha="left", va="center", fontsize=17, color=dark)
        left += share
    axes.set_xlim(0, 1)
    axes.set_ylim(-0.4, 1.0)
    axes.axis("off")


def _days(axes: Axes, days: Sequence[Mapping[str, Any]], words: Mapping[str, str]) -> None:
    from matplotlib.ticker import MaxNLocator

    bottom = [0] * len(days)
    for name, colour, _ in _PARTS:
        counts = [day[name] for day in days]
        axes.bar(range(len(days)), counts, bottom=bottom, color=colour, width=0.85)
        bottom = [below + count for below, count in zip(bottom, counts, strict=True)]
    step = max(1, len(days) // 5)
    shown = list(range(len(days) - 1, -1, -step))
    axes.set_xticks(shown, [_short(days[at]["on"]) for at in shown], fontsize=16)
    axes.set_xlim(-0.8, len(days) - 0.2)
    axes.set_ylim(0, max(*bottom, 4) * 1.08)
    axes.yaxis.set_major_locator(MaxNLocator(nbins=5, integer=True))
    axes.tick_params(axis="y", labelsize=16, length=0)
    axes.grid(axis="y", color=_PALE)
    axes.set_axisbelow(True)
    axes.set_title(words["per_day"], loc="left", fontsize=20, color=_INK, pad=12)


def _short(day: str) -> str:
    on = date.fromisoformat(day)
    return f"{on.month}/{on.day}"


def _missed(axes: Axes, rows: Sequence[Mapping[str, Any]], words: Mapping[str, str]) -> None:
    """Text in place of bars with labels: on a phone a question needs the whole width."""
    most = max(row["count"] for row in rows)
    for place, row in enumerate(rows):
        axes.barh(-place, row["count"] / most, color="#f6dcda", height=0.78)
        text = " ".join(str(row["text"]).split())
        told = text if len(text) <= _WIDEST else f"{text[: _WIDEST - 1]}…"
        axes.text(0.012, -place, told, ha="left", va="center", fontsize=17, color=_INK, parse_math=False)
        axes.text(0.985, -place, str(row["count"]), ha="right", va="center", fontsize=17, color=_INK)
    axes.set_xlim(0, 1)
    axes.set_ylim(-7.6, 0.5)  # the same size whether there are two or eight
    axes.axis("off")
    axes.set_title(words["missed"], loc="left", fontsize=20, color=_INK, pad=12)


if __name__ == "__main__":
    task = json.load(sys.stdin)
    sys.stdout.buffer.write(draw(task["figures"], task["labels"]))
