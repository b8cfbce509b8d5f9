"""The index alone, made anew of the catalogue, against the plain way of building one."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from benchmarks import corpus
from benchmarks.engines import engine
from benchmarks.enlarged import Enlarged
from benchmarks.figures import Figure, Round, Skipped, compared
from benchmarks.importing import Built, build_ours, build_plain
from benchmarks.programs import BenchmarkFailed, command, run
from benchmarks.searchable import settled
from benchmarks.sizes import Size
from benchmarks.stocked import fill
from newscrawl.home import Home

Targets = Mapping[int, float | None]
"""By number of processes: documents/s of the plain way's, if anything is aimed at."""
TARGETS: Mapping[str, Targets] = {"whoosh": {1: 2.0, 2: 3.0}, "tantivy": {1: None}}
"""By engine, for the corpus as it is."""
ENLARGED: Mapping[str, Targets] = {"tantivy": {1: 20.0}}
"""For more articles, where an engine is so fast that starting the command is a third of its time
for the corpus.
"""
LARGEST = 1.0
"""Bytes of a document, of the plain way's."""


@dataclass(frozen=True, slots=True)
class Stock:
    """What is indexed."""

    root: Path
    """A home that holds it."""
    count: int
    file: Path
    """What the plain way reads."""
    plain: int
    """Documents of the file: as many, or the first of them, for the plain way takes twenty times
    as long. The more they are the slower it is.
    """


def measure(size: Size, work: Path) -> tuple[Figure | Skipped, ...]:
    """Rebuild by turns with the plain build, on the engine of this process."""
    source = corpus.find()
    if source is None:
        return (Skipped("indexing", corpus.MISSING),)
    figures = _figures(_corpus(source, size, work), TARGETS[engine()], size)
    if engine() in ENLARGED:
        figures += _figures(_enlarged(source, size, work), ENLARGED[engine()], size)
    return figures


def rebuild(root: Path, processes: int) -> Built:
    """`newscrawl reindex`, from the start of the command to its end."""
    done = run(
        command("newscrawl", "reindex"), {"HOME": str(root), "INDEX_PROCESSES": str(processes)}
    )
    seconds = time.monotonic() - done.began
    indexed = settled(Home(root))
    return Built(seconds, indexed.documents, indexed.bytes)


def _corpus(source: Path, size: Size, work: Path) -> Stock:
    file, root = work / "corpus.jsonl.gz", work / "corpus"
    count = corpus.head(source, size.import_documents, file)
    build_ours(file, root)
    return Stock(root, count, file, count)


def _enlarged(source: Path, size: Size, work: Path) -> Stock:
    articles = Enlarged.of(source, size.indexed)
    file, root = work / "enlarged.jsonl.gz", work / "enlarged"
    fill(Home(root), articles, len(articles))
    plain = corpus.write(islice(articles, size.indexed_plain), file)
    return Stock(root, len(articles), file, plain)


def _figures(stock: Stock, targets: Targets, size: Size) -> tuple[Figure, ...]:
    plain: list[Built] = []
    ours: dict[int, list[Built]] = {processes: [] for processes in targets}
    for number in range(size.import_rounds):
        plain.append(build_plain(stock.file, stock.root.with_name(f"{stock.root.name}-{number}")))
        _require(plain[-1], stock.plain)
        for processes, made in ours.items():
            made.append(rebuild(stock.root, processes))
            _require(made[-1], stock.count)
    rates = [_rate(processes, made, plain, targets) for processes, made in ours.items()]
    return (*rates, _bytes(ours[1], plain)) if stock.plain == stock.count else tuple(rates)


def _require(built: Built, count: int) -> None:
    if built.documents != count:
        raise BenchmarkFailed(f"{count} records, {built.documents} indexed")


def _rate(processes: int, ours: list[Built], plain: list[Built], targets: Targets) -> Figure:
    pairs = zip(ours, plain, strict=True)
    called = "one process" if processes == 1 else f"{processes} processes"
    count, other = ours[0].documents, plain[0].documents
    return compared(
        f"indexing {count:,} documents on {engine()}, {called}",
        "documents/s",
        [Round(mine.rate, other.rate) for mine, other in pairs],
        targets[processes],
        () if count == other else (f"the plain way indexes the first {other:,} of them",),
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
