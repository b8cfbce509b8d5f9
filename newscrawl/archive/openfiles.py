"""The files that one writer has open, one for each folder."""

from __future__ import annotations

from pathlib import Path

from newscrawl.archive.warcfile import WarcFile

KEPT = 64
"""How many stay open between two groups; a back-fill visits thousands of folders."""


class OpenFiles:
    """Files by folder, the longest unused first. Every method may raise OSError."""

    def __init__(self, root: Path, rotate_bytes: int) -> None:
        self._root = root
        self._rotate_bytes = rotate_bytes
        self._files: dict[str, WarcFile] = {}

    def append(self, folder: str, data: bytes) -> tuple[str, int]:
        """Write to the folder's file; return its name below the root, and the offset.

        Raise ArchiveError for a bad folder name.
        """
        file = self._files.pop(folder, None) or WarcFile.create(self._root, folder)
        self._files[folder] = file
        offset = file.append(data)
        return f"{folder}/{file.final.name}", offset

    def sync(self) -> None:
        """Return once everything appended is on disk: one fsync for each file touched."""
        for file in self._files.values():
            file.sync()

    def finish_surplus(self) -> None:
        """Finish the full files, and the longest unused of too many."""
        full = [name for name, file in self._files.items() if file.size >= self._rotate_bytes]
        for folder in full:
            self._finish(folder)
        for folder in list(self._files)[:-KEPT]:
            self._finish(folder)

    def finish_all(self) -> None:
        for folder in list(self._files):
            self._finish(folder)

    def abandon_all(self) -> None:
        """Leave every file as it is, for `recover` to judge."""
        while self._files:
            self._files.popitem()[1].abandon()

    def _finish(self, folder: str) -> None:
        self._files[folder].finish()
        del self._files[folder]
