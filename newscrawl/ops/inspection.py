"""One archive file, judged by its manifest where it has one, and by what stands in it elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from newscrawl.archive import manifests as kept
from newscrawl.archive.described import described, unsealed
from newscrawl.archive.errors import DamagedArchive
from newscrawl.archive.layout import FILE
from newscrawl.archive.manifest import ErasedLine, Manifest, Numbered, RecordLine
from newscrawl.catalogue import snapshots
from newscrawl.catalogue.connection import Catalogue
from newscrawl.home import Home
from newscrawl.ops.compared import row_faults
from newscrawl.ops.place import is_running
from newscrawl.ops.verdict import Remedy, Verdict

Progress = Callable[[int, int], None]


@dataclass(slots=True)
class Inspection:
    """Looks at files, one after the other; what it finds goes into the verdict."""

    home: Home
    catalogue: Catalogue
    progress: Progress
    """Gets the bytes read so far, and of how many."""
    total: int = 0
    verdict: Verdict = field(default_factory=Verdict)
    _read: int = 0

    def sealed(self, path: str, lines: Sequence[Numbered]) -> None:
        """A file with the lines of a manifest that can be trusted: nothing is unpacked."""
        file, records = self.home.snapshots / path, [each.line for each in lines]
        if not file.is_file():
            self.missing(path, len(lines))
            return
        try:
            for problem in unsealed(self.home.snapshots, path, records):
                self.verdict.blame_record(problem, Remedy.RESTORE)
        except OSError as error:
            self.verdict.blame(file, f"cannot be read: {error.strerror}", Remedy.AGAIN)
        self._rows(path, records)
        self._done(path, len(lines))

    def compared(self, path: str, lines: Sequence[Numbered], manifest: Manifest) -> None:
        """A file with the lines of a manifest that was changed, to name those that were."""
        found = self.unsealed(path)
        if found is None:
            return
        place = kept.place(self.home.manifests, manifest.day)
        leaves = {line.leaf for line in found}
        for number, line in lines:
            if line.leaf not in leaves:
                what, record_id = "not what the archive says of this record", line.record_id
                self.verdict.blame(
                    place, what, Remedy.RESTORE_MANIFEST, line=number, record_id=record_id
                )

    def unsealed(self, path: str) -> list[RecordLine] | None:
        """A file without a manifest: its checksums, digests and rows. None where it is damaged."""
        file = self.home.snapshots / path
        if not FILE.fullmatch(path):
            return None  # named as a stranger
        if not file.is_file():
            self.missing(path, 0)
            return None
        try:
            lines = list(described(self.home.snapshots, path))
        except DamagedArchive as damage:
            self.verdict.blame_record(damage.problem, Remedy.RESTORE)
            return None
        except OSError as error:
            self.verdict.blame(file, f"cannot be read: {error.strerror}", Remedy.AGAIN)
            return None
        self._rows(path, lines, at_work=is_running(self.home, path.partition("/")[0]))
        self._done(path, len(lines))
        self.verdict.unsealed += len(lines)
        return lines

    def missing(self, path: str, count: int) -> None:
        """A file that should be there, with so many records where that is known."""
        held = f"; {count} records were in it" if count else ""
        self.verdict.blame(self.home.snapshots / path, f"missing{held}", Remedy.RESTORE)

    def _rows(
        self, path: str, lines: Sequence[RecordLine | ErasedLine], *, at_work: bool = False
    ) -> None:
        """The catalogue's rows; a run that is at work may not have written its last ones yet."""
        with self.catalogue.read() as view:
            rows = snapshots.of_file(view, path)
        for fault in row_faults(self.home.snapshots / path, lines, rows):
            if not (fault.missing_row and at_work):
                remedy = Remedy.ADOPT if fault.missing_row else Remedy.RESTORE_CATALOGUE
                self.verdict.blame_record(fault.problem, remedy)

    def _done(self, path: str, records: int) -> None:
        self.verdict.files += 1
        self.verdict.records += records
        self._read += size(self.home.snapshots / path)
        self.progress(self._read, self.total)


def size(path: Path) -> int:
    """Bytes of a file; 0 where there is none."""
    return path.stat().st_size if path.exists() else 0
