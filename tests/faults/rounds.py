"""How many rounds a fault test runs: few in CI, all of them in `make soak`."""

from __future__ import annotations

import os


def rounds(few: int, full: int) -> range:
    """`full` with NEWSCRAWL_SOAK=1 in the environment, else `few`."""
    return range(full if os.environ.get("NEWSCRAWL_SOAK") == "1" else few)
