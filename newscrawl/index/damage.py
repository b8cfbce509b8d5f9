"""What keeps an index from being read or written: damage, or a system that does not let us.

Damaged files raise anything there is, out of Whoosh, NumPy and Tantivy alike. So the kind of an
error says little: whether the files are what was written says it.
"""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from newscrawl.errors import NewscrawlError

REMEDY = "run `newscrawl reindex` (nothing is lost: the catalogue and the archive hold it all)"
_HINDRANCES = {
    errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EACCES, errno.EPERM, errno.EMFILE,
    errno.ENFILE, errno.ENOMEM, errno.EAGAIN, errno.EINTR,
}  # fmt: skip


class IndexUnusable(NewscrawlError):
    """There is no index, or not one that may be opened."""

    @property
    def what(self) -> str:
        """Without what to do."""
        return str(self).removesuffix(f": {REMEDY}")


class IndexDamaged(IndexUnusable):
    """A file is not what was written to it."""

    @classmethod
    def by(cls, error: BaseException, file: Path) -> Self:
        """A file from which an error comes."""
        why = " ".join(f"{type(error).__name__}: {error}".split())
        return cls(f"{file}: damaged ({why}): {REMEDY}")

    @classmethod
    def found(cls, file: Path) -> Self:
        """A file that somebody has looked at."""
        return cls(f"{file}: damaged (not what was written): {REMEDY}")


class IndexOfAnother(IndexUnusable):
    """What it calls by a number is another article in the catalogue, or none."""

    @classmethod
    def found(cls, build: Path) -> Self:
        """A build that somebody has compared with the catalogue."""
        return cls(
            f"{build}: has other articles than the catalogue, as after an older copy of "
            f"newscrawl.db was put back: {REMEDY}"
        )


class IndexIncomplete(IndexUnusable):
    """It lacks an article that could not be read and now can."""

    @classmethod
    def of(cls, build: Path, article_id: str) -> Self:
        """A build, and the first of what it lacks."""
        return cls(f"{build}: lacks {article_id}, which can be read again: {REMEDY}")


class IndexHindered(IndexUnusable):
    """The system does not let us: the disk is full, a file may not be opened."""

    @classmethod
    def by(cls, error: Exception, where: Path) -> Self:
        """An error in a file or directory."""
        return cls(f"{where}: {error}: check free space and permissions, then try again")


def hindered(error: BaseException) -> bool:
    """Whether an error says nothing about the files: without it they could be read, or written."""
    return isinstance(error, OSError) and error.errno in _HINDRANCES


@contextmanager
def reading(file: Path) -> Iterator[None]:
    """Within this block a small file is read: what does not read as it was written is damaged."""
    try:
        yield
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        if hindered(error):
            raise
        raise IndexDamaged.by(error, file) from error
