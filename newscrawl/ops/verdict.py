"""What a verification has found, and what to do about it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path

from newscrawl.archive.errors import Problem


class Remedy(StrEnum):
    """What to do about a fault."""

    RESTORE = "restore the file from a backup"
    RESTORE_MANIFEST = "restore the manifest from a backup, or from whoever keeps a copy of it"
    RESTORE_NOTE = "bring removals.jsonl and removals.key back from a backup, else the manifest"
    RESTORE_CATALOGUE = "restore the catalogue from a backup; the archive is right"
    RESTORE_STAMP = "restore the stamp from a backup; the manifest is as it was"
    REPAIR = "run `newscrawl doctor --repair`"
    SEAL = "run `newscrawl seal`"
    RESUME = "run `newscrawl takedown --resume`, then verify again"
    WAIT = "verify again when it has ended"
    AGAIN = "correct its owner and mode, then verify again"
    STRANGER = "move it elsewhere: nothing of ours reads it"


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that is not as it was captured or sealed."""

    where: str
    """The file."""
    what: str
    remedy: Remedy
    record_id: str | None = None
    offset: int | None = None
    """Bytes from the start of an archive file to the record."""
    line: int | None = None
    """Of a manifest, from 1 on."""

    def __str__(self) -> str:
        at = f" at byte {self.offset}" if self.offset is not None else ""
        line = f", line {self.line}" if self.line is not None else ""
        record = f", record {self.record_id}" if self.record_id else ""
        return f"{self.where}{at}{line}{record}: {self.what}"


LINES_SHOWN = 8


@dataclass(frozen=True, slots=True)
class Alike:
    """A fault, or the same fault of several lines of one manifest."""

    first: Fault
    lines: Sequence[int]
    """Empty where it is no line's."""

    @property
    def at(self) -> str:
        """`line 7`, `20 lines (7, 9, 12 … and 12 more)`, or nothing."""
        if len(self.lines) < 2:
            return f"line {self.lines[0]}" if self.lines else ""
        named = ", ".join(map(str, self.lines[:LINES_SHOWN]))
        rest = len(self.lines) - LINES_SHOWN
        return f"{len(self.lines)} lines ({named}{f' and {rest} more' if rest > 0 else ''})"

    def __str__(self) -> str:
        one = len(self.lines) < 2
        return f"{self.first}" if one else f"{self.first.where}, {self.at}: {self.first.what}"


def folded(faults: Iterable[Fault]) -> list[Alike]:
    """For a person: where many lines of one manifest are blamed alike, one. A record of an archive
    file is always named.
    """
    alike: dict[Fault, list[Fault]] = {}
    for each in faults:
        of_line = each.line is not None and each.offset is None
        key = replace(each, line=None, record_id=None) if of_line else each
        alike.setdefault(key, []).append(each)
    return [
        Alike(same[0], [each.line for each in same if each.line is not None])
        for same in alike.values()
    ]


@dataclass(slots=True)
class Verdict:
    """What was looked at and what was found."""

    days: int = 0
    """Manifests."""
    files: int = 0
    records: int = 0
    unsealed: int = 0
    """Records among them that no manifest covers yet."""
    faults: list[Fault] = field(default_factory=list)

    @property
    def sound(self) -> bool:
        return not self.faults

    def blame(
        self,
        path: Path,
        what: str,
        remedy: Remedy,
        *,
        line: int | None = None,
        record_id: str | None = None,
    ) -> None:
        """Add a fault of a file as a whole, or of a manifest's line."""
        self.faults.append(Fault(str(path), what, remedy, record_id=record_id, line=line))

    def blame_record(self, problem: Problem, remedy: Remedy) -> None:
        """Add a fault of a record."""
        self.faults.append(
            Fault(str(problem.path), problem.what, remedy, problem.record_id, problem.offset)
        )

    def about(self, record_ids: Collection[str]) -> Verdict:
        """The same without what concerns other records only."""
        kept = [each for each in self.faults if each.record_id in {None, *record_ids}]
        return replace(self, faults=kept)
