"""A served reply becomes public (art. 44): masked, looked at by a second pair of eyes, recorded.

Plain dictionaries: the dialogue makes an entry of the knowledge base of them, the desk knows no knowledge.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from bot.desk.errors import GuardFailed
from bot.desk.masking import Masked, PersonalDatum, mask
from bot.desk.model import Applicant, DisclosureRequest


@dataclass(frozen=True)
class PublicationDraft:
    """What would be published, and what was masked in it: for the second look."""

    request_number: str
    title: str
    question: str
    text: str
    found: tuple[PersonalDatum, ...]  # in the reply and the question, before masking


def draft_publication(
    request: DisclosureRequest,
    applicant: Applicant | None,
    *,
    title: str = "",
    text: str = "",
    question: str = "",
    public: Iterable[str] = (),
) -> PublicationDraft:
    """Mask a served reply for publication; `title`, `text`, `question` replace what staff rewrote.

    What is `public`, such as the office's telephone, is not masked.

    Raises GuardFailed when the reply did not give information: only what was disclosed may be published.
    """
    reply = request.reply
    if reply is None or request.outcome is None or not request.outcome.gives_information:
        raise GuardFailed("nothing_to_publish", number=request.number, article="44")
    known, open_to_all = _known(applicant), tuple(public)
    asked = mask(question or request.content, known, open_to_all)
    body = mask(text or reply.text, known, open_to_all)
    heading = mask(title or _first_line(request.content), known, open_to_all)
    return PublicationDraft(
        request_number=request.number,
        title=heading.text,
        question=asked.text,
        text=body.text,
        found=_all_finds(heading, asked, body),
    )


def _known(applicant: Applicant | None) -> tuple[str, ...]:
    """Names, and what no pattern finds: an address as contact, the number of an unusual document."""
    if applicant is None:
        return ()
    ways = re.split(r"[；;，,、\n]", applicant.contact)  # a telephone and an address stand apart in a reply
    known = (*applicant.everybody, *ways)
    return tuple(each for each in known if each.strip())


def _first_line(content: str, longest: int = 60) -> str:
    first = content.strip().splitlines()[0]
    return first if len(first) <= longest else f"{first[:longest]}…"


def _all_finds(*masked: Masked) -> tuple[PersonalDatum, ...]:
    groups: Iterable[tuple[PersonalDatum, ...]] = (part.found for part in masked)
    return tuple(datum for group in groups for datum in group)
