"""From values to WARC 1.1 records, each a gzip member of its own, byte for byte.

The bytes are put together here and not by warcio, because it percent-encodes header values
that are not ASCII and adds SHA-1 digests where we want SHA-256.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from http import HTTPStatus
from string import printable, whitespace
from urllib.parse import quote, urlsplit

from newscrawl import __version__
from newscrawl.archive.errors import ArchiveError
from newscrawl.items import Snapshot, new_record_id

LEVEL = 6
"""Of zlib; on pages of newspapers 9 saves nothing and 1 costs the same time."""
MAX_RECORD = 33 << 20
"""Bytes: 32 MiB of payload and the headers. More is refused: readers hold a record in memory."""

SOFTWARE = f"newscrawl/{__version__}"
VERSION = b"WARC/1.1\r\n"
END = b"\r\n\r\n"
PHRASES = {status.value: status.phrase for status in HTTPStatus}
URI_CHARACTERS = "".join(sorted(set(printable) - set(whitespace)))

Fields = Iterable[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Resource:
    """Bytes that no site sent: an imported line."""

    record_id: str
    uri: str
    content_type: str
    payload: bytes
    captured_at: datetime


@dataclass(frozen=True, slots=True)
class Encoded:
    """What is to be written for one value; the record that stands for it comes first."""

    record_id: str
    members: bytes
    length: int
    """Bytes of the first gzip member."""
    payload_digest: str


def encode_snapshot(snapshot: Snapshot) -> Encoded:
    """A response record and its request. Raise ArchiveError for what WARC cannot hold."""
    common = (
        ("WARC-Date", date_text(snapshot.captured_at)),
        ("WARC-Target-URI", target_uri(snapshot.url)),
    )
    digest = payload_digest(snapshot.body)
    response = _member(
        (
            ("WARC-Type", "response"),
            ("WARC-Record-ID", snapshot.record_id),
            *common,
            ("WARC-Payload-Digest", digest),
            ("Content-Type", "application/http;msgtype=response"),
        ),
        _response_head(snapshot) + snapshot.body,
    )
    request = _member(
        (
            ("WARC-Type", "request"),
            ("WARC-Record-ID", new_record_id()),
            ("WARC-Concurrent-To", snapshot.record_id),
            *common,
            ("WARC-Payload-Digest", payload_digest(b"")),
            ("Content-Type", "application/http;msgtype=request"),
        ),
        _request_head(snapshot),
    )
    return Encoded(snapshot.record_id, response + request, len(response), digest)


def encode_resource(resource: Resource) -> Encoded:
    """A resource record. Raise ArchiveError for what WARC cannot hold."""
    digest = payload_digest(resource.payload)
    member = _member(
        (
            ("WARC-Type", "resource"),
            ("WARC-Record-ID", resource.record_id),
            ("WARC-Date", date_text(resource.captured_at)),
            ("WARC-Target-URI", target_uri(resource.uri)),
            ("WARC-Payload-Digest", digest),
            ("Content-Type", resource.content_type),
        ),
        resource.payload,
    )
    return Encoded(resource.record_id, member, len(member), digest)


def encode_warcinfo(part_of: str, name: str, description: str = "") -> bytes:
    """The record that opens the file `name`, which is part of a folder or of an export; what is not
    ASCII in the name is percent-encoded.
    """
    described = (
        ("software", SOFTWARE),
        ("format", "WARC File Format 1.1"),
        (
            "conformsTo",
            "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
        ),
        ("isPartOf", part_of),
        *((("description", " ".join(description.split())),) if description else ()),
    )
    block = "".join(f"{key}: {value}\r\n" for key, value in described).encode()
    fields = (
        ("WARC-Type", "warcinfo"),
        ("WARC-Record-ID", new_record_id()),
        ("WARC-Date", date_text(datetime.now(UTC))),
        ("WARC-Filename", quote(name, safe=URI_CHARACTERS, errors="surrogateescape")),
        ("WARC-Payload-Digest", payload_digest(block)),
        ("Content-Type", "application/warc-fields"),
    )
    return _member(fields, block)


def payload_digest(payload: bytes) -> str:
    """`sha256:` and 64 hexadecimal digits."""
    return f"sha256:{sha256(payload).hexdigest()}"


def target_uri(address: str) -> str:
    """An address as a record has it: what is not ASCII is percent-encoded."""
    return quote(address, safe=URI_CHARACTERS, errors="surrogatepass")


def _member(fields: Fields, block: bytes) -> bytes:
    lines = [_line(name, value) for name, value in fields]
    lines.append(f"WARC-Block-Digest: {payload_digest(block)}\r\n")
    lines.append(f"Content-Length: {len(block)}\r\n\r\n")
    record = b"".join((VERSION, "".join(lines).encode(), block, END))
    if len(record) > MAX_RECORD:
        raise ArchiveError(
            f"a record of {len(record)} bytes is larger than the archive takes, {MAX_RECORD}; "
            "lower DOWNLOAD_MAXSIZE"
        )
    return zlib.compress(record, LEVEL, wbits=zlib.MAX_WBITS | 16)


def _line(name: str, value: str) -> str:
    if not (value.isascii() and value.isprintable()):
        raise ArchiveError(f"{name} cannot be {value!r}; use printable ASCII characters only")
    return f"{name}: {value}\r\n"


def _response_head(snapshot: Snapshot) -> bytes:
    phrase = PHRASES.get(snapshot.status, "")
    kept = (
        (name, value) for name, value in snapshot.headers if name.lower() != b"transfer-encoding"
    )
    return _http_head(f"HTTP/1.1 {snapshot.status} {phrase}", kept)


def _request_head(snapshot: Snapshot) -> bytes:
    try:
        parts = urlsplit(target_uri(snapshot.url))
    except ValueError as error:
        message = f"{snapshot.url!r} is no URL ({error}); correct the address"
        raise ArchiveError(message) from error
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return _http_head(f"{snapshot.method} {target} HTTP/1.1", snapshot.request_headers)


def _http_head(first: str, headers: Iterable[tuple[bytes, bytes]]) -> bytes:
    lines = (_one_line(name) + b": " + _one_line(value) for name, value in headers)
    return b"\r\n".join((first.encode(), *lines, b"", b""))


def _one_line(text: bytes) -> bytes:
    """A browser hands over repeated headers with line breaks, which would end a header early."""
    return b" ".join(text.splitlines())


def date_text(moment: datetime) -> str:
    """A WARC-Date, UTC. Raises ArchiveError for a time without its zone."""
    if moment.tzinfo is None:
        raise ArchiveError(f"the time {moment} has no time zone; record captures in UTC")
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%fZ}"
