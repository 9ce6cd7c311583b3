"""A text as the file has it -> as it is quoted: what looks the same is the same character.

    Writing.of(pieces)        looks at the whole text once: is it of the bad converter, is it traditional?
    writing.quotable(piece)   each paragraph and cell

What changes is what nobody sees, or should not have been there:

1. marks without a shape go (byte order mark, zero width, soft hyphen, controls);
2. radicals become the characters that they stand for (⼈⺠ -> 人民), compatibility ideographs likewise, and
   enclosed numbers of headings are spelt out (㈠ -> （一）, ⒈ -> 1.), as section numbers are told by them;
3. what `knowledge.text.cleaning` mends, in a text that shows it; in any other text a name, a symbol such as
   钠(Na), the reading of a place name stay as they are;
4. punctuation between Chinese characters gets its full width, in addresses none does.

Whatever else NFKC would fold (㎡, full width digits, ①, m²) is quoted as written, and folded only to match.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from knowledge.text.cleaning import clean, is_converter_made, is_traditional, simplified, wide_punctuation

# The supplement of radicals, U+2E80-2EF3, which NFKC does not know: each before its character (Unicode's
# EquivalentUnifiedIdeograph).  Strokes that are no character on their own are left out.
_SUPPLEMENT = (
    "⺁厂⺄乙⺅亻⺆冂⺇几⺈刀⺉刂⺊卜⺋㔾⺌小⺍小⺎兀⺏尣⺐尢⺑尣⺒巳⺓幺⺔彑⺕彐⺖忄⺗心⺘扌⺙攵⺛旡⺜日⺝月⺞歹⺟母⺠民⺡氵⺢氺⺣灬"
    "⺤爫⺥爫⺦丬⺧牛⺨犭⺩王⺪疋⺫目⺬示⺭礻⺯糹⺰纟⺱罓⺲罒⺳罓⺴罓⺵罓⺶羊⺷羊⺸羊⺹耂⺺肀⺻聿⺼月⺽臼⺾艹⺿艹⻀艹⻁虎⻂衤⻃覀⻄西⻅见"
    "⻆角⻇角⻈讠⻉贝⻊足⻋车⻌辶⻍辶⻎辶⻏阝⻐钅⻑長⻒长⻓长⻔门⻕阜⻖阝⻗雨⻘青⻙韦⻚页⻛风⻜飞⻝食⻟飠⻠饣⻡首⻢马⻣骨⻤鬼⻥鱼⻦鸟⻧卤"
    "⻨麦⻩黄⻪黾⻫斉⻬齐⻭歯⻮齿⻯竜⻰龙⻱龟⻲亀⻳龟"
)
_ENCLOSED = {
    **{0x2474 + n: f"({n + 1})" for n in range(20)},  # ⑴
    **{0x2488 + n: f"{n + 1}." for n in range(20)},  # ⒈
    **{0x3220 + n: f"（{numeral}）" for n, numeral in enumerate("一二三四五六七八九十")},  # ㈠
}
_NEVER_SEEN = re.compile(
    "[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\ufff9-\ufffb]"
)
_SPACES = dict.fromkeys([0xA0, *range(0x2000, 0x200B), 0x202F], " ")


@cache
def _shapes() -> dict[int, str]:
    """Characters that only look like another one."""
    shapes: dict[int, str] = dict(_ENCLOSED)
    pairs = iter(_SUPPLEMENT)
    for radical, character in zip(pairs, pairs, strict=True):
        shapes[ord(radical)] = character
    for code in [*range(0x2F00, 0x2FD6), *range(0xF900, 0xFB00), *range(0x2F800, 0x2FA20)]:
        plain = unicodedata.normalize("NFKC", chr(code))
        if len(plain) == 1:
            shapes[code] = plain
    return shapes


# The ranges in which they lie.
_ODD = re.compile("[\u2474-\u249b\u2e80-\u2fd5\u3220-\u3229\uf900-\ufaff\U0002f800-\U0002fa1f]")


def plain_shapes(text: str) -> str:
    """Steps 1 and 2 alone."""
    text = _NEVER_SEEN.sub("", text).translate(_SPACES)
    return text.translate(_shapes()) if _ODD.search(text) else text


@dataclass(frozen=True)
class Writing:
    """How a text is written, as far as it matters for quoting it."""

    is_converter_made: bool = False
    is_traditional: bool = False

    @classmethod
    def of(cls, pieces: Iterable[str]) -> Writing:
        whole = "\n".join(pieces)
        return cls(is_converter_made(whole), is_traditional(whole))

    def quotable(self, text: str) -> str:
        """Never fails; quoting what is quotable changes nothing."""
        text = plain_shapes(text)
        if self.is_converter_made:
            return clean(text)
        return wide_punctuation(simplified(text) if self.is_traditional else text)
