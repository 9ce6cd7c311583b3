"""One form for texts that differ only in how they are typed: width, case, script.  Pure.

張三 and 张三 are one party, 請說明用途 asks for a purpose as 请说明用途 does.
"""

from __future__ import annotations

import unicodedata

from opencc import OpenCC

_simplified = OpenCC("t2s").convert


def folded(text: str) -> str:
    """`text` in one width and one case, in simplified characters."""
    return str(_simplified(unicodedata.normalize("NFKC", text).casefold()))
