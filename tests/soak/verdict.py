"""What people did, compared with what the ledger and the index hold and with what arrived on their phones."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from bot.desk import chain
from bot.desk.tables import events, inquiries, publications, questions, requests
from bot.dialogue.tables import errands
from bot.ledger.ledger import Ledger
from bot.mailbox.tables import outbox, topics, updates
from knowledge.base import Base
from knowledge.errors import KnowledgeError
from tests.fake_bot_api import FakeBotApi
from tests.letters_read import words_of

from .confirmations import causes
from .nursery import AT_ANY_TIME, POINTS
from .town import CATEGORY, CLERK, GROUP, SUBSCRIBER, Town, reply_to

if TYPE_CHECKING:
    from .run import Soak

BOT = 7_000_000_001
MARK = "delivered"  # a thumb on what staff wrote: no message, so that it has no number in the chat
# Said by the rounds on their own account, on working days only: not caused by anybody here.
_UNASKED = ("digest", "remind")
_MAY_BE_EMPTY = "建这个话题的时候中断过一次"  # of a topic whose making was interrupted


@dataclass(frozen=True)
class Verdict:
    """The counts, and what does not fit; `complaints` empty = nothing was lost and nothing doubled.

    Of an interrupted soak only what had happened by then is judged.
    """

    counts: dict[str, object]
    complaints: tuple[str, ...]
    is_interrupted: bool = False

    def __str__(self) -> str:
        lines = [f"{name:44} {value}" for name, value in self.counts.items()]
        if self.is_interrupted:
            lines.append("INTERRUPTED: what was still to come is no complaint")
        return "\n".join([*lines, *(f"WRONG: {complaint}" for complaint in self.complaints)])


@dataclass
class Books:
    """What the ledger holds."""

    updates: list[tuple[str, str]]
    outbox: list[sa.Row[Any]]
    questions: Counter[str]
    requests: list[str]
    inquiries: list[sa.Row[Any]]
    publications: list[str]
    histories: dict[str, Counter[str]]
    topics: dict[str, str]
    errands_left: int
    proven: int
    marks: Counter[str] = field(default_factory=Counter)


def read_books(home: Path) -> Books:
    with Ledger.open(f"sqlite:///{home / 'ledger.db'}") as ledger, ledger.reading() as connection:
        numbers = list(connection.scalars(sa.select(requests.c.number)))
        kinds = sa.select(events.c.kind)
        books = Books(
            updates=[
                tuple(row) for row in connection.execute(sa.select(updates.c.update_key, updates.c.status))
            ],
            outbox=list(
                connection.execute(
                    sa.select(
                        outbox.c.chat, outbox.c.remote_id, outbox.c.event, outbox.c.status, outbox.c.subject
                    )
                )
            ),
            questions=Counter(connection.scalars(sa.select(questions.c.text_masked))),
            requests=numbers,
            inquiries=list(connection.execute(sa.select(inquiries.c.number, inquiries.c.status))),
            publications=list(connection.scalars(sa.select(publications.c.request_number))),
            histories={
                number: Counter(connection.scalars(kinds.where(events.c.subject == number)))
                for number in numbers
            },
            topics=dict(map(tuple, connection.execute(sa.select(topics.c.subject, topics.c.thread)))),
            errands_left=_errands_left(connection),
            proven=chain.verify(connection),
        )
    books.marks = Counter(row.chat for row in books.outbox if row.event == MARK)
    return books


def errands_left(home: Path) -> bool:
    """Whether something waits to be done beside the turns."""
    with Ledger.as_it_is(f"sqlite:///{home / 'ledger.db'}") as ledger, ledger.reading() as connection:
        return _errands_left(connection) > 0


def _errands_left(connection: sa.Connection) -> int:
    left = sa.select(sa.func.count()).select_from(errands).where(errands.c.done_at.is_(None))
    return int(connection.execute(left).scalar_one())


def public_replies(home: Path) -> set[str]:
    """Numbers of the requests whose reply is in the index, with the right words."""
    try:
        with Base.open(home / "knowledge.db") as base:
            found = base.browse(CATEGORY, limit=10_000)
    except (KnowledgeError, OSError):  # not built yet
        return set()
    numbers = {entry.entry_id.removeprefix("reply:"): entry.text for entry in found}
    return {number for number, text in numbers.items() if reply_to(number) in text}


@dataclass(frozen=True)
class Arrived:
    """A message of the bot in a chat."""

    chat: int
    number: str
    text: str
    thread: int | None
    document: tuple[str, bytes] | None

    @property
    def place(self) -> tuple[str, str]:
        return f"telegram:{self.chat}", self.number


def arrived_messages(api: FakeBotApi) -> list[Arrived]:
    """In the order of their numbers; without Telegram's own remarks about topics."""
    return [message for chat in api.world.chats.values() for message in _of_chat(chat)]


def _of_chat(chat: Any) -> Iterator[Arrived]:
    documents = {str(seen.message_id): seen.document for seen in chat.seen if seen.document}
    for message in chat.messages.values():
        if message["from"]["id"] == BOT and "forum_topic_created" not in message:
            number = str(message["message_id"])
            text = message.get("text") or message.get("caption") or ""
            thread = message.get("message_thread_id")
            yield Arrived(chat.id, number, text, thread, documents.get(number))


@dataclass
class Evidence:
    """What there is to compare.  The bot must have ended."""

    home: Path
    api: FakeBotApi
    soak: Soak
    town: Town

    def __post_init__(self) -> None:
        self.books, self.messages = read_books(self.home), arrived_messages(self.api)
        # Only what really arrived: a row has the number of its message once the bot knew that it had.
        self.events_of = {(row.chat, row.remote_id): row.event for row in self.books.outbox if row.remote_id}
        self.recorded = [message for message in self.messages if message.place in self.events_of]
        self.surplus = [message for message in self.messages if message.place not in self.events_of]
        unasked = {place for place, event in self.events_of.items() if event.startswith(_UNASKED)}
        self.unasked = [message for message in self.recorded if message.place in unasked]
        self.asked_for = [message for message in self.recorded if message.place not in unasked]
        self.updates = {f"{BOT}:{update}" for update in self.soak.sent_updates}
        places = [message.place for message in self.surplus]
        self.cut, self.killed, self.unexplained = causes(places, self.home, self.api, self.soak)
        chats = self.api.world.chats.values()
        self.reacted = Counter({f"telegram:{chat.id}": len(chat.reacted) for chat in chats})

    @property
    def unheard(self) -> set[str]:
        """Numbers that are on record while nobody had been told them yet; none at a quiet end."""
        known = {*self.town.done.wanted, *self.town.done.inquired}
        return {*self.books.requests, *(row.number for row in self.books.inquiries)} - known


def judge(
    home: Path,
    api: FakeBotApi,
    soak: Soak,
    town: Town,
    seconds: float,
    cut_short: BaseException | None = None,
) -> Verdict:
    """Compare.  The bot must have ended.  `cut_short` is what ended it before its quiet end: then the first
    thing that did not come is told, and not all that would have followed.
    """
    found, is_interrupted = Evidence(home, api, soak, town), isinstance(cut_short, asyncio.CancelledError)
    checks = {**_at_any_time(found), **({} if cut_short else _at_a_quiet_end(found))}
    complaints = [name for name, holds in checks.items() if not holds]
    for wrong, missing in (_messages(found), _letters(found), _topics(found)):
        complaints += wrong + ([] if cut_short else missing)
    if cut_short is not None and not is_interrupted:
        complaints = [f"cut short: {type(cut_short).__name__}: {cut_short}", *complaints]
    return Verdict(_counts(found, seconds), tuple(complaints), is_interrupted)


def _at_any_time(found: Evidence) -> dict[str, bool]:
    """What must hold whenever one looks."""
    books, done = found.books, found.town.done
    stored, answered = [key for key, _ in books.updates], _answered(books.inquiries)
    arrived = {message.place for message in found.messages}
    said = [(message.chat, message.text) for message in found.unasked]
    return {
        "no update was stored twice, and none that nobody sent": set(stored) <= found.updates
        and len(set(stored)) == len(stored),
        "no question was recorded twice": books.questions <= Counter(done.questions),
        "who was told the number of a request has one": set(done.wanted) <= set(books.requests),
        "who was told the number of an inquiry has one": set(done.inquired)
        <= {row.number for row in books.inquiries},
        "an inquiry that was said to be answered is": set(done.answered) <= answered,
        "what was said to be published is, once": set(done.published) <= set(books.publications)
        and len(set(books.publications)) == len(books.publications),
        "no event is there twice": all(
            n == 1 for history in books.histories.values() for n in history.values()
        ),
        "what is on record as sent has arrived": set(found.events_of) <= arrived,
        "no mark came out of nothing": found.reacted <= books.marks,
        "nothing came twice unless just its confirmation was lost": found.unexplained == 0,
        "the rounds said nothing twice": len(set(said)) == len(said),
    }


def _at_a_quiet_end(found: Evidence) -> dict[str, bool]:
    """What holds once everybody has finished what he began, and nothing waits any more."""
    books, done, soak = found.books, found.town.done, found.soak
    said = {(message.chat, message.text) for message in found.recorded}
    numbers = sorted(row.number for row in books.inquiries)
    return {
        "every update was stored": {key for key, _ in books.updates} == found.updates,
        "every update was handled": {status for _, status in books.updates} == {"handled"},
        "every question was recorded": books.questions == Counter(done.questions),
        "every filed request is there once": sorted(books.requests) == sorted(done.wanted),
        "every request was served": sorted(done.served) == sorted(done.wanted),
        "all requests have the same history": len({str(sorted(each)) for each in books.histories.values()})
        == 1,
        "every inquiry is there once": numbers == sorted(done.inquired),
        "every inquiry was answered": set(numbers) == _answered(books.inquiries),
        "every reply was published": sorted(books.publications) == sorted(done.published) != [],
        "what was published is in the index, word for word": public_replies(found.home)
        == set(done.published),
        "somebody could subscribe to what was published": bool(done.known),
        "no errand is left": books.errands_left == 0,
        "every message was delivered": {row.status for row in books.outbox} == {"sent"},
        "what staff wrote got a mark once it had arrived": books.marks.total() > 0
        and books.marks == found.reacted,
        "what came twice is a repetition": all((m.chat, m.text) in said for m in found.surplus),
        "the bot was killed at every step": len(soak.kills) >= min(soak.target, len(POINTS)),
    }


def _answered(inquiries: list[sa.Row[Any]]) -> set[str]:
    """The words themselves are sealed; that they are right is seen where they arrived."""
    return {row.number for row in inquiries if row.status == "answered"}


def _counts(found: Evidence, seconds: float) -> dict[str, object]:
    books, soak, faults = found.books, found.soak, found.api.faults
    return {
        "kills": soak.kills.total(),
        **{f"  {point}": soak.kills[point] for point in (*POINTS, AT_ANY_TIME)},
        "faults met": faults.met.total(),
        **{f"  {name}": count for name, count in sorted(faults.met.items())},
        "updates sent": len(found.updates),
        **{f"  {name}": count for name, count in sorted(soak.disorder.items())},
        "questions": books.questions.total(),
        "inquiries": len(books.inquiries),
        "requests": len(books.requests),
        "publications": len(books.publications),
        "reloads": found.town.done.reloads,
        "events": books.proven,
        "topics": len(books.topics),
        "messages expected": found.town.expected.count,
        "messages in the outbox": len(books.outbox),
        "messages that arrived": len(found.messages),
        "letters read": sum(message.document is not None for message in found.asked_for),
        "messages that arrived and are not on record": len(found.surplus),
        "  the server's answer was cut": found.cut,
        "  killed between effect and record": found.killed,
        "  for no such reason": found.unexplained,
        "seconds": round(seconds),
    }


def _messages(found: Evidence) -> tuple[list[str], list[str]]:
    """Each chat against what was to be said there, what is wrong and what did not come; the subscriber gets
    one digest if there were news.
    """
    town = found.town
    if town.done.known and set(town.done.published) - town.done.known:
        town.expected.say(SUBSCRIBER, "news", "您订阅的")
    unheard = found.unheard
    said = [
        message
        for message in found.asked_for
        if _MAY_BE_EMPTY not in message.text and not any(number in message.text for number in unheard)
    ]
    wrong, missing = list[str](), list[str]()
    for chat in sorted(town.expected.chats | {message.chat for message in said}):
        more_wrong, more_missing = town.expected.compare(
            chat, [message.text for message in said if message.chat == chat]
        )
        wrong += more_wrong
        missing += more_missing
    return wrong, missing


def _letters(found: Evidence) -> tuple[list[str], list[str]]:
    """A receipt and a reply for each applicant and the reply once more for the clerk, each with its words."""
    letters: Counter[tuple[bool, str]] = Counter()
    wrong, wanted = list[str](), found.town.done.wanted
    for message in found.asked_for:
        if message.document is None:
            continue
        name, content = message.document
        number = name.rpartition("_")[2].removesuffix(".docx")
        letters[message.chat == CLERK, name] += 1
        words = words_of(content)
        must_hold = [number, wanted.get(number, number)]
        must_hold += [reply_to(number)] if "答复书" in name else []
        wrong += [f"{name} does not say {each!r}" for each in must_hold if each not in words]
    expected = Counter(
        {
            (is_clerk, f"政府信息公开申请{kind}_{number}.docx"): 1
            for number in {*wanted, *found.unheard}
            for is_clerk, kind in ((False, "接收回执"), (False, "答复书"), (True, "答复书"))
        }
    )
    wrong += [f"letter {name}: {n} too many" for (_, name), n in (letters - expected).items()]
    return wrong, [f"letter {name}: missing" for _, name in expected - letters]


def _topics(found: Evidence) -> tuple[list[str], list[str]]:
    """What is about a number stands in its one topic."""
    books = found.books
    known = set(books.requests) | {row.number for row in books.inquiries}
    subjects = {(row.chat, row.remote_id): row.subject for row in books.outbox}
    wrong = []
    for message in found.messages:
        subject = subjects.get(message.place, "")
        if message.chat == GROUP and subject and str(message.thread) != books.topics.get(subject):
            wrong.append(f"a message about {subject} stands in topic {message.thread}")
    return wrong, [f"no topic of {number}" for number in known - set(books.topics)]
