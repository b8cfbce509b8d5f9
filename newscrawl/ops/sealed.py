"""What is erased under a legal hold: sealed with the key of the home, for the operator alone."""

from __future__ import annotations

import os
from base64 import b64decode, b64encode
from collections.abc import Iterable
from pathlib import Path

from newscrawl import settings
from newscrawl.alerts.directory import secrets_in_use
from newscrawl.alerts.secrets import Secrets
from newscrawl.catalogue.connection import Catalogue
from newscrawl.durable import replace, sync
from newscrawl.errors import UsageError
from newscrawl.home import Home

FOLDER = "sealed"
SUFFIX = ".warc.gz.enc"


def seal(
    home: Home, catalogue: Catalogue, tombstone: str, name: str, members: Iterable[bytes]
) -> Path:
    """Write records, as they were stored, encrypted; durable when it returns.

    `name` is that of their archive file: done twice, it is one file. Raises SecretsError where
    there is no key, and OSError.
    """
    folder = home.root / FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    sync(home.root)
    with catalogue.read() as view:
        secrets = secrets_in_use(view, home, settings.secret_key())
    if secrets is None:  # nobody subscribes: there may be no key yet
        fresh = not any(folder.iterdir())
        secrets = Secrets.of(settings.secret_key(), home.secret_key, fresh=fresh)
    path = folder / f"{tombstone}-{Path(name).name.partition('.')[0]}{SUFFIX}"
    replace(path, secrets.seal(b64encode(b"".join(members)).decode("ascii")))
    path.chmod(0o600)
    return path


def files(home: Home) -> list[Path]:
    """What is sealed in a home."""
    return sorted((home.root / "sealed").glob(f"*{SUFFIX}"))


def open_into(home: Home, tombstone: str, target: Path) -> list[Path]:
    """Write what is held for a tombstone into a directory, as WARC files that nobody else may read.

    Raises UsageError where nothing is held for it, for a directory in the home, where it would be
    shown again, and for a file that is there already; SecretsError without its key; OSError.
    """
    held = [path for path in files(home) if path.name.startswith(f"{tombstone}-")]
    if not held:
        raise UsageError(f"{tombstone}: nothing is held for it; `newscrawl takedown --list` says")
    if home.root.resolve() in (target.resolve(), *target.resolve().parents):
        raise UsageError(f"{target}: in the home: name a directory elsewhere")
    target.mkdir(mode=0o700, parents=True, exist_ok=True)
    return [_open(home, path, target / path.name.removesuffix(".enc")) for path in held]


def _open(home: Home, path: Path, fresh: Path) -> Path:
    content = opened(home, path)
    try:
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise UsageError(f"{fresh}: is there already: name another directory") from None
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    return fresh


def opened(home: Home, path: Path) -> bytes:
    """A sealed WARC file again. Raises SecretsError without its key, ValueError for what is
    no text.
    """
    secrets = Secrets.of(settings.secret_key(), home.secret_key)
    return b64decode(secrets.opened(path.read_text(encoding="ascii")))
