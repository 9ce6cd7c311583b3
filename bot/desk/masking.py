"""Personal data in free text: find it, mask it at fixed width.  Pure.

Used for questions that are kept, for staff cards and for replies that are published.  Finding is on the
liberal side (a mistyped ID number is masked too): staff look at a publication a second time anyway, and an
index number masked by mistake costs less than a person's number published.

Everything is compared folded: one width, one case, simplified characters, one middle dot, whatever separates
the characters of one name or number left out.  Each folded character knows where it stood, so that what is
masked is the original.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache, lru_cache

from opencc import OpenCC

from bot.desk.identity import MASK


class DataKind(StrEnum):
    ID_NUMBER = "id_number"
    MOBILE = "mobile"
    LANDLINE = "landline"
    BANK_CARD = "bank_card"
    EMAIL = "email"
    PASSPORT = "passport"
    PLATE = "plate"
    ACCOUNT = "account"  # QQ, 微信
    NAME = "name"  # names, and what else is known of a person: a contact, a document's number


@dataclass(frozen=True)
class PersonalDatum:
    """Where in the text it stands: `text[start:end]`."""

    kind: DataKind
    start: int
    end: int


@dataclass(frozen=True)
class Masked:
    """The text with every find replaced, and what was found, in order."""

    text: str
    found: tuple[PersonalDatum, ...]


# People write numbers in groups; what stands between two digits of one number: a space, hyphen or dot, the
# end of a line, or marks without width that copying from a web page brings along.
_GAP = r"[ .\-\t\r\n\u00b7\u2010-\u2015\u200b-\u200d\u2028\u2029\u2060\ufeff]{0,4}"
_LINE_ENDS = re.compile(r"\r\n|[\n\r\u2028\u2029]")
_MOST_LINE_ENDS = 2  # within one number; more of them are a column of a table
_NO_DIGIT_BEFORE = r"(?<![0-9])(?<![0-9][ \-])"
# Letters may touch a number (身份证ID3622..., T138...): a missed one is worse than one masked too many.
_ID_18 = re.compile(rf"{_NO_DIGIT_BEFORE}[1-9](?:{_GAP}[0-9]){{16}}{_GAP}[0-9Xx](?![0-9])")
_ID_15 = re.compile(rf"{_NO_DIGIT_BEFORE}[1-9](?:{_GAP}[0-9]){{14}}(?![0-9A-Za-z])")
_CARD = re.compile(rf"{_NO_DIGIT_BEFORE}[1-9](?:{_GAP}[0-9]){{12,18}}(?![0-9A-Za-z])")
_MOBILE = re.compile(rf"(?<![0-9])(?:\+?(?:00)?86{_GAP})?1{_GAP}[3-9](?:{_GAP}[0-9]){{9}}(?![0-9])")
_PASSPORT = re.compile(r"(?<![0-9A-Za-z])(?:[EGHMWC][0-9]{8}|E[A-HJ-NP-Z][0-9]{7})(?![0-9A-Za-z])")
_PLATE = re.compile(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-HJ-NP-Za-hj-np-z][ ·•.\-]?"
    r"(?=[A-HJ-NP-Za-hj-np-z0-9]*[0-9])[A-HJ-NP-Za-hj-np-z0-9]{4,5}[A-HJ-NP-Za-hj-np-z0-9挂学警港澳]"
    r"(?![0-9A-Za-z])"
)
_ACCOUNT = re.compile(r"(?:QQ|qq|微信|WeChat)(?:号码?|账号)?[ :是为]{0,2}([A-Za-z0-9_\-]{5,20})")
_LANDLINE = re.compile(
    rf"(?<![0-9A-Za-z])\(?0[0-9]{{2,3}}\)?{_GAP}[2-9](?:{_GAP}[0-9]){{6,7}}(?![0-9A-Za-z])"
)
_EMAIL = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
# 一三八... spelt out: as many Chinese digits in a row as a telephone has are no year and no amount.
_SPELT = re.compile(rf"[〇零○一二三四五六七八九幺](?:{_GAP}[〇零○一二三四五六七八九幺]){{10,}}")
_CARD_WORD = re.compile(r"卡|账号|帐号|账户|帐户|存折")
_BEFORE_A_CARD = 10  # characters in which such a word counts
# Between the characters of a name: a space, the end of a line, one of the many middle dots, no width at all.
_IN_A_NAME = re.compile(r"[\s\u00b7\u200b-\u200d\u2060\ufeff.\-]")
_MIDDLE_DOTS = frozenset("\u00b7\u0387\u2022\u2027\u2219\u22c5\u30fb\uff65")
_COMPOUND_SURNAMES = frozenset(
    {"欧阳", "司马", "上官", "诸葛", "东方", "皇甫", "尉迟", "公孙", "慕容", "令狐", "夏侯"}
)
_SURNAMES = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏窦章云苏潘葛奚范彭郎鲁韦昌马苗凤"
    "花方俞任袁柳鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝安常乐于时傅皮卞齐康伍余元卜顾孟平黄和穆萧尹姚邵汪祁毛禹狄"
    "米贝明臧计伏成戴宋茅庞熊纪舒屈项祝董梁杜阮蓝闵季贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万"
    "柯管卢莫房裘缪干解应宗丁宣邓郁单杭洪包诸左石崔吉龚程邢裴陆荣翁荀羊惠曲封储靳段富焦谷车侯全班秋宁仇甘厉"
    "祖武符刘景詹束龙叶幸司黎溥印怀蒲邰索赖卓屠蒙池乔阴闻党翟谭劳姬申扶冉雍桑桂牛寿边燕尚农温庄晏柴瞿阎连"
    "习容向古易廖庾终居衡步耿满匡国文寇广阙欧沃利蔚越夔隆师巩聂辛阚简饶曾关肖游权付闫覃涂揭兰占邬喻"
)
_NO_NAME = frozenset("不了他她它你您我人们谁什怎这那几个来去过")  # 我叫不出, 我叫了, 我叫他来
# The longer ways to say it first.  A run of Chinese characters, perhaps with one middle dot, is looked at.
_CALLED = re.compile(
    r"(?:我的?名字[叫是:]|我名?叫做?|名叫|姓名[叫是为:])[: ]{0,2}"
    r"([\u3400-\u9fff\ue000-\uf8ff\U00020000-\U0003ffff]{1,12}(?:·[\u3400-\u9fff]{1,12})*)"
)
_I_AM = re.compile(
    rf"(?:我是|本人)[: ]{{0,2}}((?:{'|'.join(sorted(_COMPOUND_SURNAMES))}|[{_SURNAMES}])"
    r"[\u3400-\u9fff\U00020000-\U0003ffff]{0,1}(?![村乡镇组县市区屯寨坊民])[\u3400-\u9fff\U00020000-\U0003ffff])"
    r"(?=[\s,。.、;(:0-9]|$|身份证|电话|手机|住)"
)
_MY_NAME_IS = re.compile(
    r"(?i:my name is|i am called|i'm called) +([A-Z][A-Za-z'-]{0,30}(?: +[A-Z][A-Za-z'-]{0,30}){0,2})"
)
_DIGITS = str.maketrans("〇零○一二三四五六七八九幺", "0001234567891")


@dataclass(frozen=True)
class _Folded:
    """A text in one spelling; `text[i]` comes from `places[i]` of the original, the last is its end."""

    text: str
    places: tuple[int, ...]

    def datum(self, kind: DataKind, start: int, end: int) -> PersonalDatum:
        """A find, where it stands in the original, with the accents that were folded away behind it."""
        after = max(self.places[end - 1] + 1, self.places[end])
        return PersonalDatum(kind, self.places[start], after)


def find_personal_data(text: str, names: Iterable[str] = ()) -> tuple[PersonalDatum, ...]:
    """All finds, left to right, none overlapping another.  `names` are masked wherever they stand."""
    folded = _folded(text)
    kept: list[PersonalDatum] = []
    for datum in (*_numbers(folded), *_names(folded, names), *_introduced(folded)):
        if all(datum.end <= other.start or datum.start >= other.end for other in kept):
            kept.append(datum)
    return tuple(sorted(kept, key=lambda datum: datum.start))


def _folded(text: str) -> _Folded:
    characters: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        folded = _fold(character)
        characters.append(folded)
        places.extend([place] * len(folded))
    places.append(len(text))
    joined = "".join(characters)
    return _Folded(_SPELT.sub(lambda run: run.group().translate(_DIGITS), joined), tuple(places))


@lru_cache(maxsize=16_384)
def _fold(character: str) -> str:
    """Half width, no accents, simplified, one middle dot; the case stays, since some patterns need it."""
    if character.isascii():
        return character
    if character in _MIDDLE_DOTS:
        return "·"
    plain = unicodedata.normalize("NFKD", character)
    kept = "".join(each for each in plain if unicodedata.category(each) != "Mn")
    return str(_to_simplified().convert(kept))


@cache
def _to_simplified() -> OpenCC:
    """Loaded when a text is first looked at, not at every start."""
    return OpenCC("t2s")


def mask(text: str, names: Iterable[str] = (), public: Iterable[str] = ()) -> Masked:
    """Every find becomes four asterisks, whatever its length; what is `public` stays (an office's phone)."""
    known = {_bare(number) for number in public} - {""}
    found = tuple(
        datum
        for datum in find_personal_data(text, names)
        if _bare(text[datum.start : datum.end]) not in known
    )
    pieces: list[str] = []
    position = 0
    for datum in found:
        pieces += [text[position : datum.start], MASK]
        position = datum.end
    return Masked("".join([*pieces, text[position:]]), found)


def _numbers(folded: _Folded) -> Iterator[PersonalDatum]:
    """Longer and surer kinds first: they win where two would overlap."""
    plain = folded.text
    for pattern in (_ID_18, _ID_15):
        for hit in _whole(pattern, plain):
            if _has_birthday(_digits(hit.group())):
                yield folded.datum(DataKind.ID_NUMBER, *hit.span())
    for hit in _whole(_CARD, plain):
        if _is_card(_digits(hit.group()), plain[max(hit.start() - _BEFORE_A_CARD, 0) : hit.start()]):
            yield folded.datum(DataKind.BANK_CARD, *hit.span())
    for kind, pattern in (
        (DataKind.EMAIL, _EMAIL),
        (DataKind.MOBILE, _MOBILE),
        (DataKind.LANDLINE, _LANDLINE),
        (DataKind.PASSPORT, _PASSPORT),
        (DataKind.PLATE, _PLATE),
    ):
        for hit in _whole(pattern, plain):
            yield folded.datum(kind, *hit.span())
    for hit in _ACCOUNT.finditer(plain):
        yield folded.datum(DataKind.ACCOUNT, *hit.span(1))


def _whole(pattern: re.Pattern[str], plain: str) -> Iterator[re.Match[str]]:
    """Hits that are no column of a table."""
    for hit in pattern.finditer(plain):
        if len(_LINE_ENDS.findall(hit.group())) <= _MOST_LINE_ENDS:
            yield hit


def _names(folded: _Folded, names: Iterable[str]) -> Iterator[PersonalDatum]:
    """Whole names of two characters or more, in any script and case; people write 王 小明 too."""
    caseless = _caseless(folded)
    known = {_IN_A_NAME.sub("", _caseless(_folded(name)).text) for name in names}
    for name in sorted(known, key=len, reverse=True):
        if len(name) < 2:
            continue
        for hit in _spaced(name).finditer(caseless.text):
            yield caseless.datum(DataKind.NAME, *hit.span())


def _caseless(folded: _Folded) -> _Folded:
    """In one case; ß and its like become two characters from one place."""
    pairs = [
        (each, place)
        for character, place in zip(folded.text, folded.places, strict=False)  # the last is the end
        for each in character.casefold()
    ]
    return _Folded("".join(each for each, _ in pairs), (*(place for _, place in pairs), folded.places[-1]))


def _spaced(name: str) -> re.Pattern[str]:
    """The name with anything between its characters that people put there; a Latin one stands alone."""
    before = r"(?<![a-z])" if "a" <= name[0] <= "z" else ""
    after = r"(?![a-z])" if "a" <= name[-1] <= "z" else ""
    spaced = rf"(?:{_IN_A_NAME.pattern}){{0,4}}".join(re.escape(character) for character in name)
    return re.compile(before + spaced + after)


def _introduced(folded: _Folded) -> Iterator[PersonalDatum]:
    """我叫王小明: who says their own name in a question."""
    for hit in _CALLED.finditer(folded.text):
        if length := _length_of_name(hit[1]):
            yield folded.datum(DataKind.NAME, hit.start(1), hit.start(1) + length)
    for pattern in (_I_AM, _MY_NAME_IS):
        for hit in pattern.finditer(folded.text):
            yield folded.datum(DataKind.NAME, *hit.span(1))


def _length_of_name(run: str) -> int:
    """How many characters of the Chinese text after 我叫 are the name, 0 when it is none.

    A short run is the name as it stands; of a longer one (我叫王小明想问低保) as much as a name has.
    """
    if run[0] in _NO_NAME:
        return 0
    if "·" in run or len(run) <= 4:
        return len(run)
    return 4 if run[:2] in _COMPOUND_SURNAMES else 3


def _bare(text: str) -> str:
    """Letters and digits alone, half-width: equal for two ways of writing one number."""
    return re.sub(r"[\W_]", "", _folded(text).text).casefold()


def _digits(text: str) -> str:
    return "".join(character for character in text.upper() if character in "0123456789X")


def _has_birthday(number: str) -> bool:
    born = number[6:14] if len(number) == 18 else f"19{number[6:12]}"
    try:
        return 1850 <= date(int(born[:4]), int(born[4:6]), int(born[6:])).year <= 2100
    except ValueError:
        return False


def _is_card(number: str, before: str) -> bool:
    """By its check digit, its issuer (62 is UnionPay) or what stands before it: one digit may be mistyped."""
    if _passes_luhn(number):
        return True
    return 16 <= len(number) <= 19 and (number.startswith("62") or bool(_CARD_WORD.search(before)))


def _passes_luhn(number: str) -> bool:
    total = 0
    for place, digit in enumerate(reversed(number)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0
