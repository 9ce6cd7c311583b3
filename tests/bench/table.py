"""The benchmark's results for people: a table in Markdown, a plot of time against size."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from tests.bench.run import Row

_HEAD = (
    "entries",
    "asked",
    "p50 ms",
    "p99 ms",
    "worst kind p99 ms",
    "processor p99 ms",
    "p50 / tantivy",
    "p99 / tantivy",
    "same first hit as exact",
    "known entry first",
    "built / s",
    "MB on disk",
    "MB while building",
    "MB resident while asking",
)

_WHOLE_P99 = {1_000: 5, 20_000: 20, 100_000: 60}  # milliseconds by number of entries
_SAME_FIRST = 0.97


def table(rows: Sequence[Row], worst: dict[int, list[int]]) -> str:
    """All rows; `worst` names the worst-case questions of each size."""
    lines = ["| " + " | ".join(_HEAD) + " |", "|" + "---|" * len(_HEAD)]
    for row in rows:
        peer = next((each for each in rows if each.way == "tantivy" and each.entries == row.entries), None)
        cells = (
            f"{row.entries:,}",
            row.way,
            f"{row.percentile(50):.2f}",
            f"{row.percentile(99):.2f}",
            f"{row.percentile(99, worst[row.entries]):.2f}",
            f"{row.worked_p99:.2f}",
            f"{row.percentile(50) / peer.percentile(50):.2f}" if peer else "",
            f"{row.percentile(99) / peer.percentile(99):.2f}" if peer else "",
            _number(row.same_first, "{:.1%}"),
            _number(row.known_found, "{:.1%}"),
            _number(row.built_per_second, "{:,.0f}"),
            _number(row.megabytes, "{:,.0f}"),
            _number(row.peak_mb, "{:,.0f}"),
            _number(row.resident_mb, "{:,.0f}"),
        )
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def goals(rows: Sequence[Row]) -> str:
    """What was asked of ours, and what was seen."""
    seen = []
    for row in rows:
        if row.same_first is not None:
            goal = f"{row.entries:,} entries: same first hit as exact scoring in {_SAME_FIRST:.0%}"
            seen.append((row.same_first >= _SAME_FIRST, goal, f"{row.same_first:.1%}"))
        if row.way == "ours, whole question" and row.entries in _WHOLE_P99:
            goal = f"{row.entries:,} entries: whole question, p99 up to {_WHOLE_P99[row.entries]} ms"
            found = f"{row.percentile(99):.1f} ms, of which the processor worked {row.worked_p99:.1f}"
            seen.append((row.percentile(99) <= _WHOLE_P99[row.entries], goal, found))
    loads = ", ".join(f"{load:.1f}" for load in os.getloadavg())
    lines = [f"{'met   ' if met else 'MISSED'}  {goal}: {found}" for met, goal, found in seen]
    return "\n".join([*lines, f"load average {loads} on {os.cpu_count()} cores"])


def _number(value: float | None, form: str) -> str:
    return "" if value is None else form.format(value)


def plot(rows: Sequence[Row], path: Path) -> None:
    """Time of a question against number of entries, median and 99th percentile."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(1, 2, figsize=(12, 5), sharey=True, layout="constrained")
    for axis, which in zip(axes, (50, 99), strict=True):
        for way in dict.fromkeys(row.way for row in rows):
            mine = sorted((row.entries, row.percentile(which)) for row in rows if row.way == way)
            axis.plot([size for size, _ in mine], [time for _, time in mine], marker="o", label=way)
        axis.set_xscale("log")
        axis.set_yscale("log")
        axis.set_xlabel("entries")
        axis.set_title("median" if which == 50 else "99th percentile")
        axis.grid(True, which="both", alpha=0.3)
    axes[0].set_ylabel("milliseconds a question")
    figure.legend(*axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=4)
    figure.savefig(path, dpi=120)
    pyplot.close(figure)
