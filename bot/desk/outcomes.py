"""How a request ends: the 21 leaf rows of Table 3 (notice 30 of 2021), with their legal basis."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class ReviewFirst(StrEnum):
    """Whether reconsideration must come before a suit (复议前置, 行政复议法 art. 23(1)(4)).

    Interpretation 8 of 2025 of the Supreme Court, art. 1 (in force since 2025-06-01): only what is refused
    under arts 14-16 of the Regulations, whole or in part, goes through reconsideration first; 无法提供 and
    不予处理 may be sued directly.  The value names the wording in letters.yaml.
    """

    EITHER = "either"  # reconsideration within 60 days, or a suit within six months
    YES = "yes"
    FOR_THE_REST = "for_the_rest"  # first, for the part that is withheld
    NO_REMEDY_TEXT = "no_remedy_text"  # nothing is decided against the applicant


SEVERAL = "；"  # between the values of a field that holds more than one choice


@dataclass(frozen=True)
class RequiredField:
    """Something a reply must record; `label` is what a clerk is asked for.

    `choices`, where there are any, are the only values; several are joined by SEVERAL.
    """

    name: str
    label: str
    choices: tuple[str, ...] = ()

    def read(self, typed: str) -> str:
        """A typed answer as it is recorded, "" when it is none of the choices."""
        if not self.choices:
            return typed.strip()
        parts = [part.strip() for part in typed.replace(";", SEVERAL).split(SEVERAL)]
        return SEVERAL.join(parts) if all(part in self.choices for part in parts) else ""


@dataclass(frozen=True)
class OutcomeRule:
    """What the law and Table 3 say about one ending."""

    label: str  # exactly the words of Table 3
    group: str  # the row above it, "" where the row is its own group
    basis: tuple[str, ...]  # articles of the Regulations
    required: tuple[RequiredField, ...]
    review_first: ReviewFirst


# Where a third party has refused (art. 32), a partial disclosure records whether it holds back what they
# refused, and whatever discloses it all the same records why the public interest demands it.
REFUSED_PART = RequiredField("refused_part", "第三方不同意公开的内容，这次公开不公开")
WITHHELD_PART, DISCLOSED_PART = "withheld", "disclosed"
PUBLIC_INTEREST = RequiredField(
    "public_interest", "不公开会对公共利益造成什么重大影响（写进给第三方的告知书）"
)
# Asked where they fit, never demanded: they choose between two wordings of the reply letter.
WHERE_PUBLISHED = RequiredField("where", "在哪里能看到（网址、公开栏、公开的日期）")
RIGHT_AGENCY = RequiredField("right_agency", "归哪个机关公开，名称和联系方式")
ASKED_WHERE_THEY_FIT = (REFUSED_PART, PUBLIC_INTEREST, WHERE_PUBLISHED, RIGHT_AGENCY)

# The ground of what is held back in part: each names its article, as the letter does.
ARTICLES = (
    "第十四条（国家秘密）",
    "第十四条（法律、行政法规禁止公开）",
    "第十四条（可能危及三安全一稳定）",
    "第十五条（商业秘密）",
    "第十五条（个人隐私）",
    "第十六条第一款（内部事务信息）",
    "第十六条第二款（过程性信息）",
    "第十六条第二款（行政执法案卷信息）",
)
OTHERS_RIGHTS = ("商业秘密", "个人隐私")  # art. 15
_GROUND = RequiredField("ground", "不予公开的理由")
_WITHHELD = "（三）不予公开"
_UNAVAILABLE = "（四）无法提供"
_NOT_PROCESSED = "（五）不予处理"
_CLOSED = "（六）其他处理"


class Outcome(StrEnum):
    """The ending of a request.  The value is its code; everything else is in `rule`."""

    DISCLOSED = "A"
    PARTLY_DISCLOSED = "B"
    WITHHELD_STATE_SECRET = "C1"  # noqa: S105 - an outcome, no password
    WITHHELD_PROHIBITED_BY_LAW = "C2"
    WITHHELD_SECURITY_OR_STABILITY = "C3"
    WITHHELD_THIRD_PARTY_RIGHTS = "C4"
    WITHHELD_INTERNAL_AFFAIRS = "C5"
    WITHHELD_DELIBERATIVE = "C6"
    WITHHELD_ENFORCEMENT_FILE = "C7"
    WITHHELD_REGISTRY_INQUIRY = "C8"
    UNAVAILABLE_NOT_HELD = "D1"
    UNAVAILABLE_NOT_READY_MADE = "D2"
    UNAVAILABLE_STILL_UNCLEAR = "D3"
    NOT_PROCESSED_PETITION = "E1"
    NOT_PROCESSED_REPEAT = "E2"
    NOT_PROCESSED_PUBLISHED_MATERIAL = "E3"
    NOT_PROCESSED_EXCESSIVE = "E4"
    NOT_PROCESSED_REISSUE = "E5"
    CLOSED_UNCORRECTED = "F1"
    CLOSED_UNPAID = "F2"
    CLOSED_OTHER = "F3"

    @property
    def code(self) -> str:
        return self.value

    @property
    def rule(self) -> OutcomeRule:
        return RULES[self]

    @property
    def label(self) -> str:
        """The words of Table 3."""
        return RULES[self].label

    @property
    def name_told(self) -> str:
        """The same for people: without the remark on how it is counted."""
        return RULES[self].label.partition("（")[0]

    @property
    def required(self) -> tuple[RequiredField, ...]:
        """What a reply with this outcome must record beside its text."""
        return RULES[self].required

    @property
    def is_reply(self) -> bool:
        """Whether a reply (答复) ends the request this way; F1-F3 end it without one."""
        return not self.value.startswith("F")

    @property
    def names_remedies(self) -> bool:
        """Whether its letter tells where and how long it can be contested."""
        return self.rule.review_first is not ReviewFirst.NO_REMEDY_TEXT

    @property
    def gives_information(self) -> bool:
        return self in (Outcome.DISCLOSED, Outcome.PARTLY_DISCLOSED)


def _rule(
    label: str,
    group: str,
    basis: str,
    required: tuple[RequiredField, ...],
    review_first: ReviewFirst,
) -> OutcomeRule:
    return OutcomeRule(label, group, tuple(basis.split()), required, review_first)


RULES: dict[Outcome, OutcomeRule] = {
    Outcome.DISCLOSED: _rule("予以公开", "", "36(1) 36(2)", (), ReviewFirst.EITHER),
    Outcome.PARTLY_DISCLOSED: _rule(
        "部分公开（区分处理的，只计这一情形，不计其他情形）",
        "",
        "37",
        (
            RequiredField("given", "公开的部分"),
            RequiredField("withheld", "不予公开的是哪一部分"),
            RequiredField("article", "不予公开的部分依据条例哪一条", ARTICLES),
            RequiredField("ground", "这一部分为什么不能公开"),
        ),
        ReviewFirst.FOR_THE_REST,
    ),
    Outcome.WITHHELD_STATE_SECRET: _rule(
        "属于国家秘密", _WITHHELD, "14", (RequiredField("mark", "密级和定密依据"),), ReviewFirst.YES
    ),
    Outcome.WITHHELD_PROHIBITED_BY_LAW: _rule(
        "其他法律行政法规禁止公开",
        _WITHHELD,
        "14",
        (RequiredField("law_article", "禁止公开的法律、行政法规名称和条款"),),
        ReviewFirst.YES,
    ),
    Outcome.WITHHELD_SECURITY_OR_STABILITY: _rule(
        "危及“三安全一稳定”",
        _WITHHELD,
        "14",
        (
            RequiredField("which", "会危及哪一项", ("国家安全", "公共安全", "经济安全", "社会稳定")),
            _GROUND,
        ),
        ReviewFirst.YES,
    ),
    Outcome.WITHHELD_THIRD_PARTY_RIGHTS: _rule(
        "保护第三方合法权益",
        _WITHHELD,
        "15 32",
        (RequiredField("right", "公开会损害第三方的哪一项权益", OTHERS_RIGHTS), _GROUND),
        ReviewFirst.YES,
    ),
    Outcome.WITHHELD_INTERNAL_AFFAIRS: _rule(
        "属于三类内部事务信息",
        _WITHHELD,
        "16",
        (RequiredField("which", "是哪一类内部事务", ("人事管理", "后勤管理", "内部工作流程")), _GROUND),
        ReviewFirst.YES,
    ),
    Outcome.WITHHELD_DELIBERATIVE: _rule(
        "属于四类过程性信息",
        _WITHHELD,
        "16",
        (
            RequiredField("which", "是哪一类过程性信息", ("讨论记录", "过程稿", "磋商信函", "请示报告")),
            _GROUND,
        ),
        ReviewFirst.YES,
    ),
    Outcome.WITHHELD_ENFORCEMENT_FILE: _rule(
        "属于行政执法案卷",
        _WITHHELD,
        "16",
        (RequiredField("case", "属于哪个案件的案卷（案件名称或文号）"), _GROUND),
        ReviewFirst.YES,
    ),
    Outcome.WITHHELD_REGISTRY_INQUIRY: _rule(
        "属于行政查询事项",
        _WITHHELD,
        "36(7)",
        (RequiredField("special_law", "规定查询办法的法律、行政法规"),),
        ReviewFirst.EITHER,
    ),
    Outcome.UNAVAILABLE_NOT_HELD: _rule(
        "本机关不掌握相关政府信息", _UNAVAILABLE, "36(4) 36(5)", (), ReviewFirst.EITHER
    ),
    Outcome.UNAVAILABLE_NOT_READY_MADE: _rule(
        "没有现成信息需要另行制作",
        _UNAVAILABLE,
        "38",
        (RequiredField("existing", "现有的相关信息"),),
        ReviewFirst.EITHER,
    ),
    Outcome.UNAVAILABLE_STILL_UNCLEAR: _rule(
        "补正后申请内容仍不明确", _UNAVAILABLE, "30", (), ReviewFirst.EITHER
    ),
    Outcome.NOT_PROCESSED_PETITION: _rule(
        "信访举报投诉类申请",
        _NOT_PROCESSED,
        "39(1)",
        (RequiredField("channel", "告知的渠道（如信访窗口、12345）"),),
        ReviewFirst.EITHER,
    ),
    Outcome.NOT_PROCESSED_REPEAT: _rule(
        "重复申请",
        _NOT_PROCESSED,
        "36(6)",
        (RequiredField("earlier_number", "已经答复的申请编号"),),
        ReviewFirst.EITHER,
    ),
    Outcome.NOT_PROCESSED_PUBLISHED_MATERIAL: _rule(
        "要求提供公开出版物",
        _NOT_PROCESSED,
        "39(2)",
        (RequiredField("how_to_obtain", "获取途径"),),
        ReviewFirst.EITHER,
    ),
    Outcome.NOT_PROCESSED_EXCESSIVE: _rule(
        "无正当理由大量反复申请",
        _NOT_PROCESSED,
        "35",
        (RequiredField("count", "申请的数量和频次"),),
        ReviewFirst.EITHER,
    ),
    Outcome.NOT_PROCESSED_REISSUE: _rule(
        "要求行政机关确认或重新出具已获取信息",
        _NOT_PROCESSED,
        "",
        (RequiredField("earlier_reply", "此前已提供的信息"),),
        ReviewFirst.EITHER,
    ),
    Outcome.CLOSED_UNCORRECTED: _rule(
        "申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请",
        _CLOSED,
        "30",
        (),
        ReviewFirst.EITHER,
    ),
    Outcome.CLOSED_UNPAID: _rule(
        "申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请",
        _CLOSED,
        "42",
        (),
        ReviewFirst.EITHER,
    ),
    Outcome.CLOSED_OTHER: _rule("其他", _CLOSED, "", (), ReviewFirst.NO_REMEDY_TEXT),
}


def overrules(outcome: Outcome, fields: Mapping[str, str]) -> bool:
    """Whether a reply discloses what a third party refused, where one did (art. 32)."""
    return outcome.gives_information and fields.get(REFUSED_PART.name) != WITHHELD_PART
