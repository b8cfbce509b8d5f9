"""Putting a backup back: files first, the catalogue last, then everything is checked.

What a home has beyond the backup stays: archive files of later captures, which the catalogue is
then told of, and `told/`, by which nobody hears of anything again. What was taken down since stays
taken down: the notes of the home and of the newest backup are put together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path

from newscrawl import jsonl, settings
from newscrawl.archive import removals
from newscrawl.archive.layout import unfinished
from newscrawl.catalogue import sqlite, subscribers, tombstone_lines
from newscrawl.catalogue.connection import Catalogue, to_restore
from newscrawl.durable import replace
from newscrawl.errors import NewscrawlError, UsageError
from newscrawl.home import Home
from newscrawl.ops import doctor, sealed
from newscrawl.ops.backup import erased, kept
from newscrawl.ops.backup.copies import Differs, copy, digest, readable, writing
from newscrawl.ops.backup.vault import Generation, Vault, identify
from newscrawl.ops.locks import Locks
from newscrawl.ops.place import BeingRestored, at_work, free_space, prepare, restore_lock
from newscrawl.ops.removing import Remover
from newscrawl.ops.striking import is_left_of
from newscrawl.ops.tails import WRITTEN

MEGABYTE = 2**20
Progress = Callable[[int, int], None]


class NotRestored(NewscrawlError):
    """A backup was not, or not wholly, put back."""


@dataclass(slots=True)
class Restored:
    """What putting a backup back came to."""

    generation: str
    home: str
    made: str
    """When the backup was made, ISO 8601, UTC."""
    files: int = 0
    """That belong to it."""
    copied: int = 0
    replaced: list[str] = field(default_factory=list)
    """What the home had otherwise."""
    repaired: list[str] = field(default_factory=list)
    """What the check afterwards has mended, a line each."""
    problems: list[str] = field(default_factory=list)
    """What it could not mend."""
    erased_since: bool = False
    """Whether something is in it again that was erased after it was made."""
    keys_missing: list[str] = field(default_factory=list)
    """Keys that the home has no more, and that something in it was sealed or signed with."""


def restore(
    root: Path,
    home: Home,
    *,
    name: str = "",
    force: bool = False,
    progress: Progress = lambda _done, _total: None,
    checked: Callable[[int], None] = lambda _bytes: None,
) -> Restored:
    """Put the backup of that name, the newest without, into a home.

    `progress` gets files put back, and of how many; `checked` the bytes of the archive that were
    read afterwards.

    Into one that holds something only with `force`. May be killed anywhere and done again.
    Raises NoBackup, BadList, VaultBusy, UsageError, NotRestored, CannotWrite, Miscopied.
    """
    vault = Vault.existing(root)
    with ExitStack() as held:
        with vault.held(), readable():
            generation = vault.named(name)
            restoring = _Restoring(vault, generation, home, progress)
            restoring.admit(held, force=force)
            restoring.put_files()
            restoring.put_notes()
            restoring.put_catalogue(force=force)
        restoring.check(checked)
    return restoring.outcome


class _Restoring:
    """A backup that is being put back."""

    def __init__(
        self, vault: Vault, generation: Generation, home: Home, progress: Progress
    ) -> None:
        self._vault = vault
        self._generation = generation
        self._home = home
        self._progress = progress
        sums = generation.sums()
        self._files = {generation.in_home(path): path for path in sums.files}
        self._digests = {path: sums.files[stored] for path, stored in self._files.items()}
        self.outcome = Restored(generation.name, str(home.root), sums.made, len(self._files))

    def admit(self, held: ExitStack, *, force: bool) -> None:
        """Before anything is touched; from then on nobody else begins anything in the home, until
        `held` is closed. Raises UsageError, NotRestored, HomeUnusable.
        """
        home = self._home
        for path in self._files:
            if not kept.is_kept(path):
                raise NotRestored(
                    f"{self._generation.list_path}: {path!r}: nothing that a backup of newscrawl "
                    "holds: do not use it"
                )
        self._refuse_others(at_work(home))
        there = kept.there(home)
        if there and not force:
            raise UsageError(
                f"{home.root}: holds {', '.join(there)}: --force puts the backup's in their place "
                "and leaves what it does not have, or name an empty directory with --home"
            )
        mine = Vault(home.root).identity
        if there and mine and self._vault.identity not in {"", mine}:
            raise UsageError(f"{home.root}: not the home of these backups: name an empty directory")
        self._keep_keys()
        prepare(home, 0)
        self._require_room()
        try:
            held.enter_context(restore_lock(home))
        except BeingRestored as error:
            raise UsageError(str(error)) from None
        self._refuse_others(at_work(home))

    def _refuse_others(self, busy: Sequence[str]) -> None:
        if busy:
            raise UsageError(f"{self._home.root}: at work: {', '.join(busy)}: end that first")

    def _keep_keys(self) -> None:
        """Nothing opens what another key has sealed, and nothing else signs as it did."""
        for path in filter(kept.is_secret, self._files):
            key = self._home.root / path
            if key.exists() and digest(key) != self._digests[path]:
                raise UsageError(
                    f"{key}: not the key of this backup: what was sealed or signed with it needs "
                    "it: keep it elsewhere, then restore again"
                )

    def _require_room(self) -> None:
        wanted = sum((self._vault.root / path).stat().st_size for path in self._new())
        if (free := free_space(self._home)) < wanted / MEGABYTE:
            raise NotRestored(
                f"{self._home.root}: {free} MB free, {wanted // MEGABYTE} MB needed: make room"
            )

    def _new(self) -> Iterator[str]:
        """What is to be copied and not yet there."""
        for path, stored in self._files.items():
            if (self._vault.root / stored).is_file() and not (self._home.root / path).exists():
                yield stored

    def put_files(self) -> None:
        """All but the notes and the catalogue. Raises NotRestored, CannotWrite, Miscopied."""
        left = {kept.archived(path) for path in erased.rewritten(self._home)}
        wanted = self._files.keys() - left - {*kept.NOTES, kept.CATALOGUE}
        for done, path in enumerate(sorted(wanted), 1):
            self._put(path)
            self._progress(done, len(wanted) + 1)

    def put_notes(self) -> None:
        """Those of the home, of this backup and of the newest one. Raises CannotWrite."""
        newest = self._vault.generations()[-1]
        for name in kept.NOTES:
            mine = self._home.root / name
            places = [mine, self._generation.folder / name, newest.folder / name]
            if any(place.exists() for place in places):
                with writing(mine), jsonl.locked(mine):  # a takedown may add one at this moment
                    lines = dict.fromkeys(line for place in places for line in _lines(place))
                    replace(mine, b"".join(line + b"\n" for line in lines))
        signed = (self._home.root / removals.NOTES).exists()
        if signed and not (self._home.root / removals.KEY).exists():
            self.outcome.keys_missing.append(removals.KEY)
        self.outcome.erased_since = erased.outlived(self._home, self._generation.folder)

    def put_catalogue(self, *, force: bool) -> None:
        """From then on the home is that of the backup. Raises NotRestored, CannotWrite."""
        target = self._home.catalogue
        fresh = to_restore(target)
        self._copy(kept.CATALOGUE, fresh)
        if target.exists():
            if not force:
                fresh.unlink()
                raise NotRestored(
                    f"{target}: made by somebody else meanwhile: end what collects there, then "
                    "restore with --force"
                )
            self.outcome.replaced.append(kept.CATALOGUE)
        with writing(target):
            sqlite.put_back(fresh, target)
        if self._vault.identity:
            identify(self._home.root, self._vault.identity)

    def check(self, progress: Callable[[int], None]) -> None:
        """Read all of it, and catalogue captures that only the archive knows.

        Before, the catalogue is told what an erasure has written anew since.
        """
        with closing(Catalogue.open(self._home.catalogue)) as catalogue, ExitStack() as held:
            Remover(self._home, catalogue, Locks(self._home, held)).repoint()
        if self._key_missing():
            self.outcome.keys_missing.append(self._home.secret_key.name)
        findings = doctor.examine(self._home, progress)
        self.outcome.repaired = list(doctor.repair_archive(self._home, findings))
        if self.outcome.repaired:
            findings = doctor.examine(self._home)
        self.outcome.problems = [
            f"{each.where}: {each.what}: {each.remedy}"
            for each in findings
            if each.part in {"archive", "catalogue"}
        ]

    def _key_missing(self) -> bool:
        if self._home.secret_key.exists() or settings.secret_key():
            return False
        with closing(Catalogue.open(self._home.catalogue)) as catalogue, catalogue.read() as view:
            return subscribers.has_addresses(view) or bool(sealed.files(self._home))

    def _put(self, path: str) -> None:
        target = self._home.root / path
        if kept.is_archived(path) and self._has_more(target, path):
            return
        if target.exists():
            if digest(target) == self._digests[path]:
                return
            if is_left_of(target, self._vault.root / self._files[path]):
                return  # something was erased since
            self.outcome.replaced.append(path)
        self._copy(path, target)

    def _has_more(self, target: Path, path: str) -> bool:
        """Whether the home has this archive file, and perhaps more of it, written since."""
        size = (self._vault.root / self._files[path]).stat().st_size
        places = (target, unfinished(target))
        return any(
            each.is_file()
            and each.stat().st_size >= size
            and digest(each, size) == self._digests[path]
            for each in places
        )

    def _copy(self, path: str, target: Path) -> None:
        source = self._vault.root / self._files[path]
        try:
            copy(source, target, wanted=self._digests[path])
        except (Differs, OSError) as error:
            raise NotRestored(
                f"{source}: damaged: try an older backup with --backup NAME; what was put back "
                "until now is sound, and the catalogue was not touched"
            ) from error
        self.outcome.copied += 1


def _lines(path: Path) -> list[bytes]:
    """Whole lines, without their breaks; none where there is no such file."""
    return [tombstone_lines.summed(line) for line in jsonl.parted(path, WRITTEN[path.name])[0]]
