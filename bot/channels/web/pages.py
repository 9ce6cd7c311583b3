"""Templates filled in: the one place that makes HTML.  Everything put into a page is escaped.

`w("name", value=…)` in a template is a sentence of `words/`; `url("/ask")` an address under the setting
`web_path`.  What a reader prefers (language, size of letters, contrast) comes with their cookies.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from bot.dialogue.words import Words
from bot.messages import Language
from bot.settings import Settings

ROOM = Path(__file__).parent
_MEGABYTE = 1024 * 1024
_SIZES = ("normal", "large", "larger")
_LANGUAGES = {language.value: language for language in Language}


@dataclass(frozen=True)
class Preferences:
    """How somebody wants to read, from cookies that hold nothing else."""

    language: Language = Language.SIMPLIFIED
    size: str = "normal"
    contrast: bool = False

    @classmethod
    def of(cls, request: Request) -> Preferences:
        """A cookie that makes no sense is none."""
        cookies = request.cookies
        size = cookies.get("size", "")
        return cls(
            _LANGUAGES.get(cookies.get("lang", ""), Language.SIMPLIFIED),
            size if size in _SIZES else "normal",
            cookies.get("contrast") == "high",
        )

    @property
    def classes(self) -> str:
        return f"size-{self.size}{' high-contrast' if self.contrast else ''}"


def allowed(name: str, value: str) -> bool:
    """Whether a preference may have this value."""
    return value in {"size": _SIZES, "lang": tuple(_LANGUAGES), "contrast": ("high", "normal")}.get(name, ())


class Pages:
    """`page(request, "ask.html", …)` is a response."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.words = Words.load(ROOM / "words")
        self._templates = Environment(
            loader=FileSystemLoader(ROOM / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.filters["parts"] = lambda outgoing: [
            part for part in outgoing.parts if part.text.strip()
        ]
        self._templates.filters["size"] = _size

    def url(self, path: str, **query: object) -> str:
        """An address of ours, with what stands after its `?`."""
        given = {name: value for name, value in query.items() if value not in ("", None)}
        return f"{self._settings.web_path}{path}{'?' if given else ''}{urlencode(given)}"

    def say(self, request: Request, event: str, **values: object) -> str:
        return self.words.say(event, Preferences.of(request).language, **values)

    def text(self, request: Request, template: str, **values: Any) -> str:
        """The filled template."""
        wants = Preferences.of(request)
        common: Mapping[str, object] = {
            "w": functools.partial(self._word, wants.language),
            "q": self.words.quotation if wants.language is Language.TRADITIONAL else str,
            "url": self.url,
            "wants": wants,
            "office": self._settings,
            "accepts": ",".join(f".{kind}" for kind in self._settings.attachment_kinds),
            "roles": getattr(request.state, "roles", ()),
            "here": request.url.path + (f"?{request.url.query}" if request.url.query else ""),
        }
        return self._templates.get_template(template).render({**common, **values})

    def page(self, request: Request, template: str, status: int = 200, **values: Any) -> HTMLResponse:
        return HTMLResponse(self.text(request, template, **values), status)

    def _word(self, language: Language, event: str, **values: object) -> str:
        return self.words.say(event, language, **values)


def _size(bytes_of_it: int) -> str:
    """Of a file, as people read it: 12 KB, 3.4 MB."""
    if bytes_of_it >= _MEGABYTE:
        return f"{bytes_of_it / _MEGABYTE:.1f} MB"
    return f"{max(1, round(bytes_of_it / 1024))} KB"
