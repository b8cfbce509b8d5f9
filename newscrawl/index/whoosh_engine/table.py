"""A SQLite file, and what its errors mean: damage, a system that refuses, or an error of ours."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Literal

from newscrawl.index.damage import IndexDamaged, IndexHindered

TABLES = frozenset({"grams", "progress", "dead", "names"})
_PRIMARY = 0xFF
"""Of an extended code of SQLite's."""
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_FORMAT}
_UNREAD = {sqlite3.SQLITE_IOERR_READ, sqlite3.SQLITE_IOERR_SHORT_READ}
_OURS = {sqlite3.SQLITE_ERROR, sqlite3.SQLITE_CONSTRAINT, sqlite3.SQLITE_MISMATCH}
"""A wrong statement, unless the table that it is about is damaged."""


class Table:
    """A connection. Raises IndexDamaged and IndexHindered."""

    def __init__(self, path: Path, mode: Literal["ro", "rw", "rwc"]) -> None:
        self._path = path
        address = f"{path.absolute().as_uri()}?mode={mode}"
        with self._told():
            self._connection = sqlite3.connect(address, uri=True, isolation_level=None)

    @property
    def in_transaction(self) -> bool:
        return self._connection.in_transaction

    @property
    def changes(self) -> int:
        """How many rows were changed since it was opened."""
        return self._connection.total_changes

    def rows(self, statement: str, values: Sequence[Any] = ()) -> list[Any]:
        """All that a statement gives."""
        with self._told():
            return self._connection.execute(statement, values).fetchall()

    def number(self, statement: str) -> int:
        """The one number that a statement gives; 0 where it gives none."""
        return int(next(iter(self.rows(statement)), (0,))[0])

    def run_each(self, statement: str, values: Iterable[Sequence[Any]]) -> None:
        """Run a statement with every one of the values."""
        with self._told():
            self._connection.executemany(statement, values)

    def run_script(self, statements: str) -> None:
        with self._told():
            self._connection.executescript(statements)

    def close(self) -> None:
        with self._told():
            self._connection.close()

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.OperationalError as error:
            if not hasattr(error, "sqlite_errorcode"):  # text that is not UTF-8
                raise IndexDamaged.by(error, self._path) from error
            self._tell(error)
            raise
        except sqlite3.DatabaseError as error:
            self._tell(error)
            raise

    def _tell(self, error: sqlite3.DatabaseError) -> None:
        """Raises what an error means; returns where it is ours."""
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_MISUSE)
        kind = code & _PRIMARY
        if kind == sqlite3.SQLITE_MISUSE:
            return
        gone = kind == sqlite3.SQLITE_CANTOPEN and not self._path.exists()
        if gone or kind in _DAMAGED or code in _UNREAD:
            raise IndexDamaged.by(error, self._path) from error
        if kind not in _OURS:
            raise IndexHindered.by(error, self._path) from error
        if problems(self._path):
            raise IndexDamaged.by(error, self._path) from error


def sound(path: Path) -> bool:
    """Whether SQLite finds all tables there, and its pages in order. Raises IndexHindered."""
    try:
        with closing(Table(path, "ro")) as table:
            held = {name for (name,) in table.rows("SELECT name FROM sqlite_schema")}
            return held >= TABLES and table.rows("PRAGMA integrity_check(1)") == [("ok",)]
    except IndexDamaged:
        return False


def problems(path: Path) -> list[str]:
    """What SQLite's own check says, and which tables are missing; empty for a sound file."""
    address = f"{path.absolute().as_uri()}?mode=ro"
    try:
        with closing(sqlite3.connect(address, uri=True)) as connection:
            rows = [row[0] for row in connection.execute("PRAGMA integrity_check(10)")]
            held = {row[0] for row in connection.execute("SELECT name FROM sqlite_schema")}
    except sqlite3.DatabaseError as error:
        return [str(error)]
    missing = [f"no table {name}" for name in sorted(TABLES - held)]
    return [row for row in rows if row != "ok"] + missing
