"""What an answer must state when it is asked for plainly: an amount of money for 花了多少钱, digits for 电话是多少.

    needs_of("修桥花了多少钱")           -> (an amount,)
    missing(needs, "修桥86000元")        -> None
    missing(needs, "修桥已经完工")        -> Missing.AMOUNT

A passage about the right thing that lacks it is shown as related, and never said as the answer.
"""

# ruff: noqa: E501  (patterns: their lines may be long)

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from knowledge.entry import Missing


@dataclass(frozen=True)
class Need:
    """What is plainly asked for, and how a folded text shows that it holds it."""

    kind: Missing
    given: re.Pattern[str]


_HOW_MANY = "(?:多少|几多|好多|几)"
_NUMBER = r"(?<![\d.〔\[])(?:\d[\d,]*(?:\.\d+)?|[一二两三四五六七八九十百千零]+)(?:余|多|来|几)?(?:万|亿|千|百)?(?:余|多)?"
_NONE = "没有(?!填)|未收到|未发生|无一|均无|免费|不收|免收|不超过"
# Measure words that stand for each other: a question for 几个人 is answered by 2名.
_MEASURES = (
    "个人|人次|人|名|位|口",
    "个月|月|天|日|年|周|个小时|小时|分钟|个?工作日|星期",
    "件|起|宗|例|次|回|趟|遍|期|场|届|轮|项",
    "条|篇|项|份|则|种|类|部(?!分)|款|件|期",
    "户|家|所|套|台|辆|只|座|栋|间|批|支|处|张|头",
    "公里|里|米|亩|平方米|平方|公顷|吨|斤|公斤|度|岁|倍|成",
)
_COUNTED = [
    (
        re.compile(f"{_HOW_MANY}(?:{group})"),
        # 12户, and in a table 户数：12
        Need(
            Missing.COUNT,
            re.compile(rf"{_NUMBER}[(]?(?:{group})|(?:{group})数?[(]?(?:{group})?[)]?:{_NUMBER}|{_NONE}"),
        ),
    )
    for group in _MEASURES
]
_ANY_MEASURE = "|".join(_MEASURES)
_MONEY = rf"{_NUMBER}[(]?(?:万|亿|千|百)?[元块]|{_NONE}|%|百分之"
_PHONE = r"\d{3,4}[)-]?-?\d{7,8}|(?<!\d)1\d{10}(?!\d)|(?<!\d)\d{7,8}(?!\d)|(?<!\d)[19]\d{4}(?!\d)"
_ASKED_AND_GIVEN = [
    (
        Missing.AMOUNT,
        rf"{_HOW_MANY}(?:万|亿|千|百)?(?:钱|元|块)|几[百千万](?!条|个|人|件|户|亩)|"
        rf"(?:花|补|赔|罚|收|投|交|缴|用|领|发|给|省|涨|付|投资|租金|工资|捐|款)(?:了|到|得|过|出|掉|脱|去|的|一共)?{_HOW_MANY}(?!{_ANY_MEASURE}|次|人|号)|"
        rf"{_HOW_MANY}捐款|一[户亩人年月天次]{_HOW_MANY}$",
        _MONEY,
    ),
    (
        Missing.COUNT,
        rf"(?<!号)(?<!号是)(?:{_HOW_MANY}(?:[?!]|$|个(?!月|人))|总额|金额|数额|总数|数量|百分之几|几个点|几成|多少|几多)",
        rf"(?<![\d.])\d+(?:[.,]\d+)*(?:余|多|来)?(?![\d.年月日号\])〕]|[,.]\d)|[二三四五六七八九十百千万两]+(?:余|多)?(?:个|家|户|名|人|项|条|元|次|倍|批|成|天|部门)|百分之|{_NONE}",
    ),
    (
        Missing.DATE,
        r"哪天|几月几号|几号(?!楼|窗|文|线)|哪一天|几月几日|哪个月|哪年|哪一年",
        r"\d+月|\d+日|\d+号|\d{4}年|星期|周[一二三四五六日]|即日|之日|[一二三四五六七八九十]月",
    ),
    (
        Missing.ADDRESS,
        r"网址|网站地址|公众号叫|公众号名|二维码",
        r"http|www|[.]gov|[.]cn|网址|公众号|小程序|二维码",
    ),
    (Missing.ADDRESS, r"邮箱|电邮|email", r"@"),
    (Missing.ADDRESS, r"邮编|邮政编码", r"(?<!\d)\d{6}(?!\d)"),
    (
        Missing.NAME,
        r"叫什么名字|叫啥名字|姓什么|是哪一?位|谁当|哪位领导",
        r"同志|先生|女士|姓名|主任[:：]|书记[:：]|[乡镇县市区]长[:：]|组长",
    ),
    (
        Missing.NAME,
        r"名单|名册|点个?名|都?叫啥名|都?叫什么名|哪几[个家]|分别是哪",
        r"[^、。]{2,}、[^、。]{2,}|《",
    ),
    (
        Missing.PLACE,
        r"哪栋|几楼|哪层|哪条[路街]|门牌|地址|具体位置|在哪个位置|寄到(?:哪|啥|什么)",
        r"地址|[路街巷道村]\d+号|\d+号楼|\d+楼|\d+室|\d+层|[一二三四五六七八九十]楼|栋|大厦|广场|中心",
    ),
    (
        Missing.PHONE,
        # but not how many calls there were
        rf"^(?!.*{_HOW_MANY}[个次通].{{0,4}}电话).*(?:(?:电话|座机|手机|热线)(?:号码|号)?(?:到底)?(?:是|多少|几号|几多|好多|发|给|呢|$)|打(?:什么|哪个|哪|啥|几)个?(?:电话|号|热线)|联系方式|(?:哪个|什么|啥|哪些|有没得|有没有)(?:电话|热线|号码)|电话号|(?:电话|热线)?号码(?:是|多少|$))",
        _PHONE,
    ),
    (
        Missing.PLACE,  # where something is done for people; 哪里没做好 asks for no place
        r"(?:哪里|哪儿|哪个(?:地方|医院|窗口|部门))(?:才?能|可以|去|来)*(?:打|补|领|买|交|做|测|接种|登记|报名)(?![的了得过]|好|公开)",
        r"地址|[路街巷道村]\d+号|\d+号楼|\d+[楼室层]|栋|大厦|广场|中心|医院|卫生[院室所]|窗口|大厅|服务站|药店|超市|网上|网站|公众号|小程序|app|[到向在][^,。;]{1,20}(?:办|领|报名|登记|购买|接种)",
    ),
    (Missing.HOURS, r"几点|上班时间|下班时间|办公时间", r"\d+[:点时]|[一二三四五六七八九十]点|24小时"),
    (
        Missing.NAME,
        r"哪个公司|哪家公司|哪个老板|哪家企业|哪个队|谁中标|谁承包|哪家中标",
        r"公司|厂|集团|合作社|队|店",
    ),
    (Missing.DOCUMENT_NUMBER, r"文号|几号文|哪个文号", r"〔|\[\d{4}\]|\d+号"),
    (Missing.FULL_TEXT, r"全文|原文|原件|复印件|扫描件", r"(?!)"),
    (
        Missing.HOW,  # of a thing to be done: 怎么申请低保; that something is disclosed about it is no answer
        r"(?:怎么|怎样|咋个?|如何|到?哪里|哪儿|[到去上]哪)(?:去|能|才能|才可以|可以)?(?:申请|申领|申报|报名|领取|报销|参保|办理?+)(?![的了得过]|好|公开)|[找向问](?:谁|哪个|哪位|什么人)(?:去|来|才能)?(?:申请|申领|申报|报名|办)|要(?:带|准备|交)?(?:什么|啥子?|哪些)(?:材料|手续|证件|证明|资料)|(?:什么|啥子?|哪些)条件(?:才|能|可以)",
        r"申请[人书表]|身份证|户口[本簿]|[持凭][^,。;]{0,12}(?:证|卡|本|码|函|书|表)|携带|填写|填报|提交|邮寄|受理|窗口|流程|程序|步骤|网上|登录|拨打|致电|(?:准备|带|交|提供|提出|下列|以下|所需|需要?|申请)[^,。;]{0,8}(?:材料|手续|证明|证件|申请)|[向到][^,。;]{1,15}(?:申请|办理|领取|报名|登记|提出)|(?:符合|下列|以下)[^。;]{0,20}条件",
    ),
    # What was planned is not what was spent.
    (
        Missing.AMOUNT,
        r"决算|实际(?:用|花|支出|执行|上)|最后(?:用|花|实际)",
        r"决算|实际(?:支出|使用|执行|发生|完成|用|花)|结算|执行数",
    ),
    (Missing.AMOUNT, r"预算", r"预算"),
]
_PATTERNS = [(re.compile(asked), Need(kind, re.compile(given))) for kind, asked, given in _ASKED_AND_GIVEN]


def needs_of(question: str) -> tuple[Need, ...]:
    """What an answer must hold where a question plainly asks for a thing: an amount, a telephone."""
    return tuple(_needs(question))


def _needs(question: str) -> Iterator[Need]:
    yield from (need for asked, need in _PATTERNS if asked.search(question))
    counted = [
        (found.end() - found.start(), need) for asked, need in _COUNTED if (found := asked.search(question))
    ]
    if counted:
        yield max(counted, key=lambda pair: pair[0])[1]


def missing(needs: Iterable[Need], text: str) -> Missing | None:
    """The first thing needed that a folded text does not hold."""
    return next((need.kind for need in needs if not need.given.search(text)), None)


def lacks(needs: Iterable[Need], text: str) -> bool:
    """Whether a folded text does not hold all that is needed."""
    return missing(needs, text) is not None
