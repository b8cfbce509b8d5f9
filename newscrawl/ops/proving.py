"""Proofs of single records, from the manifests and the archive."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

from newscrawl.archive import manifests as kept
from newscrawl.archive import merkle
from newscrawl.archive.described import CHANGED
from newscrawl.archive.errors import DamagedArchive, Problem
from newscrawl.archive.manifest import FIRST_LINE, Before, Manifest, head
from newscrawl.archive.manifest_lines import RecordLine
from newscrawl.archive.manifests import DamagedManifest
from newscrawl.archive.proof import Later, Proof, Stamp
from newscrawl.catalogue import manifests, snapshots
from newscrawl.catalogue.connection import Catalogue
from newscrawl.catalogue.manifests import SealedDay
from newscrawl.errors import NewscrawlError
from newscrawl.home import Home
from newscrawl.ops import chained
from newscrawl.ops.stamping import kept_stamp


class NotProven(NewscrawlError):
    """There is no proof of this record."""


def prove(home: Home, catalogue: Catalogue, record_id: str) -> Proof:
    """The proof of a capture: up to the first stamped head from its day on, since no later one says
    more of its time, unless it is but promised; to the newest head where none is stamped.

    Raises NotProven, and DamagedArchive or DamagedManifest for what is not as it was sealed.
    """
    with catalogue.read() as view:
        found = snapshots.place_of(view, record_id)
        sealed = manifests.sealed_as(view, found[0]) if found else None
        days = chained.every(view)
    if found is None:
        raise NotProven(f"{record_id}: no record that is held; `newscrawl show --json` names one")
    if sealed is None:
        raise NotProven(
            f"{record_id}: not sealed yet: when its day in Shanghai is over, the next run does it, "
            "or `newscrawl seal`"
        )
    manifest = kept.sound(home.manifests, sealed.day).manifest
    place, line = _line(home, manifest, sealed.path, record_id)
    reached = _reached(_from(days, sealed.day))
    later = [Later(each.day, each.root) for each in reached[1:]]
    _check_chain(home, manifest, reached)
    return Proof(
        line=line,
        path=merkle.path(manifest.leaves(), place),
        root=manifest.root,
        day=sealed.day,
        before=manifest.before.head if manifest.before else None,
        head=manifest.head,
        later=later,
        newest=reached[-1].head,
        stamp=_stamp(home, reached[-1]),
        member=_member(home, found[0], found[1].offset, line),
    )


def _line(home: Home, manifest: Manifest, path: str, record_id: str) -> tuple[int, RecordLine]:
    """The line of a record, and its place among all."""
    for section in manifest.sections():
        if section.file.path == path:
            for number, line in enumerate(section.lines(), section.number):
                if line.record_id == record_id and isinstance(line, RecordLine):
                    return number - FIRST_LINE, line
    where = kept.place(home.manifests, manifest.day)
    raise NotProven(f"{record_id}: {where} does not tell of it; run `newscrawl verify`")


def _member(home: Home, path: str, offset: int, line: RecordLine) -> bytes:
    file = home.snapshots / path
    try:
        with file.open("rb") as raw:
            raw.seek(offset)
            member = raw.read(line.length)
    except OSError as error:
        what = f"cannot be read: {error.strerror}"
        raise DamagedArchive(Problem(file, offset, line.record_id, what)) from error
    if sha256(member).hexdigest() != line.stored:
        raise DamagedArchive(Problem(file, offset, line.record_id, CHANGED))
    return member


def _from(days: Sequence[SealedDay], day: str) -> Sequence[SealedDay]:
    """A day, and those that follow it in the chain."""
    return days[[each.day for each in days].index(day) :]


def _reached(days: Sequence[SealedDay]) -> Sequence[SealedDay]:
    """The first of them, and those after it as far as a proof goes: to a stamp, better than to a
    calendar's promise.
    """
    ends = (
        next((place for place, day in enumerate(days) if day.proven_at), None),
        next((place for place, day in enumerate(days) if day.stamped_at), None),
    )
    last = next((place for place in ends if place is not None), len(days) - 1)
    return days[: last + 1]


def _check_chain(home: Home, manifest: Manifest, days: Sequence[SealedDay]) -> None:
    """Raises DamagedManifest where the catalogue's days do not follow from the manifest."""
    before = manifest.before
    for each in days:
        if head(each.day, each.root, before) != each.head:
            where = kept.place(home.manifests, each.day)
            raise DamagedManifest(where, None, "the catalogue knows another head of it")
        before = Before(each.day, each.head)


def _stamp(home: Home, sealed: SealedDay) -> Stamp | None:
    """The stamp of a day's head, as it was kept."""
    if sealed.stamped_at is None:
        return None
    if stamp := kept_stamp(home, sealed):
        return stamp
    where = home.manifests / sealed.day
    raise NotProven(f"{where}: its stamp is missing or changed; run `newscrawl verify`")
