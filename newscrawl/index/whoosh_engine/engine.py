"""How a build is made, opened and looked after."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from newscrawl.index.checked import Checked
from newscrawl.index.engine import Reader
from newscrawl.index.reach import Reach
from newscrawl.index.whoosh_engine import side_table, state, table
from newscrawl.index.whoosh_engine.part import name_of
from newscrawl.index.whoosh_engine.reader import WhooshReader
from newscrawl.index.whoosh_engine.state import State
from newscrawl.index.whoosh_engine.writer import WhooshWriter


@dataclass(frozen=True)
class WhooshEngine:
    """The default: everything in files of its own, nothing to install or to run."""

    name = "whoosh"
    committed = state.NAME
    batch = 250

    def version(self) -> str:
        return version("whoosh")

    def create(self, directory: Path) -> None:
        state.write(directory, State())

    def reader(self, directory: Path, before: Reader | None = None) -> WhooshReader:
        return WhooshReader(directory, before if isinstance(before, WhooshReader) else None)

    def writer(self, directory: Path) -> WhooshWriter:
        return WhooshWriter(directory)

    def reached(self, directory: Path) -> Reach:
        return state.read(directory).reached

    def part_of(self, day: int) -> str:
        return name_of(day)

    def unite(self, directory: Path, others: Sequence[Path], reached: Reach) -> None:
        state.unite(directory, others, reached)

    def problems(self, directory: Path) -> Iterator[tuple[str, str]]:
        for file in state.damaged(directory, Checked(directory)):
            yield file, "not what was written" if (directory / file).exists() else "missing"
        for path in state.side_tables(directory):
            for problem in table.problems(path) or side_table.problems(path):
                yield str(path.relative_to(directory)), problem

    def damaged(self, directory: Path, checked: Checked | None = None) -> Iterator[str]:
        checked = checked or Checked(directory)
        yield from state.damaged(directory, checked)
        for path in state.side_tables(directory):
            if checked.knows(path) or table.sound(path):
                checked.add(path)
            else:
                yield str(path.relative_to(directory))
