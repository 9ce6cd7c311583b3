"""Checking and masking what art. 29(1) asks of an applicant: identity proof and contact.  Pure.

Each check answers with a `Problem` (the dialogue says it in words) or None.  `normal_id` is what is stored:
half-width, upper case, no spaces.  A check advises; the office decides what proof it accepts.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from enum import StrEnum

MASK = "****"

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)  # GB 11643-1999
_CHECK_DIGITS = "10X98765432"
# First two digits: provinces; 71 81 82 83 and 9x are cards for Taiwan, Hong Kong, Macao and foreigners.
_REGION = re.compile(r"1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]|9\d")
_CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # GB 32100-2015: without I O S V Z
# Telephones as people write them; what was pasted from the web brings dots and brackets along.
_MOBILE = re.compile(r"(?<!\d)(?:\+?86[\s-]{0,2})?(1[3-9]\d(?:[\s.-]?\d){8})(?!\d)")
_EXTENSION = r"(?:(?:\s{0,2}(?:转|分机|ext\.?|x|#)\s{0,2}|\s?-\s?)\d{1,6})?"
_LANDLINE = re.compile(
    rf"(?<!\d)\(?(0\d{{2,3}})\)?[\s-]{{0,2}}([1-9]\d{{2,3}}[\s-]?\d{{3,4}}){_EXTENSION}(?!\d)", re.IGNORECASE
)
_SERVICE = re.compile(rf"(?<!\d)[48]00(?:[\s-]?\d){{7}}{_EXTENSION}(?!\d)", re.IGNORECASE)
_PHONES = (_MOBILE, _LANDLINE, _SERVICE)
_EMAIL = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}")


class Problem(StrEnum):
    """What is wrong with an identity number or a contact."""

    EMPTY = "empty"
    LENGTH = "length"
    CHARACTERS = "characters"
    REGION = "region"
    BIRTHDAY = "birthday"
    CHECKSUM = "checksum"
    NOT_A_CONTACT = "not_a_contact"


def normal_id(text: str) -> str:
    """Half-width, upper case, without spaces and hyphens; of an ID number or a credit code."""
    return re.sub(r"[\s\-·]", "", unicodedata.normalize("NFKC", text)).upper()


def id_number_problem(text: str, today: date) -> Problem | None:
    """Check a citizen's ID number: 18 digits (GB 11643) or the 15 of before 1999, which had no checksum."""
    number = normal_id(text)
    if not number:
        return Problem.EMPTY
    if len(number) not in (15, 18):
        return Problem.LENGTH
    if not re.fullmatch(r"\d{15}|\d{17}[\dX]", number, re.ASCII):
        return Problem.CHARACTERS
    if not _REGION.match(number):
        return Problem.REGION
    if not _born_before(number, today):
        return Problem.BIRTHDAY
    if len(number) == 18 and id_check_digit(number[:17]) != number[17]:
        return Problem.CHECKSUM
    return None


def id_check_digit(first_17: str) -> str:
    """The last character that belongs to 17 digits."""
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, first_17, strict=True))
    return _CHECK_DIGITS[total % 11]


def _born_before(number: str, today: date) -> bool:
    born = born_on(number)
    return born is not None and date(1850, 1, 1) <= born <= today


def born_on(number: str) -> date | None:
    """The birthday in a citizen's ID number, None in anything else."""
    number = normal_id(number)
    if not re.fullmatch(r"\d{15}|\d{17}[\dX]", number, re.ASCII):
        return None
    born = number[6:14] if len(number) == 18 else f"19{number[6:12]}"
    try:
        return date(int(born[:4]), int(born[4:6]), int(born[6:]))
    except ValueError:
        return None


def credit_code_problem(text: str) -> Problem | None:
    """Check a unified social credit code (统一社会信用代码, GB 32100)."""
    code = normal_id(text)
    if not code:
        return Problem.EMPTY
    if len(code) != 18:
        return Problem.LENGTH
    if any(character not in _CREDIT_ALPHABET for character in code):
        return Problem.CHARACTERS
    if credit_check_digit(code[:17]) != code[17]:
        return Problem.CHECKSUM
    return None


def credit_check_digit(first_17: str) -> str:
    """The last character that belongs to the first 17 of a credit code."""
    total = sum(_CREDIT_ALPHABET.index(character) * 3**place for place, character in enumerate(first_17))
    return _CREDIT_ALPHABET[-total % 31]


def document_problem(text: str, is_organisation: bool, today: date) -> tuple[str, Problem | None]:
    """What a clerk types from a document, and what is wrong with it.

    18 places must be a right ID number or credit code, and come back as they are stored; any other document
    (a passport, a certificate of residence) is taken as it is written.
    """
    number = normal_id(text)
    if len(number) != 18:
        return text.strip(), None
    problem = credit_code_problem(number) if is_organisation else id_number_problem(number, today)
    return number, problem


def contact_problem(text: str) -> Problem | None:
    """A phone number, an e-mail or a postal address of at least six characters will do."""
    contact = unicodedata.normalize("NFKC", text).strip()
    if not contact:
        return Problem.EMPTY
    if is_phone(contact) or is_email(contact):
        return None
    has_letters = sum(character.isalpha() for character in contact) >= 4
    return None if has_letters and len(contact) >= 6 and "@" not in contact else Problem.NOT_A_CONTACT


def is_phone(text: str) -> bool:
    """Mainland numbers and nothing else: mobile, landline, 400 and 800, with extension, one or several."""
    phones, rest = take_phones(unicodedata.normalize("NFKC", text))
    return bool(phones) and not re.search(r"[^\s,;、/|或和()-]", rest)


def take_phones(text: str) -> tuple[list[str], str]:
    """The telephone numbers in a text in half width, as they are written there (a mobile without what
    separates its digits), and the text without them."""
    found: list[tuple[int, str]] = []
    for pattern in _PHONES:
        for hit in pattern.finditer(text):
            written = re.sub(r"\D", "", hit[1]) if pattern is _MOBILE else hit.group().strip()
            found.append((hit.start(), written))
            text = text[: hit.start()] + " " * len(hit.group()) + text[hit.end() :]
    return [phone for _, phone in sorted(found)], text


def is_email(text: str) -> bool:
    return bool(_EMAIL.fullmatch(unicodedata.normalize("NFKC", text).strip()))


def mask_name(name: str) -> str:
    """王小明 -> 王**: as wide for every name, so that its length tells nothing."""
    return f"{name.strip()[:1]}**" if name.strip() else ""


def mask_id(number: str) -> str:
    """362227199001011234 -> 3622**********1234; as wide for every number."""
    compact = normal_id(number)
    return f"{compact[:4]}{'*' * 10}{compact[-4:]}" if len(compact) >= 12 else MASK if compact else ""


def mask_contact(contact: str) -> str:
    """13812341234 -> 138****1234; an e-mail keeps its first letter and domain, an address two characters."""
    plain = unicodedata.normalize("NFKC", contact).strip()
    mobile, landline = _MOBILE.search(plain), _LANDLINE.search(plain)
    if mobile:
        digits = re.sub(r"\D", "", mobile[1])
        return f"{digits[:3]}{MASK}{digits[-4:]}"
    if is_email(plain):
        user, _, domain = plain.partition("@")
        return f"{user[:1]}{MASK}@{domain}"
    if landline:
        return f"{landline[1]}-{MASK}{landline[2][-2:]}"
    return f"{plain[:2]}{MASK}" if plain else ""
