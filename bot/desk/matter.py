"""Whether two requests want the same information (art. 36(6)).  Pure.

Said in the same words counts, whatever the width, case, script, spaces, punctuation and the polite frame
around them.  Other words never do, however near: 一组 and 二组 differ by one character and are two matters.
"""

from __future__ import annotations

import re

from bot.desk.folding import folded

_FRAME = re.compile(
    r"\A(?:请求|请|本人|我们|我|想要|想|要求|需要|要|依法|申请|公开|提供|获取|查询|了解|知道|关于|一下)+"
)
_FAREWELL = re.compile(r"(?:谢谢|多谢)\Z")


def folded_matter(content: str) -> str:
    """What is wanted, without the frame; "" only when nothing else was said."""
    plain = re.sub(r"[\W_]", "", folded(content))
    return _FAREWELL.sub("", _FRAME.sub("", plain)) or plain
