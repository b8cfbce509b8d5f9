"""What a worker does: it answers what comes through its pipe, one after the other.

An answer that does not come is ended from outside, by the pool, and by the kernel where the pool
is gone.
"""

from __future__ import annotations

import gc
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

from newscrawl.errors import NewscrawlError
from newscrawl.index.bounds import (
    GRACE,
    Bounds,
    SearchTooLarge,
    allowed,
    memory_limit,
    set_alarm,
)

READY = "ready"
"""The first thing that a worker sends."""


@dataclass(frozen=True, slots=True)
class Answered:
    """What a worker sends back."""

    value: Any = None
    error: NewscrawlError | None = None


def serve(pipe: Connection, answer: Callable[[Any], Any], bounds: Bounds) -> None:
    """Answer what comes through the pipe until it is closed, or memory has run out once."""
    gc.freeze()  # what is loaded by now stays, and is not looked through again and again
    with suppress(EOFError, ConnectionError):
        pipe.send(READY)
        while True:
            asked = pipe.recv()
            set_alarm(bounds.seconds + GRACE)
            try:
                with memory_limit(bounds.megabytes), allowed(bounds.seconds):
                    pipe.send(_answered(answer, asked))
            except SearchTooLarge as error:
                pipe.send(Answered(error=error))
                return
            set_alarm(0)


def _answered(answer: Callable[[Any], Any], asked: Any) -> Answered:
    try:
        return Answered(answer(asked))
    except NewscrawlError as error:
        return Answered(error=error)
