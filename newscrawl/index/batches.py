"""What the log of versions has beyond a mark, a batch at a time, and how one is written."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from newscrawl.catalogue import log, versions
from newscrawl.catalogue.connection import Catalogue, Transaction
from newscrawl.catalogue.log import Entry
from newscrawl.index.documents import Document, Given, Unfit, documents_of
from newscrawl.index.engine import Writer
from newscrawl.index.reach import NOTHING, Reach
from newscrawl.items import Words
from newscrawl.text.segment import Segmenter

Made = Callable[[int], Words | None]
"""The words of a version, where somebody has made them already."""
READ = 500
"""Versions that are in memory at once."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Versions that follow one another in the log."""

    reached: Reach
    """How far an index follows the catalogue that has them."""
    size: int
    live: list[Entry]
    """Those that may be found: superseded and quarantined ones are passed."""
    replaced: Mapping[int, tuple[int, ...]]
    """The earlier versions of an article, by the number of the new one."""

    @classmethod
    def of(cls, connection: Transaction, found: Sequence[Entry]) -> Batch:
        """Of versions in their order."""
        live = [version for version in found if version.live]
        replaced = versions.replaced(connection, live)
        reached = Reach(found[-1].seq, found[-1].identity) if found else NOTHING
        return cls(reached, len(found), live, replaced)

    def documents(self, made: Made, cut: Segmenter, unfit: Unfit) -> Iterator[Document]:
        """A few at a time: all of a batch weigh more than all else that it needs."""
        given = (
            Given(version, made(version.seq), self.replaced.get(version.seq, ()))
            for version in self.live
        )
        return documents_of(given, cut, unfit)


def next_batch(catalogue: Catalogue, mark: int, size: int, upto: int | None = None) -> Batch:
    """What the log has beyond a mark, at most so many versions; up to another mark, if any."""
    with catalogue.read() as connection:
        return Batch.of(connection, log.after(connection, mark, size, upto))


def between(catalogue: Catalogue, mark: int, upto: int) -> Iterator[Batch]:
    """What the log has beyond one mark up to another, READ versions at a time."""
    while mark < upto:
        batch = next_batch(catalogue, mark, READ, upto)
        if not batch.size:
            return
        yield batch
        mark = batch.reached.mark


def write_batch(writer: Writer, batch: Batch, cut: Segmenter, made: Made, unfit: Unfit) -> datetime:
    """Make a batch findable; since when it is, UTC."""
    writer.write(batch.documents(made, cut, unfit), len(batch.live), batch.reached)
    found = datetime.now(UTC)
    # A commit of its own: the batch is found before, and its memory is free again.
    writer.upkeep()
    return found


def nobody_has(_seq: int) -> None:
    """Where all words are still to be made."""
