"""What the desk refuses, and why.

    DeskError                    base; `text_id` names a sentence in the words, `facts` fill it
    ├── NotFound                 no such request or inquiry (or not this person's)
    ├── NotAllowed               this person may not do this (role, or not their own request)
    ├── WrongStep                the act does not fit where the request is now (status, event)
    ├── GuardFailed              the law or a rule of the office wants something first; see `text_id`
    ├── MissingFields            a reply lacks what its outcome must record
    ├── InvalidValue             a value cannot be right (a date in the future, an empty text)
    ├── LateReply                the reply would be late; the same call with `late_acknowledged=True` goes on
    ├── ChainBroken              the record was tampered with
    └── VaultError               identity data cannot be decrypted with the keys at hand

The desk says no sentence to people: the dialogue looks `text_id` up in its words and fills in `facts`.
"""

from __future__ import annotations

from bot.ledger.errors import Refused


class DeskError(Refused):
    """Base of what the desk refuses."""


class NotFound(DeskError):
    """There is no such number, or it belongs to somebody else (which is told the same way)."""


class NotAllowed(DeskError):
    """The person has not the role that this act needs."""


class WrongStep(DeskError):
    """No edge leads from the present status by this event; facts: number, status, event."""


class GuardFailed(DeskError):
    """The step exists, but something must be on record before it; facts name it, with the article."""


class MissingFields(DeskError):
    """facts: `outcome`, `fields` (names of RequiredField) or `elements` of the reply letter."""


class InvalidValue(DeskError):
    """facts: `field`, and what is allowed."""


class LateReply(DeskError):
    """Serving now is after the due date; facts: number, due_on, served_on, working_days_late."""


class ChainBroken(DeskError):
    """facts: `ordinal` of the first event that does not fit, `subject`, `reason`."""


class VaultError(DeskError):
    """The key file is missing, unreadable or does not belong to this ledger."""
