"""`make bench`: ours and its peers side by side, in one run.

    python -m tests.bench --sizes 1000,20000,100000,1000000
    python -m tests.bench --policy policy_dev.jsonl       also: quality and risk-coverage curves
    python -m tests.bench --sizes '' --offices FOLDER     each office by weights fitted to the others

Everything is drawn from a fixed seed.  The table and the plots go to `bench-results/`.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from tests.bench.any_input import inputs_table, run_inputs
from tests.bench.corpus import questions
from tests.bench.run import run_size
from tests.bench.table import goals, plot, table

RESULTS = Path("bench-results")


def main() -> None:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench", description="Ours and its peers, side by side."
    )
    parser.add_argument(
        "--sizes", default="1000,20000,100000,1000000", help="numbers of entries, by commas; '' for none"
    )
    parser.add_argument("--each", type=int, default=100, help="questions of each kind (default: 100)")
    parser.add_argument(
        "--policy", type=Path, help="a JSON-lines file of documents and questions: quality, too"
    )
    parser.add_argument(
        "--offices", type=Path, help="a folder of offices, NAME.yaml beside NAME/: measured one by one"
    )
    parser.add_argument("--messages", type=Path, help="with --offices: messages that no office answers")
    parser.add_argument("--kept", type=Path, help="with --offices: where the indexes stay for the next time")
    parser.add_argument("--results", type=Path, default=RESULTS, help=f"where to write (default: {RESULTS})")
    asked = parser.parse_args()
    asked.results.mkdir(parents=True, exist_ok=True)
    sizes = [int(size) for size in asked.sizes.split(",") if size]
    if sizes:
        _speed(sizes, asked.each, asked.results)
    if asked.offices:
        from tests.bench.offices import run_offices

        text = run_offices(asked.offices, asked.messages, asked.kept)
        (asked.results / "offices.txt").write_text(text + "\n", encoding="utf-8")
        print(text)
    if asked.policy:
        from tests.bench.quality import run_quality

        text = run_quality(asked.policy, asked.results / "risk_coverage.png")
        (asked.results / "quality.md").write_text(text + "\n", encoding="utf-8")
        print(text)


def _speed(sizes: list[int], each: int, results: Path) -> None:
    rows, inputs = [], []
    worst = {}
    for size in sizes:
        with tempfile.TemporaryDirectory(prefix="bench-", dir=results) as folder:
            rows += run_size(size, each, Path(folder))
            inputs += list(run_inputs(size, Path(folder)))
        worst[size] = [n for n, question in enumerate(questions(size, each)) if question.kind == "worst"]
    text = f"{table(rows, worst)}\n\n{goals(rows)}\n\n{inputs_table(inputs)}"
    (results / "speed.md").write_text(text + "\n", encoding="utf-8")
    plot(rows, results / "speed.png")
    print(text)


if __name__ == "__main__":
    main()
