"""Work in a thread that is waited for, also by whoever is told to stop meanwhile.

A thread cannot be stopped.  Left behind, it goes on with a ledger that is being closed, and may take what
nobody will send any more.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import ParamSpec, TypeVar

_P = ParamSpec("_P")
_R = TypeVar("_R")


async def to_its_end(work: Callable[_P, _R], *what: _P.args, **how: _P.kwargs) -> _R:
    """Like `asyncio.to_thread`; cancelled, it ends when the thread has, or when it is cancelled again."""
    working = asyncio.create_task(asyncio.to_thread(work, *what, **how))
    try:
        return await asyncio.shield(working)
    except asyncio.CancelledError:
        await asyncio.wait({working})
        if not working.cancelled():
            working.exception()  # whoever stops does not ask for it
        raise
