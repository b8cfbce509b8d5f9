"""What a search may cost, and what is said of one that would cost more."""

from __future__ import annotations

import os
import resource
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from newscrawl.errors import NewscrawlError, UsageError

GRACE = 1.0
"""Seconds beyond the deadline after which the kernel ends a process that nobody has ended."""
LEAST_MEGABYTES = 256
"""What a process takes that has opened an index and answers a small query."""
STDERR = 2
SECONDS = 10.0
"""That a search may take where nothing else is set."""
_SECONDS = ContextVar("seconds", default=SECONDS)

ADVICE = "narrow it by more words, by --paper, or by --since and --until"


class SearchEnded(NewscrawlError):
    """A search that got no answer, while the next one may."""

    status = 3


class SearchTimedOut(SearchEnded):
    """It took longer than it may, and was ended."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        super().__init__(
            f"the search took longer than {seconds:g} seconds and was ended: {ADVICE}, "
            "or raise NEWSCRAWL_QUERY_SECONDS"
        )

    def __reduce__(self) -> tuple[type[SearchTimedOut], tuple[float]]:
        return type(self), (self.seconds,)


class SearchTooLarge(SearchEnded):
    """It wanted more memory than it may have."""

    def __init__(self, megabytes: int) -> None:
        self.megabytes = megabytes
        super().__init__(
            f"the search needs more than {megabytes} MB and was ended: {ADVICE}, "
            "or raise NEWSCRAWL_QUERY_MEGABYTES"
        )

    def __reduce__(self) -> tuple[type[SearchTooLarge], tuple[int]]:
        return type(self), (self.megabytes,)


class SearchBusy(SearchEnded):
    """Too many others were there before."""


class SearchFailed(SearchEnded):
    """The process that searched ended by itself."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """What one search may take. Raises UsageError for what no search can do with."""

    seconds: float = SECONDS
    megabytes: int = 1024
    """Of the whole process, its files of the index left out."""

    def __post_init__(self) -> None:
        if not 0 < self.seconds <= 86_400:
            raise UsageError(f"NEWSCRAWL_QUERY_SECONDS {self.seconds:g}: above 0, at most a day")
        if self.megabytes < LEAST_MEGABYTES:
            raise UsageError(
                f"NEWSCRAWL_QUERY_MEGABYTES {self.megabytes}: {LEAST_MEGABYTES} at least"
            )


def seconds() -> float:
    """How long the search that runs here may take."""
    return _SECONDS.get()


@contextmanager
def allowed(seconds: float) -> Iterator[None]:
    """Let searches know that they may take so long; others see to it that they take no longer."""
    before = _SECONDS.set(seconds)
    try:
        yield
    finally:
        _SECONDS.reset(before)


@contextmanager
def bounded(bounds: Bounds) -> Iterator[None]:
    """Run one search in this very process, and end the process if it takes too long.

    Then a thread says so and ends it with the status of SearchTimedOut; where C code keeps the
    interpreter to itself the kernel does, a second later and without a word. For the main thread.
    Raises SearchTooLarge.
    """
    over = threading.Timer(bounds.seconds, _end, [SearchTimedOut(bounds.seconds)])
    over.daemon = True
    over.start()
    set_alarm(bounds.seconds + GRACE)
    try:
        with memory_limit(bounds.megabytes), allowed(bounds.seconds):
            yield
    finally:
        set_alarm(0)
        over.cancel()


@contextmanager
def memory_limit(megabytes: int) -> Iterator[None]:
    """Raises SearchTooLarge where this process would take more memory of its own.

    What is mapped from files is not counted. A lower limit that is there already stays.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
    limits = (megabytes << 20, soft, hard)
    lowest = min(limit for limit in limits if limit != resource.RLIM_INFINITY)
    resource.setrlimit(resource.RLIMIT_DATA, (lowest, hard))
    try:
        yield
    except MemoryError:
        raise SearchTooLarge(megabytes) from None
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))


def set_alarm(seconds: float) -> None:
    """The kernel ends this process after so many seconds, whatever it does then; 0: not at all.

    For the main thread, in a process that uses SIGALRM for nothing else.
    """
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, seconds)


def _end(error: NewscrawlError) -> None:
    os.write(STDERR, f"{error}\n".encode())
    os._exit(error.status)
