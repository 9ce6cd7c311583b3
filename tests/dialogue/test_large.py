"""大字: short sentences, one thing a message, three buttons; nothing that was there gets lost by it."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogue import tables
from bot.dialogue.payload import Act
from bot.dialogue.resident.large import MOST, pieces
from bot.dialogue.words import FOLDER, placeholders
from bot.messages import Address, Attachment, Document, Language, Mark, Outgoing, Part, Style, Turn
from tests.dialogue.stage import CLERK, GROUP, ID_NUMBER, LI, WANG, WORDS, Stage, label_of

LONGEST_SENTENCE = 20  # characters of Chinese
LONGEST_MESSAGE = 60


def texts(language: str, folder: str = "large") -> dict[str, str]:
    loaded = yaml.safe_load((FOLDER / folder / f"{language}.yaml").read_text(encoding="utf-8"))
    assert isinstance(loaded, dict)
    assert len(loaded) > 100
    return loaded


@pytest.fixture
def old(stage: Stage) -> Stage:
    """Wang has switched the mode on."""
    stage.says(WANG, "大字")
    return stage


def everything(turn: Turn) -> Iterator[Outgoing]:
    """What Wang got, checked for the promises of the mode."""
    for message in turn.outgoing:
        if str(message.address) == WANG:
            assert len(message.labels) <= MOST, message
            assert all(len(row) == 1 for row in message.buttons), message
            assert not any(part.style is Style.QUOTE for part in message.parts), message
            yield message


def through_more(stage: Stage) -> list[str]:
    """All labels that can be reached by 还有别的 from the last message."""
    labels: list[str] = []
    while True:
        shown = stage.labels(WANG)
        labels += [label for label in shown if label != "还有别的"]
        if "还有别的" not in shown:
            return labels
        stage.presses(WANG, "还有别的")


# ---- the words -------------------------------------------------------------------------------------------
@pytest.mark.parametrize("language", ["zh-Hans", "en"])
def test_layer_only_varies(language: str) -> None:
    """Each large sentence stands for one that exists, and asks for nothing that the other does not know."""
    normal = yaml.safe_load((FOLDER / f"{language}.yaml").read_text(encoding="utf-8"))
    for event, text in texts(language).items():
        assert placeholders(text) <= placeholders(normal[event]), event


def test_languages_vary_the_same() -> None:
    """English has the same large sentences."""
    assert set(texts("en")) == set(texts("zh-Hans"))


def test_sentences_are_short() -> None:
    """No sentence is longer than twenty characters, no message longer than a few lines."""
    for event, text in texts("zh-Hans").items():
        for message in text.split("\n---\n"):
            assert len(message) <= LONGEST_MESSAGE, event
            for sentence in re.split(r"[。！？：，；\n]", message):
                assert len(re.sub(r"\{.*?\}", "", sentence)) <= LONGEST_SENTENCE, (event, sentence)


def test_traditional_is_derived_here_too() -> None:
    """Large sentences in traditional characters come from the simplified ones."""
    assert WORDS.say_large("unknown_command", Language.TRADITIONAL) == "沒有這個詞。請打字問我。"
    assert WORDS.say_large("role_staff", Language.SIMPLIFIED) == WORDS.say("role_staff", Language.SIMPLIFIED)


# ---- the shape -------------------------------------------------------------------------------------------
def test_passage_first_then_its_source(old: Stage) -> None:
    """An answer: what was found, then the source as a message of its own, unchanged."""
    plain = old.says(LI, "公开了哪一年的部门决算信息").outgoing
    large = list(everything(old.says(WANG, "公开了哪一年的部门决算信息")))
    assert [len(plain), len(large)] == [1, 2]
    quoted = [part.text for part in plain[0].parts if part.style is Style.QUOTE]
    assert all(text in large[0].text for text in quoted)
    assert large[1].text == next(part.text for part in plain[0].parts if part.style is Style.SMALL)


def test_no_button_is_lost(old: Stage) -> None:
    """还有别的 leads to every button that the normal answer has."""
    old.says(LI, "公开了哪一年的部门决算信息")
    old.says(WANG, "公开了哪一年的部门决算信息")
    reached = through_more(old)
    assert len(reached) == len(set(reached)) == len(old.labels(LI))
    assert reached[-1] == "为什么"
    assert "不是我要的" in reached[:2]


def test_more_of_an_old_list(old: Stage) -> None:
    """Pressed under an older message it is said to be old; a forged one does no harm."""
    old.says(WANG, "目录")
    data = old.last(WANG).buttons[-1][0].data
    assert old.presses_data(WANG, data).outgoing[0].event == "large_more"
    old.says(WANG, "指南")
    assert old.presses_data(WANG, data).outgoing[0].event == "large_more_gone"
    assert old.presses_data(LI, data).outgoing[0].event == "large_more_gone"
    assert old.presses_data(WANG, "mb:999999999").outgoing[0].event == "large_more_gone"


def test_label_or_word_picks(old: Stage) -> None:
    """What a button says can be typed, 还有别的 too."""
    old.says(WANG, "目录")
    assert old.says(WANG, "还有别的").outgoing[0].event == "large_more"
    assert old.says(WANG, old.labels(WANG)[0]).outgoing[0].event == "category"


def test_pieces_of_a_message() -> None:
    """Breaks are ours alone; edit and menu stay with the first piece, buttons and file with the last."""
    told = Outgoing(
        Address.parse(WANG),
        "x",
        (
            Part("一"),
            Part("甲", Style.STRONG),
            Part("写的\n---\n不是断开", Style.QUOTE),
            Part("乙", Style.STRONG),
            Part("源", Style.SMALL),
            Part("二\n---\n三"),
        ),
        edits="5",
        document=Document("a.txt", b"x"),
        menu=("resident",),
        confirms=Mark(Address.parse(CLERK), "7"),
        large=True,
    )
    made = pieces(told)
    assert [piece.text for piece in made] == ["一\n\n甲\n\n写的\n---\n不是断开", "乙", "源", "二", "三"]
    assert [piece.edits for piece in made] == ["5", "", "", "", ""]
    assert [bool(piece.document) for piece in made] == [False] * 4 + [True]
    assert [bool(piece.confirms) for piece in made] == [False] * 4 + [True]
    assert [bool(piece.menu) for piece in made] == [True] + [False] * 4
    assert pieces(Outgoing(Address.parse(WANG), "x", ())) == [Outgoing(Address.parse(WANG), "x", ())]


PARTS = st.lists(
    st.builds(Part, st.text("甲乙\n-", min_size=1, max_size=12), st.sampled_from(Style)),
    min_size=1,
    max_size=8,
)


@given(PARTS)
def test_nothing_is_lost_in_pieces(parts: list[Part]) -> None:
    """Whatever a message is made of, its words come in the same order, and only our breaks are gone."""
    message = Outgoing(Address.parse(WANG), "x", tuple(parts), large=True)
    said = "".join(part.text for piece in pieces(message) for part in piece.parts)
    whole = "".join(
        part.text.replace("\n---\n", "") if part.style is Style.PLAIN else part.text for part in parts
    )
    assert said == whole


# ---- switching -------------------------------------------------------------------------------------------
def test_words_and_buttons_switch(stage: Stage) -> None:
    """大字 and 普通, and the buttons in /start, help and languages; a restart changes nothing."""
    for opening in ("/start", "帮助", "语言"):
        stage.says(WANG, opening)
        assert stage.presses(WANG, "大字模式").outgoing[0].text == "好。以后我说短句子。"
        stage.restart()
        assert stage.says(WANG, "/没有").outgoing[0].text == "没有这个词。请打字问我。"
        assert stage.says(WANG, "普通").outgoing[0].event == "large_off"
        assert "直接打字问就行" in stage.says(WANG, "/没有").outgoing[0].text
    assert stage.says(LI, "/large").outgoing[0].event == "large_on"
    assert stage.says(LI, "/normal").outgoing[0].event == "large_off"


def test_languages_keep_the_mode(old: Stage) -> None:
    """Large English, large traditional."""
    old.says(WANG, "语言")
    assert through_more(old) == ["简体中文", "繁体中文", "English", "普通模式"]
    old.presses(WANG, "English")
    assert old.says(WANG, "/nothing").outgoing[0].text == "There is no such command. Please type."


def test_group_is_never_large(old: Stage) -> None:
    """What a group reads is for everybody."""
    assert old.in_group(WANG, "大字").outgoing[0].event == "private_please"
    old.in_group(WANG, "目录")
    assert len(old.last(GROUP).labels) > MOST


def test_forgetting_keeps_the_mode(old: Stage) -> None:
    """Like the language, it is how one reads, not what one said."""
    assert old.presses_data(WANG, Act.FORGET_SURE).outgoing[0].event == "forgotten"
    with old.ledger.reading() as connection:
        state = connection.execute(
            sa.select(tables.conversations.c.state).where(tables.conversations.c.address == WANG)
        ).scalar_one()
    assert state["large"] is True


# ---- a whole request -------------------------------------------------------------------------------------
def test_filing_from_start_to_reply(old: Stage) -> None:
    """The whole way of a request keeps to the mode, in what one does and in what one is told later."""
    told = list(everything(old.says(WANG, "申请")))
    for label_or_text in (
        "个人",
        "王小明",
        "123",
        ID_NUMBER,
        "13800138000",
        "村口桥加固花了多少钱",
        "电子文件",
        "在这个聊天里发给我",
    ):
        told += everything(old.says(WANG, label_or_text))
    assert old.last(WANG).event == "read_back"
    receipt = list(everything(old.says(WANG, "确认提交")))
    assert receipt[0].text == "交好了。编号 2026-0001。请记下来。"
    assert len(receipt) == 4
    told += everything(old.says(WANG, "进度"))
    told += everything(old.presses(WANG, "2026-0001 村口桥加固花了多少钱"))
    with old.ledger.reading() as connection:
        number = old.register.session(connection).requests.of(WANG)[0].number
    before = len(old.seen[WANG])
    old.reply_to(number)
    later = old.seen[WANG][before:]
    told += everything(Turn(tuple(later)))
    assert "38万元" in "".join(message.text for message in later)
    assert max(len(message.text) for message in told) < 200


def test_going_back_in_the_form(old: Stage) -> None:
    """上一步 and 取消 are behind 还有别的 and work; 还有别的 does not pause the form."""
    old.says(WANG, "申请")
    old.says(WANG, "个人")
    old.says(WANG, "王小明")
    reached = through_more(old)
    assert {"上一步", "取消"} <= set(reached)
    assert old.says(WANG, ID_NUMBER).outgoing[0].event == "form_contact"


def test_attachment_and_suggestions(old: Stage) -> None:
    """A photo, a vague question, a question without an answer: short, few buttons."""
    list(everything(old.sends(WANG, Attachment.PHOTO)))
    for text in (
        "预算",
        "村口那座桥去年加固花了多少",
        "我要投诉太吵",
        "怎么申请公开",
        "你好",
        "我的数据",
        "隐私",
    ):
        assert list(everything(old.says(WANG, text))), text


def test_staff_in_large_text_miss_no_button(old: Stage) -> None:
    """A card that comes by itself shows all its buttons, one under the other."""
    old.says(CLERK, "大字")
    old.file_request(LI)
    card = old.last(CLERK)
    assert label_of("confirm_receipt") in card.labels
    assert all(len(row) == 1 for row in card.buttons)
    assert "还有别的" not in card.labels
