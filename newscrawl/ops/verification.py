"""Is everything that is kept still what was captured, and what was sealed?

Where a manifest covers a record, the hash of its stored bytes says all: nothing is unpacked. What
is not sealed yet is read record by record, with its checksums and digests. Nothing is changed.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence, Set
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from newscrawl.archive import manifests as kept
from newscrawl.archive.layout import (
    archive_files,
    finished,
    open_files,
    unfinished,
)
from newscrawl.archive.manifest import Before
from newscrawl.archive.manifest_lines import BadManifest
from newscrawl.archive.manifests import DamagedManifest, Stored
from newscrawl.catalogue import log, snapshots, versions
from newscrawl.catalogue.connection import Catalogue
from newscrawl.catalogue.manifests import SealedDay
from newscrawl.errors import UsageError
from newscrawl.home import Home
from newscrawl.ops import stamping, texts
from newscrawl.ops.chain import TRIES, Chain, gone_on, unfinished_first
from newscrawl.ops.inspection import Inspection, Progress, size
from newscrawl.ops.noted import held_faults, note_faults
from newscrawl.ops.sealed import FOLDER as SEALED
from newscrawl.ops.strangers import strange_manifests, strangers, without_a_file
from newscrawl.ops.verdict import Fault, Remedy, Verdict
from newscrawl.text.dates import SHANGHAI, iso, today


def verify(
    home: Home, catalogue: Catalogue, progress: Progress = lambda _done, _of: None
) -> Verdict:
    """Every manifest, file and row; `progress` gets the bytes read so far, and of how many."""
    chain = Chain.of(home, catalogue)
    begun = {_named(home, finished(path)) for path in open_files(home.snapshots)}
    files = {_named(home, path) for path in archive_files(home.snapshots)}
    with _looking(home, catalogue, progress, files | begun) as look:
        _everything(look, chain, {each.day for each in chain.days}, files, begun - files)
        without_a_file(look, files | chain.covered.keys())
        look.verdict.faults += held_faults(home)
    verdict = look.verdict
    for _again in range(TRIES):
        if verdict.sound or (now := gone_on(home, catalogue, chain)) is None:
            break
        verdict.faults = _seen_again(home, catalogue, verdict.faults, chain, now)
        chain = now
    verdict.faults = unfinished_first(home, chain, verdict.faults)
    return verdict


def verify_manifests(home: Home, catalogue: Catalogue) -> Verdict:
    """The manifests and notes alone: lines, roots, chain and stamps; no file of the archive."""

    def look_at(chain: Chain) -> Verdict:
        paths = chain.paths()
        with _looking(home, catalogue, lambda _done, _of: None, ()) as look:
            for sealed, before in chain.links():
                _day(look, chain, sealed, before, paths[sealed.day], only=())
            strange_manifests(look, {each.day for each in chain.days})
            look.verdict.faults += note_faults(home)
        return look.verdict

    return _settled(home, catalogue, look_at)


def verify_day(
    home: Home, catalogue: Catalogue, day: date, progress: Progress = lambda _done, _of: None
) -> Verdict:
    """A day's manifest and what it covers. Raises UsageError for a day that was not sealed."""
    wanted = day.isoformat()

    def look_at(chain: Chain) -> Verdict:
        paths = chain.paths()[wanted]
        with _looking(home, catalogue, progress, paths) as look:
            for sealed, before in chain.links():
                if sealed.day == wanted:
                    _day(look, chain, sealed, before, paths)
        if look.verdict.days:
            return look.verdict
        newest = f"the newest is {chain.days[-1].day}" if chain.days else "none was"
        why = _not_sealed(catalogue, day)
        raise UsageError(
            f"--day {wanted}: was not sealed, {newest}: {why}. It is the day of the capture in "
            "Shanghai, not that of the edition"
        )

    return _settled(home, catalogue, look_at)


def _not_sealed(catalogue: Catalogue, day: date) -> str:
    """Why a day has no manifest, and what to do."""
    if day >= today(datetime.now(UTC)):
        return "it is sealed when it is over"
    midnight = datetime.combine(day, time.min, SHANGHAI)
    with catalogue.read() as view:
        if not snapshots.any_between(view, iso(midnight), iso(midnight + timedelta(days=1))):
            return "nothing was captured that day"
    return "`newscrawl seal` seals what is not sealed yet; what came late is in the next manifest"


def verify_records(
    home: Home,
    catalogue: Catalogue,
    record_ids: Collection[str],
    progress: Progress = lambda _done, _of: None,
) -> Verdict:
    """Captures that the catalogue knows: their files, the manifests that cover these, and the
    texts that were read from them.
    """

    def look_at(chain: Chain) -> Verdict:
        with catalogue.read() as view:
            places = [snapshots.place_of(view, record_id) for record_id in record_ids]
        wanted = {place[0] for place in places if place}
        with _looking(home, catalogue, progress, wanted) as look:
            for sealed, before in chain.links():
                if any(chain.covered.get(path) == sealed.day for path in wanted):
                    _day(look, chain, sealed, before, chain.paths()[sealed.day], only=wanted)
            for path in wanted - chain.covered.keys():
                look.uncovered(path)
            _texts(look, record_ids)
        return look.verdict.about(record_ids)

    return _settled(home, catalogue, look_at)


def _settled(home: Home, catalogue: Catalogue, look_at: Callable[[Chain], Verdict]) -> Verdict:
    """A verdict under which no sealing and no erasure has gone on, where something is blamed."""
    chain = Chain.of(home, catalogue)
    verdict = look_at(chain)
    for _again in range(TRIES):
        if verdict.sound or (now := gone_on(home, catalogue, chain)) is None:
            break
        chain, verdict = now, look_at(now)
    verdict.faults = unfinished_first(home, chain, verdict.faults)
    return verdict


def _seen_again(
    home: Home, catalogue: Catalogue, faults: Sequence[Fault], before: Chain, chain: Chain
) -> list[Fault]:
    """Faults that are still there now that a sealing or an erasure has gone on under them.

    What was not blamed is not looked at again.
    """
    blamed = {Path(fault.where) for fault in faults}
    names = {_named(home, path) for path in blamed if path.is_relative_to(home.snapshots)}
    days = {path.name[:10] for path in blamed if path.parent == home.manifests}
    days |= {each.covered[name] for each in (before, chain) for name in names & each.covered.keys()}
    files = {_named(home, path) for path in archive_files(home.snapshots)}
    begun = {name for name in names - files if unfinished(home.snapshots / name).exists()}
    with _looking(home, catalogue, lambda _done, _of: None, ()) as look:
        _everything(look, chain, days, names & files, begun)
        without_a_file(look, files | chain.covered.keys())
    held = (fault for fault in faults if Path(fault.where).parent == home.root / SEALED)
    return [*look.verdict.faults, *held]


def _everything(
    look: Inspection, chain: Chain, days: Set[str], files: Set[str], begun: Set[str]
) -> None:
    """These days, these files where no manifest covers them, and all that is small."""
    paths = chain.paths()
    for sealed, before in chain.links():
        if sealed.day in days:
            _day(look, chain, sealed, before, paths[sealed.day])
    for path in sorted(files - chain.covered.keys()):
        look.unsealed(path)
    for path in sorted(begun):
        look.unfinished(path)
    strangers(look, {each.day for each in chain.days})
    look.verdict.faults += note_faults(look.home)


def _texts(look: Inspection, record_ids: Collection[str]) -> None:
    """What the catalogue has as the texts that were read from some captures."""
    with look.catalogue.read() as view:
        entries = list(log.named(view, versions.read_from(view, record_ids)))
        found = [*texts.faults(view, list(filter(log.readable, entries)))]
    where, remedy = look.catalogue.path, Remedy.RESTORE_CATALOGUE
    for version, what in found:
        record_id, named = version.article.record_id, f"{version.article_id}: {what}"
        look.verdict.blame(where, named, remedy, record_id=record_id)
    for each in entries:
        if not log.readable(each):
            look.verdict.blame(where, f"{each.article_id}: version {each.n} cannot be read", remedy)


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
    chain: Chain,
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
    place = kept.place(look.home.manifests, sealed.day)
    for section in sections:
        with _lines_named(look.verdict, place):
            look.erased(section, place)
    for section, same in zip(wanted, begun, strict=True):
        with _lines_named(look.verdict, place):
            if trusted:
                look.sealed(section, same, begun=section.file.path in chain.begun)
            else:
                look.compared(section, place)
    for path in sorted({section.file.path for section in sections} ^ set(paths)):
        what = f"catalogue and manifest of {sealed.day} differ in whether it is sealed"
        look.verdict.blame(look.home.snapshots / path, what, Remedy.RESTORE_CATALOGUE)


@contextmanager
def _lines_named(verdict: Verdict, manifest: Path) -> Iterator[None]:
    """Within it a line that is none of a manifest's is blamed; whoever can write everywhere can
    make root and catalogue fit it.
    """
    try:
        yield
    except BadManifest as bad:
        verdict.blame(manifest, bad.what, Remedy.RESTORE_MANIFEST, line=bad.line)


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
