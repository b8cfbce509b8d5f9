"""An import until it can be searched, against the plain way of building an index."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks import corpus
from benchmarks.figures import Figure, Round, Skipped, compared
from benchmarks.programs import BenchmarkFailed, command, python, run
from benchmarks.searchable import settled
from benchmarks.sizes import Size
from newscrawl.home import Home

LEAST = 1.5


@dataclass(frozen=True, slots=True)
class Built:
    """An index of the whole file."""

    seconds: float
    documents: int
    bytes: int

    @property
    def rate(self) -> float:
        """Documents per second."""
        return self.documents / self.seconds

    @property
    def each(self) -> float:
        """Kilobytes of index per document."""
        return self.bytes / self.documents / 1000


def measure(size: Size, work: Path) -> Figure | Skipped:
    """Import the corpus by turns."""
    source = corpus.find()
    if source is None:
        return Skipped("import", corpus.MISSING)
    file = work / "corpus.jsonl.gz"
    count = corpus.head(source, size.import_documents, file)
    pairs: list[tuple[Built, Built]] = []
    for number in range(size.import_rounds):
        plain = build_plain(file, work / f"plain-{number}")
        ours = build_ours(file, work / f"import-{number}")
        if not ours.documents == plain.documents == count:
            raise BenchmarkFailed(f"{count} records: {plain.documents}, {ours.documents} indexed")
        pairs.append((ours, plain))
    ours, plain = pairs[-1]
    return compared(
        f"import of {count:,} documents",
        "documents/s",
        [Round(ours.rate, plain.rate) for ours, plain in pairs],
        LEAST,
        (f"index: {ours.each:.1f} kB a document, baseline {plain.each:.1f} kB",),
    )


def build_ours(file: Path, root: Path) -> Built:
    """Import into a new home; archive and catalogue included."""
    words = command("newscrawl", "import", str(file), "--paper", "corpus")
    done = run(words, {"HOME": str(root)})
    indexed = settled(Home(root))
    return Built(time.monotonic() - done.began, indexed.documents, indexed.bytes)


def build_plain(file: Path, directory: Path) -> Built:
    """Build a plain index. The first time, jieba writes its cache beside the directory."""
    cache = str(directory.parent)
    done = run(python("benchmarks.baseline_import", str(file), str(directory), cache))
    size = sum(path.stat().st_size for path in directory.iterdir())
    return Built(done.seconds, int(done.output), size)
