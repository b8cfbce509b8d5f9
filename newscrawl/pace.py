"""One pace per host or channel, for all processes on this machine."""

from __future__ import annotations

import fcntl
import hashlib
import os
import struct
import time
from collections.abc import Callable
from pathlib import Path

_TIME = struct.Struct("d")
STALE_SECONDS = 600
"""A turn further ahead than this is left from before a reboot, when the clock began anew."""


class Pace:
    """Gives out turns: a file per host holds the monotonic time of the next one, under a lock."""

    def __init__(self, directory: Path, clock: Callable[[], float] = time.monotonic) -> None:
        self._directory = directory
        self._clock = clock

    def reserve(self, host: str, delay: float) -> float:
        """Take the next turn at a host; seconds to wait until it comes."""
        self._directory.mkdir(parents=True, exist_ok=True)
        name = hashlib.sha256(host.encode()).hexdigest()[:16]
        descriptor = os.open(self._directory / name, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            held = os.pread(descriptor, _TIME.size, 0)
            now = self._clock()
            next_turn = _TIME.unpack(held)[0] if len(held) == _TIME.size else now
            turn = next_turn if now <= next_turn < now + STALE_SECONDS else now
            os.pwrite(descriptor, _TIME.pack(turn + delay), 0)
        finally:
            os.close(descriptor)
        return turn - now
