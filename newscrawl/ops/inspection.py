"""One archive file, judged by its manifest where it has one, and by what stands in it elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence, Set
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from newscrawl.archive import removals
from newscrawl.archive.described import (
    Described,
    described,
    has_what_is_erased,
    is_as_sealed,
    record_lines,
    unsealed,
)
from newscrawl.archive.errors import DamagedArchive, Problem
from newscrawl.archive.layout import FILE, unfinished
from newscrawl.archive.manifest import Section
from newscrawl.archive.manifest_lines import ErasedLine, RecordLine
from newscrawl.archive.reader import read_record
from newscrawl.archive.recover import is_stale
from newscrawl.archive.removals import Removed
from newscrawl.catalogue import snapshots
from newscrawl.catalogue.connection import Catalogue
from newscrawl.catalogue.snapshots import Row
from newscrawl.home import Home
from newscrawl.ops.compared import row_faults, told_of
from newscrawl.ops.place import is_running
from newscrawl.ops.verdict import Remedy, Verdict

Progress = Callable[[int, int], None]


@dataclass
class Inspection:
    """Looks at files, one after the other; what it finds goes into the verdict."""

    home: Home
    catalogue: Catalogue
    pool: ThreadPoolExecutor
    """Of one thread: hashing needs no interpreter, which has enough to do beside it."""
    progress: Progress
    """Gets the bytes read so far, and of how many."""
    total: int = 0
    verdict: Verdict = field(default_factory=Verdict)
    _read: int = 0
    _redirects: Set[str] = frozenset()

    def begin(self, section: Section) -> Future[bool]:
        """Have a file hashed, meanwhile: whether it is as it was sealed, for `sealed`."""
        return self.pool.submit(is_as_sealed, self.home.snapshots, section.file)

    def sealed(self, section: Section, same: Future[bool], *, begun: bool) -> None:
        """A file with the lines of a manifest that can be trusted: nothing is unpacked, but where
        an erasure has `begun` to rewrite it.
        """
        path = section.file.path
        file = self.home.snapshots / path
        if not file.is_file():
            self.missing(path, len(section.rows))
            return
        try:
            if not same.result():
                root, lines = self.home.snapshots, section.lines()
                if not (begun and has_what_is_erased(root, path, lines)):
                    for problem in unsealed(root, path, lines):
                        self.verdict.blame_record(problem, Remedy.RESTORE)
        except OSError as error:
            self.verdict.blame(file, f"cannot be read: {error.strerror}", Remedy.AGAIN)
        with self.catalogue.read() as view:
            told = snapshots.told(view, path)
        if (told.rows, told.text) != told_of(section.rows) or told.redirected:
            self._rows(path, section.lines(), self._known(path))
        self._done(path, len(section.rows))

    def compared(self, section: Section, manifest: Path) -> None:
        """A file with the lines of a manifest that was changed, to name those that were."""
        found = self.unsealed(section.file.path)
        if found is None:
            return
        leaves = {line.leaf for line in found.records}
        if section.file != found.file and not section.erased():
            what, number = "not what the archive says of this file", section.number - 1
            self.verdict.blame(manifest, what, Remedy.RESTORE_MANIFEST, line=number)
        for number, line in enumerate(section.lines(), section.number):
            if line.leaf not in leaves:
                what, record_id = "not what the archive says of this record", line.record_id
                self.verdict.blame(
                    manifest, what, Remedy.RESTORE_MANIFEST, line=number, record_id=record_id
                )

    def erased(self, section: Section, manifest: Path) -> None:
        """The lines of records that were erased: of each there is a signed note."""
        for number, line in section.erased():
            note = self.removed.get(line.record_id)
            if note is None or note.leaf != line.leaf:
                what = "says that a record was erased, and no signed note does"
                self.verdict.blame(
                    manifest,
                    what,
                    Remedy.RESTORE_NOTE,
                    line=number,
                    record_id=line.record_id,
                )

    @cached_property
    def removed(self) -> dict[str, Removed]:
        """By record id, what was taken out of the archive by a signed note."""
        return removals.removed(self.home.root)

    def uncovered(self, path: str) -> None:
        """A file that no manifest covers, finished or not."""
        if unfinished(self.home.snapshots / path).exists():
            self.unfinished(path)
        else:
            self.unsealed(path)

    def unsealed(self, path: str) -> Described | None:
        """A file without a manifest: its checksums, digests and rows. None where it is damaged."""
        file = self.home.snapshots / path
        if not FILE.fullmatch(path):
            return None  # named as a stranger
        if not file.is_file():
            self.missing(path, 0)
            return None
        try:
            found = described(self.home.snapshots, path)
        except DamagedArchive as damage:
            self._damaged(path, damage.problem, self._known(path))
            return None
        except OSError as error:
            self.verdict.blame(file, f"cannot be read: {error.strerror}", Remedy.AGAIN)
            return None
        rows = self._known(path)
        at_work = is_running(self.home, path.partition("/")[0])
        self._rows(path, found.records, rows, at_work=at_work)
        self._done(path, len(found.records))
        self.verdict.unsealed += len(found.records)
        return found

    def unfinished(self, path: str) -> None:
        """A file that is being written, or was when its run was killed: what is catalogued of it,
        and of a dead run's all that there is.
        """
        file, rows, found = unfinished(self.home.snapshots / path), self._known(path), []
        damage, dead = None, is_stale(file)
        try:
            for line, _stored in record_lines(file):
                found.append(line)
        except DamagedArchive as error:
            damage = error.problem
        except FileNotFoundError:  # it has come to its end meanwhile
            if rows or (self.home.snapshots / path).exists():
                self.unsealed(path)
            return
        except OSError as error:
            self.verdict.blame(file, f"cannot be read: {error.strerror}", Remedy.AGAIN)
            return
        end = max((row.offset + row.length for row in rows), default=0)
        whole = rows
        if damage:
            whole = [row for row in rows if row.offset < damage.offset]
            if damage.offset < end:
                self._damaged(path, damage, rows)
            elif dead:
                self.verdict.blame_record(damage, Remedy.REPAIR)
        self._rows(path, found, whole, at_work=True)
        self._done(path, len(found))
        self.verdict.unsealed += len(found)

    def _damaged(self, path: str, problem: Problem, rows: Sequence[Row]) -> None:
        """A file without a manifest that could not be read further: the catalogue knows which
        record that is, and where those behind it lie.
        """
        here = next((row.record_id for row in rows if row.offset == problem.offset), None)
        named = replace(problem, record_id=problem.record_id or here)
        self.verdict.blame_record(named, Remedy.RESTORE)
        for row in rows:
            if row.offset > problem.offset:
                try:
                    record = read_record(self.home.snapshots, path, row.offset)
                except DamagedArchive as damage:
                    also = replace(damage.problem, record_id=row.record_id)
                    self.verdict.blame_record(also, Remedy.RESTORE)
                else:
                    if record.record_id != row.record_id:
                        what = f"holds record {record.record_id}"
                        also = Problem(problem.path, row.offset, row.record_id, what)
                        self.verdict.blame_record(also, Remedy.RESTORE)

    def _known(self, path: str) -> list[Row]:
        with self.catalogue.read() as view:
            return snapshots.of_file(view, path)

    def missing(self, path: str, count: int) -> None:
        """A file that should be there, with so many records where that is known."""
        held = f"; {count} records were in it" if count else ""
        self.verdict.blame(self.home.snapshots / path, f"missing{held}", Remedy.RESTORE)

    def _rows(
        self,
        path: str,
        lines: Sequence[RecordLine | ErasedLine],
        rows: Sequence[Row],
        *,
        at_work: bool = False,
    ) -> None:
        """The catalogue's rows; a run that is at work may not have written its last ones yet."""
        for fault in row_faults(self.home.snapshots / path, lines, rows):
            if not (fault.missing_row and at_work):
                remedy = Remedy.REPAIR if fault.missing_row else Remedy.RESTORE_CATALOGUE
                self.verdict.blame_record(fault.problem, remedy)
        self._redirected(path, {row.record_id: row.offset for row in rows})

    def _redirected(self, path: str, offsets: Mapping[str, int]) -> None:
        """What was asked for first is in no record, but in that of the redirect that came of it."""
        with self.catalogue.read() as view:
            asked = snapshots.redirected(view, path)
            if not set(asked.values()) <= self._redirects:
                self._redirects = snapshots.redirects(view)  # a run may have brought more
        for record_id, url in asked.items():
            if url not in self._redirects and record_id in offsets:
                what = f"the catalogue has requested url {url}, and no redirect from there is held"
                file, offset = self.home.snapshots / path, offsets[record_id]
                problem = Problem(file, offset, record_id, what)
                self.verdict.blame_record(problem, Remedy.RESTORE_CATALOGUE)

    def _done(self, path: str, records: int) -> None:
        self.verdict.files += 1
        self.verdict.records += records
        file = self.home.snapshots / path
        self._read += size(file) or size(unfinished(file))
        self.progress(self._read, self.total)


def size(path: Path) -> int:
    """Bytes of a file; 0 where there is none."""
    return path.stat().st_size if path.exists() else 0
