"""Personal data in free text are found in every way people write them, and masked at fixed width."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.desk.masking import DataKind, find_personal_data, mask
from tests.desk.test_identity import full_width, id_numbers

HAN = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), max_size=12)


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("身份证11010519491231002X，请查收", "身份证****，请查收"),
        ("身份证110105 19491231 002x。", "身份证****。"),
        (full_width("11010519491231002X"), "****"),
        ("老身份证130503670401001号", "老身份证****号"),
        ("电话13812341234", "电话****"),
        ("电话138-1234-1234或+86 13912345678", "电话****或****"),
        ("座机0745-6822222", "座机****"),
        ("卡号6222 0212 3456 7890 128", "卡号****"),
        ("卡号4111111111111111", "卡号****"),
        ("邮箱wang@example.com。", "邮箱****。"),
        (f"邮箱{full_width('wang@example.com')}。", "邮箱****。"),
        ("王小明和王 小明都是我", "****和****都是我"),
        # pasted from a web page, written with dots, touching letters, spelt out
        ("电话138\u200b1234\u200b1234", "电话****"),
        ("电话138.1234.1234", "电话****"),
        ("电话138 - 1234 - 1234", "电话****"),
        ("T13812341234", "T****"),
        ("008613812341234", "****"),
        ("电话一三八一二三四一二三四", "电话****"),
        ("幺三八零零幺三八零零零", "****"),
        ("SFZ11010519491231002Xabc", "SFZ****abc"),
        (f"身份证{full_width('110105 19491231 002X').replace(chr(0xFF00), chr(0x3000))}", "身份证****"),
        (f"卡号{full_width('6222 0212 3456 7890 128').replace(chr(0xFF00), chr(0x3000))}", "卡号****"),
        ("护照E12345678，EA1234567", "护照****，****"),
        ("车牌赣C·12345，赣cd12345，湘A1234警", "车牌****，****，****"),
        ("QQ：12345678，微信号 wang_123", "QQ：****，微信号 ****"),
        # broken over the end of a line
        ("号110105194912\n31002X的村民", "号****的村民"),
        ("号110105\n19491231\n002X的村民", "号****的村民"),
        ("电话1390013\r\n  9000。", "电话****。"),
        ("卡号6217 0000\n0000 0000 004。", "卡号****。"),
        ("座机0745-\n6822222", "座机****"),
        ("王小\n明", "****"),
        # 19 digits of a bank card with a digit mistyped, or said to be one
        ("工资卡6217000010001234567被扣了钱", "工资卡****被扣了钱"),
        ("账号1234567890123456789", "账号****"),
        ("6217000010001234567被扣了钱", "****被扣了钱"),
        # who says who they are
        ("我叫李大牛，低保怎么没了", "我叫****，低保怎么没了"),
        ("我叫李大牛想问低保", "我叫****想问低保"),
        ("我名叫欧阳小红想问低保", "我名叫****想问低保"),
        ("我叫阿卜杜拉・买买提。", "我叫****。"),
        ("我叫\ue863\U00020bb7，", "我叫****，"),
        ("我是李大牛，家住三组", "我是****，家住三组"),
        ("本人李牛，身份证", "本人****，身份证"),
        ("姓名：李大牛", "姓名：****"),
        ("Hello, my name is Mary Ann Smith and I", "Hello, my name is **** and I"),
    ],
)
def test_masked(text: str, masked: str) -> None:
    """Numbers, addresses and the names given disappear, the sentence stays."""
    assert mask(text, names=["王小明"]).text == masked


@pytest.mark.parametrize(
    "text",
    [
        "2018年预算收入1234567.89元",
        "湘政发[2018]12号",
        "索引号00001434920180022",
        "请拨打12345、110",
        "2026-0001",
        "二〇一八年一月一日至二〇一八年十二月三十一日",
        "用了1.5亿元，同比增长12.34567890123",
        "赣府发[2018]12号、湘政办函2018",
        "新A楼、鲁迅小学、川流不息",
        "微信公众号洲上乡",
        "统计期限2018年1月1日至2018年12月31日",
        "我叫不出名字，我叫他来的",
        "我是张家村的，我是李家村，我是新来的，",
        "姓名和身份证号要写吗，姓名 电话",
        "我的名字写错了",
        "收入\n1380\n0138\n0000\n2018",  # a column of a table
        "收入\n6217\n0000\n1000\n1234\n567",
        "小王不是王小明的名字吗".replace("王小明", "王晓明"),
    ],
)
def test_ordinary_numbers_stay(text: str) -> None:
    """Amounts, document numbers, hotlines and dates are no personal data."""
    assert mask(text, names=["王小明"]).text == text


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("陈大文", "陳大文"),
        ("陳大文", "陈大文"),
        ("买买提·吐尔逊", "买买提•吐尔逊"),
        ("买买提・吐尔逊", "买买提 吐尔逊"),
        ("买买提吐尔逊", "买买提‧\n吐尔逊"),
        ("John Smith", "JOHN\u00a0smith"),
        ("José", "Jose\u0301"),
        (full_width("Liu Wei").replace(chr(0xFF00), " "), "liu wei"),
        ("金⾦", "金金"),  # the second a Kangxi radical
        ("Weiß", "WEISS"),
        ("Weiß", "Weiß"),
        ("Strauss", "Strauß"),
        ("ΣΟΦΟΣ", "Σοφος"),
        ("\ue863某", "\ue863 某"),
        ("𠮷大", "𠮷\ufe00大"),
    ],
)
def test_names_are_compared_folded(name: str, written: str) -> None:
    """Traditional or simplified, any width, case, accent and middle dot: it is the same person."""
    assert mask(f"经查，{written}的补贴", names=[name]).text == "经查，****的补贴"


def test_the_longer_name_goes_whole() -> None:
    """Of two people, one of whom is called like the end of the other."""
    assert mask("王小明和小明，Ann Lee和Ann", names=["小明", "王小明", "Ann", "Ann Lee"]).text == (
        "****和****，****和****"
    )


def test_a_latin_name_is_a_word() -> None:
    """Li is not in 'Like'."""
    assert mask("Li likes Lin, li.", names=["Li"]).text == "**** likes Lin, ****."


def test_finds_say_what_and_where() -> None:
    """Staff see each find with its kind and place."""
    text = "我叫王小明，13812341234"
    found = find_personal_data(text, names=["王小明"])
    assert [(datum.kind, text[datum.start : datum.end]) for datum in found] == [
        (DataKind.NAME, "王小明"),
        (DataKind.MOBILE, "13812341234"),
    ]


def test_public_numbers_stay() -> None:
    """The office's own telephone, however it is written, may stay in a published reply; another goes."""
    text = f"咨询0745 6822222或{full_width('0745-6822222')}，别打0745-6822223"
    assert mask(text, public=["0745-6822222", ""]).text == text.replace("0745-6822223", "****")


@given(HAN, id_numbers(), HAN)
def test_every_id_number_disappears(before: str, number: str, after: str) -> None:
    """In any Chinese text an ID number goes whole, and masking again changes nothing."""
    masked = mask(before + number + after).text
    assert masked == f"{before}****{after}"
    assert mask(masked).text == masked


@given(st.text(max_size=80))
def test_masking_is_idempotent(text: str) -> None:
    """Whatever the text, what is masked once needs no second time."""
    assert find_personal_data(mask(text).text) == ()
