"""Sorting lines without having them all in memory."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from tempfile import TemporaryFile
from types import TracebackType
from typing import IO, Self

AT_ONCE = 50_000
"""Lines in memory."""


class SortedLines:
    """Takes lines in any order and gives them in order, each once.

    What does not fit into memory lies in files without a name: nothing is left of them when the
    process ends, however it ends.
    """

    def __init__(self, directory: Path, at_once: int = AT_ONCE) -> None:
        """`directory`: where there is room for them."""
        self._new = partial(TemporaryFile, "w+", encoding="utf-8", newline="\n", dir=directory)
        self._at_once = at_once
        self._lines: list[str] = []
        self._runs: list[IO[str]] = []
        self._held = ExitStack()

    def add(self, line: str) -> None:
        """Take a line, its line break at its end. Raises OSError."""
        self._lines.append(line)
        if len(self._lines) >= self._at_once:
            self._spill()

    def __iter__(self) -> Iterator[str]:
        last = None
        for line in heapq.merge(*self._runs, sorted(self._lines)):
            if line != last:
                yield line
            last = line

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._held.close()

    def _spill(self) -> None:
        run = self._held.enter_context(self._new())
        run.writelines(sorted(self._lines))
        run.seek(0)
        self._runs.append(run)
        self._lines.clear()
