"""Spelt years, dates and amounts in digits, so that both sides of a comparison write them the same.

    in_digits("二〇一九年三月一日起，每公里一百二十万元") -> "2019年3月1日起，每公里1200000元"
    in_digits("120万元") == in_digits("1,200,000元") == "1200000元"

Only for comparing: what is quoted stays as it was written.  A numeral is taken for a number where a year, a
day, a unit or 万 and 亿 show that it is one: 一次, 十三五规划 and 四面八方 stay as they are.
"""

from __future__ import annotations

import re
from decimal import Decimal

_ZERO = "零〇○\u25ef\u041eOo\uff2f\uff4f"  # as a zero is typed in a spelt year
_DIGITS = str.maketrans(f"{_ZERO}一二两三四五六七八九", f"{'0' * len(_ZERO)}1223456789")
_FULL_WIDTH = {0xFF10 + digit: str(digit) for digit in range(10)}
_SMALL = {"十": 10, "百": 100, "千": 1000}
_LARGE = {"万": 10_000, "亿": 100_000_000}
# As money is written where nobody may change it: 壹拾贰万元整.
_FORMAL = re.compile("[壹贰叁肆伍陆柒捌玖][壹贰叁肆伍陆柒捌玖拾佰仟万亿零]*(?=元|圆|万|亿)")
_FORMAL_AS_PLAIN = str.maketrans("壹贰叁肆伍陆柒捌玖拾佰仟", "一二三四五六七八九十百千")
_POINT = re.compile(r"[零一二两三四五六七八九十百]{1,7}点[零一二三四五六七八九]{1,4}(?=万|亿|元|倍|%)")
_PERCENT = re.compile(
    r"百分之([零一二三四五六七八九十百]{1,5}(?:点[零一二三四五六七八九]{1,4})?|\d[\d.]{0,6})"
)
_UNITS = (
    "元|块|角|户|人|亩|件|条|项|吨|斤|公斤|公里|千米|米|平方|岁|名|天|个月|个工作日|工作日|小时|%|倍|万|亿"
)
_ANY = re.compile(r"[零〇○一二两三四五六七八九十百千廿卅壹贰叁肆伍陆柒捌玖拾]|\d[,，]\d{3}|\d\s?[万亿]")
_YEAR = re.compile(
    rf"(?<![零〇○一二两三四五六七八九十百千万\d])([一二][{_ZERO}0九][{_ZERO}0-9一二三四五六七八九]{{2}})(?=\s?年)"
)
_NUMERAL = "一二两三四五六七八九十"
_DAY = re.compile(
    rf"(?<=[年\d])\s?([{_NUMERAL}]{{1,2}})月(?:\s?([{_NUMERAL}]{{1,3}})(日|号))?|(?<![{_NUMERAL}零百千万\d])([{_NUMERAL}]{{1,2}})月\s?([{_NUMERAL}]{{1,3}})(日|号)"
)
_GROUPED = re.compile(r"(?<![\d.,])\d{1,3}(?:,\d{3})+(?![\d,])")
_MIXED = re.compile(r"(?<![\d.])(\d{1,12}(?:\.\d{1,6})?)\s?(万|亿)(?!\d)(?:([一二三四五六七八九])千)?")
_SPELT = re.compile(
    rf"(?<![第之])(?<![一二两三四五六七八九十百千万亿零〇])([一二两三四五六七八九十百千万亿零〇]{{1,20}})(?=余?(?:{_UNITS})|[吗呢吧？?]|$)"
)
_SINGLE = re.compile(
    r"(?<![第之一二两三四五六七八九十百千万亿零〇])([一二两三四五六七八九])(?=元|块钱|万元|亿元)"
)


def in_digits(text: str) -> str:
    """The text with its spelt years, dates and numbers in digits; in_digits(in_digits(x)) == in_digits(x)."""
    if not _ANY.search(text):
        return text
    text = _FORMAL.sub(_plain_numeral, text.replace("廿", "二十").replace("卅", "三十"))
    text = _PERCENT.sub(lambda found: f"{_spelt_value(found[1])}%", days_in_digits(text))
    text = _POINT.sub(lambda found: _spelt_value(found[0]), text)
    text = _GROUPED.sub(lambda found: found[0].replace(",", ""), text)
    text = _SPELT.sub(_amount, text)
    text = _SINGLE.sub(lambda found: found[1].translate(_DIGITS), text)
    return _MIXED.sub(_multiplied, text)


def _plain_numeral(found: re.Match[str]) -> str:
    return found[0].translate(_FORMAL_AS_PLAIN)


def _spelt_value(numeral: str) -> str:
    """`一点二` -> 1.2, `三十五` -> 35; in digits it stays."""
    whole, _, rest = numeral.partition("点")
    value = value_of_numeral(whole)
    shown = whole if value is None else str(value)
    return f"{shown}.{rest.translate(_DIGITS)}" if rest else shown


def days_in_digits(text: str) -> str:
    """Only years and days: `二〇二五年三月一日` -> `2025年3月1日`."""
    text = text.translate(_FULL_WIDTH)
    return _DAY.sub(_day, _YEAR.sub(lambda found: found[1].translate(_DIGITS), text))


def _day(found: re.Match[str]) -> str:
    month, day, ending = found[1] or found[4], found[2] or found[5], found[3] or found[6]
    lead = found[0][: len(found[0]) - len(found[0].lstrip())]
    number = value_of_numeral(month)
    if number is None or not 1 <= number <= 12:
        return found[0]
    return f"{lead}{number}月" + (f"{value_of_numeral(day)}{ending}" if day else "")


def _amount(found: re.Match[str]) -> str:
    """A numeral of several characters, with a ten, hundred, 万 … in it; anything else is a word."""
    numeral = found[1]
    if len(numeral) < 2 or not set(numeral) & {*_SMALL, *_LARGE} or numeral[0] in "百千万亿":
        return numeral
    value = value_of_numeral(numeral)
    return numeral if value is None else str(value)


def _multiplied(found: re.Match[str]) -> str:
    value = Decimal(found[1]) * _LARGE[found[2]]
    if found[3]:  # 3万五千
        value += 1000 * int(found[3].translate(_DIGITS))
    return f"{value.quantize(Decimal(1))}" if value == value.to_integral_value() else f"{value.normalize():f}"


def value_of_numeral(numeral: str) -> int | None:
    """`一百二十万` -> 1200000, `二〇` -> 20, `三万五` -> 35000; None where it is no number."""
    if not set(numeral) & {*_SMALL, *_LARGE}:
        digits = numeral.translate(_DIGITS)
        return int(digits) if digits.isdecimal() else None
    total = section = digit = unit = 0
    for character in numeral:
        if character == "亿":
            total, section, digit, unit = (total + section + digit) * _LARGE["亿"], 0, 0, _LARGE["亿"]
        elif character == "万":
            total, section, digit, unit = total + (section + digit) * _LARGE["万"], 0, 0, _LARGE["万"]
        elif character in _SMALL:
            section, digit, unit = section + (digit or 1) * _SMALL[character], 0, _SMALL[character]
        else:
            digit = int(character.translate(_DIGITS))
            unit = unit if digit else 0
    return total + section + digit * (unit // 10 if unit > 10 else 1)
