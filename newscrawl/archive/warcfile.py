"""One archive file while it is written."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from newscrawl.archive.layout import (
    check_folder,
    finish,
    finished,
    make_folder,
    new_name,
    unfinished,
)
from newscrawl.archive.records import encode_warcinfo
from newscrawl.durable import sync


class WarcFile:
    """A new file, ours alone: it carries `.open` in its name and is locked until it is finished.

    Every method may raise OSError; the file is then of no more use than to `abandon` it.
    """

    def __init__(self, path: Path, descriptor: int) -> None:
        """Use `create` instead."""
        self._path = path
        self._descriptor = descriptor
        self._synced = 0
        self.size = 0

    @classmethod
    def create(cls, root: Path, folder: str) -> WarcFile:
        """A new file in `folder`, its warcinfo record written. Raise ArchiveError, OSError."""
        place = root / check_folder(folder)
        make_folder(place)
        while True:
            path = unfinished(place / new_name())
            file = cls(path, os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644))
            try:
                if file._claim():
                    sync(place)
                    file.append(encode_warcinfo(folder, finished(path).name))
                    return file
            except OSError:
                file.abandon()
                raise
            file.abandon()

    @property
    def final(self) -> Path:
        """The name it gets in the end."""
        return finished(self._path)

    def append(self, data: bytes) -> int:
        """Write `data` at the end and return the offset where it lies."""
        offset = self.size
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(self._descriptor, rest) :]
        self.size += len(data)
        return offset

    def sync(self) -> None:
        """Return once what was appended is on disk."""
        if self._synced < self.size:
            os.fsync(self._descriptor)
            self._synced = self.size

    def finish(self) -> None:
        """Take the `.open` off the name; the lock is held until that is durable."""
        self.sync()
        finish(self._path)
        os.close(self._descriptor)

    def abandon(self) -> None:
        """Let go of the file as it is, for `recover` to judge."""
        os.close(self._descriptor)

    def _claim(self) -> bool:
        """Lock it; False where a recovery took the new, empty file for a dead writer's."""
        fcntl.flock(self._descriptor, fcntl.LOCK_EX)
        return os.fstat(self._descriptor).st_nlink > 0
