"""`newscrawl watch`: papers polled on their own rhythm, each poll a crawl in a process of its own.

Between polls it looks whether messages are due that were put off, and has them sent.

That crawl is the one that cron starts, with its lock, its pace, its robots.txt and its bounds, and
every answer it gets is archived. All that is done here is to load it beforehand, so that its start
costs nothing when it is due, to say when, and to end it when it must be.
"""

from __future__ import annotations

import asyncio
import json
import logging
import random
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing, suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from newscrawl import settings
from newscrawl.alerts.client import DelivererClient
from newscrawl.catalogue import retention
from newscrawl.catalogue.connection import Catalogue
from newscrawl.durable import replace
from newscrawl.errors import NewscrawlError
from newscrawl.home import Home
from newscrawl.ops import poll
from newscrawl.ops.bulletin import bulletin
from newscrawl.ops.place import is_watched
from newscrawl.ops.poll import Ended, Poll
from newscrawl.ops.rhythms import Rhythm
from newscrawl.ops.sealing import after_run
from newscrawl.ops.watched import News, Watched
from newscrawl.text.dates import iso, today

LOADED_BEFORE = 15.0
"""Seconds before a poll at which its process is started: as long as a slow machine needs."""
DUE_SECONDS = 5.0
"""Between two looks at what is to be sent, which take 4 ms each."""
SEAL_SECONDS = 3600.0
"""Between two looks at whether a day is to be sealed."""
RETIRE_SECONDS = 3600.0
"""Between two looks at whether something was kept for long enough, as long as something waits."""
RETIRING = (sys.executable, "-m", "newscrawl", "retention", "apply")
"""The call that takes down what is older than its paper is kept."""
AT_ONCE = 4
"""Crawls, at most, that read or wait to be told; each takes some 100 MB."""
QUIET_SECONDS = 600.0
"""A pause so long is one in which nothing is expected: past editions are read again then."""
OVERTIME_SECONDS = 120
"""What a crawl has beyond its own deadline, which the kernel keeps, before it is killed."""

_log = logging.getLogger(__name__)

Call = Callable[[str, Mapping[str, str]], Sequence[str]]


class Watch:
    """Watches the papers of a home; whoever runs it holds the home's watch lock."""

    def __init__(
        self,
        home: Home,
        papers: Sequence[str],
        tell: Callable[[News], None],
        *,
        every: float,
        given: Mapping[str, str],
        recheck: int = 0,
        call: Call = poll.words,
    ) -> None:
        """`every`: seconds between two polls of a paper, at least; `given`: what each crawl is
        told with -a; `recheck`: days whose editions are read again, once a day; `call`: how a
        crawl is started.
        """
        self._home = home
        self._papers = [Watched(paper) for paper in papers]
        self._tell = tell
        self._every = every
        self._given = given
        self._recheck_days = recheck
        self._call = call
        self._places = asyncio.Semaphore(AT_ONCE)
        self._next: dict[str, str] = {}

    async def run(self) -> None:
        """Poll until SIGTERM or SIGINT comes; then every crawl is ended within its grace."""
        _cancelled_by(signal.SIGTERM, signal.SIGINT)
        with suppress(asyncio.CancelledError):
            async with asyncio.TaskGroup() as group:
                for paper in self._papers:
                    group.create_task(self._watch(paper))
                group.create_task(self._send())
                group.create_task(self._seal())
                group.create_task(self._retire())
        _plan_of(self._home).unlink(missing_ok=True)

    async def once(self) -> bool:
        """Poll each paper once; whether all went well."""
        _cancelled_by(signal.SIGTERM, signal.SIGINT)
        now = asyncio.get_running_loop().time()
        try:
            async with asyncio.TaskGroup() as group:
                for paper in self._papers:
                    group.create_task(self._poll(paper, now))
        except asyncio.CancelledError:
            return False
        return not any(paper.failures for paper in self._papers)

    async def _watch(self, paper: Watched) -> None:
        """Waiting is by the monotonic clock; the wall's only says how long to wait."""
        clock = asyncio.get_running_loop().time
        due = clock()
        while True:
            await asyncio.sleep(due - LOADED_BEFORE - clock())
            begun = await self._poll(paper, due)
            rhythm = Rhythm(self._every, paper.hours)
            pause = rhythm.pause(datetime.now(UTC), paper.standing, random.random())  # noqa: S311
            due = max(begun + pause, clock())
            self._plan(paper.paper, due - clock())
            day = today(datetime.now(UTC))
            if self._recheck_days and pause >= QUIET_SECONDS and paper.recheck_due(day):
                await self._recheck(paper, day)

    async def _send(self) -> None:
        """The next poll, which would see to it too, may be half an hour away."""
        with closing(DelivererClient(self._home)) as sender:
            while True:
                sender.look()
                await asyncio.sleep(DUE_SECONDS)

    async def _seal(self) -> None:
        """Every poll does it at its end: this is for days on which none comes to one."""
        while True:
            await asyncio.sleep(SEAL_SECONDS)
            for line in await asyncio.to_thread(after_run, self._home):
                _log.warning("%s", line)

    async def _retire(self) -> None:
        """Once a day, in a process of its own: it may write the index anew. What has to wait for a
        crawl is done by the end of that, or an hour later.
        """
        log, done = self._home.logs / "watch-retention.log", None
        while True:
            day = today(datetime.now(UTC))
            try:
                if day != done and await self._is_retired(log):
                    done = day
            except (NewscrawlError, OSError) as error:
                _log.warning("retention: %s", error)
            await asyncio.sleep(RETIRE_SECONDS)

    async def _is_retired(self, log: Path) -> bool:
        """Take down what was kept for long enough; False where something is left to be done."""
        if not await asyncio.to_thread(_keeps_for_days, self._home):
            return False
        work = await Poll.load(RETIRING, self._home, log)
        try:
            ended = await work.read(None)
        finally:
            await work.end(settings.RUN_GRACE)
        if ended.status:
            _log.warning("retention: %s", ended.said)
        return not ended.status

    async def _poll(self, paper: Watched, due: float) -> float:
        """Read a paper when it is due, and tell what is to be told; when that began."""
        begun, day = due, today(datetime.now(UTC))
        async with self._places:
            try:
                paper.begin(bulletin(self._home, paper.paper, datetime.now(UTC)))
                begun, ended = await self._read(paper, {**self._given, **paper.given(day)}, due)
                after = bulletin(self._home, paper.paper, datetime.now(UTC), paper.since)
                news = paper.end(ended, after, day)
            except (NewscrawlError, OSError) as error:
                news = paper.fail(type(error).__name__, f"{error}")
        if news is not None:
            self._tell(news)
        return begun

    async def _recheck(self, paper: Watched, day: date) -> None:
        """Read past editions of a paper again, and tell what came of it."""
        given = {**self._given, "recheck": f"{self._recheck_days}"}
        async with self._places:
            try:
                paper.begin(bulletin(self._home, paper.paper, datetime.now(UTC)))
                now = asyncio.get_running_loop().time()
                _begun, ended = await self._read(paper, given, now)
                after = bulletin(self._home, paper.paper, datetime.now(UTC), paper.since)
                news = paper.rechecked(ended, after, day)
            except (NewscrawlError, OSError) as error:
                news = paper.fail(type(error).__name__, f"{error}")
        if news is not None:
            self._tell(news)

    async def _read(
        self, paper: Watched, given: Mapping[str, str], due: float
    ) -> tuple[float, Ended]:
        clock = asyncio.get_running_loop().time
        log = self._home.logs / f"watch-{paper.paper}.log"
        crawl = await Poll.load(self._call(paper.paper, given), self._home, log)
        try:
            await asyncio.sleep(due - clock())
            return clock(), await crawl.read(_limit())
        finally:
            await crawl.end(settings.RUN_GRACE)

    def _plan(self, paper: str, seconds: float) -> None:
        """Write down when a paper is polled next, for `planned`."""
        self._next[paper] = iso(datetime.now(UTC) + timedelta(seconds=seconds))
        with suppress(OSError):  # nothing but what is shown depends on it
            replace(_plan_of(self._home), json.dumps(self._next))


def planned(home: Home) -> dict[str, datetime]:
    """When each paper is polled next by the watch that runs; empty where there is none."""
    try:
        written = json.loads(_plan_of(home).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    if not is_watched(home):
        return {}
    return {paper: datetime.fromisoformat(moment) for paper, moment in written.items()}


def _keeps_for_days(home: Home) -> bool:
    """Whether any paper is not kept for good."""
    try:
        with closing(Catalogue.open(home.catalogue)) as catalogue, catalogue.read() as view:
            return bool(retention.stored(view))
    except NewscrawlError as error:
        _log.warning("retention: %s", error)
        return False


def _plan_of(home: Home) -> Path:
    return home.run / "watch.json"


def _limit() -> float | None:
    """Seconds after which a crawl is killed that its own deadline has not ended."""
    if not settings.RUN_DEADLINE:
        return None
    return settings.RUN_DEADLINE + settings.RUN_GRACE + OVERTIME_SECONDS


def _cancelled_by(*signals: signal.Signals) -> None:
    """Cancel this task at the first of these signals; those that follow change nothing."""
    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    assert task is not None

    def cancel() -> None:
        for number in signals:
            loop.add_signal_handler(number, lambda: None)
        task.cancel()

    for number in signals:
        loop.add_signal_handler(number, cancel)
