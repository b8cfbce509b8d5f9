"""The index alone, made anew of the catalogue, against the plain way of building one."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path

from benchmarks import corpus
from benchmarks.engines import engine
from benchmarks.figures import Figure, Round, Skipped, compared
from benchmarks.importing import Built, build_ours, build_plain
from benchmarks.programs import BenchmarkFailed, command, run
from benchmarks.searchable import settled
from benchmarks.sizes import Size
from newscrawl.home import Home

TARGETS: Mapping[str, Mapping[int, float]] = {"whoosh": {1: 2.0, 2: 3.0}, "tantivy": {1: 20.0}}
"""By engine and number of processes: documents/s of the plain way's."""
LARGEST = 1.0
"""Bytes of a document, of the plain way's."""


def measure(size: Size, work: Path) -> tuple[Figure | Skipped, ...]:
    """Rebuild by turns with the plain build, on the engine of this process."""
    source = corpus.find()
    if source is None:
        return (Skipped("indexing", corpus.MISSING),)
    file = work / "corpus.jsonl.gz"
    count = corpus.head(source, size.import_documents, file)
    root = work / "home"
    build_ours(file, root)
    plain: list[Built] = []
    ours: dict[int, list[Built]] = {processes: [] for processes in TARGETS[engine()]}
    for number in range(size.import_rounds):
        plain.append(build_plain(file, work / f"plain-{number}"))
        for processes, made in ours.items():
            made.append(rebuild(root, processes))
            if not made[-1].documents == plain[-1].documents == count:
                raise BenchmarkFailed(f"{count} records, {made[-1].documents} indexed")
    figures = [_rate(processes, made, plain, count) for processes, made in ours.items()]
    return (*figures, _bytes(ours[1], plain))


def rebuild(root: Path, processes: int) -> Built:
    """`newscrawl reindex`, from the start of the command to its end."""
    done = run(
        command("newscrawl", "reindex"), {"HOME": str(root), "INDEX_PROCESSES": str(processes)}
    )
    seconds = time.monotonic() - done.began
    indexed = settled(Home(root))
    return Built(seconds, indexed.documents, indexed.bytes)


def _rate(processes: int, ours: list[Built], plain: list[Built], count: int) -> Figure:
    pairs = zip(ours, plain, strict=True)
    called = "one process" if processes == 1 else f"{processes} processes"
    return compared(
        f"indexing {count:,} documents on {engine()}, {called}",
        "documents/s",
        [Round(mine.rate, other.rate) for mine, other in pairs],
        TARGETS[engine()][processes],
        (),
    )


def _bytes(ours: list[Built], plain: list[Built]) -> Figure:
    mine, other = ours[-1].each, plain[-1].each
    ratio = mine / other
    return Figure(
        name=f"bytes of a document on {engine()}",
        ours=f"{mine:.2f} kB",
        baseline=f"{other:.2f} kB",
        result=f"{ratio:.2f} ×",
        target=f"≤ {LARGEST} ×",
        met=ratio <= LARGEST,
    )
