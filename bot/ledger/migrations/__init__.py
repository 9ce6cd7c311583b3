"""Steps from one shape of the ledger to the next, run by `Ledger.open`.

`HEAD` is the newest revision; it stands here so that a start with nothing to do need not import Alembic.
"""

from __future__ import annotations

HEAD = "0018"
