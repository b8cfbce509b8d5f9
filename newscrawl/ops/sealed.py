"""What is erased under a legal hold: sealed with the key of the home, for the operator alone."""

from __future__ import annotations

import os
from base64 import b64decode, b64encode, urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from newscrawl import settings
from newscrawl.alerts.directory import secrets_in_use
from newscrawl.alerts.secrets import Secrets, SecretsError
from newscrawl.catalogue.connection import Catalogue
from newscrawl.durable import sync
from newscrawl.errors import NewscrawlError, UsageError
from newscrawl.home import Home

FOLDER = "sealed"
SUFFIX = ".warc.gz.enc"


def seal(
    home: Home, catalogue: Catalogue, tombstone: str, name: str, members: Iterable[bytes]
) -> Path:
    """Write records, as they were stored, encrypted; durable when it returns. Few of them are in
    memory at once: each is a line of its own, numbered, and the last line says how many they are.

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
    begun = path.with_name(f"{path.name}.new")
    begun.unlink(missing_ok=True)
    with _private(begun) as file:
        count = 0
        for count, member in enumerate(members, 1):
            _write(file, secrets, f"{count} {b64encode(member).decode('ascii')}")
        _write(file, secrets, f"{_END} {count}")
    sync(begun)
    begun.replace(path)
    sync(folder)
    return path


def _write(file: BinaryIO, secrets: Secrets, text: str) -> None:
    file.write(secrets.seal(text).encode("ascii") + b"\n")


def _private(path: Path) -> BinaryIO:
    """A new file that nobody else may read. Raises FileExistsError."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def files(home: Home) -> list[Path]:
    """What is sealed in a home."""
    return sorted((home.root / "sealed").glob(f"*{SUFFIX}"))


def open_into(home: Home, tombstone: str, target: Path) -> list[Path]:
    """Write what is held for a tombstone into a directory, as WARC files that nobody else may read.

    Raises UsageError where nothing is held for it, for a directory in the home, where it would be
    shown again, and for a file that is there already; SecretsError without its key,
    NewscrawlError for what is not as it was written; OSError.
    """
    held = [path for path in files(home) if path.name.startswith(f"{tombstone}-")]
    if not held:
        raise UsageError(f"{tombstone}: nothing is held for it; `newscrawl takedown --list` says")
    if home.root.resolve() in (target.resolve(), *target.resolve().parents):
        raise UsageError(f"{target}: in the home: name a directory elsewhere")
    target.mkdir(mode=0o700, parents=True, exist_ok=True)
    return [_open(home, path, target / path.name.removesuffix(".enc")) for path in held]


def _open(home: Home, path: Path, fresh: Path) -> Path:
    try:
        file = _private(fresh)
    except FileExistsError:
        raise UsageError(f"{fresh}: is there already: name another directory") from None
    try:
        with file:
            file.writelines(opened(home, path))
    except (SecretsError, ValueError) as error:
        fresh.unlink()  # a part of it is not to pass for the whole
        if isinstance(error, SecretsError):
            raise
        raise NewscrawlError(f"{path}: {error}: restore it from a backup") from error
    return fresh


def opened(home: Home, path: Path) -> Iterator[bytes]:
    """A sealed WARC file again, few records of it in memory at once. Raises SecretsError without
    its key, ValueError for what is not as it was written.
    """
    secrets = Secrets.of(settings.secret_key(), home.secret_key)
    count, ended = 0, False
    with path.open("rb") as file:
        for line in file:
            token = line.removesuffix(b"\n")
            if ended or not token or urlsafe_b64encode(urlsafe_b64decode(token)) != token:
                raise ValueError("not as it was written")
            number, blank, content = secrets.opened(token.decode("ascii")).partition(" ")
            if not blank:  # all in one, as it was written before
                ended, content = True, number
            elif number == _END:
                ended = content == str(count) and line != token
                continue
            elif number != str(count := count + 1):
                raise ValueError(f"record {count} is missing")
            yield b64decode(content)
    if not ended:
        raise ValueError("its end is missing")


_END = "end"
