"""A text that went through one bad converter, or is traditional -> plain simplified Chinese.

Only for such texts: `is_converter_made` and `is_traditional` tell which they are, and
`knowledge.text.written` asks them.  Many township pages went through one bad converter, which writes
traditional characters and the reading of each character it changed behind it: `鄉(xiāng)人民政府`.  `clean`
undoes that, in this order:

1. broken runs are put together again (`域?qū)崿F(xiàn)行` -> `域實現(xiàn)行`, see `repaired`);
2. readings in brackets are removed (`鄉(xiāng)` -> `鄉`), others stay (`(一)`, `(以下簡稱《條例》)`);
3. OpenCC makes it simplified; 著 becomes 着 where it is the particle (`存在著` -> `存在着`);
4. punctuation between Chinese characters gets its full width (`2018年,我乡` -> `2018年，我乡`).

A quotation stays faithful: no word is added, left out or moved; what changes is the shape of characters and
the width of punctuation (GB/T 15834).  Cleaning twice is cleaning once.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container
from functools import cache

import opencc

HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u3007"  # with the zero of 二〇一八
_SYLLABLE = "[A-Za-züāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹḿ]{1,6}"
_TONE_MARKS = frozenset("\u0304\u0301\u030c\u0300")  # macron, acute, caron, grave

_BROKEN = re.compile(rf"([{HAN}])[?\ufffd]\(?({_SYLLABLE})\)")
_STILL_BROKEN = re.compile(rf"[{HAN}][?？\ufffd]\(?({_SYLLABLE})[)）]|\ufffd")
_HAN_CHARACTER = re.compile(f"[{HAN}]")
_LONGEST_RUN = 40  # characters; a byte below 80 comes long before

_BRACKETED_SYLLABLE = re.compile(rf"[(（]({_SYLLABLE})[)）]")

# 著 before another character is the particle, unless the two, or it and the one before, make a word with zhù.
# 著力, 著重 ... are always 着力, 着重.
_PARTICLE = re.compile(
    rf"(?<=[{HAN}])(?<![显卓昭编原名专论巨遗译合所土拙旧新力撰])著(?=[{HAN}])(?![作名者述称书录有文])|著(?=[力手眼重实])"
)

_WIDE = str.maketrans(",;:?!", "，；：？！")
_CHINESE = f"{HAN}，。；：？！、（）《》〈〉“”‘’【】\u3014\u3015—…"
_NARROW_MARKS = re.compile(r"[,;:?!]+")
_IS_CHINESE = re.compile(rf"[{_CHINESE}]")
# What a browser follows: its marks are signs of the address.  It ends at a space, at Chinese punctuation, and
# at a comma or semicolon that Chinese follows.
_ADDRESS = re.compile(
    r"(?<![A-Za-z])(?:[A-Za-z]{2,10}://|www\.)(?:[^\s，。；：、！？（）《》“”〈〉【】,;]|[,;](?=[!-~]))*"
)

_to_simplified = opencc.OpenCC("t2s").convert


def clean(text: str) -> str:
    """`text` in plain simplified Chinese, quotable.  Never fails; clean(clean(text)) == clean(text)."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\ufeff", "").replace("\u200b", "")
    # One step may bring together what another step looks for, so the steps are repeated until nothing
    # changes: the second round already finds nothing in any text that people wrote.
    for _ in range(10):
        cleaned = wide_punctuation(simplified(without_readings(repaired(text))))
        if cleaned == text:
            break
        text = cleaned
    return text


# ---- 1 broken runs


def repaired(text: str) -> str:
    """Put broken runs together again: `領域?qū)崿F(xiàn)` -> `領域實現(xiàn)`.

    The converter replaced bytes of GBK text, two at a time, without minding where a character begins.  In
    域實 = D3F2 8C8D it saw F28C, which is 驅, and wrote (qū) behind these two bytes: in the middle of 實.
    What came out reads as 域, then 8C, which swallowed the bracket and became `?`, then `qū)`, then
    everything one byte out of step (8DAC 46 = 崿F) until a byte below 80 brought it back into step.

    Of what it may have been the one that begins a word is taken.
    What cannot be known is left as it is, for a person to correct (`broken_runs` finds it): a run that came
    back into step by swallowing another character, and one that may have been either of two words.
    """
    pieces, done = [], 0
    for found in _BROKEN.finditer(text):
        if found.start() < done:
            continue  # inside a run that was just repaired
        run = _true_run(found[1], found[2].lower(), text[found.end() : found.end() + _LONGEST_RUN])
        if run is not None:
            true_characters, length = run
            pieces += [text[done : found.start()], found[1], true_characters]
            done = found.end() + length
    return "".join([*pieces, text[done:]]) if pieces else text


def broken_runs(text: str) -> list[str]:
    """What is still broken in a cleaned text, each with the character before it."""
    return [
        found[0]
        for found in _STILL_BROKEN.finditer(text)
        if found[1] is None or _toneless(found[1]) != found[1]  # 好吗?ok) is no reading
    ]


def _true_run(before: str, reading: str, shifted: str) -> tuple[str, int] | None:
    """The characters that `shifted` was, and how many characters of it they replace; None = not our case."""
    try:
        lead = before.encode("gbk")[-1]
    except UnicodeEncodeError:
        return None
    runs = []
    for lost in range(0x81, 0xFF):
        seen = bytes([lead, lost]).decode("gbk", "ignore")  # what the converter took for a character
        is_replaced = len(seen) == 1 and reading in _readings(seen) and _to_simplified(seen) != seen
        if is_replaced and (run := _in_step(lost, shifted)) is not None:
            runs.append(run)
    if len(runs) > 1:  # 大?fà)W may be 大學 or 大奧: only one of them is a word
        runs = [run for run in runs if _begins_a_word(before, run[0] + shifted[run[1] :])]
    return runs[0] if len(runs) == 1 else None


def _begins_a_word(before: str, after: str) -> bool:
    """Whether the first character of `after` makes a word with what stands before or behind it."""
    from pypinyin.phrases_dict import phrases_dict

    pairs = (_to_simplified(before + after[:1]), _to_simplified(after[:2]))
    return any(pair in phrases_dict for pair in pairs)


def _in_step(lost: int, shifted: str) -> tuple[str, int] | None:
    """Shift back by one byte, `lost` first, up to the byte that ends on the border of a character."""
    waiting, true_characters = bytes([lost]), ""
    for length, character in enumerate(shifted, start=1):
        try:
            waiting += character.encode("gbk")
            true_characters += waiting[:2].decode("gbk")
        except UnicodeError:
            return None
        waiting = waiting[2:]
        if not waiting:
            return true_characters, length
    return None


# ---- 2 readings in brackets


def without_readings(text: str) -> str:
    """Remove a reading in brackets behind the character that is read so: `關(guān)` -> `關`.

    A bracket stays when its content is no reading of the character before it: `(一)`, `文件(pdf)`.  Where
    the tone is written, any syllable is taken for a reading: nobody brackets tones for another purpose, and
    out of step the converter puts one behind anything.
    """
    if "(" not in text and "（" not in text:
        return text
    kept: list[str] = []
    done, before = 0, ""
    for found in _BRACKETED_SYLLABLE.finditer(text):
        # In 發(fā)(fā) the second follows the character too, once the first is gone.
        if found.start() > done or not before:
            before = text[found.start() - 1 : found.start()]
        if _is_reading(before, found[1]):
            kept.append(text[done : found.start()])
        else:
            kept.append(text[done : found.end()])
            before = ")"
        done = found.end()
    return "".join([*kept, text[done:]])


def _is_reading(character: str, syllable: str) -> bool:
    """Whether the converter wrote it; 钠(Na) with its capital is a symbol."""
    if character.isspace() or not character:
        return False
    return _toneless(syllable) != syllable or syllable in _toneless_readings(character)


# ---- which texts are such


def is_converter_made(text: str) -> bool:
    """Whether a text shows the converter: it puts a reading behind most traditional characters.

    An author who tells how a name is read (甪(lù)直) does so once or twice, behind characters that are the
    same in both scripts, or in a text full of traditional characters without readings.
    """
    toned = [
        (text[found.start() - 1 : found.start()], found[1].lower())
        for found in _BRACKETED_SYLLABLE.finditer(text)
        if _toneless(found[1]) != found[1]
    ]
    of_converter = sum(_to_simplified(before) != before and _is_said(before, said) for before, said in toned)
    return bool(of_converter >= max(2, len(toned) / 2, _changed(text) / 5))


def is_traditional(text: str) -> bool:
    """Whether a tenth of the characters have another shape in simplified script (of real texts a third)."""
    characters = len(_HAN_CHARACTER.findall(text))
    return characters > 0 and _changed(text) >= characters / 10


def _changed(text: str) -> int:
    return sum(before != after for before, after in zip(text, _to_simplified(text), strict=False))


def _is_said(character: str, syllable: str) -> bool:
    return syllable in _readings(character)


def _toneless(syllable: str) -> str:
    """`xiāng` -> `xiang`; ü keeps its dots."""
    marks = unicodedata.normalize("NFD", syllable)
    return unicodedata.normalize("NFC", "".join(mark for mark in marks if mark not in _TONE_MARKS))


# pypinyin takes a third of a second to load; only a bracket without tones and a broken run need it.


@cache
def _readings(character: str) -> frozenset[str]:
    from pypinyin.constants import PINYIN_DICT

    return frozenset(PINYIN_DICT.get(ord(character), "").split(",")) - {""}


@cache
def _toneless_readings(character: str) -> frozenset[str]:
    return frozenset(_toneless(reading) for reading in _readings(character))


# ---- 3 simplified characters


def simplified(text: str) -> str:
    """OpenCC t2s, and 着 for 著 where it is the particle, which OpenCC leaves because both exist."""
    return _PARTICLE.sub("着", _to_simplified(text))


# ---- 4 punctuation


def wide_punctuation(text: str) -> str:
    """Full width for `,;:?!` that touch Chinese text and for brackets that hold some; not in addresses.

    `2018年,我乡` -> `2018年，我乡`; `3,000元`, `10:30`, `1.` and `http://x.cn/list?栏目=公示` stay.
    """
    addresses = {at for found in _ADDRESS.finditer(text) for at in range(found.start(), found.end())}
    text = _wide_brackets(text, addresses)
    pieces, done = [], 0
    for run in _NARROW_MARKS.finditer(text):
        beside = text[max(0, run.start() - 1) : run.start()] + text[run.end() : run.end() + 1]
        if _IS_CHINESE.search(beside) and run.start() not in addresses:
            pieces += [text[done : run.start()], run[0].translate(_WIDE)]
            done = run.end()
    return "".join([*pieces, text[done:]])


def _wide_brackets(text: str, addresses: Container[int]) -> str:
    """Each pair that holds anything Chinese; in one walk, since a text may be nothing but brackets."""
    if "(" not in text:
        return text
    characters = list(text)
    open_at: list[int] = []
    last_chinese = -1
    for at, character in enumerate(text):
        if at in addresses:
            continue
        if character == "(":
            open_at.append(at)
        elif character == ")" and open_at:
            begin = open_at.pop()
            if last_chinese > begin:
                characters[begin], characters[at] = "（", "）"
        elif _IS_CHINESE.match(character):
            last_chinese = at
    return "".join(characters)
