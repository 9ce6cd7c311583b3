"""What an answer must state: asked for plainly, and shown by digits, a unit, a list."""

from __future__ import annotations

import pytest

from knowledge.entry import Missing
from knowledge.matching.agencies import asked_agency
from knowledge.matching.needs import missing, needs_of
from knowledge.text.normalize import fold

AMOUNT, COUNT, PHONE, NAME = Missing.AMOUNT, Missing.COUNT, Missing.PHONE, Missing.NAME


@pytest.mark.parametrize(
    ("question", "stated", "not_stated", "kind"),
    [
        ("村口的桥花了多少钱", "加固结算86000元", "加固已经完工", AMOUNT),
        ("种一亩油茶补几多", "每亩补助300元", "公布了种植补贴的政策", AMOUNT),
        ("去年修路用了好多", "投入12.5万元", "修路12公里", AMOUNT),
        ("抓到一次罚几百", "处以200元罚款", "依法处罚", AMOUNT),
        ("决算是多少", "2020年决算3.2万元", "2020年预算3.2万元", AMOUNT),
        ("公示栏贴了多少条", "公开信息90余条", "公开了六个部分", COUNT),
        ("有几个人专门管这件事", "配备1名专职人员", "建立了3项制度", COUNT),
        ("一年办了几件", "行政许可：37（件）", "行政许可：37（万元）", COUNT),
        ("文化站的电话是多少", "咨询电话0793-2281234", "公布了咨询电话", PHONE),
        ("有事打哪个号", "请拨打12345", "请拨打热线", PHONE),
        ("把帮扶的名单给我", "张村、李村", "名单已经公示", NAME),
        ("制度的全文发我", "《保密审查制度》", "全文如下", Missing.FULL_TEXT),
        ("低保咋申请", "本人持户口本到村委会申请", "及时公开城乡低保的救助政策", Missing.HOW),
        ("大病救助去哪里办", "在便民服务中心窗口受理", "公开了医疗救助政策", Missing.HOW),
        ("办残疾证要什么材料", "提交身份证复印件", "残疾证已经办好", Missing.HOW),
        ("想吃低保找谁申请", "向村民委员会提出", "按规定纳入最低生活保障", Missing.HOW),
        ("狂犬疫苗哪里能打", "在乡镇卫生院接种", "支持疫苗的研发", Missing.PLACE),
        ("公车最后实际用了好多", "公车实际支出9.8万元", "2024年预算12万元，在实际工作中节约", AMOUNT),
        (
            "新做了几个规章",
            "规章，本年新制作数量：2（件）",
            "规章，本年新制作数量：（表里这一格没有填）",
            COUNT,
        ),
        ("邮编多少", "邮编334300", "邮政编码见附件", Missing.ADDRESS),
    ],
)
def test_what_is_asked_plainly_must_be_there(
    question: str, stated: str, not_stated: str, kind: Missing
) -> None:
    needs = needs_of(question)
    assert missing(needs, fold(not_stated)) in (kind, COUNT)
    if kind is not Missing.FULL_TEXT:
        assert missing(needs, fold(stated)) is None


@pytest.mark.parametrize("question", ["打了几次电话没人管", "哪里做得不好", "接了多少个咨询电话"])
def test_to_speak_of_telephones_is_to_ask_for_none(question: str) -> None:
    """Who complains of calls, or counts them, wants no number to call."""
    assert PHONE not in {need.kind for need in needs_of(question)}


@pytest.mark.parametrize("question", ["意见怎么办理的", "建议咋办了", "哪里办得不好", "怎么公开的"])
def test_to_ask_how_it_went_is_to_ask_for_no_procedure(question: str) -> None:
    assert Missing.HOW not in {need.kind for need in needs_of(question)}


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("石桥镇去年公开了几条", "石桥镇"),
        ("讲政策的光是乡干部吗", ""),
        ("你们乡有什么打算", ""),
        ("现任乡长是谁", ""),
        ("清水镇去年公开了几条", ""),
    ],
)
def test_a_place_that_is_another_is_told_from_a_turn_of_speech(text: str, other: str) -> None:
    assert asked_agency(text, ("清水镇人民政府",)).other == other
