"""Numbers as Chinese prose writes them: 12, 十二, 一百二十, 二〇五.  Pure."""

from __future__ import annotations

DIGITS = "零一二三四五六七八九"
CHARACTERS = f"{DIGITS}\u3007○两十百千万"  # of a numeral
_UNITS = {"十": 10, "百": 100, "千": 1000}
_SPELT = str.maketrans("\u3007○两", "零零二")
_LEAST_SPELT = 3  # 一二〇 is a number; 二三 is two or three


def number_of(text: str) -> int | None:
    """The number, None where it is none: 二三 (two or three), 一百二 (a hundred and two? and twenty?)."""
    if text.isascii() and text.isdigit():
        return int(text)
    plain = text.translate(_SPELT)
    if not plain or any(character not in CHARACTERS for character in plain):
        return None
    if all(character in DIGITS for character in plain):
        spelt = len(plain) == 1 or len(plain) >= _LEAST_SPELT or "零" in plain
        return int("".join(str(DIGITS.index(character)) for character in plain)) if spelt else None
    number = _loosely(plain)
    written = plain[1:] if plain.startswith("一十") else plain
    return number if in_words(number) == written else None


def _loosely(plain: str) -> int:
    whole = section = digit = 0
    for character in plain:
        if character == "万":
            whole, section, digit = (whole + section + digit) * 10_000, 0, 0
        elif character in _UNITS:
            section, digit = section + (digit or 1) * _UNITS[character], 0
        else:
            digit = DIGITS.index(character)
    return whole + section + digit


def in_words(number: int) -> str:
    """As it is written: 12 is 十二, 1005 is 一千零五.  Up to 99,999,999."""
    if number >= 10_000:
        rest = number % 10_000
        gap = "零" if 0 < rest < 1000 else ""
        return f"{in_words(number // 10_000)}万{gap}{_below(rest) if rest else ''}"
    words = _below(number)
    return words[1:] if words.startswith("一十") else words


def _below(number: int) -> str:
    """Below ten thousand, 一十 at its beginning and all."""
    if number < 10:
        return DIGITS[number]
    unit, name = next((unit, name) for name, unit in reversed(_UNITS.items()) if number >= unit)
    rest = number % unit
    gap = "零" if 0 < rest < unit // 10 else ""
    return f"{DIGITS[number // unit]}{name}{gap}{_below(rest) if rest else ''}"
