"""What a home has erased must leave its backups too, and nothing else does.

An erasure writes an archive file anew under another name, has the catalogue follow, and notes the
records that are gone. So a copy goes whose file is gone, which the catalogue does not know, and
which holds a record that was noted; and a backup goes whose catalogue is older than a note, or does
not know as done an erasure that the newest one knows so. The first one after a note may have been
made while an erasure was at work for which there is no tombstone: it goes with the next.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Set
from pathlib import Path

from newscrawl.archive import removals
from newscrawl.archive.errors import DamagedArchive
from newscrawl.archive.layout import archive_files, unfinished
from newscrawl.archive.reader import iterate
from newscrawl.catalogue import tombstones
from newscrawl.home import Home
from newscrawl.ops.backup import kept
from newscrawl.ops.backup.copies import digest
from newscrawl.ops.backup.vault import Vault

_RECORD = re.compile(rb"urn:uuid:[0-9A-Fa-f-]{36}")


def noted(root: Path) -> tuple[bytes, ...]:
    """What was taken down, as a home or a backup has it noted; to be compared."""
    return tuple(_read(root / name) for name in kept.NOTES)


def outlived(home: Home, folder: Path | None) -> bool:
    """Whether the home has erased something since the backup was made that `folder` belongs to.

    Without one: whether it ever has.
    """
    return bool(_removals(home.root) - (_removals(folder) if folder else set()))


def half_done(older: Path, newest: Path) -> bool:
    """Whether the catalogue of a backup may have what that of the newest has not: an erasure has
    come to its end between the two. These are the folders of both.
    """
    before, after = (tombstones.ended_in(each / kept.CATALOGUE) for each in (older, newest))
    return bool(after - before)


def rewritten(home: Home) -> set[str]:
    """The archive files of which the home has what an erasure has left, under another name."""
    left = removals.successors(home.root)
    return {file for file, fresh in left.items() if (home.snapshots / fresh).exists()}


def copies(home: Home, vault: Vault, known: Set[str]) -> Iterator[Path]:
    """The copies that must go; `known`: the archive files of the newest backup's catalogue."""
    needed = {path for sums in vault.lists().values() for path in sums.files}
    gone = set(_RECORD.findall(_read(home.root / kept.REMOVALS)))
    for copy in archive_files(vault.root / kept.ARCHIVE) if gone else ():
        path = str(copy.relative_to(vault.root / kept.ARCHIVE))
        file = home.snapshots / path
        left = path not in known and kept.archived(path) not in needed
        if left and not file.exists() and not unfinished(file).exists() and _holds(copy, gone):
            yield copy
    for folder in kept.FOLDERS:
        for copy in sorted((vault.root / folder).glob("*")):
            file = home.root / folder / copy.name
            left = f"{folder}/{copy.name}" not in needed and file.is_file()
            if left and digest(file) != digest(copy):
                yield copy


def _holds(copy: Path, gone: Set[bytes]) -> bool:
    """Whether one of these records is in it; one that cannot be read to its end may hold any."""
    try:
        ids = (each.record_id.encode().strip(b"<>") for each in iterate(copy))
        return any(each in gone for each in ids)
    except DamagedArchive:
        return True


def _removals(root: Path) -> set[bytes]:
    return set(_read(root / kept.REMOVALS).splitlines())


def _read(path: Path) -> bytes:
    return path.read_bytes() if path.is_file() else b""
