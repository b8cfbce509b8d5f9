"""Notes when what comes could be found, as long as somebody subscribes."""

from __future__ import annotations

import logging
import time
from datetime import datetime

from newscrawl.catalogue import active, index_marks
from newscrawl.catalogue.connection import Catalogue, CatalogueError

LOOK_SECONDS = 1.0
"""Between two looks at whether anybody subscribes."""

_log = logging.getLogger(__name__)


class Noting:
    """Writes into the ledger how far the index has come."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._wanted = False
        self._look = time.monotonic()

    def note(self, beyond: int, mark: int, at: datetime) -> None:
        """Versions beyond one mark up to another can be found since `at`.

        Where that cannot be written the index goes on, and the ledger does not know.
        """
        try:
            if self._is_wanted():
                with self._catalogue.write() as tx:
                    index_marks.note(tx, beyond, mark, at)
        except CatalogueError as error:
            _log.warning("not noted when version %d was indexed: %s", mark, error)

    def _is_wanted(self) -> bool:
        now = time.monotonic()
        if now >= self._look:
            with self._catalogue.read() as view:
                self._wanted = active.anybody(view)
            self._look = now + LOOK_SECONDS
        return self._wanted
