"""How much a fault test does: little in CI, all of them in `make soak`."""

from __future__ import annotations

import os


def few_or_full(few: int, full: int) -> int:
    """`full` with NEWSCRAWL_SOAK=1 in the environment, else `few`."""
    return full if os.environ.get("NEWSCRAWL_SOAK") == "1" else few


def rounds(few: int, full: int) -> range:
    """The numbers of so many rounds."""
    return range(few_or_full(few, full))
