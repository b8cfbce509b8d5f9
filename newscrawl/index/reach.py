"""How far an index follows the catalogue, and whether it is this catalogue.

After an older copy of the catalogue is put back, new articles get numbers that others have in the
index. So an index knows not only the number of the last version that it covers, but which it is.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from newscrawl.catalogue import versions
from newscrawl.catalogue.connection import Transaction
from newscrawl.index.damage import IndexOfAnother


class Reach(NamedTuple):
    """How far an index follows a catalogue."""

    mark: int = 0
    """The last sequence number that it covers."""
    last: str = ""
    """`Version.identity` of the last version up to there; empty where there is none."""


NOTHING = Reach()


def reach_of(view: Transaction, mark: int) -> Reach:
    """That of an index which covers the catalogue up to a mark."""
    return Reach(mark, versions.last_identity(view, mark))


def is_of(view: Transaction, reached: Reach) -> bool:
    """Whether an index that reaches so far is of this catalogue.

    The view is to be begun after the reach was read: an older one does not know what came since.
    """
    return reach_of(view, reached.mark) == reached


def require(view: Transaction, reached: Reach, where: Path) -> None:
    """Raises IndexOfAnother where the index that lies there is not of this catalogue."""
    if not is_of(view, reached):
        raise IndexOfAnother.found(where)
