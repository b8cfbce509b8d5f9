"""Does everything hold together: home, settings, catalogue, archive, index, alerts?"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from newscrawl import settings
from newscrawl.alerts import unread
from newscrawl.alerts.undelivered import Undelivered
from newscrawl.archive.check import check_file
from newscrawl.archive.layout import archive_files, unfinished
from newscrawl.archive.recover import stale
from newscrawl.catalogue import snapshots, sqlite, versions
from newscrawl.catalogue.connection import Catalogue
from newscrawl.errors import NewscrawlError
from newscrawl.home import Home
from newscrawl.index import aside, dictionary
from newscrawl.index.aside import SetAside
from newscrawl.index.damage import IndexHindered, IndexUnusable
from newscrawl.index.search import Searcher
from newscrawl.index.store import Build, Store
from newscrawl.ops.health import TRY_AGAIN, UNFIT
from newscrawl.ops.place import free_space
from newscrawl.ops.ports import processes
from newscrawl.ops.recovery import CAPTURES, adopt, recover
from newscrawl.ops.safety import OLDEST_SCRAPY, breaches, scrapy_is_safe

Progress = Callable[[int], None]

REPAIR = "run `newscrawl doctor --repair`"
CATCHES_UP = "the next crawl or import catches up; else `newscrawl reindex`"
RESTORE = "restore it from a backup; else read those days again with `-a refresh=1`"
BRING_AGAIN = "restore it from a backup; else import the file again that it came from"
MODES = "check its owner and mode, those of its folder too; nothing is said of what is in it"


class Mend(StrEnum):
    """What `--repair` can do about a finding."""

    RECOVER = "recover"
    ADOPT = "adopt"
    REINDEX = "reindex"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it should be."""

    part: str
    """home, settings, ports, catalogue, archive, index or alerts."""
    what: str
    where: str
    remedy: str
    mend: Mend | None = None


def examine(home: Home, progress: Progress = lambda _bytes: None) -> list[Finding]:
    """Look at everything and change nothing; `progress` gets the archive's bytes read so far.

    A home in which nothing was collected yet is sound.
    """
    findings = [*_modes(home), *_space(home), *_settings(), *_ports(home)]
    damaged = list(_catalogue(home))
    findings += damaged
    catalogue: Catalogue | None = None
    try:
        if home.catalogue.exists() and not damaged:
            catalogue = Catalogue.open(home.catalogue)
    except NewscrawlError as error:
        findings.append(Finding("catalogue", str(error), str(home.catalogue), "as it says"))
    try:
        findings += _archive(home, catalogue, progress)
        findings += _index(home, catalogue) if catalogue else []
        findings += _alerts(catalogue) if catalogue else []
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
    try:
        for file in recover(home, catalogue):
            kept = f"{len(file.records)} records kept, {file.cut} bytes of an unfinished one cut"
            yield f"{file.path}: {kept if file.records else 'held no whole record, removed'}"
        for finding in wanted:
            if finding.mend is Mend.ADOPT:
                path = str(Path(finding.where).relative_to(home.snapshots))
                adopt(home, catalogue, path)
                yield f"{path}: catalogued what only the archive knew"
    finally:
        catalogue.close()


def _modes(home: Home) -> Iterator[Finding]:
    """Whoever writes here runs code as us (an index is code), or forges what we keep."""
    folders = (home.root, home.indexes, home.snapshots, home.run, home.logs, home.cache)
    for path in (*folders, home.catalogue):
        if path.exists():
            yield from _private(path, stat.S_IWGRP | stat.S_IWOTH, "writable by others", "go-w")
    for key in (Store.of(home).key, home.secret_key):
        if key.exists():
            yield from _private(key, stat.S_IRWXG | stat.S_IRWXO, "open to others", "600")


def _private(path: Path, forbidden: int, what: str, mode: str) -> Iterator[Finding]:
    found = path.stat()
    if found.st_mode & forbidden:
        yield Finding("home", what, str(path), f"chmod {mode} {path}")
    if found.st_uid != os.geteuid():
        remedy = "change its owner, or run newscrawl as that user"
        yield Finding("home", "owned by another user", str(path), remedy)


def _space(home: Home) -> Iterator[Finding]:
    free = free_space(home)
    if free < settings.FREE_SPACE_MB:
        what = f"{free} MB free, {settings.FREE_SPACE_MB} MB needed to crawl"
        yield Finding("home", what, str(home.root), "make room")


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
    where, remedy = str(home.catalogue), "restore it from a backup; the archive is still there"
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
                yield Finding("catalogue", _one_line(problem), where, remedy)


def _archive(home: Home, catalogue: Catalogue | None, progress: Progress) -> Iterator[Finding]:
    for path in stale(home.snapshots):
        what = "left unfinished by a run that was killed"
        mend = Mend.RECOVER if catalogue else None
        yield Finding("archive", what, str(path), f"{REPAIR}, or crawl again", mend)
    brought = _brought(home, catalogue) if catalogue else set()
    held: dict[Path, int] = {}
    done = 0
    for path in archive_files(home.snapshots):
        report = check_file(path)
        remedy = BRING_AGAIN if path in brought else RESTORE
        for problem in report.problems:
            record = f" ({problem.record_id})" if problem.record_id else ""
            what = f"at byte {problem.offset}{record}: {problem.what}"
            yield Finding("archive", what, str(path), remedy)
        if report.ok:
            held[path] = sum(report.records.get(kind, 0) for kind in CAPTURES)
        done += path.stat().st_size
        progress(done)
    if catalogue:
        yield from _counts(home, catalogue, held, brought)


def _brought(home: Home, catalogue: Catalogue) -> set[Path]:
    """The archive files that imports have made."""
    with catalogue.read() as connection:
        return {home.snapshots / path for path in snapshots.paths(connection, "import")}


def _counts(
    home: Home, catalogue: Catalogue, held: dict[Path, int], brought: set[Path]
) -> Iterator[Finding]:
    """Sound files against the catalogue's rows, which are read after the files they follow."""
    with catalogue.read() as connection:
        rows = snapshots.counts_by_file(connection)
    catalogued = {home.snapshots / path: count for path, count in rows.items()}
    for path, count in held.items():
        known = catalogued.get(path, 0)
        what = f"holds {count} captures, the catalogue knows {known}"
        if known < count:
            yield Finding("archive", what, str(path), REPAIR, Mend.ADOPT)
        elif known > count:
            remedy = BRING_AGAIN if path in brought else RESTORE
            yield Finding("archive", what, str(path), remedy)
    for path, known in catalogued.items():
        # Looked for twice under its final name: it may be renamed between the first two looks.
        if not any(each.exists() for each in (path, unfinished(path), path)):
            what = f"missing; the catalogue knows {known} captures in it"
            remedy = BRING_AGAIN if path in brought else RESTORE
            yield Finding("archive", what, str(path), remedy)


def _index(home: Home, catalogue: Catalogue) -> Iterator[Finding]:
    store = Store.of(home)
    with catalogue.read() as connection:
        newest = versions.newest_seq(connection)
    if not newest and not store.exists():
        return
    try:
        build = store.current()
        faults = [
            _reindex(_one_line(what), build.directory / file) for file, what in build.problems()
        ]
        yield from faults
        if not faults:
            unfit = _unfit(catalogue, build)
            yield from (_set_aside(each) for each in unfit)
            yield from _found(home, catalogue, newest, build.mark(), len(unfit))
            yield from _dictionary(home, catalogue, build)
    except IndexHindered as error:
        yield Finding("index", str(error), str(home.indexes), "as it says")
    except IndexUnusable as error:
        yield _reindex(error.what, home.indexes)


def _unfit(catalogue: Catalogue, build: Build) -> list[SetAside]:
    with catalogue.read() as connection:
        return aside.standing(connection, build.directory)


def _set_aside(each: SetAside) -> Finding:
    what = f"not found, for {UNFIT}: {each.why}"
    return Finding("index", what, each.article_id, TRY_AGAIN)


def _found(
    home: Home, catalogue: Catalogue, newest: int, mark: int, unfit: int
) -> Iterator[Finding]:
    searcher = Searcher(home, catalogue)
    try:
        count = searcher.count()
    finally:
        searcher.close()
    with catalogue.read() as connection:
        settled = versions.newest_seq(connection) == newest
        live = versions.live_count(connection)
    if mark < newest:
        what = f"{newest - mark} versions behind the catalogue"
        yield Finding("index", what, str(home.indexes), CATCHES_UP)
    elif settled and count != live - unfit:
        yield _reindex(f"finds {count} articles, the catalogue has {live}", home.indexes)


def _dictionary(home: Home, catalogue: Catalogue, build: Build) -> Iterator[Finding]:
    words = dictionary.outdated(build.directory, dictionary.wanted(catalogue))
    if words:
        what = f"does not yet follow {len(words)} changed words of the dictionary"
        yield Finding("index", what, str(home.indexes), CATCHES_UP)


def _alerts(catalogue: Catalogue) -> Iterator[Finding]:
    with catalogue.read() as connection:
        for each in unread.every(connection):
            yield Finding("alerts", each.what, f"{each.name} ({each.person})", each.remedy)
        if lost := Undelivered.of(connection):
            yield Finding("alerts", lost.what, "outbox", lost.remedy)


def _reindex(what: str, where: Path) -> Finding:
    return Finding("index", what, str(where), f"{REPAIR}, or `newscrawl reindex`", Mend.REINDEX)


def _one_line(text: str) -> str:
    return " ".join(text.split())
