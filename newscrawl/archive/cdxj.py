"""CDXJ: a line for each record that can be replayed, by which replay tools find it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from newscrawl.archive.members import members
from newscrawl.archive.stored import StoredRecord, verified
from newscrawl.archive.surt import surt

REPLAYED = frozenset({"response", "revisit", "resource", "metadata"})
_NO_PAGE = "application/warc-fields"
_AFTER_MIME = re.compile(r"[;\s]")


def lines(path: Path, name: str | None = None) -> Iterator[str]:
    """The lines of an archive file, in the order of its records; `name`: what they call it.

    Raise DamagedArchive at the first record that is not whole.
    """
    for record in map(verified, members(path)):
        if made := line(record, record.offset, name or path.name):
            yield made


def line(record: StoredRecord, offset: int, filename: str) -> str | None:
    """`KEY TIME {JSON}` and a line break, of a record at `offset` of a file; None where it is none
    that is replayed.
    """
    if record.type not in REPLAYED or (record.type != "response" and _is_fields(record)):
        return None
    values = {
        "url": record.url,
        "mime": _mime(record),
        "status": str(record.status or ""),
        "digest": record.payload_digest,
        "length": str(record.length),
        "offset": str(offset),
        "filename": filename,
    }
    said = json.dumps({name: value for name, value in values.items() if value})
    return f"{surt(record.url)} {timestamp(record.date)} {said}\n"


def timestamp(moment: datetime) -> str:
    """Fourteen digits, UTC."""
    return f"{moment.astimezone(UTC):%Y%m%d%H%M%S}"


def _is_fields(record: StoredRecord) -> bool:
    return record.content_type == _NO_PAGE


def _mime(record: StoredRecord) -> str:
    if record.type == "revisit":
        return "warc/revisit"
    if record.type != "response":
        return _bare(record.content_type)
    types = (value for name, value in record.headers if name.lower() == b"content-type")
    return _bare(next(types, b"").decode("utf-8", "replace"))


def _bare(content_type: str) -> str:
    return _AFTER_MIME.split(content_type.strip(), maxsplit=1)[0]
