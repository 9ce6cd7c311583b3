"""Every title and phrasing of the embedded base, said in a chat, leads to its entry, whatever the rules."""

from __future__ import annotations

from bot.settings import EMBEDDED_KNOWLEDGE
from knowledge.entry import Entry
from knowledge.sources import read_folder
from tests.dialogue.stage import Stage

# Where a rule is meant to come first: a menu word, the bot about itself, whom to complain to.
MEANT = {"form_kind", "help", "privacy", "smalltalk_capability", "redirected", "who_i_am", "way_to_a_person"}
FEW = 16  # such phrasings; all of them in the guide


def test_every_phrasing_leads_to_its_entry(stage: Stage) -> None:
    """To the entry, or to the report section that the item quotes."""
    names = [
        (one, name)
        for one in read_folder(EMBEDDED_KNOWLEDGE, {}).entries
        for name in (one.title, *one.phrasings)
    ]
    lost, meant = [], 0
    for number, (one, name) in enumerate(names, 1000):
        turn = stage.says(f"telegram:{number}", name)
        if leads_to(one, [quoted.path for quoted in turn.entries]):
            continue
        if turn.outgoing[0].event in MEANT and one.entry_id.startswith("guide:"):
            meant += 1
        else:
            lost.append((name, turn.outgoing[0].event))
    assert len(names) > 300
    assert lost == []
    assert meant <= FEW


def leads_to(one: Entry, paths: list[str]) -> bool:
    section = one.parent_id.partition(":")[2] if one.entry_id.startswith("item:") else one.path
    return one.path in paths[:2] or section in paths[:1]
