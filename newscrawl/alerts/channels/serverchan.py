"""Server酱³: `sc3://SENDKEY`, a POST of JSON to the host that the key names.

Server酱 itself, `schan://`, is another service, and Apprise's.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from newscrawl import __version__
from newscrawl.addresses import AllowedPrivate
from newscrawl.alerts.channels.addresses import Address
from newscrawl.alerts.channels.guard import Bounds
from newscrawl.alerts.channels.posting import FAILURES, Headers, NotSent, Target, request
from newscrawl.alerts.channels.reasons import failure
from newscrawl.alerts.channels.webhook import meaning
from newscrawl.alerts.outcome import Later, Outcome, Sent
from newscrawl.alerts.rendering.splitting import Part
from newscrawl.errors import UsageError

_KEY = re.compile(r"sctp([0-9]{1,18})t\w+", re.ASCII)
_HEADERS: Headers = [
    ("User-Agent", f"newscrawl/{__version__}"),
    ("Content-Type", "application/json; charset=utf-8"),
]


def target(address: Address) -> Target:
    """Where an address posts to. Raises UsageError, without the key in it."""
    # The host of an address is in lower case, and the key is not.
    key = urlsplit(address.url).netloc
    found = _KEY.fullmatch(key)
    if found is None:
        raise UsageError("sc3://…: takes the SendKey of sc3.ft07.com, sctp…t…, and nothing else")
    return Target(True, f"{found[1]}.push.ft07.com", 443, f"/send/{key}.send")


def send(address: Address, part: Part, allowed: AllowedPrivate, bounds: Bounds) -> Outcome:
    """One part. What is not answered with a code of 0 may not have arrived, and is sent again."""
    said = {"title": part.title, "desp": part.body}
    if tags := dict(address.options()).get("tags"):
        said["tags"] = tags
    body = json.dumps(said, ensure_ascii=False).encode()
    try:
        answer = request("POST", target(address), _HEADERS, body, allowed, bounds, read=True)
    except NotSent as error:
        return failure(error.__cause__, over=bounds.over)
    except FAILURES as error:
        return failure(error, over=bounds.over)
    outcome = meaning(answer)
    if not isinstance(outcome, Sent):
        return outcome
    code = _code(answer.body)
    if code != 0:
        return Later("answered 200, and no code" if code is None else f"answered the code {code}")
    return replace(outcome, receipt="0")


def _code(answer: bytes) -> int | None:
    """None where it says none."""
    try:
        read: Any = json.loads(answer)
    except ValueError:
        return None
    found = read.get("code") if isinstance(read, dict) else None
    return found if isinstance(found, int) and not isinstance(found, bool) else None
