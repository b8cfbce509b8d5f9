"""Writing a build: every version to the part of its day, and what all of them have at once."""

from __future__ import annotations

import shutil
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from newscrawl.index.documents import Document
from newscrawl.index.engine import Stop
from newscrawl.index.reach import Reach
from newscrawl.index.whoosh_engine import part, state
from newscrawl.index.whoosh_engine.part import PartWriter, name_of


class WhooshWriter:
    """The one writer of a build."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._state = state.read(directory)
        self._parts: dict[str, PartWriter] = {}
        self._grown: set[str] = set()
        """Parts that have become more since they were last tidied."""

    @property
    def mark(self) -> int:
        return self.reached.mark

    @property
    def reached(self) -> Reach:
        return self._state.reached

    def write(self, documents: Iterable[Document], count: int, reached: Reach) -> None:  # noqa: ARG002
        """See `Writer`: every part commits by itself, and the state makes it all visible."""
        touched: set[str] = set()
        try:
            for document in documents:
                name = name_of(document.day)
                touched.add(name)
                self._part(name).add(document)
            for name in touched:
                self._parts[name].commit(reached.mark)
        except BaseException:
            self._cancel()
            raise
        self._note(touched, reached)

    def rewrite(self, documents: Iterable[Document], count: int) -> None:  # noqa: ARG002
        """See `Writer`."""
        by_part: dict[str, list[Document]] = defaultdict(list)
        for document in documents:
            by_part[name_of(document.day)].append(document)
        try:
            for name, held in by_part.items():
                self._part(name).again(held)
                self._parts[name].commit(self.mark)
        except BaseException:
            self._cancel()
            raise
        self._note(by_part, self.reached)

    def upkeep(self, *, ending: bool = False) -> None:
        """Merge small segments where a part has many of them; `ending`: each part as a whole."""
        merged = {name for name, each in self._parts.items() if each.merge(whole=ending)}
        if merged:
            self._note(merged, self.reached)
        if ending:
            for name in self._grown & set(self._parts):
                self._parts[name].tidy()
                self._parts.pop(name).close()
            self._grown.clear()

    def tidy(self, stop: Stop) -> None:
        """See `Writer`."""
        for name in sorted(self._grown & set(self._parts)):
            self._parts[name].tidy(stop)
            if stop():
                return
            self._grown.discard(name)

    def close(self) -> None:
        for each in self._parts.values():
            each.close()

    def _part(self, name: str) -> PartWriter:
        if name not in self._parts:
            directory = self._directory / name
            if name not in self._state.parts:  # what is there was never told of: no reader has it
                shutil.rmtree(directory, ignore_errors=True)
                part.create(directory)
            self._parts[name] = PartWriter(directory)
        return self._parts[name]

    def _cancel(self) -> None:
        for each in self._parts.values():
            each.cancel()

    def _note(self, names: Iterable[str], reached: Reach) -> None:
        self._grown.update(names)
        changed = {name: self._directory / name for name in names}
        self._state = state.note(self._directory, self._state, reached, changed)
