"""Random walks: residents and staff press and type whatever they see, in any order, for a long time."""

from __future__ import annotations

import random
import re

import pytest

from tests.dialogue.stage import ADMIN, CLERK, CODE, GROUP, ID_NUMBER, LEADER, LI, WANG, Stage

TYPED = [
    "申请",
    "进度",
    "取消",
    "帮助",
    "目录",
    "待办",
    "登记",
    "交接",
    "更多",
    "昨天",
    "12",
    "期限 2026-0001",
    "2026-0001",
    "/queue",
    "/start",
    "1",
    "2",
    "3",
    "上一步",
    "王小明",
    "江西某某公司",
    ID_NUMBER,
    CODE,
    "13800138000",
    "洲上乡桥头村5号，wang@example.com",
    "村口桥加固花了多少钱",
    "社会救助",
    "你好",
    "我要投诉太吵",
    "人事管理",
    "经查找，本机关没有您要的信息。",
]
SENSIBLE = {  # what somebody would answer who understood the question
    "form_name": "王小明",
    "form_name_organisation": "江西某某公司",
    "form_id_number": ID_NUMBER,
    "form_code": CODE,
    "form_other_document": "护照 E12345678",
    "form_representative": "李四",
    "form_contact": "13800138000",
    "form_wanted": "村口桥加固花了多少钱",
    "form_post_address": "洲上乡桥头村5号",
    "form_email_address": "wang@example.com",
    "correction_text": "2025年村口桥加固的决算",
    "inquiry_question": "敬老院几点开饭",
    "record_unclear": "请写明是哪一年。",
    "reply_field": "人事管理",
    "reply_text": "经查找，本机关公开如下。",
    "answer_text": "十一点半。",
    "record_party": "桥头村村民委员会",
    "record_opinion_text": "涉及隐私",
    "record_working_days": "12个工作日",
    "record_extension_reason": "要调取档案",
    "record_count": "一个月内 60 件",
    "record_amount": "100",
    "record_applicant_name": "王小明",
    "record_identity": ID_NUMBER,
    "record_content": "2025年村口桥加固的决算",
    "record_note": "档案在三楼",
    "record_entry_title": "村口桥加固的花费",
    "record_entry_text": "村口桥2025年加固，总投资38万元。",
    "record_decline_reason": "涉及个人隐私",
}
WAITS = [*([0] * 24), 1, 8, 30, 24 * 9]  # hours
INTERNAL = re.compile(r"\{|\}|\bNone\b(?! of)|Status\.|[a-z]+_[a-z]+")


def act(stage: Stage, chance: random.Random) -> None:
    """One person does one thing: presses a button of a recent message, or types something."""
    who = chance.choice([WANG, WANG, LI, CLERK, CLERK, CLERK, LEADER, ADMIN])
    stage.wait(hours=chance.choice(WAITS))
    sensible = SENSIBLE.get(stage.last(who).event) if stage.seen.get(who) else None
    buttons = [
        button.data for message in stage.seen.get(who, [])[-2:] for row in message.buttons for button in row
    ]
    if sensible and chance.random() < 0.8:
        stage.says(who, sensible)
    elif buttons and chance.random() < 0.8:
        stage.presses_data(who, chance.choice(buttons))
    elif chance.random() < 0.1:
        stage.in_group(who, chance.choice(TYPED))
    else:
        stage.says(who, chance.choice(TYPED))


@pytest.mark.parametrize("seed", range(4))
def test_walk(stage: Stage, seed: int) -> None:
    """No step raises, every chat gets readable words, the record stays whole, the group learns nothing."""
    chance = random.Random(seed)
    stage.restart(leaders=(LEADER,), serve_in_chat=bool(seed % 2), two_person_review=seed % 3 == 0)
    stage.file_request(WANG)
    for _ in range(120):
        act(stage, chance)
        stage.make_rounds()
        if chance.random() < 0.05:
            stage.restart()
    with stage.ledger.reading() as connection:
        assert stage.register.session(connection).requests.verify() > 0
    for who, messages in stage.seen.items():
        for message in messages:
            shown = message.text + "".join(message.labels)
            assert message.text, message.event
            internal = INTERNAL.search(shown.replace("DISCLOSURE", ""))
            assert internal is None, (message.event, shown)
            if who == GROUP:
                assert ID_NUMBER not in shown
                assert "王小明" not in shown
