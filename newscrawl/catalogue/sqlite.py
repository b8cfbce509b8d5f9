"""What SQLite needs specially. No other module of the catalogue knows which database it is."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import URL, ColumnElement, Connection, Engine, create_engine, event, func
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.pool import ConnectionPoolEntry

from newscrawl.durable import sync

BUSY_SECONDS = 60

_PRAGMAS = (
    f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}",
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
)


class CannotOpen(Exception):
    """Whether the database is sound is not known."""


class CannotCopy(OSError):
    """A copy could not be written, or the database not read."""


def connect(path: Path) -> Engine:
    """An engine on a file, whose writing transactions take the write lock at their beginning.

    Where another file has taken the place of that, the next transaction is of the other.

    A transaction that reads first and writes later fails at once when another has written in
    between, whatever the busy timeout; so a writer says so with `execution_options(writes=True)`.
    """
    _unlock(path)
    engine = create_engine(
        URL.create("sqlite", database=_address(path, "rwc"), query={"uri": "true"}),
        connect_args={"check_same_thread": False},
        json_serializer=partial(json.dumps, ensure_ascii=False),
    )

    @event.listens_for(engine, "do_connect")
    def identify(
        _dialect: object, entry: ConnectionPoolEntry, _args: object, _words: object
    ) -> None:
        # Before it is opened: another that takes its place meanwhile is told from it.
        entry.info["file"] = _file(path)

    @event.listens_for(engine, "connect")
    def configure(connection: Any, entry: ConnectionPoolEntry) -> None:
        connection.isolation_level = None
        for pragma in _PRAGMAS:
            connection.execute(pragma)
        entry.info["file"] = entry.info["file"] or _file(path)  # made by this connection

    @event.listens_for(engine, "checkout")
    def check(_connection: Any, entry: ConnectionPoolEntry, _proxy: object) -> None:
        if (now := _file(path)) and now != entry.info["file"]:
            raise DisconnectionError  # a backup was put back: another connection is made

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _file(path: Path) -> tuple[int, int] | None:
    """Tells the file of that name from one that takes its place; None where there is none."""
    try:
        status = path.stat()
    except FileNotFoundError:
        return None
    return status.st_dev, status.st_ino


def is_json(column: ColumnElement[Any]) -> ColumnElement[bool]:
    """Whether what a column of JSON holds is any: SQLite takes whatever is written there."""
    return func.json_valid(column) == 1


def is_of_a_row(error: BaseException | None) -> bool:
    """Whether what a row holds is at fault: a text that is not UTF-8, or JSON that is none.

    Of the first there is no code, for SQLite has not failed.
    """
    if not isinstance(error, sqlite3.OperationalError):
        return False
    return not hasattr(error, "sqlite_errorcode") or str(error) == "malformed JSON"


def back_up(path: Path, target: Path) -> None:
    """A consistent copy of the database, one file, taken while others may use it.

    Raises CannotCopy.
    """
    try:
        with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(target)) as copy:
            source.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")
        shutil.copymode(path, target)
    except (sqlite3.Error, OSError) as error:
        raise CannotCopy(str(error)) from error


def put_back(copy: Path, path: Path) -> None:
    """Have a copy take the database's place; nobody else may have that open.

    Raises OSError.
    """
    for log in ("wal", "shm"):  # of the one that goes: SQLite would read them into the copy
        path.with_name(f"{path.name}-{log}").unlink(missing_ok=True)
    copy.replace(path)
    sync(path.parent)


@contextmanager
def resting(path: Path) -> Iterator[Connection]:
    """A database that nobody writes to, for reading; no file is made beside it."""
    address = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
    engine = create_engine(URL.create("sqlite", database=address, query={"uri": "true"}))
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


def scrub(path: Path, seconds: float = BUSY_SECONDS) -> bool:
    """Write the database anew without what was deleted, and empty its log; False where somebody
    has read it all the time, so that the log could not be emptied.
    """
    with closing(sqlite3.connect(path, timeout=seconds, isolation_level=None)) as connection:
        connection.execute("PRAGMA secure_delete = ON")
        connection.execute("VACUUM")
        busy, _log, _checkpointed = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return not busy


def problems(path: Path) -> list[str]:
    """What SQLite's own integrity check says; empty for a sound database.

    Raises CannotOpen for a file that cannot be looked at.
    """
    try:
        with closing(sqlite3.connect(_address(path, "ro"), uri=True)) as connection:
            rows = [row[0] for row in connection.execute("PRAGMA integrity_check(10)")]
    except sqlite3.OperationalError as error:
        raise CannotOpen(str(error)) from error
    except sqlite3.DatabaseError as error:
        return [str(error)]
    return [row for row in rows if row != "ok"]


def _unlock(path: Path) -> None:
    """Let the files beside the database be written to where it is itself.

    SQLite makes them with its mode: whoever has read it while it was not to be written has left
    some that keep everybody from writing when it is again.
    """
    for log in (path.with_name(f"{path.name}-{each}") for each in ("wal", "shm")):
        try:
            mode, its = (stat.S_IMODE(each.stat().st_mode) for each in (path, log))
            if mode & stat.S_IWUSR and not its & stat.S_IWUSR:
                log.chmod(mode)
        except (FileNotFoundError, PermissionError):
            continue  # not there, or another's: SQLite says what is wrong


def _address(path: Path, mode: str) -> str:
    """The file as SQLite is to open it.

    For reading too it makes files beside the database, which it need not where nobody writes: so
    a database can be read in a folder that we may not write to, with no changes left in a log.
    """
    log = path.with_name(f"{path.name}-wal")
    frozen = path.exists() and not os.access(path.parent, os.W_OK)
    if frozen and not (log.exists() and log.stat().st_size):
        mode = "ro&immutable=1"
    return f"{path.absolute().as_uri()}?mode={mode}"
