"""Whether a text goes on with the question before it: 就是去年修的那条 after 我要看村里修路花了多少钱.

    我要看村里修路花了多少钱 → 就是去年修的那条 → 三组到四组那条  ─▶ one question of three parts

What goes on is asked, and filed, as one; each part stays as it was said.  A text that asks something itself
begins anew.
"""

from __future__ import annotations

import re
from datetime import timedelta

from bot.dialogue.visit import Visit
from knowledge.text.normalize import squeeze

_WITHIN = timedelta(minutes=20)  # after that it is another matter
_LONGEST_PART = 24  # characters of what only narrows a question
_MOST = 400  # characters of the whole
_BEGINS = re.compile(
    r"就是|也就是|我(?:说|问|指|要)的是|说的是|问的是|指的是|我是说|我是问|我指|不是.{1,10}是|具体是|主要是"
)
# A pointing word with its measure at the end, or 2019年的, 村东头的: which of several is meant.
_POINTS = re.compile(r"[那这](?:一)?[条个座次年笔段块份家户回件种批条里边]的?$|^.{2,10}的$")
_ASKS = re.compile(
    r"[?？吗呢么咋谁几哪啥]|什么|多少|怎|如何|是否|何时|有没有|没有$|多久|要看|想看|想知道|想查|查一下|申请"
)


def continued(visit: Visit, text: str) -> str:
    """The whole question with this text as its newest part; "" when the text stands alone."""
    memory = visit.memory
    plain = squeeze(text)
    if not visit.is_private or not memory.questions or not plain or len(plain) > _LONGEST_PART:
        return ""
    if memory.at is None or visit.now - memory.at > _WITHIN or _ASKS.search(text):
        return ""
    if not (_BEGINS.match(plain) or _POINTS.search(plain)):
        return ""
    whole = f"{memory.questions[-1][1]}，{text.strip()}"
    return whole if len(whole) <= _MOST else ""
