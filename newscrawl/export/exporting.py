"""One export: what is chosen, whether it may go out, and the file of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from newscrawl.archive.errors import DamagedArchive
from newscrawl.catalogue import policies, snapshots
from newscrawl.catalogue.connection import Catalogue, Transaction
from newscrawl.catalogue.outgoing import Outgoing, Scope
from newscrawl.catalogue.papers import named
from newscrawl.catalogue.policies import Policy
from newscrawl.export.file import require_free, whole
from newscrawl.export.formats import Format, Job
from newscrawl.export.policing import Allowed, Withheld
from newscrawl.export.selection import Selection, TakenMeanwhile, finding
from newscrawl.index.search import Searcher, SearchRequest


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be exported, and how."""

    request: SearchRequest
    """Its query, papers and days; an empty query: everything."""
    format: Format
    file: Path
    every: bool = False
    """All versions, and not only the newest."""
    narrower: Policy | None = None
    """Nothing beyond it goes out, whatever is stored."""
    bom: bool = True
    force: bool = False
    """Replace a file that is there."""


@dataclass(frozen=True, slots=True)
class Exported:
    """What went out."""

    versions: int
    """0: nothing was chosen, and no file was written."""
    withheld: Sequence[Withheld] = ()
    """The papers in it of which less went out than was asked for."""
    bytes: int = 0
    behind: int = 0
    """Versions that are recorded and not yet in the index: a query has not found them."""


def export(
    catalogue: Catalogue,
    archive: Path,
    order: Order,
    searcher: Searcher | None = None,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> Exported:
    """Export one state of the catalogue: what is recorded meanwhile is not in it.

    `archive`: its root. `searcher`: answers the query, if there is one. `progress` gets how many
    versions were written, of how many. Raises UsageError for a file that may not be written,
    NotAllowed where a policy keeps it here, TakenMeanwhile, ArchiveError where a capture cannot be
    read.
    """
    require_free(order.file, force=order.force)
    order.format.require()
    with catalogue.view(), catalogue.read() as connection:
        found = finding(searcher, order.request) if searcher else None
        selection = Selection(catalogue, _scope(connection, order))
        allowed = Allowed(policies.stored(connection), order.narrower)
        behind = searcher.behind() if searcher else 0
    if found is not None:
        selection.narrow(found)
    names = allowed.names(selection.papers)
    if not len(selection):
        return Exported(0, behind=behind)
    if order.format.whole_pages:
        allowed.require_whole(selection.papers, order.format.name.upper())
    with whole(order.file, force=order.force) as file:
        job = Job(
            catalogue=catalogue,
            upto=selection.newest_capture,
            archive=archive,
            room=order.file.parent,
            allowed=allowed,
            about=_about(order, selection, names),
            name=order.file.name,
            bom=order.bom,
        )
        with _unless_rewritten(catalogue, archive):
            order.format.write(file, _counted(selection, progress), job)
        selection.require_shown(pages=order.format.whole_pages)
    withheld = allowed.withheld(selection.papers)
    return Exported(len(selection), withheld, order.file.stat().st_size, behind)


@contextmanager
def _unless_rewritten(catalogue: Catalogue, archive: Path) -> Iterator[None]:
    """What cannot be read of a file of which the catalogue knows nothing any more was moved by an
    erasure of something else: then TakenMeanwhile is raised, and nothing is damaged.
    """
    try:
        yield
    except DamagedArchive as error:
        place = error.problem.path
        known = str(place.relative_to(archive)) if place.is_relative_to(archive) else ""
        with catalogue.read() as now:
            if known and not snapshots.of_file(now, known):
                raise TakenMeanwhile.elsewhere() from error
        raise


def _scope(connection: Transaction, order: Order) -> Scope:
    asked = order.request
    papers = named(connection, asked.papers) if asked.papers else None
    return Scope(papers, asked.since, asked.until, order.every)


def _counted(selection: Selection, progress: Callable[[int, int], None]) -> Iterator[Outgoing]:
    total = len(selection)
    for done, each in enumerate(selection):
        progress(done, total)
        yield each
    progress(total, total)


def _about(order: Order, selection: Selection, names: Mapping[str, str]) -> dict[str, Any]:
    """What the file says of itself."""
    asked = order.request
    since, until = (day.isoformat() if day else None for day in (asked.since, asked.until))
    days = " to ".join(filter(None, (since, until)))
    parts = filter(None, (asked.query, ", ".join(names), days))
    return {
        "title": "Newspaper articles",
        "description": f"{len(selection)} snapshots: {'; '.join(parts)}",
        "newscrawl": {
            "query": asked.query or None,
            "since": since,
            "until": until,
            "versions": "all" if order.every else "newest",
            "snapshots": len(selection),
            "policy": dict(names),
        },
    }
