"""A value in a cell of a workbook -> the text that the cell shows: 0.125 as 12.5%, 45000 as 2023年3月15日."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from decimal import ROUND_HALF_UP, Decimal

_LITERAL = re.compile(r'"([^"]*)"')
_NOT_SHOWN = re.compile(r"\[[^\]]*\]|_.|\*.")  # colours and conditions, gaps as wide as a sign
_DIGITS = re.compile(r"[0#?,]+(?:\.[0#?]+)?,*")
_DATE_PART = re.compile(r"y+|m+|d+|h+|s+|a+|上午/下午|am/pm", re.IGNORECASE)
_PRECISION = 11  # digits that Excel shows of a number without a format


def shown(value: object, number_format: str = "General") -> str:
    """The text of a value as openpyxl gives it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return _number(Decimal(repr(value)), number_format)
    if isinstance(value, datetime | date | time):
        return _moment(value, number_format)
    return str(value)


# ---- numbers


def _number(value: Decimal, number_format: str) -> str:
    sections = number_format.split(";")
    is_second = value < 0 and len(sections) > 1 and _DIGITS.search(sections[1])
    section = sections[1] if is_second else sections[0]
    literals = [found[1] for found in _LITERAL.finditer(section)]
    pattern = _NOT_SHOWN.sub("", _LITERAL.sub("\0", section))
    digits = _DIGITS.search(pattern)
    if (
        digits is None
        or not value.is_finite()
        or "E" in pattern.upper().replace("GENERAL", "")
        or "/" in pattern
    ):
        return _plain(value)
    if is_second:
        value = -value
    before, behind = pattern[: digits.start()], pattern[digits.end() :]
    figure = digits[0]
    if behind[:2] in ("!.", "\\.") and (more := _DIGITS.match(behind, 2)):  # 0!.0, shows tens of thousands
        return _in_ten_thousands(value, more[0])
    if "%" in pattern:
        value *= 100
    thousands = len(figure) - len(figure.rstrip(","))
    decimals = figure.rstrip(",").partition(".")[2]
    rounded = (value / 1000**thousands).quantize(Decimal(1).scaleb(-len(decimals)), ROUND_HALF_UP)
    text = f"{rounded:,f}" if "," in figure.rstrip(",") else f"{rounded:f}"
    optional = len(decimals) - len(decimals.rstrip("#?"))
    for _ in range(optional):
        text = text.removesuffix("0")
    whole = f"{before}\1{behind}".replace("\\", "")
    for literal in literals:
        whole = whole.replace("\0", literal, 1)
    return whole.replace("\1", text.rstrip(".") if decimals else text).strip()


def _in_ten_thousands(value: Decimal, more: str) -> str:
    scaled = (value / 1000 ** more.count(",")).quantize(Decimal(1), ROUND_HALF_UP)
    places = len(more.rstrip(","))
    return f"{scaled.scaleb(-places):f}"


def _plain(value: Decimal) -> str:
    if not value.is_finite():
        return str(value)
    whole = len(str(abs(int(value))))
    rounded = round(value, max(0, _PRECISION - whole)) if whole < _PRECISION else value
    text = f"{rounded:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


# ---- dates and times


def _moment(value: datetime | date | time, number_format: str) -> str:
    """In the order and with the words of its format; as 2024-03-01 where that says nothing."""
    pattern = _NOT_SHOWN.sub("", number_format.split(";")[0]).replace('"', "").replace("\\", "")
    parts = list(_DATE_PART.finditer(pattern))
    if not parts or ("年" not in pattern and not re.search(r"[yh]", pattern, re.IGNORECASE)):
        return value.isoformat(" ") if isinstance(value, datetime) else value.isoformat()
    pieces, done, before = [], 0, ""
    for at, found in enumerate(parts):
        token = found[0].lower()
        after = parts[at + 1][0].lower() if at + 1 < len(parts) else ""
        is_minute = token[0] == "m" and (before[:1] == "h" or after[:1] == "s") and len(token) < 3
        pieces += [pattern[done : found.start()], _date_part(value, "n" * len(token) if is_minute else token)]
        done, before = found.end(), token
    return "".join([*pieces, pattern[done:]]).replace("@", "").strip()


def _date_part(value: datetime | date | time, token: str) -> str:
    name = {"y": "year", "m": "month", "d": "day", "h": "hour", "n": "minute", "s": "second"}.get(token[0])
    number = getattr(value, name, None) if name else None
    if number is None:
        return ""
    if token[0] == "y":
        return str(number) if len(token) > 2 else f"{number % 100:02}"
    return f"{number:02}" if len(token) == 2 else str(number)
