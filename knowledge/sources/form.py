"""A form: cells with a label, each beside what was filled in, instead of a head over rows.

    项目名称   石桥村道路硬化工程
    建设单位   石桥村村民委员会      项目投资   68.5万元
    联系人     李红                 电话       0731-88120009

It is told by what stands where: nearly all of the first, third … cells of its rows are called as fields of
forms are (名称, 地址, 电话), and nearly none of the others.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from knowledge.documents.document import Cells, Table
from knowledge.sources.grid import Figure, unit_in

_MOST_LABELS, _MOST_VALUES = 0.7, 0.3  # shares of cells that are called as fields are
_LONGEST_LABEL = 16  # characters
_NOTE = re.compile(r"[（(][^（）()]{1,20}[)）]$|[*:：]+$|^[*]+")
_NUMBER = re.compile(r"^[（(]?[\d一二三四五六七八九十]{1,2}[)）、.．]\s*")
_FIELD = re.compile(
    r"[^。；;,，!！?？\d]*(?:名称|姓名|全称|简称|名|时间|日期|期限|时限|年限|周期|地点|地址|住所|位置|电话|手机|热线|传真|号码|号|"
    r"邮箱|邮编|网址|单位|机关|部门|机构|主体|对象|范围|条件|材料|要求|标准|依据|流程|程序|环节|方式|方法|渠道|途径|形式|"
    r"内容|事项|事由|项目|事实|结果|结论|决定|意见|措施|情况|概况|简介|说明|备注|原因|来源|去向|用途|状态|进度|金额|数额|投资|造价|"
    r"资金|费用|收费|价格|面积|规模|数量|编号|文号|代码|类型|类别|种类|性质|等级|级别|职务|职责|职能|性别|年龄|民族|学历|"
    r"联系人|负责人|代表人|经办人|申请人|当事人|责任人|办理人|有效期|有效性|领域|主题|关键词|目标|效益)"
)


@dataclass(frozen=True)
class _Pair:
    group: str
    label: str
    value: str


def form_figures(table: Table, unit: str = "") -> list[Figure]:
    """The fields of a form, in reading order; none where the table is no form.  "" is "not stated"."""
    pairs = list(_pairs(table))
    labels = sum(_is_field(pair.label) for pair in pairs)
    values = [pair.value for pair in pairs if pair.value]
    if (
        not values
        or labels < _MOST_LABELS * len(pairs)
        or sum(map(_is_field, values)) > _MOST_VALUES * len(values)
    ):
        return []
    return [
        Figure(tuple(name for name in (pair.group, _bare(pair.label)) if name), (), pair.value, own)
        for pair in pairs
        if pair.label
        for own in [unit_in(pair.label) or (unit if pair.value.isdecimal() else "")]
    ]


def _pairs(table: Table) -> Iterator[_Pair]:
    """Label and value after each other; a cell over several rows, or alone in one, names a group."""
    group = ""
    for at, row in enumerate(table.rows):
        cells = [(cell or "").strip() for cell in row if cell is not None]
        texts = [cell for cell in cells if cell]
        if len(texts) == 1 and len(row) > 1 and cells[0] and len(cells) != 2:
            group = texts[0]
            continue
        if len(cells) % 2 and _goes_down(table.rows, at) and cells[0]:
            group, cells = cells[0], cells[1:]
        for label, value in zip(cells[::2], cells[1::2], strict=False):
            if label or value:
                yield _Pair(group, label, value)


def _goes_down(rows: tuple[Cells, ...], at: int) -> bool:
    """Whether the first cell of a row covers the first of the next."""
    return at + 1 < len(rows) and rows[at + 1][0] is None


def _bare(label: str) -> str:
    return "".join(_NUMBER.sub("", label).split()).rstrip(":：*")


def _is_field(text: str) -> bool:
    bare = _NOTE.sub("", _bare(text))
    return 1 < len(bare) <= _LONGEST_LABEL and _FIELD.fullmatch(bare) is not None
