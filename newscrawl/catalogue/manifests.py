"""Which day has which root and head, and which files of the archive its manifest covers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass

from sqlalchemy import Connection, insert, select, update

from newscrawl.catalogue.schema import manifest_files, manifests


@dataclass(frozen=True, slots=True)
class SealedDay:
    """A day's manifest, as the catalogue knows it."""

    day: str
    root: str
    head: str
    digest: str
    """SHA-256 of the manifest's file, 64 hexadecimal digits."""
    made_at: str
    """ISO 8601, UTC."""
    stamped_at: str | None = None
    stamp_digest: str | None = None
    """SHA-256 of the file with the stamp, 64 hexadecimal digits."""
    stamp_tries: int = 0
    """Failed ones since it was sealed."""
    stamp_tried_at: str | None = None
    """The last time that it failed."""
    stamp_error: str | None = None
    """Of the last try, where it failed."""


def add(connection: Connection, sealed: SealedDay, paths: Iterable[str]) -> None:
    """Write down a day's manifest and the files that it covers."""
    connection.execute(insert(manifests).values(asdict(sealed)))
    connection.execute(
        insert(manifest_files), [{"path": path, "day": sealed.day} for path in paths]
    )


def every(connection: Connection) -> list[SealedDay]:
    """All of them, the oldest first."""
    rows = connection.execute(select(manifests).order_by(manifests.c.day))
    return [SealedDay(*row) for row in rows]


def newest(connection: Connection) -> SealedDay | None:
    """The last of the chain."""
    wanted = select(manifests).order_by(manifests.c.day.desc()).limit(1)
    row = connection.execute(wanted).one_or_none()
    return SealedDay(*row) if row else None


def day_of(connection: Connection, path: str) -> str | None:
    """The day whose manifest covers a file; None: it is not sealed yet."""
    return connection.scalar(select(manifest_files.c.day).where(manifest_files.c.path == path))


def files(connection: Connection) -> dict[str, str]:
    """The day of every file that a manifest covers."""
    rows = connection.execute(select(manifest_files.c.path, manifest_files.c.day))
    return {path: day for path, day in rows}


def stamped(connection: Connection, day: str, now: str, digest: str) -> None:
    """A day's head was stamped; `digest` is that of the file with the stamp."""
    connection.execute(
        update(manifests)
        .where(manifests.c.day == day)
        .values(stamped_at=now, stamp_digest=digest, stamp_error=None)
    )


def not_stamped(connection: Connection, day: str, now: str, why: str) -> None:
    """A try to have a day's head stamped has failed."""
    connection.execute(
        update(manifests)
        .where(manifests.c.day == day)
        .values(stamp_error=why, stamp_tried_at=now, stamp_tries=manifests.c.stamp_tries + 1)
    )
