"""The file of an export: written beside its place, and there only when it is whole."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from newscrawl.durable import sync
from newscrawl.errors import NewscrawlError, UsageError

PART = ".part"
"""Added to the name until the file is whole."""


class NotWritten(NewscrawlError):
    """The file cannot be written."""


@contextmanager
def whole(path: Path, *, force: bool) -> Iterator[BinaryIO]:
    """A file that has its name when the block ends well, and is gone when it does not.

    What a killed export has left is written over. Raises UsageError where `path` exists and
    `force` does not say that it may be replaced, NotWritten where the disk refuses or another
    export writes the same.
    """
    require_free(path, force=force)
    part = path.with_name(path.name + PART)
    with _explained(path), _alone(part) as file:
        try:
            yield file
            file.flush()
            os.fsync(file.fileno())
            require_free(path, force=force)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
        part.rename(path)
        sync(path.parent)


def require_free(path: Path, *, force: bool) -> None:
    """Raises UsageError for a place where nothing may be written."""
    if path.is_dir():
        raise UsageError(f"{path}: is a directory: name a file")
    if not path.parent.is_dir():
        raise UsageError(f"{path.parent}: there is no such directory: make it first")
    if path.exists() and not force:
        raise UsageError(f"{path}: exists: choose another name, or replace it with --force")


@contextmanager
def _alone(part: Path) -> Iterator[BinaryIO]:
    """The unfinished file, empty and ours alone."""
    descriptor = os.open(part, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    with os.fdopen(descriptor, "r+b") as file:
        if not _claimed(file, part):
            raise NotWritten(f"{part}: another export writes it: wait for that")
        file.truncate()
        yield file


def _claimed(file: BinaryIO, part: Path) -> bool:
    """Lock it; False where somebody else has it, or had it and has given it its name."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return os.path.samestat(os.fstat(file.fileno()), part.stat())
    except (BlockingIOError, FileNotFoundError):
        return False


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise NotWritten(
            f"{path}: cannot be written: {error.strerror or error}: free space or correct the "
            "permissions there, then export again"
        ) from error
