"""Opening the catalogue, reading from it, writing to it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeAlias

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DatabaseError

from newscrawl.catalogue import sqlite, tombstone_file
from newscrawl.catalogue.migrate import migrate
from newscrawl.errors import NewscrawlError
from newscrawl.home import Home

Transaction: TypeAlias = Connection
"""What a reading or writing function of the catalogue is given."""


class CatalogueError(NewscrawlError):
    """The catalogue cannot be opened, read or written."""


class Catalogue:
    """The SQL truth about editions, articles and their versions.

    Shared by the threads of a process; each `read` or `write` takes its own connection.
    """

    def __init__(self, engine: Engine, path: Path) -> None:
        self._engine = engine
        self.path = path
        self._viewed = threading.local()

    @classmethod
    def open(cls, path: Path) -> Catalogue:
        """Open the catalogue, creating or migrating it first.

        Raises CatalogueError where the file cannot be used, NewerSchema where it is too new, and
        TombstonesUnreadable.
        """
        with _explained(path):
            engine = sqlite.connect(path)
            migrate(engine, path)
        made = cls(engine, path)
        made._bury()
        return made

    @classmethod
    def existing(cls, path: Path) -> Catalogue:
        """Open a catalogue that something was collected into. Raises CatalogueError elsewhere."""
        with _explained(path):
            there = path.exists()
        if not there:
            raise CatalogueError(missing(Home(path.parent)))
        return cls.open(path)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """One consistent view; never waits for a writer."""
        held: Connection | None = getattr(self._viewed, "connection", None)
        if held is not None:
            with _explained(self.path):
                yield held
            return
        with _explained(self.path), self._engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def view(self) -> Iterator[None]:
        """Within it, whatever this thread reads is one view, and costs one transaction."""
        with self.read() as connection:
            before = getattr(self._viewed, "connection", None)
            self._viewed.connection = connection
            try:
                yield
            finally:
                self._viewed.connection = before

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One transaction with the write lock, waited for; rolled back if the block raises."""
        with _explained(self.path), self._engine.connect() as connection:
            writer = connection.execution_options(writes=True)
            with writer.begin():
                yield writer

    def back_up(self, target: Path) -> None:
        """Copy it to a new file, as it is at this moment; nobody waits for that.

        Raises CatalogueError.
        """
        try:
            sqlite.back_up(self.path, target)
        except sqlite.CannotCopy as error:
            raise CatalogueError(
                f"{target}: the catalogue cannot be copied ({error}): free space there, or run "
                "`newscrawl doctor`"
            ) from error

    def scrub(self) -> None:
        """Leave nothing in the file of what was deleted. Raises CatalogueError while others read
        it for long.
        """
        with _explained(self.path):
            self._engine.dispose()
            if not sqlite.scrub(self.path):
                raise CatalogueError(
                    f"{self.path}: others read it, so that what was erased is still in its log: "
                    "`newscrawl takedown --resume` once they have ended"
                )

    def copies(self) -> list[Path]:
        """Those that migrations, and restores that were killed, have left beside it."""
        left = self.path.parent.glob(f"{self.path.stem}.before-*")
        return sorted([*left, *half_restored(self.path)])

    def close(self) -> None:
        self._engine.dispose()

    def _bury(self) -> None:
        """What was taken down stays so, also where this is an older copy."""
        with self.read() as view:
            known = tombstone_file.is_known(view, self.path)
        if not known:
            with self.write() as tx:
                tombstone_file.follow(tx, self.path)


def missing(home: Home) -> str:
    """What is to be said of a home without a catalogue, and what to do: it was never made, or it
    is lost.
    """
    if any(home.snapshots.glob("*/*/*.warc.gz*")):
        return (
            f"{home.catalogue}: missing, and there is an archive beside it: `newscrawl restore` a "
            "backup; without one, crawl, and `newscrawl doctor --repair` catalogues the archive"
        )
    return (
        f"{home.root}: nothing collected yet: run `scrapy crawl PAPER`, or `newscrawl import FILE`"
    )


def to_restore(path: Path) -> Path:
    """Where a copy lies that is about to take the place of a catalogue."""
    return path.with_name(f"{path.name}.restored")


def half_restored(path: Path) -> list[Path]:
    """What restores that were killed have left beside it."""
    copy = to_restore(path)
    return [each for each in (copy, copy.with_name(f"{copy.name}.new")) if each.exists()]


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    try:
        yield
    except (DatabaseError, OSError) as error:
        cause = getattr(error, "orig", None) or error
        raise CatalogueError(
            f"{path}: {cause}: check free space and permissions, then run `newscrawl doctor`"
        ) from error
