"""What makes two URLs the same article."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlencode, urlsplit

from newscrawl.text.clean import INVISIBLE

LAYOUT_PARAMETERS = frozenset({"div"})
"""Query parameters that only scroll a page (Founder's `?div=1`)."""

_WEB = re.compile(
    rf"https?://(?:[\w.-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{{1,5}})?"  # no user, no password
    rf"(?:[/?#][^\s\\\"<>{INVISIBLE}\ufffe\uffff]*)?",
    re.IGNORECASE,
)
_OWN_PORT = {"http": 80, "https": 443}


def same_host(one: str, other: str) -> bool:
    """Whether two URLs have the same host and port; http and https, each on its own port, do."""
    try:
        return _host(one) == _host(other)
    except ValueError:
        return False


def _host(url: str) -> tuple[str, int | None]:
    parts = urlsplit(url)
    port = parts.port if parts.port != _OWN_PORT.get(parts.scheme) else None
    host = parts.hostname or ""
    return host if host.isascii() else host.encode("idna").decode(), port


def web_address(url: str) -> str:
    """The URL itself where it is one of http or https with a host, else an empty text.

    What is shown as a link goes through here: `javascript:`, `data:`, `import:`, an address
    without a scheme, and whatever a browser might read otherwise than we do, is no link.
    """
    return url if _WEB.fullmatch(url) else ""


def address(url: str) -> str:
    """`host/path[?query]`: the URL without scheme, fragment and layout parameters.

    http and https twins, `#article` and `?div=1` variants share one address. What is no URL is
    its own address.
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    query = [
        (name, value)
        for name, value in parse_qsl(parts.query, keep_blank_values=True)
        if name not in LAYOUT_PARAMETERS
    ]
    return f"{parts.netloc.lower()}{parts.path}" + (f"?{urlencode(query)}" if query else "")
