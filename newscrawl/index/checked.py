"""Which files of a build were read whole and found to be what was written.

Few files of an engine change once they are committed. So one that was looked at is passed as long
as the system says the same of it. What power failure or a crash can have damaged was written since:
the note is taken away while the index is written, and comes back at a clean end. A byte that
changes by itself is seen by `newscrawl doctor`, and by the errors of whoever reads it: damage that
a search meets is noted in the build (`Build.doubted`), and the next indexer passes nothing.
"""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import Self, TypeAlias

from newscrawl.durable import replace

NAME = "checked.json"
_Seen: TypeAlias = list[int]
"""Inode, size and time of the last change."""


class Checked:
    """Files of a directory. Without a note all of them are still to be looked at."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._before: dict[str, _Seen] = {}
        self._now: dict[str, _Seen] = {}

    @classmethod
    def noted(cls, directory: Path) -> Self:
        """What was noted at the last clean end."""
        made = cls(directory)
        try:
            made._before = dict(json.loads((directory / NAME).read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            made._before = {}  # all are looked at, and that is all
        return made

    def knows(self, file: Path) -> bool:
        """Whether it was looked at, and is still the same."""
        try:
            seen = _seen(file)
        except OSError:
            return False
        name = str(file.relative_to(self._directory))
        if self._before.get(name) != seen:
            return False
        self._now[name] = seen
        return True

    def add(self, file: Path) -> None:
        """It was looked at just now; a merge may have removed it meanwhile."""
        with suppress(FileNotFoundError):
            self._now[str(file.relative_to(self._directory))] = _seen(file)

    def forget(self) -> None:
        """Take the note away while the index is written."""
        (self._directory / NAME).unlink(missing_ok=True)

    def note(self) -> None:
        """Note what this has known."""
        replace(self._directory / NAME, json.dumps(self._now))


def _seen(file: Path) -> _Seen:
    status = file.stat()
    return [status.st_ino, status.st_size, status.st_mtime_ns]
