"""A directory with the backups of one home.

home.id                              whose they are
snapshots/ manifests/ sealed/        what all of them share, as it lies in the home
generations/000007-TIME/             what one of them has of its own: the catalogue, notes,
                                     archive files as far as they were written
generations/000007-TIME.sha256       its list, written last: without it there is no backup
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from filelock import FileLock, Timeout

from newscrawl.archive.layout import make_folder
from newscrawl.durable import replace, sync
from newscrawl.errors import NewscrawlError, UsageError
from newscrawl.home import Home
from newscrawl.ops.backup import sums
from newscrawl.ops.backup.copies import NEW, writing
from newscrawl.ops.backup.sums import BadList, Sums

GENERATIONS = "generations"
LIST = ".sha256"
IDENTITY = "home.id"
"""Of a home, in it and in its backups: a random number, made by the first backup."""
LOCK = ".lock"
PATIENCE = 0.3
_BEGUN = {LOCK, IDENTITY, f"{IDENTITY}{NEW}"}
"""All that is there where the first backup was killed at once."""
_NAME = re.compile(r"[0-9]{6}-[0-9]{8}T[0-9]{6}Z")


class NoBackup(NewscrawlError):
    """A directory has no backup, or not this one."""


class VaultBusy(NewscrawlError):
    """Another process is at work on the same backups."""


@dataclass(frozen=True, slots=True)
class Generation:
    """One backup."""

    root: Path
    """The directory of all of them."""
    name: str

    @property
    def folder(self) -> Path:
        """What it has of its own."""
        return self.root / GENERATIONS / self.name

    @property
    def list_path(self) -> Path:
        return self.root / GENERATIONS / f"{self.name}{LIST}"

    def sums(self) -> Sums:
        """What belongs to it. Raises BadList, NoBackup."""
        try:
            return sums.parse(self.list_path.read_text(encoding="utf-8"))
        except (BadList, UnicodeDecodeError) as error:
            raise BadList(f"{self.list_path}: {error}: use an older backup") from error
        except OSError as error:
            raise NoBackup(f"{self.list_path}: {error.strerror}") from error

    def own(self, path: str) -> str:
        """Where below the root what lies at `path` in the home is kept for this one alone."""
        return f"{GENERATIONS}/{self.name}/{path}"

    def in_home(self, stored: str) -> str:
        """Where in the home what is kept at `stored` belongs."""
        return stored.removeprefix(f"{GENERATIONS}/{self.name}/")

    def close(self, what: Sums) -> None:
        """Say that all of it is there. Raises CannotWrite."""
        with writing(self.list_path):
            sync(self.list_path.parent)
            replace(self.list_path, sums.show(what))

    def remove(self) -> None:
        """First it is no backup any more, then it is gone. Raises CannotWrite."""
        with writing(self.list_path):
            self.list_path.unlink(missing_ok=True)
            sync(self.list_path.parent)
            if self.folder.exists():
                shutil.rmtree(self.folder)


class Vault:
    """The directory. For one process at a time: see `held`."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @classmethod
    def existing(cls, root: Path) -> Vault:
        """Raises NoBackup for a directory that has none."""
        vault = cls(root)
        if not vault.generations():
            raise NoBackup(f"{root}: no backup of newscrawl: `newscrawl backup DIR` makes one")
        return vault

    @classmethod
    def of(cls, root: Path, home: Home) -> Vault:
        """The one for a home, made where there is none; the home then has an identity.

        Raises UsageError for a directory that must not be used, CannotWrite.
        """
        inside, here = root.resolve(), home.root.resolve()
        if inside == here or here in inside.parents or inside in here.parents:
            raise UsageError(f"{root}: the home {here} and its backups must lie apart")
        vault, mine = cls(root), _identity(home.root)
        theirs = _identity(root)
        if theirs and theirs != mine:
            raise UsageError(f"{root}: holds backups of another home: name another directory")
        if not theirs and root.exists() and {each.name for each in root.iterdir()} - _BEGUN:
            raise UsageError(f"{root}: holds something else: name an empty directory, or a new one")
        with writing(root):
            make_folder(root)
            root.chmod(0o700)
        identity = mine or uuid4().hex
        for place in (home.root, root):
            identify(place, identity)
        with writing(root):
            make_folder(root / GENERATIONS)
        return vault

    @property
    def identity(self) -> str:
        """Of the home that these are backups of; empty where that is lost."""
        return _identity(self.root)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Nobody else works on it inside. Raises VaultBusy.

        A directory that may only be read is read without.
        """
        if not os.access(self.root, os.W_OK):
            yield
            return
        lock = FileLock(self.root / LOCK, timeout=PATIENCE, poll_interval=0.02)
        try:
            lock.acquire()
        except Timeout:
            raise VaultBusy(
                f"{self.root}: another backup or restore is at work: try again when it has ended"
            ) from None
        try:
            yield
        finally:
            lock.release()

    def generations(self) -> list[Generation]:
        """The backups that are whole, oldest first."""
        found = sorted((self.root / GENERATIONS).glob(f"*{LIST}"))
        names = [path.name.removesuffix(LIST) for path in found]
        return [Generation(self.root, name) for name in names if _NAME.fullmatch(name)]

    def lists(self) -> dict[Generation, Sums]:
        """What belongs to each, oldest first; without those whose lists are `unsound`."""
        found = {}
        for each in self.generations():
            with suppress(BadList):
                found[each] = each.sums()
        return found

    def unsound(self) -> list[str]:
        """The lists that are damaged, a line each."""
        problems = []
        for each in self.generations():
            try:
                each.sums()
            except BadList as error:
                problems.append(str(error))
        return problems

    def named(self, name: str) -> Generation:
        """A backup by its name; the newest for an empty one. Raises NoBackup."""
        there = self.generations()
        if not name and there:
            return there[-1]
        for each in there:
            if each.name == name:
                return each
        known = ", ".join(each.name for each in there) or "none"
        raise NoBackup(f"{self.root}: no backup {name}; there are: {known}")

    def begin(self, now: datetime) -> Generation:
        """A new one, newer than all others whatever the clock says. Raises CannotWrite."""
        newest = max((int(each.name[:6]) for each in self.generations()), default=0)
        fresh = Generation(self.root, f"{newest + 1:06}-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}")
        with writing(fresh.folder):
            make_folder(fresh.folder)
        return fresh

    def sweep(self) -> None:
        """Remove what a backup that was cut off has left half. Raises CannotWrite."""
        whole = {each.name for each in self.generations()}
        with writing(self.root):
            for folder in (self.root / GENERATIONS).iterdir():
                if folder.is_dir() and folder.name not in whole:
                    shutil.rmtree(folder)
            for path in self.root.rglob(f"*{NEW}"):
                path.unlink()


def identify(root: Path, identity: str) -> None:
    """Write down which home a directory is, or has the backups of. Raises CannotWrite."""
    if _identity(root) != identity:
        with writing(root / IDENTITY):
            replace(root / IDENTITY, f"{identity}\n")


def _identity(root: Path) -> str:
    try:
        return (root / IDENTITY).read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return ""
