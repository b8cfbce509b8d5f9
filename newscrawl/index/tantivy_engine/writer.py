"""The one writer of an index."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from newscrawl.index.documents import Document
from newscrawl.index.engine import Stop
from newscrawl.index.reach import Reach
from newscrawl.index.tantivy_engine import state
from newscrawl.index.tantivy_engine.queries import Queries
from newscrawl.index.tantivy_engine.refusals import refused
from newscrawl.index.tantivy_engine.schema import filled, opened
from newscrawl.index.tantivy_engine.state import State

HEAP_BYTES = 64_000_000
"""What is gathered in memory before it becomes a segment."""
THREADS = 1
"""That make segments; each makes its own, and merging has others."""
DEAD = 1_000
"""Replaced versions that may lie in the index: every search passes over them, in 2 ms."""
KEPT = 200
"""So many of them, the last, always do: who turns pages finds what there was on the first."""


class TantivyWriter:
    """Writes documents; what was replaced stays a while, for those who look at an earlier state."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._state = state.read(directory)
        index = opened(directory)
        self._queries = Queries(index)
        with refused():
            self._writer = index.writer(HEAP_BYTES, THREADS)
        self._settled = False
        """Whether nothing lies beyond the mark."""

    @property
    def mark(self) -> int:
        return self.reached.mark

    @property
    def reached(self) -> Reach:
        return self._state.reached

    def write(self, documents: Iterable[Document], count: int, reached: Reach) -> None:
        dead = dict(self._state.dead)
        if count or not self._settled:
            with self._committing():
                for document in documents:
                    self._writer.add_document(filled(document))
                    dead.update(dict.fromkeys(document.replaces, document.seq))
        self._note(State(reached, dead))
        self._settled = True

    def rewrite(self, documents: Iterable[Document], count: int) -> None:  # noqa: ARG002
        with self._committing():
            for document in documents:
                self._writer.delete_documents_by_query(self._queries.numbered([document.seq]))
                self._writer.add_document(filled(document))
        self._settled = True

    def upkeep(self, *, ending: bool = False) -> None:
        """Take out what was replaced before the last KEPT were; Tantivy merges by itself."""
        dead = self._state.dead
        if len(dead) <= (KEPT if ending else DEAD):
            return
        replaced = sorted(dead, key=dead.__getitem__)
        gone, kept = replaced[: len(dead) - KEPT], replaced[len(dead) - KEPT :]
        with refused():
            self._writer.delete_documents_by_query(self._queries.numbered(gone))
            self._writer.commit()
        self._note(State(self.reached, {seq: dead[seq] for seq in kept}))

    def tidy(self, stop: Stop) -> None:
        """See `Writer`."""
        if not stop():
            self.upkeep(ending=True)

    def close(self) -> None:
        with refused():
            self._writer.wait_merging_threads()

    @contextmanager
    def _committing(self) -> Iterator[None]:
        """Commit what is done in the block, or take it back if it raises."""
        with refused():
            if not self._settled:
                # What was committed by a write that did not come to its mark is written again.
                self._writer.delete_documents_by_query(self._queries.above(self.mark))
            self._settled = False
            try:
                yield
                self._writer.commit()
            except BaseException:
                self._writer.rollback()
                raise

    def _note(self, fresh: State) -> None:
        state.write(self._directory, fresh)
        self._state = fresh
