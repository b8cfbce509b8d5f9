"""Snapshots to put into an archive, and a child process that does so until it is killed."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from newscrawl.archive.layout import archive_files
from newscrawl.archive.writer import ArchiveWriter
from newscrawl.items import Headers, Snapshot

FOLDER = "hangzhou_daily/2023-12-15"
URL = "https://paper.example/html/2023-12/15/content_1.html?div=-1"
MOMENT = datetime(2023, 12, 15, 1, 2, 3, 4567, tzinfo=UTC)
PAGE = ("<html><head><title>莫干山</title></head><body>" + "<p>山中何所有</p>" * 300).encode()

WRITING = """
import sys
from pathlib import Path
from tests.archive.samples import FOLDER, snapshot
from newscrawl.archive.writer import ArchiveWriter

writer = ArchiveWriter(Path(sys.argv[1]), rotate_bytes=int(sys.argv[2]))
number = 0
while True:
    batch = [writer.write(FOLDER, snapshot(body=b"%d " % (number + i) * 999)) for i in range(9)]
    for future in batch:
        record = future.result()
        print(record.path, record.offset, record.payload_digest, flush=True)
    number += 9
"""
"""A line for each record that the writer called durable: path, offset, payload digest."""


def snapshot(
    *,
    url: str = URL,
    status: int = 200,
    headers: Headers = ((b"Content-Type", b"text/html; charset=utf-8"),),
    body: bytes = PAGE,
    request_headers: Headers = ((b"User-Agent", b"newscrawl"),),
    captured_at: datetime = MOMENT,
    requested_url: str = "",
) -> Snapshot:
    return Snapshot(
        record_id=f"<{uuid4().urn}>",
        requested_url=requested_url or url,
        url=url,
        captured_at=captured_at,
        status=status,
        headers=headers,
        body=body,
        request_headers=request_headers,
    )


def written(root: Path, *snapshots: Snapshot) -> Path:
    """The one finished file with these snapshots."""
    with ArchiveWriter(root) as writer:
        for each in snapshots:
            writer.write(FOLDER, each).result()
    [path] = archive_files(root)
    return path


def run_child(
    code: str, *arguments: object, output: Path, wrapper: tuple[str, ...] = ()
) -> subprocess.Popen[bytes]:
    """Run `code` in a Python of its own, what it prints going to the file `output`."""
    top = str(Path(__file__).parents[2])
    with output.open("wb") as stdout:
        return subprocess.Popen(
            [*wrapper, sys.executable, "-W", "error", "-c", code, *map(str, arguments)],
            stdout=stdout,
            env=os.environ | {"PYTHONPATH": top},
        )


def promised(output: Path) -> list[tuple[str, int, str]]:
    """What the child's whole lines say is durable: path, offset, payload digest."""
    lines = output.read_text().splitlines(keepends=True)
    whole = [line.split() for line in lines if line.endswith("\n")]
    return [(path, int(offset), digest) for path, offset, digest in whole]
