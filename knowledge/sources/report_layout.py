"""Tables 2 to 4 of an annual report on disclosure, as the national forms print them.

国办公开办函〔2021〕30号 and the form of 2019 before it: names of rows and columns, in their order.  Which
report follows which form is seen from the names that stand in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from knowledge.documents.document import Cells
from knowledge.text.normalize import squeeze

BAND = "第二十条第（{}）项"
BANDS = tuple(BAND.format(number) for number in "一二三四五六七八九")

TABLE_2_ROWS = (
    *("规章", "行政规范性文件", "规范性文件", "行政许可", "其他对外管理服务事项", "行政处罚", "行政强制"),
    *("行政事业性收费", "政府集中采购"),
)
TABLE_2_COLUMNS = (
    *("本年制发件数", "本年废止件数", "现行有效件数", "本年处理决定数量", "本年收费金额（单位：万元）"),
    *("本年新制作数量", "本年新公开数量", "对外公开总数量"),
    *("上一年项目数量", "本年增/减", "处理决定数量", "采购项目数量", "采购总金额"),
)
TABLE_2_HEAD = "信息内容"

_NEW = "一、本年新收政府信息公开申请数量"
_CARRIED_IN = "二、上年结转政府信息公开申请数量"
_RESULTS = "三、本年度办理结果"
_CARRIED_OUT = "四、结转下年度继续办理"
_GROUPS = {
    "（三）不予公开": (
        *("1.属于国家秘密", "2.其他法律行政法规禁止公开", "3.危及“三安全一稳定”", "4.保护第三方合法权益"),
        *("5.属于三类内部事务信息", "6.属于四类过程性信息", "7.属于行政执法案卷", "8.属于行政查询事项"),
    ),
    "（四）无法提供": (
        *("1.本机关不掌握相关政府信息", "2.没有现成信息需要另行制作", "3.补正后申请内容仍不明确"),
    ),
    "（五）不予处理": (
        *("1.信访举报投诉类申请", "2.重复申请", "3.要求提供公开出版物", "4.无正当理由大量反复申请"),
        "5.要求行政机关确认或重新出具已获取信息",
    ),
    "（六）其他处理": (
        "1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请",
        "2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请",
        "3.其他",
    ),
}
TABLE_3_ROWS: tuple[tuple[str, ...], ...] = (
    (_NEW,),
    (_CARRIED_IN,),
    (_RESULTS, "（一）予以公开"),
    (_RESULTS, "（二）部分公开"),
    *((_RESULTS, group, row) for group, rows in _GROUPS.items() for row in ("", *rows)),
    (_RESULTS, "（七）总计"),
    (_CARRIED_OUT,),
)
TABLE_3_COLUMNS: tuple[tuple[str, ...], ...] = (
    ("自然人",),
    *(("法人或其他组织", name) for name in ("商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他")),
    ("总计",),
)
TABLE_4_COLUMNS: tuple[tuple[str, ...], ...] = tuple(
    (*kind, result)
    for kind in (("行政复议",), ("行政诉讼", "未经复议直接起诉"), ("行政诉讼", "复议后起诉"))
    for result in ("结果维持", "结果纠正", "其他结果", "尚未审结", "总计")
)

_UNITS = {"本年收费金额": "万元", "采购总金额": "万元"}
_SIGNS = {
    2: ("行政许可", "行政处罚", "行政强制", "规章", "规范性文件", "行政事业性收费"),
    3: (_NEW, _CARRIED_IN, "结转下年度继续办理"),
    4: ("未经复议直接起诉", "复议后起诉", "尚未审结"),
}
_ENOUGH = {2: 1, 3: 1, 4: 2}
_COLUMNS_OF_2 = ("制发件数", "处理决定数量", "新制作数量", "本年收费金额", "采购总金额", "上一年项目数量")


def table_number(texts: Iterable[str]) -> int:
    """Which of the three a table with these texts is; 0 for none of them."""
    whole = squeeze("".join(texts))
    for number in (3, 4, 2):
        signs = sum(squeeze(sign) in whole for sign in _SIGNS[number])
        if signs >= _ENOUGH[number] and (number != 2 or any(column in whole for column in _COLUMNS_OF_2)):
            return number
    return 0


def whole_rows(rows: Sequence[Cells]) -> list[Cells]:
    """The rows of Table 3, a name that a page's end has cut in two put together again."""
    known = {squeeze(name) for row in TABLE_3_ROWS for name in row if name}
    whole: list[Cells] = []
    for row in rows:
        joined = _continued(whole[-1], row) if whole else None
        if joined is not None and all(squeeze(cell or "") in known for cell in joined.values()):
            whole[-1] = tuple(joined.get(at, cell) for at, cell in enumerate(whole[-1]))
        else:
            whole.append(row)
    return whole


def _continued(above: Cells, row: Cells) -> dict[int, str] | None:
    """The cells of two rows joined, where the second holds nothing but ends of what stands above them."""
    rests = {at: cell for at, cell in enumerate(row) if cell}
    if not rests or any(at >= len(above) or not above[at] for at in rests):
        return None
    return {at: f"{above[at]}{cell}" for at, cell in rests.items()}


def unit_of(number: int, rows: Iterable[str], columns: Iterable[str]) -> str:
    """What the cells of this row and column of Tables 2 to 4 are counted in."""
    names = " ".join((*columns, *rows))
    money = next((unit for name, unit in _UNITS.items() if name in names), "")
    return money or ("项" if "项目数量" in names or "增/减" in names else "件")


TITLES = {2: "表二", 3: "表三", 4: "表四"}
