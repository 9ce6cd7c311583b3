"""Every sentence the bot says, by the name of the event that it tells.

`words/zh-Hans.yaml` and `words/en.yaml` hold one key an event, with `{placeholders}`.  Traditional Chinese is
derived from the simplified words by OpenCC with `s2tw`: characters only, in the forms that readers in
Taiwan and Hong Kong print (裡, 為, 群眾).  Plain `s2t` writes forms that hardly anybody prints today (裏, 爲,
羣), and `s2twp` would also change vocabulary (信息 to 資訊), so that the Regulations' words would be lost.

Only the template is converted, never the values put into it: what a resident or a source wrote comes through
as it was written.  `Words.quotation` converts a quotation too, for those who chose traditional explicitly.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from string import Formatter

import yaml
from opencc import OpenCC

from bot.messages import Language

FOLDER = Path(__file__).parent / "words"
_LARGE = "large"  # the folder beside, with what is said otherwise in the large-text mode
_WRITTEN = (Language.SIMPLIFIED, Language.ENGLISH)

# The same safe loader in C, where PyYAML has it: half a second at every start.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class WordsError(Exception):
    """A file of words cannot be read: names the file and what is wrong with it."""


class Words:
    """The sentences in every language; load once, share freely."""

    def __init__(
        self,
        texts: Mapping[Language, Mapping[str, str]],
        large: Mapping[Language, Mapping[str, str]] | None = None,
    ) -> None:
        """`texts`: simplified and English; traditional is derived here, once.

        `large` has those events that are said otherwise in the large-text mode.
        """
        self._to_traditional = OpenCC("s2tw")
        self._texts = self._with_traditional(texts)
        self._large = self._with_traditional(large or {language: {} for language in _WRITTEN})

    def _with_traditional(
        self, texts: Mapping[Language, Mapping[str, str]]
    ) -> dict[Language, Mapping[str, str]]:
        convert = self._to_traditional.convert
        simplified = texts[Language.SIMPLIFIED].items()
        return {**texts, Language.TRADITIONAL: {event: convert(text) for event, text in simplified}}

    @classmethod
    def load(cls, folder: Path = FOLDER) -> Words:
        """Read the YAML files; a folder may have no words for the large-text mode.  Raises WordsError."""
        large = folder / _LARGE
        return cls(_read_all(folder), _read_all(large) if large.is_dir() else None)

    def say(self, event: str, language: Language, /, **values: object) -> str:
        """The sentence for an event.  Raises KeyError for an event or a placeholder that does not exist."""
        return str(self._texts[language][event]).format(**values)

    def say_large(self, event: str, language: Language, /, **values: object) -> str:
        """The same in short sentences, where there is such a one."""
        text = self._large[language].get(event)
        return self.say(event, language, **values) if text is None else str(text).format(**values)

    def template(self, event: str, language: Language) -> str:
        """The sentence as it is written, with its placeholders.  Raises KeyError."""
        return str(self._texts[language][event])

    def knows(self, event: str) -> bool:
        return event in self._texts[Language.SIMPLIFIED]

    def quotation(self, text: str) -> str:
        """A quotation in traditional characters."""
        return str(self._to_traditional.convert(text))

    @cached_property
    def labels(self) -> Mapping[Language, frozenset[str]]:
        """What stands on buttons, as far as it is the same every time."""
        return {
            language: frozenset(
                text.strip()
                for event, text in texts.items()
                if event.startswith(("button_", "step_")) and not placeholders(text)
            )
            for language, texts in self._texts.items()
        }

    @cached_property
    def events(self) -> frozenset[str]:
        """All events that have words."""
        return frozenset(self._texts[Language.SIMPLIFIED])


def placeholders(text: str) -> frozenset[str]:
    """The names in `{...}`; `{due_on:%Y}` is `due_on`."""
    return frozenset(name.partition(".")[0] for _, name, _, _ in Formatter().parse(text) if name is not None)


def _read_all(folder: Path) -> dict[Language, dict[str, str]]:
    return {language: _read(folder / f"{language.value}.yaml") for language in _WRITTEN}


def _read(path: Path) -> dict[str, str]:
    try:
        loaded = yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER)  # noqa: S506 (a safe loader)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise WordsError(f"{path}: cannot be read ({error})") from error
    if not isinstance(loaded, dict):
        raise WordsError(f"{path}: must be `event: sentence` lines")
    for event, text in loaded.items():
        if not isinstance(event, str) or not isinstance(text, str):
            raise WordsError(f"{path}: {event!r} must be a name and its value a text")
    return {event: text.strip() for event, text in loaded.items()}
