"""Parts of a new build, made by several processes and united.

The parts of a divisible index know nothing of each other. So they are dealt out, each process
builds its own in a directory of its own, and they are moved together. Whatever ends a process ends
the whole: nothing of it is current before the swap.
"""

from __future__ import annotations

import shutil
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from signal import SIG_IGN, SIGINT, signal

from newscrawl.catalogue import log, versions
from newscrawl.catalogue.connection import Catalogue
from newscrawl.errors import NewscrawlError
from newscrawl.home import Home
from newscrawl.index import aside, engines
from newscrawl.index.aside import Aside
from newscrawl.index.batches import Batch, nobody_has, write_batch
from newscrawl.index.documents import day_number
from newscrawl.index.engine import Divisible
from newscrawl.index.reach import reach_of
from newscrawl.index.store import Build
from newscrawl.query.subject import day_of
from newscrawl.text.segment import Segmenter, use_cache

LEAST = 2_000
"""Versions of a share: fewer are built before another process has started."""


class ShareFailed(NewscrawlError):
    """A process did not build its share."""


@dataclass(frozen=True, slots=True)
class Share:
    """What one process builds, and where."""

    directory: Path
    engine: str
    home: Home
    words: frozenset[str]
    """The user's dictionary."""
    seqs: Sequence[int]


def build(
    whole: Build,
    catalogue: Catalogue,
    cut: Segmenter,
    progress: Callable[[int], None],
    processes: int,
) -> int:
    """Fill an empty build with what the catalogue has by now, where that is worth the processes;
    how many versions. Raises ShareFailed.
    """
    engine = whole.engine
    if not isinstance(engine, Divisible):
        return 0
    with catalogue.read() as connection:
        reached = reach_of(connection, versions.newest_seq(connection))
        placed = [
            (seq, engine.part_of(day_number(day_of(edition))))
            for seq, edition in versions.editions(connection, reached.mark)
        ]
    home = Home(catalogue.path.parent)
    shares = [
        Share(whole.directory / f"share-{number}", engine.name, home, cut.words, seqs)
        for number, seqs in enumerate(dealt(placed, min(processes, len(placed) // LEAST)))
    ]
    if len(shares) < 2:
        return 0
    _run(shares, progress)
    directories = [share.directory for share in shares]
    engine.unite(whole.directory, directories, reached)
    aside.unite(whole.directory, directories)
    for directory in directories:
        shutil.rmtree(directory)
    return len(placed)


def dealt(placed: Iterable[tuple[int, str]], shares: int) -> list[list[int]]:
    """The sequence numbers of `(seq, part)` in so many shares at most: every part whole, the
    shares about equal, none empty.
    """
    by_part: dict[str, list[int]] = defaultdict(list)
    for seq, part in placed:
        by_part[part].append(seq)
    made: list[list[int]] = [[] for _ in range(shares)]
    for seqs in sorted(by_part.values(), key=len, reverse=True) if made else ():
        min(made, key=len).extend(seqs)
    return [sorted(seqs) for seqs in made if seqs]


def _run(shares: Sequence[Share], progress: Callable[[int], None]) -> None:
    """A process for each share; tells how many versions all of them have built.

    Where one fails, or this is interrupted, the others are ended at once.
    """
    context = get_context("spawn")  # a fork would take the parent's threads and files along
    running: dict[Connection, _Running] = {}
    try:
        for share in shares:
            mine, its = context.Pipe(duplex=False)
            process = context.Process(target=_built, args=(share, its), daemon=True)
            process.start()
            its.close()
            running[mine] = _Running(share, process)
        for done in _counted(running):
            progress(done)
    finally:
        for pipe, each in running.items():
            each.process.terminate()  # does nothing to one that has ended
            each.process.join()
            pipe.close()


@dataclass(frozen=True, slots=True)
class _Running:
    """A share, and the process that builds it."""

    share: Share
    process: BaseProcess

    def ended(self) -> None:
        """Its pipe is closed. Raises ShareFailed unless it has built all of its share."""
        self.process.join()
        if self.process.exitcode:
            raise ShareFailed(
                f"{self.share.directory}: the process that built it ended with "
                f"{self.process.exitcode}; what it said stands above: try again, or with "
                "NEWSCRAWL_INDEX_PROCESSES=1"
            )


def _counted(running: Mapping[Connection, _Running]) -> Iterator[int]:
    """How many versions are built so far, until every process has closed its end."""
    open_pipes, done = set(running), 0
    while open_pipes:
        for pipe in wait(list(open_pipes)):
            assert isinstance(pipe, Connection)
            try:
                done += pipe.recv()
            except EOFError:
                running[pipe].ended()
                open_pipes.discard(pipe)
            else:
                yield done


def _built(share: Share, told: Connection) -> None:
    """The process: builds a share, and tells how many versions each batch had."""
    signal(SIGINT, SIG_IGN)  # whoever started it is told, and ends it
    use_cache(share.home.cache)
    engine, cut = engines.engine(share.engine), Segmenter(share.words)
    share.directory.mkdir(mode=0o700)
    engine.create(share.directory)
    catalogue, writer = Catalogue.open(share.home.catalogue), engine.writer(share.directory)
    unfit = Aside(share.directory, cut)
    try:
        for start in range(0, len(share.seqs), engine.batch):
            seqs = share.seqs[start : start + engine.batch]
            with catalogue.read() as connection:
                batch = Batch.of(connection, list(log.named(connection, seqs)))
            write_batch(writer, batch, cut, nobody_has, unfit)
            told.send(batch.size)
        writer.upkeep(ending=True)
    finally:
        writer.close()
        catalogue.close()
