"""Building the index anew beside the current one, and swapping it in."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass

from newscrawl.catalogue import versions
from newscrawl.catalogue.connection import Catalogue
from newscrawl.index import dictionary, shares
from newscrawl.index.aside import Aside
from newscrawl.index.batches import Batch, between, nobody_has
from newscrawl.index.dictionary import Covered
from newscrawl.index.documents import Document, Unfit
from newscrawl.index.reach import reach_of
from newscrawl.index.store import Build, Store
from newscrawl.text.segment import Segmenter

Progress = Callable[[int], None]
"""Told how many versions are done."""
LEFT = 250
"""Versions that are left to the indexer, which makes fewer than these findable in one commit."""


def rebuild(
    store: Store,
    catalogue: Catalogue,
    progress: Progress = lambda _done: None,
    processes: int = 1,
) -> Build:
    """Build the index anew, in several processes where the engine's indexes can be divided.

    What a crawl has added meanwhile is built too, but for the last of it, which is left to the
    indexer: nothing is found before the swap.
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
    told = _Told(progress, Aside(build.directory, cut))
    if processes > 1:
        told.done = shares.build(build, catalogue, cut, progress, processes)
    with closing(build.writer()) as writer:
        newest = _newest(catalogue)
        while writer.mark < newest:
            upto = min(writer.mark + build.engine.batch, newest)
            with catalogue.read() as view:
                reached = reach_of(view, upto)
            documents = told.documents(between(catalogue, writer.mark, upto), cut)
            writer.write(documents, upto - writer.mark, reached)
            writer.upkeep()
            came = _newest(catalogue)
            if came - newest >= LEFT:
                newest = came
        writer.upkeep(ending=True)


@dataclass(slots=True)
class _Told:
    """Tells how many versions are done."""

    progress: Progress
    unfit: Unfit
    done: int = 0

    def documents(self, batches: Iterable[Batch], cut: Segmenter) -> Iterator[Document]:
        """Of versions that nobody has made words of."""
        for batch in batches:
            yield from batch.documents(nobody_has, cut, self.unfit)
            self.done += len(batch.live)
            self.progress(self.done)


def _newest(catalogue: Catalogue) -> int:
    with catalogue.read() as connection:
        return versions.newest_seq(connection)
