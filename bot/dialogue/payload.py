"""What a button means: an `Act` and its arguments, written `act:argument:argument`, at most 64 bytes.

The meaning is in the button itself, so that a button of last year still works after any number of restarts
and needs no registry.  It holds no secret and is never believed: who may do what is asked when it is pressed.
This is the only module that writes or reads the text of a payload.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, StrEnum, unique
from functools import partial

MOST_BYTES = 64  # Telegram's limit for callback data


class Who(Enum):
    """Who may press a button; whoever else does is told that it is not for them."""

    ANYBODY = "anybody"
    STAFF = "staff"
    OFFICE = "office"  # staff or admins
    LEADERS = "leaders"
    ADMINS = "admins"


@dataclass(frozen=True)
class Declared:
    """A button: its code, who may press it, the patterns of its arguments.

    `of_form`: pressed in the middle of a form it belongs to it; any other pauses the form.  `in_groups`: what
    anybody may press in a group too; the rest they are led to alone with the bot.
    """

    code: str
    who: Who
    arguments: tuple[re.Pattern[str], ...]
    of_form: bool
    in_groups: bool


def _declared(
    who: Who, code: str, *arguments: str, of_form: bool = False, in_groups: bool = False
) -> Declared:
    return Declared(code, who, tuple(re.compile(each) for each in arguments), of_form, in_groups)


_ENTRY = "[0-9a-f]{10}"
_COUNT = "[0-9]{1,9}"
_NUMBER = "[A-Z]{0,2}[0-9]{4}-[0-9]{1,8}"  # 2026-0001, Z2026-0001
_YEAR = "20[0-9]{2}"
_WORD = "[A-Za-z_]{1,20}"
_DRAFT = "[0-9a-f]{8}"
_CODE = "[A-Z][0-9]?"
_CHOICE = "[A-Za-z0-9_]{1,30}"
_STATE = "[0-9a-f]{10}"  # of the files that an index is made of
_VERSION = "[0-9a-f]{16}"  # of an index

anybody = partial(_declared, Who.ANYBODY)
staff = partial(_declared, Who.STAFF)
office = partial(_declared, Who.OFFICE)
leaders = partial(_declared, Who.LEADERS)
admins = partial(_declared, Who.ADMINS)


@unique  # a second name of one value would be an alias: one button would do what another says
class Act(StrEnum):
    """Everything a button can ask for, each with its `Declared`.

    The value is the code that is sent: old buttons are still out there.  What it does is the function under
    `@handles(Act.…)`.
    """

    _value_: str
    declared: Declared

    def __new__(cls, declared: Declared) -> Act:
        act = str.__new__(cls, declared.code)
        act._value_ = declared.code
        act.declared = declared
        return act

    # what anybody may press
    WELCOME = anybody("st")
    HELP = anybody("hl")
    PRIVACY = anybody("pv")
    LANGUAGE = anybody("lg", "[A-Za-z-]{2,8}")
    EXAMPLE = anybody("ex", _COUNT)
    ENTRY = anybody("e", _ENTRY, _COUNT, in_groups=True)  # page
    PICK = anybody("ep", _ENTRY, _COUNT)  # question
    PICK_AGENCY = anybody("ea", _ENTRY, _COUNT)  # question
    CATALOGUE = anybody("ct", in_groups=True)
    CATEGORY = anybody("cc", _ENTRY, _COUNT, in_groups=True)  # offset
    CATALOGUE_IN_PLACE = anybody("cb", in_groups=True)
    CATEGORY_ANEW = anybody("cn", _ENTRY)
    GUIDE = anybody("gd")
    REPHRASE = anybody("rw", _COUNT)  # question
    LARGE = anybody("bg", "on|off")
    MORE_BUTTONS = anybody("mb", _COUNT, of_form=True)  # of which list
    SUBSCRIBE = anybody("sb", _ENTRY)  # token of the category
    UNSUBSCRIBE = anybody("ub", _ENTRY)
    SUBSCRIPTIONS = anybody("sx")
    ALSO = anybody("al", _COUNT)
    NONE_FITS = anybody("no", _COUNT)
    WHY = anybody("wy", _COUNT)
    USEFUL = anybody("up", _COUNT)
    USELESS = anybody("dn", _COUNT)
    # filing
    FILE_REQUEST = anybody("fr", _COUNT, of_form=True)
    FILE_INQUIRY = anybody("fi", _COUNT, of_form=True)
    FILE_RECORD_CORRECTION = anybody("fj", of_form=True)
    ORAL_HELP = anybody("oh", of_form=True)
    PERSON = anybody("hp")
    FORM_CHOOSE = anybody("fc", _WORD, _WORD, _DRAFT, of_form=True)
    FORM_KEEP = anybody("fk", _DRAFT, of_form=True)
    FORM_BACK = anybody("fb", _DRAFT, of_form=True)
    FORM_EDIT = anybody("fe", _WORD, _DRAFT, of_form=True)
    FORM_SUBMIT = anybody("fs", _DRAFT, of_form=True)
    INQUIRY_SUBMIT = anybody("fq", _DRAFT, of_form=True)
    CANCEL = anybody("cx", of_form=True, in_groups=True)
    RESUME = anybody("rs", of_form=True, in_groups=True)
    # one's own requests
    MINE = anybody("my")
    MY_REQUEST = anybody("mr", _NUMBER)
    MY_TIMELINE = anybody("mt", _NUMBER)
    MY_REPLY = anybody("ma", _NUMBER)
    MY_WEB_PAGE = anybody("mx", _NUMBER)
    MY_DUE_DATE = anybody("mp", _NUMBER)
    MY_WITHDRAW = anybody("mw", _NUMBER)
    MY_WITHDRAW_SURE = anybody("ms", _NUMBER)
    MY_CORRECT = anybody("mc", _NUMBER, of_form=True)
    MY_CORRECT_SURE = anybody("mq", _NUMBER, of_form=True)
    MY_CORRECT_FILES = anybody("mf", _NUMBER, of_form=True)
    SUPPLEMENT = anybody("mk", _NUMBER, of_form=True)
    NO_SUPPLEMENT = anybody("mj", _NUMBER)
    MY_INQUIRY = anybody("mi", _NUMBER)
    MY_REASONS = anybody("mn", _NUMBER, of_form=True)
    MY_RECORD_WITHDRAW = anybody("mv", _NUMBER)
    MY_RECORD_WITHDRAW_SURE = anybody("mz", _NUMBER)
    PUBLIC_FILES = anybody("pf", _NUMBER)
    UNATTACH = anybody("uf", of_form=True, in_groups=True)
    FORGET = anybody("fg")
    TALK_END = anybody("te", _NUMBER)
    FORGET_SURE = anybody("fz")
    # staff
    QUEUE = staff("q", _COUNT)  # offset
    CARD = staff("sc", _NUMBER)
    CONFIRM_RECEIPT = staff("sr", _NUMBER)
    TAKE = staff("sk", _NUMBER)
    IDENTITY = staff("si", _NUMBER)
    TIMELINE = staff("sh", _NUMBER)
    DUE_DATE = staff("sp", _NUMBER)
    ASK_CORRECTION = staff("sa", _NUMBER, of_form=True)
    REPLY = staff("re", _NUMBER, of_form=True)
    REPLY_SITUATION = staff("rg", _NUMBER, _WORD, of_form=True)
    REPLY_OUTCOME = staff("ro", _NUMBER, _CODE, of_form=True)
    REPLY_DRAFT = staff("rd", _NUMBER, of_form=True)
    REPLY_SURE = staff("rq", _NUMBER, of_form=True)
    REPLY_EDIT = staff("rt", _NUMBER, of_form=True)
    REPLY_CHOOSE = staff("rp", _NUMBER, _WORD, of_form=True)
    REPLY_BACK = staff("rx", _NUMBER, of_form=True)
    SIGN = staff("sg", _NUMBER)
    REVIEW_OK = staff("rv", _NUMBER)
    REVIEW_RETURN = staff("rr", _NUMBER)
    SERVE = staff("sv", _NUMBER, _WORD)
    SERVE_LATE = staff("sl", _NUMBER, _WORD)
    UNDO = staff("su", _NUMBER, of_form=True)
    LETTERS = staff("nl", _NUMBER)
    RECORD_TAKE = staff("nt", _NUMBER)
    RECORD_DETAILS = staff("nd", _NUMBER)
    INQUIRY_CARD = staff("ic", _NUMBER)
    ANSWER_INQUIRY = staff("ia", _NUMBER, of_form=True)
    ANSWER_SEND = staff("is", _NUMBER, of_form=True)
    USE_REMARK = staff("iu", _NUMBER, of_form=True)
    ANSWER_WAIT = staff("iw", _NUMBER, of_form=True)
    TALK_OVER = staff("io", _NUMBER)
    PUBLISH = staff("pb", _NUMBER, of_form=True)
    PUBLISH_PLAIN = staff("zp", _NUMBER, of_form=True)
    PUBLISH_SURE = staff("ps", _NUMBER, of_form=True)
    PUBLISH_LOOK = staff("pl", _NUMBER, of_form=True)
    PUBLISH_FILES = staff("pw", _NUMBER, of_form=True)
    FILES = staff("sf", _NUMBER)
    SEARCH_INSTEAD = staff("qi")
    MORE = staff("sm", _NUMBER)
    RECORD = staff("rc", _NUMBER, _WORD, of_form=True)
    RECORD_CHOOSE = staff("rh", _CHOICE, _DRAFT, of_form=True)
    RECORD_BACK = staff("rb", _DRAFT, of_form=True)
    RECORD_SAVE = staff("ry", _DRAFT, of_form=True)
    EXTENSION_YES = staff("xo", _NUMBER, "[0-9]{1,2}", _COUNT)  # working days, ordinal of the note that asks
    EXTENSION_NO = staff("xn", _NUMBER, _COUNT)
    LATE_YES = staff("ly", _NUMBER, _COUNT)
    LATE_NO = staff("ln", _NUMBER, _COUNT)
    ACKNOWLEDGE = staff("rk", _COUNT)
    ANNUAL = staff("yr", _YEAR)
    ANNUAL_FILL = staff("yf", _YEAR)
    ANNUAL_SENT = staff("ys", _YEAR)
    PROPOSAL_ACCEPT = staff("pa", _COUNT, of_form=True)
    PROPOSAL_DECLINE = staff("pd", _COUNT, of_form=True)
    # leaders
    ROLE_CODE = leaders("gc", _WORD)
    ROLE_REVOKE = leaders("gv", _COUNT)  # ordinal of the event that granted it
    ROLE_REVOKE_SURE = leaders("gs", _COUNT)
    # admins
    RELOAD = admins("ar")
    RELOAD_ANYWAY = admins("aw", _STATE)
    ROLL_BACK = admins("ab", _VERSION)
    CHECK = admins("ak")
    STATS = admins("as")
    TELL = admins("at", _STATE, "[0-9]")  # of which document what; which guess
    UNANSWERED = admins("au")
    MISSED = admins("am", _COUNT)  # question
    CONFIRM = office("cf", _ENTRY, _COUNT)
    UNSETTLE = office("ax", _COUNT)
    WORDING = admins("ay", _COUNT)
    NO_WORDING = admins("an", _COUNT)
    NO_ANSWER = admins("aa", _COUNT, _WORD)  # why
    DRAFT = admins("ad", _COUNT)


_BY_CODE = {act.value: act for act in Act}


@dataclass(frozen=True)
class Payload:
    """A button's meaning.  Raises ValueError when the arguments do not fit the act."""

    act: Act
    arguments: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        patterns = self.act.declared.arguments
        if len(patterns) != len(self.arguments):
            raise ValueError(f"{self.act.name} takes {len(patterns)} arguments, not {len(self.arguments)}")
        for pattern, argument in zip(patterns, self.arguments, strict=True):
            if not pattern.fullmatch(argument):
                raise ValueError(f"not an argument of {self.act.name}: {argument!r}")
        if len(str(self).encode()) > MOST_BYTES:
            raise ValueError(f"{self.act.name}: more than {MOST_BYTES} bytes")

    def __str__(self) -> str:
        return ":".join((self.act.value, *self.arguments))


def is_about_a_request(act: Act) -> bool:
    """Whether its first argument is the number of a request, an inquiry or a record correction."""
    return [each.pattern for each in act.declared.arguments[:1]] == [_NUMBER]


def data_of(act: Act, *arguments: object) -> str:
    """The text of a button: `data_of(Act.ENTRY, entry.token, 0)`."""
    return str(Payload(act, tuple(str(argument) for argument in arguments)))


def parse(data: str) -> Payload | None:
    """What a pressed button means, None for anything that this program never wrote."""
    code, *arguments = data.split(":")
    try:
        return Payload(_BY_CODE[code], tuple(arguments))
    except (KeyError, ValueError):
        return None
