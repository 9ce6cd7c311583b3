"""Which function does what a button says: `@handles(Act.TAKE)` above it.

The button's code, its arguments and who may press it are declared with the act (`payload.Act`).
"""

from __future__ import annotations

from collections.abc import Callable

from bot.dialogue.payload import Act
from bot.dialogue.visit import Press

_HANDLERS: dict[Act, Press] = {}


def handles(*acts: Act) -> Callable[[Press], Press]:
    """Make the function below the handler of these buttons; each has one."""

    def declare(handler: Press) -> Press:
        for act in acts:
            if act in _HANDLERS:
                raise ValueError(f"{act.name} is handled twice")
            _HANDLERS[act] = handler
        return handler

    return declare


def handler_of(act: Act) -> Press:
    return _HANDLERS[act]
