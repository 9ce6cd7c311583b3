"""What every test shares, and the processes that some of them start.

No property is judged by the clock.  Questions are found by their words alone: reading a folder for its
meaning takes seconds, which some hundred new bases would add up; tests/knowledge/test_meaning.py turns it on.
"""

from __future__ import annotations

import os

from hypothesis import settings

# A deadline would fail a slow or busy machine, not wrong code; speed is what the benchmark shows.
settings.register_profile("any machine", deadline=None)
settings.load_profile("any machine")

os.environ.setdefault("DISCLOSURE_MEANING", "false")
