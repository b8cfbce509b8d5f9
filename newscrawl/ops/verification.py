"""Is everything that is kept still what was captured, and what was sealed?

Where a manifest covers a record, the hash of its stored bytes says all: nothing is unpacked. What
is not sealed yet is read record by record, with its checksums and digests. Nothing is changed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

from newscrawl.archive import manifests as kept
from newscrawl.archive.layout import (
    FILE,
    OPEN,
    archive_files,
    finished,
    open_files,
    unfinished,
)
from newscrawl.archive.manifest import BadManifest, Before
from newscrawl.archive.manifests import DamagedManifest, Stored
from newscrawl.catalogue import manifests, snapshots
from newscrawl.catalogue.connection import Catalogue
from newscrawl.catalogue.manifests import SealedDay, SealedFile
from newscrawl.errors import UsageError
from newscrawl.home import Home
from newscrawl.ops import stamping
from newscrawl.ops.inspection import Inspection, Progress, size
from newscrawl.ops.noted import held_faults, note_faults
from newscrawl.ops.verdict import Remedy, Verdict


@dataclass(frozen=True)
class _Chain:
    """What the catalogue knows of the manifests, in one view."""

    days: Sequence[SealedDay]
    files: Sequence[SealedFile]
    """Those that are sealed."""

    @cached_property
    def covered(self) -> dict[str, str]:
        """The day of each of them, by where it lies."""
        return {each.place: each.day for each in self.files}

    @cached_property
    def places(self) -> dict[str, str]:
        """Where each of them lies, by its name in its manifest."""
        return {each.path: each.place for each in self.files}

    @classmethod
    def of(cls, catalogue: Catalogue) -> _Chain:
        with catalogue.read() as view:
            return cls(manifests.every(view), manifests.files(view))

    def links(self) -> Iterator[tuple[SealedDay, Before | None]]:
        before = None
        for each in self.days:
            yield each, before
            before = Before(each.day, each.head)

    def paths(self) -> dict[str, set[str]]:
        found = defaultdict[str, set[str]](set)
        for path, day in self.covered.items():
            found[day].add(path)
        return found


def verify(
    home: Home, catalogue: Catalogue, progress: Progress = lambda _done, _of: None
) -> Verdict:
    """Every manifest, file and row; `progress` gets the bytes read so far, and of how many."""
    chain = _Chain.of(catalogue)
    begun = {_named(home, finished(path)) for path in open_files(home.snapshots)}
    files = {_named(home, path) for path in archive_files(home.snapshots)}
    paths = chain.paths()
    with _looking(home, catalogue, progress, files | begun) as look:
        for sealed, before in chain.links():
            _day(look, chain, sealed, before, paths[sealed.day])
        for path in sorted(files - chain.covered.keys()):
            look.unsealed(path)
        for path in sorted(begun - files):
            look.unfinished(path)
        _without_a_file(look, files | chain.covered.keys())
        _strangers(look, {each.day for each in chain.days})
        look.verdict.faults += [*note_faults(home), *held_faults(home)]
    return look.verdict


def verify_manifests(home: Home, catalogue: Catalogue) -> Verdict:
    """The manifests and notes alone: lines, roots, chain and stamps; no file of the archive."""
    chain = _Chain.of(catalogue)
    paths = chain.paths()
    with _looking(home, catalogue, lambda _done, _of: None, ()) as look:
        for sealed, before in chain.links():
            _day(look, chain, sealed, before, paths[sealed.day], only=())
        _strange_manifests(look, {each.day for each in chain.days})
        look.verdict.faults += note_faults(home)
    return look.verdict


def verify_day(
    home: Home, catalogue: Catalogue, day: date, progress: Progress = lambda _done, _of: None
) -> Verdict:
    """A day's manifest and what it covers. Raises UsageError for a day that was not sealed."""
    chain, wanted = _Chain.of(catalogue), day.isoformat()
    paths = chain.paths()[wanted]
    with _looking(home, catalogue, progress, paths) as look:
        for sealed, before in chain.links():
            if sealed.day == wanted:
                _day(look, chain, sealed, before, paths)
    if look.verdict.days:
        return look.verdict
    newest = f"the newest is {chain.days[-1].day}" if chain.days else "none was"
    raise UsageError(f"--day {wanted}: was not sealed, {newest}; `newscrawl seal` seals")


def verify_records(
    home: Home,
    catalogue: Catalogue,
    record_ids: Collection[str],
    progress: Progress = lambda _done, _of: None,
) -> Verdict:
    """Captures that the catalogue knows: their files, and the manifests that cover these."""
    with catalogue.read() as view:
        places = [snapshots.place_of(view, record_id) for record_id in record_ids]
    wanted = {place[0] for place in places if place}
    chain = _Chain.of(catalogue)
    with _looking(home, catalogue, progress, wanted) as look:
        for sealed, before in chain.links():
            if any(chain.covered.get(path) == sealed.day for path in wanted):
                _day(look, chain, sealed, before, chain.paths()[sealed.day], only=wanted)
        for path in wanted - chain.covered.keys():
            look.unsealed(path)
    return look.verdict.about(record_ids)


@contextmanager
def _looking(
    home: Home, catalogue: Catalogue, progress: Progress, paths: Collection[str]
) -> Iterator[Inspection]:
    files = (home.snapshots / path for path in paths)
    total = sum(size(file) or size(unfinished(file)) for file in files)
    with ThreadPoolExecutor(1, "verify") as pool:
        yield Inspection(home, catalogue, pool, progress, total)


def _day(
    look: Inspection,
    chain: _Chain,
    sealed: SealedDay,
    before: Before | None,
    paths: Collection[str],
    only: Collection[str] | None = None,
) -> None:
    """A manifest, and the files that it covers; of these `only` some."""
    look.verdict.days += 1
    try:
        stored = kept.read(look.home.manifests, sealed.day)
        sections = [each.at(chain.places) for each in stored.manifest.sections()]
        wanted = [each for each in sections if only is None or each.file.path in only]
        begun = [look.begin(each) for each in wanted]
        trusted = _manifest(look.verdict, look.home, stored, sealed, before)
        if not trusted:
            stored.manifest.check_lines()
    except (DamagedManifest, BadManifest) as damage:
        place = kept.place(look.home.manifests, sealed.day)
        look.verdict.blame(place, damage.what, Remedy.RESTORE_MANIFEST, line=damage.line)
        for path in sorted(set(paths) if only is None else set(only) & set(paths)):
            look.unsealed(path)
        return
    for section in sections:
        look.erased(section, kept.place(look.home.manifests, sealed.day))
    for section, same in zip(wanted, begun, strict=True):
        if trusted:
            look.sealed(section, same)
        else:
            look.compared(section, kept.place(look.home.manifests, sealed.day))
    for path in sorted({section.file.path for section in sections} ^ set(paths)):
        what = f"catalogue and manifest of {sealed.day} differ in whether it is sealed"
        look.verdict.blame(look.home.snapshots / path, what, Remedy.RESTORE_CATALOGUE)


def _manifest(
    verdict: Verdict, home: Home, stored: Stored, sealed: SealedDay, before: Before | None
) -> bool:
    """Whether the lines of a manifest are those that were sealed; what is wrong is named, unless it
    is a line.
    """
    manifest, digest = stored
    place = kept.place(home.manifests, manifest.day)
    root = manifest.true_root()
    if root != sealed.root:
        what = "not the manifest that was sealed: the catalogue knows another root of its lines"
        verdict.blame(place, what, Remedy.RESTORE_MANIFEST)
        return False
    faults = list(manifest.faults(root))
    for fault in faults:
        verdict.blame(place, fault.what, Remedy.RESTORE_MANIFEST, line=fault.line)
    if not faults and manifest.before != before:
        what = "does not follow the manifest before it, as the catalogue knows that"
        verdict.blame(place, what, Remedy.RESTORE_MANIFEST, line=3)
    elif not faults and (manifest.head, digest) != (sealed.head, sealed.digest):
        what = "not as it was written: the catalogue knows another hash of it"
        verdict.blame(place, what, Remedy.RESTORE_MANIFEST)
    if sealed.stamped_at and (stamp := stamping.fault(home, sealed)):
        verdict.blame(place, stamp, Remedy.RESTORE_STAMP)
    return True


def _named(home: Home, path: Path) -> str:
    return str(path.relative_to(home.snapshots))


def _without_a_file(look: Inspection, known: Collection[str]) -> None:
    """Captures whose file is neither finished nor being written."""
    with look.catalogue.read() as view:
        rows = snapshots.counts_by_file(view)
    for path in sorted(rows.keys() - known):
        file = look.home.snapshots / path
        # Looked for twice under its final name: it may be renamed between the first two looks.
        if not any(each.exists() for each in (file, unfinished(file), file)):
            look.missing(path, rows[path])


def _strangers(look: Inspection, days: Collection[str]) -> None:
    """What lies where only ours should, and manifests that the catalogue does not know."""
    home, verdict = look.home, look.verdict
    for path in sorted(home.snapshots.rglob("*")):
        name = str(path.relative_to(home.snapshots)).removesuffix(OPEN)
        if not path.is_dir() and not FILE.fullmatch(name):
            verdict.blame(path, "no file of the archive", Remedy.STRANGER)
    _strange_manifests(look, days)


def _strange_manifests(look: Inspection, days: Collection[str]) -> None:
    home, verdict = look.home, look.verdict
    for path in kept.strangers(home.manifests):
        verdict.blame(path, "no manifest and no stamp", Remedy.STRANGER)
    for day in kept.days(home.manifests):
        if day not in days:
            place = kept.place(home.manifests, day)
            verdict.blame(place, "a manifest that the catalogue does not know", Remedy.SEAL)
