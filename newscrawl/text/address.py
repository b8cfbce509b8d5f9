"""What makes two URLs the same article."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode, urlsplit

LAYOUT_PARAMETERS = frozenset({"div"})
"""Query parameters that only scroll a page (Founder's `?div=1`)."""

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
