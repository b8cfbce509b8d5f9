"""Whether an index is ours: its manifest is sealed with a key that nobody else may read."""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import secrets
import stat
from pathlib import Path

from newscrawl.durable import sync
from newscrawl.index.damage import REMEDY, IndexHindered, IndexUnusable

_KEY = re.compile(rb"[0-9a-f]{64}")


def seal(key: Path, content: str) -> str:
    """Of a manifest; the key is made where there is none."""
    return _sealed(_read(key) or _made(key), content)


def fits(key: Path, seal: str, content: str) -> bool:
    """Whether a seal is of this key and content. Without a key none is.

    Raises IndexHindered for a key that cannot be read.
    """
    held, given = _read(key), seal.encode(errors="replace")
    return bool(held) and hmac.compare_digest(given, _sealed(held, content).encode())


def require_private(directory: Path) -> None:
    """Nobody else may write here, and so nobody else reaches what lies below."""
    status = directory.lstat()
    if status.st_uid != os.geteuid() or status.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        raise IndexUnusable(
            f"{directory}: owned or writable by others, and opening an index runs what is in it: "
            f"{REMEDY}"
        )


def _sealed(key: bytes, content: str) -> str:
    return hmac.new(key, content.encode(errors="replace"), hashlib.sha256).hexdigest()


def _read(key: Path) -> bytes:
    """Empty where there is none, or where a loss of power has not left all of it."""
    try:
        held = key.read_bytes()
    except FileNotFoundError:
        return b""
    except OSError as error:
        raise IndexHindered.by(error, key) from error
    return held if _KEY.fullmatch(held) else b""


def _made(key: Path) -> bytes:
    """A new key, on the disk before anything is sealed with it."""
    key.unlink(missing_ok=True)
    made = secrets.token_hex(32).encode()
    with os.fdopen(os.open(key, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(made)
    sync(key)
    sync(key.parent)
    return made
