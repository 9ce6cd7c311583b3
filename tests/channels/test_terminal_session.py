"""A session without a screen: turns, news, numbers, files, failures."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput
from sqlalchemy import Connection

from bot.channels.courtesy import Courtesy
from bot.channels.terminal.chat import _forget_history, _talk, run_chat
from bot.channels.terminal.choices import Choices
from bot.channels.terminal.render import Screen
from bot.channels.terminal.session import Session, utc_now
from bot.dialogue.words import Words
from bot.ledger.ledger import Ledger
from bot.mailbox import inbox as inbox_module
from bot.mailbox.outbox import enqueue
from bot.messages import (
    Address,
    Button,
    Document,
    Incoming,
    Language,
    Outgoing,
    Part,
    SentFile,
    Trouble,
    Turn,
)
from bot.settings import Settings

from .dialogue_for_tests import Repeater, open_ledger, saying


class Menu(Repeater):
    """Offers two buttons with each answer, or a single message of several."""

    def handle(self, connection: Connection, incoming: Incoming, now: datetime) -> Turn:
        super().handle(connection, incoming, now)
        here = incoming.address
        if incoming.text == "two lists":
            return Turn((asking(here, "first", "a", "b"), asking(here, "second", "c")))
        if incoming.text == "tell clerk":
            return Turn((asking(Address("terminal", "clerk"), "card", "take"),))
        heard = incoming.text or f"[{incoming.button}]"
        return Turn((asking(here, f"heard {heard}", "yes", "no"),))


def asking(address: Address, text: str, *labels: str) -> Outgoing:
    return Outgoing(address, "x", (Part(text),), (tuple(Button(label, f"do:{label}") for label in labels),))


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with open_ledger(tmp_path) as opened:
        yield opened


class Terminal:
    """A session and what it wrote."""

    def __init__(self, ledger: Ledger, home: Path, name: str, dialogue: Repeater) -> None:
        self.written: list[str] = []
        values: dict[str, Any] = {"home": home}
        courtesy = Courtesy(Words.load(), Settings(**values))
        self.session = Session(ledger, dialogue, courtesy, name, home / "files", Screen, self.written.append)

    def says(self, text: str) -> list[str]:
        """Type a line; what appeared."""
        return self.appears(lambda: self.session.say(text))

    def appears(self, act: Callable[[], None]) -> list[str]:
        self.written.clear()
        act()
        return list(self.written)


@pytest.fixture
def resident(ledger: Ledger, tmp_path: Path) -> Terminal:
    return Terminal(ledger, tmp_path, "resident", Menu())


@pytest.fixture
def clerk(ledger: Ledger, tmp_path: Path) -> Terminal:
    return Terminal(ledger, tmp_path, "clerk", Menu())


def test_typed_and_answered(resident: Terminal) -> None:
    """A line goes through the mailbox and its answer appears with numbered choices."""
    assert resident.says("低保") == ["heard 低保\n\n  [1] yes   [2] no"]


def test_number_of_a_second_list_is_a_press(resident: Terminal) -> None:
    """With two lists in one turn the numbers go on, and each picks its own button."""
    assert resident.says("two lists") == ["first\n\n  [1] a   [2] b", "second\n\n  [3] c"]
    assert resident.says("3")[0].startswith("heard [do:c]")


def test_news_come_to_the_right_terminal_and_keep_the_numbers(resident: Terminal, clerk: Terminal) -> None:
    """A card appears at the clerk's terminal only; its number continues, the old ones keep their meaning."""
    clerk.says("hello")
    assert resident.says("tell clerk") == []
    assert clerk.appears(clerk.session.show_news) == ["card\n\n  [3] take"]
    assert clerk.says("3")[0].startswith("heard [do:take]")


def test_opening_after_news(resident: Terminal, clerk: Terminal) -> None:
    """What came while nobody sat there is shown first and can be answered."""
    resident.says("tell clerk")
    shown = clerk.appears(lambda: clerk.session.begin("/queue"))
    assert shown == ["card\n\n  [1] take", "heard /queue\n\n  [2] yes   [3] no"]
    assert clerk.says("1")[0].startswith("heard [do:take]")


def test_failure_apologises(ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After three tries the person gets the sentence with the reference, and goes on."""
    monkeypatch.setattr(inbox_module, "REST_SECONDS", (0.0, 0.0))
    terminal = Terminal(ledger, tmp_path, "resident", Repeater(lambda text: text == "坏"))
    (apology,) = terminal.says("坏")
    assert re.search(r"号码告诉工作人员：1$", apology.replace("\n", ""))
    assert terminal.says("好") == ["heard 好"]


def test_files_are_kept_side_by_side(resident: Terminal, ledger: Ledger, tmp_path: Path) -> None:
    """A file is put into the person's folder whatever its name tries; another of that name stays."""
    for content in (b"one", b"two", b"two"):
        with ledger.transaction() as connection:
            document = Document("../../回执.docx", content)
            message = Outgoing(resident.session.address, "x", (Part("回执"),), document=document)
            enqueue(connection, message, utc_now())
    resident.session.show_news()
    folder = tmp_path / "files" / "resident"
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == {
        "回执.docx": b"one",
        "回执-2.docx": b"two",
    }


def test_two_terminals_of_one_person_show_each_message_once(ledger: Ledger, tmp_path: Path) -> None:
    """Sharing a name means sharing the chat."""
    one, two = (Terminal(ledger, tmp_path, "resident", Menu()) for _ in range(2))
    with ledger.transaction() as connection:
        enqueue(connection, saying(one.session.address, "news"), utc_now())
    assert one.appears(one.session.show_news) + two.appears(two.session.show_news) == ["news"]


@pytest.mark.parametrize(
    ("role", "name", "complaint"),
    [
        ("staff", "stranger", "terminal:stranger is not in the setting `staff`"),
        ("admin", "staff", "terminal:staff is not in the setting `admins`"),
        ("resident", "a:b/c", "--name 'a:b/c'"),
    ],
)
def test_wrong_role_or_name_is_said(
    role: str, name: str, complaint: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Somebody who is not staff by the settings cannot sit down as staff."""

    values: dict[str, Any] = {"home": tmp_path}
    settings = Settings(**values)
    # Refused before anything else is needed.
    program: Any = SimpleNamespace(settings=settings, settings_in_force=lambda: settings)
    assert run_chat(program, role=role, name=name) == 2
    assert complaint in capsys.readouterr().err


def talk(terminal: Terminal, keys: str) -> list[str]:
    """Sit at the interactive prompt and press these keys; what appeared."""
    with create_pipe_input() as keyboard, create_app_session(input=keyboard, output=DummyOutput()):
        keyboard.send_text(keys)
        return terminal.appears(lambda: _talk(terminal.session, lambda: terminal.session.begin("/start")))


@pytest.mark.parametrize("leaving", ["退出\n", "\x04", "\x03"], ids=["word", "ctrl-d", "ctrl-c"])
def test_prompt_is_left_politely(resident: Terminal, leaving: str) -> None:
    """The greeting, an answer, and a farewell however one leaves."""
    greeting, answer, farewell = talk(resident, f"低保\n{leaving}")
    assert greeting.startswith("heard /start")
    assert answer.startswith("heard 低保")
    assert farewell == Words.load().say("goodbye", Language.SIMPLIFIED)


def test_what_was_typed_lies_in_no_file(resident: Terminal, tmp_path: Path) -> None:
    """The arrow keys find it for as long as the session lasts; what an earlier version kept goes."""
    assert talk(resident, "本人覃小满的低保审批表\n\x04")[1].startswith("heard 本人覃小满")
    (tmp_path / "history_resident").write_text("+本人覃小满的低保审批表\n", encoding="utf-8")
    _forget_history(tmp_path)
    # The ledger is another matter: this dialogue, unlike the real one, writes each text down as it is.
    files = [path for path in tmp_path.rglob("*") if path.is_file() and not path.name.startswith("ledger.db")]
    assert not [path for path in files if "覃小满".encode() in path.read_bytes()]


def test_number_under_an_errand_is_a_press() -> None:
    """仍然启用 comes after its turn: the dialogue remembers an older list and must not take 1 for that."""
    choices, address = Choices(), Address("terminal", "admin")
    button = Button("仍然启用", "aw:0123456789")
    choices.begin_turn()
    choices.add(Outgoing(address, "reload_begun", ()))
    choices.begin_errands()
    assert choices.add(Outgoing(address, "reload_worse", (), ((button,),))) == [1]
    choices.end_turn()
    assert [choices.pressed(typed) for typed in ("1", "仍然启用", "2")] == [button.data, button.data, ""]
    choices.begin_turn()
    choices.add(Outgoing(address, "unanswered", (), ((button,),)))
    assert choices.pressed("1") == ""  # a list of the dialogue's own again


class Keeper(Menu):
    """Remembers the files that came."""

    def __init__(self) -> None:
        super().__init__()
        self.files: list[SentFile] = []

    def handle(self, connection: Connection, incoming: Incoming, now: datetime) -> Turn:
        if incoming.file is not None:
            self.files.append(incoming.file)
        return super().handle(connection, incoming, now)


@pytest.mark.parametrize(
    "typed",
    ["/attach {}", "/ATTACH   {}", "/attach '{}'", '/attach "{}"', "附件 {}", "附件：{}", "附上 {}"],
)
def test_file_is_sent_along(ledger: Ledger, tmp_path: Path, typed: str) -> None:
    """A path that is typed or dropped into the window: its content goes through the mailbox."""
    keeper = Keeper()
    path = tmp_path / "村道 明细.xlsx"
    path.write_bytes(b"content")
    Terminal(ledger, tmp_path, "resident", keeper).says(typed.format(path))
    assert keeper.files == [SentFile("村道 明细.xlsx", 7, content=b"content")]


def test_spaces_as_a_shell_writes_them(ledger: Ledger, tmp_path: Path) -> None:
    """A window that drops `a\\ b.pdf` means the file `a b.pdf`."""
    keeper = Keeper()
    (tmp_path / "a b.pdf").write_bytes(b"x")
    Terminal(ledger, tmp_path, "resident", keeper).says(f"/attach {tmp_path}/a\\ b.pdf")
    assert keeper.files == [SentFile("a b.pdf", 1, content=b"x")]


def test_file_that_cannot_be_sent(ledger: Ledger, tmp_path: Path) -> None:
    """No such file, a folder, one that is too big: its trouble comes in its place, nothing is read of it."""
    keeper = Keeper()
    (tmp_path / "大.pdf").write_bytes(bytes(11 * 1024 * 1024))
    terminal = Terminal(ledger, tmp_path, "resident", keeper)
    for path in ("/nowhere/x.pdf", tmp_path, tmp_path / "大.pdf"):
        terminal.says(f"/attach {path}")
    assert [(file.trouble, file.content) for file in keeper.files] == [
        (Trouble.NO_SUCH_FILE, b""),
        (Trouble.NO_SUCH_FILE, b""),
        (Trouble.TOO_BIG, b""),
    ]


@pytest.mark.parametrize("typed", ["附件", "附件 2 是什么", "附上清单了吗", "附件 是哪些", "/attached"])
def test_words_that_are_no_path(ledger: Ledger, tmp_path: Path, typed: str) -> None:
    """Who talks about attachments is answered."""
    keeper = Keeper()
    assert Terminal(ledger, tmp_path, "resident", keeper).says(typed)[0].startswith(f"heard {typed}")
    assert keeper.files == []
