"""The key by which replay tools find a URL: its host backwards, then the rest, made canonical.

Written anew by what is generally agreed on for CDX indexes, because the usual library of that name
(AGPL) cannot be part of this project. A test compares both.
"""

from __future__ import annotations

import re
from ipaddress import IPv4Address
from urllib.parse import quote_from_bytes, unquote_to_bytes

_PARTS = re.compile(
    rb"(?:(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*):)?"
    rb"(?://(?:[^/?#]*@)?(?P<host>\[[^\]/?#]*\]|[^:/?#]*)(?::(?P<port>[^/?#]*))?)?"
    rb"(?P<path>[^?#]*)(?:\?(?P<query>[^#]*))?",
    re.DOTALL,
)
_DEFAULT_PORTS = {b"http": b"80", b"https": b"443"}
_WWW = re.compile(rb"www\d*\.")
_KEPT = "!\"$&'()*+,-./:;<=>?@[\\]^_`{|}~"
"""What is not percent-encoded, beside letters and digits."""
_SESSION_PATHS = (
    re.compile(rb"^(.*/)\((?:[a-z]\([0-9a-z]{24}\))+\)/([^?]+\.aspx.*)$", re.IGNORECASE),
    re.compile(rb"^(.*/)\([0-9a-z]{24}\)/([^?]+\.aspx.*)$", re.IGNORECASE),
)
_SESSIONS = tuple(
    re.compile(rb"^(.*)(?:" + name + rb")(?:&(.*))?$", re.IGNORECASE)
    for name in (
        rb"jsessionid=[0-9a-z]{32}",
        rb"phpsessid=[0-9a-z]{32}",
        rb"sid=[0-9a-z]{32}",
        rb"aspsessionid[a-z]{8}=[a-z]{24}",
        rb"cfid=[^&]+&cftoken=[^&]+",
    )
)


def surt(url: str) -> str:
    """The key of a URL: `example,paper)/a?b=1` for `http://www.paper.example/A/?b=1#c`.

    What has no host keeps its scheme: `import:paper/1`.
    """
    found = _PARTS.match(url.encode("utf-8", "surrogatepass").strip().translate(None, b"\t\r\n"))
    assert found is not None  # every part may be empty
    scheme, host = (found["scheme"] or b"http").lower(), found["host"]
    query = _query(_escaped(found["query"] or b""))
    suffix = b"?" + query if query else b""
    if not host:
        return (scheme + b":" + _shortened(_escaped(found["path"])) + suffix).decode("ascii")
    path = _shortened(_escaped(_resolved(_unescaped(found["path"]))))
    port = found["port"]
    usual = not port or port == _DEFAULT_PORTS.get(scheme)
    place = _host(host) + (b"" if usual else b":" + port)
    return (place + b")" + (path or b"/") + suffix).decode("ascii")


def _host(name: bytes) -> bytes:
    """`www.paper.example` backwards and without its `www.`."""
    name = _ascii(_unescaped(name.strip(b"[]"))).lower().replace(b"..", b".").strip(b".")
    if name.isdigit():
        name = str(IPv4Address(int(name) & 0xFFFFFFFF)).encode()
    www = _WWW.match(name)
    return b",".join(reversed(_escaped(name)[www.end() if www else 0 :].split(b".")))


def _ascii(name: bytes) -> bytes:
    """A host in Chinese as it is asked for: `xn--…`; what cannot be is left."""
    if name.isascii():
        return name
    try:
        return name.decode("utf-8", "ignore").encode("idna")
    except UnicodeError:
        return name


def _resolved(path: bytes) -> bytes:
    """Without `.`, `..` and doubled slashes; one `..` beyond the top stays."""
    kept: list[bytes] = []
    for part in path.split(b"/")[1:]:
        if part == b".." and kept:
            kept.pop()
        elif part != b".":
            kept.append(part)
    *folders, last = kept or [b""]
    return b"/" + b"".join(part + b"/" for part in folders if part) + last


def _shortened(path: bytes) -> bytes:
    """In lower case, without a session id and without the slash at its end."""
    path = path.lower()
    for session in _SESSION_PATHS:
        path = session.sub(rb"\1\2", path)
    return path[:-1] if len(path) > 1 and path.endswith(b"/") else path


def _query(query: bytes) -> bytes:
    """In lower case and in order, without a session id."""
    for session in _SESSIONS:
        query = session.sub(lambda found: found[1] + (found[2] or b""), query)
    pairs = (tuple(part.split(b"=", 1)) for part in query.lower().split(b"&"))
    return b"&".join(b"=".join(pair) for pair in sorted(pairs)) if len(query) > 1 else query.lower()


def _escaped(text: bytes) -> bytes:
    """Percent-encoded once, whatever it was before."""
    return quote_from_bytes(_unescaped(text), safe=_KEPT).encode()


def _unescaped(text: bytes) -> bytes:
    while (shorter := unquote_to_bytes(text)) != text:
        text = shorter
    return text
