"""What the desk needs to know of its office's settings."""

from __future__ import annotations

import re
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from bot.desk.folding import folded
from bot.desk.kinds import Labelled

# Which one is meant is left to the reader.
_IN_GENERAL = re.compile(
    r"上一?级|[同本]级|有关|相关|管辖|所在地|当地|主管|复议机关|某|×|xx"
    r"|\A本?[县区市州旗]?级?(?:人民)?(?:政府|法院)\Z"
)


def _names_one(body: str) -> bool:
    """Whether a body or a court is named, not described."""
    plain = re.sub(r"\s", "", folded(body))
    return bool(plain) and _IN_GENERAL.search(plain) is None


class RemedySetting(Labelled):
    """A setting without which nobody can be told how to contest a decision."""

    BODY = "reconsideration_body", "复议机关（reconsideration_body）"
    COURT = "court", "法院（court）"


@dataclass(frozen=True)
class OfficeRules:
    """Rules of the office, where the law leaves a choice, and names that a letter must carry.

    Who reviews and which court is competent have no default: a letter names them (复议法 arts 20(3), 24), and
    without them none that decides something is made.
    """

    agency: str  # 洲上乡人民政府
    staff: tuple[str, ...] = ()  # addresses of everybody who may handle requests
    leaders: tuple[str, ...] = ()  # those of them who may approve
    review_by_second: bool = False  # art. 17: a second person reviews each reply
    reasons_time_counts: bool = True  # art. 35 is silent; counted is the safe side
    excessive_requests_per_month: int = 10  # of one applicant, before art. 35 can be invoked at all
    correction_least_days: int = 5  # working days that a correction notice gives at least (art. 30)
    fee_payment: str = ""  # 缴纳方式, for the fee notice: where and how; without it none goes out
    deferral_working_days: int = 20  # art. 35 names no limit for 延迟答复的合理期限; at most this
    record_correction_goal_days: int = 20  # working days; the office's own goal, the law sets none (art. 41)
    announced_channel: bool = True  # whether the bot is named in the 公开指南
    serve_in_chat: bool = False  # whether a chat message may be the dated service
    reconsideration_body: str = ""
    reconsideration_online: str = ""  # where to apply for it online (复议法 22(2))
    court: str = ""
    office_name: str = ""
    office_address: str = ""
    office_phone: str = ""
    document_number_form: str = "依申请〔{year}〕{number}号"  # 发文字号
    timezone: str = "Asia/Shanghai"

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    @property
    def unknown_remedies(self) -> tuple[RemedySetting, ...]:
        """The settings that are missing to tell how a decision can be contested.

        上一级人民政府 and the like name nobody: an applicant cannot tell which door that is.
        """
        return tuple(each for each in RemedySetting if not _names_one(getattr(self, each.value)))

    def is_staff(self, person: str) -> bool:
        return person in self.staff or person in self.leaders

    def may_approve(self, person: str) -> bool:
        """Leaders approve; where none is configured every staff member does."""
        return person in self.leaders if self.leaders else self.is_staff(person)
