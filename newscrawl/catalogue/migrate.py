"""Brings a catalogue file to this version's schema, once, whoever comes first."""

from __future__ import annotations

from pathlib import Path

from filelock import FileLock
from sqlalchemy import Connection, Engine, inspect, text

from newscrawl.catalogue import placement, sqlite
from newscrawl.errors import NewscrawlError

REVISIONS = tuple(f"{number:04}" for number in range(1, 14))
"""Every revision this version knows, oldest first; the last is the one it works with."""


class NewerSchema(NewscrawlError):
    """The catalogue was written by a later newscrawl."""


def revision_of(connection: Connection) -> str | None:
    """The schema revision of a catalogue; None for an empty database."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    revision: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return revision


def migrate(engine: Engine, path: Path) -> None:
    """Make the schema current; does nothing, cheaply, when it is.

    Two processes that begin together would collide and a kill half-way would leave a broken
    file, so: one lock, a second look, a copy, and one transaction with the version row in it.
    """
    if _is_current(engine, path):
        return
    with FileLock(f"{path}.migrating"):
        if _is_current(engine, path):
            return
        with engine.connect() as connection:
            before = revision_of(connection)
        if before is not None:
            sqlite.back_up(path, path.with_suffix(f".before-{REVISIONS[-1]}.db"))
        with engine.connect().execution_options(writes=True) as connection, connection.begin():
            _upgrade(connection)
            if before == "0001":  # until then only equal bodies were one story
                placement.judge_all(connection)


def _is_current(engine: Engine, path: Path) -> bool:
    with engine.connect() as connection:
        revision = revision_of(connection)
    if revision is not None and revision not in REVISIONS:
        raise NewerSchema(
            f"{path}: its schema {revision} is newer than this newscrawl ({REVISIONS[-1]}): "
            "upgrade newscrawl, or point NEWSCRAWL_HOME at another directory"
        )
    return revision == REVISIONS[-1]


def _upgrade(connection: Connection) -> None:
    # Alembic costs 0.2 s to import and is needed once in the life of a catalogue.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "newscrawl.catalogue:migrations")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
