"""Number and code open what is the applicant's, and nothing that is not theirs or not yet."""

from __future__ import annotations

import re
import secrets
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.desk.model import Outcome
from bot.dialogue.payload import Act, data_of
from bot.dialogue.tables import reminders
from bot.messages import Address, Incoming
from tests.channels.web.browser import Browser
from tests.channels.web.conftest import Office, office_at
from tests.channels.web.test_browsing import fits
from tests.channels.web.test_casefile import REPLY_TEXT, clerk_of, fill
from tests.channels.web.test_conversation import file_request, number_of
from tests.dialogue.stage import CLERK
from tests.files_for_tests import docx


@pytest.fixture
def office(built: Path, tmp_path: Path) -> Iterator[Office]:
    details = {
        "reconsideration_body": "洲上区人民政府",
        "court": "洲上区人民法院",
        "two_person_review": False,
    }
    with office_at(built, tmp_path / "home", **details) as office:
        yield office


def in_hand(office: Office) -> tuple[Browser, str, str]:
    """A clerk with a received request, its number and its access code."""
    code, clerk = file_request(office.browser()), clerk_of(office)
    number = number_of(office)
    clerk.open(f"/desk/r/{number}")
    clerk.press("确认收到（开始计期）")
    return clerk, number, code


def draft(clerk: Browser, number: str) -> None:
    button = data_of(Act.REPLY_SITUATION, number, "give")
    clerk.post(f"/desk/r/{number}", {"button": button, "key": secrets.token_hex(8)})
    fill(clerk, number, text=REPLY_TEXT)
    clerk.press("保存答复")


def letters_seen(office: Office, number: str, code: str) -> list[str]:
    browser = office.browser()
    browser.open("/follow")
    browser.submit("/follow", number=number, code=code)
    return [str(each) for each in browser.tree.xpath("//button[@name='letter']/@value")]


def test_a_reply_is_had_once_it_is_served(office: Office) -> None:
    clerk, number, code = in_hand(office)
    before = letters_seen(office, number, code)
    draft(clerk, number)
    with office.program.ledger.reading() as connection:
        kept = [each.filename for each in office.program.register.session(connection).letters.of(number)]
    written = [name for name in kept if name not in before]
    assert written
    assert letters_seen(office, number, code) == before
    forged = {"number": number, "code": code, "letter": written[0]}
    assert office.browser().client.post("/follow/letter", data=forged, headers={}).status_code in (403, 404)
    browser = office.browser()
    browser.open("/follow")
    browser.post("/follow/letter", forged)
    assert browser.status == 404
    clerk.press("发出，今天当面送达签收")
    assert len(letters_seen(office, number, code)) == len(before) + 1


def test_a_reply_that_is_decided_anew_is_had_as_it_was_served(office: Office) -> None:
    """A court orders another one: until that is served, the first and its file are there, never the draft."""
    clerk, number, code = in_hand(office)
    clerk.post(f"/desk/r/{number}", {"button": data_of(Act.REPLY_SITUATION, number, "give"), "key": "a"})
    clerk.attach(f"/desk/r/{number}/file", ("决算表.docx", docx()))
    fill(clerk, number, text=REPLY_TEXT)
    for label in ("保存答复", "发出，今天当面送达签收"):
        clerk.press(label)
    served = letters_seen(office, number, code)
    with office.program.ledger.transaction() as connection:
        desk = office.program.register.session(connection, office.now(), CLERK)
        for result in ("", "corrected"):
            document_number = "洲政复决〔2026〕1号" if result else ""
            desk.remedies.record(
                number, remedy="reconsideration", result=result, document_number=document_number
            )
        desk.remedies.order_redecision(number)
        desk.replies.draft(number, outcome=Outcome.DISCLOSED, text="重新写的，还没有发出。")
        _, written = desk.letters.write(number, kind="reply")
        desk.letters.keep(number, kind="reply", filename="重新写的.docx", content=written.content)
    assert letters_seen(office, number, code) == served
    browser = office.browser()
    browser.open("/follow")
    page = browser.submit("/follow", number=number, code=code)
    assert "重新写的" not in page
    assert "决算表.docx" in page


def test_who_asked_in_chat_opens_the_request_by_a_link(built: Path, tmp_path: Path) -> None:
    """The chat gives address and code; somebody else's chat gets neither; an earlier code ends."""
    with office_at(built, tmp_path / "home", web_url="https://bot.example.gov.cn/gk") as office:
        said = [Talk(office, "telegram:42"), Talk(office, "telegram:43")]
        number = said[0].file_request()
        first, second = (said[0].press(data_of(Act.MY_WEB_PAGE, number)) for _ in range(2))
        links = [
            re.search(r"https://bot\S+/follow\?number=(\S+)#(\w{4}-\w{4})", each) for each in (first, second)
        ]
        assert all(links)
        old, new = ([*each.groups()] for each in links if each)
        assert letters_page(office, *new).startswith(number)
        assert "对不上" in letters_page(office, *old)
        assert "#" not in said[1].press(data_of(Act.MY_WEB_PAGE, number))
    with office_at(built, tmp_path / "without") as office:
        talk = Talk(office, "telegram:42")
        number = talk.file_request()
        talk.press(data_of(Act.MY_REQUEST, number))
        assert not [each for each in talk.buttons if each.startswith(Act.MY_WEB_PAGE)]


class Talk:
    """Somebody in a chat of another channel."""

    def __init__(self, office: Office, who: str) -> None:
        self._office, self._who = office, Address.parse(who)
        self.buttons: list[str] = []

    def file_request(self) -> str:
        self.press(data_of(Act.FILE_REQUEST, 0))
        for text in ("13800138000", "村口桥加固花了多少钱", "电子文件", "在这个聊天里发给我", "确认提交"):
            self.say(text)
        return number_of(self._office)

    def say(self, text: str) -> str:
        return self._turn(text=text)

    def press(self, button: str) -> str:
        return self._turn(button=button)

    def _turn(self, *, text: str = "", button: str = "") -> str:
        program, now = self._office.program, self._office.now()
        with program.ledger.transaction() as connection:
            done = program.conversation.handle(
                connection, Incoming(self._who, self._who, now, text=text, button=button), now
            )
        own = [each for each in done.outgoing if each.address == self._who]
        self.buttons = [button.data for each in own for row in each.buttons for button in row]
        return "\n".join(each.text for each in own)


def letters_page(office: Office, number: str, code: str) -> str:
    browser = office.browser()
    browser.open(f"/follow?number={number}")
    browser.submit("/follow", number=number, code=code)
    return str(browser.tree.get_element_by_id("main").text_content()).strip()


def test_letters_to_others_are_not_the_applicants(office: Office) -> None:
    """What asks a third party for its opinion names that party."""
    clerk, number, code = in_hand(office)
    with office.program.ledger.transaction() as connection:
        for kind in ("third_party_consultation", "opinion_form", "agency_consultation", "cooperation"):
            office.program.register.session(connection, office.now()).letters.keep(
                number, kind=kind, filename=f"{kind}.docx", content=b"x"
            )
    assert not [
        name for name in letters_seen(office, number, code) if name.startswith(("third", "opin", "ag", "co"))
    ]
    clerk.open(f"/desk/r/{number}")
    assert "文书（5 份）" in clerk.html


def test_status_for_programs(office: Office) -> None:
    clerk, number, code = in_hand(office)
    client = office.browser().client
    told = client.post("/api/status", data={"number": number, "code": code}).json()
    schemas = client.get("/openapi.json").json()["components"]["schemas"]
    fits(told, schemas["State"], schemas)
    assert told["number"] == number
    assert told["status"] == "received"
    assert told["received_on"] < told["due_on"]
    assert told["outcome"] == ""
    draft(clerk, number)
    told = client.post("/api/status", data={"number": number.lower(), "code": code}).json()
    assert told["outcome"] == ""  # a draft is nobody's business yet
    clerk.press("发出，今天当面送达签收")
    told = client.post("/api/status", data={"number": number, "code": code}).json()
    assert told["outcome"] == "A"
    wrong = [{"number": number, "code": "AAAA-AAAA"}, {"number": number}, {"code": code}, {}]
    for given in wrong:
        assert client.post("/api/status", data=given).status_code == 404
    assert client.get("/api/status").status_code == 405
    cross = client.post("/api/status", data=wrong[0], headers={"Sec-Fetch-Site": "cross-site"})
    assert cross.status_code == 403


def test_a_page_is_shown_while_others_write(office: Office) -> None:
    """It failed with "database is locked" where somebody wrote between its reading and its remembering."""
    resident = office.browser()
    code, number = file_request(resident), number_of(office)
    done = threading.Event()

    def write() -> None:
        while not done.is_set():
            with office.program.ledger.transaction() as connection:
                connection.execute(
                    reminders.insert().values(
                        key=secrets.token_hex(8), subject="", kind="digest", made_at=office.now()
                    )
                )

    others = threading.Thread(target=write)
    others.start()
    try:
        for _ in range(8):
            resident.open("/follow")
            resident.submit("/follow", number=number, code=code)
            assert resident.status == 200
            resident.open("/ask?q=低保")
            assert resident.status == 200
    finally:
        done.set()
        others.join()
