"""The side table of a part: which versions contain which runs of grams.

Whoosh ranks by words, and words depend on where a segmenter cuts; pairs of neighbouring characters
do not. They stand here in order, in an FTS5 table that keeps no text, so that a run of characters
is found exactly and no text has to be read. Rows are append-only and keyed by sequence number.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing
from functools import lru_cache, partial
from pathlib import Path

import numpy as np

from newscrawl.index.damage import IndexDamaged
from newscrawl.index.engine import Stop
from newscrawl.index.plan import Column
from newscrawl.index.whoosh_engine.arrays import Numbers
from newscrawl.index.whoosh_engine.table import Table

STEP_PAGES = 256
"""Written in one step of what can be stopped: a megabyte, some 20 ms."""
GROWN = 1.25
"""Times the size when it was last tidied."""
IDLE_SPACE = 0.25
"""Of the file; less is filled by what comes next."""
COLUMNS: tuple[Column, ...] = ("headline", "around", "body", "source", "author")

REMEMBERED = 8
"""Answers that are kept: one search asks for the same again to order, to count and to verify. What
is committed later does not concern a reader, so that they stay true.
"""

# The ascii tokenizer splits at blanks and takes every character beyond ASCII as it is, also
# those of Unicode blocks younger than SQLite's own tables.
_SCHEMA = f"""
CREATE VIRTUAL TABLE grams USING fts5(
    {", ".join(COLUMNS)}, content='', columnsize=0, detail=full, tokenize='ascii');
CREATE TABLE progress(last INTEGER NOT NULL);
CREATE TABLE dead(seq INTEGER NOT NULL, newer INTEGER NOT NULL,
    PRIMARY KEY (seq, newer)) WITHOUT ROWID;
CREATE TABLE names(code INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE);
"""
_INSERT = f"INSERT INTO grams(rowid, {', '.join(COLUMNS)}) VALUES (?{', ?' * len(COLUMNS)})"  # noqa: S608


_VOCABULARY = "CREATE VIRTUAL TABLE temp.vocabulary USING fts5vocab(main, grams, row)"


def create(path: Path) -> None:
    """Make an empty side table."""
    table = Table(path, "rwc")
    table.rows("PRAGMA auto_vacuum = INCREMENTAL")
    table.rows("PRAGMA journal_mode = WAL")
    table.run_script(_SCHEMA)
    table.close()


def problems(path: Path) -> list[str]:
    """What shows when every list of a side table is read; empty for a sound one.

    SQLite's own check looks at its pages, and not into what FTS5 has put there.
    """
    try:
        with closing(Table(path, "ro")) as table:
            table.rows(_VOCABULARY)
            table.rows("SELECT sum(cnt) FROM temp.vocabulary")
    except IndexDamaged as damage:
        return [damage.what]
    return []


class GramWriter:
    """The one writer of a side table. What is added becomes visible at `commit`."""

    def __init__(self, path: Path) -> None:
        self._last = 0
        self._codes: dict[str, int] = {}
        self._table = Table(path, "rw")
        self._table.rows("PRAGMA synchronous = FULL")
        self._read()

    def add(
        self, seq: int, lines: dict[Column, str], replaces: Iterable[int], texts: Iterable[str]
    ) -> dict[str, int]:
        """Append a version that was not yet appended; the codes of its texts."""
        self._begin()
        if seq > self._last:
            self._table.rows(_INSERT, (seq, *(lines.get(name) for name in COLUMNS)))
            self._table.run_each(
                "INSERT OR IGNORE INTO dead VALUES (?, ?)", [(older, seq) for older in replaces]
            )
        return {text: self._code(text) for text in texts}

    def commit(self, mark: int) -> None:
        """Make what was added visible; versions up to the mark will not be appended again."""
        self._begin()
        self._last = max(self._last, mark)
        self._table.rows("DELETE FROM progress")
        self._table.rows("INSERT INTO progress VALUES (?)", (self._last,))
        self._table.rows("COMMIT")

    def cancel(self) -> None:
        """Forget what was added."""
        if self._table.in_transaction:
            self._table.rows("ROLLBACK")
            self._read()

    def close(self) -> None:
        self.cancel()
        self._table.close()

    def tidy(self, stop: Stop | None = None) -> None:
        """Merge what the table has in pieces; with `stop` in steps, until it says so.

        In steps all of it is merged only when it has grown by a quarter since: what an index takes
        in a day is not to cost what a quarter of a year takes.
        """
        self.cancel()
        if stop is None:
            self._table.rows("INSERT INTO grams(grams) VALUES ('optimize')")
            self._table.rows("VACUUM")  # merged pieces leave as much behind, empty
            self._note_tidied()
            return
        all_of_it = self._used() >= GROWN * self._table.number("PRAGMA user_version")
        if self._merged(stop, all_of_it=all_of_it) and all_of_it:
            self._note_tidied()
        if self._free() > IDLE_SPACE * self._table.number("PRAGMA page_count"):
            self._give_back(stop)

    def _merged(self, stop: Stop, *, all_of_it: bool) -> bool:
        """Merge in steps; whether it came to its end."""
        pages = -STEP_PAGES if all_of_it else STEP_PAGES  # negative: what is in pieces, all of it
        while not stop():
            before = self._table.changes
            self._table.rows("INSERT INTO grams(grams, rank) VALUES ('merge', ?)", (pages,))
            if self._table.changes - before < 2:  # as SQLite says that nothing was left to do
                return True
            pages = STEP_PAGES
        return False

    def _give_back(self, stop: Stop) -> None:
        """Make the file smaller by the pages that are empty."""
        left = self._free() + 1
        while not stop() and 0 < self._free() < left:
            left = self._free()
            self._table.rows(f"PRAGMA incremental_vacuum({STEP_PAGES})")

    def _note_tidied(self) -> None:
        self._table.rows(f"PRAGMA user_version = {self._used()}")

    def _used(self) -> int:
        """Pages that hold something."""
        return self._table.number("PRAGMA page_count") - self._free()

    def _free(self) -> int:
        return self._table.number("PRAGMA freelist_count")

    def _begin(self) -> None:
        if not self._table.in_transaction:
            self._table.rows("BEGIN IMMEDIATE")

    def _code(self, text: str) -> int:
        code = self._codes.get(text)
        if code is None:
            code = self._codes[text] = len(self._codes)
            self._table.rows("INSERT INTO names VALUES (?, ?)", (code, text))
        return code

    def _read(self) -> None:
        self._last = self._table.number("SELECT last FROM progress")
        self._codes = {
            text: code for code, text in self._table.rows("SELECT code, text FROM names")
        }


class GramReader:
    """Looks up what a side table has, later commits among it: rows only come, and never change.

    No transaction is held from one question to the next. A reader may be open for hours, and
    until it let go SQLite could not take the log of its writes back into the file.
    """

    def __init__(self, path: Path) -> None:
        self._table = Table(path, "ro")
        # SQLite opens the file at the first question, and by then a rebuild may have removed it.
        rows = self._table.rows("SELECT code, text FROM names ORDER BY code")
        self.names = [text for _code, text in rows]
        """Texts by their codes."""
        self.matching = lru_cache(REMEMBERED)(partial(_matching, self._table))
        """Sequence numbers of the versions that match an expression of FTS5, ascending."""

    def dead(self) -> Numbers:
        """`(seq, newer)`: versions, and those by which they were replaced."""
        rows = self._table.rows("SELECT seq, newer FROM dead")
        return np.array(rows, np.int64).reshape(-1, 2)

    def close(self) -> None:
        self._table.close()


def _matching(table: Table, expression: str) -> Numbers:
    # One text instead of a row for each: a fifth of the time.
    [(found,)] = table.rows(
        "SELECT group_concat(rowid) FROM grams WHERE grams MATCH ?", (expression,)
    )
    return np.fromstring(found or "", np.int64, sep=",")
