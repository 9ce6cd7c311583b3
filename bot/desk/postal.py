"""The number that China Post gives a letter.  Pure.

Service by post is dated by the day on which the letter was handed to China Post (邮政企业), and to nobody
else: a courier's receipt proves no service.  Numbers have 13 characters: two letters, nine digits and CN
(the international form, S10 of the Universal Postal Union), or inside China two letters and eleven digits
(挂号信, 挂号印刷品) or thirteen digits (EMS, 快递包裹).
"""

from __future__ import annotations

import re
import unicodedata

from bot.desk.errors import InvalidValue

_FORMS = re.compile(r"(?<![0-9A-Z])(?:[A-Z]{2}[0-9]{9}CN|[A-Z]{2}[0-9]{11}|[19][0-9]{12})(?![0-9A-Z])")
_LABELS = re.compile(r"EMS|挂号信?|邮件号码?|单号|邮编")
_SEPARATORS = re.compile(r"(?<=[0-9A-Z])[ \-](?=[0-9A-Z])")
_COURIERS = (
    "顺丰",
    "圆通",
    "中通",
    "申通",
    "韵达",
    "极兔",
    "京东",
    "德邦",
    "百世",
    "天天快递",
    "菜鸟",
    "丰巢",
)
_COURIER_NUMBERS = re.compile(r"(?<![0-9A-Z])(?:SF|YT|JT|JD|ZTO|STO|YD|DPK)[A-Z]{0,2}[0-9]{9,16}(?![0-9])")


def mail_number(typed: str) -> str:
    """The number in what a clerk typed, in capitals without gaps.

    Raises InvalidValue: `post_is_a_courier` for a courier's name or number, `post_number_unclear` for
    anything else that is no number of China Post.
    """
    plain = unicodedata.normalize("NFKC", typed).upper()
    courier = next((name for name in _COURIERS if name in plain), "")
    plain = _SEPARATORS.sub("", _LABELS.sub("，", plain))
    if courier or _COURIER_NUMBERS.search(plain):
        raise InvalidValue("post_is_a_courier", field="proof", courier=courier or "快递公司")
    found = _FORMS.search(plain)
    if found is None:
        raise InvalidValue("post_number_unclear", field="proof", typed=typed.strip()[:40])
    return found[0]
