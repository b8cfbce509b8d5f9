"""One thread that writes to the catalogue, so that no event loop waits for a disk."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import DatabaseError, DataError, IntegrityError

from newscrawl.catalogue.connection import Catalogue, CatalogueError

T = TypeVar("T")
Work = Callable[[Connection], T]
Before = Callable[[Connection], Work[T]]
"""Reads, and returns the work that is to be done with what it read."""
GROUP = 200
"""Works in one transaction at most, so that other processes get their turn."""


@dataclass(frozen=True, slots=True)
class _Job:
    future: Future[Any]
    work: Work[Any] | None = None
    before: Before[Any] | None = None
    """What returns the work, where that is None."""


@dataclass(frozen=True, slots=True)
class _Outcome:
    value: Any = None
    failure: Exception | None = None


class Recorder:
    """Runs works in the order in which they were submitted, each whole or not at all.

    What has arrived while the last transaction was being committed shares the next one; each
    work has a savepoint of its own, so that one that fails takes nothing else with it. Once a
    transaction cannot be committed, every later work fails too: it may build on what was lost.
    What takes long and only reads is done before the transaction, while others may write.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._refusal: CatalogueError | None = None
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="recorder", daemon=True)
        self._thread.start()

    def submit(self, work: Work[T]) -> Future[T]:
        """The future holds what `work` returned, once its transaction is committed."""
        return self._put(_Job(Future(), work))

    def submit_prepared(self, before: Before[T]) -> Future[T]:
        """As `submit`, with the work that `before` returns.

        What shares a transaction is prepared in one view before it: that shows neither the works
        which run earlier in the transaction, nor what others record until it begins.
        """
        return self._put(_Job(Future(), before=before))

    def close(self) -> None:
        """Finish what was submitted and end the thread."""
        self._jobs.put(None)
        self._thread.join()

    def _put(self, job: _Job) -> Future[Any]:
        job.future.set_running_or_notify_cancel()  # it will be done, whoever still waits
        self._jobs.put(job)
        return job.future

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
            works = self._works(group)
            with self._catalogue.write() as connection:
                answers = [
                    each if each.failure else _outcome(partial(_saved, connection, each.value))
                    for each in works
                ]
        except CatalogueError as error:
            self._refusal = error
            for job in group:
                job.future.set_exception(error)
            return
        for job, answer in zip(group, answers, strict=True):
            if answer.failure is None:
                job.future.set_result(answer.value)
            else:
                job.future.set_exception(answer.failure)

    def _works(self, group: list[_Job]) -> list[_Outcome]:
        """The work of each job, or why there is none."""
        if all(job.before is None for job in group):
            return [_Outcome(job.work) for job in group]
        with self._catalogue.read() as view:
            return [
                _outcome(partial(job.before, view)) if job.before else _Outcome(job.work)
                for job in group
            ]


def _saved(connection: Connection, work: Work[T]) -> T:
    with connection.begin_nested():
        return work(connection)


def _outcome(call: Callable[[], Any]) -> _Outcome:
    try:
        return _Outcome(call())
    except (IntegrityError, DataError) as error:
        return _Outcome(failure=error)
    except DatabaseError:
        raise  # the disk, the lock, the file: the transaction cannot be saved
    except Exception as error:  # noqa: BLE001 - handed to whoever submitted the work
        return _Outcome(failure=error)
