"""What holds of every address of the application, whatever page it is: read from its routes."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.routing import Mount, Route

from bot.channels.web.guarding import BY_ADDRESS, BY_SESSION, SECURITY_HEADERS
from bot.cli.staff import code_for
from bot.desk.tables import events
from bot.mailbox.tables import updates
from tests.channels.web.browser import Browser
from tests.channels.web.conftest import Office, office_at
from tests.channels.web.test_casefile import begun
from tests.channels.web.test_conversation import count

# What holds nothing of anybody may be kept by a browser for a while.
FOR_ALL = ("/atom.xml", "/sitemap.xml", "/catalogue", "/facts.csv", "/openapi.json", "/static")
# Programs send number and code, and no cookie counts there.
WITHOUT_TOKEN = {"/api/status"}


@pytest.fixture(scope="module")
def office(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with office_at(built, tmp_path_factory.mktemp("addresses") / "home") as office:
        yield office


@pytest.fixture(scope="module")
def everybody(office: Office) -> tuple[Browser, str]:
    """Somebody with every role, and the number of a request."""
    _, clerk, number = begun(office)
    for role in ("leader", "admin"):
        clerk.open("/ask")
        clerk.say(code_for(office.program, role))
    return clerk, number


def routes(office: Office, method: str) -> list[str]:
    mount = office.channel.app.routes[0]
    assert isinstance(mount, Mount)
    found = [each for each in mount.routes if isinstance(each, Route)]
    paths = [each.path for each in found if method in (each.methods or ())]
    assert len(paths) > 15
    return paths


def address(path: str, number: str) -> str:
    """An address of this shape; what it names need not be there."""
    known = {
        "{number}": number,
        "{column}": "guide",
        "{name}": "roles",
        "{year:few}": "2026",
        "{kind}": "docx",
    }
    for shape, value in {**known, "{kind}": "docx"}.items():
        path = path.replace(shape, value)
    return path.replace(":few", "").replace("{", "").replace("}", "")


def test_forms_of_another_site_are_refused_everywhere(office: Office, everybody: tuple[Browser, str]) -> None:
    """By what the browser says, else by where it comes from, else by the token; nothing is done."""
    clerk, number = everybody
    before = count(office, updates), count(office, events)
    values = {
        "key": secrets.token_hex(8),
        "button": f"cf:{number}",
        "text": "x",
        "number": number,
        "code": "x",
    }
    for path in routes(office, "POST"):
        where = address(path, number)
        forgeries: list[dict[str, str]] = [
            {"Sec-Fetch-Site": "cross-site"},
            {"Sec-Fetch-Site": "same-site"},
            {"Origin": "https://evil.example"},
            {"Origin": "null"},
        ]
        if path not in WITHOUT_TOKEN:
            forgeries += [{}, {"Referer": office.address}]
        for headers in forgeries:
            answer = clerk.client.post(where, data=values, headers=headers, follow_redirects=False)
            # No page takes it: refused as forged, or before that because nothing is there to be sent to.
            assert answer.status_code in (403, 404, 422), (path, headers, answer.status_code)
            if path not in ("/ask/send", "/desk/r/{number}/file"):
                assert answer.status_code != 422, (path, headers)
    assert (count(office, updates), count(office, events)) == before


def test_every_answer_has_the_headers_and_personal_ones_are_kept_nowhere(
    office: Office, everybody: tuple[Browser, str]
) -> None:
    clerk, number = everybody
    for path in (*routes(office, "GET"), "/static/style.css", "/static/desk.js"):
        answer = clerk.client.get(address(path, number), headers=clerk.headers, follow_redirects=False)
        assert answer.status_code < 500, path
        for name, value in SECURITY_HEADERS.items():
            assert answer.headers[name] == value, (path, name)
        kept = answer.headers["cache-control"]
        assert kept == "no-store" or path.startswith(FOR_ALL), (path, kept)


def test_a_stranger_finds_no_address_of_the_desk(office: Office, everybody: tuple[Browser, str]) -> None:
    stranger, number = office.browser(), everybody[1]
    stranger.open("/ask")
    token = stranger.form("ask-form").fields["token"]
    assert token
    desk = [path for path in routes(office, "GET") if path.startswith("/desk")]
    assert len(desk) > 12
    for path in desk:
        assert stranger.client.get(address(path, number), headers=stranger.headers).status_code == 404, path
    for path in (each for each in routes(office, "POST") if each.startswith("/desk")):
        data = {
            "token": token,
            "key": "k",
            "button": "x",
            "seen": "x",
            "what": "spare",
            "label": "x",
            "text": "x",
        }
        answer = stranger.client.post(address(path, number), data=data, headers=stranger.headers)
        assert answer.status_code == 404, path


def test_a_village_behind_one_line_gets_through(office: Office) -> None:
    """Two hundred neighbours who each open a page and ask within a minute are fewer than the pace allows."""
    neighbours = 200
    assert BY_ADDRESS.burst >= neighbours * 2
    assert BY_SESSION.burst * 10 <= BY_ADDRESS.burst  # one who floods leaves nine tenths to the others
