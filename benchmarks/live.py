"""Searching while an import runs: how soon what is committed is found, how much slower all is.

The real command imports the corpus into a home that holds very many articles already. Every commit
of its catalogue is seen; the time to the first search that finds its last version is counted from
before the commit. Another process asks the same queries before, during and after it.
"""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from benchmarks import corpus, queries
from benchmarks.asker import LONGEST_SECONDS, PAUSE_SECONDS, Asker, Times
from benchmarks.commits import Commit, Watch, finds
from benchmarks.engines import engine
from benchmarks.enlarged import Enlarged
from benchmarks.figures import Figure, Skipped
from benchmarks.latency import SAMPLE, machine
from benchmarks.programs import PROJECT, BenchmarkFailed, check, command, environment
from benchmarks.queries import Query
from benchmarks.searchable import settled
from benchmarks.sizes import Size
from benchmarks.stocked import stocked
from newscrawl.catalogue.connection import Catalogue
from newscrawl.home import Home
from newscrawl.index.search import Searcher
from newscrawl.index.store import Store
from newscrawl.text.segment import use_cache

ROUNDS = 3
"""Of all queries, before and after."""
FOUND_SECONDS = 2.0
MOST_TIMES = 2.0


@dataclass(slots=True)
class Lived:
    """What was seen of one import."""

    lags: list[float] = field(default_factory=list)
    """Seconds from before each commit until its last version was found."""
    before: Times = field(default_factory=dict)
    during: Times = field(default_factory=dict)
    after: Times = field(default_factory=dict)
    opened: list[float] = field(default_factory=list)
    """Milliseconds of opening the index for a new state."""


def measure(size: Size, work: Path) -> tuple[Figure | Skipped, ...]:
    """Import the corpus into a copy of what `latency` has searched, or into fewer articles."""
    source = corpus.find()
    if source is None:
        return (Skipped("live", corpus.MISSING),)
    file = work / "corpus.jsonl.gz"
    count = corpus.head(source, size.live_brought, file)
    enlarged = Enlarged.of(source, size.live)
    made = stocked(enlarged)
    home = Home(work / "live")
    shutil.copytree(made.root, home.root)
    asked = queries.drawn(enlarged.sampled(SAMPLE))[: size.live_queries]
    what = f"while {count:,} articles join {len(enlarged):,}"
    lived = live(home, file, asked, work)
    settled(home)  # the indexer has ended when the folder is removed
    return tuple(_figures(lived, what, size))


def live(home: Home, file: Path, asked: Sequence[Query], work: Path) -> Lived:
    """Import a file into a home that has an index, and search meanwhile.

    Raises BenchmarkFailed where the import fails or an article is not found in ten minutes.
    """
    lived = Lived()
    use_cache(home.cache)
    with ExitStack() as stack:
        catalogue = Catalogue.existing(home.catalogue)
        stack.callback(catalogue.close)
        asker = Asker(home, asked, work / "asked.json")
        stack.callback(asker.close)
        asker.rounds(1)  # not counted: for caches to be warm
        asker.count(lived.before)
        asker.rounds(ROUNDS)
        watch = Watch(catalogue)
        stack.callback(watch.close)
        asker.count({})  # until there is something to be indexed
        finder = _Finder(home, catalogue, lived)
        with _importing(home, file) as process:
            _look(finder, watch, process, lambda: asker.count(lived.during))
        asker.count(lived.after)
        asker.rounds(ROUNDS)
    return lived


class _Finder:
    """Looks for what is committed, in the newest state of the index."""

    def __init__(self, home: Home, catalogue: Catalogue, lived: Lived) -> None:
        self._home, self._catalogue, self._lived = home, catalogue, lived
        self._store = Store.of(home)
        self._waiting: list[Commit] = []

    def look(self, fresh: list[Commit]) -> bool:
        """Look for these and for those not found before; whether all is found."""
        self._waiting += fresh
        if not self._waiting:
            return True
        if self._store.current().mark() < self._waiting[0].last:
            return False  # an index that is opened for nothing takes time from all others
        began = time.perf_counter()
        searcher = Searcher(self._home, self._catalogue)
        self._lived.opened.append((time.perf_counter() - began) * 1000)
        try:
            while self._waiting and finds(searcher, self._catalogue, self._waiting[0].last):
                found = self._waiting.pop(0)
                self._lived.lags.append(time.monotonic() - found.since)
        finally:
            searcher.close()
        return not self._waiting


def _look(
    finder: _Finder, watch: Watch, process: subprocess.Popen[str], first: Callable[[], None]
) -> None:
    """Look until the import has ended and all that it brought is found; `first` is called when
    something is committed.
    """
    until = time.monotonic() + LONGEST_SECONDS
    while time.monotonic() < until:
        running, fresh = process.poll() is None, watch.take()
        if fresh:
            first()
        if finder.look(fresh) and not running:
            return
        time.sleep(PAUSE_SECONDS)
    raise BenchmarkFailed(f"an import took more than {LONGEST_SECONDS:.0f} s to be found")


@contextmanager
def _importing(home: Home, file: Path) -> Iterator[subprocess.Popen[str]]:
    """The command at work, which has ended well when the block does."""
    words = command("newscrawl", "import", str(file), "--paper", "corpus")
    process = subprocess.Popen(
        words,
        env=environment({"HOME": str(home.root)}),
        cwd=PROJECT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
        said = process.communicate(timeout=LONGEST_SECONDS)[1]
    except BaseException:
        process.kill()
        process.communicate()
        raise
    check(words, process.returncode, said)


def _figures(lived: Lived, what: str, size: Size) -> Iterator[Figure]:
    worst = max(lived.lags)
    yield Figure(
        name=f"live on {engine()}: found after its commit, {what}",
        ours=f"median {median(lived.lags):.1f}, max {worst:.1f} s",
        baseline="",
        result="",
        target=f"< {FOUND_SECONDS:.0f} s" if size.judged else "",
        met=worst < FOUND_SECONDS if size.judged else None,
        notes=(
            f"{len(lived.lags)} commits; a state is opened in {median(lived.opened):.0f} ms",
            machine(),
        ),
    )
    before, during = usual(lived.before, lived.during), usual(lived.during, lived.before)
    rise, times = during / before, sum(map(len, lived.during.values()))
    yield Figure(
        name=f"live on {engine()}: searches {what}",
        ours=f"median {during:.1f} ms",
        baseline=f"before: {before:.1f} ms",
        result=f"{rise:.2f} ×",
        target=f"< {MOST_TIMES:.0f} ×" if size.judged else "",
        met=rise < MOST_TIMES if size.judged else None,
        notes=(
            f"{len(lived.during)} queries, asked {times} times during it",
            f"after it: {usual(lived.after, lived.during):.1f} ms",
        ),
    )


def usual(times: Times, others: Times) -> float:
    """The median over those queries that were asked in both, of each one's median."""
    return median(median(each) for query, each in times.items() if query in others)
