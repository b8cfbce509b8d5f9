"""Where an index lies, whose it is, and which build of it is current.

`indexes/CURRENT` names the directory of the current build, so that a rebuild beside it is
swapped in by one rename. Opening a Whoosh index unpickles what is in it: an index is code, and
one that is not ours is refused before it is opened.
"""

from __future__ import annotations

import json
import re
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TypeVar

from newscrawl import settings
from newscrawl.durable import replace
from newscrawl.errors import NewscrawlError
from newscrawl.home import Home
from newscrawl.index import engines, seals
from newscrawl.index.checked import Checked
from newscrawl.index.damage import (
    REMEDY,
    IndexDamaged,
    IndexHindered,
    IndexUnusable,
    hindered,
)
from newscrawl.index.documents import WEIGHTS
from newscrawl.index.engine import Engine, Reader, Writer
from newscrawl.index.engines import Address
from newscrawl.index.reach import Reach
from newscrawl.index.seals import require_private
from newscrawl.text.segment import DICTIONARY

FORMAT = 5
T = TypeVar("T")
_NAME = re.compile(r"build-[0-9a-f]+")


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an index was built with; another value of any of these asks for a rebuild."""

    format: int
    engine: str
    dictionary: str
    weights: str

    @classmethod
    def of(cls, engine: Engine) -> Manifest:
        """What this version builds with."""
        made_by = f"{engine.name} {engine.version()}"
        return cls(FORMAT, made_by, DICTIONARY, json.dumps(WEIGHTS))


@dataclass(frozen=True, slots=True)
class Build:
    """One build of the index: a directory, and the engine that it is for."""

    directory: Path
    engine: Engine

    def reader(self, before: Reader | None = None) -> Reader:
        """Its newest committed state; `before`: see `Engine.reader`. Raises IndexUnusable."""
        with self.sound():
            return self.engine.reader(self.directory, before)

    def writer(self) -> Writer:
        """For writing; the caller holds the store's lock, or the build is not yet current.

        Raises IndexUnusable.
        """
        with self.sound():
            return self.engine.writer(self.directory)

    def mark(self) -> int:
        """The last sequence number that a search finds. Raises IndexUnusable."""
        return self.reached().mark

    def reached(self) -> Reach:
        """The same, and of which catalogue. Raises IndexUnusable."""
        with self.sound():
            return self.engine.reached(self.directory)

    def check(self) -> Checked:
        """Look at what was not looked at before, at all of it where it is doubted; what is sound.

        Raises IndexDamaged for a file that is not what was committed.
        """
        doubted = self.doubted
        checked = Checked(self.directory) if doubted else Checked.noted(self.directory)
        self._doubt.unlink(missing_ok=True)  # before the look: who doubts it meanwhile is heard
        with self.sound():
            file = next(self.engine.damaged(self.directory, checked), None)
            if file is None and doubted:
                file = next((name for name, _what in self.problems()), None)
            if file is not None:
                raise IndexDamaged.found(self.directory / file)
        return checked

    @property
    def doubted(self) -> bool:
        """Whether somebody met damage here since it was last looked at."""
        return self._doubt.exists()

    @property
    def _doubt(self) -> Path:
        return self.directory / "doubted"

    def damaged(self) -> Iterator[str]:
        """Names of files that are not what they were when they were committed."""
        return self.engine.damaged(self.directory)

    def problems(self) -> Iterator[tuple[str, str]]:
        """`(file, what is wrong with it)`, after a thorough look."""
        return self.engine.problems(self.directory)

    @contextmanager
    def sound(self) -> Iterator[None]:
        """Within this block the build is read or written.

        Raises IndexDamaged for what its damaged files make fail, IndexHindered for what the system
        refuses. Whatever else goes wrong is an error of ours, and stays what it is. Damage is noted
        here: the next indexer looks at everything.
        """
        try:
            with self._told():
                yield
        except IndexDamaged:
            with suppress(OSError):  # a place that may only be read, or that a rebuild has removed
                self._doubt.touch()
            raise

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except (NewscrawlError, MemoryError, KeyboardInterrupt, SystemExit, GeneratorExit):
            raise
        except BaseException as error:  # a panic of Tantivy's is no Exception
            self._tell(error)
            raise

    def _tell(self, error: BaseException) -> None:
        """Raises what an error means to a person; returns where it is a bug."""
        if not hindered(error):
            try:
                file = next(self.damaged(), None) if self.directory.exists() else None
            except OSError as refusal:
                raise IndexHindered.by(refusal, self.directory) from error
            if file is not None:
                raise IndexDamaged.by(error, self.directory / file) from error
        if isinstance(error, OSError):
            raise IndexHindered.by(error, self.directory) from error


class Store:
    """The builds under `indexes/`."""

    def __init__(self, root: Path, engine: str = "whoosh") -> None:
        self.root = root
        self._engine = engine

    @classmethod
    def of(cls, home: Home, address: str = "") -> Store:
        """The store at an address; without one, at that of the settings.

        Raises UsageError for an address of no engine.
        """
        wanted = Address.read(address or settings.INDEX)
        return cls(wanted.root(home), wanted.engine)

    @property
    def engine(self) -> Engine:
        """What new builds are made with. Raises UsageError where its library is missing."""
        return engines.engine(self._engine)

    @property
    def lock(self) -> Path:
        return self.root / "indexer.lock"

    @property
    def asked(self) -> Path:
        """Locked by whoever waits for the indexer to let go of the index."""
        return self.root / "rebuild.asked"

    @property
    def key(self) -> Path:
        """What our builds are sealed with; nobody else may read it."""
        return self.root / "key"

    def exists(self) -> bool:
        """Whether a build was ever made current."""
        return self._pointer.exists()

    def named(self) -> str:
        """The name of the current build's directory; empty before the first.

        Raises IndexUnusable where it cannot be read.
        """
        try:
            name = self._pointer.read_text(encoding="ascii", errors="replace").strip()
        except FileNotFoundError:
            return ""
        except OSError as error:
            raise IndexHindered.by(error, self._pointer) from error
        if not _NAME.fullmatch(name):
            raise IndexUnusable(f"{self._pointer}: names no index: {REMEDY}")
        return name

    def current(self) -> Build:
        """The current build, checked to be ours. Raises IndexUnusable with what to do."""
        if not self.exists():
            raise IndexUnusable(
                f"{self.root}: no index yet: crawl or import something, or {REMEDY}"
            )
        build = Build(self.root / self.named(), self.engine)
        if not build.directory.is_dir():
            raise IndexUnusable(f"{build.directory}: the current index is missing: {REMEDY}")
        self._require_own(build)
        return build

    def steady(self, look: Callable[[Build], T]) -> T:
        """What a look at the current build finds; a second look where a rebuild has taken its
        place, and removed it, meanwhile. Raises what `current` and `look` raise.
        """
        named = self.named()
        try:
            return look(self.current())
        except (IndexUnusable, FileNotFoundError):
            if self.named() == named:
                raise
        return look(self.current())

    def create(self) -> Build:
        """A new empty build, beside the current one. Where it raises, IndexUnusable for what the
        system refuses, it leaves nothing behind.
        """
        build = Build(self.root / f"build-{secrets.token_hex(4)}", self.engine)
        try:
            with build.sound():
                self._make(build)
        except BaseException:
            shutil.rmtree(build.directory, ignore_errors=True)
            raise
        return build

    def swap(self, build: Build) -> None:
        """Make a build current, durably, and remove every other."""
        replace(self._pointer, build.directory.name)
        for other in self.root.glob("build-*"):
            if other != build.directory:
                # Readers make files of SQLite's in it; what stays goes with the next swap.
                shutil.rmtree(other, ignore_errors=True)

    @property
    def _pointer(self) -> Path:
        return self.root / "CURRENT"

    def _manifest(self, build: Build) -> Path:
        return build.directory / "manifest.json"

    def _make(self, build: Build) -> None:
        self.root.chmod(0o700)
        build.directory.mkdir(mode=0o700)
        build.directory.chmod(0o700)
        build.engine.create(build.directory)
        content = json.dumps(asdict(Manifest.of(build.engine)), sort_keys=True)
        seal = seals.seal(self.key, content)
        replace(self._manifest(build), json.dumps({"content": content, "seal": seal}))

    def _require_own(self, build: Build) -> None:
        for directory in (self.root, build.directory):
            require_private(directory)
        try:
            manifest = json.loads(self._manifest(build).read_text(encoding="utf-8"))
            content, seal = str(manifest["content"]), str(manifest["seal"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise IndexUnusable(f"{build.directory}: no readable manifest: {REMEDY}") from error
        if not seals.fits(self.key, seal, content):
            raise IndexUnusable(
                f"{build.directory}: this index was made elsewhere, and opening it would run "
                f"what is in it: {REMEDY}"
            )
        if json.loads(content) != asdict(Manifest.of(build.engine)):
            raise IndexUnusable(
                f"{build.directory}: built by another version of newscrawl or for another engine "
                f"({json.loads(content)['engine']}): {REMEDY}"
            )
