"""What one run holds open: archive, catalogue, indexer; and what it must not forget."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent import futures
from concurrent.futures import Future
from contextlib import ExitStack, closing
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from newscrawl.alerts.client import MatcherClient
from newscrawl.archive.errors import ArchiveError
from newscrawl.archive.writer import ArchiveWriter
from newscrawl.catalogue import articles, recognition, runs, snapshots, versions
from newscrawl.catalogue.articles import Prepared, Recorded
from newscrawl.catalogue.connection import Catalogue, CatalogueError, Transaction
from newscrawl.catalogue.entries import Entry
from newscrawl.catalogue.mates import Mates
from newscrawl.catalogue.recorder import Before, Recorder
from newscrawl.catalogue.snapshots import Place
from newscrawl.home import Home
from newscrawl.index import dictionary
from newscrawl.index.client import IndexerClient
from newscrawl.items import Article, Record, Snapshot, Words
from newscrawl.ops import settling
from newscrawl.ops.lead import Lead
from newscrawl.ops.outlaws import Outlaws
from newscrawl.ops.recovery import adopt_after_kill, recover
from newscrawl.text.dates import iso, today

T = TypeVar("T")
NEWS_DAYS = 2
"""Before today in Shanghai: an edition of an earlier day is a back-fill."""
_log = logging.getLogger(__name__)


class Session:
    """The stores of one run of one paper.

    Nothing counts as seen before its bytes are durable: a capture's row is written after its
    record, an article's version after its capture's row.
    """

    def __init__(self, home: Home, paper: str, title: str | None) -> None:
        self.home = home
        self.paper = paper
        self.title = title or paper
        self._given_title = title
        self.failure: BaseException | None = None
        """The first error of the archive or the catalogue: the run must end."""
        self.on_failure: Callable[[], object] = lambda: None
        """Called once, from any thread, when `failure` is set."""
        self.alert = False
        """Whether subscribers are told also of what appeared long ago."""
        self.newest_seq = 0
        self._catalogue = Catalogue.open(home.catalogue)
        with ExitStack() as failing:
            failing.callback(self._catalogue.close)
            recover(home, self._catalogue)
            adopt_after_kill(home, self._catalogue, paper)
            failing.pop_all()
        self.cut = dictionary.wanted(self._catalogue)
        """Cuts text as the user's dictionary stood when the run began."""
        self._recorder = Recorder(self._catalogue)
        self._mates = Mates()
        self._archive = ArchiveWriter(home.snapshots)
        self._indexer = IndexerClient(home, catalogue=self._catalogue)
        self._lead = Lead(self._indexer)
        self._matcher = MatcherClient(home, self._catalogue)
        self._pending: dict[str, tuple[str, Future[Record]]] = {}
        self._captures: deque[dict[str, object]] = deque()
        self._ending: Callable[[Transaction], None] | None = None
        self._run = self._begin()
        with self._catalogue.read() as view:  # not before: then no tombstone is older and unknown
            self._outlaws = Outlaws.of(view)
        self._began = datetime.now(UTC).date().isoformat()

    def keep(self, place: Place, snapshot: Snapshot) -> None:
        """Archive a response, then catalogue the capture; returns at once.

        Nothing is kept of what was erased.
        """
        if self._outlaws.cover(snapshot.requested_url, snapshot.url):
            return
        future = self._archive.write(place.folder, snapshot)
        self._pending[snapshot.record_id] = snapshot.requested_url, future

        def catalogue(done: Future[Record]) -> None:
            error = done.exception()
            if error is None:
                self._captures.append(snapshots.row(place, snapshot, done.result()))
                if len(self._captures) == 1:
                    self.submit(self._add_captures)
            else:
                self._fail(error)
            # Last, so that nobody takes for durable what is not yet on its way to the catalogue.
            self._pending.pop(snapshot.record_id, None)

        future.add_done_callback(catalogue)

    async def durable(self, record_id: str) -> None:
        """Return once the bytes of this record are on disk. Raises what kept them from it."""
        pending = self._pending.get(record_id)
        if pending is not None:
            await asyncio.wrap_future(pending[1])

    async def newest_record(self, url: str) -> str | None:
        """The record id of the newest good capture of a URL, once it is durable."""
        for asked, pending in list(self._pending.values()):
            if asked == url:
                await asyncio.wrap_future(pending)
        return await self.write(lambda tx: snapshots.newest_of(tx, url))

    async def record(self, article: Article) -> Recorded:
        """Record an article whose snapshot is durable.

        It is marked silent where its edition is of the past, unless it is an edit of what was news:
        a back-fill is none.
        """
        past = not self.alert and _is_past(article.edition, datetime.now(UTC))

        def before(view: Transaction) -> Callable[[Transaction], Recorded]:
            if past and not recognition.was_news(view, article):
                article.silent = True
            prepared = self.prepare(view, article)
            return lambda tx: self._record(tx, article, prepared)

        recorded = await asyncio.wrap_future(self.submit_prepared(before))
        if recorded.seq is not None:
            self.newest_seq = max(self.newest_seq, recorded.seq)
            self._matcher.signal()
        return recorded

    def _record(self, tx: Transaction, article: Article, prepared: Prepared) -> Recorded:
        recorded = articles.record(tx, article, prepared)
        if recorded.state == "erased":
            self._outlaws.meet(tx, article)
        return recorded

    def shun_listed(self, tx: Transaction, listed: Sequence[Entry], record_id: str) -> None:
        """A page lists these, by that capture: what names something that is erased does not stay
        archived.
        """
        self._outlaws.meet_listed(tx, listed, record_id)

    def prepare(self, view: Transaction, article: Article) -> Prepared:
        """What recording an article takes; for use in `submit_prepared`."""
        return articles.prepare(view, article, self._mates)

    def index(self, seq: int, words: Words) -> None:
        """Hand a version's words to the indexer, and see that there is one."""
        self._indexer.signal()
        self._indexer.hand(seq, words)

    def bring(self, place: Place, line: Snapshot) -> Future[Record]:
        """Archive a line that the operator brought; the caller catalogues it when it is done."""
        uri, payload = line.url, line.body
        future = self._archive.write_resource(
            place.folder, uri, "application/json", payload, line.captured_at, line.record_id
        )
        return self._watched(future)

    def signal(self) -> None:
        """See that an indexer is at work, and a matcher where anybody subscribes.

        What keeps the matcher from it fails no run: it is logged, and kept with the run.
        """
        self._indexer.signal()
        self._matcher.signal()

    def keep_up(self) -> None:
        """Wait until most of what this run has recorded is found by a search."""
        self._lead.keep(self.newest_seq)

    def submit(self, work: Callable[[Transaction], T]) -> Future[T]:
        """Write to the catalogue, in order, without waiting."""
        return self._watched(self._recorder.submit(work))

    def submit_prepared(self, before: Before[T]) -> Future[T]:
        """As `submit`, with the work that `before` returns; it reads while others may write."""
        return self._watched(self._recorder.submit_prepared(before))

    async def write(self, work: Callable[[Transaction], T]) -> T:
        """Write to the catalogue, in order, and wait for the commit."""
        return await asyncio.wrap_future(self.submit(work))

    def searchable(
        self, stalled: float, progress: Callable[[int], None], most: float | None = None
    ) -> bool:
        """Wait until everything that is recorded is found by a search, also what an earlier run
        recorded whose indexer was killed. False when it takes longer than `most` seconds.

        Raises IndexerStopped after `stalled` seconds in which nobody was at work on it.
        """
        with self._catalogue.read() as connection:
            newest = versions.newest_seq(connection)
        return self._indexer.wait(newest, stalled, progress, most)

    def end(
        self, state: str, line: str, reasons: list[tuple[str, str]], stats: dict[str, object]
    ) -> None:
        """Say what the run came to; written when the session is closed."""
        run, now = self._run, iso(datetime.now(UTC))
        if self._matcher.problem is not None:
            stats = {**stats, runs.UNTOLD: self._matcher.problem}
        self._ending = lambda tx: runs.end(
            tx, run, now=now, state=state, line=line, reasons=reasons, stats=stats
        )

    def close(self, *, hurried: bool = False) -> None:
        """Make durable what is under way and let go of everything. Erasures that waited for this
        run are done now, unless it is `hurried`.

        The archive's files are finished last: until every row is committed they stay open for
        `recover`, which catalogues the captures whose rows were lost.
        """
        with closing(self._catalogue):
            with closing(self._matcher), closing(self._indexer):
                self._finish()
            if self.failure is None and not hurried:
                settling.erase(self.home, self._catalogue, self.paper)

    def _finish(self) -> None:
        """All but the stores that are let go of whatever fails."""
        while self._pending:
            futures.wait([pending for _url, pending in list(self._pending.values())])
            time.sleep(0.001)
        if self._ending is not None:
            self.submit(self._ending)
        self._recorder.close()
        try:
            self._archive.close(finish=self.failure is None)
        except ArchiveError as error:
            self._fail(error)
        if self.failure is None:
            settling.sweep(self.home, self._catalogue, self.paper, self._outlaws, self._began)

    def _begin(self) -> int:
        def begin(tx: Transaction) -> int:
            # Not before: while this waited for its turn, others may have captured more.
            now = iso(datetime.now(UTC))
            newest = snapshots.newest_time(tx)
            if newest > now:
                # Order comes from sequence numbers: this is for people, nothing depends on it.
                _log.warning("the clock went back: it is %s, the newest capture %s", now, newest)
            runs.register(tx, self.paper, self._given_title)
            return runs.begin(tx, self.paper, now)

        return self._recorder.submit(begin).result()

    def _add_captures(self, connection: Transaction) -> None:
        """Catalogue what has become durable meanwhile, together.

        Whoever found the queue empty has submitted this work; it stands before every work that
        was submitted since, and so before that of an article among these captures.
        """
        rows = []
        while self._captures:
            rows.append(self._captures.popleft())
        snapshots.add_all(connection, rows)

    def _watched(self, future: Future[T]) -> Future[T]:
        future.add_done_callback(self._watch)
        return future

    def _watch(self, done: Future[T]) -> None:
        error = done.exception()
        if isinstance(error, (CatalogueError, ArchiveError)):
            self._fail(error)
        elif error is not None:
            _log.error("not recorded: %s", " ".join(str(error).split())[:500])

    def _fail(self, error: BaseException) -> None:
        if self.failure is None:
            self.failure = error
            self.on_failure()


def _is_past(edition: str, now: datetime) -> bool:
    return edition < (today(now) - timedelta(days=NEWS_DAYS)).isoformat()
