"""Taking records out of the archive: file by file, so that it may end anywhere and be taken up.

At every moment the catalogue names a file that is there: the copy lies under its final name before
the catalogue does, and the old file goes after that.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime, timedelta

from newscrawl.archive import removals
from newscrawl.archive.check import check_file
from newscrawl.archive.errors import DamagedArchive
from newscrawl.archive.layout import archive_files, unfinished
from newscrawl.archive.reader import iterate
from newscrawl.archive.removals import Note, Removed
from newscrawl.archive.rewrite import (
    Unwanted,
    discard,
    dropped_members,
    fresh_name,
    rewrite,
)
from newscrawl.archive.stored import StoredRecord
from newscrawl.catalogue import erasure, manifests, owners
from newscrawl.catalogue.connection import Catalogue
from newscrawl.catalogue.withdrawn import Tombstone
from newscrawl.durable import sync
from newscrawl.home import Home
from newscrawl.ops import sealed, sealing, striking
from newscrawl.ops.locks import ErasureWaits, Locks
from newscrawl.ops.place import AlreadyRunning, seal_lock
from newscrawl.ops.purge import Purge
from newscrawl.text.dates import iso

EARLIER = timedelta(days=2)
"""How long before an article's day a file may have been begun that can have it: of the evening
before, and of a run that took long."""
_TEXTS = frozenset({"response", "resource", "revisit", "metadata", "conversion"})


class Remover:
    """Takes records out. For one thread."""

    def __init__(self, home: Home, catalogue: Catalogue, locks: Locks) -> None:
        self._home, self._catalogue, self._locks = home, catalogue, locks
        self.damaged: dict[str, DamagedArchive] = {}
        """Files that could not be read to their end, and are as they were."""
        self.busy: set[str] = set()
        """Papers of which a file is as it was, for they are crawled or imported."""

    def files(self, purge: Purge) -> list[str]:
        """The finished files that may have some of it."""
        with self._catalogue.read() as view:
            found = erasure.files_of(view, purge.records)
        if purge.since is not None and (purge.traces or purge.near):
            stamp = _stamp(purge.since)
            begun = [each for each in archive_files(self._home.snapshots) if each.name >= stamp]
            paths = (str(each.relative_to(self._home.snapshots)) for each in begun)
            found |= {each for each in paths if each.startswith(purge.within)}
        return sorted(self.there(found))

    def there(self, paths: Iterable[str]) -> set[str]:
        """Those of some files that are finished, and not lost."""
        return {each for each in paths if (self._home.snapshots / each).exists()}

    def take_out(self, purge: Purge, files: Iterable[str]) -> int:
        """How many records were taken out. Damaged files are passed over and named, and so are
        papers that are at work.

        First all files are looked at, and no crawl is kept waiting meanwhile. Raises ErasureWaits
        while a day is sealed, ArchiveError, also where the key lacks that signs what is taken out.
        """
        removals.require_key(self._home.root)
        count = 0
        for path in [each for each in files if self._has_some(each, purge)]:
            with self._passing_over(path):
                if self._take_lock(path):
                    count += self._take_out_of(path, purge)
        return count

    def open_files(self, paths: Iterable[str]) -> set[str]:
        """Those of some files that somebody writes, or has finished by now."""
        places = ((each, self._home.snapshots / each) for each in paths)
        return {each for each, file in places if unfinished(file).exists() or file.exists()}

    def _has_some(self, path: str, purge: Purge) -> bool:
        def unwanted(record: StoredRecord) -> bool:
            return self._is_unwanted(record, path, purge)

        with self._passing_over(path), suppress(FileNotFoundError):  # another erasure was faster
            return any(True for _each in dropped_members(self._home.snapshots / path, unwanted))
        return False

    def _take_lock(self, path: str) -> bool:
        """Whether nobody else writes of the paper of a file; nobody begins to meanwhile."""
        paper = path.partition("/")[0]
        if paper in self.busy:
            return False
        try:
            self._locks.take(paper)
        except ErasureWaits:
            self.busy.add(paper)
            return False
        return True

    @contextmanager
    def _passing_over(self, path: str) -> Iterator[None]:
        try:
            yield
        except DamagedArchive as damage:
            self.damaged[path] = damage

    def finish(self) -> None:
        """Bring to an end what was interrupted: forward where the catalogue has moved, else back.
        Papers that are at work are passed over and named.
        """
        with self._catalogue.read() as view:
            begun = erasure.rewritings(view)
        for each in begun:
            if not self._take_lock(each.path):
                continue
            discard(self._home.snapshots / (each.path if each.moved else each.fresh))
            with self._catalogue.write() as tx:
                erasure.end_rewriting(tx, each.path)

    def repoint(self) -> None:
        """Name the rewritten files where the catalogue, an older copy, names those before."""
        root = self._home.snapshots
        with self._catalogue.read() as view:
            there = (str(file.relative_to(root)) for file in archive_files(root))
            missing = erasure.missing_paths(view, there)
        successors = (
            {note.file: note for note in removals.notes(self._home.root)} if missing else {}
        )
        for path in sorted(missing & successors.keys()):
            self._repoint(path, _last(path, successors), successors)

    def _repoint(self, path: str, fresh: str, successors: Mapping[str, Note]) -> None:
        file = self._home.snapshots / fresh
        if not file.exists():
            return
        moved = {record.record_id: record.offset for record in iterate(file)}
        gone = [each.record_id for each in _records(path, successors)]
        with self._catalogue.write() as tx:
            erasure.move(tx, path, fresh, moved, gone)
            striking.repoint(self._home, tx, path, fresh, gone)

    def _take_out_of(self, path: str, purge: Purge) -> int:
        file = self._home.snapshots / path
        if not file.exists():
            return 0

        def unwanted(record: StoredRecord) -> bool:
            return self._is_unwanted(record, path, purge)

        records = [
            Removed(head.record_id, hashlib.sha256(stored).hexdigest())
            for head, stored in dropped_members(file, unwanted)
        ]
        if not records:
            return 0
        if purge.tombstone.legal_hold:
            # Read once more, for a file may be larger than the memory.
            members = (stored for _head, stored in dropped_members(file, unwanted))
            sealed.seal(self._home, self._catalogue, purge.tombstone.id, path, members)
        with self._unsealing():
            self._replace(path, purge.tombstone, records, unwanted)
        return len(records)

    def _replace(
        self, path: str, tombstone: Tombstone, gone: Sequence[Removed], unwanted: Unwanted
    ) -> None:
        root, fresh = self._home.snapshots, fresh_name(path)
        with self._catalogue.write() as tx:
            erasure.begin_rewriting(tx, path, fresh)
        rewritten = rewrite(root / path, root / fresh, unwanted)
        if problems := check_file(root / fresh).problems:
            raise DamagedArchive(problems[0])
        struck = striking.struck(
            self._home, self._catalogue, path, {each.record_id for each in gone}
        )
        leaves = struck.leaves if struck else {}
        note = Note(
            file=path,
            fresh=fresh,
            records=tuple(each._replace(leaf=leaves.get(each.record_id, "")) for each in gone),
            at=iso(datetime.now(UTC)),
            scope=tombstone.scope,
            category=tombstone.category,
            tombstone=tombstone.id,
        )
        removals.append(self._home.root, note)  # before: none is ever gone without a note
        digest = struck.write(self._home) if struck else ""
        with self._catalogue.write() as tx:
            erasure.move(tx, path, fresh, rewritten.moved, [each.record_id for each in gone])
            if struck:
                manifests.erased(tx, struck.file, fresh, digest)
        (root / path).unlink()
        sync((root / path).parent)
        with self._catalogue.write() as tx:
            erasure.end_rewriting(tx, path)

    @contextmanager
    def _unsealing(self) -> Iterator[None]:
        """Within it no day is sealed. Raises ErasureWaits, BeingRestored."""
        try:
            with seal_lock(self._home):
                sealing.take_up(self._home, self._catalogue)  # a killed one has sealed these files
                yield
        except AlreadyRunning:
            raise ErasureWaits(
                "a day is being sealed: shown and told to nobody already; run "
                "`newscrawl takedown --resume`, and the rest is done"
            ) from None

    def _is_unwanted(self, record: StoredRecord, path: str, purge: Purge) -> bool:
        if record.record_id in purge.records:
            return True
        if record.type not in _TEXTS or not purge.is_named_in(record, path):
            return False
        with self._catalogue.read() as view:
            others = owners.of_held(view, [record.record_id])
        if others:
            purge.quoted[record.record_id] = path
        return not others


def _stamp(day: str) -> str:
    """With which the names of files begin that were begun then."""
    try:
        return f"{date.fromisoformat(day) - EARLIER:%Y%m%d}"
    except (ValueError, OverflowError):
        return ""


def _last(path: str, successors: Mapping[str, Note]) -> str:
    """The file in which all that is left of a file is now."""
    while path in successors:
        path = successors[path].fresh
    return path


def _records(path: str, successors: Mapping[str, Note]) -> Iterator[Removed]:
    """What was taken out of a file, and of those that took its place."""
    while path in successors:
        yield from successors[path].records
        path = successors[path].fresh
