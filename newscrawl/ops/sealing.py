"""Sealing the days that are over: a manifest for each, chained to the one before.

A manifest covers finished files. A file belongs to the day of its newest capture; one that comes to
light when that day is sealed already belongs to the first that is not. So a day without captures
has no manifest, several days that nobody sealed get one each, and the present day never has one,
nor one that is yet to come, as far as the sites have told the time. One that was made while a clock
was ahead stays as it is, and the days that are over since follow it in the chain.

First the manifest is durable, then the catalogue knows it: what a kill leaves between the two is
taken up by the next sealing, or by an erasure before it rewrites. Whatever is damaged stays without
a manifest, and is named every day.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from newscrawl.archive import manifests as kept
from newscrawl.archive import removals
from newscrawl.archive.described import described
from newscrawl.archive.errors import ArchiveError, DamagedArchive
from newscrawl.archive.layout import FILE, archive_files, started
from newscrawl.archive.manifest import Before, Manifest
from newscrawl.archive.manifest_lines import Line
from newscrawl.archive.manifests import DamagedManifest, Stored
from newscrawl.catalogue import erasure, manifests, snapshots
from newscrawl.catalogue.connection import Catalogue, Transaction
from newscrawl.catalogue.manifests import SealedDay, SealedFile
from newscrawl.errors import NewscrawlError
from newscrawl.home import Home
from newscrawl.ops import chained, clock
from newscrawl.ops.compared import row_faults
from newscrawl.ops.place import AlreadyRunning, is_running, seal_lock
from newscrawl.ops.promises import Promises, follow_up
from newscrawl.ops.stamping import stamp
from newscrawl.terminal import many
from newscrawl.text.dates import iso, today

Progress = Callable[[int, int], None]
RUN_SECONDS = 60.0
"""After which the end of a run leaves further days to the next one."""
DAMAGED = "see `newscrawl verify`; it is sealed once it is sound"
ELSEWHERE = "move it elsewhere: its day is sealed anew then"
WITHOUT_ROW = "run `newscrawl doctor --repair`, then `newscrawl seal`"


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A file that is not sealed, though its day is over."""

    path: Path
    what: str
    remedy: str

    def __str__(self) -> str:
        return f"not sealed: {self.what}: {self.remedy}"


@dataclass(slots=True)
class Sealing:
    """What a sealing came to."""

    days: list[str] = field(default_factory=list)
    """That were sealed now."""
    left: list[LeftOut] = field(default_factory=list)
    records: int = 0
    whole: bool = True
    """Whether everything was looked at that is to be sealed."""
    waits: str | None = None
    """Why what is to be sealed cannot be, though nothing is damaged."""
    ahead: str | None = None
    """The last sealed day, where that is yet to come: nobody need do anything about it."""
    unstamped: str | None = None
    """Why the newest head could not be stamped."""
    promises: Promises = field(default_factory=Promises)
    """What became of those of calendars."""

    @property
    def troubles(self) -> list[str]:
        """What a person is to know, a line each."""
        waits = [self.waits] if self.waits else []
        unstamped = [self.unstamped] if self.unstamped else []
        asked = [f"what became of a promise is not known: {each}" for each in self.promises.refused]
        return [*map(str, self.left), *waits, *unstamped, *asked]


class NotChained(ArchiveError):
    """A manifest lies there that the catalogue does not know and cannot take up."""


def seal(
    home: Home,
    now: datetime,
    *,
    seconds: float = float("inf"),
    patient: bool = False,
    progress: Progress = lambda _done, _of: None,
) -> Sealing:
    """Seal every day that is over at the aware time `now`; after so many seconds no further one.

    Then the newest head is stamped, and calendars are asked what became of their promises; if
    `patient`, not soon after a try that failed.

    `progress` gets how many files were read, and of how many. Raises AlreadyRunning where somebody
    is at it, BeingRestored, and NewscrawlError where the catalogue or the disk refuses or the chain
    is broken.
    """
    report, ends = Sealing(), time.monotonic() + seconds
    with seal_lock(home), closing(Catalogue.existing(home.catalogue)) as catalogue:
        last = take_up(home, catalogue)
        due, report.ahead = _due(home, catalogue, today(now))
        report.waits = _waits(home, catalogue, due, now)
        due = {} if report.waits else due
        read, total = 0, sum(map(len, due.values()))
        for day in sorted(due):
            if report.days and time.monotonic() > ends:
                report.whole = False
                break
            lines = _lines(home, catalogue, due[day], report)
            if lines:
                before = Before(last.day, last.head) if last else None
                manifest = Manifest.of(day, before, lines)
                last = _known(home, catalogue, kept.write(home.manifests, manifest))
                report.days.append(day)
            read += len(due[day])
            progress(read, total)
        report.unstamped = stamp(home, catalogue, patient=patient)
        report.promises = follow_up(home, catalogue, patient=patient)
    return report


def after_run(home: Home) -> list[str]:
    """What a run does at its end, and what a person is to know of it. It fails no run."""
    try:
        return seal(home, datetime.now(UTC), seconds=RUN_SECONDS, patient=True).troubles
    except AlreadyRunning:
        return []
    except NewscrawlError as error:
        return [f"not sealed: {error}"]


def _waits(
    home: Home, catalogue: Catalogue, due: Mapping[str, Sequence[str]], now: datetime
) -> str | None:
    """A manifest's day is for ever: so none is made while the clock is known to be ahead."""
    if due and (ahead := clock.ahead(home, catalogue, now)):
        files = many(sum(map(len, due.values())), "file")
        return (
            f"not sealed: the clock is {ahead} ahead of what the sites say that were captured "
            f"last: {clock.SET}, then {files} can be"
        )
    return None


def waiting(home: Home, catalogue: Catalogue, day: date) -> list[str]:
    """The files whose own day is before `day` that no manifest covers."""
    with catalogue.read() as view:
        found = _days_of(view, _uncovered(home, view), day)
    return sorted(found)


def take_up(home: Home, catalogue: Catalogue) -> SealedDay | None:
    """Tell the catalogue of manifests that it lacks: of a sealing that was killed, or because it is
    an older copy. The last of the chain then. For whoever has the lock of sealing.

    What was left half written goes, for it may say what is to be erased. Raises NotChained.
    """
    kept.sweep(home.manifests)
    with catalogue.read() as view:
        every = chained.every(view)
    last = every[-1] if every else None
    unknown = sorted(set(kept.days(home.manifests)) - {each.day for each in every})
    while unknown:
        left = []
        for day in unknown:
            stored = _unknown(home, day)
            if stored.manifest.before == (Before(last.day, last.head) if last else None):
                last = _known(home, catalogue, stored)
            else:
                left.append(day)
        if left == unknown:
            what = f"does not follow that of {last.day}" if last else "is not the first one"
            raise NotChained(
                f"{kept.place(home.manifests, left[0])}: unknown to the catalogue, and {what}: "
                f"restore manifests and catalogue of one backup, or {ELSEWHERE}"
            )
        unknown = left
    return last


def _unknown(home: Home, day: str) -> Stored:
    """A manifest that the catalogue does not know. Raises NotChained for one that is not sound."""
    try:
        return kept.sound(home.manifests, day)
    except DamagedManifest as damage:
        raise NotChained(f"{damage}, or {ELSEWHERE}, for the catalogue does not know it") from None


def _known(home: Home, catalogue: Catalogue, stored: Stored) -> SealedDay:
    manifest, digest = stored
    now = iso(datetime.now(UTC))
    sealed = SealedDay(manifest.day, manifest.root, manifest.head, digest, now)
    paths = [section.file.path for section in manifest.sections()]
    gone = [path for path in paths if not (home.snapshots / path).exists()]
    left = removals.successors(home.root) if gone else {}
    with catalogue.write() as tx:
        manifests.add(tx, sealed, paths)
        for path in left.keys() & gone:  # sealed by a newer catalogue, and rewritten since
            manifests.erased(tx, SealedFile(path, manifest.day, path), left[path], digest)
    return sealed


def _due(
    home: Home, catalogue: Catalogue, present: date
) -> tuple[Mapping[str, Sequence[str]], str | None]:
    """What is to be sealed: the files of each day, in their order; and the last sealed day, where
    that is yet to come.
    """
    with catalogue.read() as view:
        sealed = {each.day for each in manifests.every(view)}
        own = _days_of(view, _uncovered(home, view), present)
    before = max((day for day in sealed if day < present.isoformat()), default="")
    found: dict[str, list[str]] = defaultdict(list)
    for path, day_of_it in own.items():
        day = max(day_of_it, before)
        while day in sealed:
            day = (date.fromisoformat(day) + timedelta(days=1)).isoformat()
        if day < present.isoformat():
            found[day].append(path)
    ahead = max((day for day in sealed if day > present.isoformat()), default=None)
    return found, ahead


def _uncovered(home: Home, view: Transaction) -> list[str]:
    """The finished files that no manifest covers, but for copies that an erasure has begun or has
    yet to remove.
    """
    covered = {each.place for each in manifests.files(view)}
    covered |= {each.path if each.moved else each.fresh for each in erasure.rewritings(view)}
    found = (str(file.relative_to(home.snapshots)) for file in archive_files(home.snapshots))
    return [path for path in found if path not in covered and FILE.fullmatch(path)]


def _days_of(view: Transaction, paths: Iterable[str], present: date) -> dict[str, str]:
    """The own day of each file whose day is over."""
    begun = {path: today(started(path)).isoformat() for path in paths}
    ready = [path for path, day in begun.items() if day < present.isoformat()]
    newest = snapshots.newest_times(view, ready)
    last = {path: today(datetime.fromisoformat(time)) for path, time in newest.items()}
    own = {path: max(begun[path], f"{last.get(path, '')}") for path in ready}
    return {path: day for path, day in own.items() if day < present.isoformat()}


def _lines(home: Home, catalogue: Catalogue, paths: Sequence[str], report: Sealing) -> list[Line]:
    lines: list[Line] = []
    for path in paths:
        file = home.snapshots / path
        try:
            found = described(home.snapshots, path)
        except DamagedArchive as damage:
            report.left.append(LeftOut(file, f"{damage.problem}", DAMAGED))
            continue
        except OSError as error:
            report.left.append(LeftOut(file, f"{file}: {error.strerror}", DAMAGED))
            continue
        with catalogue.read() as view:
            rows = snapshots.of_file(view, path)
        fault = next(row_faults(file, found.records, rows), None)
        if fault is None:
            lines += [found.file, *found.records]
            report.records += len(found.records)
        elif not (fault.missing_row and is_running(home, path.partition("/")[0])):
            remedy = WITHOUT_ROW if fault.missing_row else DAMAGED
            report.left.append(LeftOut(file, f"{fault.problem}", remedy))
    return lines
