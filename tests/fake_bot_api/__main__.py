"""Play with a bot by hand: this program is Telegram's server and one resident's phone.

    python -m tests.fake_bot_api --port 8081
    DISCLOSURE_TELEGRAM_BASE_URL=http://127.0.0.1:8081 DISCLOSURE_TELEGRAM_TOKEN=... disclosure run

Type a line to send it, `/press LABEL` to press a button, `/as NUMBER` to be another person.
"""

from __future__ import annotations

import argparse
import asyncio
import sys

from .limits import Limits
from .phone import Phone
from .server import TOKEN, FakeBotApi
from .world import Seen


async def _show(phone: Phone) -> None:
    while True:
        seen: Seen | None = None
        while seen is None:
            try:
                seen = await phone.reads(deadline=3600)
            except AssertionError:
                continue  # nothing said for an hour
        print(f"\n[{phone.person['id']}] {seen.text}", *(f"  ({label})" for label in seen.labels), sep="\n")
        if seen.document:
            print(f"  file {seen.document[0]}, {len(seen.document[1])} bytes")


async def _play(port: int) -> None:
    async with FakeBotApi(port=port, limits=Limits()) as api:
        print(f"serving at {api.base_url}; the token is {TOKEN}")
        person, shows = 42, {42: asyncio.create_task(_show(api.phone(42)))}
        while line := await asyncio.to_thread(sys.stdin.readline):
            text = line.strip()
            if text.startswith("/as "):
                person = int(text.removeprefix("/as "))
                if person not in shows:
                    shows[person] = asyncio.create_task(_show(api.phone(person)))
            elif text.startswith("/press "):
                try:
                    api.phone(person).press(text.removeprefix("/press "))
                except AssertionError as error:
                    print(error)
            elif text:
                api.phone(person).types(text)
        for task in shows.values():
            task.cancel()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.fake_bot_api", description=__doc__)
    parser.add_argument("--port", type=int, default=8081)
    asyncio.run(_play(parser.parse_args().port))


if __name__ == "__main__":
    main()
