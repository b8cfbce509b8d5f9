"""Building the index anew beside the current one, and swapping it in."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import closing

from newscrawl.catalogue.connection import Catalogue
from newscrawl.index import dictionary, shares
from newscrawl.index.batches import next_batch, nobody_has, write_batch
from newscrawl.index.dictionary import Covered
from newscrawl.index.store import Build, Store

Progress = Callable[[int], None]
"""Told how many versions are done."""


def rebuild(
    store: Store,
    catalogue: Catalogue,
    progress: Progress = lambda _done: None,
    processes: int = 1,
) -> Build:
    """Build the index anew, in several processes where the engine's indexes can be divided.

    What a running crawl goes on adding is left to the indexer: nothing is found before the swap.
    Raises IndexUnusable, and ShareFailed where one of several processes fails.
    """
    build = store.create()
    try:
        with build.sound():
            _fill(build, catalogue, progress, processes)
    except BaseException:
        shutil.rmtree(build.directory, ignore_errors=True)  # a full disk is not to become fuller
        raise
    with build.sound():
        store.swap(build)
    return build


def _fill(build: Build, catalogue: Catalogue, progress: Progress, processes: int) -> None:
    cut = dictionary.wanted(catalogue)
    dictionary.note(build.directory, Covered(tuple(sorted(cut.words))))
    done = 0
    if processes > 1:
        done = shares.build(build, catalogue, cut, progress, processes)
    with closing(build.writer()) as writer:
        full = True
        while full and (batch := next_batch(catalogue, writer.mark, build.engine.batch)).size:
            write_batch(writer, batch, cut, nobody_has)
            done += len(batch.live)
            progress(done)
            full = batch.size == build.engine.batch
        writer.upkeep(ending=True)
