"""Which day has which root and head, and which files of the archive its manifest covers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, func, insert, select, update

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
    stamp_next: str | None = None
    """SHA-256 of what the file with the stamp is to become: a kill may leave either."""
    promise_asked_at: str | None = None
    """When calendars were asked last what became of their promise."""
    proven_at: str | None = None
    """From when on the stamp is no promise any more; that of an authority never is one."""

    @property
    def promised(self) -> bool:
        """Whether the stamp is a calendar's promise, as far as is known."""
        return self.stamped_at is not None and self.proven_at is None


class SealedFile(NamedTuple):
    """An archive file that a manifest covers."""

    path: str
    """As the manifest names it."""
    day: str
    place: str
    """Where it lies, or what is left of it since something was erased from it."""


def add(connection: Connection, sealed: SealedDay, paths: Iterable[str]) -> None:
    """Write down a day's manifest and the files that it covers."""
    connection.execute(insert(manifests).values(asdict(sealed)))
    connection.execute(
        insert(manifest_files), [{"path": path, "day": sealed.day} for path in paths]
    )


def every(connection: Connection) -> list[SealedDay]:
    """All of them, by day."""
    rows = connection.execute(select(manifests).order_by(manifests.c.day))
    return [SealedDay(*row) for row in rows]


def sealed_as(connection: Connection, place: str) -> SealedFile | None:
    """What the file that lies there was sealed as; None: it is not sealed yet."""
    row = connection.execute(_FILES.where(_lying == place)).one_or_none()
    return SealedFile(*row) if row else None


def files(connection: Connection) -> list[SealedFile]:
    """Every file that a manifest covers."""
    return [SealedFile(*row) for row in connection.execute(_FILES)]


def erased(connection: Connection, sealed: SealedFile, place: str, digest: str) -> None:
    """Something was erased from a file: what is left of it lies there, and `digest` is that of the
    manifest's file, which says so.
    """
    connection.execute(
        update(manifest_files).where(manifest_files.c.path == sealed.path).values(lies_at=place)
    )
    connection.execute(update(manifests).where(manifests.c.day == sealed.day).values(digest=digest))


def stamped(connection: Connection, day: str, now: str, digest: str) -> None:
    """A day's head was stamped; `digest` is that of the file with the stamp."""
    connection.execute(
        update(manifests)
        .where(manifests.c.day == day)
        .values(stamped_at=now, stamp_digest=digest, stamp_error=None)
    )


def promises(connection: Connection) -> list[SealedDay]:
    """The days whose stamp is a promise, as far as is known, the oldest first."""
    wanted = manifests.c.stamped_at.is_not(None) & manifests.c.proven_at.is_(None)
    rows = connection.execute(select(manifests).where(wanted).order_by(manifests.c.day))
    return [SealedDay(*row) for row in rows]


def proven(connection: Connection, day: str, now: str) -> None:
    """The stamp of a day is none that somebody has yet to keep."""
    connection.execute(update(manifests).where(manifests.c.day == day).values(proven_at=now))


def asked(connection: Connection, day: str, now: str) -> None:
    """Calendars were asked what became of their promise."""
    connection.execute(update(manifests).where(manifests.c.day == day).values(promise_asked_at=now))


def to_become(connection: Connection, day: str, digest: str) -> None:
    """The file with a day's stamp is about to be written anew, with this SHA-256."""
    connection.execute(update(manifests).where(manifests.c.day == day).values(stamp_next=digest))


def became(connection: Connection, day: str) -> None:
    """It was."""
    connection.execute(
        update(manifests)
        .where(manifests.c.day == day, manifests.c.stamp_next.is_not(None))
        .values(stamp_digest=manifests.c.stamp_next, stamp_next=None)
    )


def not_stamped(connection: Connection, day: str, now: str, why: str) -> None:
    """A try to have a day's head stamped has failed."""
    connection.execute(
        update(manifests)
        .where(manifests.c.day == day)
        .values(stamp_error=why, stamp_tried_at=now, stamp_tries=manifests.c.stamp_tries + 1)
    )


_lying: ColumnElement[str] = func.coalesce(manifest_files.c.lies_at, manifest_files.c.path)
_FILES = select(manifest_files.c.path, manifest_files.c.day, _lying)
