"""One backup of a home, taken while crawls run.

The catalogue is copied first, then the archive: each of its rows has its bytes by then. Finished
files never change and are shared by all backups. Of a file that was still written when the
catalogue was copied, what that knows is copied, under the name that the file gets in the end: so
the backup is the home of one moment, as if it had been killed there.
"""

from __future__ import annotations

from collections.abc import Callable, Set
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from newscrawl.archive.errors import DamagedArchive
from newscrawl.archive.layout import FILE, archive_files
from newscrawl.archive.reader import capture_end, locate
from newscrawl.catalogue import snapshots, sqlite
from newscrawl.catalogue.connection import Catalogue, CatalogueError
from newscrawl.durable import sync
from newscrawl.home import Home
from newscrawl.ops.backup import erased, kept
from newscrawl.ops.backup.copies import digest, readable, writing
from newscrawl.ops.backup.report import Report
from newscrawl.ops.backup.shared import DOCTOR, Shared
from newscrawl.ops.backup.sums import Sums
from newscrawl.ops.backup.vault import Vault
from newscrawl.text.dates import iso

TRIES = 3
"""Of a backup, where an erasure changes the home under it."""
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Choice:
    """What is wanted of a backup."""

    keep: int = 7
    """Backups that are kept, this one included."""
    secrets: bool = False
    quick: bool = False
    """Do not read again what earlier backups have copied."""


def back_up(
    home: Home, root: Path, choice: Choice, progress: Progress = lambda _done, _total: None
) -> Report:
    """Back a home up into the directory `root`; `progress` gets bytes done, and of how many.

    Raises NewscrawlError where there is no backup then; earlier ones are untouched.
    """
    catalogue = Catalogue.existing(home.catalogue)
    try:
        vault = Vault.of(root, home)
        with vault.held(), readable():
            vault.sweep()
            try:
                taking = _Taking(home, vault, catalogue, choice, progress)
                taking.take()
            finally:
                vault.sweep()
            taking.clear()
            return taking.report
    finally:
        catalogue.close()


class _Taking:
    """A backup that is being made."""

    def __init__(
        self, home: Home, vault: Vault, catalogue: Catalogue, choice: Choice, progress: Progress
    ) -> None:
        self._home = home
        self._vault = vault
        self._catalogue = catalogue
        self._choice = choice
        self._progress = progress
        self.report = Report()
        self._begin()

    def take(self) -> None:
        """Copy and verify all of it, then say that it is a backup.

        Again where the home was erased from meanwhile, for what was copied may have that in it, and
        where a manifest or a stamp has changed, which the copied catalogue does not know.
        Raises CatalogueError, CannotWrite, Miscopied, OSError.
        """
        for _again in range(TRIES - 1):
            if self._attempt():
                break
            self._vault.sweep()
            self._begin()
        else:
            self._attempt()
        earlier = self._vault.generations()
        passing = erased.outlived(self._home, earlier[-1].folder if earlier else None)
        self._generation.close(Sums(self._made, self._choice.secrets, self._files, passing))
        self.report.generation = self._generation.name
        self.report.files = len(self._files)

    def clear(self) -> None:
        """Remove what is not to be kept any more. Raises CannotWrite."""
        *older, newest = self._vault.generations()
        surplus = older[: max(0, len(older) + 1 - self._choice.keep)]
        lists = self._vault.lists()
        passing = [each for each in older if each in lists and lists[each].passing]
        for each in older:
            outlived = erased.outlived(self._home, each.folder)
            half_done = erased.half_done(each.folder, newest.folder)
            if each in surplus or each in passing or outlived or half_done:
                each.remove()
                self.report.dropped.append(each.name)
        for copy in list(erased.copies(self._home, self._vault, self._ends.keys())):
            with writing(copy):
                copy.unlink()
                sync(copy.parent)
            self.report.erased.append(str(copy.relative_to(self._vault.root)))

    def _begin(self) -> None:
        now = datetime.now(UTC)
        self.report.problems, self.report.left_out = self._vault.unsound(), []
        self._generation = self._vault.begin(now)
        self._shared = Shared(self._vault, self.report, quick=self._choice.quick)
        self._made = iso(now)
        self._files: dict[str, str] = {}
        self._ends: dict[str, int] = {}
        """Where in each archive file that the catalogue knows its last capture begins."""

    def _attempt(self) -> bool:
        """Whether nothing was erased meanwhile, nor a day sealed, nor a stamp written anew."""
        before = self._standing()
        files = archive_files(self._home.snapshots)
        finished = {str(path.relative_to(self._home.snapshots)) for path in files}
        self._copy_catalogue()
        self._copy_archive(finished)
        self._copy_others()
        return self._standing() == before and not self._moved()

    def _standing(self) -> tuple[object, ...]:
        """What the copied catalogue must not be older than; to be compared."""
        files = (self._home.root / path for path in kept.folder_files(self._home))
        changed = tuple((path.name, path.stat().st_mtime_ns, path.stat().st_size) for path in files)
        return (*erased.noted(self._home.root), changed)

    def _copy_catalogue(self) -> None:
        copy = self._generation.folder / kept.CATALOGUE
        self._catalogue.back_up(copy)
        try:
            problems = sqlite.problems(copy)
        except sqlite.CannotOpen as error:
            problems = [str(error)]
        if problems:
            raise CatalogueError(f"{self._catalogue.path}: {problems[0]}: no backup: {DOCTOR}")
        with writing(copy):
            copy.chmod(0o600)
            sync(copy)
            sync(copy.parent)
        with sqlite.resting(copy) as connection:
            found = snapshots.last_by_file(connection)
        self._ends = {path: begin for path, begin in found.items() if FILE.fullmatch(path)}
        self._files[self._generation.own(kept.CATALOGUE)] = digest(copy)
        self.report.copied += 1
        self.report.copied_bytes += copy.stat().st_size

    def _moved(self) -> bool:
        """Whether a file that was not there is one that the catalogue does not know any more."""
        gone = [path for path in self._ends if not self._size(path)]
        if not gone:
            return False
        with self._catalogue.read() as view:
            known = snapshots.last_by_file(view)
        return any(path not in known for path in gone)

    def _copy_archive(self, finished: Set[str]) -> None:
        """`finished`: the files that were so before the catalogue was copied; they come whole."""
        sizes = {path: self._size(path) for path in sorted(finished | self._ends.keys())}
        done, total = 0, sum(sizes.values())
        for path, size in sizes.items():
            if path in finished or not self._copy_known(path):
                self._copy_whole(path)
            done += size
            self._progress(done, total)

    def _copy_whole(self, path: str) -> None:
        stored = kept.archived(path)
        found = self._shared.archived(stored, self._home.snapshots / path)
        if found is not None:
            self._files[stored] = found

    def _copy_known(self, path: str) -> bool:
        """Copy what the catalogue knows of a file that it was not yet finished in.

        False where that is all of it.
        """
        root, begin = self._home.snapshots, self._ends[path]
        try:
            end: int | None = capture_end(root, path, begin)
        except DamagedArchive as damage:
            if not self._size(path):
                return False
            self.report.problems.append(f"{damage.problem}: {DOCTOR}")
            end = None
        if (root / path).is_file() and self._size(path) == end:
            return False
        try:
            self._own(kept.archived(path), locate(root, path), end)
        except FileNotFoundError:  # it was finished at this moment
            self._own(kept.archived(path), root / path, end)
        return True

    def _copy_others(self) -> None:
        for path in kept.folder_files(self._home):
            own, source = self._generation.own(path), self._home.root / path
            stored, found = self._shared.changeable(path, source, own)
            self._files[stored] = found
        for name in kept.notes(self._home):
            self._own(name, self._home.root / name)
        for name in kept.secrets(self._home):
            if self._choice.secrets:
                self._own(name, self._home.root / name)
            else:
                self.report.left_out.append(name)

    def _own(self, path: str, source: Path, size: int | None = None) -> None:
        stored = self._generation.own(path)
        self._files[stored] = self._shared.copied(source, stored, size)

    def _size(self, path: str) -> int:
        """Of an archive file, finished or not; 0 where there is none."""
        try:
            return locate(self._home.snapshots, path).stat().st_size
        except (DamagedArchive, FileNotFoundError):
            return 0
