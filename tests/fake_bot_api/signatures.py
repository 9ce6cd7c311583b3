"""Cross-checks against PTB itself, so that the fake and the bot cannot agree on something untrue."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, TypeVar

from telegram import Bot, TelegramObject

T = TypeVar("T", bound=TelegramObject)

_NOT_ON_THE_WIRE = {
    "self",
    "read_timeout",
    "write_timeout",
    "connect_timeout",
    "pool_timeout",
    "api_kwargs",
    # conveniences that PTB turns into link_preview_options and reply_parameters
    "disable_web_page_preview",
    "reply_to_message_id",
    "allow_sending_without_reply",
}


@cache
def parameters_of(method: str) -> frozenset[str]:
    """Names that PTB's method for `sendMessage` and the like may put on the wire; empty = no such method."""
    function = getattr(Bot, re.sub(r"(?<!^)([A-Z])", r"_\1", method).lower(), None)
    if function is None:
        return frozenset()
    return frozenset(inspect.signature(function).parameters) - _NOT_ON_THE_WIRE


def unknown_parameters(method: str, given: Mapping[str, object]) -> set[str]:
    return set(given) - parameters_of(method)


def checked(kind: type[T], data: dict[str, Any]) -> dict[str, Any]:
    """`data`, after it has passed through PTB's `de_json` and come back the same."""
    thing = kind.de_json(data, None)
    assert thing is not None
    strange = list(_unknown_fields(thing))
    assert not strange, f"{kind.__name__} with fields that PTB does not know: {strange}"
    lost = list(_lost(data, thing.to_dict(), kind.__name__))
    assert not lost, f"not the same after PTB read it: {lost}"
    return data


def _lost(sent: Any, back: Any, where: str) -> Iterator[str]:
    """Paths of values that did not survive.  PTB may add fields (its defaults), never lose or change one."""
    if isinstance(sent, dict) and isinstance(back, dict):
        for name, value in sent.items():
            yield from _lost(value, back.get(name), f"{where}.{name}")
    elif isinstance(sent, list) and isinstance(back, list | tuple) and len(sent) == len(back):
        for number, pair in enumerate(zip(sent, back, strict=True)):
            yield from _lost(*pair, f"{where}[{number}]")
    elif sent != back:
        yield f"{where}: {sent!r} became {back!r}"


def _unknown_fields(thing: TelegramObject) -> Iterator[str]:
    yield from thing.api_kwargs
    for value in thing.to_dict(recursive=False).values():
        for item in value if isinstance(value, list | tuple) else (value,):
            if isinstance(item, TelegramObject):
                yield from _unknown_fields(item)
