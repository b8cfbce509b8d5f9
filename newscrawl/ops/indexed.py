"""How the index is, against the catalogue: what the doctor says of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from newscrawl.catalogue import versions
from newscrawl.catalogue.connection import Catalogue
from newscrawl.home import Home
from newscrawl.index import aside, dictionary
from newscrawl.index.aside import SetAside
from newscrawl.index.client import IndexerClient
from newscrawl.index.damage import IndexHindered, IndexUnusable
from newscrawl.index.search import Searcher
from newscrawl.index.store import Build, Store
from newscrawl.ops.findings import REPAIR, Finding, Mend, one_line
from newscrawl.ops.place import is_indexing

CATCHES_UP = "the next crawl or import catches up; else `newscrawl doctor --repair`"
FOLLOWS = "the next crawl or import catches up; else `newscrawl reindex`"
STALLED_SECONDS = 120.0
LOOKS = 3
"""At builds that others take the place of meanwhile, before the last one is believed."""


def examine(home: Home, catalogue: Catalogue) -> list[Finding]:
    """What is wrong with the index; of one that is being built anew it says so."""
    found = _settled(home, catalogue)
    if any(each.mend for each in found) and _is_being_built(home):
        return [_waiting(each) if each.mend else each for each in found]
    return found


def _settled(home: Home, catalogue: Catalogue) -> list[Finding]:
    """What is found of a build that is still the current one after the look: a rebuild removes the
    one whose place it takes.
    """
    store = Store.of(home)
    for _look in range(LOOKS):
        named = _named(store)
        found = list(_looked_at(home, catalogue, store))
        if _named(store) == named:
            break
    return found


def _named(store: Store) -> str:
    try:
        return store.named()
    except IndexUnusable:
        return ""  # as the look itself says


def _is_being_built(home: Home) -> bool:
    """Whether somebody has the index to himself, and has begun another build."""
    store = Store.of(home)
    builds = {path.name for path in store.root.glob("build-*")}
    return is_indexing(home) and bool(builds - {_named(store)})


def _waiting(finding: Finding) -> Finding:
    what = f"{finding.what}; it is being built just now"
    return replace(finding, what=what, remedy="look again when that is done", mend=None)


def _looked_at(home: Home, catalogue: Catalogue, store: Store) -> Iterator[Finding]:
    with catalogue.read() as connection:
        newest = versions.newest_seq(connection)
    if not newest and not store.exists():
        return
    try:
        build = store.current()
        faults = [
            _reindex(one_line(what), build.directory / file) for file, what in build.problems()
        ]
        yield from faults
        if not faults:
            unfit = _unfit(catalogue, build)
            # Rows that cannot be read are named with the catalogue, indexed or not.
            yield from (_set_aside(each) for each in unfit if not each.illegible)
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
    return Finding("index", each.what, each.article_id, each.remedy)


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
        yield Finding("index", what, str(home.indexes), CATCHES_UP, Mend.CATCH_UP)
    elif settled and count != live - unfit:
        yield _reindex(f"finds {count} articles, the catalogue has {live}", home.indexes)


def _dictionary(home: Home, catalogue: Catalogue, build: Build) -> Iterator[Finding]:
    words = dictionary.outdated(build.directory, dictionary.wanted(catalogue))
    if words:
        what = f"does not yet follow {len(words)} changed words of the dictionary"
        yield Finding("index", what, str(home.indexes), FOLLOWS)


def catch_up(home: Home) -> str:
    """Have the indexer follow the catalogue, and wait for it; says what was done.

    Raises IndexUnusable, IndexerStopped, CatalogueError.
    """
    with closing(Catalogue.existing(home.catalogue)) as catalogue:
        with catalogue.read() as view:
            newest = versions.newest_seq(view)
        client = IndexerClient(home, catalogue=catalogue)
        before = client.mark()
        client.signal()
        client.wait(newest, STALLED_SECONDS, lambda _mark: None)
        client.close()
    return f"index: caught up with {newest - before} versions"


def _reindex(what: str, where: Path) -> Finding:
    return Finding("index", what, str(where), f"{REPAIR}, or `newscrawl reindex`", Mend.REINDEX)
