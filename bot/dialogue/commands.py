"""What can be typed: commands, their Chinese words, and numbers or labels that pick a button.

`/status`, `/查询`, `进度`, `進度。` and `status` are one command.  A Chinese word is a command only
when it is the whole message: 指南在哪里看 is a question.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from opencc import OpenCC

from bot.dialogue import catalogue, large, my_data, my_requests, welcome
from bot.dialogue.admin import commands as admin
from bot.dialogue.admin import learning
from bot.dialogue.filing import request as filing
from bot.dialogue.handing_over import command_of
from bot.dialogue.messages import Language, Turn
from bot.dialogue.payload import Act, Payload, parse
from bot.dialogue.roles import chat as roles_chat
from bot.dialogue.roles import revoking as roles_revoking
from bot.dialogue.staff import filekeeping, intake, queue, receiving, record_corrections, reporting
from bot.dialogue.subscriptions import chat as subscriptions_chat
from bot.dialogue.visit import Visit, turn

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
    Command("cancel", ("取消", "不填了", "算了"), _plain(lambda visit: cancel(visit)), personal=True),
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
_ASK_WHETHER = frozenset({Act.FORM_KEEP, Act.FORM_SUBMIT, Act.INQUIRY_SUBMIT})


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
    number = re.fullmatch(r"(?:第|选)?(\d{1,2})(?:个|项|条|号)?", folded)
    if number and 1 <= int(number[1]) <= len(buttons):
        return buttons[int(number[1]) - 1][1]
    named = next((data for label, data in buttons if _folded(label) == folded), "")
    return named or _assented(visit, folded)


def _assented(visit: Visit, folded: str) -> str:
    """好的, 对, 就这样: yes to a form that asks whether something is right; "" when nothing asks that.

    Taken as text, it would replace what the resident wants to know by the word 好的.
    """
    words = visit.voice.words.say("assents", Language.SIMPLIFIED).split()
    if _BETWEEN.sub("", folded) not in words:
        return ""
    asked = [data for _, data in visit.memory.buttons if (found := parse(data)) and found.act in _ASK_WHETHER]
    return asked[0] if asked else ""


def cancel(visit: Visit) -> Turn:
    """取消: what was half filled is forgotten."""
    if not visit.memory.step:
        return turn(visit.voice.message("nothing_to_cancel", buttons=welcome.main_rows(visit)))
    visit.memory.finish()
    return turn(visit.voice.message("cancelled", buttons=welcome.main_rows(visit)))
