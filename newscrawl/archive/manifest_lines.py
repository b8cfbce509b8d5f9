"""The lines of a manifest: of files, of their records, and of what is left of erased ones."""

from __future__ import annotations

import re
from collections.abc import Iterable
from hashlib import sha256
from typing import NamedTuple, TypeAlias

from newscrawl.archive import merkle
from newscrawl.archive.layout import FILE

NO_URL = "-"
HASH = r"[0-9a-f]{64}"
DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_ID = r"<urn:uuid:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}>"
_TIME = rf"{DAY}T[0-9]{{2}}:[0-9]{{2}}:[0-9]{{2}}\.[0-9]{{6}}Z"
_TYPES = "warcinfo|request|response|resource"
_RECORD = re.compile(
    rf"record ({_ID}) ({_TYPES}) ({_TIME}) ([1-9][0-9]*) ({HASH}) ({HASH}) ([!-~]+)"
)
_FILE = re.compile(rf"file ({FILE.pattern}) ([1-9][0-9]*) ({HASH})")
ERASED_FIRST = "erased "
"""With which the line of a record begins that was erased."""
FILE_FIRST = "file "
"""With which that of a file does."""
_ERASED_LEAF = slice(len(ERASED_FIRST), len(ERASED_FIRST) + 64)
_ERASED = re.compile(rf"erased ({HASH}) ({_ID})")


class BadManifest(ValueError):
    """A text is no manifest; `line` counts from 1."""

    def __init__(self, line: int, what: str) -> None:
        super().__init__(f"line {line}: {what}")
        self.line = line
        self.what = what


class FileLine(NamedTuple):
    """The file in which the records of the following lines lie."""

    path: str
    """Relative to the archive's root."""
    length: int
    """Bytes."""
    stored: str
    """SHA-256 of these, 64 hexadecimal digits."""

    @property
    def text(self) -> str:
        return f"file {self.path} {self.length} {self.stored}"

    @property
    def leaf(self) -> str:
        return merkle.leaf(self.text)


class RecordLine(NamedTuple):
    """A record as it was stored when its day was sealed."""

    record_id: str
    type: str
    time: str
    """WARC-Date, UTC."""
    length: int
    """Bytes of its gzip member."""
    stored: str
    """SHA-256 of these, 64 hexadecimal digits."""
    payload: str
    """SHA-256 of its payload, likewise."""
    url: str
    """`-` where it has none."""

    @property
    def text(self) -> str:
        return "record " + " ".join(map(str, self))

    @property
    def leaf(self) -> str:
        return merkle.leaf(self.text)


class ErasedLine(NamedTuple):
    """What is left of a record's line when the record was taken down."""

    leaf: str
    record_id: str

    @property
    def text(self) -> str:
        return f"erased {self.leaf} {self.record_id}"


Line: TypeAlias = FileLine | RecordLine | ErasedLine


def parse_line(text: str) -> Line | None:
    """A line of the tree; None for what is none."""
    if found := _RECORD.fullmatch(text):
        record_id, kind, time, length, stored, payload, url = found.groups()
        return RecordLine(record_id, kind, time, int(length), stored, payload, url)
    if found := _FILE.fullmatch(text):
        return FileLine(found[1], int(found[2]), found[3])
    if found := _ERASED.fullmatch(text):
        return ErasedLine(found[1], found[2])
    return None


def leaves_of(rows: Iterable[str]) -> list[str]:
    """The hashes of lines, by their texts."""
    # As `merkle.leaf` does it, without two calls: a verification spends much of its time here.
    return [
        row[_ERASED_LEAF] if row[:1] == "e" else sha256(f"leaf {row}\n".encode()).hexdigest()
        for row in rows
    ]


def line_at(number: int, text: str) -> Line:
    """The same of the line of this number. Raises BadManifest for what is none."""
    line = parse_line(text)
    if line is None:
        raise BadManifest(number, f"no line of a file or record: {text[:80]!r}")
    return line
