"""One spelling for everything that is compared: questions and entries go through the same `fold`.

    fold("本報告由洲上鄉(xiāng)編制")   -> "本报告由洲上乡编制"
    squeeze("（中办发 2016 年 8 号）")  -> "中办发2016年8号"  (letters, digits and characters only)
    sounding("低保")                    -> two private-use characters, one for each toneless syllable

`sounding` makes text comparable by ear with the tools that compare it by eye: two texts have the same sound
string exactly when they sound alike, and positions correspond one to one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache

import numpy as np
import numpy.typing as npt
from opencc import OpenCC

from knowledge.text.grams import all_syllables, syllable
from knowledge.text.numerals import in_digits

Codes = npt.NDArray[np.uint16]

_SHORT = 40  # characters up to which numpy is slower
SOUND_BASE = 0xE000  # private use area: 6,400 places, some 420 syllables
_TONES = "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹḿ"
_READING = re.compile(rf"[(][a-zü]*[{_TONES}][a-zü]*[)]")  # 乡(xiāng): left by a converter
_INVISIBLE = [
    *range(0x00, 0x09),
    *range(0x0E, 0x20),
    0x7F,
    0xAD,
    *range(0x200B, 0x2010),
    *range(0x202A, 0x202F),
    *range(0x2060, 0x2070),
    *range(0xE000, 0xF900),  # private use; also keeps sound strings and texts apart
    *range(0xFE00, 0xFE10),
    0xFEFF,
]
_USUAL = [*range(0x20, 0x7F), *range(0x2010, 0x2028), *range(0x3000, 0xA000), 0x0A, 0xB7]
_VARIANTS = {
    "著": "着",
    "嘅": "的",
    "咁": "这么",
    "冇": "没",
    "睇": "看",
    "喺": "在",
    "哋": "们",
    "佢": "他",
    "乜": "什",
}
# What is left after one pass may still change: anything but the usual characters is looked at again.
_UNSETTLED = re.compile(r"[^\n -@\[-~\u3001-\u3011\u4e00-\u9fff\u2018-\u201d\u2014\u2026\u00b7]")
_NOT_WORD = re.compile(r"[^\w%]+|_+")


@cache
def _characters() -> dict[int, str | int | None]:
    """Each character's own plain form: simplified, without tone marks; invisible ones go."""
    # Every usual character has a line: `str.translate` is slow where it must find out that one is missing.
    table: dict[int, str | int | None] = {code: code for code in _USUAL}
    table.update(dict.fromkeys(_INVISIBLE, None))
    traditional = [chr(code) for code in [*range(0x3400, 0xA000), *range(0xF900, 0xFB00)]]
    converter = OpenCC("t2s")
    simplified = converter.convert("\n".join(traditional)).split("\n")
    for before, after in zip(traditional, simplified, strict=True):
        if before != after:
            table[ord(before)] = after
    for before, after in _VARIANTS.items():
        table[ord(before)] = after
    for code in [*range(0xC0, 0x250), *range(0x1E00, 0x1F00)]:
        table[code] = _without_marks(chr(code))
    return table


def _without_marks(letter: str) -> str:
    plain = unicodedata.normalize("NFD", letter)
    if plain[0] in "uU" and "\u0308" in plain:
        return "v"  # lǚ is typed lv
    return "".join(part for part in plain if not unicodedata.combining(part)) or letter


_OFTEN = 100  # characters of a text that is likely to come again


def fold(text: str) -> str:
    """The form in which texts are compared; `fold(fold(text)) == fold(text)`.

    NFKC, lower case, simplified characters, no readings in brackets, no tone marks, nothing invisible;
    years, days and amounts in digits (`numerals`).
    Spaces and punctuation stay: sentences are cut by them.
    """
    return _folded_again(text) if len(text) <= _OFTEN else _folded(text)


@lru_cache(maxsize=8192)
def _folded_again(text: str) -> str:
    """Titles and headings stand above many entries, and are folded for each."""
    return _folded(text)


def _folded(text: str) -> str:
    folded = _fold_once(text)
    while _UNSETTLED.search(folded):
        again = _fold_once(folded)
        if again == folded:
            break
        folded = again
    return in_digits(folded)


def _fold_once(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).lower()
    if "(" in plain:
        plain = _READING.sub("", plain)
    # Looking whether anything is to be replaced takes a tenth of the time of replacing nothing.
    return plain.translate(_characters()) if _replaced().search(plain) else plain


@cache
def _replaced() -> re.Pattern[str]:
    """Finds a character that is not its own plain form."""
    others = (chr(code) for code, plain in _characters().items() if plain not in (code, chr(code)))
    return re.compile("[" + re.escape("".join(others)) + "]")


def squeeze(text: str) -> str:
    """A folded text without spaces and punctuation."""
    return close_up(fold(text))


def close_up(folded: str) -> str:
    """`squeeze` for a text that is folded already."""
    return _NOT_WORD.sub("", folded)


@cache
def _sounds() -> dict[int, int]:
    code = {sound: SOUND_BASE + number for number, sound in enumerate(all_syllables())}
    table = {code: code for code in _USUAL}
    for character in [*range(0x3007, 0x3008), *range(0x3400, 0xA000)]:
        found = syllable(chr(character))
        if found in code:
            table[character] = code[found]
    return table


def sounding(text: str) -> str:
    """A squeezed text with each Chinese character replaced by a sign for its toneless syllable."""
    if len(text) < _SHORT:
        return text.translate(_sounds())
    return text_of(sound_table()[utf16(text)])


@cache
def sound_table() -> Codes:
    """`sounding` for UTF-16 codes: at each code the sign of its syllable, or the code itself."""
    table = np.arange(1 << 16, dtype=np.uint16)
    signs = _sounds()
    table[list(signs)] = list(signs.values())
    return table


def utf16(text: str) -> Codes:
    """A text as numbers, one for each character of the basic plane, two for one beyond."""
    return np.frombuffer(text.encode("utf-16-le", "surrogatepass"), np.uint16)


def text_of(codes: Codes) -> str:
    """The inverse of `utf16`."""
    return codes.tobytes().decode("utf-16-le", "surrogatepass")


def sign_of(sound: str) -> str:
    """The sign of one toneless syllable; raises ValueError when there is no such syllable."""
    return chr(SOUND_BASE + all_syllables().index(sound))


def syllables_of(signs: str) -> list[str]:
    """The syllables that sound signs stand for; other characters are skipped."""
    names = all_syllables()
    return [names[ord(sign) - SOUND_BASE] for sign in signs if 0 <= ord(sign) - SOUND_BASE < len(names)]


def sentences(text: str) -> Iterator[str]:
    """The sentences of a text in their order, verbatim, with their closing mark; blank ones are left out."""
    for match in _SENTENCE.finditer(text):
        if match[0].strip():
            yield match[0].strip()


_SENTENCE = re.compile(r"[^。!?！？;；\n]+(?:[。!?！？;；]+[”’」』）)]*|\n+|$)")
