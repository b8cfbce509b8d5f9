"""Requests to the application as a server makes them, paths and headers as raw as one likes."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import unquote

from starlette.types import ASGIApp, Message

Pairs = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    """Names in small letters."""
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


def ask(
    app: ASGIApp,
    target: str,
    method: str = "GET",
    headers: Pairs = (("host", "localhost"),),
    body: bytes = b"",
    failing: tuple[type[Exception], ...] = (),
) -> Answer:
    """What the application answers to a request for `target`, a path with its query.

    `failing`: what it may let through to the server, for its log, once it has answered.
    """
    path, _, query = target.partition("?")
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": unquote(path),
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": query.encode(),
        "headers": [(name.encode(), value.encode("latin-1")) for name, value in headers],
        "client": ("127.0.0.1", 50000),
        "server": ("127.0.0.1", 8000),
    }
    return asyncio.run(_ask(app, scope, body, failing))


async def _ask(app: ASGIApp, scope: dict, body: bytes, failing: tuple) -> Answer:
    told: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Message) -> None:
        told.append(message)

    with suppress(*failing):
        await app(scope, receive, send)
    start, *parts = told
    pairs = [(name.decode(), value.decode("latin-1")) for name, value in start["headers"]]
    names = [name for name, _ in pairs]
    assert len(set(names)) == len(names), names
    content = b"".join(part.get("body", b"") for part in parts)
    return Answer(start["status"], dict(pairs), content)
