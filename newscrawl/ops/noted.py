"""The notes of what was taken down and taken out: is every byte of them as it was written?"""

from __future__ import annotations

from collections.abc import Iterator

from newscrawl.archive import removals
from newscrawl.catalogue import tombstone_file
from newscrawl.home import Home
from newscrawl.ops.verdict import Fault, Remedy


def note_faults(home: Home) -> Iterator[Fault]:
    """Lines of `tombstones.jsonl` and `removals.jsonl` that were changed, and a changed key."""
    notes = tombstone_file.beside(home.catalogue)
    try:
        for number, what in tombstone_file.faults(home.catalogue):
            yield Fault(str(notes), what, Remedy.RESTORE, line=number)
        notes = home.root / removals.NOTES
        for bad in removals.faults(home.root):
            yield Fault(str(bad.where), bad.what, Remedy.RESTORE, line=bad.line)
    except OSError as error:
        yield Fault(str(notes), f"cannot be read: {error.strerror}", Remedy.AGAIN)
