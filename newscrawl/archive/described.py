"""An archive file as a manifest describes it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from newscrawl.archive.errors import DamagedArchive, Problem
from newscrawl.archive.manifest_lines import NO_URL, ErasedLine, FileLine, RecordLine, parse_line
from newscrawl.archive.members import Member, members, oddity
from newscrawl.archive.records import date_text
from newscrawl.archive.stored import StoredRecord, verified

BUFFER = 1 << 20
LARGE = 1 << 23
"""Bytes hashed at once: between two of them a thread waits until it may go on."""
CHANGED = "the bytes are not those that were sealed"
_DIGEST = re.compile("sha256:([0-9a-f]{64})")


class Described(NamedTuple):
    """What a manifest is to say of a file and of its records."""

    file: FileLine
    records: list[RecordLine]


def described(root: Path, path: str) -> Described:
    """The file `path` below `root`, read to its last byte.

    Raises DamagedArchive at the first record that is not whole, whose digests are not right, or
    that no manifest could tell of, and OSError.
    """
    file, length = sha256(), 0
    records = []
    for line, stored in record_lines(root / path):
        file.update(stored)
        length += line.length
        records.append(line)
    if not records:
        raise DamagedArchive(Problem(root / path, 0, None, "the file is empty"))
    return Described(FileLine(path, length, file.hexdigest()), records)


def record_lines(place: Path) -> Iterator[tuple[RecordLine, bytes]]:
    """What a manifest is to say of each record of a file, finished or not, and its stored bytes.

    Raises DamagedArchive at the first that is not whole, and OSError.
    """
    with place.open("rb") as raw:
        for member in members(place):
            stored = raw.read(member.length)
            yield _described(member, verified(member), stored), stored


def is_as_sealed(root: Path, line: FileLine) -> bool:
    """Whether the bytes of a file are those that were sealed. Raises OSError."""
    found, part = sha256(), memoryview(bytearray(LARGE))  # a new one each time takes longer
    with (root / line.path).open("rb", buffering=0) as raw:
        while count := raw.readinto(part):
            found.update(part[:count])
    return found.hexdigest() == line.stored


def unsealed(root: Path, path: str, lines: Sequence[RecordLine | ErasedLine]) -> Iterator[Problem]:
    """Where the bytes of a file are not those of a manifest's lines, which are all of its records.

    Nothing is unpacked: the hash of the stored bytes says all. Raises OSError.
    """
    place = root / path
    offset = 0
    with place.open("rb", buffering=BUFFER) as raw:
        for line in lines:
            if isinstance(line, RecordLine):
                if sha256(raw.read(line.length)).hexdigest() != line.stored:
                    yield Problem(place, offset, line.record_id, CHANGED)
                offset += line.length
        if raw.read(1):
            what = f"{place.stat().st_size - offset} bytes behind the last record that was sealed"
            yield Problem(place, offset, None, what)


def has_what_is_erased(root: Path, path: str, lines: Sequence[RecordLine | ErasedLine]) -> bool:
    """Whether a file is as it was sealed, and may have of what its manifest says is erased: so an
    erasure that was killed leaves it. Raises OSError.
    """
    sealed = {line.leaf for line in lines}
    kept = {line.leaf for line in lines if isinstance(line, RecordLine)}
    try:
        found = {line.leaf for line, _stored in record_lines(root / path)}
    except DamagedArchive:
        return False
    return kept <= found <= sealed


def _described(member: Member, record: StoredRecord, stored: bytes) -> RecordLine:
    digest = _DIGEST.fullmatch(record.payload_digest)
    line = RecordLine(
        record_id=record.record_id,
        type=record.type,
        time=date_text(record.date),
        length=member.length,
        stored=sha256(stored).hexdigest(),
        payload=digest[1] if digest else "",
        url=record.url or NO_URL,
    )
    if parse_line(line.text) != line:
        raise member.damage("its id, type, address or digest is none of ours", record.record_id)
    if odd := oddity(stored):
        raise member.damage(odd, record.record_id)
    return line
