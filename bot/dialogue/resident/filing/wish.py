"""申请公开：村口桥花了多少钱: who says what is wanted in these words files a request.  Pure."""

from __future__ import annotations

import re

from knowledge.text.normalize import fold

_BEGINS = (
    r"(?:您好|你好)?[,，。!！\s]*(?P<says>我们?(?:要|想|想要|现在)?|请)?(?:正式|依法|书面)?(?:申请|请求|要求)"
    r"(?:政府信息|信息)?公开(?:以下|下列|如下)?(?:政府信息|信息|内容|材料)?"
)
_WISH = re.compile(rf"{_BEGINS}\s*[:：]\s*(?P<wanted>\S.*)", re.DOTALL)
# 我想申请公开村里修路的账目.  What goes on with one of these asks how requests are made: …要带什么.
_SAID = re.compile(
    rf"{_BEGINS}\s*(?P<wanted>[^的要需得能可会怎咋如是行不多收费去在找到该应,，。.?？\s].*)", re.DOTALL
)
_LEAST = 4  # characters; fewer say nothing that could be searched


def wanted_in(text: str) -> str:
    """What is wanted, "" where the text is none of these."""
    return _wanted(_WISH, text)


def perhaps_wanted_in(text: str) -> str:
    """The same where no colon sets it off and somebody says that he applies; it may be public already."""
    found = _SAID.fullmatch(_folded(text))
    return _wanted(_SAID, text) if found and found["says"] else ""


def _wanted(pattern: re.Pattern[str], text: str) -> str:
    """As it was written, in whichever characters."""
    text, folded = text.strip(), _folded(text)
    found = pattern.fullmatch(folded)
    if found is None:
        return ""
    same = text if len(text) == len(folded) else folded
    wanted = same[found.start("wanted") :].strip()
    return wanted if len(wanted) >= _LEAST else ""


def _folded(text: str) -> str:
    return fold(text.strip())
