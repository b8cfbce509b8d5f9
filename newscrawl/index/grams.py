"""The side table: which versions contain which pairs of characters.

Whoosh ranks by words, and words depend on where a segmenter cuts; pairs of characters do not.
So this table says which versions can contain a text, and it never misses one. Rows are
append-only and keyed by sequence number. It commits before Whoosh does, so a search that looks
only at what is live in its Whoosh generation sees one state of the two.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from newscrawl.text.grams import Gram

# The ascii tokenizer splits at blanks and takes every character beyond ASCII as it is, also
# those of Unicode blocks younger than SQLite's own tables.
_SCHEMA = """
CREATE VIRTUAL TABLE IF NOT EXISTS grams USING fts5(
    text, content='', columnsize=0, detail=none, tokenize='ascii');
CREATE TABLE IF NOT EXISTS progress(last INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS generations(generation INTEGER PRIMARY KEY, mark INTEGER NOT NULL);
"""

AddGrams = Callable[[int, Sequence[str]], None]
"""Appends the grams of a version, by its sequence number."""


class GramWriter:
    """The one writer of a side table."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None)
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = FULL")
        self._connection.executescript(_SCHEMA)

    @contextmanager
    def adding(self, generation: int, mark: int) -> Iterator[AddGrams]:
        """Append rows, and note at the end how far the coming Whoosh generation reaches.

        Rows that an interrupted commit has left are not written twice. Where the block raises,
        nothing is written.
        """
        execute = self._connection.execute
        execute("BEGIN IMMEDIATE")
        last = (execute("SELECT last FROM progress").fetchone() or (0,))[0]

        def add(seq: int, grams: Sequence[str]) -> None:
            if seq > last:
                execute("INSERT INTO grams(rowid, text) VALUES (?, ?)", (seq, " ".join(grams)))

        try:
            yield add
        except BaseException:
            execute("ROLLBACK")
            raise
        execute("DELETE FROM progress")
        execute("INSERT INTO progress VALUES (?)", (max(last, mark),))
        execute("INSERT OR REPLACE INTO generations VALUES (?, ?)", (generation, mark))
        execute("DELETE FROM generations WHERE generation < ?", (generation - 10,))
        execute("COMMIT")

    def close(self) -> None:
        self._connection.execute("INSERT INTO grams(grams) VALUES ('optimize')")
        self._connection.close()


class GramReader:
    """Looks up candidates in a side table."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
        # SQLite opens the file at the first query, and by then a rebuild may have removed it.
        self._connection.execute("SELECT last FROM progress").fetchone()

    def mark(self, generation: int) -> int:
        """The last sequence number that a Whoosh generation covers; 0 if it was never noted."""
        row = self._connection.execute(
            "SELECT mark FROM generations WHERE generation = ?", (generation,)
        ).fetchone()
        return row[0] if row else 0

    def containing(self, grams: Sequence[Gram], mark: str = "") -> set[int]:
        """Sequence numbers of the versions that contain all of the grams."""
        match = " AND ".join(f'"{mark}{gram.text}"{"*" * gram.prefix}' for gram in grams)
        rows = self._connection.execute("SELECT rowid FROM grams WHERE grams MATCH ?", (match,))
        return {row[0] for row in rows}

    def close(self) -> None:
        self._connection.close()
