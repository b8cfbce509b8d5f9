"""Webhooks: `json(s)://` and `http(s)://`, a POST of JSON that can be checked."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import time
from base64 import b64encode
from dataclasses import replace
from typing import Any
from urllib.parse import quote, urlencode

from newscrawl import __version__
from newscrawl.addresses import AllowedPrivate
from newscrawl.alerts.channels.addresses import Address
from newscrawl.alerts.channels.guard import Bounds
from newscrawl.alerts.channels.posting import FAILURES, Answer, Headers, NotSent, Target, request
from newscrawl.alerts.channels.reasons import failure
from newscrawl.alerts.channels.retry import refuses, wait
from newscrawl.alerts.message import Item, Message
from newscrawl.alerts.outcome import Later, Outcome, Refused, Sent
from newscrawl.alerts.rendering.dialects import LETTER
from newscrawl.alerts.rendering.inert import unlinked
from newscrawl.alerts.rendering.layout import Layout, tidied, title
from newscrawl.alerts.rendering.phrases import PHRASES
from newscrawl.alerts.rendering.splitting import divided
from newscrawl.errors import UsageError
from newscrawl.query.highlight import Passage

SECURE = {"http": False, "json": False, "https": True, "jsons": True}
_NAME = re.compile(r"[A-Za-z0-9-]{1,60}")
_OURS = frozenset(
    {
        *("host", "content-length", "content-type", "transfer-encoding", "connection", "expect"),
        *("upgrade", "te", "trailer", "user-agent", "idempotency-key"),
        *("newscrawl-timestamp", "newscrawl-signature"),
    }
)


def check(address: Address) -> None:
    """Raises UsageError."""
    target(address)
    _added(address)


def send(
    address: Address, body: bytes, key: str, secret: bytes, allowed: AllowedPrivate, bounds: Bounds
) -> Outcome:
    """One POST. With a secret, `Newscrawl-Signature` is `signature` of its timestamp and body."""
    stamp = str(int(time.time()))
    headers: Headers = [
        ("User-Agent", f"newscrawl/{__version__}"),
        ("Content-Type", "application/json; charset=utf-8"),
        ("Idempotency-Key", key),
        ("Newscrawl-Timestamp", stamp),
        *_added(address),
    ]
    if secret:
        headers.append(("Newscrawl-Signature", signature(secret, stamp, body)))
    try:
        return meaning(request("POST", target(address), headers, body, allowed, bounds))
    except NotSent as error:
        return failure(error.__cause__, over=bounds.over)
    except FAILURES as error:
        return failure(error, over=bounds.over)


def signature(secret: bytes, stamp: str, body: bytes) -> str:
    """Of `STAMP.BODY`, by HMAC. Who checks it also looks whether the stamp is a fresh one."""
    return "sha256=" + hmac.new(secret, stamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def target(address: Address) -> Target:
    """Where an address posts to. Raises UsageError."""
    if not address.host:
        raise UsageError(f"{address.scheme}://…: without a host")
    secure = SECURE[address.scheme]
    port = address.port or (443 if secure else 80)
    query = address.query
    if address.scheme.startswith("json"):
        query = urlencode([(n[1:], text) for n, text in address.options() if n[:1] == "-"])
    path = quote(address.path or "/", safe="/%:@!$&'()*+,;=~")
    query = quote(query, safe="/%:@!$&'()*+,;=~?")
    return Target(secure, address.host, port, f"{path}?{query}" if query else path)


def _added(address: Address) -> Headers:
    """The headers that an address asks for: its password, and `+Name=text` with `json://`."""
    headers: Headers = []
    if address.user is not None:
        login = f"{address.user}:{address.password or ''}".encode()
        headers.append(("Authorization", f"Basic {b64encode(login).decode()}"))
    if not address.scheme.startswith("json"):
        return headers
    for name, text in address.options():
        if name[:1] == "+":
            headers.append(_header(name[1:], text))
        elif name[:1] != "-":
            raise UsageError(f"{address.scheme}://…: takes +HEADER=TEXT and -PARAMETER=TEXT only")
    return headers


def _header(name: str, text: str) -> tuple[str, str]:
    if not _NAME.fullmatch(name) or name.lower() in _OURS:
        raise UsageError("json://…: a header that cannot be set")
    if not text.isascii() or not text.isprintable():
        raise UsageError("json://…: a header's text is of printable ASCII")
    return name, text.strip()


def meaning(answer: Answer) -> Outcome:
    """What became of what was asked."""
    reason = f"answered {answer.status}"
    if 200 <= answer.status < 300:
        return Sent(receipt=str(answer.status))
    if 300 <= answer.status < 400:
        return Refused(f"{reason}, and redirects are not followed")
    if refuses(answer.status):
        return Refused(reason)
    return Later(reason, after=wait(answer.retry_after, time.time()))


def parts(message: Message, most: int) -> list[Message]:
    """What the POSTs that tell a message are of, each of at most so many bytes where a single
    article allows it.
    """
    return divided(tidied(message), lambda one: len(_body(one, "", 99, 99)), most)


def keyed_body(part: Message, number: int, count: int) -> tuple[str, bytes]:
    """The key and the body of one of these, which are numbered from 1 on."""
    key = part.key if number == 1 else f"{part.key}-{number}"
    return key, _body(part, key, number, count)


def _body(message: Message, key: str, part: int, parts: int) -> bytes:
    layout = Layout(LETTER, PHRASES[message.language])
    texts = [layout.item(item) for item in message.items]
    return json.dumps(
        {
            "key": key,
            "part": part,
            "parts": parts,
            "subscription": message.subscription,
            "query": message.query,
            "language": message.language,
            "title": unlinked(title(message, part, parts)),
            "message": "\n\n".join([*texts, layout.foot(replace(message, unsubscribe=""))]),
            "left_out": message.left_out,
            "feed": message.feed,
            "unsubscribe": message.unsubscribe,
            "items": [_item(item) for item in message.items],
        },
        ensure_ascii=False,
    ).encode()


def _item(item: Item) -> dict[str, Any]:
    return {
        "headline": _marked(item.headline),
        "paper": item.paper,
        "page": item.page,
        "time": item.time,
        "passage": _marked(item.passage),
        "snapshot": item.snapshot,
        "original": item.original,
        "kind": item.kind,
        "also": list(item.also),
        "story": item.story,
    }


def _marked(passage: Passage) -> dict[str, Any]:
    return {"text": passage.text, "marks": [list(span) for span in passage.spans]}
