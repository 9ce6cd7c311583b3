"""Recall finds what adding everything up would find."""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from knowledge.entry import Entry
from knowledge.index.build import build
from knowledge.index.candidates import Budget
from knowledge.index.index import Index
from knowledge.text.grams import bigrams, syllable_bigrams, syllables
from tests.knowledge.bases import entry

K1, B, NAME_WEIGHT = 1.2, 0.7, 2
ALPHABET = "低保的一二行12 "
TEXT = st.text(ALPHABET, max_size=12)
BASES = st.lists(st.tuples(TEXT, TEXT), min_size=1, max_size=25)
FOLDER_IS_REUSED = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)

Cut = Callable[[str], Sequence[str]]


def by_sound(text: str) -> list[str]:
    """The pieces of the second field."""
    return syllable_bigrams(syllables(text))


def entries_of(texts: Sequence[tuple[str, str]]) -> list[Entry]:
    """Entries with these titles and texts."""
    return [entry(f"entry:{number}", title, text) for number, (title, text) in enumerate(texts)]


def weights_of(texts: tuple[str, str], cut: Cut) -> Counter[str]:
    """What each piece of an entry counts."""
    title, text = texts
    weights = Counter(cut(text))
    weights.update(dict.fromkeys(cut(title), NAME_WEIGHT))
    return weights


def exact(base: Sequence[tuple[str, str]], question: str, cut: Cut) -> list[float]:
    """BM25 of each entry by the textbook, in plain Python; lengths are those of the first field."""
    held = [weights_of(texts, cut) for texts in base]
    lengths = [sum(weights_of(texts, bigrams).values()) for texts in base]
    average = max(sum(lengths) / len(base), 1.0)
    scores = [0.0] * len(base)
    for piece in set(cut(question)):
        count = sum(piece in weights for weights in held)
        idf = math.log(1 + (len(base) - count + 0.5) / (count + 0.5))
        for number, weights in enumerate(held):
            norm = K1 * (1 - B + B * lengths[number] / average)
            scores[number] += idf * (K1 + 1) * weights[piece] / (weights[piece] + norm)
    return scores


@FOLDER_IS_REUSED
@given(BASES, TEXT, st.sampled_from([0, 3, 20, 5_000]))
def test_scores_are_those_of_the_textbook(
    tmp_path: Path, base: list[tuple[str, str]], question: str, find: int
) -> None:
    """Both fields' scores of every candidate, whether a piece is found in FTS5 or counted in the text."""
    build(entries_of(base), tmp_path / "index.db")
    with Index.open(tmp_path / "index.db", Budget(find=find)) as index:
        found = index.candidates(bigrams(question), by_sound(question), limit=len(base))
    seen, heard = exact(base, question, bigrams), exact(base, question, by_sound)
    for candidate in found:
        assert candidate.bigram_score == pytest.approx(seen[candidate.rowid])
        assert candidate.syllable_score == pytest.approx(heard[candidate.rowid])
    if find == 5_000:
        worth_finding = {number for number in range(len(base)) if seen[number] or heard[number]}
        assert {candidate.rowid for candidate in found} == worth_finding


def test_small_budget_still_finds_the_known_entry(tmp_path: Path) -> None:
    """With next to nothing to spend, an entry that holds all rare pieces of the question comes first."""
    texts = [(f"关于第{number}号文件的通知", "通知各村按照要求做好工作") for number in range(300)]
    build(entries_of(texts), tmp_path / "index.db")
    budget = Budget(find=5, keep=10)
    with Index.open(tmp_path / "index.db", budget) as index:
        for number in (0, 17, 299):
            found = index.candidates(bigrams(f"第{number}号文件的通知"), (), limit=5)
            assert found[0].rowid == number


def test_common_pieces_that_only_score_change_no_first_hit(tmp_path: Path) -> None:
    """A small part of the postings finds: the best is still the one that adding up everything finds."""
    drawn = random.Random(5)
    letters = "低保标准道路养护年月日公示通知一二三村镇水利农田医疗教育补贴资金项目"
    common_first = [1 / place for place in range(1, len(letters) + 1)]
    texts = ["".join(drawn.choices(letters, common_first, k=48)) for _ in range(2000)]
    build(entries_of([(text[:8], text[8:]) for text in texts]), tmp_path / "index.db")
    asked = [text[20:32] for text in texts[::20]]

    def best(budget: Budget) -> list[float]:
        with Index.open(tmp_path / "index.db", budget) as index:
            return [index.candidates(bigrams(text), (), limit=1)[0].bigram_score for text in asked]

    some, everything = best(Budget(find=1_000, keep=100)), best(Budget(find=1 << 40))
    same = [one == pytest.approx(other) for one, other in zip(some, everything, strict=True)]
    assert sum(same) >= 0.97 * len(same)


def test_share_counts_what_occurs_nowhere(tmp_path: Path) -> None:
    """Asking for more that is not there makes the share smaller, not the score."""
    build(entries_of([("低保标准", "每人每月三百元"), ("道路养护", "每年一次")]), tmp_path / "index.db")
    with Index.open(tmp_path / "index.db") as index:
        plain = index.candidates(bigrams("低保标准"), (), limit=1)[0]
        more = index.candidates(bigrams("低保标准飞船"), (), limit=1)[0]
        idfs = index.idfs(["低保", "保标", "标准", "准飞", "飞船"])
        assert idfs["飞船"] == index.largest_idf > idfs["低保"]
        assert more.bigram_share == pytest.approx(more.bigram_score / sum(idfs.values()))
    assert more.bigram_score == plain.bigram_score
    assert more.bigram_share < plain.bigram_share


def test_sound_finds_what_is_misspelt(tmp_path: Path) -> None:
    """底宝 sounds like 低保; a question in pinyin has no characters at all."""
    build(entries_of([("低保标准", "每人每月三百元"), ("道路养护", "每年一次")]), tmp_path / "index.db")
    with Index.open(tmp_path / "index.db") as index:
        misspelt = index.candidates(bigrams("底宝"), by_sound("底宝"), limit=1)
        typed = index.candidates((), ["di bao", "bao biao", "no such"], limit=1)
        assert index.syllable_idfs(["di bao", "xx yy"])["xx yy"] == index.largest_idf
    assert [candidate.rowid for candidate in (*misspelt, *typed)] == [0, 0]


def test_title_counts_more_than_text(tmp_path: Path) -> None:
    """Of two entries of equal length, the one that is called so comes before the one that mentions it."""
    texts = [("道路养护", "低保标准公示"), ("低保标准", "道路养护公示"), ("其他事项", "其他事项办法")]
    build(entries_of(texts), tmp_path / "index.db")
    with Index.open(tmp_path / "index.db") as index:
        found = index.candidates(bigrams("低保标准"), (), limit=2)
    assert [candidate.rowid for candidate in found] == [1, 0]


def test_known_phrasing_counts_like_a_title(tmp_path: Path) -> None:
    """A way to ask that was written down finds its entry."""
    known = entry("a", "最低生活保障", "按月发放", phrasings=("吃低保能拿几多钱",))
    build([entry("b", "道路养护", "按月发放"), known], tmp_path / "index.db")
    with Index.open(tmp_path / "index.db") as index:
        assert index.candidates(bigrams("吃低保能拿多少"), (), limit=1)[0].rowid == 1


def test_long_story_is_cut_to_its_most_telling_pieces(tmp_path: Path) -> None:
    """Thousands of pieces are no more work than a few hundred, and the rare ones decide."""
    texts = [("低保标准", "甲乙丙丁"), ("道路养护", "甲乙丙丁")]
    build(entries_of(texts), tmp_path / "index.db")
    story = "".join(chr(0x4E00 + number) for number in range(5000)) + "低保标准"
    with Index.open(tmp_path / "index.db") as index:
        assert index.candidates(bigrams(story), by_sound(story), limit=1)[0].rowid == 0


def test_no_more_than_asked_for(tmp_path: Path) -> None:
    """Equal entries come in index order, and the limit holds."""
    build(entries_of([("低保", "标准")] * 50), tmp_path / "index.db")
    with Index.open(tmp_path / "index.db") as index:
        found = index.candidates(bigrams("低保"), by_sound("低保"), limit=7)
    assert [candidate.rowid for candidate in found] == list(range(7))
