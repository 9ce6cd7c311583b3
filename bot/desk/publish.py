"""A served reply becomes public (art. 44): masked, looked at by a second pair of eyes, recorded.

Plain dictionaries: the dialogue makes an entry of the knowledge base of them, the desk knows no knowledge.
"""

from __future__ import annotations

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
    request: DisclosureRequest, applicant: Applicant | None, *, title: str = "", text: str = ""
) -> PublicationDraft:
    """Mask a served reply for publication; `title` and `text` replace what staff rewrote.

    Raises GuardFailed when the reply did not give information: only what was disclosed may be published.
    """
    reply = request.reply
    if reply is None or request.outcome is None or not request.outcome.gives_information:
        raise GuardFailed("nothing_to_publish", number=request.number, article="44")
    names = _names(applicant)
    question = mask(request.content, names)
    body = mask(text or reply.text, names)
    heading = mask(title or _first_line(request.content), names)
    return PublicationDraft(
        request_number=request.number,
        title=heading.text,
        question=question.text,
        text=body.text,
        found=_all_finds(heading, question, body),
    )


def _names(applicant: Applicant | None) -> tuple[str, ...]:
    if applicant is None:
        return ()
    return tuple(name for name in (applicant.name, applicant.representative) if name)


def _first_line(content: str, longest: int = 60) -> str:
    first = content.strip().splitlines()[0]
    return first if len(first) <= longest else f"{first[:longest]}…"


def _all_finds(*masked: Masked) -> tuple[PersonalDatum, ...]:
    groups: Iterable[tuple[PersonalDatum, ...]] = (part.found for part in masked)
    return tuple(datum for group in groups for datum in group)
