"""Who asked the same (art. 44): questions and requests in clusters, each with its people.  Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from knowledge.matching.likeness import SAME, Bare, bare, likeness


@dataclass(frozen=True)
class Asked:
    """One asking: `key` names its row, `person` tells people apart, "" when nobody knows any more."""

    key: str
    text: str
    person: str


@dataclass(frozen=True)
class Cluster:
    """What was asked several times; the first member speaks for it."""

    members: tuple[Asked, ...]

    @property
    def people(self) -> int:
        """How many different people are known to have asked."""
        return len({member.person for member in self.members if member.person})

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(member.key for member in self.members)


def clusters(asked: Sequence[Asked], same: float = SAME) -> list[Cluster]:
    """Each asking joins the first cluster whose first member it is like, in the order given.

    Compared with the first alone, so that a chain of small differences does not join what is far apart.
    """
    found: list[tuple[Bare, list[Asked]]] = []
    with_pair: dict[str, list[int]] = {}  # who shares no pair of characters is not alike: spares most work
    for each in asked:
        prepared = bare(each.text)
        near = sorted({place for pair in prepared.pairs for place in with_pair.get(pair, ())})
        joined = next((place for place in near if likeness(found[place][0], prepared) >= same), None)
        if joined is not None:
            found[joined][1].append(each)
            continue
        for pair in prepared.pairs:
            with_pair.setdefault(pair, []).append(len(found))
        found.append((prepared, [each]))
    return [Cluster(tuple(members)) for _, members in found]


def of_several(asked: Sequence[Asked], people: int, is_new: Callable[[Cluster], bool]) -> list[Cluster]:
    """The clusters that at least so many different people asked, and that `is_new` lets through."""
    return [cluster for cluster in clusters(asked) if cluster.people >= people and is_new(cluster)]
