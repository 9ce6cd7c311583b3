"""Names of agencies: what is one, and which a title begins with."""

from __future__ import annotations

import re

from knowledge.text.numerals import days_in_digits

AGENCY_END = (
    r"(?:人民政府(?:办公室)?|政府办公室|政府|办公室|委员会|管委会|街道办事处|街道办|办事处|局|厅|中心|院|所|站|支队|大队|"
    r"指挥部|领导小组|联合会|协会|村委会|居委会|公司|学校|医院|银行|法院|检察院|总队|部|办|署|会)"
)
AGENCY = re.compile(rf"[^。；：，、《》\s\d]{{2,40}}{AGENCY_END}(?:[(（][^()（）]{{1,10}}[)）])?")
_PLACE = re.compile(r"[^。；：，、《》\s\d]{1,20}(?:乡|镇|街道|区|县|市|旗|州|村|社区)")


def is_agency(line: str) -> bool:
    return len(line) <= 45 and AGENCY.fullmatch(line) is not None


def red_head(line: str) -> str:
    """Whose the red head of a document is: `清水镇人民政府文件` -> `清水镇人民政府`; "" for another."""
    found = _RED_HEAD.fullmatch(line.replace(" ", "").replace("\u3000", ""))
    return found[1] if found and is_agency(found[1]) else ""


_RED_HEAD = re.compile(r"(?:中共.{2,20}委员会)?(.{2,40})文件")


def is_place(line: str) -> bool:
    """`清水乡`: a place that stands for its government."""
    return _PLACE.fullmatch(line) is not None


_IN_TITLE = (
    re.compile(r"^(?:\d{4}年?度?)?(?P<a>[^\d《》]{2,30}?)(?:关于|印发|转发)"),
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


def agency_in_title(title: str) -> str:
    """`清水镇人民政府关于…` -> `清水镇人民政府`; "" where a title begins with what it is about."""
    for pattern in _IN_TITLE:
        found = pattern.match(days_in_digits(title))
        if found and is_name(found["a"]) and (AGENCY.fullmatch(found["a"]) or _PLACE.fullmatch(found["a"])):
            return found["a"]
    return ""
