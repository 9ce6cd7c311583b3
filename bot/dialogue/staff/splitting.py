"""拆成几件 (一事一申请): each thing on a line, read back, confirmed; the applicant is told all numbers."""

from __future__ import annotations

from bot.desk.acts.splitting import MOST_PARTS
from bot.desk.matter import folded_matter
from bot.dialogue import cards, notifications
from bot.dialogue.staff.questions import Draft, Question, Unclear
from bot.dialogue.staff.recording import Form
from bot.dialogue.visit import Visit, turn
from bot.messages import Part, Style, Turn


def _lines(typed: str) -> list[str]:
    return [line.strip() for line in typed.splitlines() if line.strip()]


def _checked(visit: Visit, given: Draft, typed: str) -> str:
    """One thing a line, two at least."""
    lines = _lines(typed)
    if not 2 <= len(lines) <= MOST_PARTS:
        raise Unclear("split_lines_unclear", most=MOST_PARTS)
    if len({folded_matter(line) for line in lines}) < len(lines):
        raise Unclear("refused_parts_alike")
    return "\n".join(lines)


def _split(visit: Visit, number: str, given: Draft) -> Turn:
    """The cards of all, and one message to the applicant."""
    made = visit.desk.splitting.split(number, contents=_lines(given["split_parts"]))
    listed = "\n".join(f"{request.number}　{request.content}" for request in made)
    told = notifications.to_applicant(
        visit, "request_split", made[0], Part(listed, Style.QUOTE), count=len(made)
    )
    remark = visit.voice.small("staff_told" if told else "staff_tell_on_paper")
    first = [cards.request_card(visit, visit.voice, request, "staff_recorded") for request in made[:-1]]
    last = cards.request_card(visit, visit.voice, made[-1], "staff_recorded", remark)
    return turn(*first, last, *told)


SPLIT = Form("split", (Question("split_parts", least=4, most=4000, check=_checked),), _split)
