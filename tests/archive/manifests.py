"""Manifests to try things on."""

from __future__ import annotations

from hashlib import sha256
from uuid import UUID

from newscrawl.archive.manifest import Before, Manifest
from newscrawl.archive.manifest_lines import FileLine, Line, RecordLine

PATH = "hangzhou_daily/2023-12-15/20231215T010203004567Z-0a1b2c3d.warc.gz"
OTHER_PATH = "metro_express/2023-12-15/20231215T020203004567Z-0a1b2c3d.warc.gz"


def hexed(text: str) -> str:
    return sha256(text.encode()).hexdigest()


FILE = FileLine(PATH, 3003, hexed(PATH))
OTHER = FileLine(OTHER_PATH, 1003, hexed(OTHER_PATH))


def record(number: int, **more: object) -> RecordLine:
    line = RecordLine(
        record_id=f"<{UUID(int=number).urn}>",
        type="response",
        time="2023-12-15T01:02:03.004567Z",
        length=1000 + number,
        stored=hexed(f"stored {number}"),
        payload=hexed(f"payload {number}"),
        url=f"https://paper.example/content_{number}.html?div=-1",
    )
    return line._replace(**more)


def manifest(*lines: Line, before: Before | None = None) -> Manifest:
    found = lines or (FILE, record(1), record(2), OTHER, record(3, url="-"))
    return Manifest.of("2023-12-15", before, found)
