"""A server in a process of its own: `python -m tests.bench.pages.sites ours|bare PORT`.

`bare` is the least that the framework can do: the same server, a page of fixed bytes, a form leading to it.
"""

from __future__ import annotations

import asyncio
import sys

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

_PAGE = "<!DOCTYPE html><title>bare</title>" + "<p>一页普通的文字。</p>" * 300  # about the size of ours


async def _page(request: Request) -> Response:
    return HTMLResponse(_PAGE)


async def _take(request: Request) -> Response:
    await request.form(max_files=0)
    return RedirectResponse("/ask", 303)


def bare(port: int) -> None:
    pages = [Route(path, _page) for path in ("/", "/ask", "/c/guide", "/c/disclosed")]
    app = Starlette(routes=[*pages, Route("/ask", _take, methods=["POST"])])
    uvicorn.run(app, host="127.0.0.1", port=port, log_config=None, access_log=False)


def ours(port: int) -> None:
    """As `disclosure web` serves it; settings come from the environment."""
    from bot.channels.web import serve_web
    from bot.program import Program
    from bot.settings import load_settings

    with Program.open(load_settings()) as program:
        asyncio.run(serve_web(program, port))


if __name__ == "__main__":
    {"ours": ours, "bare": bare}[sys.argv[1]](int(sys.argv[2]))
