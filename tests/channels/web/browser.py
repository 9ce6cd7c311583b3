"""A browser without JavaScript: it keeps cookies, reads pages, fills forms and presses their buttons."""

from __future__ import annotations

from collections.abc import Mapping

import httpx
import lxml.html

SAME_SITE = {"Sec-Fetch-Site": "same-origin"}


class Browser:
    """One person's browser at a server.  `headers` go with each request."""

    def __init__(self, base_url: str, headers: Mapping[str, str] | None = None) -> None:
        self.client = httpx.Client(base_url=base_url, follow_redirects=True, timeout=30)
        self.headers = dict(SAME_SITE if headers is None else headers)
        self.status = 0
        self.html = ""
        self.url = ""

    def open(self, path: str) -> str:
        """GET; the text of the page."""
        return self._take(self.client.get(path, headers=self.headers))

    def reload(self) -> str:
        return self.open(self.url)

    def post(self, path: str, values: Mapping[str, str], **headers: str) -> str:
        """A form as it would be sent; the text of the page that it leads to."""
        return self._take(self.client.post(path, data=dict(values), headers={**self.headers, **headers}))

    def say(self, text: str) -> str:
        """Type into the box and send; the last answer."""
        form = self.form("ask-form")
        self.post(form.get("action") or "", {**_values(form), "text": text})
        return self.answer

    def press(self, label: str) -> str:
        """The last button with this label; the last answer of the conversation."""
        pressed = self._button(label)
        form = next(pressed.iterancestors("form"))
        values = _values(form)
        if pressed.get("name"):
            values[pressed.get("name") or ""] = pressed.get("value") or ""
        if (form.get("method") or "get") == "get":
            return self._take(self.client.get(form.get("action") or self.url, params=values))
        self.post(form.get("action") or "", values)
        return self.answer

    def submit(self, path: str, **values: str) -> str:
        """Fill the form that goes to `path` and send it."""
        form = next(each for each in self.tree.iter("form") if each.get("action") == path)
        return self.post(path, {**_values(form), **values})

    def attach(self, path: str, *files: tuple[str, bytes]) -> str:
        """Choose files in the form that goes to `path` and send it."""
        form = next(each for each in self.tree.iter("form") if each.get("action") == path)
        values = {name: value for name, value in _values(form).items() if name != "files"}
        given = [("files", file) for file in files]
        return self._take(self.client.post(path, data=values, files=given, headers=self.headers))

    def form(self, name: str) -> lxml.html.HtmlElement:
        return self.tree.get_element_by_id(name)

    @property
    def tree(self) -> lxml.html.HtmlElement:
        return lxml.html.fromstring(self.html)

    @property
    def answers(self) -> list[str]:
        """What the bot said, oldest first."""
        return [_text(each) for each in self.tree.find_class("shown")]

    @property
    def answer(self) -> str:
        return self.answers[-1] if self.html and self.answers else ""

    @property
    def said(self) -> list[str]:
        return [_text(each.find("p")) for each in self.tree.find_class("said") if each.tag == "article"]

    @property
    def labels(self) -> list[str]:
        return [_text(each) for each in self.tree.iter("button")]

    def _button(self, label: str) -> lxml.html.HtmlElement:
        found = [each for each in self.tree.iter("button") if _text(each) == label]
        assert found, f"no button {label!r}; there are {self.labels}"
        return found[-1]

    def _take(self, response: httpx.Response) -> str:
        self.response = response
        self.status = response.status_code
        self.html = response.text
        self.url = str(response.url)
        is_page = response.headers.get("content-type", "").startswith("text/html")
        return _text(self.tree) if is_page and self.html.strip() else self.html


def _values(form: lxml.html.HtmlElement) -> dict[str, str]:
    """What the form holds, without its buttons."""
    return {
        each.get("name") or "": each.get("value") or each.text or ""
        for each in form.iter("input", "textarea")
        if each.get("name")
    }


def _text(element: lxml.html.HtmlElement) -> str:
    return " ".join(str(element.text_content()).split())
