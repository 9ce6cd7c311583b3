"""The short form of `make soak`."""

from __future__ import annotations

from pathlib import Path

from .soak.nursery import POINTS
from .soak.run import soak


async def test_killed_at_every_step_under_faults(tmp_path: Path) -> None:
    """A kill at each step while the town asks, files and answers: nothing is lost, nothing doubled."""
    verdict = await soak(tmp_path, kills=len(POINTS), residents=2)
    assert verdict.complaints == (), f"{verdict}\n{(tmp_path / 'log').read_text(encoding='utf-8')[-3000:]}"
