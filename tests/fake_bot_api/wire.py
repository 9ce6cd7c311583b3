"""HTTP/1.1 as PTB speaks it: form fields or multipart in, JSON out, connections kept alive."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from email.parser import BytesParser
from email.policy import HTTP
from typing import Any
from urllib.parse import parse_qsl

_PHRASES = {200: "OK", 400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found"}


@dataclass
class Request:
    """One call: its path, its form fields as sent (text) and its uploaded files."""

    path: str
    fields: dict[str, str] = field(default_factory=dict)
    files: dict[str, tuple[str, bytes]] = field(default_factory=dict)


async def read_request(reader: asyncio.StreamReader) -> Request | None:
    """The next request of a connection; None when the other side has hung up."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except (asyncio.IncompleteReadError, ConnectionError):
        return None
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = {
        name.strip().lower(): value.strip()
        for name, _, value in (line.partition(":") for line in lines if line)
    }
    path, _, query = first.split(" ")[1].partition("?")
    try:
        body = await reader.readexactly(int(headers.get("content-length", "0")))
    except (asyncio.IncompleteReadError, ConnectionError):
        return None
    request = Request(path, dict(parse_qsl(query, keep_blank_values=True)))
    _read_body(request, headers.get("content-type", ""), body)
    return request


def _read_body(request: Request, content_type: str, body: bytes) -> None:
    if content_type.startswith("application/json"):
        request.fields.update(
            {k: v if isinstance(v, str) else json.dumps(v) for k, v in json.loads(body or b"{}").items()}
        )
    elif content_type.startswith("multipart/form-data"):
        head = f"Content-Type: {content_type}\r\n\r\n".encode()
        for part in BytesParser(policy=HTTP).parsebytes(head + body).iter_parts():
            name = str(part.get_param("name", header="content-disposition"))
            content = part.get_payload(decode=True)
            assert isinstance(content, bytes)
            filename = part.get_filename()
            if filename is None:
                request.fields[name] = content.decode()
            else:
                request.files[name] = (filename, content)
    else:
        request.fields.update(dict(parse_qsl(body.decode(), keep_blank_values=True)))


async def write_json(writer: asyncio.StreamWriter, code: int, body: dict[str, Any]) -> None:
    await write_bytes(writer, code, json.dumps(body, ensure_ascii=False).encode(), "application/json")


async def write_bytes(writer: asyncio.StreamWriter, code: int, body: bytes, content_type: str) -> None:
    head = (
        f"HTTP/1.1 {code} {_PHRASES.get(code, 'Answer')}\r\n"
        f"Content-Type: {content_type}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    writer.write(head.encode() + body)
    await writer.drain()
