"""What is kept of takedowns, notes and what is held: is every byte of it as it was written?"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

from newscrawl.alerts.secrets import SecretsError
from newscrawl.archive import removals
from newscrawl.catalogue import tombstone_file
from newscrawl.home import Home
from newscrawl.ops import sealed
from newscrawl.ops.verdict import Fault, Remedy


def note_faults(home: Home) -> Iterator[Fault]:
    """Lines of `tombstones.jsonl` and `removals.jsonl` that were changed, and a changed key."""
    notes = tombstone_file.beside(home.catalogue)
    try:
        for line in tombstone_file.faults(home.catalogue):
            yield Fault(str(notes), line.what, _remedy(cut=line.cut), line=line.number)
        notes = home.root / removals.NOTES
        for bad in removals.faults(home.root):
            yield Fault(str(bad.where), bad.what, _remedy(cut=bad.cut), line=bad.line)
    except OSError as error:
        yield Fault(str(notes), f"cannot be read: {error.strerror}", Remedy.AGAIN)


def _remedy(*, cut: bool) -> Remedy:
    """What a crash has cut was never done, and is taken away."""
    return Remedy.REPAIR if cut else Remedy.RESTORE


def held_faults(home: Home) -> Iterator[Fault]:
    """Files under a legal hold that cannot be opened any more, or are written otherwise."""
    for path in sorted((home.root / sealed.FOLDER).glob(f"*{sealed.SUFFIX}")):
        try:
            deque(sealed.opened(home, path), maxlen=0)
            same = True
        except (SecretsError, ValueError):
            same = False
        except OSError as error:
            yield Fault(str(path), f"cannot be read: {error.strerror}", Remedy.AGAIN)
            continue
        if not same:
            what = "not as it was sealed under a legal hold, or the key of the home is another"
            yield Fault(str(path), what, Remedy.RESTORE)
