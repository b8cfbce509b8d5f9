"""What can go wrong with the archive, as a person reads it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from newscrawl.errors import NewscrawlError


class ArchiveError(NewscrawlError):
    """The archive cannot be written, or does not take this record."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault of an archive file."""

    path: Path
    offset: int
    """Bytes from the start of the file to the gzip member that is at fault."""
    record_id: str | None
    """None where the record cannot be read far enough to know."""
    what: str

    def __str__(self) -> str:
        record = f", record {self.record_id}" if self.record_id else ""
        return f"{self.path} at byte {self.offset}{record}: {self.what}"


class DamagedArchive(ArchiveError):
    """A stored record cannot be trusted; `problem` says which and why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(f"{problem}; restore the file from a backup or capture the page again")
        self.problem = problem


def disk_refuses(place: Path, error: OSError) -> ArchiveError:
    """What to tell a person about `error`, met while writing at `place`."""
    return ArchiveError(
        f"the archive cannot be written at {error.filename or place}: {error.strerror}; "
        "free space or correct the permissions there, then run again"
    )
