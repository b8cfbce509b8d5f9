"""One thread that writes to the catalogue, so that no event loop waits for a disk."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import DatabaseError, DataError, IntegrityError

from newscrawl.catalogue.connection import Catalogue, CatalogueError

T = TypeVar("T")
Work = Callable[[Connection], Any]
GROUP = 200
"""Works in one transaction at most, so that other processes get their turn."""


@dataclass(frozen=True, slots=True)
class _Job:
    work: Work
    future: Future[Any]


class Recorder:
    """Runs works in the order in which they were submitted, each whole or not at all.

    What has arrived while the last transaction was being committed shares the next one; each
    work has a savepoint of its own, so that one that fails takes nothing else with it. Once a
    transaction cannot be committed, every later work fails too: it may build on what was lost.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._refusal: CatalogueError | None = None
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="recorder", daemon=True)
        self._thread.start()

    def submit(self, work: Callable[[Connection], T]) -> Future[T]:
        """The future holds what `work` returned, once its transaction is committed."""
        future: Future[T] = Future()
        future.set_running_or_notify_cancel()  # what was submitted is done, whoever still waits
        self._jobs.put(_Job(work, future))
        return future

    def close(self) -> None:
        """Finish what was submitted and end the thread."""
        self._jobs.put(None)
        self._thread.join()

    def _run(self) -> None:
        while (job := self._jobs.get()) is not None:
            group = [job]
            last = self._take_more(group)
            self._commit(group)
            if last:
                return

    def _take_more(self, group: list[_Job]) -> bool:
        """Add what waits; True when the end was among it."""
        while len(group) < GROUP:
            try:
                job = self._jobs.get_nowait()
            except queue.Empty:
                return False
            if job is None:
                return True
            group.append(job)
        return False

    def _commit(self, group: list[_Job]) -> None:
        try:
            if self._refusal is not None:
                raise self._refusal
            with self._catalogue.write() as connection:
                answers = [_attempt(connection, job.work) for job in group]
        except CatalogueError as error:
            self._refusal = error
            for job in group:
                job.future.set_exception(error)
            return
        for job, (value, failure) in zip(group, answers, strict=True):
            if failure is None:
                job.future.set_result(value)
            else:
                job.future.set_exception(failure)


def _attempt(connection: Connection, work: Work) -> tuple[Any, Exception | None]:
    try:
        with connection.begin_nested():
            return work(connection), None
    except (IntegrityError, DataError) as error:
        return None, error
    except DatabaseError:
        raise  # the disk, the lock, the file: the transaction cannot be saved
    except Exception as error:  # noqa: BLE001 - handed to whoever submitted the work
        return None, error
