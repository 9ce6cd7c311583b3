"""What is quoted is what was written; only what looks the same becomes the same."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.text.written import Writing, plain_shapes


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("⽯桥⼈⺠政府⾼龄津贴⻓期有效", "石桥人民政府高龄津贴长期有效", id="radicals"),
        pytest.param("㈠ 范围 ㈩ 其他", "（一） 范围 （十） 其他", id="enclosed-chinese"),
        pytest.param("⒈ 免收 ⑵ 减半", "1. 免收 (2) 减半", id="enclosed-arabic"),
        pytest.param("30 m²、\uff11\uff12㎡、①、№ 3", "30 m²、\uff11\uff12㎡、①、№ 3", id="harmless"),
        pytest.param("\u200b李\ufeff家\u00a0村\u00ad", "李家 村", id="never-seen"),
        pytest.param("钾(K)、镁(Mg)、鿏(Ma)", "钾(K)、镁(Mg)、鿏(Ma)", id="symbols"),
        pytest.param(
            "甪(lù)里、圐圙(kū lüè)村、钠(na)", "甪(lù)里、圐圙(kū lüè)村、钠(na)", id="readings-of-names"
        ),
        pytest.param("联系人：鍾昇、閆乾", "联系人：鍾昇、閆乾", id="names-in-traditional-characters"),
        pytest.param(
            "见https://a.cn/x?栏目=公示&p=1,2,电话:0790-1;好",
            "见https://a.cn/x?栏目=公示&p=1,2，电话：0790-1；好",
            id="address",
        ),
        pytest.param("www.a.cn/(甲)/b", "www.a.cn/(甲)/b", id="brackets-of-an-address"),
    ],
)
def test_other_texts_are_quoted_as_written(text: str, expected: str) -> None:
    padding = "本办法自公布之日起施行，由镇民政办公室负责解释，此前的规定同时废止。" * 2
    assert Writing.of([text, padding]).quotable(text) == expected


def test_a_text_of_the_converter_is_mended() -> None:
    pieces = ["東鄉(xiāng)人民政府", "報(bào)告由本級政府編(biān)制,共3條(tiáo)"]
    writing = Writing.of(pieces)
    assert writing.is_converter_made
    assert [writing.quotable(piece) for piece in pieces] == ["东乡人民政府", "报告由本级政府编制，共3条"]


def test_a_traditional_text_is_simplified_and_keeps_its_readings() -> None:
    text = "關於發放養老補貼的通知，鄄(juàn)城縣各村居民憑證領取"
    writing = Writing.of([text])
    assert (writing.is_traditional, writing.is_converter_made) == (True, False)
    assert writing.quotable(text) == "关于发放养老补贴的通知，鄄(juàn)城县各村居民凭证领取"


def test_no_radical_is_left_that_stands_for_a_character() -> None:
    left = [
        unicodedata.name(chr(code))
        for code in [*range(0x2E80, 0x2E9A), *range(0x2E9B, 0x2EF4), *range(0x2F00, 0x2FD6)]
        if plain_shapes(chr(code)) == chr(code)
    ]
    assert [name for name in left if "KANGXI" in name] == []
    assert len(left) <= 6  # strokes and halves of characters


@given(st.text(alphabet="鄉關xiāng()（）,:;?!中a/w.⼈㈠⒈\u200b。http\n ", max_size=60))
def test_quoting_twice_is_quoting_once(text: str) -> None:
    for writing in (Writing(), Writing(is_traditional=True), Writing.of([text])):
        once = writing.quotable(text)
        assert writing.quotable(once) == once
