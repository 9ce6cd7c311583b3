"""What every test of the channels needs."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def _new_style_durations(monkeypatch: pytest.MonkeyPatch) -> None:
    """PTB warns, and so fails the test, when it gives `retry_after` as a number."""
    monkeypatch.setenv("PTB_TIMEDELTA", "true")
