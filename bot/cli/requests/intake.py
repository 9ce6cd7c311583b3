"""`disclosure requests intake`: a request that came in on paper or by word of mouth, entered from a file.

A file and no options: what stands on a command line is kept by the shell and seen by all on the machine.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Any

import click
import yaml

from bot.cli.opening import with_program
from bot.cli.output import WRONG_USAGE, fail, print_json
from bot.cli.requests.plain import as_plain
from bot.desk.errors import GuardFailed, InvalidValue, NotAllowed
from bot.desk.identity import contact_problem, document_problem
from bot.desk.legible import legible, legible_within
from bot.desk.model import (
    Agent,
    Applicant,
    ApplicantKind,
    Authority,
    DeliveryForm,
    DisclosureRequest,
    Intake,
    Person,
)
from bot.desk.register import Register
from bot.program import Program

TEMPLATE = """\
# 线下收到的申请，一份一个文件：disclosure requests intake FILE。登记完请删掉这个文件，里面有个人信息。
officer: ""                     # 谁登记的，须是经办人，如 telegram:123456
intake: ""                      # counter 当面, oral 口头, signed_post 挂号信, ordinary_post 平信, fax 传真
received_on: ""                 # 收到的日期，如 2026-11-26；平信、传真写收到信的日期，确认以后才起算
proof: ""                       # 凭什么知道是这一天：谁收的、邮件号、口头申请的笔录
applicant:
  kind: ""      # NP 自然人, CO 商业企业, RE 科研机构, PB 社会公益组织, LS 法律服务机构, OT 其他
  name: ""                      # 要和证件上一样
  id_number: ""                 # 身份证号或统一社会信用代码；其他证件照写
  contact: ""                   # 电话、邮箱或通信地址
  representative: ""            # 单位的经办人，个人不填
  agent_authority: ""           # 代为申请才填：power_of_attorney 凭委托书, guardian 监护人（不满14岁的须填）
  agent_name: ""                # 代理人或监护人的姓名
  agent_id_number: ""           # 他的身份证号
  agent_contact: ""             # 他的联系方式，可以不填
  agent_proof: ""               # 核对了什么，如 2026年11月1日的委托书原件；户口簿原件
  others: ""                    # 一起申请的人，一人一行：姓名，身份证号，联系方式（联系方式可以不写）
identity_document: ""           # 核对了什么证件，如居民身份证；没有核对就不填，证件照片不保存
identity_checked: ""            # 怎么核对的，如当面看了原件
content: ""                     # 要什么信息，照申请书上的写
form: paper                     # paper 纸质, electronic 电子文件, inspection 现场查阅
way: ""                         # 怎么拿到，如邮寄
"""
_FIELDS = ("officer", "intake", "received_on", "proof", "applicant", "content", "form", "way")
_CHECK = ("identity_document", "identity_checked")  # both or neither
_OF_AGENT = ("agent_authority", "agent_name", "agent_id_number", "agent_contact", "agent_proof")
_OF_APPLICANT = ("kind", "name", "id_number", "contact", "representative", *_OF_AGENT, "others")
_MAY_BE_EMPTY = ("way", "representative", "form", "proof", *_CHECK, *_OF_AGENT, "others")


class WrongForm(Exception):
    """A field of the file is missing or cannot be right; the text says which and what is allowed."""


@click.command()
@click.argument("file", type=click.File("r", encoding="utf-8"), required=False)
@click.option("--template", is_flag=True, help="Print an empty form to fill in.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def intake(file: Any, template: bool, as_json: bool) -> None:
    """Enter a request made at the counter, by post, by fax or orally, from a YAML file (- is stdin).

    The same checks, clock and tables as for requests made online; the officer must be a member of staff.

    \b
    Example:     disclosure requests intake --template > request.yaml
                 disclosure requests intake request.yaml
    """
    if template:
        click.echo(TEMPLATE, nl=False)
        return
    if file is None:
        fail("Name the file, or see --template.", WRONG_USAGE)
    try:
        enter(read_form(file), as_json)
    except WrongForm as error:
        fail(str(error), WRONG_USAGE)


@with_program
def enter(program: Program, form: dict[str, Any], as_json: bool) -> None:
    """Register it and say its number, and its due date where the clock runs."""
    now = datetime.now(UTC)
    with program.ledger.transaction() as connection:
        register = program.conversation.register_now(connection)
        try:
            request = _entered(register, connection, now, form)
        except NotAllowed as error:
            raise WrongForm(f"officer: {form['officer']!r} is no member of staff.") from error
        except GuardFailed as error:
            raise WrongForm(f"applicant: {error.text_id} ({error.facts.get('article', '')}).") from error
        except InvalidValue as error:
            allowed = f"; today is {error.facts['today']}" if "today" in error.facts else ""
            raise WrongForm(f"{error.facts['field']}: {error.text_id}{allowed}.") from error
    if as_json:
        print_json(as_plain(request))
        return
    click.echo(f"{request.number}  {request.status.label}")
    if request.due_on:
        remark = " (provisional)" if request.provisional else ""
        click.echo(f"received on {request.received_on}, due on {request.due_on}{remark}")
    if request.repeat_of:
        click.echo(f"The same applicant asked the same before: {', '.join(request.repeat_of)}", err=True)


def read_form(file: Any) -> dict[str, Any]:
    """The fields of the file, all there and of the right kind.  Raises WrongForm."""
    try:
        loaded = legible_within(yaml.safe_load(legible(file.read())))  # as it stands, and as "\x07"
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        line = f", line {mark.line + 1}" if mark else ""
        raise WrongForm(f"This is no YAML{line}.") from error
    form = _fields(loaded, (*_FIELDS, *_CHECK), "")
    form["applicant"] = _fields(form["applicant"], _OF_APPLICANT, "applicant.")
    for name in ("officer", "intake", "proof", "content", "form", "way", *_CHECK):
        form[name] = str(form[name] or "").strip()
    half = [name for name in _CHECK if not form[name]]
    if len(half) == 1:
        raise WrongForm(f"{half[0]}: is missing; fill in both of {' and '.join(_CHECK)}, or neither.")
    return form


def _fields(loaded: Any, names: tuple[str, ...], where: str) -> dict[str, Any]:
    if not isinstance(loaded, dict):
        raise WrongForm(f"{where or 'the file'}: must be `name: value` lines; see --template.")
    unknown = [str(name) for name in loaded if name not in names]
    if unknown:
        raise WrongForm(f"{where}{unknown[0]}: no such field; the fields are {', '.join(names)}.")
    for name in names:
        if name not in _MAY_BE_EMPTY and not str(loaded.get(name) or "").strip():
            raise WrongForm(f"{where}{name}: is missing.")
    return {name: loaded.get(name) for name in names}


def _entered(register: Register, connection: Any, now: datetime, form: dict[str, Any]) -> DisclosureRequest:
    request = register.session(connection, now, form["officer"]).intake.enter(
        applicant=_applicant(form["applicant"], now.astimezone(register.office.zone).date()),
        content=form["content"],
        intake=_one_of("intake", form["intake"], [each for each in Intake if each is not Intake.ONLINE]),
        received_on=_day(form["received_on"]),
        proof=form["proof"],
        form=_one_of("form", form["form"] or DeliveryForm.PAPER.value, list(DeliveryForm)),
        way=form["way"],
    )
    if form["identity_document"]:
        register.session(connection, now, form["officer"]).privacy.record_identity_check(
            request.number, document=form["identity_document"], how=form["identity_checked"]
        )
    return request


def _applicant(fields: dict[str, Any], today: date) -> Any:
    plain = {name: str(value or "").strip() for name, value in fields.items()}
    kind = _one_of("applicant.kind", plain.pop("kind"), list(ApplicantKind))
    number, problem = document_problem(plain["id_number"], kind.is_organisation, today)
    if problem is not None:
        raise WrongForm(f"applicant.id_number: this number cannot be right ({problem.value}).")
    trouble = contact_problem(plain["contact"])
    if trouble is not None:
        raise WrongForm("applicant.contact: a telephone number, an e-mail or an address is needed.")
    return Applicant(
        kind,
        plain["name"],
        number,
        plain["contact"],
        plain["representative"],
        agent=_agent(plain, today),
        others=_others(plain["others"], today),
    )


def _agent(plain: dict[str, str], today: date) -> Any:
    """Who acts for the applicant, None when nobody does; half an agent is a mistake."""
    if not any(plain[name] for name in _OF_AGENT):
        return None
    for name in _OF_AGENT:
        if not plain[name] and name != "agent_contact":
            raise WrongForm(f"applicant.{name}: is missing; whoever acts for somebody proves it.")
    return Agent(
        plain["agent_name"],
        _id_number("applicant.agent_id_number", plain["agent_id_number"], today),
        _one_of("applicant.agent_authority", plain["agent_authority"], list(Authority)),
        plain["agent_proof"],
        plain["agent_contact"],
    )


def _others(text: str, today: date) -> tuple[Any, ...]:
    """Who applies together with the first: one a line, name, number, contact."""
    people = []
    for place, line in enumerate(text.splitlines(), start=1):
        parts = [part.strip() for part in re.split(r"[，,；;\t]", line, maxsplit=2)]
        if not line.strip():
            continue
        if len(parts) < 2 or not all(parts[:2]):
            raise WrongForm(f"applicant.others: line {place}: write the name, a comma, and the number.")
        number = _id_number(f"applicant.others: line {place}", parts[1], today)
        people.append(Person(parts[0], number, parts[2] if len(parts) > 2 else ""))
    return tuple(people)


def _id_number(field: str, text: str, today: date) -> str:
    number, problem = document_problem(text, is_organisation=False, today=today)
    if problem is not None:
        raise WrongForm(f"{field}: this number cannot be right ({problem.value}).")
    return number


def _one_of(name: str, value: str, allowed: list[Any]) -> Any:
    found = next((each for each in allowed if each.value == value), None)
    if found is None:
        raise WrongForm(f"{name}: {value!r} is not one of {', '.join(each.value for each in allowed)}.")
    return found


def _day(value: Any) -> date:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value).strip())
    except ValueError as error:
        raise WrongForm(f"received_on: {value!r} is no day; write it as 2026-11-26.") from error
