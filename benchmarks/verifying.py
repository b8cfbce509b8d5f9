"""What `newscrawl verify` takes beside reading and hashing the same bytes.

Pages of about the size of a newspaper's, captured and sealed as a crawl does it. Both read what the
system holds in memory already; by turns, in one process.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import closing
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

from benchmarks.figures import Figure, Round
from benchmarks.sizes import Size
from newscrawl.archive.layout import archive_files
from newscrawl.archive.writer import ArchiveWriter
from newscrawl.catalogue import snapshots
from newscrawl.catalogue.connection import Catalogue
from newscrawl.catalogue.snapshots import Place
from newscrawl.home import Home
from newscrawl.items import Record, Snapshot, new_record_id
from newscrawl.ops.sealing import seal
from newscrawl.ops.verification import verify

SEED = 20231215
MOST = 2.0
CHUNK = 1 << 20
PAGE, PICTURE = 7_000, 60_000
"""Bytes of what does not pack well, in a page and in a picture; a tenth are pictures."""
ROUNDS = 5


def measure(size: Size, work: Path) -> Figure:
    """The ratio of the two times, the median of some rounds."""
    home = Home(work)
    _fill(home, size.verify_records)
    seal(home, datetime.now(UTC) + timedelta(days=1))
    with closing(Catalogue.open(home.catalogue)) as catalogue:
        rounds = [
            Round(_seconds(lambda: _verify(home, catalogue)), _seconds(lambda: _hash(home)))
            for _ in range(ROUNDS)
        ]
    ratios = sorted(each.ratio for each in rounds)
    ratio = ratios[len(ratios) // 2]
    total = sum(path.stat().st_size for path in archive_files(home.snapshots))
    each = ", ".join(f"{one:.2f}" for one in ratios)
    return Figure(
        name=f"verifying {size.verify_records:,} captures",
        ours=f"{min(one.ours for one in rounds):.2f} s",
        baseline=f"{min(one.baseline for one in rounds):.2f} s",
        result=f"{ratio:.2f} ×",
        target=f"< {MOST:.0f} ×",
        met=ratio < MOST if size.judged else None,
        notes=(
            f"{total / 1e6:,.0f} MB as stored; baseline: reading and hashing them",
            f"ratio of every round: {each}",
        ),
        rounds=tuple(rounds),
    )


def _fill(home: Home, count: int) -> None:
    dice = random.Random(SEED)  # noqa: S311 - to be drawn again, not to be secret
    place = Place("hangzhou_daily", "2023-12-15", "article")
    with ArchiveWriter(home.snapshots) as writer, closing(Catalogue.open(home.catalogue)) as made:
        taken = [(each, writer.write(place.folder, each)) for each in _captures(count, dice)]
        with made.write() as tx:
            snapshots.add_all(tx, list(_rows(place, taken)))


def _captures(count: int, dice: random.Random) -> Iterator[Snapshot]:
    for number in range(count):
        size = PICTURE if number % 10 == 0 else PAGE
        url = f"https://paper.example/2023-12/15/content_{number}.html"
        yield Snapshot(
            record_id=new_record_id(),
            requested_url=url,
            url=url,
            captured_at=datetime.now(UTC),
            status=200,
            headers=((b"Content-Type", b"text/html; charset=utf-8"),),
            body=dice.randbytes(size),
        )


def _rows(
    place: Place, taken: list[tuple[Snapshot, Future[Record]]]
) -> Iterator[dict[str, object]]:
    for snapshot, record in taken:
        yield snapshots.row(place, snapshot, record.result())


def _verify(home: Home, catalogue: Catalogue) -> None:
    verdict = verify(home, catalogue)
    if not verdict.sound or verdict.unsealed:
        raise AssertionError(f"{verdict.faults[:1]}, {verdict.unsealed} not sealed")


def _hash(home: Home) -> None:
    for path in archive_files(home.snapshots):
        found = sha256()
        with path.open("rb", buffering=0) as file:
            while chunk := file.read(CHUNK):
                found.update(chunk)
        found.hexdigest()


def _seconds(work: Callable[[], None]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
