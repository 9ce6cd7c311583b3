"""The desk beside an oracle of the law, written by somebody who had not read the desk's clock and guards.

python -m tests.desk.test_law_oracle --histories 1200 --seed 1
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter

from tests.desk.law_walks import Walk, shortest, wander

HISTORIES, SEED = 20, 20190515  # the day on which Decree 711 came into force


def run(histories: int, seed: int) -> tuple[list[Walk], Counter[str]]:
    """The walks in which desk and law differ, and what was counted in all of them."""
    counts: Counter[str] = Counter()
    differing = []
    for nth in range(histories):
        walk = wander(seed * 1_000_000 + nth)
        counts += walk.counts
        if walk.difference:
            differing.append(walk)
            sys.stderr.write(f"{nth}: {walk.difference.kind}\n    {walk.difference.detail}\n")
    return differing, counts


def report(differing: list[Walk]) -> str:
    """Each kind of difference once: how often, and its shortest history."""
    lines = []
    kinds = Counter(walk.difference.kind for walk in differing if walk.difference)
    for kind, times in kinds.most_common():
        those = [walk for walk in differing if walk.difference and walk.difference.kind == kind]
        walk = min(those, key=lambda each: len(each.steps))
        assert walk.difference is not None
        rules = f"two persons review: {walk.two_review}, time for reasons counts: {walk.reasons_count}"
        lines += [f"{times} x {kind}", f"    {walk.difference.detail}", f"    ({rules})"]
        lines += [f"    {step}" for step in shortest(walk)]
    return "\n".join(lines)


def test_desk_and_law_agree() -> None:
    """Any acts on several requests: allowed or refused, dates and tables are the same on both sides."""
    differing, counts = run(HISTORIES, SEED)
    assert not differing, report(differing)
    assert min(counts["lawful"], counts["unlawful"], counts["cells"], counts["outcomes"]) > 100


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--histories", type=int, default=1200)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    differing, counts = run(arguments.histories, arguments.seed)
    sys.stdout.write(f"{arguments.histories} histories, {len(differing)} differ\n{report(differing)}\n")
    sys.stdout.write("".join(f"{number:8} {name}\n" for name, number in sorted(counts.items())))
    return 1 if differing else 0


if __name__ == "__main__":
    raise SystemExit(main())
