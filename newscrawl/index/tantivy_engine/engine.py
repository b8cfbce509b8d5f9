"""How an index is made, opened and looked after."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from newscrawl.index.checked import Checked
from newscrawl.index.engine import Reader
from newscrawl.index.reach import Reach
from newscrawl.index.tantivy_engine import files, schema, state
from newscrawl.index.tantivy_engine.reader import TantivyReader
from newscrawl.index.tantivy_engine.state import State
from newscrawl.index.tantivy_engine.writer import TantivyWriter


@dataclass(frozen=True)
class TantivyEngine:
    """For archives of millions of articles on one machine."""

    name = "tantivy"
    committed = state.NAME
    batch = 1_000_000
    """It keeps none of them itself, and nothing waits for a commit before the last."""

    def version(self) -> str:
        return version("tantivy")

    def create(self, directory: Path) -> None:
        schema.create(directory)
        state.write(directory, State())

    def reader(self, directory: Path, before: Reader | None = None) -> TantivyReader:  # noqa: ARG002
        """See `Engine`: nothing is shared, for all of it is opened in 1.4 ms."""
        return TantivyReader(directory)

    def writer(self, directory: Path) -> TantivyWriter:
        return TantivyWriter(directory)

    def reached(self, directory: Path) -> Reach:
        return state.read(directory).reached

    def problems(self, directory: Path) -> Iterator[tuple[str, str]]:
        return ((file, "not what was written") for file in self.damaged(directory))

    def damaged(self, directory: Path, checked: Checked | None = None) -> Iterator[str]:
        return files.damaged(directory, checked or Checked(directory))
