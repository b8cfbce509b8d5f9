"""The manifests on disk: `YYYY-MM-DD.txt`, each written once, and what is kept beside them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from newscrawl import durable
from newscrawl.archive.errors import ArchiveError, disk_refuses
from newscrawl.archive.layout import make_folder
from newscrawl.archive.manifest import Manifest, outline
from newscrawl.archive.manifest_lines import BadManifest

SUFFIX = ".txt"
STAMPS = (".tsr", ".ots")
"""Of an RFC 3161 authority; of OpenTimestamps."""
_DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_NAME = re.compile(rf"{_DAY}\.(?:txt|tsr|ots)")
_UNFINISHED = re.compile(rf"{_NAME.pattern}\.new")


class DamagedManifest(ArchiveError):
    """A manifest is not there, or not as it was written."""

    def __init__(self, path: Path, line: int | None, what: str) -> None:
        where = f"{path}" if line is None else f"{path}, line {line}"
        super().__init__(f"{where}: {what}; restore the file from a backup")
        self.path = path
        self.line = line
        self.what = what


class Stored(NamedTuple):
    """A manifest as it was read."""

    manifest: Manifest
    digest: str
    """SHA-256 of its file."""


def place(folder: Path, day: str) -> Path:
    """Where the manifest of a day lies, or would."""
    return folder / f"{day}{SUFFIX}"


def stamps(folder: Path, day: str) -> list[Path]:
    """The files with stamps of a day's head."""
    paths = (folder / f"{day}{suffix}" for suffix in STAMPS)
    return [path for path in paths if path.exists()]


def days(folder: Path) -> list[str]:
    """The days that have a manifest, the oldest first."""
    found = (path.name.removesuffix(SUFFIX) for path in folder.glob(f"*{SUFFIX}"))
    return sorted(day for day in found if re.fullmatch(_DAY, day))


def strangers(folder: Path) -> list[Path]:
    """What lies among the manifests and is none of ours."""
    if not folder.is_dir():
        return []
    return sorted(
        path
        for path in folder.iterdir()
        if not (_NAME.fullmatch(path.name) or _UNFINISHED.fullmatch(path.name))
    )


def sweep(folder: Path) -> None:
    """Remove what whoever was killed has left half written, durably. Raises ArchiveError."""
    left = [path for path in folder.glob("*.new") if _UNFINISHED.fullmatch(path.name)]
    try:
        for path in left:
            path.unlink(missing_ok=True)
        if left:
            durable.sync(folder)
    except OSError as error:
        raise disk_refuses(folder, error) from error


def read(folder: Path, day: str) -> Stored:
    """A day's manifest, of whose lines nothing is known yet: `Manifest.faults` and `check_lines`.

    Raises DamagedManifest.
    """
    path = place(folder, day)
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise DamagedManifest(path, None, "the manifest is missing") from None
    except OSError as error:
        raise DamagedManifest(path, None, f"cannot be read: {error.strerror}") from error
    with _named(path):
        manifest = outline(content)
    if manifest.day != day:
        raise DamagedManifest(path, 2, f"the manifest is that of {manifest.day}")
    return Stored(manifest, sha256(content).hexdigest())


def sound(folder: Path, day: str) -> Stored:
    """A day's manifest: its lines, root and head are right. Raises DamagedManifest."""
    found = read(folder, day)
    with _named(place(folder, day)):
        found.manifest.check_lines()
        for fault in found.manifest.faults():
            raise fault
    return found


@contextmanager
def _named(path: Path) -> Iterator[None]:
    try:
        yield
    except BadManifest as bad:
        raise DamagedManifest(path, bad.line, bad.what) from None


def write_stamp(folder: Path, day: str, kind: str, content: bytes) -> None:
    """Keep what stamps a day's head, durably. Raises ArchiveError where the disk refuses."""
    path = folder / f"{day}.{kind}"
    try:
        durable.replace(path, content)
    except OSError as error:
        raise disk_refuses(path, error) from error


def write(folder: Path, manifest: Manifest) -> Stored:
    """Keep a new one, durably. Raises ArchiveError where the disk refuses."""
    path, content = place(folder, manifest.day), manifest.text.encode()
    try:
        make_folder(folder)
        durable.replace(path, content)
    except OSError as error:
        raise disk_refuses(path, error) from error
    return Stored(manifest, sha256(content).hexdigest())
