"""Reading how somebody can be reached out of free text: a telephone, an e-mail, a postal address.  Pure."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_EMAIL = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}")
_DIGITS = re.compile(r"\+?\d(?:[\s()-]{0,2}\d){6,}")  # 6 would be a postcode
_MOBILE = re.compile(r"(?:\+?86)?(1[3-9]\d{9})")
_LANDLINE = re.compile(r"0\d{9,11}")  # area code of 3-4, number of 7-8 digits
_LOCAL = re.compile(r"[2-8]\d{6,7}")  # a number of the same town, without area code
_FOREIGN = re.compile(r"\+(?!86)\d{7,15}|00\d{7,15}")
_LABEL = re.compile(
    r"(手机号码?|联系电话|电话号码?|手机|电话|座机|电子邮箱|电子邮件|邮箱|通信地址|通讯地址|地址|住址"
    r"|tel(?:ephone)?|phone|mobile|e-?mail|address|post)\s*[:：是为]?",
    re.IGNORECASE,
)
_ADDRESS_MARK = re.compile(r"[省市县区乡镇村组街路号栋室屯湾社巷弄楼]|(?i:road|street|avenue|lane|no\.)")
_LEAST_ADDRESS, _MOST_ADDRESS = 5, 150


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
    """Find a telephone, an e-mail and an address in what was typed, in any order."""
    rest = unicodedata.normalize("NFKC", text)
    emails = _EMAIL.findall(rest)
    rest = _EMAIL.sub(" ", rest)
    if "@" in rest:
        return Contact(problem="email_wrong")
    phone, rest, wrong_digits = _take_phone(rest)
    address = _address_in(rest)
    email = emails[0] if emails else ""
    if wrong_digits:
        return Contact(problem="phone_wrong", found=wrong_digits)
    if not (phone or email or address):
        return Contact(problem="contact_unclear")
    return Contact(phone=phone, email=email, address=address)


def _take_phone(text: str) -> tuple[str, str, int]:
    """The first good number, the text without it, and how many digits a bad one had."""
    wrong = 0
    for match in _DIGITS.finditer(text):
        digits = re.sub(r"[\s()-]", "", match.group())
        phone = _phone_of(digits)
        if phone:
            return phone, text[: match.start()] + " " + text[match.end() :], 0
        wrong = wrong or len(digits.lstrip("+"))
    return "", text, wrong


def _phone_of(digits: str) -> str:
    mobile = _MOBILE.fullmatch(digits)
    if mobile:
        return mobile.group(1)
    for pattern in (_LANDLINE, _LOCAL, _FOREIGN):
        if pattern.fullmatch(digits):
            return digits
    return ""


def _address_in(text: str) -> str:
    address = " ".join(_LABEL.sub(" ", text).split()).strip(" ,，;；。.、:：/|")
    if not _LEAST_ADDRESS <= len(address) <= _MOST_ADDRESS or not _ADDRESS_MARK.search(address):
        return ""
    return address
