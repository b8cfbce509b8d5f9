"""The copies that all backups share, as they lie in the home: made once, looked at each time."""

from __future__ import annotations

from pathlib import Path

from newscrawl.ops.backup.copies import copy, digest
from newscrawl.ops.backup.report import Report
from newscrawl.ops.backup.vault import Vault

DOCTOR = "run `newscrawl doctor`"


class Shared:
    """For one backup, which is told what was found in `report`."""

    def __init__(self, vault: Vault, report: Report, *, quick: bool) -> None:
        """`quick`: believe an earlier copy that is as long as the file in the home."""
        self._root = vault.root
        self._report = report
        self._quick = quick
        self._known: dict[str, str] = {}
        for sums in vault.lists().values():
            self._known |= sums.files

    def copied(self, source: Path, target: str, size: int | None = None) -> str:
        """Copy a file, or its first bytes, to `target` below the root; its SHA-256.

        Raises OSError, CannotWrite, Miscopied.
        """
        found = copy(source, self._root / target, size)
        self._report.copied += 1
        self._report.copied_bytes += (self._root / target).stat().st_size
        return found

    def archived(self, path: str, source: Path) -> str | None:
        """The SHA-256 of an archive file's copy, made where there is none or a damaged one.

        None where there is neither a file nor a copy, which the report names.
        """
        target, known = self._root / path, self._known.get(path)
        if not source.is_file():
            return self._only_copy(path, source, known)
        if not target.exists():
            return self._made(path, source, known)
        if known is None:  # by a backup that was cut off
            known = digest(source)
        if target.stat().st_size != source.stat().st_size or not self._believed(target, known):
            return self._judged(path, source, known)
        return known

    def changeable(self, path: str, source: Path, own: str) -> tuple[str, str]:
        """Where the copy of a file that may change lies, and its SHA-256.

        It is the shared one as long as the file is what it was, else one at `own`.
        """
        target, now = self._root / path, digest(source)
        if not target.exists():
            return path, self._made(path, source, self._known.get(path))
        if digest(target) == now:
            return path, now
        if self._known.get(path) == now:
            self._report.mended.append(path)
            return path, self.copied(source, path)
        return own, self.copied(source, own)

    def _believed(self, target: Path, known: str) -> bool:
        return self._quick or digest(target) == known

    def _made(self, path: str, source: Path, known: str | None) -> str:
        found = self.copied(source, path)
        if known is not None:
            self._report.mended.append(path)
        if known not in {None, found}:
            self._report.problems.append(f"{source}: is not what it was when backed up: {DOCTOR}")
        return found

    def _judged(self, path: str, source: Path, known: str) -> str:
        """The file or its copy is not what it was."""
        if digest(source) == known:
            self._report.mended.append(path)
            return self.copied(source, path)
        sound = digest(self._root / path) == known
        told = f"its copy is sound: {self._root / path}" if sound else "neither is its copy"
        self._report.problems.append(
            f"{source}: is not what it was when backed up, {told}: {DOCTOR}"
        )
        return known

    def _only_copy(self, path: str, source: Path, known: str | None) -> str | None:
        target = self._root / path
        if not target.exists():
            self._report.problems.append(f"{source}: missing, and in no backup: {DOCTOR}")
            return None
        sound = known is None or digest(target) == known
        told = "its copy is" if sound else "a damaged copy is"
        self._report.problems.append(f"{source}: missing; {told} {target}: {DOCTOR}")
        return known or digest(target)
