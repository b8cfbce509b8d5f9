"""What a run settles of erasures at its end; what cannot be done is logged, and no fault of it."""

from __future__ import annotations

import logging
from contextlib import ExitStack

from newscrawl.catalogue.connection import Catalogue
from newscrawl.errors import NewscrawlError
from newscrawl.home import Home
from newscrawl.ops import erasing, sweeping
from newscrawl.ops.locks import Locks
from newscrawl.ops.outlaws import Outlaws
from newscrawl.ops.place import explained

_log = logging.getLogger(__name__)


def sweep(home: Home, catalogue: Catalogue, paper: str, outlaws: Outlaws, began: str) -> None:
    """Take out of the archive what the run has met of what is erased. It began on that day."""
    try:
        with explained(home), ExitStack() as held:
            locks = Locks(home, held, [paper])
            sweeping.sweep(home, catalogue, outlaws.met, locks, began, paper)
    except NewscrawlError as error:
        _log.error("what is erased came in again, and is still archived: %s", error)


def erase(home: Home, catalogue: Catalogue, paper: str) -> None:
    """Go on with erasures that have waited for the run."""
    try:
        done = erasing.resume_after_run(home, catalogue, paper)
    except NewscrawlError as error:
        _log.warning("an erasure is not done: %s", error)
        return
    for each in done:
        left = f", but for {'; '.join(each.damaged)}" if each.damaged else ""
        _log.info("%s: erased: %d records%s", each.tombstone, each.records, left)
