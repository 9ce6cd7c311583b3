"""The door: `read_document` reads one file of any kind, in this process and without limits of time.

Whoever reads what others have put there takes a function of this shape as an argument (`Read`), so that the
same code reads in a bounded child process (`knowledge.documents.bounded`) or, in a test, right here.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from knowledge.documents.document import Document
from knowledge.documents.refusal import TooMuch, refusal
from knowledge.documents.sniffing import LOCKED, kind_of
from knowledge.errors import SourceError

Read = Callable[[Path, str], Document]  # raises SourceError

# Which module reads what; each is loaded with its libraries when the first such file comes.
_READERS = {
    ".txt": "text_file:read_text_file",
    ".md": "markdown:read_markdown",
    ".html": "html:read_html",
    ".csv": "csv_file:read_csv",
    ".docx": "docx:read_docx",
    ".xlsx": "xlsx:read_xlsx",
    ".pdf": "pdf:read_pdf",
    ".odt": "odt:read_odt",
    ".ofd": "ofd:read_ofd",
    ".doc": "converted:read_converted",
    ".xls": "converted:read_converted",
}
_SAME = {
    **{".htm": ".html", ".xhtml": ".html", ".markdown": ".md", ".docm": ".docx", ".xlsm": ".xlsx"},
    **{".wps": ".doc", ".rtf": ".doc", ".et": ".xls", ".ods": ".xls", ".tsv": ".csv"},
}

KINDS = (*_READERS, *_SAME)  # suffixes that can be read
USUAL_KINDS = "docx、pdf、html、txt、xlsx"


def read_document(path: Path, source: str) -> Document:
    """The document at `path`.  Raises SourceError when it cannot be read or holds no text."""
    try:
        kind = kind_of(path, _SAME.get(path.suffix.lower(), path.suffix.lower()))
        if kind == LOCKED:
            raise refusal(source, "文件有密码", "没有密码的文件")
        if kind not in _READERS:
            raise refusal(source, f"读不了 {path.suffix or '没有后缀的'} 文件", f"另存为 {USUAL_KINDS}")
        module, _, name = _READERS[kind].partition(":")
        read: Read = getattr(import_module(f"knowledge.documents.{module}"), name)
        with warnings.catch_warnings(
            action="ignore"
        ):  # libraries grumble about files that we read well enough
            return read(path, source)
    except (SourceError, MemoryError):
        raise
    except TooMuch as error:
        raise refusal(source, "段落、表格太多或嵌套太深，不像一份文件", "按章或按年拆成几个文件") from error
    except FileNotFoundError as error:
        raise refusal(source, "没有这个文件", "文件的路径") from error
    except Exception as error:
        # Whatever a library runs into in a damaged file: for the admin it is all the same.
        raise refusal(source, "文件打不开，可能已损坏或有密码", "能正常打开的文件") from error
