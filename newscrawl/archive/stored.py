"""A record as it is stored: one gzip member read back, its structure and its digests judged."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from datetime import datetime
from io import BytesIO

from warcio.statusandheaders import (
    StatusAndHeaders,
    StatusAndHeadersParser,
    StatusAndHeadersParserException,
)

from newscrawl.archive.members import Member
from newscrawl.archive.records import END, payload_digest
from newscrawl.items import Headers, Record

VERSIONS = ["WARC/1.1", "WARC/1.0"]
NEEDED = ("WARC-Type", "WARC-Record-ID", "WARC-Date", "Content-Length")
BLANK_LINE = b"\r\n\r\n"


@dataclass(frozen=True, slots=True)
class RecordHead:
    """What a record says about itself."""

    type: str
    record_id: str
    url: str
    """WARC-Target-URI; empty for a warcinfo record."""
    date: datetime
    offset: int
    length: int
    """Bytes of the gzip member."""
    status: int | None
    """Of a response; None for every other type."""
    payload_digest: str
    """As stored; empty where the record has none."""
    block_digest: str
    content_type: str
    concurrent_to: str
    """For a request: the record id of its response."""

    def record(self, path: str) -> Record:
        """The same as the catalogue keeps it; `path` is relative to the archive's root."""
        return Record(self.record_id, path, self.offset, self.length, self.payload_digest)


@dataclass(frozen=True, slots=True)
class StoredRecord(RecordHead):
    """A record with its bytes."""

    http: bytes = field(repr=False)
    """First line and headers of a request or response, with their blank line."""
    payload: bytes = field(repr=False)

    @property
    def head(self) -> RecordHead:
        """The record without its bytes."""
        return RecordHead(*(getattr(self, each.name) for each in fields(RecordHead)))

    @property
    def first_line(self) -> str:
        return self.http.partition(b"\r\n")[0].decode("latin-1")

    @property
    def headers(self) -> Headers:
        """HTTP names and values, byte for byte, repetitions kept."""
        lines = self.http.removesuffix(BLANK_LINE).split(b"\r\n")[1:]
        pairs = (line.partition(b": ") for line in lines)
        return tuple((name, value) for name, _, value in pairs)

    def faults(self) -> Iterator[str]:
        """What is wrong with the digests."""
        judged = (
            ("block", self.block_digest, self.http + self.payload),
            ("payload", self.payload_digest, self.payload),
        )
        for name, stored, content in judged:
            if not stored:
                yield f"no {name} digest"
            elif stored != payload_digest(content):
                yield f"{name} digest {stored} is not that of the bytes"


def parse(member: Member) -> StoredRecord:
    """Read the one record of `member`; raise DamagedArchive where its structure is not whole."""
    stream = BytesIO(member.data)
    try:
        header = StatusAndHeadersParser(VERSIONS).parse(stream)
    except (EOFError, StatusAndHeadersParserException) as error:
        raise member.damage("no WARC record") from error
    record_id = header.get_header("WARC-Record-ID")
    missing = [name for name in NEEDED if not header.get_header(name)]
    if missing:
        raise member.damage(f"no {', '.join(missing)}", record_id)
    try:
        return _stored(member, header, _block(header, member.data[stream.tell() :]))
    except ValueError as error:
        raise member.damage(str(error), record_id) from error


def verified(member: Member) -> StoredRecord:
    """Like `parse`, and raise DamagedArchive where a digest is missing or wrong."""
    record = parse(member)
    for fault in record.faults():
        raise member.damage(fault, record.record_id)
    return record


def _block(header: StatusAndHeaders, rest: bytes) -> bytes:
    """The bytes that Content-Length claims, if nothing but the record's end follows them."""
    length = int(header.get_header("Content-Length"))
    after = rest[length:]
    if after.startswith(END + b"WARC/"):
        raise ValueError("more than one record in a gzip member")
    if length < 0 or after != END:
        raise ValueError(f"Content-Length is {length}, the record does not end there")
    return rest[:length]


def _stored(member: Member, header: StatusAndHeaders, block: bytes) -> StoredRecord:
    content_type = header.get_header("Content-Type", "")
    http, payload = _divide(block) if content_type.startswith("application/http") else (b"", block)
    kind = header.get_header("WARC-Type")
    return StoredRecord(
        type=kind,
        record_id=header.get_header("WARC-Record-ID"),
        url=header.get_header("WARC-Target-URI", ""),
        date=datetime.fromisoformat(header.get_header("WARC-Date")),
        offset=member.offset,
        length=member.length,
        status=int(http.partition(b" ")[2][:3]) if http and kind == "response" else None,
        payload_digest=header.get_header("WARC-Payload-Digest", ""),
        block_digest=header.get_header("WARC-Block-Digest", ""),
        content_type=content_type,
        concurrent_to=header.get_header("WARC-Concurrent-To", ""),
        http=http,
        payload=payload,
    )


def _divide(block: bytes) -> tuple[bytes, bytes]:
    http, blank, payload = block.partition(BLANK_LINE)
    if not blank:
        raise ValueError("the HTTP headers do not end")
    return http + blank, payload
