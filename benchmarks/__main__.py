"""`python -m benchmarks [NAME…] [--small] [--json]`: every benchmark, or those named."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console

from benchmarks import (
    crawl,
    importing,
    indexing,
    latency,
    live,
    matching,
    memory,
    recall,
    stories,
    verifying,
)
from benchmarks.engines import is_chosen, on_each
from benchmarks.figures import Figure, Skipped, table
from benchmarks.programs import DATA
from benchmarks.sizes import FULL, SMALL, Size
from newscrawl.errors import NewscrawlError

Measured = Figure | Skipped
BENCHMARKS: Mapping[str, Callable[[Size, Path], Measured | tuple[Measured, ...]]] = {
    "crawl": crawl.measure,
    "import": importing.measure,
    "memory": memory.measure,
    "indexing": indexing.measure,
    "recall": recall.measure,
    "stories": stories.measure,
    "matching": matching.measure,
    "latency": latency.measure,
    "live": live.measure,
    "verify": verifying.measure,
}
ON_EACH = frozenset({"indexing", "recall", "latency", "live"})
"""Benchmarks that are run on every engine."""


def main(arguments: Sequence[str] | None = None, small: Size = SMALL) -> int:
    """Measure and print; 1 where a benchmark could not be carried out."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if unknown := set(options.names) - set(BENCHMARKS):
        parser.error(f"{', '.join(sorted(unknown))}: no such benchmark")
    reduced = options.small or os.environ.get("NEWSCRAWL_BENCH") == "small"
    try:
        with _data():
            results = [
                figure
                for name in options.names or BENCHMARKS
                for figure in _measured(name, small if reduced else FULL, reduced=reduced)
            ]
    except NewscrawlError as error:
        print(error, file=sys.stderr)
        return error.status
    if options.json:
        print(json.dumps([asdict(each) for each in results], ensure_ascii=False, indent=2))
    else:
        _show(results)
    return 0


@contextmanager
def _data() -> Iterator[None]:
    """A folder in which one benchmark leaves for the next what is long in building."""
    if os.environ.get(DATA):
        yield
        return
    with TemporaryDirectory(prefix="newscrawl-bench-", ignore_cleanup_errors=True) as folder:
        os.environ[DATA] = folder
        try:
            yield
        finally:
            del os.environ[DATA]


def _measured(name: str, size: Size, *, reduced: bool) -> Sequence[Measured]:
    Console(stderr=True).print(f"{name} …", style="dim")
    if name in ON_EACH and not is_chosen():
        return on_each(name, small=reduced)
    with TemporaryDirectory(prefix="newscrawl-bench-", ignore_cleanup_errors=True) as work:
        made = BENCHMARKS[name](size, Path(work))
    return made if isinstance(made, tuple) else (made,)


def _show(results: list[Measured]) -> None:
    console = Console()
    console.print(table(results, f"newscrawl on {os.cpu_count()} cores"))
    for each in results:
        notes = (each.reason,) if isinstance(each, Skipped) else each.notes
        for note in notes:
            about = " ".join(each.name.split()[:3]).rstrip(",:")
            console.print(f"{about}: {note}", style="dim")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="|".join(BENCHMARKS), help="none: all")
    parser.add_argument("--small", action="store_true", help="reduced (also NEWSCRAWL_BENCH=small)")
    parser.add_argument("--json", action="store_true", help="for programs")
    return parser


if __name__ == "__main__":
    sys.exit(main())
