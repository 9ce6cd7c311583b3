"""Reading how somebody can be reached out of free text: a telephone, an e-mail, a postal address.  Pure."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from bot.desk.identity import take_phones

_EMAIL = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}")
_DIGITS = re.compile(r"\+?\d(?:[\s()-]{0,2}\d){6,}")  # 6 would be a postcode
_OTHER_PHONE = re.compile(r"[2-8]\d{6,7}|\+(?!86)\d{7,15}|00\d{7,15}")  # of the same town, or abroad
_LABEL = re.compile(
    r"^(?:手机号码?|联系电话|电话号码?|手机|电话|座机|电子邮箱|电子邮件|邮箱|通信地址|通讯地址|地址|住址"
    r"|tel(?:ephone)?|phone|mobile|e-?mail|address|post)\s*[:：是为]?",
    re.IGNORECASE,
)
_ADDRESS_MARK = re.compile(r"[省市县区乡镇村组街路号栋室屯湾社巷弄楼]|(?i:road|street|avenue|lane|no\.)")
_LEAST_ADDRESS, _MOST_ADDRESS = 5, 150
_PIECES = re.compile(r"[,;、。|\n]")


@dataclass(frozen=True)
class Contact:
    """What was found; `problem` names the sentence that says what is wrong, "" when nothing is."""

    phone: str = ""
    email: str = ""
    address: str = ""
    problem: str = ""
    found: int = 0  # digits of a telephone number that has too few or too many

    @property
    def is_empty(self) -> bool:
        return not (self.phone or self.email or self.address)


def read_contact(text: str) -> Contact:
    """Find telephones, an e-mail and an address in what was typed, in any order; each as it is written there.

    Words that belong to a telephone (晚上打, 找王某转) stay with it.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    email, rest = _taken(_EMAIL, plain)
    if "@" in rest:
        return Contact(problem="email_wrong")
    phone, rest, wrong_digits = _take_phones(rest)
    words = _words_in(rest)
    address = words if _is_address(words) else ""
    if wrong_digits and not address:
        return Contact(problem="phone_wrong", found=wrong_digits)
    if not (phone or email or address):
        return Contact(problem="contact_unclear")
    if phone and words and not address and not email:
        phone = plain
    return Contact(phone=phone, email=email, address=address)


def _taken(pattern: re.Pattern[str], text: str) -> tuple[str, str]:
    """All that it finds, and the text without."""
    return "、".join(pattern.findall(text)), pattern.sub(" ", text)


def _take_phones(text: str) -> tuple[str, str, int]:
    """The numbers, the text without them, and how many digits a bad one had (0 when a good one is there)."""
    phones, rest = take_phones(text)
    wrong = 0
    for match in _DIGITS.finditer(rest):
        digits = re.sub(r"[\s()-]", "", match.group())
        if _OTHER_PHONE.fullmatch(digits):
            phones.append(digits)
            rest = rest[: match.start()] + " " * len(match.group()) + rest[match.end() :]
        else:
            wrong = wrong or len(digits.lstrip("+"))
    return "、".join(phones), rest, 0 if phones else wrong


def _words_in(text: str) -> str:
    """What is written beside the numbers, without labels like 地址：."""
    pieces = [_LABEL.sub("", " ".join(piece.split())).strip(" .:/-或和") for piece in _PIECES.split(text)]
    return "，".join(piece for piece in pieces if piece)


def _is_address(words: str) -> bool:
    return _LEAST_ADDRESS <= len(words) <= _MOST_ADDRESS and bool(_ADDRESS_MARK.search(words))
