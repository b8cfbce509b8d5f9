"""The memory of all processes of a crawl while the catalogue grows."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

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
"""Megabytes that the peak may grow by with 1,000 articles more."""
SAMPLE_SECONDS = 0.2

Sample = tuple[int, float]
"""Articles held, megabytes of all processes."""


def measure(size: Size, work: Path) -> Figure:
    """Crawl, and read the peak of every window of articles."""
    with bulk_site(size.memory_articles, work / "served-memory.jsonl") as site:
        samples = list(_crawl(site, work / "memory"))
    peaks = windows(samples, size.memory_window)
    last = max(peaks)
    if last < size.memory_articles:
        raise BenchmarkFailed(f"{last} articles seen of {size.memory_articles}")
    grown = slope(peaks)
    every = ", ".join(f"{articles:,}: {peak:.0f}" for articles, peak in peaks.items())
    return Figure(
        name=f"memory (PSS) while {size.memory_articles:,} articles are crawled",
        ours=f"{max(peaks.values()):.0f} MB",
        baseline="",
        result=f"{grown:+.1f} MB per 1,000 articles",
        target=f"< {MOST_MEGABYTES} MB, flat (≤ {FLAT} MB)",
        met=max(peaks.values()) < MOST_MEGABYTES and grown <= FLAT,
        notes=(f"peak, MB, up to article {every}",),
    )


def windows(samples: list[Sample], width: int) -> dict[int, float]:
    """The peak in each window, by the number of articles at which it ends."""
    peaks: dict[int, float] = {}
    for articles, megabytes in samples:
        end = max(1, -(-articles // width)) * width
        peaks[end] = max(megabytes, peaks.get(end, 0.0))
    return peaks


def slope(peaks: dict[int, float]) -> float:
    """Megabytes per 1,000 articles between the first window and the last."""
    first, last = min(peaks), max(peaks)
    return (peaks[last] - peaks[first]) / (last - first) * 1000 if last > first else 0.0


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
