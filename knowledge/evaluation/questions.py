"""A YAML file of residents' messages with what a good reply does: read, asked, and scored.

A question names the places of its answer (`gold`, paths of entries) or the files it stands in (`doc`);
without either, the first quotation that holds all of `must_contain` is right.

What counts as right is decided by `expect`: `answer` (the right passage first, quoted), `suggest_ok`,
`route` (not found, filing offered), `redirect` (the right channel named), `smalltalk`, `guide`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

Reply = Mapping[str, Any]  # outcome, entries [{path, text}], text, offers_filing

_BRACKETS = str.maketrans(
    {"\u3014": "[", "\u3015": "]", "【": "[", "】": "]", "“": '"', "”": '"', "‘": "'", "’": "'"}
)
_CHANNEL = "12345|12348|12333|12388|信访|派出所|窗口|民政|纪检|司法所"
_REPORT_PATH = re.compile(r"^(0|[一二三四五六七八九十]+)(/.+)?$")
_READING = re.compile(r"\([a-zü]*[āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹḿ][a-zü]*\)")
_NO_REPLY: Reply = {"outcome": "", "entries": [], "text": "", "offers_filing": False}
_URGENT = "紧急求助"


@dataclass(frozen=True)
class Case:
    """One message and what is expected of the reply."""

    id: str
    text: str
    kind: str
    expect: str
    gold: tuple[str, ...]
    must_contain: tuple[str, ...]
    also_ok: tuple[str, ...]
    note: str
    docs: tuple[str, ...] = ()  # the files in which the answer stands; () where `gold` names its place


def read_cases(file: Path) -> list[Case]:
    """Read a file of questions.  Raises ValueError when it is not one."""
    try:
        rows = yaml.safe_load(file.read_text(encoding="utf-8"))
        return [
            Case(
                id=str(row["id"]),
                text=str(row["q"]),
                kind=row["kind"],
                expect=row["expect"],
                gold=tuple(row.get("gold", ())),
                must_contain=tuple(row.get("must_contain") or ()),
                also_ok=tuple(row.get("also_ok", ())),
                note=row.get("note") or "",
                docs=tuple(row.get("doc") or ()),
            )
            for row in rows
        ]
    except (KeyError, TypeError, yaml.YAMLError) as error:
        raise ValueError(f"{file.name} is not a file of questions: {error}") from error


def is_right(case: Case, reply: Reply) -> bool:
    """Whether the reply does what is expected, or one of what is also fine."""
    wanted = (case.expect, *case.also_ok)
    return not _READING.search(reply["text"]) and any(_JUDGES[want](case, reply) for want in wanted)


def _normal(text: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).translate(_BRACKETS).lower()


def _has(text: str, item: str) -> bool:
    """`item` may hold alternatives apart by |."""
    return any(_normal(one) in _normal(text) for one in item.split("|"))


def _related(path: str, gold: str) -> bool:
    return path != gold and (path.startswith(gold + "/") or gold.startswith(path + "/"))


def _enough(case: Case) -> Callable[[list[bool]], bool]:
    """Of a message with two questions one answer is enough."""
    return any if case.kind == "multi_intent" else all


def _fits(case: Case, entry: Mapping[str, str], enough: Callable[[list[bool]], bool]) -> bool:
    if entry["path"] in case.gold:
        return True
    if not case.gold and case.must_contain:
        return _is_from(case, entry) and all(_has(_said(entry), item) for item in case.must_contain)
    holds = enough([_has(entry["text"], item) for item in case.must_contain])
    return bool(case.must_contain) and any(_related(entry["path"], gold) for gold in case.gold) and holds


def _said(entry: Mapping[str, str]) -> str:
    return f"{entry.get('title', '')}\n{entry.get('quoted', entry['text'])}"


def _is_from(case: Case, entry: Mapping[str, str]) -> bool:
    """Whether it stands in one of the files named, which are named with or without their ending."""
    source = entry.get("source", "")
    return not (case.docs and source) or source in case.docs or source.rpartition(".")[0] in case.docs


def _answers(case: Case, reply: Reply) -> bool:
    enough = _enough(case)
    return (
        reply["outcome"] in ("answer", "suggest")
        and bool(reply["entries"])
        and _fits(case, reply["entries"][0], enough)
        and enough([_has(reply["text"], item) for item in case.must_contain])
    )


def _suggests(case: Case, reply: Reply) -> bool:
    listed = reply["entries"][:5]
    return reply["outcome"] in ("answer", "suggest") and any(_fits(case, entry, all) for entry in listed)


def _routes(case: Case, reply: Reply) -> bool:
    return bool(reply["outcome"] != "answer" and reply["offers_filing"])


def _redirects(case: Case, reply: Reply) -> bool:
    items = case.must_contain if case.expect == "redirect" else (_CHANNEL,)
    may_file = reply["offers_filing"] or case.note.startswith(_URGENT)
    return bool(
        reply["outcome"] != "answer" and all(_has(reply["text"], item) for item in items) and may_file
    )


def _quotes_report(reply: Reply) -> bool:
    return any(_REPORT_PATH.match(entry["path"]) for entry in reply["entries"])


def _chats(case: Case, reply: Reply) -> bool:
    return reply["outcome"] in ("smalltalk", "guide") and not _quotes_report(reply)


def _guides(case: Case, reply: Reply) -> bool:
    items = case.must_contain if case.expect == "guide" else ()
    quotes_guide = reply["outcome"] == "answer" and bool(reply["entries"]) and not _quotes_report(reply)
    return (reply["outcome"] == "guide" or quotes_guide) and all(_has(reply["text"], item) for item in items)


_JUDGES: Mapping[str, Callable[[Case, Reply], bool]] = {
    "answer": _answers,
    "suggest_ok": _suggests,
    "route": _routes,
    "redirect": _redirects,
    "smalltalk": _chats,
    "guide": _guides,
}


def figures(cases: Sequence[Case], replies: Mapping[str, Reply]) -> dict[str, Any]:
    """`groups`: (right, asked) for all, by kind, by expectation; then the rates; `wrong`: ids.

    误答: should not have been answered but was.  漏答: should have been answered but was called unknown.
    """
    groups: dict[str, list[int]] = {}
    wrong = []
    for case in cases:
        right = is_right(case, replies.get(case.id, _NO_REPLY))
        for key in ("all", f"kind:{case.kind}", f"expect:{case.expect}"):
            count = groups.setdefault(key, [0, 0])
            count[0] += right
            count[1] += 1
        if not right:
            wrong.append(case.id)
    return {"groups": groups, **_rates(cases, replies, set(wrong)), "wrong": wrong}


def _rates(cases: Sequence[Case], replies: Mapping[str, Reply], wrong: set[str]) -> dict[str, list[int]]:
    def reply(case: Case) -> Reply:
        return replies.get(case.id, _NO_REPLY)

    no = [case for case in cases if case.expect in ("route", "redirect", "smalltalk")]
    yes = [case for case in cases if case.expect == "answer"]
    multi = [case for case in yes if case.kind == "multi_intent"]
    by_parent = [case for case in yes if _answers(case, reply(case)) and _by_parent(case, reply(case))]
    offered = [
        case
        for case in yes
        if reply(case)["outcome"] == "suggest"
        and any(entry["path"] in case.gold for entry in reply(case)["entries"][:5])
    ]
    whole = [case for case in multi if all(_has(reply(case)["text"], item) for item in case.must_contain)]
    return {
        "误答": [sum(reply(case)["outcome"] == "answer" and case.id in wrong for case in no), len(no)],
        "漏答": [sum(reply(case)["outcome"] == "route" for case in yes), len(yes)],
        "multi_intent 全中": [len(whole), len(multi)],
        "候选命中": [len(offered), len(yes)],
        "靠上级得分": [len(by_parent), len(yes)],
    }


def _by_parent(case: Case, reply: Reply) -> bool:
    path = reply["entries"][0]["path"]
    return path not in case.gold and any(gold.startswith(path + "/") for gold in case.gold)


_SHOWN = ("title", "source", "citation")


def _entry_row(entry: Mapping[str, str]) -> dict[str, str]:
    """An entry of a reply with what was quoted of it."""
    shown = {name: entry[name] for name in _SHOWN if name in entry}
    return {"path": entry["path"], "text": entry.get("quoted", entry["text"]), **shown}


def results_yaml(cases: Sequence[Case], replies: Mapping[str, Reply]) -> str:
    """The replies in the form in which a scorer reads them."""
    rows = [
        {
            "id": case.id,
            "outcome": replies[case.id]["outcome"],
            "entries": [_entry_row(entry) for entry in replies[case.id]["entries"]],
            "text": replies[case.id]["text"],
            "offers_filing": bool(replies[case.id]["offers_filing"]),
        }
        for case in cases
        if case.id in replies
    ]
    return str(yaml.safe_dump(rows, allow_unicode=True, sort_keys=False, width=100))
