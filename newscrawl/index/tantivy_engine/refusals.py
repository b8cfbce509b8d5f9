"""What the system refused Tantivy, which tells of it in words only."""

from __future__ import annotations

import errno
import re
from collections.abc import Iterator
from contextlib import contextmanager

_NUMBERED = re.compile(r"os error (\d+)|Os \{ code: (\d+)")
_KILLED = "index writer was killed"
"""Its threads end without a word at what they cannot write."""


@contextmanager
def refused() -> Iterator[None]:
    """Within this block what the system refuses is an OSError."""
    try:
        yield
    except ValueError as error:
        if found := _NUMBERED.search(str(error)):
            raise OSError(int(found[1] or found[2]), str(error)) from error
        if _KILLED in str(error):
            raise OSError(errno.EIO, str(error)) from error
        raise
