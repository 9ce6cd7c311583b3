"""What can be typed: commands, their Chinese words, and numbers or labels that pick a button.

`/status`, `/查询`, `进度`, `進度。` and `status` are one command.  A Chinese word is a command only
when it is the whole message: 指南在哪里看 is a question.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from opencc import OpenCC

from bot.dialogue import attaching
from bot.dialogue.admin import commands as admin
from bot.dialogue.admin import learning
from bot.dialogue.payload import Act, Payload
from bot.dialogue.picking import picked_by_words
from bot.dialogue.resident import catalogue, large, my_data, my_requests, welcome
from bot.dialogue.resident.filing import request as filing
from bot.dialogue.resident.handing_over import command_of
from bot.dialogue.resident.subscriptions import chat as subscriptions_chat
from bot.dialogue.roles import chat as roles_chat
from bot.dialogue.roles import revoking as roles_revoking
from bot.dialogue.staff import filekeeping, intake, queue, receiving, record_corrections, reporting
from bot.dialogue.staff.opened import open_number
from bot.dialogue.visit import Visit, turn
from bot.messages import Button, Language, Turn

NUMBER = re.compile(r"[A-Za-z]{0,2}20\d{2}-\d{1,8}")  # of a request, an inquiry, a record correction


class Who(StrEnum):
    """For whom a command exists at all."""

    EVERYBODY = "everybody"
    STAFF = "staff"
    ADMIN = "admin"
    LEADER = "leader"


@dataclass(frozen=True)
class Command:
    """`name` is what Telegram registers; `words` are the Chinese words that do the same."""

    name: str
    words: tuple[str, ...]
    run: Callable[[Visit, str], Turn]  # with what stands after the command
    who: Who = Who.EVERYBODY
    personal: bool = False  # never in a group
    takes: re.Pattern[str] = NUMBER  # what may stand after its word; after a slash anything may


def _plain(run: Callable[[Visit], Turn]) -> Callable[[Visit, str], Turn]:
    return lambda visit, rest: run(visit)


def _start(visit: Visit, link: str) -> Turn:
    """/start; a link from a group may name the personal command that begins here."""
    command = named(command_of(link))
    if command is not None and command.personal and may_run(visit, command):
        return command.run(visit, "")
    return welcome.start(visit, link)


def _status(visit: Visit, rest: str) -> Turn:
    """进度: where one's own requests are; of a clerk, where the open one is, or all."""
    if visit.is_staff and (number := rest.upper() or open_number(visit)):
        return queue.show_number(visit, number)
    if visit.is_staff and not my_requests.has_any(visit):
        return queue.show(visit)
    return my_requests.show(visit, rest.upper()) if rest else my_requests.show_list(visit)


def _queue(visit: Visit, rest: str) -> Turn:
    """The queue, one of it by its number, or what was found by words."""
    if not rest:
        return queue.show(visit)
    if is_number(rest):
        return queue.show_number(visit, rest.upper())
    return queue.only(visit, rest.strip().lower()) or queue.search(visit, rest)


def _due_date(visit: Visit, rest: str) -> Turn:
    """期限: how the last day for a reply was counted; of one's own request, or for staff of any."""
    if visit.is_staff and not rest:
        rest = open_number(visit)
    if not is_number(rest):
        return queue.show(visit) if visit.is_staff else my_requests.show_list(visit)
    proof = receiving.press_due_date if visit.is_staff else my_requests.press_due_date
    return proof(visit, Payload(Act.DUE_DATE, (rest.upper(),)))


COMMANDS = (
    Command("start", ("开始",), _start),
    Command("help", ("帮助", "怎么用", "使用帮助"), _plain(welcome.show_help)),
    Command("catalogue", ("目录", "公开目录", "信息目录"), _plain(catalogue.show_catalogue)),
    Command("guide", ("指南", "公开指南", "申请指南"), _plain(catalogue.show_guide)),
    Command(
        "request",
        ("申请", "申请公开", "我要申请", "依申请公开", "我要申请公开"),
        lambda visit, rest: filing.start(visit, rest),
        personal=True,
    ),
    Command("status", ("进度", "查询", "查进度", "查询进度", "我的申请"), _status, personal=True),
    Command(
        "record_correction",
        ("更正", "更正信息", "更正本人信息", "要求更正", "更正个人信息"),
        _plain(filing.start_record_correction),
        personal=True,
    ),
    Command("due", ("期限",), _due_date, personal=True),
    Command(
        "cancel", ("取消", "不填了", "算了", "不要了"), _plain(lambda visit: cancel(visit)), personal=True
    ),
    Command("privacy", ("隐私", "个人信息", "隐私说明"), _plain(welcome.show_privacy)),
    Command(
        "language",
        ("语言", "繁体", "繁体中文", "简体", "简体中文", "english", "中文"),
        _plain(welcome.show_languages),
    ),
    Command("mydata", ("我的数据", "我的信息", "个人数据"), _plain(my_data.show), personal=True),
    Command(
        "subscribe", ("订阅", "我的订阅", "取消订阅"), _plain(subscriptions_chat.show_list), personal=True
    ),
    Command(
        "large",
        ("大字", "大字模式", "大字版", "简单模式"),
        _plain(lambda visit: large.switch(visit, on=True)),
        personal=True,
    ),
    Command(
        "normal",
        ("普通", "普通模式", "普通字"),
        _plain(lambda visit: large.switch(visit, on=False)),
        personal=True,
    ),
    Command("queue", ("待办", "队列", "办件"), _queue, who=Who.STAFF),
    Command("intake", ("登记", "登记申请", "代为登记"), _plain(intake.start), who=Who.STAFF, personal=True),
    Command(
        "record_intake",
        ("登记更正", "登记更正申请"),
        _plain(record_corrections.start),
        who=Who.STAFF,
        personal=True,
    ),
    Command("handover", ("交接",), _plain(filekeeping.hand_over), who=Who.STAFF, personal=True),
    Command("annual", ("年报", "年度报告"), reporting.show, who=Who.STAFF, takes=reporting.A_YEAR),
    Command("grant", ("授权",), roles_chat.grant, who=Who.LEADER),
    Command("revoke", ("收回授权", "撤销授权"), roles_revoking.revoke, who=Who.LEADER),
    Command("reload", ("重新加载", "更新知识库"), _plain(admin.reload), who=Who.ADMIN),
    Command("check", ("检查知识库",), _plain(admin.check), who=Who.ADMIN),
    Command("rollback", ("退回上一版",), _plain(admin.roll_back), who=Who.ADMIN),
    Command("stats", ("统计",), _plain(admin.stats), who=Who.ADMIN),
    Command("unanswered", ("没答上的", "未答问题"), _plain(learning.unanswered), who=Who.ADMIN),
)

_to_simplified = OpenCC("t2s")
_BY_WORD = {word: command for command in COMMANDS for word in (*command.words, command.name)}
_SLASH = re.compile(r"[/\uff0f]\s*([^\s@/]{1,32})(?:@\w+)?(?:\s+(.*))?", re.DOTALL)
_ENDS = " \t\n。.!！?？~,，、：:；;\"'“”‘’（）()【】[]"
_LONGEST_WORD = 12
_BETWEEN = re.compile(r"[\s，,。.、]+")
# What a draft calls the answers that a person gave: of a staff form, of a reply, of a filing.
_ANSWER = re.compile(
    r"(?:value|field)_\w+|text|outcome|kind|name|id_number|phone|email|address|contact_as_written|wanted|way"
    r"|record|wrong|evidence|guardian_name|guardian_id|representative|post_address|email_address"
)


def command_in(visit: Visit, text: str) -> tuple[Command, str] | None:
    """The command that this message is, with what stands after it; None when it is something else.

    A command that is not for this person does not exist for them.
    """
    stripped = text.strip()
    slash = _SLASH.fullmatch(stripped)
    if slash:
        word, rest = _folded(slash[1]), (slash[2] or "").strip()
    else:
        word, rest = _word_and_number(stripped)
    command = _BY_WORD.get(word)
    return (command, rest) if command is not None and may_run(visit, command) else None


def _word_and_number(text: str) -> tuple[str, str]:
    """进度, or 进度 2026-0001; ("", "") when it is too long to be either."""
    word, _, rest = text.partition(" ")
    command = _BY_WORD.get(_folded(word))
    if command is not None and command.takes.fullmatch(rest.strip()):
        return _folded(word), rest.strip()
    return (_folded(text), "") if len(text) <= _LONGEST_WORD else ("", "")


def reserved_in(visit: Visit, text: str) -> Command | None:
    """The command that a member of the office typed and that only another role may run."""
    stripped = text.strip()
    slash = _SLASH.fullmatch(stripped)
    command = _BY_WORD.get(_folded(slash[1]) if slash else _word_and_number(stripped)[0])
    known = command is not None and command.who is not Who.EVERYBODY and not may_run(visit, command)
    return command if known and (visit.is_staff or visit.is_admin) else None


def is_number(text: str) -> bool:
    """Whether it is the register number of a request or an inquiry."""
    return bool(NUMBER.fullmatch(text.strip()))


def named(name: str) -> Command | None:
    """The command of this name."""
    return next((command for command in COMMANDS if command.name == name), None)


def may_run(visit: Visit, command: Command) -> bool:
    """Whether the command exists for this person, here."""
    if command.who is Who.STAFF:
        return visit.is_staff
    if command.who is Who.ADMIN:
        return visit.is_admin
    if command.who is Who.LEADER:
        return visit.is_leader
    return True


def is_slash(text: str) -> bool:
    """Whether it was meant as a command, known or not."""
    return bool(_SLASH.fullmatch(text.strip()))


def _folded(text: str) -> str:
    return str(_to_simplified.convert(unicodedata.normalize("NFKC", text).strip(_ENDS).lower()))


def button_in(visit: Visit, text: str) -> str:
    """The payload of the button that was picked by its number or label in the last list, "" for none."""
    folded = _folded(text)
    if not folded or len(folded) > 64:
        return ""
    buttons = visit.memory.buttons
    place = _place_in(folded)
    if 1 <= place <= len(buttons):
        return buttons[place - 1][1]
    named = next((data for label, data in buttons if _folded(label) == folded), "")
    if named or (visit.is_staff and command_in(visit, text) is not None):
        return named
    # 我的申请 is a command, also where [申请公开] is shown: particles around a button's word do not outdo it.
    return picked_by_words(visit, text, exactly=folded in _BY_WORD)


def _place_in(folded: str) -> int:
    """1 for 1, 选1, 第1个, 第一个; 0 for anything else: 一 alone is a word like any."""
    if number := re.fullmatch(r"[选点按要]?第?(\d{1,2})(?:个|项|条|号)?", folded):
        return int(number[1])
    spelt = re.fullmatch(r"[选点按要]?第([一二三四五六七八九])(?:个|项|条|号)?", folded)
    return "一二三四五六七八九".index(spelt[1]) + 1 if spelt else 0


def choice_in(text: str) -> int | None:
    """The bare number such as picks a button (², ② and full width are 2); longer ones are contents."""
    folded = unicodedata.normalize("NFKC", text).strip()
    return int(folded) if re.fullmatch(r"\d{1,2}", folded) else None


def is_resume(visit: Visit, text: str) -> bool:
    """继续: whether somebody wants to go on with what lies half filled; 确认登记 of it means that too."""
    if visit.memory.paused and visit.is_staff and text.strip() == visit.voice.word("button_record_save"):
        return True
    words = visit.voice.words.say("resumes", Language.SIMPLIFIED).split()
    return _BETWEEN.sub("", _folded(text)) in words


def cancel(visit: Visit) -> Turn:
    """取消: what was half filled is forgotten; of a form that is nearly full it is asked first."""
    memory, voice = visit.memory, visit.voice
    if not memory.step:
        return turn(voice.message("nothing_to_cancel", buttons=_ways_on(visit, "")))
    if _is_nearly_full(visit) and memory.cancel_asked != memory.list_id:
        memory.paused, memory.cancel_asked = True, memory.list_id + 1
        return turn(voice.message("cancel_sure", count=_filled(memory.draft)))
    number = memory.draft.get("number", "")
    attaching.drop(visit)
    memory.finish()
    return turn(voice.message("cancelled", buttons=_ways_on(visit, number)))


def _ways_on(visit: Visit, number: str) -> list[list[Button]]:
    """Where somebody goes who has left a form: staff to the request it was about."""
    if not visit.is_staff:
        return welcome.main_rows(visit)
    card = [visit.voice.button("button_card", Act.CARD, number)] if is_number(number) else []
    return [[*card, visit.voice.button("button_queue", Act.QUEUE, 0)]]


def _is_nearly_full(visit: Visit) -> bool:
    """Two answers of a clerk, whose forms are short; five of a resident."""
    return _filled(visit.memory.draft) >= (2 if visit.is_staff else 5)


def _filled(draft: Mapping[str, str]) -> int:
    """How many answers a draft holds."""
    return sum(bool(_ANSWER.fullmatch(name)) and bool(draft[name]) for name in draft)
