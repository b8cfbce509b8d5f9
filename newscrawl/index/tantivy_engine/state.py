"""What an index has promised: how far it reaches, and which versions are found no more.

Tantivy commits by itself; the state is written behind its commit, and by it a reader knows what
it may show.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from newscrawl.durable import replace
from newscrawl.index.damage import reading
from newscrawl.index.reach import NOTHING, Reach

NAME = "state.json"


@dataclass(frozen=True, slots=True)
class State:
    """As of a finished write."""

    reached: Reach = NOTHING
    """How far a search finds."""
    dead: Mapping[int, int] = field(default_factory=dict)
    """Versions that still lie in the index, each with the one that has taken its place."""

    def at(self, upto: int) -> frozenset[int]:
        """The versions that were dead when the index reached to `upto`."""
        return frozenset(old for old, newer in self.dead.items() if newer <= upto)


def read(directory: Path) -> State:
    """The state of an index. Raises IndexDamaged where there is none to read."""
    with reading(directory / NAME):
        noted = json.loads((directory / NAME).read_text(encoding="ascii"))
        reached = Reach(int(noted["mark"]), str(noted["last"]))
        return State(reached, {int(old): int(newer) for old, newer in noted["dead"]})


def write(directory: Path, state: State) -> None:
    """Replace the state, durably and at once."""
    noted = {**state.reached._asdict(), "dead": list(state.dead.items())}
    replace(directory / NAME, json.dumps(noted))
