"""Having the system write to the disk what must survive a loss of power."""

from __future__ import annotations

import os
import secrets
import stat
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


def keep_key(path: Path, content: str) -> None:
    """Write a key's file that none but its owner may read, whole from the first moment on; where
    somebody else came first, theirs it is. Raises OSError.
    """
    fresh = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as written:
        written.write(content)
    sync(fresh)
    try:
        path.hardlink_to(fresh)
    except FileExistsError:
        return
    finally:
        fresh.unlink()
    sync(path.parent)


def is_private(path: Path) -> bool:
    """Whether a file is ours, and none but us may read it. Raises OSError."""
    status = path.stat()
    return status.st_uid == os.geteuid() and not stat.S_IMODE(status.st_mode) & 0o077
