"""Which agency a question names, among those whose documents there are."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from knowledge.text.normalize import fold

MOST = 12  # agencies to choose from; more do not fit a chat, and are asked by name
_GOVERNMENT = re.compile(r"(?:人民政府|政府)(?:办公室)?$")
_LEVEL = re.compile(r"(?:街道办事处|街道办|街道|自治县|乡|镇|区|县|市|旗|州)$")
_ABOVE = re.compile(r"^.{2,8}?(?:省|自治区|市|州|盟|县|区)(?=.{2,})")
_WHOLE = re.compile(r"全(国|省|市|县|区|州)(?![体面部域])")  # 淮安全市 is more than a district of it
# 平滩镇, and neither 我们乡 nor 光是乡干部: two characters that are no words of reference, and what they are.
_PLACE = re.compile(
    "(?:[\u4e00-\u9fff](?<![我你他咱们是的在那这个本全哪各每该某到去来现任下上里讲说任])){2}"
    "(?:乡|镇|街道)(?!里|上|政府|人民|信息|下|级|本|的|村|长|干部|亲|土)"
)


@dataclass(frozen=True)
class AskedAgency:
    """`agency` as it stands in the entries, "" where none is named, and `said` the words for it; `other`: a
    place that is named and is none of them."""

    agency: str = ""
    said: str = ""
    other: str = ""

    @property
    def is_another(self) -> bool:
        return bool(self.other)

    def without(self, text: str) -> str:
        return fold(text).replace(self.said, "") if self.said else text


@lru_cache(maxsize=4096)
def names_of(agency: str) -> tuple[str, ...]:
    """淮安市洪泽区人民政府: in full, 淮安市洪泽区, 洪泽区, 洪泽, the longest first."""
    short = _GOVERNMENT.sub("", agency)
    names = [agency, short]
    while found := _ABOVE.match(short):
        short = short[found.end() :]
        names.append(short)
    bare = _LEVEL.sub("", short)
    if len(bare) > 1:
        names.append(bare)
    return tuple(dict.fromkeys(fold(name) for name in names if len(name) > 1))


def asked_agency(text: str, agencies: Sequence[str]) -> AskedAgency:
    """The agency with the longest of its names in the text."""
    folded = fold(text)
    whole = _WHOLE.search(folded)
    if whole and not any(_GOVERNMENT.sub("", agency).endswith(whole[1]) for agency in agencies):
        return AskedAgency(other=whole[0])
    best = AskedAgency()
    for agency in agencies:
        for name in names_of(agency):
            if name in folded and len(name) > len(best.said):
                best = AskedAgency(agency, name)
    if best.agency:
        return best
    named = _PLACE.search(folded)
    return AskedAgency(other=named[0] if named else "")
