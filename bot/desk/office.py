"""What the desk needs to know of its office's settings."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class OfficeRules:
    """Rules of the office, where the law leaves a choice, and names that a letter must carry.

    The two defaults of remedies are true of every township: reconsideration goes to the government one
    level up (行政复议法 art. 24), a suit to the court that has jurisdiction.  Empty names fall back to them.
    """

    agency: str  # 洲上乡人民政府
    staff: tuple[str, ...] = ()  # addresses of everybody who may handle requests
    leaders: tuple[str, ...] = ()  # those of them who may approve
    review_by_second: bool = False  # art. 17: a second person reviews each reply
    reasons_time_counts: bool = True  # art. 35 is silent; counted is the safe side
    record_correction_goal_days: int = 20  # working days; the office's own goal, the law sets none (art. 41)
    announced_channel: bool = True  # whether the bot is named in the 公开指南
    serve_in_chat: bool = False  # whether a chat message may be the dated service
    reconsideration_body: str = ""
    reconsideration_online: str = ""  # where to apply for it online (复议法 22(2))
    court: str = ""
    office_name: str = ""
    office_address: str = ""
    office_phone: str = ""
    timezone: str = "Asia/Shanghai"

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    @property
    def reviewing_body(self) -> str:
        return self.reconsideration_body or "上一级人民政府"

    @property
    def competent_court(self) -> str:
        return self.court or "有管辖权的人民法院"

    def is_staff(self, person: str) -> bool:
        return person in self.staff or person in self.leaders

    def may_approve(self, person: str) -> bool:
        """Leaders approve; where none is configured every staff member does."""
        return person in self.leaders if self.leaders else self.is_staff(person)
