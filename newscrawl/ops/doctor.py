"""Does everything hold together: home, settings, catalogue, archive, index, alerts?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from newscrawl import settings
from newscrawl.alerts import unread
from newscrawl.alerts.undelivered import Undelivered
from newscrawl.alerts.withheld import Withheld
from newscrawl.archive import removals
from newscrawl.archive.check import FileReport, check_file
from newscrawl.archive.errors import ArchiveError
from newscrawl.archive.layout import archive_files, half_copied, strangers, unfinished
from newscrawl.archive.recover import stale
from newscrawl.archive.rewrite import UNFINISHED
from newscrawl.catalogue import erasure, log, snapshots, sqlite, tombstones
from newscrawl.catalogue.connection import Catalogue, half_restored
from newscrawl.catalogue.illegible import Illegible
from newscrawl.errors import NewscrawlError
from newscrawl.home import Home
from newscrawl.index.aside import RESTORE as RESTORE_ROW
from newscrawl.index.aside import in_a_line
from newscrawl.ops import captured, clock, indexed, keys, owned, scheduled, tails, texts
from newscrawl.ops.findings import REPAIR, Finding, Mend, one_line
from newscrawl.ops.health import unmatched
from newscrawl.ops.inspection import size
from newscrawl.ops.place import free_space, is_restored
from newscrawl.ops.ports import processes
from newscrawl.ops.recovery import CAPTURES, adopt, recover
from newscrawl.ops.safety import OLDEST_SCRAPY, breaches, scrapy_is_safe
from newscrawl.ops.standing import seal_health
from newscrawl.ops.strangers import NO_FILE
from newscrawl.ops.usage import measure
from newscrawl.ops.verdict import Fault, Remedy, folded
from newscrawl.ops.verification import verify_manifests
from newscrawl.text.dates import today

Progress = Callable[[int], None]

RESTORE = "restore it from a backup; else read those days again with `-a refresh=1`"
BRING_AGAIN = "restore it from a backup; else import the file again that it came from"
NAMED = "`newscrawl verify` names them; restore the catalogue from a backup"
MODES = "check its owner and mode, those of its folder too; nothing is said of what is in it"


def examine(
    home: Home, progress: Progress = lambda _bytes: None, *, crontab: str = ""
) -> list[Finding]:
    """Look at everything and change nothing; `progress` gets the archive's bytes read so far.

    `crontab` is what `crontab -l` prints. A home in which nothing was collected yet is sound.
    """
    now = datetime.now(UTC)
    findings = [*owned.examine(home), *tails.examine(home), *_space(home, now)]
    findings += [*_half_restored(home), *_settings(), *_ports(home)]
    damaged = list(_catalogue(home))
    findings += damaged
    catalogue: Catalogue | None = None
    buried = tails.tombstones(home)
    try:
        if home.catalogue.exists() and not damaged:
            catalogue = Catalogue.open(home.catalogue)
    except NewscrawlError as error:
        findings.append(Finding("catalogue", str(error), str(home.catalogue), "as it says"))
    try:
        findings += clock.examine(home, catalogue, now)
        findings += _archive(home, catalogue, progress)
        if catalogue:
            findings += tails.written_again(home, buried)
            findings += _rows(catalogue)
            findings += captured.examine(home, catalogue)
            findings += keys.examine(home, catalogue)
            findings += _seals(home, catalogue)
            findings += indexed.examine(home, catalogue)
            findings += _alerts(home, catalogue)
            findings += _takedowns(catalogue)
            findings += scheduled.examine(home, catalogue, crontab, now)
    finally:
        if catalogue:
            catalogue.close()
    return findings


def repair_archive(home: Home, findings: Iterable[Finding]) -> Iterator[str]:
    """Mend what the findings name of the archive, dropping nothing; says what was done.

    Raises NewscrawlError where the archive or the catalogue cannot be written.
    """
    wanted = [finding for finding in findings if finding.mend in (Mend.RECOVER, Mend.ADOPT)]
    if not wanted:
        return
    catalogue = Catalogue.open(home.catalogue)
    halves = half_copied(home.snapshots)
    try:
        for file in recover(home, catalogue):
            kept = f"{len(file.records)} records kept, {file.cut} bytes of an unfinished one cut"
            whole = kept if file.records else "held no whole record, removed"
            yield f"{file.path}: {'closed as it is, for it is damaged' if file.damaged else whole}"
        yield from (f"{each}: half copied, removed" for each in halves if not each.exists())
        for finding in wanted:
            if finding.mend is Mend.ADOPT:
                path = str(Path(finding.where).relative_to(home.snapshots))
                adopt(home, catalogue, path)
                yield f"{path}: catalogued what only the archive knew"
    finally:
        catalogue.close()


def _space(home: Home, now: datetime) -> Iterator[Finding]:
    free = free_space(home)
    if free < settings.FREE_SPACE_MB:
        what = f"{free} MB free, {settings.FREE_SPACE_MB} MB needed to crawl"
        yield Finding("home", what, str(home.root), "make room")
    if shortage := measure(home, now).shortage:
        yield Finding("home", shortage, str(home.root), "make room, or move NEWSCRAWL_HOME")


def _half_restored(home: Home) -> Iterator[Finding]:
    for path in half_restored(home.catalogue):
        what = "a catalogue that a restore which was cut off has left"
        yield Finding("home", what, str(path), "restore once more, or remove it")
    for path in [] if is_restored(home) else half_copied(home.snapshots):
        what = "a file that a restore which was cut off has half copied"
        yield Finding("home", what, str(path), f"restore once more, or {REPAIR}", Mend.RECOVER)


def _settings() -> Iterator[Finding]:
    for breach in breaches(lambda name: getattr(settings, name, None)):
        rule = breach.rule
        yield Finding(
            "settings",
            f"{breach.value!r}, must be {rule.required}",
            rule.setting,
            f"set it right in newscrawl/settings.py, and unset NEWSCRAWL_{rule.setting}",
        )
    if not scrapy_is_safe():
        oldest = ".".join(map(str, OLDEST_SCRAPY))
        yield Finding("settings", f"older than {oldest}", "Scrapy", "install newscrawl anew")


def _ports(home: Home) -> Iterator[Finding]:
    for process in processes(home):
        if process.ports and not process.serves:
            what = f"listens on TCP port {', '.join(map(str, process.ports))}"
            remedy = "end it; a crawl has no reason to listen"
            yield Finding("ports", what, f"process {process.pid}", remedy)


def _catalogue(home: Home) -> Iterator[Finding]:
    where = str(home.catalogue)
    remedy = (
        "restore it from a backup; without one, the archive is still there: a crawl, and then "
        "`newscrawl doctor --repair`, catalogue it"
    )
    if not home.catalogue.exists():
        if archive_files(home.snapshots):
            yield Finding("catalogue", "missing, and there is an archive", where, remedy)
    elif not home.catalogue.stat().st_size:
        # SQLite takes it for a new database.
        yield Finding("catalogue", "empty", where, remedy)
    else:
        try:
            problems = sqlite.problems(home.catalogue)
        except sqlite.CannotOpen as error:
            yield Finding("catalogue", f"cannot be opened: {error}", where, MODES)
        else:
            for problem in problems:
                yield Finding("catalogue", one_line(problem), where, remedy)


def _rows(catalogue: Catalogue) -> Iterator[Finding]:
    """SQLite's check looks at its pages, and not at what an article's row says."""
    with catalogue.read() as view:
        for entries in log.every(view):
            for each in entries:
                if isinstance(each, Illegible) and each.live:
                    what = f"cannot be read: {in_a_line(each.error)}"
                    yield Finding("catalogue", what, each.article_id, RESTORE_ROW)
            for version, what in texts.faults(view, list(filter(log.readable, entries))):
                yield Finding("catalogue", what, version.article_id, Remedy.RESTORE_CATALOGUE)


def _archive(home: Home, catalogue: Catalogue | None, progress: Progress) -> Iterator[Finding]:
    for path in stale(home.snapshots):
        what = "left unfinished by a run that was killed"
        mend = Mend.RECOVER if catalogue else None
        yield Finding("archive", what, str(path), f"{REPAIR}, or crawl again", mend)
    copied = set(half_copied(home.snapshots))
    for path in strangers(home.snapshots):
        # What a restore has left is named as such; what an erasure has, with its takedown.
        if path not in copied and path.suffix != UNFINISHED:
            yield Finding("archive", NO_FILE, str(path), Remedy.STRANGER)
    brought = _brought(home, catalogue) if catalogue else set()
    held: dict[Path, FileReport] = {}
    done = 0
    for path in archive_files(home.snapshots):
        try:
            report = check_file(path)
        except FileNotFoundError:
            continue  # rewritten by an erasure at this moment: its rows say where it is then
        except OSError as error:
            yield Finding("archive", f"cannot be read: {error.strerror}", str(path), MODES)
            continue
        remedy = BRING_AGAIN if path in brought else RESTORE
        for problem in report.problems:
            record = f" ({problem.record_id})" if problem.record_id else ""
            what = f"at byte {problem.offset}{record}: {problem.what}"
            yield Finding("archive", what, str(path), remedy)
        if report.ok:
            held[path] = report
        done += size(path)
        progress(done)
    if catalogue:
        yield from _counts(home, catalogue, held, brought)


def _brought(home: Home, catalogue: Catalogue) -> set[Path]:
    """The archive files that imports have made."""
    with catalogue.read() as connection:
        return {home.snapshots / path for path in snapshots.paths(connection, "import")}


def _counts(
    home: Home, catalogue: Catalogue, held: Mapping[Path, FileReport], brought: set[Path]
) -> Iterator[Finding]:
    """Sound files against the catalogue's rows, which are read after the files they follow."""
    with catalogue.read() as connection:
        rows = snapshots.counts_by_file(connection)
        begun = erasure.rewritings(connection)
    copies = {home.snapshots / path for each in begun for path in (each.path, each.fresh)}
    catalogued = {home.snapshots / path: count for path, count in rows.items()}
    for path, report in held.items():
        known = catalogued.get(path, 0)
        count = sum(report.records.get(kind, 0) for kind in CAPTURES)
        what = f"holds {count} captures, the catalogue knows {known}"
        if known < count and path not in copies:  # an erasure names one of the two
            yield Finding("archive", what, str(path), REPAIR, Mend.ADOPT)
        elif known > count:
            remedy = BRING_AGAIN if path in brought else RESTORE
            yield Finding("archive", what, str(path), remedy)
        elif lost := _elsewhere(home, catalogue, report):
            what = f"{lost} of its captures are not where the catalogue says"
            yield Finding("archive", what, str(path), NAMED)
    for path, known in catalogued.items():
        # Looked for twice under its final name: it may be renamed between the first two looks.
        if not any(each.exists() for each in (path, unfinished(path), path)):
            what = f"missing; the catalogue knows {known} captures in it"
            remedy = BRING_AGAIN if path in brought else RESTORE
            yield Finding("archive", what, str(path), remedy)


def _elsewhere(home: Home, catalogue: Catalogue, report: FileReport) -> int:
    """How many rows of a sound file name a record that does not begin there."""
    with catalogue.read() as view:
        rows = snapshots.of_file(view, str(report.path.relative_to(home.snapshots)))
    return sum(report.places.get(row.record_id) != row.offset for row in rows)


def _seals(home: Home, catalogue: Catalogue) -> Iterator[Finding]:
    """Manifests, their chain and stamps, and notes of takedowns. Whether the files are those is for
    `newscrawl verify`.
    """
    faults: Sequence[Fault] = ()
    with suppress(ArchiveError):  # of a key that cannot be used, which is named with the keys
        faults = verify_manifests(home, catalogue).faults
    key = home.root / removals.KEY
    for alike in folded(faults):
        fault = alike.first
        if fault.remedy is Remedy.REPAIR:
            continue  # `tails` has named it
        if fault.where == str(key) and not key.exists():
            continue  # named with the keys
        line = f"{alike.at}: " if alike.at else ""
        part = "manifests" if Path(fault.where).parent == home.manifests else "takedown"
        yield Finding(part, f"{line}{fault.what}", fault.where, fault.remedy)
    health = seal_health(home, catalogue, today(datetime.now(UTC)))
    for what, where, remedy in health.troubles():
        yield Finding("manifests", what, where, remedy)


def _alerts(home: Home, catalogue: Catalogue) -> Iterator[Finding]:
    with catalogue.read() as connection:
        for each in unread.every(connection):
            yield Finding("alerts", each.what, f"{each.name} ({each.person})", each.remedy)
        if lost := Undelivered.of(connection):
            yield Finding("alerts", lost.what, "outbox", lost.remedy)
        if waiting := unmatched(home, connection):
            yield Finding("alerts", waiting.what, "catalogue", waiting.remedy)
        if withheld := Withheld.of(connection):
            yield Finding("alerts", withheld.what, "outbox", withheld.remedy)


def _takedowns(catalogue: Catalogue) -> Iterator[Finding]:
    with catalogue.read() as connection:
        waiting = tombstones.unfinished(connection)
    for each in waiting:
        what = "not erased yet; shown to nobody"
        yield Finding("takedown", what, each.id, "newscrawl takedown --resume")
