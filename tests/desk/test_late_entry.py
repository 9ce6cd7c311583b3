"""What proves a day, and the list of proofs beside a clock."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import Connection

from bot.desk.correction import asks_for_purpose
from bot.desk.errors import GuardFailed, InvalidValue, NotFound, WrongStep
from bot.desk.late_entry import confirmed, names_a_document
from bot.desk.model import Outcome, Status
from bot.desk.register import Register
from tests.desk.conftest import CLERK, SECOND, at

SENT = date(2025, 5, 20)


@pytest.mark.parametrize(
    "proof",
    [
        *(
            "送达回证，5月20日签收",
            "发文登记簿第3号",
            "邮件号码 XA123456785CN",
            "挂号信存根",
            "征求意见函原件",
        ),
        *("XA12345678936", "1234567890123", "签收单", "送達回證第2號", "没有回执，有签收登记表"),
    ],
)
def test_documents(proof: str) -> None:
    """A thing that somebody else can look at."""
    assert names_a_document(proof)


@pytest.mark.parametrize(
    "proof",
    [
        *("", "他本人", "他本人说的", "电话里说过", "我记得是那天", "5月20日", "函"),
        *("没有回执", "无送达回证", "口头说的，没有记录", "送达回证丢了", "回执未取回", "当面说的，没签收单"),
    ],
)
def test_words_are_no_documents(proof: str) -> None:
    """Nobody can look at somebody's word, nor at a document that is said not to be there."""
    assert not names_a_document(proof)


def test_confirmed_once_by_somebody_else(register: Register, connection: Connection, received: str) -> None:
    """Due 2025-05-27; entered on 06-10, the letter of 05-20 has its effect on 06-10, not before."""
    now = at("2025-06-10")
    waiting = register.session(connection, now, CLERK).consultations.consult_third_party(
        received, party="甲厂", sent_on=SENT, proof="发文登记簿第3号"
    )
    assert (waiting.status, waiting.due_on) == (Status.ASSIGNED, date(2025, 5, 27))
    entry = register.session(connection).late_entries.waiting(received)[0]
    assert (entry.happened_on, entry.days, entry.about) == (SENT, 21, "甲厂")
    with pytest.raises(GuardFailed, match="late_entry_own"):
        register.session(connection, now, CLERK).late_entries.confirm(received, proposal=entry.ordinal)
    with pytest.raises(NotFound, match="no_such_late_entry"):
        register.session(connection, now, SECOND).late_entries.confirm(received, proposal=entry.ordinal + 1)
    with pytest.raises(GuardFailed, match="consulted_already"):
        register.session(connection, now, CLERK).consultations.consult_third_party(received, party="甲厂")
    after = register.session(connection, now, SECOND).late_entries.confirm(received, proposal=entry.ordinal)
    assert (after.status, after.is_overdue(now.date())) == (Status.THIRD_PARTY, False)
    with pytest.raises(NotFound):
        register.session(connection, now, SECOND).late_entries.confirm(received, proposal=entry.ordinal)
    assert confirmed(register.session(connection).requests.history(received)) == [(entry, SECOND)]


def test_what_does_not_fit_does_not_wait(register: Register, connection: Connection, received: str) -> None:
    """Over a draft nobody is consulted: said to who enters it, not to who confirms it."""
    now = at("2025-05-06")
    register.session(connection, now, CLERK).replies.draft(
        received, outcome=Outcome.DISCLOSED, text="合同见附件。"
    )
    with pytest.raises(WrongStep):
        register.session(connection, now, CLERK).consultations.consult_third_party(
            received, party="甲厂", sent_on=date(2025, 5, 5), proof="发文登记簿第3号"
        )
    assert not register.session(connection).late_entries.waiting(received)


def test_no_proof_no_late_entry(register: Register, connection: Connection, received: str) -> None:
    """Without a document it is refused, whatever the clock says."""
    with pytest.raises(InvalidValue, match="proof_is_no_document"):
        register.session(connection, at("2025-05-21"), CLERK).consultations.consult_agency(
            received, party="县财政局", sent_on=SENT
        )


def test_dated_after_expiry_moves_nothing(register: Register, connection: Connection, received: str) -> None:
    """A consultation of a day after expiry may be needed; the request stays overdue."""
    asked = register.session(connection, at("2025-06-10"), CLERK).consultations.consult_third_party(
        received, party="甲厂"
    )
    assert (asked.status, asked.due_on) == (Status.THIRD_PARTY, date(2025, 5, 27))


@pytest.mark.parametrize(
    "what",
    [
        "请说明用途",
        "申请目的是什么？",
        "要这个做什么用",
        "为什么要这些信息？",
        "請說明為什麼要",
        "请说明生产、生活、科研需要",
        "您与该信息有何利害关系？",
        "补充申请理由",
        "用 途",
        "请说明您和这个信息有什么关系",
        "你要这个干嘛",
        "说明申请事由",
        "因何申请",
        "取得信息后打算怎么用",
        "该信息将用于何处？",
        "请补充三需要材料",
        "请证明您是本村村民",
        "是否用于诉讼",
    ],
)
def test_purpose_is_recognised(what: str) -> None:
    """Art. 27, however it is put."""
    assert asks_for_purpose(what)


@pytest.mark.parametrize(
    "what",
    [
        *("请写明是哪一年的", "要资金用途明细还是发放表？", "哪个目的地的线路？", "土地用途变更的文件？"),
        *("请写明是哪个项目的决算", "要哪个科目的账？", "扶贫款的用途还是来源？", "哪个项目的建设目的说明？"),
        *("您和村委会签订的合同相关的年份？", "资金如何使用的文件？", "要用于修路的资金还是修桥的？"),
        *("请补充身份证明", "不予公开的理由还是公开目录？", "是否涉及信访的答复意见？"),
    ],
)
def test_contents_are_no_purpose(what: str) -> None:
    """What a document is about may be asked."""
    assert not asks_for_purpose(what)
