"""How automatic numbers are written: 3 -> 三, III, c, ③.  Names as in OOXML (ST_NumberFormat)."""

from __future__ import annotations

_DIGITS = "〇一二三四五六七八九"
_LEGAL_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
_ROMAN = [
    *((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl")),
    *((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")),
]
_COUNTING = frozenset(
    [
        *("chineseCounting", "chineseCountingThousand", "japaneseCounting", "japaneseDigitalTenThousand"),
        *("taiwaneseCounting", "taiwaneseCountingThousand", "koreanCounting", "koreanDigital2"),
    ]
)
_LEGAL = frozenset(["chineseLegalSimplified", "ideographLegalTraditional", "japaneseLegal"])
_CIRCLED = frozenset(["decimalEnclosedCircle", "decimalEnclosedCircleChinese"])
_MOST = 100_000  # a number beyond is a slip, and its Roman form would be as long


def written(number: int, form: str) -> str:
    """`number` in the form of that name; decimal where the form is not known, "" for `none`."""
    if form in ("none", "bullet"):
        return ""
    if not 0 < number <= _MOST:
        return str(number)
    if form in _COUNTING:
        return counted(number)
    if form in _LEGAL:
        return counted(number, _LEGAL_DIGITS, "拾佰仟")
    if form in _CIRCLED:
        return _circled(number)
    if form == "ideographDigital":
        return "".join(_DIGITS[int(digit)] for digit in str(number))
    if form == "ideographTraditional":
        return _STEMS[number - 1] if number <= len(_STEMS) else str(number)
    if form in ("ideographZodiac", "zodiac"):
        return _BRANCHES[number - 1] if number <= len(_BRANCHES) else str(number)
    if form in ("upperRoman", "lowerRoman"):
        return _roman(number).upper() if form == "upperRoman" else _roman(number)
    if form in ("upperLetter", "lowerLetter"):
        return _letters(number, "A" if form == "upperLetter" else "a")
    if form == "decimalZero":
        return f"{number:02}"
    return str(number)


def counted(number: int, digits: str = _DIGITS, units: str = "十百千") -> str:
    """12 -> 十二, 105 -> 一百零五, 12000 -> 一万二千."""
    if number >= 10_000:
        above, below = divmod(number, 10_000)
        gap = "零" if 0 < below < 1000 else ""
        return counted(above, digits, units) + "万" + gap + (counted(below, digits, units) if below else "")
    out, is_gap = "", False
    for place in range(3, -1, -1):
        digit = number // 10**place % 10
        if digit:
            out += ("零" if is_gap else "") + digits[digit] + (units[place - 1] if place else "")
            is_gap = False
        else:
            is_gap = bool(out)
    return out.removeprefix("一") if digits is _DIGITS and out.startswith("一十") else out


def _circled(number: int) -> str:
    """① to ⑳, ㉑ to ㊿."""
    for first, last, base in ((1, 20, 0x2460), (21, 35, 0x3251), (36, 50, 0x32B1)):
        if first <= number <= last:
            return chr(base + number - first)
    return str(number)


def _roman(number: int) -> str:
    out = ""
    for value, letters in _ROMAN:
        times, number = divmod(number, value)
        out += letters * times
    return out


def _letters(number: int, first: str) -> str:
    """1 -> a, 26 -> z, 27 -> aa, 28 -> bb, as Word does."""
    times, position = divmod(number - 1, 26)
    return chr(ord(first) + position) * min(times + 1, 10)
