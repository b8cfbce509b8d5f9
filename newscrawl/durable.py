"""Having the system write to the disk what must survive a loss of power."""

from __future__ import annotations

import os
from pathlib import Path


def sync(path: Path) -> None:
    """Make a file's bytes, or the names in a directory, durable. Raises OSError."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def replace(path: Path, content: str | bytes) -> None:
    """Write a file anew, durably and at once: whoever reads sees the old content or the new.

    Raises OSError.
    """
    fresh = path.with_name(f"{path.name}.new")
    fresh.write_bytes(content.encode() if isinstance(content, str) else content)
    sync(fresh)
    fresh.replace(path)
    sync(path.parent)
