"""Copying files so that what was written is what was read, and is on the disk."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedReader, BufferedWriter
from pathlib import Path

from newscrawl.archive.layout import COPYING, make_folder
from newscrawl.durable import sync
from newscrawl.errors import NewscrawlError

NEW = COPYING
_CHUNK = 1 << 20


class CannotWrite(NewscrawlError):
    """A copy cannot be made."""


class CannotRead(NewscrawlError):
    """A file that is to be copied cannot be read."""


class Differs(Exception):
    """What was to be copied is not what is wanted."""


class Miscopied(NewscrawlError):
    """What was read back is not what was written."""


def digest(path: Path, size: int | None = None) -> str:
    """The SHA-256 of the first `size` bytes of a file, of all without. Raises OSError."""
    found = hashlib.sha256()
    with path.open("rb") as file:
        for chunk in _chunks(file, size):
            found.update(chunk)
    return found.hexdigest()


def copy(source: Path, target: Path, size: int | None = None, wanted: str | None = None) -> str:
    """Copy a file, or its first `size` bytes, durably and at once; the copy's SHA-256.

    The copy is read back from the disk. Raises OSError for the source, Differs where it does not
    have the SHA-256 that is wanted, CannotWrite for the target, and Miscopied where the disk keeps
    something else; the target is then what it was.
    """
    fresh = target.with_name(target.name + NEW)
    with writing(target):
        make_folder(target.parent)
    written = _write(source, fresh, size)
    with writing(target):
        if wanted not in {None, written}:
            fresh.unlink()
            raise Differs
        if digest(fresh) != written:
            fresh.unlink()
            raise Miscopied(f"{target}: what was read back is not what was written: check the disk")
        fresh.replace(target)
        sync(target.parent)
    return written


@contextmanager
def writing(target: Path) -> Iterator[None]:
    """Raises CannotWrite where the disk refuses what is done inside."""
    try:
        yield
    except OSError as error:
        raise CannotWrite(
            f"{target}: cannot be written ({error.strerror}): free space or correct the "
            "permissions there, then run again"
        ) from error


@contextmanager
def readable() -> Iterator[None]:
    """Raises CannotRead for a file that cannot be read inside."""
    try:
        yield
    except OSError as error:
        raise CannotRead(
            f"{error.filename}: cannot be read ({error.strerror}): check its owner and mode, and "
            "the disk, then run again"
        ) from error


def _write(source: Path, fresh: Path, size: int | None) -> str:
    found = hashlib.sha256()
    try:
        with source.open("rb") as read:
            with writing(fresh):
                file = _private(fresh)
            with file:
                for chunk in _chunks(read, size):
                    found.update(chunk)
                    with writing(fresh):
                        file.write(chunk)
                with writing(fresh):
                    _to_disk(file)
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise
    return found.hexdigest()


def _to_disk(file: BufferedWriter) -> None:
    file.flush()
    os.fsync(file.fileno())
    if hasattr(os, "posix_fadvise"):  # so that what is read back comes from the disk
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def _private(path: Path) -> BufferedWriter:
    """A new file that nobody else may read."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")


def _chunks(file: BufferedReader, size: int | None) -> Iterator[bytes]:
    left = size
    while chunk := file.read(_CHUNK if left is None else min(_CHUNK, left)):
        yield chunk
        left = None if left is None else left - len(chunk)
