"""How long the worst that anybody may send takes: ten thousand characters of each kind, and hard short ones.

The promise is 100 ms at 100,000 entries for any input, from the text to the decision.  Each is asked a few
times in the process that answers; the slowest counts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tests.bench.corpus import commonest, stream
from tests.bench.run import Worker

LONG = 10_000  # characters
_TIMES = 5
_WAY = "ours, whole question"


@dataclass(frozen=True)
class Slowest:
    """One kind of input at one size: how many characters, and the most milliseconds that it took."""

    entries: int
    kind: str
    characters: int
    milliseconds: float


def inputs(seed: int = 13) -> dict[str, str]:
    """What is asked, by kind."""
    rng = np.random.default_rng(seed)
    common = "".join(commonest())
    words = stream(LONG, rng)
    return {
        "common words, short": common[:40],
        "common words": (common * LONG)[:LONG],
        "any words": words,
        "any words, two questions": f"{words[:30]}怎么办？另外{words[30:60]}是多少",
        "a story in sentences": "，".join(words[i : i + 9] for i in range(0, LONG, 10))[:LONG],
        "nothing but questions": ("是多少？在哪里？怎么办？" * LONG)[:LONG],
        "pinyin without spaces": ("nongcungonglucundaoyouguanzhengce" * LONG)[:LONG],
        "letters": ("qxzvkjwpy" * LONG)[:LONG],
        "digits": ("2018年第31号" * LONG)[:LONG],
        "search operators": ('AND OR NOT NEAR("公路", 3) * ^ {a} - : ' * LONG)[:LONG],
        "quotation marks": ("《“‘" * LONG)[:LONG],
        "brackets with readings": ("(xiāng" * LONG)[:LONG],
        "traditional characters": ("農村公路養護經費預決算" * LONG)[:LONG],
        "one character": "的" * LONG,
        "emoji": "🙂" * LONG,
        "spaces": " " * LONG,
        "punctuation": "？，。！" * (LONG // 4),
        "NUL": "\x00" * LONG,
        "halves of surrogate pairs": "\ud800" * LONG,
        "accents": "a\u0301\u0300" * (LONG // 3),
        "ligatures that unfold": "\ufdfa" * LONG,  # one character becomes eighteen
        "nothing": "",
    }


def run_inputs(count: int, folder: Path) -> Iterator[Slowest]:
    """Every kind, asked of the index that `run_size` built in this folder."""
    worker = Worker(_WAY, folder / "entries.txt", folder / "ours")
    try:
        for text in ("开头的问题不算", "nongcun gonglu"):  # these load what all need, once in a process
            worker.ask(text)
        for kind, text in inputs().items():
            slowest = max(worker.ask(text)[1] for _ in range(_TIMES))
            yield Slowest(count, kind, len(text), slowest)
    finally:
        worker.close()


def inputs_table(rows: list[Slowest]) -> str:
    """Kinds by sizes, in Markdown; the slowest of each size at the end."""
    sizes = list(dict.fromkeys(row.entries for row in rows))
    found = {(row.kind, row.entries): row for row in rows}
    lines = [
        "| any input, slowest of 5 in ms | characters | "
        + " | ".join(f"{size:,} entries" for size in sizes)
        + " |",
        "|" + "---|" * (2 + len(sizes)),
    ]
    for kind in dict.fromkeys(row.kind for row in rows):
        times = [f"{found[kind, size].milliseconds:.1f}" for size in sizes]
        lines.append(f"| {kind} | {found[kind, sizes[0]].characters:,} | {' | '.join(times)} |")
    most = [max(row.milliseconds for row in rows if row.entries == size) for size in sizes]
    lines.append("| **slowest of all** | | " + " | ".join(f"**{each:.1f}**" for each in most) + " |")
    return "\n".join(lines)
