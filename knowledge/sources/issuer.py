"""Names of agencies: what is one, and which a title begins with."""

from __future__ import annotations

import re

from knowledge.text.numerals import days_in_digits

AGENCY_END = (
    r"(?:人民政府(?:办公室)?|政府办公室|政府|办公室|委员会|管委会|街道办事处|街道办|办事处|局|厅|中心|院|所|站|支队|大队|"
    r"指挥部|小组|联合会|残联|妇联|工商联|联社|协会|村委会|居委会|公司|集团|学校|医院|银行|分行|支行|法院|检察院|总队|部|办|署|会|"
    r"[\u4e00-\u9fff]委|(?:工作|综合|监管|专项|领导|指导|防控|指挥)组|机制|专班)"
)
AGENCY = re.compile(rf"[^。；：，、《》\s\d]{{2,40}}{AGENCY_END}(?:[(（][^()（）]{{1,10}}[)）])?")
_PLACE = re.compile(r"[^。；：，、《》\s\d]{1,20}(?:乡|镇|街道|区|县|市|旗|州|村|社区)")


def is_agency(line: str) -> bool:
    return len(line) <= 45 and AGENCY.fullmatch(line) is not None


def is_broken(line: str, after: str) -> bool:
    """Whether a name is broken over two lines: `清水县森林草原防灭火` / `指挥部`, `…人民政府` / `办公室`.

    The second line names no place, and the first one does without being an agency by itself.
    """
    if _END_ALONE.fullmatch(after):
        return is_agency(line + after)
    is_begun = _BEGUN.fullmatch(line) is not None and _OF_PLACE.search(line) is not None
    return is_begun and is_agency(after) and not is_agency(line) and not _OF_PLACE.search(after)


_END_ALONE = re.compile(AGENCY_END)
_BEGUN = re.compile(r"[^\s，。：；、！？\d]{3,30}")
_OF_PLACE = re.compile(
    r"国务院|国家|^中[国共]|^共青团|省|自治区|市(?![场政容民])|(?<!社)区|县|乡(?!村)|镇|旗|街道"
)


def apart(names: str) -> str:
    """`清水县财政局清水县民政局` -> `清水县财政局、清水县民政局`, where the second names the place anew.

    `国家税务总局清水县税务局` and `清水县人民政府办公室` are one agency each.
    """
    place = _ITS_PLACE.match(names)
    parts, begun = [], 0
    for end in re.finditer(AGENCY_END, names):
        one, rest = names[begun : end.end()], names[end.end() :]
        is_new = (place is not None and rest.startswith(place[1])) or _OF_THE_STATE.match(rest)
        if rest and is_new and is_agency(one) and not _HAS_BRANCHES.match(one):
            parts.append(one)
            begun = end.end()
    return "、".join((*parts, names[begun:]))


_ITS_PLACE = re.compile(r"(?:中共|共青团)?(\S{1,8}?(?:省|自治区|市|县|区|州|旗|乡|镇|街道))")
_OF_THE_STATE = re.compile(r"国家|中[国共]|共青团")
_HAS_BRANCHES = re.compile(r"(?:国家|中国)\S*(?:总局|银行|会|集团|公司)$")


def red_head(line: str) -> str:
    """Whose the red head of a document is: `清水镇人民政府文件` -> `清水镇人民政府`; "" for another."""
    found = _RED_HEAD.fullmatch(line.replace(" ", "").replace("\u3000", ""))
    return found[1] if found and is_agency(found[1]) else ""


_RED_HEAD = re.compile(r"(?:中共.{2,20}委员会)?(.{2,40})文件")


def is_place(line: str) -> bool:
    """`清水乡`: a place that stands for its government."""
    return _PLACE.fullmatch(line) is not None


_IN_TITLE = (
    re.compile(r"^(?:\d{4}年?度?)?(?P<a>[^\d《》]{2,80}?)(?:关于|印发|转发)"),
    re.compile(
        rf"^(?:\d{{4}}年?度?)?(?P<a>[^\d《》]{{1,30}}?{AGENCY_END})(?=\d{{4}}|(?:政府信息|政务)公开|本级|部门|“?三公|财政)"
    ),
    re.compile(
        r"^(?:\d{4}年?度?)?(?P<a>[^\d《》“”]{1,20}(?:乡|镇|街道|区|县|市|旗|州))(?=\d{4}|(?:政府信息|政务)公开|本级|部门|“?三公|财政)"
    ),
    re.compile(
        r"^\d{4}年?度?(?P<a>[^\d《》“”]{1,20}?(?:乡|镇|街道|区|县|市|旗|州|局|厅|委员会|政府))(?:\d{4}|(?:政府信息|政务)公开|本级|部门|“?三公|财政)"
    ),
)


# 关于清水镇2023年…, 城乡居民…, 各乡镇…: no names.
_NO_NAME = re.compile(
    r"关于|对|[全本我各该]|.*(?:城乡|乡镇|村镇|集镇|城镇|城区|城市|社区|园区|景区|小区|山区|灾区|地区)$"
)
_GOVERNS = r"(?:人民政府|政府|党委|办事处|便民服务中心|党政|财政所)"


def is_name(text: str) -> bool:
    """Whether it may be the name of one place: `城乡` and `各乡镇` are none."""
    return _NO_NAME.match(text) is None


def place_in_title(title: str, whole: str) -> str:
    """`清水镇公厕管理制度` -> `清水镇`, where the text speaks of its government; "" otherwise."""
    bare = re.sub(r"^(?:19|20)\d{2}年度?", "", days_in_digits(title))
    place = ""
    for found in re.finditer(r"乡|镇|街道", bare[:20]):
        name = bare[: found.end()]
        if len(name) > 2 and is_name(name) and re.search(re.escape(name) + _GOVERNS, whole):
            place = name
    return place


def _may_issue(name: str) -> bool:
    """An agency, or a place that stands for its government: `市政府`, `清水镇`."""
    return any(pattern.fullmatch(name) for pattern in (AGENCY, _PLACE, _ITS_GOVERNMENT))


_ITS_GOVERNMENT = re.compile(r"[省市县区州旗乡镇](?:人民)?政府")


def agency_in_title(title: str) -> str:
    """`清水镇人民政府关于…` -> `清水镇人民政府`; "" where a title begins with what it is about."""
    for pattern in _IN_TITLE:
        found = pattern.match(days_in_digits(title))
        named = apart(found["a"]).split("、") if found and is_name(found["a"]) else []
        if named and all(map(_may_issue, named)):
            return "、".join(named)
    return ""
