"""What of a home is backed up, by its path below the home.

The index is not: it is derived. Nor is `told/`, which must outlive an older catalogue.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from newscrawl.archive.layout import FILE
from newscrawl.home import Home

ARCHIVE = "snapshots"
CATALOGUE = "newscrawl.db"
NOTES = ("tombstones.jsonl", "removals.jsonl")
"""What was taken down. Lines are only ever added: what a home and its backups say is all true."""
REMOVALS = "removals.jsonl"
FOLDERS = ("manifests", "sealed")
"""Of files that an erasure changes, and of stamps, which a kept promise does; nothing else."""

_NAME = r"[A-Za-z0-9][A-Za-z0-9._-]*"
_KEY = re.compile(rf"{_NAME}\.key")
_FOLDER_FILE = re.compile(rf"({'|'.join(FOLDERS)})/{_NAME}")
_UNFINISHED = (".new", ".part", ".tmp")


def archived(path: str) -> str:
    """The path below the home of an archive file."""
    return f"{ARCHIVE}/{path}"


def is_archived(path: str) -> bool:
    """Whether it is one of the archive's."""
    folder, _, rest = path.partition("/")
    return folder == ARCHIVE and FILE.fullmatch(rest) is not None


def is_kept(path: str) -> bool:
    """Whether a path is one that a backup of ours may bring into a home: nothing else ever is."""
    ours = path == CATALOGUE or path in NOTES or is_secret(path)
    return ours or is_archived(path) or _FOLDER_FILE.fullmatch(path) is not None


def is_secret(path: str) -> bool:
    """Whether it is a key."""
    return _KEY.fullmatch(path) is not None


def folder_files(home: Home) -> Iterator[str]:
    """What the folders hold, apart from what is being written."""
    for folder in FOLDERS:
        for path in sorted((home.root / folder).glob("*")):
            named = f"{folder}/{path.name}"
            if path.is_file() and _FOLDER_FILE.fullmatch(named) and path.suffix not in _UNFINISHED:
                yield named


def notes(home: Home) -> Iterator[str]:
    """The notes that there are."""
    return (name for name in NOTES if (home.root / name).is_file())


def secrets(home: Home) -> Iterator[str]:
    """The keys that there are."""
    return (path.name for path in sorted(home.root.glob("*.key")) if is_secret(path.name))


def there(home: Home) -> list[str]:
    """What a home holds of all this, for a person; empty where nothing was ever collected."""
    archive = sum(1 for _each in home.snapshots.glob("*/*/*.warc.gz*"))
    rest = [*folder_files(home), *notes(home), *secrets(home)]
    found = [CATALOGUE] if home.catalogue.exists() else []
    found += [f"{archive} archive files"] if archive else []
    return found + rest[:3] + ([f"{len(rest) - 3} more"] if len(rest) > 3 else [])
