"""`disclosure ask --explain`: why, as lines that the people who look after the base can read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


def explanation_text(why: dict[str, Any]) -> str:
    """The lines of what `bot.trial.explain_once` found."""
    return "\n".join(_lines(why))


def _lines(why: dict[str, Any]) -> Iterator[str]:
    if why["intent"]:
        yield f"rule of intents.yaml: {why['intent']} (below: what the base alone would say)"
    for question in why["questions"]:
        yield f"asked:    {question['asked']}"
        yield f"words:    {'  '.join(question['read_as'])}"
        floors = question["floors"]
        yield f"decision: {question['decision']} ({question['reason']})"
        ceiling = f", ceiling {question['ceiling']:g}" if question["ceiling"] < 1 else ""
        yield f"floors:   answer {floors['answer']:g}, suggest {floors['suggest']:g}{ceiling}"
        for number, candidate in enumerate(question["candidates"], 1):
            yield from _candidate(number, candidate)
        yield ""


def _candidate(number: int, candidate: dict[str, Any]) -> Iterator[str]:
    yield f"{number:3}. {candidate['score']:.3f}  {candidate['path']}  {candidate['title']}"
    yield f"     matched: {'、'.join(candidate['matched']) or '-'}"
    yield f"     passage: {' '.join(candidate['passage'].split())}"
    if candidate["margin"] is not None:
        rival = f"over {candidate['second']}" if candidate["second"] else "(no rival among these)"
        yield f"     margin:  {candidate['margin']:.2f} {rival}"
    if candidate["counts"]:
        yield from _counted(candidate)
        return
    features = ", ".join(f"{name} {value:.2f}" for name, value in candidate["features"].items())
    yield f"     features: {features}"


_MOST = 6  # of what counts; the rest hardly does


def _counted(candidate: dict[str, Any]) -> Iterator[str]:
    """What put it in its place, in words."""
    if candidate["second"]:
        yield f"     second:  {candidate['second']}, ahead {candidate['features'].get('ahead', 1.0):.2f}"
    for one in candidate["counts"][:_MOST]:
        yield f"     {one['adds']:+7.2f}  {one['says']}"
