"""Which fields of an event are personal: everything that nobody declared public.

A field is public by its shape (a number, yes or no, a day, an instant) or because its kind of event declares
it (`EventKind.NAME = value, "field field"`): codes, numbers of requests, accounts of staff.  Any other text
is taken for what somebody wrote.  A new act whose fields nobody thought about is therefore sealed.

The chain holds of the personal fields of an event only a commitment: SHA-256 over a random salt and the
fields.  Salt and fields lie beside, sealed; with them the commitment proves what was written, without them
nobody can try guesses against it.
"""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from collections.abc import Mapping
from typing import Any

from bot.desk.model import EventKind

COMMITMENT = "commitment"  # the field of `events.data` that stands for the personal ones
_SALT_BYTES = 32
_DAY_OR_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}(T[\d:.]{5,15}([+-]\d{2}:\d{2}|Z)?)?")


def divide(kind: EventKind, data: Mapping[str, object]) -> tuple[dict[str, object], dict[str, object]]:
    """The public fields and the personal ones."""
    if COMMITMENT in data:
        raise ValueError(f"the name {COMMITMENT!r} is taken")
    public = {name: value for name, value in data.items() if _is_public(kind, name, value)}
    return public, {name: value for name, value in data.items() if name not in public}


def _is_public(kind: EventKind, name: str, value: object) -> bool:
    if value is None or isinstance(value, bool | int | float) or name in kind.public:
        return True
    return value == "" or (isinstance(value, str) and _DAY_OR_INSTANT.fullmatch(value) is not None)


def salted(fields: Mapping[str, object]) -> str:
    """What is sealed: the fields with a fresh salt."""
    return _canonical({"salt": secrets.token_hex(_SALT_BYTES), "fields": fields})


def commitment(salted_fields: str) -> str:
    return hashlib.sha256(salted_fields.encode()).hexdigest()


def fields_of(salted_fields: str) -> dict[str, Any]:
    fields = json.loads(salted_fields)["fields"]
    return dict(fields)


def _canonical(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
