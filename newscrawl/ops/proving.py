"""Proofs of single records, from the manifests and the archive."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterable, Sequence
from hashlib import sha256

from newscrawl.archive import manifests as kept
from newscrawl.archive import merkle
from newscrawl.archive.described import CHANGED
from newscrawl.archive.errors import DamagedArchive, Problem
from newscrawl.archive.manifest import FIRST_LINE, Before, Manifest, head
from newscrawl.archive.manifest_lines import RecordLine
from newscrawl.archive.manifests import DamagedManifest
from newscrawl.archive.members import members
from newscrawl.archive.proof import Later, Proof, Stamp
from newscrawl.catalogue import manifests, snapshots
from newscrawl.catalogue.connection import Catalogue
from newscrawl.catalogue.covered_captures import is_covered
from newscrawl.catalogue.manifests import SealedDay, SealedFile
from newscrawl.catalogue.withdrawn import TakenDown
from newscrawl.errors import NewscrawlError
from newscrawl.home import Home
from newscrawl.ops import chained
from newscrawl.ops.stamping import kept_stamp


class NotProven(NewscrawlError):
    """There is no proof of this record."""


_NOT_SEALED = (
    "not sealed yet: when its day in Shanghai is over, the next run does it, or `newscrawl seal`"
)
_UNKNOWN = (
    "in no manifest, and no capture that is held: `newscrawl show --json` names those of an "
    "article; a request is sealed with its answer, when their day in Shanghai is over"
)
_ANSWER = re.compile(rb"^WARC-Concurrent-To: (<[^>]+>)\r?$", re.MULTILINE)


def prove(home: Home, catalogue: Catalogue, record_id: str) -> Proof:
    """The proof of a record that a manifest has, also of a request: up to the first stamped head
    from its day on, since no later one says more of its time, unless it is but promised; to the
    newest head where none is stamped.

    Raises NotProven, TakenDown, and DamagedArchive or DamagedManifest for what is not as it was
    sealed.
    """
    with catalogue.read() as view:
        found = snapshots.place_of(view, record_id)
        sealed = manifests.sealed_as(view, found[0]) if found else None
        files = [] if found else manifests.files(view)
        days = chained.every(view)
    if found is None:  # the catalogue knows captures alone
        sealed = _listing(home, files, record_id)
    if sealed is None:
        raise NotProven(f"{record_id}: {_NOT_SEALED if found else _UNKNOWN}")
    manifest = kept.sound(home.manifests, sealed.day).manifest
    place, line = _line(home, manifest, sealed.path, record_id)
    offset = found[1].offset if found else _offset(home, sealed.place, line)
    member = _member(home, sealed.place, offset, line)
    _refuse_covered(catalogue, record_id, member)
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
        member=member,
    )


def _listing(home: Home, files: Iterable[SealedFile], record_id: str) -> SealedFile | None:
    """The sealed file whose manifest has a line of this record; None: no manifest has one."""
    places = {each.path: each for each in files}
    for day in sorted({each.day for each in places.values()}):
        manifest = kept.read(home.manifests, day).manifest
        for section in manifest.sections():
            if any(record_id in row.split(" ", 3)[1:3] for row in section.rows):
                return places.get(section.file.path)
    return None


def _offset(home: Home, path: str, line: RecordLine) -> int:
    """Where a record lies in its file: after an erasure no manifest tells."""
    file = home.snapshots / path
    named = f"WARC-Record-ID: {line.record_id}\r\n".encode()
    for member in members(file):
        if named in member.data.partition(b"\r\n\r\n")[0] + b"\r\n":
            return member.offset
    raise DamagedArchive(Problem(file, 0, line.record_id, "the record is missing"))


def _refuse_covered(catalogue: Catalogue, record_id: str, member: bytes) -> None:
    """A request is shown where its answer is. Raises TakenDown."""
    head = gzip.decompress(member).partition(b"\r\n\r\n")[0]
    answer = _ANSWER.search(head)
    with catalogue.read() as view:
        if is_covered(view, answer[1].decode() if answer else record_id):
            raise TakenDown(f"{record_id}: taken down: see `newscrawl takedown --list`")


def _line(home: Home, manifest: Manifest, path: str, record_id: str) -> tuple[int, RecordLine]:
    """The line of a record, and its place among all."""
    for section in manifest.sections():
        if section.file.path == path:
            for number, line in enumerate(section.lines(), section.number):
                if line.record_id == record_id:
                    if isinstance(line, RecordLine):
                        return number - FIRST_LINE, line
                    raise NotProven(f"{record_id}: erased: its leaf alone is left")
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
