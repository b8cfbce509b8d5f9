"""A crawl beside a million subscriptions is as small, and begins as soon, as without any."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import psutil
import pytest

from newscrawl.alerts.secrets import Secrets
from newscrawl.catalogue import matches, versions
from newscrawl.catalogue.connection import Catalogue
from newscrawl.home import Home
from tests.crawls import Newsroom, crawl_words, demo
from tests.faults.rounds import few_or_full
from tests.subscribed import subscribe_many

pytestmark = pytest.mark.scale

SUBSCRIPTIONS = few_or_full(20_000, 1_000_000)
HEARING = 10
"""Of them so many are of a word of the site."""
MEGABYTES = 400
MORE_MEGABYTES = 25
"""That a crawl may have more with subscriptions than without."""
START_SECONDS = 6.0
"""Until the first request: three times what it is held to, for other tests may run beside it."""
READY_SECONDS = few_or_full(60, 300)
LOOK_SECONDS = 0.1


@dataclass
class Crawled:
    """What a crawl took."""

    start: float = 0.0
    """Seconds until the site was asked for the first time."""
    seconds: float = 0.0
    peaks: dict[str, int] = field(default_factory=dict)
    """Megabytes of each process, by what it does, while the crawl ran and until all was matched."""
    matched: float = 0.0
    """Seconds after the crawl until all of it was matched."""

    def look(self, crawl: int, home: Path) -> None:
        """Note the peaks of a crawl's process, and of those that work for its home."""
        named = {crawl: "crawl"}
        for process in psutil.process_iter(["cmdline"]):
            words = process.info["cmdline"] or ()
            if str(home) in words:
                named[process.pid] = " ".join(words[2 : words.index(str(home))])
        for pid, name in named.items():
            self.peaks[name] = max(self.peaks.get(name, 0), _peak(pid))


def _peak(pid: int) -> int:
    """Megabytes; 0 for a process that has ended."""
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return (
        max((int(line.split()[1]) for line in status.splitlines() if "VmHWM" in line), default=0)
        // 1000
    )


def query(number: int) -> tuple[str, str]:
    """A word of the site for some, and for each of the others four characters, often its own."""
    if number <= HEARING:
        return "市民", "1\n=t市民"
    dice = Random(number)
    text = "".join(chr(dice.randrange(0x4E00, 0x9000)) for _character in range(4))
    return text, f"1\n=t{text}"


@pytest.fixture(scope="module")
def crawl(tmp_path_factory) -> Callable[[int], tuple[Newsroom, Crawled]]:
    """Crawls the demo site into a home with so many subscriptions, until all is matched."""

    def crawled(subscriptions: int) -> tuple[Newsroom, Crawled]:
        home = tmp_path_factory.mktemp("home")
        catalogue = Catalogue.open(Home(home).catalogue)
        Secrets.of("", Home(home).secret_key, fresh=True)
        subscribe_many(catalogue, subscriptions, query, each=100, told=False)
        with demo(home) as (room, _site, server):
            began = time.monotonic()
            process = room.start(*crawl_words(server.url, "alert=1"))
            seen = Crawled()
            while process.poll() is None:
                seen.look(process.pid, home)
                time.sleep(LOOK_SECONDS)
            _said, error = process.communicate()
            assert process.returncode == 0, error
            ended = time.monotonic()
            seen.start, seen.seconds = server.requests[0].arrived - began, ended - began
        while subscriptions and time.monotonic() < ended + READY_SECONDS:
            with catalogue.read() as view:
                if matches.matched(view) == versions.newest_seq(view):
                    break
            seen.look(process.pid, home)
            time.sleep(LOOK_SECONDS)
        seen.matched = time.monotonic() - ended
        catalogue.close()
        return room, seen

    return crawled


def test_a_crawl_is_the_same_whoever_subscribes(crawl, capsys) -> None:
    _room, without = crawl(0)
    room, beside = crawl(SUBSCRIPTIONS)
    with capsys.disabled():
        print(f"\n  none: {without}\n  {SUBSCRIPTIONS:,}: {beside}")
    assert beside.peaks["crawl"] < MEGABYTES
    assert beside.peaks["crawl"] < without.peaks["crawl"] + MORE_MEGABYTES
    assert beside.start < START_SECONDS
    catalogue = Catalogue.open(Home(room.home).catalogue)
    with catalogue.read() as view:
        assert matches.matched(view) == versions.newest_seq(view) > 0
        counts = matches.counts(view, range(1, HEARING + 1))
    catalogue.close()
    assert len(counts) == HEARING
    assert len(set(counts.values())) == 1
