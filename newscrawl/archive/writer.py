"""Writing the archive: one thread, and one fsync for all that waits.

A crawl hands over its snapshots and awaits their futures. A future that is done means that
the record's bytes are on disk; nothing may count as seen before.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from queue import SimpleQueue
from time import monotonic
from types import TracebackType
from typing import Self

from newscrawl.archive.errors import ArchiveError, disk_refuses
from newscrawl.archive.openfiles import OpenFiles
from newscrawl.archive.records import Encoded, Resource, encode_resource, encode_snapshot
from newscrawl.items import Record, Snapshot


@dataclass(frozen=True, slots=True)
class _Job:
    folder: str
    size: int
    encode: Callable[[], Encoded]
    future: Future[Record]


class ArchiveWriter:
    """Appends records to new files below `root`, a file per folder and writer.

    `group_seconds` bounds how long a group may collect before its fsync; a record that comes
    alone is synced at once. A file of `rotate_bytes` is finished and followed by another.

    A record that the archive cannot take fails its own future with ArchiveError. Where the
    disk refuses, every future not yet done and every later one fails with ArchiveError, and
    the files keep their `.open` for `recover`. An accepted record cannot be cancelled.
    """

    def __init__(
        self, root: Path, *, rotate_bytes: int = 1 << 30, group_seconds: float = 0.05
    ) -> None:
        self._root = root
        self._group_seconds = group_seconds
        self._files = OpenFiles(root, rotate_bytes)
        self._jobs: SimpleQueue[_Job | None] = SimpleQueue()
        self._taken: list[_Job] = []
        self._last = False
        self._finish = True
        self._lock = threading.Lock()
        self._pending_bytes = 0
        self._refusal: ArchiveError | None = None
        self._untold: ArchiveError | None = None
        self._thread = threading.Thread(target=self._run, name="archive-writer", daemon=True)
        self._thread.start()

    def write(self, folder: str, snapshot: Snapshot) -> Future[Record]:
        """Record an answer and its request in `folder`, `paper/YYYY-MM-DD`. Never blocks."""
        return self._submit(folder, len(snapshot.body), partial(encode_snapshot, snapshot))

    def write_resource(
        self,
        folder: str,
        uri: str,
        content_type: str,
        payload: bytes,
        captured_at: datetime,
        record_id: str,
    ) -> Future[Record]:
        """Record bytes that no site sent: an imported line. Never blocks."""
        resource = Resource(record_id, uri, content_type, payload, captured_at)
        return self._submit(folder, len(payload), partial(encode_resource, resource))

    @property
    def pending_bytes(self) -> int:
        """Payload bytes accepted and not yet on disk: what a crawl looks at to slow down."""
        with self._lock:
            return self._pending_bytes

    def close(self, *, finish: bool = True) -> None:
        """Write what was accepted and finish every file; may be called again.

        Without `finish` the files keep their `.open`: `recover` then tells the next run of
        records that this one could not catalogue.
        Raise ArchiveError for a failure that no future could tell.
        """
        with self._lock:
            self._finish = finish
            if self._refusal is None:
                self._refusal = ArchiveError(
                    f"the archive writer of {self._root} is closed; open another one"
                )
                self._jobs.put(None)
        self._thread.join()
        untold, self._untold = self._untold, None
        if untold:
            raise untold

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _submit(self, folder: str, size: int, encode: Callable[[], Encoded]) -> Future[Record]:
        future: Future[Record] = Future()
        future.set_running_or_notify_cancel()
        with self._lock:
            refusal = self._refusal
            if refusal is None:
                self._pending_bytes += size
                self._jobs.put(_Job(folder, size, encode, future))
        if refusal:
            future.set_exception(refusal)
        return future

    def _run(self) -> None:
        failure: ArchiveError | None = ArchiveError(
            f"the archive writer of {self._root} ended unexpectedly; see the log, then run again"
        )
        try:
            while not self._last:
                self._write_group()
            if self._finish:
                self._files.finish_all()
            else:
                self._files.abandon_all()
            failure = None
        except OSError as error:
            failure = disk_refuses(self._root, error)
        finally:
            if failure:
                self._give_up(failure)

    def _write_group(self) -> None:
        written = [(job, record) for job in self._take() if (record := self._append(job))]
        self._files.sync()
        for job, record in written:
            self._settled(job).set_result(record)
        self._taken.clear()
        self._files.finish_surplus()

    def _take(self) -> Iterator[_Job]:
        """Wait for a job, then go on with what has arrived meanwhile."""
        job = self._jobs.get()
        deadline = monotonic() + self._group_seconds
        while job:
            self._taken.append(job)
            yield job
            if self._jobs.empty() or monotonic() > deadline:
                return
            job = self._jobs.get()
        self._last = True

    def _append(self, job: _Job) -> Record | None:
        """Write the job's records; None, and its future told, where the archive refuses them."""
        try:
            encoded = job.encode()
            path, offset = self._files.append(job.folder, encoded.members)
        except ArchiveError as refusal:
            self._settled(job).set_exception(refusal)
            return None
        return Record(encoded.record_id, path, offset, encoded.length, encoded.payload_digest)

    def _give_up(self, failure: ArchiveError) -> None:
        with self._lock:
            self._refusal = failure
        self._files.abandon_all()
        while not self._jobs.empty():
            job = self._jobs.get()
            self._taken += [job] if job else []
        untold = [job for job in self._taken if not job.future.done()]
        for job in untold:
            self._settled(job).set_exception(failure)
        self._untold = None if untold else failure

    def _settled(self, job: _Job) -> Future[Record]:
        with self._lock:
            self._pending_bytes -= job.size
        return job.future
