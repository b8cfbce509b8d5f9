"""The memory of all processes of a crawl while the catalogue grows."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import linear_regression, median

import psutil

from benchmarks import crawl
from benchmarks.figures import Figure
from benchmarks.programs import PROJECT, BenchmarkFailed, check, environment
from benchmarks.site import BulkSite, bulk_site
from benchmarks.sizes import Size
from newscrawl.catalogue import versions
from newscrawl.catalogue.connection import Catalogue
from newscrawl.home import Home

MOST_MEGABYTES = 400
FLAT = 2.0
"""Megabytes that the median may grow by with 1,000 articles more; what leaks an article's text
and words grows by 30.
"""
SAMPLE_SECONDS = 0.2

Sample = tuple[int, float]
"""Articles held, megabytes of all processes."""


@dataclass(frozen=True, slots=True)
class Window:
    """Megabytes while so many articles were crawled."""

    peak: float
    usual: float
    """The median: a peak tells of the largest merge of the index in the window."""


def measure(size: Size, work: Path) -> Figure:
    """Crawl, and read the peak of every window of articles."""
    with bulk_site(size.memory_articles, work / "served-memory.jsonl") as site:
        samples = list(_crawl(site, work / "memory"))
    found = windows(samples, size.memory_window)
    last, peak = max(found), max(window.peak for window in found.values())
    if last < size.memory_articles:
        raise BenchmarkFailed(f"{last} articles seen of {size.memory_articles}")
    grown = slope(found)
    every = ", ".join(
        f"{articles:,}: {window.peak:.0f} ({window.usual:.0f})"
        for articles, window in found.items()
    )
    return Figure(
        name=f"memory (PSS) while {size.memory_articles:,} articles are crawled",
        ours=f"{peak:.0f} MB",
        baseline="",
        result=f"{grown:+.1f} MB per 1,000 articles",
        target=f"< {MOST_MEGABYTES} MB, flat (≤ {FLAT} MB)",
        met=peak < MOST_MEGABYTES and grown <= FLAT,
        notes=(f"peak (median) in MB up to article {every}",),
    )


def windows(samples: list[Sample], width: int) -> dict[int, Window]:
    """What each window saw, by the number of articles at which it ends."""
    seen: dict[int, list[float]] = {}
    for articles, size in samples:
        end = max(1, -(-articles // width)) * width
        seen.setdefault(end, []).append(size)
    return {end: Window(max(sizes), median(sizes)) for end, sizes in seen.items()}


def slope(found: dict[int, Window]) -> float:
    """Megabytes per 1,000 articles, by the line that lies nearest to the medians."""
    if len(found) < 2:
        return 0.0
    usual = [window.usual for window in found.values()]
    return linear_regression(list(found), usual).slope * 1000


def _crawl(site: BulkSite, root: Path) -> Iterator[Sample]:
    home, words = Home(root), crawl.words(site)
    root.mkdir()
    catalogue = Catalogue.open(home.catalogue)
    process = subprocess.Popen(
        words,
        env=environment(crawl.settings(site, root)),
        cwd=PROJECT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    while process.poll() is None:
        with catalogue.read() as connection:
            articles = versions.newest_seq(connection)
        if articles:
            yield articles, megabytes(process.pid)
        time.sleep(SAMPLE_SECONDS)
    catalogue.close()
    check(words, process.returncode, process.communicate()[1])


def megabytes(root: int) -> float:
    """The proportional set size of a process and all its descendants."""
    try:
        tree = psutil.Process(root)
        pids = [root, *(child.pid for child in tree.children(recursive=True))]
    except psutil.NoSuchProcess:
        return 0.0
    return sum(map(_pss, pids)) / 1000


def _pss(pid: int) -> int:
    """Kilobytes; 0 for a process that has ended."""
    try:
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return next(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:"))
