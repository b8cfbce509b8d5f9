"""What the catalogue knows of the manifests, and of what is being changed under them.

A sealing writes a manifest before the catalogue knows it, an erasure strikes out lines before the
catalogue follows: whoever compares the two looks again before anybody is blamed.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property

from newscrawl.archive import manifests as kept
from newscrawl.archive import removals
from newscrawl.archive.errors import ArchiveError
from newscrawl.archive.manifest import Before
from newscrawl.catalogue import erasure, manifests
from newscrawl.catalogue.connection import Catalogue
from newscrawl.catalogue.erasure import Rewriting
from newscrawl.catalogue.manifests import SealedDay, SealedFile
from newscrawl.home import Home
from newscrawl.ops import chained
from newscrawl.ops.inspection import size
from newscrawl.ops.place import is_running
from newscrawl.ops.verdict import Fault, Remedy

TRIES, PAUSE = 5, 0.3
"""Of looking again at what is blamed, while a sealing or an erasure goes on; seconds before it."""
_OF_A_REWRITING = {Remedy.RESTORE_MANIFEST, Remedy.RESTORE_CATALOGUE, Remedy.REPAIR}
"""What would be advised while catalogue and archive differ for that reason alone."""


@dataclass(frozen=True)
class Chain:
    """All of it in one view; one that is equal is of the same moment, as far as that matters."""

    days: Sequence[SealedDay]
    files: Sequence[SealedFile]
    """Those that are sealed."""
    rewritings: Sequence[Rewriting]
    """That an erasure has begun and not ended."""
    taken_back: Sequence[Rewriting]
    """Those that were killed, taken back, and not begun again: nobody is at work on them."""
    noted: int
    """Bytes of the notes of what was taken out."""

    @cached_property
    def covered(self) -> dict[str, str]:
        """The day of each of them, by where it lies."""
        return {each.place: each.day for each in self.files}

    @cached_property
    def begun(self) -> set[str]:
        """Files that an erasure which has not ended writes anew, and what takes their place."""
        both = (*self.rewritings, *self.taken_back)
        return {path for each in both for path in (each.path, each.fresh)}

    @cached_property
    def places(self) -> dict[str, str]:
        """Where each of them lies, by its name in its manifest."""
        return {each.path: each.place for each in self.files}

    @classmethod
    def of(cls, home: Home, catalogue: Catalogue) -> Chain:
        noted = size(home.root / removals.NOTES)
        with catalogue.read() as view:
            begun, killed = erasure.rewritings(view), list(_taken_back(home))
            return cls(chained.every(view), manifests.files(view), begun, killed, noted)

    def at_work(self, home: Home) -> bool:
        """Whether an erasure may be rewriting a file at this moment."""
        return any(is_running(home, each.path.partition("/")[0]) for each in self.rewritings)

    def links(self) -> Iterator[tuple[SealedDay, Before | None]]:
        """Every day, and what its manifest must follow."""
        before = None
        for each in self.days:
            yield each, before
            before = Before(each.day, each.head)

    def paths(self) -> dict[str, set[str]]:
        """Where the files of each day lie."""
        found = defaultdict[str, set[str]](set)
        for path, day in self.covered.items():
            found[day].add(path)
        return found


def gone_on(home: Home, catalogue: Catalogue, chain: Chain) -> Chain | None:
    """The chain as it is now, a moment later while an erasure is at work; None: nothing goes on."""
    if at_work := chain.at_work(home):
        time.sleep(PAUSE)
    now = Chain.of(home, catalogue)
    return None if now == chain and not at_work else now


def _taken_back(home: Home) -> Iterator[Rewriting]:
    """There is a note of what is gone, and the manifest may say so, but the file is still there."""
    with suppress(ArchiveError):  # of a key that cannot be used, which is named
        for note in removals.notes(home.root):
            if (home.snapshots / note.file).exists():
                yield Rewriting(note.file, note.fresh, moved=False)


def unfinished_first(home: Home, chain: Chain, faults: Iterable[Fault]) -> list[Fault]:
    """The faults, with one for each rewriting that has not ended in the place of all that are there
    for that reason alone. Damaged bytes are named beside it.
    """
    left, first = list(faults), []
    for each in (*chain.rewritings, *chain.taken_back):
        file = home.snapshots / each.path
        places = {str(file), str(home.snapshots / each.fresh)}
        days = {chain.covered.get(each.path), chain.covered.get(each.fresh)} - {None}
        places |= {str(kept.place(home.manifests, day)) for day in days if day}
        others = [fault for fault in left if not _is_of_it(fault, places)]
        if len(others) < len(left):
            what, remedy = "an erasure that is rewriting it has not ended", Remedy.RESUME
            if each in chain.rewritings and is_running(home, each.path.partition("/")[0]):
                what, remedy = "an erasure is rewriting it", Remedy.WAIT
            first.append(Fault(str(file), what, remedy))
        left = others
    return first + left


def _is_of_it(fault: Fault, places: set[str]) -> bool:
    if fault.where not in places or (fault.line is not None):
        return False
    missing = fault.remedy is Remedy.RESTORE and fault.offset is None
    return fault.remedy in _OF_A_REWRITING or missing
