"""申请公开：村口桥花了多少钱: who says what is wanted in these words files a request.  Pure."""

from __future__ import annotations

import re

_WISH = re.compile(
    r"(?:您好|你好)?[,，。!！\s]*(?:我们?(?:要|想|想要|现在)?|请)?(?:正式|依法|书面)?(?:申请|请求|要求)(?:政府信息|信息)?公开"
    r"(?:以下|下列|如下)?(?:政府信息|信息|内容|材料)?\s*[:：]\s*(\S.*)",
    re.DOTALL,
)
_LEAST = 4  # characters; fewer say nothing that could be searched


def wanted_in(text: str) -> str:
    """What is wanted, "" where the text is none of these."""
    found = _WISH.fullmatch(text.strip())
    wanted = found[1].strip() if found else ""
    return wanted if len(wanted) >= _LEAST else ""
