"""Does an archive file still hold what was written into it?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from newscrawl.archive.errors import DamagedArchive, Problem
from newscrawl.archive.members import members
from newscrawl.archive.stored import StoredRecord, parse


@dataclass(frozen=True, slots=True)
class FileReport:
    """What `check_file` found."""

    path: Path
    records: Mapping[str, int]
    """How many whole records there are of each WARC type."""
    problems: tuple[Problem, ...]
    places: Mapping[str, int]
    """By record id, where each begins: bytes from the start of the file."""

    @property
    def ok(self) -> bool:
        return not self.problems


def check_file(path: Path) -> FileReport:
    """Read every byte of the file at `path`.

    Checked are each gzip member's checksum and end, that it holds exactly one record, the
    record's Content-Length and end, and both digests, which must be there. Behind a member
    that is not whole nothing can be found, so the report ends with it.
    """
    records: Counter[str] = Counter()
    problems: list[Problem] = []
    places: dict[str, int] = {}
    for finding in _findings(path):
        if isinstance(finding, Problem):
            problems.append(finding)
        else:
            records[finding.type] += 1
            places[finding.record_id] = finding.offset
            problems.extend(
                Problem(path, finding.offset, finding.record_id, fault)
                for fault in finding.faults()
            )
    if not records and not problems:
        problems.append(Problem(path, 0, None, "the file is empty"))
    return FileReport(path, records, tuple(problems), places)


def _findings(path: Path) -> Iterator[StoredRecord | Problem]:
    try:
        for member in members(path):
            try:
                yield parse(member)
            except DamagedArchive as damage:
                yield damage.problem
    except DamagedArchive as damage:
        yield damage.problem
