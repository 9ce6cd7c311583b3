"""Every usual encoding is recognised by the text that comes out; what fits none is refused."""

from __future__ import annotations

import pytest

from knowledge.documents.encoding import decoded

SIMPLIFIED = "关于发放高龄津贴的通知\n一、年满八十周岁的老人每月一百元，凭身份证到民政所办理。\n"
TRADITIONAL = "關於發放高齡津貼的通知\n一、年滿八十歲的長者每月一百元，憑身分證到民政課辦理。\n"


@pytest.mark.parametrize(
    ("text", "encoding", "guessed"),
    [
        (SIMPLIFIED, "utf-8", ""),
        (SIMPLIFIED, "utf-8-sig", ""),
        (SIMPLIFIED, "utf-16", ""),
        (SIMPLIFIED, "utf-32", ""),
        (SIMPLIFIED, "gb2312", ""),
        (SIMPLIFIED + "镕堃", "gb18030", ""),
        (TRADITIONAL, "gbk", ""),
        (TRADITIONAL, "big5", "Big5"),
        (TRADITIONAL, "utf-8", ""),
        (SIMPLIFIED, "utf-16-le", "UTF-16"),
        (SIMPLIFIED, "utf-16-be", "UTF-16"),
        ("2018 annual report\n", "ascii", ""),
        ("停水", "gb18030", ""),
        ("王某强\n李某琳\n赵某鑫\n欧阳某\n周某杰\n吴某婷\n郑某磊\n孙某娟\n", "gb18030", ""),
    ],
)
def test_recognised(text: str, encoding: str, guessed: str) -> None:
    found = decoded(text.encode(encoding))
    assert found is not None
    assert (found.text, found.guessed) == (text, guessed)


def test_what_a_page_declares_is_no_guess() -> None:
    found = decoded(TRADITIONAL.encode("big5"), declared="Big5")
    assert found is not None
    assert (found.text, found.guessed) == (TRADITIONAL, "")


def test_a_wrong_declaration_is_not_believed() -> None:
    found = decoded(SIMPLIFIED.encode("gbk"), declared="big5")
    assert found is not None
    assert found.text == SIMPLIFIED


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(
            "お知らせ：水道工事のため断水します。ご了承ください。".encode("shift_jis"), id="shift-jis"
        ),
        pytest.param(bytes(range(0xC0, 0x100)) * 3, id="koi8"),
        pytest.param(bytes(range(256)) * 4, id="binary"),
        pytest.param("水道工事のため断水します。ご了承ください。".encode("euc-jp"), id="euc-jp"),
    ],
)
def test_refused(raw: bytes) -> None:
    assert decoded(raw) is None


def test_a_lost_byte_is_shown_where_it_was() -> None:
    raw = (SIMPLIFIED * 40).encode()
    found = decoded(raw[:-2])
    assert found is not None
    assert found.text.endswith("办理\ufffd")
