"""What people were told of lately, kept beside the catalogue.

An older copy of the catalogue that is put back knows nothing of what was sent since. Its articles
are crawled and matched again, and by this journal nobody hears of them again. A file for each day
(UTC) holds 64 bits of a keyed hash for every article, person and address: nothing in it can be
read.
"""

from __future__ import annotations

import fcntl
import logging
import os
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import numpy.typing as npt

from newscrawl.catalogue.heard import Heard
from newscrawl.durable import sync

KEPT_DAYS = 7
"""Of what is older than NEWS_DAYS nobody is told by itself; a digest takes some days more."""
_NUMBER = np.dtype("<u8")
_log = logging.getLogger(__name__)


def _today() -> date:
    return datetime.now(UTC).date()


class Journal:
    """Appended to by whoever sends and whoever matches. For one thread."""

    def __init__(
        self, folder: Path, keyed: Callable[[str], str], today: Callable[[], date] = _today
    ) -> None:
        """`keyed` gives 16 hex digits and more that only this installation makes of a text."""
        self._folder = folder
        self._keyed = keyed
        self._today = today
        self._day = today()
        self._earlier: npt.NDArray[np.uint64] | None = None
        self._since: set[int] = set()
        """What was noted here on this day."""

    def knows(self, heard: Heard) -> bool:
        """Whether it was noted, here or by others before this is asked first on a day."""
        self._turn_over()
        if self._earlier is None:
            self._earlier = self._read()
        number = self._number(heard)
        place = int(np.searchsorted(self._earlier, np.uint64(number)))
        there = place < len(self._earlier) and int(self._earlier[place]) == number
        return there or number in self._since

    def note(self, told: Iterable[Heard]) -> None:
        """Have it on the disk that these were told.

        Where that cannot be, the log says so, and the catalogue alone knows.
        """
        self._turn_over()
        fresh = {self._number(each) for each in told} - self._since
        if not fresh:
            return
        try:
            self._append(np.array(sorted(fresh), dtype=_NUMBER).tobytes())
        except OSError as error:
            _log.error("%s: what was told cannot be noted: %s", self._folder, error.strerror)
        else:
            self._since |= fresh

    def _turn_over(self) -> None:
        """With a new day the files are read anew, and what is too old is forgotten."""
        if (today := self._today()) != self._day:
            self._day, self._earlier, self._since = today, None, set()

    def _number(self, heard: Heard) -> int:
        return int(self._keyed("told " + "\n".join(heard))[:16], 16)

    def _append(self, numbers: bytes) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self._folder / self._day.isoformat()
        fresh = not path.exists()
        with path.open("ab") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            if cut := os.fstat(file.fileno()).st_size % _NUMBER.itemsize:  # by a crash
                file.truncate(os.fstat(file.fileno()).st_size - cut)
            file.write(numbers)
            file.flush()
            os.fsync(file.fileno())
        if fresh:
            sync(self._folder)

    def _read(self) -> npt.NDArray[np.uint64]:
        """What the files hold, ascending; those that are too old are removed.

        Where they cannot be read, the log says so: rather twice than never.
        """
        oldest = self._day - timedelta(days=KEPT_DAYS)
        found = [np.empty(0, _NUMBER)]
        try:
            for path, day in self._files():
                if day < oldest:
                    path.unlink(missing_ok=True)
                else:
                    held = path.read_bytes()
                    found.append(np.frombuffer(held, _NUMBER, len(held) // _NUMBER.itemsize))
        except OSError as error:
            _log.error("%s: what was told cannot be read: %s", self._folder, error.strerror)
        return np.unique(np.concatenate(found))

    def _files(self) -> Iterator[tuple[Path, date]]:
        if not self._folder.exists():
            return
        for path in sorted(self._folder.iterdir()):
            try:
                yield path, date.fromisoformat(path.name)
            except ValueError:
                continue
