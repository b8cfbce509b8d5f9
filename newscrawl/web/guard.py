"""What every answer carries, whatever it is, and under which names this site answers at all."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
HEADERS: Mapping[str, str] = {
    "content-security-policy": (
        "default-src 'none'; style-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",  # addresses hold secrets
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "x-robots-tag": "noindex, nofollow",
}
"""On every answer, errors included."""
UNSTORED = "no-store"
"""Cache-Control, where an answer does not say otherwise."""
_ELSEWHERE = "本站不以这个名称提供服务。\nThis site does not answer under that name.\n"


class Guard:
    """The outermost layer of the application: nothing answers but through it."""

    def __init__(self, app: ASGIApp, hosts: frozenset[str]) -> None:
        """`hosts`: the names, without ports, under which requests may come."""
        self._app = app
        self._hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.setdefault("cache-control", UNSTORED)
                for name, value in HEADERS.items():
                    headers[name] = value
            await send(message)

        known = scope["type"] != "http" or host_of(Headers(scope=scope)) in self._hosts
        app = self._app if known else PlainTextResponse(_ELSEWHERE, 400)
        await app(scope, receive, guarded)


def host_of(headers: Headers) -> str:
    """The one host that a request names, without its port; empty where it names none or two."""
    named = headers.getlist("host")
    try:
        return (urlsplit(f"//{named[0]}").hostname or "") if len(named) == 1 else ""
    except ValueError:
        return ""
