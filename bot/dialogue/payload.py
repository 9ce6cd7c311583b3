"""What a button means: an `Act` and its arguments, written `act:argument:argument`, at most 64 bytes.

The meaning is in the button itself, so that a button of last year still works after any number of restarts
and needs no registry.  It holds no secret and is never believed: who may do what is asked when it is pressed.
This is the only module that writes or reads the text of a payload.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum, unique

MOST_BYTES = 64  # Telegram's limit for callback data


@unique  # a second name of one value would be an alias: one button would do what another says
class Act(StrEnum):
    """Everything a button can ask for.  The value is what is sent: old buttons are still out there."""

    # what anybody may press
    WELCOME = "st"
    HELP = "hl"
    PRIVACY = "pv"
    LANGUAGE = "lg"
    EXAMPLE = "ex"
    ENTRY = "e"
    PICK = "ep"
    PICK_AGENCY = "ea"
    CATALOGUE = "ct"
    CATEGORY = "cc"
    CATALOGUE_IN_PLACE = "cb"
    CATEGORY_ANEW = "cn"
    GUIDE = "gd"
    REPHRASE = "rw"
    LARGE = "bg"
    MORE_BUTTONS = "mb"
    SUBSCRIBE = "sb"
    UNSUBSCRIBE = "ub"
    SUBSCRIPTIONS = "sx"
    ALSO = "al"
    NONE_FITS = "no"
    WHY = "wy"
    USEFUL = "up"
    USELESS = "dn"
    # filing
    FILE_REQUEST = "fr"
    FILE_INQUIRY = "fi"
    FILE_RECORD_CORRECTION = "fj"
    ORAL_HELP = "oh"
    PERSON = "hp"
    FORM_CHOOSE = "fc"
    FORM_KEEP = "fk"
    FORM_BACK = "fb"
    FORM_EDIT = "fe"
    FORM_SUBMIT = "fs"
    INQUIRY_SUBMIT = "fq"
    CANCEL = "cx"
    RESUME = "rs"
    # one's own requests
    MINE = "my"
    MY_REQUEST = "mr"
    MY_TIMELINE = "mt"
    MY_REPLY = "ma"
    MY_WEB_PAGE = "mx"
    MY_DUE_DATE = "mp"
    MY_WITHDRAW = "mw"
    MY_WITHDRAW_SURE = "ms"
    MY_CORRECT = "mc"
    MY_CORRECT_SURE = "mq"
    MY_CORRECT_FILES = "mf"
    SUPPLEMENT = "mk"
    NO_SUPPLEMENT = "mj"
    MY_INQUIRY = "mi"
    MY_REASONS = "mn"
    MY_RECORD_WITHDRAW = "mv"
    MY_RECORD_WITHDRAW_SURE = "mz"
    PUBLIC_FILES = "pf"
    UNATTACH = "uf"
    FORGET = "fg"
    TALK_END = "te"
    FORGET_SURE = "fz"
    # staff
    QUEUE = "q"
    CARD = "sc"
    CONFIRM_RECEIPT = "sr"
    TAKE = "sk"
    IDENTITY = "si"
    TIMELINE = "sh"
    DUE_DATE = "sp"
    ASK_CORRECTION = "sa"
    REPLY = "re"
    REPLY_SITUATION = "rg"
    REPLY_OUTCOME = "ro"
    REPLY_DRAFT = "rd"
    REPLY_SURE = "rq"
    REPLY_EDIT = "rt"
    REPLY_CHOOSE = "rp"
    REPLY_BACK = "rx"
    SIGN = "sg"
    REVIEW_OK = "rv"
    REVIEW_RETURN = "rr"
    SERVE = "sv"
    SERVE_LATE = "sl"
    UNDO = "su"
    LETTERS = "nl"
    RECORD_TAKE = "nt"
    RECORD_DETAILS = "nd"
    INQUIRY_CARD = "ic"
    ANSWER_INQUIRY = "ia"
    ANSWER_SEND = "is"
    USE_REMARK = "iu"
    ANSWER_WAIT = "iw"
    TALK_OVER = "io"
    PUBLISH = "pb"
    PUBLISH_PLAIN = "zp"
    PUBLISH_SURE = "ps"
    PUBLISH_LOOK = "pl"
    PUBLISH_FILES = "pw"
    FILES = "sf"
    SEARCH_INSTEAD = "qi"
    MORE = "sm"
    RECORD = "rc"
    RECORD_CHOOSE = "rh"
    RECORD_BACK = "rb"
    RECORD_SAVE = "ry"
    EXTENSION_YES = "xo"
    EXTENSION_NO = "xn"
    LATE_YES = "ly"
    LATE_NO = "ln"
    ACKNOWLEDGE = "rk"
    ANNUAL = "yr"
    ANNUAL_FILL = "yf"
    ANNUAL_SENT = "ys"
    PROPOSAL_ACCEPT = "pa"
    PROPOSAL_DECLINE = "pd"
    # leaders
    ROLE_CODE = "gc"
    ROLE_REVOKE = "gv"
    ROLE_REVOKE_SURE = "gs"
    # admins
    RELOAD = "ar"
    RELOAD_ANYWAY = "aw"
    ROLL_BACK = "ab"
    CHECK = "ak"
    STATS = "as"
    TELL = "at"
    UNANSWERED = "au"
    MISSED = "am"
    CONFIRM = "cf"
    UNSETTLE = "ax"
    WORDING = "ay"
    NO_WORDING = "an"
    NO_ANSWER = "aa"
    DRAFT = "ad"


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

# The arguments of each act; an act that is not listed has none.
_ARGUMENTS: dict[Act, tuple[str, ...]] = {
    Act.LANGUAGE: ("[A-Za-z-]{2,8}",),
    Act.EXAMPLE: (_COUNT,),
    Act.ENTRY: (_ENTRY, _COUNT),  # page
    Act.PICK: (_ENTRY, _COUNT),  # question
    Act.PICK_AGENCY: (_ENTRY, _COUNT),  # question
    Act.CATEGORY: (_ENTRY, _COUNT),  # offset
    Act.LARGE: ("on|off",),
    Act.MORE_BUTTONS: (_COUNT,),  # of which list
    Act.SUBSCRIBE: (_ENTRY,),  # token of the category
    Act.UNSUBSCRIBE: (_ENTRY,),
    Act.CATEGORY_ANEW: (_ENTRY,),
    Act.REPHRASE: (_COUNT,),  # question
    Act.ALSO: (_COUNT,),
    Act.NONE_FITS: (_COUNT,),
    Act.WHY: (_COUNT,),
    Act.USEFUL: (_COUNT,),
    Act.USELESS: (_COUNT,),
    Act.FILE_REQUEST: (_COUNT,),
    Act.FILE_INQUIRY: (_COUNT,),
    Act.FORM_CHOOSE: (_WORD, _WORD, _DRAFT),
    Act.FORM_KEEP: (_DRAFT,),
    Act.FORM_BACK: (_DRAFT,),
    Act.FORM_EDIT: (_WORD, _DRAFT),
    Act.FORM_SUBMIT: (_DRAFT,),
    Act.INQUIRY_SUBMIT: (_DRAFT,),
    Act.MY_REQUEST: (_NUMBER,),
    Act.MY_TIMELINE: (_NUMBER,),
    Act.MY_REPLY: (_NUMBER,),
    Act.MY_WEB_PAGE: (_NUMBER,),
    Act.MY_DUE_DATE: (_NUMBER,),
    Act.MY_WITHDRAW: (_NUMBER,),
    Act.MY_WITHDRAW_SURE: (_NUMBER,),
    Act.MY_CORRECT: (_NUMBER,),
    Act.MY_CORRECT_SURE: (_NUMBER,),
    Act.MY_CORRECT_FILES: (_NUMBER,),
    Act.SUPPLEMENT: (_NUMBER,),
    Act.NO_SUPPLEMENT: (_NUMBER,),
    Act.MY_INQUIRY: (_NUMBER,),
    Act.MY_REASONS: (_NUMBER,),
    Act.MY_RECORD_WITHDRAW: (_NUMBER,),
    Act.MY_RECORD_WITHDRAW_SURE: (_NUMBER,),
    Act.LETTERS: (_NUMBER,),
    Act.RECORD_TAKE: (_NUMBER,),
    Act.RECORD_DETAILS: (_NUMBER,),
    Act.QUEUE: (_COUNT,),  # offset
    Act.CARD: (_NUMBER,),
    Act.CONFIRM_RECEIPT: (_NUMBER,),
    Act.TAKE: (_NUMBER,),
    Act.IDENTITY: (_NUMBER,),
    Act.TIMELINE: (_NUMBER,),
    Act.DUE_DATE: (_NUMBER,),
    Act.ASK_CORRECTION: (_NUMBER,),
    Act.REPLY: (_NUMBER,),
    Act.REPLY_SITUATION: (_NUMBER, _WORD),
    Act.REPLY_OUTCOME: (_NUMBER, _CODE),
    Act.REPLY_DRAFT: (_NUMBER,),
    Act.REPLY_SURE: (_NUMBER,),
    Act.REPLY_EDIT: (_NUMBER,),
    Act.REPLY_CHOOSE: (_NUMBER, _WORD),
    Act.REPLY_BACK: (_NUMBER,),
    Act.SIGN: (_NUMBER,),
    Act.REVIEW_OK: (_NUMBER,),
    Act.REVIEW_RETURN: (_NUMBER,),
    Act.SERVE: (_NUMBER, _WORD),
    Act.SERVE_LATE: (_NUMBER, _WORD),
    Act.UNDO: (_NUMBER,),
    Act.INQUIRY_CARD: (_NUMBER,),
    Act.ANSWER_INQUIRY: (_NUMBER,),
    Act.ANSWER_SEND: (_NUMBER,),
    Act.USE_REMARK: (_NUMBER,),
    Act.ANSWER_WAIT: (_NUMBER,),
    Act.TALK_OVER: (_NUMBER,),
    Act.TALK_END: (_NUMBER,),
    Act.PUBLISH: (_NUMBER,),
    Act.PUBLISH_PLAIN: (_NUMBER,),
    Act.PUBLISH_SURE: (_NUMBER,),
    Act.PUBLISH_LOOK: (_NUMBER,),
    Act.PUBLISH_FILES: (_NUMBER,),
    Act.FILES: (_NUMBER,),
    Act.PUBLIC_FILES: (_NUMBER,),
    Act.MORE: (_NUMBER,),
    Act.RECORD: (_NUMBER, _WORD),
    Act.RECORD_CHOOSE: (_CHOICE, _DRAFT),
    Act.RECORD_BACK: (_DRAFT,),
    Act.RECORD_SAVE: (_DRAFT,),
    Act.EXTENSION_YES: (_NUMBER, "[0-9]{1,2}", _COUNT),  # working days, ordinal of the note that asks
    Act.EXTENSION_NO: (_NUMBER, _COUNT),
    Act.LATE_YES: (_NUMBER, _COUNT),
    Act.LATE_NO: (_NUMBER, _COUNT),
    Act.ACKNOWLEDGE: (_COUNT,),
    Act.ANNUAL: (_YEAR,),
    Act.ANNUAL_FILL: (_YEAR,),
    Act.ANNUAL_SENT: (_YEAR,),
    Act.PROPOSAL_ACCEPT: (_COUNT,),
    Act.PROPOSAL_DECLINE: (_COUNT,),
    Act.ROLE_CODE: (_WORD,),
    Act.ROLE_REVOKE: (_COUNT,),  # ordinal of the event that granted it
    Act.ROLE_REVOKE_SURE: (_COUNT,),
    Act.RELOAD_ANYWAY: (_STATE,),
    Act.ROLL_BACK: (_VERSION,),
    Act.MISSED: (_COUNT,),  # question
    Act.TELL: (_STATE, "[0-9]"),  # of which document what; which guess
    Act.CONFIRM: (_ENTRY, _COUNT),
    Act.UNSETTLE: (_COUNT,),
    Act.WORDING: (_COUNT,),
    Act.NO_WORDING: (_COUNT,),
    Act.NO_ANSWER: (_COUNT, _WORD),  # why
    Act.DRAFT: (_COUNT,),
}
_PATTERNS = {act: tuple(re.compile(pattern) for pattern in _ARGUMENTS.get(act, ())) for act in Act}


@dataclass(frozen=True)
class Payload:
    """A button's meaning.  Raises ValueError when the arguments do not fit the act."""

    act: Act
    arguments: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        patterns = _PATTERNS[self.act]
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
    return _ARGUMENTS.get(act, ())[:1] == (_NUMBER,)


def data_of(act: Act, *arguments: object) -> str:
    """The text of a button: `data_of(Act.ENTRY, entry.token, 0)`."""
    return str(Payload(act, tuple(str(argument) for argument in arguments)))


def parse(data: str) -> Payload | None:
    """What a pressed button means, None for anything that this program never wrote."""
    name, *arguments = data.split(":")
    try:
        return Payload(Act(name), tuple(arguments))
    except ValueError:
        return None
