"""One JSON object a line, for a service whose log is read by programs.

Our lines are `what name=value ...`: each value becomes a field.  What other packages say in
sentences is kept whole as `message`.
"""

from __future__ import annotations

import json
import logging
import re
from datetime import UTC, datetime

_OUR_LINE = re.compile(r"([a-z][\w.]*)((?: \w+=\S*)*)")


class JsonLines(logging.Formatter):
    """A record as one line: at (UTC), level, logger, what and its values."""

    def format(self, record: logging.LogRecord) -> str:
        text = record.getMessage()
        line: dict[str, str] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
        }
        matched = _OUR_LINE.fullmatch(text)
        if matched is None:
            line["message"] = text
        else:
            line["what"] = matched[1]
            line |= dict(pair.split("=", 1) for pair in matched[2].split())
        return json.dumps(line, ensure_ascii=False)
