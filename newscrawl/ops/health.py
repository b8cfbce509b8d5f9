"""How every paper, the index and the disk stand: what `newscrawl status` shows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from newscrawl import settings, unheard
from newscrawl.alerts.undelivered import Undelivered
from newscrawl.alerts.unmatched import Unmatched
from newscrawl.alerts.withheld import Withheld
from newscrawl.catalogue import editions, retention, runs, soundness, versions
from newscrawl.catalogue.connection import Catalogue, Transaction, missing
from newscrawl.catalogue.editions import EditionState
from newscrawl.catalogue.retention import Retention
from newscrawl.catalogue.runs import Run
from newscrawl.catalogue.tally import Tally, tally_of
from newscrawl.errors import UsageError
from newscrawl.home import Home
from newscrawl.index import aside
from newscrawl.index.aside import SetAside
from newscrawl.index.damage import IndexUnusable
from newscrawl.index.reach import require
from newscrawl.index.store import Build, Store
from newscrawl.ops.place import free_space, is_matching, is_running
from newscrawl.ops.standing import NO_SEALS, SealHealth, seal_health
from newscrawl.ops.usage import Usage, measure
from newscrawl.text.dates import shown, today

ALARM_HOURS = 24.0
"""A paper that is crawled and had no success for longer asks for attention."""
QUIET_DAYS = 3
"""A paper of which runs find no edition, and that had none for longer, asks for it too."""


@dataclass(frozen=True, slots=True)
class EditionHealth:
    """A paper's newest edition."""

    day: str
    state: str
    read_at: str | None
    """ISO 8601, UTC."""
    tally: Tally


@dataclass(frozen=True, slots=True)
class PaperHealth:
    """How one paper stands."""

    paper: str
    title: str
    edition: EditionHealth | None
    """None for a paper that was only imported, or has not appeared yet."""
    articles: int
    """Articles held in all, flagged and quarantined ones included."""
    flagged: int
    quarantined: int
    last_run: Run | None
    last_failure: Run | None
    last_success: str | None
    """ISO 8601, UTC."""
    hours_since_success: float | None
    kept: Retention | None = None
    """For how long; None: for good."""
    expired: int = 0
    """Editions that are older than that by more than a day."""

    @property
    def overdue(self) -> bool:
        """Whether a paper that is crawled has had no success for too long."""
        if self.last_run is not None and self.last_run.state == runs.IMPORTED:
            return False
        return self.hours_since_success is None or self.hours_since_success > ALARM_HOURS


@dataclass(frozen=True, slots=True)
class IndexHealth:
    """How the index follows the catalogue."""

    behind: int | None
    """Versions recorded and not yet found by a search; None where there is no usable index."""
    problem: str | None
    aside: tuple[SetAside, ...] = ()
    """Articles that could not be prepared for it, and are not found."""


@dataclass(frozen=True, slots=True)
class Health:
    """Everything that `status` says."""

    home: str
    papers: tuple[PaperHealth, ...]
    index: IndexHealth
    seals: SealHealth
    free_megabytes: int
    usage: Usage | None
    """None where nothing was collected yet."""
    attention: tuple[str, ...]
    """What somebody should look at, a line each; empty when all is well."""


def examine(home: Home, now: datetime, papers: Sequence[str], free_megabytes: int) -> Health:
    """The health of these papers, of all if none is named, at the aware time `now`.

    Less than `free_megabytes` of free disk asks for attention. Nothing is created where nothing
    was collected yet. Raises UsageError for an unknown paper.
    """
    free = free_space(home)
    if not home.catalogue.exists():
        nothing = (missing(home),)
        return Health(str(home.root), (), IndexHealth(0, None), NO_SEALS, free, None, nothing)
    catalogue = Catalogue.open(home.catalogue)
    try:
        dead = _dead_runs(catalogue, home)
        with catalogue.read() as connection:
            found = tuple(_papers(connection, papers, now, dead))
            alerts = (
                Undelivered.of(connection),
                Withheld.of(connection),
                unmatched(home, connection),
            )
        index = _index(catalogue, Store.of(home))
        seals = seal_health(home, catalogue, today(now))
    finally:
        catalogue.close()
    attention = [line for paper in found for line in _of_paper(paper, today(now))]
    attention.extend(_of_index(index))
    attention.extend(f"{each.what}: {each.remedy}" for each in alerts if each)
    attention.extend(f"{where}: {what}: {remedy}" for what, where, remedy in seals.troubles())
    attention.extend(_unheard(home))
    if free < free_megabytes:
        attention.append(f"{home.root}: only {free} MB free, {free_megabytes} MB needed to crawl")
    usage = measure(home, now)
    attention.extend([f"{home.root}: {usage.shortage}: make room"] if usage.shortage else [])
    return Health(str(home.root), found, index, seals, free, usage, tuple(attention))


def unmatched(home: Home, view: Transaction) -> Unmatched | None:
    """What waits to be matched, where nobody seems to see to it."""
    waiting = Unmatched.of(view)
    if waiting is None or not waiting.left(datetime.now(UTC), at_work=is_matching(home)):
        return None
    return waiting


def _dead_runs(catalogue: Catalogue, home: Home) -> set[tuple[str, str]]:
    """`(paper, start)` of runs marked running that nobody carries on: their lock is free.

    Unless one has just ended: whoever asks reads the catalogue once more.
    """
    with catalogue.read() as connection:
        last = runs.newest(connection).values()
    return {
        (run.paper, run.started)
        for run in last
        if run.state == "running" and not is_running(home, run.paper)
    }


def _papers(
    connection: Transaction, wanted: Sequence[str], now: datetime, dead: Set[tuple[str, str]]
) -> Iterator[PaperHealth]:
    titles = runs.titles(connection)
    for name in wanted:
        if name not in titles:
            known = ", ".join(titles) or "none"
            raise UsageError(f"{name}: nothing was collected of it; known papers: {known}")
    newest = editions.newest(connection)
    counts = soundness.counts(connection)
    last = runs.newest(connection)
    kept = {each.paper: each for each in retention.stored(connection)}
    for name in wanted or titles:
        states = counts.get(name, {})
        run, failure = last.get(name), runs.last_failure(connection, name)
        if run and run.state == "running" and (name, run.started) in dead:
            run = failure = replace(run, state="killed")
        brought = run and run.state == runs.IMPORTED
        success = run if brought else runs.last_success(connection, name)
        since = (success.ended or success.started) if success else None
        yield PaperHealth(
            paper=name,
            title=titles[name],
            edition=_edition(connection, newest.get(name)),
            articles=sum(states.values()),
            flagged=states.get("flagged", 0),
            quarantined=states.get("quarantined", 0),
            last_run=run,
            last_failure=failure,
            last_success=since,
            hours_since_success=_hours(since, now),
            kept=kept.get(name),
            expired=_expired(connection, kept.get(name), now),
        )


def _expired(connection: Transaction, kept: Retention | None, now: datetime) -> int:
    """Not those of the last day: they go tonight."""
    yesterday = today(now) - timedelta(days=1)
    return sum(1 for _each in retention.expired(connection, kept, yesterday)) if kept else 0


def _edition(connection: Transaction, newest: EditionState | None) -> EditionHealth | None:
    if newest is None:
        return None
    tally = tally_of(connection, newest.id)
    return EditionHealth(newest.day, newest.state, newest.read_at, tally)


def _hours(since: str | None, now: datetime) -> float | None:
    if since is None:
        return None
    return round((now - datetime.fromisoformat(since)).total_seconds() / 3600, 1)


def _index(catalogue: Catalogue, store: Store) -> IndexHealth:
    with catalogue.read() as view:
        if not versions.newest_seq(view) and not store.exists():
            return IndexHealth(0, None)
    try:
        return store.steady(lambda build: _of_build(catalogue, build))
    except IndexUnusable as error:
        return IndexHealth(None, str(error))


def _of_build(catalogue: Catalogue, build: Build) -> IndexHealth:
    reached = build.reached()
    with catalogue.read() as view:
        require(view, reached, build.directory)
        behind = versions.newest_seq(view) - reached.mark
        return IndexHealth(behind, None, tuple(aside.standing(view, build.directory)))


def _of_paper(paper: PaperHealth, day: date) -> Iterator[str]:
    run, quiet_since = paper.last_run, (day - timedelta(days=QUIET_DAYS)).isoformat()
    if run and run.state in runs.TROUBLED:
        reason = ": the next one goes on from there" if run.state == "killed" else first_reason(run)
        yield f"{paper.paper}: last run {run.state}{reason}"
    if refused := _refused(run):
        yield f"{paper.paper}: last run refused {refused}"
    if run and (untold := run.stats.get(runs.UNTOLD)):
        yield f"{paper.paper}: {untold}"
    if paper.overdue:
        hours = paper.hours_since_success
        yield f"{paper.paper}: no success " + ("yet" if hours is None else f"for {hours:.0f} h")
    seen = paper.edition.day if paper.edition else "the beginning"
    if run and run.state == "none" and (paper.edition is None or seen < quiet_since):
        yield f"{paper.paper}: no edition since {seen}: it may have moved"
    if settings.FETCH_IMAGES and paper.edition and (lost := paper.edition.tally.images_missing):
        pictures = "picture" if lost == 1 else "pictures"
        yield f"{paper.paper}: {lost} {pictures} of {paper.edition.day} missing"
    if paper.expired and paper.kept:
        editions_are = "edition is" if paper.expired == 1 else "editions are"
        yield (
            f"{paper.paper}: {paper.expired} {editions_are} overdue by more than a day, kept for "
            f"{paper.kept.days} days: run "
            "`newscrawl retention apply`"
        )
    if paper.quarantined:
        yield (
            f"{paper.paper}: {paper.quarantined} articles quarantined: held, but not searchable, "
            "because their text could not be decoded"
        )


def _refused(run: Run | None) -> str:
    """`private 2, oversize 1`; empty where nothing was refused."""
    stats = run.stats if run else {}
    kinds = {name.partition("/")[2]: n for name, n in stats.items() if name.startswith("refused/")}
    return ", ".join(f"{kind} {count}" for kind, count in sorted(kinds.items()))


def first_reason(run: Run) -> str:
    """`: URL: reason (and 3 more)`, without a URL where it is the run's; empty without one."""
    if not run.reasons:
        return ""
    url, reason = run.reasons[0]
    more = f" (and {len(run.reasons) - 1} more)" if len(run.reasons) > 1 else ""
    return f": {url}: {reason}{more}" if url else f": {reason}{more}"


def _unheard(home: Home) -> Iterator[str]:
    for each in unheard.noted(home):
        yield f"{each.work}: {each.why}, since {shown(datetime.fromisoformat(each.since))}"


def _of_index(index: IndexHealth) -> Iterator[str]:
    if index.problem:
        yield index.problem
    elif index.behind:
        yield f"the index is {index.behind} versions behind: the next run or import catches up"
    if index.aside:
        one, *more = index.aside
        others = f" (and {len(more)} more)" if more else ""
        yield f"{one.article_id}: {one.what}{others}: {one.remedy}"
